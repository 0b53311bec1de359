package match

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"
	"time"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
)

// Consortium is the smallest group of providers that together bring what a
// need asks for and no single one does.
type Consortium struct {
	Members []Member  `json:"members"` // two to four, best score first
	Clauses []Covered `json:"clauses"` // all that is asked for
	Covers  int       `json:"covers"`  // how many clauses the group brings
	Alone   int       `json:"alone"`   // the most that a single provider brings
	// Allowed says whether the need takes 联合体; never "no".
	Allowed scene.Truth `json:"allowed"`
	Text    string      `json:"text"` // one sentence in the language asked for
}

// Member is one provider of a group by its best offer.
type Member struct {
	Offer Ref     `json:"offer"`
	Score float64 `json:"score"`
}

// Covered is one thing a need asks for and who brings it.
type Covered struct {
	Clause string `json:"clause"` // "indicator:NAME", "qualification:CODE" or "part"
	Want   string `json:"want"`   // as the need writes it, or the title
	// Member counts from 1 in Members; 0 where nobody in the group brings it.
	Member int `json:"member"`
	// Offer is the listing that brings it, Have what it states.
	Offer    *Ref       `json:"offer,omitempty"`
	Have     string     `json:"have"`
	Evidence []Evidence `json:"evidence"`
}

const (
	groupMost    = 4  // providers in a group
	groupPool    = 40 // providers looked at, best score first
	groupClauses = 3  // a need that asks for fewer is not complex
	groupGain    = 2  // a group brings so many things more than any single provider
)

// provider is an organisation with what its offers bring.
type provider struct {
	best    *Near
	answers map[int]bringing
	mask    uint64
	least   scene.Money // the lowest of its least prices, 0 where one is not known
}

type bringing struct {
	by *Near
	answer
}

// Consortium finds the smallest group of two to four providers for a need, nil
// where it brings not at least two things more than the best single provider (two
// rivals do not make a group), where the need asks for fewer than three things or
// takes no 联合体, or where the best group brings less than half of what is asked. near is best first; looked at are the first forty providers
// of it that no known condition excludes.
//
// What a need asks for: each title it requires; each target with a number; each
// part of its text, which is a point of a numbered list in 具体需求, 建设内容 or
// 主要技术, else an item of those lists, else an item of an enumeration (A、B 和 C,
// three items at least) in 具体需求. A part none of whose words is rarer than one
// offer in twenty tells nobody apart and is left out. A title counts as brought
// where it is held, a target where a figure of the offer is known to meet it, a
// part where words that carry at least 0.6 of its weight stand in the offer's
// texts: that the provider speaks of it, with the passage, not that it can do it.
//
// Every condition binds every member, apart from titles, of which one member
// has to hold each, and the budget, which the members' least prices together
// must not be known to pass. Groups that bring more stand first, then smaller
// ones, then those with the higher sum of scores, then by code: found exactly,
// by branch and bound over the forty.
func (e *Engine) Consortium(near []Near, now time.Time, lang locale.Lang) *Consortium {
	if len(near) < 2 || near[0].Query.need.Require.Consortium == scene.No {
		return nil
	}
	q := near[0].Query
	asks := q.asks()
	if len(asks) < groupClauses {
		return nil
	}
	pool := e.providers(q, asks, near, now)
	s := search{pool: pool, budget: q.need.Money.Max}
	group := s.run()
	alone := 0
	for _, p := range pool {
		alone = max(alone, bits.OnesCount64(p.mask))
	}
	if len(group) < 2 || s.covers < alone+groupGain || 2*s.covers < len(asks) {
		return nil
	}
	c := &Consortium{Covers: s.covers, Alone: alone, Allowed: q.need.Require.Consortium}
	for _, i := range group {
		c.Members = append(c.Members, Member{Offer: pool[i].best.Offer.Ref, Score: pool[i].best.Score.Value})
	}
	for i, a := range asks {
		c.Clauses = append(c.Clauses, e.covered(i, a, pool, group, lang))
	}
	key := "match.group.yes"
	if c.Allowed == scene.Unknown {
		key = "match.group.unknown"
	}
	c.Text = locale.Text(lang, key, map[string]any{
		"members": len(group), "covers": c.Covers, "clauses": len(asks), "alone": alone,
	})
	return c
}

