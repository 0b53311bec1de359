package web_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"jinghe/client"
	"jinghe/internal/account"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/web"
	"jinghe/internal/web/api"
	"jinghe/internal/web/backend"
)

// neighbour is an office whose visitors see its own rows, at an address of its own.
func neighbour(t *testing.T, address string) *office {
	t.Helper()
	o := newOffice(t, func(c *web.Config, _ *account.Config) { c.PublicURL = address })
	o.services.Catalogue = o.registry
	var err error
	if o.Server, err = web.New(o.config, o.services); err != nil {
		t.Fatal(err)
	}
	return o
}

// TestExchange has one city take in what another offers: once, with its origin,
// without contacts; changed as it changes there and closed as it ends there, and
// never edited here nor passed on as its own.
func TestExchange(t *testing.T) {
	t.Parallel()
	from, to := neighbour(t, "https://a.example.cn"), neighbour(t, "https://b.example.cn")
	member := from.program(scene.RoleProvider, scene.ScopeRead, scene.ScopeWriteListings)
	e := from.draft(member.account.Actor(""))
	from.publish(e)
	s, d := httptest.NewServer(from.Handler()), httptest.NewServer(to.Handler())
	t.Cleanup(s.Close)
	t.Cleanup(d.Close)
	staff := to.program(scene.RoleSteward, scene.ScopeRead, scene.ScopeImport, scene.ScopeWriteListings)
	theirs, ours, ctx := client.New(s.URL, ""), client.New(d.URL, staff.secret), t.Context()
	pass := func(want api.ExchangeReport) api.Exchange {
		t.Helper()
		var doc api.Exchange
		if _, err := theirs.Do(ctx, http.MethodGet, "/exchange", nil, &doc, nil); err != nil {
			t.Fatal(err)
		}
		var got api.ExchangeReport
		if _, err := ours.Do(ctx, http.MethodPost, "/exchange", doc, &got, nil); err != nil {
			t.Fatal(err)
		}
		if len(got.Refused) != 0 || got.Created != want.Created || got.Changed != want.Changed || got.Unchanged != want.Unchanged || got.Withdrawn != want.Withdrawn {
			t.Fatalf("%+v, want %+v", got, want)
		}
		return doc
	}
	doc := pass(api.ExchangeReport{Created: 1})
	pass(api.ExchangeReport{Unchanged: 1})

	origin := scene.Origin{Site: "https://a.example.cn", ID: e.Listing().ID}
	id := origin.LocalID(scene.KindCapability)
	var here api.Capability
	if _, err := ours.Do(ctx, http.MethodGet, "/capabilities/"+string(id), nil, &here, nil); err != nil || here.Origin == nil || here.Origin.ID != e.Listing().ID || !here.Open || here.Description == "" {
		t.Fatalf("taken in: %+v, %v", here, err)
	}
	row, err := to.registry.Capability(ctx, id)
	if err != nil || row.Contact.Known() || row.OrgID != "" {
		t.Errorf("with a contact, or an organisation of ours: %+v, %v", row, err)
	}
	var back api.Exchange
	if _, err := ours.Do(ctx, http.MethodGet, "/exchange", nil, &back, nil); err != nil || len(back.Capabilities) != 0 {
		t.Errorf("passed on as its own: %+v, %v", back, err)
	}
	_, err = ours.Do(ctx, http.MethodPut, "/entries/capabilities/"+string(id), api.CapabilityEntry{EntryPart: api.EntryPart{Name: "改名"}}, nil, client.IfMatch("*"))
	refused(t, "edited here", err, http.StatusForbidden, 0)
	_, err = ours.Do(ctx, http.MethodPost, "/entries/capabilities/"+string(id)+"/close", map[string]string{"reason": "x"}, nil, client.IfMatch("*"))
	refused(t, "closed here", err, http.StatusForbidden, 0)

	from.amend(e.Listing().ID, func(c *scene.Capability) { c.Description += "已在三市使用。" })
	pass(api.ExchangeReport{Changed: 1})
	from.amend(e.Listing().ID, func(c *scene.Capability) { c.State = scene.Paused })
	pass(api.ExchangeReport{Withdrawn: 1})
	pass(api.ExchangeReport{})
	if row, err = to.registry.Capability(ctx, id); err != nil || row.State != scene.Closed {
		t.Errorf("withdrawn there: %s here, %v", row.State, err)
	}
	from.amend(e.Listing().ID, func(c *scene.Capability) { c.State = scene.Published })
	pass(api.ExchangeReport{Changed: 1})

	doc.Origin.Site = "https://b.example.cn"
	_, err = ours.Do(ctx, http.MethodPost, "/exchange", doc, nil, nil)
	refused(t, "one's own", err, http.StatusUnprocessableEntity, 0)
	flood := json.RawMessage(`{"opportunities":[` + strings.Repeat("0,", api.MaxExchangeValues) + `0]}`)
	_, err = ours.Do(ctx, http.MethodPost, "/exchange", flood, nil, nil)
	refused(t, "boundless in number", err, http.StatusRequestEntityTooLarge, 0)
	_, err = client.New(d.URL, to.program(scene.RoleProvider, scene.ScopeRead).secret).Do(ctx, http.MethodPost, "/exchange", back, nil, nil)
	refused(t, "a provider", err, http.StatusForbidden, 0)
}

