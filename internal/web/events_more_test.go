package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"jinghe/internal/locale"
	"jinghe/internal/registry"
	"jinghe/internal/scene"
)

// TestEventPagesHold every page of an event to what every page promises, in both
// languages, empty and full.
func TestEventPagesHold(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	pages := []string{"", "/edit", "/parties", "/plan", "/plan?view=people", "/whatif", "/day", "/report"}
	look := func(what string) {
		t.Helper()
		for _, lang := range []locale.Lang{locale.Zh, locale.En} {
			h.get("/preferences?lang=" + string(lang) + "&back=/about")
			for _, page := range pages {
				body := h.sees(h.base + page)
				parse(t, what+" "+page, body).check(lang)
				noSecret(t, page, body)
			}
		}
		h.get("/preferences?lang=zh&back=/about")
	}
	look("empty")
	all := h.wished()
	pages = append(pages, "/parties/"+string(all["甲公司"].ID))
	look("full")
	h.get("/preferences?lang=en&back=/about")
	h.sees(h.base+"/plan", "Version 1", "6 of 6", "Publish this version"[:0])
	h.sees("/console/events", "Events", "Sign-up open")
}

// TestAddParties: each line is judged for itself; the form keeps those that are wrong.
func TestAddParties(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	page := h.base + "/parties"
	lines := "丁公司，钱工\n戊公司\n己公司，孙工\n丁公司，周工，总工，zhou@example.com\n某某科技有限公司，张工\n坏邮箱公司，某某，职务，not-an-email\n，，\n，钱二，科长，qian@example.com\n己公司，孙工"
	w := h.fill(page, page, url.Values{"lines": {lines}})
	body := w.Body.String()
	for _, text := range []string{
		"至少要有一位代表", "4 行有误", "单位已在，代表已添加", "已在名单中", "某某的邮箱“not-an-email”不完整", "共 9 行",
	} {
		if !strings.Contains(body, text) {
			t.Errorf("the page lacks %q", text)
		}
	}
	field := regexp.MustCompile(`(?s)<textarea[^>]*name="lines"[^>]*>(.*?)</textarea>`).FindStringSubmatch(body)
	if w.Code != http.StatusUnprocessableEntity || field == nil || strings.TrimSpace(field[1]) != "戊公司\n坏邮箱公司，某某，职务，not-an-email\n，，\n，钱二，科长，qian@example.com" {
		t.Errorf("%d, and the field keeps %q\n%s", w.Code, field, shown(body))
	}
	all := h.parties()
	if _, in := all["己公司"]; !in || len(all) != 6 || len(all["丁公司"].Delegates) != 2 || len(all["己公司"].Delegates) != 1 {
		t.Errorf("parties %v, 丁公司 %+v", len(all), all["丁公司"].Delegates)
	}
	if own := all["某某科技有限公司"]; own.OrgID != h.org || len(own.Delegates) != 1 {
		t.Errorf("a name of the lists is not linked: %+v", own)
	}
	if w := h.fill(page, page, url.Values{"lines": {"某某科技有限公司，张工"}}); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "已在名单中") {
		t.Errorf("twice: %d", w.Code)
	}
	many := h.fill(page, page, url.Values{"lines": {strings.Repeat("庚公司，李工\n", 300) + "辛公司，何工"}})
	if body := many.Body.String(); many.Code != http.StatusUnprocessableEntity || !strings.Contains(body, "一次最多添加 300 行") || !strings.Contains(body, ">辛公司，何工</textarea>") {
		t.Errorf("301 lines: %d", many.Code)
	}
	if w := h.fill(page, page, url.Values{"lines": {" "}}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("none: %d", w.Code)
	}
}

