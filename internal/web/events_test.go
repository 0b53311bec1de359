package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"jinghe/internal/account"
	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/web"
)

// fairForm is a morning of meetings on the day of the tests, whose clock says noon.
func fairForm(more ...string) url.Values {
	v := url.Values{
		"title": {"水务对接会"}, "theme": {"管网漏损"}, "place": {"会展中心"}, "day": {today().Format("2006-01-02")},
		"programme": {"09:00-09:30 开幕 致辞\n17:30-18:30 一对一"}, "halls": {"A 4 一号厅"}, "minutes": {"20"}, "pause": {"0"},
		"mode": {"organiser"}, "min": {"1"}, "max": {"6"}, "max_open": {"8"}, "max_musts": {"2"},
	}
	for i := 0; i+1 < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return v
}

// clock is the time of an office in which an event is planned before it is held.
type clock struct{ early atomic.Int64 }

func (c *clock) set(config *web.Config, _ *account.Config) {
	config.Now = func() time.Time { return today().Add(-time.Duration(c.early.Load())) }
}

// before turns the clock to so long before the time of the tests.
func (c *clock) before(d time.Duration) { c.early.Store(int64(d)) }

// unlimited takes the rates away: a test sends more than a person does.
func unlimited(c *web.Config, _ *account.Config) { c.Rates = map[web.Class]web.Rate{} }

// where is the path that an answer leads to, without what was done.
func where(t *testing.T, what string, w *httptest.ResponseRecorder) string {
	t.Helper()
	if w.Code != http.StatusSeeOther {
		t.Fatalf("%s: %d\n%s", what, w.Code, shown(w.Body.String()))
	}
	path, _, _ := strings.Cut(w.Header().Get("Location"), "?")
	return path
}

// shown is the text of a page, cut.
func shown(body string) string {
	text := regexp.MustCompile(`(?s)<[^>]*>`).ReplaceAllString(body, " ")
	text = strings.Join(strings.Fields(text), " ")
	return text[:min(len(text), 3000)]
}

// held is a fair with parties that wish, made by the pages of the centre.
type held struct {
	*browser
	*clock
	base string
	fair scene.Fair
}

func newHeld(t *testing.T, more ...string) *held {
	t.Helper()
	now := &clock{}
	o := newOffice(t, unlimited, now.set)
	h := &held{browser: o.as(scene.RoleOrganiser), clock: now}
	h.base = where(t, "create", h.fill("/console/events/new", "/console/events/new", fairForm(more...)))
	h.do("/state", "/", url.Values{"to": {"open"}})
	h.do("/parties", "/parties", url.Values{"lines": {
		"某某科技有限公司，张工，总工，z@example.com\n甲公司,李工\n乙局；王处\n丙公司，赵经理",
	}})
	return h
}

// do sends a form of the event and wants it done.
func (h *held) do(path, page string, form url.Values) string {
	h.t.Helper()
	return where(h.t, path, h.fill(h.base+strings.TrimSuffix(page, "/"), h.base+path, form))
}

// parties reads them as the service has them.
func (h *held) parties() map[string]scene.FairParty {
	h.t.Helper()
	fairs, err := h.fairs.Fairs(h.t.Context(), steward())
	if err != nil || len(fairs) != 1 {
		h.t.Fatalf("%d fairs, %v", len(fairs), err)
	}
	h.fair = fairs[0]
	list, err := h.fairs.Parties(h.t.Context(), steward(), fairs[0].ID)
	if err != nil {
		h.t.Fatal(err)
	}
	all := map[string]scene.FairParty{}
	for _, p := range list {
		all[p.Name] = p
	}
	return all
}

func steward() scene.Actor {
	return scene.Actor{ID: "s", Name: "s", Roles: []scene.Role{scene.RoleSteward}}
}

// wished has everybody want everybody, and publishes a plan of it.
func (h *held) wished() map[string]scene.FairParty {
	h.t.Helper()
	all := h.parties()
	guest := h.office.browser()
	for _, from := range all {
		for _, to := range all {
			if from.ID == to.ID {
				continue
			}
			page := "/e/" + from.Delegates[0].Code
			where(h.t, "wish", guest.fill(page, page+"/wish", url.Values{"to": {string(to.ID)}, "kind": {"want"}, "about": {"谈谈漏损"}}))
		}
	}
	h.before(3 * time.Hour) // when nothing of it had begun
	defer h.before(0)
	h.do("/plan", "/plan", url.Values{"do": {"solve"}, "seconds": {"10"}})
	h.fairs.Await(h.t.Context(), h.fair.ID)
	page := parse(h.t, "plan", h.get(h.base+"/plan").Body.String())
	revision := ""
	for _, in := range page.all("input") {
		if attr(in, "name") == "revision" {
			revision = attr(in, "value")
		}
	}
	h.do("/plan", "/plan", url.Values{"do": {"publish"}, "revision": {revision}})
	return all
}

