package broker_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jinghe/internal/broker"
	"jinghe/internal/match"
	"jinghe/internal/scene"
)

// stored returns all lists as rows would keep them.
func stored(t *testing.T, m *broker.Market) (lists []scene.MatchList) {
	t.Helper()
	for _, kind := range []scene.Kind{scene.KindOpportunity, scene.KindCapability} {
		ids := m.Board().IDs(kind)
		slices.Sort(ids)
		for _, id := range ids {
			l := *m.Stored(kind, id)
			raw, err := l.MarshalBinary()
			if err != nil {
				t.Fatal(err)
			}
			var back scene.MatchList
			if err := back.UnmarshalBinary(raw); err != nil {
				t.Fatal(err)
			}
			lists = append(lists, back)
		}
	}
	return lists
}

// TestRematchGoesOn: a market filled with the same rows takes stored lists up,
// makes those that are missing, and ends with what a run without a break gives.
func TestRematchGoesOn(t *testing.T) {
	t.Parallel()
	const needs, offers = 40, 60
	first := province(t, nil, needs, offers)
	rematch(t, first)
	whole := stored(t, first)

	next := province(t, nil, needs, offers)
	if next.ListVersion() != first.ListVersion() {
		t.Fatalf("the same rows teach %s and %s", next.ListVersion(), first.ListVersion())
	}
	half := 0
	for i := range whole {
		if i%2 == 0 {
			next.Restore(&whole[i])
			half++
		}
	}
	r, made := next.NewRematch(now()), 0
	if done, total := r.Progress(); done != half || total != open(needs, offers) {
		t.Errorf("begins with %d of %d, want %d of %d", done, total, half, open(needs, offers))
	}
	for !r.Done() {
		some, err := r.Step(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		made += len(next.Publish(some))
	}
	if made != open(needs, offers)-half {
		t.Errorf("made %d lists, want the %d that were missing", made, open(needs, offers)-half)
	}
	if diff := cmp.Diff(whole, stored(t, next)); diff != "" {
		t.Errorf("(-at once +with a break)\n%s", diff)
	}
}

// TestRestoreIsOfTheRowsThereAre: a list of a listing that says something else
// now is not taken up, and counterparts that are gone are left out.
func TestRestoreIsOfTheRowsThereAre(t *testing.T) {
	t.Parallel()
	m := province(t, nil, 30, 40)
	rematch(t, m)
	lists := stored(t, m)
	m.Board().Clear()
	changed := provinceNeed(3, newWriter(5), rand.New(rand.NewPCG(9, 9)))
	if err := m.PutNeed(t.Context(), changed, nil); err != nil {
		t.Fatal(err)
	}
	if err := m.DeleteOffer(t.Context(), "c00004"); err != nil {
		t.Fatal(err)
	}
	for i := range lists {
		if accounts := m.Accounts(&lists[i]); accounts == (lists[i].ID == changed.ID || lists[i].ID == "c00004") {
			t.Errorf("%s accounts for its listing: %v", lists[i].ID, accounts)
		}
		m.Restore(&lists[i])
	}
	if n := m.Board().Len(scene.KindOpportunity); n != open(30, 0)-1 || m.Board().Get(scene.KindOpportunity, changed.ID) != nil {
		t.Errorf("%d lists of needs were taken up, want %d", n, open(30, 0)-1)
	}
	for _, id := range m.Board().IDs(scene.KindOpportunity) {
		l := m.Board().Get(scene.KindOpportunity, id)
		if slices.ContainsFunc(slices.Concat(l.Best, l.Out), func(p broker.Pair) bool { return p.ID == "c00004" }) {
			t.Fatalf("%s still names an offer that is gone", id)
		}
	}
}

// TestRestoreTeaches: a need whose list was stored answers by the offers that
// taught it then, without looking for them, and looks again where one is gone.
func TestRestoreTeaches(t *testing.T) {
	t.Parallel()
	const needs, offers = 6, 60
	fresh := func() *broker.Market { // Learn teaches the needs it finds
		m := province(t, nil, 0, offers)
		w, rng := newWriter(12), rand.New(rand.NewPCG(2, 2))
		for i := range needs {
			if err := m.PutNeed(t.Context(), provinceNeed(i, w, rng), nil); err != nil {
				t.Fatal(err)
			}
		}
		return m
	}
	first := fresh()
	rematch(t, first)
	lists := stored(t, first)
	i := slices.IndexFunc(lists, func(l scene.MatchList) bool { return l.Kind == scene.KindOpportunity && len(l.Taught) > 1 })
	if i < 0 {
		t.Fatal("nothing is stored of what taught the needs")
	}
	answer := func(m *broker.Market, change func(*scene.MatchList)) match.Ranking {
		t.Helper()
		l := lists[i]
		change(&l)
		m.Restore(&l)
		r, err := m.OffersFor(t.Context(), l.ID, broker.Options{Now: now()})
		if err != nil || r.Listed.IsZero() {
			t.Fatalf("listed %v, %v", r.Listed, err)
		}
		return r
	}
	asBefore := answer(fresh(), func(*scene.MatchList) {})
	live := answer(fresh(), func(l *scene.MatchList) { l.Taught = nil })
	if diff := cmp.Diff(live, asBefore); diff != "" {
		t.Errorf("(-looked for +stored)\n%s", diff)
	}
	other := func(l *scene.MatchList) { l.Taught = []scene.MatchPair{l.Taught[len(l.Taught)-1]} }
	if cmp.Equal(live, answer(fresh(), other)) {
		t.Error("other teachers teach the same: what is stored is not used")
	}
	gone := func(l *scene.MatchList) {
		l.Taught = append(slices.Clone(l.Taught), scene.MatchPair{ID: "gone", Raw: 1})
	}
	if diff := cmp.Diff(live, answer(fresh(), gone)); diff != "" {
		t.Errorf("(-looked for +one teacher gone)\n%s", diff)
	}
}

// TestAdopt takes lists of an earlier learning, and none of other weights.
func TestAdopt(t *testing.T) {
	t.Parallel()
	m := province(t, nil, 30, 60)
	rematch(t, m)
	before := m.ListVersion()
	w, rng := newWriter(4), rand.New(rand.NewPCG(4, 4))
	if err := m.PutOffer(t.Context(), provinceOffer(60, w, rng), nil); err != nil {
		t.Fatal(err)
	}
	if err := m.Learn(t.Context()); err != nil {
		t.Fatal(err)
	}
	answer := func() time.Time {
		r, err := m.OffersFor(t.Context(), "n00001", broker.Options{Now: now()})
		if err != nil {
			t.Fatal(err)
		}
		return r.Listed
	}
	if m.ListVersion() == before || !answer().IsZero() {
		t.Fatal("a list of an earlier learning answers")
	}
	if m.Adopt("w0-other+lexicon+dicts#abc") || m.Adopt("nonsense") {
		t.Error("adopted what is of other weights")
	}
	if !m.Adopt(before) || m.ListVersion() != before || answer().IsZero() {
		t.Error("not adopted")
	}
}

// TestWatch tells of what changed, and not of what says what it said.
func TestWatch(t *testing.T) {
	t.Parallel()
	m, err := broker.New(t.Context(), newEngine(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	var told []scene.ID
	m.Watch(func(_ scene.Kind, ids []scene.ID) { told = append(told, ids...) })
	o := need("n1", "路面巡检", "城市道路病害识别")
	for range 2 {
		if err := m.PutNeed(t.Context(), o, nil); err != nil {
			t.Fatal(err)
		}
	}
	other := *o
	other.Need = "桥梁巡检"
	if err := m.PutNeed(t.Context(), &other, nil); err != nil {
		t.Fatal(err)
	}
	if err := m.DeleteNeed(t.Context(), "n1"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]scene.ID{"n1", "n1", "n1"}, told); diff != "" {
		t.Error(diff)
	}
}

// TestReadersChoose when a list may answer although more is asked for.
func TestReadersChoose(t *testing.T) {
	t.Parallel()
	m := province(t, nil, 30, 60)
	rematch(t, m)
	for name, x := range map[string]struct {
		o      broker.Options
		listed bool
	}{
		"plain":  {broker.Options{}, true},
		"longer": {broker.Options{Top: 40}, false},
		"staff":  {broker.Options{Staff: true}, false},
		"more":   {broker.Options{Changes: true}, false},
	} {
		x.o.Now = now()
		r, err := m.OffersFor(t.Context(), "n00001", x.o)
		if err != nil || r.Listed.IsZero() == x.listed {
			t.Errorf("%s: listed %v, %v", name, r.Listed, err)
		}
	}
	for i := range 30 {
		r, err := m.OffersFor(t.Context(), scene.ID(idOf('n', i)), broker.Options{Now: now(), Changes: true, Ahead: true})
		if err != nil {
			t.Fatal(err)
		}
		strong := len(r.Matches) > 0 && r.Matches[0].Score >= 0.3
		live, err := m.OffersFor(t.Context(), scene.ID(idOf('n', i)), broker.Options{Now: now(), Changes: true})
		if err != nil {
			t.Fatal(err)
		}
		listed := !r.Listed.IsZero()
		if listed && !strong && len(live.Changes) > 0 || !listed && strong {
			t.Errorf("%s: listed %v, with a strong match %v and %d changes that would admit somebody", idOf('n', i), listed, strong, len(live.Changes))
		}
	}
}
