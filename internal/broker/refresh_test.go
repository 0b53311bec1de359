package broker_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"jinghe/internal/broker"
	"jinghe/internal/match"
	"jinghe/internal/scene"
)

// TestOneChangeReachesAllLists: after listings came, changed, closed and went,
// every list that is still there answers as the market does, and nearly all are.
func TestOneChangeReachesAllLists(t *testing.T) {
	t.Parallel()
	const needs, offers = 60, 80
	m := province(t, nil, needs, offers)
	rematch(t, m)
	w, rng := newWriter(77), rand.New(rand.NewPCG(2, 2))
	change := func(kind scene.Kind, id scene.ID, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.Refresh(t.Context(), now(), kind, id); err != nil {
			t.Fatal(err)
		}
	}
	changed := provinceOffer(5, w, rng)
	change(scene.KindCapability, changed.ID, m.PutOffer(t.Context(), changed, nil))
	fresh := provinceOffer(offers, w, rng)
	change(scene.KindCapability, fresh.ID, m.PutOffer(t.Context(), fresh, nil))
	closed := provinceNeed(7, w, rng)
	closed.State = scene.Closed
	change(scene.KindOpportunity, closed.ID, m.PutNeed(t.Context(), closed, nil))
	change(scene.KindOpportunity, "n00009", m.DeleteNeed(t.Context(), "n00009"))

	live := 0
	for i := range needs + offers {
		id, ask := scene.ID(idOf('n', i)), m.OffersFor
		if i >= needs {
			id, ask = scene.ID(idOf('c', i-needs)), m.NeedsFor
		}
		if id == "n00009" {
			continue
		}
		listed, err := ask(t.Context(), id, broker.Options{Now: now()})
		if err != nil {
			t.Fatal(err)
		}
		if hidden := id == closed.ID || unseen(id) && id != changed.ID; hidden && !listed.Listed.IsZero() {
			t.Errorf("%s has a list though it is hidden", id)
		} else if hidden {
			continue
		}
		if listed.Listed.IsZero() {
			live++
			continue
		}
		want, err := ask(t.Context(), id, broker.Options{Now: now(), Candidates: 500})
		if err != nil {
			t.Fatal(err)
		}
		sameMatches(t, id, want, listed)
	}
	if live > 5 {
		t.Errorf("%d of %d lists were dropped", live, needs+offers)
	}
}

// TestReleaseReachesAllLists: a listing whose embargo ends makes every list that
// may lack it be answered live, until it has its place in them.
func TestReleaseReachesAllLists(t *testing.T) {
	t.Parallel()
	const needs, offers = 60, 80
	m := province(t, nil, needs, offers)
	w, rng := newWriter(77), rand.New(rand.NewPCG(2, 2))
	held := provinceOffer(offers, w, rng)
	held.Updated, held.ValidFrom = now().Add(-time.Hour), now().Add(time.Hour)
	if err := m.PutOffer(t.Context(), held, nil); err != nil {
		t.Fatal(err)
	}
	rematch(t, m)
	ask := func(at time.Time) (listed, naming int) {
		t.Helper()
		for i := range needs {
			r, err := m.OffersFor(t.Context(), scene.ID(idOf('n', i)), broker.Options{Now: at})
			if err != nil {
				t.Fatal(err)
			}
			if !r.Listed.IsZero() {
				listed++
			}
			if slices.ContainsFunc(r.Matches, func(x match.Match) bool { return x.Offer.ID == held.ID }) {
				naming++
			}
		}
		return listed, naming
	}
	before, naming := ask(now())
	if before < needs*9/10 || naming > 0 {
		t.Fatalf("before: %d of %d from lists, %d name what is held back", before, needs, naming)
	}
	after := now().Add(2 * time.Hour)
	listed, live := ask(after)
	if listed > 0 || live == 0 {
		t.Errorf("released: %d from lists that lack it, %d name it", listed, live)
	}
	if _, err := m.Release(t.Context(), after); err != nil {
		t.Fatal(err)
	}
	listed, naming = ask(after)
	if listed < before-2 || naming < live {
		t.Errorf("after it reached them: %d from lists, want %d; %d name it, want %d", listed, before, naming, live)
	}
	if made, err := m.Release(t.Context(), after.Add(time.Minute)); err != nil || len(made) > 0 {
		t.Errorf("nothing was released since, yet %d lists changed (%v)", len(made), err)
	}
}

// sameMatches wants what a list gives to be no worse than a live answer, place by
// place: statistics move a little with every change, and lists are scored as of now.
func sameMatches(t *testing.T, id scene.ID, want, got match.Ranking) {
	t.Helper()
	if len(got.Matches) != len(want.Matches) {
		t.Errorf("%s has %d matches, want %d", id, len(got.Matches), len(want.Matches))
		return
	}
	for i, x := range want.Matches {
		if got.Matches[i].Raw < x.Raw-1e-9 {
			t.Errorf("%s has %s (%v) at %d, live %s (%v)", id, got.Matches[i].Offer.ID, got.Matches[i].Raw, i, x.Offer.ID, x.Raw)
			return
		}
	}
	if got.Listed.Location() != time.UTC {
		t.Errorf("%s was listed at %v", id, got.Listed)
	}
}

func idOf(side byte, i int) string { return fmt.Sprintf("%c%05d", side, i) }

// TestHiddenHaveNoList: a listing that is published gets its list with that
// change, one that is withdrawn loses it, and a draft that is typed into costs
// the lists nothing.
func TestHiddenHaveNoList(t *testing.T) {
	t.Parallel()
	m := province(t, nil, 30, 40)
	rematch(t, m)
	if c := m.Coverage(now()); c.Listings != open(30, 40) || c.Fresh != c.Listings || c.Missing != 0 || !c.Oldest.Equal(now()) {
		t.Fatalf("after a rematch: %+v, want %d listings", c, open(30, 40))
	}
	w, rng := newWriter(3), rand.New(rand.NewPCG(4, 4))
	row := provinceNeed(17, w, rng)
	for _, step := range []struct {
		state   scene.State
		listed  bool
		changed bool // its own list is among those that differ
	}{
		{scene.Draft, false, false},
		{scene.Published, true, true},
		{scene.Paused, false, true},
		{scene.Paused, false, false},
	} {
		row.State = step.state
		if err := m.PutNeed(t.Context(), row, nil); err != nil {
			t.Fatal(err)
		}
		made, err := m.Refresh(t.Context(), now(), scene.KindOpportunity, row.ID)
		if err != nil {
			t.Fatal(err)
		}
		own := slices.ContainsFunc(made, func(x broker.Made) bool { return x.Kind == scene.KindOpportunity && x.ID == row.ID })
		r, err := m.OffersFor(t.Context(), row.ID, broker.Options{Now: now()})
		if err != nil || len(r.Matches) == 0 {
			t.Fatalf("%s: %d matches, %v", step.state, len(r.Matches), err)
		}
		if r.Listed.IsZero() == step.listed || own != step.changed {
			t.Errorf("%s: listed %v, told of it %v", step.state, r.Listed, own)
		}
	}
}
