package match

import (
	"math"
	"slices"
)

// Values returns the values of the parts, in the order of [PartNames].
func (s *Score) Values() []float64 { return slices.Clone(s.values[:]) }

// PartWeights returns the weights of the parts, in the order of [PartNames].
func (w Weights) PartWeights() []float64 {
	out := make([]float64, partCount)
	for i, name := range partNames {
		out[i] = w.Parts[name]
	}
	return out
}

// WithParts returns the set under another name and origin, with other weights
// of its parts, in the order of [PartNames]. They are not negative; they are
// scaled to the sum 1 and rounded to a ten-thousandth, so that a person can
// read them. A calibration with a slope of 0 leaves that of the set.
func (w Weights) WithParts(name, origin string, parts []float64, c Calibration) Weights {
	out := w
	out.Name, out.Origin, out.Parts = name, origin, make(map[string]float64, partCount)
	sum, left, largest := 0.0, 10_000, 0
	for _, x := range parts {
		sum += x
	}
	units := make([]int, partCount)
	for i := range units {
		units[i] = int(math.Round(10_000 * parts[i] / sum))
		left -= units[i]
		if units[i] > units[largest] {
			largest = i
		}
	}
	units[largest] += left
	for i, n := range partNames {
		out.Parts[n] = float64(units[i]) / 10_000
	}
	if c.Slope > 0 {
		out.Calibration = c
	}
	return out
}
