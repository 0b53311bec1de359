package transfer

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"jinghe/internal/scene"
)

func TestKeywords(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string][]string{
		"数字孪生 泵站巡检　AI质检":     {"数字孪生", "泵站巡检", "AI质检"},
		"数字孪生、泵站 巡检":         {"数字孪生", "泵站 巡检"},
		"5G 通信":              {"5G 通信"},
		"machine learning":   {"machine learning"},
		"泵站 巡检、":             {"泵站 巡检"},
		"数字孪生\n泵站":           {"数字孪生", "泵站"},
		"machine，learning 二": {"machine", "learning 二"},
	} {
		if d := cmp.Diff(want, keywords(cell)); d != "" {
			t.Errorf("%q (-want +got):\n%s", cell, d)
		}
		row := scene.Row{Opportunity: &scene.Opportunity{}}
		row.Opportunity.Keywords = want
		s := keywordsField()
		if got := keywords(s.get(nil, &row)); !slices.Equal(got, want) {
			t.Errorf("%q is written as %q and read as %q", want, s.get(nil, &row), got)
		}
	}
}

func TestSwappedBoundsAreTold(t *testing.T) {
	t.Parallel()
	b := newBook(t, "需求")
	b.row("需求名称", "单位名称", "需求详情", "预算金额").
		row("甲", "某局", "一", "100-50万").row("乙", "某局", "二", "50-100万").row("丙", "某局", "三", "80-80万")
	doc := mustRead(t, "a.xlsx", b.bytes())
	wantProblem(t, doc, "transfer.money_swapped", 2, "预算金额")
	if got := problemsWith(doc, "transfer.money_swapped"); len(got) != 1 || got[0].Value != "100-50万" {
		t.Errorf("told %v, want the first row alone", got)
	}
	if got := doc.Rows[0].Opportunity.Budget; got.Min != 50*scene.Wan || got.Max != 100*scene.Wan {
		t.Errorf("budget %+v", got)
	}
}

// An entry without organisation keeps having none, below one that has one.
func TestOwnerlessRowsTakeNoOwner(t *testing.T) {
	t.Parallel()
	rows := []scene.Row{{Opportunity: &scene.Opportunity{}, Org: scene.Organisation{Name: "水务集团"}}, {Opportunity: &scene.Opportunity{}}}
	for i, name := range []string{"甲", "乙"} {
		rows[i].Opportunity.Name, rows[i].Opportunity.Need = name, "需要"+name
		rows[i].Opportunity.Department = "水利局"
	}
	rows[0].Opportunity.OrgName = "水务集团"
	for _, layout := range []Layout{Jinghe, Chongqing, TechMarket, Hebei} {
		doc := mustRead(t, "a.xlsx", mustWrite(t, XLSX, layout, rows, WriteOptions{}))
		if got := doc.Rows[1]; got.Org.Name != "" || got.Opportunity.OrgName != "" {
			t.Errorf("%s: the row without owner belongs to %q", layout, got.Org.Name)
		}
		if got := doc.Rows[0].Org.Name; got != "水务集团" {
			t.Errorf("%s: the first row belongs to %q", layout, got)
		}
	}
}

