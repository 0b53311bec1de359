package registry_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

func provider() scene.Actor {
	return scene.Actor{ID: "zhang", Name: "zhang", OrgID: "org-a", Roles: []scene.Role{scene.RoleProvider, scene.RoleOwner}}
}

func steward() scene.Actor {
	return scene.Actor{ID: "li", Name: "li", Roles: []scene.Role{scene.RoleSteward}}
}

// workshop is a registry with two organisations.
func workshop(t *testing.T) *bundle {
	t.Helper()
	b := setup(t)
	b.update(func(tx store.Tx) error {
		for _, o := range []scene.Organisation{{ID: "org-a", Name: "甲公司"}, {ID: "org-b", Name: "乙公司"}} {
			if _, err := tx.Organisations().Put(t.Context(), o); err != nil {
				return err
			}
		}
		return nil
	})
	return b
}

func (b *bundle) update(fn func(store.Tx) error) {
	b.Helper()
	if err := b.store.Update(b.Context(), fn); err != nil {
		b.Fatal(err)
	}
}

func ready(name string) registry.Entry {
	return registry.Entry{Capability: &scene.Capability{
		Listing:     scene.Listing{Name: name, Fields: []string{"smart_water"}, Contact: scene.Contact{Person: "张工", Phone: "13900000000"}},
		Description: "分布式光纤声学监测系统，单机覆盖四十公里管线，已运行三年。",
	}}
}

func (b *bundle) create(e registry.Entry) registry.Entry {
	b.Helper()
	made, err := b.Create(b.Context(), provider(), e)
	if err != nil {
		b.Fatal(err)
	}
	return made
}

func at(e registry.Entry, to scene.State, reason string) registry.Step {
	l := e.Listing()
	return registry.Step{Kind: e.Kind(), ID: l.ID, Revision: l.Revision, To: to, Reason: reason}
}

func wantKey(t *testing.T, what string, err error, key string) {
	t.Helper()
	got := ""
	if e, ok := errors.AsType[*scene.Error](err); ok {
		got = e.Key
	}
	if got != key || key == "" && err != nil {
		t.Errorf("%s: %v, want %q", what, err, key)
	}
}

// published takes an entry all the way.
func (b *bundle) published(name string) registry.Entry {
	b.Helper()
	e, err := b.Submit(b.Context(), provider(), at(b.create(ready(name)), "", ""))
	for _, to := range []scene.State{scene.FormalReview, scene.DepartmentReview, scene.Published} {
		if err != nil {
			b.Fatal(err)
		}
		e, err = b.Review(b.Context(), steward(), at(e, to, ""))
	}
	if err != nil {
		b.Fatal(err)
	}
	return e
}

func TestCreate(t *testing.T) {
	t.Parallel()
	b := workshop(t)
	made := b.create(ready("漏损监测"))
	if l := made.Listing(); l.OrgID != "org-a" || l.OrgName != "甲公司" || l.State != scene.Draft || l.Revision != 1 || l.ID == "" {
		t.Errorf("made %+v", l)
	}
	foreign := ready("别家的")
	foreign.Listing().OrgID = "org-b"
	for name, tt := range map[string]struct {
		by  scene.Actor
		e   registry.Entry
		key string
	}{
		"Twice":   {provider(), ready("漏损监测"), "listing.name_taken"},
		"NoName":  {provider(), ready(""), "capability.invalid"},
		"Foreign": {provider(), foreign, "permission.role"},
		"Visitor": {scene.Actor{}, ready("x"), "permission.sign_in"},
		"OneSide": {scene.Actor{ID: "o", OrgID: "org-a", Roles: []scene.Role{scene.RoleOwner}}, ready("x"), "permission.role"},
		"Steward": {steward(), foreign, ""},
	} {
		_, err := b.Create(t.Context(), tt.by, tt.e)
		wantKey(t, name, err, tt.key)
	}
	own, err := b.Own(t.Context(), provider())
	if err != nil || len(own) != 1 {
		t.Errorf("%d own entries, %v", len(own), err)
	}
}

