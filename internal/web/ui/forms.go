package ui

import (
	"slices"
	"strings"
)

// Form is a form of one page.
type Form struct {
	Action  string
	Fault   string // what is wrong with the whole; the fields say the rest
	Groups  []Group
	Buttons []Button // the first is what is usually meant
	Back    Link     // a way out that changes nothing
	// Lax leaves checking to the server, so that a draft may be kept incomplete.
	Lax bool
	// Keep names the form for keeping what is typed in the browser's tab.
	Keep string
	// Draft is where a script keeps what is typed on the server, "" if nowhere,
	// and Since when what stands in the form was kept there, in milliseconds of
	// Unix time: what the tab has is put in only where it is newer.
	Draft string
	Since int64
	// Queue names what the form says, for a script that keeps it until there is a
	// network; "" sends it at once or not at all.
	Queue string
	// Puzzle and Bits are the proof of work that a script adds, "" for none.
	Puzzle string
	Bits   int
}

// Group is fields that belong together.
type Group struct {
	Title, Text string
	Fields      []Field
}

// hidden reports whether there is nothing to see in the group.
func (g *Group) hidden() bool {
	return !slices.ContainsFunc(g.Fields, func(f Field) bool { return f.Type != "hidden" })
}

// Field is one input with what a person has to know about it.
type Field struct {
	Name, Label string
	// Form tells the fields of one name apart on a page with several forms.
	Form string
	// Type is that of an <input>, or "text-area", "choice" (one of Options in a
	// list), "radio", "checks" (any of Options), "check" (yes or nothing).
	Type     string
	Value    string
	Options  []Option
	Hint     string
	Fault    string
	Good     string // a worked example
	Bad      string // and one that nobody can use
	Required bool
	Short    bool // takes little room
	// Fold shows of "checks" what is chosen, and the whole long list when it is opened.
	Fold     bool
	Rows     int
	Max      int    // characters
	Complete string // autocomplete
	Mode     string // inputmode
	Link     Link   // behind a check
}

// Option is one value that can be chosen.
type Option struct {
	Value, Label string
	Chosen       bool
}

// Button sends a form.
type Button struct {
	Label       string
	Name, Value string
	Danger      bool
	Key         string // that presses it on pages with keys
	Of          string // what it is about, for those who do not see where it stands
}

// faulty returns the fields with a fault.
func (f *Form) faulty() []Field {
	var list []Field
	for _, g := range f.Groups {
		for _, x := range g.Fields {
			if x.Fault != "" {
				list = append(list, x)
			}
		}
	}
	return list
}

// chosen are the labels of the options that are chosen.
func (f *Field) chosen() []string {
	var list []string
	for _, o := range f.Options {
		if o.Chosen {
			list = append(list, o.Label)
		}
	}
	return list
}

// folded says what is chosen of a field whose options are folded.
func (p *Page) folded(f Field) string {
	list := f.chosen()
	if len(list) == 0 {
		return p.T("web.form.fold.none", "count", len(f.Options))
	}
	return p.T("web.form.fold.some", "count", len(list)) + strings.Join(list, p.T("web.comma"))
}

// place is the name of the field on its page.
func (f *Field) place() string {
	if f.Form != "" {
		return f.Form + "-" + f.Name
	}
	return f.Name
}

// described names the texts that explain a field to those who do not see it.
func (f *Field) described() string {
	var ids []string
	if f.Fault != "" {
		ids = append(ids, "fault-"+f.place())
	}
	if f.Hint != "" {
		ids = append(ids, "hint-"+f.place())
	}
	return strings.Join(ids, " ")
}

func (f *Field) inputType() string {
	switch f.Type {
	case "checks":
		return "checkbox"
	case "":
		return "text"
	}
	return f.Type
}

// counted reports whether a script counts the characters of a line: where a
// sentence is written, not a number or a name to sign in by.
func (f *Field) counted() bool { return f.inputType() == "text" && f.Good != "" }
