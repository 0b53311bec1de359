package pairs

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/web/ui"
)

// TestFunnelOf: each stage counts who stands there or further on, and who was
// stopped is told apart.
func TestFunnelOf(t *testing.T) {
	t.Parallel()
	p := &ui.Page{Lang: locale.Zh}
	tests := map[string]struct {
		counts        map[scene.Stage]int
		reached, here []int
		stopped       int
	}{
		"Unknown":     {counts: nil},
		"StoppedOnly": {counts: map[scene.Stage]int{scene.StageStopped: 3}},
		"Begun":       {map[scene.Stage]int{scene.StageSuggested: 2, scene.StageRecommended: 1}, []int{3, 0, 0, 0, 0, 0, 0}, []int{3, 0, 0, 0, 0, 0, 0}, 0},
		"Way": {
			map[scene.Stage]int{
				scene.StageSuggested: 5, scene.StageMutual: 1, scene.StageDocking: 4, scene.StageProposal: 3, scene.StagePilot: 2,
				scene.StageContract: 2, scene.StageLanded: 1, scene.StageReplicated: 1, scene.StageStopped: 7,
			},
			[]int{19, 14, 9, 6, 4, 2, 1},
			[]int{5, 5, 3, 2, 2, 1, 1},
			7,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := FunnelOf(p, tt.counts, Console)
			if (f == nil) != (tt.reached == nil) {
				t.Fatalf("got %+v", f)
			}
			if f == nil {
				return
			}
			var reached, here []int
			for _, r := range f.Rows {
				reached, here = append(reached, r.Reached), append(here, r.Here)
				if r.Here == 0 && r.URL != "" {
					t.Errorf("%s leads to nothing: %s", r.Label, r.URL)
				}
			}
			if diff := cmp.Diff(tt.reached, reached); diff != "" {
				t.Errorf("reached: %s", diff)
			}
			if diff := cmp.Diff(tt.here, here); diff != "" {
				t.Errorf("here: %s", diff)
			}
			if f.Stopped != tt.stopped || f.Rows[0].Label != "有意向" {
				t.Errorf("%+v", f)
			}
		})
	}
}
