package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jinghe/internal/account"
	"jinghe/internal/scene"
	"jinghe/internal/web"
	"jinghe/internal/web/edge"
)

// TestRoutesByRole walks every route with every role: what the table does not
// allow the role anywhere is refused, and nothing else is.
func TestRoutesByRole(t *testing.T) {
	t.Parallel()
	o := newOffice(t, func(c *web.Config, _ *account.Config) { c.Rates = map[web.Class]web.Rate{} })
	paths := strings.NewReplacer(":kind", "capability", ":id", "NOBODY", ":token", "none", ":name", "none")
	walk := func(t *testing.T, b *browser, actor scene.Actor) {
		t.Helper()
		for _, route := range o.Routes() {
			if route.Path == "/sign-out" || route.Path == "/account/sign-out-others" || route.May == edge.Operator {
				continue // ends the walk; not for roles
			}
			if strings.HasPrefix(route.Path, "/api/") && route.May != edge.Visitor {
				if code := b.call(route.Method, paths.Replace(route.Path), "").Code; code != http.StatusUnauthorized {
					t.Errorf("%v: %s %s with cookies alone: %d", actor.Roles, route.Method, route.Path, code)
				}
				continue // the API knows tokens alone: TestCallsByRole
			}
			path := paths.Replace(route.Path)
			var code int
			if route.Method == http.MethodPost {
				code = b.post(path, url.Values{"form_token": {"x"}}).Code
			} else {
				code = b.get(path).Code
			}
			do, guarded := route.May.Action()
			may := !guarded || actor.MayEver(do)
			switch {
			case !actor.Known() && (guarded || route.May == edge.Signed):
				if want := map[string]int{http.MethodGet: http.StatusSeeOther, http.MethodPost: http.StatusUnauthorized}[route.Method]; code != want {
					t.Errorf("a visitor: %s %s: %d, want %d", route.Method, path, code, want)
				}
			case route.Method == http.MethodPost:
				if code != http.StatusForbidden { // by the table, or for want of a token
					t.Errorf("%s %s without a token: %d", route.Method, path, code)
				}
			case may == (code == http.StatusForbidden):
				t.Errorf("%v: GET %s: %d, and the table says %v", actor.Roles, path, code, may)
			case code >= http.StatusInternalServerError:
				t.Errorf("%v: GET %s: %d", actor.Roles, path, code)
			}
		}
	}
	walk(t, o.browser(), scene.Actor{})
	for _, role := range scene.Roles() {
		t.Run(string(role), func(t *testing.T) {
			b := o.as(role)
			walk(t, b, scene.Actor{ID: "x", Roles: []scene.Role{role}})
		})
	}
}

// TestPostsByRole: with a good token, a form is refused by the table alone.
func TestPostsByRole(t *testing.T) {
	t.Parallel()
	o := newOffice(t, func(c *web.Config, _ *account.Config) { c.Rates = map[web.Class]web.Rate{} })
	for _, role := range []scene.Role{scene.RoleProvider, scene.RoleSteward, scene.RoleAuditor, scene.RoleAdmin} {
		b := o.as(role)
		token := b.token("/account")
		actor := scene.Actor{ID: "x", Roles: []scene.Role{role}}
		for _, route := range o.Routes() {
			do, guarded := route.May.Action()
			if route.Method != http.MethodPost || !guarded || route.Path == "/account/sign-out-others" || strings.HasPrefix(route.Path, "/api/") {
				continue
			}
			path := strings.NewReplacer(":kind", "capability", ":id", "NOBODY").Replace(route.Path)
			code := b.post(path, url.Values{"form_token": {token}}).Code
			if may := actor.MayEver(do); may == (code == http.StatusForbidden) && !strings.Contains(path, "new") {
				t.Errorf("%s: POST %s: %d, and the table says %v", role, path, code, may)
			}
		}
	}
}

