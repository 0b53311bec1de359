package scene

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"slices"
	"sync"
	"testing"
	"time"
)

func TestIDsRiseWithinAMillisecond(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	m := NewIDMaker(func() time.Time { return now }, rand.Reader)
	var last ID
	for range 1000 {
		id, err := m.New()
		if err != nil || len(id) != 26 || id <= last {
			t.Fatalf("after %q comes %q, %v", last, id, err)
		}
		last = id
	}
}

func TestIDsSortByTime(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	m := NewIDMaker(func() time.Time { now = now.Add(time.Millisecond); return now }, rand.Reader)
	var ids []ID
	for range 50 {
		id, err := m.New()
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	if !slices.IsSorted(ids) {
		t.Error("ids do not sort by time")
	}
}

func TestIDsAreReproducible(t *testing.T) {
	t.Parallel()
	make1 := func() ID {
		m := NewIDMaker(func() time.Time { return time.UnixMilli(1) }, bytes.NewReader(make([]byte, 64)))
		id, err := m.New()
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	if a, b := make1(), make1(); a != b {
		t.Errorf("same clock and randomness: %s, %s", a, b)
	}
}

func TestIDError(t *testing.T) {
	t.Parallel()
	m := NewIDMaker(time.Now, failing{})
	if _, err := m.New(); CodeOf(err) != Internal || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("err = %v", err)
	}
}

func TestIDsConcurrent(t *testing.T) {
	t.Parallel()
	m := NewIDMaker(time.Now, rand.Reader)
	var mu sync.Mutex
	seen := map[ID]bool{}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 200 {
				id, err := m.New()
				mu.Lock()
				if err != nil || seen[id] {
					t.Errorf("%s twice, or %v", id, err)
				}
				seen[id] = true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
}
