package app_test

import (
	"testing"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/testkit"
)

// TestReviewByKeys: a reviewer goes through the queue without a mouse, and can
// turn the keys off.
func TestReviewByKeys(t *testing.T) {
	t.Parallel()
	page := testkit.Chromium(t)
	a, passwords := staffed(t, scene.RoleSteward)
	by := importer()
	rows, err := a.Registry().Capabilities(t.Context(), store.ListingFilter{States: []scene.State{scene.Published}}, store.Page{Limit: 2})
	if err != nil || len(rows.Items) != 2 {
		t.Fatal(err)
	}
	for i, name := range []string{"复制的条目甲", "复制的条目乙"} {
		twin := rows.Items[i] // of a published one: to be seen beside it
		twin.Name, twin.Code, twin.Contact = name, "", scene.Contact{Person: "某人", Phone: "13900000000"}
		e, err := a.Registry().Create(t.Context(), by, registry.Entry{Capability: &twin})
		if err == nil {
			_, err = a.Registry().Submit(t.Context(), by, registry.Step{Kind: e.Kind(), ID: e.Listing().ID, Revision: e.Listing().Revision})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	w := newWalker(t, page, a)
	w.signIn(string(scene.RoleSteward), passwords[scene.RoleSteward])
	w.open("/console")
	w.keys("jxjx")
	if n := w.eval(`document.querySelectorAll("input[name=pick]:checked").length`); n != "2" {
		t.Fatalf("%s picked by keys", n)
	}
	w.eval(`window.here = 1`)
	w.keys("a")
	w.arrive()
	w.see("逐条结果", "形式审查")
	w.follow("main form tbody a")
	w.see("第 1 / 2 条", "复制的条目甲")
	eventually(t, patience, func() bool { // the market follows within moments
		w.open(w.eval(`location.pathname`))
		return w.eval(`!!document.querySelector("#beside")`) == "true"
	})
	w.see("近似条目")
	w.eval(`window.here = 1`)
	w.keys("j")
	w.arrive()
	w.see("第 2 / 2 条", "复制的条目乙")
	w.keys("r")
	if at := w.eval(`document.activeElement.id`); at != "f-reason" {
		t.Errorf("r leads to %q", at)
	}
	w.eval(`(document.activeElement.blur(), document.querySelector(".keys").open = true, document.querySelector("[data-keys-switch]").click())`)
	w.keys("k")
	w.see("第 2 / 2 条")
}
