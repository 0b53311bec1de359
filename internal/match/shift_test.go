package match

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func listed(codes ...string) *Ranking {
	r := &Ranking{Need: Ref{Code: "N"}}
	for _, c := range codes {
		r.Matches = append(r.Matches, Match{Offer: Ref{Code: c}})
	}
	return r
}

func TestCompare(t *testing.T) {
	t.Parallel()
	at := func(code string, was, now int) Place { return Place{Offer: Ref{Code: code}, Was: was, Now: now} }
	for name, tc := range map[string]struct {
		before, after     *Ranking
		came, went, moved []Place
	}{
		"Same":         {before: listed("a", "b", "c"), after: listed("a", "b", "c")},
		"BelowTheTop":  {before: listed("a", "b", "c", "d"), after: listed("a", "b", "c", "e")},
		"Swapped":      {before: listed("a", "b"), after: listed("b", "a"), moved: []Place{at("b", 2, 1), at("a", 1, 2)}},
		"OneForOne":    {before: listed("a", "b", "c"), after: listed("a", "d", "c"), came: []Place{at("d", 0, 2)}, went: []Place{at("b", 2, 0)}},
		"FromNothing":  {before: listed(), after: listed("a"), came: []Place{at("a", 0, 1)}},
		"ToNothing":    {before: listed("a"), after: listed(), went: []Place{at("a", 1, 0)}},
		"InFromBehind": {before: listed("a", "b", "c", "d"), after: listed("d", "a", "b"), came: []Place{at("d", 0, 1)}, went: []Place{at("c", 3, 0)}, moved: []Place{at("a", 1, 2), at("b", 2, 3)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, differs := Compare(tc.before, tc.after, 3)
			if want := len(tc.came)+len(tc.went)+len(tc.moved) > 0; differs != want {
				t.Fatalf("differs: %t", differs)
			}
			for what, pair := range map[string][2][]Place{"came": {tc.came, got.Came}, "went": {tc.went, got.Went}, "moved": {tc.moved, got.Moved}} {
				if diff := cmp.Diff(append([]Place{}, pair[0]...), pair[1]); diff != "" {
					t.Errorf("%s:\n%s", what, diff)
				}
			}
		})
	}
}