// TestWay walks an entry to publication and looks at what is told of it.
func TestWay(t *testing.T) {
	t.Parallel()
	b := workshop(t)
	thin := b.create(registry.Entry{Opportunity: &scene.Opportunity{Listing: scene.Listing{Name: "需求"}}})
	_, err := b.Submit(t.Context(), provider(), at(thin, "", ""))
	wantKey(t, "handed in too early", err, "listing.not_ready")

	e, err := b.Submit(t.Context(), provider(), at(b.create(ready("漏损监测")), "", ""))
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.Edit(t.Context(), provider(), e)
	wantKey(t, "edit under review", err, "permission.state")
	_, err = b.Review(t.Context(), provider(), at(e, scene.FormalReview, ""))
	wantKey(t, "review one's own", err, "permission.role")
	_, err = b.Review(t.Context(), scene.Actor{ID: "x", OrgID: "org-a", Roles: []scene.Role{scene.RoleSteward}}, at(e, scene.FormalReview, ""))
	wantKey(t, "review of one's own house", err, "permission.role")
	_, err = b.Review(t.Context(), steward(), at(e, scene.Published, ""))
	wantKey(t, "leap", err, "listing.step")
	_, err = b.Review(t.Context(), steward(), at(e, scene.Draft, "  "))
	wantKey(t, "back without a reason", err, "listing.reason_missing")
	stale := at(e, scene.FormalReview, "")
	stale.Revision--
	_, err = b.Review(t.Context(), steward(), stale)
	wantKey(t, "stale", err, "store.stale")

	queue, _, err := b.Queue(t.Context(), steward())
	if err != nil || len(queue) != 1 {
		t.Fatalf("%d in the queue, %v", len(queue), err)
	}
	if e, err = b.Review(t.Context(), steward(), at(e, scene.Draft, "请补充指标")); err != nil {
		t.Fatal(err)
	}
	e.Capability.Indicators = "误差 1.5 m"
	if e, err = b.Edit(t.Context(), provider(), e); err != nil {
		t.Fatal(err)
	}
	if e, err = b.Submit(t.Context(), provider(), at(e, "", "")); err != nil {
		t.Fatal(err)
	}
	for _, to := range []scene.State{scene.FormalReview, scene.DepartmentReview, scene.Published} {
		if e, err = b.Review(t.Context(), steward(), at(e, to, "")); err != nil {
			t.Fatal(err)
		}
	}
	if l := e.Listing(); l.ValidFrom.IsZero() || !l.Public(l.Updated) {
		t.Errorf("not public: %+v", l)
	}
	steps, err := b.Steps(t.Context(), provider(), e.Kind(), e.Listing().ID)
	var way []scene.State
	for _, s := range steps {
		way = append(way, s.To)
	}
	if want := []scene.State{scene.Submitted, scene.Draft, scene.Submitted, scene.FormalReview, scene.DepartmentReview, scene.Published}; !slices.Equal(way, want) || err != nil {
		t.Errorf("way %v, %v", way, err)
	}
	if steps[1].Reason != "请补充指标" || steps[1].Name != "li" {
		t.Errorf("step back %+v", steps[1])
	}
	told(t, b, e)
}

