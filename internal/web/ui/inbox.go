package ui

import (
	"time"

	"jinghe/internal/locale"
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
}

// Moment renders day and time of t in China, or "" for the zero time.
func Moment(lang locale.Lang, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return Date(lang, t) + " " + t.In(china()).Format("15:04")
}
