package web_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"jinghe/internal/scene"
)

// TestNextStep leads an event from its making to its report by what its page offers
// first in each state.
func TestNextStep(t *testing.T) {
	t.Parallel()
	o := newOffice(t, unlimited)
	h := &held{browser: o.as(scene.RoleOrganiser)}
	form := fairForm()
	form.Set("mode", "mutual")
	h.base = where(t, "create", h.fill("/console/events/new", "/console/events/new", form))
	next := func(texts ...string) {
		t.Helper()
		body := h.get(h.base).Body.String()
		_, step, _ := strings.Cut(body, `class="panel next-step"`)
		step, _, _ = strings.Cut(step, "</section>")
		for _, text := range texts {
			if !strings.Contains(step, text) {
				t.Errorf("the next step lacks %q:\n%s", text, shown(step))
			}
		}
	}
	next("下一步：开放报名", `value="open"`, "way-now")
	h.do("/state", "/", url.Values{"to": {"open"}})
	next("下一步：邀请单位", h.base+"/parties")
	h.do("/parties", "/parties", url.Values{"lines": {"某某科技有限公司，张工\n甲公司,李工\n乙局；王处\n丙公司，赵经理"}})
	next("收齐意愿", "已确认 4 家", "4 家还没有提", `value="closed"`)
	all := h.parties()
	guest := h.office.browser()
	wish := func(from, to string) {
		t.Helper()
		page := "/e/" + all[from].Delegates[0].Code
		where(t, "wish", guest.fill(page, page+"/wish", url.Values{"to": {string(all[to].ID)}, "kind": {"want"}, "about": {"谈谈漏损"}}))
	}
	wish("甲公司", "乙局")
	asked := "/e/" + all["乙局"].Delegates[0].Code
	guest.sees(asked, "想见您的单位（1）", "甲公司", "谈谈漏损", "愿意见")
	h.do("/state", "/", url.Values{"to": {"closed"}})
	next("催一催确认", "1 条意愿", h.base+"/plan")
	h.sees(h.base+"/plan", "等对方确认的意愿（1）")
	wish("乙局", "甲公司")
	if body := guest.get(asked).Body.String(); strings.Contains(body, "想见您的单位") {
		t.Error("what was answered is asked still")
	}
	next("下一步：排出会谈", h.base+"/whatif")
	h.do("/plan", "/plan", url.Values{"do": {"solve"}, "seconds": {"5"}})
	h.fairs.Await(t.Context(), h.fair.ID)
	next("检查草案并发布")
	draft, err := h.fairs.Draft(t.Context(), steward(), h.fair.ID)
	if err != nil || draft == nil {
		t.Fatal("no draft", err)
	}
	if _, err := h.fairs.Publish(t.Context(), steward(), h.fair.ID, draft.Row.Revision, nil); err != nil {
		t.Fatal(err)
	}
	next("正在进行", h.base+"/day")
	h.do("/state", "/", url.Values{"to": {"over"}})
	next("已结束", h.base+"/report")

	// Nothing of one that is over is offered to be changed.
	for _, part := range []string{"/parties", "/plan", "/day", "/stage", "/report", "/parties/" + string(all["甲公司"].ID)} {
		body := h.sees(h.base + part)
		if _, main, _ := strings.Cut(body, "<main"); strings.Contains(main, `method="post"`) || strings.Contains(main, "本版通知") {
			t.Errorf("%s of an event that is over has a form, or somebody to call:\n%s", part, shown(main))
		}
	}
	if body := h.sees(h.base + "/whatif"); !strings.Contains(body, "只供查看") {
		t.Error("what-if of an event that is over does not say so")
	}
	h.sees(h.base+"/report", "比", "先到先得", "全部指标")
	if w := h.fill("/console/events/new", h.base+"/whatif", url.Values{}); w.Code == http.StatusOK || w.Code >= 500 {
		t.Errorf("what-if is worked out for one that is over: %d", w.Code)
	}
}

