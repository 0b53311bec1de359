package ui

// Words is the workbench of the words that matching reads by.
type Words struct {
	Nav     []DeskTab
	Notice  string
	Preview *WordsPreview // nil: nothing was asked
	Added   []WordRow
	Add     Form
	Walks   []WalkView
}

// WordRow is an added word with the form that takes it back.
type WordRow struct {
	Word, Synonyms, Pinyin string
	Use                    string // label of what it is used for, "" for a plain word
	Drop                   Form
}

// WalkView is a crosswalk between two dictionaries.
type WalkView struct {
	Title string
	Rows  []WalkRow
	Add   Form
	Open  bool
}

// WalkRow is a code with all that it stands for in the other dictionary.
type WalkRow struct {
	From  string
	Links []WalkLink
}

// WalkLink is one link with the form that takes it out.
type WalkLink struct {
	To, Weight string
	Part       Form
}

// WordsPreview is what an edit would change.
type WordsPreview struct {
	Summary string
	Shifts  []ShiftRow
	Save    Form
}

// ShiftRow is the changed list of one need.
type ShiftRow struct {
	Need              Link
	Came, Went, Moved []ShiftPlace
}

// ShiftPlace is a counterpart with where it was and is.
type ShiftPlace struct {
	Offer Link
	Place string
}
