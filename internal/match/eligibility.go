package match

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
)

// Clause is one condition of a side, held against the facts of the other.
type Clause struct {
	Name  string // e.g. "budget", "region", "qualification:little_giant"
	Truth scene.Truth
	// Missing is the side that would have to state a fact, where Truth is Unknown.
	Missing Side
	have    text2
	want    text2
}

// text2 renders a value in a language, when a person reads it.
type text2 func(e *Engine, lang locale.Lang) string

// Check holds every stated condition of both sides against the other side at
// an instant. A condition that neither side states yields no clause. asker is
// the side that asked: its own listing need not be open.
func (e *Engine) Check(need, offer *Profile, asker Side, now time.Time) []Clause {
	c := checks{e: e, need: need, offer: offer, now: now}
	c.all(asker)
	return c.list
}

// Admits reports whether no condition of either side is known to be broken: that
// the [Verdict] of what [Engine.Check] returns is not No, told without the clauses.
func (e *Engine) Admits(need, offer *Profile, asker Side, now time.Time) bool {
	c := checks{e: e, need: need, offer: offer, now: now, bare: true}
	c.all(asker)
	return !c.broken
}

func (c *checks) all(asker Side) {
	c.open(asker)
	c.own()
	c.qualifications()
	c.seat()
	c.maturity()
	c.domestic()
	c.mlps()
	c.budget()
	c.schedule()
	c.serves()
	c.floor()
	c.modes()
}

// Verdict joins clauses: No if one is broken, Yes if all are met, else Unknown.
func Verdict(clauses []Clause) scene.Truth {
	t := scene.Yes
	for _, c := range clauses {
		t = t.And(c.Truth)
	}
	return t
}

type checks struct {
	e           *Engine
	need, offer *Profile
	now         time.Time
	list        []Clause
	// bare: only whether a condition is broken is asked, not how.
	bare, broken bool
}

// settled notes a clause of which nothing but its truth is asked.
func (c *checks) settled(t scene.Truth) bool {
	if c.bare && t == scene.No {
		c.broken = true
	}
	return c.bare
}

func (c *checks) add(name string, t scene.Truth, missing Side, have, want text2) {
	c.list = append(c.list, Clause{Name: name, Truth: t, Missing: missing, have: have, want: want})
}

func truth(ok bool) scene.Truth {
	if ok {
		return scene.Yes
	}
	return scene.No
}

func (c *checks) open(asker Side) {
	p := c.offer
	if asker == SideOffer {
		p = c.need
	}
	if !p.Open(c.now) && !c.settled(scene.No) {
		c.add("open", scene.No, p.Side, message("match.value.not_open"), message("match.value.open"))
	}
}

// own keeps an organisation from being offered to itself.
func (c *checks) own() {
	if c.need.Org != "" && c.need.Org == c.offer.Org && !c.settled(scene.No) {
		c.add("own", scene.No, SideOffer, literal(c.offer.Ref.Org), message("match.value.other_org"))
	}
}

func (c *checks) qualifications() {
	for _, code := range c.need.Require.Qualifications {
		if t := c.holds(code); !c.settled(t) {
			c.add("qualification:"+code, t, SideOffer, held(c.offer), label(scene.DictQualification, code))
		}
	}
}

// holds: a list of titles is rarely complete, so that one it lacks is not told
// rather than not held. Known to be missing is a title that ran out, and one of
// which the provider states a lower grade. A narrower title implies the broader.
func (c *checks) holds(code string) scene.Truth {
	t := scene.Unknown
	for _, q := range c.offer.Qualifications {
		switch valid := q.Until.IsZero() || !c.now.After(q.Until.AddDate(0, 0, 1)); {
		case q.Code == "":
		case c.lower(q, code):
			t = scene.No
		case !c.e.dicts.Within(scene.DictQualification, q.Code, code):
		case valid:
			return scene.Yes
		default:
			t = scene.No
		}
	}
	return t
}

// lower reports whether a title held is a lower grade of the one wanted: a step
// below it on one ladder (CMMI 3 of CMMI 5), or the same or the broader title
// from a lower level of government. The broader title alone (“CMMI”) does not say.
func (c *checks) lower(q scene.Qualification, code string) bool {
	within := func(inner, outer string) bool { return c.e.dicts.Within(scene.DictQualification, inner, outer) }
	if !within(code, q.Code) {
		return false
	}
	held, _ := c.e.dicts.Term(scene.DictQualification, q.Code)
	want, _ := c.e.dicts.Term(scene.DictQualification, code)
	local := q.Level == "provincial" || q.Level == "municipal"
	return want.Level == "national" && local || q.Code != code && held.Parent != ""
}

