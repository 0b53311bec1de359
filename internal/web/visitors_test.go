package web_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"image/png"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/boombuler/barcode/qr"

	"jinghe/internal/scene"
	"jinghe/internal/web"
)

// TestBeyondTheLastPage says that there is no such page, and where the last one is.
func TestBeyondTheLastPage(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	for _, n := range []string{"40", "99999", "999999999999999999999"} {
		path := "/opportunities?page=" + n
		p := parse(t, path, s.want(t, http.StatusOK, path).Body.String())
		empty := p.withClass("empty")
		if n == "999999999999999999999" { // no number: the first page
			if len(empty) != 0 {
				t.Errorf("%s: %q", path, text(empty[0]))
			}
			continue
		}
		if len(empty) != 1 || !strings.Contains(text(empty[0]), "没有这一页") {
			t.Fatalf("%s does not say so", path)
		}
		last := attr((&page{t, path, empty[0]}).all("a")[0], "href")
		if cards := parse(t, last, s.want(t, http.StatusOK, last).Body.String()).withClass("card"); len(cards) == 0 {
			t.Errorf("%s: the last page, %s, is empty", path, last)
		}
	}
}

// TestTable shows the same entries as the cards, and keeps the view from page to page.
func TestTable(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	cards := parse(t, "cards", s.want(t, http.StatusOK, "/opportunities?field=smart_transport").Body.String())
	table := parse(t, "table", s.want(t, http.StatusOK, "/opportunities?field=smart_transport&view=lines").Body.String())
	table.check("zh")
	if n, want := len(table.all("tr"))-1, len(cards.withClass("card")); n != want || n == 0 {
		t.Errorf("%d lines, %d cards", n, want)
	}
	p := parse(t, "list", s.want(t, http.StatusOK, "/capabilities?view=lines").Body.String())
	for _, a := range p.all("a") {
		if attr(a, "rel") == "next" && !strings.Contains(attr(a, "href"), "view=lines") {
			t.Errorf("the next page, %s, is not a table", attr(a, "href"))
		}
	}
	for _, l := range p.all("link") {
		if attr(l, "rel") == "canonical" && attr(l, "href") != "/capabilities" {
			t.Errorf("a table is known as %s", attr(l, "href"))
		}
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	s := newSetup(t, func(_ *web.Config, c *city) {
		c.edit(func(o *scene.Opportunity) { o.State = scene.Draft })
	})
	tests := map[string]struct {
		query   string
		heads   int
		notices int
	}{
		"Two":     {"id=OPP001&id=OPP002", 2, 0},
		"Four":    {"id=OPP001&id=OPP002&id=OPP003&id=OPP004", 4, 0},
		"Five":    {"id=OPP001&id=OPP002&id=OPP003&id=OPP004&id=OPP005", 4, 1},
		"Hidden":  {"id=OPP000&id=OPP001&id=OPP002", 2, 1},
		"Twice":   {"id=OPP001&id=OPP001", 1, 0},
		"None":    {"", 0, 0},
		"Other":   {"kind=capability&id=CAP001&id=CAP002", 2, 0},
		"Hostile": {"kind=x&id=" + strings.Repeat("a", 200) + "&id=%3Cscript%3E&" + strings.Repeat("id=b&", 300), 0, 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := "/compare?" + tt.query
			w := s.want(t, http.StatusOK, path)
			noSecret(t, path, w.Body.String())
			p := parse(t, path, w.Body.String())
			p.check("zh")
			heads := len(p.withClass("compare-drop"))
			if notices := len(p.withClass("notice")); heads != tt.heads || notices != tt.notices {
				t.Errorf("%d entries and %d notices, want %d and %d", heads, notices, tt.heads, tt.notices)
			}
		})
	}
	p := parse(t, "order", s.want(t, http.StatusOK, "/compare?id=OPP003&id=OPP001").Body.String())
	first := text(p.withClass("compare")[0])
	if a, b := strings.Index(first, s.opportunities[3].Name), strings.Index(first, s.opportunities[1].Name); a < 0 || b < 0 || a > b {
		t.Errorf("the order asked for is not kept: %d, %d", a, b)
	}
}

