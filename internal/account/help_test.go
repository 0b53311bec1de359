package account_test

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"go.uber.org/goleak"

	"jinghe/internal/account"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/store/sqlite"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// desk is a service over a store of its own, with a clock that tests move.
type desk struct {
	*account.Service
	t    *testing.T
	rows store.Store

	mu   sync.Mutex
	at   time.Time
	sent []letter
}

type letter struct{ to, subject, text string }

// Send keeps a mail.
func (d *desk) Send(_ context.Context, to, subject, text string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sent = append(d.sent, letter{to, subject, text})
	return nil
}

func (d *desk) now() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.at
}

func (d *desk) pass(t time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at = d.at.Add(t)
}

func newDesk(t *testing.T, change ...func(*account.Config)) *desk {
	t.Helper()
	rows, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "city.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = rows.Close() })
	d := &desk{t: t, rows: rows, at: time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)}
	c := account.Config{
		Store: rows, IDs: scene.NewIDMaker(d.now, rand.Reader), Now: d.now, Random: rand.Reader, Log: slog.New(slog.DiscardHandler),
	}
	for _, f := range change {
		f(&c)
	}
	if d.Service, err = account.New(c); err != nil {
		t.Fatal(err)
	}
	return d
}

const goodPassword = "九月 the river is high"

// add makes an account that can sign in with goodPassword.
func (d *desk) add(login string, roles ...scene.Role) scene.Account {
	d.t.Helper()
	n := account.NewAccount{Login: login, Name: "某人", Roles: roles, Password: goodPassword, Department: "水务局"}
	for _, r := range roles {
		if r.Enterprise() {
			n.OrgID = d.organisation("某某公司")
		}
	}
	a, _, err := d.Add(d.t.Context(), scene.Console(), n)
	if err != nil {
		d.t.Fatal(err)
	}
	return a
}

// organisation makes one of that name, or returns it.
func (d *desk) organisation(name string) (id scene.ID) {
	d.t.Helper()
	err := d.rows.Update(d.t.Context(), func(tx store.Tx) error {
		held, err := tx.Organisations().Find(d.t.Context(), "", scene.NameKey(name))
		if err == nil {
			id = held.ID
			return nil
		}
		id = scene.ID("org-" + name)
		_, err = tx.Organisations().Put(d.t.Context(), scene.Organisation{ID: id, Name: name})
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return id
}

func (d *desk) try(login, password, from string) (string, error) {
	return d.SignIn(d.t.Context(), account.Attempt{Login: login, Password: password, From: from, Agent: "test"})
}

func (d *desk) signIn(login string) string {
	d.t.Helper()
	token, err := d.try(login, goodPassword, "192.0.2.1")
	if err != nil {
		d.t.Fatalf("sign in as %s: %v", login, err)
	}
	return token
}

// stage is where the session of a token stands; "ended" if there is none.
func (d *desk) stage(token string) string {
	d.t.Helper()
	who, err := d.Resume(d.t.Context(), token)
	switch scene.CodeOf(err) {
	case "":
		return "at:" + string(who.Stage)
	case scene.Unauthorized:
		return "ended"
	}
	d.t.Fatal(err)
	return ""
}

func (d *desk) want(token, stage string) {
	d.t.Helper()
	if got := d.stage(token); got != stage {
		d.t.Errorf("session is %s, want %s", got, stage)
	}
}

// record returns the actions of the record, newest first.
func (d *desk) record() []string {
	d.t.Helper()
	rows, err := d.Record(d.t.Context(), scene.Console(), store.AuditFilter{}, store.Page{Limit: 1000})
	if err != nil {
		d.t.Fatal(err)
	}
	var actions []string
	for _, l := range rows.Items {
		actions = append(actions, l.Action)
	}
	return actions
}

func (d *desk) recorded(action string) {
	d.t.Helper()
	for _, a := range d.record() {
		if a == action {
			return
		}
	}
	d.t.Errorf("%s is not in the record: %v", action, d.record())
}

func (d *desk) code(secret string) string {
	d.t.Helper()
	code, err := totp.GenerateCode(secret, d.now())
	if err != nil {
		d.t.Fatal(err)
	}
	return code
}

// wantKey checks that an error has that message key, or is nil for "".
func wantKey(t *testing.T, what string, err error, key string) {
	t.Helper()
	got := ""
	if e, ok := errors.AsType[*scene.Error](err); ok {
		got = e.Key
		for _, f := range e.Fields {
			got += " " + f.Key
		}
	} else if err != nil {
		got = err.Error()
	}
	if got != key && (key == "" || !strings.HasSuffix(got, " "+key)) {
		t.Errorf("%s: %q (%v), want %q", what, got, err, key)
	}
}
