package convene_test

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"jinghe/internal/scene"
)

// TestLoad plays phones that poll their schedules while check-ins arrive at
// twenty a second: nothing is lost, and the board is at most two seconds behind.
// By itself it plays a small hall; JINGHE_HALL_PHONES=2200 plays that of a large
// event, and the log of the test tells the percentiles.
func TestLoad(t *testing.T) {
	t.Parallel()
	phones := 60
	if text := os.Getenv("JINGHE_HALL_PHONES"); text != "" {
		var err error
		if phones, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	const perSecond, checkIns = 20, 60
	h := newHall(t, nil)
	h.live()
	f := h.fair(func(f *scene.Fair) { f.Halls[0].Tables, f.Min = phones/2, 0 })
	p := h.guests(f.ID, phones)
	for i := 0; i+1 < phones; i += 2 {
		h.wish(p[i], scene.WishWant, p[i+1])
	}
	h.plan(f.ID)

	var mu sync.Mutex
	var took []time.Duration
	stop := make(chan struct{})
	var polling sync.WaitGroup
	for i := range phones {
		polling.Go(func() {
			for tick := time.NewTicker(2 * time.Second); ; {
				began := time.Now()
				b, err := h.Board(t.Context(), f.ID)
				if err != nil || len(b.Appointments(p[i].ID, p[i].Delegates[0].ID)) != 1 {
					t.Errorf("phone %d: %v", i, err)
					return
				}
				mu.Lock()
				took = append(took, time.Since(began))
				mu.Unlock()
				select {
				case <-tick.C:
				case <-stop:
					tick.Stop()
					return
				}
			}
		})
	}
	arriving(t, h, f, p[:min(checkIns, phones)], perSecond)
	sent := time.Now()
	for {
		b, err := h.Board(t.Context(), f.ID)
		if err != nil {
			t.Fatal(err)
		}
		if len(b.Day.Arrived) == min(checkIns, phones) {
			break
		}
		if time.Since(sent) > 10*time.Second { // two seconds, and a machine that does other things besides
			t.Fatalf("%d of %d arrived", len(b.Day.Arrived), min(checkIns, phones))
		}
	}
	behind := time.Since(sent)
	close(stop)
	polling.Wait()
	slices.SortFunc(took, cmp.Compare[time.Duration])
	t.Logf("%d phones, %d polls: p50 %v, p99 %v; the board was %v behind", phones, len(took), took[len(took)/2], took[len(took)*99/100], behind)
}

// arriving sends check-ins at a rate.
func arriving(t *testing.T, h *hall, f scene.Fair, p []scene.FairParty, perSecond int) {
	t.Helper()
	tick := time.NewTicker(time.Second / time.Duration(perSecond))
	defer tick.Stop()
	var sending sync.WaitGroup
	for i := range p {
		<-tick.C
		sending.Go(func() {
			e := scene.FairEntry{FairID: f.ID, Key: fmt.Sprint("arrived-", i), Kind: scene.EntryArrived, Party: p[i].ID, Delegate: p[i].Delegates[0].ID}
			if fresh, err := h.Enter(t.Context(), steward(), e); err != nil || !fresh {
				t.Errorf("check-in %d: %v, %v", i, fresh, err)
			}
		})
	}
	sending.Wait()
}
