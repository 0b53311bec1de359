package match

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/search/lexicon"
)

const (
	shownWords    = 6 // matched words given as evidence
	reasonWords   = 3 // of which the sentence names the weightiest
	reasonFits    = 3 // what fits besides, told in the sentence
	reasonGaps    = 2 // open questions that the sentence names
	evidenceRunes = 60
)

// Explain renders a scored pair as data: from the side that asks the
// counterpart is the offer, and Match.Offer names it. clauses come from
// [Engine.Check].
func (q *Query) Explain(offer *Profile, s Score, clauses []Clause, lang locale.Lang) Match {
	words := q.matched(offer)
	compared := q.comparisons(offer, s.values[partTerms])
	m := Match{
		Offer: offer.Ref, Score: s.Value, Raw: s.Raw,
		Eligible: eligible(clauses), Reciprocal: s.Reciprocal,
		Gaps: q.engine.gaps(clauses, scene.Unknown, lang),
	}
	m.Gaps = append(m.Gaps, indicatorGaps(compared, lang)...)
	for i := range partCount {
		if i == partEmbedding && q.engine.parts[i] == 0 {
			continue // no model is configured
		}
		m.Parts = append(m.Parts, Part{
			Name: partNames[i], Value: s.values[i], Weight: q.engine.parts[i],
			Contribution: q.engine.parts[i] * s.values[i],
			Evidence:     q.evidence(i, offer, words, compared),
		})
	}
	m.Reason = q.reason(offer, s, words, metIndicators(compared), m.Gaps, lang)
	return m
}

// Exclude renders why a pair was taken out: the clauses known to be broken.
func (e *Engine) Exclude(offer Ref, clauses []Clause, lang locale.Lang) Exclusion {
	return Exclusion{Offer: offer, Clauses: e.gaps(clauses, scene.No, lang)}
}

func eligible(clauses []Clause) string {
	if Verdict(clauses) == scene.Yes {
		return "yes"
	}
	return "unknown"
}

// word is a word of the need that the offer holds too.
type word struct {
	text   string // as the need writes it
	weight float64
	dull   bool
	need   Evidence
	offer  Evidence
}

// needWord is a word of the need worth showing, with where it stands.
type needWord struct {
	folded string
	terms  []term
	alike  []string // other words for it, folded
	weight float64
	dull   bool // names no subject
	at     Evidence
}

// words cuts the need into words: those that name a subject first, and of
// either sort the weightiest, which are rare or stand in the title.
func (q *Query) words() []needWord {
	q.once.Do(func() {
		seen := map[string]bool{}
		for i, t := range q.need.Texts {
			q.cut = q.cutText(q.cut, seen, t, i == 0)
		}
		slices.SortStableFunc(q.cut, func(a, b needWord) int {
			switch {
			case a.dull != b.dull:
				if b.dull {
					return -1
				}
				return 1
			case a.weight > b.weight:
				return -1
			case a.weight < b.weight:
				return 1
			}
			return 0
		})
	})
	return q.cut
}

func (q *Query) cutText(list []needWord, seen map[string]bool, t Text, title bool) []needWord {
	lex := q.engine.lex
	runes := []rune(t.Value)
	for _, w := range lex.Words(t.Value) {
		if w.End-w.Start < 2 || seen[w.Term] || w.Kind == lexicon.Number || lex.Stop(w.Term) || q.engine.filler[w.Term] || w.End > len(runes) {
			continue
		}
		seen[w.Term] = true
		terms, _ := appendTerms(nil, []rune(w.Term))
		weight, n := 0.0, 0
		for _, id := range terms {
			if id&kindMask != kindChar {
				weight += q.space.Terms.idf(id)
				n++
			}
		}
		if n == 0 {
			continue
		}
		weight /= math.Sqrt(float64(n)) // a longer word says more, not in proportion
		if !title {
			weight *= 0.6
		}
		list = append(list, needWord{
			folded: w.Term, terms: terms, alike: lex.Synonyms(w.Term), weight: weight, dull: q.engine.dull(w.Term),
			at: Evidence{Side: string(SideNeed), Field: t.Field, Start: w.Start, End: w.End, Text: string(runes[w.Start:w.End])},
		})
	}
	return list
}

