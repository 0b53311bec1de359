package standing_test

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"testing"

	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/internal/standing"
	"jinghe/search"
	"jinghe/search/keyword"
)

// each asks every search, one after the other, by what scene.SavedSearch says
// of itself: what the book must agree with.
type each struct {
	tools
	rarity   standing.Rarity
	searches map[scene.ID]scene.SavedSearch
}

func newEach(k tools, rarity standing.Rarity) *each {
	return &each{k, rarity, map[scene.ID]scene.SavedSearch{}}
}

func (e *each) put(s scene.SavedSearch) {
	if delete(e.searches, s.ID); !s.Paused {
		e.searches[s.ID] = s
	}
}

func (e *each) match(p *match.Profile) []scene.ID {
	terms := map[string]bool{}
	for _, text := range p.Texts {
		for _, t := range e.lex.Tokens(text.Value) {
			terms[t.Term] = true
		}
	}
	var found []scene.ID
	for id, s := range e.searches {
		if e.answers(&s, p, terms) {
			found = append(found, id)
		}
	}
	slices.Sort(found)
	return found
}

func (e *each) answers(s *scene.SavedSearch, p *match.Profile, terms map[string]bool) bool {
	if (p.Side == match.SideOffer) != (s.Wants == scene.KindCapability) || !p.Open(now()) {
		return false
	}
	words := e.lex.Words(s.Words)
	silent := 0
	for _, w := range words {
		if e.lex.Stop(w.Term) {
			silent++
		}
	}
	for _, w := range words {
		ways := append([]string{w.Term}, e.lex.Synonyms(w.Term)...)
		skip := e.lex.Stop(w.Term) && silent < len(words)
		if !skip && !slices.ContainsFunc(ways, func(way string) bool { return terms[way] }) {
			return false
		}
	}
	has, least := e.worth(s.Text, terms)
	if has < least {
		return false
	}
	field, region := e.field(s, p), e.region(s, p)
	if field == scene.No || region == scene.No {
		return false
	}
	if len(words) == 0 && least == 0 && field != scene.Yes && region != scene.Yes {
		return false
	}
	need, offer := e.side(s), p
	if p.Side == match.SideNeed {
		need, offer = p, e.side(s)
	}
	asker := match.SideNeed
	if p.Side == match.SideNeed {
		asker = match.SideOffer
	}
	return match.Verdict(e.engine.Check(need, offer, asker, now())) != scene.No
}

// worth is what the terms have of a description, and what they need.
func (e *each) worth(text string, terms map[string]bool) (has, least int) {
	type told struct {
		term  string
		value float64
	}
	var all []told
	for term, w := range keyword.Distil(e.lex, search.Need{Fields: []search.NeedField{{Text: text, Weight: 1}}}) {
		all = append(all, told{term, w * keyword.IDF(e.rarity.Documents(), e.rarity.DocFreq(term))})
	}
	slices.SortFunc(all, func(x, y told) int { return cmp.Or(cmp.Compare(y.value, x.value), cmp.Compare(x.term, y.term)) })
	all = all[:min(len(all), 24)]
	sum, total := 0.0, 0
	for _, t := range all {
		sum += t.value
	}
	for _, t := range all {
		value := max(1, int(math.Round(4096*t.value/sum)))
		if total += value; terms[t.term] {
			has += value
		}
	}
	return has, int(math.Ceil(0.4 * float64(total)))
}

func (e *each) field(s *scene.SavedSearch, p *match.Profile) scene.Truth {
	if len(s.Fields) == 0 || len(p.Fields) == 0 {
		return scene.Unknown
	}
	if slices.ContainsFunc(p.Fields, func(f string) bool { return slices.Contains(s.Fields, f) }) {
		return scene.Yes
	}
	return scene.No
}

func (e *each) region(s *scene.SavedSearch, p *match.Profile) scene.Truth {
	if len(s.Regions) == 0 || len(p.Regions) == 0 {
		return scene.Unknown
	}
	best := scene.No
	for _, asked := range s.Regions {
		for _, has := range p.Regions {
			wider := e.dicts.RegionContains(has, asked)
			switch {
			case e.dicts.RegionContains(asked, has), wider && p.Side == match.SideOffer:
				return scene.Yes
			case wider:
				best = scene.Unknown
			}
		}
	}
	return best
}

// side states a search as a listing of its owner's.
func (e *each) side(s *scene.SavedSearch) *match.Profile {
	l := scene.Listing{ID: s.ID, OrgID: s.OrgID, Fields: s.Fields, Modes: s.Modes, Regions: s.Regions, State: scene.Published}
	if s.Wants == scene.KindCapability {
		return e.engine.Need(&scene.Opportunity{
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
	return e.engine.Offer(c, nil)
}

// TestMatchIsAskingEach: the reverse index finds what asking every search finds,
// also after searches changed, came and went.
func TestMatchIsAskingEach(t *testing.T) {
	t.Parallel()
	k, s := newTools(t), newStock(1)
	rarity := counts{"监测": 300, "系统": 900, "水": 500}
	b, each := standing.NewBook(k.engine, k.lex, k.dicts, rarity), newEach(k, rarity)
	put := func(i int) {
		q := s.search(i)
		q.Paused = s.rng.IntN(20) == 0
		b.Put(q)
		each.put(q)
	}
	for i := range 2000 {
		put(i)
	}
	found := 0
	for i := range 120 {
		for _, p := range []*match.Profile{k.engine.Offer(s.capability(i), nil), k.engine.Need(s.opportunity(i), nil)} {
			got, want := b.Match(p, now()), each.match(p)
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Fatalf("%s: found %v, one by one %v", p.Ref.ID, got, want)
			}
			found += len(got)
		}
		for range 20 {
			put(s.rng.IntN(2000))
			gone := scene.ID(fmt.Sprintf("s%06d", s.rng.IntN(2000)))
			b.Delete(gone)
			delete(each.searches, gone)
		}
	}
	if b.Len() != len(each.searches) {
		t.Errorf("%d searches filed, want %d", b.Len(), len(each.searches))
	}
	if found < 300 {
		t.Errorf("only %d finds: the test shows little", found)
	}
	t.Logf("%d finds, %d searches left", found, b.Len())
}
