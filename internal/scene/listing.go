package scene

import (
	"slices"
	"time"
)

// Kind tells the two sides of the market apart.
type Kind string

// The kinds of listing.
const (
	KindOpportunity Kind = "opportunity" // 场景机会, demand
	KindCapability  Kind = "capability"  // 场景能力, supply
	// KindOrganisation is neither: who has listings, where a proposal or a search is of that.
	KindOrganisation Kind = "organisation"
)

// State is where a listing stands between draft and its end.
type State string

// The states, in the order of a listing's life.
const (
	Draft            State = "draft"
	Submitted        State = "submitted"
	FormalReview     State = "formal_review"
	DepartmentReview State = "department_review"
	ExpertReview     State = "expert_review" // optional
	Published        State = "published"
	Paused           State = "paused"
	Expired          State = "expired"
	Closed           State = "closed"
	Landed           State = "landed"
)

// Next returns the states that may follow s, in the order in which a
// person would expect to see them offered.
func (s State) Next() []State {
	switch s {
	case Draft:
		return []State{Submitted, Closed}
	case Submitted:
		return []State{FormalReview, Draft, Closed}
	case FormalReview:
		return []State{DepartmentReview, Draft, Closed}
	case DepartmentReview:
		return []State{Published, ExpertReview, Draft, Closed}
	case ExpertReview:
		return []State{Published, Draft, Closed}
	case Published:
		return []State{Paused, Landed, Expired, Closed}
	case Paused:
		return []State{Published, Expired, Closed}
	case Expired:
		return []State{Published, Closed}
	default:
		return nil
	}
}

// CanBecome reports whether a listing in state s may change to t.
func (s State) CanBecome(t State) bool {
	return slices.Contains(s.Next(), t)
}

// Valid reports whether s is one of the states.
func (s State) Valid() bool {
	switch s {
	case Draft, Submitted, FormalReview, DepartmentReview, ExpertReview,
		Published, Paused, Expired, Closed, Landed:
		return true
	}
	return false
}

// Listing is what an opportunity and a capability have in common.
type Listing struct {
	ID       ID     `json:"id"`
	Revision int    `json:"revision"`        // starts at 1, rises with every write
	Code     string `json:"code,omitempty"`  // 编号 as printed in its list
	Batch    string `json:"batch,omitempty"` // 第N批
	// Source names the list or system it came from. Source and Code together
	// identify an imported row that has a real code.
	Source string `json:"source,omitempty"`
	// RowLabel is the 序号 of the source row: for people, never an identity.
	RowLabel string `json:"row_label,omitempty"`
	Name     string `json:"name"`
	NameEn   string `json:"name_en,omitempty"`
	Summary  string `json:"summary_en,omitempty"` // English summary
	OrgID    ID     `json:"org_id,omitempty"`
	OrgName  string `json:"org_name"` // as at the last write, for lists and search
	// Fields are codes of the dictionary “field” (应用领域).
	Fields []string `json:"fields,omitempty"`
	// Industries are codes of the dictionary “industry”.
	Industries []string `json:"industries,omitempty"`
	// Category is the category cell as written, also where no dictionary knows it.
	Category string   `json:"category,omitempty"`
	Keywords []string `json:"keywords,omitempty"`
	// Modes are codes of the dictionary “mode” (合作方式).
	Modes    []string `json:"modes,omitempty"`
	Maturity Maturity `json:"maturity,omitzero"`
	// Regions are division codes: where an opportunity is to land, or where a
	// provider can deliver. Empty is not known.
	Regions []string `json:"regions,omitempty"`
	Contact Contact  `json:"contact,omitzero"` // protected
	// Extra keeps the cells of columns that no field takes, by their head, so
	// that nothing of a workbook is lost.
	Extra map[string]string `json:"extra,omitempty"`

	// Origin is set for one that belongs to another city's centre, see [Listing.Foreign].
	Origin *Origin `json:"origin,omitempty"`

	State     State     `json:"state"`
	ValidFrom time.Time `json:"valid_from,omitzero"`
	ValidTo   time.Time `json:"valid_to,omitzero"` // last instant of validity; zero is open
	Created   time.Time `json:"created"`
	Updated   time.Time `json:"updated"`
}

// Open reports whether the listing is published and valid at the given instant.
func (l *Listing) Open(at time.Time) bool {
	return l.State == Published && (l.ValidFrom.IsZero() || !at.Before(l.ValidFrom)) &&
		!l.RunOut(at)
}

// RunOut reports whether an instant is past the validity of the listing.
func (l *Listing) RunOut(at time.Time) bool { return !l.ValidTo.IsZero() && at.After(l.ValidTo) }

// IdentityKey returns the identity of an imported row: source, kind and code
// where the list has real codes, else kind, folded name and folded organisation.
func (l *Listing) IdentityKey(kind Kind) string {
	if l.Code != "" {
		return "code\x1f" + l.Source + "\x1f" + string(kind) + "\x1f" + l.Code
	}
	return "name\x1f" + string(kind) + "\x1f" + NameKey(l.Name) + "\x1f" + NameKey(l.OrgName)
}

func (l *Listing) validate(f *faults) {
	f.require("name", l.Name)
	f.tooLong("name", l.Name, maxName)
	f.check(l.State.Valid(), "state", "listing.state")
	f.check(l.Maturity.Valid(), "maturity", "listing.maturity")
	f.check(l.ValidFrom.IsZero() || l.ValidTo.IsZero() || !l.ValidTo.Before(l.ValidFrom),
		"valid_to", "listing.validity")
}

func validRange(f *faults, field string, r MoneyRange) {
	f.check(r.Min >= 0 && r.Max >= 0, field, "money.negative")
	f.check(r.Max <= 0 || r.Min <= r.Max, field, "money.order")
}

func validMonths(f *faults, field string, m Months) {
	f.check(m.Min >= 0 && m.Max >= 0, field, "months.negative")
	f.check(m.Max <= 0 || m.Min <= m.Max, field, "months.order")
}

// validMLPS: levels of 等保 go from 1 to 5, of which firms reach 2 to 4; 0 is none stated.
func validMLPS(level int) bool { return level >= 0 && level <= 5 }
