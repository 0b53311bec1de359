package registry

import (
	"context"
	"slices"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// organisations writes the organisations from start to end of the file in one transaction.
func (im *importing) organisations(ctx context.Context, start, end int) error {
	var out outcome
	err := im.transact(ctx, func(tx store.Tx) error {
		out = outcome{}
		tx = tx.ForImport(im.report.Job.ID)
		for i := start; i < end; i++ {
			id, err := im.organisation(ctx, tx, im.file.orgs[i], &out)
			if err != nil {
				return scene.Wrap("organisation "+im.file.orgs[i].Name, err)
			}
			im.orgIDs[i] = id
		}
		return im.finish(ctx, tx, scene.OrganisationChanged, &out)
	})
	if err != nil {
		return err
	}
	im.add(&out, end-start)
	return nil
}

func (im *importing) organisation(ctx context.Context, tx store.Tx, told *scene.Organisation, out *outcome) (scene.ID, error) {
	stored, err := tx.Organisations().Find(ctx, told.CreditCode, scene.NameKey(told.Name))
	switch {
	case scene.CodeOf(err) == scene.NotFound:
		return im.newOrganisation(ctx, tx, *told, out)
	case err != nil:
		return "", err
	}
	next := updateOrganisation(&stored, told)
	same, err := sameContent(&stored, &next)
	if err != nil || same || im.o.DryRun {
		return stored.ID, err
	}
	next.Updated = im.now().UTC()
	saved, err := putOrganisation(ctx, tx, next, stored.Aliases)
	if scene.CodeOf(err) == scene.Conflict {
		out.problems = append(out.problems, im.orgProblem(told))
		return stored.ID, nil
	}
	if err != nil {
		return "", err
	}
	out.changed("organisation", saved.ID, stored.Revision, saved.Revision)
	return saved.ID, nil
}

// putOrganisation writes o. Where a spelling of its name belongs to another
// organisation already, it goes in with the aliases it can surely have.
func putOrganisation(ctx context.Context, tx store.Tx, o scene.Organisation, aliases []string) (scene.Organisation, error) {
	saved, err := tx.Organisations().Put(ctx, o)
	if scene.CodeOf(err) == scene.Conflict {
		o.Aliases = aliases
		return tx.Organisations().Put(ctx, o)
	}
	return saved, err
}

// orgProblem says that what the file tells of an organisation contradicts the store.
func (im *importing) orgProblem(told *scene.Organisation) scene.Problem {
	return scene.Problem{
		File: im.o.File, Key: "import.organisation_conflict",
		Args: map[string]any{"org": told.Name, "code": string(told.CreditCode)},
	}
}

func (im *importing) newOrganisation(ctx context.Context, tx store.Tx, o scene.Organisation, out *outcome) (scene.ID, error) {
	if im.o.DryRun {
		return "", nil
	}
	id, err := im.ids.New()
	if err != nil {
		return "", err
	}
	o.ID, o.Revision, o.Source = id, 0, im.o.Source
	o.Created = im.now().UTC()
	o.Updated = o.Created
	saved, err := putOrganisation(ctx, tx, o, nil)
	if err != nil {
		return "", err
	}
	out.changed("organisation", saved.ID, 0, saved.Revision)
	return saved.ID, nil
}

// listings writes rows of one kind in one transaction.
func (im *importing) listings(ctx context.Context, rows []*scene.Row) error {
	var out outcome
	kind := rows[0].Kind()
	err := im.transact(ctx, func(tx store.Tx) error {
		out = outcome{}
		tx = tx.ForImport(im.report.Job.ID)
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
			noun: string(scene.KindOpportunity), table: tx.Opportunities(), row: *row.Opportunity,
			listing: func(o *scene.Opportunity) *scene.Listing { return &o.Listing },
		})
	}
	return writeListing(ctx, im, row, out, side[scene.Capability]{
		noun: string(scene.KindCapability), table: tx.Capabilities(), row: *row.Capability,
		listing: func(c *scene.Capability) *scene.Listing { return &c.Listing },
	})
}

// side is what the two kinds of listing differ in.
type side[T any] struct {
	noun    string
	table   store.Listings[T]
	row     T
	listing func(*T) *scene.Listing
}

