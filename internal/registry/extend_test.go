package registry_test

import (
	"testing"
	"time"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
)

// TestExtend: what is over is not handed in; what is published and runs out stays
// open longer in one step, and what was proposed of it stays fresh.
func TestExtend(t *testing.T) {
	t.Parallel()
	b := workshop(t)
	ctx := t.Context()
	past := ready("漏损定位")
	past.Capability.ValidTo = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	e := b.create(past)
	_, err := b.Submit(ctx, provider(), at(e, "", ""))
	wantKey(t, "over before it is handed in", err, "listing.not_ready")
	soon := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC) // a month on
	e.Capability.ValidTo = soon
	if e, err = b.Edit(ctx, provider(), e); err != nil {
		t.Fatal(err)
	}
	if back, err := b.Returned(ctx, provider(), []registry.Entry{e}); err != nil || len(back) != 0 {
		t.Errorf("a new draft was returned: %v, %v", back, err)
	}
	if e, err = b.Submit(ctx, provider(), at(e, "", "")); err != nil {
		t.Fatal(err)
	}
	if e, err = b.Review(ctx, steward(), at(e, scene.FormalReview, "")); err != nil {
		t.Fatal(err)
	}
	if e, err = b.Review(ctx, steward(), at(e, scene.Draft, "指标不清")); err != nil {
		t.Fatal(err)
	}
	if back, err := b.Returned(ctx, provider(), []registry.Entry{e}); err != nil || back[e.Listing().ID].Reason != "指标不清" {
		t.Errorf("returned: %v, %v", back, err)
	}
	if e, err = b.Submit(ctx, provider(), at(e, "", "")); err != nil {
		t.Fatal(err)
	}
	for _, to := range []scene.State{scene.FormalReview, scene.DepartmentReview, scene.Published} {
		if e, err = b.Review(ctx, steward(), at(e, to, "")); err != nil {
			t.Fatal(err)
		}
	}
	next := e.Copy()
	next.Capability.Description += "新增水下版本。"
	if _, err := b.Propose(ctx, provider(), next, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Extend(ctx, scene.Actor{ID: "x", OrgID: "org-b", Roles: []scene.Role{scene.RoleProvider}}, at(e, "", "")); scene.CodeOf(err) != scene.Forbidden {
		t.Errorf("a stranger extends: %v", err)
	}
	longer, err := b.Extend(ctx, provider(), at(e, "", ""))
	if err != nil || !longer.Listing().ValidTo.After(soon.AddDate(0, 5, 0)) {
		t.Fatalf("extended: %v, %v", longer.Listing(), err)
	}
	p, err := b.Proposed(ctx, provider(), scene.KindCapability, e.Listing().ID)
	if err != nil || p.Stale() || !p.Next.Listing().ValidTo.Equal(longer.Listing().ValidTo) {
		t.Errorf("the proposal is behind: %+v, %v", p.Proposal, err)
	}
	if longer, err = b.Extend(ctx, provider(), at(longer, "", "")); scene.CodeOf(err) != scene.Precondition {
		t.Errorf("extended on and on, to %v: %v", longer.Listing().ValidTo, err)
	}
	day := func(s string) time.Time {
		d, err := time.ParseInLocation(time.DateOnly, s, scene.China())
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for from, want := range map[string]string{"2026-08-31": "2027-02-28", "2027-08-31": "2028-02-29", "2026-12-31": "2027-06-30", "2026-11-27": "2027-05-27"} {
		l := scene.Listing{ValidTo: scene.EndOfDay(day(from))}
		if got := registry.Extended(&l, day(from)); !got.Equal(scene.EndOfDay(day(want))) {
			t.Errorf("%s is extended to %v, want %s", from, got.In(scene.China()), want)
		}
	}
	endless := e.Copy()
	endless.Listing().ValidTo = time.Time{}
	if got := registry.Extended(endless.Listing(), time.Now()); !got.IsZero() {
		t.Errorf("what has no end gets one: %v", got)
	}
}
