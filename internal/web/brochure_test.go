package web_test

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
)

// issued hands entries in and has a steward publish them.
func (o *office) issued(names ...string) (ids []scene.ID) {
	o.t.Helper()
	by := scene.Actor{ID: "li", Name: "李专员", Roles: []scene.Role{scene.RoleSteward}}
	for _, pick := range o.waiting(names...) {
		parts := strings.Split(pick, "/")
		step := registry.Step{Kind: scene.Kind(parts[0]), ID: scene.ID(parts[1]), Revision: 2}
		for _, step.To = range []scene.State{scene.FormalReview, scene.DepartmentReview, scene.Published} {
			e, err := o.registry.Review(o.t.Context(), by, step)
			if err != nil {
				o.t.Fatal(err)
			}
			step.Revision = e.Listing().Revision
		}
		ids = append(ids, step.ID)
	}
	return ids
}

// TestBrochure: what is published is set as a page to print and as a document,
// each entry a block without empty facts, no contact in either.
func TestBrochure(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.issued("管网漏损定位", "水压调度")
	o.waiting("还没审完")
	steward := o.as(scene.RoleSteward)
	w := steward.get("/console/brochure")
	if w.Code != http.StatusOK {
		t.Fatalf("%d", w.Code)
	}
	noSecret(t, "brochure", w.Body.String())
	p := parse(t, "brochure", w.Body.String())
	entries := p.withClass("brochure-entry")
	if len(entries) != 2 || strings.Contains(text(p.root), "还没审完") {
		t.Errorf("%d entries", len(entries))
	}
	for _, e := range entries {
		for _, dd := range (&page{t, "entry", e}).all("dd") {
			if strings.TrimSpace(text(dd)) == "" {
				t.Error("an empty fact")
			}
		}
	}
	for _, a := range p.all("a") {
		if mark, ok := strings.CutPrefix(attr(a, "href"), "#"); ok && !strings.Contains(w.Body.String(), `id="`+mark+`"`) {
			t.Errorf("#%s leads nowhere", mark)
		}
	}
	file := steward.get("/console/brochure.docx?kind=capability")
	z, err := zip.NewReader(bytes.NewReader(file.Body.Bytes()), int64(file.Body.Len()))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	doc := string(raw)
	noSecret(t, "brochure.docx", doc)
	for _, want := range []string{"1 水压调度", "2 管网漏损定位", "目录", "能力总表"} {
		if !strings.Contains(doc, want) {
			t.Errorf("the document lacks %s", want)
		}
	}
	if body := steward.get("/console/brochure?batch=第9批").Body.String(); !strings.Contains(body, "没有可以编入手册的条目") {
		t.Error("an empty brochure does not say so")
	}
}

// TestBrochureLeavesOutWhatIsOver: an entry past its validity is no offer any more; it
// is left out of page and document, which the page says, or stands in a chapter of
// its own; a range is told as visitors read it.
func TestBrochureLeavesOutWhatIsOver(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	over := o.issued("管网漏损定位", "水压调度")[1]
	o.amend(over, func(c *scene.Capability) {
		c.ValidTo, c.Price = today().Add(-time.Hour), scene.MoneyRange{Min: 26 * scene.Wan, Max: 32 * scene.Wan}
	})
	steward := o.as(scene.RoleSteward)
	const path = "/console/brochure?kind=capability"
	body := steward.get(path).Body.String()
	if n := len(parse(t, path, body).withClass("brochure-entry")); n != 1 || strings.Contains(body, "水压调度") || !strings.Contains(body, "有 1 项已过有效期") {
		t.Errorf("%d entries, and what is over: %v", n, strings.Contains(body, "水压调度"))
	}
	body = steward.get(path + "&expired=yes").Body.String()
	p := parse(t, path, body)
	chapters := p.withClass("brochure-chapter")
	if len(chapters) != 2 || !strings.Contains(text(chapters[1]), "已过有效期") || !strings.Contains(text(chapters[1]), "水压调度") {
		t.Errorf("%d chapters", len(chapters))
	}
	if said := text(chapters[len(chapters)-1]); !strings.Contains(said, "26–32 万元") || strings.Contains(said, "下限") {
		t.Errorf("a range: %s", said)
	}
	if body = steward.get(path + "&state=expired").Body.String(); strings.Contains(body, "项已过有效期，没有编入") {
		t.Error("asked for another state, and left out what is over")
	}
}

// TestOwnersAreTold: what the centre decided on an entry is in the inbox of its owner.
func TestOwnersAreTold(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	owner := o.as(scene.RoleProvider)
	o.issued("管网漏损定位")
	picks := o.waiting("水压调度")
	o.as(scene.RoleSteward).fill("/console", "/console/reviews", url.Values{"pick": picks, "to": {"draft"}, "reason": {"请写明指标"}})
	body := owner.get("/inbox").Body.String()
	for _, want := range []string{"“管网漏损定位”已发布", "“水压调度”已退回", "请写明指标"} {
		if !strings.Contains(body, want) {
			t.Errorf("the inbox lacks %s", want)
		}
	}
}

// TestFailuresAreFolded: guesses at one account are one line of the page, and each
// a line of the file.
func TestFailuresAreFolded(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	admin := o.as(scene.RoleAdmin)
	stranger := o.browser()
	for range 3 {
		stranger.fill("/sign-in", "/sign-in", url.Values{"login": {"nobody"}, "password": {"wrong wrong wrong"}})
	}
	p := parse(t, "record", admin.get("/console/record").Body.String())
	failed := 0
	for _, tr := range p.all("tr") {
		if line := text(tr); strings.Contains(line, "登录失败") {
			failed++
			if !strings.Contains(line, "3 次") {
				t.Errorf("not folded: %s", line)
			}
		}
	}
	if failed != 1 {
		t.Errorf("%d lines of failures, want 1", failed)
	}
	if n := strings.Count(admin.get("/console/record.csv").Body.String(), "登录失败"); n != 3 {
		t.Errorf("the file has %d failures, want 3", n)
	}
}

// TestPairsBeginWithAll: where nothing waits, the list of pairs shows all, with counts.
func TestPairsBeginWithAll(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p := parse(t, "pairs", o.as(scene.RoleSteward).get("/console/engagements").Body.String())
	active := ""
	for _, nav := range p.withClass("filter-nav") {
		for _, a := range (&page{t, "nav", nav}).all("a") {
			if attr(a, "aria-current") != "" {
				active = text(a)
			}
		}
	}
	if active != "全部 0" {
		t.Errorf("opens on %q", active)
	}
}
