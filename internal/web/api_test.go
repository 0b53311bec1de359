package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jinghe/internal/match"
	"jinghe/internal/web/api"
)

func (s *setup) json(t testing.TB, path string, into any, headers ...string) http.Header {
	t.Helper()
	w := s.want(t, http.StatusOK, path, headers...)
	if ct := w.Header().Get("Content-Type"); ct != "application/json" {
		t.Errorf("%s: content type %q", path, ct)
	}
	if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	noSecret(t, path, w.Body.String())
	return w.Header()
}

// TestPaging walks every list to its end: each entry comes once.
func TestPaging(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	open := 0
	for i := range s.opportunities {
		if s.opportunities[i].Open(today()) {
			open++
		}
	}
	for path, want := range map[string]int{
		"/api/v1/opportunities?limit=7": open, "/api/v1/organisations?limit=9": len(s.organisations),
		"/api/v1/search?kind=opportunity&limit=6&sort=newest": open,
	} {
		t.Run(path, func(t *testing.T) {
			seen, cursor := map[string]bool{}, ""
			for range 100 {
				var page struct {
					Items      []struct{ ID string }
					NextCursor string `json:"next_cursor"`
				}
				s.json(t, path+"&cursor="+url.QueryEscape(cursor), &page)
				for _, item := range page.Items {
					if seen[item.ID] {
						t.Fatalf("%s came twice", item.ID)
					}
					seen[item.ID] = true
				}
				if cursor = page.NextCursor; cursor == "" {
					break
				}
			}
			if len(seen) != want {
				t.Errorf("%d entries, want %d", len(seen), want)
			}
		})
	}
}

func TestFilters(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	var page api.OpportunityPage
	s.json(t, "/api/v1/opportunities?field=smart_transport&limit=100", &page)
	if len(page.Items) == 0 {
		t.Fatal("nothing found")
	}
	for _, o := range page.Items {
		if !strings.Contains(strings.Join(o.Fields, " "), "smart_transport") {
			t.Errorf("%s has fields %v", o.ID, o.Fields)
		}
	}
	org := page.Items[0].Organisation.ID
	s.json(t, "/api/v1/opportunities?organisation="+string(org), &page)
	for _, o := range page.Items {
		if o.Organisation.ID != org {
			t.Errorf("%s belongs to %s", o.ID, o.Organisation.ID)
		}
	}
	var both api.SearchPage
	s.json(t, "/api/v1/search?field=smart_transport&field=smart_water&limit=100", &both)
	counts := map[string]int{}
	for _, f := range both.Facets["field"] {
		counts[f.Value] = f.Count
		if f.Value == "smart_water" && f.Label != "智慧水务" {
			t.Errorf("label %q", f.Label)
		}
	}
	if counts["smart_transport"] == 0 || counts["smart_water"] == 0 {
		t.Errorf("two values of one filter give %v", counts)
	}
}

func TestConditional(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	for _, path := range []string{
		"/api/v1/opportunities/OPP001", "/api/v1/capabilities/CAP001", "/api/v1/organisations/ORG001",
		"/api/v1/dictionaries/field", "/api/v1/openapi.json",
	} {
		tag := s.want(t, http.StatusOK, path).Header().Get("ETag")
		if tag == "" {
			t.Errorf("%s has no ETag", path)
			continue
		}
		w := s.want(t, http.StatusNotModified, path, "If-None-Match", tag)
		if w.Body.Len() != 0 || w.Header().Get("ETag") != tag {
			t.Errorf("%s: %d bytes, ETag %q", path, w.Body.Len(), w.Header().Get("ETag"))
		}
		s.want(t, http.StatusOK, path, "If-None-Match", `"other"`)
	}
}

func TestMatchesAPI(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	for _, path := range []string{"/api/v1/opportunities/OPP001/matches", "/api/v1/capabilities/CAP001/matches"} {
		var r match.Ranking
		s.json(t, path+"?top=3", &r)
		if len(r.Matches) != 3 || len(r.Excluded) == 0 || r.Version == "" {
			t.Fatalf("%s: %d matches, %d excluded", path, len(r.Matches), len(r.Excluded))
		}
		for _, m := range r.Matches {
			sum := 0.0
			for _, p := range m.Parts {
				sum += p.Contribution
			}
			if sum-m.Raw > 1e-9 || m.Raw-sum > 1e-9 {
				t.Errorf("contributions sum to %v, raw is %v", sum, m.Raw)
			}
		}
	}
}

func TestSuggestAndDictionaries(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	var list api.SuggestList
	s.json(t, "/api/v1/suggest?q="+url.QueryEscape("路")+"&limit=2", &list)
	if len(list.Items) == 0 || len(list.Items) > 2 {
		t.Errorf("%d suggestions", len(list.Items))
	}
	s.json(t, "/api/v1/suggest", &list)
	if list.Items == nil || len(list.Items) != 0 {
		t.Errorf("nothing typed gives %v", list.Items)
	}
	var dicts api.DictionaryList
	s.json(t, "/api/v1/dictionaries", &dicts)
	for _, d := range dicts.Items {
		var one api.Dictionary
		s.json(t, "/api/v1/dictionaries/"+d.Name, &one)
		if len(one.Items) != d.Terms || d.Terms == 0 {
			t.Errorf("%s: %d terms, the list says %d", d.Name, len(one.Items), d.Terms)
		}
	}
	s.want(t, http.StatusNotFound, "/api/v1/dictionaries/nothing")
	var h api.Health
	s.json(t, "/api/v1/health", &h)
	if h.Status != "ok" || h.Version != "test" || h.Indexes["opportunity"].Documents != len(s.opportunities) {
		t.Errorf("%+v", h)
	}
}

func TestOrganisationSearch(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	var page api.SearchPage
	s.json(t, "/api/v1/search?kind=organisation&limit=5&sort=ending", &page)
	if len(page.Items) != 5 || page.Items[0].Kind != "organisation" || page.Items[0].Organisation != nil {
		t.Errorf("%+v", page.Items)
	}
}
