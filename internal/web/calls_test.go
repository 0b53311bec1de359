package web_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"jinghe/internal/account"
	"jinghe/internal/scene"
	"jinghe/internal/web"
	"jinghe/internal/web/api"
	"jinghe/internal/web/edge"
)

// call asks the API with a token; headers are pairs of name and value.
func (b *browser) call(method, path, body string, headers ...string) *httptest.ResponseRecorder {
	b.t.Helper()
	var sent io.Reader
	if body != "" {
		sent = strings.NewReader(body)
	}
	r := httptest.NewRequestWithContext(b.t.Context(), method, path, sent)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return b.send(r)
}

// program is another system with a token of a new account in the role.
func (o *office) program(role scene.Role, scopes ...scene.Scope) *program {
	o.t.Helper()
	a := o.person(role)
	return o.programOf(&a, scopes...)
}

func (o *office) programOf(a *scene.Account, scopes ...scene.Scope) *program {
	o.t.Helper()
	t, secret, err := o.accounts.MakeToken(o.t.Context(), a.Actor("192.0.2.7"), account.NewToken{Name: "门户", Scopes: scopes, Days: 30})
	if err != nil {
		o.t.Fatal(err)
	}
	return &program{o.browser(), secret, t, *a}
}

type program struct {
	*browser
	secret  string
	token   scene.AccessToken
	account scene.Account
}

func (p *program) ask(method, path, body string, headers ...string) *httptest.ResponseRecorder {
	p.t.Helper()
	return p.call(method, api.Prefix+path, body, append(headers, "Authorization", "Bearer "+p.secret)...)
}

// must asks and wants that status; the answer is decoded into it, if not nil.
func (p *program) must(status int, into any, method, path, body string, headers ...string) http.Header {
	p.t.Helper()
	w := p.ask(method, path, body, headers...)
	if w.Code != status {
		p.t.Fatalf("%s %s: %d, want %d: %s", method, path, w.Code, status, w.Body)
	}
	if into != nil {
		if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
			p.t.Fatalf("%s %s: %v: %s", method, path, err, w.Body)
		}
	}
	return w.Header()
}

// TestCallsByRole asks every operation with a token of every role and every
// scope: what is not both in the scope and in the table for the role is refused.
func TestCallsByRole(t *testing.T) {
	t.Parallel()
	o := newOffice(t, func(c *web.Config, _ *account.Config) { c.Rates = map[web.Class]web.Rate{} })
	paths := strings.NewReplacer(":kind", "capability", ":id", "NOBODY", ":name", "none")
	guarded := 0
	for _, role := range scene.Roles() {
		a := o.person(role)
		for _, scope := range scene.Scopes() {
			if !scope.Useful(a.Roles) {
				continue
			}
			p := o.programOf(&a, scope)
			actor := scene.Actor{ID: "x", Roles: []scene.Role{role}, Token: "t", Scopes: []scene.Scope{scope}}
			for _, route := range o.Routes() {
				path, isCall := strings.CutPrefix(paths.Replace(route.Path), api.Prefix)
				do, needs := route.May.Action()
				if !isCall || !needs {
					continue
				}
				guarded++
				code := p.ask(route.Method, path, "{}").Code
				if may := actor.MayEver(do); may == (code == http.StatusForbidden) && !strings.Contains(path, "/entries/") || !may && code != http.StatusForbidden {
					t.Errorf("%s with %s: %s %s: %d, and the table says %v", role, scope, route.Method, path, code, may)
				}
				if code >= http.StatusInternalServerError || code == http.StatusUnauthorized {
					t.Errorf("%s with %s: %s %s: %d", role, scope, route.Method, path, code)
				}
			}
		}
	}
	if guarded < 100 {
		t.Errorf("only %d questions", guarded)
	}
}

