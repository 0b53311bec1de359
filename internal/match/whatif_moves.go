package match

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
)

// ladder is the grid of one kind of change: rungs 1 to top, ever larger moves.
type ladder struct {
	name  string // of kind and code: pairs of one name share a ladder
	group string // pairs of one group are counted for all its ladders
	order int    // in which kinds are told that admit equally many
	top   int
	tier  int // of a division, 0 for other kinds
	at    func(k int) Move
}

// ladders lists the kinds of change of the asker that might mend a pair: none
// where it is not broken, or by clauses of more than one kind.
func (w *whatif) ladders(other *Profile) []ladder {
	need, offer := w.asker, other
	if w.asker.Side == SideOffer {
		need, offer = other, w.asker
	}
	kind := w.broken(need, offer)
	base, _, _ := strings.Cut(kind, ":")
	list := slices.DeleteFunc(w.mending(kind, need, offer), func(l ladder) bool { return l.top < 1 })
	for i := range list {
		l := &list[i]
		l.order, l.group = slices.Index(kindsInOrder(), base), l.name
		if l.tier > 0 {
			l.group = base
		}
	}
	return list
}

// broken is the one kind of change that would have to mend a pair, or "".
func (w *whatif) broken(need, offer *Profile) string {
	name := ""
	for _, c := range w.e.Check(need, offer, w.asker.Side, w.now) {
		if c.Truth != scene.No {
			continue
		}
		kind := kindOf(w.asker.Side, c.Name)
		if kind == "" || name != "" && name != kind {
			return ""
		}
		name = kind
	}
	return name
}

func (w *whatif) mending(kind string, need, offer *Profile) []ladder {
	base, code, _ := strings.Cut(kind, ":")
	switch base {
	case "":
		return nil
	case "mode":
		accept := offer.Wants.Modes
		if w.asker.Side == SideOffer {
			accept = need.Modes
		}
		var list []ladder
		for _, mode := range accept {
			list = append(list, single(kind+":"+mode, Move{Kind: base, Codes: []string{mode}}))
		}
		return list
	case "qualification":
		return []ladder{single(kind, Move{Kind: base, Codes: []string{code}})}
	case "domestic":
		return []ladder{single(kind, Move{Kind: base})}
	case "seat":
		return w.added(base, need.Require.Regions, one(offer.OrgRegion))
	case "region":
		return w.added(base, offer.Wants.Regions, need.Regions)
	}
	return []ladder{measured(base, w.asker)}
}

func kindsInOrder() []string {
	return []string{"budget", "price", "min_budget", "schedule", "maturity", "seat", "region", "mlps", "domestic", "qualification", "mode"}
}

// kindOf is the kind of change that mends a clause, "" where the side that asks
// cannot change it: where a listing lands or sits, whose it is, whether it is open.
func kindOf(asker Side, clause string) string {
	base, _, _ := strings.Cut(clause, ":")
	switch base {
	case "qualification", "domestic", "mlps", "maturity", "schedule", "mode":
		return clause
	case "seat":
		if asker == SideNeed {
			return base
		}
	case "region":
		if asker == SideOffer {
			return base
		}
	case "budget":
		if asker == SideOffer {
			return "price"
		}
		return base
	case "min_budget":
		if asker == SideNeed {
			return "budget" // a higher budget mends both
		}
		return base
	}
	return ""
}

func single(name string, m Move) ladder {
	return ladder{name: name, top: 1, at: func(int) Move { return m }}
}

// measured is the ladder of what is counted: money, months, levels.
func measured(kind string, p *Profile) ladder {
	l := ladder{name: kind}
	need := p.Side == SideNeed
	switch kind {
	case "budget":
		l.money(kind, p.Money.Max, 1)
	case "price":
		l.money(kind, p.Money.Min, -1)
	case "min_budget":
		l.money(kind, p.Wants.MinBudget, -1)
	case "schedule":
		if need {
			l.time(kind, p.Months.Max, 1)
		} else {
			l.time(kind, p.Months.Min, -1)
		}
	case "maturity":
		if need {
			l.level(kind, p.Require.MinMaturity, -1, min(levelsMoved, p.Require.MinMaturity-1))
		} else {
			l.level(kind, p.Maturity.Max, 1, min(levelsMoved, 9-p.Maturity.Max))
		}
	case "mlps":
		if need {
			l.level(kind, p.Require.MLPS, -1, p.Require.MLPS)
		} else {
			l.level(kind, p.MLPS, 1, 5-p.MLPS)
		}
	}
	return l
}

