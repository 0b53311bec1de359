package web_test

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
)

// faulty are the names of the fields of a page that have a fault beside them.
func faulty(t *testing.T, body string) []string {
	t.Helper()
	var names []string
	for rest := body; ; {
		_, after, found := strings.Cut(rest, `class="field-fault" id="fault-`)
		if !found {
			slices.Sort(names)
			return names
		}
		name, more, _ := strings.Cut(after, `"`)
		names, rest = append(names, name), more
	}
}

// TestAllFaultsAtOnce: whatever is wrong with a form, what cannot be read, what
// breaks a rule, what is missing for the step and a name that is taken, is told in
// one round, each at its field, on every way to write an entry.
func TestAllFaultsAtOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	provider, owner := o.as(scene.RoleProvider), o.as(scene.RoleOwner)
	by := scene.Actor{ID: "p", OrgID: o.org, Roles: []scene.Role{scene.RoleProvider}}
	capability := &scene.Capability{Listing: scene.Listing{
		Name: "水压调度", Fields: []string{"water"}, Contact: scene.Contact{Person: secretPerson, Phone: secretPhone},
	}, Description: "用水压波动提前发现管网的漏损点，误报少，已经在三座水厂用了两年。"}
	draft, err := o.registry.Create(t.Context(), by, registry.Entry{Capability: capability})
	if err != nil {
		t.Fatal(err)
	}
	capability.Name = "管网漏损定位"
	public, err := o.registry.Create(t.Context(), by, registry.Entry{Capability: capability})
	if err != nil {
		t.Fatal(err)
	}
	o.publish(public)
	offer, need := "/workspace/listings/new?kind=capability", "/workspace/listings/new?kind=opportunity"
	edit := func(at string, e *registry.Entry) string {
		return at + "/capability/" + string(e.Listing().ID) + "/edit"
	}
	contact := url.Values{"contact.person": {""}, "contact.phone": {""}, "contact.mail": {"x"}}
	past, unread := url.Values{"valid_to": {"2020-01-01"}}, url.Values{"price.max": {"许多"}, "budget.max": {"许多"}}
	order := url.Values{"price.min": {"9"}, "price.max": {"3"}, "budget.min": {"9"}, "budget.max": {"3"}}
	submit := url.Values{"then": {"submit"}}
	lacks := []string{"contact.mail", "contact.person", "description", "fields", "price.max", "valid_to"}
	for name, c := range map[string]struct {
		who  *browser
		at   string
		form []url.Values
		want []string
	}{
		"SaveUnread":    {provider, offer, []url.Values{{"name": {""}}, unread, past}, []string{"name", "price.max", "valid_to"}},
		"SubmitUnread":  {provider, offer, []url.Values{{"name": {""}}, unread, past, contact, submit}, append(slices.Clone(lacks), "name")},
		"SubmitInvalid": {provider, offer, []url.Values{{"name": {""}}, order, past, contact, submit}, append(slices.Clone(lacks), "name")},
		"SubmitTaken":   {provider, offer, []url.Values{{"name": {"水压调度"}}, past, contact, submit}, []string{"contact.mail", "contact.person", "description", "fields", "name", "valid_to"}},
		"NeedUnread":    {owner, need, []url.Values{{"name": {""}}, unread, past, contact, submit}, []string{"budget.max", "contact.mail", "contact.person", "fields", "name", "need", "valid_to"}},
		"NeedInvalid":   {owner, need, []url.Values{{"name": {""}}, order, contact, submit}, []string{"budget.max", "contact.mail", "contact.person", "fields", "name", "need"}},
		"DraftTaken":    {provider, edit("/workspace/listings", &draft), []url.Values{{"name": {"管网漏损定位"}, "description": {""}, "revision": {"1"}}, unread, past, contact, submit}, append(slices.Clone(lacks), "name")},
		"Propose":       {provider, edit("/workspace/listings", &public), []url.Values{{"name": {"水压调度"}, "description": {""}}, unread, past, contact}, append(slices.Clone(lacks), "name")},
		"Amend":         {o.as(scene.RoleSteward), edit("/console/reviews", &public), []url.Values{{"name": {"水压调度"}, "description": {""}}, unread}, []string{"description", "fields", "name", "note", "price.max"}},
	} {
		form := url.Values{}
		for _, part := range c.form {
			maps.Copy(form, part)
		}
		w := c.who.fill(c.at, c.at, form)
		slices.Sort(c.want)
		if got := faulty(t, w.Body.String()); w.Code/100 != 4 || !slices.Equal(got, c.want) {
			t.Errorf("%s: %d, told of %v, want %v", name, w.Code, got, c.want)
		}
	}
	if own, err := o.registry.Own(t.Context(), by); err != nil || len(own) != 2 {
		t.Errorf("%d entries, %v", len(own), err)
	}
	if w := provider.fill(offer, offer, url.Values{"name": {"新的名称"}, "then": {"submit"}}); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "都已保存") {
		t.Errorf("what can be saved is: %d", w.Code)
	}
}
