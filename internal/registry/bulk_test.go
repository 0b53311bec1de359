package registry_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/transfer"
)

// audited returns what the record says of a row, the latest first.
func (b *bundle) audited(row scene.ID) (actions []string) {
	b.Helper()
	err := b.store.View(b.Context(), func(tx store.Tx) error {
		rows, err := tx.Audit().List(b.Context(), store.AuditFilter{Row: row}, store.Page{})
		for _, l := range rows.Items {
			actions = append(actions, l.Action)
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return actions
}

func (b *bundle) issue(name string, release time.Time) scene.Batch {
	b.Helper()
	made, err := b.SaveBatch(b.Context(), steward(), scene.Batch{Name: name, Release: release})
	if err != nil {
		b.Fatal(err)
	}
	return made
}

func TestBulk(t *testing.T) {
	t.Parallel()
	b := workshop(t)
	public, draft := b.published("已公开"), b.create(ready("草稿"))
	waiting, err := b.Submit(t.Context(), provider(), at(b.create(ready("待发布")), "", ""))
	for _, to := range []scene.State{scene.FormalReview, scene.DepartmentReview} {
		if err == nil {
			waiting, err = b.Review(t.Context(), steward(), at(waiting, to, ""))
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	third := b.issue("第3批", time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC))
	do := func(by scene.Actor, o registry.Order) []registry.StepResult {
		t.Helper()
		results, err := b.Bulk(t.Context(), by, o)
		if err != nil {
			t.Fatal(err)
		}
		return results
	}
	results := do(steward(), registry.Order{Task: registry.TaskBatch, Batch: third.ID, Entries: []registry.Step{at(public, "", ""), at(waiting, "", ""), at(draft, "", ""), {Kind: "capability", ID: "none"}}})
	for i, key := range []string{"", "", "permission.state"} {
		wantKey(t, results[i].Name, results[i].Err, key)
	}
	if scene.CodeOf(results[3].Err) != scene.NotFound {
		t.Errorf("an unknown one: %v", results[3].Err)
	}
	for _, id := range []scene.ID{public.Listing().ID, waiting.Listing().ID} {
		c, err := b.Capability(t.Context(), id)
		if err != nil || c.Batch != "第3批" || c.State != scene.Published || !c.ValidFrom.Equal(third.Release) {
			t.Errorf("%s is not held for the batch: %q %s %s %v", c.Name, c.Batch, c.State, c.ValidFrom, err)
		}
	}
	if _, err := b.Bulk(t.Context(), provider(), registry.Order{Task: registry.TaskBatch, Batch: third.ID}); scene.CodeOf(err) != scene.Forbidden {
		t.Errorf("a provider publishes: %v", err)
	}
	again := do(steward(), registry.Order{Task: registry.TaskBatch, Batch: third.ID, Entries: []registry.Step{at(public, "", "")}})
	wantKey(t, "twice", again[0].Err, "listing.already")
}

// What somebody else changed meanwhile is put into no batch unseen.
func TestBulkIntoBatchStale(t *testing.T) {
	t.Parallel()
	b := workshop(t)
	one, two := b.published("甲"), b.published("乙")
	entries := []registry.Step{at(one, "", ""), at(two, "", "")}
	if results, err := b.Bulk(t.Context(), steward(), registry.Order{Task: registry.TaskField, Value: "ai", Entries: entries[:1]}); err != nil || results[0].Err != nil {
		t.Fatal(err, results)
	}
	batch := b.issue("第4批", time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC))
	results, err := b.Bulk(t.Context(), steward(), registry.Order{Task: registry.TaskBatch, Batch: batch.ID, Entries: entries})
	if err != nil {
		t.Fatal(err)
	}
	wantKey(t, "changed meanwhile", results[0].Err, "store.stale")
	wantKey(t, "as it was seen", results[1].Err, "")
	if c, err := b.Capability(t.Context(), one.Listing().ID); err != nil || c.Batch != "" {
		t.Errorf("batch %q, %v", c.Batch, err)
	}
}

func TestBulkAssigns(t *testing.T) {
	t.Parallel()
	b := workshop(t)
	one, two := b.published("甲"), b.create(ready("乙"))
	entries := []registry.Step{at(one, "", ""), at(two, "", "")}
	for _, o := range []registry.Order{
		{Task: registry.TaskField, Value: "ai", Entries: entries},
		{Task: registry.TaskField, Value: "robotics", Entries: entries}, // by an old revision
		{Task: "nonsense", Entries: entries[:1]},
	} {
		results, err := b.Bulk(t.Context(), steward(), o)
		if err != nil {
			t.Fatal(err)
		}
		for i := range results {
			want := map[string]string{"ai": "", "robotics": "store.stale", "": "listing.task"}[o.Value]
			wantKey(t, string(o.Task)+" "+results[i].Name, results[i].Err, want)
		}
	}
	c, err := b.Capability(t.Context(), one.Listing().ID)
	if err != nil || !slices.Equal(c.Fields, []string{"smart_water", "ai"}) {
		t.Errorf("fields %v, %v", c.Fields, err)
	}
	now := registry.Entry{Capability: &c}
	results, err := b.Bulk(t.Context(), steward(), registry.Order{Task: registry.TaskRegion, Value: "320200", Entries: []registry.Step{at(now, "", "")}})
	if err != nil || results[0].Err != nil {
		t.Fatalf("region: %v %v", err, results[0].Err)
	}
	if c, err = b.Capability(t.Context(), c.ID); err != nil || !slices.Equal(c.Regions, []string{"320200"}) {
		t.Errorf("regions %v, %v", c.Regions, err)
	}
	if got := b.audited(c.ID)[:2]; !slices.Equal(got, []string{"listing.assign_region", "listing.assign_field"}) {
		t.Errorf("the record says %v", got)
	}
}

func TestBulkRetires(t *testing.T) {
	t.Parallel()
	b := workshop(t)
	one := b.published("甲")
	step := func(task registry.Task, reason, key string, state scene.State) {
		t.Helper()
		c, err := b.Capability(t.Context(), one.Listing().ID)
		if err != nil {
			t.Fatal(err)
		}
		results, err := b.Bulk(t.Context(), steward(), registry.Order{Task: task, Reason: reason, Entries: []registry.Step{at(registry.Entry{Capability: &c}, "", "")}})
		if err != nil {
			t.Fatal(err)
		}
		wantKey(t, string(task), results[0].Err, key)
		if c, err = b.Capability(t.Context(), c.ID); err != nil || c.State != state {
			t.Errorf("after %s: %s, %v", task, c.State, err)
		}
	}
	step(registry.TaskPause, "", "", scene.Paused)
	step(registry.TaskPause, "", "listing.step", scene.Paused)
	step(registry.TaskResume, "", "", scene.Published)
	step(registry.TaskArchive, " ", "listing.reason_missing", scene.Published)
	step(registry.TaskArchive, "已停产", "", scene.Closed)
	step(registry.TaskResume, "", "permission.state", scene.Closed)
}

// TestOwnCodes: an entry without a code goes out under its ID and is known by it
// when it returns, also under another name, and from a list of another source.
func TestOwnCodes(t *testing.T) {
	t.Parallel()
	b := workshop(t)
	one := b.published("漏损监测")
	d, err := scene.LoadDictionaries()
	if err != nil {
		t.Fatal(err)
	}
	rows, err := b.Rows(t.Context(), steward(), scene.KindCapability, store.ListingFilter{}, "kind=capability")
	if err != nil || len(rows) != 1 || rows[0].Org.Name != "甲公司" {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if got := b.audited(""); len(got) == 0 || got[0] != "listing.export" {
		t.Errorf("the record says %v", got)
	}
	doc := b.export(transfer.Jinghe, rows, d, false)
	id := string(one.Listing().ID)
	if len(doc.Rows) != 1 || doc.Rows[0].Listing().Code != id {
		t.Fatalf("编号 is %q, want %s", doc.Rows[0].Listing().Code, id)
	}
	b.wantTally(b.imports(registry.ImportOptions{}, doc.Rows...), scene.Tally{Read: 1, Unchanged: 1})
	renamed := doc.Rows[0]
	c := *renamed.Capability
	c.Name = "管网漏损监测"
	renamed.Capability = &c
	b.wantTally(b.imports(registry.ImportOptions{Source: "经开区"}, renamed), scene.Tally{Read: 1, Changed: 1})
	now, err := b.Capability(t.Context(), one.Listing().ID)
	if err != nil || now.Name != "管网漏损监测" || now.Code != "" || now.Source != "" {
		t.Errorf("%q, code %q, source %q, %v", now.Name, now.Code, now.Source, err)
	}
	twice := doc.Rows[0]
	other := *twice.Capability
	other.Name = strings.Repeat("另", 3)
	twice.Capability = &other
	b.wantTally(b.imports(registry.ImportOptions{}, renamed, twice), scene.Tally{Read: 2, Unchanged: 1, Created: 1})
	if _, err := b.Rows(t.Context(), provider(), scene.KindCapability, store.ListingFilter{}, ""); scene.CodeOf(err) != scene.Forbidden {
		t.Errorf("a provider takes the list of all: %v", err)
	}
}
