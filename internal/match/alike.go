package match

import (
	"slices"
	"strings"
)

// alike returns the terms of the words that mean the same as those of a need's
// title and body, by the lexicon; words that the text has anyway are left out.
func (e *Engine) alike(title, body string) bag {
	return newBag([]rune(e.synonymsIn(title)), []rune(e.synonymsIn(body)))
}

// synonymsIn returns the synonyms of the words of a folded text, a line each.
func (e *Engine) synonymsIn(text string) string {
	var found []string
	for _, w := range e.lex.Words(text) {
		for _, s := range e.lex.Synonyms(w.Term) {
			if !slices.Contains(found, s) && !strings.Contains(text, s) {
				found = append(found, s)
			}
		}
	}
	return strings.Join(found, "\n")
}

// widen adds what synonyms are worth to the words of a field. The best score
// stays that of the need's own words: a synonym answers the same wish, it is
// not one more.
func (w *weighted) widen(alike weighted, share float64) {
	if len(alike.terms) == 0 || share == 0 {
		return
	}
	terms := make([]term, 0, len(w.terms)+len(alike.terms))
	weight := make([]float64, 0, cap(terms))
	for i, j := 0, 0; i < len(w.terms) || j < len(alike.terms); {
		switch {
		case j == len(alike.terms) || i < len(w.terms) && w.terms[i] <= alike.terms[j]:
			if j < len(alike.terms) && w.terms[i] == alike.terms[j] {
				j++ // its own word counts in full
			}
			terms, weight = append(terms, w.terms[i]), append(weight, w.weight[i])
			i++
		default:
			terms, weight = append(terms, alike.terms[j]), append(weight, share*alike.weight[j])
			j++
		}
	}
	w.terms, w.weight = terms, weight
}
