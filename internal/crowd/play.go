package crowd

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Plan is how a game is played.
type Plan struct {
	Rate  float64                         // requests per second, above 0
	Warm  time.Duration                   // played before anything is counted
	For   time.Duration                   // counted
	Seed  uint64                          // of who does what when
	Now   func() time.Time                // the clock that is measured by; required
	Tells func(done, total time.Duration) // how far it is, before each request; may be nil
}

// Line is what became of one kind of act, or of all of them.
type Line struct {
	Name          string        `json:"name"`
	Count         int           `json:"count"`
	Failed        int           `json:"failed"` // refused, broken off or not answered in time; their times are counted too
	P50, P99, Max time.Duration `json:"-"`
}

// Report is what a game measured.
type Report struct {
	Offered  float64 `json:"offered"`  // requests per second that were due
	Answered float64 `json:"answered"` // requests per second that were answered well
	Lines    []Line  `json:"lines"`    // by act, the sum last
	// Faults are the first of what went wrong, at most ten.
	Faults []error `json:"-"`
}

const (
	visitors = 2000             // different addresses
	patience = 10 * time.Second // after which a request has failed
	// outstanding bounds the requests under way: beyond it one fails at once.
	outstanding = 4000
)

// game is one being played.
type game struct {
	Town
	visitors, enterprises, staff []*player
	acts                         []act
	total                        int // of the shares
}

// reader is who asks for a page: one in five is signed in.
func (g *game) reader(rng *rand.Rand) *player {
	switch n := rng.IntN(20); {
	case n < 3:
		return one(g.enterprises, rng)
	case n < 4:
		return one(g.staff, rng)
	}
	return one(g.visitors, rng)
}

// Play has everybody sign in, which is not counted, and then plays the plan to
// its end or that of ctx. The people must include staff and enterprises with a
// token and published capabilities.
func Play(ctx context.Context, t Town, plan Plan) (Report, error) {
	g, err := t.gather(ctx, plan.Now)
	if err != nil {
		return Report{}, err
	}
	results := make(chan result, outstanding)
	var report Report
	counted := make(chan struct{})
	go func() {
		defer close(counted)
		report = count(g.acts, results, plan.For)
	}()
	err = g.play(ctx, plan, results)
	close(results)
	<-counted
	report.Offered = plan.Rate
	return report, err
}

// gather makes the players and signs them in.
func (t Town) gather(ctx context.Context, now func() time.Time) (*game, error) {
	transport := &http.Transport{
		MaxIdleConnsPerHost: outstanding, MaxIdleConns: outstanding, DisableCompression: true, IdleConnTimeout: time.Minute,
	}
	if err := t.look(ctx, &http.Client{Transport: transport, Timeout: patience}); err != nil {
		return nil, err
	}
	g := &game{Town: t, acts: mix()}
	for _, a := range g.acts {
		g.total += a.share
	}
	for i := range visitors + len(t.People) {
		var who Person
		if i >= visitors {
			who = t.People[i-visitors]
		}
		p, err := newPlayer(&t, who, i, transport)
		if err != nil {
			return nil, err
		}
		switch {
		case who.Login == "":
			g.visitors = append(g.visitors, p)
			continue
		case who.Staff:
			g.staff = append(g.staff, p)
		default:
			g.enterprises = append(g.enterprises, p)
		}
		if err := p.enter(ctx, now()); err != nil {
			return nil, err
		}
	}
	if len(g.staff) == 0 || len(g.enterprises) == 0 {
		return nil, errors.New("crowd: the people must include staff and enterprises")
	}
	return g, nil
}

// result is what became of one request.
type result struct {
	act  int
	took time.Duration // since it was due
	err  error
}

// play sends requests when they are due: the gaps between them are exponential,
// so that they come as independent people do (a Poisson process).
func (g *game) play(ctx context.Context, plan Plan, results chan<- result) error {
	rng := rand.New(rand.NewPCG(plan.Seed, 0x63726f7764))
	var under sync.WaitGroup
	defer under.Wait()
	places := make(chan struct{}, outstanding)
	begin := plan.Now()
	end := begin.Add(plan.Warm + plan.For)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for due := begin; ; {
		due = due.Add(time.Duration(rng.ExpFloat64() / plan.Rate * float64(time.Second)))
		if due.After(end) {
			return nil
		}
		timer.Reset(due.Sub(plan.Now()))
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-timer.C:
		}
		if plan.Tells != nil {
			plan.Tells(due.Sub(begin), plan.Warm+plan.For)
		}
		which, own := g.draw(rng), rand.New(rand.NewPCG(rng.Uint64(), 0))
		counted := due.Sub(begin) >= plan.Warm
		select {
		case places <- struct{}{}:
		default:
			if counted {
				results <- result{which, patience, errors.New("crowd: too many requests under way")}
			}
			continue
		}
		under.Go(func() {
			defer func() { <-places }()
			ctx, cancel := context.WithDeadline(ctx, due.Add(patience))
			defer cancel()
			err := g.acts[which].do(ctx, g, own)
			if counted {
				results <- result{which, plan.Now().Sub(due), err}
			}
		})
	}
}

// draw picks an act by its share.
func (g *game) draw(rng *rand.Rand) int {
	n := rng.IntN(g.total)
	for i, a := range g.acts {
		if n -= a.share; n < 0 {
			return i
		}
	}
	return len(g.acts) - 1
}

// count makes lines of results.
func count(acts []act, results <-chan result, lasted time.Duration) (r Report) {
	times := make([][]time.Duration, len(acts))
	r.Lines = make([]Line, len(acts)+1)
	for x := range results {
		times[x.act] = append(times[x.act], x.took)
		if x.err != nil {
			r.Lines[x.act].Failed++
			if len(r.Faults) < 10 {
				r.Faults = append(r.Faults, x.err)
			}
		}
	}
	var all []time.Duration
	failed := 0
	for i, a := range acts {
		r.Lines[i] = line(a.name, times[i], r.Lines[i].Failed)
		all, failed = append(all, times[i]...), failed+r.Lines[i].Failed
	}
	r.Lines[len(acts)] = line("all", all, failed)
	r.Answered = float64(len(all)-failed) / lasted.Seconds()
	return r
}

func line(name string, times []time.Duration, failed int) Line {
	l := Line{Name: name, Count: len(times), Failed: failed}
	if len(times) == 0 {
		return l
	}
	slices.Sort(times)
	at := func(q float64) time.Duration { return times[min(int(q*float64(len(times))), len(times)-1)] }
	l.P50, l.P99, l.Max = at(0.50), at(0.99), times[len(times)-1]
	return l
}
