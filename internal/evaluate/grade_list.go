package evaluate

import (
	"math"
	"slices"
)

const (
	// listNumbers is how many of a describer's first numbers are also compared
	// within the list.
	listNumbers = 7
	listBest    = 5   // documents at the top of a list that the others are compared with
	listNearest = 3   // nearest documents of the list
	listLike    = 0.7 // likeness from which two documents count as neighbours
	listSharp   = 10  // how steeply the weight of a document falls with its raw score
)

// describeList adds to the features of each pair of one topic how it stands
// among the others: by the describer's numbers, and by what the documents have
// in common. A document that the list is full of was judged otherwise than one
// that stands alone.
func (g *grading) describeList(list []int) {
	width := min(listNumbers, len(g.pairs[list[0]].features))
	if width == 0 {
		return // the describer knows none of the documents
	}
	rows := make([][]float64, len(list))
	for k := range width {
		column := make([]float64, len(list))
		for n, i := range list {
			column[n] = g.pairs[i].features[k]
		}
		for n, numbers := range standing(column) {
			rows[n] = append(rows[n], numbers[:]...)
		}
	}
	raw := make([]float64, len(list))
	for n, i := range list {
		raw[n] = g.pairs[i].features[0]
	}
	for n, i := range list {
		g.pairs[i].features = slices.Concat(g.pairs[i].features, rows[n], g.company(list, raw, n))
	}
}

// standing gives each value its distance from the mean in deviations, the mean,
// the deviation, and the share of values that are larger.
func standing(column []float64) [][4]float64 {
	mean, spread := mean(column), 0.0
	for _, v := range column {
		spread += (v - mean) * (v - mean)
	}
	spread = math.Sqrt(spread/float64(len(column))) + 1e-6
	falling := slices.Clone(column)
	slices.Sort(falling)
	out := make([][4]float64, len(column))
	for i, v := range column {
		at, _ := slices.BinarySearch(falling, math.Nextafter(v, math.Inf(1)))
		larger := float64(len(column)-at) / float64(len(column))
		out[i] = [4]float64{(v - mean) / spread, mean, spread, larger}
	}
	return out
}

// company is how much the n-th document of a list has in common with the
// others: with all, with the best by raw score, with the nearest; how many lie
// near, and how many bear its title.
func (g *grading) company(list []int, raw []float64, n int) []float64 {
	best := bestOf(raw, listBest)
	var all, weighed, weights, top, near float64
	nearest := make([]float64, 0, len(list))
	same := 0.0
	highest := slices.Max(raw)
	for m, j := range list {
		like := g.alikeness(list[n], j)
		if m == n {
			like = 0
		}
		w := math.Exp(listSharp * (raw[m] - highest))
		all, weighed, weights = all+like, weighed+w*like, weights+w
		nearest = append(nearest, like)
		if like > listLike {
			near++
		}
		if slices.Contains(best, m) {
			top += like / float64(len(best))
		}
		if g.titles[j] == g.titles[list[n]] {
			same++
		}
	}
	slices.Sort(nearest)
	closest := nearest[max(len(nearest)-listNearest, 0):]
	return []float64{all / float64(len(list)), weighed / weights, mean(closest), top, near, same}
}

// bestOf lists the places of the k largest values.
func bestOf(values []float64, k int) []int {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case values[a] > values[b]:
			return -1
		case values[a] < values[b]:
			return 1
		}
		return 0
	})
	return order[:min(k, len(order))]
}
