package web_test

import (
	"encoding/xml"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/web"
)

// TestBatchesForVisitors: a batch to come does not exist, neither in the list nor by its address.
func TestBatchesForVisitors(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	p := parse(t, "/batches", s.want(t, http.StatusOK, "/batches").Body.String())
	if n := len(p.withClass("batch")); n != 3 {
		t.Errorf("%d batches are out, want 3", n)
	}
	if strings.Contains(text(p.root), "第4批") {
		t.Error("a batch to come is announced")
	}
	s.want(t, http.StatusNotFound, "/batches/BAT003")
	s.want(t, http.StatusNotFound, "/batches/none")
	rows := parse(t, "batch", s.want(t, http.StatusOK, "/batches/BAT001").Body.String()).withClass("line-table")
	if len(rows) != 2 {
		t.Fatalf("%d tables, want needs and offers", len(rows))
	}
	open := 0
	for i := range s.opportunities {
		if s.opportunities[i].Open(today()) && s.opportunities[i].Batch == "第2批" {
			open++
		}
	}
	if n := len((&page{t, "batch", rows[0]}).all("tr")) - 1; n != open {
		t.Errorf("%d opportunities in the batch, want %d", n, open)
	}
	if body := s.want(t, http.StatusOK, "/batches/BAT001", "Cookie", "jinghe_lang=en").Body.String(); !strings.Contains(body, "Batch 2") {
		t.Error("the English name is not shown")
	}
	s.away.Store(true)
	s.want(t, http.StatusOK, "/batches")
}

