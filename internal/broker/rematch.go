package broker

import (
	"context"
	"math"
	"runtime"
	"slices"
	"sync"
	"time"

	"jinghe/internal/scene"
	"jinghe/search"
)

const (
	// rematchNeeds is how many needs a step of the first pass takes.
	rematchNeeds = 256
	// rematchPairs bounds the pairs that a step of the second pass holds at a time.
	rematchPairs = 8 << 20
	// rematchLists is how many lists a step of the last pass makes.
	rematchLists = 2048
	// indexedFrom is from how many offers on a query is worth preparing.
	indexedFrom = 10
	sheetLocks  = 1024
)

// Made is a list that a rematch finished.
type Made struct {
	Kind scene.Kind
	ID   scene.ID
	List *List
	row  *entry
}

// Rematch works out the lists of the whole market, in steps, so that it can be
// watched, stopped and gone on with. One pass over the needs fills the lists of
// both sides: every pair scored for a need counts for its offer, too. Then the
// offers get a pass of their own, in which each need is prepared once for all
// offers that found it. It is for one goroutine;
// its steps use every processor.
type Rematch struct {
	m      *Market
	lesson *lesson
	o      Options
	alone  uint32 // an offer that fewer needs came upon gets a pass of its own

	needs, offers []*entry // in the order that breaks ties
	placeOfOffer  map[*entry]uint32
	placeOfNeed   map[*entry]uint32
	sheets        []sheet // by offer
	locks         [sheetLocks]sync.Mutex
	wholeNeeds    bool // every need looked at every offer

	needsDone, ownDone, listsDone int
}

// NewRematch prepares a rematch of what the market holds now, scored as of now.
// alone is how many needs have to come upon an offer to spare it a pass of its
// own; 0 spares none, which is what makes an offer's list as good as a live
// answer: at 1,600 needs and 1,700 offers, sparing those that 200 needs came
// upon lost a quarter of the needs that live answers have.
func (m *Market) NewRematch(now time.Time, alone int) *Rematch {
	if alone <= 0 {
		alone = math.MaxInt32
	}
	r := &Rematch{
		m: m, lesson: m.lesson.Load(), o: Options{Now: now, unmarked: true}.filled(), alone: uint32(alone),
		needs: rowsOf(&m.needs), offers: rowsOf(&m.offers), wholeNeeds: true,
	}
	r.placeOfNeed, r.placeOfOffer = places(r.needs), places(r.offers)
	r.sheets = make([]sheet, len(r.offers))
	return r
}

func places(rows []*entry) map[*entry]uint32 {
	at := make(map[*entry]uint32, len(rows))
	for i, e := range rows {
		at[e] = uint32(i)
	}
	return at
}

// Progress returns the listings done and their number. An offer counts as done
// when its list is.
func (r *Rematch) Progress() (done, total int) {
	return r.needsDone + (r.ownDone+r.listsDone)/2, len(r.needs) + len(r.offers)
}

// Done reports whether there are no further steps.
func (r *Rematch) Done() bool { return r.listsDone == len(r.offers) && r.needsDone == len(r.needs) }

// Step does a part of the work and returns the lists it finished. A market
// that learned anew since the rematch began is a Conflict: begin another.
func (r *Rematch) Step(ctx context.Context) (made []Made, err error) {
	if r.m.lesson.Load() != r.lesson {
		return nil, &scene.Error{Code: scene.Conflict, Op: "broker.Rematch", Key: "match.learned_anew"}
	}
	switch {
	case r.needsDone < len(r.needs):
		made, err = r.stepNeeds(ctx)
	case r.ownDone < len(r.offers):
		err = r.stepOwn(ctx)
	default:
		made = r.stepLists()
	}
	return made, scene.Wrap("broker.Rematch", err)
}

// stepNeeds makes the lists of the next needs and notes their pairs for the offers.
func (r *Rematch) stepNeeds(ctx context.Context) ([]Made, error) {
	some := r.needs[r.needsDone:min(r.needsDone+rematchNeeds, len(r.needs))]
	made := make([]Made, len(some))
	whole := make([]bool, len(some))
	err := each(ctx, len(some), func(i int) error {
		e := some[i]
		first, by, err := r.m.forNeed(ctx, e, r.o)
		if err != nil {
			return err
		}
		c, err := r.m.choose(ctx, e.profile, &r.m.offers, r.o, listKept, first, by)
		if err != nil {
			return err
		}
		for _, s := range c.list {
			r.note(uint32(r.needsDone+i), e, s.row, s.score.Raw)
		}
		whole[i] = c.all
		made[i] = Made{scene.KindOpportunity, e.profile.Ref.ID, newList(e.profile, r.m.Version(), r.o.Now, c), e}
		return nil
	})
	if err != nil {
		return nil, err
	}
	r.wholeNeeds = r.wholeNeeds && !slices.Contains(whole, false)
	r.needsDone += len(some)
	return made, nil
}

// note keeps a pair on the sheet of its offer. It is safe for concurrent use.
func (r *Rematch) note(need uint32, n, offer *entry, raw float64) {
	at, ok := r.placeOfOffer[offer]
	if !ok {
		return // came or changed since the rematch began
	}
	lock := &r.locks[at%sheetLocks]
	lock.Lock()
	defer lock.Unlock()
	s, pair := &r.sheets[at], slot{raw, need}
	s.seen++
	if !takes(s.best, pair, listKept) && !takes(s.out, pair, shownExcluded) {
		return
	}
	switch best, out := r.m.offered(n.profile, offer.profile, r.o.Now); {
	case best && takes(s.best, pair, listKept):
		s.best = insert(s.best, pair, listKept)
	case out && takes(s.out, pair, shownExcluded):
		s.out = insert(s.out, pair, shownExcluded)
	}
}

