package ui

// Board is the matching board of one entry.
type Board struct {
	Crumb   Link
	Notice  string
	Fault   string
	Action  string // where marks go
	Rows    []BoardRow
	Marked  []BoardRow // pairs that were taken out
	Removed []BoardRow // by a known condition
	Group   string     // one sentence on the group, "" for none
	Clauses []Fact     // what is asked for and who brings it
	Form    Link       // where a group is brought together, filled in where one is proposed
}

// BoardRow is a counterpart with what can be decided about the pair.
type BoardRow struct {
	ID, Name, URL, Org string
	Score              string
	Pinned             bool
	Reason             string // of the match
	Note               string // of the mark
	Parts              []Fact
	Gaps               []string
	Recommend          string // address where the pair is recommended, "" where it cannot be
}
