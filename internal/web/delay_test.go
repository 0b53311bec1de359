package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestDelayKeepsTheOpening: an opening that is over keeps its hours on every page once the
// hall is late, and the desk can say from where on it is.
func TestDelayKeepsTheOpening(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	x := h.wished()["甲公司"]
	opening := h.fair.Blocks[0]
	day := h.base + "/day"
	h.before(today().Sub(opening.End.Add(5 * time.Minute)))
	h.do("/day", "/day", url.Values{"do": {"late"}, "late": {"30"}})
	guest := h.office.browser()
	for _, body := range []string{guest.sees("/e/" + x.Delegates[0].Code), guest.sees("/events/" + string(h.fair.ID)), h.sees(h.base)} {
		for _, text := range []string{"09:00–09:30 开幕", "18:00–19:00 （原定 17:30–18:30）"} {
			if !strings.Contains(strings.ReplaceAll(shown(body), "一对一洽谈", ""), text) {
				t.Errorf("lacks %q: %s", text, shown(body))
			}
		}
	}
	h.sees(h.base+"/print/schedules", "18:00 A0")
	guest.sees("/e/"+x.Delegates[0].Code+"/calendar.ics", "DTSTART:")
	h.sees(day, "从哪里起", "18:20 一对一洽谈", "18:40 一对一洽谈")
	h.sees(h.base+"/plan", "起顺延 30 分钟，本页时间已按顺延后写", "18:00–18:20", "18:40–19:00")
	from := h.fair.Slots[1].Start.UTC().Format(time.RFC3339)
	h.do("/day", "/day", url.Values{"do": {"late"}, "late": {"40"}, "from": {from}})
	guest.sees("/e/"+x.Delegates[0].Code, "17:50 起顺延 40 分钟", "18:00–18:20", "18:30–18:50")
	if w := h.fill(day, day, url.Values{"do": {"late"}, "late": {"40"}, "from": {"noon"}}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("from noon: %d", w.Code)
	}
	for _, typed := range []string{"十分钟", ""} { // which is not that the hall is in time
		w := h.fill(day, day, url.Values{"do": {"late"}, "late": {typed}})
		if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "顺延请填 0 到 240 分钟") {
			t.Errorf("%q minutes: %d", typed, w.Code)
		}
	}
	h.do("/day", "/day", url.Values{"do": {"late"}, "late": {"４０"}, "from": {from}})
	h.sees(day+"?lang=en", "From where on", "What runs now (what is over stays)")
	for _, page := range []string{"/e/" + x.Delegates[0].Code, "/events/" + string(h.fair.ID)} {
		guest.sees(page, "09:00–19:10") // the event itself
	}
	h.do("/day", "/day", url.Values{"do": {"late"}, "late": {"0"}})
	h.sees(day+"?done=day.late_back&lang=zh", "已恢复原定时间")
	guest.sees("/e/"+x.Delegates[0].Code, "顺延已取消，按原定时间进行")
	b, err := h.fairs.Board(t.Context(), h.fair.ID)
	if err != nil || b.Fair.DelayAt(opening.Start) != 0 {
		t.Errorf("the opening is late: %v, %v", b.Fair.Delays, err)
	}
}
