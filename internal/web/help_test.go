package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode"

	"jinghe/internal/web"
)

// TestHintsFindSomething: the searches offered on the first page are of fields that the city has.
func TestHintsFindSomething(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	counts, err := s.Counts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/", "/?lang=en"} {
		p := parse(t, path, s.want(t, http.StatusOK, path).Body.String())
		hints := (&page{t, "hints", p.withClass("hints")[0]}).all("a")
		if len(hints) < 3 {
			t.Errorf("%s: %d hints", path, len(hints))
		}
		for _, a := range hints {
			codes := s.dict.Resolve("field", text(a))
			if len(codes) != 1 || counts["opportunity"][codes[0]]+counts["capability"][codes[0]] == 0 {
				t.Errorf("%s: hint %q is of no field in the city: %v", path, text(a), codes)
			}
			if english := path != "/"; english == strings.ContainsFunc(text(a), func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
				t.Errorf("%s: hint %q is in the other language", path, text(a))
			} else if !english {
				continue
			}
			if found := parse(t, path, s.want(t, http.StatusOK, attr(a, "href")).Body.String()); len(found.withClass("card")) == 0 {
				t.Errorf("%s: hint %s finds nothing", path, attr(a, "href"))
			}
		}
	}
}

func TestNothingFoundOffersOtherSearches(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	name := []rune(s.opportunities[0].Name)
	for _, q := range []string{string(name[:2]) + "不存在的词", "不存在的词"} {
		path := "/opportunities?q=" + url.QueryEscape(q)
		p := parse(t, path, s.want(t, http.StatusOK, path).Body.String())
		tries := p.withClass("tries")
		if len(tries) != 1 {
			t.Fatalf("%s: nothing to try", path)
		}
		for _, a := range (&page{t, "tries", tries[0]}).all("a") {
			if !strings.HasPrefix(attr(a, "href"), "/opportunities?q=") {
				t.Errorf("try %s", attr(a, "href"))
			}
		}
	}
}

func TestPartialIsSaid(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	const path = "/opportunities?q=路"
	if body := s.want(t, http.StatusOK, path).Body.String(); strings.Contains(body, "部分匹配") {
		t.Error("full matches are called partial")
	}
	s.partial.Store(true)
	if body := s.want(t, http.StatusOK, path).Body.String(); !strings.Contains(body, "部分匹配") {
		t.Error("partial matches are not said to be")
	}
	if body := s.want(t, http.StatusOK, "/api/v1/search?q=路").Body.String(); !strings.Contains(body, `"partial":true`) {
		t.Errorf("the API does not say so: %s", body)
	}
}

// TestContactOfTheCentre: pages say how to reach the centre, or do not send anybody there.
func TestContactOfTheCentre(t *testing.T) {
	t.Parallel()
	for contact, link := range map[string]string{
		"0510-00000000": `href="tel:0510-00000000"`, "centre@example.com": `href="mailto:centre@example.com"`,
		"https://example.com/contact": `href="https://example.com/contact"`, "市民中心 3 号窗口": "市民中心 3 号窗口", "": "",
	} {
		s := newSetup(t, func(c *web.Config, _ *city) { c.Site.Contact = contact })
		for _, path := range []string{"/", "/opportunities/OPP000", "/about"} {
			body := s.want(t, http.StatusOK, path).Body.String()
			if said := strings.Contains(body, "联系场景促进中心"); said != (contact != "") || !strings.Contains(body, link) {
				t.Errorf("contact %q on %s: said %v", contact, path, said)
			}
		}
	}
}
