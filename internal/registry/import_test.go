package registry_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/store/sqlite"
)

// bench is a registry on a store of its own with a clock that moves a second at each reading.
type bundle struct {
	*testing.T
	*registry.Registry
	store *sqlite.Store
}

func setup(t *testing.T) *bundle {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	var ticks atomic.Int64 // writers may ask at the same time
	now := func() time.Time {
		return time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC).Add(time.Duration(ticks.Add(1)) * time.Second)
	}
	return &bundle{t, registry.New(s, scene.NewIDMaker(now, rand.Reader), now), s}
}

func (b *bundle) imports(o registry.ImportOptions, rows ...scene.Row) registry.Report {
	b.Helper()
	if o.State == "" {
		o.State = scene.Published
	}
	report, err := b.Import(b.Context(), rows, o)
	if err != nil {
		b.Fatal(err)
	}
	return report
}

func (b *bundle) needs() []scene.Opportunity {
	b.Helper()
	rows, err := b.Opportunities(b.Context(), store.ListingFilter{}, store.Page{Limit: 1000})
	if err != nil {
		b.Fatal(err)
	}
	return rows.Items
}

func (b *bundle) orgs() []scene.Organisation {
	b.Helper()
	rows, err := b.Organisations(b.Context(), store.Page{Limit: 1000})
	if err != nil {
		b.Fatal(err)
	}
	return rows.Items
}

func (b *bundle) pending() []scene.Event {
	b.Helper()
	events, err := b.store.Outbox().Pending(b.Context(), 100)
	if err != nil {
		b.Fatal(err)
	}
	return events
}

func (b *bundle) wantTally(got registry.Report, want scene.Tally) {
	b.Helper()
	if diff := cmp.Diff(want, got.Job.Count); diff != "" {
		b.Errorf("tally (-want +got):\n%s\nproblems: %v", diff, got.Problems)
	}
}

func need(line int, name, org string, change ...func(*scene.Opportunity)) scene.Row {
	o := scene.Opportunity{Need: "需要" + name}
	o.Name, o.OrgName = name, org
	for _, f := range change {
		f(&o)
	}
	return scene.Row{File: "a.xlsx", Sheet: "机会", Line: line, Label: fmt.Sprint(line), Opportunity: &o, Org: scene.Organisation{Name: org}}
}

func code(c string) func(*scene.Opportunity) { return func(o *scene.Opportunity) { o.Code = c } }

func needText(s string) func(*scene.Opportunity) { return func(o *scene.Opportunity) { o.Need = s } }

func budget(m scene.Money) func(*scene.Opportunity) {
	return func(o *scene.Opportunity) { o.Budget.Max = m }
}

func offer(line int, name, org string) scene.Row {
	c := scene.Capability{Description: name + "的说明"}
	c.Name, c.OrgName = name, org
	return scene.Row{File: "a.xlsx", Sheet: "能力", Line: line, Label: fmt.Sprint(line), Capability: &c, Org: scene.Organisation{Name: org}}
}

func TestImportTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	rows := []scene.Row{need(3, "河道巡检", "水务集团"), need(4, "泵站监测", "水务集团"), offer(3, "巡检无人机", "某科技公司")}
	b.wantTally(b.imports(registry.ImportOptions{}, rows...), scene.Tally{Read: 3, Created: 3})
	events := len(b.pending())
	if events != 3 { // one for organisations, one for each kind of listing
		t.Errorf("%d events, want 3", events)
	}
	before := b.needs()
	b.wantTally(b.imports(registry.ImportOptions{}, rows...), scene.Tally{Read: 3, Unchanged: 3})
	if diff := cmp.Diff(before, b.needs()); diff != "" {
		t.Errorf("rows changed:\n%s", diff)
	}
	if got := len(b.pending()); got != events {
		t.Errorf("%d events after the second import, want %d", got, events)
	}
	if got := len(b.orgs()); got != 2 {
		t.Errorf("%d organisations, want 2", got)
	}
}

