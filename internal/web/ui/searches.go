package ui

// Searches is what a person keeps asking.
type Searches struct {
	Notice string
	Begin  []Link // pages on which a search can be begun
	Rows   []SearchRow
	Next   string
}

// SearchRow is one saved search.
type SearchRow struct {
	Name, URL, Kind string
	Asks            string // what it asks for, in words
	Tell, Told      string // how soon it tells, and when it did last
	Fresh           int    // found and not looked at
	State           State
}

// SearchPage is one saved search with what it found.
type SearchPage struct {
	Notice, Advice string
	Search         SearchRow
	List           string // address of everything that answers it now
	Edit           string
	Found          []Row
	Gone           int // found once and no longer public
	Next           string
	Forms          []Form
}
