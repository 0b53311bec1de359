package evaluate

import (
	"math"
	"math/rand/v2"
	"sort"
)

// boost is the log odds of a yes as a sum of small regression trees, grown by
// Newton steps on the logistic loss, each on a part of the rows (Friedman 2002,
// with the second-order leaves of Chen and Guestrin 2016).
type boost struct {
	start float64
	trees []tree
}

// tree is a list of nodes, the root first.
type tree []node

type node struct {
	feature     int // −1 in a leaf
	limit       float64
	left, right int
	value       float64 // of a leaf, shrunk
}

const (
	boostTrees   = 300
	boostDepth   = 3
	boostShrink  = 0.04
	boostRidge   = 10.0 // added to the curvature of a leaf
	boostLeast   = 20   // rows in a leaf
	boostSample  = 0.4  // share of the rows that each tree is grown on
	boostBuckets = 32   // limits tried for each feature
)

// fitBoost fits rows (one slice of features a row) to yes or no.
func fitBoost(rows [][]float64, yes []bool) *boost {
	share := 0.5
	for _, y := range yes {
		if y {
			share++
		}
	}
	share /= float64(len(yes)) + 1
	b := &boost{start: math.Log(share / (1 - share))}
	b.trees = growTrees(rows, func(now, slope, bend []float64) {
		for i, x := range now {
			p := 1 / (1 + math.Exp(-(b.start + x)))
			slope[i], bend[i] = -p, p*(1-p)
			if yes[i] {
				slope[i]++
			}
		}
	})
	return b
}

// growTrees grows trees one after the other, each by what derive says of the
// sums so far: first and second derivative of the loss at each row.
func growTrees(rows [][]float64, derive func(now, slope, bend []float64)) []tree {
	limits := bucketLimits(rows)
	g := grower{
		limits: limits, buckets: bucketed(rows, limits),
		slope: make([]float64, len(rows)), bend: make([]float64, len(rows)),
	}
	var trees []tree
	now, index := make([]float64, len(rows)), make([]int, 0, len(rows))
	random := rand.New(rand.NewPCG(1, uint64(len(rows))))
	for range boostTrees {
		index = index[:0]
		for i := range rows {
			if random.Float64() < boostSample {
				index = append(index, i)
			}
		}
		derive(now, g.slope, g.bend)
		g.nodes = nil
		g.grow(index, boostDepth)
		trees = append(trees, g.nodes)
		for i, row := range rows {
			now[i] += g.nodes.at(row)
		}
	}
	return trees
}

// at is the probability of a yes.
func (b *boost) at(row []float64) float64 {
	sum := b.start
	for _, t := range b.trees {
		sum += t.at(row)
	}
	return 1 / (1 + math.Exp(-sum))
}

func (t tree) at(row []float64) float64 {
	i := 0
	for t[i].feature >= 0 {
		if row[t[i].feature] <= t[i].limit {
			i = t[i].left
		} else {
			i = t[i].right
		}
	}
	return t[i].value
}

func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sort.Float64s(values)
	n := len(values)
	return (values[(n-1)/2] + values[n/2]) / 2
}

// bucketLimits picks, for each feature, limits between equally filled buckets.
func bucketLimits(rows [][]float64) [][]float64 {
	if len(rows) == 0 {
		return nil
	}
	limits := make([][]float64, len(rows[0]))
	column := make([]float64, len(rows))
	for f := range limits {
		for i, r := range rows {
			column[i] = r[f]
		}
		sort.Float64s(column)
		for b := 1; b < boostBuckets; b++ {
			v := column[b*len(column)/boostBuckets]
			if n := len(limits[f]); n == 0 || limits[f][n-1] < v {
				limits[f] = append(limits[f], v)
			}
		}
	}
	return limits
}

// bucketed gives each value the number of limits below it.
func bucketed(rows [][]float64, limits [][]float64) [][]uint8 {
	out := make([][]uint8, len(limits))
	for f := range limits {
		out[f] = make([]uint8, len(rows))
		for i, r := range rows {
			out[f][i] = uint8(sort.SearchFloat64s(limits[f], r[f]))
		}
	}
	return out
}

type grower struct {
	limits      [][]float64
	buckets     [][]uint8
	slope, bend []float64 // first and second derivative at each row
	nodes       tree
}

// grow appends the node of the given rows with everything below, and returns its place.
func (g *grower) grow(rows []int, depth int) int {
	at := len(g.nodes)
	g.nodes = append(g.nodes, node{feature: -1})
	feature, bucket, ok := -1, 0, false
	if depth > 0 {
		feature, bucket, ok = g.split(rows)
	}
	if !ok {
		slope, bend := g.sums(rows)
		g.nodes[at].value = boostShrink * slope / (bend + boostRidge)
		return at
	}
	cut := 0
	for i, r := range rows {
		if int(g.buckets[feature][r]) <= bucket {
			rows[cut], rows[i] = rows[i], rows[cut]
			cut++
		}
	}
	left := g.grow(rows[:cut], depth-1)
	right := g.grow(rows[cut:], depth-1)
	g.nodes[at] = node{feature: feature, limit: g.limits[feature][bucket], left: left, right: right}
	return at
}

func (g *grower) sums(rows []int) (slope, bend float64) {
	for _, r := range rows {
		slope += g.slope[r]
		bend += g.bend[r]
	}
	return slope, bend
}

// split finds the limit of the largest gain.
func (g *grower) split(rows []int) (feature, bucket int, ok bool) {
	slope, bend := g.sums(rows)
	best := slope*slope/(bend+boostRidge) + 1e-6
	for f, buckets := range g.buckets {
		var slopes, bends [boostBuckets + 1]float64
		var counts [boostBuckets + 1]int
		for _, r := range rows {
			slopes[buckets[r]] += g.slope[r]
			bends[buckets[r]] += g.bend[r]
			counts[buckets[r]]++
		}
		s, h, n := 0.0, 0.0, 0
		for b := range g.limits[f] {
			s, h, n = s+slopes[b], h+bends[b], n+counts[b]
			if n < boostLeast || len(rows)-n < boostLeast {
				continue
			}
			gain := s*s/(h+boostRidge) + (slope-s)*(slope-s)/(bend-h+boostRidge)
			if gain > best {
				best, feature, bucket, ok = gain, f, b, true
			}
		}
	}
	return feature, bucket, ok
}
