package ui

// Organisations is the list of organisations, with pairs that may be one.
type Organisations struct {
	Nav    []DeskTab
	Notice string
	Files  []Link
	Find   Form
	Rows   []OrganisationRow
	Next   string
	// Merge is where two picked rows go, "" for who may not make one of them;
	// With names the one that a second is looked for.
	Merge    string
	With     *OrganisationRow
	Suspects []Suspect
	Namings  []Link // organisations that ask for another name
}

// OrganisationDesk is one organisation to those who decide by what it is known.
type OrganisationDesk struct {
	Nav    []DeskTab
	Back   Link
	Public string
	Notice string
	// Asked is what it asks to be called, beside what it is called, with its reason
	// and since when; none where it asks for nothing.
	Asked       []DiffRow
	Note, Since string
	Decide      *Form
	Form        Form // changes it without being asked
}

// OrganisationRow is one organisation in a list.
type OrganisationRow struct {
	ID, Name, URL, Code, Kind, Since string
	MergeURL                         string // begins a union, "" for none
	EditURL                          string // changes name and code, "" for who may not
}

// Suspect is two organisations that may be one.
type Suspect struct {
	First, Second OrganisationRow
	Why, URL      string
	Distinct      Form // says that they are two
}

// Union is two organisations beside each other before they are made one.
type Union struct {
	Nav        []DeskTab
	Fault      string
	Against    string // why it cannot be, "" if it can
	Keep, Drop OrganisationRow
	Swap, Back Link
	Action     string
	Hidden     []Field
	Rows       []UnionRow
	Held       []UnionRow // how much belongs to each
	Notes      []string
	Reason     Field
}

// UnionRow is one field of both.
type UnionRow struct {
	Label, Keep, Drop string
	// Name is that of the choice, "" where there is none; Take says that the
	// value of the dropped one is chosen.
	Name string
	Take bool
	// Both says that the values are joined.
	Both bool
}
