package app_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"jinghe/internal/app"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/testkit"
)

// enterprise adds an account of the first organisation of the city that has an
// opportunity, and returns its password.
func enterprise(t *testing.T, a *app.App, login string, roles ...scene.Role) string {
	t.Helper()
	const password = "the harbour is full of fog"
	orgs, err := a.Registry().Opportunities(t.Context(), store.ListingFilter{}, store.Page{Limit: 1})
	if err != nil || len(orgs.Items) == 0 {
		t.Fatal(err)
	}
	if _, err := a.User(t.Context(), app.UserRequest{
		Do: "add", Login: login, Name: "许工", Roles: roles, Org: orgs.Items[0].OrgName, Password: password,
	}); err != nil {
		t.Fatal(err)
	}
	return password
}

// TestGuidedForm is an enterprise that writes: advice follows what is typed, what
// is typed outlasts a lost session and another browser, and a row of its
// workbook fills the form.
func TestGuidedForm(t *testing.T) {
	t.Parallel()
	page := testkit.Chromium(t)
	a, _ := staffed(t)
	password := enterprise(t, a, "xu", scene.RoleOwner)
	w := newWalker(t, page, a)
	w.signIn("xu", password)
	w.open("/workspace/listings/new?kind=opportunity")
	before := w.eval(`document.querySelector("#draft-clear").innerText`)
	w.fill(map[string]string{"name": "雨水泵站无人值守改造", "need": "12 座泵站远程启停，故障 1 分钟内报警，误报率不超过 2 %。"})
	eventually(t, patience, func() bool { // who types slowly has the first field kept before the next one is there
		after := w.eval(`document.querySelector("#draft-clear").innerText`)
		return strings.Contains(w.eval(`document.querySelector("#draft-note").textContent`), "已暂存") && after != before && strings.Contains(after, "预算")
	})
	if n := w.eval(`document.querySelector("#f-need").nextElementSibling.textContent`); !strings.HasSuffix(n, "/ 5000") {
		t.Errorf("the counter says %q", n)
	}

	// The session ends elsewhere; typing goes on, and nothing is lost.
	if _, err := chromedp.Call(page, network.ClearBrowserCookies, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
	w.do("type on", chromedp.SendKeys(chromedp.CSS("#f-targets"), "可用率 ≥99.5 %"))
	eventually(t, patience, func() bool {
		return strings.Contains(w.eval(`document.querySelector("#draft-note").textContent`), "登录已过期")
	})
	w.open("/preferences?lang=zh&back=/about")
	w.signIn("xu", password)
	w.see("接着填写", "雨水泵站无人值守改造")
	w.open("/workspace/listings/new?kind=opportunity")
	w.see("已恢复")
	for field, want := range map[string]string{"#f-name": "雨水泵站无人值守改造", "#f-targets": "可用率 ≥99.5 %"} {
		if got := w.eval(`document.querySelector("` + field + `").value`); got != want {
			t.Errorf("%s is %q, want %q", field, got, want)
		}
	}
	// In a browser that has nothing of its own, what the server kept stands there.
	w.eval(`sessionStorage.clear()`)
	w.open("/workspace/listings/new?kind=opportunity")
	if got := w.eval(`document.querySelector("#f-name").value`); got != "雨水泵站无人值守改造" {
		t.Errorf("another browser shows %q", got)
	}
	w.press("保存草稿")
	w.see("已保存", "雨水泵站无人值守改造", "写得怎么样")

	fromWorkbook(t, w)
}

func fromWorkbook(t *testing.T, w *walker) {
	t.Helper()
	list := filepath.Join(t.TempDir(), "需求.csv")
	text := "场景机会名称,单位名称,具体需求\n窨井液位监测,某单位,\"在 300 座窨井内监测液位\"\n路灯单灯控制,某单位,\"1200 盏路灯按时段调光\"\n"
	if err := os.WriteFile(list, bytes.Join([][]byte{{0xEF, 0xBB, 0xBF}, []byte(text)}, nil), 0o600); err != nil {
		t.Fatal(err)
	}
	w.open("/workspace/listings/new?kind=opportunity")
	w.eval(`document.querySelector(".starts").open = true`)
	w.do("choose the list", chromedp.SetUploadFiles(chromedp.CSS(".starts input[type=file]"), []string{list}))
	w.press("读取清单")
	w.see("窨井液位监测", "路灯单灯控制")
	w.press("用这一行填写")
	w.see("已按清单中的一行填好")
	if got := w.eval(`document.querySelector("#f-need").value`); got != "在 300 座窨井内监测液位" {
		t.Errorf("the form says %q", got)
	}
}
