package convene_test

import (
	"slices"
	"testing"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
)

// TestRequests: who was asked sees who asks, musts first, until he answers; a never
// is told to nobody.
func TestRequests(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	f := h.fair(func(f *scene.Fair) { f.Mode = scene.FairMutual })
	all := h.guests(f.ID, 4)
	h.wish(all[1], scene.WishWant, all[0])
	h.wish(all[2], scene.WishMust, all[0])
	h.wish(all[3], scene.WishNever, all[0])
	board := func() *convene.Board {
		b, err := h.Board(t.Context(), f.ID)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	from := func() (ids []scene.ID) {
		for _, r := range board().Requests(all[0].ID) {
			ids = append(ids, r.From)
		}
		return ids
	}
	if got := from(); !slices.Equal(got, []scene.ID{all[2].ID, all[1].ID}) {
		t.Errorf("asked by %v", got)
	}
	h.wish(all[0], scene.WishNever, all[2])
	if got := from(); !slices.Equal(got, []scene.ID{all[1].ID}) {
		t.Errorf("after a no: asked by %v", got)
	}
	if _, err := h.Decide(t.Context(), steward(), all[1].ID, scene.PartyWithdrawn); err != nil {
		t.Fatal(err)
	}
	if got := from(); len(got) != 0 {
		t.Errorf("one who left asks still: %v", got)
	}
	if got := board().Requests("nobody"); got != nil {
		t.Errorf("a stranger is asked by %v", got)
	}
}

// TestUnconfirmed: what waits for a yes depends on the mode, and whoever has most
// to answer comes first.
func TestUnconfirmed(t *testing.T) {
	t.Parallel()
	for mode, want := range map[scene.FairMode]int{scene.FairMutual: 4, scene.FairHosted: 1, scene.FairOrganiser: 0} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			h := newHall(t, nil)
			f := h.fair(func(f *scene.Fair) { f.Mode = mode })
			all := h.guests(f.ID, 4)
			if _, err := h.Amend(t.Context(), steward(), all[0].ID, convene.PartyForm{Name: all[0].Name, Hosted: true, Delegates: all[0].Delegates}); err != nil {
				t.Fatal(err)
			}
			for _, from := range all[1:] {
				h.wish(from, scene.WishWant, all[0])
			}
			h.wish(all[1], scene.WishWant, all[2])
			b, err := h.Board(t.Context(), f.ID)
			if err != nil {
				t.Fatal(err)
			}
			list := b.Unconfirmed()
			if len(list) != want {
				t.Fatalf("%d wait for a yes, want %d: %+v", len(list), want, list)
			}
			if mode == scene.FairMutual && (list[0].To != all[0].ID || list[3].To != all[2].ID) {
				t.Errorf("order %+v", list)
			}
		})
	}
}

// TestFindings says in one variant of each kind what is worth to change.
func TestFindings(t *testing.T) {
	t.Parallel()
	now := convene.Variant{Kind: convene.VariantNow, Tables: 8, Minutes: 15, Max: 4, Planned: 23}
	with := func(kind convene.VariantKind, change func(*convene.Variant)) convene.Variant {
		v := now
		v.Kind = kind
		change(&v)
		return v
	}
	tables := func(n, planned int) convene.Variant {
		return with(convene.VariantTables, func(v *convene.Variant) { v.Tables, v.Planned = n, planned })
	}
	tests := map[string]struct {
		list  []convene.Variant
		best  int // tables
		more  int
		spare int
	}{
		"FewerDo":       {[]convene.Variant{now, tables(4, 20), tables(6, 23), tables(10, 23)}, 6, 0, 2},
		"MoreReachMore": {[]convene.Variant{now, tables(6, 23), tables(10, 25), tables(12, 25)}, 10, 2, 0},
		"AsItIs":        {[]convene.Variant{now, tables(4, 20), tables(12, 23)}, 8, 0, 0},
		"MinimumsFirst": {[]convene.Variant{now, with(convene.VariantTables, func(v *convene.Variant) { v.Tables, v.Planned, v.Shortfall = 12, 30, 2 })}, 8, 0, 0},
		"MoreMinimums": {[]convene.Variant{
			with(convene.VariantNow, func(v *convene.Variant) { v.Shortfall = 2 }), tables(9, 23),
		}, 9, 0, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := convene.Findings(tt.list)
			if len(got) != 1 || got[0].Best.Tables != tt.best || got[0].More != tt.more || got[0].Spare != tt.spare {
				t.Errorf("got %+v", got)
			}
		})
	}
	if got := convene.Findings(nil); got != nil {
		t.Errorf("of nothing: %+v", got)
	}
	quota := with(convene.VariantQuota, func(v *convene.Variant) { v.Max, v.Planned = 6, 26 })
	if got := convene.Findings([]convene.Variant{now, quota}); len(got) != 1 || got[0].Kind != convene.VariantQuota || got[0].More != 3 || got[0].Spare != 0 {
		t.Errorf("quota: %+v", got)
	}
}
