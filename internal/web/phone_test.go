package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
)

// between is the part of a page from one text to the next.
func between(body, from, to string) string {
	_, rest, _ := strings.Cut(body, from)
	part, _, _ := strings.Cut(rest, to)
	return part
}

// TestOutcomeComesBack: an amount that cannot be read is told at its field, in the form of
// that meeting, with all that was typed and tapped; one in Chinese numerals is read.
func TestOutcomeComesBack(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	own := h.wished()["甲公司"]
	page, meeting := "/e/"+own.Delegates[0].Code, meetingOf(t, h, own, "")
	guest := h.office.browser()
	says := url.Values{"meeting": {meeting}, "key": {"tapped-000001"}, "held": {"yes"}, "worth": {"3"}, "next": {"pilot"}, "amount": {"abc"}, "note": {"要看现场数据"}}
	w := guest.fill(page, page+"/outcome", says)
	body := w.Body.String()
	form := between(body, `<form id="o-`+meeting+`"`, "</form>")
	if w.Code != http.StatusUnprocessableEntity || strings.Contains(body, `class="fault"`) {
		t.Errorf("%d, told apart from the form: %v", w.Code, strings.Contains(body, `class="fault"`))
	}
	for _, text := range []string{
		page + "/outcome#o-" + meeting, "“abc”不是可用的金额", "八十万", `value="abc"`, `value="要看现场数据"`, "对方看不到", `aria-describedby="fault-amount-` + meeting + `"`,
		`value="yes" checked`, `value="3" checked`, `value="pilot" checked`, `<details class="examples" open>`,
	} {
		if !strings.Contains(form, text) {
			t.Errorf("the form lacks %q:\n%s", text, form)
		}
	}
	w = guest.fill(page, page+"/outcome", url.Values{"meeting": {meeting}, "key": {"tapped-000001"}, "note": {"没选"}})
	if form := between(w.Body.String(), `<form id="o-`+meeting+`"`, "</form>"); !strings.Contains(form, "请先选择会谈是否进行") || !strings.Contains(form, "没选") {
		t.Errorf("nothing was tapped: %s", form)
	}
	says.Set("amount", "八十万")
	w = guest.fill(page, page+"/outcome", says)
	if to := w.Header().Get("Location"); w.Code != http.StatusSeeOther || !strings.HasSuffix(to, "#m-"+meeting) {
		t.Errorf("%d to %s", w.Code, to)
	}
	body = guest.sees(page, "您已反馈：谈了、准备试点、意向 80 万元", `id="m-`+meeting+`"`)
	if form := between(body, `<form id="o-`+meeting+`"`, "</form>"); !strings.Contains(form, `value="80"`) || !strings.Contains(form, "要看现场数据") || !strings.Contains(form, "改选一项即提交") {
		t.Errorf("to change it one begins anew: %s", form)
	}
}

// TestCheckInIsInSight: the code stands before the meetings until somebody is there, and
// folds then.
func TestCheckInIsInSight(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	own := h.wished()["甲公司"]
	page := "/e/" + own.Delegates[0].Code
	guest := h.office.browser()
	body := guest.sees(page, `id="check-in"`)
	if code, meetings := strings.Index(body, "/code.png"), strings.Index(body, `id="meetings"`); code > meetings || strings.Contains(body[:code], "<details class=\"panel") {
		t.Errorf("the code at %d, the meetings at %d", code, meetings)
	}
	where(t, "arrive", guest.fill(page, page+"/arrive", url.Values{"key": {"arrived-00001"}}))
	body = guest.sees(page, "已签到")
	if part := between(body, `<details class="panel walk" id="check-in">`, "</details>"); !strings.Contains(part, "/code.png") {
		t.Error("the code does not fold")
	}
	if body := guest.sees(page + "?done=wished"); h.fair.State == scene.FairClosed && !strings.Contains(body, `id="wishes" open`) {
		t.Error("what somebody just did is folded")
	}
}