// sees wants texts on a page.
func (b *browser) sees(path string, texts ...string) string {
	b.t.Helper()
	w := b.get(path)
	if w.Code != http.StatusOK {
		b.t.Fatalf("%s: %d\n%s", path, w.Code, shown(w.Body.String()))
	}
	body := w.Body.String()
	for _, text := range texts {
		if !strings.Contains(body, text) {
			b.t.Errorf("%s lacks %q:\n%s", path, text, shown(body))
		}
	}
	return body
}

// TestEventByThePages plays a fair by forms alone: make, invite, wish, plan,
// publish, check in, a no-show, outcomes, report.
func TestEventByThePages(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	all := h.wished()
	h.sees(h.base+"/plan", "第 1 版", "甲公司 × 乙局", "A01", "6 / 6")
	h.sees(h.base+"/plan?view=people", "乙局", "A01 ")
	first := all["甲公司"]
	phone := "/e/" + first.Delegates[0].Code
	guest := h.office.browser()
	body := guest.sees(phone, "李工", "甲公司", "乙局", "谈谈漏损", phone+"/code.png")
	if w := guest.get(phone + "/code.png"); w.Code != http.StatusOK || !strings.HasPrefix(w.Body.String(), "\x89PNG") {
		t.Errorf("picture of the code: %d", w.Code)
	}
	if strings.Contains(body, "z@example.com") || strings.Contains(body, "Z@example.com") {
		t.Error("a delegate's mail is on the page of another")
	}
	h.do("/day", "/day", url.Values{"do": {"arrive"}, "code": {"http://x.example" + strings.ToLower(phone)}})
	h.sees(h.base+"/day", "该到未到", "1 / 4")
	guest.sees(phone, "已签到")
	if to := h.do("/day", "/day", url.Values{"do": {"absent"}, "party": {string(all["丙公司"].ID)}, "key": {"absent-000001"}}); to != h.base+"/plan" {
		t.Errorf("a no-show leads to %s", to)
	}
	h.sees(h.base+"/plan", "草案", "一方不在")
	where(t, "outcome", guest.fill(phone, phone+"/outcome", url.Values{
		"meeting": {meetingOf(t, h, first, "")}, "key": {"tapped-000001"}, "held": {"yes"}, "worth": {"3"}, "next": {"pilot"}, "amount": {"12.5"},
	}))
	guest.sees(phone, "您已反馈：谈了、准备试点")
	h.sees(h.base+"/report", "12.5", "先到先得", "准备试点")
	w := h.get(h.base + "/report.xlsx")
	if w.Code != http.StatusOK || !strings.HasPrefix(w.Body.String(), "PK") || !strings.Contains(w.Header().Get("Content-Type"), "spreadsheetml") {
		t.Errorf("workbook: %d %v", w.Code, w.Header())
	}
	if w := h.get(h.base + "/report.docx"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "word/document.xml") {
		t.Errorf("paper: %d %v", w.Code, w.Header())
	}
	for what, text := range map[string]string{"tables": "A01", "badges": "总工 · 某某科技有限公司", "schedules": "赵经理"} {
		h.sees(h.base+"/print/"+what, text)
	}
	h.sees("/console/events", "水务对接会", "报名中")
	h.sees(h.base, "会展中心", "4 张洽谈桌")
}

