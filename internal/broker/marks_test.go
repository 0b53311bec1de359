package broker_test

import (
	"fmt"
	"testing"

	"jinghe/internal/broker"
	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/search/embedded"
	"jinghe/search/lexicon"
)

func codes(r match.Ranking) (matched, out []string) {
	for _, x := range r.Matches {
		matched = append(matched, x.Offer.Code)
	}
	for _, x := range r.Excluded {
		out = append(out, x.Offer.Code)
	}
	return matched, out
}

func TestMarksAreHonouredBothWays(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name          string
		marks         []scene.Mark
		offers, needs string // offers for n1, needs for c1
		first         bool   // the first match of each is pinned
	}{
		{"None", nil, "[c1 c2]", "[n1 n2]", false},
		{"Pinned", []scene.Mark{
			{Need: "n1", Offer: "c2", Kind: scene.Pinned}, {Need: "n2", Offer: "c1", Kind: scene.Pinned},
		}, "[c2 c1]", "[n2 n1]", true},
		{"Excluded", []scene.Mark{{Need: "n1", Offer: "c1", Kind: scene.Excluded}}, "[c2]", "[n2]", false},
		{"PinnedAgainstACondition", []scene.Mark{{Need: "n1", Offer: "c3", Kind: scene.Pinned}}, "[c1 c2]", "[n1 n2]", false},
		{"OfNobody", []scene.Mark{{Need: "n9", Offer: "c9", Kind: scene.Pinned}}, "[c1 c2]", "[n1 n2]", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			m := newMarket(t)
			fill(t, m)
			m.SetMarks(tc.marks)
			for range 2 { // learning again forgets no mark
				forth, err := m.OffersFor(t.Context(), "n1", broker.Options{Now: now(), Staff: true})
				if err != nil {
					t.Fatal(err)
				}
				back, err := m.NeedsFor(t.Context(), "c1", broker.Options{Now: now()})
				if err != nil {
					t.Fatal(err)
				}
				offers, out := codes(forth)
				needs, _ := codes(back)
				if fmt.Sprint(offers) != tc.offers || fmt.Sprint(needs) != tc.needs {
					t.Errorf("offers %v, needs %v, want %s and %s", offers, needs, tc.offers, tc.needs)
				}
				if forth.Matches[0].Pinned != tc.first || back.Matches[0].Pinned != tc.first {
					t.Errorf("pinned is told %v and %v", forth.Matches[0].Pinned, back.Matches[0].Pinned)
				}
				if tc.name == "PinnedAgainstACondition" && fmt.Sprint(out) != "[c3]" {
					t.Errorf("out is %v: a pin does not lift a condition", out)
				}
				if err := m.Learn(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			m.SetMarks(nil)
			if r, err := m.OffersFor(t.Context(), "n1", broker.Options{Now: now()}); err != nil || len(r.Matches) != 2 || r.Matches[0].Pinned {
				t.Errorf("after the marks were taken away: %+v, %v", r.Matches, err)
			}
		})
	}
}

// TestOnlyStaffLearnOfExclusions: that a person took a pair out is not told to everyone.
func TestOnlyStaffLearnOfExclusions(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	fill(t, m)
	m.SetMarks([]scene.Mark{{Need: "n1", Offer: "c1", Kind: scene.Excluded}})
	for staff, want := range map[bool]string{true: "[c3 c1]", false: "[c3]"} {
		r, err := m.OffersFor(t.Context(), "n1", broker.Options{Now: now(), Staff: staff})
		if err != nil {
			t.Fatal(err)
		}
		if _, out := codes(r); fmt.Sprint(out) != want {
			t.Errorf("staff %v: out are %v, want %s", staff, out, want)
		}
		for _, x := range r.Excluded {
			if x.Offer.Code == "c1" && (x.Clauses[0].Clause != "manual" || x.Clauses[0].Advice == "") {
				t.Errorf("an exclusion by hand reads %+v", x.Clauses)
			}
		}
	}
}

// TestAPinIsFoundInALargeMarket: a pinned pair is shown however little its texts have in common.
func TestAPinIsFoundInALargeMarket(t *testing.T) {
	t.Parallel()
	lex, err := lexicon.New()
	if err != nil {
		t.Fatal(err)
	}
	index := embedded.New(lex)
	defer index.Close()
	m, err := broker.New(t.Context(), newEngine(t), index)
	if err != nil {
		t.Fatal(err)
	}
	fill(t, m)
	offers := make([]broker.Offer, 1600)
	for i := range offers {
		offers[i].Listing = offer(fmt.Sprint("x", i), fmt.Sprintf("积水监测终端第%d型", i), "下穿隧道积水监测预警")
	}
	if err := m.LoadOffers(t.Context(), offers); err != nil {
		t.Fatal(err)
	}
	m.SetMarks([]scene.Mark{{Need: "n1", Offer: "c2", Kind: scene.Pinned}})
	r, err := m.OffersFor(t.Context(), "n1", broker.Options{Now: now(), Top: 5})
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := codes(r); len(got) != 5 || got[0] != "c2" || !r.Matches[0].Pinned || r.Matches[1].Pinned {
		t.Errorf("first five are %v", got)
	}
}
