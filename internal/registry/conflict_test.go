package registry_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

const (
	codeOne = scene.CreditCode("91350100M000100Y43")
	codeTwo = scene.CreditCode("91440300X1000000XX") // only compared here, never parsed
)

// credit gives the row's organisation a code.
func credit(row scene.Row, code scene.CreditCode) scene.Row {
	row.Org.CreditCode = code
	return row
}

// ownerOf returns the name of the organisation that a need belongs to.
func (b *bundle) ownerOf(name string) string {
	b.Helper()
	for _, o := range b.needs() {
		if o.Name == name {
			org, err := b.Organisation(b.Context(), o.OrgID)
			if err != nil {
				b.Fatal(err)
			}
			return org.Name
		}
	}
	b.Fatalf("no need %s", name)
	return ""
}

func (b *bundle) org(name string) scene.Organisation {
	b.Helper()
	for _, o := range b.orgs() {
		if o.Name == name {
			return o
		}
	}
	b.Fatalf("no organisation %s", name)
	return scene.Organisation{}
}

func (b *bundle) wantKeys(r registry.Report, want map[string]int) {
	b.Helper()
	got := map[string]int{}
	for _, p := range r.Problems {
		got[p.Key]++
	}
	if diff := cmp.Diff(want, got); diff != "" {
		b.Errorf("problems (-want +got):\n%s", diff)
	}
}

// A code dragged down a column gives two firms one code; the store knows one of them.
func TestImportWithACodeDraggedDown(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.imports(registry.ImportOptions{}, need(3, "旧需求", "乙公司"))
	report := b.imports(registry.ImportOptions{},
		credit(need(3, "甲的需求", "甲公司"), codeOne), credit(need(4, "乙的需求", "乙公司"), codeOne), need(5, "丙的需求", "丙公司"))
	b.wantTally(report, scene.Tally{Read: 3, Created: 3})
	b.wantKeys(report, map[string]int{"import.organisation_conflict": 1})
	if got := b.ownerOf("甲的需求"); got != "甲公司" {
		t.Errorf("甲's need belongs to %s", got)
	}
	if got := b.ownerOf("乙的需求"); got != "乙公司" {
		t.Errorf("乙's need belongs to %s", got)
	}
	if got := b.org("甲公司").Aliases; len(got) != 0 {
		t.Errorf("aliases %v: 乙公司 is another firm", got)
	}
}

// The code says one firm, the name another: the code counts, nothing is renamed.
func TestImportWithTheNameOfAnother(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.imports(registry.ImportOptions{}, credit(need(3, "一", "甲"), codeOne), need(4, "二", "甲科技"))
	report := b.imports(registry.ImportOptions{}, credit(need(3, "三", "甲科技"), codeOne), need(4, "四", "民政局"))
	b.wantTally(report, scene.Tally{Read: 2, Created: 2})
	b.wantKeys(report, map[string]int{"import.organisation_conflict": 1})
	if got := b.ownerOf("三"); got != "甲" {
		t.Errorf("the need belongs to %s, want the holder of the code", got)
	}
	// A list without owners does not move it to the firm it is spelled like.
	guessed := need(3, "三", "水利局")
	guessed.OwnerGuessed = true
	b.wantTally(b.imports(registry.ImportOptions{}, guessed), scene.Tally{Read: 1, Unchanged: 1})
	if got := b.ownerOf("三"); got != "甲" {
		t.Errorf("the need moved to %s", got)
	}
}

func TestTwoCodesAreTwoOrganisations(t *testing.T) {
	t.Parallel()
	first := credit(need(3, "一", "同名公司"), codeOne)
	first.Org.Profile = "第一家"
	second := credit(need(4, "二", "同名公司"), codeTwo)
	second.Org.Address, second.Org.Aliases = "别处", []string{"别名"}
	for name, files := range map[string][][]scene.Row{
		"InTheStore": {{first}, {second}},
		"InOneFile":  {{first, second}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			var last registry.Report
			for _, rows := range files {
				last = b.imports(registry.ImportOptions{}, rows...)
			}
			b.wantKeys(last, map[string]int{"import.credit_code_differs": 1})
			org := b.org("同名公司")
			if org.CreditCode != codeOne || org.Address != "" || len(org.Aliases) != 0 || org.Revision != 1 {
				t.Errorf("facts of another firm were joined: %+v", org)
			}
			if got := len(b.needs()); got != 2 {
				t.Errorf("%d rows, want 2", got)
			}
		})
	}
}

