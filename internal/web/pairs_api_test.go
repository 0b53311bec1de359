package web_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"testing"

	"jinghe/client"
	"jinghe/internal/account"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/web/api"
)

// wired is the program of somebody, over HTTP, by the package for other programs.
func (o *office) wired(p *program) *client.Client {
	o.t.Helper()
	s := httptest.NewServer(o.Handler())
	o.t.Cleanup(s.Close)
	return client.New(s.URL, p.secret)
}

// answerer is the owner's side of the pair at the counter.
func (o *office) answerer(scopes ...scene.Scope) *program {
	o.t.Helper()
	a, err := o.accounts.Find(o.t.Context(), scene.Console(), "waterboard")
	if err != nil {
		o.t.Fatal(err)
	}
	return o.programOf(&a, scopes...)
}

// refused wants a problem of that status, with at least so many fields at fault.
func refused(t *testing.T, what string, err error, status, fields int) {
	t.Helper()
	p, ok := errors.AsType[*client.Problem](err)
	if !ok || p.Status != status || len(p.Errors) < fields {
		t.Fatalf("%s: %v, want %d", what, err, status)
	}
}

// TestPairByProgram takes a pair from interest to a contract as two other systems
// do, each for its side, and tells each by its inbox; no answer holds a contact.
func TestPairByProgram(t *testing.T) {
	t.Parallel()
	o, _, _ := atCounter(t)
	member, err := o.accounts.Find(t.Context(), scene.Console(), "provider")
	if err != nil {
		t.Fatal(err)
	}
	provider := o.wired(o.programOf(&member, scene.ScopePairs))
	owner := o.wired(o.answerer(scene.ScopePairs, scene.ScopeInbox))
	ctx := t.Context()
	var p client.Pair
	ask := map[string]any{"opportunity": "NEED", "capability": "OFFER", "text": "请联系 " + secretPhone}
	began, err := provider.Do(ctx, http.MethodPost, "/pairs", ask, &p, client.Once("begin"))
	if err != nil || began.Status != http.StatusCreated || p.Stage != "suggested" || p.Begun != "provider" {
		t.Fatalf("begin: %+v, %+v, %v", began, p, err)
	}
	noSecret(t, "begun", p.Opportunity.Name+p.Capability.Name)
	one := "/pairs/" + p.ID

	var inbox struct {
		Unread int             `json:"unread"`
		Items  []client.Notice `json:"items"`
	}
	if _, err := owner.Do(ctx, http.MethodGet, "/inbox?unread=true", nil, &inbox, nil); err != nil || inbox.Unread != 1 || inbox.Items[0].Kind != "engagement" || inbox.Items[0].About[0] != p.ID {
		t.Fatalf("the owner's inbox: %+v, %v", inbox, err)
	}
	read(t, owner, inbox.Items[0].ID)

	due := today().AddDate(0, 0, 7).Format("2006-01-02")
	next := map[string]any{"text": "踏勘", "party": "provider", "due": due}
	_, err = owner.Do(ctx, http.MethodPost, one+"/accept", map[string]any{"next": next}, nil, nil)
	refused(t, "without If-Match", err, http.StatusPreconditionRequired, 0)
	_, err = owner.Do(ctx, http.MethodPost, one+"/accept", map[string]any{"next": next}, nil, client.IfMatch(`"7"`))
	refused(t, "a copy that none is", err, http.StatusPreconditionFailed, 0)
	_, err = owner.Do(ctx, http.MethodPost, one+"/accept", map[string]any{}, nil, client.IfMatch(began.ETag))
	refused(t, "no next action", err, http.StatusUnprocessableEntity, 2)
	if _, err = owner.Do(ctx, http.MethodPost, one+"/say", map[string]any{"kind": "question", "text": "量程多大？电话 " + secretPhone}, &p, nil); err != nil || p.Asked != "owner" {
		t.Fatalf("ask: %+v, %v", p, err)
	}
	_, err = owner.Do(ctx, http.MethodPost, one+"/accept", map[string]any{"next": next}, nil, client.IfMatch(began.ETag))
	refused(t, "overtaken", err, http.StatusPreconditionFailed, 0)
	accepted, err := owner.Do(ctx, http.MethodPost, one+"/accept", map[string]any{"next": next}, &p, client.IfMatch("*"))
	if err != nil || p.Stage != "docking" || p.Next == nil || p.Next.Due != due {
		t.Fatalf("accept: %+v, %v", p, err)
	}
	_, err = provider.Do(ctx, http.MethodPost, one+"/move", map[string]any{"to": "contract", "next": next}, nil, client.IfMatch(accepted.ETag))
	refused(t, "a contract without an amount", err, http.StatusUnprocessableEntity, 0)
	_, err = provider.Do(ctx, http.MethodPost, one+"/move", map[string]any{
		"to": "contract", "next": map[string]any{"text": "发货", "party": "provider", "due": due}, "amount_fen": 80_000_000, "text": "签了",
	}, &p, client.IfMatch(accepted.ETag))
	if err != nil || p.Stage != "contract" || p.AmountFen != 80_000_000 || p.Outcome != "签了" {
		t.Fatalf("contract: %+v, %v", p, err)
	}
	whole(t, provider, one)
}

