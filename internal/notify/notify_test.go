package notify_test

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jinghe/internal/notify"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/store/sqlite"
)

// desk is a service over rows of its own, with a clock that the test moves.
type desk struct {
	*notify.Service
	t    *testing.T
	rows store.Store
	now  time.Time
	post *letterbox
	away *http
}

type letter struct{ to, subject, text string }

// letterbox keeps letters, or is away.
type letterbox struct {
	letters []letter
	fault   error
	asked   int
}

func (l *letterbox) Send(_ context.Context, to, subject, text string) error {
	l.asked++
	if l.fault == nil {
		l.letters = append(l.letters, letter{to, subject, text})
	}
	return l.fault
}

func newDesk(t *testing.T, change ...func(*notify.Config)) *desk {
	t.Helper()
	rows, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "city.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = rows.Close() })
	d := &desk{t: t, rows: rows, now: time.Date(2026, 3, 4, 2, 0, 0, 0, time.UTC), post: &letterbox{}, away: &http{}} // a Wednesday, ten o'clock
	clock := func() time.Time { return d.now }
	c := notify.Config{
		Store: rows, IDs: scene.NewIDMaker(clock, rand.Reader), Now: clock, Random: rand.Reader, Log: slog.New(slog.DiscardHandler),
		Mailer: d.post, Poster: d.away, Link: func(path string) string { return "https://city.example" + path },
	}
	for _, f := range change {
		f(&c)
	}
	d.Service = notify.New(c)
	d.update(func(tx store.Tx) error {
		_, err := tx.Organisations().Put(t.Context(), scene.Organisation{ID: "org", Name: "某公司"})
		return err
	})
	return d
}

func (d *desk) update(fn func(store.Tx) error) {
	d.t.Helper()
	if err := d.rows.Update(d.t.Context(), fn); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) person(id scene.ID, mail string, roles ...scene.Role) scene.Actor {
	d.t.Helper()
	a := scene.Account{ID: id, Login: string(id), Name: "李四", Mail: mail, Roles: roles, State: scene.AccountActive}
	if a.Roles == nil {
		a.Roles, a.OrgID = []scene.Role{scene.RoleProvider}, "org"
	}
	d.update(func(tx store.Tx) error { _, err := tx.Accounts().Put(d.t.Context(), a); return err })
	return a.Actor("192.0.2.1")
}

func (d *desk) tell(account scene.ID, kind scene.NoticeKind, name string) {
	d.t.Helper()
	h := store.Herald{IDs: d.IDs, Now: d.Now}
	d.update(func(tx store.Tx) error {
		return h.Tell(d.t.Context(), tx, scene.Notice{Account: account, Kind: kind, Key: "notice.search.found", Args: map[string]any{"name": name}, Path: "/x"})
	})
}

func (d *desk) deliver(want int) {
	d.t.Helper()
	n, err := d.Deliver(d.t.Context())
	if err != nil || n != want {
		d.t.Helper()
		d.t.Fatalf("delivered %d, %v; want %d", n, err, want)
	}
}

