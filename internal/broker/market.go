package broker

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"jinghe/internal/locale"
	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/search"
)

const (
	defaultTop        = 20
	maxTop            = 1000
	defaultCandidates = 200
	shownExcluded     = 10
	// scanLimit is the size of a side up to which every row is scored: exact,
	// and faster than asking an index.
	scanLimit = 1500
	// scanMost is the size of a side up to which every row is scored where
	// conditions leave too few of the most candidates that an index gives; of
	// a larger one the list stays short.
	scanMost = 20_000
)

// Options shape one answer. The zero value asks for 20 matches in Chinese.
type Options struct {
	Top  int         // matches wanted; 0 means 20, at most 1000
	Lang locale.Lang // "" means Chinese
	Also locale.Lang // a second language to explain in: match.Match.Also; "" means none
	// Now is the instant at which listings have to be open.
	Now time.Time
	// Candidates is how many rows of a large market are scored; 0 means 200.
	Candidates int
	// Changes asks for what the side that asks could change and who that would
	// admit: match.Ranking.Changes.
	Changes bool
	// Staff also lists, among the excluded, the pairs that a person took out.
	Staff bool
	// Consortium asks for a group of providers where no single one brings what a
	// need asks for: match.Ranking.Consortium.
	Consortium bool

	// Ahead lets a list that was worked out ahead answer although Changes or
	// Consortium are asked for, which it does not tell, if its first match is no
	// weak one.
	Ahead bool

	unmarked bool // as if nobody had pinned or taken out a pair
	// Care orders the first ten by rules besides the score; the zero value does not.
	Care match.Care
}

func (o Options) filled() Options {
	if o.Top <= 0 {
		o.Top = defaultTop
	}
	o.Top = min(o.Top, maxTop)
	if o.Lang == "" {
		o.Lang = locale.Zh
	}
	o.Candidates = max(o.Candidates, defaultCandidates, o.Top)
	return o
}

// Market holds both sides. It is safe for concurrent use.
type Market struct {
	engine *match.Engine
	terms  *match.Statistics      // of the offers
	lesson atomic.Pointer[lesson] // never nil
	needs  side
	offers side
	marks  atomic.Pointer[marks] // nil: none
	board  *Board                // lists worked out ahead of being asked for
	tally  atomic.Pointer[tally] // nil until Tally
	write  sync.Mutex            // one change of a row at a time
	watch  func(kind scene.Kind, ids []scene.ID)
}

// New returns an empty market. opener may be nil: every row is then scored
// for every question, which suits some thousands of rows. Otherwise the market
// opens the indexes “market-needs” and “market-offers”, which it owns.
func New(ctx context.Context, engine *match.Engine, opener search.Engine) (*Market, error) {
	m := &Market{engine: engine, terms: match.NewStatistics(), board: NewBoard()}
	m.needs.scan, m.offers.scan = scanLimit, scanLimit
	m.lesson.Store(&lesson{learned: &learned{}})
	if opener == nil {
		return m, nil
	}
	var err error
	s := schema(engine.Weights().Text)
	if m.needs.index, err = opener.Open(ctx, "market-needs", s); err != nil {
		return nil, scene.Wrap("broker.New", err)
	}
	if m.offers.index, err = opener.Open(ctx, "market-offers", s); err != nil {
		return nil, scene.Wrap("broker.New", err)
	}
	return m, nil
}

// Watch has fn told of every listing that came, changed or went, before the
// call that changed it returns, so that [Market.Refresh] can follow. Call it
// before the market is shared; fn may not change the market.
func (m *Market) Watch(fn func(kind scene.Kind, ids []scene.ID)) { m.watch = fn }

// changed says that lists are not what they were.
func (m *Market) changed(kind scene.Kind, ids []scene.ID) {
	m.board.Touch(kind, ids...)
	if m.watch != nil && len(ids) > 0 {
		m.watch(kind, ids)
	}
}

// Size is the number of needs and offers held.
func (m *Market) Size() (needs, offers int) {
	return int(m.needs.count.Load()), int(m.offers.count.Load())
}

// PutNeed adds an opportunity or replaces the one of the same ID; org may be nil.
func (m *Market) PutNeed(ctx context.Context, o *scene.Opportunity, org *scene.Organisation) error {
	return m.put(ctx, &m.needs, []*match.Profile{m.engine.Need(o, org)}, "broker.PutNeed")
}