// matched lists the weightiest words of the need that the offer's text holds.
func (q *Query) matched(offer *Profile) []word {
	var found []word
	var folded []string
	for _, w := range q.words() {
		if len(found) == shownWords {
			break
		}
		written := !slices.ContainsFunc(w.terms, func(t term) bool { return !offer.bag.has(t) })
		if !written && len(w.alike) == 0 {
			continue
		}
		if folded == nil {
			for _, t := range offer.Texts {
				folded = append(folded, q.engine.lex.Fold(t.Value))
			}
		}
		if covered(found, w.at) {
			continue
		}
		if at, ok := find(offer.Texts, folded, w.folded); ok {
			found = append(found, word{text: w.at.Text, weight: w.weight, dull: w.dull, need: w.at, offer: at})
			continue
		}
		for _, s := range w.alike {
			if at, ok := find(offer.Texts, folded, s); ok {
				found = append(found, word{text: w.at.Text + "≈" + at.Text, weight: w.weight, dull: w.dull, need: w.at, offer: at})
				break
			}
		}
	}
	return found
}

// covered reports whether a word found already contains the text of another, or
// is part of it: the second would say the same again.
func covered(found []word, e Evidence) bool {
	return slices.ContainsFunc(found, func(w word) bool {
		return strings.Contains(w.need.Text, e.Text) || strings.Contains(e.Text, w.need.Text)
	})
}

func find(texts []Text, folded []string, w string) (Evidence, bool) {
	for i, f := range folded {
		at := strings.Index(f, w)
		if at < 0 {
			continue
		}
		start := utf8.RuneCountInString(f[:at])
		end := start + utf8.RuneCountInString(w)
		runes := []rune(texts[i].Value)
		if end > len(runes) {
			continue
		}
		return Evidence{
			Side: string(SideOffer), Field: texts[i].Field, Start: start, End: end,
			Text: string(runes[start:end]),
		}, true
	}
	return Evidence{}, false
}

// evidence gives what supports a part.
func (q *Query) evidence(part int, offer *Profile, words []word, compared []comparison) []Evidence {
	list := []Evidence{}
	switch part {
	case partTerms:
		for _, w := range words {
			list = append(list, w.need, w.offer)
		}
	case partIndicators:
		for _, c := range compared {
			if c.offer != nil {
				list = append(list, q.need.indicatorEvidence(c.need), offer.indicatorEvidence(c.offer))
			}
		}
	case partRecord:
		if offer.Cases > 0 || offer.FirstOfKind {
			list = append(list, titleEvidence(offer))
		}
	}
	return list
}

func titleEvidence(p *Profile) Evidence {
	runes := []rune(p.Texts[0].Value)
	n := min(len(runes), evidenceRunes)
	return Evidence{Side: string(p.Side), Field: p.Texts[0].Field, End: n, Text: string(runes[:n])}
}

// gaps renders the clauses of one truth value.
func (e *Engine) gaps(clauses []Clause, of scene.Truth, lang locale.Lang) []Gap {
	list := []Gap{}
	for _, c := range clauses {
		if c.Truth != of {
			continue
		}
		g := Gap{Clause: c.Name, Status: "unmet", Have: c.have(e, lang), Want: c.want(e, lang)}
		base, _, _ := strings.Cut(c.Name, ":")
		advice := "match.advice." + base + ".unmet"
		if of == scene.Unknown {
			g.Status = "unknown"
			advice = "match.advice." + base + "." + string(c.Missing)
		}
		g.Advice = locale.Text(lang, advice, map[string]any{"have": g.Have, "want": g.Want})
		list = append(list, g)
	}
	return list
}
