package convene_test

import (
	"errors"
	"slices"
	"testing"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
)

// TestWishCaps: a party says no more than the fair allows, and what is refused
// changes nothing.
func TestWishCaps(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f := h.fair(func(f *scene.Fair) { f.MaxOpen, f.MaxMusts = 3, 1 })
	p := h.guests(f.ID, 6)
	say := func(kinds ...scene.FairWishKind) error {
		var wishes []convene.Wish
		for i, kind := range kinds {
			wishes = append(wishes, convene.Wish{To: p[i+1].ID, Kind: kind})
		}
		_, err := h.Wish(ctx, steward(), p[0].ID, wishes)
		return err
	}
	tests := []struct {
		name  string
		kinds []scene.FairWishKind
		code  scene.Code
		key   string
	}{
		{"TooMany", []scene.FairWishKind{"want", "want", "want", "want"}, scene.Invalid, "fair.too_many"},
		{"TwoMusts", []scene.FairWishKind{"must", "must"}, scene.Invalid, "fair.too_many"},
		{"UnknownKind", []scene.FairWishKind{"love"}, scene.Invalid, "fair.party_invalid"},
		{"OK", []scene.FairWishKind{"must", "want", "want", "never", "never"}, "", ""},
		{"AnotherMust", []scene.FairWishKind{"must", "must"}, scene.Invalid, "fair.too_many"},
		{"MustMoves", []scene.FairWishKind{"want", "must"}, "", ""},
		{"TakenBack", []scene.FairWishKind{"", "", "want"}, "", ""},
	}
	for _, tt := range tests {
		expectCode(t, tt.name, say(tt.kinds...), tt.code, tt.key)
	}
	x, err := h.Party(ctx, steward(), p[0].ID)
	if err != nil || len(x.Wishes) != 3 {
		t.Errorf("wishes in the end: %+v, %v", x.Wishes, err)
	}
	_, err = h.Wish(ctx, steward(), p[0].ID, []convene.Wish{{To: p[0].ID, Kind: scene.WishWant}})
	expectCode(t, "itself", err, scene.Invalid, "fair.party_invalid")
	_, err = h.Wish(ctx, steward(), p[0].ID, []convene.Wish{{To: "nobody", Kind: scene.WishWant}})
	expectCode(t, "nobody", err, scene.Invalid, "fair.party_invalid")
	flood := make([]convene.Wish, 10_000)
	for i := range flood {
		flood[i] = convene.Wish{To: p[1].ID, Kind: scene.WishWant}
	}
	_, err = h.WishAsGuest(ctx, p[0].Delegates[0].Code, "", flood)
	expectCode(t, "ten thousand wishes", err, scene.TooLarge, "fair.wishes_at_once")
}

func TestContradictions(t *testing.T) {
	t.Parallel()
	f := &scene.Fair{
		Slots: []scene.FairSlot{{ID: "s1"}, {ID: "s2"}, {ID: "s3"}}, Min: 2, Max: 5,
	}
	party := func(id scene.ID, change func(*scene.FairParty)) scene.FairParty {
		p := scene.FairParty{ID: id, Name: string(id), State: scene.PartyAccepted, Delegates: []scene.Delegate{{ID: "d-" + id}}}
		if change != nil {
			change(&p)
		}
		return p
	}
	must := func(p *scene.FairParty) {
		p.Wishes = append(p.Wishes, scene.FairWish{To: "b", Kind: scene.WishMust})
	}
	tests := map[string]struct {
		own, other func(*scene.FairParty)
		want       []string
	}{
		"None":         {must, nil, nil},
		"NeverThere":   {func(p *scene.FairParty) { must(p); p.Away = []string{"s1"} }, func(p *scene.FairParty) { p.Away = []string{"s2", "s3"} }, []string{"fair.never_together"}},
		"DelegateAway": {must, func(p *scene.FairParty) { p.Delegates[0].Away = []string{"s1", "s2", "s3"} }, []string{"fair.never_together"}},
		"Gone":         {must, func(p *scene.FairParty) { p.State = scene.PartyWithdrawn }, []string{"fair.wish_gone"}},
		"MustsOverMax": {func(p *scene.FairParty) { must(p); p.Max = new(0) }, nil, []string{"fair.musts_over_max"}},
		"MinOverTime":  {func(p *scene.FairParty) { p.Away = []string{"s1", "s2"} }, nil, []string{"fair.min_over_time"}},
		"NeverIsFine":  {func(p *scene.FairParty) { p.Wishes = []scene.FairWish{{To: "b", Kind: scene.WishNever}} }, func(p *scene.FairParty) { p.State = scene.PartyRefused }, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			own, other := party("a", tt.own), party("b", tt.other)
			var got []string
			for _, fault := range convene.Contradictions(f, &own, map[scene.ID]*scene.FairParty{own.ID: &own, other.ID: &other}) {
				got = append(got, fault.Key)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("told of %v, want %v", got, tt.want)
			}
		})
	}
}