// TestVisitSeats: delegates sign up for a visit on their phones until it is full; the
// centre sees the count and prints the list.
func TestVisitSeats(t *testing.T) {
	t.Parallel()
	o := newOffice(t, unlimited)
	h := &held{browser: o.as(scene.RoleOrganiser)}
	h.base = where(t, "create", h.fill("/console/events/new", "/console/events/new", fairForm("programme", "17:30-18:30 一对一\n19:00-20:30 参观")))
	h.do("/state", "/", url.Values{"to": {"open"}})
	h.do("/parties", "/parties", url.Values{"lines": {"甲公司,李工\n乙局；王处"}})
	all := h.parties()
	h.do("/stage", "/stage", url.Values{"do": {"acts"}, "block": {"1"}, "revision": {strconv.Itoa(h.fair.Revision)}, "acts": {"参观水厂，60分钟，东门，限1人\n看展板，10分钟"}})
	h.parties() // reads the event anew
	act := h.fair.Blocks[1].Acts[0]
	guest := h.office.browser()
	first, second := "/e/"+all["甲公司"].Delegates[0].Code, "/e/"+all["乙局"].Delegates[0].Code
	guest.sees(first, "可报名的环节", "参观水厂", "还有 1 个名额")
	for i, page := range []string{first, second} {
		where(t, "sign up", guest.fill(page, page+"/seat", url.Values{"act": {string(act.ID)}, "do": {"seat"}, "key": {"seat-key-" + strconv.Itoa(i)}}))
	}
	guest.sees(first, "已报名", "取消报名")
	guest.sees(second, "候补第 1 位")
	h.sees(h.base+"/stage", "1 / 1", "候补 1")
	h.sees(h.base+"/print/visits", "李工 · 甲公司", "候补第 1 位", "王处 · 乙局")
	where(t, "give up", guest.fill(first, first+"/seat", url.Values{"act": {string(act.ID)}, "do": {"unseat"}, "key": {"seat-key-2"}}))
	guest.sees(second, "已报名")
	if w := guest.fill(first, first+"/seat", url.Values{"act": {string(h.fair.Blocks[1].Acts[1].ID)}, "do": {"seat"}, "key": {"seat-key-3"}}); w.Code != http.StatusNotFound {
		t.Errorf("an entry without places: %d", w.Code)
	}
	h.sees("/events/"+string(h.fair.ID), "限 1 人报名")
}

// TestSeatsInTheWorkspace: an organisation gives its delegates places at a visit.
func TestSeatsInTheWorkspace(t *testing.T) {
	t.Parallel()
	o := newOffice(t, unlimited)
	h := &held{browser: o.as(scene.RoleOrganiser)}
	h.base = where(t, "create", h.fill("/console/events/new", "/console/events/new", fairForm("programme", "17:30-18:30 一对一\n19:00-20:30 参观")))
	h.do("/state", "/", url.Values{"to": {"open"}})
	h.do("/parties", "/parties", url.Values{"lines": {"某某科技有限公司，张工"}})
	h.parties()
	h.do("/stage", "/stage", url.Values{"do": {"acts"}, "block": {"1"}, "revision": {strconv.Itoa(h.fair.Revision)}, "acts": {"参观水厂，60分钟，东门，限1人"}})
	mine := h.parties()["某某科技有限公司"]
	act, own, b := h.fair.Blocks[1].Acts[0], strings.Replace(h.base, "/console", "/workspace", 1), o.as(scene.RoleProvider)
	b.sees(own, "可报名的环节", "参观水厂", "还有 1 个名额", "张工")
	seat := func(do, key string) url.Values {
		return url.Values{"act": {string(act.ID)}, "who": {string(mine.Delegates[0].ID)}, "do": {do}, "key": {"workspace-" + key}}
	}
	where(t, "sign up", b.fill(own, own+"/seat", seat("seat", "1")))
	b.sees(own, "已报名", "取消报名")
	h.sees(h.base+"/stage", "1 / 1")
	where(t, "give up", b.fill(own, own+"/seat", seat("unseat", "2")))
	b.sees(own, "还有 1 个名额")
	if w := b.fill(own, own+"/seat", url.Values{"act": {"nothing"}, "who": {string(mine.Delegates[0].ID)}, "do": {"seat"}, "key": {"workspace-3"}}); w.Code != http.StatusNotFound {
		t.Errorf("an entry that is not there: %d", w.Code)
	}
	desk := h.base + "/parties/" + string(mine.ID)
	h.sees(desk, "可报名的环节", "参观水厂", "还有 1 个名额")
	where(t, "staff sign up", h.fill(desk, desk+"/seat", seat("seat", "4")))
	h.sees(desk, "已报名", "取消报名")
	where(t, "staff give up", h.fill(desk, desk+"/seat", seat("unseat", "5")))
	h.sees(h.base+"/stage", "0 / 1")
	stray := seat("seat", "6")
	stray.Set("who", "nobody")
	if w := h.fill(desk, desk+"/seat", stray); w.Code != http.StatusNotFound {
		t.Errorf("a delegate who is not there: %d", w.Code)
	}
}

