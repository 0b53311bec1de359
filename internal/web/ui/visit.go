package ui

import "jinghe/internal/scene"

// BatchRow is a batch in a list. Counts of -1 are not known.
type BatchRow struct {
	Name, URL, Date, Intro string
	Needs, Offers          int
	NeedsURL, OffersURL    string
}

// BatchPage is a batch with its entries that are on the market now.
type BatchPage struct {
	BatchRow
	NeedRows, OfferRows []Line
	More                bool // the lists have more than is shown
}

// Line is a listing as a row of a table.
type Line struct {
	ID, Name, URL, Code, Org, Fields, Money, Until, Released string
}

// ShowcaseCard is a showcase in a list.
type ShowcaseCard struct {
	Name, URL, Owner, Provider, Fields, Since, Plate, Text string
	Figure                                                 *Figure // the first one
}

// Figure is one measure before and after.
type Figure struct{ Name, Before, After, Unit string }

// ShowcasesPage is the list of showcases.
type ShowcasesPage struct {
	Total  int
	Fields []FacetValue
	Cards  []ShowcaseCard
	Pager  Pager
}

// ShowcasePage is a showcase in full.
type ShowcasePage struct {
	Name, Owner, Provider, Plate string
	Lead                         string // English summary, where there is one
	Fields                       []Link
	Before, After                string
	PicturesBefore               []Picture
	PicturesAfter                []Picture
	Figures                      []Figure
	Parts                        []TextPart
	Facts                        []Fact
	Related                      []Card
}

// Compare is up to four entries of one kind side by side.
type Compare struct {
	Kind    scene.Kind
	BackURL string
	TooMany bool // more were asked for
	Missing bool // some of them cannot be seen
	Heads   []CompareHead
	Rows    []CompareRow
	Fit     *Fit // as matches of one listing, nil where none asks
}

// Fit is how the entries of a comparison answer one listing of the other side.
type Fit struct {
	Name, URL string   // of the listing that asks
	BackURL   string   // its matches
	Scores    []string // of each entry; "" is not among the first matches
	Rows      []FitRow
	Notice    string // why there are none
}

// FitRow is one signal of the scores, in per cent; Axis is its place among the signals.
type FitRow struct {
	Label  string
	Axis   int
	Values []string
}

// CompareHead is one entry of a comparison; DropURL leads to it without that entry.
type CompareHead struct{ Name, URL, Org, DropURL string }

// CompareRow is one fact of all entries; Same says that they do not differ in it.
type CompareRow struct {
	Label  string
	Values []string
	Same   bool
}

// CardPage is an entry as a card to save or to print.
type CardPage struct {
	Kind                                        scene.Kind
	Name, Org, Fields, Until, Money, MoneyLabel string
	Address, Picture, BackURL                   string
}

// Picture is a picture with its size in pixels and what it shows.
type Picture struct{ URL, Alt, Width, Height string }