// TestCode: the picture holds the address of the entry, and nothing is made for what is hidden.
func TestCode(t *testing.T) {
	t.Parallel()
	s := newSetup(t, func(c *web.Config, city *city) {
		c.PublicURL = "https://example.cn"
		city.edit(func(o *scene.Opportunity) { o.State = scene.Draft })
	})
	w := s.want(t, http.StatusOK, "/opportunities/OPP001/card.png")
	picture, err := png.Decode(bytes.NewReader(w.Body.Bytes()))
	if err != nil || w.Header().Get("Content-Type") != "image/png" {
		t.Fatalf("%v, %s", err, w.Header().Get("Content-Type"))
	}
	code, err := qr.Encode("https://example.cn/opportunities/OPP001", qr.M, qr.Auto)
	if err != nil {
		t.Fatal(err)
	}
	modules := code.Bounds().Dx()
	scale := 480 / modules
	edge := (picture.Bounds().Dx() - scale*modules) / 2
	for y := range modules {
		for x := range modules {
			r, _, _, _ := picture.At(edge+x*scale+scale/2, edge+y*scale+scale/2).RGBA()
			want, _, _, _ := code.At(x, y).RGBA()
			if r != want {
				t.Fatalf("module %d, %d differs: the picture does not say its address", x, y)
			}
		}
	}
	page := s.want(t, http.StatusOK, "/capabilities/CAP001/card").Body.String()
	if !strings.Contains(page, "https://example.cn/capabilities/CAP001") || !strings.Contains(page, "/capabilities/CAP001/card.png") {
		t.Error("the card lacks its address or its picture")
	}
	for _, path := range []string{"/opportunities/OPP000/card", "/opportunities/OPP000/card.png", "/capabilities/none/card.png"} {
		s.want(t, http.StatusNotFound, path)
	}
}

// TestToldToMachines: canonical address, Open Graph and schema.org on the pages of entries.
func TestToldToMachines(t *testing.T) {
	t.Parallel()
	s := newSetup(t, func(c *web.Config, _ *city) { c.PublicURL = "https://example.cn" })
	for path, kind := range map[string]string{
		"/opportunities/OPP001": "Demand", "/capabilities/CAP001": "Service", "/organisations/ORG001": "Organization", "/showcases/SHO001": "Article",
	} {
		p := parse(t, path, s.want(t, http.StatusOK, path).Body.String())
		var data map[string]any
		for _, n := range p.all("script") {
			if attr(n, "type") == "application/ld+json" {
				if err := json.Unmarshal([]byte(n.FirstChild.Data), &data); err != nil {
					t.Fatalf("%s: %v", path, err)
				}
			}
		}
		if data["@type"] != kind || data["url"] != "https://example.cn"+path {
			t.Errorf("%s is a %v at %v, want %s", path, data["@type"], data["url"], kind)
		}
		told := map[string]string{}
		for _, n := range p.all("meta") {
			told[attr(n, "property")] = attr(n, "content")
		}
		for _, n := range p.all("link") {
			told[attr(n, "rel")] = attr(n, "href")
		}
		if told["og:title"] == "" || told["og:url"] != "https://example.cn"+path || told["canonical"] != "https://example.cn"+path {
			t.Errorf("%s tells %v", path, told)
		}
	}
	plain := newSetup(t)
	if body := plain.want(t, http.StatusOK, "/opportunities/OPP001").Body.String(); strings.Contains(body, "og:url") || strings.Contains(body, `content="http`) {
		t.Error("an absolute address without a public one")
	}
	s.want(t, http.StatusOK, "/robots.txt")
	if body := s.want(t, http.StatusOK, "/robots.txt").Body.String(); !strings.Contains(body, "Sitemap: https://example.cn/sitemap.xml") {
		t.Errorf("robots.txt: %s", body)
	}
	plain.want(t, http.StatusNotFound, "/sitemap.xml")
}

