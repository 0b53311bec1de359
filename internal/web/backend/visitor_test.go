package backend

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// shelf is a catalogue whose every row carries a contact; it remembers the filter.
type shelf struct {
	Catalogue
	filter store.ListingFilter
	listed scene.Listing
}

func (s *shelf) need() scene.Opportunity {
	o := scene.Opportunity{Listing: s.listed, StewardID: "SECRET"}
	o.Need = "联系 SECRET@example.com"
	return o
}

func (s *shelf) offer() scene.Capability {
	return scene.Capability{Listing: s.listed, Description: "联系 SECRET@example.com"}
}

func (s *shelf) org() scene.Organisation {
	return scene.Organisation{ID: "o", Contact: s.listed.Contact, Profile: "联系 SECRET@example.com"}
}

func (s *shelf) Opportunity(context.Context, scene.ID) (scene.Opportunity, error) {
	return s.need(), nil
}

func (s *shelf) Capability(context.Context, scene.ID) (scene.Capability, error) {
	return s.offer(), nil
}

func (s *shelf) Organisation(context.Context, scene.ID) (scene.Organisation, error) {
	return s.org(), nil
}

func (s *shelf) OpportunitiesByID(context.Context, []scene.ID) ([]scene.Opportunity, error) {
	return []scene.Opportunity{s.need()}, nil
}

func (s *shelf) CapabilitiesByID(context.Context, []scene.ID) ([]scene.Capability, error) {
	return []scene.Capability{s.offer()}, nil
}

func (s *shelf) OrganisationsByID(context.Context, []scene.ID) ([]scene.Organisation, error) {
	return []scene.Organisation{s.org()}, nil
}

func (s *shelf) Opportunities(_ context.Context, f store.ListingFilter, _ store.Page) (store.Rows[scene.Opportunity], error) {
	if f.OrgID == "" {
		s.filter = f
	}
	return store.Rows[scene.Opportunity]{Items: []scene.Opportunity{s.need()}}, nil
}

func (s *shelf) Capabilities(_ context.Context, f store.ListingFilter, _ store.Page) (store.Rows[scene.Capability], error) {
	if f.OrgID == "" {
		s.filter = f
	}
	return store.Rows[scene.Capability]{Items: []scene.Capability{s.offer()}}, nil
}

func (s *shelf) Organisations(context.Context, store.Page) (store.Rows[scene.Organisation], error) {
	return store.Rows[scene.Organisation]{Items: []scene.Organisation{s.org()}}, nil
}

// ask calls every reading method and returns what came, as JSON, and the errors.
func ask(t *testing.T, c Catalogue) (string, []error) {
	t.Helper()
	ctx, wide := context.Background(), store.ListingFilter{States: []scene.State{scene.Draft}}
	var all []any
	var errs []error
	add := func(v any, err error) { all, errs = append(all, v), append(errs, err) }
	o, err := c.Opportunity(ctx, "x")
	add(o, err)
	p, err := c.Capability(ctx, "x")
	add(p, err)
	q, err := c.Organisation(ctx, "x")
	add(q, err)
	os, err := c.OpportunitiesByID(ctx, nil)
	add(os, err)
	ps, err := c.CapabilitiesByID(ctx, nil)
	add(ps, err)
	qs, err := c.OrganisationsByID(ctx, nil)
	add(qs, err)
	or, err := c.Opportunities(ctx, wide, store.Page{})
	add(or, err)
	pr, err := c.Capabilities(ctx, wide, store.Page{})
	add(pr, err)
	qr, err := c.Organisations(ctx, store.Page{})
	add(qr, err)
	raw, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw), errs
}

func TestVisitor(t *testing.T) {
	t.Parallel()
	now := func() time.Time { return time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC) }
	s := &shelf{listed: scene.Listing{
		ID: "x", Name: "桥梁 SECRET@example.com", State: scene.Published,
		Contact: scene.Contact{Person: "SECRET", Phone: "SECRET"}, Extra: map[string]string{"备注": "SECRET"},
	}}
	got, errs := ask(t, Visitor(s, now))
	for _, err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
	if strings.Contains(got, "SECRET") {
		t.Errorf("leaks: %s", got)
	}
	if !strings.Contains(got, "桥梁") {
		t.Errorf("nothing came: %s", got)
	}
	if len(s.filter.States) != 1 || s.filter.States[0] != scene.Published || !s.filter.OpenAt.Equal(now()) {
		t.Errorf("a list was not narrowed: %+v", s.filter)
	}
	if s.listed.Contact.Person != "SECRET" {
		t.Error("the row itself was changed")
	}

	s.listed.State = scene.Draft
	v := Visitor(s, now)
	if _, err := v.Opportunity(context.Background(), "x"); scene.CodeOf(err) != scene.NotFound {
		t.Errorf("draft opportunity: %v", err)
	}
	if _, err := v.Capability(context.Background(), "x"); scene.CodeOf(err) != scene.NotFound {
		t.Errorf("draft capability: %v", err)
	}
	if _, err := v.Organisation(context.Background(), "o"); scene.CodeOf(err) != scene.NotFound {
		t.Errorf("organisation with drafts only: %v", err)
	}
	if rows, err := v.OrganisationsByID(context.Background(), nil); err != nil || len(rows) != 0 {
		t.Errorf("%d organisations with drafts only by id, %v", len(rows), err)
	}
	if rows, err := v.Organisations(context.Background(), store.Page{}); err != nil || len(rows.Items) != 0 {
		t.Errorf("%d organisations with drafts only listed, %v", len(rows.Items), err)
	}
	if rows, err := v.OpportunitiesByID(context.Background(), nil); err != nil || len(rows) != 0 {
		t.Errorf("%d drafts by id, %v", len(rows), err)
	}
	if rows, err := v.CapabilitiesByID(context.Background(), nil); err != nil || len(rows) != 0 {
		t.Errorf("%d drafts by id, %v", len(rows), err)
	}
}
