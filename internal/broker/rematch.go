package broker

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/search"
)

const (
	// rematchNeeds is how many lists of needs a step makes.
	rematchNeeds = 256
	// rematchPairs is about how many pairs a step holds that makes lists of offers.
	rematchPairs = 8 << 20
	// indexedFrom is from how many offers on a query is worth preparing.
	indexedFrom = 10
)

// Made is a list that a rematch finished.
type Made struct {
	Kind scene.Kind
	ID   scene.ID
	List *List
	row  *entry
}

// Rematch works out the lists of the whole market that are not on its board
// yet, in steps, so that it can be watched, stopped and gone on with. First
// every need is asked for. Then the offers are: those of a step look for needs
// by their own text, the needs that have them in their lists are added, and each
// need is prepared once for all offers of the step. Publish what a step
// made before the next one. It is for one goroutine, but for Progress; its steps
// use every processor.
type Rematch struct {
	// Aside has the steps use half of the processors only, and leave the others to
	// those who ask meanwhile.
	Aside bool

	m       *Market
	lesson  *lesson
	version string
	o       Options

	needs, offers []scene.ID // that are still without a list
	room          int        // pairs that a step may hold
	total         int
	done          atomic.Int64 // lists, in half lists
}

// NewRematch prepares a rematch of what the market holds now, scored as of now
// to the microsecond, which is what rows keep.
func (m *Market) NewRematch(now time.Time) *Rematch {
	now = now.UTC().Truncate(time.Microsecond)
	l := m.lesson.Load()
	r := &Rematch{m: m, lesson: l, version: m.listVersion(l), o: Options{Now: now, unmarked: true}.filled(), room: rematchPairs}
	r.needs, r.offers = m.unlisted(&m.needs, r.version, now), m.unlisted(&m.offers, r.version, now)
	r.total = max(m.Coverage(now).Listings, len(r.needs)+len(r.offers))
	r.done.Store(int64(2 * (r.total - len(r.needs) - len(r.offers))))
	return r
}

// unlisted names the listings of a side that are to have a list and have no fresh one.
func (m *Market) unlisted(s *side, version string, now time.Time) []scene.ID {
	kind, ids := m.kind(s), []scene.ID(nil)
	for _, e := range rowsOf(s) {
		if !e.profile.Hidden(now) && m.board.fresh(kind, e.profile.Ref.ID, version) == nil {
			ids = append(ids, e.profile.Ref.ID)
		}
	}
	return ids
}

// Version is that of the lists it makes: see [Market.ListVersion].
func (r *Rematch) Version() string { return r.version }

// Progress returns the lists there are and the number of listings. It may be
// called while a step goes on.
func (r *Rematch) Progress() (done, total int) { return int(r.done.Load() / 2), r.total }

// Done reports whether there are no further steps.
func (r *Rematch) Done() bool { return len(r.needs)+len(r.offers) == 0 }

// Step does a part of the work and returns the lists it finished. A market
// that learned anew since the rematch began is a Conflict: begin another. A
// step that ended in an error can be taken again.
func (r *Rematch) Step(ctx context.Context) (made []Made, err error) {
	if l := r.m.lesson.Load(); l.learned != r.lesson.learned || r.m.listVersion(l) != r.version {
		return nil, &scene.Error{Code: scene.Conflict, Op: "broker.Rematch", Key: "match.learned_anew"}
	}
	if len(r.needs) > 0 {
		made, err = r.stepNeeds(ctx)
	} else {
		made, err = r.stepOffers(ctx)
	}
	return made, scene.Wrap("broker.Rematch", err)
}

// stepNeeds makes the lists of the next needs.
func (r *Rematch) stepNeeds(ctx context.Context) ([]Made, error) {
	some := r.needs[:min(rematchNeeds, len(r.needs))]
	made, before := make([]Made, len(some)), r.done.Load()
	err := each(ctx, len(some), r.workers(), func(i int) error {
		e, ok := r.m.needs.get(some[i])
		if !ok {
			return nil // gone meanwhile
		}
		first, by, err := r.m.forNeed(ctx, e, r.o)
		if err != nil {
			return err
		}
		c, err := r.m.choose(ctx, e.profile, &r.m.offers, r.o, listKept, first, by)
		if err != nil {
			return err
		}
		made[i] = Made{scene.KindOpportunity, some[i], newList(e.profile, r.version, r.o.Now, c), e}
		r.done.Add(2)
		return nil
	})
	if err != nil {
		r.done.Store(before)
		return nil, err
	}
	r.done.Store(before + int64(2*len(some)))
	r.needs = r.needs[len(some):]
	return slices.DeleteFunc(made, func(x Made) bool { return x.row == nil }), nil
}

// stepOffers makes the lists of the next offers.
func (r *Rematch) stepOffers(ctx context.Context) ([]Made, error) {
	p := r.newPass()
	before := r.done.Load()
	err := p.gather(ctx)
	if err == nil {
		err = p.score(ctx)
	}
	if err != nil {
		r.done.Store(before)
		return nil, err
	}
	r.done.Store(before + int64(2*p.taken))
	r.offers = r.offers[p.taken:]
	return p.lists(), nil
}

// pass is one step of the offers.
type pass struct {
	*Rematch
	taken  int // of the offers that wait
	offers []*entry
	needs  []*entry // all of them, in the order that breaks ties
	at     map[*entry]uint32
	whole  []bool   // of each offer: every need was looked at
	pairs  []uint64 // need<<32 | offer, rising
	sheets []sheet  // by offer
	locks  [sheetLocks]sync.Mutex
}

