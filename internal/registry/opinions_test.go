package registry_test

import (
	"crypto/rand"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/store/sqlite"
)

// panel is an entry under review with a steward and experts, one of whom belongs
// to the organisation that owns it.
type panel struct {
	*registry.Registry
	t     *testing.T
	rows  store.Store
	now   time.Time
	entry registry.Entry

	steward, one, two, kin, owner, auditor scene.Actor
}

func newPanel(t *testing.T) *panel {
	t.Helper()
	rows, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = rows.Close() })
	p := &panel{t: t, rows: rows, now: time.Date(2026, 3, 4, 2, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return p.now }
	p.Registry = registry.New(rows, scene.NewIDMaker(clock, rand.Reader), clock)
	o := scene.Opportunity{Listing: scene.Listing{
		ID: "need", Name: "内涝监测", OrgID: "city", OrgName: "水务局", State: scene.FormalReview, Contact: scene.Contact{Person: "张三", Phone: "13900004321"},
	}}
	err = rows.Update(t.Context(), func(tx store.Tx) error {
		if _, err := tx.Organisations().Put(t.Context(), scene.Organisation{ID: "city", Name: "水务局"}); err != nil {
			return err
		}
		_, err := tx.Opportunities().Put(t.Context(), o)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	p.steward, p.auditor = p.person("steward", "", scene.RoleSteward), p.person("auditor", "", scene.RoleAuditor)
	p.one, p.two, p.kin = p.person("one", "", scene.RoleExpert), p.person("two", "", scene.RoleExpert), p.person("kin", "city", scene.RoleExpert)
	p.owner = p.person("owner", "city", scene.RoleOwner)
	p.entry, err = p.Entry(t.Context(), p.steward, scene.KindOpportunity, "need")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *panel) person(id, org scene.ID, role scene.Role) scene.Actor {
	p.t.Helper()
	a := scene.Account{ID: id, Login: string(id), Name: string(id), OrgID: org, Roles: []scene.Role{role}, State: scene.AccountActive}
	err := p.rows.Update(p.t.Context(), func(tx store.Tx) error { _, err := tx.Accounts().Put(p.t.Context(), a); return err })
	if err != nil {
		p.t.Fatal(err)
	}
	return a.Actor("192.0.2.1")
}

func (p *panel) question(experts ...scene.ID) registry.Question {
	return registry.Question{Kind: scene.KindOpportunity, ID: "need", Experts: experts, Due: scene.EndOfDay(p.now.AddDate(0, 0, 5)), Text: "预算是否合理？"}
}

func (p *panel) told(account scene.ID) string {
	p.t.Helper()
	var keys []string
	err := p.rows.View(p.t.Context(), func(tx store.Tx) error {
		rows, err := tx.Notices().List(p.t.Context(), store.NoticeFilter{Account: account}, store.Page{})
		for _, n := range rows.Items {
			keys = append(keys, strings.TrimPrefix(n.Key, "opinion.told."))
		}
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return strings.Join(keys, " ")
}

func given() scene.Opinion {
	o := scene.Opinion{Scores: map[scene.Criterion]int{}, Text: "指标可达"}
	for i, c := range scene.Criteria(scene.KindOpportunity) {
		o.Scores[c] = i + 2
	}
	return o
}

func wantError(t *testing.T, what string, err error, code scene.Code, field string) {
	t.Helper()
	e, _ := errors.AsType[*scene.Error](err)
	if scene.CodeOf(err) != code || field != "" && (e == nil || len(e.Fields) == 0 || e.Fields[0].Field != field) {
		t.Errorf("%s: %v, want %s at %q", what, err, code, field)
	}
}

// TestOpinionWay: experts are asked, told and reminded once, read the entry that
// they were asked about without its contact, answer, and who asked is told.
func TestOpinionWay(t *testing.T) {
	t.Parallel()
	p, ctx := newPanel(t), t.Context()
	list, err := p.Experts(ctx, p.steward, &p.entry)
	if err != nil || len(list) != 2 {
		t.Fatalf("to be asked: %+v, %v", list, err)
	}
	for range 2 { // pressed twice
		if err := p.Ask(ctx, p.steward, p.question("one", "two")); err != nil {
			t.Fatal(err)
		}
	}
	mine, err := p.Asked(ctx, p.one)
	if err != nil || len(mine) != 1 || mine[0].Question == "" {
		t.Fatalf("asked: %+v, %v", mine, err)
	}
	o, e, err := p.Opinion(ctx, p.one, mine[0].ID)
	if err != nil || e.Listing().Name != "内涝监测" || e.Listing().Contact.Known() {
		t.Errorf("what an expert reads: %+v, %v", e, err)
	}
	if _, err := p.Entry(ctx, p.one, scene.KindOpportunity, "need"); scene.CodeOf(err) != scene.Forbidden {
		t.Errorf("the entry itself: %v", err)
	}
	p.now = p.now.AddDate(0, 0, 5)
	for range 2 {
		if err := p.RemindOpinions(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if got := p.told("one"); got != "due ask" {
		t.Errorf("an expert was told %q", got)
	}
	bad := given()
	delete(bad.Scores, scene.CriterionClear)
	_, err = p.Give(ctx, p.one, o.ID, o.Revision, bad)
	wantError(t, "without a score", err, scene.Invalid, string(scene.CriterionClear))
	_, err = p.Give(ctx, p.one, o.ID, o.Revision, given())
	wantError(t, "a page from before the reminder", err, scene.Conflict, "")
	if o, err = p.Give(ctx, p.one, o.ID, o.Revision+1, given()); err != nil || o.State != scene.OpinionGiven {
		t.Fatalf("given: %+v, %v", o, err)
	}
	theirs, err := p.Asked(ctx, p.two)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = p.Give(ctx, p.two, theirs[0].ID, theirs[0].Revision, scene.Opinion{State: scene.OpinionDeclined, Text: "曾为该单位做顾问"}); err != nil {
		t.Fatal(err)
	}
	if _, e, err := p.Opinion(ctx, p.two, theirs[0].ID); err != nil || e.Kind() == scene.KindOpportunity && e.Opportunity != nil {
		t.Errorf("who declined still reads the entry: %+v, %v", e, err)
	}
	if got := p.told("steward"); got != "declined given" {
		t.Errorf("who asked was told %q", got)
	}
	all, err := p.Opinions(ctx, p.auditor, &p.entry)
	if err != nil || len(all) != 2 || all[0].Scores[scene.CriterionNeed] != 2 {
		t.Errorf("beside the decision: %+v, %v", all, err)
	}
}

// TestOpinionRefused asks and answers as those who may not.
func TestOpinionRefused(t *testing.T) {
	t.Parallel()
	p, ctx := newPanel(t), t.Context()
	for name, tt := range map[string]struct {
		by     scene.Actor
		change func(*registry.Question)
		code   scene.Code
		field  string
	}{
		"Kin":      {p.steward, func(q *registry.Question) { q.Experts = []scene.ID{"kin"} }, scene.Invalid, "experts"},
		"NoExpert": {p.steward, func(q *registry.Question) { q.Experts = []scene.ID{"owner"} }, scene.Invalid, "experts"},
		"Unknown":  {p.steward, func(q *registry.Question) { q.Experts = []scene.ID{"none"} }, scene.Invalid, "experts"},
		"Past":     {p.steward, func(q *registry.Question) { q.Due = p.now.AddDate(0, 0, -1) }, scene.Invalid, "due"},
		"Auditor":  {p.auditor, func(*registry.Question) {}, scene.Forbidden, ""},
		"Owner":    {p.owner, func(*registry.Question) {}, scene.Forbidden, ""},
		"NoEntry":  {p.steward, func(q *registry.Question) { q.ID = "none" }, scene.NotFound, ""},
	} {
		q := p.question("one")
		tt.change(&q)
		wantError(t, name, p.Ask(ctx, tt.by, q), tt.code, tt.field)
	}
	if err := p.Ask(ctx, p.steward, p.question("one")); err != nil {
		t.Fatal(err)
	}
	mine, err := p.Asked(ctx, p.one)
	if err != nil {
		t.Fatal(err)
	}
	o := mine[0]
	for name, by := range map[string]scene.Actor{"another expert": p.two, "the owner": p.owner, "the steward": p.steward} {
		_, _, err := p.Opinion(ctx, by, o.ID)
		wantError(t, name+" reads", err, scene.Forbidden, "")
		_, err = p.Give(ctx, by, o.ID, o.Revision, given())
		wantError(t, name+" answers", err, scene.Forbidden, "")
	}
	for name, by := range map[string]scene.Actor{"the owner": p.owner, "an expert": p.one} {
		_, err := p.Opinions(ctx, by, &p.entry)
		wantError(t, name+" reads what was said", err, scene.Forbidden, "")
	}
	moved := p.one
	moved.OrgID = "city" // who went to the owner since he was asked
	_, err = p.Give(ctx, moved, o.ID, o.Revision, given())
	wantError(t, "an interest that came later", err, scene.Forbidden, "")
	if _, err := p.Review(ctx, p.steward, registry.Step{Kind: scene.KindOpportunity, ID: "need", Revision: p.entry.Listing().Revision, To: scene.Closed, Reason: "重复"}); err != nil {
		t.Fatal(err)
	}
	_, err = p.Give(ctx, p.one, o.ID, o.Revision, given())
	wantError(t, "after the decision", err, scene.Precondition, "")
	wantError(t, "ask after the decision", p.Ask(ctx, p.steward, p.question("two")), scene.Forbidden, "")
}
