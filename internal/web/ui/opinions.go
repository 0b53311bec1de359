package ui

// Opinions is what experts were asked about an entry, and said.
type Opinions struct {
	Mean string // of those given, "" where none is
	Rows []OpinionRow
	Ask  *Form  // nil for who may not ask
	None string // why nobody can be asked
}

// OpinionRow is one expert's.
type OpinionRow struct {
	Expert, When string
	State        State
	Question     string
	Scores       []Fact
	Text         string
	Older        bool // of an earlier content of the entry
	Late         bool
}

// OpinionList is what one expert was asked.
type OpinionList struct {
	Notice string
	Rows   []OpinionAsked
}

// OpinionAsked is one entry that an expert was asked about.
type OpinionAsked struct {
	Name, URL, Kind string
	State           State
	Due             string
	Late            bool
}

// OpinionPage is an entry that an expert was asked about, with what he answers.
type OpinionPage struct {
	Crumb    Link
	Kind     string
	State    State
	Due      string
	Late     bool
	Question string
	Notice   string
	Ended    string // why nothing can be answered any more
	Facts    []Fact
	Give     *Form
	Decline  *Form
}
