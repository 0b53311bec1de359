package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"jinghe/internal/scene"
)

// TestEventFaultsAtOnce: everything that is wrong with an event is told at once, each at
// its field; a day that is over is asked about, and taken when somebody says that it is right.
func TestEventFaultsAtOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t, unlimited)
	b := o.as(scene.RoleSteward)
	const page = "/console/events/new"
	wrong := fairForm("title", " ", "day", "明天", "programme", "09:00 开会\n10:00-11:00 一对一\n11:00-12:00 聚餐", "halls", "一号厅\nB 0", "minutes", "2", "min", "9", "max", "3", "capacity", "六十")
	w := b.fill(page, page, wrong)
	if w.Code != http.StatusUnprocessableEntity {
		t.Fatalf("%d, want it refused", w.Code)
	}
	faults := map[string]string{}
	for _, x := range parse(t, page, w.Body.String()).all("p") {
		if attr(x, "class") == "field-fault" {
			faults[attr(x, "id")] = text(x)
		}
	}
	for field, texts := range map[string][]string{
		"title": {"必填"}, "day": {"请填写日期"}, "programme": {"第 1 行“09:00 开会”看不懂时间", "第 3 行“11:00-12:00 聚餐”看不懂环节"},
		"halls": {"第 1 行“一号厅”", "第 2 行“B 0”"}, "minutes": {"5 到 240 分钟"}, "min": {"最少场次不能多于最多场次"}, "capacity": {"“六十”不是整数"},
	} {
		for _, want := range texts {
			if !strings.Contains(faults["fault-"+field], want) {
				t.Errorf("%s lacks %q: %q", field, want, faults["fault-"+field])
			}
		}
	}
	if strings.Contains(w.Body.String(), "此项填写有误") {
		t.Error("a fault of no field is told")
	}
	if !strings.Contains(w.Body.String(), `value="六十"`) {
		t.Error("what was typed as a number is lost")
	}

	past := fairForm("day", today().AddDate(0, 0, -3).Format("2006-01-02"))
	w = b.fill(page, page, past)
	if body := w.Body.String(); w.Code != http.StatusUnprocessableEntity || !strings.Contains(body, "就已结束") || !strings.Contains(body, `name="past"`) || !strings.Contains(body, `action="`+page+`"`) {
		t.Fatalf("a day that is over: %d\n%s", w.Code, shown(body))
	}
	past.Set("past", "yes")
	where(t, "a past event on purpose", b.fill(page, page, past))
}

// TestMustThatMetANever: who asked is told that the meeting could not be arranged, in the
// words of any other that found no place; the organisers are told why, and every
// contradiction that stands on its own.
func TestMustThatMetANever(t *testing.T) {
	t.Parallel()
	h := newHeld(t, "min", "0")
	all := h.parties()
	guest := h.office.browser()
	h.before(4 * time.Hour)
	say := func(from, to, kind string) {
		t.Helper()
		page := "/e/" + all[from].Delegates[0].Code
		where(t, "wish", guest.fill(page, page+"/wish", url.Values{"to": {string(all[to].ID)}, "kind": {kind}}))
	}
	const owner = "某某科技有限公司"
	say(owner, "乙局", "must")
	say("乙局", owner, "never")
	say("丙公司", "甲公司", "must")
	say("甲公司", "丙公司", "never")
	say(owner, "甲公司", "want")
	if body := guest.get("/e/" + all[owner].Delegates[0].Code).Body.String(); strings.Contains(body, "未能安排") {
		t.Error("it is told before anything is published")
	}
	h.before(3 * time.Hour)
	defer h.before(0)
	h.do("/plan", "/plan", url.Values{"do": {"solve"}, "seconds": {"10"}})
	h.fairs.Await(t.Context(), h.fair.ID)
	h.sees(h.base+"/plan", "无法同时满足的条件（1/2）", "无法同时满足的条件（2/2）", "一方提了必见，乙局表示不见", "一方提了必见，甲公司表示不见")
	staff := h.wired(h.program(scene.RoleSteward, scene.ScopeEvents))
	draft, err := staff.EventDraft(t.Context(), string(h.fair.ID))
	if err != nil || len(draft.Contradictions) != 2 || len(draft.More) != 1 || len(draft.More[0]) != 2 {
		t.Fatalf("contradictions %v and %v, %v", draft.Contradictions, draft.More, err)
	}
	if _, err := h.fairs.Publish(t.Context(), steward(), h.fair.ID, draft.Revision, nil); err != nil {
		t.Fatal(err)
	}
	body := guest.sees("/e/"+all[owner].Delegates[0].Code, "乙局（必见）：未能安排")
	for _, word := range []string{"不见", "拒绝"} {
		if _, section, _ := strings.Cut(body, `id="unmet"`); strings.Contains(strings.SplitN(section, "</details>", 2)[0], word) {
			t.Errorf("who asked reads %q", word)
		}
	}
	if body := guest.get("/e/" + all["乙局"].Delegates[0].Code).Body.String(); strings.Contains(body, "未能安排") {
		t.Error("who refused is told that something could not be arranged")
	}
	c := h.wired(h.program(scene.RoleProvider, scene.ScopeEvents))
	plan, _, err := c.Schedule(t.Context(), string(h.fair.ID))
	if err != nil || len(plan.LeftOut) != 1 || plan.LeftOut[0].Party.Name != "乙局" || plan.LeftOut[0].Wish != "must" || plan.LeftOut[0].Later {
		t.Errorf("by program %+v, %v", plan.LeftOut, err)
	}
}
