package match

import (
	"slices"
	"strings"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
)

// reason is one sentence: what both sides speak of, what fits besides, and
// what is still open.
func (q *Query) reason(offer *Profile, s Score, words []word, gaps []Gap, lang locale.Lang) string {
	phrases := []string{q.topic(s, words, lang)}
	fits := q.fits(offer, s, lang)
	phrases = append(phrases, fits[:min(len(fits), reasonFits)]...)
	text := strings.Join(phrases, locale.Text(lang, "match.reason.comma", nil))
	if open := openQuestions(gaps, lang); open != "" {
		text += locale.Text(lang, "match.reason.open", map[string]any{"clauses": open})
	}
	return text + locale.Text(lang, "match.reason.stop", nil)
}

func (q *Query) topic(s Score, words []word, lang locale.Lang) string {
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
func (q *Query) fits(offer *Profile, s Score, lang locale.Lang) []string {
	e, n := q.engine, q.need
	var list []string
	if f := common(n.Fields, offer.Fields); f != "" {
		list = append(list, locale.Text(lang, "match.reason.field", map[string]any{
			"field": e.dicts.Label(scene.DictField, f, string(lang)),
		}))
	}
	if met := metIndicators(n.Indicators, offer.Indicators); met > 0 {
		list = append(list, locale.Text(lang, "match.reason.indicators", map[string]any{"count": met}))
	}
	if s.values[partMoney] == 1 {
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

func openQuestions(gaps []Gap, lang locale.Lang) string {
	var names []string
	for _, g := range gaps {
		if len(names) == reasonGaps {
			break
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