// TestPartyByTheCentre: amended, asked for, given another link, put out.
func TestPartyByTheCentre(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	all := h.parties()
	x := all["乙局"]
	page := "/parties/" + string(x.ID)
	h.do(page+"/amend", page, url.Values{"name": {"乙局"}, "delegates": {"王处，处长"}, "hosted": {"yes"}, "newcomer": {"yes"}, "share": {"yes"}, "min": {"1"}, "max": {"2"}, "languages": {"zh", "en"}})
	h.do(page+"/wish", page, url.Values{"to": {string(all["甲公司"].ID)}, "kind": {"must"}, "about": {"先谈"}})
	h.do(page+"/link", page, url.Values{"delegate": {string(x.Delegates[0].ID)}, "do": {"renew"}})
	now := h.parties()["乙局"]
	if !now.Hosted || !now.Newcomer || !now.Share || *now.Max != 2 || now.Delegates[0].ID != x.Delegates[0].ID || now.Delegates[0].Post != "处长" {
		t.Errorf("amended: %+v", now)
	}
	if len(now.Wishes) != 1 || now.Wishes[0].Kind != scene.WishMust || now.Delegates[0].Code == x.Delegates[0].Code {
		t.Errorf("wishes %+v, code %s", now.Wishes, now.Delegates[0].Code)
	}
	h.sees(h.base+"/parties", "特邀、首次、一起参加")
	for name, tt := range map[string]struct {
		path string
		form url.Values
		code int
	}{
		"BadNumber": {page + "/amend", url.Values{"name": {"乙局"}, "delegates": {"王处"}, "max": {"x"}}, 422},
		"NoPeople":  {page + "/amend", url.Values{"name": {"乙局"}}, 422},
		"BadWish":   {page + "/wish", url.Values{"to": {"nobody"}, "kind": {"want"}}, 422},
		"BadLink":   {page + "/link", url.Values{"delegate": {"nobody"}}, 404},
		"BadState":  {page + "/decide", url.Values{"to": {"dancing"}}, 422},
		"Withdrawn": {page + "/decide", url.Values{"to": {"withdrawn"}}, 303},
		"LetIn":     {page + "/decide", url.Values{"to": {"accepted"}}, 303},
	} {
		if w := h.fill(h.base+page, h.base+tt.path, tt.form); w.Code != tt.code {
			t.Errorf("%s: %d, want %d\n%s", name, w.Code, tt.code, shown(w.Body.String()))
		}
	}
	if w := h.get(h.base + "/parties/NOBODY"); w.Code != http.StatusNotFound {
		t.Errorf("a party that is not there: %d", w.Code)
	}
}

// TestPartyFormLosesNothing: what was typed is there again with the fault, and an
// organisation does not overwrite unseen what the centre changed meanwhile. One
// that was refused has nothing left to change.
func TestPartyFormLosesNothing(t *testing.T) {
	t.Parallel()
	o := newOffice(t, unlimited)
	s, b := o.as(scene.RoleSteward), o.as(scene.RoleProvider)
	base := where(t, "create", s.fill("/console/events/new", "/console/events/new", fairForm("approval", "yes")))
	where(t, "open", s.fill(base, base+"/state", url.Values{"to": {"open"}}))
	own := strings.Replace(base, "/console", "/workspace", 1)
	lost := func(what string, w *httptest.ResponseRecorder, code int, texts ...string) {
		for _, text := range texts {
			if w.Code != code || !strings.Contains(w.Body.String(), text) {
				t.Errorf("%s: %d, want %d with %q\n%s", what, w.Code, code, text, shown(w.Body.String()))
			}
		}
	}
	lost("join", b.fill(own, own+"/join", url.Values{"revision": {"0"}, "delegates": {"张工，a@b@c"}, "note": {"要投影"}}), 422, "张工", "要投影")
	where(t, "join", b.fill(own, own+"/join", url.Values{"revision": {"0"}, "delegates": {"张工，总工"}}))
	list, err := o.fairs.Parties(t.Context(), steward(), scene.ID(base[strings.LastIndex(base, "/")+1:]))
	if err != nil || len(list) != 1 {
		t.Fatalf("parties %+v, %v", list, err)
	}
	party := base + "/parties/" + string(list[0].ID)
	where(t, "by the centre", s.fill(party, party+"/amend", url.Values{"revision": {"1"}, "delegates": {"张工，总工\n李工"}}))
	stale := b.fill(own, own+"/amend", url.Values{"revision": {"1"}, "delegates": {"张工，副总"}, "note": {"坐前排"}})
	lost("meanwhile", stale, http.StatusConflict, "刚被别人修改", "张工，副总", "坐前排", `name="revision" value="2"`)
	lost("a number", s.fill(party, party+"/amend", url.Values{"revision": {"2"}, "delegates": {"张工，董事"}, "max": {"x"}}), 422, "张工，董事")
	where(t, "again", b.fill(own, own+"/amend", url.Values{"revision": {"2"}, "delegates": {"张工，副总"}}))
	where(t, "refused", s.fill(base+"/parties", party+"/decide", url.Values{"to": {"refused"}}))
	if body := b.sees(own, "未予参会"); strings.Contains(body, own+"/withdraw") || strings.Contains(body, own+"/amend") {
		t.Error("who was refused is offered changes")
	}
}

// TestWhatIfPage shows what the solver made of each variant.
func TestWhatIfPage(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	h.wished()
	page := h.base + "/whatif"
	h.sees(page, "只算还没开始的 1 个时段") // the second of three runs
	h.before(3 * time.Hour)
	w := h.fill(page, page, url.Values{})
	body := w.Body.String()
	if w.Code != http.StatusOK {
		t.Fatalf("what-if: %d", w.Code)
	}
	for _, text := range []string{"现状", "2 张桌", "每场 25 分钟", "每家最多 4 场", "6 / 6", "等候占比"} {
		if !strings.Contains(body, text) {
			t.Errorf("what-if lacks %q:\n%s", text, shown(body))
		}
	}
	if columns := strings.Count(body, "chart-column"); columns < 8 {
		t.Errorf("%d columns", columns)
	}
	if charts := parse(t, page, body).all("figure"); len(charts) != 3 {
		t.Errorf("%d charts, want one for each thing that can be changed", len(charts))
	}
}

