package indexer_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"jinghe/internal/indexer"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/store/sqlite"
	"jinghe/search"
	"jinghe/search/embedded"
	"jinghe/search/lexicon"
)

// heard is a Market that remembers what it was told last of each row.
type heard struct {
	needs, offers map[scene.ID]string // id → name of its organisation, "" if unknown
	fail          error               // of the next row it is told of
}

func (h *heard) PutNeeds(_ context.Context, rows []scene.Opportunity, orgs []*scene.Organisation) error {
	if err := h.fail; err != nil {
		h.fail = nil
		return err
	}
	for i := range rows {
		h.needs[rows[i].ID] = nameOf(orgs[i])
	}
	return nil
}

func (h *heard) PutOffers(_ context.Context, rows []scene.Capability, orgs []*scene.Organisation) error {
	for i := range rows {
		h.offers[rows[i].ID] = nameOf(orgs[i])
	}
	return nil
}

func (h *heard) DeleteNeed(_ context.Context, ids ...scene.ID) error {
	for _, id := range ids {
		delete(h.needs, id)
	}
	return nil
}

func (h *heard) DeleteOffer(_ context.Context, ids ...scene.ID) error {
	for _, id := range ids {
		delete(h.offers, id)
	}
	return nil
}

func nameOf(o *scene.Organisation) string {
	if o == nil {
		return ""
	}
	return o.Name
}

type bundle struct {
	*testing.T
	*indexer.Indexer
	store  store.Store
	ids    *scene.IDMaker
	market *heard
	now    time.Time
}

