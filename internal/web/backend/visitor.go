package backend

import (
	"context"
	"slices"
	"sync"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Visitor returns what a reader without an account may see of c: listings that
// are or were public, and no contact, steward or unassigned cell of any row.
// Pages and API read through it, so that no template can leak what it never gets.
func Visitor(c Catalogue, now func() time.Time) Catalogue {
	return visitor{c, now, newCovered(publicOpportunity), newCovered(publicCapability)}
}

type visitor struct {
	all    Catalogue
	now    func() time.Time
	needs  *covered[scene.Opportunity]
	offers *covered[scene.Capability]
}

// coveredMost bounds the rows that are kept without what is private: those of a city.
const coveredMost = 4096

// covered keeps rows from which what is private was taken, by id and revision:
// looking through long texts for telephone numbers is a third of what a list
// costs, and a row is read far more often than written. It is safe for
// concurrent use; rows that it gives are read, never written.
type covered[T any] struct {
	cover func(T) T
	mu    sync.Mutex
	rows  map[scene.ID]coveredRow[T]
}

type coveredRow[T any] struct {
	revision int
	row      T
}

func newCovered[T any](cover func(T) T) *covered[T] {
	return &covered[T]{cover: cover, rows: map[scene.ID]coveredRow[T]{}}
}

// of returns the row without what is private. A row that was never stored has
// no revision, and is not kept.
func (c *covered[T]) of(l *scene.Listing, row T) T {
	c.mu.Lock()
	kept, ok := c.rows[l.ID]
	c.mu.Unlock()
	if ok && kept.revision == l.Revision && l.Revision > 0 {
		return kept.row
	}
	row = c.cover(row)
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.rows) >= coveredMost {
		clear(c.rows)
	}
	c.rows[l.ID] = coveredRow[T]{l.Revision, row}
	return row
}

func hidden(id scene.ID) error {
	return &scene.Error{Code: scene.NotFound, Key: "web.not_found", Op: "backend.Visitor", Args: map[string]any{"id": string(id)}}
}

func (v visitor) Opportunity(ctx context.Context, id scene.ID) (scene.Opportunity, error) {
	o, err := v.all.Opportunity(ctx, id)
	if err != nil {
		return scene.Opportunity{}, err
	}
	if !o.Public(v.now()) {
		return scene.Opportunity{}, hidden(id)
	}
	return v.needs.of(&o.Listing, o), nil
}

func (v visitor) Capability(ctx context.Context, id scene.ID) (scene.Capability, error) {
	c, err := v.all.Capability(ctx, id)
	if err != nil {
		return scene.Capability{}, err
	}
	if !c.Public(v.now()) {
		return scene.Capability{}, hidden(id)
	}
	return v.offers.of(&c.Listing, c), nil
}

func (v visitor) Organisation(ctx context.Context, id scene.ID) (scene.Organisation, error) {
	o, err := v.all.Organisation(ctx, id)
	if err != nil {
		return scene.Organisation{}, err
	}
	seen, err := v.seen(ctx, o.ID) // another one where it was merged
	if err != nil {
		return scene.Organisation{}, err
	}
	if !seen {
		return scene.Organisation{}, hidden(id)
	}
	return publicOrganisation(o), nil
}

func (v visitor) Opportunities(ctx context.Context, f store.ListingFilter, p store.Page) (store.Rows[scene.Opportunity], error) {
	rows, err := v.all.Opportunities(ctx, v.open(f), p)
	rows.Items = mapped(rows.Items, func(o scene.Opportunity) scene.Opportunity { return v.needs.of(&o.Listing, o) })
	return rows, err
}

func (v visitor) Capabilities(ctx context.Context, f store.ListingFilter, p store.Page) (store.Rows[scene.Capability], error) {
	rows, err := v.all.Capabilities(ctx, v.open(f), p)
	rows.Items = mapped(rows.Items, func(c scene.Capability) scene.Capability { return v.offers.of(&c.Listing, c) })
	return rows, err
}

