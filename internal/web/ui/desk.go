package ui

import (
	"slices"
	"strings"
)

// Row is one line of a table of work.
type Row struct {
	Name  string
	URL   string
	Kind  string // label of the side
	Org   string
	State State
	Date  string
	Note  string // what to know at a glance: a reason, what is asked for
}

// State is a state with its label.
type State struct{ Code, Label string }

// Workspace is the first page of an organisation's own.
type Workspace struct {
	Org    string
	Notice string // done, or what to know
	Begin  []Link // forms that can be begun
	Rows   []Row
	Ending []Ending // entries that run out, or have
	// Unfinished are forms of new entries that were begun and not saved.
	Unfinished []Link
	People     []Person
	// Invite is the form by which a colleague is let in; Invitation the link
	// that was just made.
	Invite     Form
	Invitation string
}

// ownRooms are the rooms of an organisation's own, the one of this page marked.
func (p *Page) ownRooms() []Link {
	here, _, _ := strings.Cut(p.Here, "?")
	list := []Link{
		{Text: p.T("web.workspace.listings"), URL: "/workspace"},
		{Text: p.T("web.mine"), URL: "/workspace/matches"},
		{Text: p.T("web.pairs.title"), URL: "/workspace/engagements"},
		{Text: p.T("web.searches.title"), URL: "/workspace/searches"},
		{Text: p.T("web.nav.events"), URL: "/workspace/events"},
		{Text: p.T("web.profile"), URL: "/workspace/organisation"},
		{Text: p.T("web.tokens.title"), URL: "/workspace/tokens"},
	}
	for i := range list {
		list[i].Active = list[i].URL == here
	}
	return list
}

// inOwnRoom reports whether the page is one of the rooms of an organisation's own.
func (p *Page) inOwnRoom() bool {
	return slices.ContainsFunc(p.ownRooms(), func(l Link) bool { return l.Active })
}

// Ending is an entry that runs out, with the step that keeps it open.
type Ending struct {
	Name, URL, Text string
	Over            bool
	Form            Form
}

// Person is an account in a list.
type Person struct {
	ID, Name, Login, Mail, Roles, Org, Since string
	URL                                      string
	State                                    State
	// Claim says that the organisation was there before the sign-up.
	Claim bool
	// Typed is the name of the organisation as the person wrote it, where Org, the
	// registered one, is another.
	Typed string
}

// EntryPage is an entry in whatever state, with what can be done and what happened.
type EntryPage struct {
	Back     Link   // to the list it stands in
	Kind     string // label
	Name     string
	Org      string
	State    State
	Notice   string
	Reason   string  // why it came back
	Warning  string  // what stands in the way of its next step
	Ending   *Ending // set for one that runs out
	Public   string  // address of its page for visitors
	Facts    []Fact
	Diff     []DiffRow // proposed changes, if any
	DiffNote string
	Forms    []Form // actions, each a form of its own
	Ways     []Link
	Steps    []StepRow
	Kept     string // name of what the browser kept and may drop now
	// Beside are entries that say nearly the same, Suggested fields of use that the
	// text speaks for, Clear how well it is written.
	Beside []Beside
	// Opinions is what experts say, nil for who does not see it.
	Opinions  *Opinions
	Suggested []SuggestedField
	Clear     *Clear
	Files     *Files
	// Prev and Next lead through the queue, Place says where in it this is.
	Prev, Next, Place string
	Keys              bool // the page answers keys
}

// StepRow is one step of an entry's way.
type StepRow struct {
	When, Who string
	To        State
	Reason    string
	Diff      []DiffRow // what the step changed of the entry, if anything
}

// FormPage is a page around one long form.
type FormPage struct {
	Lead   string
	Notice string // where its content comes from
	Crumb  Link
	Form   Form
	Forget *Form // discards what was kept of it
	// Diff is what somebody wrote meanwhile, against what stands in the form.
	Diff     []DiffRow
	DiffNote string
	Starts   *Starts // what a new form can be filled from
	Clear    *Clear
	After    *Naming // of an organisation
}

// Naming asks for another name of an organisation; Waits is what was asked for and
// is not answered, "" for nothing, with the step that takes it back.
type Naming struct {
	Waits  string
	Recall *Form
	Form   Form
}

// Starts are what a new form can be filled from.
type Starts struct {
	Kind    string // opportunity or capability
	Earlier []Link
	Action  string // takes a workbook
	Limit   int    // of it, in MiB
}

// Clear says how well an entry is written, in percent, and what to write.
type Clear struct {
	Score, Told, Plain int
	Vague              bool
	Tips               []ClearTip
	// Live says that fields of the same page can be led to, and that a script
	// writes the advice anew.
	Live bool
}

// ClearTip is one advice; Field is the name of the field it is on, Label what
// that is called.
type ClearTip struct{ Text, Example, Field, Label string }

// DraftNote is what a script puts beside a form that it kept.
type DraftNote struct {
	Turn  int
	Text  string
	Warn  bool
	Clear *Clear
}

// FillRows are rows of a workbook of which one becomes a form.
type FillRows struct {
	Back Link
	Rows []FillRow
	Full bool // there may be more
}

// FillRow is one of them.
type FillRow struct {
	Name, Org string
	Form      Form
}

// Console is the first page of the centre's own.
type Console struct {
	Nav        []DeskTab
	Notice     string
	Reviews    bool // the viewer may review
	Queue      []QueueRow
	Total      string // said where the queue is longer than what is shown
	Reason     string // as typed
	Fault      string
	Results    []ResultRow
	Proposals  []Row
	Events     []FairNext // that run or come next, with what to do
	NoEvent    Link       // offered where there are none
	MoreEvents Link       // to those of today that are not among Events
	Figures    []CountTab // how much there is of what, with the way to its rows
	Funnel     *Funnel
	Files      []Link // the queue as a file
	Lists      string // how far the lists of matches are
}

// DeskTab is an entry of the navigation of the console, with what waits there.
type DeskTab struct {
	Link
	Waiting int
}

// People is the list of accounts.
type People struct {
	Nav    []DeskTab
	Notice string
	Filter []Link
	Files  []Link
	Rows   []Person
	Next   string
}

// PersonPage is one account with what can be done.
type PersonPage struct {
	Nav      []DeskTab
	Notice   string
	Password string // made up, shown this once
	Person   Person
	Facts    []Fact
	Forms    []Form
}

// Record is the record of who did what.
type Record struct {
	Nav    []DeskTab
	Filter Form
	Files  []Link
	Rows   []RecordRow
	Next   string
}

// RecordRow is one line of the record.
type RecordRow struct {
	When, Who, From, What, Noun, Row, Note string
	Login                                  string // that Who signed in by, "" where Who says it
	RowURL                                 string
	Changes                                []DiffRow
	Times                                  string // how often it failed alike, "" for once
}

// live is the advice with links to the fields of the page it is put into.
func live(v *Clear) *Clear {
	if v != nil {
		linked := *v
		linked.Live = true
		return &linked
	}
	return nil
}

// Files are the files of an entry or a showcase.
type Files struct {
	Rows []FileRow
	Add  *FileForm // for who may change them
}

// FileRow is one of them.
type FileRow struct {
	Name, URL, Note string
	Role, Alt       string   // of a picture
	Picture         *Picture // shown small; nil for other files
	Remove          *Form
}

// FileForm takes a file; Limit is in MiB, Count how many there may be.
type FileForm struct {
	Action, Accept string
	Limit, Count   int
	Fault          string
	Picture        bool // asks what it shows
	Alt            string
	After          bool
}
