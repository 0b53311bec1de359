package engage_test

import (
	"testing"

	"jinghe/internal/engage"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// TestPass: a side passes a match over for a reason, for itself alone; ranking
// learns it, and forgets it when the side reconsiders or is interested after all.
func TestPass(t *testing.T) {
	t.Parallel()
	k := newTable(t)
	no := engage.Passing{Need: "need", Offer: "offer", Reason: scene.StopBudget, Text: "太贵，电话 " + ownerPhone}
	passed := func(by scene.Actor, kind scene.Kind, id, org scene.ID) int {
		t.Helper()
		got, err := k.Passed(k.ctx, by, kind, &scene.Listing{ID: id, OrgID: org})
		if err != nil && by.ID != k.stranger.ID {
			t.Fatal(err)
		}
		return len(got)
	}
	wantCode(t, "without a reason", k.Pass(k.ctx, k.provider, engage.Passing{Need: "need", Offer: "offer"}), scene.Invalid, "")
	wantCode(t, "of a stranger", k.Pass(k.ctx, k.stranger, no), scene.Forbidden, "")
	wantCode(t, "of the centre", k.Pass(k.ctx, k.steward, no), scene.Forbidden, "")
	wantCode(t, "of what is not public", k.Pass(k.ctx, k.owner, engage.Passing{Need: "need", Offer: "hidden", Reason: scene.StopEarly}), scene.NotFound, "")
	for range 2 { // pressed twice
		if err := k.Pass(k.ctx, k.provider, no); err != nil {
			t.Fatal(err)
		}
	}
	list := k.decisions()
	if len(list) != 1 || list[0].Verdict != scene.Declined || list[0].Reason != scene.ReasonMoney || list[0].Stop != scene.StopBudget || list[0].Party != "provider" || list[0].Note == no.Text {
		t.Errorf("decisions %+v", list)
	}
	if passed(k.provider, scene.KindCapability, "offer", "firm") != 1 || passed(k.owner, scene.KindOpportunity, "need", "city") != 0 || passed(k.stranger, scene.KindCapability, "offer", "firm") != 0 {
		t.Error("not passed over for that side alone")
	}
	if len(k.inbox("owner")) != 0 {
		t.Error("the other side is told")
	}
	if err := k.Unpass(k.ctx, k.provider, "need", "offer"); err != nil || len(k.decisions()) != 0 {
		t.Errorf("reconsidered: %v, %v", err, k.decisions())
	}
	if err := k.Pass(k.ctx, k.provider, no); err != nil {
		t.Fatal(err)
	}
	k.begun()
	if passed(k.provider, scene.KindCapability, "offer", "firm") != 0 {
		t.Error("who is interested still passes it over")
	}
	wantCode(t, "of an open pair", k.Pass(k.ctx, k.owner, no), scene.Precondition, "engagement.pass.open")
}

// TestPassThenAsked: who passed a match over, and says yes when the other side asks
// or they met, has reconsidered; so can who passed over what has ended since.
func TestPassThenAsked(t *testing.T) {
	t.Parallel()
	no := engage.Passing{Need: "need", Offer: "offer", Reason: scene.StopBudget}
	passed := func(k *table) bool {
		got, err := k.Passed(k.ctx, k.owner, scene.KindOpportunity, &scene.Listing{ID: "need", OrgID: "city"})
		if err != nil {
			t.Fatal(err)
		}
		return len(got) > 0
	}
	for name, then := range map[string]func(*table){
		"accepted": func(k *table) { k.docked() },
		"met": func(k *table) {
			k.update(func(tx store.Tx) error {
				_, err := k.Dock(k.ctx, tx, k.steward, scene.Agreement{Need: "need", Offer: "offer", By: scene.PartyProvider, Next: k.next(scene.PartyProvider)})
				return err
			})
		},
		"ended": func(k *table) {
			k.update(func(tx store.Tx) error {
				offer, err := tx.Capabilities().Get(k.ctx, "offer")
				if err != nil {
					return err
				}
				offer.State = scene.Closed
				_, err = tx.Capabilities().Put(k.ctx, offer)
				return err
			})
			if err := k.Unpass(k.ctx, k.stranger, "need", "offer"); scene.CodeOf(err) != scene.Forbidden {
				t.Errorf("a stranger reconsiders: %v", err)
			}
			if err := k.Unpass(k.ctx, k.owner, "need", "offer"); err != nil {
				t.Errorf("what has ended: %v", err)
			}
		},
	} {
		k := newTable(t)
		if err := k.Pass(k.ctx, k.owner, no); err != nil || !passed(k) {
			t.Fatalf("pass: %v", err)
		}
		then(k)
		if passed(k) {
			t.Errorf("%s: still passed over", name)
		}
	}
}

// TestLoose: a pair that two sides did not name teaches ranking nothing, whatever becomes of
// it, and is called by its entries once somebody names them.
func TestLoose(t *testing.T) {
	t.Parallel()
	k := newTable(t)
	if err := k.Pass(k.ctx, k.owner, engage.Passing{Need: "need", Offer: "offer", Reason: scene.StopBudget}); err != nil {
		t.Fatal(err)
	}
	dock := func() (e scene.Engagement) {
		k.update(func(tx store.Tx) error {
			id, err := k.Dock(k.ctx, tx, k.steward, scene.Agreement{Need: "need", Offer: "offer", By: scene.PartyProvider, Next: k.next(scene.PartyProvider), Loose: true})
			if err == nil {
				e, err = tx.Engagements().Get(k.ctx, id)
			}
			return err
		})
		return e
	}
	e := dock()
	if list := k.decisions(); !e.Loose || len(list) != 1 || list[0].Verdict != scene.Declined {
		t.Errorf("loose %v, ranking has %+v: whoever passed the pair over still does", e.Loose, list)
	}
	e = k.must(k.Stop(k.ctx, k.provider, engage.Answer{ID: e.ID, Revision: e.Revision, Reason: scene.StopBudget}))
	if list := k.decisions(); len(list) != 1 {
		t.Errorf("ranking learned of entries that nobody named: %+v", list)
	}
	e = k.must(k.Express(k.ctx, k.owner, engage.Interest{Need: "need", Offer: "offer"}))
	if need, _ := e.Called(); e.Loose || need != e.NeedName {
		t.Errorf("it is named, and called %s", need)
	}
	if e = dock(); e.Loose {
		t.Error("what was named is not so any more")
	}
}

// TestLook: nothing is new at the first look; what came since is, for one look.
func TestLook(t *testing.T) {
	t.Parallel()
	k := newTable(t)
	look := func(ids ...scene.ID) (n int) {
		t.Helper()
		fresh, err := k.Look(k.ctx, k.owner, map[scene.ID][]scene.ID{"need": ids})
		if err != nil {
			t.Fatal(err)
		}
		for _, is := range fresh["need"] {
			if is {
				n++
			}
		}
		return n
	}
	first, second, again := look("a", "b"), look("a", "b", "c"), look("a", "b", "c")
	k.now = k.now.AddDate(0, 0, 1)
	later, back := look("a", "c"), look("a", "b", "c")
	if first != 0 || second != 1 || again != 1 || later != 0 || back != 1 {
		t.Errorf("new at each look: %d %d %d %d %d, want 0 1 1 0 1", first, second, again, later, back)
	}
}