func (v visitor) Organisations(ctx context.Context, p store.Page) (store.Rows[scene.Organisation], error) {
	rows, err := v.all.Organisations(ctx, p)
	if err != nil {
		return rows, err
	}
	rows.Items, err = v.seenOf(ctx, rows.Items) // a page may hold fewer than asked for
	return rows, err
}

func (v visitor) OpportunitiesByID(ctx context.Context, ids []scene.ID) ([]scene.Opportunity, error) {
	rows, err := v.all.OpportunitiesByID(ctx, ids)
	at, kept := v.now(), rows[:0:0]
	for i := range rows {
		if rows[i].Public(at) {
			kept = append(kept, v.needs.of(&rows[i].Listing, rows[i]))
		}
	}
	return kept, err
}

func (v visitor) CapabilitiesByID(ctx context.Context, ids []scene.ID) ([]scene.Capability, error) {
	rows, err := v.all.CapabilitiesByID(ctx, ids)
	at, kept := v.now(), rows[:0:0]
	for i := range rows {
		if rows[i].Public(at) {
			kept = append(kept, v.offers.of(&rows[i].Listing, rows[i]))
		}
	}
	return kept, err
}

func (v visitor) OrganisationsByID(ctx context.Context, ids []scene.ID) ([]scene.Organisation, error) {
	rows, err := v.all.OrganisationsByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	return v.seenOf(ctx, rows)
}

// seenOf keeps the organisations that visitors know, without what is private.
func (v visitor) seenOf(ctx context.Context, rows []scene.Organisation) ([]scene.Organisation, error) {
	kept := rows[:0:0]
	for i := range rows {
		seen, err := v.seen(ctx, rows[i].ID)
		if err != nil {
			return nil, err
		}
		if seen {
			kept = append(kept, publicOrganisation(rows[i]))
		}
	}
	return kept, nil
}

// seen reports whether an organisation has or had a public listing. Who has
// only drafts and entries under review is nobody's business yet.
func (v visitor) seen(ctx context.Context, id scene.ID) (bool, error) {
	seen, err := anyPublic(ctx, v, id, v.all.Opportunities, func(o *scene.Opportunity) *scene.Listing { return &o.Listing })
	if err != nil || seen {
		return seen, err
	}
	return anyPublic(ctx, v, id, v.all.Capabilities, func(c *scene.Capability) *scene.Listing { return &c.Listing })
}

func anyPublic[T any](ctx context.Context, v visitor, org scene.ID,
	list func(context.Context, store.ListingFilter, store.Page) (store.Rows[T], error), listing func(*T) *scene.Listing,
) (bool, error) {
	filter, page := store.ListingFilter{OrgID: org, States: scene.PublicStates()}, store.Page{Limit: 4}
	for at := v.now(); ; {
		rows, err := list(ctx, filter, page)
		if err != nil {
			return false, err
		}
		for i := range rows.Items {
			if listing(&rows.Items[i]).Public(at) {
				return true, nil
			}
		}
		if page.After = rows.Next; page.After == "" {
			return false, nil
		}
	}
}

func (v visitor) Counts(ctx context.Context) (map[scene.Kind]map[string]int, error) {
	return v.all.Counts(ctx)
}

// Batches are those that are out; one to come does not exist for a visitor.
func (v visitor) Batches(ctx context.Context) ([]scene.Batch, error) {
	all, err := v.all.Batches(ctx)
	at := v.now()
	return mapped(slices.DeleteFunc(slices.Clone(all), func(b scene.Batch) bool { return !b.Released(at) }), publicBatch), err
}

func (v visitor) Batch(ctx context.Context, id scene.ID) (scene.Batch, error) {
	b, err := v.all.Batch(ctx, id)
	if err != nil {
		return scene.Batch{}, err
	}
	if !b.Released(v.now()) {
		return scene.Batch{}, hidden(id)
	}
	return publicBatch(b), nil
}

func publicBatch(b scene.Batch) scene.Batch {
	b.Intro, b.IntroEn = scene.Redact(b.Intro), scene.Redact(b.IntroEn)
	return b
}

