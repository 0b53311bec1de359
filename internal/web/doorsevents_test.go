package web_test

import (
	"net/http"
	"slices"
	"testing"

	"jinghe/client"
	"jinghe/internal/account"
	"jinghe/internal/scene"
)

// TestEventByProgram takes an organisation's part in an event as its own system
// does, from the sign-up to its meetings, and runs the day as that of the hall does.
func TestEventByProgram(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	ctx := t.Context()
	visitor := h.wired(&program{browser: h.browser.office.browser()})
	all, err := visitor.Events(ctx)
	if err != nil || len(all) != 1 || all[0].State != "open" || len(all[0].Blocks) != 0 {
		t.Fatalf("%+v, %v", all, err)
	}
	id := all[0].ID
	one, _, err := visitor.Event(ctx, id)
	if err != nil || len(one.Blocks) != 2 || one.Blocks[1].Kind != "meet" || len(one.Slots) != 3 {
		t.Fatalf("%+v, %v", one, err)
	}
	_, _, err = visitor.OwnParty(ctx, id)
	refused(t, "without a token", err, http.StatusUnauthorized, 0)
	c := h.wired(h.program(scene.RoleProvider, scene.ScopeEvents))
	mine, _, err := c.OwnParty(ctx, id)
	if err != nil || mine.State != "accepted" || len(mine.Delegates) != 1 || mine.Delegates[0].Mail != "" {
		t.Fatalf("%+v, %v", mine, err)
	}
	h.wishesByProgram(c, id)
	parties := h.wished()
	plan, a, err := c.Schedule(ctx, id)
	if err != nil || plan.Version != 1 || len(plan.Items) == 0 || plan.Items[0].With.Name == "" || plan.Items[0].Table == "" {
		t.Fatalf("%+v, %v", plan, err)
	}
	if other, err := c.Do(ctx, http.MethodGet, "/events/"+id+"/schedule", nil, nil, client.Headers{"If-None-Match": a.ETag, "Accept-Language": "en"}); err != nil || other.Status != http.StatusOK {
		t.Errorf("in another language: %d, %v", other.Status, err)
	}
	if again, err := c.Do(ctx, http.MethodGet, "/events/"+id+"/schedule", nil, nil, client.Headers{"If-None-Match": a.ETag}); err != nil || again.Status != http.StatusNotModified {
		t.Errorf("read again: %+v, %v", again, err)
	}
	for what, do := range map[string]func() error{
		"plan":    func() error { _, _, err := c.EventPlan(ctx, id); return err },
		"parties": func() error { _, err := c.EventParties(ctx, id); return err },
		"check-in": func() error {
			_, err := c.CheckIn(ctx, id, mine.ID, mine.Delegates[0].ID)
			return err
		},
	} {
		refused(t, what, do(), http.StatusForbidden, 0)
	}
	h.dayByProgram(c, &plan.Items[0], &mine)
	if got := h.lines("fair_party", mine.ID); !slices.Contains(got, "fair.arrived") || !slices.Contains(got, "fair.outcome") || !slices.Contains(got, "fair.absent") {
		t.Errorf("the record says %v, of %d parties", got, len(parties))
	}
}

// wishesByProgram says whom one wants to meet, and takes it back.
func (h *held) wishesByProgram(c *client.Client, id string) {
	h.t.Helper()
	ctx := h.t.Context()
	others, err := c.EventOthers(ctx, id)
	if err != nil || len(others) != 3 {
		h.t.Fatalf("%+v, %v", others, err)
	}
	said, err := c.SayWishes(ctx, id, client.WishSaid{Party: others[0].ID, Wish: "must", Note: "谈漏损"}, client.WishSaid{Party: others[1].ID, Wish: "never"})
	if err != nil || len(said.Wishes) != 2 || said.Wishes[0].Wish != "must" {
		h.t.Fatalf("%+v, %v", said, err)
	}
	_, err = c.SayWishes(ctx, id, client.WishSaid{Party: others[2].ID, Wish: "want"}, client.WishSaid{Party: "none", Wish: "want"})
	refused(h.t, "somebody who is not there", err, http.StatusUnprocessableEntity, 1)
	if _, err := c.SayWishes(ctx, id, client.WishSaid{Party: others[1].ID, Wish: "nothing"}); err != nil {
		h.t.Fatal(err)
	}
	if now, err := c.Wishes(ctx, id); err != nil || len(now.Wishes) != 1 || now.Wishes[0].Note != "谈漏损" {
		h.t.Errorf("%+v, %v", now, err)
	}
	if _, _, err := c.EventSuggestions(ctx, id); err != nil {
		h.t.Error(err)
	}
	if others, err = c.EventOthers(ctx, id); err != nil || others[0].Wish != "must" {
		h.t.Errorf("%+v, %v", others, err)
	}
}

