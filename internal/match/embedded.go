package match

// Embedded holds the places of profiles in the space of an outside model, of
// unit length, what all have in common taken out. It is not changed after it
// was made and may be shared.
type Embedded map[*Profile]Vector

// EmbeddingShare is the weight of the part “embedding” where a model is
// configured; the others give way in proportion. It is set by hand.
const EmbeddingShare = 0.15

// NewEmbedded places profiles by the vectors that a model gave them, in the same
// order; nil for one that it was not asked about. The mean direction is taken
// out: texts of one catalogue lie close together in any such space.
func NewEmbedded(profiles []*Profile, vectors [][]float32) Embedded {
	var sum []float64
	for _, v := range vectors {
		if sum == nil && len(v) > 0 {
			sum = make([]float64, len(v))
		}
		if unit := unitOf(v); len(unit) == len(sum) {
			for d, x := range unit {
				sum[d] += x
			}
		}
	}
	shared := normalise(sum)
	placed := make(Embedded, len(profiles))
	for i, p := range profiles {
		unit := unitOf(vectors[i])
		if unit == nil || len(unit) != len(sum) {
			continue
		}
		if shared && len(profiles) >= commonLeast {
			along := 0.0
			for d, x := range unit {
				along += x * sum[d]
			}
			for d := range unit {
				unit[d] -= along * sum[d]
			}
		}
		if !normalise(unit) {
			continue
		}
		v := make(Vector, len(unit))
		for d, x := range unit {
			v[d] = float32(x)
		}
		placed[p] = v
	}
	return placed
}

// commonLeast is how many profiles have a direction in common worth the name.
const commonLeast = 20

func unitOf(v []float32) []float64 {
	out := make([]float64, len(v))
	for d, x := range v {
		out[d] = float64(x)
	}
	if len(out) == 0 || !normalise(out) {
		return nil
	}
	return out
}

// embedding is the cosine c of both places as (1+c)/2, neutral where one has none.
func (q *Query) embedding(offer *Profile) float64 {
	v := q.space.Embedded[offer]
	if len(v) == 0 || len(q.embedded) != len(v) {
		return neutral
	}
	return min(max((1+q.embedded.dot(v))/2, 0), 1)
}

// WithEmbedding gives the part “embedding” a share of the weights; the others
// give way in proportion. A set that weighs it already stays as it is.
func (w Weights) WithEmbedding(share float64) Weights {
	if w.Parts[partNames[partEmbedding]] > 0 {
		return w
	}
	parts := w.PartWeights()
	for i := range parts {
		parts[i] *= 1 - share
	}
	parts[partEmbedding] = share
	return w.WithParts(w.Name+"e", w.Origin, parts, Calibration{})
}