func held(offer *Profile) text2 {
	return func(e *Engine, lang locale.Lang) string {
		var names []string
		for _, q := range offer.Qualifications {
			name := q.Text
			if q.Code != "" {
				name = e.dicts.Label(scene.DictQualification, q.Code, string(lang))
			}
			if name != "" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		return join(names, lang)
	}
}

// seat: where the provider has to sit. Known to sit in the province only, it may
// sit in the city.
func (c *checks) seat() {
	want := c.need.Require.Regions
	if len(want) == 0 {
		return
	}
	t := scene.Unknown
	if c.offer.OrgRegion != "" {
		t = c.lies(want, c.offer.OrgRegion)
	}
	if c.settled(t) {
		return
	}
	c.add("seat", t, SideOffer, labels(scene.DictRegion, one(c.offer.OrgRegion)), labels(scene.DictRegion, want))
}

// lies: a division lies in one of the outer ones, or apart from all of them;
// one that is wider than they are does not say.
func (c *checks) lies(outer []string, division string) scene.Truth {
	switch {
	case c.e.inAny(outer, division):
		return scene.Yes
	case slices.ContainsFunc(outer, func(o string) bool { return c.e.dicts.RegionContains(division, o) }):
		return scene.Unknown
	}
	return scene.No
}

func (e *Engine) inAny(outer []string, inner string) bool {
	return slices.ContainsFunc(outer, func(o string) bool { return e.dicts.RegionContains(o, inner) })
}

func (c *checks) maturity() {
	least := c.need.Require.MinMaturity
	if least == 0 {
		return
	}
	t, m := scene.Unknown, c.offer.Maturity
	switch {
	case !m.Known():
	case m.Max < least:
		t = scene.No
	case m.Min >= least:
		t = scene.Yes
	}
	if c.settled(t) {
		return
	}
	c.add("maturity", t, SideOffer, levels(m), levels(scene.Maturity{Min: least, Max: 9}))
}

func (c *checks) domestic() {
	if c.need.Require.Domestic && !c.settled(c.offer.Domestic) {
		c.add("domestic", c.offer.Domestic, SideOffer, yesNo(c.offer.Domestic), yesNo(scene.Yes))
	}
}

func (c *checks) mlps() {
	least := c.need.Require.MLPS
	if least == 0 {
		return
	}
	t := scene.Unknown
	if c.offer.MLPS > 0 {
		t = truth(c.offer.MLPS >= least)
	}
	if c.settled(t) {
		return
	}
	c.add("mlps", t, SideOffer, grade(c.offer.MLPS), grade(least))
}

// budget: the least price must not pass the highest budget.
func (c *checks) budget() {
	budget, price := c.need.Money, c.offer.Money
	if !budget.Known() {
		return // a price alone is no condition
	}
	t, missing := scene.Unknown, SideOffer
	switch {
	case budget.Max == 0:
		missing = SideNeed
		if !price.Known() {
			missing = SideOffer
		}
		if price.Known() && budget.Min > 0 && price.Max > 0 && price.Max <= budget.Min {
			t = scene.Yes
		}
	case price.Min > budget.Max:
		t = scene.No
	case price.Min > 0 || price.Max > 0 && price.Max <= budget.Max:
		t = scene.Yes
	}
	if c.settled(t) {
		return
	}
	c.add("budget", t, missing, amount(price), amount(budget))
	if t == scene.Yes && unitPrice(budget, price) {
		c.add("price_basis", scene.Unknown, SideOffer, amount(price), amount(budget))
	}
}

// unitShare is the share of a budget below which a price looks like that of one
// piece, one point or one year rather than of the whole.
const unitShare = 0.05

// unitPrice reports whether a price is so far below a budget that both can
// hardly be of the same scope.
func unitPrice(budget, price scene.MoneyRange) bool {
	least := budget.Min
	if least == 0 {
		least = budget.Max
	}
	top := max(price.Max, price.Min)
	return top > 0 && float64(top) < unitShare*float64(least)
}

// schedule: the shortest delivery must not pass the longest wait.
func (c *checks) schedule() {
	wait, takes := c.need.Months, c.offer.Months
	if !wait.Known() {
		return // a delivery time alone is no condition
	}
	t, missing := scene.Unknown, SideOffer
	switch {
	case wait.Max == 0:
		if takes.Known() {
			missing = SideNeed
		}
	case takes.Min > wait.Max:
		t = scene.No
	case takes.Min > 0 || takes.Max > 0 && takes.Max <= wait.Max:
		t = scene.Yes
	}
	if c.settled(t) {
		return
	}
	c.add("schedule", t, missing, months(takes), months(wait))
}

// serves: the provider goes to these divisions only.
func (c *checks) serves() {
	only := c.offer.Wants.Regions
	if len(only) == 0 {
		return
	}
	t := scene.Unknown
	if len(c.need.Regions) > 0 {
		t = scene.No
		for _, r := range c.need.Regions { // going to one of them is enough
			t = max(t, c.lies(only, r))
		}
	}
	if c.settled(t) {
		return
	}
	c.add("region", t, SideNeed, labels(scene.DictRegion, only), labels(scene.DictRegion, c.need.Regions))
}

// floor: the provider does not start below an amount.
func (c *checks) floor() {
	least := c.offer.Wants.MinBudget
	if least == 0 {
		return
	}
	t, budget := scene.Unknown, c.need.Money
	switch {
	case budget.Max > 0 && budget.Max < least:
		t = scene.No
	case budget.Min >= least || budget.Max >= least:
		t = scene.Yes
	}
	if c.settled(t) {
		return
	}
	c.add("min_budget", t, SideNeed, amount(scene.MoneyRange{Min: least}), amount(budget))
}

func (c *checks) modes() {
	only := c.offer.Wants.Modes
	if len(only) == 0 {
		return
	}
	t := scene.Unknown
	if len(c.need.Modes) > 0 {
		t = truth(slices.ContainsFunc(c.need.Modes, func(m string) bool { return slices.Contains(only, m) }))
	}
	if c.settled(t) {
		return
	}
	c.add("mode", t, SideNeed, labels(scene.DictMode, only), labels(scene.DictMode, c.need.Modes))
}

// Values as people read them.

func message(key string) text2 {
	return func(_ *Engine, lang locale.Lang) string { return locale.Text(lang, key, nil) }
}

func literal(s string) text2 { return func(*Engine, locale.Lang) string { return s } }

func label(dict, code string) text2 { return labels(dict, []string{code}) }

func labels(dict string, codes []string) text2 {
	return func(e *Engine, lang locale.Lang) string {
		names := make([]string, 0, len(codes))
		for _, code := range codes {
			names = append(names, e.dicts.Label(dict, code, string(lang)))
		}
		return join(names, lang)
	}
}

func one(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

func join(names []string, lang locale.Lang) string {
	if lang == locale.En {
		return strings.Join(names, ", ")
	}
	return strings.Join(names, "、")
}

func yesNo(t scene.Truth) text2 {
	if t == scene.Unknown {
		return literal("")
	}
	return message("match.value." + t.String())
}

func levels(m scene.Maturity) text2 {
	switch {
	case !m.Known():
		return literal("")
	case m.Min == m.Max:
		return literal("TRL " + strconv.Itoa(m.Min))
	}
	return literal("TRL " + strconv.Itoa(m.Min) + "–" + strconv.Itoa(m.Max))
}

func grade(n int) text2 {
	if n == 0 {
		return literal("")
	}
	return func(_ *Engine, lang locale.Lang) string {
		return locale.Text(lang, "match.value.mlps", map[string]any{"level": n})
	}
}

func amount(r scene.MoneyRange) text2 {
	return func(_ *Engine, lang locale.Lang) string {
		args := map[string]any{"min": r.Min.Wan(), "max": r.Max.Wan()}
		switch {
		case !r.Known() && r.Negotiable:
			return locale.Text(lang, "match.value.negotiable", nil)
		case !r.Known():
			return ""
		case r.Max == 0:
			return locale.Text(lang, "match.value.money_from", args)
		case r.Min == 0:
			return locale.Text(lang, "match.value.money_to", args)
		case r.Min == r.Max:
			return locale.Text(lang, "match.value.money", args)
		}
		return locale.Text(lang, "match.value.money_range", args)
	}
}

func months(m scene.Months) text2 {
	return func(_ *Engine, lang locale.Lang) string {
		args := map[string]any{"min": number(m.Min), "max": number(m.Max)}
		switch {
		case !m.Known():
			return ""
		case m.Max == 0:
			return locale.Text(lang, "match.value.months_from", args)
		case m.Min == 0:
			return locale.Text(lang, "match.value.months_to", args)
		case m.Min == m.Max:
			return locale.Text(lang, "match.value.months", args)
		}
		return locale.Text(lang, "match.value.months_range", args)
	}
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