// providers gathers the offers by organisation: those that bring something and
// could be members.
func (e *Engine) providers(q *Query, asks []ask, near []Near, now time.Time) []*provider {
	var list []*provider
	byOrg := map[string]*provider{}
	for i := range near {
		n := &near[i]
		if !e.joins(q.need, n.Offer, now) {
			continue
		}
		org := cmp.Or(n.Offer.Org, string(n.Offer.Ref.ID))
		p := byOrg[org]
		if p == nil {
			if len(list) == groupPool {
				continue
			}
			p = &provider{best: n, answers: map[int]bringing{}, least: n.Offer.Money.Min}
			byOrg[org], list = p, append(list, p)
		}
		p.least = min(p.least, n.Offer.Money.Min)
		for _, a := range q.answers(asks, n, now) {
			if p.mask&(1<<a.ask) == 0 {
				p.mask |= 1 << a.ask
				p.answers[a.ask] = bringing{n, a}
			}
		}
	}
	return slices.DeleteFunc(list, func(p *provider) bool { return p.mask == 0 })
}

// joins reports whether no known condition keeps an offer out of a group. That
// it lacks a title does not.
func (e *Engine) joins(need, offer *Profile, now time.Time) bool {
	for _, c := range e.Check(need, offer, SideNeed, now) {
		if c.Truth == scene.No && !strings.HasPrefix(c.Name, "qualification:") {
			return false
		}
	}
	return true
}

func (e *Engine) covered(i int, a ask, pool []*provider, group []int, lang locale.Lang) Covered {
	c := Covered{Clause: a.kind, Want: a.at.Text, Evidence: []Evidence{}}
	switch a.kind {
	case askIndicator:
		c.Clause, c.Want = a.kind+":"+a.target.Name, a.target.Text
	case askQualification:
		c.Clause, c.Want = a.kind+":"+a.code, e.dicts.Label(scene.DictQualification, a.code, string(lang))
	}
	for j, at := range group {
		b, ok := pool[at].answers[i]
		if !ok {
			continue
		}
		ref := b.by.Offer.Ref
		c.Member, c.Offer, c.Have = j+1, &ref, b.have
		c.Evidence = append(c.Evidence, b.evidence...)
		if a.kind == askQualification {
			c.Have = c.Want
		}
		break
	}
	return c
}

// search finds the best group of a pool.
type search struct {
	pool   []*provider
	budget scene.Money // 0 is no limit
	rest   []uint64    // what the providers from i on bring together
	best   []int
	covers int
	score  float64
}

// run returns the members of the best group in rising order, which is best
// score first.
func (s *search) run() []int {
	s.rest = make([]uint64, len(s.pool)+1)
	for i := len(s.pool) - 1; i >= 0; i-- {
		s.rest[i] = s.rest[i+1] | s.pool[i].mask
	}
	s.grow(0, nil, 0, 0, 0)
	return s.best
}

// grow tries every group that continues chosen with providers from next on,
// apart from branches that cannot win: those that bring less than the best
// whatever joins, or as much with more members.
func (s *search) grow(next int, chosen []int, mask uint64, score float64, price scene.Money) {
	if s.wins(chosen, mask, score) {
		s.best, s.covers, s.score = slices.Clone(chosen), bits.OnesCount64(mask), score
	}
	if len(chosen) == groupMost {
		return
	}
	for i := next; i < len(s.pool); i++ {
		reach := bits.OnesCount64(mask | s.rest[i])
		if reach < s.covers || reach == s.covers && len(s.best) > 0 && len(chosen)+1 > len(s.best) {
			return // what comes later reaches no more
		}
		p := s.pool[i]
		if p.mask&^mask == 0 || s.budget > 0 && price+p.least > s.budget {
			continue
		}
		s.grow(i+1, append(chosen, i), mask|p.mask, score+p.best.Score.Value, price+p.least)
	}
}

// wins compares with the best so far; groups are tried in the order of scores
// and codes, so that of equal ones the first stays.
func (s *search) wins(chosen []int, mask uint64, score float64) bool {
	covers := bits.OnesCount64(mask)
	switch {
	case len(chosen) == 0:
		return false
	case covers != s.covers:
		return covers > s.covers
	case len(chosen) != len(s.best):
		return len(chosen) < len(s.best)
	}
	return score > s.score
}
