package standing

import (
	"cmp"
	"math"
	"slices"
	"sort"
	"time"

	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/search"
	"jinghe/search/keyword"
	"jinghe/search/lexicon"
)

const (
	// tellingTerms is how many terms of a description count: the rarest.
	tellingTerms = 24
	// tellingShare is the share of their worth that a listing must have.
	tellingShare = 0.4
)

// question is a saved search as it is filed: terms are numbers of its book.
type question struct {
	id       scene.ID
	revision int
	saved    time.Time
	half     *half
	filter   uint32
	org      uint32 // label of the organisation whose own listings do not count; 0 is none
	// words must all be met, the rarest first.
	words []uint32
	// telling are the terms of the description, of whose worth least is needed.
	telling []weight
	least   uint16
	// description is the number under which it is filed, where it has no words.
	description uint32
}

type weight struct {
	term  uint32
	value uint16
}

// wording is what a search says, analysed but not yet numbered.
type wording struct {
	words   []said
	telling []told
}

// said is a word of a search with the ways to write it, and how often they occur.
type said struct {
	ways []string
	docs int
}

// told is a telling term of a description and its worth.
type told struct {
	term  string
	value uint16
}

// analyse reads the words and the description of a search. The rarity of their
// terms is that of the moment.
func (b *Book) analyse(s *scene.SavedSearch) wording {
	var w wording
	words := b.lex.Words(s.Words)
	telling := slices.DeleteFunc(slices.Clone(words), func(t lexicon.Token) bool { return b.lex.Stop(t.Term) })
	if len(telling) == 0 {
		telling = words
	}
	for _, t := range telling {
		one := said{ways: distinct(append([]string{t.Term}, b.lex.Synonyms(t.Term)...))}
		for _, way := range one.ways {
			one.docs += b.rarity.DocFreq(way)
		}
		w.words = append(w.words, one)
	}
	slices.SortStableFunc(w.words, func(x, y said) int { return cmp.Or(cmp.Compare(x.docs, y.docs), slices.Compare(x.ways, y.ways)) })
	w.words = slices.CompactFunc(w.words, func(x, y said) bool { return slices.Equal(x.ways, y.ways) })
	if s.Text != "" {
		w.telling = b.describe(s.Text)
	}
	return w
}

// describe chooses the telling terms of a description, worth [whole] together.
func (b *Book) describe(text string) []told {
	type candidate struct {
		term  string
		value float64
	}
	tally := b.tallies.Get().(*keyword.Tally)
	defer b.tallies.Put(tally)
	docs := b.rarity.Documents()
	before := func(x, y candidate) bool { return x.value > y.value || x.value == y.value && x.term < y.term }
	all := make([]candidate, 0, tellingTerms+1)
	for _, t := range tally.Weigh(b.lex, search.Need{Fields: []search.NeedField{{Text: text, Weight: 1}}}) {
		c := candidate{t.Term, t.Weight * keyword.IDF(docs, b.rarity.DocFreq(t.Term))}
		if len(all) == tellingTerms && !before(c, all[tellingTerms-1]) {
			continue
		}
		at := sort.Search(len(all), func(i int) bool { return before(c, all[i]) })
		all = slices.Insert(all, at, c)
		all = all[:min(len(all), tellingTerms)]
	}
	sum := 0.0
	for _, c := range all {
		sum += c.value
	}
	telling := make([]told, len(all))
	for i, c := range all {
		telling[i] = told{c.term, uint16(max(1, math.Round(whole*c.value/sum)))}
	}
	return telling
}

// leastOf is what a listing needs of the worth of telling terms.
func leastOf(telling []told) uint16 {
	sum := 0
	for _, t := range telling {
		sum += int(t.value)
	}
	return uint16(math.Ceil(tellingShare * float64(sum)))
}

// sideOf states the conditions of a search as a listing of its owner's, without
// texts and without the owner.
func (b *Book) sideOf(s *scene.SavedSearch) *match.Profile {
	l := scene.Listing{
		Fields: s.Fields, Modes: s.Modes, Regions: s.Regions,
		State: scene.Published,
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
