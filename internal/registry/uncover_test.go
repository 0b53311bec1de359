package registry_test

import (
	"strings"
	"testing"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/transfer"
)

// A cell in which a telephone number was covered may be edited around it: the
// number stays. Where nobody can tell which number was meant, the row is
// refused and nothing is lost.
func TestEditedCoveredCellKeepsTheNumber(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d, err := scene.LoadDictionaries()
	if err != nil {
		t.Fatal(err)
	}
	const number = "13855501234"
	b.imports(registry.ImportOptions{}, need(3, "泵站巡检", "水务集团", needText("泵站 3 座，请致电 "+number+" 了解"), func(o *scene.Opportunity) {
		o.Extra = map[string]string{"备注": "夜间拨打 " + number}
		o.Keywords = []string{"泵站"}
		o.Contact = scene.Contact{Person: "张三", Phone: number}
	}))
	edit := func(old, next string) registry.Report {
		t.Helper()
		doc := b.export(transfer.Jinghe, b.kept(scene.KindOpportunity), d, false)
		o := doc.Rows[0].Opportunity
		if !strings.Contains(o.Need, old) {
			t.Fatalf("%q lacks %q", o.Need, old)
		}
		o.Need = strings.Replace(o.Need, old, next, 1)
		o.Extra["备注"] = strings.Replace(o.Extra["备注"], "夜间", "周末", 1)
		return b.imports(registry.ImportOptions{}, doc.Rows...)
	}
	b.wantTally(edit("3 座", "5 座"), scene.Tally{Read: 1, Changed: 1})
	o := b.needs()[0]
	if o.Need != "泵站 5 座，请致电 "+number+" 了解" || o.Extra["备注"] != "周末拨打 "+number || o.Contact.Phone != number {
		t.Errorf("%q %q %+v", o.Need, o.Extra, o.Contact)
	}
	report := edit("***********", "***")
	b.wantTally(report, scene.Tally{Read: 1, Rejected: 1})
	if p := report.Problems; len(p) != 1 || p[0].Key != "import.covered" || !strings.Contains(p[0].Args["text"].(string), "请致电 ***") {
		t.Errorf("%+v", p)
	}
	if got := b.needs()[0].Need; got != o.Need {
		t.Errorf("a refused row changed it to %q", got)
	}
	b.wantTally(edit("，请致电 *********** 了解", ""), scene.Tally{Read: 1, Changed: 1})
	if got := b.needs()[0].Need; got != "泵站 5 座" {
		t.Errorf("a passage taken out leaves %q", got)
	}
}

// What is told of an organisation is merged likewise; where it cannot be, the
// organisation stays as it is and the listing goes in.
func TestEditedCoveredProfile(t *testing.T) {
	t.Parallel()
	b := setup(t)
	const profile = "做泵站二十年，电话：13855501234"
	row := need(3, "泵站巡检", "水务集团")
	row.Org.Profile = profile
	b.imports(registry.ImportOptions{}, row)
	row.Org.Profile = strings.Replace(scene.Redact(profile), "二十年", "三十年", 1)
	b.imports(registry.ImportOptions{}, row)
	if got := b.orgs()[0].Profile; got != "做泵站三十年，电话：13855501234" {
		t.Errorf("%q", got)
	}
	row.Org.Profile = "电话：****"
	report := b.imports(registry.ImportOptions{}, row)
	if got := b.orgs()[0].Profile; got != "做泵站三十年，电话：13855501234" || len(report.Problems) != 1 || report.Problems[0].Rejected {
		t.Errorf("%q %+v", got, report.Problems)
	}
}
