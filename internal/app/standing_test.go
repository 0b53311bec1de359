package app_test

import (
	"fmt"
	"io"
	"net/url"
	"strings"
	"testing"

	"jinghe/internal/app"
	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/testkit"
)

// bring imports a published capability of that name, as a list from the centre
// does, and an opportunity that stays as it is.
func bring(t *testing.T, a *app.App, name, text string) {
	t.Helper()
	c, o := scene.Capability{Description: text}, scene.Opportunity{Need: "晾晒"}
	c.Name, c.OrgName = name, "示例企业"
	o.Name, o.OrgName = "晾晒场地", "示例业主"
	rows := []scene.Row{
		{Capability: &c, Org: scene.Organisation{Name: c.OrgName}},
		{Opportunity: &o, Org: scene.Organisation{Name: o.OrgName}},
	}
	if _, err := a.Registry().Import(t.Context(), rows, registry.ImportOptions{State: scene.Published}); err != nil {
		t.Fatal(err)
	}
}

// TestSavedSearchIsToldOnce: what an import brings is told to who asked for it,
// once, also over a restart and after the words of the city were edited.
func TestSavedSearchIsToldOnce(t *testing.T) {
	t.Parallel()
	cfg := testCity(t)
	a, err := app.Open(t.Context(), cfg, testOptions(io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	bring(t, a, "折叠晾衣绳", "便携")
	report, err := a.User(t.Context(), app.UserRequest{
		Do: "add", Login: "owner", Name: "需求方", Org: "示例业主", Roles: []scene.Role{scene.RoleOwner}, Password: "only for this test 7",
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	by := report.Accounts[0].Actor("")
	search, err := a.Searches().Save(t.Context(), by, scene.SavedSearch{
		Name: "晾衣", Wants: scene.KindCapability, Words: "量子 晾衣架", Tell: scene.PaceAtOnce,
	})
	if err != nil {
		t.Fatal(err)
	}
	found := func(want int) {
		t.Helper()
		eventually(t, patience, func() bool {
			k, err := a.Searches().Get(t.Context(), by, search.ID)
			if err != nil {
				t.Fatal(err)
			}
			if k.State.Fresh > want {
				t.Fatalf("told of %d listings, want %d", k.State.Fresh, want)
			}
			return k.State.Fresh == want
		})
	}
	bring(t, a, "量子晾衣架", "遇雨自收")
	found(1)
	bring(t, a, "量子晾衣架", "遇雨自收，遇风加固") // the same thing, changed
	bring(t, a, "普通晾衣杆", "不锈钢")
	closeApp(t, a)

	a = start(t, cfg, false)
	settle(t, a)
	for i := range 2 {
		bring(t, a, fmt.Sprintf("量子晾衣架第 %d 代", i+2), "折叠")
		found(i + 2)
	}
	edit := app.Vocabulary{Words: []scene.Word{{Word: "晾衣架", Synonyms: []string{"嗡嗡架"}}}}
	if err := a.EditVocabulary(t.Context(), edit); err != nil {
		t.Fatal(err)
	}
	tried := 0
	eventually(t, patience, func() bool { // the book follows a moment after the market
		tried++
		bring(t, a, fmt.Sprintf("量子嗡嗡架 %d", tried), "同义词")
		k, err := a.Searches().Get(t.Context(), by, search.ID)
		return err == nil && k.State.Fresh > 3
	})
}

// TestSavedSearchByHand walks from a list to the inbox in a browser: a search is
// kept with its words and filters, an import brings what answers it, and the
// notice leads there.
func TestSavedSearchByHand(t *testing.T) {
	t.Parallel()
	page := testkit.Chromium(t)
	a, _ := staffed(t)
	const password = "only for this test 7"
	if _, err := a.User(t.Context(), app.UserRequest{
		Do: "add", Login: "wang", Name: "王工", Org: "无锡眠鹿科技有限公司", Roles: []scene.Role{scene.RoleOwner}, Password: password,
	}); err != nil {
		t.Fatal(err)
	}
	w := newWalker(t, page, a)
	w.open("/capabilities?q=" + url.QueryEscape("晾衣架 量子"))
	w.follow(`a[href^="/workspace/searches/new"]`)
	w.fill(map[string]string{"login": "wang", "password": password})
	w.press("登录")
	w.see("有新的就告诉我", "目前已经列出的不再提醒")
	w.fill(map[string]string{"name": "量子晾衣架"})
	w.check("tell=at_once")
	w.press("保存订阅")
	w.see("已保存", "还没有新的结果", "“晾衣架 量子”")
	bring(t, a, "量子晾衣架", "遇雨自收")
	eventually(t, patience, func() bool {
		w.open("/inbox")
		return strings.Contains(w.eval(`document.body.innerText`), "有 1 条新结果：量子晾衣架")
	})
	w.open("/workspace/searches")
	w.see("1 条新结果")
	w.open("/inbox")
	w.follow(".rows a")
	w.see("量子晾衣架", "示例企业")
	w.open("/workspace")
	w.follow(`a[href="/workspace/searches"]`)
	w.see("我的订阅", "有了就提醒")
	if text := w.eval(`document.body.innerText`); strings.Contains(text, "1 条新结果") {
		t.Error("what was looked at still is new")
	}
}
