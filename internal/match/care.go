package match

import (
	"math"

	"jinghe/internal/locale"
)

// Care is the rules by which the first ten of a list of offers are put in order
// besides the score, for the good of the market: that a list shows different
// things, that a few stars do not take all lists, that newcomers get a look. The
// zero value orders by score alone. No rule lets anybody pass one whose score is
// more than Margin above its own.
type Care struct {
	// Lambda is the weight of diversity, as in maximal marginal relevance
	// (Carbonell and Goldstein 1998): a pair loses Lambda times how alike its
	// offer is to the most alike one above it. See [likeness].
	Lambda float64
	// PerOrg is how many offers of one organisation stand among the first ten
	// while there are others within Margin; 0 is any number.
	PerOrg int
	// Exposure is how many times the fair share of first tens an offer may fill
	// before it is eased down: by Ease for every doubling beyond. 0 is no limit.
	Exposure, Ease float64
	// Newcomer lets the best offer of an organisation that stands in no first ten
	// of the market take the tenth place, where its score is no more than this
	// below that of the tenth; 0 is off.
	Newcomer float64
	Margin   float64
}

// DefaultCare are the constants that docs/benchmarks-matching.md measures.
func DefaultCare() Care {
	return Care{Lambda: 0.1, PerOrg: 2, Exposure: 3, Ease: 0.03, Newcomer: 0.05, Margin: 0.1}
}

// On reports whether any rule is in force.
func (c Care) On() bool { return c.Lambda > 0 || c.PerOrg > 0 || c.Exposure > 0 || c.Newcomer > 0 }

// OrderCare names the order that [Care] makes in [Ranking].Order.
const OrderCare = "care"

const (
	careTen = 10 // places that care is taken of
	// CareDepth is how many pairs of a list may come into the first ten.
	CareDepth = 30
	// likeFrom is the likeness from which two offers count as alike: below, they
	// share the words of their trade, which good answers to one need do as well.
	likeFrom = 0.6
	// newcomerLeast is the score below which not even a newcomer is shown a place.
	newcomerLeast = 0.2
)

// Candidate is a pair to be put in order.
type Candidate struct {
	Offer *Profile
	Score float64
	// Shown is how many first tens of the market its offer fills; Newcomer says
	// that its organisation fills none.
	Shown    int
	Newcomer bool
	// Pinned pairs keep their place at the head of the list.
	Pinned bool
}

// Placed is where a pair stands and why not by its score.
type Placed struct {
	Index int // in the list given
	// Rules that moved it: "like", "org", "exposure" down, "newcomer" up. Empty
	// for one that stands where it does because others moved, or did not move.
	Rules []string
	Like  int // index of the offer above that it is like, where "like" is among the rules
	Shown int
}

// Order puts the first [CareDepth] of a list, which is sorted by score, in
// order; what comes after follows by score. fair is the fair share of first tens
// of one offer. It takes no look at anything but its arguments.
//
// Place by place up to the tenth, of the pairs left within Margin of the best of
// them the one is taken whose score is highest after what diversity and exposure
// take from it, those of an organisation with PerOrg places standing back. Ties
// go to the better score.
func (c Care) Order(list []Candidate, fair float64) []Placed {
	w := caring{Care: c, list: list, fair: fair, left: make([]bool, min(len(list), CareDepth)), why: map[int]Placed{}, orgs: map[string]int{}}
	for i := range w.left {
		w.left[i] = !list[i].Pinned
		if list[i].Pinned {
			w.take(i)
		}
	}
	for len(w.out) < min(careTen, len(w.left)) {
		i := w.next()
		if i < 0 {
			break
		}
		w.left[i] = false
		w.take(i)
	}
	w.welcome()
	for i, left := range w.left {
		if left {
			w.out = append(w.out, w.placed(i))
		}
	}
	for i := len(w.left); i < len(list); i++ {
		w.out = append(w.out, Placed{Index: i})
	}
	return w.out
}

// caring is the work of one call of Order.
type caring struct {
	Care
	list []Candidate
	fair float64
	left []bool // candidates without a place
	why  map[int]Placed
	orgs map[string]int // places taken by organisation
	out  []Placed
}

func (w *caring) take(i int) {
	w.out = append(w.out, w.placed(i))
	w.orgs[w.list[i].Offer.Org]++
}

// placed tells what moved a pair down that stands lower than by its score.
func (w *caring) placed(i int) Placed {
	p := Placed{Index: i, Shown: w.list[i].Shown}
	if said, ok := w.why[i]; ok && len(w.out) > i {
		p.Rules, p.Like = said.Rules, said.Like
	}
	return p
}

