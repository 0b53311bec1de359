package match

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
)

// claimLeast is the score below which a sentence praises no figures: they were
// met by something else than what is needed.
const claimLeast = 0.3

// reason is one sentence: what both sides speak of, what fits besides, what is
// not met, and what is still open. met is the number of targets met.
func (q *Query) reason(offer *Profile, s Score, words []word, met int, gaps []Gap, lang locale.Lang) string {
	phrases := []string{q.topic(s, words, lang)}
	if s.Value < claimLeast {
		met = 0
	}
	fits := q.fits(offer, s, met, lang)
	phrases = append(phrases, fits[:min(len(fits), reasonFits)]...)
	if q.need.vague() {
		phrases = append([]string{locale.Text(lang, "match.reason.vague", nil)}, phrases...)
	}
	text := sentence(strings.Join(phrases, locale.Text(lang, "match.reason.comma", nil)))
	if missed := named(gaps, "unmet", lang); missed != "" {
		text += locale.Text(lang, "match.reason.unmet", map[string]any{"clauses": missed})
	}
	if open := named(gaps, "unknown", lang); open != "" {
		text += locale.Text(lang, "match.reason.open", map[string]any{"clauses": open})
	}
	return text + locale.Text(lang, "match.reason.stop", nil)
}

// sentence begins a text with a capital; its phrases have none of their own, whichever
// comes first.
func sentence(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// topic names the subjects that both sides speak of; words that name none (they
// come last) are no reason.
func (q *Query) topic(s Score, words []word, lang locale.Lang) string {
	if n := slices.IndexFunc(words, func(w word) bool { return w.dull }); n >= 0 {
		words = words[:n]
	}
	if len(words) == 0 {
		if s.values[partLatent] > 0.65 {
			return locale.Text(lang, "match.reason.latent", nil)
		}
		return locale.Text(lang, "match.reason.weak", nil)
	}
	var quoted []string
	for _, w := range words[:min(len(words), reasonWords)] {
		quoted = append(quoted, locale.Text(lang, "match.reason.quote", map[string]any{"word": w.text}))
	}
	separator := ""
	if lang == locale.En {
		separator = ", "
	}
	return locale.Text(lang, "match.reason.words", map[string]any{"words": strings.Join(quoted, separator)})
}

// fits names what fits besides the topic, at most one phrase a part.
func (q *Query) fits(offer *Profile, s Score, met int, lang locale.Lang) []string {
	e, n := q.engine, q.need
	var list []string
	if f := common(n.Fields, offer.Fields); f != "" {
		list = append(list, locale.Text(lang, "match.reason.field", map[string]any{
			"field": e.dicts.Label(scene.DictField, f, string(lang)),
		}))
	}
	if met > 0 {
		list = append(list, locale.Text(lang, "match.reason.indicators", map[string]any{"count": met}))
	}
	if withinBudget(n.Money, offer.Money) {
		list = append(list, locale.Text(lang, "match.reason.money", map[string]any{"price": amount(offer.Money)(e, lang)}))
	}
	if stage := offer.Maturity.Stage(); stage == "mature" {
		list = append(list, locale.Text(lang, "match.reason.mature", nil))
	}
	if offer.Cases > 0 {
		list = append(list, locale.Text(lang, "match.reason.cases", map[string]any{"count": offer.Cases}))
	}
	if len(n.Regions) > 0 && s.values[partPlace] == 1 {
		list = append(list, locale.Text(lang, "match.reason.place", nil))
	}
	return list
}

func common(a, b []string) string {
	for _, x := range a {
		if slices.Contains(b, x) {
			return x
		}
	}
	return ""
}

// withinBudget: even the highest price stays below the budget, and it looks
// like the price of the whole.
func withinBudget(budget, price scene.MoneyRange) bool {
	return price.Max > 0 && price.Max <= max(budget.Max, budget.Min) && !unitPrice(budget, price)
}

// named lists what the gaps of one status are about, the first of them.
func named(gaps []Gap, status string, lang locale.Lang) string {
	var names []string
	for _, g := range gaps {
		if len(names) == reasonGaps {
			break
		}
		if g.Status != status {
			continue
		}
		base, rest, _ := strings.Cut(g.Clause, ":")
		name := locale.Text(lang, "match.clause."+base, nil)
		if base == "indicator" && rest != "" {
			name = rest
		}
		if base == "qualification" && g.Want != "" {
			name = g.Want
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return join(names, lang)
}
