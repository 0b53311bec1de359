// Package sheet shows an entry as a form and as a list of facts, for those who
// write it and for those who review it. One table of fields per kind says what
// there is, how it is read and how it is written back.
//
// It stands on the fourth floor beside internal/web and knows no service but
// the entries of internal/registry.
package sheet

import (
	"net/url"
	"slices"
	"strings"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/web/ui"
)

// field is one input of an entry.
type field struct {
	name string // as in JSON, and in the faults of Validate and Ready
	kind string // of ui.Field.Type
	rows int
	max  int
	must bool
	// short takes half a line; example says that the catalogue has a good and a bad one.
	short, example bool
	dictionary     string // of the options of "checks" and "choice"
	options        []string
	get            func(*registry.Entry) []string
	// set takes over what was typed and tells what cannot be read of it.
	set func(*registry.Entry, []string) *Fault
}

// Fault is what is wrong with what was typed into a field: a message of the catalogue.
type Fault struct {
	Key  string
	Args map[string]any // nil for none
}

// unread is the fault of a text that its field cannot take.
func unread(key, typed string) *Fault {
	return &Fault{key, map[string]any{"value": scene.Clip(typed, mostQuoted)}}
}

// group is fields under one heading.
type group struct {
	name   string
	fields []field
}

// Sheet is the entries of one installation.
type Sheet struct{ dict *scene.Dictionaries }

// New returns a Sheet over the dictionaries in force.
func New(dict *scene.Dictionaries) *Sheet { return &Sheet{dict} }

// groups returns the table of a kind.
func (s *Sheet) groups(kind scene.Kind) []group {
	if kind == scene.KindOpportunity {
		return s.needGroups()
	}
	return s.offerGroups()
}

// Form shows the entry as the fields of a form, with the faults beside them.
func (s *Sheet) Form(p *ui.Page, e *registry.Entry, faults map[string]string) []ui.Group {
	var out []ui.Group
	for _, g := range s.groups(e.Kind()) {
		view := ui.Group{Title: p.T("web.sheet.group." + g.name)}
		if p.Has("web.sheet.group." + g.name + ".text") {
			view.Text = p.T("web.sheet.group." + g.name + ".text")
		}
		for _, f := range g.fields {
			view.Fields = append(view.Fields, s.view(p, e, &f, faultOf(faults, f.name)))
		}
		out = append(out, view)
	}
	return out
}

// faultOf is the fault of a field. One of a whole range stands at its upper end.
func faultOf(faults map[string]string, name string) string {
	if of, upper := strings.CutSuffix(name, ".max"); upper && faults[name] == "" {
		return faults[of]
	}
	return faults[name]
}

func (s *Sheet) view(p *ui.Page, e *registry.Entry, f *field, fault string) ui.Field {
	values := f.get(e)
	v := ui.Field{
		Name: f.name, Label: label(p, e.Kind(), f.name), Type: f.kind, Value: strings.Join(values, " "), Fault: fault,
		Required: f.must, Short: f.short, Rows: f.rows, Max: f.max,
	}
	hint := "web.sheet.hint." + string(e.Kind()) + "." + f.name
	if !p.Has(hint) {
		hint = "web.sheet.hint." + f.name
	}
	if p.Has(hint) {
		v.Hint = p.T(hint)
	}
	if f.example {
		of := f.name
		if own := string(e.Kind()) + "." + f.name; p.Has("web.sheet.good." + own) {
			of = own
		}
		v.Good, v.Bad = p.T("web.sheet.good."+of), p.T("web.sheet.bad."+of)
	}
	chosen := map[string]bool{}
	for _, code := range values {
		chosen[code] = true
	}
	if f.kind == "choice" {
		v.Options = append(v.Options, ui.Option{Label: p.T("web.sheet.unknown")})
	}
	for _, o := range f.options {
		v.Options = append(v.Options, ui.Option{Value: o, Label: p.T("web.sheet.option." + f.name + "." + o), Chosen: chosen[o]})
	}
	v.Fold = f.dictionary == scene.DictQualification
	if dict, ok := s.dict.Get(f.dictionary); ok {
		for _, t := range dict.Terms {
			v.Options = append(v.Options, ui.Option{Value: t.Code, Label: s.dict.Label(f.dictionary, t.Code, string(p.Lang)), Chosen: chosen[t.Code]})
		}
	}
	return v
}