// What a reader of an export may not see does not stand in it, wherever it stood.
func TestWriteRedactsRunningText(t *testing.T) {
	t.Parallel()
	const leak = "联系 13855501234，0510-55501234，zhang@example.com"
	o := scene.Opportunity{
		Situation: leak, Need: leak, Targets: leak, Resources: leak, Works: leak, SiteText: leak, Reference: leak, TechText: leak, Procurement: leak,
	}
	o.Name, o.OrgName, o.Code, o.Summary = "甲", "水务集团", "13855509999", leak
	o.Extra = map[string]string{"备注": leak}
	org := scene.Organisation{Name: "水务集团", Profile: leak, Address: leak}
	c := scene.Capability{
		Description: leak, Product: leak, ScenarioText: leak, Indicators: leak, Conditions: leak, IP: leak,
		Cases: []scene.Case{{Customer: "某院", Result: leak}},
	}
	c.Name, c.OrgName = "乙", "水务集团"
	rows := []scene.Row{{Opportunity: &o, Org: org}, {Capability: &c, Org: org}}
	for _, layout := range []Layout{Jinghe, Chongqing, Shenzhen, TechMarket} {
		for _, full := range []bool{true, false} {
			doc := mustRead(t, "a.xlsx", mustWrite(t, XLSX, layout, rows, WriteOptions{FullContacts: full}))
			text, err := json.Marshal(doc.Rows)
			if err != nil {
				t.Fatal(err)
			}
			for _, secret := range []string{"13855501234", "55501234", "zhang@"} {
				if got := strings.Contains(string(text), secret); got != full {
					t.Errorf("%s, full %v: %s is shown: %v", layout, full, secret, got)
				}
			}
			if layout == Jinghe && doc.Rows[0].Opportunity.Code != o.Code {
				t.Errorf("the code became %q", doc.Rows[0].Opportunity.Code)
			}
		}
	}
}

// A row read from a file says of the entry it was written from what its echo says.
func TestEchoOfWhatWasWritten(t *testing.T) {
	t.Parallel()
	for _, layout := range Layouts() {
		t.Run(string(layout), func(t *testing.T) {
			t.Parallel()
			g := &generator{Rand: rand.New(rand.NewPCG(11, 3)), d: dictionaries(t)}
			var rows []scene.Row
			for i := range 60 {
				r := g.row(i)
				if _, ok := printedFor(layout, r.Kind(), newCatalogue(r.Kind())); ok && (len(rows) == 0 || r.Kind() == rows[0].Kind()) {
					rows = append(rows, r)
				}
			}
			for i, full := range []bool{true, false} {
				doc := mustRead(t, "a.csv", mustWrite(t, CSV, layout, rows, WriteOptions{FullContacts: full}))
				for n, got := range doc.Rows {
					echo := got.Echo(rows[n])[i]
					got.Listing().OrgName, echo.Listing().OrgName = "", ""
					opt := cmp.Options{content(), cmpopts.IgnoreFields(scene.Row{}, "Org", "OwnerGuessed")}
					if d := cmp.Diff(echo, got, opt); d != "" {
						t.Fatalf("full %v, row %d (-echo +read):\n%s", full, n, d)
					}
				}
			}
		})
	}
}

func TestMergeOrganisations(t *testing.T) {
	t.Parallel()
	const one, two = scene.CreditCode("91350100M000100Y43"), scene.CreditCode("914403001922038216")
	row := func(name string, code scene.CreditCode, profile string) scene.Row {
		return scene.Row{
			Opportunity: &scene.Opportunity{Listing: scene.Listing{OrgName: name}},
			Org:         scene.Organisation{Name: name, CreditCode: code, Profile: profile},
		}
	}
	rows := []scene.Row{
		row("甲公司", "", "简介"), row("甲公司", one, ""), row("甲公司", two, ""), row("甲科技", one, ""), row("丙", "", ""),
	}
	mergeOrganisations(rows)
	for i, want := range []scene.Organisation{
		{Name: "甲公司", CreditCode: one, Profile: "简介", Aliases: []string{"甲科技"}},
		{Name: "甲公司", CreditCode: one, Profile: "简介", Aliases: []string{"甲科技"}},
		{Name: "甲公司", CreditCode: two},
		{Name: "甲科技", CreditCode: one, Profile: "简介", Aliases: []string{"甲公司"}},
		{Name: "丙"},
	} {
		if d := cmp.Diff(want, rows[i].Org, cmpopts.EquateEmpty()); d != "" {
			t.Errorf("row %d (-want +got):\n%s", i, d)
		}
		if got := rows[i].Listing().OrgName; got != want.Name {
			t.Errorf("row %d belongs to %q, want its own spelling %q", i, got, want.Name)
		}
	}
}
