package registry_test

import (
	"fmt"
	"testing"
	"time"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// TestLongQueue: a department finds its own behind a thousand of others, and the
// centre sees those that wait longest with the count of all.
func TestLongQueue(t *testing.T) {
	t.Parallel()
	b := workshop(t)
	const others = 1100
	var rows []scene.Opportunity
	for i := range others + 3 {
		o := scene.Opportunity{Listing: scene.Listing{
			ID: scene.ID(fmt.Sprintf("o-%05d", i)), Name: fmt.Sprintf("路灯巡检 %d", i), OrgName: "某街道", State: scene.DepartmentReview,
			Created: longAgo(), Updated: longAgo(),
		}, Department: "教育局"}
		if i >= others {
			o.Department = "水务局"
		}
		rows = append(rows, o)
	}
	err := b.store.Update(t.Context(), func(tx store.Tx) error {
		_, err := tx.Opportunities().PutMany(t.Context(), rows)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	bureau := scene.Actor{ID: "bureau", Department: "水务局", Roles: []scene.Role{scene.RoleDepartment}}
	for name, tt := range map[string]struct {
		by           scene.Actor
		shown, total int
	}{"Bureau": {bureau, 3, 3}, "Steward": {steward(), 500, others + 3}} {
		list, total, err := b.Queue(t.Context(), tt.by)
		if err != nil || len(list) != tt.shown || total != tt.total {
			t.Errorf("%s: %d shown of %d, %v", name, len(list), total, err)
		}
	}
}

// TestReviewMany: each entry goes its own way; what is refused is told and stops nothing.
func TestReviewMany(t *testing.T) {
	t.Parallel()
	b := workshop(t)
	var steps []registry.Step
	for _, name := range []string{"漏损监测", "水压调度", "窨井预警"} {
		e, err := b.Create(t.Context(), provider(), ready(name))
		if err != nil {
			t.Fatal(err)
		}
		if e, err = b.Submit(t.Context(), provider(), at(e, "", "")); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, at(e, registry.Onward, ""))
	}
	steps[1].Revision-- // somebody else was quicker
	for round, want := range []scene.State{scene.FormalReview, scene.DepartmentReview, scene.Published} {
		results := b.ReviewMany(t.Context(), steward(), steps)
		if results[0].Err != nil || results[0].To != want || results[0].Name != "漏损监测" {
			t.Fatalf("round %d: %+v", round, results[0])
		}
		if scene.CodeOf(results[1].Err) != scene.Conflict || results[2].Err != nil {
			t.Errorf("round %d: %v, %v", round, results[1].Err, results[2].Err)
		}
		steps[0].Revision++
		steps[2].Revision++
	}
	back := b.ReviewMany(t.Context(), steward(), []registry.Step{{Kind: steps[1].Kind, ID: steps[1].ID, Revision: steps[1].Revision + 1, To: scene.Draft}, {ID: "none", Kind: scene.KindCapability}})
	wantKey(t, "back without a reason", back[0].Err, "listing.reason_missing")
	if scene.CodeOf(back[1].Err) != scene.NotFound {
		t.Errorf("an unknown entry: %v", back[1].Err)
	}
}

// TestResumeExpired: what has run out is not on the market again by a resume alone.
func TestResumeExpired(t *testing.T) {
	t.Parallel()
	b := workshop(t)
	e := b.published("漏损监测")
	e.Capability.ValidTo = longAgo()
	e.Capability.ValidFrom = longAgo().AddDate(0, -1, 0)
	e.Capability.State = scene.Expired
	err := b.store.Update(t.Context(), func(tx store.Tx) (err error) {
		*e.Capability, err = tx.Capabilities().Put(t.Context(), *e.Capability)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.Retire(t.Context(), provider(), at(e, scene.Published, ""))
	wantKey(t, "resume of what has run out", err, "listing.run_out")
	if _, err = b.Retire(t.Context(), provider(), at(e, scene.Closed, "不再提供")); err != nil {
		t.Error(err)
	}
}

func longAgo() time.Time { return time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC) }
