package web_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/internal/web/backend"
)

// grouped is a matcher that tells a change and a group besides its matches.
type grouped struct{ *city }

func (g grouped) OffersFor(ctx context.Context, id scene.ID, q backend.Matching) (match.Ranking, error) {
	r, err := g.city.OffersFor(ctx, id, q)
	if err != nil || !q.More {
		return r, err
	}
	if q.Order == backend.OrderCare {
		r.Order = backend.OrderCare
		r.Matches[1].Moved = &match.Moved{Fit: 3, Rules: []string{}, Text: "按匹配度应排第 3 位"}
	}
	a, b := r.Matches[0].Offer, r.Matches[1].Offer
	r.Changes = []match.Change{{
		Move: match.Move{Kind: "budget", Fen: 150 * scene.Wan}, Admits: 2, Least: 0.3,
		Offers: []match.Ref{r.Excluded[0].Offer}, Text: "预算放宽，另有 2 家可入围，电话 13912345678",
	}}
	name := []rune(a.Name)
	r.Consortium = &match.Consortium{
		Members: []match.Member{{Offer: a, Score: 0.5}, {Offer: b, Score: 0.4}}, Covers: 2, Text: "两家合起来",
		Clauses: []match.Covered{
			{Clause: "part", Want: "桥梁监测", Member: 1, Offer: &a, Evidence: []match.Evidence{{Side: "offer", Field: "name", Start: 0, End: 2, Text: string(name[:2])}}},
			{Clause: "indicator:误差", Want: "误差≤1%", Member: 2, Offer: &b, Have: "0.5%"},
			{Clause: "qualification:little_giant", Want: "小巨人"},
		},
	}
	return r, nil
}

func idOf(p *page, id string) *html.Node {
	for _, n := range p.all() {
		if attr(n, "id") == id {
			return n
		}
	}
	return nil
}

// TestChangesAndGroup: the page of matches tells both, the listing beside them
// neither, and no telephone number gets through.
func TestChangesAndGroup(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"zh", "en"} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := newWith(t, grouped{newSetup(t).city}, time.Minute)
			path := "/opportunities/OPP000/matches?lang=" + lang
			p := parse(t, path, s.want(t, 200, path).Body.String())
			changes, group := idOf(p, "changes"), idOf(p, "consortium")
			if changes == nil || group == nil {
				t.Fatal("the page does not tell changes and group")
			}
			if got := text(changes); !strings.Contains(got, "另有 2 家") || strings.Contains(got, "13912345678") {
				t.Errorf("changes: %s", got)
			}
			links := 0
			for n := range changes.Descendants() {
				if n.Type == html.ElementNode && n.Data == "a" && strings.HasPrefix(attr(n, "href"), "/capabilities/") {
					links++
				}
			}
			if links != 1 {
				t.Errorf("%d links to whom the change admits, want 1", links)
			}
			var classes []string
			quoted := 0
			for n := range group.Descendants() {
				switch {
				case n.Data == "li" && attr(n.Parent, "class") == "gaps":
					classes = append(classes, attr(n, "class"))
				case n.Data == "q":
					quoted++
				}
			}
			if !slices.Equal(classes, []string{"met", "met", "unmet"}) || quoted != 1 {
				t.Errorf("clauses %q with %d quotations", classes, quoted)
			}
			beside := parse(t, "/opportunities/OPP000", s.want(t, 200, "/opportunities/OPP000").Body.String())
			if idOf(beside, "changes") != nil || idOf(beside, "consortium") != nil {
				t.Error("the listing's own page tells them too")
			}
		})
	}
}

// TestOrderOfMatches: the page orders by fit or with care, says which, leads to
// the other, and tells of each moved match why.
func TestOrderOfMatches(t *testing.T) {
	t.Parallel()
	s := newWith(t, grouped{newSetup(t).city}, time.Minute)
	for path, want := range map[string]struct {
		moved int
		other string
	}{
		"/opportunities/OPP000/matches":            {0, "?order=care"},
		"/opportunities/OPP000/matches?order=fit":  {0, "?order=care"},
		"/opportunities/OPP000/matches?order=care": {1, "?order=fit"},
	} {
		p := parse(t, path, s.want(t, 200, path).Body.String())
		if n := len(p.withClass("moved")); n != want.moved {
			t.Errorf("%s tells %d moved matches, want %d", path, n, want.moved)
		}
		found := false
		for _, a := range p.all("a") {
			found = found || attr(a, "href") == "/opportunities/OPP000/matches"+want.other
		}
		if !found {
			t.Errorf("%s does not lead to %s", path, want.other)
		}
	}
	var r match.Ranking
	s.json(t, "/api/v1/opportunities/OPP000/matches?order=care", &r)
	if r.Order != "care" || r.Matches[1].Moved == nil || len(r.Changes) == 0 || r.Consortium == nil {
		t.Errorf("%+v", r)
	}
	s.want(t, 422, "/api/v1/opportunities/OPP000/matches?order=luck")
}
