package ui

import "unicode/utf8"

// Brochure is a list set for reading and printing: title page, contents, tables,
// one block an entry.
type Brochure struct {
	Title, Subtitle string
	Imprint         []string // who issues it, and when
	Overviews       []BrochureTable
	Chapters        []BrochureChapter
	// Past is how many entries were left out because their validity has ended; Also
	// leads to the brochure that has them.
	Past  int
	Also  string
	Back  Link
	Files []Link
}

// long reports that a fact needs the width of the page.
func (f Fact) long() bool { return utf8.RuneCountInString(f.Value) > 20 }

// BrochureTable is all entries of one kind in short.
type BrochureTable struct {
	Title string
	Heads []string
	Rows  []BrochureLine
}

// BrochureLine is an entry in short; Mark leads to its block.
type BrochureLine struct{ Mark, Number, Name, Org, Field string }

// BrochureChapter is the entries of one kind in one field of use.
type BrochureChapter struct {
	Mark, Title string
	From, To    int // the numbers of its entries
	Entries     []BrochureEntry
}

// BrochureEntry is one entry; no fact is empty.
type BrochureEntry struct {
	Mark, Number, Name string
	Facts              []Fact
}
