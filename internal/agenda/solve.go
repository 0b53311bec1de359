package agenda

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"

	"jinghe/internal/scene"
)

// DefaultEffort is the work budget where none is given: seconds of one core for
// an event of a few hundred parties.
const DefaultEffort = 100

// What one unit of effort buys.
const (
	movesPerEffort  = 40_000    // moves of annealing
	weavePerEffort  = 2_200_000 // steps of annealing by chains
	weavePerPlace   = 90_000    // the most of them per meeting and slot: small fairs need less
	admitPerEffort  = 20_000    // moves of improving the value
	proofPerEffort  = 250_000   // work of the solver of clauses
	huntPerEffort   = 950_000   // the same where breaks are hunted, its annealing counted in by stepsPerWork
	roundsPerEffort = 15        // rounds of price search
	largestFormula  = 120_000   // meetings times slots that are worth a formula
	largestTimed    = 600_000   // party-slots and meeting-slots that are worth prices of their own
)

// Options of [Solve] and [Repair]. The zero value is ready to use.
type Options struct {
	Effort   int            // work budget; 0 for [DefaultEffort]
	Seed     uint64         // of the search; the same seed gives the same plan
	Progress func(Progress) // told now and then, from the same goroutine; may be nil
}

// Progress is where a search stands.
type Progress struct {
	Stage           Stage
	Planned, Wanted int // meetings
	Value           float64
	ValueUpperBound float64 // 0 before there is one
	Breaks          int
}

// Stage is a part of the search.
type Stage string

// The stages, in their order.
const (
	StageBounds Stage = "bounds" // proving what can be reached
	StageValue  Stage = "value"  // which meetings
	StageBreaks Stage = "breaks" // when
	StageProof  Stage = "proof"  // whether fewer breaks are possible
	StageReport Stage = "report" // tables, reasons, contradictions
)

// run is one call of Solve.
type run struct {
	ctx     context.Context //nolint:containedctx // a run is one call
	in      *instance
	options Options
	effort  int
	w       *search
	relax   *relaxation

	valueBound  int64
	lackBound   int
	breaksBound int
	sat         []int // the table of each meeting, in the end
	changes     int   // of tables
	cut         bool  // some search ended before its time
	brief       bool  // reasons are told without what would have to give way
}

// Solve plans the problem. It always returns a plan for a valid problem: the
// best found by the time the effort is spent or ctx is done, with bounds that are
// proven either way. Where musts or minimums cannot be kept, Conflict says why.
// The same problem, seed and effort give the same plan, unless ctx ends first.
// Errors are those of [Problem.Validate].
func Solve(ctx context.Context, p *Problem, options Options) (*Plan, error) {
	if err := p.Validate(); err != nil {
		return nil, scene.Wrap("agenda.Solve", err)
	}
	r := newRun(ctx, compile(p), options)
	r.bounds()
	r.choose()
	r.time()
	r.top()
	r.early()
	return r.report(), nil
}

func newRun(ctx context.Context, in *instance, options Options) *run {
	r := &run{ctx: ctx, in: in, options: options, effort: options.Effort}
	if r.effort <= 0 {
		r.effort = DefaultEffort
	}
	r.w = newSearch(newState(in), rand.New(rand.NewPCG(options.Seed, 0x6a696e676865)))
	return r
}

// stop tells whether the caller wants an end.
func (r *run) stop() bool {
	if r.ctx.Err() != nil {
		r.cut = true
	}
	return r.cut
}

func (r *run) tell(stage Stage) {
	if r.options.Progress == nil {
		return
	}
	planned := 0
	for _, s := range r.w.slot {
		if s != nowhere {
			planned++
		}
	}
	r.options.Progress(Progress{
		Stage: stage, Planned: planned, Wanted: len(r.in.meet), Value: worth(r.w.value),
		ValueUpperBound: worth(r.valueBound), Breaks: r.w.breaks,
	})
}

// worth turns exact units back into a value.
func worth(v int64) float64 { return float64(v) / scale }

// rounds of price search that the effort buys; the constant part serves even a
// small effort, since nothing else is as cheap for what it gives.
func (r *run) rounds() int { return 150 + roundsPerEffort*r.effort }

// bounds searches prices without telling slots apart.
func (r *run) bounds() {
	r.tell(StageBounds)
	r.relax = newRelaxation(r.in)
	if r.in.slots > 0 {
		r.relax.search(r.rounds(), 0, math.Inf(-1), r.stop)
	}
	r.lackBound = r.relax.lacking
}

