package match

import (
	"cmp"
	"slices"
	"time"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
)

// Change is one change of a single fact or condition of the side that asks, and
// how many more counterparts it would admit. Told are only changes that admit
// somebody, and of those that admit equally many the smallest.
type Change struct {
	Move
	// From and To are the fact before and after as people read it, in the
	// language asked for; empty where the change takes a condition away.
	From string `json:"from"`
	To   string `json:"to"`
	// Share is how far an amount or a time moves, as a share of where it stood:
	// 0.15 is 15 % up, −0.2 is 20 % down. 0 for other kinds.
	Share float64 `json:"share,omitempty"`
	// Admits is how many pairs would be shown that a known condition keeps apart
	// now, and that would then score at least Least.
	Admits int     `json:"admits"`
	Least  float64 `json:"least"`
	// Offers are the counterparts admitted, best first, at most 10.
	Offers []Ref  `json:"offers"`
	Text   string `json:"text"` // one sentence in the language asked for
}

// Move is what a [Change] does to a listing. Kind says what moves, the other
// field that belongs to it where to.
//
// A need may raise its “budget” limit (Fen) and its “schedule” limit (Months),
// lower “maturity” and “mlps” (Level; 0 takes the condition away), widen the
// “seat” (Codes, all divisions then accepted), waive a “qualification” (Codes, the title) or
// “domestic”, accept a “mode” (Codes). An offer may lower its “price” and its
// “min_budget” (Fen), shorten its “schedule” (Months), raise “maturity” and
// “mlps” (Level), widen the “region” it serves (Codes, all divisions then served), gain a
// “qualification” (Codes), become “domestic”, accept a “mode” (Codes).
type Move struct {
	Kind   string      `json:"kind"`
	Fen    scene.Money `json:"fen,omitempty"`
	Months float64     `json:"months,omitempty"`
	Level  int         `json:"level,omitempty"`
	Codes  []string    `json:"codes,omitempty"`
}

const (
	moneyGrain   = scene.Wan / 10 // amounts move to multiples of 1,000 yuan
	monthsPer    = 2              // times move to multiples of half a month
	levelsMoved  = 3              // maturity moves by at most so many levels
	changesKinds = 6              // kinds of change told, those that admit most
	changesOffer = 10             // counterparts named with a change
	changesSteps = 3              // steps told of one kind
)

// Near is a scored pair that a change may admit.
type Near struct {
	Query *Query
	Offer *Profile
	Score Score
}

func (n *Near) counterpart(asker Side) *Profile {
	if asker == SideNeed {
		return n.Offer
	}
	return n.Query.need
}

// Reach is the highest score that any change of facts outside the texts could
// give a pair.
func (e *Engine) Reach(s Score) float64 {
	raw := s.Raw
	for _, i := range []int{partMaturity, partMoney, partTime, partRecord} {
		raw += e.parts[i] * (1 - s.values[i])
	}
	return e.weights.Calibration.apply(raw)
}

// again scores a pair anew after facts of one side changed. The texts did not,
// so their parts stay; the outcome is what [Query.Score] gives for the changed
// profiles, to the last bit.
func (q *Query) again(need, offer *Profile, s *Score) float64 {
	v := s.values
	v[partMaturity], v[partMoney] = maturityValue(need, offer), moneyValue(need.Money, offer.Money)
	v[partTime], v[partPlace] = timeValue(need.Months, offer.Months), q.engine.place(need, offer)
	v[partRecord] = recordValue(need, offer)
	raw := 0.0
	for i, w := range q.engine.parts {
		raw += float64(w * v[i])
	}
	return q.engine.weights.Calibration.apply(raw)
}