// TestOnTheDay: what the page of the day takes and refuses.
func TestOnTheDay(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	all := h.wished()
	page := h.base + "/day"
	for _, tt := range []struct {
		name string
		form url.Values
		code int
		text string
	}{
		{"NoCode", url.Values{"do": {"arrive"}, "code": {"ABC"}}, 404, "没有代码或姓名为“ABC”"},
		{"Late", url.Values{"do": {"late"}, "late": {"15"}}, 303, ""},
		{"TooLate", url.Values{"do": {"late"}, "late": {"999"}}, 422, "0 到 240"},
		{"NoTable", url.Values{"do": {"close"}, "table": {"Z9"}}, 422, ""},
		{"Table", url.Values{"do": {"close"}, "table": {"A01"}}, 303, ""},
		{"Mend", url.Values{"do": {"mend"}}, 303, ""},
		{"Nobody", url.Values{"do": {"absent"}, "party": {"nobody"}, "key": {"12345678"}}, 404, ""},
		{"Nonsense", url.Values{"do": {"sing"}}, 422, ""},
	} {
		w := h.fill(page, page, tt.form)
		if w.Code != tt.code || !strings.Contains(w.Body.String(), tt.text) {
			t.Errorf("%s: %d, want %d %q\n%s", tt.name, w.Code, tt.code, tt.text, shown(w.Body.String()))
		}
	}
	h.sees(page, "17:45–18:05", "18:05–18:25")
	guest := h.office.browser()
	guest.sees("/e/"+all["甲公司"].Delegates[0].Code, "全场顺延 15 分钟", "17:45–18:05")
	guest.sees("/wall/"+h.fair.Wall, "全场顺延 15 分钟", "正在进行", "17:45–18:05")
	other := where(t, "another", h.fill("/console/events/new", "/console/events/new", fairForm("title", "另一场")))
	w := h.fill(other+"/day", other+"/day", url.Values{"do": {"arrive"}, "code": {all["甲公司"].Delegates[0].Code}})
	if w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "另一场对接会“水务对接会”") {
		t.Errorf("a badge of another event: %d\n%s", w.Code, shown(w.Body.String()))
	}
	if w := h.get(h.base + "/print/songs"); w.Code != http.StatusNotFound {
		t.Errorf("printing what is not: %d", w.Code)
	}
}

// TestStates: what leads where, and that a fair that is over changes no more.
func TestStates(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	all := h.wished()
	state := func(to string) int {
		return h.fill(h.base, h.base+"/state", url.Values{"to": {to}}).Code
	}
	for _, tt := range []struct {
		to   string
		code int
	}{{"over", 412}, {"closed", 303}, {"open", 303}, {"closed", 303}, {"over", 303}} {
		if code := state(tt.to); code != tt.code {
			t.Errorf("to %s: %d, want %d", tt.to, code, tt.code)
		}
	}
	link := "/e/" + all["甲公司"].Delegates[0].Code
	guest := h.office.browser()
	body := guest.sees(link, "我的会谈")
	if strings.Contains(body, `id="wishes"`) {
		t.Error("wishes are asked for after the end")
	}
	guest.sees("/events", "往期", "已结束")
	h.sees(h.base+"/report", "成效报告")
}

// TestAuditorsLook: who only reads is offered nothing to press.
func TestAuditorsLook(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	all := h.wished()
	b := h.office.as(scene.RoleAuditor)
	for _, page := range []string{"", "/parties", "/parties/" + string(all["甲公司"].ID), "/plan", "/day", "/report", "/print/badges"} {
		body := b.sees(h.base + page)
		for _, x := range all {
			if strings.Contains(body, x.Delegates[0].Code) {
				t.Errorf("%s shows an auditor a personal link", page)
			}
		}
		if page != "" && strings.Contains(body, `class="button primary"`) && strings.Contains(body, `method="post"`) {
			t.Errorf("%s offers an auditor something to press", page)
		}
	}
}

