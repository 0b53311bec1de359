package convene_test

import (
	"strings"
	"testing"

	"jinghe/internal/agenda"
	"jinghe/internal/convene"
	"jinghe/internal/scene"
)

// comer adds a party by name with one delegate.
func (h *hall) comer(fair scene.ID, name, person, mail string) scene.FairParty {
	h.t.Helper()
	p, err := h.Join(h.t.Context(), steward(), fair, "", convene.PartyForm{Name: name, Delegates: []scene.Delegate{{Name: person, Mail: mail}}})
	if err != nil {
		h.t.Fatal(err)
	}
	return p
}

func short(f *scene.Fair) {
	f.Minutes, f.Min, f.Max = 120, 0, 0 // one slot in all
}

// TestOneAtTwoEvents: who is at another event at the same time is told, his next plan
// keeps clear of his meetings there, and a plan that does not is published only knowingly.
func TestOneAtTwoEvents(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	one, two := h.fair(short), h.fair(short)
	a, b := h.comer(one.ID, "栖帆", "栖甲", "qj@example.com"), h.comer(one.ID, "澄安", "澄甲", "cj@example.com")
	h.wish(a, scene.WishWant, b)
	c, d := h.comer(two.ID, "栖帆分公司", "栖甲", "QJ@example.com"), h.comer(two.ID, "砚舟", "砚甲", "yj@example.com")
	h.wish(c, scene.WishWant, d)
	list, err := h.Doubles(ctx, steward(), two.ID)
	if err != nil || len(list) != 1 || list[0].Name != "栖甲" || list[0].Fair != one.ID || len(list[0].Meetings) != 0 {
		t.Fatalf("twice: %+v, %v", list, err)
	}
	draft := h.draft(two.ID) // knows of no meeting there yet
	if len(draft.Plan.Meetings) != 1 {
		t.Fatalf("planned %+v", draft.Plan.Meetings)
	}
	h.plan(one.ID)
	_, err = h.Publish(ctx, steward(), two.ID, draft.Row.Revision, nil)
	expectCode(t, "in two places", err, scene.Precondition, "fair.twice_look")
	if text := told(err); !contains(text, "栖甲") || !contains(text, "09:30–11:30") || !contains(text, one.Title) || strings.Contains(text, string(c.ID)) {
		t.Errorf("told: %s", text)
	}
	if v, err := h.Published(ctx, steward(), two.ID); err != nil || v != nil {
		t.Errorf("it is published: %v, %v", v, err)
	}
	said, err := h.TwoPlaces(ctx, steward(), two.ID)
	if err != nil || len(said) != 1 || said[0].Args["party"] != c.Name {
		t.Errorf("two places: %+v, %v", said, err)
	}
	again := h.draft(two.ID) // and now it keeps clear
	if len(again.Plan.Meetings) != 0 || len(again.Plan.Unplanned) != 1 || again.Plan.Unplanned[0].Reason != agenda.ReasonAbsent {
		t.Errorf("planned again: %+v, left out %+v", again.Plan.Meetings, again.Plan.Unplanned)
	}
	draft, err = h.Draft(ctx, steward(), two.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = h.Publish(ctx, steward(), two.ID, draft.Row.Revision, nil); err != nil {
		t.Errorf("without a clash: %v", err)
	}
}

// TestKnowingly: a plan with somebody in two places is published by who says that he saw it.
func TestKnowingly(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	one, two := h.fair(short), h.fair(short)
	for _, f := range []scene.ID{one.ID, two.ID} {
		a, b := h.comer(f, "栖帆", "栖甲", ""), h.comer(f, "澄安", "澄甲", "")
		h.wish(a, scene.WishWant, b)
	}
	draft := h.draft(two.ID)
	h.plan(one.ID)
	_, err := h.Publish(t.Context(), steward(), two.ID, draft.Row.Revision, nil)
	expectCode(t, "both of them in two places", err, scene.Precondition, "fair.twice_look")
	if n := len(fieldsOf(err)); n != 2 {
		t.Errorf("%d are named", n)
	}
	if _, err := h.Publish(t.Context(), steward(), two.ID, draft.Row.Revision, nil, convene.TwoPlacesSeen); err != nil {
		t.Error(err)
	}
}

// TestOneForTwoParties: somebody who comes for two parties of an event has one meeting at
// a time, and the reason names him.
func TestOneForTwoParties(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	f := h.fair(short)
	a, b := h.comer(f.ID, "甲公司", "林一", "lin@example.com"), h.comer(f.ID, "乙公司", "林一", "lin@example.com")
	c, d := h.comer(f.ID, "丙公司", "王", "w@example.com"), h.comer(f.ID, "丁公司", "赵", "z@example.com")
	h.wish(a, scene.WishWant, c)
	h.wish(b, scene.WishWant, d)
	v := h.draft(f.ID)
	if len(v.Plan.Meetings) != 1 || len(v.Plan.Unplanned) != 1 || v.Plan.Unplanned[0].Reason != agenda.ReasonResource {
		t.Fatalf("planned %+v, left out %+v", v.Plan.Meetings, v.Plan.Unplanned)
	}
	board, err := h.Board(t.Context(), f.ID)
	if err != nil {
		t.Fatal(err)
	}
	if name, there := board.Names().Delegate(v.Plan.Unplanned[0].Detail.Resources[0]); !there || name != "林一" {
		t.Errorf("the reason names %q", name)
	}
	if said, err := h.TwoPlaces(t.Context(), steward(), f.ID); err != nil || len(said) != 0 {
		t.Errorf("two places: %+v, %v", said, err)
	}
}

// TestColleaguesShareAMailbox: one address of one organisation for two names is two people.
func TestColleaguesShareAMailbox(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	one, two := h.fair(), h.fair()
	h.comer(one.ID, "甲公司", "林一", "office@example.com")
	h.comer(two.ID, "甲公司", "陈二", "office@example.com")
	h.comer(two.ID, "乙公司", "林一", "lin@example.com")
	list, err := h.Doubles(t.Context(), steward(), one.ID)
	if err != nil || len(list) != 0 {
		t.Errorf("twice: %+v, %v", list, err)
	}
}

// TestDoublesAreReadOnce: what happens on the day, and wishes, have nobody read who is
// twice anew, as phones ask for it with every page; a new name does.
func TestDoublesAreReadOnce(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f := h.fair()
	a, b := h.comer(f.ID, "栖帆", "栖甲", "qj@example.com"), h.comer(f.ID, "栖帆分公司", "栖甲", "QJ@example.com")
	look := func() *convene.Double {
		t.Helper()
		list, err := h.Doubles(ctx, steward(), f.ID)
		if err != nil || len(list) != 2 {
			t.Fatalf("%+v, %v", list, err)
		}
		return &list[0]
	}
	h.setNow(f.Slots[0].Start)
	first := look()
	h.wish(a, scene.WishWant, b)
	arrive(t, h, f, []scene.FairParty{a, b}, a.ID)
	if look() != first {
		t.Error("read anew for a wish and a check-in")
	}
	h.comer(f.ID, "澄安", "澄甲", "cj@example.com")
	if look() == first {
		t.Error("not read anew for who came besides")
	}
}