// label names a field; some are named otherwise on the two sides.
func label(p *ui.Page, kind scene.Kind, name string) string {
	key := "web.sheet.label." + string(kind) + "." + name
	if !p.Has(key) {
		key = "web.sheet.label." + name
	}
	return p.T(key)
}

// Read takes over into the entry what was typed and returns what could not be
// read, by field. Fields that the form did not have stay as they are.
func (s *Sheet) Read(e *registry.Entry, form url.Values) map[string]Fault {
	faults := map[string]Fault{}
	for _, g := range s.groups(e.Kind()) {
		for _, f := range g.fields {
			values, there := form[f.name]
			if !there && f.kind != "checks" {
				continue
			}
			kept := make([]string, 0, len(values))
			for _, v := range values {
				if v = strings.TrimSpace(strings.ReplaceAll(v, "\r\n", "\n")); v != "" {
					kept = append(kept, v)
				}
			}
			if fault := f.set(e, kept); fault != nil {
				faults[f.name] = *fault
			}
		}
	}
	return faults
}

// Values is what a browser would send of the form of the entry.
func (s *Sheet) Values(e *registry.Entry) url.Values {
	form := url.Values{}
	for _, g := range s.groups(e.Kind()) {
		for _, f := range g.fields {
			form[f.name] = f.get(e)
		}
	}
	return form
}

// Typed are the values of a form that its fields take, as they were typed.
func (s *Sheet) Typed(kind scene.Kind, form url.Values) url.Values {
	typed := url.Values{}
	for _, g := range s.groups(kind) {
		for _, f := range g.fields {
			if values, there := form[f.name]; there {
				typed[f.name] = values
			}
		}
	}
	return typed
}

// Place is the field of the form that advice on a listing speaks of, "" if the
// form has none, with its label.
func (s *Sheet) Place(p *ui.Page, kind scene.Kind, advised string) (name, text string) {
	name = advised
	switch advised {
	case "site_text":
		name = "regions"
	case "budget", "price", "schedule", "delivery":
		name += ".max"
	}
	for _, g := range s.groups(kind) {
		for _, f := range g.fields {
			if f.name == name {
				return name, label(p, kind, name)
			}
		}
	}
	return "", ""
}

// Facts shows what is known of the entry, contacts masked.
func (s *Sheet) Facts(p *ui.Page, e *registry.Entry) []ui.Fact {
	masked := *e
	if e.Opportunity != nil {
		o := *e.Opportunity
		o.Contact = o.Contact.Masked()
		masked = registry.Entry{Opportunity: &o}
	} else {
		c := *e.Capability
		c.Contact = c.Contact.Masked()
		masked = registry.Entry{Capability: &c}
	}
	var facts []ui.Fact
	for _, g := range s.groups(e.Kind()) {
		for _, f := range g.fields {
			if text := s.text(p, &f, f.get(&masked)); text != "" {
				facts = append(facts, ui.Fact{Label: label(p, e.Kind(), f.name), Value: text})
			}
		}
	}
	return facts
}

// Printed shows what a printed list says of the entry: its owner, code and facts,
// none of them empty, without its name, English texts and contact; a range is one
// fact, and what people left of telephone numbers in running text is hidden.
func (s *Sheet) Printed(p *ui.Page, e *registry.Entry) []ui.Fact {
	l := e.Listing()
	facts := []ui.Fact{{Label: p.T("web.rows.org"), Value: l.OrgName}, {Label: p.T("web.listing.code"), Value: l.Code}}
	for _, g := range s.groups(e.Kind()) {
		if g.name == "contact" || g.name == "english" {
			continue
		}
		for _, f := range g.fields {
			if of, shown := whole(p, e, f.name); shown {
				facts = append(facts, of)
			} else if f.name != "name" {
				facts = append(facts, ui.Fact{Label: label(p, e.Kind(), f.name), Value: scene.Redact(s.text(p, &f, f.get(e)))})
			}
		}
	}
	return slices.DeleteFunc(facts, func(f ui.Fact) bool { return strings.TrimSpace(f.Value) == "" })
}

