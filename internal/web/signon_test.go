package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jinghe/internal/account"
	"jinghe/internal/scene"
	"jinghe/internal/web"
)

// gate is another system at which people sign in.
type gate struct {
	away                   bool
	state, nonce, verifier string
}

func (*gate) Label() string { return "市民中心" }

func (g *gate) Begin(_ context.Context, state, nonce, verifier string) (string, error) {
	if g.away {
		return "", &scene.Error{Code: scene.Unavailable, Key: "sign_on.away"}
	}
	g.state, g.nonce, g.verifier = state, nonce, verifier
	return "https://sso.example.cn/authorize?state=" + state, nil
}

func (g *gate) Finish(_ context.Context, code, nonce, verifier string) (account.Claim, error) {
	if code != "good" || nonce != g.nonce || verifier != g.verifier {
		return account.Claim{}, &scene.Error{Code: scene.Unauthorized, Key: "sign_on.refused"}
	}
	return account.Claim{Issuer: "https://sso.example.cn", Subject: "1", Mail: "li@example.cn", Verified: true, Name: "李四"}, nil
}

func TestSignOnByPage(t *testing.T) {
	t.Parallel()
	g := &gate{}
	o := newOffice(t, func(c *web.Config, _ *account.Config) { c.Rates = map[web.Class]web.Rate{} })
	o.elsewhere(g)
	b := o.browser()
	if body := b.get("/sign-in?next=/workspace").Body.String(); !strings.Contains(body, "用市民中心登录") || !strings.Contains(body, "/sign-in/with?next=%2Fworkspace") {
		t.Error("the sign-in does not lead there")
	}
	w := b.get("/sign-in/with?next=/workspace")
	if w.Code != http.StatusFound || !strings.HasPrefix(w.Header().Get("Location"), "https://sso.example.cn/authorize?state=") || b.cookies["jinghe_away"] == nil || !b.cookies["jinghe_away"].HttpOnly {
		t.Fatalf("%d %v", w.Code, w.Header())
	}
	back := func(state, code string) string {
		return "/sign-in/with/return?" + url.Values{"state": {state}, "code": {code}}.Encode()
	}
	kept := *b.cookies["jinghe_away"]
	for name, path := range map[string]string{
		"OtherState": back("x", "good"), "NoState": back("", "good"), "NoCode": back(g.state, ""), "BadCode": back(g.state, "bad"), "Denied": "/sign-in/with/return?error=access_denied&state=" + g.state,
	} {
		cookie := kept
		b.cookies["jinghe_away"] = &cookie
		if w := b.get(path); w.Code != http.StatusUnauthorized || b.cookies["jinghe_session"] != nil || b.cookies["jinghe_away"] != nil {
			t.Errorf("%s: %d, %v", name, w.Code, b.cookies)
		}
	}
	stranger := o.browser() // a link that somebody else set out with
	if w := stranger.get(back(g.state, "good")); w.Code != http.StatusUnauthorized {
		t.Errorf("another browser: %d", w.Code)
	}
	b.cookies["jinghe_away"] = &kept
	if w := b.get(back(g.state, "good")); w.Code != http.StatusUnauthorized || !strings.Contains(w.Body.String(), "等待场景促进中心审核") {
		t.Errorf("a newcomer: %d", w.Code)
	}
	rows, err := o.accounts.Find(t.Context(), scene.Console(), o.newest())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.accounts.Approve(t.Context(), scene.Console(), rows.ID); err != nil {
		t.Fatal(err)
	}
	b.get("/sign-in/with?next=//evil.example")
	if w := b.get(back(g.state, "good")); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/account" || b.cookies["jinghe_session"] == nil {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	g.away = true
	if w := o.browser().get("/sign-in/with"); w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "统一登录服务暂时没有应答") {
		t.Errorf("away: %d", w.Code)
	}
}
