package convene_test

import (
	"fmt"
	"testing"
	"time"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// batch makes a batch with published entries of n organisations, every second of
// which names nobody, and one that is still a draft.
func (h *hall) batch(n int) scene.Batch {
	h.t.Helper()
	ctx := h.t.Context()
	b := scene.Batch{ID: "batch", Name: "2026年第三批", Release: h.now().Add(-time.Hour)}
	err := h.rows.Update(ctx, func(tx store.Tx) error {
		if _, err := tx.Batches().Put(ctx, b); err != nil {
			return err
		}
		for i := range n + 1 {
			org := scene.ID(fmt.Sprint("org", i))
			if _, err := tx.Organisations().Put(ctx, scene.Organisation{ID: org, Name: fmt.Sprint("单位", i)}); err != nil {
				return err
			}
			l := scene.Listing{ID: "need-" + org, Name: fmt.Sprint("需求", i), OrgID: org, State: scene.Published, Batch: b.Name}
			if i%2 == 0 {
				l.Contact = scene.Contact{Person: "柳联系", Mail: "liu@example.com"}
			}
			if i == n {
				l.State = scene.Draft
			}
			if _, err := tx.Opportunities().Put(ctx, scene.Opportunity{Listing: l}); err != nil {
				return err
			}
			l.ID, l.ValidFrom = "offer-"+org, h.now().Add(48*time.Hour) // held back
			if _, err := tx.Capabilities().Put(ctx, scene.Capability{Listing: l}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return b
}

// TestGather: the organisations of a batch become parties that bring what is open of
// it, once; who is in already brings it besides, who withdrew is left alone, and nobody
// takes part unasked.
func TestGather(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	b := h.batch(5)
	f := h.fair(func(f *scene.Fair) { f.Capacity = 4 })
	in, err := h.Join(ctx, steward(), f.ID, "org0", convene.PartyForm{Delegates: []scene.Delegate{{Name: "自己人"}}})
	if err != nil {
		t.Fatal(err)
	}
	left, err := h.Join(ctx, steward(), f.ID, "org1", convene.PartyForm{Delegates: []scene.Delegate{{Name: "走了"}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Decide(ctx, steward(), left.ID, scene.PartyWithdrawn); err != nil {
		t.Fatal(err)
	}
	done, err := h.Gather(ctx, steward(), f.ID, b.ID)
	if want := (convene.Gathered{Added: 3, Joined: 1, Nobody: 3, Listings: 4}); err != nil || done != want {
		t.Fatalf("%+v, %v, want %+v", done, err, want)
	}
	parties, err := h.Parties(ctx, steward(), f.ID)
	if err != nil || len(parties) != 5 {
		t.Fatalf("%d parties, %v", len(parties), err)
	}
	for _, p := range parties {
		switch {
		case p.ID == left.ID:
			if p.State != scene.PartyWithdrawn || len(p.Listings) != 0 {
				t.Errorf("who withdrew: %+v", p)
			}
			continue
		case p.ID == in.ID:
			if p.Delegates[0].Name != "自己人" || p.Delegates[0].Code != in.Delegates[0].Code {
				t.Errorf("who was in: %+v", p.Delegates)
			}
		case len(p.Delegates) != 1 || p.Delegates[0].Name != p.Name || p.Delegates[0].Mail != "" || p.Delegates[0].Code == "" || !p.Awaits():
			t.Errorf("%s comes with %+v before it said who comes", p.Name, p.Delegates)
		}
		want := scene.PartyInvited
		if p.ID == in.ID {
			want = scene.PartyAccepted
		}
		if len(p.Listings) != 1 || p.Listings[0].ID != "need-"+p.OrgID || p.State != want {
			t.Errorf("%s is %s and brings %v", p.Name, p.State, p.Listings)
		}
	}
	if done, err = h.Gather(ctx, steward(), f.ID, b.ID); err != nil || done != (convene.Gathered{}) {
		t.Errorf("again: %+v, %v", done, err)
	}
}

// sides are n organisations that need something and n that offer, invited by a batch.
func (h *hall) sides(fair scene.ID, n int) {
	h.t.Helper()
	ctx := h.t.Context()
	b := scene.Batch{ID: "sides", Name: "2026年第四批", Release: h.now().Add(-time.Hour)}
	err := h.rows.Update(ctx, func(tx store.Tx) error {
		if _, err := tx.Batches().Put(ctx, b); err != nil {
			return err
		}
		for i := range 2 * n {
			org := scene.ID(fmt.Sprintf("side%02d", i))
			if _, err := tx.Organisations().Put(ctx, scene.Organisation{ID: org, Name: "单位" + string(org)}); err != nil {
				return err
			}
			l := scene.Listing{ID: "of-" + org, Name: "条目" + string(org), OrgID: org, State: scene.Published, Batch: b.Name}
			var err error
			if i < n {
				_, err = tx.Opportunities().Put(ctx, scene.Opportunity{Listing: l})
			} else {
				_, err = tx.Capabilities().Put(ctx, scene.Capability{Listing: l})
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		_, err = h.Gather(ctx, steward(), fair, b.ID)
	}
	if err != nil {
		h.t.Fatal(err)
	}
}

// answers has an organisation say that it comes, and returns where that leaves it.
func (h *hall) answers(fair scene.ID, i int) scene.FairPartyState {
	h.t.Helper()
	org := scene.ID(fmt.Sprintf("side%02d", i))
	h.setNow(h.now().Add(time.Minute))
	kind := scene.KindOpportunity
	if i >= 6 {
		kind = scene.KindCapability
	}
	p, err := h.Join(h.t.Context(), ofOrg(org), fair, "", convene.PartyForm{
		Delegates: []scene.Delegate{{Name: "代表" + string(org)}}, Listings: []scene.FairListing{{Kind: kind, ID: "of-" + org}},
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return p.State
}

// TestInvitedSides: nobody comes unasked; half of the places are kept for each side while
// it has not answered, who waits goes by the order of its yes, and what is kept is given
// away when the other side says no or sign-up closes.
func TestInvitedSides(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f := h.fair(func(f *scene.Fair) { f.Capacity, f.Approval = 4, true })
	h.sides(f.ID, 6)
	of := func(state scene.FairPartyState) (orgs []scene.ID) {
		t.Helper()
		list, err := h.Parties(ctx, steward(), f.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range list {
			if p.State == state {
				orgs = append(orgs, p.OrgID)
			}
		}
		return orgs
	}
	if n := len(of(scene.PartyInvited)); n != 12 || len(of(scene.PartyAccepted)) > 0 {
		t.Fatalf("%d invited, %d in", n, len(of(scene.PartyAccepted)))
	}
	for _, step := range []struct {
		org  int
		want scene.FairPartyState
	}{{0, scene.PartyAccepted}, {1, scene.PartyAccepted}, {3, scene.PartyWaiting}, {2, scene.PartyWaiting}, {6, scene.PartyAccepted}} {
		if got := h.answers(f.ID, step.org); got != step.want {
			t.Errorf("organisation %d is %s, want %s", step.org, got, step.want)
		}
	}
	no := func(i int) {
		t.Helper()
		own, err := h.Own(ctx, ofOrg(scene.ID(fmt.Sprintf("side%02d", i))))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.Decide(ctx, ofOrg(own[f.ID].OrgID), own[f.ID].ID, scene.PartyWithdrawn); err != nil {
			t.Fatal(err)
		}
	}
	for i := 7; i < 11; i++ {
		no(i)
	}
	if in := of(scene.PartyAccepted); len(in) != 3 {
		t.Errorf("while one is asked, in are %v", in)
	}
	no(11)
	if in := of(scene.PartyAccepted); len(in) != 4 || !contains(fmt.Sprint(in), "side03") || contains(fmt.Sprint(in), "side02") {
		t.Errorf("after the last no, in are %v", in)
	}
}

// TestClosingGivesPlaces: what was kept for who did not answer goes to who waits.
func TestClosingGivesPlaces(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	f := h.fair(func(f *scene.Fair) { f.Capacity = 2 })
	h.sides(f.ID, 6)
	if a, b := h.answers(f.ID, 0), h.answers(f.ID, 1); a != scene.PartyAccepted || b != scene.PartyWaiting {
		t.Fatalf("%s and %s", a, b)
	}
	if _, err := h.Bring(t.Context(), steward(), f.ID, scene.FairClosed); err != nil {
		t.Fatal(err)
	}
	own, err := h.Own(t.Context(), ofOrg("side01"))
	if err != nil || own[f.ID].State != scene.PartyAccepted {
		t.Errorf("%+v, %v", own[f.ID], err)
	}
}

// TestKeptFromNobodyForBoth: places of parties of no known side are not shared, so the
// last place that is free is kept for one side at most.
func TestKeptFromNobodyForBoth(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	f := h.fair(func(f *scene.Fair) { f.Capacity = 5 })
	for _, name := range []string{"甲一", "乙二", "丙三"} {
		h.comer(f.ID, name, name, "")
	}
	h.sides(f.ID, 6)
	for _, step := range []struct {
		org  int
		want scene.FairPartyState
	}{{0, scene.PartyAccepted}, {1, scene.PartyWaiting}, {6, scene.PartyAccepted}} {
		if got := h.answers(f.ID, step.org); got != step.want {
			t.Errorf("organisation %d is %s, want %s", step.org, got, step.want)
		}
	}
}

func TestGatherRefuses(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	b := h.batch(0)
	f := h.fair()
	_, err := h.Gather(ctx, steward(), f.ID, b.ID)
	expectCode(t, "a batch without published entries", err, scene.Precondition, "fair.batch_empty")
	_, err = h.Gather(ctx, steward(), f.ID, "nothing")
	if scene.CodeOf(err) != scene.NotFound {
		t.Errorf("an unknown batch: %v", err)
	}
	_, err = h.Gather(ctx, ofOrg("org0"), f.ID, b.ID)
	if scene.CodeOf(err) != scene.Forbidden {
		t.Errorf("by a provider: %v", err)
	}
	if _, err := h.Bring(ctx, steward(), f.ID, scene.FairCancelled); err != nil {
		t.Fatal(err)
	}
	_, err = h.Gather(ctx, steward(), f.ID, b.ID)
	expectCode(t, "of a fair that does not take place", err, scene.Precondition, "fair.ended")
}

// TestOneInTwoPlaces: whoever moves a meeting to a time at which a party meets
// already is told which, and the plan stays as it was, the published one too.
func TestOneInTwoPlaces(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f := h.fair()
	p := h.guests(f.ID, 3)
	h.wish(p[0], scene.WishWant, p[1], p[2])
	v := h.plan(f.ID)
	if len(v.Plan.Meetings) != 2 {
		t.Fatalf("%d meetings", len(v.Plan.Meetings))
	}
	first, second := v.Plan.Meetings[0], v.Plan.Meetings[1]
	other := "A01"
	if second.Table == other {
		other = "A02"
	}
	if first.Table == other {
		other = "A03"
	}
	err := h.Move(ctx, steward(), f.ID, first.ID, scene.FairPlace{Slot: second.Slot, Table: other}, false)
	fields := fieldsOf(err)
	if len(fields) == 0 || fmt.Sprint(fields[0].Args) == "map[]" || !contains(fmt.Sprint(fields), p[0].Name) {
		t.Errorf("it is not told who would be in two places: %v", err)
	}
	err = h.Move(ctx, steward(), f.ID, first.ID, scene.FairPlace{Slot: second.Slot, Table: second.Table}, false)
	if fields := fieldsOf(err); len(fields) == 0 {
		t.Errorf("a table with two meetings at one time: %v", err)
	}
	if d, err := h.Draft(ctx, steward(), f.ID); err != nil || d != nil {
		t.Errorf("a refused move left a draft: %v, %v", d, err)
	}
	now, err := h.Published(ctx, steward(), f.ID)
	if err != nil || now.Row.Number != v.Row.Number || fmt.Sprint(now.Plan.Meetings) != fmt.Sprint(v.Plan.Meetings) {
		t.Errorf("the published plan changed: %v", err)
	}
}

// TestStaffObeyKeptPlaces: what is kept for the other side is kept from the centre too,
// until it says so of a party that waits; the list says why that one waits.
func TestStaffObeyKeptPlaces(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f := h.fair(func(f *scene.Fair) { f.Capacity = 2 })
	h.sides(f.ID, 6)
	in := func(org scene.ID, want scene.FairPartyState) scene.FairParty {
		t.Helper()
		p, _, err := h.Enlist(ctx, steward(), f.ID, convene.PartyForm{Name: "单位" + string(org), Delegates: []scene.Delegate{{Name: "代表"}}})
		if err != nil || p.State != want {
			t.Fatalf("%s is %s, %v, want %s", org, p.State, err, want)
		}
		return p
	}
	in("side00", scene.PartyAccepted)
	waits := in("side01", scene.PartyWaiting)
	why := func(key string) {
		t.Helper()
		b, err := h.Board(ctx, f.ID)
		if err != nil {
			t.Fatal(err)
		}
		if got := b.WhyWaits(waits.ID); got == nil && key != "" || got != nil && got.Key != key {
			t.Errorf("it waits for %+v, want %q", got, key)
		}
	}
	why("fair.waits.kept.opportunity")
	in("side06", scene.PartyAccepted)
	why("fair.waits.full")
	if _, err := h.Decide(ctx, steward(), waits.ID, scene.PartyAccepted); scene.CodeOf(err) != scene.Precondition {
		t.Errorf("let into a full hall: %v", err)
	}
	own, err := h.Own(ctx, ofOrg("side06"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Decide(ctx, ofOrg("side06"), own[f.ID].ID, scene.PartyWithdrawn); err != nil {
		t.Fatal(err)
	}
	if p, err := h.Decide(ctx, steward(), waits.ID, scene.PartyAccepted); err != nil || p.State != scene.PartyWaiting {
		t.Errorf("a kept place given by deciding twice: %s, %v", p.State, err)
	}
	if p, err := h.Decide(ctx, steward(), waits.ID, scene.PartyAccepted, convene.KeptSeen); err != nil || p.State != scene.PartyAccepted {
		t.Errorf("a kept place given on purpose: %s, %v", p.State, err)
	}
	why("")
}

// TestReasonIsOfTheAnswer: the reason of a party that declined its invitation, came after
// all and then withdrew is not told as that of the withdrawal.
func TestReasonIsOfTheAnswer(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f := h.fair()
	h.sides(f.ID, 1)
	list, err := h.Parties(ctx, steward(), f.ID)
	if err != nil || len(list) != 2 {
		t.Fatalf("%+v, %v", list, err)
	}
	p, err := h.AnswerAsGuest(ctx, list[0].Delegates[0].Code, "", convene.Answer{Reason: "当天另有会议"})
	if err != nil || p.State != scene.PartyWithdrawn || p.Declined != "当天另有会议" {
		t.Fatalf("%+v, %v", p, err)
	}
	for _, to := range []scene.FairPartyState{scene.PartyAccepted, scene.PartyWithdrawn} {
		if p, err = h.Decide(ctx, steward(), p.ID, to); err != nil {
			t.Fatal(err)
		}
	}
	if p.Declined != "" {
		t.Errorf("it withdrew because of %q", p.Declined)
	}
}

// TestSideOfWhoBringsNothing: a party that names no entry stands on the side of its
// organisation, by its entries or else by its people, and takes no place that is kept for
// the other one; one of which nothing is known takes none that is kept at all.
func TestSideOfWhoBringsNothing(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f := h.fair(func(f *scene.Fair) { f.Capacity = 4 })
	h.sides(f.ID, 6)
	h.org("firm", "新来的公司")
	h.org("nobody", "没有条目的单位")
	h.people([]scene.FairParty{{OrgID: "firm"}}) // which provides
	for _, x := range []struct {
		org  scene.ID
		want scene.FairPartyState
		side scene.FairSide
		why  string
	}{
		{"side00", scene.PartyAccepted, scene.SideNeeds, ""},
		{"side01", scene.PartyAccepted, scene.SideNeeds, ""},
		{"side02", scene.PartyWaiting, scene.SideNeeds, "fair.waits.kept.opportunity"},
		{"nobody", scene.PartyWaiting, "", "fair.waits.kept.unknown"},
		{"firm", scene.PartyAccepted, scene.SideOffers, ""},
	} {
		p, err := h.Join(ctx, ofOrg(x.org), f.ID, "", convene.PartyForm{Delegates: []scene.Delegate{{Name: "代表"}}})
		if err != nil || p.State != x.want || p.Side != x.side {
			t.Errorf("%s is %s on side %q, %v", x.org, p.State, p.Side, err)
		}
		if got := h.board(f.ID).WhyWaits(p.ID); got != nil && got.Key != x.why || got == nil && x.why != "" {
			t.Errorf("%s waits for %+v, want %q", x.org, got, x.why)
		}
	}
}
