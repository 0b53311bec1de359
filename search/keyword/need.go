package keyword

import (
	"jinghe/search"
	"jinghe/search/lexicon"
)

// Weights of the kinds of term in a need, measured on graded data. A pair counts
// less than a character because the characters of a pair count again by themselves.
const (
	weightNeedChar   = 1.0
	weightNeedBigram = 0.5
	weightNeedWord   = 0.6
	needSaturation   = 2.0 // how soon repetition within the need stops counting
)

// Distil weighs the terms of a need by their kind, by how often they occur and
// in which of its fields. Stop words are left out.
func Distil(lex *lexicon.Lexicon, n search.Need) map[string]float64 {
	weights := make(map[string]float64)
	kinds := make(map[string]lexicon.Kind)
	var tokens []lexicon.Token
	for _, f := range n.Fields {
		if f.Weight == 0 {
			continue
		}
		counts := make(map[string]float64)
		tokens = lex.AppendTokens(tokens[:0], f.Text)
		for _, t := range tokens {
			if !lex.Stop(t.Term) {
				counts[t.Term]++
				kinds[t.Term] = max(kinds[t.Term], t.Kind)
			}
		}
		for term, tf := range counts {
			weights[term] += f.Weight * tf * (1 + needSaturation) / (tf + needSaturation)
		}
	}
	for term, w := range weights {
		weights[term] = w * kindWeight(kinds[term])
	}
	return weights
}

func kindWeight(k lexicon.Kind) float64 {
	switch k {
	case lexicon.Char:
		return weightNeedChar
	case lexicon.Bigram:
		return weightNeedBigram
	}
	return weightNeedWord
}