func TestImportWithoutCode(t *testing.T) {
	t.Parallel()
	spelled := credit(need(3, "河道巡检", "水务集团（总部）有限责任公司"), codeOne)
	guessed := need(3, "河道巡检", "水利局")
	guessed.OwnerGuessed, guessed.Opportunity.Department = true, "水利局"
	tests := map[string]struct {
		stored []scene.Row
		told   []scene.Row
		want   scene.Tally
	}{
		"FindsTheCoded": {
			[]scene.Row{need(3, "河道巡检", "水务集团", code("A-1"))},
			[]scene.Row{need(3, "河道巡检", "水务集团")},
			scene.Tally{Read: 1, Unchanged: 1},
		},
		"OwnerByItsCreditCode": {
			[]scene.Row{credit(need(3, "河道巡检", "水务集团", code("A-1")), codeOne)},
			[]scene.Row{spelled},
			scene.Tally{Read: 1, Unchanged: 1},
		},
		"OwnerOnlyGuessed": {
			[]scene.Row{need(3, "河道巡检", "水务集团", code("A-1"), func(o *scene.Opportunity) { o.Department = "水利局" })},
			[]scene.Row{guessed},
			scene.Tally{Read: 1, Unchanged: 1},
		},
		"SeveralOwners": {
			[]scene.Row{need(3, "河道巡检", "水务集团", code("A-1")), need(4, "河道巡检", "民政局", code("A-2"))},
			[]scene.Row{guessed},
			scene.Tally{Read: 1, Rejected: 1},
		},
		"SeveralCodes": {
			[]scene.Row{need(3, "河道巡检", "水务集团", code("A-1")), need(4, "河道巡检", "水务集团", code("A-2"))},
			[]scene.Row{need(3, "河道巡检", "水务集团")},
			scene.Tally{Read: 1, Rejected: 1},
		},
		"SameCodeOfNoList": {
			[]scene.Row{need(3, "河道巡检", "水务集团", code("A-1"), func(o *scene.Opportunity) { o.Source = "经开区" })},
			[]scene.Row{need(3, "河道巡检", "水务集团", code("A-1"))},
			scene.Tally{Read: 1, Unchanged: 1},
		},
		"BothInOneFile": {
			nil,
			[]scene.Row{need(3, "河道巡检", "水务集团"), need(4, "河道巡检", "水务集团", code("A-1")), need(5, "河道巡检", "水务集团")},
			scene.Tally{Read: 3, Created: 1, Merged: 2},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.imports(registry.ImportOptions{}, tt.stored...)
			before := len(b.needs())
			report := b.imports(registry.ImportOptions{}, tt.told...)
			b.wantTally(report, tt.want)
			if got := len(b.needs()) - before; got != tt.want.Created {
				t.Errorf("%d new rows, want %d", got, tt.want.Created)
			}
			if tt.want.Rejected > 0 {
				b.wantKeys(report, map[string]int{"import.name_several": 1})
			}
		})
	}
}

func TestImportFillsPartsOfAField(t *testing.T) {
	t.Parallel()
	contact := func(c scene.Contact) func(*scene.Opportunity) { return func(o *scene.Opportunity) { o.Contact = c } }
	zhang := scene.Contact{Person: "张三", Phone: "13855501234"}
	tests := map[string]struct{ stored, told, want scene.Contact }{
		"NewPhone":     {zhang, scene.Contact{Phone: "0510-55501234"}, scene.Contact{Person: "张三", Phone: "0510-55501234"}},
		"MaskedPerson": {zhang, scene.Contact{Person: "张**", Phone: "0510-55501234"}, scene.Contact{Person: "张三", Phone: "0510-55501234"}},
		"AllMasked":    {zhang, zhang.Masked(), zhang},
		"MaskedAtOnce": {scene.Contact{}, scene.Contact{Person: "张**", Mail: "a@example.com"}, scene.Contact{Mail: "a@example.com"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.imports(registry.ImportOptions{}, need(3, "甲", "水务集团", contact(tt.stored), func(o *scene.Opportunity) {
				o.Require.Regions, o.Require.MLPS = []string{"320214"}, 3
			}))
			b.imports(registry.ImportOptions{}, need(3, "甲", "水务集团", contact(tt.told), func(o *scene.Opportunity) {
				o.Require.MLPS = 2
			}))
			got := b.needs()[0]
			if got.Contact != tt.want {
				t.Errorf("contact %+v, want %+v", got.Contact, tt.want)
			}
			if len(got.Require.Regions) != 1 || got.Require.MLPS != 2 {
				t.Errorf("eligibility %+v: a blank cell emptied a field", got.Require)
			}
		})
	}
}

func TestRejectedRowsAreNotMissing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o := registry.ImportOptions{Source: "经开区"}
	b.imports(o, need(3, "甲", "水务集团", code("A-1")), need(4, "乙", "水务集团"), need(5, "丙", "水务集团"), need(6, "丁", "水务集团"))
	tooLong := need(4, "乙", "水务集团", func(o *scene.Opportunity) { o.Budget.Min = -1 })
	entry := need(5, "丙", "")
	o.Problems = []scene.Problem{{Sheet: "机会", Row: 5, Key: "transfer.org_missing", Rejected: true, Entry: &entry}}
	report := b.imports(o, need(3, "别的", "民政局", code("A-1")), tooLong)
	b.wantTally(report, scene.Tally{Read: 3, Rejected: 3})
	if len(report.Missing) != 1 || report.Missing[0].Name != "丁" {
		t.Errorf("missing %+v, want 丁 alone", report.Missing)
	}
}

// Whatever a file holds, every row of it is counted once.
func TestTallyAddsUp(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			g := rand.New(rand.NewPCG(seed, 5))
			for range 3 {
				var rows []scene.Row
				for i := range 30 {
					row := need(i+3, fmt.Sprint("名", g.IntN(6)), fmt.Sprint("单位", g.IntN(3)), code([]string{"", "", "A", "B", "C"}[g.IntN(5)]),
						budget(scene.Money(g.IntN(20)-2)))
					row.Org.CreditCode = []scene.CreditCode{"", "", codeOne, codeTwo}[g.IntN(4)]
					row.OwnerGuessed = g.IntN(5) == 0
					rows = append(rows, row)
				}
				problems := []scene.Problem{{Row: 99, Key: "transfer.name_missing", Rejected: true}, {Row: 99, Key: "money.order", Rejected: true}, {Row: 7, Key: "transfer.money"}}
				c := b.imports(registry.ImportOptions{Problems: problems}, rows...).Job.Count
				if sum := c.Created + c.Changed + c.Unchanged + c.Merged + c.Rejected; c.Read != 31 || sum != c.Read {
					t.Errorf("%+v: %d of %d rows counted", c, sum, c.Read)
				}
			}
			if _, err := b.Opportunities(t.Context(), store.ListingFilter{}, store.Page{}); err != nil {
				t.Error(err)
			}
		})
	}
}
