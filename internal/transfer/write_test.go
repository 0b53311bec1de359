package transfer

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"jinghe/internal/locale"
	"jinghe/internal/match"
	"jinghe/internal/samplecity"
	"jinghe/internal/scene"
)

// No export shows a telephone number, a mail address or a full name unless it
// is asked to, in any layout, format or column; and what it shows instead
// comes back as unchanged.
func TestContactsAreMasked(t *testing.T) {
	t.Parallel()
	g := &generator{Rand: rand.New(rand.NewPCG(3, 3)), d: dictionaries(t)}
	for _, layout := range Layouts() {
		for _, format := range []Format{XLSX, CSV} {
			for _, kind := range []scene.Kind{demand, supply} {
				if _, ok := printedFor(layout, kind, newCatalogue(kind)); !ok {
					continue
				}
				r := scene.Row{Opportunity: g.opportunity()}
				if kind == supply {
					r = scene.Row{Capability: g.capability()}
				}
				l := r.Listing()
				l.Name, l.OrgName, l.Extra = "名称", "江畔一厂", map[string]string{"项目负责人电话": "13855509999", "备注": "甲"}
				l.Contact = scene.Contact{Person: "欧阳小明", Phone: "13855501234", Mail: "ouyang@example.com"}
				r.Org.Name = l.OrgName
				data := mustWrite(t, format, layout, []scene.Row{r}, WriteOptions{})
				doc := mustRead(t, "a."+string(format), data)
				for _, cell := range allCells(t, format, data) {
					for _, secret := range []string{"欧阳小明", "13855501234", "ouyang@", "13855509999"} {
						if strings.Contains(cell, secret) {
							t.Errorf("%s %s shows %q", layout, format, cell)
						}
					}
				}
				got := doc.Rows[0]
				if got.Listing().Contact.Known() || got.Listing().Extra["项目负责人电话"] != "" {
					t.Errorf("%s %s %s: %+v %v", layout, format, kind, got.Listing().Contact, got.Listing().Extra)
				}
			}
		}
	}
}

func allCells(t *testing.T, format Format, data []byte) []string {
	t.Helper()
	if format == CSV {
		return []string{string(data)}
	}
	var out []string
	for _, rows := range sheetsOf(t, data) {
		for _, r := range rows {
			out = append(out, r...)
		}
	}
	return out
}

