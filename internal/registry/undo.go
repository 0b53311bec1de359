package registry

import (
	"context"
	"slices"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// UndoReport says what an undo did.
type UndoReport struct {
	Job      scene.Import `json:"job"`
	Restored int          `json:"restored"` // rows given back the content they had
	Removed  int          `json:"removed"`  // rows the import had created
	// Kept are rows that somebody changed after the import, or that later rows
	// rely on: they stay as they are.
	Kept []scene.Change `json:"kept"`
}

// Imports lists the import jobs, newest first.
func (r *Registry) Imports(ctx context.Context, p store.Page) (rows store.Rows[scene.Import], err error) {
	err = r.store.View(ctx, func(tx store.Tx) (err error) {
		rows, err = tx.Imports().List(ctx, p)
		return err
	})
	return rows, scene.Wrap("registry.Imports", err)
}

// UndoImport takes back what a job did, chunk by chunk: rows it created go,
// rows it changed get the content they had. Rows that changed since are kept
// and listed; one that has the content of the import again, because what
// came later was undone, counts as unchanged. So do those stay whose earlier
// code or name another row holds by now. An undo that was cut off can be
// repeated. It returns NotFound for
// an unknown job and Precondition for one that is undone already or still running.
func (r *Registry) UndoImport(ctx context.Context, job scene.ID, actor string) (UndoReport, error) {
	u := undoing{Registry: r, actor: actor}
	if err := u.load(ctx, job); err != nil {
		return UndoReport{}, scene.Wrap("registry.UndoImport", err)
	}
	// Listings first: an organisation goes only when no listing names it.
	for _, noun := range []string{string(scene.KindCapability), string(scene.KindOpportunity), "organisation"} {
		for changes := u.byNoun[noun]; len(changes) > 0; {
			n := min(chunk, len(changes))
			if err := u.chunk(ctx, noun, changes[:n]); err != nil {
				return u.report, scene.Wrap("registry.UndoImport", err)
			}
			changes = changes[n:]
		}
	}
	u.report.Job.Status = scene.JobUndone
	u.report.Job.Ended = r.now().UTC()
	err := r.store.Update(ctx, func(tx store.Tx) error { return tx.Imports().Put(ctx, u.report.Job) })
	return u.report, scene.Wrap("registry.UndoImport", err)
}

// abandoned is how long a job of another process may be “running”: that
// process was given up by then.
const abandoned = 24 * time.Hour

// CloseCutOff marks the jobs that a crash left “running” as failed. It is called
// once at start, when this process can have no import under way, and returns how
// many there were. Where others share the store, their jobs are left alone
// unless they are a day old.
func (r *Registry) CloseCutOff(ctx context.Context, shared bool) (n int, err error) {
	err = r.store.Update(ctx, func(tx store.Tx) error {
		n = 0
		rows, err := tx.Imports().List(ctx, store.Page{Limit: 1000})
		if err != nil {
			return err
		}
		for _, job := range rows.Items {
			if job.Status != scene.JobRunning {
				continue
			}
			if shared && job.Process != r.process && r.now().Sub(job.Began) < abandoned {
				continue
			}
			n++
			job.Status, job.Ended = scene.JobFailed, r.now().UTC()
			if err := tx.Imports().Put(ctx, job); err != nil {
				return err
			}
		}
		return nil
	})
	return n, scene.Wrap("registry.CloseCutOff", err)
}

type undoing struct {
	*Registry
	actor  string
	report UndoReport
	byNoun map[string][]scene.Change // newest first
	at     map[scene.ID]int          // position in byNoun while it is filled
}

func (u *undoing) load(ctx context.Context, job scene.ID) error {
	u.byNoun, u.at = map[string][]scene.Change{}, map[scene.ID]int{}
	return u.store.View(ctx, func(tx store.Tx) (err error) {
		if u.report.Job, err = tx.Imports().Get(ctx, job); err != nil {
			return err
		}
		if s := u.report.Job.Status; s == scene.JobUndone || s == scene.JobRunning {
			return &scene.Error{Code: scene.Precondition, Key: "import.undo_" + s, Args: map[string]any{"job": string(job)}}
		}
		page := store.Page{Limit: 1000}
		for {
			rows, err := tx.Imports().Changes(ctx, job, page)
			if err != nil {
				return err
			}
			for _, c := range rows.Items {
				u.note(c)
			}
			if page.After = rows.Next; page.After == "" {
				break
			}
		}
		for _, changes := range u.byNoun {
			slices.Reverse(changes)
		}
		return nil
	})
}

// note collects a change; several of one row are one, from before the first to
// after the last.
func (u *undoing) note(c scene.Change) {
	changes := u.byNoun[c.Noun]
	at, known := u.at[c.ID]
	if known {
		changes[at].After = c.After
		return
	}
	u.at[c.ID] = len(changes)
	u.byNoun[c.Noun] = append(changes, c)
}

// undone counts one chunk; it is added to the report after the commit.
type undone struct {
	ids               []scene.ID
	restored, removed int
	kept              []scene.Change
}

func (u *undoing) chunk(ctx context.Context, noun string, changes []scene.Change) error {
	var done undone
	subject := map[string]string{
		"organisation":                scene.OrganisationChanged,
		string(scene.KindOpportunity): scene.OpportunityChanged,
		string(scene.KindCapability):  scene.CapabilityChanged,
	}[noun]
	err := u.updatePublic(ctx, func(tx store.Tx) error {
		done = undone{}
		for _, c := range changes {
			if err := u.row(ctx, tx, c, &done); err != nil {
				return scene.Wrap(noun+" "+string(c.ID), err)
			}
		}
		if len(done.ids) == 0 {
			return nil
		}
		return u.emit(ctx, tx, subject, done.ids, u.actor)
	})
	if err != nil {
		return err
	}
	u.report.Restored += done.restored
	u.report.Removed += done.removed
	u.report.Kept = append(u.report.Kept, done.kept...)
	return nil
}

func (u *undoing) row(ctx context.Context, tx store.Tx, c scene.Change, done *undone) error {
	switch c.Noun {
	case string(scene.KindOpportunity):
		return undoRow(ctx, listingRows[scene.Opportunity]{
			tx.Opportunities(), tx, scene.KindOpportunity, func(o *scene.Opportunity) *scene.Listing { return &o.Listing },
		}, c, done)
	case string(scene.KindCapability):
		return undoRow(ctx, listingRows[scene.Capability]{
			tx.Capabilities(), tx, scene.KindCapability, func(c *scene.Capability) *scene.Listing { return &c.Listing },
		}, c, done)
	}
	if c.Before == 0 {
		used, err := inUse(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		if used {
			done.kept = append(done.kept, c)
			return nil
		}
	}
	return undoRow(ctx, organisationRows{tx.Organisations()}, c, done)
}

// rowsOf is what undoing one row needs of its table.
type rowsOf[T any] interface {
	Get(ctx context.Context, id scene.ID) (T, error)
	Put(ctx context.Context, row T) (T, error)
	Delete(ctx context.Context, id scene.ID) error
	Revisions(ctx context.Context, id scene.ID) ([]store.Revision[T], error)
	// written points to what every writing changes.
	written(row *T) (revision *int, updated *time.Time)
	// taken reports that the row cannot come back: another holds what it is
	// known by, or its organisation is gone.
	taken(ctx context.Context, row *T) (bool, error)
}

type listingRows[T any] struct {
	store.Listings[T]
	tx      store.Tx
	kind    scene.Kind
	listing func(*T) *scene.Listing
}

func (l listingRows[T]) written(row *T) (*int, *time.Time) {
	p := l.listing(row)
	return &p.Revision, &p.Updated
}

func (l listingRows[T]) taken(ctx context.Context, row *T) (bool, error) {
	p := l.listing(row)
	if p.OrgID != "" {
		owner, err := l.tx.Organisations().Get(ctx, p.OrgID)
		if err != nil {
			return ifNotFound(err)
		}
		if owner.MergedInto != "" {
			return true, nil
		}
	}
	holder, err := l.Find(ctx, p.IdentityKey(l.kind))
	if scene.CodeOf(err) == scene.NotFound {
		return false, nil
	}
	return err == nil && l.listing(&holder).ID != p.ID, err
}

func ifNotFound(err error) (bool, error) {
	if scene.CodeOf(err) == scene.NotFound {
		return true, nil
	}
	return false, err
}

type organisationRows struct{ store.Organisations }

func (organisationRows) written(o *scene.Organisation) (*int, *time.Time) {
	return &o.Revision, &o.Updated
}

func (t organisationRows) taken(ctx context.Context, o *scene.Organisation) (bool, error) {
	names := make([]string, 0, 1+len(o.Aliases))
	for _, name := range append([]string{o.Name}, o.Aliases...) {
		names = append(names, scene.NameKey(name))
	}
	holders, err := t.FindMany(ctx, []scene.CreditCode{o.CreditCode}, names)
	return slices.ContainsFunc(holders, func(h scene.Organisation) bool { return h.ID != o.ID }), err
}

// undoRow looks before it writes: a write that failed would spoil the chunk.
func undoRow[T any](ctx context.Context, table rowsOf[T], c scene.Change, done *undone) error {
	row, err := table.Get(ctx, c.ID)
	if scene.CodeOf(err) == scene.NotFound {
		return nil // an undo that was cut off had removed it, or somebody did
	}
	if err != nil {
		return err
	}
	revisions, err := table.Revisions(ctx, c.ID)
	if err != nil {
		return err
	}
	before, after := numbered(revisions, c.Before), numbered(revisions, c.After)
	if c.Before != 0 && before == nil {
		return &scene.Error{Code: scene.NotFound, Key: "import.revision_missing", Args: map[string]any{"id": string(c.ID), "revision": c.Before}}
	}
	undoneAlready, err := saysSame(table, before, &row)
	if err != nil || undoneAlready {
		return err
	}
	untouched, err := saysSame(table, after, &row)
	if err != nil {
		return err
	}
	if untouched && before != nil {
		taken, err := table.taken(ctx, before)
		if err != nil {
			return err
		}
		untouched = !taken
	}
	if !untouched {
		done.kept = append(done.kept, c)
		return nil
	}
	done.ids = append(done.ids, c.ID)
	if before == nil {
		done.removed++
		return table.Delete(ctx, c.ID)
	}
	done.restored++
	now, _ := table.written(&row)
	number, _ := table.written(before)
	*number = *now
	_, err = table.Put(ctx, *before)
	return err
}

// numbered returns the content with that revision, or nil.
func numbered[T any](revisions []store.Revision[T], number int) *T {
	for i := range revisions {
		if revisions[i].Number == number {
			return &revisions[i].Row
		}
	}
	return nil
}

// saysSame compares two contents of a row without what every writing changes.
func saysSame[T any](table rowsOf[T], a, b *T) (bool, error) {
	if a == nil {
		return false, nil
	}
	x, y := *a, *b
	for _, v := range []*T{&x, &y} {
		revision, updated := table.written(v)
		*revision, *updated = 0, time.Time{}
	}
	return sameContent(&x, &y)
}

// inUse reports whether a listing names the organisation.
func inUse(ctx context.Context, tx store.Tx, org scene.ID) (bool, error) {
	f := store.ListingFilter{OrgID: org}
	needs, err := tx.Opportunities().Count(ctx, f)
	if err != nil || needs > 0 {
		return needs > 0, err
	}
	offers, err := tx.Capabilities().Count(ctx, f)
	return offers > 0, err
}
