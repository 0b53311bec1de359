package transfer

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jinghe/internal/scene"
)

// generator draws rows that fill any of the fields.
type generator struct {
	*rand.Rand
	d *scene.Dictionaries
}

func (g *generator) some() bool { return g.IntN(3) > 0 }

func (g *generator) pick(words ...string) string { return words[g.IntN(len(words))] }

// word draws a text without marks that split a cell.
func (g *generator) word() string {
	return g.pick("泵站巡检", "5G/6G 通信", "AI质检", "低空物流（试点）", "α粒子", "C++", "数字孪生", "=SUM", "-40℃", "a_x000D_b", "'引号") + fmt.Sprint(g.IntN(1000))
}

// text draws a text of several lines.
func (g *generator) text() string {
	if !g.some() {
		return ""
	}
	n := 1 + g.IntN(4)
	parts := make([]string, n)
	for i := range parts {
		parts[i] = g.word() + g.pick("，需要", "；要求 ≥95%。", ":\"引\"、", " | ", "\t二") + g.word()
	}
	return clean(strings.Join(parts, "\n"))
}

func (g *generator) line() string { return oneLine(g.text()) }

func (g *generator) words() []string {
	var out []string
	for range g.IntN(4) {
		out = append(out, strings.TrimSpace(g.word()))
	}
	return unique(out)
}

func (g *generator) codes(dict string) []string {
	d, _ := g.d.Get(dict)
	var out []string
	for range g.IntN(4) {
		out = append(out, d.Terms[g.IntN(len(d.Terms))].Code)
	}
	return unique(out)
}

func (g *generator) money() scene.MoneyRange {
	a := scene.Money(1 + g.Int64N(int64(3*scene.Yi)))
	b := scene.Money(1 + g.Int64N(int64(3*scene.Yi)))
	r := scene.MoneyRange{Negotiable: g.IntN(3) == 0}
	switch g.IntN(5) {
	case 0:
		r.Min, r.Max = min(a, b), max(a, b)
	case 1:
		r.Min, r.Max = a, a
	case 2:
		r.Max = a
	case 3:
		r.Min = a
	}
	return r
}

func (g *generator) monthRange() scene.Months {
	a, b := float64(1+g.IntN(48))/2, float64(g.IntN(48))/4
	switch g.IntN(4) {
	case 0:
		return scene.Months{Min: a, Max: a + b}
	case 1:
		return scene.Months{Max: a}
	case 2:
		return scene.Months{Min: a}
	}
	return scene.Months{}
}

func (g *generator) maturity() scene.Maturity {
	if !g.some() {
		return scene.Maturity{}
	}
	lo := 1 + g.IntN(9)
	return scene.Maturity{Min: lo, Max: lo + g.IntN(10-lo)}
}

func (g *generator) truth() scene.Truth { return scene.Truth(g.IntN(3) - 1) }

func (g *generator) when(clock time.Duration) time.Time {
	if !g.some() {
		return time.Time{}
	}
	day := time.Date(2020+g.IntN(15), time.Month(1+g.IntN(12)), 1+g.IntN(28), 0, 0, 0, 0, scene.China())
	if g.IntN(4) == 0 {
		return day.Add(time.Duration(g.Int64N(int64(24*time.Hour))) / 1000 * 1000)
	}
	return day.Add(clock)
}

func (g *generator) titles() []scene.Qualification {
	var out []scene.Qualification
	for _, code := range g.codes(scene.DictQualification) {
		out = append(out, scene.Qualification{
			Code: code, Level: g.pick("", "national", "provincial", "municipal"), Text: g.pick("", g.d.Label(scene.DictQualification, code, "zh"), "自填 | 名称（2024）"),
			Until: g.when(24*time.Hour - time.Second),
		})
	}
	return out
}

func (g *generator) contact() scene.Contact {
	if g.IntN(4) == 0 {
		return scene.Contact{Raw: g.pick("张三、李四 139", "前台转 3 楼", "原文：x", "办公室 0510-55501234")}
	}
	return scene.Contact{
		Person: g.pick("", "张三", "欧阳小明", "Ann Lee", "王主任", "科技处 李四"),
		Phone:  g.pick("", "13855501234", "0510-55501234", "+86 138 5550 1234", "055501", "400-555-0123"),
		Mail:   g.pick("", "a@example.com", "b_c+d@mail.example.com"),
	}
}

func (g *generator) row(i int) scene.Row {
	var r scene.Row
	var l *scene.Listing
	if g.IntN(2) == 0 {
		r.Opportunity = g.opportunity()
	} else {
		r.Capability = g.capability()
	}
	l = r.Listing()
	l.Name, l.Code, l.RowLabel = fmt.Sprintf("%s %d", g.pick("路口优化", "=名称", "Pump check"), i), fmt.Sprintf("%012d", i), g.pick("", fmt.Sprint(i))
	l.NameEn, l.Summary, l.Batch, l.Source = g.line(), g.text(), g.pick("", "第3批"), g.pick("", "无锡2026")
	l.OrgName = fmt.Sprintf("虚构%d有限公司", i)
	l.Fields, l.Industries, l.Modes, l.Regions = g.codes(scene.DictField), g.codes(scene.DictIndustry), g.codes(scene.DictMode), g.codes(scene.DictRegion)
	l.Category, l.Keywords, l.Maturity, l.Contact = g.line(), g.words(), g.maturity(), g.contact()
	l.ValidFrom, l.ValidTo = g.when(0), g.when(24*time.Hour-time.Second)
	if !l.ValidTo.IsZero() && l.ValidTo.Before(l.ValidFrom) {
		l.ValidFrom = time.Time{}
	}
	if g.IntN(3) == 0 {
		l.Extra = map[string]string{g.pick("备用列", "技术指标", "场景名称", "导入说明"): g.word()}
	}
	if nothing(l.Category) {
		l.Category = ""
	}
	r.Org = g.organisation(l.OrgName, i)
	return r
}