// TestRefusalsSayWhat: who is refused learns whether a scope is missing or the role,
// and what is wrong with a body is said in the reader's language.
func TestRefusalsSayWhat(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	provider, steward := o.person(scene.RoleProvider), o.person(scene.RoleSteward)
	for name, tt := range map[string]struct {
		by                 *scene.Account
		scope              scene.Scope
		path, body, detail string
	}{
		"Scope":    {&provider, scene.ScopeRead, "/entries/capabilities", "{}", "write:listings"},
		"Role":     {&provider, scene.ScopeWriteListings, "/batches", "{}", "换别的权限范围也不行"},
		"Staff":    {&steward, scene.ScopeRead, "/batches", "{}", "publish"},
		"Cut":      {&provider, scene.ScopeWriteListings, "/entries/capabilities", `{"name":`, "没有写完"},
		"Stray":    {&provider, scene.ScopeWriteListings, "/entries/capabilities", `{"name":"x"}]`, "从第 13 个字节"},
		"NoJSON":   {&provider, scene.ScopeWriteListings, "/entries/capabilities", `{name}`, "从第 2 个字节"},
		"Type":     {&provider, scene.ScopeWriteListings, "/entries/capabilities", `[1]`, "应为对象"},
		"NoBody":   {&provider, scene.ScopeWriteListings, "/entries/capabilities", ``, "缺少正文"},
		"NoNumber": {&provider, scene.ScopeRead, "/opportunities?limit=many", "GET", "应为整数"},
	} {
		p := o.programOf(tt.by, tt.scope)
		method := http.MethodPost
		if tt.body == http.MethodGet {
			method, tt.body = http.MethodGet, ""
		}
		w := p.ask(method, tt.path, tt.body, "Content-Type", "application/json")
		if said := w.Body.String(); w.Code < 400 || w.Code >= 500 || !strings.Contains(said, tt.detail) || strings.Contains(said, "unexpected") || strings.Contains(said, "invalid character") {
			t.Errorf("%s: %d %s, want %q", name, w.Code, said, tt.detail)
		}
	}
	for account, offers := range map[*scene.Account]bool{&provider: false, &steward: true} {
		if scene.ScopePlanEvents.Useful(account.Roles) != offers {
			t.Errorf("%v is offered to plan events: %v", account.Roles, !offers)
		}
	}
}

func TestBearer(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p := o.program(scene.RoleProvider, scene.ScopeRead)
	var me api.Me
	p.must(http.StatusOK, &me, http.MethodGet, "/me", "")
	if me.Organisation != o.org || len(me.Scopes) != 1 || me.Scopes[0] != "read" || me.Roles[0] != "provider" {
		t.Errorf("%+v", me)
	}
	for name, headers := range map[string][]string{
		"Nobody": nil, "Unknown": {"Authorization", "Bearer jinghe_nonsense"}, "Empty": {"Authorization", "Bearer"},
		"Digest": {"Authorization", "Bearer " + p.token.Digest}, "OtherScheme": {"Authorization", "Basic " + p.secret},
	} {
		w := p.call(http.MethodGet, api.Prefix+"/me", "", headers...)
		if w.Code != http.StatusUnauthorized || !strings.HasPrefix(w.Header().Get("Www-Authenticate"), "Bearer") || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %v", name, w.Code, w.Header())
		}
	}
	if w := p.call(http.MethodGet, api.Prefix+"/health", "", "Authorization", "Bearer nonsense"); w.Code != http.StatusUnauthorized {
		t.Errorf("a worthless token where none is needed: %d", w.Code)
	}
	if w := p.call(http.MethodGet, "/workspace", "", "Authorization", "Bearer "+p.secret); w.Code != http.StatusSeeOther {
		t.Errorf("a token opens a page: %d", w.Code)
	}
	if err := o.accounts.RevokeToken(t.Context(), p.account.Actor(""), p.token.ID); err != nil {
		t.Fatal(err)
	}
	p.must(http.StatusUnauthorized, nil, http.MethodGet, "/me", "")
}

