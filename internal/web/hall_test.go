package web_test

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// venue is a server on the machine's own network with a hall of phones at it.
type venue struct {
	t       *testing.T
	office  *office
	fair    scene.Fair
	parties []scene.FairParty
	server  *httptest.Server
	wire    *http.Transport

	mu    sync.Mutex
	took  map[string][]time.Duration // by what was done
	heard []chan time.Time           // by phone: when its schedule changed
}

// newVenue holds an event with n parties of one delegate each, every two of which meet.
func newVenue(t *testing.T, n int) *venue {
	t.Helper()
	now := &clock{}
	now.before(3 * time.Hour)
	v := &venue{t: t, office: newOffice(t, unlimited, now.set), took: map[string][]time.Duration{}, wire: &http.Transport{MaxIdleConnsPerHost: 2 * n}}
	ctx := t.Context()
	blocks, err := convene.ReadProgramme(today(), "17:30-18:30 一对一")
	if err != nil {
		t.Fatal(err)
	}
	f := scene.Fair{Title: "大型对接会", Mode: scene.FairOrganiser, Blocks: blocks, Halls: []scene.FairHall{{ID: "A", Tables: max(1, n/2)}}, Minutes: 20, Max: 4, MaxOpen: 10}
	if v.fair, err = v.office.fairs.Create(ctx, steward(), f); err != nil {
		t.Fatal(err)
	}
	err = v.office.rows.Update(ctx, func(tx store.Tx) error {
		v.parties = nil
		for i := range n {
			id := scene.ID(fmt.Sprintf("party-%04d", i))
			p := scene.FairParty{
				ID: id, FairID: v.fair.ID, Name: fmt.Sprintf("公司%04d", i), State: scene.PartyAccepted,
				Delegates: []scene.Delegate{{ID: "d-" + id, Name: "代表", Code: fmt.Sprintf("CODE%04d", i)}},
				Wishes:    []scene.FairWish{{To: scene.ID(fmt.Sprintf("party-%04d", i^1)), Kind: scene.WishWant}},
			}
			p, err := tx.Fairs().PutParty(ctx, p)
			if err != nil {
				return err
			}
			v.parties = append(v.parties, p)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	v.published()
	now.before(0)
	v.server = httptest.NewServer(v.office.Handler())
	t.Cleanup(v.server.Close)
	return v
}

// published plans the event and closes its sign-up.
func (v *venue) published() {
	v.t.Helper()
	ctx, fairs := v.t.Context(), v.office.fairs
	for _, to := range []scene.FairState{scene.FairOpen, scene.FairClosed} {
		if _, err := fairs.Bring(ctx, steward(), v.fair.ID, to); err != nil {
			v.t.Fatal(err)
		}
	}
	if err := fairs.Plan(ctx, steward(), v.fair.ID, time.Minute); err != nil {
		v.t.Fatal(err)
	}
	fairs.Await(ctx, v.fair.ID)
	d, err := fairs.Draft(ctx, steward(), v.fair.ID)
	if err != nil || d == nil {
		v.t.Fatalf("no draft: %v", err)
	}
	if _, err := fairs.Publish(ctx, steward(), v.fair.ID, d.Row.Revision, nil); err != nil {
		v.t.Fatal(err)
	}
}

func (v *venue) link(i int) string { return v.server.URL + "/e/" + v.parties[i].Delegates[0].Code }

func (v *venue) timed(what string, began time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.took[what] = append(v.took[what], time.Since(began))
}

// follow opens the stream of a phone until ctx ends; open is told when the first
// mark is there.
func (v *venue) follow(ctx context.Context, i int, open func()) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, v.link(i)+"/stream", nil)
	if err != nil {
		return err
	}
	answer, err := v.wire.RoundTrip(r)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	first, lines := true, bufio.NewScanner(answer.Body)
	for lines.Scan() {
		if lines.Text() != "event: mark" {
			continue
		}
		if first {
			first = false
			open()
			continue
		}
		select {
		case v.heard[i] <- time.Now():
		default:
		}
	}
	return lines.Err()
}

// phone loads its page, and checks in if asked to.
func (v *venue) phone(i int, arrive bool) error {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	c := &http.Client{Transport: v.wire, Jar: jar}
	began := time.Now()
	page, err := v.ask(c, http.MethodGet, v.link(i), nil)
	if err != nil {
		return err
	}
	v.timed("page", began)
	if other := fmt.Sprintf("公司%04d", i^1); !strings.Contains(page, other) {
		return fmt.Errorf("phone %d does not see %s", i, other)
	}
	if !arrive {
		return nil
	}
	_, token, _ := strings.Cut(page, `name="form_token" value="`)
	token, _, _ = strings.Cut(token, `"`)
	began = time.Now()
	answer, err := v.ask(c, http.MethodPost, v.link(i)+"/arrive", url.Values{"form_token": {token}, "key": {"arrived-" + strconv.Itoa(i)}})
	if err != nil {
		return err
	}
	v.timed("check-in", began)
	if !strings.Contains(answer, `"fresh":true`) {
		return fmt.Errorf("phone %d was told %s", i, answer)
	}
	select {
	case at := <-v.heard[i]:
		v.mu.Lock()
		v.took["on the phone"] = append(v.took["on the phone"], at.Sub(began))
		v.mu.Unlock()
	case <-time.After(time.Minute):
		return fmt.Errorf("phone %d was not told that it checked in", i)
	}
	return nil
}

func (v *venue) ask(c *http.Client, method, address string, form url.Values) (string, error) {
	r, err := http.NewRequestWithContext(v.t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Accept", "application/json")
	}
	answer, err := c.Do(r)
	if err != nil {
		return "", err
	}
	defer func() { _ = answer.Body.Close() }()
	b, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s %s: %d", method, address, answer.StatusCode)
	}
	return string(b), err
}