// whole reads a pair with what happened, and once more where it did not change.
func whole(t *testing.T, c *client.Client, one string) {
	t.Helper()
	var p client.Pair
	a, err := c.Do(t.Context(), http.MethodGet, one, nil, &p, nil)
	if err != nil || p.Party != "provider" || len(p.Entries) < 5 {
		t.Fatalf("%+v, %v", p, err)
	}
	var set []string
	for _, e := range p.Entries {
		noSecret(t, "history", e.Text)
		if e.Next != nil {
			set = append(set, fmt.Sprint(e.To, e.Next.Text, e.AmountFen))
		}
	}
	if want := []string{"docking踏勘0", "contract发货80000000"}; !slices.Equal(set, want) {
		t.Errorf("lines of the history set %q, want %q", set, want)
	}
	if again, err := c.Do(t.Context(), http.MethodGet, one, nil, nil, client.Headers{"If-None-Match": a.ETag}); err != nil || again.Status != http.StatusNotModified {
		t.Errorf("read again: %+v, %v", again, err)
	}
	n := 0
	for x, err := range client.All[client.Pair](t.Context(), c, "/pairs", url.Values{"stage": {"contract"}, "opportunity": {"NEED"}}) {
		if n++; err != nil || x.ID != p.ID || len(x.Entries) != 0 {
			t.Errorf("%+v, %v", x, err)
		}
	}
	if n != 1 {
		t.Errorf("%d pairs at the stage", n)
	}
}

// read reads a notice, which does not mark it, and marks it.
func read(t *testing.T, c *client.Client, id string) {
	t.Helper()
	look := func(marked bool) {
		t.Helper()
		var n client.Notice
		if _, err := c.Do(t.Context(), http.MethodGet, "/inbox/"+id, nil, &n, nil); err != nil || (n.Read != nil) != marked || n.Text == "" {
			t.Fatalf("%+v, %v; read: want %v", n, err, marked)
		}
	}
	look(false)
	look(false)
	for _, mark := range []struct {
		id             string
		marked, unread int
	}{{"none", 0, 1}, {id, 1, 0}, {id, 0, 0}} {
		var got struct{ Marked, Unread int }
		if _, err := c.Do(t.Context(), http.MethodPost, "/inbox/read", map[string]any{"ids": []string{mark.id}}, &got, nil); err != nil || got.Marked != mark.marked || got.Unread != mark.unread {
			t.Fatalf("mark %s: %+v, %v", mark.id, got, err)
		}
	}
	look(true)
}