// TestEntryByProgram takes an entry through its life as another system does.
func TestEntryByProgram(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p := o.program(scene.RoleProvider, scene.ScopeRead, scene.ScopeWriteListings)
	const base = "/entries/capabilities"
	var e api.OwnCapability
	h := p.must(http.StatusCreated, &e, http.MethodPost, base, `{"name":"管网漏损定位"}`, "Idempotency-Key", "first")
	if e.State != "draft" || e.Revision != 1 || !strings.HasSuffix(h.Get("Location"), "/api/v1/entries/capabilities/"+string(e.ID)) || h.Get("ETag") != `"1"` {
		t.Fatalf("%+v, %v", e, h)
	}
	one := base + "/" + string(e.ID)
	p.must(http.StatusPreconditionRequired, nil, http.MethodPut, one, `{"name":"x"}`)
	p.must(http.StatusUnprocessableEntity, nil, http.MethodPost, one+"/submit", "", "If-Match", `"1"`)
	full := `{"name":"管网漏损定位","fields":["smart_water"],"description":"分布式光纤声学监测系统，单机覆盖四十公里管线。","contact_person":"` + secretPerson + `","contact_phone":"` + secretPhone + `","price":{"min_fen":60000000}}`
	h = p.must(http.StatusOK, &e, http.MethodPut, one, full, "If-Match", h.Get("ETag"))
	if e.Revision != 2 || e.Entry.Price == nil || h.Get("ETag") != `"2"` {
		t.Errorf("%+v", e)
	}
	var problem edge.Problem
	p.must(http.StatusPreconditionFailed, &problem, http.MethodPut, one, full, "If-Match", `"1"`)
	if problem.Code != "precondition" || !strings.Contains(problem.Detail, "重新读取") {
		t.Errorf("%+v", problem)
	}
	p.must(http.StatusUnprocessableEntity, &problem, http.MethodPut, one, `{"name":"x","fields":["nonsense"]}`, "If-Match", `"2"`)
	if len(problem.Errors) != 1 || problem.Errors[0].Field != "fields" {
		t.Errorf("%+v", problem)
	}
	w := p.ask(http.MethodGet, one, "")
	noSecret(t, one, w.Body.String())
	p.must(http.StatusNotModified, nil, http.MethodGet, one, "", "If-None-Match", w.Header().Get("ETag"))
	p.must(http.StatusOK, &e, http.MethodPost, one+"/submit", "", "If-Match", `"2"`)
	p.must(http.StatusOK, &e, http.MethodPost, one+"/withdraw", "", "If-Match", `"3"`)
	p.must(http.StatusOK, &e, http.MethodPost, one+"/submit", "", "If-Match", `"4"`)
	p.must(http.StatusOK, &e, http.MethodGet, one, "")
	if e.State != "submitted" || len(e.Steps) != 3 {
		t.Errorf("%+v", e)
	}
	p.must(http.StatusForbidden, nil, http.MethodPut, one, full, "If-Match", "*")
	stored, err := o.registry.Capability(t.Context(), e.ID)
	if err != nil || stored.Contact.Phone != secretPhone {
		t.Errorf("%+v, %v", stored.Contact, err)
	}
}

// TestPublicEntryByProgram: a change of a public entry waits for review.
func TestPublicEntryByProgram(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p := o.program(scene.RoleProvider, scene.ScopeRead, scene.ScopeWriteListings)
	e := o.draft(p.account.Actor(""))
	o.publish(e)
	one := "/entries/capabilities/" + string(e.Listing().ID)
	var own api.OwnCapability
	h := p.must(http.StatusOK, &own, http.MethodGet, one, "")
	own.Entry.Name = "管网漏损定位（新版）"
	raw, err := json.Marshal(own.Entry)
	if err != nil {
		t.Fatal(err)
	}
	p.must(http.StatusAccepted, &own, http.MethodPut, one, string(raw), "If-Match", h.Get("ETag"))
	if own.Entry.Name != "管网漏损定位" || !own.Proposed {
		t.Errorf("%+v", own)
	}
	p.must(http.StatusUnprocessableEntity, nil, http.MethodPost, one+"/close", "", "If-Match", "*")
	p.must(http.StatusOK, &own, http.MethodPost, one+"/close", `{"reason":"已停产"}`, "If-Match", "*")
	if own.State != "closed" {
		t.Errorf("%+v", own)
	}
}

