package convene_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

func expectCode(t *testing.T, what string, err error, code scene.Code, key string) {
	t.Helper()
	e, _ := errors.AsType[*scene.Error](err)
	got := ""
	if e != nil {
		got = e.Key
	}
	if scene.CodeOf(err) != code || key != "" && got != key {
		t.Errorf("%s: %v, want %s %s", what, err, code, key)
	}
}

// TestTheWholeWay plays a small fair from its making to its report.
func TestTheWholeWay(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f := h.fair()
	if len(f.Slots) != 6 {
		t.Fatalf("%d slots of twenty minutes in two hours", len(f.Slots))
	}
	p := h.guests(f.ID, 8)
	for i := range 4 {
		h.wish(p[i], scene.WishWant, p[4], p[5], p[6], p[7])
	}
	h.wish(p[7], scene.WishNever, p[0])
	v := h.plan(f.ID)
	if v.Row.Number != 1 || len(v.Plan.Meetings) != 15 || len(v.Row.Changes) != 15 {
		t.Fatalf("version %d with %d meetings, %d changes; want 15, for one side said never", v.Row.Number, len(v.Plan.Meetings), len(v.Row.Changes))
	}
	h.setNow(f.Slots[0].Start.Add(time.Minute))
	if err := h.NoShow(ctx, steward(), f.ID, p[4].ID, nil, "no-show-1"); err != nil {
		t.Fatal(err)
	}
	d, err := h.Draft(ctx, steward(), f.ID)
	if err != nil || d == nil {
		t.Fatalf("no repaired draft: %v", err)
	}
	for _, seat := range d.Plan.Meetings {
		if slices.Contains(seat.Parties, string(p[4].ID)) {
			t.Errorf("%s is planned with who did not come", seat.ID)
		}
	}
	if len(d.Row.Changes) != 4 {
		t.Errorf("%d meetings change for one who does not come and had 4", len(d.Row.Changes))
	}
	if v, err = h.Publish(ctx, steward(), f.ID, d.Row.Revision, nil); err != nil || v.Row.Number != 2 {
		t.Fatalf("version %v: %v", v, err)
	}
	seat := v.Plan.Meetings[0]
	for i, id := range seat.Parties {
		k := slices.IndexFunc(p, func(x scene.FairParty) bool { return string(x.ID) == id })
		e := scene.FairEntry{Key: fmt.Sprint("phone-said-", i), Kind: scene.EntryOutcome, Meeting: seat.ID, Outcome: &scene.FairOutcome{Held: true, Worth: 3, Next: scene.NextPilot, Amount: scene.Money(i+1) * scene.Wan}}
		for n, want := range []bool{true, false} {
			fresh, err := h.EnterAsGuest(ctx, p[k].Delegates[0].Code, "", e)
			if err != nil || fresh != want {
				t.Errorf("sending %d: new %v, %v", n, fresh, err)
			}
		}
	}
	r, err := h.Report(ctx, steward(), f.ID)
	if err != nil {
		t.Fatal(err)
	}
	if r.Wished != 16 || r.Planned != 11 || r.Held != 1 || r.Intents != 1 || r.Amount != scene.Wan || r.Worth != 3 || r.Silent != 10 {
		t.Errorf("report %+v", r)
	}
	if r.Greedy == nil || r.Plan == nil || r.Greedy.Value > r.Plan.Value+12 {
		t.Errorf("comparison %+v %+v", r.Plan, r.Greedy)
	}
}

