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
	now  func() time.Time
	care bool // lists stand by the rules of market care unless asked otherwise

	mu      sync.RWMutex
	current *market
	next    *market // nil unless a change is under way
	marks   []scene.Mark

	changed atomic.Int64    // rows that came or went since the market last learned
	due     chan struct{}   // signalled when it should learn again
	model   broker.Embedder // nil: none is configured
	fresh   chan struct{}   // signalled when rows came that it has not placed
}

var (
	_ indexer.Market   = (*markets)(nil)
	_ backend.Matcher  = (*markets)(nil)
	_ backend.Likeness = (*markets)(nil)
)

// market is a market with the index it owns.
type market struct {
	*broker.Market
	engine *embedded.Engine
}

func newMarket(ctx context.Context, kit *Kit) (*market, error) {
	engine := embedded.New(kit.Lexicon)
	m, err := broker.New(ctx, kit.Engine, engine)
	if err != nil {
		return nil, errors.Join(err, engine.Close())
	}
	return &market{m, engine}, nil
}

func newMarkets(ctx context.Context, kit *Kit, now func() time.Time) (*markets, error) {
	m, err := newMarket(ctx, kit)
	if err != nil {
		return nil, err
	}
	return &markets{now: now, current: m, due: make(chan struct{}, 1), fresh: make(chan struct{}, 1)}, nil
}

// learn lets the market that answers learn from its catalogue.
func (m *markets) learn(ctx context.Context) error {
	m.changed.Store(0)
	learner := m.answering()
	err := m.teach(ctx, learner)
	if m.answering() != learner {
		return nil // replaced meanwhile by one that learned before it answered
	}
	return err
}

// teach lets a market learn, and count who fills its first tens.
func (m *markets) teach(ctx context.Context, one *market) error {
	if err := one.Learn(ctx); err != nil {
		return err
	}
	return one.Tally(ctx, broker.Options{Now: m.now()})
}

// keepLearning learns again whenever a good part of the catalogue has changed
// and nothing more came for a moment, until ctx ends.
func (m *markets) keepLearning(ctx context.Context, log *slog.Logger) {
	for {
		select {
		case <-ctx.Done():
			return
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
// catalogue, and no less than learnLeast rows, has changed.
func (m *markets) count(rows int) {
	m.refresh()
	needs, offers := m.answering().Size()
	if m.changed.Add(int64(rows)) >= int64(max(learnLeast, (needs+offers)/20)) {
		m.ask()
	}
}

// ask has keepLearning learn; asking again before it began changes nothing.
func (m *markets) ask() {
	select {
	case m.due <- struct{}{}:
	default:
	}
}

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
	err = errors.Join(err, old.engine.Close())
	if err != nil {
		return err
	}
	return next.Tally(ctx, broker.Options{Now: m.now()}) // what is ordered by fit need not wait for it
}

// each calls fn for the market that answers and for the one being filled.
func (m *markets) each(fn func(*market) error) error {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if err := fn(m.current); err != nil || m.next == nil {
		return err
	}
	return fn(m.next)
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

func (m *markets) close() error {
	return m.each(func(one *market) error { return one.engine.Close() })
}

// PutNeeds adds or replaces opportunities.
func (m *markets) PutNeeds(ctx context.Context, rows []scene.Opportunity, orgs []*scene.Organisation) error {
	needs := make([]broker.Need, len(rows))
	for i := range rows {
		needs[i] = broker.Need{Listing: &rows[i], Org: orgs[i]}
	}
	m.count(len(rows))
	return m.each(func(one *market) error { return one.LoadNeeds(ctx, needs) })
}

// PutOffers adds or replaces capabilities.
func (m *markets) PutOffers(ctx context.Context, rows []scene.Capability, orgs []*scene.Organisation) error {
	offers := make([]broker.Offer, len(rows))
	for i := range rows {
		offers[i] = broker.Offer{Listing: &rows[i], Org: orgs[i]}
	}
	m.count(len(rows))
	return m.each(func(one *market) error { return one.LoadOffers(ctx, offers) })
}

// DeleteNeed removes opportunities.
func (m *markets) DeleteNeed(ctx context.Context, ids ...scene.ID) error {
	m.count(len(ids))
	return m.each(func(one *market) error { return one.Market.DeleteNeed(ctx, ids...) })
}

// DeleteOffer removes capabilities.
func (m *markets) DeleteOffer(ctx context.Context, ids ...scene.ID) error {
	m.count(len(ids))
	return m.each(func(one *market) error { return one.Market.DeleteOffer(ctx, ids...) })
}

// OffersFor ranks the capabilities for an opportunity, as of now.
func (m *markets) OffersFor(ctx context.Context, need scene.ID, q backend.Matching) (match.Ranking, error) {
	m.mu.RLock() // until the answer is there, so that replace does not close it
	defer m.mu.RUnlock()
	return m.current.OffersFor(ctx, need, m.options(q))
}

// NeedsFor ranks the opportunities for a capability, as of now.
func (m *markets) NeedsFor(ctx context.Context, offer scene.ID, q backend.Matching) (match.Ranking, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.current.NeedsFor(ctx, offer, m.options(q))
}

// SimilarNeeds lists the open opportunities that say nearly the same as one.
func (m *markets) SimilarNeeds(ctx context.Context, id scene.ID, lang locale.Lang) ([]match.Similar, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.current.Market.SimilarNeeds(ctx, id, broker.Options{Lang: lang, Now: m.now()})
}

// SimilarOffers lists the open capabilities that say nearly the same as one.
func (m *markets) SimilarOffers(ctx context.Context, id scene.ID, lang locale.Lang) ([]match.Similar, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.current.Market.SimilarOffers(ctx, id, broker.Options{Lang: lang, Now: m.now()})
}

func (m *markets) options(q backend.Matching) broker.Options {
	o := broker.Options{Top: q.Top, Lang: q.Lang, Now: m.now(), Changes: q.More, Consortium: q.More}
	if q.Order == backend.OrderCare || q.Order == "" && m.care {
		o.Care = match.DefaultCare()
	}
	return o
}

func (m *markets) answering() *market {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.current
}