// whole is the fact of which a field of the form is a part, as visitors read it:
// told at its first part, empty at the others. Any other field has none.
func whole(p *ui.Page, e *registry.Entry, field string) (f ui.Fact, shown bool) {
	switch field {
	case "budget.min":
		return ui.Fact{Label: p.T("web.budget"), Value: ui.MoneyRange(p.Lang, e.Opportunity.Budget)}, true
	case "price.min":
		return ui.Fact{Label: p.T("web.price"), Value: ui.MoneyRange(p.Lang, e.Capability.Price)}, true
	case "budget.max", "price.max":
		return ui.Fact{}, true
	case "schedule.max":
		return ui.Fact{Label: p.T("web.schedule"), Value: ui.Months(p.Lang, e.Opportunity.Schedule)}, true
	case "delivery.max":
		return ui.Fact{Label: p.T("web.delivery"), Value: ui.Months(p.Lang, e.Capability.Delivery)}, true
	case "maturity":
		return ui.Fact{Label: p.T("web.maturity.label"), Value: ui.Maturity(p.Lang, e.Capability.Maturity)}, true
	case "valid_to":
		return ui.Fact{Label: p.T("web.valid_to"), Value: ui.Date(p.Lang, e.Listing().ValidTo)}, true
	}
	return ui.Fact{}, false
}

// text renders values for reading.
func (s *Sheet) text(p *ui.Page, f *field, values []string) string {
	var texts []string
	for _, v := range values {
		switch {
		case f.dictionary != "":
			v = s.dict.Label(f.dictionary, v, string(p.Lang))
		case len(f.options) > 0:
			v = p.T("web.sheet.option." + f.name + "." + v)
		}
		texts = append(texts, v)
	}
	return strings.Join(texts, p.T("web.comma"))
}

// Differences shows where two contents of an entry differ, field by field, as
// the form shows them; contacts are masked.
func (s *Sheet) Differences(p *ui.Page, before, after *registry.Entry) []ui.DiffRow {
	a, b := s.Facts(p, before), s.Facts(p, after)
	value := func(list []ui.Fact, label string) string {
		for _, f := range list {
			if f.Label == label {
				return f.Value
			}
		}
		return ""
	}
	var rows []ui.DiffRow
	for _, g := range s.groups(before.Kind()) {
		for _, f := range g.fields {
			name := label(p, before.Kind(), f.name)
			was, is := value(a, name), value(b, name)
			plain := strings.Join(f.get(before), "\n") == strings.Join(f.get(after), "\n")
			if was != is || !plain {
				rows = append(rows, ui.NewDiffRow(name, was, is))
			}
		}
	}
	return rows
}

// History adds to the steps of an entry, the latest first, what each
// changed of it; contents are what it says and has said.
func (s *Sheet) History(p *ui.Page, rows []ui.StepRow, steps []scene.Review, contents []registry.Entry) []ui.StepRow {
	at := map[int]*registry.Entry{}
	for i := range contents {
		at[contents[i].Listing().Revision] = &contents[i]
	}
	for i := range steps {
		before, after := at[steps[i].Wrote-1], at[steps[i].Wrote]
		if before != nil && after != nil {
			rows[len(rows)-1-i].Diff = s.Differences(p, before, after)
		}
	}
	return rows
}

// Label names a field by its path in JSON; one that no form has goes by the path.
func Label(p *ui.Page, kind scene.Kind, path string) string {
	for _, key := range []string{"web.sheet.label." + string(kind) + "." + path, "web.sheet.label." + path} {
		if p.Has(key) {
			return p.T(key)
		}
	}
	return path
}
