package convene_test

import (
	"testing"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
)

// invited is the party of org0, whose entries name somebody, as a batch brought it in.
func invited(t *testing.T) (*hall, scene.FairParty) {
	t.Helper()
	h := newHall(t, nil)
	b, f := h.batch(2), h.fair()
	if _, err := h.Gather(t.Context(), steward(), f.ID, b.ID); err != nil {
		t.Fatal(err)
	}
	parties, err := h.Parties(t.Context(), steward(), f.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range parties {
		if p.OrgID == "org0" {
			return h, p
		}
	}
	t.Fatal("org0 was not invited")
	return nil, scene.FairParty{}
}

// TestContactIsAskedFirst: who is named in an entry as its contact is proposed to the
// organisation alone, and comes only when that says so: by the link that stood for it.
func TestContactIsAskedFirst(t *testing.T) {
	t.Parallel()
	h, p := invited(t)
	ctx := t.Context()
	for name, by := range map[string]scene.Actor{"the centre": steward(), "another organisation": ofOrg("org1")} {
		if list, err := h.Proposed(ctx, by, p.ID); scene.CodeOf(err) != scene.Forbidden || len(list) > 0 {
			t.Errorf("%s sees %+v, %v", name, list, err)
		}
		if _, err := h.Agree(ctx, by, p.ID, "柳联系"); scene.CodeOf(err) != scene.Forbidden {
			t.Errorf("%s agrees for it: %v", name, err)
		}
	}
	list, err := h.Proposed(ctx, ofOrg("org0"), p.ID)
	if err != nil || len(list) != 1 || list[0].Name != "柳联系" || list[0].Mail != "liu@example.com" {
		t.Fatalf("proposed %+v, %v", list, err)
	}
	if _, err := h.Agree(ctx, ofOrg("org0"), p.ID, "别人"); scene.CodeOf(err) != scene.NotFound {
		t.Errorf("somebody who is not proposed: %v", err)
	}
	next, err := h.Agree(ctx, ofOrg("org0"), p.ID, "柳联系")
	if err != nil || len(next.Delegates) != 1 || next.Awaits() {
		t.Fatalf("agreed: %+v, %v", next.Delegates, err)
	}
	if d := next.Delegates[0]; d.Name != "柳联系" || d.Mail != "liu@example.com" || d.Code != p.Delegates[0].Code || d.ID != p.Delegates[0].ID {
		t.Errorf("comes as %+v, stood for by %+v", d, p.Delegates[0])
	}
	if list, err := h.Proposed(ctx, ofOrg("org0"), p.ID); err != nil || len(list) != 0 {
		t.Errorf("who comes already is proposed: %+v, %v", list, err)
	}
}

// TestWhoComesIsTyped: a form that names nobody leaves who stands for the party; one
// that names two gives the first of them that link.
func TestWhoComesIsTyped(t *testing.T) {
	t.Parallel()
	h, p := invited(t)
	ctx := t.Context()
	next, err := h.Amend(ctx, ofOrg("org0"), p.ID, convene.PartyForm{Share: true})
	if err != nil || !next.Share || len(next.Delegates) != 1 || !next.Awaits() || next.Delegates[0].Code != p.Delegates[0].Code {
		t.Fatalf("nobody named: %+v, %v", next.Delegates, err)
	}
	next, err = h.Amend(ctx, ofOrg("org0"), p.ID, convene.PartyForm{Delegates: []scene.Delegate{{Name: "甲"}, {Name: "乙"}}})
	if err != nil || len(next.Delegates) != 2 || next.Awaits() {
		t.Fatalf("two named: %+v, %v", next.Delegates, err)
	}
	if a, b := next.Delegates[0], next.Delegates[1]; a.Name != "甲" || a.Code != p.Delegates[0].Code || b.Code == a.Code || b.Code == "" || b.ID == a.ID {
		t.Errorf("links %+v", next.Delegates)
	}
}