// Changes tells what the side that asks could change, one fact or condition at
// a time, and how many of the pairs near by that would admit; near is best
// first, and counted is who then scores at least least.
//
// Each kind of change has a grid of ever larger moves: amounts and times in
// multiples of 1,000 yuan and half a month up to twice (a price, a delivery
// time: down to half) of where they stand; maturity by at most three levels. To
// a condition of place one division is added: the city that admits most, a
// province where one admits more than any city, the country where it admits more.
// A pair belongs to a kind where that kind alone breaks it. Its smallest move is
// searched on the grid, which is right because a larger move never breaks what
// a smaller one mends. What is told of a step is counted once more by checking
// and scoring every such pair with the changed profile, so that asking again
// with the change made gives the same number; of one kind at most three steps
// are told: the smallest that admits anybody, the smallest that admits half of
// what the largest admits, and the smallest that admits as many as the largest.
func (e *Engine) Changes(asker *Profile, near []Near, least float64, now time.Time, lang locale.Lang) []Change {
	w := whatif{e: e, asker: asker, least: least, now: now, lang: lang}
	var kinds []string
	groups := map[string][]*Near{}
	ladders := map[string]ladder{}
	for i := range near {
		n := &near[i]
		for _, l := range w.ladders(n.counterpart(asker.Side)) {
			if _, seen := ladders[l.name]; !seen {
				kinds, ladders[l.name] = append(kinds, l.name), l
			}
			if g := groups[l.group]; len(g) == 0 || g[len(g)-1] != n {
				groups[l.group] = append(g, n)
			}
		}
	}
	slices.SortFunc(kinds, func(a, b string) int {
		return cmp.Or(cmp.Compare(ladders[a].order, ladders[b].order), cmp.Compare(a, b))
	})
	var told [][]Change
	var places []placed
	for _, kind := range kinds {
		l := ladders[kind]
		switch steps := w.steps(l, groups[l.group]); {
		case len(steps) == 0:
		case l.tier > 0:
			places = append(places, placed{steps[0], l.tier})
		default:
			told = append(told, steps)
		}
	}
	if len(places) > 0 {
		told = append(told, widest(places))
	}
	most := func(steps []Change) int { return steps[len(steps)-1].Admits }
	slices.SortStableFunc(told, func(a, b []Change) int { return cmp.Compare(most(b), most(a)) })
	return slices.Concat(told[:min(len(told), changesKinds)]...)
}

// whatif is the work of one call of Changes.
type whatif struct {
	e     *Engine
	asker *Profile
	least float64
	now   time.Time
	lang  locale.Lang
}

// admitted reports whether a pair would be shown, and worth seeing, if the
// asker had the profile p.
func (w *whatif) admitted(n *Near, p *Profile) bool {
	need, offer := p, n.Offer
	if w.asker.Side == SideOffer {
		need, offer = n.Query.need, p
	}
	return Verdict(w.e.Check(need, offer, w.asker.Side, w.now)) != scene.No && n.Query.again(need, offer, &n.Score) >= w.least
}

// steps tells the moves of one kind that are worth telling.
func (w *whatif) steps(l ladder, pairs []*Near) []Change {
	reached := map[int]*Profile{}
	at := func(k int) *Profile {
		if reached[k] == nil {
			reached[k] = w.e.moved(w.asker, l.at(k))
		}
		return reached[k]
	}
	var rungs []int
	for _, n := range pairs {
		if !w.admitted(n, at(l.top)) {
			continue
		}
		first := 1 // the smallest rung in [1,top] that admits it
		for last := l.top; first < last; {
			if mid := (first + last) / 2; w.admitted(n, at(mid)) {
				last = mid
			} else {
				first = mid + 1
			}
		}
		rungs = append(rungs, first)
	}
	slices.Sort(rungs)
	var all []Change
	for _, k := range slices.Compact(rungs) {
		c := w.count(l, k, at(k), pairs)
		if n := len(all); c.Admits > 0 && (n == 0 || c.Admits > all[n-1].Admits) {
			all = append(all, c)
		}
	}
	return few(all)
}

// placed is a change that adds a division of a tier.
type placed struct {
	Change
	tier int
}

// widest keeps of each tier the division that admits most, where it admits more
// than any narrower one.
func widest(list []placed) []Change {
	slices.SortStableFunc(list, func(a, b placed) int {
		return cmp.Or(cmp.Compare(a.tier, b.tier), cmp.Compare(b.Admits, a.Admits))
	})
	var all []Change
	for _, p := range list {
		if n := len(all); n == 0 || p.Admits > all[n-1].Admits {
			all = append(all, p.Change)
		}
	}
	return all
}

// few keeps the first step, the first with half of what the last admits, and
// the last.
func few(all []Change) []Change {
	if len(all) <= changesSteps {
		return all
	}
	last := all[len(all)-1]
	half := slices.IndexFunc(all, func(c Change) bool { return 2*c.Admits >= last.Admits })
	if half == 0 || half == len(all)-1 {
		return []Change{all[0], last}
	}
	return []Change{all[0], all[half], last}
}

func (w *whatif) count(l ladder, k int, p *Profile, pairs []*Near) Change {
	c := Change{Move: l.at(k), Least: w.least, Offers: []Ref{}}
	for _, n := range pairs {
		if !w.admitted(n, p) {
			continue
		}
		if c.Admits++; c.Admits <= changesOffer {
			c.Offers = append(c.Offers, n.counterpart(w.asker.Side).Ref)
		}
	}
	w.tell(&c, p)
	return c
}
