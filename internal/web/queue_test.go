package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
)

// waiting hands entries in and returns what picks each in the queue.
func (o *office) waiting(names ...string) (picks []string) {
	o.t.Helper()
	by := scene.Actor{ID: "x", Name: "某人", OrgID: o.org, Roles: []scene.Role{scene.RoleProvider}}
	for _, name := range names {
		e, err := o.registry.Create(o.t.Context(), by, registry.Entry{Capability: &scene.Capability{
			Listing:     scene.Listing{Name: name, Fields: []string{"smart_water"}, Contact: scene.Contact{Person: secretPerson, Phone: secretPhone}},
			Description: "分布式光纤声学监测系统，单机覆盖四十公里管线。",
		}})
		if err == nil {
			e, err = o.registry.Submit(o.t.Context(), by, registry.Step{Kind: e.Kind(), ID: e.Listing().ID, Revision: e.Listing().Revision})
		}
		if err != nil {
			o.t.Fatal(err)
		}
		picks = append(picks, "capability/"+string(e.Listing().ID)+"/"+strconv.Itoa(e.Listing().Revision))
	}
	return picks
}

// TestBulkReview: entries that were picked take a step together; who was too late
// is told, and stays picked.
func TestBulkReview(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	picks := o.waiting("管网漏损定位", "水压调度", "窨井预警")
	steward := o.as(scene.RoleSteward)
	first := steward.get("/console").Body.String()
	for _, pick := range picks {
		if !strings.Contains(first, `value="`+pick+`"`) {
			t.Errorf("%s is not in the queue", pick)
		}
	}
	late := strings.TrimSuffix(picks[2], "2") + "1"
	w := steward.fill("/console", "/console/reviews", url.Values{"pick": {picks[0], picks[1], late, "nonsense"}, "to": {"onward"}})
	results := parse(t, "results", w.Body.String()).withClass("results-list")
	if w.Code != http.StatusOK || len(results) != 1 {
		t.Fatalf("%d: %d lists of results", w.Code, len(results))
	}
	said := text(results[0])
	if strings.Count(said, "形式审查") != 2 || !strings.Contains(said, "窨井预警") {
		t.Errorf("results: %s", said)
	}
	if bad := parse(t, "results", w.Body.String()).withClass("bad"); len(bad) != 1 {
		t.Errorf("%d refused", len(bad))
	}
	if w := steward.fill("/console", "/console/reviews", url.Values{"pick": {picks[2]}, "to": {"draft"}}); !strings.Contains(w.Body.String(), "请写明理由") {
		t.Error("returned without a reason")
	}
	if w := steward.fill("/console", "/console/reviews", url.Values{"pick": {picks[2]}, "to": {"draft"}, "reason": {"请补充指标"}}); len(parse(t, "x", w.Body.String()).withClass("bad")) != 0 {
		t.Error("not returned")
	}
	if w := steward.fill("/console", "/console/reviews", url.Values{"to": {"onward"}}); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "请先勾选") {
		t.Errorf("nothing picked: %d", w.Code)
	}
	auditor := o.as(scene.RoleAuditor)
	if w := auditor.post("/console/reviews", url.Values{"pick": {picks[0]}, "to": {"onward"}, "form_token": {auditor.token("/account")}}); w.Code != http.StatusForbidden {
		t.Errorf("an auditor: %d", w.Code)
	}
}

// TestReviewNeighbours: the page of one entry leads on and back through the queue.
func TestReviewNeighbours(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	picks := o.waiting("管网漏损定位", "水压调度", "窨井预警")
	steward := o.as(scene.RoleSteward)
	at := func(i int) string {
		parts := strings.Split(picks[i], "/")
		return "/console/reviews/" + parts[0] + "/" + parts[1]
	}
	p := parse(t, at(1), steward.get(at(1)).Body.String())
	links := map[string]string{}
	for _, a := range p.all("a") {
		links[attr(a, "rel")] = attr(a, "href")
	}
	if links["prev"] != at(0) || links["next"] != at(2) {
		t.Errorf("prev %s, next %s", links["prev"], links["next"])
	}
	if pagers := p.withClass("pager"); len(pagers) != 1 || !strings.Contains(text(pagers[0]), "第 2 / 3 条") {
		t.Error("the place in the queue is not told")
	}
}

// TestConsoleFigures: what the first page counts is what the lists it leads to
// show, and who may not review is not shown a queue.
func TestConsoleFigures(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.waiting("管网漏损定位", "水压调度")
	leader := o.as(scene.RoleLeader)
	page := parse(t, "console", leader.get("/console").Body.String())
	tiles := page.withClass("tile")
	if len(tiles) < 6 {
		t.Fatalf("%d figures", len(tiles))
	}
	counted := 0
	for _, tile := range tiles {
		number, what, _ := strings.Cut(text(tile), " ")
		n, err := strconv.Atoi(number)
		if err != nil {
			t.Fatalf("%q: %v", text(tile), err)
		}
		counted += n
		url := attr(tile, "href")
		says := "共 " + number + " 条"
		if strings.HasPrefix(url, "/console/engagements") {
			says = strings.TrimSuffix(what, "对接") + " " + number // its tab
		}
		if list := text(parse(t, url, leader.get(url).Body.String()).root); !strings.Contains(list, says) {
			t.Errorf("%s: %s does not say %q", text(tile), url, says)
		}
	}
	own := o.as(scene.RoleDepartment)
	for _, path := range []string{"/console", "/console/entries"} { // it reads those of its own department alone
		department := parse(t, path, own.get(path).Body.String())
		if n := len(department.withClass("tile")); n > 0 || strings.Contains(text(department.root), "共 ") {
			t.Errorf("%s counts for a department what it may not read: %d figures", path, n)
		}
	}
	if counted < 2 {
		t.Errorf("%d counted in all", counted)
	}
	if queued(page) || !strings.Contains(text(page.root), "概览") {
		t.Error("who may not review has a queue")
	}
	if !queued(parse(t, "console", o.as(scene.RoleSteward).get("/console").Body.String())) {
		t.Error("who reviews has none")
	}
}

// queued reports whether a page shows what waits for review.
func queued(p *page) bool {
	return slices.ContainsFunc(p.withClass("panel"), func(n *html.Node) bool { return attr(n, "aria-labelledby") == "queue" })
}
