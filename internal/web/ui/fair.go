package ui

import (
	"slices"
	"time"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
)

// Clock renders the time of day of t in Chinese time, or "" for the zero time.
func Clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(scene.China()).Format("15:04")
}

// DayOf renders a day for an input of type “date”, or "" for the zero time.
func DayOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(scene.China()).Format("2006-01-02")
}

// Span of time of one day: “2026年12月2日 09:00–12:00”.
func Hours(lang locale.Lang, from, to time.Time) string {
	if from.IsZero() {
		return ""
	}
	return Date(lang, from) + " " + Clock(from) + "–" + Clock(to)
}

// FairDesk is a page about matchmaking events: sections one below the other.
type FairDesk struct {
	Nav      []DeskTab // of the console; none elsewhere
	Crumb    Link
	Tabs     []Link // parts of the event
	State    *State
	Notice   string // done
	Heed     string // told where what was asked for was done before
	Fault    string // what is wrong, with the single faults
	Faults   []string
	Running  string // what is being worked out: the page looks again by itself
	Next     *FairNext
	Sections []FairSection
}

// FairNext is where an event stands on its way and what its organisers do next,
// the first thing offered being the one to do.
type FairNext struct {
	// Event is which event this is about and when it is, on a page of several; nil on its own.
	Event *FairHeading
	Way   []FairStep
	Title string
	Text  string
	Ways  []Link
	Forms []Form
}

// FairHeading names an event, with where it stands.
type FairHeading struct {
	ID    string // of the part of the page
	Title Link
	When  string
	State State
}

// FairStep is one step of the way. State is "done", "now" or "".
type FairStep struct{ Label, State string }

// FairSection is a part of such a page. What is empty is not shown.
type FairSection struct {
	ID, Title, Text string
	Use             string // what can be done on the screen, which paper does not tell
	Tiles           []FairTile
	Facts           []Fact
	Wide            bool   // the names of the facts are spans of time
	Turns           []Link // other ways to see the same
	Lines           []string
	Table           *Table
	Grid            *Grid
	Bars            []Bar
	Charts          []Chart
	Ways            []Link
	Forms           []Form
	Empty           string // told where there is nothing else
	Fold            string // the forms open on demand, under this word
	Folded          bool   // opens on demand
	// Live is the address of a stream, "" for none: whenever that tells of a change,
	// a script puts fresh Parts in the place of these. Such a section has nothing else.
	Live  string
	Parts []FairSection
	Row   bool // each form is one row: fields and buttons side by side
}

// Table is rows under heads.
type Table struct {
	Head []string
	Rows [][]Cell // the first cell of a row is its head
}

// Cell is one cell of a table.
type Cell struct {
	Text  string
	URL   string
	Note  string
	State *State
	Forms []Form // small ones, of a button each
	N     bool   // a number
	// Amount is what Text says, where it is money.
	Amount scene.Money
}

// blank reports whether a cell shows nothing.
func (c *Cell) blank() bool {
	return c.Text == "" && c.Note == "" && c.State == nil && len(c.Forms) == 0
}

// Bar is a line of a chart: a share in percent with its label and figure.
type Bar struct {
	Label, Text string
	Percent     int
	Active      bool
}

// FairTile is a figure to be seen first, of how much with what it says. Class is
// "tile-good", "tile-warn" or "".
type FairTile struct{ Value, Of, Label, Note, Class string }

// Chart shows what changes with one thing: a column for each choice, and two
// lines of shares.
type Chart struct {
	Title, Text string
	Columns     []Column
	Legend      [3]string // of the columns and of both lines
}

// Column is one choice of a chart. All figures but Label and Text are percent.
type Column struct {
	Label, Text        string
	Height, Kept, Idle int
	Now                bool // as it is
}

// Grid is a plan as a field of places.
type Grid struct {
	Corner string
	Head   []string
	Rows   []GridRow
}

// GridRow is a table or a party through the slots.
type GridRow struct {
	Head, URL string
	Cells     []GridCell
}

// GridCell is one place. Meeting and Slot serve moving it by hand.
type GridCell struct {
	Text    string
	Note    string // who of the parties goes
	URL     string
	Kind    string // "free", "away", "locked", "changed", "absent" or ""
	Meeting string
	Slot    string
	Table   string
}

// Phone is the personal page of a delegate.
type Phone struct {
	Fair, When, Place string
	Name, Party       string
	Code              string
	State             *State
	Stream, Mark      string // what tells that the page changed, and what it said when the page was made
	Notice, Fault     string
	Faults            []string
	Arrived           string // when, "" for not yet
	Arrive            *Form
	Next              *PhoneMeeting
	Also              []string // meetings for other parties for which he comes
	Late              string
	Version           string
	Meetings          []PhoneMeeting
	Answers           []Form // of one that was invited and has not answered, or said no
	AnswersText       string
	LeftOut           []string    // wishes that came to no meeting
	Waiting           string      // told while nothing is published
	Seats             []PhoneSeat // entries to sign up for
	SeatsText         string
	Acts              []Fact // entries of the programme that name the party
	AskedTitle        string
	AskedText         string
	Asked             []PhoneWish // wishes of others that wait for an answer
	Wishes            []PhoneWish
	Suggested         []PhoneWish
	Others            Form // a wish about anybody by name
	Away              Form // when he is not there
	Quota             string
	Programme         []Fact
	Calendar          string
	QR                string
	Bare              string // told where the page cannot be kept offline
	// Planned says that the schedule is there: then what was said before it is folded.
	// Opened is the part that the last form was about.
	Planned bool
	Opened  string
}

