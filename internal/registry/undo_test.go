package registry_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
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