func setup(t *testing.T) *bundle {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	lex, err := lexicon.New()
	if err != nil {
		t.Fatal(err)
	}
	dicts, err := scene.LoadDictionaries()
	if err != nil {
		t.Fatal(err)
	}
	b := &bundle{
		T: t, store: s, ids: scene.NewIDMaker(time.Now, rand.Reader), now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC),
		market: &heard{needs: map[scene.ID]string{}, offers: map[scene.ID]string{}},
	}
	engine := embedded.New(lex)
	b.Indexer, err = indexer.New(t.Context(), s, engine, b.market,
		func() *scene.Dictionaries { return dicts }, func() time.Time { return b.now })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Search(t.Context(), scene.KindOpportunity, search.Query{}); scene.CodeOf(err) != scene.Unavailable {
		t.Errorf("a list asked for before the first build: %v, want Unavailable", err)
	}
	if err := b.Rebuild(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

func (b *bundle) update(fn func(store.Tx) error) {
	b.Helper()
	if err := b.store.Update(b.Context(), fn); err != nil {
		b.Fatal(err)
	}
}

func (b *bundle) id() scene.ID {
	b.Helper()
	id, err := b.ids.New()
	if err != nil {
		b.Fatal(err)
	}
	return id
}

func (b *bundle) organisation(name string) (o scene.Organisation) {
	b.Helper()
	b.update(func(tx store.Tx) (err error) {
		o, err = tx.Organisations().Put(b.Context(), scene.Organisation{ID: b.id(), Name: name})
		return err
	})
	return o
}

func (b *bundle) need(name string, org scene.Organisation, change ...func(*scene.Opportunity)) (o scene.Opportunity) {
	b.Helper()
	o.ID, o.Name, o.OrgID, o.OrgName, o.State = b.id(), name, org.ID, org.Name, scene.Published
	for _, f := range change {
		f(&o)
	}
	b.update(func(tx store.Tx) (err error) {
		o, err = tx.Opportunities().Put(b.Context(), o)
		return err
	})
	return o
}

func (b *bundle) handle(subject string, ids ...scene.ID) {
	b.Helper()
	if err := b.Handle(b.Context(), scene.Event{Subject: subject, IDs: ids}); err != nil {
		b.Fatal(err)
	}
}

// found returns the names found by a query, in order.
func (b *bundle) found(q search.Query) []scene.ID {
	b.Helper()
	r, err := b.Search(b.Context(), scene.KindOpportunity, q)
	if err != nil {
		b.Fatal(err)
	}
	ids := make([]scene.ID, len(r.Hits))
	for i, h := range r.Hits {
		ids[i] = scene.ID(h.ID)
	}
	return ids
}

func TestRebuildAndHandle(t *testing.T) {
	t.Parallel()
	b := setup(t)
	org := b.organisation("示例水务集团")
	first := b.need("河道巡检", org)
	var steps int
	if err := b.Rebuild(t.Context(), func(int, int) { steps++ }); err != nil {
		t.Fatal(err)
	}
	if got := b.found(search.Query{Text: "河道"}); !slices.Equal(got, []scene.ID{first.ID}) {
		t.Errorf("after a rebuild: %v", got)
	}
	if steps == 0 || b.market.needs[first.ID] != org.Name {
		t.Errorf("%d steps, market %v", steps, b.market.needs)
	}

	second := b.need("河道清淤", org)
	b.handle(scene.OpportunityChanged, second.ID)
	if got := b.found(search.Query{Text: "清淤"}); !slices.Equal(got, []scene.ID{second.ID}) {
		t.Errorf("after an event: %v", got)
	}

	b.update(func(tx store.Tx) error { return tx.Opportunities().Delete(t.Context(), first.ID) })
	b.handle(scene.OpportunityChanged, first.ID)
	if got := b.found(search.Query{Text: "河道"}); !slices.Equal(got, []scene.ID{second.ID}) {
		t.Errorf("after a deletion: %v", got)
	}
	if _, still := b.market.needs[first.ID]; still {
		t.Error("the market kept a deleted row")
	}
}

func TestOrganisationBringsItsListingsAlong(t *testing.T) {
	t.Parallel()
	b := setup(t)
	org := b.organisation("示例水务集团")
	o := b.need("河道巡检", org)
	b.handle(scene.OpportunityChanged, o.ID)
	org.Name = "示例水务集团有限公司"
	b.update(func(tx store.Tx) error {
		_, err := tx.Organisations().Put(t.Context(), org)
		return err
	})
	b.handle(scene.OrganisationChanged, org.ID)
	if got := b.market.needs[o.ID]; got != org.Name {
		t.Errorf("the market knows the owner as %q", got)
	}
	r, err := b.Search(t.Context(), indexer.KindOrganisation, search.Query{Text: "有限公司"})
	if err != nil || r.Total != 1 {
		t.Errorf("organisations found: %d, %v", r.Total, err)
	}
}

func TestSearchShowsOpenListingsOnly(t *testing.T) {
	t.Parallel()
	b := setup(t)
	org := b.organisation("示例水务集团")
	open := b.need("巡检一", org, func(o *scene.Opportunity) { o.ValidTo = b.now.Add(time.Hour) })
	b.need("巡检二", org, func(o *scene.Opportunity) { o.ValidTo = b.now.Add(-time.Hour) })
	b.need("巡检三", org, func(o *scene.Opportunity) { o.ValidFrom = b.now.Add(time.Hour) })
	b.need("巡检四", org, func(o *scene.Opportunity) { o.State = scene.Submitted })
	if err := b.Rebuild(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if got := b.found(search.Query{Text: "巡检"}); !slices.Equal(got, []scene.ID{open.ID}) {
		t.Errorf("found %v, want only %s", got, open.ID)
	}
	b.now = b.now.Add(2 * time.Hour) // one ends and one begins by itself
	if got := b.found(search.Query{Text: "巡检"}); len(got) != 1 || got[0] == open.ID {
		t.Errorf("two hours later: %v", got)
	}
}

func TestFacetsHoldSurroundingRegions(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o := b.need("巡检", b.organisation("示例单位"), func(o *scene.Opportunity) {
		o.Regions, o.Fields = []string{"320214"}, []string{"smart_water"}
		o.Maturity = scene.Maturity{Min: 8, Max: 9}
		o.Budget.Max = 50 * scene.Wan
	})
	b.handle(scene.OpportunityChanged, o.ID)
	low := 400_000.0
	for name, clause := range map[string]search.Clause{
		"District": {Facet: indexer.FacetRegion, AnyOf: []string{"320214"}},
		"City":     {Facet: indexer.FacetRegion, AnyOf: []string{"320200"}},
		"Field":    {Facet: indexer.FacetField, AnyOf: []string{"smart_water"}},
		"Stage":    {Facet: indexer.FacetStage, AnyOf: []string{"mature"}},
		"Budget":   {Number: indexer.NumberBudgetMax, Min: &low},
	} {
		if got := b.found(search.Query{Filter: []search.Clause{clause}}); len(got) != 1 {
			t.Errorf("%s: found %v", name, got)
		}
	}
}

func TestUnknownKind(t *testing.T) {
	t.Parallel()
	b := setup(t)
	if _, err := b.Search(t.Context(), "meeting", search.Query{}); scene.CodeOf(err) != scene.Invalid {
		t.Errorf("got %v, want Invalid", err)
	}
}

func TestRebuildPagesThroughManyRows(t *testing.T) {
	t.Parallel()
	b := setup(t)
	org := b.organisation("示例单位")
	rows := make([]scene.Opportunity, 1203)
	for i := range rows {
		rows[i].ID, rows[i].Name, rows[i].OrgID, rows[i].OrgName = b.id(), fmt.Sprintf("需求%d", i), org.ID, org.Name
		rows[i].State = scene.Published
	}
	b.update(func(tx store.Tx) error {
		_, err := tx.Opportunities().PutMany(t.Context(), rows)
		return err
	})
	last := 0
	if err := b.Rebuild(t.Context(), func(done, total int) {
		if last = done; total != 1204 {
			t.Errorf("total %d", total)
		}
	}); err != nil {
		t.Fatal(err)
	}
	stats, err := b.Stats(t.Context(), scene.KindOpportunity)
	if err != nil || stats.Documents != 1203 || stats.Building || last != 1204 {
		t.Errorf("stats %+v, %v, done %d", stats, err, last)
	}
}