// TestForeignEntries: the entries of others are not there for a program of an enterprise.
func TestForeignEntries(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	owner := o.program(scene.RoleProvider, scene.ScopeRead, scene.ScopeWriteListings)
	e := o.draft(owner.account.Actor(""))
	o.org = "ELSE"
	o.organisation("ELSE", "别的公司", "")
	stranger := o.program(scene.RoleOwner, scene.ScopeRead, scene.ScopeWriteListings)
	one := "/entries/capabilities/" + string(e.Listing().ID)
	stranger.must(http.StatusForbidden, nil, http.MethodGet, one, "")
	stranger.must(http.StatusForbidden, nil, http.MethodPost, one+"/submit", "", "If-Match", "*")
	stranger.must(http.StatusForbidden, nil, http.MethodGet, "/entries/capabilities?organisation=OWN", "")
	var page api.EntryPage[api.OwnCapability]
	stranger.must(http.StatusOK, &page, http.MethodGet, "/entries/capabilities", "")
	if len(page.Items) != 0 {
		t.Errorf("%+v", page)
	}
	owner.must(http.StatusOK, &page, http.MethodGet, "/entries/capabilities?state=draft&state=submitted", "")
	if len(page.Items) != 1 {
		t.Errorf("%+v", page)
	}
	staff := o.program(scene.RoleSteward, scene.ScopeRead)
	staff.must(http.StatusOK, &page, http.MethodGet, "/entries/capabilities", "")
	if len(page.Items) != 1 {
		t.Errorf("%+v", page)
	}
}

func TestIdempotency(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p := o.program(scene.RoleProvider, scene.ScopeRead, scene.ScopeWriteListings)
	const path = "/entries/capabilities"
	first := p.ask(http.MethodPost, path, `{"name":"甲"}`, "Idempotency-Key", "k1")
	again := p.ask(http.MethodPost, path, `{"name":"甲"}`, "Idempotency-Key", "k1")
	if first.Code != 201 || again.Code != 201 || first.Body.String() != again.Body.String() ||
		again.Header().Get("Idempotency-Replayed") != "true" || first.Header().Get("Idempotency-Replayed") != "" ||
		again.Header().Get("ETag") != first.Header().Get("ETag") || again.Header().Get("Location") != first.Header().Get("Location") {
		t.Errorf("%d %s %v\n%d %s %v", first.Code, first.Body, first.Header(), again.Code, again.Body, again.Header())
	}
	if w := p.ask(http.MethodPost, path, `{"name":"乙"}`, "Idempotency-Key", "k1"); w.Code != http.StatusConflict || w.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("another body under the same key: %d %s", w.Code, w.Body)
	}
	// What was refused changed nothing: put right, it goes under its key.
	p.must(http.StatusUnprocessableEntity, nil, http.MethodPost, path, `{}`, "Idempotency-Key", "k2")
	p.must(http.StatusCreated, nil, http.MethodPost, path, `{"name":"丙"}`, "Idempotency-Key", "k2")
	p.must(http.StatusUnprocessableEntity, nil, http.MethodPost, path, `{"name":"丁"}`, "Idempotency-Key", strings.Repeat("x", 201))
	p.must(http.StatusUnprocessableEntity, nil, http.MethodPost, path, `{"name":"丁"}`, "Idempotency-Key", "汉字")
	var page api.EntryPage[api.OwnCapability]
	p.must(http.StatusOK, &page, http.MethodGet, path, "")
	if len(page.Items) != 2 {
		t.Errorf("%d entries, want 2", len(page.Items))
	}
}

func TestCallRates(t *testing.T) {
	t.Parallel()
	o := newOffice(t, func(c *web.Config, _ *account.Config) {
		c.Rates = map[web.Class]web.Rate{web.ClassCall: {PerSecond: 2, Burst: 3}}
	})
	p := o.program(scene.RoleProvider, scene.ScopeRead)
	for n, want := range []string{`"call";r=2;t=1`, `"call";r=1;t=1`, `"call";r=0;t=2`} {
		w := p.ask(http.MethodGet, "/me", "")
		if w.Code != 200 || w.Header().Get("RateLimit-Policy") != `"call";q=3;w=2` || w.Header().Get("RateLimit") != want {
			t.Errorf("%d: %d %v", n, w.Code, w.Header())
		}
	}
	if w := p.ask(http.MethodGet, "/me", ""); w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") != "1" || w.Header().Get("RateLimit") != `"call";r=0;t=2` {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	if w := p.call(http.MethodGet, api.Prefix+"/health", ""); w.Code != 200 {
		t.Errorf("somebody else waits with it: %d", w.Code)
	}
	if w := o.browser().get("/about"); w.Header().Get("RateLimit") != "" {
		t.Errorf("pages tell rates: %v", w.Header())
	}
}
