package embedded

import (
	"jinghe/search"
	"jinghe/search/keyword"
)

const (
	saturation = keyword.Saturation
	lengthNorm = keyword.LengthNorm
)

// scorer computes BM25F (Robertson, Zaragoza, Taylor 2004): occurrences are
// weighted and normalised by field length, added up over the fields, and
// saturated once:
//
//	w = Σ_f weight_f · tf_f / (1 − b + b · length_f / average_f)
//	score = idf · (k1 + 1) · w / (k1 + w)
//
// Averages are those of the view at the time of the query, so that the score
// of a document does not depend on how it came into the index.
type scorer struct {
	weight []float32
	slope  []float32 // b / average
}

func newScorer(s search.Schema, v *view) scorer {
	sc := scorer{weight: make([]float32, len(s.Text)), slope: make([]float32, len(s.Text))}
	for f, average := range v.averages() {
		sc.weight[f] = float32(s.Text[f].Weight)
		sc.slope[f] = float32(lengthNorm / average)
	}
	return sc
}

// of scores one posting; factor is idf · (k1 + 1) · the weight of the query's term.
func (sc *scorer) of(x *inverted, p posting, factor float32) float32 {
	counts := &x.patterns[p.pattern]
	if f := x.single[p.pattern]; f >= 0 {
		w := sc.weight[f] * float32(counts[f])
		norm := (1 - lengthNorm) + sc.slope[f]*float32(x.lengths[f][p.doc])
		return factor * w / (w + saturation*norm)
	}
	var w float32
	for f, weight := range sc.weight {
		if counts[f] > 0 {
			norm := (1 - lengthNorm) + sc.slope[f]*float32(x.lengths[f][p.doc])
			w += weight * float32(counts[f]) / norm
		}
	}
	return factor * w / (w + saturation)
}

// addAll adds the scores of a list of postings to sums, by document. It is of,
// laid out for the longest loop there is.
func (sc *scorer) addAll(sums []float32, x *inverted, posts []posting, factor float32) {
	for _, p := range posts {
		f := x.single[p.pattern]
		if f < 0 {
			sums[p.doc] += sc.of(x, p, factor)
			continue
		}
		w := sc.weight[f] * float32(x.patterns[p.pattern][f])
		norm := (1 - lengthNorm) + sc.slope[f]*float32(x.lengths[f][p.doc])
		sums[p.doc] += factor * w / (w + saturation*norm)
	}
}
