package registry

import (
	"context"
	"slices"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// chunk is how many rows one transaction of an import takes: the bound on what
// is redone after a crash, and on the ids that one event carries.
const chunk = 500

// ImportOptions says how a list comes in.
type ImportOptions struct {
	File   string // base name, for the log of jobs
	Digest string // SHA-256 of the file, hex
	// Source names the list; together with a row's real code it is the row's identity.
	Source string
	Batch  string // 第N批, given to rows that have none
	State  scene.State
	Actor  string
	// Problems are what the reader of the file found; they come first in the report.
	Problems []scene.Problem
	// DryRun works out what would change and writes nothing.
	DryRun bool
	// Progress, if not nil, is told the rows done and their total.
	Progress func(done, total int)
}

// Report says what an import did, or with DryRun would do.
type Report struct {
	Job      scene.Import    `json:"job"`
	Rows     []RowReport     `json:"rows"`
	Problems []scene.Problem `json:"problems"`
	Missing  []RowReport     `json:"missing"`
	// Joined are rows of the file that are the same thing as one before them.
	Joined []RowReport `json:"joined,omitempty"`
}

// RowReport is what happened to one listing.
type RowReport struct {
	Kind   scene.Kind `json:"kind"`
	ID     scene.ID   `json:"id,omitempty"` // empty for a row that a dry run would create
	Label  string     `json:"label,omitempty"`
	Name   string     `json:"name"`
	Org    string     `json:"org"`
	Action Action     `json:"action"`
	// Sheet and Line are where the file tells of it; empty for one that is missing.
	Sheet string `json:"sheet,omitempty"`
	Line  int    `json:"line,omitempty"`
	// Changes are the fields that differ, contacts masked; a dry run tells them.
	Changes []scene.Difference `json:"changes,omitempty"`
}

// Action is what an import does to a row.
type Action string

// The actions.
const (
	Created   Action = "created"
	Changed   Action = "changed"
	Unchanged Action = "unchanged"
	Rejected  Action = "rejected"
	Joined    Action = "joined"  // the same thing as a row before it in the file
	Missing   Action = "missing" // in the store under the same source, not in the file; left alone
)

// Import brings rows in. Rows that are the same thing are joined; a row whose
// content is stored already is left alone; a changed one becomes a revision;
// a blank cell never empties a stored field. Each chunk of at most 500 rows is
// one transaction with one event. When an import is cut off, the chunks
// that were committed stay, the job says so, and the same file can be imported again.
func (r *Registry) Import(ctx context.Context, rows []scene.Row, o ImportOptions) (Report, error) {
	im, err := r.begin(ctx, rows, o)
	if err != nil {
		return Report{}, scene.Wrap("registry.Import", err)
	}
	if err := im.run(ctx); err != nil {
		im.fail(ctx)
		return im.report, scene.Wrap("registry.Import", err)
	}
	return im.report, nil
}

// importing is one import under way.
type importing struct {
	*Registry
	o      ImportOptions
	file   *file
	orgIDs []scene.ID // by position in file.orgs
	report Report
	// held are names that belong to an organisation of the store although the
	// file joins them with another.
	held    map[string]scene.ID
	seen    map[scene.ID]bool // listings of the store that the file holds
	refused []*scene.Row
	pending embargo // as of the chunk being written
	done    int
}

func (r *Registry) begin(ctx context.Context, rows []scene.Row, o ImportOptions) (*importing, error) {
	if o.State == "" {
		o.State = scene.Submitted
	}
	if o.State != scene.Submitted && o.State != scene.Published {
		return nil, &scene.Error{
			Code: scene.Invalid, Key: "import.state", Args: map[string]any{"value": string(o.State)},
		}
	}
	id, err := r.ids.New()
	if err != nil {
		return nil, err
	}
	if rows, err = r.adoptIDs(ctx, rows); err != nil {
		return nil, err
	}
	rows, undecided, err := r.adoptOwners(ctx, rows, o.Source)
	if err != nil {
		return nil, err
	}
	f := gather(rows, o.Source)
	for i := range undecided {
		l := undecided[i].Listing()
		f.reject(&undecided[i], rowProblem(&undecided[i], "import.name_several", map[string]any{"name": l.Name, "org": l.OrgName}, true))
	}
	unread := rejectedRows(o.Problems)
	im := &importing{
		Registry: r, o: o, file: f, orgIDs: make([]scene.ID, len(f.orgs)),
		seen: map[scene.ID]bool{}, held: map[string]scene.ID{}, refused: f.refused,
		report: Report{Problems: append(slices.Clone(o.Problems), f.problems...), Joined: f.joined, Job: scene.Import{
			ID: id, File: o.File, Digest: o.Digest, Source: o.Source, Batch: o.Batch,
			State: o.State, Status: scene.JobRunning, Began: r.now().UTC(), Actor: o.Actor, Process: r.process,
			Count: scene.Tally{Read: len(rows) + len(undecided) + unread, Merged: f.merged, Rejected: unread + len(f.refused)},
		}},
	}
	for _, p := range o.Problems {
		if p.Rejected && p.Entry != nil {
			im.refused = append(im.refused, p.Entry)
		}
	}
	return im, im.saveJob(ctx)
}

// rejectedRows counts the rows that the reader of the file could not take.
func rejectedRows(problems []scene.Problem) int {
	type at struct {
		file, sheet string
		row         int
	}
	rows := map[at]bool{}
	for _, p := range problems {
		if p.Rejected && p.Row > 0 {
			rows[at{p.File, p.Sheet, p.Row}] = true
		}
	}
	return len(rows)
}

func (im *importing) run(ctx context.Context) error {
	for start := 0; start < len(im.file.orgs); start += chunk {
		if err := im.organisations(ctx, start, min(start+chunk, len(im.file.orgs))); err != nil {
			return err
		}
	}
	for start := 0; start < len(im.file.listings); {
		end := sameKind(im.file.listings, start)
		if err := im.listings(ctx, im.file.listings[start:end]); err != nil {
			return err
		}
		start = end
	}
	if err := im.missing(ctx); err != nil {
		return err
	}
	im.report.Job.Status, im.report.Job.Ended = scene.JobDone, im.now().UTC()
	return im.saveJob(ctx)
}

// sameKind returns the end of the chunk that begins at start: rows of one kind, at most chunk of them.
func sameKind(rows []*scene.Row, start int) int {
	end := start
	for end < len(rows) && end-start < chunk && rows[end].Kind() == rows[start].Kind() {
		end++
	}
	return end
}

func (im *importing) saveJob(ctx context.Context) error {
	if im.o.DryRun {
		return nil
	}
	return im.store.Update(ctx, func(tx store.Tx) error {
		return tx.Imports().Put(ctx, im.report.Job)
	})
}

// fail records that the job was cut off. The context may be the reason, so a
// short one of its own is used; if even that fails the job stays “running” and
// is found so at the next start.
func (im *importing) fail(ctx context.Context) {
	im.report.Job.Status, im.report.Job.Ended = scene.JobFailed, im.now().UTC()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	_ = im.saveJob(ctx)
}

// transact runs fn in a writing transaction, or for a dry run on a snapshot.
func (im *importing) transact(ctx context.Context, fn func(store.Tx) error) error {
	if im.o.DryRun {
		return im.store.View(ctx, fn)
	}
	return im.updatePublic(ctx, fn)
}

// outcome collects what one chunk does; it is added to the report after the commit.
type outcome struct {
	changes  []scene.Change
	ids      []scene.ID
	rows     []RowReport
	problems []scene.Problem
	refused  []*scene.Row
	count    scene.Tally
}

func (out *outcome) changed(noun string, id scene.ID, before, after int) {
	out.changes = append(out.changes, scene.Change{Noun: noun, ID: id, Before: before, After: after})
	out.ids = append(out.ids, id)
}

// finish writes the chunk's bookkeeping and its event into the transaction.
func (im *importing) finish(ctx context.Context, tx store.Tx, subject string, out *outcome) error {
	if im.o.DryRun || len(out.changes) == 0 {
		return nil
	}
	if err := tx.Imports().AddChanges(ctx, im.report.Job.ID, out.changes); err != nil {
		return err
	}
	return im.emit(ctx, tx, subject, out.ids, im.o.Actor)
}

// emit writes one event about ids into the transaction.
func (r *Registry) emit(ctx context.Context, tx store.Tx, subject string, ids []scene.ID, actor string) error {
	id, err := r.ids.New()
	if err != nil {
		return err
	}
	return tx.Emit(ctx, scene.Event{ID: id, Subject: subject, IDs: ids, Time: r.now().UTC(), Actor: actor})
}

func (im *importing) add(out *outcome, rows int) {
	c := &im.report.Job.Count
	c.Created += out.count.Created
	c.Changed += out.count.Changed
	c.Unchanged += out.count.Unchanged
	c.Rejected += out.count.Rejected
	im.report.Rows = append(im.report.Rows, out.rows...)
	im.report.Problems = append(im.report.Problems, out.problems...)
	im.refused = append(im.refused, out.refused...)
	for i := range out.rows {
		if out.rows[i].ID != "" {
			im.seen[out.rows[i].ID] = true
		}
	}
	im.done += rows
	if im.o.Progress != nil {
		im.o.Progress(im.done, len(im.file.orgs)+len(im.file.listings))
	}
}
