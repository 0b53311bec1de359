package ui

// Exchange is the page on which lists are exchanged with other cities.
type Exchange struct {
	Nav     []DeskTab
	Notice  string
	Refused []Fact // entries that were not taken in, with why
	Missing string // why nothing can be given, "" if it can
	Files   []Link // what is given
	Action  string
	Limit   string // largest file
	Fault   string
	Faults  []string // places of a file that do not keep the profile
}
