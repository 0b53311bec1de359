package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"jinghe/internal/locale"
)

// page is a parsed answer.
type page struct {
	t    testing.TB
	path string
	root *html.Node
}

func parse(t testing.TB, path, body string) *page {
	t.Helper()
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return &page{t, path, root}
}

// all returns the elements with one of the names, in order; no name means every element.
func (p *page) all(names ...string) []*html.Node {
	var found []*html.Node
	for n := range p.root.Descendants() {
		if n.Type == html.ElementNode && (len(names) == 0 || slices.Contains(names, n.Data)) {
			found = append(found, n)
		}
	}
	return found
}

func (p *page) withClass(class string) []*html.Node {
	return slices.DeleteFunc(p.all(), func(n *html.Node) bool {
		return !slices.Contains(strings.Fields(attr(n, "class")), class)
	})
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func (p *page) errorf(format string, args ...any) {
	p.t.Helper()
	p.t.Errorf(p.path+": "+format, args...)
}

// check holds a page to what every page promises: one heading, landmarks,
// names for every control, nothing inline, nothing from elsewhere, no bare key.
func (p *page) check(lang locale.Lang) {
	p.t.Helper()
	if got, want := attr(p.all("html")[0], "lang"), map[locale.Lang]string{locale.Zh: "zh-CN", locale.En: "en"}[lang]; got != want {
		p.errorf("lang is %q, want %q", got, want)
	}
	for _, name := range []string{"h1", "main", "header", "footer", "title"} {
		if n := len(p.all(name)); n == 0 || name == "h1" && n > 1 || name == "main" && n > 1 {
			p.errorf("%d <%s>", n, name)
		}
	}
	p.checkHeadings()
	p.checkNames()
	p.checkInline()
	for n := range p.root.Descendants() {
		if n.Type == html.TextNode && strings.Contains(n.Data, "web.") && n.Parent.Data != "code" {
			p.errorf("bare key in %q", n.Data)
		}
	}
}

// checkHeadings: levels do not jump.
func (p *page) checkHeadings() {
	p.t.Helper()
	level := 0
	for _, h := range p.all("h1", "h2", "h3", "h4") {
		now := int(h.Data[1] - '0')
		if now > level+1 && level > 0 {
			p.errorf("heading %q jumps from h%d to h%d", text(h), level, now)
		}
		if text(h) == "" {
			p.errorf("empty <%s>", h.Data)
		}
		level = now
	}
}

// checkNames: ids are unique and referred to, links, buttons and inputs have names.
func (p *page) checkNames() {
	p.t.Helper()
	ids, labelled := map[string]bool{}, map[string]bool{}
	for _, n := range p.all() {
		if id := attr(n, "id"); id != "" {
			if ids[id] {
				p.errorf("id %q stands twice", id)
			}
			ids[id] = true
		}
		if n.Data == "label" {
			labelled[attr(n, "for")] = text(n) != ""
		}
	}
	for _, n := range p.all() {
		switch {
		case (n.Data == "a" || n.Data == "button") && text(n) == "" && attr(n, "aria-label") == "":
			p.errorf("<%s href=%q> without a name", n.Data, attr(n, "href"))
		case n.Data == "input" && attr(n, "type") != "hidden" && !labelled[attr(n, "id")]:
			p.errorf("input %q without a label", attr(n, "name"))
		case n.Data == "nav" && attr(n, "aria-label") == "":
			p.errorf("nav without a name")
		}
		if by := attr(n, "aria-labelledby"); by != "" && !ids[by] {
			p.errorf("aria-labelledby names %q, which is not there", by)
		}
		if to, ok := strings.CutPrefix(attr(n, "href"), "#"); ok && !ids[to] {
			p.errorf("link to #%s, which is not there", to)
		}
	}
}

// checkInline: nothing that the content security policy refuses. A block of
// data is no script: no browser runs it, and the policy is not asked.
func (p *page) checkInline() {
	p.t.Helper()
	for _, n := range p.all() {
		if n.Data == "script" && attr(n, "type") == "application/ld+json" {
			if !json.Valid([]byte(n.FirstChild.Data)) {
				p.errorf("a block of data is not JSON: %s", n.FirstChild.Data)
			}
			continue
		}
		if n.Data == "style" || n.Data == "script" && attr(n, "src") == "" {
			p.errorf("inline <%s>", n.Data)
		}
		for _, a := range n.Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
				p.errorf("attribute %s on <%s>", a.Key, n.Data)
			}
			if (a.Key == "href" || a.Key == "src" || a.Key == "action") && !strings.HasPrefix(a.Val, "/") && !strings.HasPrefix(a.Val, "#") {
				p.errorf("%s=%q on <%s> leaves the site", a.Key, a.Val, n.Data)
			}
		}
	}
}

