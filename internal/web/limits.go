package web

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Class is a kind of request with a rate of its own.
type Class string

// The classes.
const (
	ClassRead Class = "read" // pages and the API
	ClassForm Class = "form" // changes
	ClassSign Class = "sign" // passwords, codes, sign-ups, links: always by address
)

// Rate is how often requests of a class are taken from one caller.
type Rate struct {
	PerSecond float64
	Burst     int
}

// DefaultRates are generous to an office whose people share one address, and
// tight where somebody may be guessing. A class without a rate is not limited.
func DefaultRates() map[Class]Rate {
	return map[Class]Rate{
		ClassRead: {PerSecond: 40, Burst: 400},
		ClassForm: {PerSecond: 2, Burst: 60},
		ClassSign: {PerSecond: 0.2, Burst: 20},
	}
}

// limits counts requests by class and caller. It keeps two generations of
// callers of a bounded size and forgets the older one: a flood of addresses
// takes no memory, and who is forgotten begins with a full burst again.
type limits struct {
	rates map[Class]Rate

	mu         sync.Mutex
	young, old map[limitKey]*rate.Limiter
}

type limitKey struct {
	class  Class
	caller string
}

// generation is how many callers are counted before the older ones go.
const generation = 20_000

func newLimits(rates map[Class]Rate) *limits {
	return &limits{rates: rates, young: map[limitKey]*rate.Limiter{}}
}

// take counts one request and returns 0, or how long the caller has to wait.
func (l *limits) take(class Class, caller string, now time.Time) time.Duration {
	r, ok := l.rates[class]
	if !ok {
		return 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	reservation := l.limiter(limitKey{class, caller}, r).ReserveN(now, 1)
	wait := reservation.DelayFrom(now)
	if wait > 0 {
		reservation.CancelAt(now) // refused requests cost nothing further
	}
	return wait
}

func (l *limits) limiter(key limitKey, r Rate) *rate.Limiter {
	if held, ok := l.young[key]; ok {
		return held
	}
	held, ok := l.old[key]
	if !ok {
		held = rate.NewLimiter(rate.Limit(r.PerSecond), r.Burst)
	}
	if len(l.young) >= generation {
		l.young, l.old = map[limitKey]*rate.Limiter{}, l.young
	}
	l.young[key] = held
	return held
}
