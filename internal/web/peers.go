package web

import (
	"context"
	"encoding/json"
	"sync"
	"time"
)

// Peers carries what one process of an installation has counted to the others
// that are up, see [jinghe/internal/bus.Peers].
type Peers interface {
	Tell(topic string, message []byte) error
	Hear(topic string, fn func(message []byte)) (stop func(), err error)
}

const (
	// topicRates is what processes tell each other about requests.
	topicRates = "rates"
	// tellPause is how often at most a process tells: what several processes take
	// from one caller within it may exceed the burst of one.
	tellPause = 100 * time.Millisecond
	// perMessage bounds the callers of one message.
	perMessage = 1000
)

// count is what one caller was granted since the last message.
type count struct {
	Class  Class  `json:"class"`
	Caller string `json:"caller"`
	N      int    `json:"n"`
}

// tally makes the processes of one installation count requests together. Each
// goes by its own count and tells the others what it has granted: nobody waits
// for anybody, and while no message gets through each counts alone.
type tally struct {
	limits *limits
	peers  Peers
	now    func() time.Time

	mu      sync.Mutex
	granted map[limitKey]int
	some    chan struct{} // signalled when granted is no longer empty
}

func newTally(l *limits, p Peers, now func() time.Time) *tally {
	return &tally{limits: l, peers: p, now: now, granted: map[limitKey]int{}, some: make(chan struct{}, 1)}
}

// note notes a request that was granted here. A nil tally notes nothing.
func (s *tally) note(class Class, caller string) {
	if s == nil {
		return
	}
	s.mu.Lock()
	if len(s.granted) < generation {
		s.granted[limitKey{class, caller}]++
	}
	s.mu.Unlock()
	select {
	case s.some <- struct{}{}:
	default:
	}
}

// run tells and hears until the context ends.
func (s *tally) run(ctx context.Context) error {
	stop, err := s.peers.Hear(topicRates, s.hear)
	if err != nil {
		return err
	}
	defer stop()
	pause := time.NewTicker(tellPause)
	defer pause.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-s.some:
			s.tell()
		}
		select {
		case <-ctx.Done():
			return nil
		case <-pause.C:
		}
	}
}

// tell sends what was granted since the last time. What does not get through is
// not told again: it grows old as fast as it was counted.
func (s *tally) tell() {
	s.mu.Lock()
	granted := s.granted
	s.granted = make(map[limitKey]int, len(granted))
	s.mu.Unlock()
	list := make([]count, 0, min(len(granted), perMessage))
	for key, n := range granted {
		if list = append(list, count{key.class, key.caller, n}); len(list) == perMessage {
			s.send(list)
			list = list[:0]
		}
	}
	s.send(list)
}

func (s *tally) send(list []count) {
	if len(list) == 0 {
		return
	}
	message, err := json.Marshal(list)
	if err == nil {
		_ = s.peers.Tell(topicRates, message) // each counts alone meanwhile
	}
}

// hear charges callers with what others granted them. A message that makes no
// sense, from another version perhaps, charges nobody.
func (s *tally) hear(message []byte) {
	var list []count
	if err := json.Unmarshal(message, &list); err != nil {
		return
	}
	for _, c := range list {
		s.limits.charge(limitKey{c.Class, c.Caller}, c.N, s.now())
	}
}

// charge takes n requests from the caller that were granted elsewhere, even
// where nothing is left: what several processes granted at once is made up for
// before the next one, as if one had counted.
func (l *limits) charge(key limitKey, n int, now time.Time) {
	r, ok := l.rates[key.class]
	if !ok || n <= 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	limiter := l.limiter(key, r)
	for n = min(n, 2*r.Burst); n > 0; n -= r.Burst {
		limiter.ReserveN(now, min(n, r.Burst))
	}
}
