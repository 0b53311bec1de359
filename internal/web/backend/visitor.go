package backend

import (
	"context"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Visitor returns what a reader without an account may see of c: listings that
// are or were public, and no contact, steward or unassigned cell of any row.
// Pages and API read through it, so that no template can leak what it never gets.
func Visitor(c Catalogue, now func() time.Time) Catalogue { return visitor{c, now} }

type visitor struct {
	all Catalogue
	now func() time.Time
}

// Public reports whether a visitor may open the listing at that instant: it is
// published and past its embargo, or it was public once and has ended since.
func Public(l *scene.Listing, at time.Time) bool {
	switch l.State {
	case scene.Published:
		return l.ValidFrom.IsZero() || !at.Before(l.ValidFrom)
	case scene.Paused, scene.Expired, scene.Closed, scene.Landed:
		return true
	}
	return false
}

func hidden(id scene.ID) error {
	return &scene.Error{Code: scene.NotFound, Key: "web.not_found", Op: "backend.Visitor", Args: map[string]any{"id": string(id)}}
}

func (v visitor) Opportunity(ctx context.Context, id scene.ID) (scene.Opportunity, error) {
	o, err := v.all.Opportunity(ctx, id)
	if err != nil {
		return scene.Opportunity{}, err
	}
	if !Public(&o.Listing, v.now()) {
		return scene.Opportunity{}, hidden(id)
	}
	return publicOpportunity(o), nil
}

func (v visitor) Capability(ctx context.Context, id scene.ID) (scene.Capability, error) {
	c, err := v.all.Capability(ctx, id)
	if err != nil {
		return scene.Capability{}, err
	}
	if !Public(&c.Listing, v.now()) {
		return scene.Capability{}, hidden(id)
	}
	return publicCapability(c), nil
}

func (v visitor) Organisation(ctx context.Context, id scene.ID) (scene.Organisation, error) {
	o, err := v.all.Organisation(ctx, id)
	if err != nil {
		return scene.Organisation{}, err
	}
	return publicOrganisation(o), nil
}

func (v visitor) Opportunities(ctx context.Context, f store.ListingFilter, p store.Page) (store.Rows[scene.Opportunity], error) {
	rows, err := v.all.Opportunities(ctx, v.open(f), p)
	rows.Items = mapped(rows.Items, publicOpportunity)
	return rows, err
}

func (v visitor) Capabilities(ctx context.Context, f store.ListingFilter, p store.Page) (store.Rows[scene.Capability], error) {
	rows, err := v.all.Capabilities(ctx, v.open(f), p)
	rows.Items = mapped(rows.Items, publicCapability)
	return rows, err
}

func (v visitor) Organisations(ctx context.Context, p store.Page) (store.Rows[scene.Organisation], error) {
	rows, err := v.all.Organisations(ctx, p)
	rows.Items = mapped(rows.Items, publicOrganisation)
	return rows, err
}

func (v visitor) OpportunitiesByID(ctx context.Context, ids []scene.ID) ([]scene.Opportunity, error) {
	rows, err := v.all.OpportunitiesByID(ctx, ids)
	at, kept := v.now(), rows[:0:0]
	for i := range rows {
		if Public(&rows[i].Listing, at) {
			kept = append(kept, publicOpportunity(rows[i]))
		}
	}
	return kept, err
}

func (v visitor) CapabilitiesByID(ctx context.Context, ids []scene.ID) ([]scene.Capability, error) {
	rows, err := v.all.CapabilitiesByID(ctx, ids)
	at, kept := v.now(), rows[:0:0]
	for i := range rows {
		if Public(&rows[i].Listing, at) {
			kept = append(kept, publicCapability(rows[i]))
		}
	}
	return kept, err
}

func (v visitor) OrganisationsByID(ctx context.Context, ids []scene.ID) ([]scene.Organisation, error) {
	rows, err := v.all.OrganisationsByID(ctx, ids)
	return mapped(rows, publicOrganisation), err
}

func (v visitor) Counts(ctx context.Context) (map[scene.Kind]map[string]int, error) {
	return v.all.Counts(ctx)
}

// open restricts a filter to what is on the market now.
func (v visitor) open(f store.ListingFilter) store.ListingFilter {
	f.States, f.OpenAt = []scene.State{scene.Published}, v.now()
	return f
}

func publicOpportunity(o scene.Opportunity) scene.Opportunity {
	publicListing(&o.Listing)
	o.StewardID = ""
	for _, text := range []*string{
		&o.Situation, &o.Need, &o.Targets, &o.Resources, &o.Works, &o.SiteText,
		&o.Reference, &o.TechText, &o.Department, &o.Procurement,
	} {
		*text = scene.Redact(*text)
	}
	return o
}

func publicCapability(c scene.Capability) scene.Capability {
	publicListing(&c.Listing)
	for _, text := range []*string{
		&c.Description, &c.Product, &c.TechText, &c.ScenarioText, &c.Indicators, &c.Conditions, &c.IP,
	} {
		*text = scene.Redact(*text)
	}
	return c
}

func publicListing(l *scene.Listing) {
	l.Contact, l.Extra = scene.Contact{}, nil
	l.Name, l.Summary = scene.Redact(l.Name), scene.Redact(l.Summary)
}

func publicOrganisation(o scene.Organisation) scene.Organisation {
	o.Contact = scene.Contact{}
	o.Profile = scene.Redact(o.Profile)
	return o
}

func mapped[T any](rows []T, change func(T) T) []T {
	out := make([]T, len(rows))
	for i := range rows {
		out[i] = change(rows[i])
	}
	return out
}
