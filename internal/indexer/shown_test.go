package indexer_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"jinghe/internal/indexer"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/search"
)

func (b *bundle) suggested(kind scene.Kind, prefix string) []string {
	b.Helper()
	found, err := b.Suggest(b.Context(), kind, prefix, 20)
	if err != nil {
		b.Fatal(err)
	}
	texts := make([]string, len(found))
	for i, s := range found {
		texts[i] = s.Text
	}
	return texts
}

// organisations returns the names of the organisations that a visitor finds.
func (b *bundle) organisations() []string {
	b.Helper()
	r, err := b.Search(b.Context(), indexer.KindOrganisation, search.Query{})
	if err != nil {
		b.Fatal(err)
	}
	names := make([]string, 0, len(r.Hits))
	b.update(func(tx store.Tx) error {
		for _, h := range r.Hits {
			o, err := tx.Organisations().Get(b.Context(), scene.ID(h.ID))
			if err != nil {
				return err
			}
			names = append(names, o.Name)
		}
		return nil
	})
	return names
}

func TestRebuildDropsGhosts(t *testing.T) {
	t.Parallel()
	b := setup(t)
	org, lonely := b.organisation("示例水务集团"), b.organisation("示例燃气集团")
	kept, lost := b.need("河道巡检", org), b.need("河道清淤", lonely)
	if err := b.Rebuild(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	b.update(func(tx store.Tx) error { return tx.Opportunities().Delete(t.Context(), lost.ID) })
	if got := b.found(search.Query{Text: "河道"}); len(got) != 2 {
		t.Fatalf("before: %v; the event was meant to be lost", got)
	}
	if err := b.Rebuild(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if got := b.found(search.Query{Text: "河道"}); !slices.Equal(got, []scene.ID{kept.ID}) {
		t.Errorf("after a rebuild: %v, want %s", got, kept.ID)
	}
	if _, still := b.market.needs[lost.ID]; still || len(b.market.needs) != 1 {
		t.Errorf("the market kept a deleted row: %v", b.market.needs)
	}
	if got := b.organisations(); !slices.Equal(got, []string{org.Name}) {
		t.Errorf("organisations %v", got)
	}
}

func TestIndexHoldsWhatPagesShow(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o := b.need("河道巡检", b.organisation("示例单位"), func(o *scene.Opportunity) {
		o.Need = "请致电 13912345678，或 (0510)82731234，someone@example.com"
		o.Keywords = []string{"巡检", "13912345678"}
		o.Category = "联系人：赵六"
	})
	b.handle(scene.OpportunityChanged, o.ID)
	if got := b.found(search.Query{Text: "致电"}); len(got) != 1 {
		t.Fatalf("the text itself is not found: %v", got)
	}
	for _, private := range []string{"13912345678", "1391234", "139", "82731234", "someone", "赵六"} {
		if got := b.found(search.Query{Text: private}); len(got) != 0 {
			t.Errorf("%q is found", private)
		}
		if got := b.suggested(scene.KindOpportunity, private); len(got) != 0 {
			t.Errorf("%q is completed: %q", private, got)
		}
	}
}

func TestSuggestShowsOpenListingsOnly(t *testing.T) {
	t.Parallel()
	b := setup(t)
	org, quiet := b.organisation("示例巡检集团"), b.organisation("巡检秘密公司")
	b.need("巡检平台", org, func(o *scene.Opportunity) {
		o.NameEn, o.Code, o.Keywords = "Patrol platform", "巡检-001", []string{"巡检机器人", "巡检 算法"}
		o.Category = "巡检大类"
	})
	b.need("巡检草稿", quiet, func(o *scene.Opportunity) { o.State, o.Keywords = scene.Draft, []string{"巡检机密"} })
	b.need("巡检过期", org, func(o *scene.Opportunity) { o.ValidTo = b.now.Add(-time.Hour) })
	b.need("巡检未发布", org, func(o *scene.Opportunity) { o.ValidFrom = b.now.Add(time.Hour) })
	if err := b.Rebuild(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if got, want := b.suggested(scene.KindOpportunity, "巡检"), []string{"巡检平台", "巡检 算法", "巡检机器人"}; !slices.Equal(got, want) {
		t.Errorf("suggested %q, want %q", got, want)
	}
	if got := b.suggested(scene.KindOpportunity, "patrol"); !slices.Equal(got, []string{"Patrol platform"}) {
		t.Errorf("suggested %q", got)
	}
	if got := b.suggested(indexer.KindOrganisation, "巡检"); !slices.Equal(got, []string{"示例巡检集团"}) {
		t.Errorf("organisations %q", got)
	}
}

func TestHighlightsLieInTheName(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o := b.need("巡检", b.organisation("示例单位"), func(o *scene.Opportunity) { o.NameEn = "Patrol 巡检" })
	b.handle(scene.OpportunityChanged, o.ID)
	r, err := b.Search(t.Context(), scene.KindOpportunity, search.Query{
		Text: "巡检", Highlight: []string{indexer.TextName, indexer.TextNameEn},
	})
	if err != nil || len(r.Hits) != 1 {
		t.Fatalf("%+v, %v", r, err)
	}
	for field, want := range map[string]search.Span{indexer.TextName: {Start: 0, End: 2}, indexer.TextNameEn: {Start: 7, End: 9}} {
		if got := r.Hits[0].Highlights[field]; !slices.Equal(got, []search.Span{want}) {
			t.Errorf("%s: %v, want %v", field, got, want)
		}
	}
}

func TestOrganisationsAreSeenWithTheirListings(t *testing.T) {
	t.Parallel()
	b := setup(t)
	org := b.organisation("示例单位")
	o := b.need("巡检", org, func(o *scene.Opportunity) { o.State = scene.DepartmentReview })
	steps := []struct {
		state scene.State
		from  time.Time
		want  bool
	}{
		{scene.DepartmentReview, time.Time{}, false},
		{scene.Published, b.now.Add(time.Hour), false},
		{scene.Published, b.now, true},
		{scene.Paused, b.now, true},
		{scene.Closed, b.now, true},
		{scene.Closed, time.Time{}, false},
		{scene.Expired, time.Time{}, true},
	}
	for _, s := range steps {
		o.State, o.ValidFrom = s.state, s.from
		b.update(func(tx store.Tx) (err error) {
			o, err = tx.Opportunities().Put(t.Context(), o)
			return err
		})
		b.handle(scene.OpportunityChanged, o.ID)
		if got := len(b.organisations()) == 1; got != s.want {
			t.Errorf("%s from %v: seen %v", s.state, s.from, got)
		}
	}
	b.update(func(tx store.Tx) error { return tx.Opportunities().Delete(t.Context(), o.ID) })
	b.handle(scene.OpportunityChanged, o.ID)
	if got := b.organisations(); len(got) != 0 {
		t.Errorf("seen after its only listing was deleted: %v", got)
	}
}

// TestFormerOwnerFollows: a listing that goes to another organisation takes the
// former one off the index with its last listing, even if the first try fails half done.
func TestFormerOwnerFollows(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first, second := b.organisation("前单位"), b.organisation("后单位")
	o := b.need("巡检", first)
	b.handle(scene.OpportunityChanged, o.ID)
	o.OrgID, o.OrgName = second.ID, second.Name
	b.update(func(tx store.Tx) (err error) {
		o, err = tx.Opportunities().Put(t.Context(), o)
		return err
	})
	b.market.fail = errors.New("no")
	if err := b.Handle(t.Context(), scene.Event{Subject: scene.OpportunityChanged, IDs: []scene.ID{o.ID}}); err == nil {
		t.Fatal("a failure is kept quiet")
	}
	b.handle(scene.OpportunityChanged, o.ID)
	if got := b.organisations(); !slices.Equal(got, []string{"后单位"}) {
		t.Errorf("seen: %v", got)
	}
}

func TestNewestIsByRelease(t *testing.T) {
	t.Parallel()
	b := setup(t)
	org := b.organisation("示例单位")
	released := func(name string, at time.Time) scene.ID {
		return b.need(name, org, func(o *scene.Opportunity) { // an import leaves one Updated for all
			o.ValidFrom, o.Created, o.Updated = at, b.now.AddDate(0, 0, -2), b.now
		}).ID
	}
	third, first := released("甲", b.now.AddDate(0, 0, -3)), released("乙", b.now)
	undated := released("丙", time.Time{})
	if err := b.Rebuild(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	q := search.Query{Sort: []search.Sort{{Number: indexer.NumberPublished, Desc: true}}}
	if got, want := b.found(q), []scene.ID{first, undated, third}; !slices.Equal(got, want) {
		t.Errorf("newest first: %v, want %v", got, want)
	}
}
