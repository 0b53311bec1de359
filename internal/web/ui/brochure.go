package ui

// Brochure is a list set for reading and printing: title page, contents, tables,
// one block an entry.
type Brochure struct {
	Title, Subtitle string
	Imprint         []string // who issues it, and when
	Overviews       []BrochureTable
	Chapters        []BrochureChapter
	Back            Link
	Files           []Link
}

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
	Entries     []BrochureEntry
}

// BrochureEntry is one entry; no fact is empty.
type BrochureEntry struct {
	Mark, Number, Name string
	Facts              []Fact
}
