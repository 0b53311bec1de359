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

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/store"
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
	const perSecond, checkIns = 20, 100
	h := newHall(t, nil)
	h.live()
	f := h.fair(func(f *scene.Fair) { f.Halls[0].Tables, f.Min = phones/2, 0 })
	p := h.couples(f.ID, phones)
	h.plan(f.ID)
	cold := time.Now()
	if _, err := h.Board(t.Context(), f.ID); err != nil { // the hall is open before the phones come
		t.Fatal(err)
	}
	opened := time.Since(cold)

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
	t.Logf("%d phones, %d polls: p50 %v, p99 %v, slowest %v; the first board took %v, the last was %v behind",
		phones, len(took), took[len(took)/2], took[len(took)*99/100], took[len(took)-1], opened, behind)
}

// couples adds n parties by their rows, each two of which want each other.
func (h *hall) couples(fair scene.ID, n int) []scene.FairParty {
	h.t.Helper()
	list := make([]scene.FairParty, n)
	err := h.rows.Update(h.t.Context(), func(tx store.Tx) error {
		for i := range list {
			id := scene.ID(fmt.Sprintf("party-%04d", i))
			p := scene.FairParty{ID: id, FairID: fair, Name: fmt.Sprintf("公司%04d", i), State: scene.PartyAccepted, Created: h.now()}
			p.Delegates = []scene.Delegate{{ID: "d-" + id, Name: "代表", Code: fmt.Sprintf("CODE%04d", i)}}
			if other := i ^ 1; other < n {
				p.Wishes = []scene.FairWish{{To: scene.ID(fmt.Sprintf("party-%04d", other)), Kind: scene.WishWant, At: h.now()}}
			}
			var err error
			if list[i], err = tx.Fairs().PutParty(h.t.Context(), p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return list
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

// TestBoardCatchesUp: a board made from the last one shows what other processes
// wrote since, also a line whose id is older than one that was there first.
func TestBoardCatchesUp(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	h.live()
	f := h.fair()
	p := h.couples(f.ID, 6)
	h.plan(f.ID)
	write := func(id scene.ID, i int) {
		t.Helper()
		e := scene.FairEntry{ID: id, FairID: f.ID, Key: "other-process-" + string(id), Kind: scene.EntryArrived, Party: p[i].ID, Delegate: p[i].Delegates[0].ID, At: h.now()}
		err := h.rows.Update(t.Context(), func(tx store.Tx) error { _, err := tx.Fairs().AddEntry(t.Context(), e); return err })
		if err != nil {
			t.Fatal(err)
		}
	}
	board := func() *convene.Board {
		t.Helper()
		if _, err := h.Delay(t.Context(), steward(), f.ID, 5); err != nil { // what this process writes makes the next board
			t.Fatal(err)
		}
		b, err := h.Board(t.Context(), f.ID)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	here := func(b *convene.Board) (n int) {
		for _, x := range p {
			if b.There(x.ID) {
				n++
			}
		}
		return n
	}
	first := board()
	for n, id := range []scene.ID{"entry-5", "entry-7", "entry-6", "entry-8", "entry-1"} {
		write(id, n)
		if got := here(board()); got != n+1 {
			t.Errorf("after %s %d are there, want %d", id, got, n+1)
		}
	}
	if here(first) != 0 {
		t.Error("a board that was given out changed")
	}
	if _, err := h.Amend(t.Context(), steward(), p[5].ID, convene.PartyForm{Name: "新名", Delegates: p[5].Delegates}); err != nil {
		t.Fatal(err)
	}
	if b := board(); b.Name(p[5].ID) != "新名" || len(b.Appointments(p[5].ID, "")) != 1 {
		t.Errorf("the party is %q with %d meetings", b.Name(p[5].ID), len(b.Appointments(p[5].ID, "")))
	}
}
