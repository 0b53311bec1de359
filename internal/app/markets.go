package app

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"jinghe/internal/broker"
	"jinghe/internal/indexer"
	"jinghe/internal/locale"
	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/internal/web/backend"
	"jinghe/search/embedded"
)

// markets holds the market that answers and, while the vocabulary changes, the
// one being filled to take its place. Rows go into both, so that neither
// misses a change. It is safe for concurrent use.
type markets struct {
	now   func() time.Time
	care  bool        // lists stand by the rules of market care unless asked otherwise
	cared atomic.Bool // somebody asked for them: first tens are counted from then on
	lists *lister     // nil where none are worked out ahead

	mu      sync.RWMutex // held for no longer than it takes to look or to swap
	current *market
	next    *market // nil unless a change is under way
	marks   []scene.Mark

	counting chan struct{}   // signalled when first tens are asked for the first time
	changed  atomic.Int64    // rows that came or went since the market last learned
	whole    atomic.Bool     // every row has been put into it once
	due      chan struct{}   // signalled when it should learn again
	model    broker.Embedder // nil: none is configured
	fresh    chan struct{}   // signalled when rows came that it has not placed
	learned  chan struct{}   // signalled when another market answers, or it knows its words anew
}

var (
	_ indexer.Market   = (*markets)(nil)
	_ backend.Matcher  = (*markets)(nil)
	_ backend.Likeness = (*markets)(nil)
)

// market is a market with the index it owns, which is closed when the last of
// those who use it lets go.
type market struct {
	*broker.Market
	engine *embedded.Engine
	users  atomic.Int64
	closed sync.Once
}

// newMarket makes a market that its caller uses.
func newMarket(ctx context.Context, kit *Kit) (*market, error) {
	engine := embedded.New(kit.Lexicon)
	m, err := broker.New(ctx, kit.Engine, engine)
	if err != nil {
		return nil, errors.Join(err, engine.Close())
	}
	one := &market{Market: m, engine: engine}
	one.users.Store(1)
	return one, nil
}

// release lets go of a market.
func (m *market) release() (err error) {
	if m.users.Add(-1) == 0 {
		m.closed.Do(func() { err = m.engine.Close() })
	}
	return err
}

func newMarkets(ctx context.Context, kit *Kit, now func() time.Time) (*markets, error) {
	m, err := newMarket(ctx, kit)
	if err != nil {
		return nil, err
	}
	all := &markets{now: now, current: m, due: make(chan struct{}, 1), fresh: make(chan struct{}, 1), counting: make(chan struct{}, 1), learned: make(chan struct{}, 1)}
	all.watch(m)
	return all, nil
}

// acquire returns the market that answers and what to call when it is no longer
// used: until then it is not closed, whatever takes its place.
func (m *markets) acquire() (*market, func()) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	one := m.current
	one.users.Add(1)
	return one, func() { _ = one.release() } // in memory: nothing can be lost
}

// watch counts the changes of a market, and has them reach the lists, while it
// is the one that answers.
func (m *markets) watch(one *market) {
	one.Watch(func(kind scene.Kind, ids []scene.ID) {
		if !m.answers(one) {
			return
		}
		m.count(one, len(ids))
		if m.lists != nil {
			m.lists.changed(kind, ids)
		}
	})
}

// answers reports whether a market is the one that answers.
func (m *markets) answers(one *market) bool {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.current == one
}

// learn lets the market that answers learn from its catalogue.
func (m *markets) learn(ctx context.Context) error {
	m.changed.Store(0)
	learner, done := m.acquire()
	defer done()
	err := m.teach(ctx, learner)
	if !m.answers(learner) {
		return nil // replaced meanwhile by one that learned before it answered
	}
	if err == nil && m.lists != nil {
		m.lists.ask()
	}
	return err
}

// teach lets a market learn, and count who fills its first tens where that is asked for.
func (m *markets) teach(ctx context.Context, one *market) error {
	if err := one.Learn(ctx); err != nil {
		return err
	}
	m.tellLearned()
	return m.tally(ctx, one)
}

// tally counts who fills the first tens, if anybody asks for lists that depend on it.
func (m *markets) tally(ctx context.Context, one *market) error {
	if !m.care && !m.cared.Load() {
		return nil
	}
	return one.Tally(ctx, broker.Options{Now: m.now()})
}

// tellLearned has those who go by the words of the market look at them again.
func (m *markets) tellLearned() { signal(m.learned) }

// keepLearning learns again whenever a good part of the catalogue has changed
// and nothing more came for a moment, until ctx ends.
func (m *markets) keepLearning(ctx context.Context, log *slog.Logger) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-m.counting:
			one, done := m.acquire()
			err := m.tally(ctx, one)
			done()
			if err != nil && ctx.Err() == nil {
				log.Error("the market did not count who stands in its first tens", "error", err)
			}
			continue
		case <-m.due:
		}
		if !m.calm(ctx) {
			return
		}
		if err := m.learn(ctx); err != nil && ctx.Err() == nil {
			log.Error("the market did not learn from its catalogue", "error", err)
		}
	}
}

// calm returns when no further learning was asked for during learnPause, so that
// an import is learned from once, at its end; false when ctx ended first.
func (m *markets) calm(ctx context.Context) bool {
	for {
		select {
		case <-ctx.Done():
			return false
		case <-m.due:
		case <-time.After(learnPause):
			return true
		}
	}
}

// count notes changed rows and asks for learning once a twentieth of the
// catalogue, and no less than learnLeast rows, has changed. While a start fills
// the market it is not whole: lists that are stored would not fit what it learns.
func (m *markets) count(one *market, rows int) {
	m.refresh()
	if m.changed.Add(int64(rows)) >= int64(manyChanges(one.Size())) && m.whole.Load() {
		m.ask()
	}
}