// told: each step left a line in the record and an event.
func told(t *testing.T, b *bundle, e registry.Entry) {
	t.Helper()
	err := b.store.View(t.Context(), func(tx store.Tx) error {
		rows, err := tx.Audit().List(t.Context(), store.AuditFilter{Row: e.Listing().ID}, store.Page{Limit: 100})
		if len(rows.Items) != 8 { // create, six steps, one edit
			t.Errorf("%d lines in the record", len(rows.Items))
		}
		for _, l := range rows.Items {
			for _, c := range l.Changes {
				if c.After == "13900000000" {
					t.Error("a telephone number in the record")
				}
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	events, err := b.store.Outbox().Pending(t.Context(), 100)
	n := 0
	for _, event := range events {
		if slices.Contains(event.IDs, e.Listing().ID) {
			n++
		}
	}
	if n != 8 || err != nil {
		t.Errorf("%d events, %v", n, err)
	}
}

func TestDepartmentReviews(t *testing.T) {
	t.Parallel()
	b := workshop(t)
	need := registry.Entry{Opportunity: &scene.Opportunity{
		Listing: scene.Listing{Name: "需求", Fields: []string{"smart_water"}, Contact: scene.Contact{Person: "王", Mail: "w@example.cn"}}, Department: "水务局",
		Need: "在十二公里管线上实时发现漏点，定位误差不超过两米。",
	}}
	e, err := b.Submit(t.Context(), provider(), at(b.create(need), "", ""))
	if err != nil {
		t.Fatal(err)
	}
	bureau := scene.Actor{ID: "bureau", Department: "水务局", Roles: []scene.Role{scene.RoleDepartment}}
	other := scene.Actor{ID: "other", Department: "教育局", Roles: []scene.Role{scene.RoleDepartment}}
	for _, to := range []scene.State{scene.FormalReview, scene.DepartmentReview} {
		_, err := b.Review(t.Context(), bureau, at(e, to, ""))
		wantKey(t, "before its turn", err, "permission.state")
		if e, err = b.Review(t.Context(), steward(), at(e, to, "")); err != nil {
			t.Fatal(err)
		}
	}
	for name, tt := range map[string]struct {
		by   scene.Actor
		want int
	}{"Bureau": {bureau, 1}, "Other": {other, 0}} {
		if queue, _, err := b.Queue(t.Context(), tt.by); len(queue) != tt.want || err != nil {
			t.Errorf("%s: %d in the queue, %v", name, len(queue), err)
		}
	}
	_, err = b.Entry(t.Context(), other, e.Kind(), e.Listing().ID)
	wantKey(t, "read by another department", err, "permission.role")
	if _, err = b.Review(t.Context(), bureau, at(e, scene.Published, "同意")); err != nil {
		t.Error(err)
	}
}

// decide decides about the proposal for e that is there now.
func (b *bundle) decide(by scene.Actor, e *registry.Entry, accept bool, reason string) error {
	b.Helper()
	d := registry.Decision{Kind: e.Kind(), ID: e.Listing().ID, Accept: accept, Reason: reason}
	if p, err := b.Proposed(b.Context(), steward(), d.Kind, d.ID); err == nil {
		d.Seen = p.Proposal.Created
	}
	return b.Decide(b.Context(), by, d)
}

func TestProposal(t *testing.T) {
	t.Parallel()
	b := workshop(t)
	e := b.published("漏损监测")
	id := e.Listing().ID
	next := ready("漏损监测二代")
	next.Listing().ID, next.Listing().Revision = id, e.Listing().Revision
	_, err := b.Propose(t.Context(), scene.Actor{ID: "x", OrgID: "org-b", Roles: []scene.Role{scene.RoleProvider}}, next, "")
	wantKey(t, "by a stranger", err, "permission.role")
	if _, err := b.Propose(t.Context(), provider(), next, "升级"); err != nil {
		t.Fatal(err)
	}
	if now, err := b.Entry(t.Context(), steward(), e.Kind(), id); err != nil || now.Listing().Name != "漏损监测" {
		t.Errorf("a proposal changed the entry: %+v, %v", now, err)
	}
	list, err := b.Proposals(t.Context(), steward())
	if err != nil || len(list) != 1 || list[0].Next.Listing().Name != "漏损监测二代" || list[0].Stale() {
		t.Fatalf("proposals %+v, %v", list, err)
	}
	wantKey(t, "refused without a reason", b.decide(steward(), &e, false, ""), "listing.reason_missing")
	wantKey(t, "decided by its author", b.decide(provider(), &e, true, ""), "permission.role")
	if err := b.decide(steward(), &e, false, "名称不合规范"); err != nil {
		t.Fatal(err)
	}
	wantKey(t, "decided twice", b.decide(steward(), &e, true, ""), "proposal.not_found")

	for range 2 { // a second proposal takes the place of the first
		if _, err := b.Propose(t.Context(), provider(), next, ""); err != nil {
			t.Fatal(err)
		}
	}
	wantKey(t, "accept another than was seen", b.Decide(t.Context(), steward(), registry.Decision{
		Kind: e.Kind(), ID: id, Seen: list[0].Proposal.Created.Add(-time.Second), Accept: true,
	}), "proposal.replaced")
	if err := b.decide(steward(), &e, true, ""); err != nil {
		t.Fatal(err)
	}
	now, err := b.Entry(t.Context(), provider(), e.Kind(), id)
	if err != nil || now.Listing().Name != "漏损监测二代" || now.Listing().State != scene.Published || now.Listing().Revision != e.Listing().Revision+1 {
		t.Errorf("accepted: %+v, %v", now.Listing(), err)
	}

	next.Listing().Revision = now.Listing().Revision
	next.Listing().Name = "三代"
	if _, err := b.Propose(t.Context(), provider(), next, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Edit(t.Context(), steward(), now); err != nil {
		t.Fatal(err)
	}
	wantKey(t, "accept what is stale", b.decide(steward(), &e, true, ""), "proposal.stale")
	if err := b.Recall(t.Context(), provider(), e.Kind(), id); err != nil {
		t.Error(err)
	}
	wantKey(t, "recall twice", b.Recall(t.Context(), provider(), e.Kind(), id), "proposal.not_found")
}

func TestRetire(t *testing.T) {
	t.Parallel()
	b := workshop(t)
	e := b.published("漏损监测")
	_, err := b.Withdraw(t.Context(), provider(), at(e, "", ""))
	wantKey(t, "take back what is public", err, "permission.state")
	if e, err = b.Retire(t.Context(), provider(), at(e, scene.Paused, "")); err != nil {
		t.Fatal(err)
	}
	if e, err = b.Retire(t.Context(), provider(), at(e, scene.Published, "")); err != nil {
		t.Fatal(err)
	}
	_, err = b.Retire(t.Context(), provider(), at(e, scene.Closed, ""))
	wantKey(t, "close without a reason", err, "listing.reason_missing")
	if e, err = b.Retire(t.Context(), provider(), at(e, scene.Closed, "已停产")); err != nil || e.Listing().State != scene.Closed {
		t.Errorf("closed: %v", err)
	}
	s, err := b.Submit(t.Context(), provider(), at(b.create(ready("另一条")), "", ""))
	if err != nil {
		t.Fatal(err)
	}
	if s, err = b.Withdraw(t.Context(), provider(), at(s, "", "")); err != nil || s.Listing().State != scene.Draft {
		t.Errorf("taken back: %v", err)
	}
	_, err = b.Entry(t.Context(), steward(), "letter", "x")
	wantKey(t, "no such kind", err, "listing.kind")
}
