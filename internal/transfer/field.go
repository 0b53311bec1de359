package transfer

import (
	"strings"

	"jinghe/internal/scene"
)

// Field is what a column means. The constants are stable: they are stored in
// remembered mappings.
type Field string

// Ignore in a mapping says that a column is to be left out.
const Ignore Field = "ignore"

// The fields that more than one part of this package speaks of; the others
// stand in the tables of fields only.
const (
	fieldLabel         Field = "label"
	fieldCode          Field = "code"
	fieldName          Field = "name"
	fieldOrg           Field = "org"
	fieldCategory      Field = "category"
	fieldFields        Field = "fields"
	fieldIndustries    Field = "industries"
	fieldAbility       Field = "ability"
	fieldDepartment    Field = "department"
	fieldSite          Field = "site"
	fieldRegions       Field = "regions"
	fieldContact       Field = "contact"
	fieldPerson        Field = "person"
	fieldPhone         Field = "phone"
	fieldMail          Field = "mail"
	fieldKeywords      Field = "keywords"
	fieldOrgKind       Field = "org_kind"
	fieldOwnerKind     Field = "owner_kind"
	fieldSituation     Field = "situation"
	fieldNeed          Field = "need"
	fieldTargets       Field = "targets"
	fieldDescription   Field = "description"
	fieldProduct       Field = "product"
	fieldScenarios     Field = "scenarios"
	fieldTech          Field = "technology"
	fieldReference     Field = "reference"
	fieldCandidates    Field = "candidates"
	fieldModes         Field = "modes"
	fieldBudget        Field = "budget"
	fieldPrice         Field = "price"
	fieldMaturity      Field = "maturity"
	fieldOrgRegion     Field = "org_region"
	fieldOrgTitles     Field = "org_qualifications"
	fieldResources     Field = "resources"
	fieldNeedType      Field = "need_type"
	fieldProductForm   Field = "product_form"
	fieldLevel         Field = "level"
	fieldValidTo       Field = "valid_to"
	fieldValidFrom     Field = "valid_from"
	fieldCreditCode    Field = "credit_code"
	fieldAvailableOnly Field = "state" // printed for people, not read
)

// spec is one field: how its column is headed, read and written.
type spec struct {
	field Field
	side  scene.Kind // "" for both
	head  string     // as our own layout prints it
	// also lists other heads, separated by blanks; one with "=" before it
	// counts only where the printed head is equal to it.
	also string
	many bool // several columns may feed it
	// What a cell may hold, for a template: terms of a dictionary, one of a few
	// words, or anything, such as those.
	dict      string
	one, like []string
	set       func(r *rowReader, c *Column, v string)
	get       func(e *encoder, r *scene.Row) string
}

// on reports whether the field exists for kind.
func (s *spec) on(kind scene.Kind) bool { return s.side == "" || s.side == kind }

// catalogue is the table of fields of one kind, in the order of our own
// layout. It belongs to one read or write.
type catalogue struct {
	specs []spec
	at    map[Field]*spec
	known []knownHead
	exact map[string][]int // folded head → known
	grams map[string][]int // bigram → known
	memo  map[string][]claim
}

// knownHead is a folded head that a field goes by.
type knownHead struct {
	headText
	field Field
	equal bool // counts only where equal
}

func newCatalogue(kind scene.Kind) *catalogue {
	all := append(identitySpecs(), organisationSpecs()...)
	if kind == scene.KindOpportunity {
		all = append(all, opportunitySpecs()...)
	} else {
		all = append(all, capabilitySpecs()...)
	}
	all = append(all, listingSpecs()...)
	c := &catalogue{
		at: map[Field]*spec{}, exact: map[string][]int{}, grams: map[string][]int{}, memo: map[string][]claim{},
	}
	for _, s := range all {
		if s.on(kind) {
			c.specs = append(c.specs, s)
		}
	}
	for i := range c.specs {
		s := &c.specs[i]
		c.at[s.field] = s
		c.learn(s.field, s.head, false)
		for _, h := range strings.Fields(s.also) {
			bare := strings.TrimPrefix(h, "=")
			c.learn(s.field, bare, bare != h)
		}
	}
	return c
}

// learn adds a head that field goes by.
func (c *catalogue) learn(field Field, head string, equal bool) {
	k := knownHead{headText: newHeadText(foldHead(head)), field: field, equal: equal}
	i := len(c.known)
	c.known = append(c.known, k)
	c.exact[k.text] = append(c.exact[k.text], i)
	for _, g := range k.grams {
		c.grams[g] = append(c.grams[g], i)
	}
}

// textField is a field that holds the cell's text as it is.
func textField(f Field, side scene.Kind, head, also string, at func(*scene.Row) *string) spec {
	return spec{
		field: f, side: side, head: head, also: also,
		set: func(r *rowReader, _ *Column, v string) {
			p := at(&r.row)
			*p = joinText(*p, v)
		},
		get: func(_ *encoder, r *scene.Row) string { return *at(r) },
	}
}

// nameField is a field whose text is one line.
func nameField(f Field, side scene.Kind, head, also string, at func(*scene.Row) *string) spec {
	s := textField(f, side, head, also, at)
	s.set = func(r *rowReader, _ *Column, v string) { *at(&r.row) = oneLine(v) }
	return s
}

// codesField is a field that holds codes of a dictionary. What the dictionary
// does not know stays in Extra.
func codesField(f Field, side scene.Kind, head, also, dict string, at func(*scene.Row) *[]string) spec {
	return spec{
		field: f, side: side, head: head, also: also, dict: dict,
		set: func(r *rowReader, c *Column, v string) {
			codes, rest := r.terms.find(dict, v)
			*at(&r.row) = unique(append(*at(&r.row), codes...))
			if len(rest) > 0 {
				r.keep(c, v)
			}
		},
		get: func(e *encoder, r *scene.Row) string {
			return e.asPrinted(f, r, e.terms.write(dict, *at(r)))
		},
	}
}

// listField is a field that holds free words, one a piece.
func listField(f Field, side scene.Kind, head, also string, at func(*scene.Row) *[]string) spec {
	return spec{
		field: f, side: side, head: head, also: also, many: true,
		set: func(r *rowReader, _ *Column, v string) {
			if !nothing(v) {
				*at(&r.row) = unique(append(*at(&r.row), pieces(v)...))
			}
		},
		get: func(_ *encoder, r *scene.Row) string { return strings.Join(*at(r), "、") },
	}
}

// truthField is a field that holds 是, 否 or nothing.
func truthField(f Field, side scene.Kind, head, also string, at func(*scene.Row) *scene.Truth) spec {
	return spec{
		field: f, side: side, head: head, also: also, one: yesNo(),
		set: func(r *rowReader, c *Column, v string) {
			t, ok := truth(v)
			if !ok {
				r.unread(c, v, "transfer.truth")
				return
			}
			*at(&r.row) = t
		},
		get: func(_ *encoder, r *scene.Row) string { return truthWord(*at(r)) },
	}
}

func yesNo() []string { return []string{truthWord(scene.Yes), truthWord(scene.No)} }

// joinText appends v to a text that another cell began.
func joinText(s, v string) string {
	if s == "" || s == v {
		return v
	}
	return s + "\n" + v
}

func listing(at func(*scene.Listing) *string) func(*scene.Row) *string {
	return func(r *scene.Row) *string { return at(r.Listing()) }
}

func listingCodes(at func(*scene.Listing) *[]string) func(*scene.Row) *[]string {
	return func(r *scene.Row) *[]string { return at(r.Listing()) }
}
