package standing

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/search/keyword"
	"jinghe/search/lexicon"
)

// Rarity tells how terms are spread over the listings; search.Statistics
// answers it. It shapes which listings a description finds, and the speed of all.
type Rarity interface {
	Documents() int
	DocFreq(term string) int
}

// Taxonomy is what the book asks of the dictionaries.
type Taxonomy interface {
	// RegionContains reports whether a division lies in another or is it.
	RegionContains(outer, inner string) bool
}

// Book is the reverse index of saved searches. It is safe for concurrent use;
// listings are matched side by side, and wait only while a search comes or goes.
type Book struct {
	engine *match.Engine
	lex    *lexicon.Lexicon
	rarity Rarity

	mu        sync.RWMutex
	terms     terms
	divisions *divisions
	questions []question // by place; one that is free has no half
	free      []uint32
	places    map[scene.ID]uint32
	offers    half // searches for capabilities
	needs     half // searches for opportunities

	readers sync.Pool // *reader
	tallies sync.Pool // *keyword.Tally
}

// half is the searches for one kind of listing.
type half struct {
	filters      filters
	tree         tree
	descriptions descriptions
}

func newHalf() half {
	return half{
		filters: newFilters(), tree: tree{first: map[uint32]*node{}},
		descriptions: descriptions{postings: map[uint32][]posting{}},
	}
}

// NewBook returns an empty book.
func NewBook(engine *match.Engine, lex *lexicon.Lexicon, dicts Taxonomy, rarity Rarity) *Book {
	b := &Book{
		engine: engine, lex: lex, rarity: rarity,
		terms: newTerms(), divisions: newDivisions(dicts), places: map[scene.ID]uint32{},
		offers: newHalf(), needs: newHalf(),
	}
	b.readers.New = func() any { return &reader{} }
	b.tallies.New = func() any { return &keyword.Tally{} }
	return b
}

// Put files a search in the place of the one of the same ID. One that is paused is taken out.
func (b *Book) Put(s scene.SavedSearch) { b.PutMany([]scene.SavedSearch{s}) }

// PutMany is Put for several. Those that stand in the book as they are, by their
// revision, are left alone. Reading what they say is shared among the processors.
func (b *Book) PutMany(list []scene.SavedSearch) {
	list = b.unlike(list)
	said := make([]wording, len(list))
	var next atomic.Int64
	var readers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(list)) {
		readers.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(list)); i = next.Add(1) - 1 {
				if !list[i].Paused {
					said[i] = b.analyse(&list[i])
				}
			}
		})
	}
	readers.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range list {
		b.drop(list[i].ID)
		if !list[i].Paused {
			b.file(&list[i], said[i])
		}
	}
}

// unlike leaves out what stands in the book as it is.
func (b *Book) unlike(list []scene.SavedSearch) []scene.SavedSearch {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return slices.DeleteFunc(slices.Clone(list), func(s scene.SavedSearch) bool {
		at, ok := b.places[s.ID]
		return ok && s.Revision > 0 && b.questions[at].revision == s.Revision
	})
}

// Delete takes searches out; unknown IDs are ignored.
func (b *Book) Delete(ids ...scene.ID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, id := range ids {
		b.drop(id)
	}
}

// Len is the number of searches filed.
func (b *Book) Len() int {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return len(b.places)
}

// saved is when a search was saved last; zero where it is not filed.
func (b *Book) saved(id scene.ID) time.Time {
	b.mu.RLock()
	defer b.mu.RUnlock()
	at, ok := b.places[id]
	if !ok {
		return time.Time{}
	}
	return b.questions[at].saved
}

// half returns the searches for listings of a side.
func (b *Book) half(side match.Side) *half {
	if side == match.SideOffer {
		return &b.offers
	}
	return &b.needs
}

// file gives a search a place. The caller holds mu.
func (b *Book) file(s *scene.SavedSearch, w wording) {
	h := &b.needs
	if s.Wants == scene.KindCapability {
		h = &b.offers
	}
	q := question{id: s.ID, revision: s.Revision, saved: s.Updated, half: h, filter: b.filter(h, s), least: leastOf(w.telling)}
	if s.OrgID != "" {
		q.org = b.terms.take(orgMark + string(s.OrgID))
	}
	for _, word := range w.words {
		q.words = append(q.words, b.terms.word(word.ways))
	}
	for _, t := range w.telling {
		q.telling = append(q.telling, weight{b.terms.take(t.term), t.value})
	}
	at := uint32(len(b.questions))
	if last := len(b.free) - 1; last >= 0 {
		at, b.free = b.free[last], b.free[:last]
	} else {
		b.questions = append(b.questions, question{})
	}
	switch {
	case len(q.words) > 0:
		h.tree.add(q.words, at)
	case len(q.telling) > 0:
		q.description = h.descriptions.add(&q, at)
	default:
		h.filters.add(q.filter, at)
	}
	b.questions[at], b.places[s.ID] = q, at
}

// drop takes a search out, if it is there. The caller holds mu.
func (b *Book) drop(id scene.ID) {
	at, ok := b.places[id]
	if !ok {
		return
	}
	q := &b.questions[at]
	switch {
	case len(q.words) > 0:
		q.half.tree.remove(q.words, at)
	case len(q.telling) > 0:
		q.half.descriptions.remove(q)
	default:
		q.half.filters.remove(q.filter, at)
	}
	for _, w := range q.words {
		b.terms.leave(w)
	}
	for _, w := range q.telling {
		b.terms.leave(w.term)
	}
	if q.org != 0 {
		b.terms.leave(q.org)
	}
	b.leaveFilter(q.half, q.filter)
	*q = question{}
	b.free = append(b.free, at)
	delete(b.places, id)
}

// Match returns the searches that a listing answers at an instant, in no
// particular but always the same order. A listing that is not open answers none.
//
// A missing fact never keeps a search and a listing apart; where nothing but
// labels is asked, one of them has to be met.
func (b *Book) Match(p *match.Profile, now time.Time) []scene.ID {
	if !p.Open(now) {
		return nil
	}
	b.mu.RLock()
	defer b.mu.RUnlock()
	h := b.half(p.Side)
	r := b.readers.Get().(*reader)
	defer b.readers.Put(r)
	r.read(b, h, p)
	b.filtered(h, r, p, now)
	visit := func(at uint32) {
		if b.judge(h, r, p, b.questions[at].filter, now) != out && b.described(&b.questions[at], r) {
			b.keep(r, at)
		}
	}
	h.tree.walk(r, visit)
	h.descriptions.walk(r, visit)
	slices.Sort(r.found)
	ids := make([]scene.ID, len(r.found))
	for i, at := range r.found {
		ids[i] = b.questions[at].id
	}
	return ids
}

// described reports whether the listing has enough of a description.
func (b *Book) described(q *question, r *reader) bool {
	if len(q.words) == 0 {
		return true // that is how it was found
	}
	sum := uint16(0)
	for _, w := range q.telling {
		if r.has(w.term) {
			sum += w.value
		}
	}
	return sum >= q.least
}

// keep notes a search that the listing answers, unless the listing is its owner's.
func (b *Book) keep(r *reader, at uint32) {
	if org := b.questions[at].org; org == 0 || !r.has(org) {
		r.found = append(r.found, at)
	}
}
