package account_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"jinghe/internal/account"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

const nextPassword = "十月 the river is low again"

// withMail is a desk from which letters go out.
func withMail(t *testing.T, change ...func(*account.Config)) *desk {
	t.Helper()
	var d *desk
	change = append(change, func(c *account.Config) {
		c.Mailer, c.Link = later{&d}, func(path string) string { return "https://example.cn" + path }
	})
	d = newDesk(t, change...)
	return d
}

// forget asks for a link and returns it, "" where no letter went out.
func (d *desk) forget(login string) string {
	d.t.Helper()
	d.pass(time.Second)
	before := len(d.sent)
	err := d.Forgotten(d.t.Context(), login, "192.0.2.1", func(link string) (string, string) { return "s", link })
	if err != nil {
		d.t.Fatal(err)
	}
	d.Wait()
	if len(d.sent) == before {
		return ""
	}
	return strings.TrimPrefix(d.sent[before].text, "https://example.cn/sign-in/reset/")
}

func (d *desk) mailed(login, mail string, roles ...scene.Role) scene.Account {
	d.t.Helper()
	a := d.add(login, roles...)
	a.Mail = mail
	err := d.rows.Update(d.t.Context(), func(tx store.Tx) (err error) {
		a, err = tx.Accounts().Put(d.t.Context(), a)
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return a
}

func TestForgotten(t *testing.T) {
	t.Parallel()
	d := withMail(t)
	d.mailed("li", "li@example.cn", scene.RoleProvider)
	d.add("silent", scene.RoleProvider)
	gone := d.mailed("gone", "gone@example.cn", scene.RoleProvider)
	if _, err := d.Disable(t.Context(), scene.Console(), gone.ID, "x"); err != nil {
		t.Fatal(err)
	}
	session := d.signIn("li")
	for _, login := range []string{"nobody", "silent", "gone", "", "li@example.cn"} {
		if link := d.forget(login); link != "" {
			t.Errorf("a letter for %q: %s", login, link)
		}
	}
	old, link := d.forget("LI "), d.forget("li")
	if old == "" || link == "" || d.sent[0].to != "li@example.cn" {
		t.Fatalf("letters: %+v", d.sent)
	}
	d.want(session, "at:")
	for name, tt := range map[string]struct{ token, password, key string }{
		"Short":   {link, "short", "password.short"},
		"Unknown": {"nonsense", nextPassword, "token.not_found"},
	} {
		wantKey(t, name, d.Renew(t.Context(), tt.token, tt.password, "x"), tt.key)
	}
	if err := d.Renew(t.Context(), link, nextPassword, "x"); err != nil {
		t.Fatal(err)
	}
	d.want(session, "ended")
	d.pass(time.Second)
	wantKey(t, "the link again", d.Renew(t.Context(), link, nextPassword, "x"), "token.not_found")
	wantKey(t, "an older link", d.Renew(t.Context(), old, nextPassword, "x"), "token.not_found")
	if _, err := d.try("li", goodPassword, "x"); err == nil {
		t.Error("the old password still works")
	}
	if _, err := d.try("li", nextPassword, "x"); err != nil {
		t.Errorf("the new password: %v", err)
	}
}

func TestForgottenEnds(t *testing.T) {
	t.Parallel()
	d := withMail(t)
	d.mailed("li", "li@example.cn", scene.RoleProvider)
	link := d.forget("li")
	d.pass(31 * time.Minute)
	wantKey(t, "half an hour later", d.Renew(t.Context(), link, nextPassword, "x"), "token.not_found")
	letters := len(d.sent)
	for range 20 {
		d.forget("li")
	}
	if got := len(d.sent) - letters; got > 6 {
		t.Errorf("%d letters in no time", got)
	}
}

// TestForgottenKeepsFactor: a link in a mail is no second factor.
func TestForgottenKeepsFactor(t *testing.T) {
	t.Parallel()
	d := withMail(t, func(c *account.Config) { c.Key = make([]byte, account.KeySize) })
	d.mailed("chen", "chen@example.cn", scene.RoleSteward)
	d.enrol("chen")
	if err := d.Renew(t.Context(), d.forget("chen"), nextPassword, "x"); err != nil {
		t.Fatal(err)
	}
	token, err := d.try("chen", nextPassword, "x")
	if err != nil {
		t.Fatal(err)
	}
	d.want(token, "at:code")
}

// later sends through a desk that is made after the service.
type later struct{ d **desk }

// Send sends.
func (l later) Send(ctx context.Context, to, subject, text string) error {
	return (*l.d).Send(ctx, to, subject, text)
}
