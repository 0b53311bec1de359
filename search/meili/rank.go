package meili

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"jinghe/search"
	"jinghe/search/keyword"
	"jinghe/search/lexicon"
)

// scorer computes BM25F as search/embedded does, from the texts of documents:
// occurrences are weighted and normalised by field length, added up over the
// fields, and saturated once.
type scorer struct {
	schema   search.Schema
	lex      *lexicon.Lexicon
	averages []float64
	docs     int

	counts map[string][]float64 // of the document at work: term → occurrences by field
	plain  []string             // terms of Han characters only, found without segmentation
	mixed  map[string]bool      // terms that need it
	sounds bool                 // some term is a sound
	tokens []lexicon.Token
	sound  []byte
}

func newScorer(s search.Schema, lex *lexicon.Lexicon, averages []float64, docs int, terms []string) *scorer {
	sc := &scorer{schema: s, lex: lex, averages: averages, docs: docs, counts: make(map[string][]float64), mixed: make(map[string]bool)}
	for _, t := range terms {
		if sc.counts[t] != nil {
			continue
		}
		sc.counts[t] = make([]float64, len(s.Text))
		switch {
		case isSound(t):
			sc.sounds = true
		case strings.ContainsFunc(t, func(r rune) bool { return r < utf8.RuneSelf }):
			sc.mixed[t] = true
		default:
			sc.plain = append(sc.plain, t)
		}
	}
	return sc
}

// look counts the terms in a document.
func (sc *scorer) look(texts []string) {
	for _, c := range sc.counts {
		clear(c)
	}
	for f, text := range texts {
		if text == "" {
			continue
		}
		folded := sc.lex.Fold(text)
		for _, t := range sc.plain {
			sc.counts[t][f] = occurrences(folded, t)
		}
		sounds := sc.sounds && sc.schema.Text[f].Pinyin
		if len(sc.mixed) == 0 && !sounds {
			continue
		}
		sc.tokens = sc.lex.AppendTokens(sc.tokens[:0], text)
		for _, t := range sc.tokens {
			if sc.mixed[t.Term] {
				sc.counts[t.Term][f]++
			}
		}
		if sounds {
			sc.sound = keyword.EachSound(sc.lex, text, sc.tokens, sc.sound, func(term []byte) {
				if c := sc.counts[string(term)]; c != nil {
					c[f]++
				}
			})
		}
	}
}

// occurrences counts a term of Han characters, which is indexed wherever it stands.
func occurrences(folded, term string) (n float64) {
	_, first := utf8.DecodeRuneInString(term)
	for {
		at := strings.Index(folded, term)
		if at < 0 {
			return n
		}
		n++
		folded = folded[at+first:]
	}
}

// of scores a term in the document looked at.
func (sc *scorer) of(t keyword.Term, lengths []float64) float64 {
	var w float64
	for f, n := range sc.counts[t.Text] {
		if n > 0 {
			w += sc.schema.Text[f].Weight * n / (1 - keyword.LengthNorm + keyword.LengthNorm*lengths[f]/sc.averages[f])
		}
	}
	if w == 0 {
		return 0
	}
	return keyword.IDF(sc.docs, t.Docs) * (keyword.Saturation + 1) * t.Weight * w / (w + keyword.Saturation)
}

// unit scores the alternative that fits the document looked at best.
func (sc *scorer) unit(u keyword.Unit, lengths []float64) (best float64) {
	for _, a := range u.Alternatives {
		sum := 0.0
		for _, t := range a.Terms {
			score := sc.of(t, lengths)
			if score == 0 {
				sum = 0
				break
			}
			sum += score
		}
		best = max(best, sum)
	}
	return best
}

// rank scores what the server found first and puts it in order; the rest stays
// behind it as it came.
func (r *run) rank(ctx context.Context, hits []hit) error {
	if r.query.Offset >= ranked || len(hits) == 0 {
		return nil
	}
	averages, err := r.ix.lengths.of(ctx, r.ix)
	if err != nil {
		return err
	}
	var terms []string
	for _, u := range r.keywords.Units {
		for _, a := range u.Alternatives {
			for _, t := range a.Terms {
				terms = append(terms, t.Text)
			}
		}
	}
	for _, t := range r.keywords.Bonus {
		terms = append(terms, t.Text)
	}
	sc := newScorer(r.ix.schema, r.lex, averages, r.inquiry.docs, terms)
	hits = hits[:min(ranked, len(hits))]
	for i := range hits {
		h := &hits[i]
		if len(h.lengths) != len(r.ix.schema.Text) {
			h.lengths = averages
		}
		sc.look(h.texts)
		for _, u := range r.keywords.Units {
			h.score += sc.unit(u, h.lengths)
		}
		for _, t := range r.keywords.Bonus {
			h.score += sc.of(t, h.lengths)
		}
	}
	slices.SortFunc(hits, byScore)
	return nil
}

// byScore puts the higher score first, then the lower ID.
func byScore(a, b hit) int {
	return cmp.Or(cmp.Compare(b.score, a.score), strings.Compare(a.id, b.id))
}
