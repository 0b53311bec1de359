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
	facet    int    // column, -1 for a number clause
	wanted   []bool // by value number
	number   int
	min, max *float64
	not      bool
}

// outcome is what became of a document under a filter: passed, failed, or the
// one facet whose clauses do not hold.
type outcome int16

const (
	passed outcome = -1 // all clauses hold
	failed outcome = -2 // clauses on several facets, or on a number, do not hold
)

func compileFilter(s search.Schema, clauses []search.Clause, r *rows) filter {
	f := filter{rows: r}
	for _, c := range clauses {
		out := compiled{facet: slices.Index(s.Facets, c.Facet), not: c.Not, min: c.Min, max: c.Max}
		if out.facet >= 0 {
			column := &r.facets[out.facet]
			out.wanted = make([]bool, len(column.values))
			for _, v := range c.AnyOf {
				if n, ok := column.numbers[v]; ok {
					out.wanted[n] = true
				}
			}
		} else {
			out.number = slices.Index(s.Numbers, c.Number)
		}
		f.clauses = append(f.clauses, out)
	}
	return f
}

// passes reports whether all clauses hold for a document.
func (f filter) passes(doc uint16) bool {
	for i := range f.clauses {
		c := &f.clauses[i]
		if c.holds(f.rows, doc) == c.not {
			return false
		}
	}
	return true
}

// outcomes tells of each document which clauses do not hold, in out, which is
// as long. It goes clause by clause: a list without words looks at every
// document there is, and a column is read faster than a row.
func (f filter) outcomes(docs []found, out []outcome) {
	for i := range out {
		out[i] = passed
	}
	for i := range f.clauses {
		c := &f.clauses[i]
		fails := failed
		if c.facet >= 0 {
			fails = outcome(c.facet)
		}
		for at, d := range docs {
			switch {
			case out[at] == failed || c.holds(f.rows, d.doc) != c.not:
			case out[at] == passed:
				out[at] = fails
			case out[at] != fails:
				out[at] = failed
			}
		}
	}
}

func (c *compiled) holds(r *rows, doc uint16) bool {
	if c.facet >= 0 {
		for _, n := range r.facets[c.facet].numbersOf(doc) {
			if c.wanted[n] {
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
func (c *counter) add(r *rows, doc uint16, what outcome) {
	for i, column := range c.columns {
		if what != passed && int(what) != column {
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
