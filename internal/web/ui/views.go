package ui

import (
	"slices"
	"strings"

	"jinghe/internal/scene"
)

// Link is a name with an address.
type Link struct {
	Text   string
	URL    string
	Active bool
}

// Card is a listing in a list.
type Card struct {
	Kind    scene.Kind
	URL     string
	Name    []Span
	Org     string
	OrgURL  string
	Excerpt []Span
	Fields  []string // labels of the fields of use
	Facts   []Fact   // budget or price, region, maturity …: only what is known
	Ends    string   // how long it stays open
	Soon    bool     // within a week
	Pick    string   // id by which it can be picked for comparison, "" where it cannot
}

// Fact is a named value. An empty Value is shown as not stated.
type Fact struct {
	Label string
	Value string
}

// Home is the first page.
type Home struct {
	Needs, Offers int
	Fields        []FieldRow // fields of use with their counts
	Newest        []Card
	Ending        []Card
	Batches       []BatchRow // the latest first
	Showcases     []ShowcaseCard
	Hints         []Link // searches to try
	Notice        string
}

// FieldRow is one row of the market overview. Shares are per cent of the largest count.
type FieldRow struct {
	Label                  string
	Needs, Offers          int
	NeedsURL, OffersURL    string
	NeedShare, OffersShare int
}

// Results is a page of search results of one kind.
type Results struct {
	Kind      scene.Kind
	Tabs      []Tab
	Query     string
	Corrected string // query as the index understood it, if another
	Partial   bool   // the results have some of the words only
	Tries     []Link // other searches, where nothing was found
	Total     int
	Cards     []Card
	Facets    []Facet
	Chosen    []Link // filters in force; each link takes one away
	ClearURL  string
	Sorts     []Link
	Hidden    []Fact // parameters that a new keyword search keeps
	Pager     Pager
	Notice    string
	// Keep is where this search can be kept, "" where nobody can or nothing is asked.
	Keep    string
	Lines   bool   // a table instead of cards
	Views   []Link // cards and table, the active one among them
	FeedURL string // what is new under these filters
	Beyond  string // where the last page is, if this one is behind it
}

// nothing is what an empty list says: that nothing fits what was asked, or that
// nothing was asked and there is nothing yet.
func (v *Results) nothing() string {
	if v.Query == "" && len(v.Chosen) == 0 {
		return "web.results.none"
	}
	return "web.results.empty"
}

// Tab switches between the kinds.
type Tab struct {
	Link
	Kind  scene.Kind
	Count int // -1 is not known
}

// Facet is a group of filters.
type Facet struct {
	Label  string
	Values []FacetValue
}

// FacetValue is one filter with the number of results it would give.
type FacetValue struct {
	Link
	Count int
}

// Pager moves through pages; empty addresses are not shown.
type Pager struct {
	Prev, Next  string
	Page, Pages int
}

// ListingPage is an opportunity or a capability in full.
type ListingPage struct {
	Kind   scene.Kind
	Name   string
	Code   string
	Batch  string
	Org    string
	OrgURL string
	Fields []Link
	Notice string // why it is not open, if it is not
	Ends   string
	Soon   bool
	Lead   string // English summary, where there is one
	Parts  []TextPart
	Facts  []Fact // money, time, place …
	Terms  []Fact // what the other side has to bring
	Cases  []CaseRow
	Tags   []string
	Match  Matches
	Begin  Link // for who is interested
	Files  *Files
	// CardURL is the card to share.
	CardURL string
}

// TextPart is one headed part of a description.
type TextPart struct {
	Heading string
	Text    string
}

// CaseRow is a use at a customer.
type CaseRow struct {
	Customer, Year, Result string
}

// Matches is the other side of the market for one listing.
type Matches struct {
	Kind     scene.Kind // of the matches
	Items    []Match
	Excluded []Excluded
	Changes  []Change // what the side that asks could change
	// Consortium is a group that brings what no single match does, nil if there is none.
	Consortium *Consortium
	Orders     []Link // ways to order the list, the active one among them
	Compare    string // id of the listing that asks, where its matches can be set side by side
	Notice     string // why there is nothing, or what is incomplete
	MoreURL    string
	Unfold     Link // the same list with everything shown, or only the first again
	Version    string
	Listed     string   // when the counterparts were chosen, where that was ahead of being asked
	AskURL     string   // works it out now
	Note       string   // what the ranking had to do without
	Passed     []Passed // what the reader's organisation does not want
	Done       string   // what was just done with one of them
	Clarity    *Clarity // nil where the listing says enough, or nobody looked
}

// Clarity says how much of a listing is told, and what to add.
type Clarity struct {
	Score   int // per cent
	Vague   bool
	Missing string // names of what to add, joined
	Tips    []Tip
}

// Tip is one thing to write, with an example.
type Tip struct{ Advice, Example string }

// MatchesPage is the full list of matches of one listing.
type MatchesPage struct {
	Kind    scene.Kind // of the listing that asks
	Name    string
	BackURL string
	Org     string
	Facts   []Fact
	Match   Matches
}