// TestSitemap has what is open, and only that.
func TestSitemap(t *testing.T) {
	t.Parallel()
	s := newSetup(t, func(c *web.Config, city *city) {
		c.PublicURL = "https://example.cn"
		city.edit(func(o *scene.Opportunity) { o.ValidFrom = today().AddDate(0, 0, 1) })
	})
	var set struct {
		URLs []struct {
			Loc string `xml:"loc"`
		} `xml:"url"`
	}
	if err := xml.Unmarshal(s.want(t, http.StatusOK, "/sitemap.xml").Body.Bytes(), &set); err != nil {
		t.Fatal(err)
	}
	has := map[string]bool{}
	for _, u := range set.URLs {
		has[strings.TrimPrefix(u.Loc, "https://example.cn")] = true
	}
	for path, want := range map[string]bool{
		"/": true, "/batches/BAT001": true, "/batches/BAT003": false, "/showcases/SHO000": true, "/showcases/SHO003": false, "/opportunities/OPP000": false,
	} {
		if has[path] != want {
			t.Errorf("%s: %v, want %v", path, has[path], want)
		}
	}
	for i := range s.opportunities {
		if o := &s.opportunities[i]; has["/opportunities/"+string(o.ID)] != o.Open(today()) {
			t.Errorf("%s: listed %v, open %v", o.ID, !o.Open(today()), o.Open(today()))
		}
	}
}

// TestSuggest: titles, fields and what a search box can lead to; nothing while the index is away.
func TestSuggest(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	ask := func(q string) (items []struct{ Text, What, URL string }) {
		t.Helper()
		var answer struct {
			Items []struct{ Text, What, URL string }
		}
		w := s.want(t, http.StatusOK, "/suggest?kind=opportunity&q="+url.QueryEscape(q))
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || answer.Items == nil {
			t.Fatalf("%q: %v, %s", q, err, w.Body)
		}
		return answer.Items
	}
	name := s.opportunities[0].Name
	items := ask(string([]rune(name)[:4]))
	if len(items) < 2 || items[0].Text != name || items[0].URL != "" {
		t.Fatalf("%+v", items)
	}
	led := false
	for _, x := range items {
		led = led || strings.HasPrefix(x.URL, "/opportunities?field=smart_transport&")
	}
	if !led {
		t.Errorf("no field of use among %+v", items)
	}
	if len(ask("")) != 0 || len(ask(strings.Repeat("没", 500))) != 0 {
		t.Error("suggestions for nothing")
	}
	s.away.Store(true)
	if got := ask(name); len(got) != 0 {
		t.Errorf("the index is away: %+v", got)
	}
}

// TestListsAPI: batches to come, drafts and contacts are in no answer.
func TestListsAPI(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	var batches, showcases struct{ Items []struct{ ID, Name string } }
	s.json(t, "/api/v1/batches", &batches)
	s.json(t, "/api/v1/showcases", &showcases)
	if len(batches.Items) != 3 || len(showcases.Items) != 3 {
		t.Errorf("%d batches, %d showcases", len(batches.Items), len(showcases.Items))
	}
	s.want(t, http.StatusNotFound, "/api/v1/showcases/SHO003")
	var one struct{ Figures []struct{ Name string } }
	if s.json(t, "/api/v1/showcases/SHO000", &one); len(one.Figures) != 2 {
		t.Errorf("figures: %+v", one)
	}
	var open struct {
		Licence string
		Count   int
		Items   []struct {
			ID   string
			Open bool
		}
	}
	headers := s.json(t, "/api/v1/open-data/opportunities", &open)
	want := 0
	for i := range s.opportunities {
		if s.opportunities[i].Open(today()) {
			want++
		}
	}
	if open.Count != want || len(open.Items) != want || open.Licence == "" || !strings.HasPrefix(headers.Get("Content-Disposition"), "attachment") {
		t.Errorf("%d of %d, licence %q, %s", open.Count, want, open.Licence, headers.Get("Content-Disposition"))
	}
	for _, x := range open.Items {
		if !x.Open {
			t.Errorf("%s is not open", x.ID)
		}
	}
}
