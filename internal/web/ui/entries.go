package ui

// Entries is the list of all entries of one kind, with what can be done to many.
type Entries struct {
	Nav     []DeskTab
	Notice  string
	Fault   string
	Kinds   []Link
	Filter  Form
	Clear   string // address without filters
	Total   string
	Note    string // what to know of the order
	Sorts   []Link
	Rows    []EntryLine
	Next    string
	Files   []Link // the list as files
	Bulk    *Form  // what can be done to many, nil for nothing
	Here    string // where the form goes, with the filters in force
	Results []ResultRow
}

// EntryLine is an entry in the list.
type EntryLine struct {
	Row
	Pick, Code, Fields, Batch, Clarity string
	Vague, Chosen                      bool
}