// Match is one explained pair.
type Match struct {
	ID       string
	Rank     int
	Score    int // per cent
	Name     string
	URL      string
	Org      string
	OrgURL   string
	Unsure   bool // a condition could not be checked
	Pinned   bool // a person put the pair first
	Reason   string
	Moved    string // why it does not stand where its score puts it
	Parts    []PartBar
	Quotes   []Quote
	Gaps     []Gap
	Total    string // sum of all points, where all parts are shown
	Open     bool   // show parts, gaps and evidence unasked
	ForNeed  int    // value to the side that asks for technology, per cent
	ForOffer int
	Begin    Link  // where the pair can be begun, or its case where it was
	Pass     *Form // by which the reader's organisation passes the match over
	New      bool  // it was not there at the last look
}

// Passed is a match that the reader's organisation passed over, with the way back.
type Passed struct {
	Name, URL, Org  string
	Why, Text, When string
	Back            Form
}

// Mine is the matches of all entries of an organisation.
type Mine struct {
	Notice     string
	Total, New int // entries that are open, and matches that are new on this page
	Entries    []MineEntry
	Prev, Next string
}

// MineEntry is the best matches of one of them.
type MineEntry struct {
	ID, Name, URL string
	Kind          scene.Kind
	All           string // address of all of its matches
	New           int
	Match         Matches
}

// unknown is how many conditions could not be checked.
func (m *Match) unknown() int {
	n := 0
	for _, g := range m.Gaps {
		if !g.Unmet {
			n++
		}
	}
	return n
}

// partsID names the table of the parts that is drawn: on a page of matches of one
// listing alone, for a counterpart may match several.
func (m *Match) partsID() string { return "parts-" + m.ID }

// PartBar is one signal of a score. Value is per cent; Points is what it adds
// to the score in hundredths; Axis is its place among the signals of the method.
type PartBar struct {
	Label  string
	Value  int
	Points string
	Axis   int
}

// Quote is a passage of either side that speaks for the pair.
type Quote struct {
	Side  string // label
	Need  bool   // it stands in the opportunity
	Field string // label
	Text  []Span
}

// Gap is a condition that is not met or could not be checked.
type Gap struct {
	Label      string
	Unmet      bool
	Have, Want string
	Advice     string
}

// Excluded is a pair that a known condition removed.
type Excluded struct {
	Name, URL, Org string
	Gaps           []Gap
}

// Consortium is a group of providers that together bring what a need asks for.
type Consortium struct {
	Text    string
	Members []Excluded // without gaps
	Clauses []Covered
	Form    Link // where the reader brings it together, zero where he may not
}

// Covered is one thing a need asks for and who brings it; By is empty where nobody does.
type Covered struct {
	Label, Want, By string
	Quotes          []Quote
}

// Change is one change of the side that asks, and whom it would admit.
type Change struct {
	Text   string
	Admits []Link
}

// OrganisationPage is an organisation with its open listings.
type OrganisationPage struct {
	Name           string
	NameEn         string
	Facts          []Fact
	Profile        string
	Industries     []string
	Qualifications []QualificationRow
	Needs, Offers  []Card
}

// QualificationRow is a title an organisation holds.
type QualificationRow struct {
	Label, Level, Until string
}

// ErrorPage tells what went wrong and what to do now.
type ErrorPage struct {
	Status  int
	Heading string
	Text    string
}

// Reference describes the API for people.
type Reference struct {
	Groups []OperationGroup
	// Start is the way from nothing to a first match, one command after the other.
	Start []StartStep
}

// Here stands in commands for the address of the site, where that is what the
// reader's browser was sent to; see [Reference.At].
const Here = "http://127.0.0.1:8080"

// At returns r with the address of the site in its commands.
func (r Reference) At(address string) Reference {
	out := Reference{Start: slices.Clone(r.Start)}
	for i := range out.Start {
		out.Start[i].Command = strings.ReplaceAll(out.Start[i].Command, Here, address)
	}
	for _, g := range r.Groups {
		g.Operations = slices.Clone(g.Operations)
		for i := range g.Operations {
			g.Operations[i].Curl = strings.ReplaceAll(g.Operations[i].Curl, Here, address)
		}
		out.Groups = append(out.Groups, g)
	}
	return out
}

// StartStep is one command of that way.
type StartStep struct {
	Name    string // its sentence is web.reference.start.NAME
	Command string
}

// OperationGroup is the operations of one noun.
type OperationGroup struct {
	Name       string // in both languages, with a dot between
	Text       string // English, what the noun is
	Operations []Operation
}

// Operation is one method of one path.
type Operation struct {
	ID, Method, Path string
	Summary          string
	Description      string
	Params           []Param
	Example          string // of the answer, JSON
	Try              string // an address that answers, for an open GET without path parameters
	// Guarded says that an access token is needed, Scopes which of its scopes.
	Guarded bool
	Scopes  []string
	Sent    string  // example of what is sent, JSON
	Fields  []Param // of what is sent
	Curl    string  // the operation as one command
}

// Param is an input of an operation.
type Param struct {
	Name, In, Type string
	Required       bool
	Doc            string
}
