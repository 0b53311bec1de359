package web_test

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// tell writes notices as a service does.
func (o *office) tell(notices ...scene.Notice) {
	o.t.Helper()
	h := store.Herald{IDs: scene.NewIDMaker(today, rand.Reader), Now: today}
	err := o.rows.Update(o.t.Context(), func(tx store.Tx) error { return h.Tell(context.WithoutCancel(o.t.Context()), tx, notices...) })
	if err != nil {
		o.t.Fatal(err)
	}
}

// TestInboxByPage: a person sees what is new on every page, reads it, and
// chooses how to be told; nobody sees or reads what another was told.
func TestInboxByPage(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	reader, other := o.as(scene.RoleProvider), o.as(scene.RoleSteward)
	account, err := o.accounts.Find(t.Context(), scene.Console(), "provider")
	if err != nil {
		t.Fatal(err)
	}
	if body := reader.get("/inbox").Body.String(); !strings.Contains(body, "这里还没有通知") {
		t.Error("an empty inbox says nothing")
	}
	for _, name := range []string{"内涝<b>", "边坡"} {
		o.tell(scene.Notice{
			Account: account.ID, Kind: scene.NoticeSearch, Key: "notice.search.found", Args: map[string]any{"name": name}, Path: "/capabilities/CAP000",
		})
	}
	if body := reader.get("/about").Body.String(); !strings.Contains(body, "收件箱，2 条未读") {
		t.Error("the head of a page does not tell what is new")
	}
	body := reader.get("/inbox").Body.String()
	if !strings.Contains(body, "您的订阅“内涝&lt;b&gt;”发现了新的清单条目") {
		t.Error("the inbox lacks a notice")
	}
	_, rest, _ := strings.Cut(body, `href="/inbox/0`)
	one := "/inbox/0" + rest[:25]
	if w := other.get(one); w.Code != http.StatusNotFound {
		t.Errorf("another's notice: %d", w.Code)
	}
	if body := other.get("/inbox").Body.String(); strings.Contains(body, "内涝") {
		t.Error("another sees it")
	}
	if w := reader.get(one); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/capabilities/CAP000" {
		t.Errorf("open: %d to %s", w.Code, w.Header().Get("Location"))
	}
	if body := reader.get("/inbox?unread=yes").Body.String(); strings.Count(body, "您的订阅") != 1 || !strings.Contains(body, "收件箱，1 条未读") {
		t.Error("what was opened still is new")
	}
	if w := other.fill("/account", "/inbox/read", url.Values{}); w.Code != http.StatusSeeOther {
		t.Errorf("another reads his own: %d", w.Code)
	}
	if body := reader.get("/inbox").Body.String(); !strings.Contains(body, "收件箱，1 条未读") {
		t.Error("another's reading counts")
	}
	if w := reader.fill("/inbox", "/inbox/read", url.Values{}); w.Code != http.StatusSeeOther {
		t.Errorf("read all: %d", w.Code)
	}
	if body := reader.get("/inbox").Body.String(); !strings.Contains(body, "收件箱，0 条未读") {
		t.Error("not everything is read")
	}
	chosen(t, reader)
}

func chosen(t *testing.T, reader *browser) {
	t.Helper()
	form := url.Values{"lang": {"en"}, "search.webhook": {"weekly"}, "due.inbox": {"yes"}}
	if w := reader.fill("/inbox/choices", "/inbox/choices", form); w.Code != http.StatusSeeOther {
		t.Fatalf("choose: %d %s", w.Code, w.Body)
	}
	p := parse(t, "choices", reader.get("/inbox/choices").Body.String())
	var got []string
	for _, in := range append(p.all("option"), p.all("input")...) {
		switch {
		case in.Data == "option" && has(in, "selected") && attr(in, "value") != "":
			got = append(got, attr(in, "value"))
		case attr(in, "type") == "checkbox" && has(in, "checked"):
			got = append(got, attr(in, "name"))
		}
	}
	if want := "weekly en due.inbox"; strings.Join(got, " ") != want {
		t.Errorf("chosen: %v, want %s", got, want)
	}
	form.Set("search.webhook", "hourly")
	if w := reader.fill("/inbox/choices", "/inbox/choices", form); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a pace that is none: %d", w.Code)
	}
}

// TestReceiverPage: an address inside is refused at its field, with what was typed;
// one that is set up says once what it is sent.
func TestReceiverPage(t *testing.T) {
	t.Parallel()
	provider := newOffice(t).as(scene.RoleProvider)
	form := url.Values{"name": {"门户"}, "form": {"standard"}, "url": {"http://10.0.0.5/hook"}, "subjects": scene.HookSubjects()}
	const list = "/inbox/receivers"
	w := provider.fill(list, list, form)
	if body := w.Body.String(); w.Code != http.StatusUnprocessableEntity || !strings.Contains(body, "内部网络") || !strings.Contains(body, `value="http://10.0.0.5/hook"`) || !strings.Contains(body, "aria-invalid") || strings.Count(body, " checked") != len(scene.HookSubjects()) {
		t.Errorf("an address inside: %d %s", w.Code, body)
	}
	form.Set("url", "https://portal.example/hook")
	w = provider.fill(list, list, form)
	if body := w.Body.String(); w.Code != http.StatusOK || strings.Count(body, "接收哪些事件") != 1 || !strings.Contains(body, "对接变化、场景机会变化") {
		t.Errorf("set up: %d %s", w.Code, body)
	}
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}