// stepOwn lets the next offers that few needs came upon look for needs by their own text.
func (r *Rematch) stepOwn(ctx context.Context) error {
	if r.wholeNeeds {
		r.ownDone = len(r.offers) // every pair was scored
		return nil
	}
	most := r.o.Candidates // of one offer
	if len(r.needs) <= r.m.needs.scan {
		most = max(len(r.needs), 1)
	}
	var alone []uint32
	next := r.ownDone
	for ; next < len(r.offers) && len(alone)*most < rematchPairs; next++ {
		if r.sheets[next].seen < r.alone {
			alone = append(alone, uint32(next))
		}
	}
	pairs, err := r.ownPairs(ctx, alone)
	if err != nil {
		return err
	}
	if err := r.scorePairs(ctx, pairs); err != nil {
		return err
	}
	r.ownDone = next
	return nil
}

// ownPairs retrieves the needs of offers, as need<<32|offer in rising order.
func (r *Rematch) ownPairs(ctx context.Context, offers []uint32) ([]uint64, error) {
	found := make([][]uint64, len(offers))
	err := each(ctx, len(offers), func(i int) error {
		first, err := r.ownNeeds(ctx, r.offers[offers[i]])
		if err != nil {
			return err
		}
		r.sheets[offers[i]].whole = first.all
		found[i] = make([]uint64, 0, len(first.rows))
		for _, e := range first.rows {
			if at, ok := r.placeOfNeed[e]; ok {
				found[i] = append(found[i], uint64(at)<<32|uint64(offers[i]))
			}
		}
		return nil
	})
	pairs := slices.Concat(found...)
	slices.Sort(pairs)
	return pairs, err
}

// ownNeeds retrieves what a live answer would look at: where conditions leave
// too few of the candidates, four times as many.
func (r *Rematch) ownNeeds(ctx context.Context, offer *entry) (retrieved, error) {
	for limit := r.o.Candidates; ; limit *= 4 {
		found, err := r.m.retrieve(ctx, &r.m.needs, offer.profile, limit)
		if err != nil || found.all || limit > search.MaxLimit {
			return found, err
		}
		enough := 0
		for _, e := range found.rows {
			if best, _ := r.m.offered(e.profile, offer.profile, r.o.Now); best {
				enough++
			}
			if enough == listTop {
				return found, nil
			}
		}
	}
}

// scorePairs scores pairs, those of one need together: preparing a need costs
// more than scoring it.
func (r *Rematch) scorePairs(ctx context.Context, pairs []uint64) error {
	var starts []int
	for i, p := range pairs {
		if i == 0 || p>>32 != pairs[i-1]>>32 {
			starts = append(starts, i)
		}
	}
	starts = append(starts, len(pairs))
	return each(ctx, len(starts)-1, func(i int) error {
		some := pairs[starts[i]:starts[i+1]]
		need := uint32(some[0] >> 32)
		e := r.needs[need]
		q := r.m.engine.Query(e.profile, r.m.space(r.lesson))
		if len(some) >= indexedFrom {
			q.Index()
		}
		f, err := r.m.feedback(ctx, e, q, r.lesson, nil)
		if err != nil {
			return err
		}
		q.Feed(f)
		for _, p := range some {
			offer := r.offers[uint32(p)]
			r.note(need, e, offer, q.Score(offer.profile, offer.vector(r.lesson), r.o.Now).Raw)
		}
		return nil
	})
}

// stepLists makes the lists of the next offers from their sheets.
func (r *Rematch) stepLists() []Made {
	last := min(r.listsDone+rematchLists, len(r.offers))
	made := make([]Made, 0, last-r.listsDone)
	for ; r.listsDone < last; r.listsDone++ {
		e, s := r.offers[r.listsDone], &r.sheets[r.listsDone]
		made = append(made, Made{scene.KindCapability, e.profile.Ref.ID, &List{
			Print: e.profile.Fingerprint(), Version: r.m.Version(), Made: r.o.Now,
			Best: pairsAt(r.needs, s.best), Out: pairsAt(r.needs, s.out),
			Whole: len(s.best) < listKept && (r.wholeNeeds || s.whole),
		}, e})
		*s = sheet{}
	}
	return made
}

// Publish puts finished lists on the board, but for listings that changed
// meanwhile, and returns those it put.
func (m *Market) Publish(made []Made) []Made {
	m.write.Lock()
	defer m.write.Unlock()
	kept := make([]Made, 0, len(made))
	for _, x := range made {
		s := &m.needs
		if x.Kind == scene.KindCapability {
			s = &m.offers
		}
		if e, ok := s.get(x.ID); ok && e == x.row {
			m.board.Put(x.Kind, x.ID, x.List)
			kept = append(kept, x)
		}
	}
	return kept
}

// each calls fn for 0 to n-1 from as many goroutines as there are processors,
// which take turns at what is next, and returns the first error.
func each(ctx context.Context, n int, fn func(int) error) error {
	var mu sync.Mutex
	var first error
	next := 0
	take := func() (int, bool) {
		mu.Lock()
		defer mu.Unlock()
		if first == nil {
			first = ctx.Err()
		}
		if first != nil || next == n {
			return 0, false
		}
		next++
		return next - 1, true
	}
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		wg.Go(func() {
			for i, ok := take(); ok; i, ok = take() {
				if err := fn(i); err != nil {
					mu.Lock()
					if first == nil {
						first = err
					}
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	return first
}