func TestSignInByPage(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.person(scene.RoleProvider)
	for name, tt := range map[string]struct {
		form url.Values
		code int
		to   string
	}{
		"OK":        {credentials("provider", testPassword), 303, "/workspace"},
		"Next":      {credentials("provider", testPassword, "next", "/account"), 303, "/account"},
		"Elsewhere": {credentials("provider", testPassword, "next", "https://evil.example/"), 303, "/workspace"},
		"Slashes":   {credentials("provider", testPassword, "next", "//evil.example"), 303, "/workspace"},
		"Backslash": {credentials("provider", testPassword, "next", `/\evil.example`), 303, "/workspace"},
		"Wrong":     {credentials("provider", "not it at all"), 401, ""},
	} {
		b := o.browser()
		w := b.fill("/sign-in", "/sign-in", tt.form)
		if w.Code != tt.code || w.Header().Get("Location") != tt.to {
			t.Errorf("%s: %d to %q", name, w.Code, w.Header().Get("Location"))
		}
		if w.Code == 401 && (b.cookies["jinghe_session"] != nil || !strings.Contains(w.Body.String(), `value="provider"`)) {
			t.Errorf("%s: signed in, or the login is lost", name)
		}
	}
	b := o.browser()
	if w := b.get("/workspace?x=1"); w.Code != 303 || w.Header().Get("Location") != "/sign-in?next=%2Fworkspace%3Fx%3D1" {
		t.Errorf("a stranger goes to %q", w.Header().Get("Location"))
	}
}

func TestCookies(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.person(scene.RoleProvider)
	b := o.browser()
	w := b.fill("/sign-in", "/sign-in", credentials("provider", testPassword))
	c := b.cookies["jinghe_session"]
	if c == nil || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Secure || c.Domain != "" || c.MaxAge != 0 {
		t.Errorf("%d, cookie %+v", w.Code, c)
	}
	if cache := b.get("/account").Header().Get("Cache-Control"); cache != "no-store" {
		t.Errorf("a page of an account may be kept: %q", cache)
	}

	// Over TLS they are for this host alone.
	r := newRequest(t, "/sign-in", "192.0.2.9:1")
	r.URL.Scheme, r.TLS = "https", tlsState()
	w = b.send(r)
	if set := w.Header().Get("Set-Cookie"); !strings.HasPrefix(set, "__Host-jinghe_seal=") || !strings.Contains(set, "Secure") {
		t.Errorf("over TLS: %q", set)
	}
}

// TestFixationByPage: a token that was planted in the browser is not the one that signs in.
func TestFixationByPage(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.as(scene.RoleProvider)
	planted := b.cookies["jinghe_session"].Value
	o.person(scene.RoleOwner)
	w := b.fill("/account", "/sign-out", url.Values{})
	if w.Code != 303 || b.cookies["jinghe_session"] != nil {
		t.Fatalf("sign out: %d", w.Code)
	}
	b.cookies["jinghe_session"] = &http.Cookie{Name: "jinghe_session", Value: planted}
	b.fill("/sign-in", "/sign-in", credentials("owner", testPassword))
	if now := b.cookies["jinghe_session"].Value; now == planted || now == "" {
		t.Errorf("session %q", now)
	}
	thief := o.browser()
	thief.cookies["jinghe_session"] = &http.Cookie{Name: "jinghe_session", Value: planted}
	if w := thief.get("/account"); w.Code != 303 {
		t.Errorf("the planted token opens: %d", w.Code)
	}
	if thief.cookies["jinghe_session"] != nil {
		t.Error("a worthless cookie is kept")
	}
}

