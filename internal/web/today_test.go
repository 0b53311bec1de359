package web_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestClosedTable: a table that is closed is marked where tables stand, and is no choice
// for a move; who was noted absent is told on his page, and the calendar speaks the
// language of its link.
func TestClosedTable(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	x := h.wished()["甲公司"]
	h.before(3 * time.Hour)
	h.do("/day", "/day", url.Values{"do": {"close"}, "table": {"A04"}})
	plan := h.sees(h.base+"/plan", "A04（已停用）", `<option value="A03"`)
	if strings.Contains(plan, `<option value="A04"`) {
		t.Error("a meeting can be moved to a table that is closed")
	}
	h.sees(h.base, "已停用：A04")
	h.sees(h.base+"/day", "已停用：A04")
	h.sees(h.base+"?lang=en", "4 tables in 1 hall", "closed: A04")
	page, guest := "/e/"+x.Delegates[0].Code, h.office.browser()
	h.do("/day", "/day", url.Values{"do": {"absent"}, "party": {string(x.ID)}, "key": {"absence-of-one-party"}})
	guest.sees(page, "现场已把贵单位记为缺席", "calendar.ics?lang=zh")
	if text := guest.sees(page + "/calendar.ics?lang=en"); !strings.Contains(text, "For them: ") {
		t.Errorf("an English calendar: %s", text)
	}
}

// TestEventFormSays: what is empty, out of range or takes meetings their place is told at
// its field, with what to do.
func TestEventFormSays(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	h.wished()
	fill := func(more ...string) string {
		t.Helper()
		h.parties() // reads the event anew
		w := h.fill(h.base+"/edit", h.base+"/edit", fairForm(append(more, "revision", strconv.Itoa(h.fair.Revision))...))
		if w.Code == http.StatusSeeOther {
			return ""
		}
		return w.Body.String()
	}
	tomorrow := today().AddDate(0, 0, 1).Format(time.DateOnly)
	for want, typed := range map[string][]string{
		"不限或不安排请填 0":      {"interpreters", ""},
		"翻译人数请填 0 到 2000": {"interpreters", "99999"},
		"桌数请填 1 到 2000":   {"halls", "A 99999 一号厅"},
		"请取消这个活动、另建一个":    {"day", tomorrow},
	} {
		if body := fill(typed...); !strings.Contains(body, want) {
			t.Errorf("%v: lacks %q: %s", typed, want, shown(body))
		}
	}
	if body := fill("capacity", "3"); body != "" {
		t.Errorf("not saved: %s", shown(body))
	}
	h.sees(h.base, "已确认 4 家，多于单位数上限 3 家")
}
