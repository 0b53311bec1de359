package convene_test

import (
	"context"
	"testing"
	"time"

	"jinghe/internal/convene"
	"jinghe/internal/match"
	"jinghe/internal/scene"
)

// judged ranks the pairs of entries that it knows with their reciprocal scores, and has no
// others; a condition rules out those below 0.
type judged map[[2]string]float64

func (j judged) Pairs(_ context.Context, needs, offers []scene.Row, _ int) ([]match.Ranking, error) {
	out := make([]match.Ranking, len(needs))
	for i := range needs {
		for k := range offers {
			ref := match.Ref{Code: offers[k].Label}
			switch score := j[[2]string{needs[i].Label, offers[k].Label}]; {
			case score > 0:
				out[i].Matches = append(out[i].Matches, match.Match{Offer: ref, Reciprocal: match.Reciprocal{Both: score}})
			case score < 0:
				out[i].Excluded = append(out[i].Excluded, match.Exclusion{Offer: ref, Both: -score})
			}
		}
	}
	return out, nil
}

// TestTopic: a meeting is about the pair with the best reciprocal score, and where none
// fits its case is called by the two parties; what is said of such a meeting teaches
// ranking nothing.
func TestTopic(t *testing.T) {
	t.Parallel()
	h := newHallWith(t, judged{
		{"need-org0", "offer-org1"}: 0.4, {"need-org1", "offer-org0"}: 0.7, // the later one is better
		{"need-org3", "offer-org2"}: 0.45, // the best of the two, and not what they talk about
		{"need-org6", "offer-org7"}: -0.3, {"need-org7", "offer-org6"}: -0.6, {"need-org0", "offer-org7"}: -0.9,
	}, true)
	f := h.fair(func(f *scene.Fair) { f.Min = 0 })
	p := h.owners(f.ID, 8)
	h.people(p)
	for i := 0; i < 8; i += 2 {
		h.wish(p[i], scene.WishWant, p[i+1])
	}
	v := h.plan(f.ID)
	h.setNow(f.End().Add(-time.Minute))
	cases := []struct {
		a, b        int
		need, offer string
		loose       bool
	}{
		{0, 1, "需求org1", "能力org0", false},
		{2, 3, "需求org3", "能力org2", true},
		{4, 5, "需求org4", "能力org5", true},  // nothing is known: the first of both
		{6, 7, "需求org7", "能力org6", false}, // ruled out both ways, and they go on with it all the same
	}
	topic := func(meeting string) string {
		t.Helper()
		list, err := h.Topics(t.Context(), h.board(f.ID), []string{meeting})
		x, found := list[meeting]
		if err != nil || !found {
			t.Fatalf("topic %+v, %v, %v", x, found, err)
		}
		if x.Loose {
			return x.NeedName + x.OfferName + " loose"
		}
		return x.NeedName + x.OfferName
	}
	for _, c := range cases {
		meeting := between(t, v.Plan.Meetings, p[c.a], p[c.b])
		want := c.need + c.offer
		if c.loose {
			want += " loose"
		}
		if got := topic(meeting); got != want {
			t.Errorf("%d and %d talk about %s, want %s", c.a, c.b, got, want)
		}
		h.says(f, p[c.a], meeting, "a"+want, scene.FairOutcome{Held: true, Worth: 3, Next: scene.NextTalk})
		h.follow()
		if got := topic(meeting); got != want {
			t.Errorf("with a case: %s, want %s", got, want)
		}
	}
	loose := 0
	for _, e := range h.engagements() {
		need, offer := e.Called()
		if e.Met.Fair != f.ID || e.Met.Title != f.Title || e.Met.At.IsZero() {
			t.Errorf("came from %+v", e.Met)
		}
		if e.Loose {
			loose++
		}
		if e.Loose == (need == e.NeedName || offer == e.OfferName) {
			t.Errorf("%s × %s is called %s × %s", e.NeedName, e.OfferName, need, offer)
		}
	}
	if loose != 2 {
		t.Errorf("%d of 4 are called by their parties, want 2", loose)
	}
	if list, err := h.Topics(t.Context(), h.board(f.ID), []string{"nobody~nothing"}); len(list) != 0 || err != nil {
		t.Errorf("no meeting has a topic, %v", err)
	}
}

// busy is a matcher that is at work until its gate opens.
type busy struct {
	judged
	gate chan struct{}
}

func (x busy) Pairs(ctx context.Context, needs, offers []scene.Row, top int) ([]match.Ranking, error) {
	select {
	case <-x.gate:
		return x.judged.Pairs(ctx, needs, offers, top)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// TestCaseWaitsForTheMatcher: of a meeting that the version in force says nothing of, no
// case is made while the matcher is at work: it would be called by the two parties for good.
func TestCaseWaitsForTheMatcher(t *testing.T) {
	t.Parallel()
	h := newHallWith(t, nil, true)
	f := h.fair(func(f *scene.Fair) { f.Min = 0 })
	p := h.owners(f.ID, 2)
	h.people(p)
	h.wish(p[0], scene.WishWant, p[1])
	v := h.plan(f.ID)
	h.setNow(f.End().Add(-time.Minute))
	matcher := busy{judged{{"need-org1", "offer-org0"}: 0.7}, make(chan struct{})}
	h.Close()
	h.config.Pairing = matcher
	h.Service = convene.New(h.config)
	meeting := between(t, v.Plan.Meetings, p[0], p[1])
	h.says(f, p[0], meeting, "said-000001", scene.FairOutcome{Held: true, Worth: 3, Next: scene.NextTalk})
	if h.follow(); len(h.engagements()) != 0 {
		t.Fatal("a case was made before the matcher said anything")
	}
	close(matcher.gate)
	h.follow()
	if list := h.engagements(); len(list) != 1 || list[0].Loose || list[0].Need != "need-org1" {
		t.Errorf("cases %+v", list)
	}
}

// TestSaidBeforeServes: while the matcher looks again at what is brought, everybody has what
// it said of that before, and nobody waits.
func TestSaidBeforeServes(t *testing.T) {
	t.Parallel()
	matcher := busy{judged{{"need-org1", "offer-org0"}: 0.7}, make(chan struct{}, 1)}
	h := newHallWith(t, matcher, false)
	f := h.fair(func(f *scene.Fair) { f.Min = 0 })
	p := h.owners(f.ID, 2)
	matcher.gate <- struct{}{}
	if list, pending, err := h.Suggestions(t.Context(), f.ID, p[0].ID, 5); err != nil || pending || len(list) != 1 {
		t.Fatalf("suggested %+v, %v, %v", list, pending, err)
	}
	h.setNow(morning().Add(20 * time.Minute))
	for range 3 {
		if list, pending, err := h.Suggestions(t.Context(), f.ID, p[0].ID, 5); err != nil || pending || len(list) != 1 {
			t.Errorf("meanwhile %+v, %v, %v", list, pending, err)
		}
	}
}
