package app_test

import (
	"strings"
	"testing"

	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/testkit"
)

// TestBoard: staff take the best counterpart out with a reason and pin another;
// both lists follow, and the marks are taken back.
func TestBoard(t *testing.T) {
	t.Parallel()
	page := testkit.Chromium(t)
	a, passwords := staffed(t, scene.RoleSteward, scene.RoleAuditor)
	rows, err := a.Registry().Opportunities(t.Context(), store.ListingFilter{States: []scene.State{scene.Published}}, store.Page{Limit: 1})
	if err != nil || len(rows.Items) == 0 {
		t.Fatal(err)
	}
	here := "/console/board/opportunity/" + string(rows.Items[0].ID)
	w := newWalker(t, page, a)
	w.signIn(string(scene.RoleSteward), passwords[scene.RoleSteward])
	w.open("/console/reviews/opportunity/" + string(rows.Items[0].ID))
	w.press("撮合台")
	w.see("匹配的对方", "各项信号", " 分")
	if wide := w.eval(`document.documentElement.scrollWidth > innerWidth`); wide != "false" {
		t.Error("the board runs out of the window")
	}
	name := func(n string) string {
		return w.eval(`document.querySelectorAll("ol.board h3 a")[` + n + `].textContent`)
	}
	first, third := name("0"), name("2")
	w.press("排除")
	w.see("请写明") // nothing without a reason
	w.eval(`document.querySelector("ol.board [name=reason]").value = "已流标两次"`)
	w.press("排除")
	w.see("已记下", "已流标两次")
	w.eval(`window.here = 1`)
	w.eval(`[...document.querySelectorAll("ol.board li")].find(l => l.querySelector("h3 a").textContent === ` + "`" + third + "`" + `).querySelector("[value=pinned]").click()`)
	w.arrive()
	eventually(t, patience, func() bool {
		w.open(here)
		return name("0") == third && !strings.Contains(w.eval(`document.querySelector("ol.board").innerText`), first)
	})
	w.see("已置顶", "已排除")
	w.signIn(string(scene.RoleAuditor), passwords[scene.RoleAuditor])
	w.open("/console/record?row=" + string(rows.Items[0].ID))
	w.see("置顶配对", "排除配对", "已流标两次")
	w.open(here)
	w.see("没有访问权限")
}