func TestShowcasesForVisitors(t *testing.T) {
	t.Parallel()
	s := newSetup(t, func(_ *web.Config, c *city) {
		for i := range c.capabilities {
			if c.capabilities[i].ID == "CAP002" {
				c.capabilities[i].State = scene.Draft
			}
		}
	})
	p := parse(t, "/showcases", s.want(t, http.StatusOK, "/showcases").Body.String())
	if n := len(p.withClass("showcase-card")); n != 3 {
		t.Errorf("%d showcases, want 3 that are published", n)
	}
	s.want(t, http.StatusNotFound, "/showcases/SHO003")
	body := s.want(t, http.StatusOK, "/showcases/SHO000").Body.String()
	noSecret(t, "/showcases/SHO000", body)
	for _, want := range []string{"应用前", "靠人看", "处置时间", "/opportunities/OPP002", "2026年3月"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(body, "/capabilities/CAP002") {
		t.Error("the page names an entry that is not public")
	}
}

// TestFeed: well-formed, by field and by batch, and without anybody's contact.
func TestFeed(t *testing.T) {
	t.Parallel()
	s := newSetup(t, func(c *web.Config, _ *city) { c.PublicURL = "https://example.cn" })
	for path, only := range map[string]string{
		"/feed.atom": "", "/feed.atom?field=smart_transport": "smart_transport", "/feed.atom?kind=capability": "capability",
		"/feed.atom?batch=" + url.QueryEscape("第2批"): "", "/feed.atom?field=nothing": "none",
	} {
		w := s.want(t, http.StatusOK, path)
		noSecret(t, path, w.Body.String())
		var feed struct {
			ID      string `xml:"id"`
			Updated string `xml:"updated"`
			Entries []struct {
				ID        string `xml:"id"`
				Published time.Time
				Link      struct {
					Href string `xml:"href,attr"`
				} `xml:"link"`
				Categories []struct {
					Term string `xml:"term,attr"`
				} `xml:"category"`
			} `xml:"entry"`
		}
		if err := xml.Unmarshal(w.Body.Bytes(), &feed); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if only == "none" {
			if len(feed.Entries) != 0 {
				t.Errorf("%s: %d entries", path, len(feed.Entries))
			}
			continue
		}
		if len(feed.Entries) == 0 || len(feed.Entries) > 40 || feed.ID == "" {
			t.Errorf("%s: %d entries", path, len(feed.Entries))
		}
		for _, e := range feed.Entries {
			terms := ""
			for _, c := range e.Categories {
				terms += c.Term + " "
			}
			if !strings.HasPrefix(e.Link.Href, "https://example.cn/") || !strings.Contains(terms, only) {
				t.Errorf("%s: entry %s at %s is %s", path, e.ID, e.Link.Href, terms)
			}
		}
	}
	s.away.Store(true)
	s.want(t, http.StatusOK, "/feed.atom")
}

// TestBatchByPage: a steward makes a batch, fills it, takes out and releases it.
func TestBatchByPage(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	owner, steward := o.as(scene.RoleProvider), o.as(scene.RoleSteward)
	by, err := o.accounts.Find(t.Context(), scene.Console(), "provider")
	if err != nil {
		t.Fatal(err)
	}
	e := o.draft(by.Actor("192.0.2.7"))
	own := "/workspace/listings/capability/" + string(e.Listing().ID)
	if w := owner.fill(own, own+"/submit", url.Values{"revision": {"1"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("submit: %d", w.Code)
	}
	w := steward.fill("/console/batches", "/console/batches", url.Values{"name": {"第三批"}})
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "请填写发布时间") || !strings.Contains(w.Body.String(), `value="第三批"`) {
		t.Errorf("a batch without release: %d", w.Code)
	}
	w = steward.fill("/console/batches", "/console/batches", url.Values{"name": {"第三批"}, "release": {"2026-12-01T09:00"}})
	if w.Code != http.StatusSeeOther {
		t.Fatalf("make: %d %s", w.Code, w.Body)
	}
	here, _, _ := strings.Cut(w.Header().Get("Location"), "?")
	pick := url.Values{"do": {"add"}, "entry": {"capability:" + string(e.Listing().ID)}}
	if w = steward.fill(here, here, pick); w.Code != http.StatusSeeOther {
		t.Fatalf("add: %d %s", w.Code, w.Body)
	}
	stored := func() *scene.Listing {
		c, err := o.registry.Capability(t.Context(), e.Listing().ID)
		if err != nil {
			t.Fatal(err)
		}
		return &c.Listing
	}
	release := time.Date(2026, 12, 1, 1, 0, 0, 0, time.UTC)
	if l := stored(); l.Batch != "第三批" || !l.ValidFrom.Equal(release) {
		t.Errorf("in the batch: %q from %v", l.Batch, l.ValidFrom)
	}
	body := steward.get(here).Body.String()
	if !strings.Contains(body, "本批条目（1）") || !strings.Contains(body, "待发布") {
		t.Error("the page does not show what is in the batch")
	}
	edit := url.Values{"do": {"release"}, "name": {"第三批"}, "release": {"2026-12-01T09:00"}, "revision": {"1"}}
	if w = steward.fill(here, here, edit); w.Code != http.StatusSeeOther {
		t.Fatalf("release: %d %s", w.Code, w.Body)
	}
	if l := stored(); !l.ValidFrom.Equal(today()) {
		t.Errorf("released: from %v", l.ValidFrom)
	}
	edit.Set("do", "save")
	edit.Set("revision", "2")
	if w = steward.fill(here, here, edit); w.Code < 400 || w.Code >= 500 {
		t.Errorf("a batch that is out was put off: %d", w.Code)
	}
	pick.Set("do", "take")
	if w = steward.fill(here, here, pick); w.Code != http.StatusSeeOther || stored().Batch != "" {
		t.Errorf("take: %d, %q", w.Code, stored().Batch)
	}
	gone := url.Values{"do": {"withdraw"}, "revision": {"2"}, "reason": {""}}
	if w = steward.fill(here, here, gone); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "<details class=\"examples\" open>") {
		t.Errorf("withdrawn without a reason: %d", w.Code)
	}
	gone.Set("reason", "名称有误")
	if w = steward.fill(here, here, gone); w.Code != http.StatusSeeOther || !strings.Contains(steward.get(w.Header().Get("Location")).Body.String(), "已撤销") {
		t.Errorf("withdraw: %d", w.Code)
	}
	if w = steward.get(here); w.Code != http.StatusNotFound {
		t.Errorf("a batch that is withdrawn: %d", w.Code)
	}
}

// TestShowcaseByPage: a steward writes a showcase, keeps it, and publishes it.
func TestShowcaseByPage(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	steward := o.as(scene.RoleSteward)
	const here = "/console/showcases/new"
	form := url.Values{
		"name": {"积水点治理"}, "owner": {"水务集团"}, "provider": {"甲公司"}, "scenario": {"下穿通道"}, "since": {"三月"},
		"figures": {"处置时间 | 45 | 8 | 分钟\n误报||2|次/月"}, "investment": {"82.5"}, "fields": {"smart_water"}, "do": {"draft"},
	}
	w := steward.fill(here, here, form)
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "请填写年月") || !strings.Contains(w.Body.String(), "下穿通道") {
		t.Errorf("a month that is none: %d", w.Code)
	}
	form.Set("since", "2026-03")
	if w = steward.fill(here, here, form); w.Code != http.StatusSeeOther {
		t.Fatalf("keep: %d %s", w.Code, w.Body)
	}
	rows, err := o.registry.Showcases(t.Context(), scene.Draft, store.Page{})
	if err != nil || len(rows.Items) != 1 {
		t.Fatalf("%d drafts, %v", len(rows.Items), err)
	}
	s := rows.Items[0]
	if len(s.Figures) != 2 || s.Figures[0] != (scene.Figure{Name: "处置时间", Before: "45", After: "8", Unit: "分钟"}) || s.Figures[1].After != "2" ||
		s.Investment.Max != 82*scene.Wan+scene.Wan/2 {
		t.Errorf("kept: %+v", s)
	}
	at := "/console/showcases/" + string(s.ID)
	form.Set("do", "published")
	form.Set("revision", "1")
	if w = steward.fill(at, at, form); w.Code != http.StatusSeeOther || !strings.HasSuffix(w.Header().Get("Location"), "done=published") {
		t.Errorf("publish: %d %s", w.Code, w.Body)
	}
	if w = steward.fill(at, at, form); w.Code != http.StatusConflict {
		t.Errorf("over a newer one: %d", w.Code)
	}
}
