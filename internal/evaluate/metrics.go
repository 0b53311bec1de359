package evaluate

import (
	"math"
	"slices"
	"sort"
)

// NDCG is the normalised discounted cumulative gain of the first k ranks with
// linear gains: Σ gᵢ/log₂(i+1) over ranks i from 1, divided by that of the
// ideal order of all judged documents. ok is false where no grade is above 0.
func NDCG(ranked []string, grades Grades, k int) (value float64, ok bool) {
	ideal := make([]int, 0, len(grades))
	for _, g := range grades {
		if g > 0 {
			ideal = append(ideal, g)
		}
	}
	if len(ideal) == 0 {
		return 0, false
	}
	slices.SortFunc(ideal, func(a, b int) int { return b - a })
	var best, got float64
	for i, g := range ideal[:min(k, len(ideal))] {
		best += float64(g) / math.Log2(float64(i)+2)
	}
	for i, id := range ranked[:min(k, len(ranked))] {
		got += float64(grades[id]) / math.Log2(float64(i)+2)
	}
	return got / best, true
}

// AveragePrecision is the mean of the precisions at the ranks of the documents
// graded minRel or better; those not ranked count 0.
func AveragePrecision(ranked []string, grades Grades, minRel int) (value float64, ok bool) {
	n := relevant(grades, minRel)
	if n == 0 {
		return 0, false
	}
	hits, sum := 0, 0.0
	for i, id := range ranked {
		if grades[id] >= minRel {
			hits++
			sum += float64(hits) / float64(i+1)
		}
	}
	return sum / float64(n), true
}

// ReciprocalRank is 1 over the rank of the first document graded minRel or
// better within the first k ranks, else 0.
func ReciprocalRank(ranked []string, grades Grades, minRel, k int) (value float64, ok bool) {
	if relevant(grades, minRel) == 0 {
		return 0, false
	}
	for i, id := range ranked[:min(k, len(ranked))] {
		if grades[id] >= minRel {
			return 1 / float64(i+1), true
		}
	}
	return 0, true
}

// Recall is the share of the documents graded minRel or better that stand
// within the first k ranks.
func Recall(ranked []string, grades Grades, minRel, k int) (value float64, ok bool) {
	n := relevant(grades, minRel)
	if n == 0 {
		return 0, false
	}
	hits := 0
	for _, id := range ranked[:min(k, len(ranked))] {
		if grades[id] >= minRel {
			hits++
		}
	}
	return float64(hits) / float64(n), true
}

func relevant(grades Grades, minRel int) int {
	n := 0
	for _, g := range grades {
		if g >= minRel {
			n++
		}
	}
	return n
}

// PairAccuracy is the share of pairs of differently graded documents whose
// scores stand in the order of their grades; equal scores count one half. It
// also returns the number of pairs, so that a caller can weigh topics by it.
func PairAccuracy(scores map[string]float64, grades Grades) (value float64, pairs int) {
	type judged struct {
		grade int
		score float64
	}
	all := make([]judged, 0, len(grades))
	for id, g := range grades {
		all = append(all, judged{g, scores[id]})
	}
	sum := 0.0
	for i, a := range all {
		for _, b := range all[i+1:] {
			if a.grade == b.grade {
				continue
			}
			pairs++
			switch hi, lo := order(a.grade > b.grade, a.score, b.score); {
			case hi > lo:
				sum++
			case hi == lo:
				sum += 0.5
			}
		}
	}
	if pairs == 0 {
		return 0, 0
	}
	return sum / float64(pairs), pairs
}

func order(first bool, a, b float64) (hi, lo float64) {
	if first {
		return a, b
	}
	return b, a
}

// Coverage is the share of the catalogue that stands within the first k ranks
// of at least one list.
func Coverage(lists [][]string, catalogue, k int) float64 {
	if catalogue == 0 {
		return 0
	}
	seen := map[string]bool{}
	for _, list := range lists {
		for _, id := range list[:min(k, len(list))] {
			seen[id] = true
		}
	}
	return float64(len(seen)) / float64(catalogue)
}

// Gini measures how unequally the first k ranks of all lists are shared out
// over a catalogue: 0 where all stand there equally often, towards 1 where one takes all.
func Gini(lists [][]string, catalogue, k int) float64 {
	times := map[string]int{}
	total := 0
	for _, list := range lists {
		for _, id := range list[:min(k, len(list))] {
			times[id]++
			total++
		}
	}
	if total == 0 || catalogue == 0 {
		return 0
	}
	counts := make([]int, max(catalogue, len(times)))
	i := len(counts)
	for _, n := range times {
		i--
		counts[i] = n
	}
	sort.Ints(counts)
	weighted := 0.0
	for i, n := range counts {
		weighted += float64(i+1) * float64(n)
	}
	n := float64(len(counts))
	return 2*weighted/(n*float64(total)) - (n+1)/n
}