// amend changes a capability as its own city does.
func (o *office) amend(id scene.ID, change func(*scene.Capability)) {
	o.t.Helper()
	err := o.rows.Update(o.t.Context(), func(tx store.Tx) error {
		c, err := tx.Capabilities().Get(o.t.Context(), id)
		if err != nil {
			return err
		}
		change(&c)
		_, err = tx.Capabilities().Put(o.t.Context(), c)
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
}

// TestExchangeNeedsAddress: who does not know its own address has no name to give.
func TestExchangeNeedsAddress(t *testing.T) {
	t.Parallel()
	o := newOfficeWith(t, func(*backend.Services) {})
	if w := o.browser().get("/api/v1/exchange"); w.Code != http.StatusPreconditionFailed {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// away is a catalogue whose rows cannot be read.
type away struct{ backend.Catalogue }

func (away) Opportunities(context.Context, store.ListingFilter, store.Page) (store.Rows[scene.Opportunity], error) {
	return store.Rows[scene.Opportunity]{}, &scene.Error{Code: scene.Unavailable, Key: "error.unavailable"}
}

// TestExchangeBreaks: what says why there is no file is not kept as one.
func TestExchangeBreaks(t *testing.T) {
	t.Parallel()
	o := newOffice(t, func(c *web.Config, _ *account.Config) { c.PublicURL = "https://a.example.cn" })
	o.services.Catalogue = away{o.services.Catalogue}
	var err error
	if o.Server, err = web.New(o.config, o.services); err != nil {
		t.Fatal(err)
	}
	staff := o.as(scene.RoleSteward)
	for _, kind := range []string{"json", "xlsx"} {
		w := staff.get("/console/exchange." + kind)
		if w.Code != http.StatusServiceUnavailable || w.Header().Get("Content-Disposition") != "" || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			t.Errorf("%s: %d %v", kind, w.Code, w.Header())
		}
	}
}

// TestExchangeByHand: what one city's page gives as a workbook another's takes in,
// and then as JSON nothing changes; what it cannot read it says, and takes nothing.
func TestExchangeByHand(t *testing.T) {
	t.Parallel()
	from, to := neighbour(t, "https://a.example.cn"), neighbour(t, "https://b.example.cn")
	from.publish(from.draft(scene.Actor{ID: "colleague", OrgID: from.org, Roles: []scene.Role{scene.RoleProvider}}))
	theirs, ours := from.as(scene.RoleSteward), to.as(scene.RoleSteward)
	const page = "/console/exchange"
	file := func(kind string) []byte {
		t.Helper()
		w := theirs.get(page + "." + kind)
		if w.Code != http.StatusOK || !strings.Contains(w.Header().Get("Content-Disposition"), "."+kind) {
			t.Fatalf("%s: %d %v", kind, w.Code, w.Header())
		}
		return w.Body.Bytes()
	}
	token := ours.token(page)
	for _, step := range []struct {
		kind, says string
		content    []byte
		code       int
	}{
		{"xlsx", "新增 1，更新 0，未变 0，撤下 0", file("xlsx"), http.StatusOK},
		{"json", "新增 0，更新 0，未变 1，撤下 0", file("json"), http.StatusOK},
		{"json", "capabilities[0]", []byte(strings.Replace(string(file("json")), `"name":`, `"nom":`, 3)), http.StatusUnprocessableEntity},
		{"xlsx", "既不是", []byte("{"), http.StatusUnprocessableEntity},
	} {
		w := ours.hand(page, token, "a."+step.kind, step.content)
		if w.Code != step.code || !strings.Contains(w.Body.String(), step.says) {
			t.Errorf("%s: %d, without %q\n%.3000s", step.kind, w.Code, step.says, w.Body)
		}
	}
	if w := theirs.hand(page, theirs.token(page), "a.xlsx", file("xlsx")); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "本市自己的") {
		t.Errorf("one's own: %d", w.Code)
	}
	if w := ours.get("/developers/exchange.schema.json"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "$defs") {
		t.Errorf("the schema: %d", w.Code)
	}
}
