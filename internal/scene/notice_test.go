package scene

import (
	"strings"
	"testing"
	"time"
)

func TestPaceDue(t *testing.T) {
	t.Parallel()
	at := func(s string) time.Time {
		day, err := time.ParseInLocation("2006-01-02 15:04", s, China())
		if err != nil {
			t.Fatal(err)
		}
		return day
	}
	for _, tt := range []struct {
		pace     Pace
		now, due string
	}{
		{PaceAtOnce, "2026-03-04 10:00", "2026-03-04 10:00"},
		{PaceDaily, "2026-03-04 08:29", "2026-03-04 08:30"},
		{PaceDaily, "2026-03-04 08:30", "2026-03-05 08:30"},
		{PaceDaily, "2026-03-31 23:59", "2026-04-01 08:30"},
		{PaceWeekly, "2026-03-04 10:00", "2026-03-09 08:30"}, // a Wednesday
		{PaceWeekly, "2026-03-09 08:00", "2026-03-09 08:30"},
		{PaceWeekly, "2026-03-09 08:30", "2026-03-16 08:30"},
	} {
		if got := tt.pace.Due(at(tt.now)); !got.Equal(at(tt.due)) {
			t.Errorf("%s at %s: %s, want %s", tt.pace, tt.now, got.In(China()), tt.due)
		}
	}
}

func TestNoticeValidate(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Notice){
		"OK":         func(*Notice) {},
		"ErrAccount": func(n *Notice) { n.Account = "" },
		"ErrKey":     func(n *Notice) { n.Key = "" },
		"ErrKind":    func(n *Notice) { n.Kind = "gossip" },
		"ErrOutside": func(n *Notice) { n.Path = "//elsewhere.example/" },
		"ErrScheme":  func(n *Notice) { n.Path = "https://elsewhere.example/" },
		"ErrArgs":    func(n *Notice) { n.Args = map[string]any{"x": strings.Repeat("长", maxNoticeArgs)} },
		"ErrNoJSON":  func(n *Notice) { n.Args = map[string]any{"x": make(chan int)} },
		"ErrRows":    func(n *Notice) { n.Rows = make([]ID, maxNoticeRows+1) },
	} {
		n := Notice{Account: "a", Kind: NoticeDue, Key: "k", Path: "/workspace", Args: map[string]any{"n": 1}}
		change(&n)
		if err := n.Validate(); (err == nil) != strings.HasPrefix(name, "OK") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNoticeChoice(t *testing.T) {
	t.Parallel()
	var none NoticeChoice
	for _, kind := range NoticeKinds() {
		if told := none.Of(kind); !told.Inbox || told.Mail == PaceNever {
			t.Errorf("who chose nothing is told of %s: %+v", kind, told)
		}
	}
	c := NoticeChoice{Account: "a", Kinds: map[NoticeKind]Told{NoticeDue: {Mail: PaceWeekly}}}
	if got := c.Of(NoticeDue); got.Inbox || got.ToldBy(WayMail) != PaceWeekly || got.ToldBy(WayHook) != PaceNever {
		t.Errorf("chosen: %+v", got)
	}
	if err := c.Validate(); err != nil {
		t.Error(err)
	}
	for name, bad := range map[string]NoticeChoice{
		"Account": {}, "Lang": {Account: "a", Lang: "fr"}, "Kind": {Account: "a", Kinds: map[NoticeKind]Told{"gossip": {}}},
		"Pace": {Account: "a", Kinds: map[NoticeKind]Told{NoticeDue: {Mail: "hourly"}}},
	} {
		if bad.Validate() == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