// PutOffer adds a capability or replaces the one of the same ID; org may be nil.
func (m *Market) PutOffer(ctx context.Context, c *scene.Capability, org *scene.Organisation) error {
	return m.put(ctx, &m.offers, []*match.Profile{m.engine.Offer(c, org)}, "broker.PutOffer")
}

// DeleteNeed removes opportunities; unknown IDs are ignored.
func (m *Market) DeleteNeed(ctx context.Context, ids ...scene.ID) error {
	return m.remove(ctx, &m.needs, ids, "broker.DeleteNeed")
}

// DeleteOffer removes capabilities; unknown IDs are ignored.
func (m *Market) DeleteOffer(ctx context.Context, ids ...scene.ID) error {
	return m.remove(ctx, &m.offers, ids, "broker.DeleteOffer")
}

// put indexes first: a row that the index refuses is not in the market. A row
// that says what it said stays as it is, with what was learned about it.
func (m *Market) put(ctx context.Context, s *side, profiles []*match.Profile, op string) error {
	m.write.Lock()
	defer m.write.Unlock()
	if s.index != nil {
		docs := make([]search.Document, len(profiles))
		for i, p := range profiles {
			docs[i] = document(p)
		}
		if err := s.index.Apply(ctx, docs, nil); err != nil {
			return scene.Wrap(op, err)
		}
	}
	changed := make([]scene.ID, 0, len(profiles))
	for _, p := range profiles {
		if e, ok := s.get(p.Ref.ID); ok && e.profile.Fingerprint() == p.Fingerprint() {
			continue
		}
		before := s.swap(p.Ref.ID, &entry{profile: p})
		m.count(s, before, p)
		changed = append(changed, p.Ref.ID)
	}
	m.changed(m.kind(s), changed)
	return nil
}

func (m *Market) remove(ctx context.Context, s *side, ids []scene.ID, op string) error {
	m.write.Lock()
	defer m.write.Unlock()
	if s.index != nil {
		names := make([]string, len(ids))
		for i, id := range ids {
			names[i] = string(id)
		}
		if err := s.index.Apply(ctx, nil, names); err != nil {
			return scene.Wrap(op, err)
		}
	}
	for _, id := range ids {
		m.count(s, s.swap(id, nil), nil)
	}
	m.changed(m.kind(s), ids)
	return nil
}

// count keeps the statistics of the published offers: what is not published yet
// tells on nobody's ranking. Needs are not counted: a need that counted its own
// words would make each of them less rare for itself.
func (m *Market) count(s *side, before *entry, next *match.Profile) {
	if s != &m.offers {
		return
	}
	if before != nil && before.profile.Public() {
		m.terms.Remove(before.profile)
	}
	if next != nil && next.Public() {
		m.terms.Add(next)
	}
}

// Board holds the lists that were worked out ahead of being asked for.
func (m *Market) Board() *Board { return m.board }

// kind is that of the listings of a side.
func (m *Market) kind(s *side) scene.Kind {
	if s == &m.needs {
		return scene.KindOpportunity
	}
	return scene.KindCapability
}

func kindOf(s match.Side) scene.Kind {
	if s == match.SideNeed {
		return scene.KindOpportunity
	}
	return scene.KindCapability
}

func (m *Market) space(l *lesson) match.Space {
	return match.Space{Terms: m.terms, Latent: l.latent, Embedded: l.embedded}
}

// Version names the weights, the lexicon and the dictionaries that a ranking depends on.
func (m *Market) Version() string { return m.engine.Version() }

// ListVersion names everything that the lists on the board depend on besides
// the rows: Version, what was learned, and whether a model placed the rows.
func (m *Market) ListVersion() string { return m.listVersion(m.lesson.Load()) }

func (m *Market) listVersion(l *lesson) string {
	v := m.Version() + versionMark + l.name
	if l.embedded != nil {
		v += "+e"
	}
	return v
}

// versionMark stands before what was learned in the version of a list.
const versionMark = "#"

// Adopt keeps lists of an earlier version in use: the market then calls what it
// learned by the name that stands in them. They have to be of the same weights,
// lexicon and dictionaries and of nearly the same rows, which is for the caller
// to see to; the lists only say whom to look at. It reports whether it could.
func (m *Market) Adopt(version string) bool {
	old := m.lesson.Load()
	next := *old
	before, name, found := strings.Cut(version, versionMark)
	if next.name = strings.TrimSuffix(name, "+e"); !found || before != m.Version() || m.listVersion(&next) != version {
		return false
	}
	return m.lesson.CompareAndSwap(old, &next)
}
