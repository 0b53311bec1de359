package standing

import (
	"slices"

	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/search"
	"jinghe/search/keyword"
	"jinghe/search/lexicon"
)

const (
	// tellingTerms is how many terms of a description count: the rarest.
	tellingTerms = 24
	// tellingShare is the share of their weight that a listing must have.
	tellingShare = 0.4
	// labelMark begins labels, which no term of a text does.
	labelMark = "\x00"
)

// question is a saved search made ready for checking: terms are numbers of its book.
type question struct {
	search scene.SavedSearch
	// side is the search as a listing of the other side: its conditions.
	side *match.Profile
	// units are the words: of each, one of the ways to write it has to stand in the listing.
	units [][]uint32
	// telling are the terms of the description with their weights, of which
	// least is needed.
	telling []weight
	least   float64
	// dead marks a question taken out.
	dead bool
}

type weight struct {
	term  uint32
	value float64
}

// compile makes a question. The rarity of a description's terms is that of the
// moment.
func (b *Book) compile(s scene.SavedSearch) *question {
	q := &question{search: s, side: b.sideOf(&s)}
	words := b.lex.Words(s.Words)
	telling := slices.DeleteFunc(slices.Clone(words), func(t lexicon.Token) bool { return b.lex.Stop(t.Term) })
	if len(telling) == 0 {
		telling = words
	}
	for _, w := range telling {
		unit := []uint32{b.number(w.Term)}
		for _, other := range b.lex.Synonyms(w.Term) {
			unit = append(unit, b.number(other))
		}
		q.units = append(q.units, unit)
	}
	b.describe(q)
	return q
}

// describe chooses the telling terms of a description, rarest first.
func (b *Book) describe(q *question) {
	if q.search.Text == "" {
		return
	}
	var tally keyword.Tally
	for _, w := range tally.Weigh(b.lex, search.Need{Fields: []search.NeedField{{Text: q.search.Text, Weight: 1}}}) {
		value := w.Weight * keyword.IDF(b.rarity.Documents(), b.rarity.DocFreq(w.Term))
		q.telling = append(q.telling, weight{b.number(w.Term), value})
	}
	slices.SortFunc(q.telling, func(x, y weight) int {
		switch {
		case x.value > y.value:
			return -1
		case x.value < y.value:
			return 1
		}
		return int(int64(x.term) - int64(y.term))
	})
	q.telling = q.telling[:min(len(q.telling), tellingTerms)]
	for _, w := range q.telling {
		q.least += tellingShare * w.value
	}
}

// sideOf states a search as a listing of its owner's, without texts.
func (b *Book) sideOf(s *scene.SavedSearch) *match.Profile {
	l := scene.Listing{
		ID: s.ID, OrgID: s.OrgID, Fields: s.Fields, Modes: s.Modes, Regions: s.Regions,
		State: scene.Published, Updated: s.Updated,
	}
	if s.Wants == scene.KindCapability {
		return b.engine.Need(&scene.Opportunity{
			Listing: l, Budget: s.Money, Schedule: s.Months,
			Require: scene.Eligibility{Qualifications: s.Qualifications, MinMaturity: s.Maturity.Min},
		}, nil)
	}
	l.Maturity = s.Maturity
	c := &scene.Capability{
		Listing: l, Price: s.Money, Delivery: s.Months,
		Wants: scene.Terms{Regions: s.Regions, Modes: s.Modes, MinBudget: s.Money.Min},
	}
	for _, code := range s.Qualifications {
		c.Qualifications = append(c.Qualifications, scene.Qualification{Code: code})
	}
	return b.engine.Offer(c, nil)
}

// triggers are terms of which every listing that answers the question has one:
// the ways to write its rarest word, else the rarest telling terms without which
// the rest falls short, else its labels.
func (b *Book) triggers(q *question) []uint32 {
	switch {
	case len(q.units) > 0:
		return slices.MinFunc(q.units, func(x, y []uint32) int { return b.crowd(x) - b.crowd(y) })
	case len(q.telling) > 0:
		return q.needed()
	case len(q.search.Fields) > 0:
		return b.labels("field", q.search.Fields)
	}
	return []uint32{b.number(labelMark + "any")}
}

// needed are the heaviest telling terms: those after them do not make up the least.
func (q *question) needed() []uint32 {
	rest := 0.0
	last := len(q.telling)
	for last > 1 {
		if rest += q.telling[last-1].value; rest >= q.least*(1-1e-9) { // sums differ a little by their order
			break
		}
		last--
	}
	terms := make([]uint32, 0, last)
	for _, w := range q.telling[:last] {
		terms = append(terms, w.term)
	}
	return terms
}

func (b *Book) labels(dict string, codes []string) []uint32 {
	out := []uint32{b.number(labelMark + dict)} // of listings that do not say
	for _, code := range codes {
		out = append(out, b.number(labelMark+dict+labelMark+code))
	}
	return out
}

// crowd is how many listings and questions there are for a unit, about.
func (b *Book) crowd(unit []uint32) int {
	n := 0
	for _, t := range unit {
		n += b.rarity.DocFreq(b.terms[t]) + len(b.filed[t])
	}
	return n
}
