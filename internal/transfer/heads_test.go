package transfer

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"jinghe/internal/scene"
)

func fieldsOf(columns []Column) map[string]Field {
	out := map[string]Field{}
	for _, c := range columns {
		out[c.Head] = c.Field
	}
	return out
}

// Every head that a layout prints is taken for the field it stands for, in any order.
func TestPrintedHeads(t *testing.T) {
	t.Parallel()
	for _, kind := range []scene.Kind{demand, supply} {
		cat := newCatalogue(kind)
		for _, layout := range Layouts() {
			p, ok := printedFor(layout, kind, cat)
			if !ok {
				continue
			}
			want, heads := map[string]Field{}, []string{}
			for _, c := range p.columns {
				want[c.head], heads = c.field, append(heads, c.head)
			}
			if d := cmp.Diff(want, fieldsOf(cat.recognise(heads, nil))); d != "" {
				t.Errorf("%s %s:\n%s", layout, kind, d)
			}
			slices.Reverse(heads)
			columns := cat.recognise(heads, nil)
			if d := cmp.Diff(want, fieldsOf(columns)); d != "" {
				t.Errorf("%s %s in another order:\n%s", layout, kind, d)
			}
			if got := layoutOf(kind, columns, cat); got != layout {
				t.Errorf("%s %s recognised as %q", layout, kind, got)
			}
		}
	}
}

// No two fields of a kind go by the same head: one of them could never be told.
func TestHeadsAreDistinct(t *testing.T) {
	t.Parallel()
	for _, kind := range []scene.Kind{demand, supply} {
		owner := map[string]Field{}
		for _, k := range newCatalogue(kind).known {
			if f, ok := owner[k.text]; ok && f != k.field {
				t.Errorf("%s: %q is both %s and %s", kind, k.text, f, k.field)
			}
			owner[k.text] = k.field
		}
	}
}

// Renamed heads are recognised; heads that only look alike are not.
func TestRenamedHeads(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		kind scene.Kind
		head string
		want Field
	}{
		{demand, "*需求名称", fieldName},
		{demand, "1、需求名称：", fieldName},
		{demand, "场 景 名 称", fieldName},
		{demand, "需求项目名称", fieldName},
		{demand, "需求单位名称", fieldOrg},
		{demand, "单位全称", fieldOrg},
		{demand, "预算金额（单位：万元）", fieldBudget},
		{demand, "项目总投资(亿元)", fieldBudget},
		{demand, "具体合作需求", fieldNeed},
		{demand, "联系人及手机", fieldContact},
		{demand, "所属行政地区", fieldOrgRegion},
		{demand, "需求有效期至", fieldValidTo},
		{supply, "能力名称", fieldName},
		{supply, "产品（技术）名称", fieldName},
		{supply, "供给单位全称", fieldOrg},
		{supply, "场景能力简要说明", fieldDescription},
		{supply, "技术成熟度（TRL）", fieldMaturity},
		{supply, "参考价格区间（万元）", fieldPrice},
		{supply, "所获企业资质", fieldOrgTitles},
		{supply, "ＴＲＬ", fieldMaturity},
		{supply, "E-mail", fieldMail},
		{demand, "联系人职务", ""},
		{demand, "项目编制人数", ""},
		{supply, "专利数量", ""},
		{supply, "客户名称", ""},
		{demand, "备注", ""},
		{supply, "成立部门", ""},
	} {
		got := newCatalogue(tt.kind).recognise([]string{tt.head}, nil)[0]
		if got.Field != tt.want {
			t.Errorf("%s %q: %q (%.2f), want %q", tt.kind, tt.head, got.Field, got.Similarity, tt.want)
		}
	}
}

func TestAmbiguousHeads(t *testing.T) {
	t.Parallel()
	data := newBook(t, "需求").row("需求名称", "单位名称", "项目技术要求指标说明", "领域行业").row("一", "甲厂", "a", "b").bytes()
	doc := mustRead(t, "a.xlsx", data)
	for _, c := range doc.Sheets[0].Columns {
		if len(c.Rivals) > 0 {
			wantProblem(t, doc, "transfer.column_ambiguous", 1, c.Head)
		}
		if slices.Contains(c.Rivals, c.Field) {
			t.Errorf("%+v", c)
		}
	}
	cat := newCatalogue(demand)
	cat.learn("a", "甲乙丙丁", false)
	cat.learn("b", "丙丁戊己", false)
	got := cat.recognise([]string{"甲乙丙丁戊己"}, nil)[0]
	if got.Field == "" || len(got.Rivals) != 0 {
		t.Errorf("a beginning and an end are not equally near: %+v", got)
	}
	cat.learn("c", "庚辛壬癸", false)
	cat.learn("d", "庚辛壬癸", false)
	got = cat.recognise([]string{"某庚辛壬癸"}, nil)[0]
	if got.Field != "c" || !slices.Equal(got.Rivals, []Field{"d"}) {
		t.Errorf("two fields as near: %+v", got)
	}
}