// dayByProgram notes who is there, what came of a meeting and who does not come.
func (h *held) dayByProgram(c *client.Client, m *client.Appointment, mine *client.EventParty) {
	h.t.Helper()
	ctx, id := h.t.Context(), string(h.fair.ID)
	staff := h.wired(h.program(scene.RoleSteward, scene.ScopeEvents))
	first, err := staff.CheckIn(ctx, id, mine.ID, mine.Delegates[0].ID)
	if err != nil || !first.Noted || first.Arrived == nil || len(first.Away) > 0 {
		h.t.Fatalf("%+v, %v", first, err)
	}
	second, err := staff.CheckIn(ctx, id, mine.ID, mine.Delegates[0].ID)
	if err != nil || second.Noted || !second.Arrived.Equal(*first.Arrived) {
		h.t.Fatalf("read twice: %+v, %v", second, err)
	}
	_, err = staff.CheckIn(ctx, id, mine.ID, "none")
	refused(h.t, "a delegate who is none", err, http.StatusNotFound, 0)
	all, err := staff.EventParties(ctx, id)
	i := slices.IndexFunc(all, func(p client.EventParty) bool { return p.ID == mine.ID })
	if err != nil || len(all) != 4 || all[i].Delegates[0].Arrived == nil {
		h.t.Fatalf("%+v, %v", all, err)
	}
	said := client.EventOutcome{Meeting: m.Meeting, Party: mine.ID, Held: true, Worth: 3, Next: "visit", Note: "电话 " + secretPhone}
	if err := staff.SayOutcome(ctx, id, said); err != nil {
		h.t.Fatal(err)
	}
	said.Meeting = "none"
	refused(h.t, "a meeting that is none", staff.SayOutcome(ctx, id, said), http.StatusNotFound, 0)
	plan, _, err := staff.EventPlan(ctx, id)
	if err != nil || plan.Version != 1 {
		h.t.Fatalf("%+v, %v", plan, err)
	}
	outcomes := 0
	for _, r := range plan.Rounds {
		for _, x := range r.Meetings {
			for _, o := range x.Outcomes {
				outcomes++
				noSecret(h.t, "outcome", o.Note)
				if x.ID != m.Meeting || o.Party != mine.ID || !o.Held || o.Next != "visit" {
					h.t.Errorf("%+v", x)
				}
			}
		}
	}
	seen, _, err := c.Schedule(ctx, id)
	if err != nil || outcomes != 1 || seen.Items[0].Outcome == nil || seen.Items[0].Outcome.Worth != 3 {
		h.t.Errorf("%d outcomes, %+v, %v", outcomes, seen, err)
	}
	if err := staff.NoteAbsence(ctx, id, client.Absence{Party: mine.ID}); err != nil {
		h.t.Errorf("absence: %v", err)
	}
	h.fairs.Await(ctx, h.fair.ID)
}

// TestPartyByProgram: an organisation signs up, changes what it said without
// losing the address it does not send again, and leaves; one that has not joined
// sees none of the others.
func TestPartyByProgram(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	ctx, id := t.Context(), string(h.parties()["甲公司"].FairID)
	h.organisation("NEW", "新来公司", "")
	a, _, err := h.accounts.Add(ctx, scene.Console(), account.NewAccount{
		Login: "new", Name: "某人", OrgID: "NEW", Roles: []scene.Role{scene.RoleOwner}, Password: testPassword,
	})
	if err != nil {
		t.Fatal(err)
	}
	c := h.wired(h.programOf(&a, scene.ScopeEvents))
	_, err = c.EventOthers(ctx, id)
	refused(t, "not signed up", err, http.StatusNotFound, 0)
	_, _, err = c.JoinEvent(ctx, id, client.PartyWritten{}, nil)
	refused(t, "nobody comes", err, http.StatusUnprocessableEntity, 1)
	written := client.PartyWritten{Delegates: []client.Delegate{{Name: "孙工", Mail: "sun@example.com"}}}
	p, first, err := c.JoinEvent(ctx, id, written, client.Once("j"))
	if err != nil || first.Status != http.StatusCreated || p.State != "accepted" || p.Organisation.Name != "新来公司" {
		t.Fatalf("%+v, %+v, %v", p, first, err)
	}
	_, _, err = c.JoinEvent(ctx, id, written, nil)
	refused(t, "signed up twice", err, http.StatusConflict, 0)
	_, _, err = c.ReplaceParty(ctx, id, "", written)
	refused(t, "without If-Match", err, http.StatusPreconditionRequired, 0)
	written.Delegates = []client.Delegate{{ID: p.Delegates[0].ID, Name: "孙工", Post: "总工"}}
	written.Away = []string{h.slot(0)}
	changed, second, err := c.ReplaceParty(ctx, id, first.ETag, written)
	if err != nil || changed.Delegates[0].Post != "总工" || len(changed.Away) != 1 {
		t.Fatalf("%+v, %v", changed, err)
	}
	stored := h.parties()["新来公司"].Delegates[0]
	if stored.Mail != "sun@example.com" || stored.Code == "" {
		t.Errorf("the delegate is %+v", stored)
	}
	_, _, err = c.ReplaceParty(ctx, id, first.ETag, written)
	refused(t, "a copy of before", err, http.StatusPreconditionFailed, 0)
	written.Away = []string{"none"}
	_, _, err = c.ReplaceParty(ctx, id, second.ETag, written)
	refused(t, "a slot that is none", err, http.StatusUnprocessableEntity, 1)
	if left, _, err := c.LeaveEvent(ctx, id); err != nil || left.State != "withdrawn" {
		t.Errorf("%+v, %v", left, err)
	}
	_, err = c.EventOthers(ctx, id)
	refused(t, "who left", err, http.StatusPreconditionFailed, 0)
	staff := h.wired(h.program(scene.RoleSteward, scene.ScopeEvents))
	_, _, err = staff.JoinEvent(ctx, id, client.PartyWritten{Delegates: written.Delegates}, nil)
	refused(t, "the centre is no party", err, http.StatusUnprocessableEntity, 0)
}
