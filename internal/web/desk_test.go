package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jinghe/internal/scene"
)

// TestWalkInWhileFull: a walk-in for whom there is no place is told to wait at once, is
// found by name, and comes in by a press that says how far the hall is above its
// capacity; a party that waits reads so on its own page.
func TestWalkInWhileFull(t *testing.T) {
	t.Parallel()
	h := newHeld(t, "capacity", "4")
	day := h.base + "/day"
	says := func(what string, form url.Values, code int, texts ...string) string {
		t.Helper()
		w := h.fill(day, day, form)
		body := w.Body.String()
		if w.Code != code {
			t.Fatalf("%s: %d, want %d\n%s", what, w.Code, code, shown(body))
		}
		for _, text := range texts {
			if !strings.Contains(body, text) {
				t.Errorf("%s lacks %q:\n%s", what, text, shown(body))
			}
		}
		return body
	}
	says("the walk-in", url.Values{"do": {"walk_in"}, "name": {"临时公司"}, "person": {"临甲"}}, http.StatusPreconditionFailed,
		"“临时公司”在候补名单里", "会场 4 / 4", "超额让进（将超出容量 1 家）", "候补（1）")
	says("by name", url.Values{"do": {"arrive"}, "code": {"临甲"}}, http.StatusPreconditionFailed, "在候补名单里", "超额让进（将超出容量 1 家）")
	x := h.parties()["临时公司"]
	h.office.browser().sees("/e/"+x.Delegates[0].Code, "候补第 1 位", "名额已满")
	list := h.base + "/parties"
	w := h.fill(list, list+"/"+string(x.ID)+"/decide", url.Values{"to": {"accepted"}})
	if w.Code != http.StatusPreconditionFailed || !strings.Contains(w.Body.String(), "会场已满（4 / 4）") {
		t.Errorf("confirmed while full: %d\n%s", w.Code, shown(w.Body.String()))
	}
	in := url.Values{"do": {"let_in"}, "party": {string(x.ID)}, "delegate": {string(x.Delegates[0].ID)}, "over": {"0"}}
	says("without the word", in, http.StatusPreconditionFailed, "会场已满（4 / 4）", "将超出容量 1 家")
	in.Set("over", "1")
	where(t, "let in", h.fill(day, day, in))
	if h.parties()["临时公司"].State != scene.PartyAccepted {
		t.Error("it waits still")
	}
	h.sees(day, "到场 1 / 5")
	where(t, "again by name", h.fill(day, day, url.Values{"do": {"arrive"}, "code": {"临甲"}}))

	h.do("/day", "/day", url.Values{"do": {"absent"}, "party": {string(h.parties()["丙公司"].ID)}, "key": {"absent-000001"}})
	h.do("/day", "/day", url.Values{"do": {"absent"}, "party": {string(h.parties()["乙局"].ID)}, "key": {"absent-000002"}})
	where(t, "a walk-in in the place of a no-show", h.fill(day, day, url.Values{"do": {"walk_in"}, "name": {"再来公司"}, "person": {"再乙"}}))
	h.sees(day, "再来公司", "到场 2 / 6")
}