// TestPairEnds: a side declines with a reason, and who has no part in a pair, or
// a token without the scope, does and sees nothing.
func TestPairEnds(t *testing.T) {
	t.Parallel()
	o, _, _ := atCounter(t)
	staff := o.program(scene.RoleSteward, scene.ScopePairs)
	var p api.Pair
	const ask = `{"opportunity":"NEED","capability":"OFFER"}`
	staff.must(http.StatusCreated, &p, "POST", "/pairs/recommend", ask)
	one := "/pairs/" + string(p.ID)
	staff.must(http.StatusForbidden, nil, "POST", "/pairs", ask)
	staff.must(http.StatusForbidden, nil, "POST", one+"/accept", `{}`, "If-Match", "*")
	owner := o.answerer(scene.ScopePairs)
	owner.must(http.StatusUnprocessableEntity, nil, "POST", one+"/decline", `{"reason":"other"}`, "If-Match", "*")
	owner.must(http.StatusUnprocessableEntity, nil, "POST", one+"/decline", `{"reason":"no_such"}`, "If-Match", "*")
	owner.must(http.StatusOK, &p, "POST", one+"/decline", `{"reason":"out_of_budget"}`, "If-Match", `"1"`)
	if p.Stage != "stopped" || p.Reason != "out_of_budget" || p.StoppedBy != "owner" || len(p.Stages) != 0 {
		t.Errorf("declined: %+v", p)
	}
	owner.must(http.StatusOK, &p, "POST", one+"/decline", `{"reason":"out_of_budget"}`, "If-Match", `"1"`) // sent twice
	owner.must(http.StatusNotFound, nil, "POST", "/pairs", `{"opportunity":"NEED","capability":"none"}`)
	blind := o.answerer(scene.ScopeRead, scene.ScopeSearches)
	for _, path := range []string{"/pairs", one, "/inbox"} {
		blind.must(http.StatusForbidden, nil, "GET", path, "")
	}
	o.organisation("THIRD", "第三方公司", "")
	other, _, err := o.accounts.Add(t.Context(), scene.Console(), account.NewAccount{
		Login: "third", Name: "某人", OrgID: "THIRD", Roles: []scene.Role{scene.RoleOwner}, Password: testPassword,
	})
	if err != nil {
		t.Fatal(err)
	}
	third := o.programOf(&other, scene.ScopePairs)
	var none api.PairPage
	third.must(http.StatusOK, &none, "GET", "/pairs", "")
	if len(none.Items) != 0 {
		t.Errorf("a stranger sees %+v", none)
	}
	third.must(http.StatusForbidden, nil, "GET", one, "")
	third.must(http.StatusForbidden, nil, "POST", one+"/say", `{"kind":"note","text":"x"}`)
}

// TestDraftMatches: a program with the scope asks for matches of what is not
// published: of a draft that is here, and of one that it only holds itself.
func TestDraftMatches(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p := o.program(scene.RoleProvider, scene.ScopeRead, scene.ScopeMatch)
	e := o.draft(p.account.Actor(""))
	own := "/entries/capabilities/" + string(e.Listing().ID) + "/matches"
	type answer struct {
		Need    struct{ Name, Org string }
		Matches []struct{ Score float64 }
	}
	var r answer
	p.must(http.StatusOK, &r, "GET", own+"?top=3", "")
	if r.Need.Name != e.Listing().Name || r.Need.Org != "某某科技有限公司" || len(r.Matches) != 3 {
		t.Errorf("of a draft: %+v", r)
	}
	p.must(http.StatusOK, &r, "POST", "/matches/opportunities?top=2", `{"name":"下穿通道积水监测","need":"积水深度报警"}`)
	if r.Need.Name != "下穿通道积水监测" || len(r.Matches) != 2 {
		t.Errorf("of what is only sent: %+v", r)
	}
	p.must(http.StatusOK, &r, "POST", "/matches/capabilities", `{"name":"积水监测终端"}`)
	p.must(http.StatusUnprocessableEntity, nil, "POST", "/matches/opportunities", `{"name":"x","fields":["no_such"]}`)
	o.organisation("ELSE", "别的公司", "")
	o.org = "ELSE"
	stranger := o.program(scene.RoleOwner, scene.ScopeRead, scene.ScopeMatch)
	stranger.must(http.StatusForbidden, nil, "GET", own, "")
	blind := o.programOf(&stranger.account, scene.ScopeRead)
	blind.must(http.StatusForbidden, nil, "POST", "/matches/opportunities", `{"name":"x"}`)
}

