package transfer

import (
	"bytes"
	"testing"

	"github.com/xuri/excelize/v2"

	"jinghe/internal/scene"
)

func TestParseMapping(t *testing.T) {
	t.Parallel()
	got, err := ParseMapping(map[string]string{" 甲项 ": "name", "乙": "具体需求", "丙": "ignore", "丁": "indicators"})
	if err != nil {
		t.Fatal(err)
	}
	for head, field := range map[string]Field{"甲项": fieldName, "乙": fieldNeed, "丙": Ignore, "丁": "indicators"} {
		if got[MappingKey(head)] != field {
			t.Errorf("%s is %q, want %q", head, got[MappingKey(head)], field)
		}
	}
	for head, field := range map[string]string{"甲": "nothing", "乙": "", "": "name"} {
		if _, err := ParseMapping(map[string]string{head: field}); scene.CodeOf(err) != scene.Invalid {
			t.Errorf("%q=%q: %v", head, field, err)
		}
	}
}

// TestKeep: rows that the caller names keep their cells although they go in.
func TestKeep(t *testing.T) {
	t.Parallel()
	data := []byte("场景机会名称,单位名称\n一,甲\n,乙\n三,丙\n")
	doc, err := Read(t.Context(), "a.csv", bytes.NewReader(data), int64(len(data)), ReadOptions{
		Keep: func(sheet string, line int) bool { return sheet == "a" && line == 4 },
	})
	if err != nil || len(doc.Rows) != 2 || len(doc.Rejected) != 2 {
		t.Fatalf("%+v %v", doc.Rejected, err)
	}
	if doc.Rejected[0].Line != 3 || doc.Rejected[1].Line != 4 || doc.Rejected[1].Cells[0] != "三" {
		t.Errorf("%+v", doc.Rejected)
	}
}

func TestWriteTables(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	err := WriteTables(t.Context(), &b, []Table{
		{Name: "需写清楚", Heads: []string{"编号", "建议"}, Rows: [][]string{{"0012", "一\n二"}, {"=1+1", ""}}},
		{Name: "需写清楚", Heads: []string{"编号"}},
		{Name: "数", Heads: []string{"编号", "数"}, Rows: [][]string{{"0012", "12.5"}, {"7", "100 %"}}, Numbers: []bool{false, true}},
	})
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	rows, err := f.GetRows(f.GetSheetList()[0])
	if err != nil || len(rows) != 3 || rows[1][0] != "0012" || rows[2][0] != "=1+1" || len(f.GetSheetList()) != 3 {
		t.Errorf("%q %v %v", rows, f.GetSheetList(), err)
	}
	for cell, want := range map[string]excelize.CellType{"A2": excelize.CellTypeInlineString, "B2": excelize.CellTypeUnset, "A3": excelize.CellTypeInlineString, "B3": excelize.CellTypeInlineString} {
		if got, err := f.GetCellType("数", cell); err != nil || got != want {
			t.Errorf("%s is of type %v, not %v: %v", cell, got, want, err)
		}
	}
}