func (v visitor) Showcases(ctx context.Context, _ scene.State, p store.Page) (store.Rows[scene.Showcase], error) {
	rows, err := v.all.Showcases(ctx, scene.Published, p)
	if err != nil {
		return rows, err
	}
	rows.Items = mapped(rows.Items, publicShowcase)
	var needs, offers []scene.ID
	for i := range rows.Items {
		needs, offers = append(needs, rows.Items[i].Opportunity), append(offers, rows.Items[i].Capability)
	}
	open, err := v.openable(ctx, needs, offers)
	if err != nil {
		return rows, err
	}
	for i := range rows.Items {
		open.cut(&rows.Items[i])
	}
	return rows, nil
}

func (v visitor) Showcase(ctx context.Context, id scene.ID) (scene.Showcase, error) {
	s, err := v.all.Showcase(ctx, id)
	if err != nil {
		return scene.Showcase{}, err
	}
	if s.State != scene.Published {
		return scene.Showcase{}, hidden(id)
	}
	s = publicShowcase(s)
	open, err := v.openable(ctx, []scene.ID{s.Opportunity}, []scene.ID{s.Capability})
	open.cut(&s)
	return s, err
}

func publicShowcase(s scene.Showcase) scene.Showcase {
	for _, text := range []*string{
		&s.Name, &s.NameEn, &s.Scenario, &s.Before, &s.After, &s.Conditions, &s.Evidence, &s.Summary, &s.Site, &s.Owner, &s.Provider, &s.Plate,
	} {
		*text = scene.Redact(*text)
	}
	s.Figures = mapped(s.Figures, func(f scene.Figure) scene.Figure {
		for _, text := range []*string{&f.Name, &f.Before, &f.After, &f.Unit} {
			*text = scene.Redact(*text)
		}
		return f
	})
	return s
}

// openable are the ids of entries that a visitor can open.
type openable map[scene.ID]bool

func (v visitor) openable(ctx context.Context, needs, offers []scene.ID) (openable, error) {
	open := openable{}
	opportunities, err := v.OpportunitiesByID(ctx, needs)
	if err != nil {
		return open, err
	}
	for i := range opportunities {
		open[opportunities[i].ID] = true
	}
	capabilities, err := v.CapabilitiesByID(ctx, offers)
	for i := range capabilities {
		open[capabilities[i].ID] = true
	}
	return open, err
}

// cut takes the names of entries out that a visitor cannot open.
func (o openable) cut(s *scene.Showcase) {
	for _, id := range []*scene.ID{&s.Opportunity, &s.Capability} {
		if !o[*id] {
			*id = ""
		}
	}
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
		&o.Reference, &o.TechText, &o.Department, &o.Procurement, &o.NeedType,
	} {
		*text = scene.Redact(*text)
	}
	return o
}

func publicCapability(c scene.Capability) scene.Capability {
	publicListing(&c.Listing)
	for _, text := range []*string{
		&c.Description, &c.Product, &c.TechText, &c.ScenarioText, &c.Indicators, &c.Conditions, &c.IP,
		&c.ProductForm, &c.Level, &c.FirstOfKind,
	} {
		*text = scene.Redact(*text)
	}
	c.Cases = mapped(c.Cases, func(x scene.Case) scene.Case {
		x.Customer, x.Result = scene.Redact(x.Customer), scene.Redact(x.Result)
		return x
	})
	return c
}

func publicListing(l *scene.Listing) {
	l.Contact, l.Extra = scene.Contact{}, nil
	for _, text := range []*string{&l.Name, &l.NameEn, &l.Summary, &l.Category} {
		*text = scene.Redact(*text)
	}
	l.Keywords = mapped(l.Keywords, scene.Redact)
}

func publicOrganisation(o scene.Organisation) scene.Organisation {
	o.Contact = scene.Contact{}
	o.Profile, o.Address = scene.Redact(o.Profile), scene.Redact(o.Address)
	return o
}

func mapped[T any](rows []T, change func(T) T) []T {
	out := make([]T, len(rows))
	for i := range rows {
		out[i] = change(rows[i])
	}
	return out
}