// A person's decision goes before any similarity, also to leave a column out.
func TestMapping(t *testing.T) {
	t.Parallel()
	data := newBook(t, "需求").row("需求名称", "单位名称", "内部代号", "技术指标", "备注").row("一", "甲厂", "N-1", "x", "y").bytes()
	doc, err := readBytes(t, "a.xlsx", data, ReadOptions{Mapping: map[string]Field{
		MappingKey("内部 代号"): fieldCode, MappingKey("技术指标"): Ignore, MappingKey("备注"): fieldNeed,
	}})
	if err != nil {
		t.Fatal(err)
	}
	o := doc.Rows[0].Opportunity
	if o.Code != "N-1" || o.Targets != "" || o.Need != "y" || len(o.Extra) != 0 {
		t.Errorf("%+v", o)
	}
}

// Where heads do not decide, the hint does, then the names.
func TestKindOfSheet(t *testing.T) {
	t.Parallel()
	build := func(sheet, title string) []byte {
		b := newBook(t, sheet)
		if title != "" {
			b.row(title)
		}
		return b.row("名称", "单位名称", "类别").row("甲", "乙", "智慧交通").bytes()
	}
	for name, tt := range map[string]struct {
		file, sheet, title string
		hint, want         scene.Kind
	}{
		"Hint": {"a.xlsx", "Sheet1", "", supply, supply}, "Sheet": {"a.xlsx", "能力", "", "", supply}, "Title": {"a.xlsx", "Sheet1", "技术需求汇总表", "", demand}, "File": {"offers.xlsx", "Sheet1", "", "", supply},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc, err := readBytes(t, tt.file, build(tt.sheet, tt.title), ReadOptions{Kind: tt.hint})
			if err != nil || doc.Rows[0].Kind() != tt.want {
				t.Errorf("%v %v", err, doc.Sheets)
			}
		})
	}
	doc, err := readBytes(t, "offers.xlsx", newBook(t, "能力").row("需求名称", "单位名称", "需求详情").row("甲", "乙", "丙").bytes(), ReadOptions{Kind: supply})
	if err != nil || doc.Rows[0].Kind() != demand {
		t.Errorf("clear heads go before hints: %v", doc.Sheets)
	}
}

func TestSimilarityRule(t *testing.T) {
	t.Parallel()
	cat := newCatalogue(demand)
	sim := func(head string, f Field) float64 {
		for _, c := range cat.claims(head) {
			if c.field == f {
				return c.sim
			}
		}
		return 0
	}
	if got := sim("需求名称（必填）", fieldName); got != 1 {
		t.Errorf("equal but for a remark: %v", got)
	}
	if got := sim("本年度需求名称", fieldName); got < 0.75 || got >= 0.95 {
		t.Errorf("known head at the end: %v", got)
	}
	if got := sim("现状与痛点分析说明", fieldSituation); got < 0.55 || got >= 0.75 {
		t.Errorf("known head at the beginning: %v", got)
	}
	if got := sim(strings.Repeat("需求名称", 20), fieldName); got != 0 {
		t.Errorf("a paragraph is no head: %v", got)
	}
}

// Whatever stands in a row of heads, each column gets at most one field, each
// single field at most one column, and similarity stays in its range.
func FuzzHeads(f *testing.F) {
	f.Add("需求名称\t单位名称\t预算（万元）")
	f.Add("序号\t序号\t\t关键字1\t关键字2")
	f.Add("（\t）\t*\t附加：技术指标")
	f.Fuzz(func(t *testing.T, s string) {
		heads := strings.Split(s, "\t")
		for _, kind := range []scene.Kind{demand, supply} {
			cat := newCatalogue(kind)
			seen := map[Field]bool{}
			for i, c := range cat.recognise(heads, nil) {
				if c.Index != i || c.Similarity < 0 || c.Similarity > 1 || (c.Field == "") != (c.Similarity == 0) {
					t.Fatalf("%+v", c)
				}
				if sp := cat.at[c.Field]; c.Field != "" && c.Field != Ignore && (sp == nil || seen[c.Field] && !sp.many) {
					t.Fatalf("%q twice: %+v", c.Field, c)
				}
				seen[c.Field] = true
				if utf8.RuneCountInString(heads[i]) > longestHead && c.Field != "" {
					t.Fatalf("long head taken: %+v", c)
				}
			}
		}
	})
}
