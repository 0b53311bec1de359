package console

import (
	"slices"
	"testing"
	"time"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
)

func fairAt(state scene.FairState, start time.Time) scene.Fair {
	return scene.Fair{State: state, Blocks: []scene.FairBlock{{Start: start, End: start.Add(time.Hour)}}, Slots: []scene.FairSlot{{ID: "s", Start: start, End: start.Add(time.Hour)}}}
}

// TestAhead: of the events of a day what runs comes first, and what there is no room for is
// counted.
func TestAhead(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 3, 2, 12, 0, 0, 0, scene.China())
	closed, running := convene.Phase(scene.FairClosed), convene.PhaseRunning
	tests := map[string]struct {
		phases []convene.Phase
		want   []int
		more   int
	}{
		"RunningFirst": {[]convene.Phase{closed, closed, closed, running}, []int{3, 0, 1}, 1},
		"AllOfThem":    {[]convene.Phase{closed, running}, []int{1, 0}, 0},
		"None":         {},
	}
	for name, tt := range tests {
		list := make([]scene.Fair, len(tt.phases))
		for i := range list {
			list[i] = fairAt(scene.FairClosed, noon.Add(-time.Duration(i)*time.Hour))
		}
		if got, more := ahead(list, tt.phases, int(noon.Unix()/86400)); !slices.Equal(got, tt.want) || more != tt.more {
			t.Errorf("%s: %v and %d more, want %v and %d", name, got, more, tt.want, tt.more)
		}
	}
}

// TestStageOfTheDay: what is published is about to begin until its first hour, and on after.
func TestStageOfTheDay(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 3, 2, 12, 0, 0, 0, scene.China())
	f := fairAt(scene.FairClosed, start)
	for before, want := range map[time.Duration]string{24 * time.Hour: "published", 2 * time.Hour: "soon", time.Minute: "soon", 0: "running"} {
		if _, key := (&standing{f: &f, now: start.Add(-before), version: 1}).stage(); key != want {
			t.Errorf("%v before: %s, want %s", before, key, want)
		}
	}
}
