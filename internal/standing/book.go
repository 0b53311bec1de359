package standing

import (
	"slices"
	"strings"
	"sync"
	"time"

	"jinghe/internal/match"
	"jinghe/internal/scene"
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
	dicts  Taxonomy
	rarity Rarity

	mu      sync.RWMutex
	numbers map[string]uint32
	terms   []string
	filed   map[uint32][]*question // by trigger
	byID    map[scene.ID]*question
	dead    int // questions that are still filed though they were taken out

	spare sync.Pool // *reader
}

// NewBook returns an empty book.
func NewBook(engine *match.Engine, lex *lexicon.Lexicon, dicts Taxonomy, rarity Rarity) *Book {
	b := &Book{
		engine: engine, lex: lex, dicts: dicts, rarity: rarity,
		numbers: map[string]uint32{}, filed: map[uint32][]*question{}, byID: map[scene.ID]*question{},
	}
	b.spare.New = func() any { return &reader{} }
	return b
}

// Put files a search in the place of the one of the same ID. One that is paused is taken out.
func (b *Book) Put(s scene.SavedSearch) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.drop(s.ID)
	if s.Paused {
		return
	}
	q := b.compile(s)
	b.byID[s.ID] = q
	for _, t := range distinct(b.triggers(q)) {
		b.filed[t] = append(b.filed[t], q)
	}
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
	return len(b.byID)
}

// drop marks a question dead; the shelves are swept once a quarter of what stands there is.
func (b *Book) drop(id scene.ID) {
	q := b.byID[id]
	if q == nil {
		return
	}
	q.dead = true
	delete(b.byID, id)
	if b.dead++; b.dead < 64 || 4*b.dead < len(b.byID) {
		return
	}
	b.dead = 0
	for t, list := range b.filed {
		if list = slices.DeleteFunc(list, func(q *question) bool { return q.dead }); len(list) == 0 {
			delete(b.filed, t)
		} else {
			b.filed[t] = list
		}
	}
}

func distinct(terms []uint32) []uint32 {
	terms = slices.Clone(terms)
	slices.Sort(terms)
	return slices.Compact(terms)
}

// number returns the number of a term, giving it the next one if it is new. The caller holds mu.
func (b *Book) number(term string) uint32 {
	n, ok := b.numbers[term]
	if !ok {
		n = uint32(len(b.terms))
		term = strings.Clone(term) // not the text it is cut from
		b.numbers[term] = n
		b.terms = append(b.terms, term)
	}
	return n
}

// reader is the workspace for one listing.
type reader struct {
	tokens []lexicon.Token
	seen   []uint32 // by term: the round in which it was met
	round  uint32
	met    []uint32
}

// begin opens a round over a book of n terms.
func (r *reader) begin(n int) {
	if len(r.seen) < n {
		r.seen = append(r.seen, make([]uint32, n-len(r.seen))...)
	}
	if r.round++; r.round == 0 {
		clear(r.seen)
		r.round = 1
	}
	r.met = r.met[:0]
}

func (r *reader) has(term uint32) bool { return r.seen[term] == r.round }

func (r *reader) meet(b *Book, term string) {
	if n, ok := b.numbers[term]; ok && !r.has(n) {
		r.seen[n] = r.round
		r.met = append(r.met, n)
	}
}

// read notes the terms and labels of a listing that the book knows.
func (r *reader) read(b *Book, p *match.Profile) {
	r.begin(len(b.terms))
	for _, t := range p.Texts {
		r.tokens = b.lex.AppendTokens(r.tokens[:0], t.Value)
		for i := range r.tokens {
			r.meet(b, r.tokens[i].Term)
		}
	}
	clear(r.tokens)
	r.meet(b, labelMark+"any")
	if len(p.Fields) == 0 {
		r.meet(b, labelMark+"field")
	}
	for _, f := range p.Fields {
		r.meet(b, labelMark+"field"+labelMark+f)
	}
}

// Match returns the searches that a listing answers at an instant, in order of
// ID. A listing that is not open answers none.
func (b *Book) Match(p *match.Profile, now time.Time) []scene.ID {
	if !p.Open(now) {
		return nil
	}
	b.mu.RLock()
	defer b.mu.RUnlock()
	r := b.spare.Get().(*reader)
	defer b.spare.Put(r)
	r.read(b, p)
	var found []scene.ID
	for _, t := range r.met {
		for _, q := range b.filed[t] {
			if !q.dead && b.answers(q, r, p, now) {
				found = append(found, q.search.ID)
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// MatchEach is Match by asking every search, one after the other: what Match
// must agree with.
func (b *Book) MatchEach(p *match.Profile, now time.Time) []scene.ID {
	if !p.Open(now) {
		return nil
	}
	b.mu.RLock()
	defer b.mu.RUnlock()
	r := &reader{}
	r.read(b, p)
	var found []scene.ID
	for id, q := range b.byID {
		if b.answers(q, r, p, now) {
			found = append(found, id)
		}
	}
	slices.Sort(found)
	return found
}

// answers checks a listing against a question: kind, words, description, then
// the conditions of both sides. A missing fact never keeps a pair apart; where
// nothing but labels is asked, one of them has to be met.
func (b *Book) answers(q *question, r *reader, p *match.Profile, now time.Time) bool {
	if (p.Side == match.SideOffer) != (q.search.Wants == scene.KindCapability) {
		return false
	}
	for _, unit := range q.units {
		if !slices.ContainsFunc(unit, r.has) {
			return false
		}
	}
	if q.least > 0 {
		sum := 0.0
		for _, w := range q.telling {
			if r.has(w.term) {
				sum += w.value
			}
		}
		if sum < q.least {
			return false
		}
	}
	field, region := b.field(q, p), b.region(q, p)
	if field == scene.No || region == scene.No {
		return false
	}
	if len(q.units)+len(q.telling) == 0 && field != scene.Yes && region != scene.Yes {
		return false
	}
	return b.allowed(q, p, now)
}

// field: the listing is for one of the fields asked for. One that names none does not say.
func (b *Book) field(q *question, p *match.Profile) scene.Truth {
	if len(q.search.Fields) == 0 || len(p.Fields) == 0 {
		return scene.Unknown
	}
	return truth(slices.ContainsFunc(p.Fields, func(f string) bool { return slices.Contains(q.search.Fields, f) }))
}

// region: the listing lands, or its provider delivers, in a division asked for;
// a wider one does not say.
func (b *Book) region(q *question, p *match.Profile) scene.Truth {
	if len(q.search.Regions) == 0 || len(p.Regions) == 0 {
		return scene.Unknown
	}
	best := scene.No
	for _, asked := range q.search.Regions {
		for _, has := range p.Regions {
			switch {
			case b.dicts.RegionContains(asked, has):
				return scene.Yes
			case b.dicts.RegionContains(has, asked) && p.Side == match.SideOffer:
				return scene.Yes // who delivers to the province delivers to the city
			case b.dicts.RegionContains(has, asked):
				best = scene.Unknown
			}
		}
	}
	return best
}

// allowed holds the conditions of both sides.
func (b *Book) allowed(q *question, p *match.Profile, now time.Time) bool {
	need, offer := q.side, p
	if p.Side == match.SideNeed {
		need, offer = p, q.side
	}
	return match.Verdict(b.engine.Check(need, offer, q.side.Side, now)) != scene.No
}

func truth(ok bool) scene.Truth {
	if ok {
		return scene.Yes
	}
	return scene.No
}
