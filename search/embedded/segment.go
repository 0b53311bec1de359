package embedded

import (
	"math"
	"slices"
	"strings"

	"jinghe/search"
)

// maxSegment is the most documents of a segment, so that a document number fits
// 16 bits and a score array for a whole segment stays in the processor's cache.
const maxSegment = 1 << 16

// posting is one document that has a term.
type posting struct {
	doc     uint16
	pattern uint16
}

// segment is an immutable set of documents with their inverted index. Deletion
// is noted beside it, in a [part].
type segment struct {
	*rows
	*inverted
}

// rows are the documents as they came; they do not depend on the lexicon.
type rows struct {
	ids     []string
	byID    map[string]uint16
	text    []string // document × text field
	facets  []facetColumn
	numbers [][]float64 // number × document, NaN where there is none
}

// facetColumn holds the values of one facet.
type facetColumn struct {
	values  []string
	numbers map[string]uint32
	starts  []uint32 // by document, and the end of the last one: offsets into of
	of      []uint32 // value numbers
}

func newRows(s search.Schema, n int) *rows {
	r := &rows{
		ids:     make([]string, 0, n),
		byID:    make(map[string]uint16, n),
		text:    make([]string, 0, n*len(s.Text)),
		facets:  make([]facetColumn, len(s.Facets)),
		numbers: make([][]float64, len(s.Numbers)),
	}
	for i := range r.facets {
		r.facets[i] = facetColumn{
			numbers: make(map[string]uint32),
			starts:  append(make([]uint32, 0, n+1), 0),
			of:      make([]uint32, 0, n),
		}
	}
	for i := range r.numbers {
		r.numbers[i] = make([]float64, 0, n)
	}
	return r
}

func (r *rows) len() int { return len(r.ids) }

func (r *rows) add(s search.Schema, d search.Document) {
	r.byID[d.ID] = uint16(len(r.ids))
	r.ids = append(r.ids, d.ID)
	for _, f := range s.Text {
		r.text = append(r.text, d.Text[f.Name])
	}
	for i, name := range s.Facets {
		r.facets[i].add(d.Facets[name])
	}
	for i, name := range s.Numbers {
		v, ok := d.Numbers[name]
		if !ok {
			v = math.NaN()
		}
		r.numbers[i] = append(r.numbers[i], v)
	}
}

// copyFrom appends one document of other rows of the same schema.
func (r *rows) copyFrom(from *rows, doc uint16) {
	r.byID[from.ids[doc]] = uint16(len(r.ids))
	r.ids = append(r.ids, from.ids[doc])
	r.text = append(r.text, from.texts(doc)...)
	for i := range r.facets {
		r.facets[i].add(from.facets[i].valuesOf(doc))
	}
	for i := range r.numbers {
		r.numbers[i] = append(r.numbers[i], from.numbers[i][doc])
	}
}

// pack puts all IDs and texts into one string. As strings of their own they are
// most of what the collector of garbage has to look at in a large index; and
// what they were cut out of is kept no longer.
func (r *rows) pack() {
	size := 0
	for _, list := range [][]string{r.ids, r.text} {
		for _, s := range list {
			size += len(s)
		}
	}
	var all strings.Builder
	all.Grow(size)
	for _, list := range [][]string{r.ids, r.text} {
		for _, s := range list {
			all.WriteString(s)
		}
	}
	rest := all.String()
	for _, list := range [][]string{r.ids, r.text} {
		for i, s := range list {
			list[i], rest = rest[:len(s)], rest[len(s):]
		}
	}
	for doc, id := range r.ids {
		r.byID[id] = uint16(doc) // the key is replaced too
	}
}

// texts returns the text fields of a document.
func (r *rows) texts(doc uint16) []string {
	fields := len(r.text) / len(r.ids)
	return r.text[int(doc)*fields : (int(doc)+1)*fields]
}

func (c *facetColumn) add(values []string) {
	first := len(c.of)
	for _, v := range values {
		n, ok := c.numbers[v]
		if !ok {
			n = uint32(len(c.values))
			c.numbers[v] = n
			c.values = append(c.values, v)
		}
		if !slices.Contains(c.of[first:], n) {
			c.of = append(c.of, n)
		}
	}
	c.starts = append(c.starts, uint32(len(c.of)))
}

func (c *facetColumn) numbersOf(doc uint16) []uint32 { return c.of[c.starts[doc]:c.starts[doc+1]] }

func (c *facetColumn) valuesOf(doc uint16) []string {
	numbers := c.numbersOf(doc)
	values := make([]string, len(numbers))
	for i, n := range numbers {
		values[i] = c.values[n]
	}
	return values
}

func (r *rows) size() int {
	const header, mapEntry = 16, 40
	n := (header+mapEntry)*len(r.ids) + header*len(r.text)
	for _, id := range r.ids {
		n += len(id)
	}
	for _, t := range r.text {
		n += len(t)
	}
	for _, c := range r.facets {
		n += 4*(len(c.starts)+len(c.of)) + (header+mapEntry)*len(c.values)
	}
	return n + 8*len(r.numbers)*len(r.ids)
}

// inverted is the index of one lexicon over the text of rows.
type inverted struct {
	terms    *termTable
	starts   []uint32 // by term, and the end of the last one: offsets into posts
	posts    []posting
	patterns []pattern
	// single is the field of a pattern with one field only, -1 for the others.
	single  []int8
	lengths [][]uint16 // text field × document: characters and Latin words, at most 65535
	sums    []uint64   // by text field: lengths added up
	words   []uint32   // terms of three or more Han characters, for correction
	sorted  []uint32   // terms that can be completed: Latin, numbers, pinyin, in byte order
}

// hanBytes is the length of a common Han character in UTF-8.
const hanBytes = 3

// postings returns the documents that have a term, ascending.
func (x *inverted) postings(term string, hash uint32) []posting {
	n := x.terms.find(term, hash)
	if n < 0 {
		return nil
	}
	return x.ofTerm(uint32(n))
}

func (x *inverted) ofTerm(n uint32) []posting { return x.posts[x.starts[n]:x.starts[n+1]] }

func (x *inverted) size() int {
	n := x.terms.size() + 4*(len(x.starts)+len(x.posts)+len(x.words)+len(x.sorted))
	for _, l := range x.lengths {
		n += 2 * len(l)
	}
	return n + (search.MaxTextFields+1)*len(x.patterns)
}

// finish derives what is looked up from what was collected.
func (x *inverted) finish() {
	x.single = make([]int8, len(x.patterns))
	for i, p := range x.patterns {
		x.single[i] = -1
		fields := 0
		for f, n := range p {
			if n > 0 {
				x.single[i] = int8(f)
				fields++
			}
		}
		if fields != 1 {
			x.single[i] = -1
		}
	}
	x.sums = make([]uint64, len(x.lengths))
	for f, lengths := range x.lengths {
		for _, n := range lengths {
			x.sums[f] += uint64(n)
		}
	}
	for n := range uint32(x.terms.len()) {
		switch term := x.terms.term(n); {
		case completable(term[0]):
			x.sorted = append(x.sorted, n)
		case len(term) >= 3*hanBytes:
			x.words = append(x.words, n)
		}
	}
	slices.SortFunc(x.sorted, func(a, b uint32) int {
		return compareBytes(x.terms.term(a), x.terms.term(b))
	})
}