func TestImportRevises(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.imports(registry.ImportOptions{}, need(3, "河道巡检", "水务集团", budget(80*scene.Wan)))
	// A later list has another text and no column of budgets.
	b.wantTally(b.imports(registry.ImportOptions{}, need(3, "河道巡检", "水务集团", needText("改过的需求"))),
		scene.Tally{Read: 1, Changed: 1})
	got := b.needs()[0]
	if got.Need != "改过的需求" || got.Budget.Max != 80*scene.Wan || got.Revision != 2 {
		t.Errorf("got %q, budget %s, revision %d", got.Need, got.Budget.Max.Wan(), got.Revision)
	}
}

func TestImportIdentity(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		first, second scene.Row
		source        string
		want          scene.Tally
		rows          int
	}{
		"CodeSurvivesARename": {
			need(3, "河道巡检", "水务集团", code("A-1")), need(3, "河湖巡检", "水务集团", code("A-1")), "经开区",
			scene.Tally{Read: 1, Changed: 1},
			1,
		},
		"CodeComesLater": {
			need(3, "河道巡检", "水务集团"), need(3, "河道巡检", "水务集团", code("A-1")), "",
			scene.Tally{Read: 1, Changed: 1},
			1,
		},
		"SpellingOfBrackets": {
			need(3, "河道巡检（一期）", "水务集团"), need(9, "河道巡检(一期)", "水务集团"), "",
			scene.Tally{Read: 1, Changed: 1},
			1,
		},
		"SameNameOtherOwner": {
			need(3, "河道巡检", "水务集团"), need(3, "河道巡检", "水利局"), "",
			scene.Tally{Read: 1, Created: 1},
			2,
		},
		"CodeOfAnotherList": {
			need(3, "河道巡检", "水务集团", code("1")), need(3, "养老看护", "民政局", code("1")), "",
			scene.Tally{Read: 1, Rejected: 1},
			1,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.imports(registry.ImportOptions{Source: tt.source}, tt.first)
			b.wantTally(b.imports(registry.ImportOptions{Source: tt.source}, tt.second), tt.want)
			if got := len(b.needs()); got != tt.rows {
				t.Errorf("%d rows, want %d", got, tt.rows)
			}
		})
	}
}

func TestImportWithinOneFile(t *testing.T) {
	t.Parallel()
	b := setup(t)
	firm := offer(5, "巡检无人机", "某科技公司")
	firm.Org.Qualifications = []scene.Qualification{{Code: "little_giant"}}
	again := offer(6, "巡检无人机", "某科技公司")
	again.Org.CreditCode = "91350100M000100Y43"
	again.Capability.Indicators = "续航 60 分钟"
	report := b.imports(registry.ImportOptions{},
		need(3, "甲", "水务集团", code("7")), need(4, "乙", "民政局", code("7")), need(5, "", "民政局"), firm, again)
	b.wantTally(report, scene.Tally{Read: 5, Created: 3, Merged: 1, Rejected: 1})
	keys := map[string]int{}
	for _, p := range report.Problems {
		keys[p.Key]++
	}
	if want := map[string]int{"import.code_repeated": 2, "field.required": 1}; !cmp.Equal(want, keys) {
		t.Errorf("problems %v, want %v", keys, want)
	}
	rows, err := b.Capabilities(t.Context(), store.ListingFilter{}, store.Page{})
	if err != nil {
		t.Fatal(err)
	}
	if got := rows.Items[0].Indicators; got != "续航 60 分钟" {
		t.Errorf("indicators of the second row were lost: %q", got)
	}
	for _, o := range b.orgs() {
		if o.Name == "某科技公司" && (len(o.Qualifications) != 1 || o.CreditCode == "") {
			t.Errorf("facts of the firm were not joined: %+v", o)
		}
	}
}

func TestImportDryRunWritesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	report := b.imports(registry.ImportOptions{DryRun: true}, need(3, "河道巡检", "水务集团"))
	b.wantTally(report, scene.Tally{Read: 1, Created: 1})
	jobs, err := b.Imports(t.Context(), store.Page{})
	if err != nil {
		t.Fatal(err)
	}
	if len(b.needs())+len(b.orgs())+len(b.pending())+len(jobs.Items) != 0 {
		t.Error("a dry run left something behind")
	}
}

