package registry

import (
	"cmp"
	"context"
	"reflect"
	"slices"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// ForeignReport says what taking the listings of another city's centre in did.
type ForeignReport struct {
	Created, Changed, Unchanged int
	Withdrawn                   int // no longer told there, and closed here
	Refused                     []ForeignFault
}

// ForeignFault is a listing that did not go in.
type ForeignFault struct {
	ID   scene.ID // there
	Name string
	Err  error
}

// TakeForeign brings in all that another centre tells: what is new or has changed
// is written, what it no longer tells is closed, and what is as it was stays
// untouched, so that the same list again changes nothing. Entries carry their
// origin and its site; each chunk of at most 500 is one transaction. It asks for
// the permission to import.
func (r *Registry) TakeForeign(ctx context.Context, by scene.Actor, site string, entries []Entry) (report ForeignReport, err error) {
	if err := by.May(scene.ListImport, scene.Object{}); err != nil {
		return report, err
	}
	told := map[scene.ID]bool{}
	for part := range slices.Chunk(entries, chunk) {
		var done ForeignReport
		err := r.updatePublic(ctx, func(tx store.Tx) error {
			done = ForeignReport{}
			return r.takeForeign(ctx, tx, by, part, &done)
		})
		if err != nil {
			return report, scene.Wrap("registry.TakeForeign", err)
		}
		for i := range part {
			told[part[i].Listing().ID] = true
		}
		report.Created += done.Created
		report.Changed += done.Changed
		report.Unchanged += done.Unchanged
		report.Refused = append(report.Refused, done.Refused...)
	}
	report.Withdrawn, err = r.withdrawForeign(ctx, by, site, told)
	return report, scene.Wrap("registry.TakeForeign", err)
}

// takeForeign writes one chunk.
func (r *Registry) takeForeign(ctx context.Context, tx store.Tx, by scene.Actor, part []Entry, done *ForeignReport) error {
	for i := range part {
		next := part[i].Copy()
		l := next.Listing()
		before, err := getEntry(ctx, tx, next.Kind(), l.ID)
		fresh := scene.CodeOf(err) == scene.NotFound
		if err != nil && !fresh {
			return err
		}
		l.Created = r.now().UTC()
		if !fresh {
			have := before.Listing()
			l.Revision, l.Created, l.Updated = have.Revision, have.Created, have.Updated
			if reflect.DeepEqual(plainEntry(&next), plainEntry(&before)) {
				done.Unchanged++
				continue
			}
		}
		l.Updated = r.now().UTC()
		if err := next.validate(); err != nil {
			done.Refused = append(done.Refused, ForeignFault{l.Origin.ID, l.Name, err})
			continue
		}
		if next, err = r.put(ctx, tx, next); err != nil {
			return err
		}
		was := &before
		if fresh {
			was = nil
			done.Created++
		} else {
			done.Changed++
		}
		if err := r.wrote(ctx, tx, by, "listing.foreign", "", was, &next); err != nil {
			return err
		}
	}
	return nil
}

// plainEntry is an entry as it is compared: empty lists and none are the same.
func plainEntry(e *Entry) any {
	c := e.Copy()
	l := c.Listing()
	for _, list := range []*[]string{&l.Fields, &l.Industries, &l.Modes, &l.Regions, &l.Keywords} {
		if len(*list) == 0 {
			*list = nil
		}
	}
	l.ValidFrom, l.ValidTo = l.ValidFrom.UTC(), l.ValidTo.UTC()
	return c.Content()
}

// withdrawForeign closes what a centre no longer tells.
func (r *Registry) withdrawForeign(ctx context.Context, by scene.Actor, site string, told map[scene.ID]bool) (n int, err error) {
	gone, err := r.goneForeign(ctx, site, told)
	if err != nil {
		return 0, err
	}
	for part := range slices.Chunk(gone, chunk) {
		closed := 0
		err := r.updatePublic(ctx, func(tx store.Tx) error {
			closed = 0
			for _, ref := range part {
				before, err := getEntry(ctx, tx, ref.Kind, ref.ID)
				if err != nil {
					return err
				}
				if before.Listing().State != scene.Published {
					continue
				}
				next := before.Copy()
				next.Listing().State, next.Listing().Updated = scene.Closed, r.now().UTC()
				if next, err = r.put(ctx, tx, next); err != nil {
					return err
				}
				if err := r.wrote(ctx, tx, by, "listing.foreign", "", &before, &next); err != nil {
					return err
				}
				closed++
			}
			return nil
		})
		if err != nil {
			return n, err
		}
		n += closed
	}
	return n, nil
}

func (r *Registry) goneForeign(ctx context.Context, site string, told map[scene.ID]bool) (gone []Ref, err error) {
	f := store.ListingFilter{Source: scene.SourceOf(site), States: []scene.State{scene.Published}}
	err = r.store.View(ctx, func(tx store.Tx) error {
		gone = nil
		if err := store.EachListing(ctx, tx.Opportunities(), f, func(o *scene.Opportunity) {
			if !told[o.ID] {
				gone = append(gone, Ref{Kind: scene.KindOpportunity, ID: o.ID})
			}
		}); err != nil {
			return err
		}
		return store.EachListing(ctx, tx.Capabilities(), f, func(c *scene.Capability) {
			if !told[c.ID] {
				gone = append(gone, Ref{Kind: scene.KindCapability, ID: c.ID})
			}
		})
	})
	slices.SortFunc(gone, func(a, b Ref) int { return cmp.Compare(a.ID, b.ID) })
	return gone, err
}
