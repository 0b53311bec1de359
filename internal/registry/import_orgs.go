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
			id, err := im.organisation(ctx, tx, i, &out)
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

// organisation writes the i-th organisation of the file. Who holds its code and
// names is asked before anything is written, because a write that fails spoils
// the transaction and with it all the good rows.
func (im *importing) organisation(ctx context.Context, tx store.Tx, i int, out *outcome) (scene.ID, error) {
	told := *im.file.orgs[i]
	h, err := askHolders(ctx, tx, &told)
	if err != nil {
		return "", err
	}
	stored := h.byCode
	if stored == nil {
		stored = h.byName[scene.NameKey(told.Name)]
		im.ownNames(&told, stored, h)
	}
	switch {
	case stored == nil:
		if dropHeld(&told, h) {
			im.tellOrganisation(i, out, "import.organisation_conflict", conflictArgs(&told))
		}
		return im.newOrganisation(ctx, tx, told, out)
	case differ(stored.CreditCode, told.CreditCode):
		im.tellOrganisation(i, out, "import.credit_code_differs", codesArgs(stored, &told))
		return stored.ID, nil
	}
	if lost := uncover(&told, stored); len(lost) > 0 {
		im.tellOrganisation(i, out, "import.covered_organisation", map[string]any{"org": told.Name, "text": lost[0]})
		return stored.ID, nil
	}
	next := updateOrganisation(stored, &told)
	if dropHeld(&next, h) {
		im.tellOrganisation(i, out, "import.organisation_conflict", conflictArgs(&told))
	}
	same, err := sameContent(stored, &next)
	if err == nil && !same {
		next, same, err = im.echoed(i, stored, &told, h)
	}
	if err != nil || same || im.o.DryRun {
		return stored.ID, err
	}
	next.Updated = im.now().UTC()
	saved, err := tx.Organisations().Put(ctx, next)
	if err != nil {
		return "", err
	}
	out.changed("organisation", saved.ID, stored.Revision, saved.Revision)
	return saved.ID, nil
}

// echoed is updateOrganisation without what the row that told of it would say
// of the stored organisation anyway.
func (im *importing) echoed(i int, stored, told *scene.Organisation, h holders) (scene.Organisation, bool, error) {
	row := *im.file.orgRows[i]
	var echoes []any
	if row.Echo != nil {
		row.Org = *stored
		for _, e := range row.Echo(row) {
			echoes = append(echoes, &cloneRow(&e).Org)
		}
	}
	next := updateOrganisation(stored, told, echoes...)
	dropHeld(&next, h)
	same, err := sameContent(stored, &next)
	return next, same, err
}

// holders are the organisations of the store that a code or a name leads to.
type holders struct {
	byCode *scene.Organisation
	byName map[string]*scene.Organisation
}

func askHolders(ctx context.Context, tx store.Tx, told *scene.Organisation) (holders, error) {
	names := make([]string, 0, 1+len(told.Aliases))
	for _, name := range append([]string{told.Name}, told.Aliases...) {
		names = append(names, scene.NameKey(name))
	}
	rows, err := tx.Organisations().FindMany(ctx, []scene.CreditCode{told.CreditCode}, names)
	h := holders{byName: map[string]*scene.Organisation{}}
	for i := range rows {
		o := &rows[i]
		if told.CreditCode != "" && o.CreditCode == told.CreditCode {
			h.byCode = o
		}
		for _, name := range append([]string{o.Name}, o.Aliases...) {
			h.byName[scene.NameKey(name)] = o
		}
	}
	return h, err
}

// ownNames remembers which names of a file's organisation belong to others in
// the store. The file gives them one code (dragged down a column, say) that the
// store does not know: then each row stays with the organisation of its name.
func (im *importing) ownNames(told, stored *scene.Organisation, h holders) {
	for _, name := range told.Aliases {
		if o := h.byName[scene.NameKey(name)]; o != nil && (stored == nil || o.ID != stored.ID) {
			im.held[scene.NameKey(name)] = o.ID
		}
	}
}

// dropHeld takes away the spellings that belong to another organisation, and
// reports whether there were any.
func dropHeld(o *scene.Organisation, h holders) bool {
	n := len(o.Aliases)
	o.Aliases = slices.DeleteFunc(slices.Clone(o.Aliases), func(name string) bool {
		other := h.byName[scene.NameKey(name)]
		return other != nil && other.ID != o.ID
	})
	return len(o.Aliases) < n
}

func conflictArgs(told *scene.Organisation) map[string]any {
	return map[string]any{"org": told.Name, "code": string(told.CreditCode)}
}

// tellOrganisation says that what the file tells of an organisation contradicts the store.
func (im *importing) tellOrganisation(i int, out *outcome, key string, args map[string]any) {
	out.problems = append(out.problems, rowProblem(im.file.orgRows[i], key, args, false))
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
	saved, err := tx.Organisations().Put(ctx, o)
	if err != nil {
		return "", err
	}
	out.changed("organisation", saved.ID, 0, saved.Revision)
	return saved.ID, nil
}

// orgID returns the organisation of a row; empty for one that has none or that
// a dry run would create.
func (im *importing) orgID(row *scene.Row) scene.ID {
	if id, ok := im.held[scene.NameKey(row.Org.Name)]; ok {
		return id
	}
	if i := im.file.orgIndex(&row.Org); i >= 0 {
		return im.orgIDs[i]
	}
	return ""
}

// followMergers has rows belong to the organisations into which theirs were
// merged since the import took these up.
func (im *importing) followMergers(ctx context.Context, tx store.Tx, rows []*scene.Row) error {
	ids := make([]scene.ID, 0, len(rows))
	for _, row := range rows {
		if id := im.orgID(row); id != "" {
			ids = append(ids, id)
		}
	}
	orgs, err := tx.Organisations().GetMany(ctx, ids)
	if err != nil {
		return err
	}
	for i := range orgs {
		if orgs[i].MergedInto == "" {
			continue
		}
		o, err := store.Standing(ctx, tx, orgs[i].ID)
		if err != nil {
			return err
		}
		for at, id := range im.orgIDs {
			if id == orgs[i].ID {
				im.orgIDs[at] = o.ID
			}
		}
		for name, id := range im.held {
			if id == orgs[i].ID {
				im.held[name] = o.ID
			}
		}
	}
	return nil
}