// TestForgery: a form counts only with the token of this browser and this session, from this site.
func TestForgery(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.as(scene.RoleProvider)
	other := o.browser()
	foreign, good := other.token("/sign-in"), b.token("/account")
	for name, tt := range map[string]struct {
		token   string
		headers []string
		code    int
	}{
		"OK":        {good, nil, 303},
		"Missing":   {"", nil, 403},
		"Foreign":   {foreign, nil, 403},
		"OtherSite": {good, []string{"Sec-Fetch-Site", "cross-site"}, 403},
		"Origin":    {good, []string{"Origin", "https://evil.example"}, 403},
		"SameSite":  {good, []string{"Sec-Fetch-Site", "same-origin", "Origin", "http://example.com"}, 303},
	} {
		w := b.post("/account/sign-out-others", url.Values{"form_token": {tt.token}}, tt.headers...)
		if w.Code != tt.code {
			t.Errorf("%s: %d, want %d", name, w.Code, tt.code)
		}
	}
	// The token of a visitor is worth nothing once somebody signed in.
	visitor := o.browser()
	before := visitor.token("/sign-in")
	visitor.fill("/sign-in", "/sign-in", credentials("provider", testPassword))
	if w := visitor.post("/account/sign-out-others", url.Values{"form_token": {before}}); w.Code != 403 {
		t.Errorf("the token from before signing in: %d", w.Code)
	}
}

func TestRates(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.browser()
	token := b.token("/sign-in")
	form := credentials("nobody", "wrong")
	form.Set("form_token", token)
	last := 0
	for n := range 21 { // another login each time: what is limited is the address
		form.Set("login", fmt.Sprint("nobody", n))
		w := b.post("/sign-in", form)
		last = w.Code
		if last == http.StatusTooManyRequests && w.Header().Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("the 21st password: %d", last)
	}
	if w := b.get("/about"); w.Code != 200 {
		t.Errorf("reading is limited with it: %d", w.Code)
	}
	b.from = "192.0.2.8:1"
	if w := b.post("/sign-in", form); w.Code == 0 || w.Code == http.StatusOK {
		t.Errorf("from elsewhere: %d", w.Code)
	}
	reader := o.browser()
	reader.from = "192.0.2.20:1"
	codes := map[int]int{}
	for range 450 {
		codes[reader.get("/terms").Code]++
	}
	if codes[200] != 400 || codes[429] != 50 {
		t.Errorf("450 pages in no time: %v", codes)
	}
}

// TestAttendeeKnowsTheWay: an account that opens nothing but its own page says where the
// schedule of its person is.
func TestAttendeeKnowsTheWay(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.as(scene.RoleAttendee).sees("/account", "会谈日程", "个人链接")
	if body := o.as(scene.RoleProvider).get("/account").Body.String(); strings.Contains(body, "会谈日程") {
		t.Error("who has a workspace is sent to a link")
	}
}

// TestAttendeeIsLedToHisPage: who comes for his own organisation finds his personal page in
// his account, and nobody else does.
func TestAttendeeIsLedToHisPage(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	all := h.parties()
	const owner = "某某科技有限公司"
	delegate := all[owner].Delegates[0]
	h.office.named("comes", delegate.Name, scene.RoleAttendee, all[owner].OrgID)
	h.office.named("stays", "另一位", scene.RoleAttendee, all[owner].OrgID)
	body := h.office.in("comes").sees("/account", "会谈日程", h.fair.Title, "/e/"+delegate.Code)
	if strings.Contains(body, "个人链接") {
		t.Error("who has the link is told to look for it")
	}
	if body := h.office.in("stays").sees("/account", "个人链接"); strings.Contains(body, "/e/") {
		t.Error("a colleague is led to the page of another")
	}
}

// TestRevokedByRoleChange: who was an administrator a moment ago is none now.
func TestRevokedByRoleChange(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	admin := o.as(scene.RoleAdmin)
	auditor := o.as(scene.RoleAuditor)
	a, err := o.accounts.Find(t.Context(), scene.Console(), "auditor")
	if err != nil {
		t.Fatal(err)
	}
	if w := auditor.get("/console/record"); w.Code != 200 {
		t.Fatalf("record: %d", w.Code)
	}
	page := "/console/accounts/" + string(a.ID)
	if w := admin.fill(page, page+"/roles", url.Values{"roles": {"attendee"}}); w.Code != 303 {
		t.Fatalf("roles: %d %s", w.Code, w.Body)
	}
	if w := auditor.get("/console/record"); w.Code != 303 {
		t.Errorf("after the change: %d", w.Code)
	}
}
