package transfer

import (
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"jinghe/internal/scene"
)

// longText is the length that the printed forms ask for in one part of a
// description, in code points; a longer one is only told.
const longText = 500

// rowReader reads one row.
type rowReader struct {
	*sheetReader
	l         *line
	row       scene.Row
	bad       bool
	ownerless bool    // the cell of the organisation says that there is none
	months    float64 // a validity that counts from the day of publication
	monthsAt  *Column
}

func newRowReader(s *sheetReader, l *line) *rowReader {
	r := &rowReader{sheetReader: s, l: l, row: scene.Row{File: s.doc.File, Sheet: s.t.stem, Line: l.num}}
	if s.h.kind == demand {
		r.row.Opportunity = &scene.Opportunity{}
	} else {
		r.row.Capability = &scene.Capability{}
	}
	return r
}

// cell reads one cell into the field of its column.
func (r *rowReader) cell(c *Column, v string) {
	v, cut := mend(clean(v))
	if cut {
		r.warn(c, v, "transfer.text_cut", nil)
	}
	switch {
	case v == "" || c.Field == Ignore:
		return
	case errorValue(v):
		r.warn(c, v, "transfer.cell_error", nil)
	case c.Field == "":
		r.extra(c, v)
	default:
		if s := r.cats[r.h.kind].at[c.Field]; s != nil {
			s.set(r, c, v)
		}
	}
}

// extra keeps a cell that no field takes. A masked one is left as stored.
func (r *rowReader) extra(c *Column, v string) {
	if personal(c.Head) && scene.IsMasked(v) {
		return
	}
	r.keep(c, v)
}

// keep puts a cell into Extra under its head.
func (r *rowReader) keep(c *Column, v string) {
	head := strippedHead(c.Head)
	if head == "" {
		return
	}
	l := r.row.Listing()
	if l.Extra == nil {
		l.Extra = map[string]string{}
	}
	l.Extra[head] = joinText(l.Extra[head], v)
}

// strippedHead is the key in Extra of a column with that head.
func strippedHead(head string) string { return strings.TrimPrefix(head, extraMark) }

// unread tells that a cell was not understood, and keeps it.
func (r *rowReader) unread(c *Column, v, key string) {
	r.warn(c, v, key, nil)
	r.keep(c, v)
}

func (r *rowReader) problem(c *Column, v, key string, args map[string]any) scene.Problem {
	p := scene.Problem{Sheet: r.t.name, Row: r.l.num, Value: v, Key: key, Args: args}
	if c != nil {
		p.Column = c.Head
	}
	return p
}

func (r *rowReader) warn(c *Column, v, key string, args map[string]any) {
	r.told.add(r.problem(c, v, key, args))
}

func (r *rowReader) warnOnce(c *Column, v, key string) {
	r.told.addOnce(r.problem(c, v, key, nil))
}

func (r *rowReader) reject(c *Column, v, key string, args map[string]any) {
	p := r.problem(c, v, key, args)
	p.Rejected = true
	r.told.add(p)
	r.bad = true
}

func (r *rowReader) candidates() string {
	_, s := splitReference(r.row.Opportunity.Reference)
	return s
}

// foundedSerial reads a year of foundation that is a spreadsheet's day count.
func (r *rowReader) foundedSerial(c *Column, v string) {
	if first, _, ok := parseDay(v, r.date1904); ok && !first.IsZero() {
		r.row.Org.Founded = first.Year()
		return
	}
	if !nothing(v) {
		r.unread(c, v, "transfer.date")
	}
}

// finish completes the row from what stands around it, and checks it.
func (r *rowReader) finish() {
	l := r.row.Listing()
	if l.Source == "" {
		l.Source = r.o.Source
	}
	r.validity(l)
	r.name(l)
	r.organisation(l)
	r.lengths()
	if !r.bad {
		r.validate(l)
	}
}

// validity counts a duration from the day of publication, or from today.
func (r *rowReader) validity(l *scene.Listing) {
	if r.months == 0 {
		return
	}
	from := l.ValidFrom
	if from.IsZero() {
		from = r.o.Now
	}
	if from.IsZero() {
		r.unread(r.monthsAt, r.l.cell(r.monthsAt.Index), "transfer.validity_from")
		return
	}
	from = from.In(scene.China())
	day := time.Date(from.Year(), from.Month(), from.Day(), 0, 0, 0, 0, from.Location())
	whole := int(r.months)
	days := int((r.months-float64(whole))*daysPerMonth + 0.5)
	l.ValidTo = day.AddDate(0, whole, days+1).Add(-time.Second)
}

// name makes a name where the sheet has no column for it, and asks for one where it has.
func (r *rowReader) name(l *scene.Listing) {
	if l.Name != "" {
		return
	}
	if c := r.fields[fieldName]; c != nil {
		r.reject(c, "", "transfer.name_missing", nil)
		return
	}
	var text string
	if o := r.row.Opportunity; o != nil {
		text = joinFirst(o.Need, o.Situation, o.Works)
	} else {
		text = joinFirst(r.row.Capability.Description, r.row.Capability.Product)
	}
	if l.Name = beginning(text); l.Name == "" {
		r.reject(r.fields[fieldAbility], "", "transfer.name_missing", nil)
	}
}

func joinFirst(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// organisation carries the name down to continuation rows, and takes the
// leading department for the owner where a list names nobody else.
func (r *rowReader) organisation(l *scene.Listing) {
	switch {
	case r.ownerless:
	case r.row.Org.Name != "":
		org := r.row.Org
		r.lastOrg = &org
	case r.has(fieldOrg) && r.lastOrg != nil:
		own := r.row.Org
		r.row.Org = *r.lastOrg
		fillOrganisation(&r.row.Org, &own)
		r.sheetReader.carried = append(r.sheetReader.carried, r.l.num)
	case r.row.Opportunity != nil && r.row.Opportunity.Department != "":
		r.row.Org.Name, r.row.OwnerGuessed = r.row.Opportunity.Department, !r.has(fieldOrg)
	case r.has(fieldOrg):
		r.reject(r.fields[fieldOrg], "", "transfer.org_missing", nil)
		return
	}
	l.OrgName = r.row.Org.Name
}

// lengths warns of parts longer than the printed form allows.
func (r *rowReader) lengths() {
	if r.layout != Hebei || r.row.Opportunity == nil {
		return
	}
	o := r.row.Opportunity
	for _, part := range []struct {
		field Field
		text  string
	}{{fieldSituation, o.Situation}, {fieldNeed, o.Need}, {fieldTargets, o.Targets}} {
		if n := utf8.RuneCountInString(part.text); n > longText {
			r.warn(r.fields[part.field], "", "transfer.text_long", map[string]any{"length": n, "limit": longText})
		}
	}
}

// validate asks the vocabulary, and tells each fault at the column it came from.
func (r *rowReader) validate(l *scene.Listing) {
	l.State = scene.Draft // the state is the importer's to give
	var errs []error
	if r.row.Opportunity != nil {
		errs = append(errs, r.row.Opportunity.Validate())
	} else {
		errs = append(errs, r.row.Capability.Validate())
	}
	l.State = ""
	if r.row.Org.Name != "" {
		errs = append(errs, r.row.Org.Validate())
	}
	for _, err := range errs {
		e, ok := errors.AsType[*scene.Error](err)
		if !ok {
			continue
		}
		for _, f := range e.Fields {
			c := r.fields[Field(f.Field)]
			v := ""
			if c != nil {
				v = r.l.cell(c.Index)
			}
			r.reject(c, v, f.Key, f.Args)
		}
	}
}
