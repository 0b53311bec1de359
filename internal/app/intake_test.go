package app_test

import (
	"bytes"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/xuri/excelize/v2"

	"jinghe/internal/app"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/testkit"
)

// messyBook is a list as it comes: a title above the heads, a head nobody knows,
// and three rows that cannot go in.
func messyBook(t *testing.T) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	rows := [][]any{
		{"某某开发区场景机会清单（2026）"},
		{"序号", "场景机会名称", "单位名称", "合作需求", "预算金额（万元）", "登记流水"},
		{"1", "码头吊具钢丝绳自动检测", "某某开发区港务公司", "夜间自动检出断丝，误报每天不超过一次", "30", "甲-1"},
		{"2", "", "某某开发区港务公司", "龙门吊防撞", "20", "甲-2"},
		{"3", "冷库氨气泄漏巡检", "某某开发区冷链公司", "巡检机器人，氨气浓度 20 ppm 以上报警", "40", "甲-3"},
		{"4", "", "某某开发区冷链公司", "货架变形监测", "10", "甲-4"},
		{"5", "", "某某开发区管委会", "路灯巡检", "10", "甲-5"},
	}
	for i, row := range rows {
		at, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.SetSheetRow("Sheet1", at, &row); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// handIn uploads a file by the page and waits until it was looked at.
func (w *walker) handIn(name string, content []byte, source string) {
	w.t.Helper()
	path := filepath.Join(w.t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		w.t.Fatal(err)
	}
	w.open("/console/imports")
	w.fill(map[string]string{"source": source})
	w.do("choose the file", chromedp.SetUploadFiles(chromedp.CSS("#f-file"), []string{path}))
	w.press("上传并检查")
	w.settle()
}

// settle waits while the page says that the program is at it.
func (w *walker) settle() {
	w.t.Helper()
	w.await(`document.readyState === "complete" && !document.querySelector("progress")`) // it looks again by itself
}

// download returns what a link of the page leads to.
func (w *walker) download(text string) []byte {
	w.t.Helper()
	w.eval(`(window.got = "", fetch([...document.querySelectorAll("main a")].find(a => a.textContent.trim() === "` + text + `").href)
		.then(r => r.blob()).then(b => { const f = new FileReader(); f.onload = () => { window.got = f.result }; f.readAsDataURL(b) }))`)
	var got string
	eventually(w.t, patience, func() bool { got = w.eval(`window.got`); return got != "" })
	_, data, _ := strings.Cut(got, ",")
	raw, err := base64.StdEncoding.DecodeString(data)
	if err != nil {
		w.t.Fatal(err)
	}
	return raw
}

// TestImportByPage: staff hand a messy workbook in, see what it would do, say what
// a column means, bring the good rows in, get the workbook back with the bad
// cells marked, correct it, bring it in again, and take all of it back.
func TestImportByPage(t *testing.T) {
	t.Parallel()
	page := testkit.Chromium(t)
	a, passwords := staffed(t, scene.RoleSteward, scene.RoleAuditor)
	w := newWalker(t, page, a)
	w.signIn(string(scene.RoleSteward), passwords[scene.RoleSteward])

	w.handIn("清单.xlsx", messyBook(t), "某某开发区")
	w.see("待确认", "未导入的行", "Sheet1 第 4 行", "登记流水")
	w.eval(`[...document.querySelectorAll(".column")].forEach(c => { if (c.textContent.includes("登记流水")) c.querySelector("select").value = "code" })`)
	w.press("按此重新检查")
	w.settle()
	w.see("待确认")
	w.press("确认导入（2 条）")
	w.settle()
	w.see("已导入", "这些行没有导入")
	if n := listed(t, a, "某某开发区"); n != 2 {
		t.Errorf("%d entries came in", n)
	}

	marked := w.download("下载标注好的工作簿")
	f, err := excelize.OpenReader(bytes.NewReader(marked))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	comments, err := f.GetComments("Sheet1")
	if err != nil || len(comments) != 3 {
		t.Fatalf("%d cells are marked: %v", len(comments), err)
	}
	for _, c := range comments {
		if !strings.HasPrefix(c.Cell, "B") {
			t.Errorf("%s is marked", c.Cell)
		}
		if err := f.SetCellValue("Sheet1", c.Cell, "补上的名称 "+c.Cell); err != nil {
			t.Fatal(err)
		}
	}
	var fixed bytes.Buffer
	if err := f.Write(&fixed); err != nil {
		t.Fatal(err)
	}
	w.handIn("清单.xlsx", fixed.Bytes(), "某某开发区")
	w.see("待确认", "补上的名称")
	if open := w.eval(`document.querySelector("#columns").open`); open != "false" {
		t.Errorf("asked again: %s", w.eval(`[...document.querySelectorAll(".column-unsure")].map(e => e.textContent.slice(0,80)).join()`))
	}
	w.press("确认导入（3 条）")
	w.settle()
	w.see("已导入")
	if n := listed(t, a, "某某开发区"); n != 5 {
		t.Errorf("%d entries after the correction", n)
	}
	w.press("撤销这次导入")
	w.see("已撤销")
	w.press("撤销这次导入")
	w.see("已撤销")
	if n := listed(t, a, "某某开发区"); n != 0 {
		t.Errorf("%d entries after the undo", n)
	}
	w.signIn(string(scene.RoleAuditor), passwords[scene.RoleAuditor])
	w.open("/console/record?noun=import")
	w.see("导入清单", "撤销导入", "清单.xlsx")
	w.open("/console/imports")
	w.see("没有访问权限")
}

// listed counts the entries of a source.
func listed(t *testing.T, a *app.App, source string) int {
	t.Helper()
	rows, err := a.Registry().Opportunities(t.Context(), store.ListingFilter{Source: source}, store.Page{})
	if err != nil {
		t.Fatal(err)
	}
	return len(rows.Items)
}
