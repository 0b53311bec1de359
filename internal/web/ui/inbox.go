package ui

import (
	"time"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
)

// Inbox is what a person was told.
type Inbox struct {
	Notice  string
	Tabs    []Link
	Unread  int
	Rows    []NoticeRow
	Next    string // address of what came before
	ReadAll Form   // empty where nothing is new
	Choices string // address of how to be told
}

// NoticeRow is one line of an inbox.
type NoticeRow struct {
	Text, URL, Kind, When string
	New                   bool
	Ending                *Ending // the entry that it says ends, while it can be extended from here
}

// Receivers is where messages go besides the inbox.
type Receivers struct {
	Notice string
	Back   Link
	Rows   []ReceiverRow
	Add    Form
}

// ReceiverRow is one receiver of a list.
type ReceiverRow struct {
	Name, URL, Kind, Address string
	State                    State
}

// Receiver is one receiver with what was sent to it.
type Receiver struct {
	Kind, Name string
	State      State
	Secret     string // a sentence with the secret, this once
	Back       Link
	Facts      []Fact
	Forms      []Form
	Sent       []StepRow
}

// Moment renders day and time of t in China, or "" for the zero time.
func Moment(lang locale.Lang, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return Date(lang, t) + " " + t.In(scene.China()).Format("15:04")
}
