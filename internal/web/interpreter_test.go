package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
)

// TestInterpretersAreTold: a meeting that needs one says so wherever it stands, and one
// that cannot have one says why in words.
func TestInterpretersAreTold(t *testing.T) {
	t.Parallel()
	h := newHeld(t, "interpreters", "1", "min", "0")
	h.clock.before(3 * time.Hour)
	all := h.parties()
	ctx, by := t.Context(), steward()
	for _, name := range []string{"甲公司", "丙公司"} {
		p := all[name]
		if _, err := h.fairs.Amend(ctx, by, p.ID, convene.PartyForm{Name: p.Name, Delegates: p.Delegates, Languages: []string{"en"}}); err != nil {
			t.Fatal(err)
		}
	}
	from, to := all["某某科技有限公司"], all["甲公司"]
	if _, err := h.fairs.Wish(ctx, by, from.ID, []convene.Wish{{To: to.ID, Kind: scene.WishWant}}); err != nil {
		t.Fatal(err)
	}
	h.publishedFirst()
	mark := "有翻译（中文↔英语）"
	h.sees(h.base+"/plan", mark)
	h.sees(h.base+"/plan?view=people", mark)
	h.sees(h.base+"/print/tables", mark)
	h.sees(h.base+"/print/schedules", mark)
	guest := h.office.browser()
	guest.sees("/e/"+to.Delegates[0].Code, "有翻译（英语↔中文）")
	// A second one cannot stand at the same time.
	if _, err := h.fairs.Wish(ctx, by, all["乙局"].ID, []convene.Wish{{To: all["丙公司"].ID, Kind: scene.WishWant}}); err != nil {
		t.Fatal(err)
	}
	h.do("/plan", "/plan", url.Values{"do": {"solve"}, "seconds": {"10"}})
	h.fairs.Await(ctx, h.fair.ID)
	d, err := h.fairs.Draft(ctx, by, h.fair.ID)
	if err != nil || len(d.Plan.Meetings) != 2 || d.Plan.Meetings[0].Slot == d.Plan.Meetings[1].Slot {
		t.Fatalf("%+v, %v", d, err)
	}
	a, b := d.Plan.Meetings[0], d.Plan.Meetings[1]
	w := h.fill(h.base+"/plan", h.base+"/plan", url.Values{"do": {"move"}, "meeting": {a.ID}, "slot": {b.Slot}, "table": {"A04"}})
	if body := w.Body.String(); w.Code != http.StatusPreconditionFailed || !strings.Contains(body, "翻译都已有安排") || strings.Contains(body, "“interpreter”") {
		t.Errorf("%d\n%s", w.Code, shown(body))
	}
	h.parties()
	h.fair.Interpreters = 0
	if _, err := h.fairs.Edit(ctx, by, h.fair); err != nil {
		t.Fatal(err)
	}
	h.sees(h.base+"/day", "翻译不够：1 场会谈将没有翻译", `value="mend"`)
}
