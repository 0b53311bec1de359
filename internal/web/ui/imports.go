package ui

import "strconv"

// Imports is where lists are handed in, with what was handed in before.
type Imports struct {
	Nav     []DeskTab
	Files   []Link
	Notice  string
	Fault   string
	Limit   string // largest file
	Source  string // as typed
	Batch   string
	Sources []string // known ones
	Uploads []UploadRow
	Jobs    []JobRow
}

// UploadRow is a list that was handed in.
type UploadRow struct {
	Name, URL, Source, Who, When string
	State                        State
}

// JobRow is an import with the form that takes it back, if it can be.
type JobRow struct {
	File, Source, Who, When, Counts string
	State                           State
	Undo                            *Form
}

// UploadPage is one list that was handed in.
type UploadPage struct {
	Nav    []DeskTab
	Crumb  Link
	Notice string
	File   string
	State  State
	Facts  []Fact
	// Working says that the program is at it; Progress tells how far.
	Working     bool
	Progress    string
	Done, Total int
	Fault       string // why it goes no further
	Counts      []CountTab
	Accept      *Form
	Discard     *Form
	Undo        *Form
	Marked      string // address of the workbook with the bad cells marked
	Sheets      []string
	Columns     *ColumnForm
	Table       *ImportTable
	Pager       Pager
}

// CountTab is a figure that opens the rows behind it.
type CountTab struct {
	Link
	N     int
	Class string
}

// ColumnForm asks what columns mean.
type ColumnForm struct {
	Action string
	Text   string
	Open   bool // something is not known
	Fault  string
	Sheets []ColumnSheet
	Kind   *Field // which side a sheet is on, where it does not say
}

// ColumnSheet is the columns of one sheet.
type ColumnSheet struct {
	Name string
	Rows []ColumnRow
}

// ColumnRow is a column with what it can mean.
type ColumnRow struct {
	ID, Head string
	Unsure   bool
	Options  []Option
}

// ImportTable is rows of a list, or what is to know of them.
type ImportTable struct {
	Title string
	Lead  string
	Heads []string
	Rows  []ImportRow
	Empty string
}

// ImportRow is a line of an ImportTable; the first cell heads it.
type ImportRow struct {
	Cells   []ImportCell
	Changes []DiffRow
	Bad     bool
}

// ImportCell is a text, perhaps with a link.
type ImportCell struct{ Text, URL string }

func (v UploadPage) max() string   { return strconv.Itoa(max(v.Total, 1)) }
func (v UploadPage) value() string { return strconv.Itoa(v.Done) }
