package registry_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

func TestUndoImport(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.imports(registry.ImportOptions{}, need(3, "甲", "水务集团", needText("第一版")))
	before := b.needs()[0]
	second := b.imports(registry.ImportOptions{},
		need(3, "甲", "水务集团", needText("第二版")), need(4, "乙", "民政局"))

	report, err := b.UndoImport(t.Context(), second.Job.ID, "test")
	if err != nil {
		t.Fatal(err)
	}
	if report.Restored != 1 || report.Removed != 2 || len(report.Kept) != 0 {
		t.Errorf("restored %d, removed %d, kept %v; want 1, 2 (a listing and its owner), none",
			report.Restored, report.Removed, report.Kept)
	}
	rows := b.needs()
	if len(rows) != 1 || rows[0].Need != "第一版" || rows[0].Revision != 3 {
		t.Errorf("rows after undo: %+v", rows)
	}
	before.Revision, before.Updated = rows[0].Revision, rows[0].Updated
	if diff := cmp.Diff(before, rows[0]); diff != "" {
		t.Errorf("the row is not what it was:\n%s", diff)
	}
	if got := len(b.orgs()); got != 1 {
		t.Errorf("%d organisations, want 1", got)
	}
}

func TestUndoKeepsLaterWork(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first := b.imports(registry.ImportOptions{}, need(3, "甲", "水务集团"))
	b.imports(registry.ImportOptions{}, need(3, "甲", "水务集团", needText("后来改过")), offer(3, "产品", "水务集团"))
	report, err := b.UndoImport(t.Context(), first.Job.ID, "test")
	if err != nil {
		t.Fatal(err)
	}
	if report.Removed != 0 || len(report.Kept) != 2 {
		t.Errorf("removed %d, kept %v; want the listing and its owner kept", report.Removed, report.Kept)
	}
	if got := b.needs()[0].Need; got != "后来改过" {
		t.Errorf("later work was lost: %q", got)
	}
}

func TestUndoRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	job := b.imports(registry.ImportOptions{}, need(3, "甲", "水务集团")).Job.ID
	if _, err := b.UndoImport(t.Context(), job, "test"); err != nil {
		t.Fatal(err)
	}
	if _, err := b.UndoImport(t.Context(), job, "test"); scene.CodeOf(err) != scene.Precondition {
		t.Errorf("second undo: %v, want Precondition", err)
	}
	if _, err := b.UndoImport(t.Context(), "none", "test"); scene.CodeOf(err) != scene.NotFound {
		t.Errorf("unknown job: %v, want NotFound", err)
	}
}

func (b *bundle) undo(job scene.ID) registry.UndoReport {
	b.Helper()
	report, err := b.UndoImport(b.Context(), job, "test")
	if err != nil {
		b.Fatal(err)
	}
	return report
}

func TestUndoTheLastFirst(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first := b.imports(registry.ImportOptions{}, need(3, "甲", "水务集团", needText("第一版")))
	second := b.imports(registry.ImportOptions{}, need(3, "甲", "水务集团", needText("第二版")))
	if got := b.undo(second.Job.ID); got.Restored != 1 || len(got.Kept) != 0 {
		t.Fatalf("undo of the second: %+v", got)
	}
	if got := b.undo(first.Job.ID); got.Removed != 2 || len(got.Kept) != 0 {
		t.Errorf("undo of the first: removed %d, kept %v; want 2 and none", got.Removed, got.Kept)
	}
	if len(b.needs())+len(b.orgs()) != 0 {
		t.Error("something is left")
	}
}

func TestUndoKeepsWhatCannotComeBack(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.imports(registry.ImportOptions{}, need(3, "甲", "水务集团"), need(4, "丙", "水务集团"))
	second := b.imports(registry.ImportOptions{}, need(3, "甲", "水务集团", code("A-1")), need(4, "丙", "水务集团", needText("改过")))
	// Somebody enters by hand what the first row was known by before.
	taken := scene.Opportunity{Listing: scene.Listing{ID: "by-hand", Name: "甲", OrgName: "水务集团", State: scene.Draft}}
	if err := b.store.Update(t.Context(), func(tx store.Tx) error {
		_, err := tx.Opportunities().Put(t.Context(), taken)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	got := b.undo(second.Job.ID)
	if got.Restored != 1 || len(got.Kept) != 1 {
		t.Errorf("restored %d, kept %v; want one each", got.Restored, got.Kept)
	}
	for _, o := range b.needs() {
		if o.Name == "丙" && o.Need != "需要丙" {
			t.Errorf("丙 was not restored: %q", o.Need)
		}
	}
}

func TestUndoAgainAfterACutOff(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.imports(registry.ImportOptions{}, need(3, "甲", "水务集团", needText("第一版")))
	job := b.imports(registry.ImportOptions{}, need(3, "甲", "水务集团", needText("第二版")), need(4, "乙", "民政局")).Job
	b.undo(job.ID)
	job.Status = scene.JobDone // as if the undo had ended before its last write
	if err := b.store.Update(t.Context(), func(tx store.Tx) error { return tx.Imports().Put(t.Context(), job) }); err != nil {
		t.Fatal(err)
	}
	got := b.undo(job.ID)
	if got.Restored != 0 || got.Removed != 0 || len(got.Kept) != 0 {
		t.Errorf("%+v: there was nothing left to do and nothing to keep", got)
	}
	if rows := b.needs(); len(rows) != 1 || rows[0].Need != "第一版" {
		t.Errorf("rows %+v", rows)
	}
}

func TestUndoSeveralChangesOfOneRow(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.imports(registry.ImportOptions{}, need(3, "甲", "水务集团", needText("第一版")))
	job := b.imports(registry.ImportOptions{}, need(3, "甲", "水务集团", needText("第二版"))).Job
	if err := b.store.Update(t.Context(), func(tx store.Tx) error {
		row := b.one(tx, "甲")
		row.Need = "第三版"
		saved, err := tx.Opportunities().Put(t.Context(), row)
		if err != nil {
			return err
		}
		return tx.Imports().AddChanges(t.Context(), job.ID, []scene.Change{
			{Noun: "opportunity", ID: row.ID, Before: row.Revision, After: saved.Revision},
		})
	}); err != nil {
		t.Fatal(err)
	}
	if got := b.undo(job.ID); got.Restored != 1 || len(got.Kept) != 0 {
		t.Errorf("restored %d, kept %v; want 1 and none", got.Restored, got.Kept)
	}
	if got := b.needs()[0].Need; got != "第一版" {
		t.Errorf("the row says %q", got)
	}
}

func (b *bundle) one(tx store.Tx, name string) scene.Opportunity {
	b.Helper()
	rows, err := tx.Opportunities().FindNamed(b.Context(), []string{scene.NameKey(name)})
	if err != nil || len(rows) != 1 {
		b.Fatalf("%d rows called %s, %v", len(rows), name, err)
	}
	return rows[0]
}
