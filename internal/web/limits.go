package web

import (
	"fmt"
	"math"
	"net/http"
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
	ClassCall Class = "call" // what programs read
	ClassEdit Class = "edit" // what programs change
	// ClassVenue is personal pages of an event: a whole hall behind one address.
	ClassVenue Class = "venue"
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
		ClassRead:  {PerSecond: 40, Burst: 400},
		ClassForm:  {PerSecond: 2, Burst: 60},
		ClassSign:  {PerSecond: 0.2, Burst: 20},
		ClassCall:  {PerSecond: 40, Burst: 400},
		ClassEdit:  {PerSecond: 5, Burst: 100},
		ClassVenue: {PerSecond: 500, Burst: 5000},
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

// taken is what one request leaves of a rate.
type taken struct {
	class Class
	rate  Rate
	wait  time.Duration // until a request is taken again, 0 for at once
	left  int           // requests that would be taken now
}

// tell says so in the form of draft-ietf-httpapi-ratelimit-headers: the burst
// and how long it takes to be full again, then what is left of it now.
func (t *taken) tell(h http.Header) {
	if t.rate.PerSecond <= 0 {
		return
	}
	full := func(n int) int { return int(math.Ceil(float64(n) / t.rate.PerSecond)) }
	h.Set("RateLimit-Policy", fmt.Sprintf(`"%s";q=%d;w=%d`, t.class, t.rate.Burst, full(t.rate.Burst)))
	h.Set("RateLimit", fmt.Sprintf(`"%s";r=%d;t=%d`, t.class, t.left, full(t.rate.Burst-t.left)))
}

// take counts one request.
func (l *limits) take(class Class, caller string, now time.Time) taken {
	r, ok := l.rates[class]
	got := taken{class: class, rate: r}
	if !ok {
		return got
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	limiter := l.limiter(limitKey{class, caller}, r)
	reservation := limiter.ReserveN(now, 1)
	if got.wait = reservation.DelayFrom(now); got.wait > 0 {
		reservation.CancelAt(now) // refused requests cost nothing further
	}
	got.left = max(0, int(limiter.TokensAt(now)))
	return got
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