// TestOutcomeSaysWhatItIsAbout: the form after a meeting says which pair a next step is
// about, as the case will be made.
func TestOutcomeSaysWhatItIsAbout(t *testing.T) {
	t.Parallel()
	h := newHeld(t, "programme", "18:30-20:30 一对一")
	h.office.organisation("OTHER", "丁公司", "91320200MA1Q7K3X0U")
	h.do("/parties", "/parties", url.Values{"lines": {"丁公司，周工"}})
	need := scene.Listing{Name: "下穿通道积水", Fields: []string{"smart_water"}, OrgID: "OTHER", Contact: scene.Contact{Person: secretPerson, Phone: secretPhone}}
	made, err := h.office.registry.Create(t.Context(), scene.Actor{ID: "o", OrgID: "OTHER", Roles: []scene.Role{scene.RoleOwner}}, registry.Entry{Opportunity: &scene.Opportunity{
		Listing: need, Need: "下穿通道每逢大雨积水，需要提前三十分钟知道会不会淹，并自动通知交管。",
	}})
	if err != nil {
		t.Fatal(err)
	}
	h.office.publish(made)
	h.office.publish(h.office.draft(scene.Actor{ID: "p", OrgID: h.office.org, Roles: []scene.Role{scene.RoleProvider}}))
	all := h.wished()
	h.before(-3 * time.Hour)
	board, err := h.fairs.Board(t.Context(), h.fair.ID)
	if err != nil {
		t.Fatal(err)
	}
	const owner = "某某科技有限公司"
	told := map[string]bool{}
	var ids []string
	for _, a := range board.Appointments(all[owner].ID, "") {
		ids = append(ids, a.ID)
	}
	topics, err := h.fairs.Topics(t.Context(), board, ids)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range board.Appointments(all[owner].ID, "") {
		topic, found := topics[a.ID]
		form := between(h.office.browser().sees("/e/"+all[owner].Delegates[0].Code), `<form id="o-`+a.ID+`"`, "</form>")
		want := "不会建对接单"
		switch {
		case found && topic.Loose:
			want = "为贵单位与" + board.Name(a.With) + "建对接单"
		case found:
			want = "“" + topic.NeedName + "”×“" + topic.OfferName + "”"
		}
		told[board.Name(a.With)] = found
		if !strings.Contains(form, want) {
			t.Errorf("%s: lacks %q: %s", board.Name(a.With), want, form)
		}
	}
	if !told["丁公司"] || len(told) != 4 || told["甲公司"] {
		t.Errorf("told of %v", told)
	}
}

// TestBrowserOutcomeComesBack: a script brings the fault to its field too, keeps what was
// typed, and goes back to the page when it is mended.
func TestBrowserOutcomeComesBack(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	own := h.wished()["甲公司"]
	server := httptest.NewServer(h.Handler())
	t.Cleanup(server.Close)
	tab := newTab(t)
	page := "/e/" + own.Delegates[0].Code
	if err := chromedp.Do(tab.ctx, chromedp.EmulateViewport(360, 740), chromedp.Navigate(server.URL+page)); err != nil {
		t.Fatal(err)
	}
	tab.wait("the form", `document.querySelector("form.taps")`)
	tab.eval(`((f) => {
		f.querySelector("details").open = true;
		f.elements.amount.value = "abc";
		f.elements.note.value = "要看现场数据";
		f.querySelector("input[name=held][value=yes]").click();
		f.querySelector("button").click();
		return "";
	})(document.querySelector("form.taps"))`)
	tab.wait("the fault", `document.activeElement.matches(".taps .field-fault")`)
	tab.wait("in sight", `((r) => r.top >= 0 && r.bottom <= innerHeight)(document.querySelector(".field-fault").getBoundingClientRect())`)
	tab.wait("what was typed", `document.querySelector(".field-fault").closest("form").elements.note.value === "要看现场数据"`)
	tab.eval(`((f) => { f.elements.amount.value = "八十万"; f.querySelector("button").click(); return ""; })(document.querySelector(".field-fault").closest("form"))`)
	tab.wait("done", `location.search === "?done=told" && !document.querySelector(".field-fault") && document.body.innerText.includes("80")`)
}
