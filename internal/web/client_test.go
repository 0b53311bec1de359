package web_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"jinghe/client"
	"jinghe/internal/scene"
	"jinghe/internal/web/api"
)

// TestClient goes the way of an entry with the package that other programs use.
func TestClient(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p := o.program(scene.RoleProvider, scene.ScopeRead, scene.ScopeWriteListings)
	s := httptest.NewServer(o.Handler())
	t.Cleanup(s.Close)
	c, ctx := client.New(s.URL, p.secret), t.Context()
	type entry = client.Entry[api.CapabilityEntry]
	draft := api.CapabilityEntry{EntryPart: api.EntryPart{Name: "管网漏损定位"}}
	var made, again entry
	first, err := c.Do(ctx, http.MethodPost, "/entries/capabilities", draft, &made, client.Once("1"))
	if err != nil || first.Status != http.StatusCreated {
		t.Fatalf("%+v, %v", first, err)
	}
	second, err := c.Do(ctx, http.MethodPost, "/entries/capabilities", draft, &again, client.Once("1"))
	if err != nil || !second.Replayed || again.ID != made.ID {
		t.Errorf("%+v, %v", second, err)
	}
	one := "/entries/capabilities/" + made.ID
	_, err = c.Do(ctx, http.MethodPost, one+"/submit", nil, nil, client.IfMatch(first.ETag))
	if refused, ok := errors.AsType[*client.Problem](err); !ok || refused.Code != "invalid" || len(refused.Errors) == 0 {
		t.Errorf("a draft that lacks everything: %v", err)
	}
	n := 0
	for e, err := range client.All[entry](ctx, c, "/entries/capabilities", nil) {
		if n++; err != nil || e.State != "draft" {
			t.Errorf("%+v, %v", e, err)
		}
	}
	if n != 1 {
		t.Errorf("%d entries", n)
	}
	open := 0
	for _, err := range client.All[client.Listing](ctx, client.New(s.URL, ""), "/opportunities", nil) {
		if open++; err != nil {
			t.Fatal(err)
		}
	}
	if open < 50 {
		t.Errorf("only %d opportunities", open)
	}
}