func TestImportListsMissingRows(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o := registry.ImportOptions{Source: "经开区"}
	b.imports(o, need(3, "甲", "水务集团"), need(4, "乙", "水务集团"))
	report := b.imports(o, need(3, "甲", "水务集团"))
	if len(report.Missing) != 1 || report.Missing[0].Name != "乙" {
		t.Errorf("missing %v, want 乙", report.Missing)
	}
	if got := len(b.needs()); got != 2 {
		t.Errorf("%d rows, want 2: a missing row is left alone", got)
	}
}

func TestImportKeepsAMaskedContact(t *testing.T) {
	t.Parallel()
	b := setup(t)
	contact := scene.Contact{Person: "王工", Phone: "0510-55550001"}
	b.imports(registry.ImportOptions{}, need(3, "甲", "水务集团", func(o *scene.Opportunity) { o.Contact = contact }))
	masked := need(3, "甲", "水务集团", func(o *scene.Opportunity) { o.Contact = contact.Masked() })
	b.wantTally(b.imports(registry.ImportOptions{}, masked), scene.Tally{Read: 1, Unchanged: 1})
	if got := b.needs()[0].Contact; got != contact {
		t.Errorf("contact became %+v", got)
	}
}

func TestImportComparesAsStored(t *testing.T) {
	t.Parallel()
	b := setup(t)
	row := func() scene.Row {
		r := offer(3, "巡检无人机", "某科技公司")
		r.Capability.Source = "经开区" // a column of the file
		r.Capability.Code = "C-1"
		r.Capability.ValidTo = time.Date(2027, 1, 1, 0, 0, 0, 123, time.FixedZone("CST", 8*60*60))
		r.Capability.Qualifications = []scene.Qualification{{Code: "iso9001"}, {Code: "iso9001"}}
		return r
	}
	b.wantTally(b.imports(registry.ImportOptions{}, row()), scene.Tally{Read: 1, Created: 1})
	b.wantTally(b.imports(registry.ImportOptions{}, row()), scene.Tally{Read: 1, Unchanged: 1})
	b.wantTally(b.imports(registry.ImportOptions{Source: "经开区"}, row()), scene.Tally{Read: 1, Unchanged: 1})
}

func TestImportRejectsState(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, err := b.Import(t.Context(), nil, registry.ImportOptions{State: scene.Landed})
	if scene.CodeOf(err) != scene.Invalid {
		t.Errorf("got %v, want Invalid", err)
	}
}

func TestImportInChunks(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var rows []scene.Row
	for i := range 1201 {
		rows = append(rows, need(i+3, fmt.Sprintf("需求%d", i), "水务集团"))
	}
	var steps int
	report, err := b.Import(t.Context(), rows, registry.ImportOptions{
		State: scene.Published, Progress: func(int, int) { steps++ },
	})
	if err != nil {
		t.Fatal(err)
	}
	b.wantTally(report, scene.Tally{Read: 1201, Created: 1201})
	if steps != 4 { // organisations, then 500 + 500 + 201
		t.Errorf("%d steps, want 4", steps)
	}
	for _, e := range b.pending() {
		if len(e.IDs) > 500 {
			t.Errorf("an event carries %d ids", len(e.IDs))
		}
	}
}

func TestImportCutOff(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var rows []scene.Row
	for i := range 700 {
		rows = append(rows, need(i+3, fmt.Sprintf("需求%d", i), "水务集团"))
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, err := b.Import(ctx, rows, registry.ImportOptions{State: scene.Published, Progress: func(done, _ int) {
		if done > 500 {
			cancel()
		}
	}})
	if err == nil {
		t.Fatal("a cancelled import reported success")
	}
	jobs, err := b.Imports(t.Context(), store.Page{})
	if err != nil {
		t.Fatal(err)
	}
	if got := jobs.Items[0].Status; got != scene.JobFailed {
		t.Errorf("job is %q, want %q", got, scene.JobFailed)
	}
	b.wantTally(b.imports(registry.ImportOptions{}, rows...), scene.Tally{Read: 700, Created: 200, Unchanged: 500})
}
