package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"jinghe/internal/account"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/web"
)

// mailbox keeps letters.
type mailbox struct {
	mu   sync.Mutex
	sent []string
}

// Send keeps a letter.
func (m *mailbox) Send(_ context.Context, _, _, text string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sent = append(m.sent, text)
	return nil
}

// TestForgottenByPage: whoever is asked for, the page is the same; the link in the letter sets a new password.
func TestForgottenByPage(t *testing.T) {
	t.Parallel()
	var box mailbox
	var mu sync.Mutex
	at := today()
	now := func() time.Time { mu.Lock(); defer mu.Unlock(); return at }
	o := newOffice(t, func(_ *web.Config, c *account.Config) {
		c.Mailer, c.Link, c.Now = &box, func(path string) string { return "https://example.cn" + path }, now
	})
	a := o.person(scene.RoleProvider)
	a.Mail = "li@example.cn"
	if err := o.rows.Update(t.Context(), func(tx store.Tx) error { _, err := tx.Accounts().Put(t.Context(), a); return err }); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	at = at.Add(time.Minute)
	mu.Unlock()
	b := o.browser()
	if body := b.get("/sign-in").Body.String(); !strings.Contains(body, "/sign-in/forgotten") {
		t.Error("the sign-in does not lead there")
	}
	known := b.fill("/sign-in/forgotten", "/sign-in/forgotten", url.Values{"login": {"provider"}})
	unknown := b.fill("/sign-in/forgotten", "/sign-in/forgotten", url.Values{"login": {"nobody"}})
	if trim := func(s string) string { _, after, _ := strings.Cut(s, "<main"); return after }; known.Code != 200 || unknown.Code != 200 || trim(known.Body.String()) != trim(unknown.Body.String()) {
		t.Error("the two answers differ")
	}
	o.accounts.Wait()
	if len(box.sent) != 1 {
		t.Fatalf("%d letters", len(box.sent))
	}
	_, link, _ := strings.Cut(box.sent[0], "https://example.cn")
	link = strings.Fields(link)[0]
	if w := b.fill(link, link, url.Values{"password": {"short"}}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a short password: %d", w.Code)
	}
	if w := b.fill(link, link, url.Values{"password": {"the bridge is long in june"}}); w.Code != 200 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := b.fill(link, link, url.Values{"password": {"the bridge is long in june"}}); w.Code != http.StatusNotFound {
		t.Errorf("the link again: %d", w.Code)
	}
	if w := b.fill("/sign-in", "/sign-in", credentials("provider", "the bridge is long in june")); w.Code != http.StatusSeeOther {
		t.Errorf("sign in: %d", w.Code)
	}
	plain := newOffice(t)
	if body := plain.browser().get("/sign-in/forgotten").Body.String(); !strings.Contains(body, "没有配置邮件") {
		t.Error("a site without mail does not say so")
	}
}
