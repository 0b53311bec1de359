package registry

import (
	"time"

	"jinghe/internal/scene"
)

// file is one list after the rows that are the same thing were joined.
type file struct {
	orgs     []*scene.Organisation
	orgAt    map[string]int // by credit code and by name key
	listings []*scene.Row   // opportunities first, then capabilities, each in row order
	merged   int
	problems []scene.Problem
}

// gather joins rows: organisations by credit code or folded name, listings by
// identity. Rows that break a rule are told and left out.
func gather(rows []scene.Row, source string) *file {
	f := &file{orgAt: map[string]int{}}
	codes := codesByName(rows)
	at := map[string]*scene.Row{}
	for _, kind := range []scene.Kind{scene.KindOpportunity, scene.KindCapability} {
		for i := range rows {
			if rows[i].Kind() == kind {
				f.add(&rows[i], source, codes, at)
			}
		}
	}
	return f
}

// codesByName counts the different names that one code stands beside: a code
// that is given to several things identifies none of them.
func codesByName(rows []scene.Row) map[string]map[string]bool {
	names := map[string]map[string]bool{}
	for i := range rows {
		l := rows[i].Listing()
		if l.Code == "" {
			continue
		}
		key := string(rows[i].Kind()) + "\x1f" + l.Code
		if names[key] == nil {
			names[key] = map[string]bool{}
		}
		names[key][scene.NameKey(l.Name)] = true
	}
	return names
}

func (f *file) add(row *scene.Row, source string, codes map[string]map[string]bool, at map[string]*scene.Row) {
	own := cloneRow(row)
	l := own.Listing()
	if source != "" {
		l.Source = source // what the importer says counts more than a column of the file
	}
	if l.Code != "" && len(codes[string(own.Kind())+"\x1f"+l.Code]) > 1 {
		f.tell(row, "import.code_repeated", map[string]any{"code": l.Code}, false)
		if l.RowLabel == "" {
			l.RowLabel = l.Code
		}
		l.Code = ""
	}
	if own.Org.Name == "" {
		own.Org.Name = l.OrgName
	}
	l.OrgName = own.Org.Name
	if err := validate(own); err != nil {
		f.reject(row, err)
		return
	}
	f.organisation(own)
	identity := l.IdentityKey(own.Kind())
	if first, ok := at[identity]; ok {
		f.merged++
		joinListing(first, own)
		return
	}
	at[identity] = own
	f.listings = append(f.listings, own)
}

// cloneRow copies a row deep enough that joining never writes into the
// caller's, in the form in which the store gives rows back: instants in UTC,
// titles once. So a row can be compared with the stored one.
func cloneRow(row *scene.Row) *scene.Row {
	own := *row
	if row.Opportunity != nil {
		o := *row.Opportunity
		own.Opportunity = &o
	} else {
		c := *row.Capability
		c.Qualifications = joinQualifications(nil, c.Qualifications)
		own.Capability = &c
	}
	own.Org.Qualifications = joinQualifications(nil, row.Org.Qualifications)
	l := own.Listing()
	l.ValidFrom, l.ValidTo = asStored(l.ValidFrom), asStored(l.ValidTo)
	cloneExtra(l)
	return &own
}

// asStored is the instant as a store gives it back: in UTC, to the microsecond.
func asStored(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.UTC().Truncate(time.Microsecond)
}

// validate checks the row as it would be written; its state is set later.
func validate(row *scene.Row) error {
	l := row.Listing()
	state := l.State
	l.State = scene.Draft
	defer func() { l.State = state }()
	if row.Opportunity != nil {
		return row.Opportunity.Validate()
	}
	return row.Capability.Validate()
}

func (f *file) organisation(row *scene.Row) {
	if row.Org.Name == "" {
		return
	}
	org := row.Org
	keys := orgKeys(&org)
	for _, key := range keys {
		i, ok := f.orgAt[key]
		if !ok {
			continue
		}
		have := f.orgs[i]
		if have.CreditCode != "" && org.CreditCode != "" && have.CreditCode != org.CreditCode {
			f.tell(row, "import.credit_code_differs", map[string]any{
				"org": org.Name, "code": string(org.CreditCode), "kept": string(have.CreditCode),
			}, false)
		}
		addOrganisation(have, &org)
		for _, k := range keys {
			f.orgAt[k] = i
		}
		return
	}
	f.orgs = append(f.orgs, &org)
	for _, key := range keys {
		f.orgAt[key] = len(f.orgs) - 1
	}
}

// orgKeys returns the keys an organisation is known by, surest first.
func orgKeys(o *scene.Organisation) []string {
	keys := []string{"name\x1f" + scene.NameKey(o.Name)}
	if o.CreditCode != "" {
		keys = append([]string{"code\x1f" + string(o.CreditCode)}, keys...)
	}
	return keys
}

// joinListing lets a later row of the same thing fill what the first left blank.
func joinListing(first, more *scene.Row) {
	if first.Opportunity != nil {
		keep := *first.Opportunity
		overlay(first.Opportunity, more.Opportunity)
		overlay(first.Opportunity, &keep)
		return
	}
	keep := *first.Capability
	overlay(first.Capability, more.Capability)
	overlay(first.Capability, &keep)
}

func (f *file) tell(row *scene.Row, key string, args map[string]any, rejected bool) {
	f.problems = append(f.problems, scene.Problem{
		File: row.File, Sheet: row.Sheet, Row: row.Line, Key: key, Args: args, Rejected: rejected,
	})
}

func (f *file) reject(row *scene.Row, err error) {
	f.problems = append(f.problems, rowProblems(row, err)...)
}