// money climbs by multiples of the grain to twice, or goes down to half, of
// what is. A rung that is no multiple away from the bound is not there.
func (l *ladder) money(kind string, from scene.Money, way int) {
	grain := moneyGrain
	if way > 0 {
		l.top = int((2*from)/grain - from/grain)
		l.at = func(k int) Move { return Move{Kind: kind, Fen: (from/grain + scene.Money(k)) * grain} }
		return
	}
	up := (from + grain - 1) / grain
	l.top = int(up - (from/2+grain-1)/grain)
	l.at = func(k int) Move { return Move{Kind: kind, Fen: (up - scene.Money(k)) * grain} }
}

func (l *ladder) time(kind string, from float64, way int) {
	if way > 0 {
		low := math.Floor(from * monthsPer)
		l.top = int(math.Floor(2*from*monthsPer) - low)
		l.at = func(k int) Move { return Move{Kind: kind, Months: (low + float64(k)) / monthsPer} }
		return
	}
	up := math.Ceil(from * monthsPer)
	l.top = int(up - math.Ceil(from*monthsPer/2))
	l.at = func(k int) Move { return Move{Kind: kind, Months: (up - float64(k)) / monthsPer} }
}

func (l *ladder) level(kind string, from, way, top int) {
	l.top = top
	l.at = func(k int) Move { return Move{Kind: kind, Level: from + way*k} }
}

// country is the code of the whole country in the dictionary of divisions.
const country = "100000"

// added lists a ladder of one rung for each division that might be added to a
// condition for the other side to lie in it: its city, its province, the country.
func (w *whatif) added(kind string, have []string, places []string) []ladder {
	var list []ladder
	for _, place := range places {
		for code := place; ; {
			t, _ := w.e.dicts.Term(scene.DictRegion, code)
			if code == country || t.Parent == country || t.Parent != "" && strings.HasSuffix(code, "00") {
				m := Move{Kind: kind, Codes: w.e.with(have, code)}
				list = append(list, ladder{name: kind + ":" + code, top: 1, tier: tierOf(t, code), at: func(int) Move { return m }})
			}
			if code == country {
				break
			}
			if code = t.Parent; code == "" {
				code = country // a division that no dictionary knows
			}
		}
	}
	slices.SortFunc(list, func(a, b ladder) int { return cmp.Compare(a.name, b.name) })
	return slices.CompactFunc(list, func(a, b ladder) bool { return a.name == b.name })
}

// tierOf is how wide a division is: a city 1, a province 2, the country 3.
func tierOf(t scene.Term, code string) int {
	switch {
	case code == country:
		return 3
	case t.Parent == country:
		return 2
	}
	return 1
}

// with adds a division to some and drops those that lie in it.
func (e *Engine) with(have []string, code string) []string {
	rest := slices.DeleteFunc(slices.Clone(have), func(h string) bool { return e.dicts.RegionContains(code, h) })
	return append(rest, code)
}

// moved returns the profile as it would be after a move. The texts and what was
// read from them stay.
func (e *Engine) moved(p *Profile, m Move) *Profile {
	c := *p
	if p.Side == SideNeed {
		c.moveNeed(m)
	} else {
		c.moveOffer(m)
	}
	return &c
}

func (p *Profile) moveNeed(m Move) {
	switch m.Kind {
	case "budget":
		p.Money.Max = m.Fen
	case "schedule":
		p.Months.Max = m.Months
	case "maturity":
		p.Require.MinMaturity = m.Level
	case "mlps":
		p.Require.MLPS = m.Level
	case "domestic":
		p.Require.Domestic = false
	case "seat":
		p.Require.Regions = m.Codes
	case "qualification":
		p.Require.Qualifications = slices.DeleteFunc(slices.Clone(p.Require.Qualifications), func(c string) bool {
			return slices.Contains(m.Codes, c)
		})
	case "mode":
		p.Modes = slices.Concat(p.Modes, m.Codes)
	}
}

