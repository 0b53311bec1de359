package embedded

import (
	"slices"

	"jinghe/search"
)

// Merging keeps the number of segments small: segments of about the same size
// are joined once there are mergeFactor of them, and a segment is rewritten
// once a quarter of its documents are deleted.
const (
	mergeFactor  = 4
	smallestTier = 32
	maxParts     = 64 // beyond this, writers wait for the merger
)

// tier groups segments by size.
func tier(n int) int {
	t := 0
	for size := smallestTier; n >= size; size *= mergeFactor {
		t++
	}
	return t
}

// pickMerge returns the positions of parts worth merging, nil if there are none.
func pickMerge(parts []part) []int {
	byTier := make(map[int][]int)
	highest := 0
	for i, p := range parts {
		if p.deleted*4 > p.len() && p.len() >= smallestTier {
			return []int{i}
		}
		t := tier(p.live())
		byTier[t] = append(byTier[t], i)
		highest = max(highest, t)
	}
	for t := 0; t <= highest; t++ {
		if group := fitting(parts, byTier[t]); len(group) >= mergeFactor {
			return group
		}
	}
	return nil
}

// fitting takes the smallest parts that fit one segment together.
func fitting(parts []part, group []int) []int {
	slices.SortStableFunc(group, func(a, b int) int { return parts[a].live() - parts[b].live() })
	sum := 0
	for n, i := range group {
		if sum += parts[i].live(); sum > maxSegment {
			return group[:n]
		}
	}
	return group
}

// merge joins parts into one segment without their deleted documents.
func merge(s search.Schema, parts []part) *segment {
	n := 0
	for _, p := range parts {
		n += p.live()
	}
	r := newRows(s, n)
	moved := make([][]int32, len(parts)) // by part and document: its new number, -1 deleted
	for i, p := range parts {
		moved[i] = make([]int32, p.len())
		for doc := range p.len() {
			moved[i][doc] = -1
			if !p.dead.has(uint16(doc)) {
				moved[i][doc] = int32(r.len())
				r.copyFrom(p.rows, uint16(doc))
			}
		}
	}
	r.pack()
	return &segment{r, mergeInverted(s, parts, moved, n)}
}

func mergeInverted(s search.Schema, parts []part, moved [][]int32, n int) *inverted {
	x := &inverted{terms: newTermTable(largestVocabulary(parts)), lengths: make([][]uint16, len(s.Text))}
	for f := range x.lengths {
		x.lengths[f] = make([]uint16, 0, n)
	}
	patterns := newPatternTable()
	numbers := make([][]uint32, len(parts)) // by part and term: its new number
	var counts []uint32                     // by new term: postings
	for i, p := range parts {
		numbers[i] = make([]uint32, p.terms.len())
		for t := range uint32(p.terms.len()) {
			live := countLive(p.ofTerm(t), moved[i], p.deleted)
			if live == 0 {
				continue
			}
			term := intern(x.terms, p.terms.term(t), p.terms.hashes[t])
			if int(term) == len(counts) {
				counts = append(counts, 0)
			}
			counts[term] += live
			numbers[i][t] = term + 1
		}
		for f := range x.lengths {
			for doc, to := range moved[i] {
				if to >= 0 {
					x.lengths[f] = append(x.lengths[f], p.lengths[f][doc])
				}
			}
		}
	}
	x.starts = make([]uint32, len(counts)+1)
	for t, c := range counts {
		x.starts[t+1] = x.starts[t] + c
	}
	x.posts = make([]posting, x.starts[len(counts)])
	at := slices.Clone(x.starts)
	for i, p := range parts {
		appendPostings(x, patterns, p, moved[i], numbers[i], at)
	}
	x.patterns = patterns.patterns
	x.finish()
	return x
}

func largestVocabulary(parts []part) int {
	largest := 0
	for _, p := range parts {
		largest = max(largest, p.terms.len())
	}
	return largest
}

func countLive(posts []posting, moved []int32, deleted int) uint32 {
	if deleted == 0 {
		return uint32(len(posts))
	}
	n := uint32(0)
	for _, p := range posts {
		if moved[p.doc] >= 0 {
			n++
		}
	}
	return n
}

// appendPostings copies the live postings of one part behind those of the parts
// before it, so that each term's documents stay ascending.
func appendPostings(x *inverted, patterns *patternTable, p part, moved []int32, numbers, at []uint32) {
	renumber := make([]uint16, len(p.patterns))
	for i, pt := range p.patterns {
		renumber[i] = patterns.number(pt)
	}
	for t, number := range numbers {
		if number == 0 {
			continue
		}
		to := at[number-1]
		for _, post := range p.ofTerm(uint32(t)) {
			if doc := moved[post.doc]; doc >= 0 {
				x.posts[to] = posting{uint16(doc), renumber[post.pattern]}
				to++
			}
		}
		at[number-1] = to
	}
}