func sheetsOf(t *testing.T, data []byte) map[string][][]string {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	out := map[string][][]string{}
	for _, s := range f.GetSheetList() {
		if out[s], err = f.GetRows(s); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// Codes and telephone numbers are text cells, formatted as text.
func TestCodesAreText(t *testing.T) {
	t.Parallel()
	r := scene.Row{Opportunity: &scene.Opportunity{}, Org: scene.Organisation{Name: "江畔一厂", CreditCode: "91350100M000100Y43"}}
	l := r.Listing()
	l.Name, l.Code, l.OrgName, l.Contact.Phone = "名称", "000123456789012345", "江畔一厂", "13855501234"
	f, err := excelize.OpenReader(bytes.NewReader(mustWrite(t, XLSX, Jinghe, []scene.Row{r}, WriteOptions{FullContacts: true})))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	found := 0
	for i := range 80 {
		at, _ := excelize.CoordinatesToCellName(i+1, 2)
		v, err := f.GetCellValue("场景机会", at)
		if err != nil {
			t.Fatal(err)
		}
		if v != l.Code && v != l.Contact.Phone && v != "91350100M000100Y43" {
			continue
		}
		found++
		if kind, _ := f.GetCellType("场景机会", at); kind != excelize.CellTypeInlineString && kind != excelize.CellTypeSharedString {
			t.Errorf("%s holds %q as type %v", at, v, kind)
		}
		id, _ := f.GetCellStyle("场景机会", at)
		if style, _ := f.GetStyle(id); style.NumFmt != 49 {
			t.Errorf("%s is formatted %d", at, style.NumFmt)
		}
	}
	if found != 3 {
		t.Errorf("%d of 3 cells found", found)
	}
}

func TestTemplates(t *testing.T) {
	t.Parallel()
	for _, layout := range Layouts() {
		for _, heads := range sheetsOf(t, mustWrite(t, XLSX, layout, nil, WriteOptions{})) {
			if len(heads) != 1 || len(heads[0]) < 5 {
				t.Errorf("%s: %v", layout, heads)
			}
		}
	}
}

func TestWriteRefuses(t *testing.T) {
	t.Parallel()
	both := []scene.Row{{Opportunity: &scene.Opportunity{}}, {Capability: &scene.Capability{}}}
	for name, tt := range map[string]struct {
		format Format
		layout Layout
		key    string
	}{
		"CSVBoth": {CSV, Jinghe, "transfer.csv_one_kind"}, "NoSupplyForm": {XLSX, Hebei, "transfer.layout_kind"},
		"NoSuchLayout": {XLSX, "x", "transfer.layout_kind"}, "NoSuchFormat": {"pdf", Jinghe, "transfer.format_unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Write(t.Context(), &bytes.Buffer{}, tt.format, tt.layout, both, WriteOptions{})
			wantKey(t, err, tt.key)
		})
	}
	_, err := Write(t.Context(), &bytes.Buffer{}, XLSX, "x", nil, WriteOptions{})
	wantKey(t, err, "transfer.layout_unknown")
}

// What a layout has no column for is told, and nothing else.
func TestDropped(t *testing.T) {
	t.Parallel()
	r := scene.Row{Opportunity: &scene.Opportunity{Need: "需要", Budget: scene.MoneyRange{Max: scene.Wan}}, Org: scene.Organisation{Name: "甲厂"}}
	r.Opportunity.Name, r.Opportunity.OrgName, r.Opportunity.Fields = "名称", "甲厂", []string{"smart_transport"}
	var buf bytes.Buffer
	got, err := Write(t.Context(), &buf, XLSX, Chongqing, []scene.Row{r}, WriteOptions{Dictionaries: dictionaries(t)})
	if err != nil || !slices.Equal(got.Dropped, []string{"预算（万元）"}) || got.Rows != 1 {
		t.Errorf("%+v %v", got, err)
	}
	got, err = Write(t.Context(), &buf, XLSX, Jinghe, []scene.Row{r}, WriteOptions{Dictionaries: dictionaries(t)})
	if err != nil || len(got.Dropped) != 0 {
		t.Errorf("%+v %v", got, err)
	}
}

// A cell that was kept because it says more than was understood is written as
// it was, but not once somebody changed what it said.
func TestKeptCells(t *testing.T) {
	t.Parallel()
	b := newBook(t, "需求").row("需求名称", "单位名称", "需求详情", "合作方式", "预算金额")
	rows := mustRead(t, "a.xlsx", b.row("一", "甲厂", "x", "联合研发、别的办法", "一期100万元，二期200万元").bytes()).Rows
	o := rows[0].Opportunity
	cell := func(head string) string {
		t.Helper()
		sheet := sheetsOf(t, mustWrite(t, XLSX, TechMarket, rows, WriteOptions{}))["技术需求"]
		at := slices.Index(sheet[0], head)
		if at < 0 || at >= len(sheet[1]) {
			return ""
		}
		return sheet[1][at]
	}
	if got := cell("合作方式"); got != "联合研发、别的办法" {
		t.Errorf("kept cell written as %q", got)
	}
	if got := cell("预算金额"); got != "一期100万元，二期200万元" {
		t.Errorf("kept budget written as %q", got)
	}
	o.Modes, o.Budget = nil, scene.MoneyRange{Max: 80 * scene.Wan}
	if got := cell("合作方式"); got != "" {
		t.Errorf("emptied modes written as %q", got)
	}
	if got := cell("预算金额"); got != "80万元以内" {
		t.Errorf("changed budget written as %q", got)
	}
}

// The whole sample city goes out and comes in unchanged.
func TestSampleCityComesBack(t *testing.T) {
	t.Parallel()
	rows, err := samplecity.Load(time.Date(2026, 3, 1, 0, 0, 0, 0, scene.China()))
	if err != nil {
		t.Fatal(err)
	}
	first := mustRead(t, "a.xlsx", mustWrite(t, XLSX, Jinghe, rows, WriteOptions{FullContacts: true}))
	if len(first.Rows) != len(rows) {
		t.Fatalf("%d of %d rows%s", len(first.Rows), len(rows), told(first))
	}
	again := mustRead(t, "a.xlsx", mustWrite(t, XLSX, Jinghe, first.Rows, WriteOptions{FullContacts: true}))
	compare(t, first.Rows, again)
	names := map[string]bool{}
	for _, r := range rows {
		names[string(r.Kind())+r.Listing().Name] = true
	}
	for _, r := range first.Rows {
		if !names[string(r.Kind())+r.Listing().Name] {
			t.Errorf("name %q is new", r.Listing().Name)
		}
	}
}

// Rejected rows come as a workbook that can be corrected and imported.
func TestWriteProblems(t *testing.T) {
	t.Parallel()
	doc := mustRead(t, "chongqing.xlsx", chongqingBook(t))
	for _, lang := range []locale.Lang{locale.Zh, locale.En} {
		var buf bytes.Buffer
		if err := WriteProblems(t.Context(), &buf, doc, lang); err != nil {
			t.Fatal(err)
		}
		sheets := sheetsOf(t, buf.Bytes())
		rejected := sheets["机会"]
		if len(rejected) != 2 || rejected[1][3] != "江畔某某街道办事处" || !strings.Contains(rejected[1][6], "7") || !strings.Contains(rejected[1][6], "场景机会名称") {
			t.Fatalf("%q", rejected)
		}
		if all := sheets[locale.Text(lang, "transfer.head.problems", nil)]; len(all) != len(doc.Problems)+1 {
			t.Errorf("%d problems listed of %d", len(all)-1, len(doc.Problems))
		}
		f, err := excelize.OpenReader(bytes.NewReader(buf.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		id, _ := f.GetCellStyle("机会", "C2")
		style, _ := f.GetStyle(id)
		if !slices.Equal(style.Fill.Color, []string{"FFC7CE"}) {
			t.Errorf("the bad cell is filled %v", style.Fill.Color)
		}
		if err := f.SetCellValue("机会", "C2", "补上的名称"); err != nil {
			t.Fatal(err)
		}
		var fixed bytes.Buffer
		if err := f.Write(&fixed); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		again := mustRead(t, "fixed.xlsx", fixed.Bytes())
		if len(again.Rows) != 1 || again.Rows[0].Listing().Name != "补上的名称" || len(again.Rows[0].Listing().Extra) != 0 {
			t.Errorf("corrected: %+v%s", again.Rows, told(again))
		}
	}
}

func TestFreeName(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("长", 40)
	first := freeName(nil, long+"/")
	second := freeName([]sheetOut{{name: first}}, long)
	if len([]rune(first)) != 31 || len([]rune(second)) > 31 || first == second || strings.ContainsAny(freeName(nil, "a/b[1]"), "/[]") {
		t.Errorf("%q %q", first, second)
	}
}

func rankings() []match.Ranking {
	return []match.Ranking{
		{
			Need: match.Ref{Code: "1", Name: "路口优化", Org: "交管中心"},
			Matches: []match.Match{{
				Offer: match.Ref{Code: "B-1", Name: "信号机", Org: "智控公司"}, Score: 0.8127, Eligible: "unknown", Reason: "理由。",
				Parts: []match.Part{{Name: "terms", Contribution: 0.5, Evidence: []match.Evidence{{Text: "自适应"}, {Text: "自适应"}}}, {Name: "place"}},
				Gaps:  []match.Gap{{Clause: "budget", Status: "unknown", Advice: "请补充预算。"}, {Clause: "mode", Status: "unmet", Have: "甲", Want: "乙"}},
			}},
			Excluded: []match.Exclusion{{Offer: match.Ref{Code: "B-2", Name: "雷达", Org: "雷达公司"}, Clauses: []match.Gap{{Clause: "region", Status: "unmet", Advice: "不在服务区域。"}}}},
		},
		{Need: match.Ref{Code: "2", Name: "没有匹配", Org: "x"}},
	}
}

func TestWriteMatches(t *testing.T) {
	t.Parallel()
	var buf bytes.Buffer
	if err := WriteMatches(t.Context(), &buf, XLSX, rankings(), MatchOptions{}); err != nil {
		t.Fatal(err)
	}
	sheets := sheetsOf(t, buf.Bytes())
	got := sheets["匹配结果"]
	if len(got) != 3 || len(got[0]) != 13 {
		t.Fatalf("%q", got)
	}
	line := strings.Join(got[1], "¦")
	for _, want := range []string{"1¦路口优化¦交管中心¦1¦B-1¦信号机¦智控公司¦0.813¦待核实¦理由。", "0.500", "¦自适应¦", "待核实：请补充预算。", "未满足：mode / 甲 / 乙"} {
		if !strings.Contains(line, want) {
			t.Errorf("%q lacks %q", line, want)
		}
	}
	if !strings.Contains(strings.Join(got[2], "¦"), "暂无合适的匹配") {
		t.Errorf("%q", got[2])
	}
	if x := sheets["条件不符"]; len(x) != 2 || x[1][6] != "未满足：不在服务区域。" {
		t.Errorf("%q", x)
	}
	buf.Reset()
	if err := WriteMatches(t.Context(), &buf, CSV, rankings(), MatchOptions{Lang: locale.En, Asked: supply}); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(buf.String(), "\ufeffCapability code,Capability,Technology provider,Rank,Opportunity code") {
		t.Errorf("%q", buf.String())
	}
	wantKey(t, WriteMatches(t.Context(), &buf, "pdf", nil, MatchOptions{}), "transfer.format_unknown")
}

func TestWriteProgressAndCancel(t *testing.T) {
	t.Parallel()
	rows := manyCapabilities(t, 600)
	for _, format := range []Format{XLSX, CSV} {
		var calls []string
		o := WriteOptions{Progress: func(done, total int) { calls = append(calls, fmt.Sprint(done, "/", total)) }}
		if _, err := Write(t.Context(), &bytes.Buffer{}, format, Chongqing, rows, o); err != nil || strings.Join(calls, " ") != "500/600 600/600" {
			t.Errorf("%v %v", calls, err)
		}
		ctx, cancel := cancelled(t)
		defer cancel()
		if _, err := Write(ctx, &bytes.Buffer{}, format, Chongqing, rows, WriteOptions{}); err == nil {
			t.Error("a cancelled write went on")
		}
	}
}

// Every sentence that this package can ask for exists in both languages.
func TestMessagesExist(t *testing.T) {
	t.Parallel()
	for _, lang := range []locale.Lang{locale.Zh, locale.En} {
		for _, key := range keysInSource(t) {
			if !locale.Has(lang, key) {
				t.Errorf("%s has no %s", lang, key)
			}
		}
	}
}
