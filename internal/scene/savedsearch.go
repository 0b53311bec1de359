package scene

import (
	"strings"
	"time"
)

// SavedSearch is a question that somebody keeps (订阅): whoever owns it is told
// of each listing that answers it, once. What it asks is stated like a listing of
// the other side, so that the conditions of both sides count.
type SavedSearch struct {
	ID       ID     `json:"id"`
	Revision int    `json:"revision"` // starts at 1, rises with every write
	Owner    ID     `json:"owner"`    // account
	Name     string `json:"name"`     // for its owner
	// Wants is the kind of listing asked for.
	Wants Kind `json:"wants"`
	// Words must all stand in the listing, each as typed or as a synonym.
	Words string `json:"words,omitempty"`
	// Text describes what is wanted, up to a page. A listing answers that has a
	// good part of its telling words.
	Text string `json:"text,omitempty"`
	// Fields are codes of the dictionary “field”, any one of which will do;
	// Regions divisions where an opportunity lands or a provider delivers.
	Fields  []string `json:"fields,omitempty"`
	Regions []string `json:"regions,omitempty"`
	Modes   []string `json:"modes,omitempty"`
	// Money is the budget at hand where capabilities are wanted, or the price
	// where opportunities are; Months the time likewise.
	Money  MoneyRange `json:"money,omitzero"`
	Months Months     `json:"months,omitzero"`
	// Maturity is what is asked of a capability, or had to offer.
	Maturity Maturity `json:"maturity,omitzero"`
	// Qualifications are titles a provider must hold, or holds.
	Qualifications []string `json:"qualifications,omitempty"`
	OrgID          ID       `json:"org_id,omitempty"` // whose own listings do not count
	// Tell is how soon its owner's inbox tells of what was found; by which ways
	// that goes out is his choice for all searches ([NoticeChoice]). PaceNever
	// leaves it to the page of the search.
	Tell    Pace      `json:"tell,omitempty"`
	Paused  bool      `json:"paused,omitempty"`
	Created time.Time `json:"created"`
	Updated time.Time `json:"updated"`
}

// SearchState is how far a saved search has got with what it found.
type SearchState struct {
	ID      ID        `json:"id"`
	Fresh   int       `json:"fresh"`         // found since its owner last looked
	Waiting int       `json:"waiting"`       // found and not yet told
	Due     time.Time `json:"due,omitzero"`  // when that is told; zero: nothing is to be told
	Told    time.Time `json:"told,omitzero"` // when something was told last
}

// Bounds of a saved search, in code points.
const (
	maxSearchWords = 200
	maxSearchText  = 8_000
)

// Validate checks s and returns an Invalid *Error with one field per fault, or nil.
func (s *SavedSearch) Validate() error {
	var f faults
	f.require("owner", string(s.Owner))
	f.require("name", s.Name)
	f.tooLong("name", s.Name, maxName)
	f.tooLong("words", s.Words, maxSearchWords)
	f.tooLong("text", s.Text, maxSearchText)
	f.check(s.Wants == KindOpportunity || s.Wants == KindCapability, "wants", "search.kind")
	f.check(s.asks(), "words", "saved_search.empty")
	f.check(s.Maturity.Valid(), "maturity", "listing.maturity")
	validRange(&f, "money", s.Money)
	validMonths(&f, "months", s.Months)
	f.check(s.Tell.Valid(), "tell", "saved_search.tell")
	return f.err("saved_search.invalid")
}

// asks reports whether anything but conditions is asked: a search that every
// listing of a side may answer tells nobody anything.
func (s *SavedSearch) asks() bool {
	return strings.TrimSpace(s.Words) != "" || strings.TrimSpace(s.Text) != "" || len(s.Fields) > 0 || len(s.Regions) > 0
}