func (r *Rematch) newPass() *pass {
	p := &pass{Rematch: r, needs: rowsOf(&r.m.needs)}
	most := r.o.Candidates // of one offer
	if len(p.needs) <= r.m.needs.scan {
		most = max(len(p.needs), 1)
	}
	p.taken = min(max(r.room/most, 1), len(r.offers))
	for _, id := range r.offers[:p.taken] {
		if e, ok := r.m.offers.get(id); ok {
			p.offers = append(p.offers, e)
		}
	}
	p.at = make(map[*entry]uint32, len(p.needs))
	for i, e := range p.needs {
		p.at[e] = uint32(i)
	}
	p.whole = make([]bool, len(p.offers))
	p.sheets = make([]sheet, len(p.offers))
	return p
}

// gather retrieves the needs of the offers.
func (p *pass) gather(ctx context.Context) error {
	found := make([][]uint64, len(p.offers), len(p.offers)+1)
	err := each(ctx, len(p.offers), p.workers(), func(i int) error {
		first, err := p.ownNeeds(ctx, p.offers[i])
		if err != nil {
			return err
		}
		p.whole[i] = first.all
		found[i] = make([]uint64, 0, len(first.rows))
		for _, e := range first.rows {
			if at, ok := p.at[e]; ok && !e.profile.Hidden(p.o.Now) {
				found[i] = append(found[i], uint64(at)<<32|uint64(i))
			}
		}
		p.done.Add(1)
		return nil
	})
	if err != nil {
		return err
	}
	p.pairs = slices.Concat(append(found, p.listing())...)
	slices.Sort(p.pairs)
	p.pairs = slices.Compact(p.pairs)
	return nil
}

// listing returns the pairs of the offers with the needs that have them in their lists.
func (p *pass) listing() (pairs []uint64) {
	offers := make(map[scene.ID]uint64, len(p.offers))
	for i, e := range p.offers {
		offers[e.profile.Ref.ID] = uint64(i)
	}
	for at, e := range p.needs {
		l := p.m.board.fresh(scene.KindOpportunity, e.profile.Ref.ID, p.version)
		if l == nil || e.profile.Hidden(p.o.Now) {
			continue
		}
		for _, side := range [][]Pair{l.Best, l.Out} {
			for _, x := range side {
				if i, ok := offers[x.ID]; ok {
					pairs = append(pairs, uint64(at)<<32|i)
				}
			}
		}
	}
	return pairs
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

// score scores the pairs, those of one need together: preparing a need costs
// more than scoring it.
func (p *pass) score(ctx context.Context) error {
	var starts []int
	for i, x := range p.pairs {
		if i == 0 || x>>32 != p.pairs[i-1]>>32 {
			starts = append(starts, i)
		}
	}
	starts = append(starts, len(p.pairs))
	before, share := p.done.Load(), float64(p.taken)/float64(len(starts))
	var scored atomic.Int64
	return each(ctx, len(starts)-1, p.workers(), func(i int) error {
		if err := p.scoreNeed(ctx, p.pairs[starts[i]:starts[i+1]]); err != nil {
			return err
		}
		p.done.Store(before + int64(share*float64(scored.Add(1))))
		return nil
	})
}

// scoreNeed scores one need for some offers.
func (p *pass) scoreNeed(ctx context.Context, pairs []uint64) error {
	at := uint32(pairs[0] >> 32)
	e := p.needs[at]
	q := p.m.query(e, p.lesson)
	if len(pairs) >= indexedFrom {
		q.Index()
	}
	f, err := p.m.feedback(ctx, e, q, p.lesson, nil)
	if err != nil {
		return err
	}
	q.Feed(f)
	for _, x := range pairs {
		offer := p.offers[uint32(x)]
		raw := q.Score(offer.profile, offer.vector(p.lesson), p.o.Now).Raw
		p.note(uint32(x), slot{raw, at}, e.profile, offer.profile)
	}
	return nil
}

const sheetLocks = 1024

// note keeps a pair on the sheet of its offer. It is safe for concurrent use.
func (p *pass) note(offer uint32, x slot, need, of *match.Profile) {
	lock := &p.locks[offer%sheetLocks]
	lock.Lock()
	defer lock.Unlock()
	s := &p.sheets[offer]
	if !takes(s.best, x, listKept) && !takes(s.out, x, shownExcluded) {
		return
	}
	switch best, out := p.m.offered(need, of, p.o.Now); {
	case best && takes(s.best, x, listKept):
		s.best = insert(s.best, x, listKept)
	case out && takes(s.out, x, shownExcluded):
		s.out = insert(s.out, x, shownExcluded)
	}
}

// lists makes the lists from the sheets.
func (p *pass) lists() []Made {
	made := make([]Made, len(p.offers))
	for i, e := range p.offers {
		s := &p.sheets[i]
		made[i] = Made{scene.KindCapability, e.profile.Ref.ID, &List{
			Print: e.profile.Fingerprint(), Version: p.version, Made: p.o.Now,
			Best: pairsAt(p.needs, s.best), Out: pairsAt(p.needs, s.out),
			Whole: len(s.best) < listKept && p.whole[i],
		}, e}
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

// workers is how many goroutines a step has.
func (r *Rematch) workers() int {
	if r.Aside {
		return max(1, runtime.GOMAXPROCS(0)/2)
	}
	return runtime.GOMAXPROCS(0)
}

// each calls fn for 0 to n-1 from a number of goroutines, which take turns at
// what is next, and returns the first error.
func each(ctx context.Context, n, workers int, fn func(int) error) error {
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
	for range min(workers, n) {
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