// choose decides which meetings: everything worth its price, unless a goal that
// counts more than value asks for few breaks; then what has to be, and more only
// where it does no harm.
func (r *run) choose() {
	full := r.valueLeads()
	st := guided(r.in, r.relax, func(m int) bool {
		t := &r.in.meet[m]
		return full && t.value > 0 || t.must || r.in.counts(Minimums) && r.needed(m)
	})
	r.w.state = st
	if st.missing > st.hopeless() && !r.stop() {
		r.w.anneal(r.effort*movesPerEffort/4, anyBreaks, r.stop)
		r.complete()
	}
	if !full {
		return
	}
	for k, g := range r.in.goals {
		if g == Breaks || g == TableChanges {
			break
		}
		r.w.improve(r.relax, k+1, r.effort*admitPerEffort/2, r.stop)
		r.tell(StageValue)
	}
}

// valueLeads tells whether breaks count less than value, or not at all.
func (r *run) valueLeads() bool {
	value, breaks := slices.Index(r.in.goals, Value), slices.Index(r.in.goals, Breaks)
	if r.in.spread >= 0 && breaks < 0 {
		return value >= 0
	}
	return breaks < 0 || value >= 0 && value < breaks
}

// needed tells whether a party of m has a minimum.
func (r *run) needed(m int) bool {
	return slices.ContainsFunc(r.in.meet[m].parties, func(x int) bool { return r.in.minimum(x) > 0 })
}

// time decides when: breaks are annealed away, then proven.
func (r *run) time() {
	if !r.in.counts(Breaks) && r.in.spread < 0 || r.stop() {
		return
	}
	exact := r.in.size() <= largestFormula
	if exact && !r.everything() {
		r.w.anneal(r.effort*movesPerEffort, anyBreaks, r.stop)
	}
	switch {
	case exact && r.everything():
		r.exactBreaks(true)
	case exact && !r.valueLeads() && r.w.missing == r.w.hopeless() && r.w.lacking == 0:
		r.exactBreaks(false)
	case !exact && r.in.weavable() && r.weave(r.weaving()/16, 0, r.in.slots): // the largest fairs: better in less time
	default:
		r.w.anneal(r.effort*movesPerEffort, 0, r.stop)
	}
	r.tell(StageBreaks)
}

// size is the number of meeting-slots.
func (in *instance) size() int {
	n := 0
	for m := range in.meet {
		n += len(in.meet[m].choices)
	}
	return n
}

// everything tells whether all meetings are planned that can be and have to be or are
// worth anything: then a plan of the same value can differ only in times, and in
// meetings that are worth nothing.
func (r *run) everything() bool {
	for m := range r.in.meet {
		if r.in.meet[m].wanted() && r.w.slot[m] == nowhere {
			return false
		}
	}
	return true
}

// wanted tells whether the meeting can be planned and is worth it.
func (t *talk) wanted() bool { return !t.out() && (t.must || t.value > 0) }

// top adds what still fits and makes no goal worse, and mends the spread.
func (r *run) top() {
	for r.w.excess() > 0 {
		if !r.shed() {
			break
		}
	}
	goals := len(r.in.goals)
	for _, m := range r.in.order(func(m int) float64 { return float64(r.in.meet[m].value) }) {
		if r.w.slot[m] != nowhere {
			continue
		}
		before := r.w.scored(goals)
		for _, s := range r.in.meet[m].choices {
			if !r.w.fits(m, s) {
				continue
			}
			r.w.put(m, s)
			if !before.less(r.w.scored(goals)) {
				break
			}
			r.w.take(m)
		}
	}
}

// shed drops one meeting so that the spread of breaks comes nearer its bound.
func (r *run) shed() bool {
	before, best, out := r.w.excess(), 0, -1
	for m, s := range r.w.slot {
		t := &r.in.meet[m]
		if s == nowhere || t.must || !r.w.ordered(m, nowhere) {
			continue
		}
		r.w.take(m)
		if gain := before - r.w.excess(); gain > best {
			best, out = gain, m
		}
		r.w.put(m, s)
	}
	if out >= 0 {
		r.w.take(out)
	}
	return out >= 0
}

// stopped says what ended the run.
func (r *run) stopped(proven bool) Stop {
	switch {
	case proven:
		return StoppedOptimal
	case errors.Is(r.ctx.Err(), context.DeadlineExceeded):
		return StoppedTime
	case r.ctx.Err() != nil:
		return StoppedCancelled
	}
	return StoppedEffort
}