// idle notes by how much the machine is late for somebody who does nothing: what
// other programs take from all figures.
func (v *venue) idle(ctx context.Context) {
	const nap = 5 * time.Millisecond
	for ctx.Err() == nil {
		began := time.Now()
		<-time.After(nap)
		v.timed("machine", began.Add(nap))
	}
}

// TestHall plays a hall over the network of the machine: every phone follows its
// schedule by a stream and loads its page once, while delegates check in at twenty
// a second. Nothing is lost, and each is told by its stream. By itself it plays a
// small hall; JINGHE_HALL_PHONES=2200 plays a large one, and the log tells how long
// things took.
func TestHall(t *testing.T) {
	t.Parallel()
	phones, checkIns, spread := 40, 20, time.Second
	if text := os.Getenv("JINGHE_HALL_PHONES"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		phones, checkIns, spread = n, 200, 20*time.Second
	}
	v := newVenue(t, phones)
	for range phones {
		v.heard = append(v.heard, make(chan time.Time, 4))
	}
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	var streams, opened, acts sync.WaitGroup
	opened.Add(phones)
	for i := range phones {
		streams.Go(func() {
			if err := v.follow(ctx, i, opened.Done); err != nil && ctx.Err() == nil {
				t.Errorf("stream %d: %v", i, err)
			}
		})
	}
	opened.Wait()
	streams.Go(func() { v.idle(ctx) })
	began := time.Now()
	at := func(share float64) { <-time.After(time.Until(began.Add(time.Duration(share * float64(spread))))) }
	for i := range phones {
		acts.Go(func() {
			at(float64(i) / float64(phones))
			if err := v.phone(i, false); err != nil {
				t.Error(err)
			}
		})
	}
	for i := range checkIns {
		acts.Go(func() {
			at(float64(i) / 20 / spread.Seconds())
			if err := v.phone(i*phones/checkIns, true); err != nil {
				t.Error(err)
			}
		})
	}
	acts.Wait()
	leave()
	streams.Wait()
	board, err := v.office.fairs.Board(t.Context(), v.fair.ID)
	if err != nil || len(board.Day.Arrived) != checkIns {
		t.Errorf("%d of %d arrived: %v", len(board.Day.Arrived), checkIns, err)
	}
	for _, what := range []string{"page", "check-in", "on the phone", "machine"} {
		all := v.took[what]
		slices.SortFunc(all, cmp.Compare[time.Duration])
		t.Logf("%s: %d times, p50 %v, p99 %v, slowest %v", what, len(all), all[len(all)/2], all[len(all)*99/100], all[len(all)-1])
	}
}
