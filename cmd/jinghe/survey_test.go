package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jinghe/internal/survey"
	"jinghe/internal/transfer"
)

// Heads that no rule recognises, a row without a name, and a vague need.
const oddCSV = "编次,甲项,乙方名,丙述,丁\n" +
	"1,河道巡检无人机应用,示例水务集团,用无人机巡检120公里河道，识别漂浮物，识别准确率不低于95%,a\n" +
	"2,,示例街道办事处,没有名称,b\n" +
	"3,智慧水务建设,示例水利站,希望引入先进的相关技术，全面提升管理水平等。,c\n"

// TestColumnsAreRememberedBySource: what a person said of the columns once
// counts for the next list of that source; what did not go in comes back as a
// marked workbook that can be corrected and imported.
func TestColumnsAreRememberedBySource(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "city")
	list, fix := write(t, "机会.csv", oddCSV), filepath.Join(t.TempDir(), "fix.xlsx")
	args := []string{"import", "--data", data, "--source", "经开区"}
	columns := []string{"--map", "甲项=name", "--map", "乙方名=org", "--map", "丙述=具体需求", "--map", "丁=ignore"}
	jinghe(t, append(args, "--map", "甲项=nothing", list)...).want(t, exitUsage, "甲项=nothing", "targets")
	jinghe(t, append(append(args, "--rejected", fix, list), columns...)...).want(t, exitRejected, "新增 2", "未导入 1", "fix.xlsx")
	again := filepath.Join(t.TempDir(), "again.xlsx")
	jinghe(t, append(args, "--rejected", again, list)...).want(t, exitRejected, "未变 2", "未导入 1")
	for _, file := range []string{fix, again} {
		jinghe(t, append(args, file)...).want(t, exitRejected, "没有名称", "未导入 1")
	}
	if r := jinghe(t, "export", "--data", data, "--format", "csv"); !strings.Contains(r.out, "识别漂浮物") {
		t.Errorf("%s", r.out)
	}
}

// TestRejectedByTheStore: a row that reads well but that the store refuses is
// in the marked workbook, too.
func TestRejectedByTheStore(t *testing.T) {
	t.Parallel()
	data, fix := filepath.Join(t.TempDir(), "city"), filepath.Join(t.TempDir(), "fix.xlsx")
	jinghe(t, "import", "--data", data, write(t, "a.csv", "编号,场景机会名称,单位名称,合作需求\nA-1,河道巡检,示例水务集团,电话13855501234联系\n")).want(t, exitDone)
	taken := write(t, "b.csv", "编号,场景机会名称,单位名称,合作需求\nA-1,别的需求,别的单位,别的\nA-2,新的需求,新的单位,新的\n")
	jinghe(t, "import", "--data", data, "--rejected", fix, taken).want(t, exitRejected, "已写入")
	doc, err := transfer.ReadFile(t.Context(), fix, transfer.ReadOptions{})
	if err != nil || len(doc.Rows) != 1 || doc.Rows[0].Listing().Name != "别的需求" {
		t.Errorf("%+v %v", doc.Rows, err)
	}
}

func TestDryRunTellsWhatToPutRight(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "city")
	jinghe(t, "import", "--data", data, write(t, "needs.csv", needsCSV)).want(t, exitDone)
	other := write(t, "other.csv", "序号,场景机会名称,单位名称,合作需求\n"+
		"1,河道无人机巡检,邻市水务集团,用無人機巡檢150公里河道；識別漂浮物；識別準確率不低於96%\n"+
		"2,智慧水务建设,邻市水利站,希望引入先进的相关技术，全面提升管理水平等。\n")
	r := jinghe(t, "import", "--data", data, "--dry-run", other)
	r.want(t, exitDone, "需求 2 条", "过于笼统", "疑似重复：1 对", "河道无人机巡检（邻市水务集团）", "数字：120 95 ／ 150 96", "没有应用领域：2 条")
	r = jinghe(t, "import", "--data", data, "--dry-run", "--json", other)
	var reports []struct{ Survey survey.Report }
	if err := json.Unmarshal([]byte(r.out), &reports); err != nil || len(reports) != 1 || reports[0].Survey.TwinCount != 1 {
		t.Errorf("%v %s", err, r.out)
	}
	jinghe(t, "--lang", "en", "doctor", "--data", data, "--lists").want(t, exitDone, "2 needs and 0 capabilities", "Near-duplicates: 0 pairs")
	book := filepath.Join(t.TempDir(), "tidy.xlsx")
	jinghe(t, "doctor", "--data", data, "--lists", "--out", book).want(t, exitDone)
	if raw, err := os.ReadFile(book); err != nil || !strings.HasPrefix(string(raw), "PK") {
		t.Errorf("no workbook: %v", err)
	}
}
