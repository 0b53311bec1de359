package search

import (
	"math"
	"slices"
	"unicode/utf8"
)

// Limits of the contract, the same for every engine.
const (
	// MaxTextFields is the most text fields a schema may have.
	MaxTextFields = 16
	// MaxID is the longest document ID in bytes.
	MaxID = 256
	// MaxLimit is the most hits or candidates one call returns.
	MaxLimit = 1000
	// NoHits as Query.Limit asks for the total and the facets only.
	NoHits = -1
	// DefaultHits is the number of hits where Query.Limit is 0.
	DefaultHits = 20
	// DefaultCandidates is the number of candidates where Need.Limit is 0.
	DefaultCandidates = 200
	// MaxQuery is how many code points of Query.Text count; what follows is ignored.
	MaxQuery = 200
)

// Check reports the first rule the schema breaks as an [Invalid] error: at
// least one text field, at most MaxTextFields, unique names, weights that are
// positive and finite.
func (s Schema) Check() error {
	if len(s.Text) == 0 || len(s.Text) > MaxTextFields {
		return Invalidf("schema has %d text fields, not 1 to %d", len(s.Text), MaxTextFields)
	}
	seen := make(map[string]bool)
	names := slices.Concat(s.Facets, s.Numbers)
	for _, f := range s.Text {
		if !(f.Weight > 0) || math.IsInf(f.Weight, 0) {
			return Invalidf("weight %v of text field %q", f.Weight, f.Name)
		}
		names = append(names, f.Name)
	}
	for _, name := range names {
		if name == "" || seen[name] {
			return Invalidf("field name %q is empty or used twice", name)
		}
		seen[name] = true
	}
	return nil
}

// TextIndex returns the position of a text field, -1 if the schema has none of that name.
func (s Schema) TextIndex(name string) int {
	return slices.IndexFunc(s.Text, func(f TextField) bool { return f.Name == name })
}

// CheckDocument reports the first rule a document breaks as an [Invalid]
// error: an ID of 1 to MaxID bytes of valid UTF-8, only fields of the schema,
// finite numbers, no empty facet value. Text may be any string, of any length.
func (s Schema) CheckDocument(d Document) error {
	if d.ID == "" || len(d.ID) > MaxID || !utf8.ValidString(d.ID) {
		return Invalidf("document ID %.40q is not 1 to %d bytes of UTF-8", d.ID, MaxID)
	}
	for name := range d.Text {
		if s.TextIndex(name) < 0 {
			return Invalidf("document %q: no text field %q", d.ID, name)
		}
	}
	for name, values := range d.Facets {
		if !slices.Contains(s.Facets, name) {
			return Invalidf("document %q: no facet %q", d.ID, name)
		}
		if slices.Contains(values, "") {
			return Invalidf("document %q: empty value of facet %q", d.ID, name)
		}
	}
	for name, v := range d.Numbers {
		if !slices.Contains(s.Numbers, name) {
			return Invalidf("document %q: no number %q", d.ID, name)
		}
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return Invalidf("document %q: number %q is %v", d.ID, name, v)
		}
	}
	return nil
}

// CheckBatch checks what one call of Apply is given: every document, and that
// no ID is both put and deleted.
func (s Schema) CheckBatch(puts []Document, deletes []string) error {
	put := make(map[string]bool, len(puts))
	for _, d := range puts {
		if err := s.CheckDocument(d); err != nil {
			return err
		}
		put[d.ID] = true
	}
	for _, id := range deletes {
		if put[id] {
			return Invalidf("document %q is both put and deleted", id)
		}
	}
	return nil
}

// CheckQuery reports the first rule a query breaks as an [Invalid] error:
// fields of the schema, an offset from 0, a limit from 0 to MaxLimit or NoHits.
func (s Schema) CheckQuery(q Query) error {
	if q.Offset < 0 || q.Limit < NoHits || q.Limit > MaxLimit {
		return Invalidf("offset %d or limit %d out of range", q.Offset, q.Limit)
	}
	for _, name := range q.Facets {
		if !slices.Contains(s.Facets, name) {
			return Invalidf("no facet %q", name)
		}
	}
	for _, o := range q.Sort {
		if !slices.Contains(s.Numbers, o.Number) {
			return Invalidf("no number %q to sort by", o.Number)
		}
	}
	for _, name := range q.Highlight {
		if s.TextIndex(name) < 0 {
			return Invalidf("no text field %q to highlight", name)
		}
	}
	return s.CheckFilter(q.Filter)
}

// CheckNeed reports the first rule a need breaks as an [Invalid] error:
// weights that are finite and not negative, a limit from 0 to MaxLimit, clauses on fields of the schema.
func (s Schema) CheckNeed(n Need) error {
	if n.Limit < 0 || n.Limit > MaxLimit {
		return Invalidf("limit %d out of range", n.Limit)
	}
	for _, f := range n.Fields {
		if !(f.Weight >= 0) || math.IsInf(f.Weight, 0) {
			return Invalidf("weight %v of a need's field", f.Weight)
		}
	}
	return s.CheckFilter(n.Filter)
}

// CheckFilter reports the first clause that names no field of the schema, two
// fields, or a bound that is not a number.
func (s Schema) CheckFilter(clauses []Clause) error {
	for _, c := range clauses {
		switch {
		case (c.Facet == "") == (c.Number == ""):
			return Invalidf("a clause names one facet or one number, not %q and %q", c.Facet, c.Number)
		case c.Facet != "" && !slices.Contains(s.Facets, c.Facet):
			return Invalidf("no facet %q to filter by", c.Facet)
		case c.Number != "" && !slices.Contains(s.Numbers, c.Number):
			return Invalidf("no number %q to filter by", c.Number)
		case c.Min != nil && math.IsNaN(*c.Min), c.Max != nil && math.IsNaN(*c.Max):
			return Invalidf("bound of %q is not a number", c.Number)
		}
	}
	return nil
}

// Equal reports whether two schemas are the same, order included.
func (s Schema) Equal(other Schema) bool {
	return slices.Equal(s.Text, other.Text) && slices.Equal(s.Facets, other.Facets) && slices.Equal(s.Numbers, other.Numbers)
}

// Clone returns a copy that shares nothing with s.
func (s Schema) Clone() Schema {
	return Schema{Text: slices.Clone(s.Text), Facets: slices.Clone(s.Facets), Numbers: slices.Clone(s.Numbers)}
}
