package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/web/fair"
)

// leads is where a form that was sent leads to.
func leads(w *httptest.ResponseRecorder) string { return w.Header().Get("Location") }

// TestBadgeReadTwice: a badge that is read a second time says since when its delegate is
// there, on the phone that reads it and at the desk, and is no second arrival.
func TestBadgeReadTwice(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	x := h.wished()["甲公司"]
	code := convene.BadgeCode(h.fair.ID, x.Delegates[0].ID)
	badge, day := fair.BadgePath(h.fair.ID, x.Delegates[0].ID), h.base+"/day"
	arrive := url.Values{"do": {"arrive"}, "code": {code}}
	if body := h.sees(badge, "李工", "签到"); !strings.Contains(body, "data-at-once") {
		t.Error("the first reading sends nothing")
	}
	h.sees(leads(h.fill(day, day, arrive)), "李工（甲公司）已签到。下一场")
	b, err := h.fairs.Board(t.Context(), h.fair.ID)
	if err != nil {
		t.Fatal(err)
	}
	at := b.Day.Arrived[x.Delegates[0].ID].In(scene.China()).Format("15:04")
	for _, how := range []url.Values{arrive, {"do": {"arrive"}, "party": {string(x.ID)}, "delegate": {string(x.Delegates[0].ID)}}, {"do": {"arrive"}, "code": {"李工"}}} {
		body := h.sees(leads(h.fill(day, day, how)), "李工（甲公司）已于 "+at+" 签到，这次没有重复登记。下一场：")
		if strings.Contains(body, `class="done"`) {
			t.Error("it looks like a first arrival")
		}
	}
	if body := h.sees(badge, "李工（甲公司）已于 "+at+" 签到"); strings.Contains(body, "data-at-once") {
		t.Error("a second reading is sent")
	}
	page := "/e/" + x.Delegates[0].Code
	h.sees(leads(h.fill(page, page+"/arrive", url.Values{"key": {"arrived-by-link"}})), "此前已签到，没有重复登记", at+" 已签到")
	after, err := h.fairs.Board(t.Context(), h.fair.ID)
	if err != nil || after.Print != b.Print {
		t.Errorf("a line was written for a second reading: %v", err)
	}
	h.sees(day+"?lang=en&done=day.arrive&again=1&party="+string(x.ID)+"&delegate="+string(x.Delegates[0].ID), "was checked in at "+at+" already; nothing was entered twice. Next: ")
}

// TestOnePersonTwoParties: the personal pages of one person who comes for two parties tell
// each of the meetings for the other; the desk checks him in for both.
func TestOnePersonTwoParties(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	h.do("/parties", "/parties", url.Values{"lines": {"甲公司分公司，张工，z@example.com"}})
	all := h.wished()
	one, two := all["某某科技有限公司"], all["甲公司分公司"]
	h.before(time.Hour)
	guest := h.office.browser()
	guest.sees("/e/"+one.Delegates[0].Code, "您还代表 甲公司分公司：", " A0")
	body := guest.sees("/e/"+two.Delegates[0].Code, "您还代表 某某科技有限公司：", " A0")
	if strings.Contains(body, "您在本场活动还代表另一家单位") {
		t.Error("he is told the same once more, and less of it")
	}
	day := h.base + "/day"
	h.sees(leads(h.fill(day, day, url.Values{"do": {"arrive"}, "party": {string(one.ID)}, "delegate": {string(one.Delegates[0].ID)}})), "还代表 甲公司分公司：", "到场 2 / 5")
	h.sees(leads(h.fill(day, day, url.Values{"do": {"arrive"}, "party": {string(two.ID)}, "delegate": {string(two.Delegates[0].ID)}})), "代表 某某科技有限公司 签到，两家同时算到场", "到场 2 / 5")
	guest.sees("/e/"+two.Delegates[0].Code, "已签到")
	guest.sees("/e/"+two.Delegates[0].Code+"?lang=en", "You also come for 某某科技有限公司: ")
}

// TestAwayAfterArriving: who is checked in and was noted absent for slots to come stays so
// until the desk says otherwise.
func TestAwayAfterArriving(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	x := h.wished()["甲公司"]
	h.before(time.Hour)
	slot := h.fair.Slots[1]
	if err := h.fairs.NoShow(t.Context(), steward(), h.fair.ID, x.ID, []string{slot.ID}, "absent-000001"); err != nil {
		t.Fatal(err)
	}
	day := h.base + "/day"
	arrive := url.Values{"do": {"arrive"}, "party": {string(x.ID)}, "delegate": {string(x.Delegates[0].ID)}}
	body := h.sees(leads(h.fill(day, day, arrive)), "李工 登记过有几段时间不在", "不在的时段："+slot.Start.In(scene.China()).Format("15:04"), "这些时段也在场")
	if !strings.Contains(body, `name="after"`) {
		t.Error("nothing takes it back")
	}
	arrive.Set("after", slot.ID)
	w := h.fill(day, day, arrive)
	if body := h.sees(leads(w)); w.Code != http.StatusSeeOther || strings.Contains(body, "登记过有几段时间不在") {
		t.Error("it was not taken back")
	}
}
