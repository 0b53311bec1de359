package ui

// Pairs is a list of the pairs that people work on.
type Pairs struct {
	Nav    []DeskTab // of the console, none in a workspace
	Notice string
	Lead   string
	Tabs   []Link
	Rows   []PairRow
	Next   string
	Begin  Link // where a pair can be recommended
	Form   Link // where a group can be brought together
	Empty  string
	Files  []Link // the list as a file
	Funnel *Funnel
}

// PairRow is one pair in a list.
type PairRow struct {
	Need, Offer       string
	NeedOrg, OfferOrg string
	URL               string
	Stage             State
	Next              string // what is due, by whom
	Due               string
	Late              bool
	Updated           string
	Turn              string // whose turn it is, "" for nobody's
	Own               bool   // it is the reader's
	Group             string // how many providers a group has
}

// PairPage is one pair with what can be done and what happened.
type PairPage struct {
	Nav    []DeskTab
	Crumb  Link
	Notice string
	Need   PairSide
	Offer  PairSide
	From   Link   // the meeting of an event that the pair came from
	Loose  string // why the pair is called by its organisations
	Stage  State
	Steps  []PairStep // the usual way, with where the pair stands
	Waits  string     // who has to do what
	Facts  []Fact
	Late   string
	Group  []PairMember // who does which part, none where there is no group
	// Contact is what is shown of the other side, in full only when it was asked
	// for; Agreements says who agreed.
	Contact    []Fact
	ContactOf  string
	Agreements string
	Share      []Form // agree, withdraw, look
	Forms      []PairForm
	Entries    []PairEntry
}

// PairMember is one of the providers of a group.
type PairMember struct {
	Role, Org string
	Offer     Link
	Part      string // what it does
	State     State  // whether it has joined
	Why       string // it stays away
	Own       bool
}

// PairSide is one side of a pair.
type PairSide struct {
	Tag, Name, URL, Org string
	Entry               Link // in the place of URL, of a side that is called by its organisation
	Own                 bool
}

// PairStep is a stage of the usual way.
type PairStep struct {
	Label      string
	Done, Here bool
}

// PairForm is something that can be done.
type PairForm struct {
	Title string
	Open  bool
	Form  Form
}

// PairEntry is one line of the history.
type PairEntry struct {
	What, Who, When, Text string
	Own                   bool   // by the reader's side
	Only                  bool   // for the reader's side alone
	Facts                 []Fact // amounts and days that it set
}