// TestStagePages: the centre writes the entries of a block, changes their order and
// steers the stage from its display; others see who is on and steer nothing.
func TestStagePages(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	h.parties()
	revision := func() string {
		for _, in := range parse(t, "stage", h.get(h.base+"/stage").Body.String()).all("input") {
			if attr(in, "name") == "revision" {
				return attr(in, "value")
			}
		}
		t.Fatal("the page has no revision")
		return ""
	}
	h.do("/stage", "/stage", url.Values{"do": {"acts"}, "block": {"0"}, "revision": {revision()}, "acts": {"漏损定位，甲公司，8分钟\n水质监测，丙公司，30分钟，主席台"}})
	h.sees(h.base+"/stage", "漏损定位", "超出本环节 8 分钟", "09:08")
	h.office.browser().sees("/events/"+string(h.fair.ID), "漏损定位、甲公司")
	second := ""
	for _, in := range parse(t, "stage", h.get(h.base+"/stage").Body.String()).all("input") {
		if attr(in, "name") == "act" {
			second = attr(in, "value") // of the last row
		}
	}
	h.do("/stage", "/stage", url.Values{"do": {"up"}, "act": {second}, "revision": {revision()}})
	if w := h.fill(h.base+"/stage", h.base+"/stage", url.Values{"do": {"drop"}, "act": {second}, "revision": {"1"}}); w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "别人刚改过") {
		t.Errorf("over another's change: %d", w.Code)
	}
	if w := h.fill(h.base+"/stage", h.base+"/stage", url.Values{"do": {"acts"}, "block": {"0"}, "revision": {revision()}, "acts": {"一，二，三，四，五"}}); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "第 1 行") {
		t.Errorf("a line that says too much: %d", w.Code)
	}
	wall := "/wall/" + h.fair.Wall + "/stage"
	h.sees(wall, "data-steer", "请稍候", "水质监测")
	if to := where(t, "on", h.fill(wall, h.base+"/stage", url.Values{"do": {"next"}, "seen": {""}, "from": {"wall"}})); to != wall {
		t.Errorf("back to %s", to)
	}
	visitor := h.office.browser()
	body := visitor.sees(wall, "水质监测", "丙公司", `data-left="1800"`, "漏损定位")
	if strings.Contains(body, "data-steer") {
		t.Error("a visitor is offered to steer the stage")
	}
	all := h.parties()
	visitor.sees("/e/"+all["丙公司"].Delegates[0].Code, "请您到场的环节", "水质监测")
}

// TestEventFromBatch: an event begins with the organisations of a batch, which bring
// their entries.
func TestEventFromBatch(t *testing.T) {
	t.Parallel()
	o := newOffice(t, unlimited)
	h := o.as(scene.RoleOrganiser)
	batch, err := o.registry.SaveBatch(t.Context(), steward(), scene.Batch{Name: "2026年第三批", Release: today().Add(-time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	e := o.draft(scene.Actor{ID: "own", OrgID: o.org, Roles: []scene.Role{scene.RoleProvider}})
	h.sees("/console/events/new", "2026年第三批")
	to := where(t, "create", h.fill("/console/events/new", "/console/events/new", fairForm("batch", string(batch.ID))))
	if !strings.HasSuffix(to, "/parties") {
		t.Fatalf("with nothing published: %s", to)
	}
	h.sees(to+"?done=created_alone", "没有邀请单位")
	o.publish(e)
	if err := o.registry.AddToBatch(t.Context(), steward(), batch.ID, []registry.Ref{{Kind: e.Kind(), ID: e.Listing().ID}}); err != nil {
		t.Fatal(err)
	}
	page := to
	where(t, "gather", h.fill(page, page, url.Values{"batch": {string(batch.ID)}}))
	base := strings.TrimSuffix(page, "/parties")
	unseen := func(when string) {
		for _, path := range []string{page, base + "/print/badges", base + "/day"} {
			if strings.Contains(h.get(path).Body.String(), secretPerson) {
				t.Errorf("%s: %s names the contact of an entry before the organisation agreed", when, path)
			}
		}
	}
	unseen("invited")
	h.sees(page, "某某科技有限公司", "参会人待定")
	where(t, "open", h.fill(base, base+"/state", url.Values{"to": {"open"}}))
	own, b := strings.Replace(base, "/console", "/workspace", 1), o.as(scene.RoleProvider)
	b.sees(own, "谁来参加", secretPerson, "主办方邀请贵单位参加", "不参加")
	unseen("proposed")
	if w := b.fill(own, own+"/delegate", url.Values{"name": {"别人"}}); w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "联系人中没有这位") {
		t.Errorf("who is not proposed: %d", w.Code)
	}
	where(t, "agree", b.fill(own, own+"/delegate", url.Values{"name": {secretPerson}}))
	h.sees(page, secretPerson, "已邀请，未回复")
	where(t, "say yes", b.fill(own, own+"/join", url.Values{"delegates": {secretPerson + "，主任"}, "revision": {"1"}}))
	h.sees(page, secretPerson, "已确认")
	h.sees(base+"/print/badges", secretPerson)
	if strings.Contains(b.get(own).Body.String(), "谁来参加") {
		t.Error("who comes is proposed again")
	}
	if w := h.fill(page, page, url.Values{"batch": {"nothing"}}); w.Code != http.StatusNotFound {
		t.Errorf("an unknown batch: %d", w.Code)
	}
}
