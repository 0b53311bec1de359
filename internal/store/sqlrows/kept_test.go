package sqlrows

import (
	"fmt"
	"testing"

	"jinghe/internal/scene"
)

// TestKept: a row is found after exactly the write it was kept for, and the
// number of rows is bounded; those asked for stay longer than the others.
func TestKept(t *testing.T) {
	t.Parallel()
	k := NewKept()
	id := func(n int) rowID { return rowID{"capability", scene.ID(fmt.Sprint(n))} }
	k.keep(id(0), keptRow{1, 100, "a"})
	for name, tt := range map[string]struct {
		id       rowID
		revision int
		updated  int64
		want     any
	}{
		"Same":       {id(0), 1, 100, "a"},
		"Later":      {id(0), 2, 100, nil},
		"OtherTime":  {id(0), 1, 101, nil},
		"OtherTable": {rowID{"opportunity", "0"}, 1, 100, nil},
		"OtherRow":   {id(1), 1, 100, nil},
	} {
		if got := k.find(tt.id, tt.revision, tt.updated); got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
	k.drop(id(0))
	if k.find(id(0), 1, 100) != nil {
		t.Error("found after it was dropped")
	}
	k.keep(id(0), keptRow{1, 100, "a"})
	for n := range 5 * keptGeneration {
		k.keep(id(n+1), keptRow{1, 100, n})
		if n%(keptGeneration/2) == 0 && k.find(id(0), 1, 100) == nil {
			t.Fatalf("forgotten after %d others though it was asked for", n)
		}
	}
	if k.find(id(1), 1, 100) != nil || len(k.young)+len(k.old) > 2*keptGeneration {
		t.Errorf("%d rows are kept", len(k.young)+len(k.old))
	}
}
