package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
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
	day, folded := h.base+"/day", `<summary>谁来、为什么见、可以问什么</summary>`
	if body := h.fill(day, day, url.Values{"do": {"arrive"}, "code": {"张工"}}).Body.String(); !strings.Contains(body, "“张工”一人代表 2 家，任选一行签到，各家一并签到") {
		t.Errorf("one person is called two: %s", shown(body))
	}
	if next := between(body, `class="panel next"`, "</section>"); !strings.Contains(next, folded) {
		t.Errorf("the briefing pushes the code down before he is there: %s", next)
	}
	h.sees(leads(h.fill(day, day, url.Values{"do": {"arrive"}, "party": {string(one.ID)}, "delegate": {string(one.Delegates[0].ID)}})), "还代表 甲公司分公司：", "到场 2 / 5")
	h.sees(leads(h.fill(day, day, url.Values{"do": {"arrive"}, "party": {string(two.ID)}, "delegate": {string(two.Delegates[0].ID)}})), "代表 某某科技有限公司 签到，两家同时算到场", "到场 2 / 5")
	if next := between(guest.sees("/e/"+two.Delegates[0].Code, "已签到"), `class="panel next"`, "</section>"); next == "" || strings.Contains(next, folded) {
		t.Errorf("the briefing stays folded: %s", next)
	}
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

// TestOneOfTwoIsAbsent: of a party whose delegates go alone, the page of the day notes one
// as absent; his colleague who is free takes his meetings, and reads so on his phone.
func TestOneOfTwoIsAbsent(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	x := h.parties()["甲公司"]
	page := "/parties/" + string(x.ID)
	h.do(page+"/amend", page, url.Values{"name": {"甲公司"}, "delegates": {"李工\n陈工"}, "share": {"no"}, "revision": {strconv.Itoa(x.Revision)}})
	x = h.wished()["甲公司"]
	h.before(time.Hour)
	b, err := h.fairs.Board(t.Context(), h.fair.ID)
	if err != nil {
		t.Fatal(err)
	}
	own := func(d scene.Delegate) []convene.Appointment { return b.Appointments(x.ID, d.ID) }
	gone, stays := x.Delegates[0], x.Delegates[1]
	if len(own(gone)) == 0 {
		gone, stays = stays, gone
	}
	had := len(own(gone)) + len(own(stays))
	h.sees(h.base+"/day", "缺席："+gone.Name, "缺席："+stays.Name, "全体缺席")
	mark := b.Mark(x.ID, stays.ID)
	h.sees(leads(h.fill(h.base+"/day", h.base+"/day", url.Values{"do": {"absent"}, "party": {string(x.ID)}, "delegate": {string(gone.ID)}, "key": {b.AbsenceKey(x.ID, gone.ID)}})), "甲公司 · "+gone.Name, stays.Name)
	h.do("/plan", "/plan", url.Values{"do": {"publish"}, "revision": {"1"}})
	if b, err = h.fairs.Board(t.Context(), h.fair.ID); err != nil {
		t.Fatal(err)
	}
	if len(own(gone)) != 0 || len(own(stays)) != had || b.Mark(x.ID, stays.ID) == mark {
		t.Errorf("of %d meetings %s has %d and %s %d", had, gone.Name, len(own(gone)), stays.Name, len(own(stays)))
	}
	guest := h.office.browser()
	for _, a := range own(stays) {
		guest.sees("/e/"+stays.Code, b.Name(a.With))
		guest.sees("/e/"+h.parties()[b.Name(a.With)].Delegates[0].Code, stays.Name)
	}
	if body := h.sees(h.base+"/day", "缺席："+gone.Name); !strings.Contains(shown(body), "缺席："+stays.Name) {
		t.Error("the colleague cannot be noted any more")
	}
}

// TestTablesByTheDesk: a table that is typed wrongly is answered with those there are; one
// that is opened again gets back by one press what its closing took out.
func TestTablesByTheDesk(t *testing.T) {
	t.Parallel()
	h := newHeld(t, "halls", "A 2 一号厅")
	h.wished()
	h.before(time.Hour)
	day := h.base + "/day"
	for _, do := range []string{"close", "open"} {
		w := h.fill(day, day, url.Values{"do": {do}, "table": {"A2"}})
		if body := shown(w.Body.String()); w.Code != http.StatusUnprocessableEntity || !strings.Contains(body, "没有“A2”这张洽谈桌，安排没有改动。相近的有 A02") || !strings.Contains(body, "A01–A02") {
			t.Errorf("%s: %d\n%s", do, w.Code, body)
		}
	}
	h.do("/day", "/day", url.Values{"do": {"close"}, "table": {"a02"}})
	h.do("/plan", "/plan", url.Values{"do": {"publish"}, "revision": {"1"}})
	to := leads(h.fill(day, day, url.Values{"do": {"open"}, "table": {"A02"}}))
	h.sees(to, "A02 停用时拿掉的会谈（3）", "把还来得及的 3 场放回", "3 / 6")
	h.sees(leads(h.fill(h.base+"/plan", day, url.Values{"do": {"put_back"}, "table": {"A02"}})), "6 / 6")
	h.sees(to+"&lang=en", "Meetings taken out when A02 was closed (3)")
}

// TestReportedIsHere: who reports a meeting without a check-in stands on the page of the
// day as there, with the source, and reads on his own page that he counts.
func TestReportedIsHere(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	x := h.wished()["甲公司"]
	page, guest := "/e/"+x.Delegates[0].Code, h.office.browser()
	b, err := h.fairs.Board(t.Context(), h.fair.ID)
	if err != nil {
		t.Fatal(err)
	}
	a := b.Appointments(x.ID, x.Delegates[0].ID)[0]
	h.before(today().Sub(a.Round.End))
	where(t, "outcome", guest.fill(page, page+"/outcome", url.Values{"key": {"outcome-00001"}, "meeting": {a.ID}, "held": {"yes"}, "worth": {"2"}, "next": {"talk"}}))
	h.sees(h.base+"/day", "到场 1 / 4", "据会谈结果，未签到")
	guest.sees(page, "您报告了会谈结果，已按到场计")
}
