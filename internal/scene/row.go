package scene

// Row is one entry of a list as read from a file, before the store has seen
// it. Exactly one of Opportunity and Capability is set; its OrgID, state and times
// are still empty, and so is its ID until its 编号 is found to be that of a stored
// entry.
type Row struct {
	File  string // base name
	Sheet string
	Line  int // 1-based row in the sheet
	// Label is the 编号 or 序号 cell as printed, or SHEET!ROW where that is
	// blank or repeated: what people call the row by.
	Label       string
	Opportunity *Opportunity
	Capability  *Capability
	// Org is what the row tells of the organisation; only Name is sure to be set.
	Org Organisation
	// OwnerGuessed says that the list has no column for the owner, and that Org
	// was taken from the leading department.
	OwnerGuessed bool
	// Echo, if not nil, returns what a file with the same columns would say if
	// it had been written from the given entry, with contacts in full and
	// hidden. What a row says no otherwise than that is no news of the entry: a
	// list with fewer columns, or with telephone numbers blotted out, changes
	// nothing when it comes back. It is for one goroutine at a time.
	Echo func(stored Row) []Row `json:"-"`
}

// Listing returns the part that both kinds share.
func (r *Row) Listing() *Listing {
	if r.Opportunity != nil {
		return &r.Opportunity.Listing
	}
	return &r.Capability.Listing
}

// Kind says which side the row is on.
func (r *Row) Kind() Kind {
	if r.Opportunity != nil {
		return KindOpportunity
	}
	return KindCapability
}

// Problem is something a person has to know about a cell, a row or a file.
type Problem struct {
	File   string         `json:"file"`
	Sheet  string         `json:"sheet,omitempty"`
	Row    int            `json:"row,omitempty"`    // 1-based; 0 concerns the whole sheet or file
	Column string         `json:"column,omitempty"` // head as printed
	Value  string         `json:"value,omitempty"`  // the cell, shortened to 80 characters
	Key    string         `json:"key"`              // message key; the message says what to do
	Args   map[string]any `json:"args,omitempty"`
	// Rejected says that the row (or file) did not go in; else it is a warning.
	Rejected bool `json:"rejected"`
	// Entry is what could be read of a row that did not go in, or nil. It keeps
	// the entry from being taken for one that the list no longer holds.
	Entry *Row `json:"-"`
}