// suggestedFirst is how many suggestions are in sight on a phone.
const suggestedFirst = 3

// unfolds reports whether a part of the page is open: what somebody just did, and as long
// as there is no schedule what he can say for it.
func (v *Phone) unfolds(part string) bool {
	return part == v.Opened || !v.Planned && part != "check-in"
}

// PhoneMeeting is a meeting of a delegate.
type PhoneMeeting struct {
	ID, Slot          string // what is told apart when a script says what changed
	Time, Table, With string
	Theirs            string // who comes
	Interpreter       string // which languages the interpreter speaks, "" for none
	Who               string // who of the own side goes
	Reason            string
	Note              string // what the other side wants to talk about
	Ask               []string
	Now, Over         bool
	Above             bool   // it is told in full as the one that is on, or next
	Briefly           bool   // its briefing opens on demand: the code of who is not there yet comes before it
	Absent            string // told where the other side was reported absent
	Outcome           *OutcomeForm
	Said              string
}

// OutcomeForm is the three taps after a meeting.
type OutcomeForm struct {
	Action, Meeting, Key string
	Queue                string // what the form is about, for a list of what waits to be sent
	Fold                 string // the form opens on demand, under this word
	Sends                string // told where a tap sends
	Held, Worth, Next    []Option
	About                string // what a next step will be about
	Amount, Note         string
	Faults               map[string]string // by field; of the form as a whole under ""
}

// place is where the form stands on its page.
func (f *OutcomeForm) place() string { return "o-" + f.Meeting }

// wrong reports whether the form came back.
func (f *OutcomeForm) wrong() bool { return len(f.Faults) > 0 }

// PhoneWish is another party with what can be said of it.
type PhoneWish struct {
	ID, Name, Reason, Asked string
	Why                     string // what the matcher says, where Reason is what the other says
	Met                     string // told where they met at an earlier event
	Said                    State
	Form                    Form
}

// PhoneSeat is an entry of the programme that people sign up for. Form signs up or
// takes that back; it has no action where neither is possible any more.
type PhoneSeat struct {
	Time, Title, Place, State string
	In                        bool
	Form                      Form
}

// Badge is what the code of a badge opens. Name is "" where nobody is told of.
type Badge struct {
	Fair, Name, Party, Text string
	CheckIn                 *Form // sent at once by a script
	Ways                    []Link
}

// Wall is the display in the hall, and the part of it that streams.
type Wall struct {
	Few               bool // tables: they are shown large
	Fair, Clock, Late string
	Stream            string
	Now, Next         *WallRound
	Done              string // told when there is nothing more
	Figures           []WallFigure
}

// WallFigure is a number of the day, out of how many.
type WallFigure struct {
	Label string
	N, Of int
}

// WallRound is one round on the display.
type WallRound struct {
	Title, Hours string
	Rows         []WallRow
}

// WallRow is a table with who meets there.
type WallRow struct {
	Table, Left, Right  string
	LeftHere, RightHere bool
}

// Stage is the display of the stage, and the part of it that streams.
type Stage struct {
	Fair, Late string
	Stream     string
	Action     string // where whoever runs the event steers it, "" for others
	Seen       string // what is on, as a form tells it
	Now, Next  *StageAct
	Empty      string // told where nobody is on
}

// StageAct is an entry on the stage. Left is in seconds, below 0 where time is up.
type StageAct struct {
	Block, Title, Who, Place, Hours string
	Left, Clock                     string
}

// Printed is a page of cards for the printer.
type Printed struct {
	Kind   string // "tables", "badges", "schedules" or "visits"
	Lead   string
	Codes  string // where the codes on the cards lead
	Warn   string // why a phone cannot open them
	Back   Link
	Others []Link // the other kinds of card
	Cards  []PrintedCard
}

// longCard is how many rows of a card still leave room for another one beside it.
const longCard = 14

// Long reports whether a card is a page of its own.
func (v Printed) Long() bool {
	return slices.ContainsFunc(v.Cards, func(c PrintedCard) bool { return len(c.Rows) > longCard })
}

// PrintedCard is one card.
type PrintedCard struct {
	Head, Sub, Foot string
	QR              string // data address
	Code            string // what the picture says, to be typed; in groups
	Index           string // by which a card is found among others: the first initials of its party
	Rows            []Fact
	None            string // told where there are no rows that could be
}

// FairList is the events that anybody may see.
type FairList struct {
	Coming, Past []FairCard
}

// FairCard is one event in a list, or on its own page.
type FairCard struct {
	Title, URL, When, Place, Theme string
	State                          State
	Facts                          []Fact
	Programme                      []Fact
	Ways                           []Link
	Notice                         string
}