// meetingOf is a meeting of a party that has begun, by the page of its plan.
func meetingOf(t *testing.T, h *held, p scene.FairParty, with string) string {
	t.Helper()
	b, err := h.fairs.Board(t.Context(), h.fair.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range b.Appointments(p.ID, "") {
		if with == "" || b.Name(a.With) == with {
			return a.ID
		}
	}
	t.Fatal("no meeting")
	return ""
}

// TestEventRefusals: what is wrong is told on the form, and nothing is lost of
// what was typed.
func TestEventRefusals(t *testing.T) {
	t.Parallel()
	o := newOffice(t, unlimited)
	b := o.as(scene.RoleSteward)
	for name, tt := range map[string]struct {
		form url.Values
		text string
	}{
		"NoTitle":   {fairForm("title", " "), "必填"},
		"NoDay":     {fairForm("day", "明天"), "请填写日期"},
		"Programme": {fairForm("programme", "09:00 开会"), "第 1 行“09:00 开会”看不懂时间"},
		"Kind":      {fairForm("programme", "09:00-10:00 聚餐"), "看不懂环节"},
		"Halls":     {fairForm("halls", "一号厅"), "看不懂，请写成"},
		"Overlap":   {fairForm("programme", "09:00-10:00 开幕 甲\n09:30-11:00 一对一 乙"), "时间重叠"},
		"Minutes":   {fairForm("minutes", "2"), "5 到 240 分钟"},
		"MinMax":    {fairForm("min", "9", "max", "3"), "最少场次不能多于最多场次"},
		"Musts":     {fairForm("max_musts", "20"), "必见数不能多于"},
	} {
		w := b.fill("/console/events/new", "/console/events/new", tt.form)
		body := w.Body.String()
		if w.Code != http.StatusUnprocessableEntity || !strings.Contains(body, tt.text) {
			t.Errorf("%s: %d, want %q:\n%s", name, w.Code, tt.text, shown(body))
		}
		if typed := tt.form.Get("programme"); !strings.Contains(body, typed) {
			t.Errorf("%s: what was typed is lost", name)
		}
		if !strings.Contains(body, `action="/console/events/new"`) {
			t.Errorf("%s: the form goes elsewhere when it is sent again", name)
		}
	}
}

// TestPlannedPlacesStay: a table under a published meeting cannot be taken away.
func TestPlannedPlacesStay(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	h.wished()
	w := h.fill(h.base+"/edit", h.base+"/edit", fairForm("revision", "2", "minutes", "15"))
	if w.Code != http.StatusPreconditionFailed || !strings.Contains(w.Body.String(), "已发布的安排不变") {
		t.Errorf("another grid: %d\n%s", w.Code, shown(w.Body.String()))
	}
	h.sees(h.base+"/plan", "第 1 版")
	page := h.base + "/plan"
	for name, tt := range map[string]struct {
		form url.Values
		code int
		text string
	}{
		"NoDraft":   {url.Values{"do": {"publish"}, "revision": {"1"}}, 412, "没有草案"},
		"NoMeeting": {url.Values{"do": {"lock"}, "meeting": {"x~y"}}, 404, ""},
		"Nonsense":  {url.Values{"do": {"dance"}}, 422, ""},
		"NoPlace":   {url.Values{"do": {"move"}, "meeting": {meetingOf(t, h, h.parties()["甲公司"], "")}, "slot": {"never"}, "table": {"A01"}}, 422, "没有这个时段"},
	} {
		w := h.fill(page, page, tt.form)
		if w.Code != tt.code || !strings.Contains(w.Body.String(), tt.text) {
			t.Errorf("%s: %d, want %d %q\n%s", name, w.Code, tt.code, tt.text, shown(w.Body.String()))
		}
	}
	clash := url.Values{"do": {"move"}, "meeting": {meetingOf(t, h, h.parties()["甲公司"], "乙局")}}
	b, err := h.fairs.Board(t.Context(), h.fair.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range b.Appointments(h.parties()["甲公司"].ID, "") {
		if b.Name(a.With) == "丙公司" {
			clash.Set("slot", a.Round.Slot.ID)
			clash.Set("table", "A04")
		}
	}
	w = h.fill(page, page, clash)
	if w.Code != http.StatusPreconditionFailed || !strings.Contains(w.Body.String(), "甲公司") || !strings.Contains(w.Body.String(), "不能移到那里") {
		t.Errorf("a clash: %d\n%s", w.Code, shown(w.Body.String()))
	}
}

// TestGuests: a personal page answers its code alone, keeps others' contacts, and
// a guesser is slowed down.
func TestGuests(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	all := h.parties()
	code := all["甲公司"].Delegates[0].Code
	guest := h.office.browser()
	page := "/e/" + code
	w := guest.get(page)
	if w.Header().Get("Referrer-Policy") != "no-referrer" || !strings.Contains(w.Body.String(), `name="robots" content="noindex"`) {
		t.Errorf("the address of a personal page may leak: %v", w.Header())
	}
	parse(t, page, w.Body.String()).check(locale.Zh)
	for name, tt := range map[string]struct {
		path string
		form url.Values
		code int
	}{
		"WishNobody":     {"/wish", url.Values{"to": {"nobody"}, "kind": {"want"}}, 422},
		"OutcomeNoPlan":  {"/outcome", url.Values{"meeting": {"x~y"}, "held": {"yes"}, "key": {"12345678"}}, 412},
		"OutcomeSilent":  {"/outcome", url.Values{"meeting": {"x~y"}, "key": {"12345678"}}, 422},
		"OutcomeAmount":  {"/outcome", url.Values{"meeting": {"x~y"}, "held": {"yes"}, "amount": {"很多"}, "key": {"12345678"}}, 422},
		"AwayNoSuchSlot": {"/away", url.Values{"away": {"0101-0000"}}, 422},
		"Away":           {"/away", url.Values{"away": {h.slot(0)}}, 303},
		"Arrive":         {"/arrive", url.Values{"key": {"arrived-xyz"}}, 303},
	} {
		if w := guest.fill(page, page+tt.path, tt.form); w.Code != tt.code {
			t.Errorf("%s: %d, want %d\n%s", name, w.Code, tt.code, shown(w.Body.String()))
		}
	}
	if w := guest.get("/e/AAAAAAAAAAAAAAAAAAAA"); w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "无效或已停用") {
		t.Errorf("a code that never was: %d", w.Code)
	}
	if w := guest.post(page+"/wish", url.Values{"to": {"x"}}); w.Code != http.StatusForbidden {
		t.Errorf("a form without its token: %d", w.Code)
	}
	h.do("/parties/"+string(all["甲公司"].ID)+"/link", "/parties/"+string(all["甲公司"].ID), url.Values{"delegate": {string(all["甲公司"].Delegates[0].ID)}, "do": {"revoke"}})
	if w := guest.get(page); w.Code != http.StatusNotFound {
		t.Errorf("a revoked link: %d", w.Code)
	}
	if w := guest.get(page + "/calendar.ics"); w.Code != http.StatusNotFound {
		t.Errorf("the calendar of a revoked link: %d", w.Code)
	}
}

func (h *held) slot(i int) string {
	h.t.Helper()
	h.parties()
	return h.fair.Slots[i].ID
}

func TestGuessingCodes(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.browser()
	codes := map[int]int{}
	for range 30 {
		codes[b.get("/e/GUESSGUESSGUESSGUESS").Code]++
	}
	if codes[http.StatusNotFound] != 20 || codes[http.StatusTooManyRequests] != 10 {
		t.Errorf("thirty guesses were answered %v", codes)
	}
}

// TestCalendarFeed: a meeting keeps its UID through versions, its sequence rises,
// and what was dropped is cancelled.
func TestCalendarFeed(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	all := h.wished()
	feed := func() string {
		w := h.office.browser().get("/e/" + all["甲公司"].Delegates[0].Code + "/calendar.ics")
		if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/calendar") {
			t.Fatalf("feed: %d %v", w.Code, w.Header())
		}
		return strings.ReplaceAll(w.Body.String(), "\r\n ", "")
	}
	uid, sequence := regexp.MustCompile(`UID:(\S+)`), regexp.MustCompile(`SEQUENCE:(\d+)`)
	before := feed()
	ids := uid.FindAllString(before, -1)
	if len(ids) != 3 || !strings.Contains(before, "SUMMARY:洽谈：乙局") || !strings.Contains(before, "LOCATION:会展中心 A0") {
		t.Fatalf("feed:\n%s", before)
	}
	b, err := h.fairs.Board(t.Context(), h.fair.ID)
	if err != nil {
		t.Fatal(err)
	}
	last := b.Appointments(all["甲公司"].ID, "")[2] // not over yet
	h.do("/day", "/day", url.Values{"do": {"absent"}, "party": {string(last.With)}, "key": {"absent-000009"}})
	d, err := h.fairs.Draft(t.Context(), steward(), h.fair.ID)
	if err != nil || d == nil {
		t.Fatal(err)
	}
	if _, err := h.fairs.Publish(t.Context(), steward(), h.fair.ID, d.Row.Revision, nil); err != nil {
		t.Fatal(err)
	}
	after := feed()
	for _, id := range ids {
		if !strings.Contains(after, id) {
			t.Errorf("%s is gone:\n%s", id, after)
		}
	}
	if !strings.Contains(after, "STATUS:CANCELLED") || strings.Contains(before, "STATUS:CANCELLED") {
		t.Errorf("a dropped meeting is not cancelled:\n%s", after)
	}
	if a, b := sequence.FindStringSubmatch(before)[1], sequence.FindStringSubmatch(after)[1]; a >= b {
		t.Errorf("sequence %s, then %s", a, b)
	}
}

