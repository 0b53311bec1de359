package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"jinghe/internal/scene"
)

// TestOneAtTwoEventsIsTold: who is entered at a second event at the same time is told on
// the pages of the centre and on his own, and a plan that has him in both is published
// only with a mark that it was seen.
func TestOneAtTwoEventsIsTold(t *testing.T) {
	t.Parallel()
	tomorrow := today().AddDate(0, 0, 1).Format("2006-01-02")
	h := newHeld(t, "day", tomorrow)
	first := h.parties()
	changed := url.Values{"programme": {"17:30-17:50 一对一"}, "title": {"第二场对接会"}, "min": {"0"}}
	form := fairForm("day", tomorrow)
	for k, v := range changed {
		form[k] = v
	}
	second := where(t, "create", h.fill("/console/events/new", "/console/events/new", form))
	where(t, "open", h.fill(second, second+"/state", url.Values{"to": {"open"}}))
	where(t, "add", h.fill(second+"/parties", second+"/parties", url.Values{"lines": {"栖帆公司，张工，z@example.com\n丁公司,周工"}}))
	h.sees(second+"/parties", "同一人出现在两处（1）", "张工（栖帆公司）也登记在《水务对接会》")
	id := scene.ID(second[len("/console/events/"):])
	list, err := h.fairs.Parties(t.Context(), steward(), id)
	if err != nil {
		t.Fatal(err)
	}
	var own, other scene.FairParty
	for _, p := range list {
		if p.Name == "栖帆公司" {
			own = p
		} else {
			other = p
		}
	}
	guest := h.office.browser()
	// Whoever types a mail address learns nothing of where its owner is; a colleague does.
	if body := guest.sees("/e/"+own.Delegates[0].Code, "您在别处还有登记", "您的邮箱在同一时间的另一场活动中也有登记"); strings.Contains(body, "水务对接会") {
		t.Error("the page of a party by name tells where the owner of an address is")
	}
	where(t, "add", h.fill(second+"/parties", second+"/parties", url.Values{"lines": {"某某科技有限公司，张工，z@example.com"}}))
	list, err = h.fairs.Parties(t.Context(), steward(), id)
	if i := slices.IndexFunc(list, func(p scene.FairParty) bool { return p.Name == "某某科技有限公司" }); err != nil || i < 0 {
		t.Fatal(err)
	} else {
		guest.sees("/e/"+list[i].Delegates[0].Code, "您也登记了《水务对接会》")
	}
	page := "/e/" + own.Delegates[0].Code
	where(t, "wish", guest.fill(page, page+"/wish", url.Values{"to": {string(other.ID)}, "kind": {"want"}}))
	where(t, "solve", h.fill(second+"/plan", second+"/plan", url.Values{"do": {"solve"}, "seconds": {"10"}}))
	h.fairs.Await(t.Context(), id)
	from, to := first["某某科技有限公司"], first["甲公司"]
	page = "/e/" + from.Delegates[0].Code
	where(t, "wish", guest.fill(page, page+"/wish", url.Values{"to": {string(to.ID)}, "kind": {"want"}}))
	h.publishedFirst()
	body := h.sees(second+"/plan", "同一时间要去两个地方（1）", "我已看过")
	draft, err := h.fairs.Draft(t.Context(), steward(), id)
	if err != nil || body == "" {
		t.Fatal(err)
	}
	publish := url.Values{"do": {"publish"}, "revision": {strconv.Itoa(draft.Row.Revision)}}
	if w := h.fill(second+"/plan", second+"/plan", publish); w.Code != http.StatusPreconditionFailed {
		t.Errorf("published unseen: %d", w.Code)
	}
	publish.Set("twice", "yes")
	where(t, "publish", h.fill(second+"/plan", second+"/plan", publish))
}

// publishedFirst publishes the plan of the held fair with its only meeting in the first slot.
func (h *held) publishedFirst() {
	h.t.Helper()
	ctx, by, id := h.t.Context(), steward(), h.fair.ID
	if err := h.fairs.Plan(ctx, by, id, 10*time.Second); err != nil {
		h.t.Fatal(err)
	}
	h.fairs.Await(ctx, id)
	d, err := h.fairs.Draft(ctx, by, id)
	if err != nil || len(d.Plan.Meetings) != 1 {
		h.t.Fatalf("draft %+v, %v", d, err)
	}
	place := scene.FairPlace{Slot: h.fair.Slots[0].ID, Table: "A01"}
	if seat := d.Plan.Meetings[0]; seat.Slot != place.Slot {
		if err := h.fairs.Move(ctx, by, id, seat.ID, place, false); err != nil {
			h.t.Fatal(err)
		}
	}
	if d, err = h.fairs.Draft(ctx, by, id); err != nil {
		h.t.Fatal(err)
	}
	if _, err := h.fairs.Publish(ctx, by, id, d.Row.Revision, nil); err != nil {
		h.t.Fatal(err)
	}
}
