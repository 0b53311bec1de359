package app_test

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"jinghe/internal/testkit"
)

// TestVisit is a stranger at a telephone who finds an opportunity by a misspelt
// word and by pinyin, compares, and reads on in English; then the same reader
// without scripts.
func TestVisit(t *testing.T) {
	t.Parallel()
	page := testkit.Chromium(t)
	a := start(t, testConfig(t.TempDir()), true)
	settle(t, a)
	w := newWalker(t, page, a)
	w.do("a telephone", chromedp.EmulateViewport(390, 844))

	for typed, want := range map[string]string{"智慧养佬": "智慧养老", "lousun": "漏损控制", "jiaotong": "智慧交通"} {
		w.open("/")
		w.do("type "+typed, chromedp.SendKeys(chromedp.CSS("#q"), typed))
		// What was typed half is answered first where the machine is slow.
		w.do("see that "+typed+" suggests "+want+" first",
			chromedp.WaitVisible(chromedp.CSS(`.options li:first-child[data-text="`+want+`"]`)))
	}
	w.open("/")
	w.eval(`window.here = 1`)
	w.do("search by pinyin", chromedp.SendKeys(chromedp.CSS("#q"), "guanwang lousun"), chromedp.KeyEvent(kb.Enter))
	w.arrive()
	w.see("老旧供水管网漏损定位")
	w.open("/opportunities?q=" + "智慧养佬")
	w.see("已按“智慧养老”搜索", "独居老人居家跌倒与久卧监测")

	w.eval(`[...document.querySelectorAll(".pick input")].slice(0, 3).forEach(b => b.click())`)
	w.press("对比所选")
	w.see("对比", "预算", "具体需求")
	if n := w.eval(`document.querySelectorAll(".compare thead th").length`); n != "3" {
		t.Errorf("%s entries side by side, want 3", n)
	}

	for _, path := range []string{"/", "/opportunities", "/opportunities?view=lines", "/batches", "/showcases"} {
		w.open("/preferences?lang=en&back=" + path)
		if wide := w.eval(`document.documentElement.scrollWidth > innerWidth`); wide != "false" {
			t.Errorf("%s runs out of the telephone's window", path)
		}
	}
	w.open("/showcases")
	w.see("Showcases", "Leakage control in the old town")
	w.open("/preferences?lang=zh&back=/")

	if _, err := chromedp.Call(page, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"/": "最新发布", "/opportunities?field=smart_water": "老旧供水管网漏损定位", "/batches": "第二批", "/showcases": "老城区供水漏损片区治理",
		"/opportunities?q=lousun": "老旧供水管网漏损定位", "/capabilities?view=lines": "名称",
	} {
		w.open(path)
		w.see(want)
	}
	w.open("/")
	w.do("search without scripts", chromedp.SendKeys(chromedp.CSS("#q"), "漏损"+kb.Enter), chromedp.WaitVisible(chromedp.CSS(".results .card")))
	if where := w.eval(`location.pathname + location.search`); !strings.Contains(where, "q=") {
		t.Errorf("a search without scripts leads to %s", where)
	}
	w.see("老旧供水管网漏损定位")
}