// local returns the addresses on this site that the page links to or loads.
func (p *page) local() []string {
	var out []string
	for _, n := range p.all("a", "link", "script") {
		for _, name := range []string{"href", "src"} {
			if v := attr(n, name); strings.HasPrefix(v, "/") {
				out = append(out, strings.SplitN(v, "#", 2)[0])
			}
		}
	}
	return out
}

// TestCrawl follows every link from the first page in both languages: no page
// is broken, no link leads nowhere, and nobody's contact is anywhere.
func TestCrawl(t *testing.T) {
	t.Parallel()
	for _, lang := range []locale.Lang{locale.Zh, locale.En} {
		t.Run(string(lang), func(t *testing.T) {
			t.Parallel()
			s := newSetup(t)
			seen, queue := map[string]bool{"/": true}, []string{"/"}
			filtered, entries, linked := 0, map[string]int{}, map[string]bool{}
			for len(queue) > 0 {
				path := queue[0]
				queue = queue[1:]
				w := s.get(t, path, "Cookie", "jinghe_lang="+string(lang))
				if w.Code >= http.StatusBadRequest {
					t.Errorf("GET %s: %d", path, w.Code)
					continue
				}
				noSecret(t, path, w.Body.String())
				if !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
					continue
				}
				p := parse(t, path, w.Body.String())
				p.check(lang)
				for _, next := range p.local() {
					u, err := url.Parse(next)
					if err != nil {
						t.Errorf("%s: link %q: %v", path, next, err)
						continue
					}
					linked[u.Path] = true
					if seen[next] || u.Path == "/preferences" {
						continue
					}
					// Filters combine without end; a few hundred of them show the way.
					if u.RawQuery != "" {
						if filtered++; filtered > 80 {
							continue
						}
					}
					// The first entries of each kind stand for the others.
					parts := strings.Split(strings.Trim(u.Path, "/"), "/")
					kind := parts[0] + "/" + strconv.Itoa(len(parts))
					if entries[kind]++; len(parts) > 1 && entries[kind] > 20 {
						continue
					}
					seen[next] = true
					queue = append(queue, next)
				}
			}
			for _, must := range []string{"/about", "/developers", "/api/v1/openapi.json"} {
				if !linked[must] {
					t.Errorf("no way from the first page to %s", must)
				}
			}
			for _, kind := range []string{"opportunities/2", "capabilities/2", "organisations/2", "opportunities/3", "capabilities/3"} {
				if entries[kind] < 10 {
					t.Errorf("%d ways from the first page to %s", entries[kind], kind)
				}
			}
		})
	}
}

func noSecret(t testing.TB, path, body string) {
	t.Helper()
	for _, secret := range []string{secretPerson, secretPhone, secretMail, secretExtra, "/var/secret"} {
		if i := strings.Index(body, secret); i >= 0 {
			t.Errorf("GET %s leaks %q: …%s…", path, secret, body[max(i-80, 0):min(i+40, len(body))])
		}
	}
}
