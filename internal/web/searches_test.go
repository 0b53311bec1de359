package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// found notes that a saved search found listings, as the matching does.
func (o *office) found(search scene.ID, listings ...scene.ID) {
	o.t.Helper()
	err := o.rows.Update(o.t.Context(), func(tx store.Tx) error {
		var finds []store.Find
		for _, l := range listings {
			finds = append(finds, store.Find{Search: search, Listing: l})
		}
		ctx := context.WithoutCancel(o.t.Context())
		if _, err := tx.SavedSearches().Find(ctx, finds, today()); err != nil {
			return err
		}
		return tx.SavedSearches().Gain(ctx, search, len(finds), today())
	})
	if err != nil {
		o.t.Fatal(err)
	}
}

// TestSavedSearchByPage: from a list with words and filters to a saved search,
// what it found, a change, a pause and its end. Nobody else comes near it.
func TestSavedSearchByPage(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	reader := o.as(scene.RoleProvider)
	list := "/capabilities?q=" + url.QueryEscape("桥梁监测") + "&field=smart_transport"
	if body := reader.get("/capabilities").Body.String(); strings.Contains(body, "/workspace/searches/new") {
		t.Error("a list without a question offers to keep it")
	}
	p := parse(t, list, reader.get(list).Body.String())
	keep := ""
	for _, a := range p.all("a") {
		if strings.HasPrefix(attr(a, "href"), "/workspace/searches/new?") {
			keep = attr(a, "href")
		}
	}
	if body := reader.get(keep).Body.String(); !strings.Contains(body, `value="桥梁监测"`) || !strings.Contains(body, "目前已经列出的不再提醒") {
		t.Fatalf("the form at %q does not hold what was asked", keep)
	}
	form := url.Values{
		"kind": {"capability"}, "name": {"桥梁<b>"}, "words": {"桥梁监测"}, "fields": {"smart_transport"}, "regions": {"无锡市、新吴区"},
		"money": {"50"}, "tell": {"daily"}, "stage": {"middle"}, "revision": {"0"},
	}
	w := reader.fill(keep, "/workspace/searches/new", form)
	one, _, ok := strings.Cut(w.Header().Get("Location"), "?done=saved")
	if w.Code != http.StatusSeeOther || !ok {
		t.Fatalf("save: %d %s", w.Code, w.Body)
	}
	if body := o.as(scene.RoleAuditor).get("/console/record").Body.String(); !strings.Contains(body, "保存订阅") || strings.Contains(body, "saved_search</") {
		t.Error("the record does not say in words that a search was saved")
	}
	body := reader.get(one + "?done=saved").Body.String()
	for _, want := range []string{"已保存", "桥梁&lt;b&gt;", "“桥梁监测”；智慧交通；", "成熟度至少", "每天早上汇总", "还没有新的结果"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	o.found(scene.ID(one[strings.LastIndex(one, "/")+1:]), "CAP000", "GONE")
	if body := reader.get("/workspace/searches").Body.String(); !strings.Contains(body, "2 条新结果") {
		t.Error("the list does not tell what is new")
	}
	if body := reader.get(one).Body.String(); !strings.Contains(body, `href="/capabilities/CAP000"`) || !strings.Contains(body, "另有 1 条") {
		t.Error("the page does not show what was found")
	}
	if body := reader.get("/workspace/searches").Body.String(); strings.Contains(body, "条新结果</span>") {
		t.Error("what was looked at is still new")
	}
	changeSearch(t, reader, one, form)

	stranger := o.as(scene.RoleOwner)
	for _, path := range []string{one, one + "/edit"} {
		if w := stranger.get(path); w.Code != http.StatusNotFound {
			t.Errorf("another opens %s: %d", path, w.Code)
		}
	}
	if w := stranger.fill("/workspace/searches/new", one+"/delete", url.Values{}); w.Code != http.StatusNotFound {
		t.Errorf("another deletes it: %d", w.Code)
	}
	if w := reader.fill(one, one+"/delete", url.Values{}); w.Code != http.StatusSeeOther {
		t.Errorf("delete: %d", w.Code)
	}
	if w := reader.get(one); w.Code != http.StatusNotFound {
		t.Errorf("deleted and there: %d", w.Code)
	}
}

// changeSearch goes through changing, with faults, pausing and resuming.
func changeSearch(t *testing.T, reader *browser, one string, form url.Values) {
	t.Helper()
	form.Set("revision", "1")
	for field, bad := range map[string]string{"regions": "某某地方", "money": "很多", "tell": "hourly", "name": ""} {
		good := form.Get(field)
		form.Set(field, bad)
		if w := reader.fill(one+"/edit", one+"/edit", form); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s %q: %d", field, bad, w.Code)
		}
		form.Set(field, good)
	}
	form.Set("tell", "")
	if w := reader.fill(one+"/edit", one+"/edit", form); w.Code != http.StatusSeeOther {
		t.Fatalf("change: %d %s", w.Code, w.Body)
	}
	if w := reader.fill(one+"/edit", one+"/edit", form); w.Code != http.StatusConflict {
		t.Errorf("a stale form: %d", w.Code)
	}
	if body := reader.get(one).Body.String(); !strings.Contains(body, "不提醒，自己来看") {
		t.Error("the change is not shown")
	}
	for _, step := range []struct{ do, want string }{{"pause", "已暂停，不再提醒"}, {"resume", "已恢复"}} {
		w := reader.fill(one, one+"/"+step.do, url.Values{})
		if w.Code != http.StatusSeeOther {
			t.Fatalf("%s: %d", step.do, w.Code)
		}
		if body := reader.get(w.Header().Get("Location")).Body.String(); !strings.Contains(body, step.want) {
			t.Errorf("%s: the page does not say so", step.do)
		}
	}
}

// TestVisitorsAreAskedToSignIn: the offer to keep a search stands for visitors
// too, and staff, who have no such page, do not see it.
func TestVisitorsAreAskedToSignIn(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	visitor, staff := o.browser(), o.as(scene.RoleSteward)
	const list = "/opportunities?field=smart_transport"
	if body := visitor.get(list).Body.String(); !strings.Contains(body, "/workspace/searches/new?field=smart_transport&amp;kind=opportunity") {
		t.Error("a visitor is not offered to keep a search")
	}
	if w := visitor.get("/workspace/searches/new?kind=opportunity"); w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/sign-in") {
		t.Errorf("a visitor: %d to %s", w.Code, w.Header().Get("Location"))
	}
	if body := staff.get(list).Body.String(); strings.Contains(body, "/workspace/searches/new") {
		t.Error("staff are offered what they may not do")
	}
}