// TestEveryChangeIsRecordedAndTold: a line and an event go with each change.
func TestEveryChangeIsRecordedAndTold(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	f := h.fair()
	p := h.guests(f.ID, 2)
	h.wish(p[0], scene.WishWant, p[1])
	h.plan(f.ID)
	events, err := h.rows.Outbox().Pending(t.Context(), 100)
	if err != nil {
		t.Fatal(err)
	}
	var published []scene.ID
	for _, e := range events {
		if e.Subject == scene.FairPublished {
			published = e.IDs
		}
	}
	if want := []scene.ID{f.ID, p[0].ID, p[1].ID}; !slices.Equal(published, want) {
		t.Errorf("told %v, want %v", published, want)
	}
	var actions []string
	err = h.rows.View(t.Context(), func(tx store.Tx) error {
		rows, err := tx.Audit().List(t.Context(), store.AuditFilter{}, store.Page{Limit: 100})
		for _, line := range rows.Items {
			actions = append(actions, line.Action)
			for _, c := range line.Changes {
				if text := fmt.Sprint(c); len(p[0].Delegates[0].Code) > 0 && contains(text, p[0].Delegates[0].Code, "d@example.com") {
					t.Errorf("the record shows a code or an address: %s", text)
				}
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(actions)
	if want := []string{"fair.create", "fair.open", "fair.join", "fair.join", "fair.wish", "fair.plan", "fair.publish"}; !slices.Equal(actions, want) {
		t.Errorf("recorded %v, want %v", actions, want)
	}
}

func TestWhoMay(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	h.org("o1", "甲公司")
	f := h.fair()
	ctx := t.Context()
	form := convene.PartyForm{Delegates: []scene.Delegate{{Name: "张工"}}}
	p, err := h.Join(ctx, ofOrg("o1"), f.ID, "other", form)
	if err != nil || p.OrgID != "o1" || p.Name != "甲公司" {
		t.Fatalf("an account signs its own organisation up: %+v, %v", p, err)
	}
	_, err = h.Join(ctx, ofOrg("o1"), f.ID, "", form)
	expectCode(t, "twice", err, scene.Conflict, "fair.joined_already")
	_, err = h.Amend(ctx, ofOrg("o2"), p.ID, form)
	expectCode(t, "another organisation amends", err, scene.Forbidden, "")
	_, err = h.Party(ctx, ofOrg("o2"), p.ID)
	expectCode(t, "another organisation reads", err, scene.Forbidden, "")
	_, err = h.Create(ctx, ofOrg("o1"), f)
	expectCode(t, "a provider makes a fair", err, scene.Forbidden, "")
	err = h.Plan(ctx, scene.Actor{}, f.ID, 0)
	expectCode(t, "a visitor plans", err, scene.Unauthorized, "")
	_, err = h.Enter(ctx, ofOrg("o1"), scene.FairEntry{FairID: f.ID, Key: "12345678", Kind: scene.EntryAbsent, Party: p.ID})
	expectCode(t, "a provider says who does not come", err, scene.Forbidden, "")
	auditor := scene.Actor{ID: "a", Roles: []scene.Role{scene.RoleAuditor}}
	if _, err := h.Report(ctx, auditor, f.ID); err != nil {
		t.Errorf("an auditor reads: %v", err)
	}
	expectCode(t, "an auditor plans", h.Plan(ctx, auditor, f.ID, 0), scene.Forbidden, "")
	if _, err = h.Bring(ctx, steward(), f.ID, scene.FairOver); scene.CodeOf(err) != scene.Precondition {
		t.Errorf("from open to over: %v", err)
	}
}

// TestLinks: a code acts for its delegate until it is revoked or renewed.
func TestLinks(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f := h.fair()
	p := h.guests(f.ID, 2)
	d := p[0].Delegates[0]
	if g, err := h.Guest(ctx, d.Code); err != nil || g.Party.ID != p[0].ID || g.Delegate.ID != d.ID || len(d.Code) != 20 {
		t.Fatalf("guest %+v, %v", g, err)
	}
	renewed, err := h.Renew(ctx, steward(), p[0].ID, d.ID, false)
	if err != nil || renewed.Delegates[0].Code == d.Code {
		t.Fatalf("renewed: %v", err)
	}
	_, err = h.Guest(ctx, d.Code)
	expectCode(t, "the old code", err, scene.NotFound, "fair.code_unknown")
	_, err = h.WishAsGuest(ctx, d.Code, "", []convene.Wish{{To: p[1].ID, Kind: scene.WishWant}})
	expectCode(t, "a wish by the old code", err, scene.NotFound, "fair.code_unknown")
	if _, err = h.Renew(ctx, steward(), p[0].ID, d.ID, true); err != nil {
		t.Fatal(err)
	}
	_, err = h.Guest(ctx, renewed.Delegates[0].Code)
	expectCode(t, "a revoked code", err, scene.NotFound, "fair.code_unknown")
	_, err = h.EnterAsGuest(ctx, p[1].Delegates[0].Code, "", scene.FairEntry{Key: "12345678", Kind: scene.EntryAbsent})
	expectCode(t, "a guest says that he is absent", err, scene.Forbidden, "")
}

// TestWaiting: where it is full the next waits, and a free place goes to who waits longest.
func TestWaiting(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f := h.fair(func(f *scene.Fair) { f.Capacity = 2 })
	p := h.guests(f.ID, 4)
	for i, want := range []scene.FairPartyState{scene.PartyAccepted, scene.PartyAccepted, scene.PartyWaiting, scene.PartyWaiting} {
		if p[i].State != want {
			t.Errorf("party %d is %s, want %s", i, p[i].State, want)
		}
	}
	if _, err := h.Decide(ctx, steward(), p[0].ID, scene.PartyWithdrawn); err != nil {
		t.Fatal(err)
	}
	state := func(i int) scene.FairPartyState {
		x, err := h.Party(ctx, steward(), p[i].ID)
		if err != nil {
			t.Fatal(err)
		}
		return x.State
	}
	if state(2) != scene.PartyAccepted || state(3) != scene.PartyWaiting {
		t.Errorf("after a withdrawal: %s %s", state(2), state(3))
	}
	if f, err := h.Fair(ctx, steward(), f.ID); err != nil {
		t.Fatal(err)
	} else if f.Capacity = 10; true {
		if _, err := h.Edit(ctx, steward(), f); err != nil {
			t.Fatal(err)
		}
	}
	if state(3) != scene.PartyAccepted {
		t.Errorf("after more places: %s", state(3))
	}
	h.org("o1", "甲公司")
	asks := h.fair(func(f *scene.Fair) { f.Approval = true })
	own, err := h.Join(ctx, ofOrg("o1"), asks.ID, "", convene.PartyForm{Delegates: []scene.Delegate{{Name: "张工"}}})
	if err != nil || own.State != scene.PartyApplied {
		t.Errorf("with approval: %s, %v", own.State, err)
	}
	if own, err = h.Decide(ctx, steward(), own.ID, scene.PartyAccepted); err != nil || own.State != scene.PartyAccepted {
		t.Errorf("let in: %s, %v", own.State, err)
	}
}