// TestLetters: at once what has to be answered, one letter in the morning for
// the rest, in the reader's language; what was read meanwhile is not sent.
func TestLetters(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	one, two := d.person("one", "one@example.cn"), d.person("two", "two@example.cn")
	if err := d.Choose(t.Context(), two, scene.NoticeChoice{Lang: "en", Kinds: map[scene.NoticeKind]scene.Told{scene.NoticeSearch: {Mail: scene.PaceWeekly}}}); err != nil {
		t.Fatal(err)
	}
	d.tell("one", scene.NoticeEngagement, "甲")
	for _, name := range []string{"乙", "丙", "丁"} {
		d.tell("one", scene.NoticeSearch, name)
	}
	d.tell("two", scene.NoticeSearch, "戊")
	d.deliver(1)
	if got := d.post.letters[0]; got.to != "one@example.cn" || !strings.Contains(got.subject, "甲") || !strings.Contains(got.text, "https://city.example/x") {
		t.Errorf("at once: %+v", got)
	}
	d.deliver(0)
	rows, err := d.Inbox(t.Context(), one, store.NoticeFilter{}, store.Page{Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Open(t.Context(), one, rows.Items[0].ID); err != nil { // 丁
		t.Fatal(err)
	}
	d.now = d.now.Add(24 * time.Hour)
	d.deliver(1)
	got := d.post.letters[1]
	if !strings.Contains(got.subject, "2 条") || strings.Index(got.text, "乙") > strings.Index(got.text, "丙") || strings.Contains(got.text, "丁") {
		t.Errorf("the digest: %+v", got)
	}
	d.now = scene.PaceWeekly.Due(d.now)
	d.deliver(1)
	if got := d.post.letters[2]; got.to != "two@example.cn" || !strings.Contains(got.text, "Your saved search “戊”") {
		t.Errorf("weekly, in English: %+v", got)
	}
	d.now = d.now.AddDate(1, 0, 0)
	d.deliver(0)
}

// TestLetterPutOff: a mail server that is away loses nothing and is asked less and less.
func TestLetterPutOff(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.person("one", "one@example.cn")
	d.tell("one", scene.NoticeEngagement, "甲")
	d.post.fault = errors.New("away")
	for range 12 * 60 { // half a day, minute by minute
		d.deliver(0)
		d.now = d.now.Add(time.Minute)
	}
	if d.post.asked > 8 {
		t.Errorf("asked %d times in half a day", d.post.asked)
	}
	d.post.fault = nil
	for range 24 {
		if n, err := d.Deliver(t.Context()); err != nil || n > 0 {
			break
		}
		d.now = d.now.Add(time.Hour)
	}
	if len(d.post.letters) != 1 {
		t.Errorf("%d letters after the server came back", len(d.post.letters))
	}
	d.deliver(0)
}

// TestNobodyToTell: who is disabled or has no address is not written to, and
// nothing waits for him.
func TestNobodyToTell(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.person("none", "")
	d.person("gone", "gone@example.cn")
	d.tell("none", scene.NoticeEngagement, "甲")
	d.tell("gone", scene.NoticeEngagement, "甲")
	d.update(func(tx store.Tx) error {
		a, err := tx.Accounts().Get(t.Context(), "gone")
		if err != nil {
			return err
		}
		a.State = scene.AccountDisabled
		_, err = tx.Accounts().Put(t.Context(), a)
		return err
	})
	d.deliver(0)
	if len(d.post.letters) != 0 {
		t.Errorf("written to: %v", d.post.letters)
	}
	d.update(func(tx store.Tx) error {
		due, err := tx.Notices().Due(t.Context(), d.now.AddDate(1, 0, 0), 10)
		if len(due) != 0 {
			t.Errorf("waiting: %v", due)
		}
		return err
	})
}

// TestOwnInbox: nobody reads another's inbox, a visitor has none, and old
// notices that were read go.
func TestOwnInbox(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	one, two := d.person("one", ""), d.person("two", "")
	d.tell("one", scene.NoticeDue, "甲")
	d.tell("one", scene.NoticeDue, "乙")
	rows, err := d.Inbox(t.Context(), one, store.NoticeFilter{Account: "two"}, store.Page{})
	if err != nil || len(rows.Items) != 2 {
		t.Fatalf("own inbox: %v, %v", rows.Items, err)
	}
	id := rows.Items[0].ID
	for name, err := range map[string]error{
		"Another": second(d.Open(t.Context(), two, id)), "Visitor": second(d.Open(t.Context(), scene.Actor{}, id)), "None": second(d.Open(t.Context(), one, "none")),
	} {
		if scene.CodeOf(err) != scene.NotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
	visitor := scene.Actor{}
	for name, err := range map[string]error{
		"Inbox": second(d.Inbox(t.Context(), visitor, store.NoticeFilter{}, store.Page{})), "Read": second(d.Read(t.Context(), visitor)),
		"Choice": second(d.Choice(t.Context(), visitor)), "Choose": d.Choose(t.Context(), visitor, scene.NoticeChoice{}),
	} {
		if scene.CodeOf(err) != scene.Unauthorized {
			t.Errorf("a visitor's %s: %v", name, err)
		}
	}
	if n, err := d.Read(t.Context(), two); n != 0 || err != nil {
		t.Errorf("another reads %d, %v", n, err)
	}
	if n, err := d.Read(t.Context(), one, id); n != 1 || err != nil {
		t.Errorf("reads %d, %v", n, err)
	}
	d.now = d.now.AddDate(1, 0, 0)
	if err := d.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, err := d.Unread(t.Context(), "one"); n != 1 || err != nil {
		t.Errorf("unread: %d, %v", n, err)
	}
	rows, err = d.Inbox(t.Context(), one, store.NoticeFilter{}, store.Page{})
	if err != nil || len(rows.Items) != 1 {
		t.Errorf("after a year: %v, %v", rows.Items, err)
	}
}

func second[T any](_ T, err error) error { return err }

// http answers what the test says.
type http struct {
	sent    []notify.Message
	answers []int  // status of each request in turn; 200 beyond
	dead    string // address that always answers 503
	body    string
	inside  string // address that leads inside
}

func (h *http) Judge(_ context.Context, address string) string {
	if address == h.inside {
		return "webhook.inside"
	}
	return ""
}

func (h *http) Post(_ context.Context, m notify.Message) (notify.Answer, error) {
	status := 200
	if n := len(h.sent); n < len(h.answers) {
		status = h.answers[n]
	}
	if m.URL == h.dead {
		status = 503
	}
	h.sent = append(h.sent, m)
	return notify.Answer{Status: status, Body: []byte(h.body)}, nil
}
