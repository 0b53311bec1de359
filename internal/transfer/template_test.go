package transfer

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
)

func templateOf(t *testing.T, kind scene.Kind, lang locale.Lang) *excelize.File {
	t.Helper()
	var buf bytes.Buffer
	if err := WriteTemplate(&buf, kind, dictionaries(t), lang); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&buf)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func readBack(t *testing.T, f *excelize.File) Document {
	t.Helper()
	var buf bytes.Buffer
	if _, err := f.WriteTo(&buf); err != nil {
		t.Fatal(err)
	}
	doc, err := Read(t.Context(), "模板.xlsx", bytes.NewReader(buf.Bytes()), int64(buf.Len()), ReadOptions{
		Dictionaries: dictionaries(t), Now: time.Date(2026, 11, 27, 0, 0, 0, 0, scene.China()),
	})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// TestTemplate: a template that is filled in is read without a question, its
// example is not; each column is known for certain, and offers what it takes.
func TestTemplate(t *testing.T) {
	t.Parallel()
	for _, kind := range []scene.Kind{demand, supply} {
		for _, lang := range []locale.Lang{locale.Zh, locale.En} {
			f := templateOf(t, kind, lang)
			sheet := f.GetSheetList()[0]
			row := worked(kind)
			want := row
			cells, err := f.GetRows(sheet)
			if err != nil || len(cells) != 2 || cells[1][0] != exampleMark {
				t.Fatalf("%s: %q, %v", kind, cells, err)
			}
			if doc := readBack(t, f); len(doc.Rows) != 0 || len(doc.Problems) != 0 || len(doc.Sheets) != 1 || doc.Sheets[0].Layout != Jinghe {
				t.Errorf("%s as it came: %d rows, problems %+v, sheets %+v", kind, len(doc.Rows), doc.Problems, doc.Sheets)
			}
			for i, v := range cells[1] { // the example, written as one's own below it
				if i > 0 {
					if err := f.SetCellStr(sheet, fmt.Sprintf("%s3", column(t, i)), v); err != nil {
						t.Fatal(err)
					}
				}
			}
			doc := readBack(t, f)
			if len(doc.Rows) != 1 || len(doc.Problems) != 0 {
				t.Fatalf("%s filled in: %d rows, problems %+v", kind, len(doc.Rows), doc.Problems)
			}
			for _, c := range doc.Sheets[0].Columns {
				if c.Field == "" || c.Similarity < 1 || len(c.Rivals) > 0 {
					t.Errorf("%s: column %+v", kind, c)
				}
			}
			want.Listing().RowLabel = ""
			sameTemplateRow(t, &doc.Rows[0], &want)
		}
	}
}

func sameTemplateRow(t *testing.T, got, want *scene.Row) {
	t.Helper()
	got.Listing().RowLabel = ""
	var a, b string
	if got.Opportunity != nil {
		a, b = fmt.Sprintf("%+v %+v", got.Org, *got.Opportunity), fmt.Sprintf("%+v %+v", want.Org, *want.Opportunity)
	} else {
		a, b = fmt.Sprintf("%+v %+v", got.Org, *got.Capability), fmt.Sprintf("%+v %+v", want.Org, *want.Capability)
	}
	if a != b {
		t.Errorf("read back:\n%s\nwant:\n%s", a, b)
	}
}

func column(t *testing.T, i int) string {
	t.Helper()
	name, err := excelize.ColumnNumberToName(i + 1)
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// TestTemplateChoices: what a column offers is what it is read as, and a column
// that takes one of a few words refuses others.
func TestTemplateChoices(t *testing.T) {
	t.Parallel()
	for _, kind := range []scene.Kind{demand, supply} {
		f := templateOf(t, kind, locale.Zh)
		sheet := f.GetSheetList()[0]
		checks, err := f.GetDataValidations(sheet)
		if err != nil {
			t.Fatal(err)
		}
		if visible, err := f.GetSheetVisible(valuesSheet); err != nil || visible {
			t.Errorf("the values are to be seen: %v", err)
		}
		heads, err := f.GetRows(sheet)
		if err != nil || len(checks) != len(heads[0]) {
			t.Fatalf("%d columns, %d of them say what they take: %v", len(heads[0]), len(checks), err)
		}
		offered := 0
		for i, c := range checks {
			head := strings.TrimPrefix(heads[0][i], "*")
			if c.Prompt == nil || *c.Prompt == "" || len([]rune(*c.Prompt)) > 255 || !strings.HasPrefix(c.Sqref, column(t, i)+"2:") {
				t.Errorf("%s: %+v", head, c)
			}
			if c.Type == "list" {
				offered++
			}
			if strict := slices.Contains([]string{"国产化", "国产化要求", "等保要求", "等保等级", "单位性质", "需求方类型", "接受联合体", "欢迎首试首用"}, head); c.ShowErrorMessage != strict {
				t.Errorf("%s refuses what is not offered: %v", head, c.ShowErrorMessage)
			}
		}
		if offered < 10 {
			t.Errorf("%s: %d columns offer values", kind, offered)
		}
		takesBack(t, kind)
	}
}

// takesBack reads each offered value in the column that offers it.
func takesBack(t *testing.T, kind scene.Kind) {
	t.Helper()
	cat, d := newCatalogue(kind), dictionaries(t)
	p, _ := printedFor(Jinghe, kind, cat)
	for _, c := range p.columns {
		s := cat.at[c.field]
		for _, v := range s.takes(d) {
			name, text := "场景机会名称", "具体需求"
			if kind == supply {
				name, text = "场景能力名称", "场景能力说明"
			}
			b := newBook(t, "清单").row(name, "单位名称", text, s.head).row("名", "某局", "巡检", v)
			if doc := mustRead(t, "a.xlsx", b.bytes()); len(doc.Rows) != 1 || len(doc.Rows[0].Listing().Extra) > 0 {
				t.Errorf("%s offers %q, which is read as %+v with %+v", s.head, v, doc.Rows, doc.Problems)
			}
		}
	}
}