func writeListing[T any](ctx context.Context, im *importing, row *scene.Row, out *outcome, s side[T]) error {
	told := s.listing(&s.row)
	if told.Batch == "" {
		told.Batch = im.o.Batch
	}
	stored, found, err := findListing(ctx, s, told, row.Kind())
	if err != nil {
		return err
	}
	if !found {
		return createListing(ctx, im, row, out, s)
	}
	have := s.listing(&stored)
	if otherThing(have, told) {
		im.refuse(row, out, "import.code_taken", map[string]any{"code": told.Code, "name": have.Name, "org": have.OrgName})
		return nil
	}
	next := stored
	overlay(&next, &s.row)
	im.keepOwn(s.listing(&next), have, row)
	same, err := sameContent(&stored, &next)
	if err != nil {
		return err
	}
	return im.saveListing(out, row, have, same, func() (*scene.Listing, error) {
		s.listing(&next).Updated = im.now().UTC()
		saved, err := s.table.Put(ctx, next)
		return s.listing(&saved), err
	}, s.noun)
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

// findListing looks for the row by its identity. A row that had no code when it
// first came, and has one now, is found by name and organisation.
func findListing[T any](ctx context.Context, s side[T], told *scene.Listing, kind scene.Kind) (row T, found bool, err error) {
	row, err = s.table.Find(ctx, told.IdentityKey(kind))
	if scene.CodeOf(err) == scene.NotFound && told.Code != "" {
		unnamed := *told
		unnamed.Code = ""
		row, err = s.table.Find(ctx, unnamed.IdentityKey(kind))
	}
	if scene.CodeOf(err) == scene.NotFound {
		return row, false, nil
	}
	return row, err == nil, err
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
	if row.Listing().Code == "" {
		next.Source = have.Source // found by name: it stays with the list it came from
	}
	next.OrgID = im.orgID(next.OrgName, row)
	if next.OrgID == "" {
		next.OrgID = have.OrgID
	}
	if row.ContactMasked {
		next.Contact = have.Contact
	}
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
	l.ID, l.Revision, l.State, l.OrgID = id, 0, im.o.State, im.orgID(l.OrgName, row)
	l.Created = im.now().UTC()
	l.Updated = l.Created
	if row.ContactMasked {
		l.Contact = scene.Contact{}
	}
	saved, err := s.table.Put(ctx, s.row)
	if err != nil {
		return err
	}
	out.rows = append(out.rows, rowReport(row, id, Created))
	out.changed(s.noun, id, 0, s.listing(&saved).Revision)
	return nil
}

func (im *importing) orgID(name string, row *scene.Row) scene.ID {
	for _, key := range orgKeys(&row.Org) {
		if i, ok := im.file.orgAt[key]; ok {
			return im.orgIDs[i]
		}
	}
	if i, ok := im.file.orgAt["name\x1f"+scene.NameKey(name)]; ok {
		return im.orgIDs[i]
	}
	return ""
}

func (im *importing) refuse(row *scene.Row, out *outcome, key string, args map[string]any) {
	out.count.Rejected++
	out.rows = append(out.rows, rowReport(row, "", Rejected))
	out.problems = append(out.problems, scene.Problem{
		File: row.File, Sheet: row.Sheet, Row: row.Line, Key: key, Args: args, Rejected: true,
	})
}

func rowReport(row *scene.Row, id scene.ID, a Action) RowReport {
	l := row.Listing()
	return RowReport{Kind: row.Kind(), ID: id, Label: row.Label, Name: l.Name, Org: l.OrgName, Action: a}
}

// missing lists the rows of the same source that the file no longer holds, for
// the kinds it does hold.
func (im *importing) missing(ctx context.Context) error {
	if im.o.Source == "" {
		return nil
	}
	kinds := map[scene.Kind]bool{}
	for _, row := range im.file.listings {
		kinds[row.Kind()] = true
	}
	return im.store.View(ctx, func(tx store.Tx) error {
		if kinds[scene.KindOpportunity] {
			if err := missingRows(ctx, im, tx.Opportunities(), scene.KindOpportunity,
				func(o *scene.Opportunity) *scene.Listing { return &o.Listing }); err != nil {
				return err
			}
		}
		if !kinds[scene.KindCapability] {
			return nil
		}
		return missingRows(ctx, im, tx.Capabilities(), scene.KindCapability,
			func(c *scene.Capability) *scene.Listing { return &c.Listing })
	})
}

func missingRows[T any](ctx context.Context, im *importing, table store.Listings[T], kind scene.Kind,
	listing func(*T) *scene.Listing,
) error {
	page := store.Page{Limit: chunk}
	for {
		ids, err := table.IDs(ctx, store.ListingFilter{Source: im.o.Source}, page)
		if err != nil {
			return err
		}
		gone := slices.DeleteFunc(ids.Items, func(id scene.ID) bool { return im.seen[id] })
		rows, err := table.GetMany(ctx, gone)
		if err != nil {
			return err
		}
		for i := range rows {
			l := listing(&rows[i])
			im.report.Job.Missing = append(im.report.Job.Missing, l.ID)
			im.report.Missing = append(im.report.Missing, RowReport{
				Kind: kind, ID: l.ID, Label: l.Code, Name: l.Name, Org: l.OrgName, Action: Missing,
			})
		}
		if page.After = ids.Next; page.After == "" {
			return nil
		}
	}
}
