package evaluate

import (
	"math/rand/v2"
	"sort"
)

// Interval is a mean with its 95 % percentile bootstrap interval.
type Interval struct {
	Mean float64 `json:"mean"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
	// N is the number of topics that had a value.
	N int `json:"n"`
}

const bootstrapRounds = 2000

// Bootstrap returns the mean of values and the interval of 2,000 resamples
// drawn from a generator of the given seed. No values give the zero Interval.
func Bootstrap(values []float64, seed uint64) Interval {
	if len(values) == 0 {
		return Interval{}
	}
	random := rand.New(rand.NewPCG(seed, 0x6a69_6e67_6865))
	means := make([]float64, bootstrapRounds)
	for i := range means {
		sum := 0.0
		for range values {
			sum += values[random.IntN(len(values))]
		}
		means[i] = sum / float64(len(values))
	}
	sort.Float64s(means)
	return Interval{
		Mean: mean(values), N: len(values),
		Low: means[bootstrapRounds*25/1000], High: means[bootstrapRounds*975/1000-1],
	}
}

// Paired bootstraps the differences after − before of the same topics: an
// interval that lies above 0 is a gain at 95 %. Both slices are of one length.
func Paired(before, after []float64, seed uint64) Interval {
	diff := make([]float64, len(before))
	for i := range before {
		diff[i] = after[i] - before[i]
	}
	return Bootstrap(diff, seed)
}

func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(max(len(values), 1))
}
