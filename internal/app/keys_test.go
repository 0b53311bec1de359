package app_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"jinghe/internal/app"
	"jinghe/internal/engage"
	"jinghe/internal/locale"
	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/testkit"
)

// hands is a person who has no mouse.
type hands struct {
	*walker
	lang locale.Lang
}

// tab goes on with the tabulator until the focus is on what the selector finds, where
// it has to be seen: outlined, in the window, and with nothing over it.
func (h *hands) tab(selector string) {
	h.t.Helper()
	at := fmt.Sprintf(`(async () => {
		const e = document.activeElement;
		if (!e.matches(%q)) return "";
		const box = e.closest("label, .find") || e;
		const outlined = [e, box].map((x) => getComputedStyle(x)).some((x) => x.outlineStyle !== "none" && parseFloat(x.outlineWidth) >= 2);
		let inside, over;
		for (const began = performance.now(); performance.now() < began + 60000;) { // the browser scrolls to it over some frames
			await new Promise(requestAnimationFrame);
			const r = e.getBoundingClientRect();
			inside = r.bottom > 0 && r.top < innerHeight;
			over = document.elementFromPoint(Math.max(0, r.left + Math.min(r.width / 2, 20)), r.top + Math.min(r.height / 2, 20));
			if (inside && over && (e.contains(over) || box.contains(over))) return [outlined, true, true].join();
		}
		return [outlined, inside, false].join();
	})()`, selector)
	for range 300 {
		said, err := chromedp.Run(h.page, chromedp.Evaluate[string](at, chromedp.EvalAwaitPromise))
		if err != nil {
			h.t.Fatal(err)
		}
		switch said {
		case "":
			h.do("tab", chromedp.KeyEvent(kb.Tab))
		case "true,true,true":
			return
		default:
			h.t.Fatalf("%s: the focus on %s is not to be seen (outlined, in the window, uncovered): %s", h.eval(`location.pathname`), selector, said)
		}
	}
	h.t.Fatalf("%s: the tabulator does not come to %s", h.eval(`location.pathname`), selector)
}

// typed fills the fields of the page from top to bottom, given as name and text by turns.
func (h *hands) typed(fields ...string) {
	h.t.Helper()
	for i := 0; i+1 < len(fields); i += 2 {
		h.tab(fmt.Sprintf(`main [name=%q]`, fields[i]))
		h.do("type into "+fields[i], chromedp.KeyEvent(fields[i+1]))
	}
}

// tick sets boxes with the space bar.
func (h *hands) tick(selectors ...string) {
	h.t.Helper()
	for _, s := range selectors {
		h.tab(s)
		h.do("tick "+s, chromedp.KeyEvent(" "))
		if h.eval(`document.activeElement.checked`) != "true" {
			h.t.Fatalf("the space bar does not tick %s", s)
		}
	}
}

// enter presses Enter on what the selector finds and waits for the page it leads to.
func (h *hands) enter(selector string) {
	h.t.Helper()
	h.tab(selector)
	h.eval(`window.here = 1`)
	h.do("enter "+selector, chromedp.KeyEvent(kb.Enter))
	h.arrive()
}

// said ends the test if the page does not show the messages.
func (h *hands) said(keys ...string) {
	h.t.Helper()
	for _, key := range keys {
		h.see(locale.Text(h.lang, key, nil))
	}
}

// TestEnterpriseByKeys is an enterprise at a phone, in English and without a mouse: it
// signs up, is let in, writes a capability, which is published and has matches,
// declines one interest with a reason and accepts another.
func TestEnterpriseByKeys(t *testing.T) {
	t.Parallel()
	page := testkit.Chromium(t)
	a, _ := staffed(t)
	h := &hands{newWalker(t, page, a), locale.En}
	h.do("a phone", chromedp.EmulateViewport(390, 844))
	h.open("/preferences?lang=en&back=/sign-up")
	h.typed("org", "无锡穹顶机器人有限公司", "credit_code", "91350100M000100Y43")
	h.tick(`[name=roles][value=provider]`)
	h.typed("name", "Zhang", "phone", "13900000000", "login", "zhang", "password", providerPassword)
	h.tick(`[name=privacy]`, `[name=terms]`)
	h.enter(`main button[type=submit]`)
	steward := stewardActor()
	waiting, err := a.Accounts().Accounts(t.Context(), scene.Console(), store.AccountFilter{State: scene.AccountPending}, store.Page{})
	if err != nil || len(waiting.Items) != 1 {
		t.Fatalf("%d wait, %v: %s", len(waiting.Items), err, h.eval(`document.body.innerText`))
	}
	if _, err := a.Accounts().Approve(t.Context(), steward, waiting.Items[0].ID); err != nil {
		t.Fatal(err)
	}

	h.open("/sign-in")
	h.typed("login", "zhang", "password", providerPassword)
	h.enter(`main button[type=submit]`)
	h.enter(`main a[href$="new?kind=capability"]`)
	h.typed("name", needWords)
	h.tick(`[name=fields][value=smart_transport]`)
	h.typed("description", "轨道式巡检机器人在停运窗口内自动检测隧道衬砌渗漏水，红外与可见光融合识别，自动生成病害台账并推送。")
	h.enter(`main button[value=submit]`)
	h.said("web.entry.done.submitted", "web.state.submitted")
	path := h.eval(`location.pathname`)
	id := scene.ID(path[strings.LastIndex(path, "/")+1:])
	h.publish(a.Registry(), id)
	h.answer(a, id)
}