// TestOwnPart: an organisation signs up, wishes and withdraws from its workspace.
func TestOwnPart(t *testing.T) {
	t.Parallel()
	o := newOffice(t, unlimited)
	s := o.as(scene.RoleSteward)
	base := where(t, "create", s.fill("/console/events/new", "/console/events/new", fairForm("approval", "yes")))
	own := strings.Replace(base, "/console", "/workspace", 1)
	b := o.as(scene.RoleProvider)
	if w := b.get(own); w.Code != http.StatusNotFound {
		t.Errorf("one in preparation: %d", w.Code)
	}
	where(t, "open", s.fill(base, base+"/state", url.Values{"to": {"open"}}))
	b.sees("/workspace/events", "水务对接会", "报名中")
	b.sees(own, "提交报名", "报名后由组织方确认")
	if w := b.fill(own, own+"/join", url.Values{"delegates": {""}}); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "至少要有一位代表") {
		t.Errorf("without a delegate: %d\n%s", w.Code, shown(w.Body.String()))
	}
	where(t, "join", b.fill(own, own+"/join", url.Values{"delegates": {"张工，总工\n李工"}, "share": {"yes"}, "languages": {"zh", "en"}}))
	b.sees(own, "待确认")
	if w := b.fill(own, own+"/join", url.Values{"delegates": {"张工"}}); w.Code != http.StatusConflict {
		t.Errorf("twice: %d", w.Code)
	}
	where(t, "add", s.fill(base+"/parties", base+"/parties", url.Values{"lines": {"乙局，王处"}}))
	list, err := o.fairs.Parties(t.Context(), steward(), scene.ID(base[strings.LastIndex(base, "/")+1:]))
	if err != nil || len(list) != 2 || list[0].State != scene.PartyApplied {
		t.Fatalf("parties %+v, %v", list, err)
	}
	where(t, "let in", s.fill(base+"/parties", base+"/parties/"+string(list[0].ID)+"/decide", url.Values{"to": {"accepted"}}))
	body := b.sees(own, "已确认", "/e/"+list[0].Delegates[0].Code, "乙局")
	if strings.Contains(body, list[1].Delegates[0].Code) {
		t.Error("the link of another party is shown")
	}
	where(t, "wish", b.fill(own, own+"/wish", url.Values{"to": {string(list[1].ID)}, "kind": {"must"}}))
	b.sees(own, "必见 1 / 2")
	where(t, "amend", b.fill(own, own+"/amend", url.Values{"delegates": {"张工，副总"}, "hosted": {"yes"}, "max": {"99"}}))
	x, err := o.fairs.Party(t.Context(), steward(), list[0].ID)
	if err != nil || len(x.Delegates) != 1 || x.Delegates[0].Code != list[0].Delegates[0].Code || x.Hosted || x.Max != nil {
		t.Errorf("amended: %+v, %v; who stays keeps his link, and what is the organisers' to say stays", x, err)
	}
	where(t, "withdraw", b.fill(own, own+"/withdraw", url.Values{}))
	b.sees(own, "提交报名")

	// Nothing of one that is over is offered to be changed.
	where(t, "let in again", s.fill(base+"/parties", base+"/parties/"+string(list[0].ID)+"/decide", url.Values{"to": {"accepted"}}))
	b.sees(own, "已确认", own+"/wish")
	for _, to := range []string{"closed", "over"} {
		where(t, to, s.fill(base, base+"/state", url.Values{"to": {to}}))
	}
	if _, main, _ := strings.Cut(b.sees(own, "已结束", "已确认"), "<main"); strings.Contains(main, `method="post"`) {
		t.Errorf("one that is over has a form:\n%s", shown(main))
	}
}

// TestVisitorsAndEvents: what is in preparation is nobody's business.
func TestVisitorsAndEvents(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	h.parties()
	v := h.office.browser()
	public := strings.Replace(h.base, "/console", "", 1)
	body := v.sees("/events", "水务对接会", "报名中")
	body += v.sees(public, "开幕：致辞", "17:30–18:30", "登录后报名")
	for _, p := range h.parties() {
		if strings.Contains(body, p.Name) {
			t.Errorf("visitors see that %s takes part", p.Name)
		}
	}
	draft := where(t, "create", h.fill("/console/events/new", "/console/events/new", fairForm("title", "未定")))
	if w := v.get(strings.Replace(draft, "/console", "", 1)); w.Code != http.StatusNotFound {
		t.Errorf("a visitor at one in preparation: %d", w.Code)
	}
	if strings.Contains(v.sees("/events"), "未定") {
		t.Error("one in preparation is listed")
	}
}
