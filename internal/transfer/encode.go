package transfer

import (
	"slices"
	"sort"
	"strings"

	"jinghe/internal/scene"
)

// maxExtra bounds the columns that an export adds for cells no field takes.
const maxExtra = 200

// encoder writes the cells of one kind in one layout.
type encoder struct {
	cat     *catalogue
	layout  printed
	terms   *terms
	has     map[Field]bool // fields that the layout has columns for
	heads   map[Field]string
	masked  bool
	extra   []extraColumn
	scratch *sheetReader // reads cells back, to see whether they say the same
}

// extraColumn is a column for cells that no field takes.
type extraColumn struct {
	key  string // in Extra
	head string
}

func newEncoder(p printed, cat *catalogue, o WriteOptions, rows []*scene.Row) *encoder {
	e := &encoder{
		cat: cat, layout: p, terms: newTerms(o.Dictionaries), masked: !o.FullContacts,
		has: map[Field]bool{}, heads: map[Field]string{},
	}
	columns := make([]Column, len(p.columns))
	for i, c := range p.columns {
		e.has[c.field], e.heads[c.field] = true, c.head
		columns[i] = Column{Index: i, Head: c.head, Field: c.field}
	}
	f := &fileReader{
		o: &ReadOptions{}, terms: e.terms, told: newProblems(""), cats: map[scene.Kind]*catalogue{p.kind: cat},
	}
	e.scratch = newSheetReader(f, &table{}, header{kind: p.kind, columns: columns}, false)
	e.addExtra(rows)
	return e
}

// addExtra adds a column for each key of Extra, in alphabetical order. One
// that would be taken for a field when read gets a mark before it.
func (e *encoder) addExtra(rows []*scene.Row) {
	keys := map[string]bool{}
	for _, r := range rows {
		for k := range r.Listing().Extra {
			keys[k] = true
		}
	}
	var sorted []string
	for k := range keys {
		sorted = append(sorted, k)
	}
	sort.Strings(sorted)
	for _, k := range sorted[:min(len(sorted), maxExtra)] {
		head := k
		if len(e.cat.claims(k)) > 0 || ignored(k) {
			head = extraMark + k
		}
		e.extra = append(e.extra, extraColumn{key: k, head: head})
	}
}

// line returns the heads as printed.
func (e *encoder) line() []string {
	out := make([]string, 0, len(e.layout.columns)+len(e.extra))
	for _, c := range e.layout.columns {
		out = append(out, c.head)
	}
	for _, x := range e.extra {
		out = append(out, x.head)
	}
	return out
}

// row returns the cells of r.
func (e *encoder) row(r *scene.Row) []string {
	out := make([]string, 0, len(e.layout.columns)+len(e.extra))
	for _, c := range e.layout.columns {
		text := ""
		if s := e.cat.at[c.field]; s != nil {
			text = e.shown(s, r)
		}
		out = append(out, text)
	}
	for _, x := range e.extra {
		out = append(out, e.extraCell(r, x.key))
	}
	return out
}

// shown returns the cell of one field as a reader of the file may see it:
// telephone numbers in running text are hidden where contacts are.
func (e *encoder) shown(s *spec, r *scene.Row) string {
	text := s.get(e, r)
	if !e.masked || !running(s.field) {
		return text
	}
	return scene.Redact(text)
}

// running reports that a field may hold running text, in which people leave
// telephone numbers. Names and codes stay as they are, since entries are known
// by them, and so do numbers and dates; contacts are masked elsewhere.
func running(f Field) bool {
	switch f {
	case fieldLabel, fieldCode, fieldName, fieldOrg, fieldCreditCode, fieldContact, fieldPerson, fieldPhone, fieldMail,
		fieldBudget, fieldPrice, fieldMaturity, fieldValidFrom, fieldValidTo, fieldKeywords, "source", "batch",
		"schedule", "delivery", "founded", "want_budget", "aliases":
		return false
	}
	return true
}

// extraCell returns a cell of Extra, unless a column of the layout shows it.
func (e *encoder) extraCell(r *scene.Row, key string) string {
	v := r.Listing().Extra[key]
	if v == "" {
		return ""
	}
	for _, c := range e.layout.columns {
		if c.head == key && e.cat.at[c.field].get(e, r) == v {
			return ""
		}
	}
	switch {
	case e.masked && personal(key):
		return scene.Contact{Raw: v}.Masked().Raw
	case e.masked:
		return scene.Redact(v)
	}
	return v
}

// dropped names the fields that rows fill and the layout has no column for.
func (e *encoder) dropped(rows []*scene.Row) []string {
	var out []string
	for i := range e.cat.specs {
		s := &e.cat.specs[i]
		if e.has[s.field] || e.covered(s.field) {
			continue
		}
		if slices.ContainsFunc(rows, func(r *scene.Row) bool { return s.get(e, r) != "" }) {
			out = append(out, s.head)
		}
	}
	return out
}

// covered reports that another column of the layout carries the field.
func (e *encoder) covered(f Field) bool {
	switch f {
	case fieldFields, fieldCategory, fieldIndustries:
		return e.has[fieldCategory] || e.has[fieldFields]
	case fieldContact, fieldPerson, fieldPhone, fieldMail:
		return e.has[fieldContact]
	case fieldAbility:
		return e.has[fieldName]
	case fieldName, fieldDescription:
		return e.has[fieldAbility]
	case fieldSite, fieldRegions:
		return e.has[fieldSite]
	case fieldOwnerKind:
		return e.has[fieldOrgKind]
	case fieldOrg:
		return e.has[fieldDepartment]
	}
	return false
}

// contact returns the row's contact as it may be shown.
func (e *encoder) contact(r *scene.Row) scene.Contact {
	c := r.Listing().Contact
	if e.masked {
		return c.Masked()
	}
	return c
}

// asPrinted returns the cell that the row came with, where one was kept
// because it says more than was understood, and still says what the row
// holds; else text.
func (e *encoder) asPrinted(f Field, r *scene.Row, text string) string {
	kept, ok := r.Listing().Extra[e.heads[f]]
	if !ok || !e.has[f] {
		return text
	}
	back := newRowReader(e.scratch, &line{})
	s, c := e.cat.at[f], e.scratch.fields[f]
	s.set(back, c, kept)
	still := back.row.Listing().Extra[e.heads[f]] == kept
	back.row.Listing().Extra = nil
	if still && s.get(e, &back.row) == text {
		return kept
	}
	return text
}

// codesOfBoth writes fields of use and, where the layout has no column for
// them, industries.
func (e *encoder) codesOfBoth(r *scene.Row) string {
	l := r.Listing()
	text := e.terms.write(scene.DictField, l.Fields)
	if e.has[fieldIndustries] || len(l.Industries) == 0 {
		return text
	}
	industries := e.terms.write(scene.DictIndustry, l.Industries)
	if text == "" {
		return industries
	}
	return strings.Join(unique(append(pieces(text), pieces(industries)...)), "、")
}

// money writes r for the column of f: without a unit where its head names 万元.
func (e *encoder) money(f Field, r scene.MoneyRange) string {
	text := formatMoney(r)
	if text == "" || text == "面议" || headUnit(e.heads[f]) == scene.Wan {
		return text
	}
	return withUnit(text)
}
