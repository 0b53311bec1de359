package scene

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// NoticeKind is what a notice is about: people choose by it how to be told.
type NoticeKind string

// The kinds of notice.
const (
	NoticeEngagement NoticeKind = "engagement" // something happened to a pair one has part in
	NoticeDue        NoticeKind = "due"        // a next action is due, or late
	NoticeSearch     NoticeKind = "search"     // a saved search found something
	NoticeReview     NoticeKind = "review"     // an entry was published, returned or commented on
	NoticeMeeting    NoticeKind = "meeting"    // an invitation, a plan, a change of table or time
	NoticeAccount    NoticeKind = "account"    // access, colleagues, what was set up and stopped working
)

// NoticeEnds is the key of the notice that an entry, the first of its rows, ends
// before long: where it is shown the entry can be extended.
const NoticeEnds = "notice.due.ends"

// NoticeKinds returns all kinds, in the order in which a person expects them.
func NoticeKinds() []NoticeKind {
	return []NoticeKind{NoticeEngagement, NoticeDue, NoticeSearch, NoticeReview, NoticeMeeting, NoticeAccount}
}

// Notice is one line of a person's inbox (收件箱): that something happened, said
// by a message of the catalogue, so that it is read in the reader's language.
type Notice struct {
	ID      ID         `json:"id"`
	Account ID         `json:"account"` // who is told
	Kind    NoticeKind `json:"kind"`
	// Key is the message, Args what stands in it: texts, or []string for several.
	// A text that begins with "@" is itself the key of a message. No contact
	// stands in either.
	Key  string         `json:"key"`
	Args map[string]any `json:"args,omitempty"`
	// Path is the page of this service that it leads to, "/workspace/…".
	Path string `json:"path,omitempty"`
	// Rows are what it is about, such as a listing and a saved search.
	Rows []ID `json:"rows,omitempty"`
	// Once names the cause, such as the id of an event: of several notices to one
	// account with the same cause only the first is written. Empty is unlike any other.
	Once    string    `json:"once,omitempty"`
	Created time.Time `json:"created"`
	Read    time.Time `json:"read,omitzero"` // zero: not read yet
}

// Bounds of a notice.
const (
	maxNoticeRows = 100
	maxNoticeArgs = 4_000 // bytes of JSON
)

// Validate checks n and returns an Invalid *Error with one field per fault, or nil.
func (n *Notice) Validate() error {
	var f faults
	f.require("account", string(n.Account))
	f.require("key", n.Key)
	f.check(slices.Contains(NoticeKinds(), n.Kind), "kind", "notice.kind")
	f.check(n.Path == "" || strings.HasPrefix(n.Path, "/") && !strings.HasPrefix(n.Path, "//"), "path", "notice.path")
	f.check(len(n.Rows) <= maxNoticeRows, "rows", "notice.too_long")
	raw, err := json.Marshal(n.Args)
	f.check(err == nil && len(raw) <= maxNoticeArgs, "args", "notice.too_long")
	return f.err("notice.invalid")
}

// Pace is how soon somebody wants to be told by one way.
type Pace string

// The paces.
const (
	PaceNever  Pace = "" // not by this way
	PaceAtOnce Pace = "at_once"
	PaceDaily  Pace = "daily"
	PaceWeekly Pace = "weekly"
)

// Valid reports whether p is one of the paces.
func (p Pace) Valid() bool {
	return p == PaceNever || p == PaceAtOnce || p == PaceDaily || p == PaceWeekly
}

// Digests go out in the morning of a working week in China.
const (
	digestHour   = 8
	digestMinute = 30
)

// China is the zone of every date that people read or write; it has kept UTC+8
// since 1991.
func China() *time.Location { return time.FixedZone("Asia/Shanghai", 8*60*60) }

// Due is when a notice that was written at an instant goes out: at once, at half
// past eight of the next morning, or of the next Monday, in China.
func (p Pace) Due(at time.Time) time.Time {
	local := at.In(China())
	day := time.Date(local.Year(), local.Month(), local.Day(), digestHour, digestMinute, 0, 0, China())
	switch p {
	case PaceDaily:
		if !day.After(at) {
			day = day.AddDate(0, 0, 1)
		}
	case PaceWeekly:
		for day.Weekday() != time.Monday || !day.After(at) {
			day = day.AddDate(0, 0, 1)
		}
	default:
		return at
	}
	return day.UTC()
}

// Way is how a notice goes out, beyond the inbox.
type Way string

// The ways.
const (
	WayMail Way = "mail"
	WayHook Way = "webhook" // the person's own robot or receiver
)

// Told is how a person wants to be told of one kind of notice. Every notice
// stands in the inbox; one that is not wanted there does not count as unread.
type Told struct {
	Inbox bool `json:"inbox"`
	Mail  Pace `json:"mail,omitempty"`
	Hook  Pace `json:"webhook,omitempty"`
}

// ToldBy returns the pace of a way.
func (t Told) ToldBy(w Way) Pace {
	if w == WayMail {
		return t.Mail
	}
	return t.Hook
}

// NoticeChoice is how one person wants to be told, and in which language.
type NoticeChoice struct {
	Account ID                  `json:"account"`
	Lang    string              `json:"lang,omitempty"` // "zh" or "en"; empty is Chinese
	Kinds   map[NoticeKind]Told `json:"kinds,omitempty"`
	Updated time.Time           `json:"updated,omitzero"`
}

// Of is the choice for a kind; who chose nothing is told in the inbox, of what
// he has to answer by mail at once and of the rest by one mail a day.
func (c *NoticeChoice) Of(k NoticeKind) Told {
	if told, ok := c.Kinds[k]; ok {
		return told
	}
	switch k {
	case NoticeEngagement, NoticeMeeting, NoticeAccount:
		return Told{Inbox: true, Mail: PaceAtOnce, Hook: PaceAtOnce}
	default:
		return Told{Inbox: true, Mail: PaceDaily, Hook: PaceDaily}
	}
}

// Validate checks c and returns an Invalid *Error with one field per fault, or nil.
func (c *NoticeChoice) Validate() error {
	var f faults
	f.require("account", string(c.Account))
	f.check(c.Lang == "" || c.Lang == "zh" || c.Lang == "en", "lang", "notice.lang")
	for kind, told := range c.Kinds {
		f.check(slices.Contains(NoticeKinds(), kind), "kinds", "notice.kind")
		f.check(told.Mail.Valid() && told.Hook.Valid(), "kinds", "notice.pace")
	}
	return f.err("notice.invalid")
}