// publish has the centre let an entry that was handed in through.
func (h *hands) publish(r *registry.Registry, id scene.ID) {
	h.t.Helper()
	c, err := r.Capability(h.t.Context(), id)
	revision := c.Revision
	for _, to := range []scene.State{scene.FormalReview, scene.DepartmentReview, scene.Published} {
		var e registry.Entry
		if err == nil {
			e, err = r.Review(h.t.Context(), stewardActor(), registry.Step{Kind: scene.KindCapability, ID: id, Revision: revision, To: to})
		}
		if err != nil {
			h.t.Fatal(err)
		}
		revision = e.Listing().Revision
	}
}

// answer looks at the matches of a capability and answers two owners.
func (h *hands) answer(a *app.App, id scene.ID) {
	h.t.Helper()
	here := "/capabilities/" + string(id)
	eventually(h.t, patience, func() bool { // the market follows within moments
		h.open(here)
		return h.eval(`document.querySelectorAll("main .match").length > 0`) == "true"
	})
	h.enter(`main a[href="` + here + `/matches"]`)
	if n := h.eval(`document.querySelectorAll("main .match").length`); n == "0" {
		h.t.Error("no matches on their page")
	}
	needs, err := a.Registry().Opportunities(h.t.Context(), store.ListingFilter{OpenAt: time.Now()}, store.Page{Limit: 2})
	if err != nil || len(needs.Items) != 2 {
		h.t.Fatal(err)
	}
	for i := range needs.Items {
		owner := scene.Actor{ID: "owner", Name: "owner", OrgID: needs.Items[i].OrgID, Roles: []scene.Role{scene.RoleOwner}}
		if _, err := a.Engagements().Express(h.t.Context(), owner, engage.Interest{Need: needs.Items[i].ID, Offer: id}); err != nil {
			h.t.Fatal(err)
		}
	}
	h.open("/workspace")
	h.enter(`header a[href="/inbox"]`)
	h.enter(`main tbody a`)
	h.tab(`details:has(form[action$="/decline"]) > summary`)
	h.do("open", chromedp.KeyEvent(kb.Enter))
	h.tab(`form[action$="/decline"] select`)
	for n := 0; n < 30 && h.eval(`document.activeElement.value`) != "out_of_budget"; n++ {
		h.do("down", chromedp.KeyEvent(kb.ArrowDown))
	}
	h.enter(`form[action$="/decline"] button`)
	h.said("web.pairs.done.declined", "engagement.reason.out_of_budget")
	h.open("/inbox?unread=yes")
	h.enter(`main tbody a`)
	h.enter(`form[action$="/accept"] button`)
	h.said("web.pairs.done.accepted")
}

// TestImportByKeys: staff hand a workbook in, bring its good rows in, and take all of
// it back without a mouse; only the window in which a file is chosen is the system's.
func TestImportByKeys(t *testing.T) {
	t.Parallel()
	page := testkit.Chromium(t)
	a, passwords := staffed(t, scene.RoleSteward)
	h := &hands{newWalker(t, page, a), locale.Zh}
	h.open("/sign-in")
	h.typed("login", "steward", "password", passwords[scene.RoleSteward])
	h.enter(`main button[type=submit]`)
	h.enter(`main a[href="/console/imports"]`)
	path := filepath.Join(t.TempDir(), "清单.xlsx")
	if err := os.WriteFile(path, messyBook(t), 0o600); err != nil {
		t.Fatal(err)
	}
	h.tab(`#f-file`)
	h.do("choose the file", chromedp.SetUploadFiles(chromedp.CSS("#f-file"), []string{path}))
	h.typed("source", "某某开发区")
	h.enter(`form:has(#f-file) button.primary`)
	h.settle()
	h.see("待确认", "Sheet1 第 4 行")
	h.enter(`form[action$="/accept"] button`)
	h.settle()
	h.see("已导入", "这些行没有导入")
	if n := listed(t, a, "某某开发区"); n != 2 {
		t.Errorf("%d entries came in", n)
	}
	h.enter(`form[action$="/undo"] button`)
	h.see("已撤销")
	if n := listed(t, a, "某某开发区"); n != 0 {
		t.Errorf("%d entries after the undo", n)
	}
}
