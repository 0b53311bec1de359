package registry

import (
	"context"
	"slices"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// listings writes rows of one kind in one transaction.
func (im *importing) listings(ctx context.Context, rows []*scene.Row) error {
	var out outcome
	kind := rows[0].Kind()
	err := im.transact(ctx, func(tx store.Tx) error {
		out = outcome{}
		tx = tx.ForImport(im.report.Job.ID)
		pending, err := embargoes(ctx, tx, im.now())
		if err != nil {
			return err
		}
		im.pending = pending
		if err := im.followMergers(ctx, tx, rows); err != nil {
			return err
		}
		for _, row := range rows {
			if err := im.listing(ctx, tx, row, &out); err != nil {
				return scene.Wrap("row "+row.Label, err)
			}
		}
		return im.finish(ctx, tx, subjectOf(kind), &out)
	})
	if err != nil {
		return err
	}
	im.add(&out, len(rows))
	return nil
}

func subjectOf(kind scene.Kind) string {
	if kind == scene.KindOpportunity {
		return scene.OpportunityChanged
	}
	return scene.CapabilityChanged
}

func (im *importing) listing(ctx context.Context, tx store.Tx, row *scene.Row, out *outcome) error {
	if row.Opportunity != nil {
		return writeListing(ctx, im, row, out, side[scene.Opportunity]{
			noun: string(scene.KindOpportunity), tx: tx, table: tx.Opportunities(), row: *row.Opportunity,
			listing: func(o *scene.Opportunity) *scene.Listing { return &o.Listing },
			of:      func(r *scene.Row) *scene.Opportunity { return r.Opportunity },
		})
	}
	return writeListing(ctx, im, row, out, side[scene.Capability]{
		noun: string(scene.KindCapability), tx: tx, table: tx.Capabilities(), row: *row.Capability,
		listing: func(c *scene.Capability) *scene.Listing { return &c.Listing },
		of:      func(r *scene.Row) *scene.Capability { return r.Capability },
	})
}

// side is what the two kinds of listing differ in.
type side[T any] struct {
	noun    string
	tx      store.Tx
	table   store.Listings[T]
	row     T
	listing func(*T) *scene.Listing
	of      func(*scene.Row) *T
}

func writeListing[T any](ctx context.Context, im *importing, row *scene.Row, out *outcome, s side[T]) error {
	told := s.listing(&s.row)
	if told.Batch == "" {
		told.Batch = im.o.Batch
	}
	stored, n, err := findListing(ctx, im, row, s)
	switch {
	case err != nil:
		return err
	case n > 1:
		im.refuse(row, out, "import.name_several", map[string]any{"name": told.Name, "org": told.OrgName})
		return nil
	case n == 0:
		return createListing(ctx, im, row, out, s)
	}
	if s.listing(&stored).Foreign() {
		im.refuse(row, out, "import.foreign", map[string]any{"name": told.Name})
		return nil
	}
	if lost := uncover(&s.row, &stored); len(lost) > 0 {
		im.refuse(row, out, "import.covered", map[string]any{"text": lost[0]})
		return nil
	}
	have := s.listing(&stored)
	next, same, err := nextListing(ctx, im, row, s, &stored)
	if err != nil {
		return err
	}
	holder, taken, err := identityHolder(ctx, s, have, s.listing(&next))
	if err != nil {
		return err
	}
	if taken || otherThing(have, told) {
		im.refuse(row, out, "import.code_taken", map[string]any{"code": told.Code, "name": holder.Name, "org": holder.OrgName})
		return nil
	}
	if err := im.saveListing(out, row, have, same, func() (*scene.Listing, error) {
		s.listing(&next).Updated = im.now().UTC()
		saved, err := s.table.Put(ctx, next)
		return s.listing(&saved), err
	}, s.noun); err != nil || same || !im.o.DryRun {
		return err
	}
	out.rows[len(out.rows)-1].Changes, err = scene.Differences(&stored, &next)
	return err
}

// nextListing lays the row over what is stored. Only where that would change
// something is the row asked what a list of its form says of the stored entry.
func nextListing[T any](ctx context.Context, im *importing, row *scene.Row, s side[T], stored *T) (next T, same bool, err error) {
	have := s.listing(stored)
	next = *stored
	overlay(&next, &s.row)
	im.keepOwn(s.listing(&next), have, row)
	if same, err = sameContent(stored, &next); err != nil || same || row.Echo == nil {
		return next, same, err
	}
	org, err := ownerOf(ctx, s.tx, have)
	if err != nil {
		return next, false, err
	}
	entry := *row // for its kind; what it says is replaced
	entry.Org = org
	putInto(&entry, stored)
	var echoes []any
	for _, e := range row.Echo(entry) {
		echoes = append(echoes, s.of(cloneRow(&e)))
	}
	next = *stored
	overlay(&next, &s.row, echoes...)
	im.keepOwn(s.listing(&next), have, row)
	same, err = sameContent(stored, &next)
	return next, same, err
}

// putInto makes stored the listing of row.
func putInto(row *scene.Row, stored any) {
	switch v := stored.(type) {
	case *scene.Opportunity:
		row.Opportunity = v
	case *scene.Capability:
		row.Capability = v
	}
}

func ownerOf(ctx context.Context, tx store.Tx, l *scene.Listing) (scene.Organisation, error) {
	if l.OrgID == "" {
		return scene.Organisation{Name: l.OrgName}, nil
	}
	org, err := tx.Organisations().Get(ctx, l.OrgID)
	if scene.CodeOf(err) == scene.NotFound {
		return scene.Organisation{Name: l.OrgName}, nil
	}
	return org, err
}

// identityHolder looks for another listing that holds the identity that next
// would have. Without one it returns have.
func identityHolder[T any](ctx context.Context, s side[T], have, next *scene.Listing) (*scene.Listing, bool, error) {
	kind := scene.Kind(s.noun)
	if next.IdentityKey(kind) == have.IdentityKey(kind) {
		return have, false, nil
	}
	other, err := s.table.Find(ctx, next.IdentityKey(kind))
	if scene.CodeOf(err) == scene.NotFound {
		return have, false, nil
	}
	holder := s.listing(&other)
	return holder, holder.ID != have.ID, err
}

// saveListing counts a row that was found, and writes it where it changed.
func (im *importing) saveListing(out *outcome, row *scene.Row, have *scene.Listing, same bool,
	put func() (*scene.Listing, error), noun string,
) error {
	if same {
		out.count.Unchanged++
		out.rows = append(out.rows, rowReport(row, have.ID, Unchanged))
		return nil
	}
	out.count.Changed++
	out.rows = append(out.rows, rowReport(row, have.ID, Changed))
	if im.o.DryRun {
		return nil
	}
	saved, err := put()
	if err != nil {
		return err
	}
	out.changed(noun, saved.ID, have.Revision, saved.Revision)
	return nil
}

// findListing looks for the row by its identity, and where one of the two has
// no code, or says no list, by name and owner. n is how many could be meant.
func findListing[T any](ctx context.Context, im *importing, row *scene.Row, s side[T]) (found T, n int, err error) {
	told := s.listing(&s.row)
	if told.ID != "" {
		found, err = s.table.Get(ctx, told.ID)
		return found, 1, err
	}
	found, err = s.table.Find(ctx, told.IdentityKey(row.Kind()))
	if scene.CodeOf(err) != scene.NotFound {
		return found, 1, err
	}
	named, err := s.table.FindNamed(ctx, []string{scene.NameKey(told.Name)})
	if err != nil {
		return found, 0, err
	}
	owner := im.orgID(row)
	ofOwner := slices.DeleteFunc(named, func(t T) bool {
		l := s.listing(&t)
		return !sameOwner(l, told, owner) || told.Code != "" && l.Code != "" && l.Code != told.Code
	})
	if told.Code != "" { // a row with that very code is surer than one without
		if i := slices.IndexFunc(ofOwner, func(t T) bool { return s.listing(&t).Code == told.Code }); i >= 0 {
			ofOwner = slices.DeleteFunc(ofOwner, func(t T) bool { return s.listing(&t).Code == "" })
		}
	}
	if len(ofOwner) > 0 {
		found = ofOwner[0]
	}
	return found, len(ofOwner), nil
}

// sameOwner: the organisation that was found counts, not its spelling.
func sameOwner(have, told *scene.Listing, owner scene.ID) bool {
	return owner != "" && have.OrgID == owner || scene.NameKey(have.OrgName) == scene.NameKey(told.OrgName)
}

// otherThing reports whether a code leads to a listing that shares neither name
// nor organisation with the row: then two lists use the same code, and writing
// one over the other would lose it.
func otherThing(have, told *scene.Listing) bool {
	return scene.NameKey(have.Name) != scene.NameKey(told.Name) &&
		scene.NameKey(have.OrgName) != scene.NameKey(told.OrgName)
}

// keepOwn gives back to an overlaid row what belongs to the store.
func (im *importing) keepOwn(next, have *scene.Listing, row *scene.Row) {
	next.ID, next.Revision, next.State = have.ID, have.Revision, have.State
	next.Created, next.Updated = have.Created, have.Updated
	if have.Code != "" || row.Listing().Code == "" {
		next.Source = have.Source // it stays with the list it came from
	}
	next.OrgID = im.orgID(row)
	if next.OrgID == "" {
		next.OrgID = have.OrgID
	}
	if next.OrgID != "" && next.OrgID == have.OrgID {
		next.OrgName = have.OrgName
	}
	if im.pending.of(have.Batch) != nil {
		next.Batch = have.Batch // it goes out with it
	}
	im.pending.hold(next, im.now())
}

func createListing[T any](ctx context.Context, im *importing, row *scene.Row, out *outcome, s side[T]) error {
	out.count.Created++
	if im.o.DryRun {
		out.rows = append(out.rows, rowReport(row, "", Created))
		return nil
	}
	id, err := im.ids.New()
	if err != nil {
		return err
	}
	l := s.listing(&s.row)
	l.ID, l.Revision, l.State, l.OrgID = id, 0, im.o.State, im.orgID(row)
	l.Created = im.now().UTC()
	l.Updated = l.Created
	im.pending.hold(l, im.now())
	saved, err := s.table.Put(ctx, s.row)
	if err != nil {
		return err
	}
	out.rows = append(out.rows, rowReport(row, id, Created))
	out.changed(s.noun, id, 0, s.listing(&saved).Revision)
	return nil
}

func (im *importing) refuse(row *scene.Row, out *outcome, key string, args map[string]any) {
	out.count.Rejected++
	out.rows = append(out.rows, rowReport(row, "", Rejected))
	out.refused = append(out.refused, row)
	out.problems = append(out.problems, rowProblem(row, key, args, true))
}

func rowReport(row *scene.Row, id scene.ID, a Action) RowReport {
	l := row.Listing()
	return RowReport{
		Kind: row.Kind(), ID: id, Label: row.Label, Name: l.Name, Org: l.OrgName, Action: a, Sheet: row.Sheet, Line: row.Line,
	}
}
