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
	for _, w := range new(Tally).Weigh(lex, n) {
		weights[w.Term] = w.Weight
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