// filled has a market learn that all rows have been put into.
func (m *markets) filled() {
	m.whole.Store(true)
	m.ask()
}

// ask has keepLearning learn; asking again before it began changes nothing.
func (m *markets) ask() { signal(m.due) }

const (
	learnLeast = 100
	learnPause = time.Second
)

// replace fills a market for kit by means of fill, then lets it answer.
func (m *markets) replace(ctx context.Context, kit *Kit, fill func() error) error {
	next, err := newMarket(ctx, kit)
	if err != nil {
		return err
	}
	m.watch(next)
	m.mu.Lock()
	next.SetMarks(m.marks)
	m.next = next
	m.mu.Unlock()
	if err = fill(); err == nil {
		err = next.Learn(ctx)
	}
	if err == nil && m.model != nil {
		_ = next.Embed(ctx, m.model) // from what was answered before; else keepEmbedded asks again
		m.refresh()
	}
	m.mu.Lock()
	m.next = nil
	old := next
	if err == nil {
		old, m.current = m.current, next
	}
	m.mu.Unlock()
	err = errors.Join(err, old.release())
	if err != nil {
		return err
	}
	m.tellLearned()
	if m.lists != nil {
		m.lists.ask()
	}
	one, done := m.acquire()
	defer done()
	return m.tally(ctx, one) // what is ordered by fit need not wait for it
}

// each calls fn for the market that answers and for the one being filled.
func (m *markets) each(fn func(*market) error) error {
	m.mu.RLock()
	both := []*market{m.current}
	if m.next != nil {
		both = append(both, m.next)
	}
	for _, one := range both {
		one.users.Add(1)
	}
	m.mu.RUnlock()
	var err error
	for _, one := range both {
		if err == nil {
			err = fn(one)
		}
		err = errors.Join(err, one.release())
	}
	return err
}

// setMarks gives the pins and exclusions to the market that answers and to
// every one that takes its place.
func (m *markets) setMarks(list []scene.Mark) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.marks = list
	m.current.SetMarks(list)
	if m.next != nil {
		m.next.SetMarks(list)
	}
}

// close lets go of the market that answers. Nothing may be asked afterwards.
func (m *markets) close() error { return m.current.release() }

// PutNeeds adds or replaces opportunities.
func (m *markets) PutNeeds(ctx context.Context, rows []scene.Opportunity, orgs []*scene.Organisation) error {
	needs := make([]broker.Need, len(rows))
	for i := range rows {
		needs[i] = broker.Need{Listing: &rows[i], Org: orgs[i]}
	}
	return m.each(func(one *market) error { return one.LoadNeeds(ctx, needs) })
}

// PutOffers adds or replaces capabilities.
func (m *markets) PutOffers(ctx context.Context, rows []scene.Capability, orgs []*scene.Organisation) error {
	offers := make([]broker.Offer, len(rows))
	for i := range rows {
		offers[i] = broker.Offer{Listing: &rows[i], Org: orgs[i]}
	}
	return m.each(func(one *market) error { return one.LoadOffers(ctx, offers) })
}

// DeleteNeed removes opportunities.
func (m *markets) DeleteNeed(ctx context.Context, ids ...scene.ID) error {
	return m.each(func(one *market) error { return one.Market.DeleteNeed(ctx, ids...) })
}

// DeleteOffer removes capabilities.
func (m *markets) DeleteOffer(ctx context.Context, ids ...scene.ID) error {
	return m.each(func(one *market) error { return one.Market.DeleteOffer(ctx, ids...) })
}

// OffersFor ranks the capabilities for an opportunity, as of now.
func (m *markets) OffersFor(ctx context.Context, need scene.ID, q backend.Matching) (match.Ranking, error) {
	one, done := m.acquire()
	defer done()
	return one.OffersFor(ctx, need, m.options(q))
}

// NeedsFor ranks the opportunities for a capability, as of now.
func (m *markets) NeedsFor(ctx context.Context, offer scene.ID, q backend.Matching) (match.Ranking, error) {
	one, done := m.acquire()
	defer done()
	return one.NeedsFor(ctx, offer, m.options(q))
}

// ForDraft ranks the other side for an entry that the market does not hold, as of now.
func (m *markets) ForDraft(ctx context.Context, d backend.Draft, q backend.Matching) (match.Ranking, error) {
	one, done := m.acquire()
	defer done()
	if d.Need != nil {
		return one.RankNeed(ctx, d.Need, d.Org, m.options(q))
	}
	return one.RankOffer(ctx, d.Offer, d.Org, m.options(q))
}

// SimilarNeeds lists the open opportunities that say nearly the same as one.
func (m *markets) SimilarNeeds(ctx context.Context, id scene.ID, lang locale.Lang) ([]match.Similar, error) {
	one, done := m.acquire()
	defer done()
	return one.Market.SimilarNeeds(ctx, id, broker.Options{Lang: lang, Now: m.now()})
}

// SimilarOffers lists the open capabilities that say nearly the same as one.
func (m *markets) SimilarOffers(ctx context.Context, id scene.ID, lang locale.Lang) ([]match.Similar, error) {
	one, done := m.acquire()
	defer done()
	return one.Market.SimilarOffers(ctx, id, broker.Options{Lang: lang, Now: m.now()})
}

func (m *markets) options(q backend.Matching) broker.Options {
	o := broker.Options{Top: q.Top, Lang: q.Lang, Now: m.now(), Changes: q.More, Consortium: q.More, Ahead: q.Ahead}
	if q.Order == backend.OrderCare || q.Order == "" && m.care {
		o.Care = match.DefaultCare()
		if !m.care && m.cared.CompareAndSwap(false, true) {
			signal(m.counting)
		}
	}
	return o
}