// TestSeatByProgram: another program signs people up for a visit, the organisation's
// own and the centre's; who is late waits, and nobody seats the people of others.
func TestSeatByProgram(t *testing.T) {
	t.Parallel()
	o := newOffice(t, unlimited)
	h := &held{browser: o.as(scene.RoleOrganiser)}
	h.base = where(t, "create", h.fill("/console/events/new", "/console/events/new", fairForm("programme", "17:30-18:30 一对一\n19:00-20:30 参观")))
	h.do("/state", "/", url.Values{"to": {"open"}})
	h.do("/parties", "/parties", url.Values{"lines": {"某某科技有限公司，张工\n别的公司，李工"}})
	all := h.parties()
	h.do("/stage", "/stage", url.Values{"do": {"acts"}, "block": {"1"}, "revision": {strconv.Itoa(h.fair.Revision)}, "acts": {"参观水厂，60分钟，东门，限1人"}})
	h.parties()
	ctx, id, act := t.Context(), string(h.fair.ID), string(h.fair.Blocks[1].Acts[0].ID)
	mine, other := all["某某科技有限公司"], all["别的公司"]
	me, them := string(mine.Delegates[0].ID), string(other.Delegates[0].ID)
	own, staff := o.wired(o.program(scene.RoleProvider, scene.ScopeEvents)), o.wired(o.program(scene.RoleSteward, scene.ScopeEvents))
	if seats, err := own.OwnSeats(ctx, id); err != nil || len(seats) != 1 || seats[0].Act.Seats != 1 || seats[0].Taken != 0 || len(seats[0].Who) != 0 {
		t.Fatalf("%+v, %v", seats, err)
	}
	if _, err := staff.EnterSeat(ctx, id, string(other.ID), act, them, true); err != nil {
		t.Fatal(err)
	}
	seats, err := own.SayOwnSeat(ctx, id, act, me, true)
	if err != nil || seats[0].Taken != 1 || seats[0].Queue != 1 || len(seats[0].Who) != 1 || seats[0].Who[0].Delegate != me || seats[0].Who[0].Place != 1 {
		t.Fatalf("who is late: %+v, %v", seats, err)
	}
	_, err = own.SayOwnSeat(ctx, id, act, them, true)
	refused(t, "somebody else's delegate", err, http.StatusNotFound, 0)
	_, err = own.EnterSeat(ctx, id, string(other.ID), act, them, false)
	refused(t, "for the centre", err, http.StatusForbidden, 0)
	if seats, err = staff.EnterSeat(ctx, id, string(other.ID), act, them, false); err != nil || len(seats[0].Who) != 1 || seats[0].Who[0].Name != "张工" || seats[0].Who[0].Place != 0 {
		t.Errorf("who waited moves up: %+v, %v", seats, err)
	}
	if seats, err = staff.Seats(ctx, id); err != nil || seats[0].Taken != 1 || seats[0].Queue != 0 {
		t.Errorf("%+v, %v", seats, err)
	}
}

// TestDesk: at the desk people are checked in by name too, told where to go, and
// offered to choose where a name fits several.
func TestDesk(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	all := h.wished()
	h.do("/parties", "/parties", url.Values{"lines": {"丁公司，李工"}})
	page := h.base + "/day"
	h.sees(page, "胸卡代码或姓名", "data-live=")
	w := h.fill(page, page, url.Values{"do": {"arrive"}, "code": {"李工"}})
	if body := w.Body.String(); w.Code != http.StatusPreconditionFailed && w.Code != http.StatusConflict || !strings.Contains(body, "有 2 人") || !strings.Contains(body, "丁公司") {
		t.Fatalf("two of one name: %d\n%s", w.Code, shown(body))
	}
	x := all["甲公司"]
	arrive := func(form url.Values) string {
		form.Set("do", "arrive")
		return h.fill(page, page, form).Header().Get("Location")
	}
	h.sees(arrive(url.Values{"party": {string(x.ID)}, "delegate": {string(x.Delegates[0].ID)}}), "李工（甲公司）已签到。下一场：")
	h.sees(arrive(url.Values{"code": {" 王处 "}}), "王处（乙局）已签到")
	code := all["丙公司"].Delegates[0].Code
	h.sees(h.base+"/print/schedules", code[:4]+" "+code[4:8], "二维码指向 http")
	h.sees(arrive(url.Values{"code": {strings.ToLower(code[:4] + " " + code[4:])}}), "赵经理（丙公司）已签到")
	if w := h.fill(page, page, url.Values{"do": {"arrive"}, "party": {string(x.ID)}, "delegate": {"nobody"}}); w.Code != http.StatusNotFound {
		t.Errorf("a delegate who is not there: %d", w.Code)
	}
	h.sees(page, "到场 3 / 5")
}