// TestGroupByProgram: another system brings a group together for the owner of an
// opportunity, once under its key; a provider's may not.
func TestGroupByProgram(t *testing.T) {
	t.Parallel()
	o, _, _ := atCounter(t)
	err := o.rows.Update(t.Context(), func(tx store.Tx) error {
		if _, err := tx.Organisations().Put(t.Context(), scene.Organisation{ID: "PART", Name: "苏浦传感公司"}); err != nil {
			return err
		}
		_, err := tx.Capabilities().Put(t.Context(), scene.Capability{Listing: scene.Listing{
			ID: "BESIDE", Name: "投入式水位计", OrgID: "PART", OrgName: "苏浦传感公司", State: scene.Published, Updated: today(),
		}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	owner, ctx := o.wired(o.answerer(scene.ScopePairs)), t.Context()
	group := client.GroupFormed{
		Opportunity: "NEED", Lead: client.GroupMember{Capability: "OFFER", Part: "总集成"},
		Partners: []client.GroupMember{{Capability: "BESIDE", Part: "供水位计"}},
	}
	p, answer, err := owner.FormGroup(ctx, group, client.Once("group"))
	if err != nil || answer.Status != http.StatusCreated || p.Opportunity.ID != "NEED" || p.Capability.ID != "OFFER" {
		t.Fatalf("%+v %+v %v", p, answer, err)
	}
	if again, _, err := owner.FormGroup(ctx, group, client.Once("group")); err != nil || again.ID != p.ID || again.Revision != p.Revision {
		t.Errorf("again: %+v %v", again, err)
	}
	var whole struct {
		Partners []struct {
			ID, Part string
		} `json:"partners"`
	}
	if _, err := owner.Do(ctx, http.MethodGet, "/pairs/"+p.ID, nil, &whole, nil); err != nil || len(whole.Partners) != 1 || whole.Partners[0].ID != "BESIDE" || whole.Partners[0].Part != "供水位计" {
		t.Errorf("partners %+v, %v", whole, err)
	}
	group.Partners = nil
	_, _, err = owner.FormGroup(ctx, group, nil)
	refused(t, "nobody beside", err, http.StatusUnprocessableEntity, 1)
	group.Partners = []client.GroupMember{{Capability: "BESIDE", Part: "供水位计"}}
	member, err := o.accounts.Find(ctx, scene.Console(), "provider")
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = o.wired(o.programOf(&member, scene.ScopePairs)).FormGroup(ctx, group, nil)
	refused(t, "a provider", err, http.StatusForbidden, 0)
}

// TestPassByProgram: a program passes a match over with a reason and takes that
// back, for its own organisation alone.
func TestPassByProgram(t *testing.T) {
	t.Parallel()
	o, _, _ := atCounter(t)
	owner, ctx := o.wired(o.answerer(scene.ScopePairs)), t.Context()
	pass := client.Passed{Opportunity: "NEED", Capability: "OFFER", Reason: "out_of_budget"}
	list, err := owner.PassOver(ctx, pass)
	if err != nil || len(list) != 1 || list[0] != pass {
		t.Fatalf("passed over: %+v, %v", list, err)
	}
	if list, err = owner.Passed(ctx, "opportunity", "NEED"); err != nil || len(list) != 1 || list[0] != pass {
		t.Errorf("told: %+v, %v", list, err)
	}
	pass.Reason = "other"
	_, err = owner.PassOver(ctx, pass)
	refused(t, "no text", err, http.StatusUnprocessableEntity, 1)
	member, err := o.accounts.Find(ctx, scene.Console(), "provider")
	if err != nil {
		t.Fatal(err)
	}
	provider := o.wired(o.programOf(&member, scene.ScopePairs))
	if _, err = provider.Passed(ctx, "opportunity", "NEED"); err == nil {
		t.Error("the other side reads it")
	}
	if list, err = provider.Passed(ctx, "capability", "OFFER"); err != nil || len(list) != 0 {
		t.Errorf("of the other side: %+v, %v", list, err)
	}
	if list, err = owner.Reconsider(ctx, "NEED", "OFFER"); err != nil || len(list) != 0 {
		t.Errorf("taken back: %+v, %v", list, err)
	}
	_, err = owner.Passed(ctx, "batch", "x")
	refused(t, "neither", err, http.StatusUnprocessableEntity, 0)
}
