package fair

import (
	"testing"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
)

// TestConcerns: a calendar cancels what its delegate may have had: what was his, what
// was nobody's, and what was that of one who left, for then it was everybody's.
func TestConcerns(t *testing.T) {
	t.Parallel()
	g := &convene.Guest{Party: scene.FairParty{ID: "a", Delegates: []scene.Delegate{{ID: "ann"}, {ID: "ben"}}}, Delegate: scene.Delegate{ID: "ann"}}
	for from, want := range map[scene.ID]bool{"ann": true, "ben": false, "": true, "gone": true} {
		x := &scene.FairChange{Parties: []scene.ID{"a", "b"}, From: &scene.FairPlace{}, To: &scene.FairPlace{}, Sits: []scene.FairSits{{Party: "a", From: from, To: "ben"}}}
		if got := concerns(x, g); got != want {
			t.Errorf("from %q: %v", from, got)
		}
	}
}
