package app_test

import (
	"io"
	"net/url"
	"strings"
	"testing"

	"jinghe/internal/app"
	"jinghe/internal/scene"
	"jinghe/internal/testkit"
)

const (
	providerPassword = "西漕河边的风很大 1974"
	needWords        = "地铁隧道渗漏水巡检机器人"
)

// staffed starts an app with the sample city and one account of each of the roles.
func staffed(t *testing.T, roles ...scene.Role) (*app.App, map[scene.Role]string) {
	t.Helper()
	options := testOptions(io.Discard)
	options.Demo = true
	a, err := app.Open(t.Context(), testConfig(t.TempDir()), options)
	if err != nil {
		t.Fatal(err)
	}
	closeAfter(t, a)
	if err := a.LoadSampleCity(t.Context()); err != nil {
		t.Fatal(err)
	}
	passwords := map[scene.Role]string{}
	for _, role := range roles {
		passwords[role] = "only for this test 7 " + string(role[:1])
		if _, err := a.User(t.Context(), app.UserRequest{
			Do: "add", Login: string(role), Name: string(role), Roles: []scene.Role{role}, Department: "数据局", Password: passwords[role],
		}); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	<-a.Ready()
	return a, passwords
}

// TestJourney walks an enterprise from its sign-up to a published capability
// that strangers find and opportunities are matched with: all by hand, in a browser.
func TestJourney(t *testing.T) {
	t.Parallel()
	page := testkit.Chromium(t)
	a, passwords := staffed(t, scene.RoleSteward, scene.RoleAuditor)
	w := newWalker(t, page, a)

	signUp(w)
	w.open("/sign-in")
	w.fill(map[string]string{"login": "zhang", "password": providerPassword})
	w.press("登录")
	w.see("登录名或密码不正确") // not before the centre says so

	w.signIn("steward", passwords[scene.RoleSteward])
	w.open("/console/accounts?state=pending")
	w.see("张工", "无锡穹顶机器人有限公司")
	w.follow("main tbody a")
	w.see("91350100M000100Y43")
	w.press("核实通过")
	w.see("已通过")

	draft(w)
	where := w.eval(`location.pathname`)
	w.see("已提交", "等待中心审核")

	w.signIn("steward", passwords[scene.RoleSteward])
	w.open("/console")
	w.see(needWords)
	id := where[strings.LastIndex(where, "/")+1:]
	w.open("/console/reviews/capability/" + id)
	w.press("退回修改")
	w.see("请写明理由")
	w.fill(map[string]string{"reason": "请补充定位误差的数值"})
	w.press("退回修改")

	w.signIn("zhang", providerPassword)
	w.open(where)
	w.see("请补充定位误差的数值", "草稿")
	w.open(where + "/edit")
	w.fill(map[string]string{"indicators": "渗漏点定位误差 ≤0.3 m，行进速度 4 km/h"})
	w.press("保存并提交审核")
	w.see("已提交")

	w.signIn("steward", passwords[scene.RoleSteward])
	w.open("/console/reviews/capability/" + id)
	w.see("139****0000", "0.3 m")
	w.press("受理，进入形式审查")
	w.press("通过，转部门审核")
	w.press("通过并发布")
	w.see("已发布")
	w.signOut()

	eventually(t, patience, func() bool {
		return searchHits(t, a, scene.KindCapability, url.QueryEscape("渗漏水巡检机器人")) > 0
	})
	w.open("/capabilities?q=" + url.QueryEscape("渗漏水巡检"))
	w.see(needWords, "无锡穹顶机器人有限公司")
	eventually(t, patience, func() bool { // the market follows a moment after the index
		w.open("/capabilities/" + id)
		return strings.Contains(w.eval(`document.body.innerText`), "匹配的场景机会")
	})
	w.see("0.3 m")
	if body := w.eval(`document.documentElement.outerHTML`); strings.Contains(body, "13900000000") {
		t.Error("the contact is on the public page")
	}

	revise(w, where)
	w.signIn("steward", passwords[scene.RoleSteward])
	w.open("/console/proposals/capability/" + id)
	w.see("0.3", "0.2", "标定后误差更小")
	w.press("采纳")
	w.open("/capabilities/" + id)
	w.see("0.2 m")

	w.signIn("auditor", passwords[scene.RoleAuditor])
	w.open("/console/record?row=" + id)
	w.see("新建草稿", "提交审核", "审核", "写入修订", "zhang", "steward")
}

// signUp fills the form of a sign-up, first with a wrong credit code.
func signUp(w *walker) {
	w.t.Helper()
	w.open("/sign-up")
	w.fill(map[string]string{
		"org": "无锡穹顶机器人有限公司", "credit_code": "91350100M000100Y44", "name": "张工", "phone": "13900000000", "login": "zhang", "password": providerPassword,
	})
	w.check("roles=provider", "privacy=yes", "terms=yes")
	w.press("注册")
	w.see("请检查下面标出的内容")
	if kept := w.eval(`document.querySelector("[name=org]").value + document.querySelector("[value=provider]").checked`); kept != "无锡穹顶机器人有限公司true" {
		w.t.Errorf("what was typed is lost: %s", kept)
	}
	w.fill(map[string]string{"credit_code": "91350100M000100Y43", "password": providerPassword})
	w.press("注册")
	w.see("注册申请已收到", "工作人员会核实")
}

// draft signs in and writes an entry: handed in too early, then in full.
func draft(w *walker) {
	w.t.Helper()
	w.signIn("zhang", providerPassword)
	w.see("无锡穹顶机器人有限公司", "还没有条目")
	w.open("/workspace/listings/new?kind=capability")
	w.fill(map[string]string{"name": needWords, "price.min": "几十"})
	w.press("保存并提交审核")
	w.see("“几十”不是可用的金额，请填写 0 或更大的数字，单位万元")
	if typed := w.eval(`document.querySelector("[name='price.min']").value`); typed != "几十" {
		w.t.Errorf("what could not be read is lost: %q", typed)
	}
	w.fill(map[string]string{"price.min": "30"})
	w.press("保存并提交审核")
	w.see("还缺一些必填内容", "请至少选择一个应用领域")
	w.fill(map[string]string{
		"description": "轨道式巡检机器人在停运窗口内自动检测隧道衬砌渗漏水，红外与可见光融合识别，自动生成病害台账并推送。",
		"regions":     "无锡、江苏", "delivery.max": "4", "keywords": "隧道、渗漏水、巡检机器人",
	})
	w.check("fields=smart_transport")
	w.press("保存并提交审核")
}

// revise proposes a change to the public entry.
func revise(w *walker, where string) {
	w.t.Helper()
	w.signIn("zhang", providerPassword)
	w.open(where + "/edit")
	w.see("会作为修订提交审核")
	w.fill(map[string]string{"indicators": "渗漏点定位误差 ≤0.2 m，行进速度 4 km/h", "note": "标定后误差更小"})
	w.press("提交修订")
	w.see("修订已提交审核", "待审核的修订")
}