func (g *generator) organisation(name string, i int) scene.Organisation {
	o := scene.Organisation{
		Name: name, NameEn: g.line(), Aliases: g.words(), Address: g.line(), Profile: g.text(),
		Kind:       scene.OwnerKind(g.pick("", "government", "soe", "private", "public_space", "institute")),
		Industries: g.codes(scene.DictIndustry), Qualifications: g.titles(),
	}
	if g.some() {
		body := fmt.Sprintf("91320214%09d", i)
		o.CreditCode = scene.CreditCode(body + string(scene.CreditCheck(body)))
		o.Founded, o.Region = 1990+g.IntN(30), "320214"
	}
	return o
}

func (g *generator) opportunity() *scene.Opportunity {
	return &scene.Opportunity{
		Department: g.line(), OwnerKind: scene.OwnerKind(g.pick("", "government", "soe")),
		Situation: g.text(), Need: g.text(), Targets: g.text(), Resources: g.text(), Works: g.text(), SiteText: g.text(), NeedType: g.line(),
		Reference: joinReference(g.text(), g.text()), TechText: g.text(), Budget: g.money(), Schedule: g.monthRange(), Procurement: g.line(),
		FirstUse: g.truth(), Require: scene.Eligibility{
			Qualifications: g.codes(scene.DictQualification), Regions: g.codes(scene.DictRegion), MinMaturity: g.IntN(10),
			Domestic: g.some(), MLPS: g.IntN(4), Consortium: g.truth(),
		},
	}
}

func (g *generator) capability() *scene.Capability {
	c := &scene.Capability{
		Description: g.text(), Product: g.text(), ProductForm: g.line(), TechText: g.text(), ScenarioText: g.text(), Indicators: g.text(), Level: g.line(),
		Conditions: g.text(), IP: g.text(), Qualifications: g.titles(), Price: g.money(), Delivery: g.monthRange(), FirstOfKind: g.pick("", "首版次"),
		Domestic: g.truth(), MLPS: g.IntN(4),
		Wants: scene.Terms{Regions: g.codes(scene.DictRegion), Modes: g.codes(scene.DictMode), MinBudget: scene.Money(g.IntN(3)) * 125 * scene.Wan},
	}
	for range g.IntN(3) {
		c.Cases = append(c.Cases, scene.Case{Customer: g.pick("", "市水务集团", "甲|乙\\n"), Year: g.IntN(2) * 2024, Result: clean(g.line())})
	}
	return c
}

// Whatever a row holds, our own layout gives it back, in both formats.
func TestJingheCarriesEverything(t *testing.T) {
	t.Parallel()
	for seed := range uint64(8) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			g := &generator{Rand: rand.New(rand.NewPCG(seed, 1)), d: dictionaries(t)}
			byKind := map[scene.Kind][]scene.Row{}
			for i := range 40 {
				r := g.row(i)
				byKind[r.Kind()] = append(byKind[r.Kind()], r)
			}
			both := append(byKind[demand], byKind[supply]...)
			o := WriteOptions{FullContacts: true}
			got := mustRead(t, "a.xlsx", mustWrite(t, XLSX, Jinghe, both, o))
			compare(t, both, got)
			for _, kind := range []scene.Kind{demand, supply} {
				got := mustRead(t, "a.csv", mustWrite(t, CSV, Jinghe, byKind[kind], o))
				compare(t, byKind[kind], got)
			}
		})
	}
}

func compare(t *testing.T, want []scene.Row, doc Document) {
	t.Helper()
	if len(doc.Rows) != len(want) {
		t.Fatalf("%d rows, want %d%s", len(doc.Rows), len(want), told(doc))
	}
	for i := range want {
		if d := cmp.Diff(want[i], doc.Rows[i], content()); d != "" {
			t.Fatalf("row %d (-want +got):\n%s%s", i, d, told(doc))
		}
	}
	for _, p := range doc.Problems {
		if p.Rejected {
			t.Errorf("rejected: %v", p)
		}
	}
}

// A list read in a layout of others, written and read again, is the same.
func TestLayoutsImportBackUnchanged(t *testing.T) {
	t.Parallel()
	for _, layout := range Layouts() {
		for seed := range uint64(2) {
			t.Run(fmt.Sprintf("%s/%d", layout, seed), func(t *testing.T) {
				t.Parallel()
				g := &generator{Rand: rand.New(rand.NewPCG(seed, 2)), d: dictionaries(t)}
				var rows []scene.Row
				for i := range 30 {
					r := g.row(i)
					if _, ok := printedFor(layout, r.Kind(), newCatalogue(r.Kind())); ok {
						rows = append(rows, r)
					}
				}
				o := WriteOptions{FullContacts: true}
				first := mustRead(t, "a.xlsx", mustWrite(t, XLSX, layout, rows, o))
				if len(first.Rows) != len(rows) {
					t.Fatalf("%d rows read of %d%s", len(first.Rows), len(rows), told(first))
				}
				for _, s := range first.Sheets {
					if s.Layout != layout {
						t.Errorf("sheet %s read as layout %q", s.Name, s.Layout)
					}
				}
				compare(t, first.Rows, mustRead(t, "a.xlsx", mustWrite(t, XLSX, layout, first.Rows, o)))
			})
		}
	}
}
