package embedded

import (
	"slices"
	"strings"

	"jinghe/search"
)

// filter is a list of clauses compiled for one segment.
type filter struct {
	rows    *rows
	clauses []compiled
}

type compiled struct {
	facet    int // column, -1 for a number clause
	wanted   []uint32
	number   int
	min, max *float64
	not      bool
}

// What became of a document under a filter.
const (
	passed = -1 // all clauses hold
	failed = -2 // clauses on several fields, or on a number, do not hold
	// A number from 0 is the one facet whose clauses do not hold.
)

func compileFilter(s search.Schema, clauses []search.Clause, r *rows) filter {
	f := filter{rows: r}
	for _, c := range clauses {
		out := compiled{facet: slices.Index(s.Facets, c.Facet), not: c.Not, min: c.Min, max: c.Max}
		if out.facet >= 0 {
			for _, v := range c.AnyOf {
				if n, ok := r.facets[out.facet].numbers[v]; ok {
					out.wanted = append(out.wanted, n)
				}
			}
		} else {
			out.number = slices.Index(s.Numbers, c.Number)
		}
		f.clauses = append(f.clauses, out)
	}
	return f
}

// outcome tells which clauses a document fails.
func (f filter) outcome(doc uint16) int {
	result := passed
	for i := range f.clauses {
		c := &f.clauses[i]
		if c.holds(f.rows, doc) != c.not {
			continue
		}
		if c.facet < 0 || result >= 0 && result != c.facet {
			return failed
		}
		result = c.facet
	}
	return result
}

func (c *compiled) holds(r *rows, doc uint16) bool {
	if c.facet >= 0 {
		for _, n := range r.facets[c.facet].numbersOf(doc) {
			if slices.Contains(c.wanted, n) {
				return true
			}
		}
		return false
	}
	v := r.numbers[c.number][doc] // NaN fails both comparisons
	return v == v && (c.min == nil || v >= *c.min) && (c.max == nil || v <= *c.max)
}

// counter counts facet values of the documents found.
type counter struct {
	columns []int               // of the schema, in the order asked for
	local   [][]uint32          // by column asked for: counts by value number of the segment at work
	totals  []map[string]uint32 // by column asked for
}

func newCounter(s search.Schema, facets []string) *counter {
	c := &counter{}
	for _, name := range facets {
		c.columns = append(c.columns, slices.Index(s.Facets, name))
		c.local = append(c.local, nil)
		c.totals = append(c.totals, make(map[string]uint32))
	}
	return c
}

func (c *counter) begin(r *rows) {
	for i, column := range c.columns {
		n := len(r.facets[column].values)
		if cap(c.local[i]) < n {
			c.local[i] = make([]uint32, n)
		}
		c.local[i] = c.local[i][:n]
		clear(c.local[i])
	}
}

// add counts a document: in every facet if it passed, else only in the facet it failed by.
func (c *counter) add(r *rows, doc uint16, outcome int) {
	for i, column := range c.columns {
		if outcome != passed && outcome != column {
			continue
		}
		for _, n := range r.facets[column].numbersOf(doc) {
			c.local[i][n]++
		}
	}
}

func (c *counter) end(r *rows) {
	for i, column := range c.columns {
		for n, count := range c.local[i] {
			if count > 0 {
				c.totals[i][r.facets[column].values[n]] += count
			}
		}
	}
}

// result lists the counts, most frequent first, ties by value.
func (c *counter) result(facets []string) map[string][]search.FacetCount {
	if len(facets) == 0 {
		return nil
	}
	out := make(map[string][]search.FacetCount, len(facets))
	for i, name := range facets {
		list := make([]search.FacetCount, 0, len(c.totals[i]))
		for v, n := range c.totals[i] {
			list = append(list, search.FacetCount{Value: v, Count: int(n)})
		}
		slices.SortFunc(list, func(a, b search.FacetCount) int {
			if a.Count != b.Count {
				return b.Count - a.Count
			}
			return strings.Compare(a.Value, b.Value)
		})
		out[name] = list
	}
	return out
}
