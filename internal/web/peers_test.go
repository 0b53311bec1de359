package web_test

import (
	"encoding/json"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jinghe/internal/account"
	"jinghe/internal/web"
)

// hub carries messages between processes of a test.
type hub struct {
	mu   sync.Mutex
	ears map[*line]func([]byte)
}

// line is the end of one process.
type line struct{ hub *hub }

func (l *line) Tell(_ string, message []byte) error {
	l.hub.mu.Lock()
	defer l.hub.mu.Unlock()
	for other, fn := range l.hub.ears {
		if other != l {
			fn(message)
		}
	}
	return nil
}

func (l *line) Hear(_ string, fn func([]byte)) (func(), error) {
	l.hub.mu.Lock()
	defer l.hub.mu.Unlock()
	l.hub.ears[l] = fn
	return func() {
		l.hub.mu.Lock()
		defer l.hub.mu.Unlock()
		delete(l.hub.ears, l)
	}, nil
}

// delivered waits until what is being told has reached everybody.
func (h *hub) delivered() {
	h.mu.Lock()
	defer h.mu.Unlock()
}

// hears reports whether n processes hear.
func (h *hub) hears(n int) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.ears) == n
}

// TestRatesHoldForAllProcesses: what one process granted, another one counts,
// and a message that makes no sense changes nothing.
func TestRatesHoldForAllProcesses(t *testing.T) {
	t.Parallel()
	h := &hub{ears: map[*line]func([]byte){}}
	var processes []*office
	for range 2 {
		o := newOffice(t, func(c *web.Config, _ *account.Config) {
			c.Peers, c.Addr = &line{h}, "127.0.0.1:0"
			c.Rates = map[web.Class]web.Rate{web.ClassSign: {PerSecond: 0.01, Burst: 4}}
		})
		if err := o.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := o.Shutdown(t.Context()); err != nil {
				t.Error(err)
			}
		})
		processes = append(processes, o)
	}
	for limit := time.After(time.Minute); !h.hears(2); {
		select {
		case <-limit:
			t.Fatal("nobody hears")
		case <-time.After(time.Millisecond):
		}
	}
	sign := func(b *browser, login string) int {
		t.Helper()
		form := credentials(login, "wrong")
		form.Set("form_token", b.token("/sign-in"))
		return b.post("/sign-in", form).Code
	}
	stranger := &line{h}
	var told atomic.Int64
	if _, err := stranger.Hear("rates", func(m []byte) {
		var list []struct {
			Class web.Class
			N     int
		}
		if json.Unmarshal(m, &list) == nil {
			for _, c := range list {
				if c.Class == web.ClassSign { // the pages that the forms stand on are told of as well
					told.Add(int64(c.N))
				}
			}
		}
	}); err != nil {
		t.Fatal(err)
	}
	for _, nonsense := range []string{"", "{}", `[{"class":"sign","caller":"192.0.2.1","n":-5}]`, `[{"class":"none","caller":"192.0.2.1","n":5}]`} {
		_ = stranger.Tell("rates", []byte(nonsense)) // of a fake, which cannot fail
	}
	here, there := processes[0].browser(), processes[1].browser()
	for n := range 4 {
		if code := sign(here, "nobody"+string(rune('a'+n))); code == http.StatusTooManyRequests {
			t.Fatalf("password %d here: %d", n+1, code)
		}
	}
	for limit := time.After(time.Minute); told.Load() < 4; {
		select {
		case <-limit:
			t.Fatalf("of four passwords %d were told", told.Load())
		case <-time.After(time.Millisecond):
		}
	}
	h.delivered() // to the other process too, which may hear after the stranger
	if code := sign(there, "nobody"); code != http.StatusTooManyRequests {
		t.Errorf("the fifth password, elsewhere: %d", code)
	}
	there.from = "192.0.2.77:1"
	if code := sign(there, "somebody"); code == http.StatusTooManyRequests {
		t.Errorf("another address: %d", code)
	}
}
