package web_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"jinghe/internal/scene"
)

// TestWhyConditionsCannotBeKept: conditions that nothing else contradicts stand in one part
// of the page, each with what there is instead, and the interpreters on the overview.
func TestWhyConditionsCannotBeKept(t *testing.T) {
	t.Parallel()
	h := newHeld(t, "mode", "mutual", "min", "2", "interpreters", "1")
	h.sees(h.base, "翻译人数", "1 名，没有共同语言的会谈各用一名")
	all, guest := h.parties(), h.office.browser()
	for from, to := range map[string]string{"甲公司": "乙局", "乙局": "甲公司", "丙公司": "甲公司"} {
		page := "/e/" + all[from].Delegates[0].Code
		where(t, "wish", guest.fill(page, page+"/wish", url.Values{"to": {string(all[to].ID)}, "kind": {"want"}, "about": {"谈谈漏损"}}))
	}
	h.before(3 * time.Hour)
	h.do("/plan", "/plan", url.Values{"do": {"solve"}, "seconds": {"10"}})
	h.fairs.Await(t.Context(), h.fair.ID)
	body := h.sees(
		h.base+"/plan", "无法满足的条件（4）", "“乙局”至少 2 场，可排的会谈却只有 1 场：与甲公司<", "“甲公司”至少 2 场，可排的会谈却只有 1 场：与乙局；另有 1 条意愿等对方确认",
		"“丙公司”至少 2 场，却没有一场可排的会谈；另有 1 条意愿等对方确认", "“某某科技有限公司”至少 2 场，却没有一场可排的会谈；它没有提过意愿，也没有单位想见它",
	)
	if n := strings.Count(body, `id="conflict`); n != 1 {
		t.Errorf("%d parts tell of conditions, want 1", n)
	}
	h.sees(h.base+"/plan?lang=en", "Conditions that cannot be kept (4)", "there is only 1 to plan: with 甲公司", "it named nobody, and nobody named it")
}

// TestAddingStandsBeforeTheList: a long list of parties hides no form that adds one.
func TestAddingStandsBeforeTheList(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	body := h.sees(h.base + "/parties")
	if add, list := strings.Index(body, `id="add"`), strings.Index(body, `id="parties"`); add < 0 || list < 0 || add > list {
		t.Errorf("the form at %d, the list at %d", add, list)
	}
}

// TestPlanQuotesHoursThatHold: changes and the form that moves a meeting quote the hours
// with the delay of the hall, and the form begins with the next slot to come.
func TestPlanQuotesHoursThatHold(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	h.wished()
	h.before(today().Sub(h.fair.Slots[0].Start.Add(-10 * time.Minute)))
	h.do("/day", "/day", url.Values{"do": {"late"}, "late": {"30"}})
	plan, err := h.fairs.Board(t.Context(), h.fair.ID)
	if err != nil {
		t.Fatal(err)
	}
	first := plan.Rounds[0].Meetings[0]
	h.do("/plan", "/plan", url.Values{"do": {"move"}, "meeting": {first.ID}, "slot": {first.Slot}, "table": {"A04"}})
	main := shown(h.sees(h.base + "/plan"))
	if !strings.Contains(main, "18:00 "+first.Table) || !strings.Contains(main, "18:00 A04") || strings.Count(main, "17:30") != 1 { // from when on it is late
		t.Errorf("other hours than 18:00 are quoted: %s", main)
	}
	h.before(today().Sub(h.fair.Slots[0].Start.Add(35 * time.Minute)))
	page := parse(t, "plan", h.sees(h.base+"/plan"))
	for _, option := range page.all("option") {
		if attr(option, "value") == h.fair.Slots[1].ID && !has(option, "selected") || attr(option, "value") == h.fair.Slots[0].ID && has(option, "selected") {
			t.Errorf("the form begins elsewhere than with the second slot")
		}
	}
}

// TestConsoleTellsOfEvents: who runs events sees first which is next, and what to do.
func TestConsoleTellsOfEvents(t *testing.T) {
	t.Parallel()
	o := newOffice(t, unlimited)
	b := o.as(scene.RoleOrganiser)
	b.sees("/console", "没有要开的对接会", "/console/events/new")
	h := &held{browser: b}
	h.base = where(t, "create", h.fill("/console/events/new", "/console/events/new", fairForm()))
	b.sees("/console", "水务对接会", h.base, "下一步：开放报名", h.base+"/state")
	h.do("/state", "/", url.Values{"to": {"open"}})
	b.sees("/console?lang=en", "Next: invite parties", h.base+"/parties")
	o.as(scene.RoleSteward).sees("/console", "水务对接会")
	h.do("/state", "/", url.Values{"to": {"cancelled"}})
	b.sees("/console?lang=zh", "没有要开的对接会")
}