// moveOffer: a single price or time moves whole, of a range the lower end. A
// level reached is the level from then on.
func (p *Profile) moveOffer(m Move) {
	switch m.Kind {
	case "price":
		if p.Money.Max == p.Money.Min {
			p.Money.Max = m.Fen
		}
		p.Money.Min = m.Fen
	case "min_budget":
		p.Wants.MinBudget = m.Fen
	case "schedule":
		if p.Months.Max == p.Months.Min {
			p.Months.Max = m.Months
		}
		p.Months.Min = m.Months
	case "maturity":
		p.Maturity = scene.Maturity{Min: m.Level, Max: m.Level}
	case "mlps":
		p.MLPS = m.Level
	case "domestic":
		p.Domestic = scene.Yes
	case "region":
		p.Wants.Regions = m.Codes
	case "qualification":
		p.Qualifications = slices.Concat(p.Qualifications, []scene.Qualification{{Code: m.Codes[0]}})
	case "mode":
		p.Wants.Modes = slices.Concat(p.Wants.Modes, m.Codes)
	}
}

// tell renders a change. p is the profile after it.
func (w *whatif) tell(c *Change, p *Profile) {
	var before, after float64
	c.From, before = w.value(c.Move, w.asker)
	c.To, after = w.value(c.Move, p)
	if before != 0 {
		c.Share = after/before - 1
	}
	key := "match.change." + string(p.Side) + "." + c.Kind
	if c.Kind == "mlps" && c.Level == 0 {
		key += ".none"
	}
	c.Text = locale.Text(w.lang, key, map[string]any{
		"from": c.From, "to": c.To, "share": percent(c.Share), "count": c.Admits,
	})
}

// value renders what a move of a kind changes as a profile has it, and gives
// amounts and times as numbers.
func (w *whatif) value(m Move, p *Profile) (string, float64) {
	need := p.Side == SideNeed
	show := func(t text2) string { return t(w.e, w.lang) }
	sum := func(v scene.Money) (string, float64) {
		return show(amount(scene.MoneyRange{Min: v, Max: v})), float64(v)
	}
	switch m.Kind {
	case "budget":
		return sum(p.Money.Max)
	case "price":
		return sum(p.Money.Min)
	case "min_budget":
		return sum(p.Wants.MinBudget)
	case "schedule":
		v := p.Months.Min
		if need {
			v = p.Months.Max
		}
		return show(months(scene.Months{Min: v, Max: v})), v
	case "maturity":
		level := p.Maturity.Max
		if need {
			level = p.Require.MinMaturity
		}
		return "TRL " + strconv.Itoa(level), 0
	case "mlps":
		level := p.MLPS
		if need {
			level = p.Require.MLPS
		}
		return show(grade(level)), 0
	case "seat":
		return show(labels(scene.DictRegion, p.Require.Regions)), 0
	case "region":
		return show(labels(scene.DictRegion, p.Wants.Regions)), 0
	}
	return w.coded(m, p), 0
}

// coded names the title or mode that a move is about: a need has a title before
// it waives it, all else is there after.
func (w *whatif) coded(m Move, p *Profile) string {
	dict := scene.DictMode
	if m.Kind == "qualification" {
		dict = scene.DictQualification
	}
	waived := m.Kind == "qualification" && p.Side == SideNeed
	if len(m.Codes) == 0 || waived != (p == w.asker) {
		return ""
	}
	return labels(dict, m.Codes)(w.e, w.lang)
}

// percent renders a share with its sign, rounded away from zero: who goes as
// far as told gets there.
func percent(share float64) string {
	n := int(math.Ceil(math.Abs(share)*100 - 1e-6))
	sign := "+"
	if share < 0 {
		sign = "−"
	}
	return sign + strconv.Itoa(n) + " %"
}