// next chooses who takes the next place, and notes of those it passes why.
func (w *caring) next() int {
	best, bestValue, floor := -1, math.Inf(-1), math.Inf(-1)
	crowded := -1 // the best of those whose organisation has its places
	notes := map[int]Placed{}
	for i, left := range w.left {
		if !left {
			continue
		}
		if math.IsInf(floor, -1) {
			floor = w.list[i].Score - w.Margin
		}
		if w.list[i].Score < floor {
			break
		}
		if org := w.list[i].Offer.Org; w.PerOrg > 0 && org != "" && w.orgs[org] >= w.PerOrg {
			if crowded < 0 {
				crowded = i
			}
			notes[i] = Placed{Rules: []string{"org"}}
			continue
		}
		value, note := w.value(i)
		if len(note.Rules) > 0 {
			notes[i] = note
		}
		if value > bestValue {
			best, bestValue = i, value
		}
	}
	if best < 0 {
		return crowded
	}
	for i, note := range notes {
		if i < best {
			w.why[i] = note
		}
	}
	return best
}

// value is the score of a pair after diversity and exposure took theirs.
func (w *caring) value(i int) (float64, Placed) {
	x, p := &w.list[i], Placed{}
	taken := 0.0
	if w.Lambda > 0 {
		most := 0.0
		for _, above := range w.out {
			if l := likeness(&x.Offer.bag, &w.list[above.Index].Offer.bag); l > most {
				most, p.Like = l, above.Index
			}
		}
		if most >= likeFrom {
			taken += w.Lambda * most
			p.Rules = append(p.Rules, "like")
		}
	}
	if limit := w.Exposure * max(w.fair, 1); w.Exposure > 0 && float64(x.Shown) > limit {
		taken += w.Ease * math.Log2(float64(x.Shown)/limit)
		p.Rules = append(p.Rules, "exposure")
	}
	return x.Score - taken, p
}

// welcome gives the tenth place to the best newcomer, where none of the ten is one.
func (w *caring) welcome() {
	if w.Newcomer <= 0 || len(w.out) < careTen || w.list[w.out[careTen-1].Index].Pinned {
		return
	}
	for _, p := range w.out {
		if w.list[p.Index].Newcomer {
			return
		}
	}
	tenth := w.out[careTen-1]
	for i, left := range w.left {
		x := &w.list[i]
		if !left || !x.Newcomer {
			continue
		}
		if x.Score < max(w.list[tenth.Index].Score-w.Newcomer, newcomerLeast) {
			return
		}
		w.left[i] = false
		w.out[careTen-1] = Placed{Index: i, Rules: []string{"newcomer"}, Shown: x.Shown}
		w.left[tenth.Index] = true // it stands after the ten, by its score
		return
	}
}

// likeness of two texts is the share of their pairs of characters and Latin
// runs that both have (Jaccard): 1 where they say the same, about 0.1 for
// listings of one trade.
func likeness(a, b *bag) float64 {
	both, all := 0, 0
	for i, j := 0, 0; i < len(a.terms) || j < len(b.terms); {
		var t term
		same := false
		switch {
		case j == len(b.terms) || i < len(a.terms) && a.terms[i] < b.terms[j]:
			t = a.terms[i]
			i++
		case i == len(a.terms) || a.terms[i] > b.terms[j]:
			t = b.terms[j]
			j++
		default:
			t, same = a.terms[i], true
			i++
			j++
		}
		if t&kindMask == kindChar {
			continue
		}
		all++
		if same {
			both++
		}
	}
	if all == 0 {
		return 0
	}
	return float64(both) / float64(all)
}

// Moved tells of a pair of a cared-for list where it would stand by its score
// alone, and why it does not.
type Moved struct {
	Fit   int      `json:"fit"`   // its place by score alone, from 1
	Rules []string `json:"rules"` // "like", "org", "exposure", "newcomer"; empty where others moved
	Text  string   `json:"text"`  // one sentence in the language asked for
}

// Told renders why a pair stands at a place, counted from 0; nil where it
// stands there by its score alone.
func (c Care) Told(p Placed, place int, list []Candidate, lang locale.Lang) *Moved {
	if p.Index == place {
		return nil
	}
	m := &Moved{Fit: p.Index + 1, Rules: append([]string{}, p.Rules...)}
	args := map[string]any{"fit": m.Fit}
	m.Text = locale.Text(lang, "match.care.fit", args)
	for _, rule := range p.Rules {
		args := map[string]any{"count": p.Shown, "most": c.PerOrg}
		if rule == "like" {
			args["name"] = list[p.Like].Offer.Ref.Name
		}
		m.Text += locale.Text(lang, "match.care."+rule, args)
	}
	if len(p.Rules) == 0 && p.Index > place {
		m.Text += locale.Text(lang, "match.care.up", nil)
	}
	if len(p.Rules) == 0 && p.Index < place {
		m.Text += locale.Text(lang, "match.care.shift", nil)
	}
	m.Text += locale.Text(lang, "match.reason.stop", nil)
	return m
}
