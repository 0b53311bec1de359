package web_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"jinghe/client"
	"jinghe/internal/scene"
)

// TestEventMadeByProgram makes, opens, plans and publishes an event as a second system
// does, and reads its report: each step as the permission of its token, and every
// mistake told.
func TestEventMadeByProgram(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	ctx := t.Context()
	c := h.wired(h.program(scene.RoleSteward, scene.ScopePlanEvents))
	h.parties()
	at := h.fair.Start().AddDate(0, 0, 7)
	setup := client.EventSetup{
		Title: "能源专场", Mode: "organiser", Halls: []client.SetupHall{{ID: "A", Tables: 2}}, Minutes: 20, Max: 4, MaxOpen: 8, MaxMusts: 2,
		Blocks: []client.SetupBlock{{Kind: "opening", Title: "开幕", Starts: at, Ends: at.Add(time.Hour)}, {Kind: "meet", Starts: at.Add(time.Hour), Ends: at.Add(2 * time.Hour)}},
	}
	_, _, err := h.wired(h.program(scene.RoleProvider, scene.ScopeEvents)).CreateEvent(ctx, setup, nil)
	refused(t, "who is not of the centre, without the scope", err, http.StatusForbidden, 0)
	wrong := setup
	wrong.Blocks = slices.Clone(setup.Blocks)
	wrong.Blocks[1].Ends = at
	_, _, err = c.CreateEvent(ctx, wrong, nil)
	refused(t, "a block that ends before it begins", err, http.StatusUnprocessableEntity, 1)
	e, made, err := c.CreateEvent(ctx, setup, client.Once("e"))
	if err != nil || made.Status != http.StatusCreated || e.State != "draft" || len(e.Slots) != 3 || e.Setup == nil || e.Setup.Halls[0].Tables != 2 {
		t.Fatalf("%+v, %+v, %v", e, made, err)
	}
	if again, _, err := c.CreateEvent(ctx, setup, client.Once("e")); err != nil || again.ID != e.ID {
		t.Errorf("the same key made %s, %v", again.ID, err)
	}
	more := *e.Setup
	more.Halls[0].Tables = 3
	if e, _, err = c.ReplaceEvent(ctx, e.ID, made.ETag, more); err != nil || e.Setup.Halls[0].Tables != 3 {
		t.Fatalf("%+v, %v", e, err)
	}
	_, _, err = c.ReplaceEvent(ctx, e.ID, made.ETag, more)
	refused(t, "a copy of before", err, http.StatusPreconditionFailed, 0)
	if e, err = c.BringEvent(ctx, e.ID, "open"); err != nil || e.State != "open" {
		t.Fatalf("%+v, %v", e, err)
	}
	_, err = c.BringEvent(ctx, e.ID, "over")
	refused(t, "a state that is not the next", err, http.StatusPreconditionFailed, 0)
	_, seen, err := h.wired(&program{browser: h.browser.office.browser()}).Event(ctx, e.ID)
	if err != nil {
		t.Fatal(err)
	}
	if a, err := c.Do(ctx, http.MethodGet, "/events/"+e.ID, nil, nil, client.Headers{"If-None-Match": seen.ETag}); err != nil || a.Status != http.StatusOK {
		t.Errorf("what a visitor was told counts as what the centre is told: %+v, %v", a, err)
	}
	h.plannedByProgram(c, e.ID)
	if got := h.lines("fair", e.ID); !slices.Contains(got, "fair.create") || !slices.Contains(got, "fair.edit") || !slices.Contains(got, "fair.publish") {
		t.Errorf("the record says %v", got)
	}
}

// plannedByProgram brings parties in, plans and publishes.
func (h *held) plannedByProgram(c *client.Client, id string) {
	h.t.Helper()
	ctx, t := h.t.Context(), h.t
	var parties []client.EventParty
	for _, name := range []string{"甲方", "乙方", "丙方"} {
		p, err := c.AddParty(ctx, id, client.PartyAdded{Name: name, PartyWritten: client.PartyWritten{Delegates: []client.Delegate{{Name: name + "代表"}}}})
		if err != nil || p.State != "accepted" {
			t.Fatalf("%+v, %v", p, err)
		}
		parties = append(parties, p)
	}
	if p, err := c.DecideParty(ctx, id, parties[2].ID, client.PartyDecided{State: "withdrawn"}); err != nil || p.State != "withdrawn" {
		t.Fatalf("%+v, %v", p, err)
	}
	_, err := c.DecideParty(ctx, "another", parties[2].ID, client.PartyDecided{State: "accepted"})
	refused(t, "a party of another event", err, http.StatusNotFound, 0)
	if w, err := c.EnterWishes(ctx, id, parties[0].ID, client.WishSaid{Party: parties[1].ID, Wish: "must"}); err != nil || len(w.Wishes) != 1 {
		t.Fatalf("%+v, %v", w, err)
	}
	_, err = c.EnterWishes(ctx, id, parties[0].ID, client.WishSaid{Party: "none", Wish: "want"})
	refused(t, "a wish for somebody who is not there", err, http.StatusUnprocessableEntity, 1)
	if d, err := c.MakeDraft(ctx, id, 0); err != nil || d.Failed != "" {
		t.Fatalf("%+v, %v", d, err)
	}
	h.fairs.Await(ctx, scene.ID(id))
	d, err := c.EventDraft(ctx, id)
	if err != nil || d.Running || d.Revision == 0 || len(d.Meetings) != 1 || d.Figures == nil || !d.Figures.Proven || d.Meetings[0].Parties[0].Name == "" || len(d.Meetings[0].Sits) > 0 {
		t.Fatalf("%+v, %v", d, err)
	}
	_, err = c.PublishPlan(ctx, id, client.PlanPublished{Revision: d.Revision + 1})
	refused(t, "another draft than the one looked at", err, http.StatusConflict, 0)
	plan, err := c.PublishPlan(ctx, id, client.PlanPublished{Revision: d.Revision})
	if err != nil || plan.Version != 1 {
		t.Fatalf("%+v, %v", plan, err)
	}
	less, read, err := c.Event(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	less.Setup.Minutes = 30
	_, _, err = c.ReplaceEvent(ctx, id, read.ETag, *less.Setup)
	refused(t, "another grid under a published plan", err, http.StatusPreconditionFailed, 1)
	if r, err := c.EventReport(ctx, id); err != nil || r.Planned != 1 || len(r.Meetings) != 1 {
		t.Errorf("%+v, %v", r, err)
	}
}
