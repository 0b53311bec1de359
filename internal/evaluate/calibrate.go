package evaluate

import (
	"cmp"
	"hash/fnv"
	"math"
	"slices"
)

// Point is a judged pair: its raw score, whether people graded it good, and
// the topic it belongs to.
type Point struct {
	Raw   float64
	Good  bool
	Group string
}

// Logistic is P(good) = 1/(1+exp(−(Slope·raw + Intercept))).
type Logistic struct {
	Slope     float64 `json:"slope"`
	Intercept float64 `json:"intercept"`
}

// At is the probability at a raw score.
func (l Logistic) At(raw float64) float64 { return 1 / (1 + math.Exp(-(l.Slope*raw + l.Intercept))) }

const (
	newtonRounds = 50
	calibrations = 10 // bins of the calibration error
)

// FitLogistic fits by maximum likelihood (Newton's method with a little ridge,
// so that separable points stay finite).
func FitLogistic(points []Point) Logistic {
	const ridge = 1e-4
	var l Logistic
	for range newtonRounds {
		var g0, g1, h00, h01, h11 float64
		for _, p := range points {
			y := 0.0
			if p.Good {
				y = 1
			}
			q := l.At(p.Raw)
			w := q * (1 - q)
			g0 += y - q
			g1 += (y - q) * p.Raw
			h00 += w
			h01 += w * p.Raw
			h11 += w * p.Raw * p.Raw
		}
		g0, g1 = g0-ridge*l.Intercept, g1-ridge*l.Slope
		h00, h11 = h00+ridge, h11+ridge
		det := h00*h11 - h01*h01
		d0, d1 := (h11*g0-h01*g1)/det, (h00*g1-h01*g0)/det
		l.Intercept, l.Slope = l.Intercept+d0, l.Slope+d1
		if math.Abs(d0)+math.Abs(d1) < 1e-9 {
			break
		}
	}
	return l
}

// CalibrationError fits on all groups but a fold's, predicts that fold, and
// returns the expected calibration error over ten equally filled bins: the
// mean distance between what was said and what was so, on unseen topics.
func CalibrationError(points []Point, folds int) float64 {
	type said struct {
		p    float64
		good bool
	}
	var all []said
	for fold := range folds {
		var train []Point
		for _, p := range points {
			if foldOf(p.Group, folds) != fold {
				train = append(train, p)
			}
		}
		l := FitLogistic(train)
		for _, p := range points {
			if foldOf(p.Group, folds) == fold {
				all = append(all, said{l.At(p.Raw), p.Good})
			}
		}
	}
	slices.SortFunc(all, func(a, b said) int { return cmp.Compare(a.p, b.p) })
	total := 0.0
	for b := range calibrations {
		bin := all[b*len(all)/calibrations : (b+1)*len(all)/calibrations]
		gap := 0.0
		for _, s := range bin {
			gap += s.p
			if s.good {
				gap--
			}
		}
		total += math.Abs(gap)
	}
	return total / float64(max(len(all), 1))
}

// foldOf puts a group into a fold by a hash of its name, the same every time.
func foldOf(group string, folds int) int {
	h := fnv.New32a()
	h.Write([]byte(group))
	return int(h.Sum32() % uint32(folds))
}
