package convene

import (
	"slices"
	"testing"
	"time"

	"jinghe/internal/scene"
)

// TestLeftOutLater: a wish is later than the plan only where the plan knew nothing of the
// two. One that was said before and is changed since is told as the plan page tells it.
func TestLeftOutLater(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 12, 1, 1, 0, 0, 0, time.UTC)
	p := group(5)
	p[0].Wishes = []scene.FairWish{
		{To: "p01", Kind: scene.WishWant, At: at.Add(-time.Hour)},
		{To: "p02", Kind: scene.WishMust, At: at.Add(time.Hour)}, // was a want when the plan was made
		{To: "p03", Kind: scene.WishWant, At: at.Add(time.Hour)},
		{To: "p04", Kind: scene.WishWant, At: at.Add(-time.Hour)}, // asked for, and not agreed to
	}
	b := &Board{Version: 1, published: at, Parties: map[scene.ID]*scene.FairParty{}, posed: map[string]bool{"p00~p01": true, "p00~p02": true}}
	for i := range p {
		b.Parties[p[i].ID] = &p[i]
	}
	want := []LeftOut{{"p02", scene.WishMust, false}, {"p01", scene.WishWant, false}, {"p03", scene.WishWant, true}, {"p04", scene.WishWant, false}}
	if got := b.LeftOut("p00"); !slices.Equal(got, want) {
		t.Errorf("left out %+v, want %+v", got, want)
	}
}
