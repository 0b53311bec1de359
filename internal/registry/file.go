package registry

import (
	"fmt"
	"time"

	"jinghe/internal/scene"
)

// file is one list after the rows that are the same thing were joined.
type file struct {
	orgs     []*scene.Organisation
	orgRows  []*scene.Row   // the row that told of each organisation first
	orgAt    map[string]int // by credit code and by name key
	listings []*scene.Row   // opportunities first, then capabilities, each in row order
	at       map[string]*scene.Row
	named    map[string][]*scene.Row // by kind, folded name and owner
	refused  []*scene.Row            // rows that broke a rule
	merged   int
	joined   []RowReport
	problems []scene.Problem
}

// gather joins rows: organisations by credit code or folded name, listings by
// identity, one without a code also by name and owner. Rows that break a rule
// are told and left out.
func gather(rows []scene.Row, source string) *file {
	f := &file{orgAt: map[string]int{}, at: map[string]*scene.Row{}, named: map[string][]*scene.Row{}}
	codes := codesByName(rows)
	for _, kind := range []scene.Kind{scene.KindOpportunity, scene.KindCapability} {
		for i := range rows {
			if rows[i].Kind() == kind {
				f.add(&rows[i], source, codes)
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

func (f *file) add(row *scene.Row, source string, codes map[string]map[string]bool) {
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
		f.reject(own, rowProblems(row, err)...)
		return
	}
	place := fmt.Sprintf("%s\x1f%s\x1f%d", own.Kind(), scene.NameKey(l.Name), f.organisation(own))
	first, several := f.twin(own, place)
	switch {
	case several:
		f.reject(own, rowProblem(row, "import.name_several", map[string]any{"name": l.Name, "org": l.OrgName}, true))
	case first != nil:
		f.merged++
		f.joined = append(f.joined, rowReport(own, "", Joined))
		joinListing(first, own)
		f.at[first.Listing().IdentityKey(first.Kind())] = first // it may have got its code just now
	default:
		f.at[l.IdentityKey(own.Kind())] = own
		f.named[place] = append(f.named[place], own)
		f.listings = append(f.listings, own)
	}
}

// twin finds the earlier row that is the same thing: by identity, or by name
// and owner where one of the two has no code. several says that more than one
// could be meant.
func (f *file) twin(own *scene.Row, place string) (first *scene.Row, several bool) {
	l := own.Listing()
	if same := f.at[l.IdentityKey(own.Kind())]; same != nil {
		return same, false
	}
	for _, have := range f.named[place] {
		if l.Code != "" && have.Listing().Code != "" {
			continue
		}
		if first != nil {
			return nil, true
		}
		first = have
	}
	return first, false
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
	l.Contact = unmasked(l.Contact)
	own.Org.Contact = unmasked(own.Org.Contact)
	return &own
}

// unmasked drops the parts of a contact that are hidden: they say nothing new.
func unmasked(c scene.Contact) scene.Contact {
	for _, part := range []*string{&c.Person, &c.Phone, &c.Mail, &c.Raw} {
		if scene.IsMasked(*part) {
			*part = ""
		}
	}
	return c
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

// organisation joins what the row tells of its owner with what earlier rows
// told, and returns the owner's position, or -1. Two credit codes are two
// organisations: nothing is joined then, and the first to bear the name keeps it.
func (f *file) organisation(row *scene.Row) int {
	if row.Org.Name == "" {
		return -1
	}
	org := row.Org
	i := f.orgIndex(&org)
	if i < 0 {
		i = len(f.orgs)
		f.orgs, f.orgRows = append(f.orgs, &org), append(f.orgRows, row)
	} else if have := f.orgs[i]; differ(have.CreditCode, org.CreditCode) {
		f.tell(row, "import.credit_code_differs", codesArgs(have, &org), false)
		return i
	} else {
		addOrganisation(have, &org)
	}
	for _, key := range orgKeys(&org) {
		if _, taken := f.orgAt[key]; !taken {
			f.orgAt[key] = i
		}
	}
	return i
}

// orgIndex returns the position of the organisation in orgs, or -1.
func (f *file) orgIndex(o *scene.Organisation) int {
	for _, key := range orgKeys(o) {
		if i, ok := f.orgAt[key]; ok {
			return i
		}
	}
	return -1
}

// differ reports that two credit codes are known and not the same.
func differ(a, b scene.CreditCode) bool { return a != "" && b != "" && a != b }

func codesArgs(kept, told *scene.Organisation) map[string]any {
	return map[string]any{"org": told.Name, "code": string(told.CreditCode), "kept": string(kept.CreditCode)}
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
	f.problems = append(f.problems, rowProblem(row, key, args, rejected))
}

func (f *file) reject(row *scene.Row, told ...scene.Problem) {
	f.problems = append(f.problems, told...)
	f.refused = append(f.refused, row)
}