// TestModes: whose word is enough to plan a meeting.
func TestModes(t *testing.T) {
	t.Parallel()
	for mode, want := range map[scene.FairMode]struct{ planned, meetings int }{
		scene.FairMutual:    {1, 1}, // 0 and 1 want each other
		scene.FairHosted:    {2, 2}, // and 2 asks the hosted 3
		scene.FairOrganiser: {3, 3}, // and 4 asks 5
	} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			h := newHall(t, nil)
			f := h.fair(func(f *scene.Fair) { f.Mode, f.Min = mode, 0 })
			p := h.guests(f.ID, 6)
			if _, err := h.Amend(t.Context(), steward(), p[3].ID, convene.PartyForm{Name: p[3].Name, Hosted: true, Delegates: p[3].Delegates}); err != nil {
				t.Fatal(err)
			}
			h.wish(p[0], scene.WishWant, p[1])
			h.wish(p[1], scene.WishWant, p[0])
			h.wish(p[2], scene.WishWant, p[3])
			h.wish(p[4], scene.WishWant, p[5])
			d := h.draft(f.ID)
			if len(d.Plan.Meetings) != want.planned || len(d.Problem.Meetings) != want.meetings {
				t.Errorf("%d planned of %d, want %+v", len(d.Plan.Meetings), len(d.Problem.Meetings), want)
			}
		})
	}
}

// TestSuggestions: everybody gets some, the best first; nobody is shown who said
// never, or learns that somebody did.
func TestSuggestions(t *testing.T) {
	t.Parallel()
	h := newHall(t, paired{0.6})
	ctx := t.Context()
	f := h.fair()
	p := h.owners(f.ID, 3)
	list, pending, err := h.Suggestions(ctx, f.ID, p[0].ID, 10)
	if err != nil || pending || len(list) != 2 {
		t.Fatalf("suggested %+v, pending %v, %v", list, pending, err)
	}
	if w := list[0].Why; w.Score != 0.6 || w.Reason["zh"] != "reason zh" || w.Reason["en"] != "reason en" || len(w.Ask["en"]) != 1 || w.Need == "" || w.Offer == "" {
		t.Errorf("why %+v", w)
	}
	h.wish(p[1], scene.WishNever, p[0])
	h.wish(p[2], scene.WishMust, p[0])
	list, _, err = h.Suggestions(ctx, f.ID, p[0].ID, 10)
	if err != nil || len(list) != 1 || list[0].Party != p[2].ID || list[0].Asked != scene.WishMust {
		t.Errorf("after a never and a must: %+v, %v", list, err)
	}
	h.wish(p[0], scene.WishWant, p[2])
	if list, _, err = h.Suggestions(ctx, f.ID, p[0].ID, 10); err != nil || len(list) != 0 {
		t.Errorf("who is wished for is suggested: %+v, %v", list, err)
	}
	if list, _, err = h.Suggestions(ctx, f.ID, "nobody", 10); err != nil || len(list) != 0 {
		t.Errorf("for nobody: %+v, %v", list, err)
	}
}

// TestTheSilentAreFilled: with the organisers deciding, good matches are planned
// that nobody spoke about, and told why.
func TestTheSilentAreFilled(t *testing.T) {
	t.Parallel()
	for score, want := range map[float64]int{0.6: 3, 0.3: 0} {
		h := newHall(t, paired{score})
		f := h.fair()
		h.owners(f.ID, 3)
		d := h.draft(f.ID)
		if len(d.Plan.Meetings) != want {
			t.Errorf("score %g: %d meetings, want %d", score, len(d.Plan.Meetings), want)
		}
		for _, seat := range d.Plan.Meetings {
			if d.Row.Why[seat.ID].Reason["zh"] == "" {
				t.Errorf("%s is planned without a reason", seat.ID)
			}
		}
	}
}

// TestWishByName: who is one of many is named, wholly or by a piece that is his alone.
func TestWishByName(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		typed string
		want  string // key of the fault, "" for none
		to    int
	}{
		"Whole":   {"公司 01", "", 1},
		"Piece":   {"司02", "", 2},
		"Several": {"公司", "fair.wish_name.many", 0},
		"Nobody":  {"局", "fair.wish_name.none", 0},
		"Nothing": {"  ", "fair.wish_name.none", 0},
		"Himself": {"公司00", "fair.wish_name.none", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHall(t, nil)
			p := h.guests(h.fair().ID, 3)
			said, err := h.WishAsGuest(t.Context(), p[0].Delegates[0].Code, "192.0.2.1", []convene.Wish{{Name: tt.typed, Kind: scene.WishWant}})
			if tt.want != "" {
				e, ok := errors.AsType[*scene.Error](err)
				if !ok || len(e.Fields) != 1 || e.Fields[0].Key != tt.want {
					t.Fatalf("%v, want %s", err, tt.want)
				}
				return
			}
			if _, there := said.Wish(p[tt.to].ID); err != nil || !there {
				t.Errorf("%v, %v", said.Wishes, err)
			}
		})
	}
}
