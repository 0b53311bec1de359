package app_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"jinghe/internal/agenda"
	"jinghe/internal/app"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/testkit"
)

const (
	fairParties  = 60
	fairPassword = "only for this test 7 s"
)

// hallClock is a clock that a test sets on.
type hallClock struct {
	began time.Time
	ahead atomic.Int64 // nanoseconds
}

func (c *hallClock) now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

// set has the clock say hour and minute, in China, on the day of the fair.
func (c *hallClock) set(hour, minute int) {
	at := time.Date(2027, 3, 18, hour, minute, 0, 0, time.FixedZone("Asia/Shanghai", 8*60*60))
	c.ahead.Store(int64(at.Sub(c.began)))
}

// hallApp is a running program with the sample city, a steward and such a clock.
func hallApp(t *testing.T) (*app.App, *hallClock) {
	t.Helper()
	clock := &hallClock{began: time.Now()}
	clock.set(8, 30)
	options := testOptions(io.Discard)
	options.Demo, options.Now = true, clock.now
	a, err := app.Open(t.Context(), testConfig(t.TempDir()), options)
	if err != nil {
		t.Fatal(err)
	}
	closeAfter(t, a)
	if err := a.LoadSampleCity(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := a.User(t.Context(), app.UserRequest{Do: "add", Login: "steward", Name: "专员", Roles: []scene.Role{scene.RoleSteward}, Password: fairPassword}); err != nil {
		t.Fatal(err)
	}
	if err := a.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	<-a.Ready()
	return a, clock
}

// sender fills forms without a browser.
type sender struct {
	t    *testing.T
	base string
	http *http.Client
}

func newSender(t *testing.T, a *app.App) *sender {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &sender{t: t, base: strings.TrimSuffix(a.URL(), "/"), http: &http.Client{
		Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// ask returns the status of the answer and its text.
func (s *sender) ask(method, path string, body io.Reader) (status int, page string) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.base+path, body)
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := s.http.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

// fill posts a form with the token of the page it stands on, and wants it done.
func (s *sender) fill(page, path string, form url.Values) {
	s.t.Helper()
	_, text := s.ask(http.MethodGet, page, nil)
	form.Set("form_token", formToken(s.t, text))
	status, text := s.ask(http.MethodPost, path, strings.NewReader(form.Encode()))
	if status != http.StatusSeeOther {
		s.t.Fatalf("POST %s: %d\n%.2000s", path, status, text)
	}
}

// formToken finds the token of the form that a page shows.
func formToken(t *testing.T, page string) string {
	t.Helper()
	token := regexp.MustCompile(`name="form_token" value="([^"]+)"`).FindStringSubmatch(page)
	if token == nil {
		t.Fatalf("no form on the page\n%.500s", page)
	}
	return token[1]
}

// TestFair plays an event with sixty parties of the sample city: sign-up,
// wishes, plan, publication, five who do not come, what came of it. What people
// look at most goes through a browser, the mass through forms.
func TestFair(t *testing.T) {
	t.Parallel()
	page := testkit.Chromium(t)
	a, clock := hallApp(t)
	w := newWalker(t, page, a)
	w.signIn("steward", fairPassword)
	makeFair(w)
	base := w.eval(`location.pathname`)
	id := scene.ID(base[strings.LastIndex(base, "/")+1:])
	staff := newSender(t, a)
	staff.fill("/sign-in", "/sign-in", url.Values{"login": {"steward"}, "password": {fairPassword}})
	last := signParties(t, a, staff, base)
	comeAlong(w, a, id, last)
	parties := allParties(t, a, id)
	wish(t, a, parties)
	publish(w, base, 1)

	before, err := a.Fairs().Published(t.Context(), stewardActor(), id)
	if err != nil {
		t.Fatal(err)
	}
	if broken := hardRules(before.Problem, before.Plan); len(broken) > 0 || len(before.Plan.Meetings) < 100 {
		t.Fatalf("%d meetings, broken rules %v", len(before.Plan.Meetings), broken)
	}
	clock.set(9, 12) // however long it takes, the first meetings have not begun
	for i := range parties[5:] {
		x := &parties[5+i]
		staff.fill(base+"/day", base+"/day", url.Values{"do": {"arrive"}, "code": {x.Delegates[0].Code}})
	}
	watchWall(w, a, id)
	noShows(t, staff, base, parties[:5])
	publish(w, base, 2)
	after, err := a.Fairs().Published(t.Context(), stewardActor(), id)
	if err != nil {
		t.Fatal(err)
	}
	mended(t, before.Plan, after.Plan, parties[:5])

	clock.set(11, 50)
	tap(t, w, a, id, parties)
	outcomes(t, a, id, parties)
	w.signIn("steward", fairPassword) // two hours have passed
	w.open(base + "/report")
	w.see("先到先得", "准备试点", fmt.Sprint(fairParties))
	staff.fill("/sign-in", "/sign-in", url.Values{"login": {"steward"}, "password": {fairPassword}})
	if status, text := staff.ask(http.MethodGet, base+"/report.xlsx", nil); status != http.StatusOK || !strings.HasPrefix(text, "PK") {
		t.Errorf("workbook: %d", status)
	}
	if status, text := staff.ask(http.MethodGet, base+"/report.docx", nil); status != http.StatusOK || !strings.Contains(text, "word/document.xml") {
		t.Errorf("paper: %d", status)
	}
	report(t, a, id, len(after.Plan.Meetings))
	eventually(t, patience, func() bool { // the process that leads makes the cases
		r, err := a.Fairs().Report(t.Context(), stewardActor(), id)
		return err == nil && len(r.Cases) == len(after.Plan.Meetings) && r.Docked() > len(r.Cases)/2
	})
}

func stewardActor() scene.Actor {
	return scene.Actor{ID: "s", Name: "s", Roles: []scene.Role{scene.RoleSteward}}
}

// makeFair creates the event by hand.
func makeFair(w *walker) {
	w.t.Helper()
	w.open("/console/events")
	w.press("新建对接会")
	w.eval(`document.querySelector("[name=day]").value = "2027-03-18"`)
	w.fill(map[string]string{
		"title": "智慧城市供需对接会", "theme": "带着问题来", "place": "会展中心", "halls": "A 20 一号厅", "minutes": "20", "pause": "0",
		"programme": "09:00-09:30 开幕 致辞\n09:40-12:00 一对一", "min": "2", "max": "5", "max_open": "8", "max_musts": "1",
	})
	w.check("mode=organiser")
	w.press("保存")
	w.see("已创建", "20 张洽谈桌", "7 个时段")
	w.press("开放报名")
	w.see("报名中")
}

// signParties adds organisations that have something to bring, all but the last, which
// it returns.
func signParties(t *testing.T, a *app.App, staff *sender, base string) (last string) {
	t.Helper()
	names := map[string]bool{}
	var lines []string
	add := func(org string) {
		if !names[org] && len(lines) < fairParties {
			names[org], last = true, org
			lines = append(lines, fmt.Sprintf("%s，代表%02d，经理，d%02d@example.com", org, len(lines), len(lines)))
		}
	}
	needs, err := a.Registry().Opportunities(t.Context(), store.ListingFilter{}, store.Page{Limit: 300})
	if err != nil {
		t.Fatal(err)
	}
	offers, err := a.Registry().Capabilities(t.Context(), store.ListingFilter{}, store.Page{Limit: 300})
	if err != nil {
		t.Fatal(err)
	}
	for i := range min(len(needs.Items), len(offers.Items)) {
		add(needs.Items[i].OrgName)
		add(offers.Items[i].OrgName)
	}
	staff.fill(base+"/parties", base+"/parties", url.Values{"lines": {strings.Join(lines[:len(lines)-1], "\n")}})
	return last
}

// comeAlong has an organisation sign itself up by hand, from the page that anybody sees.
func comeAlong(w *walker, a *app.App, id scene.ID, org string) {
	w.t.Helper()
	if _, err := a.User(w.t.Context(), app.UserRequest{Do: "add", Login: "guest", Name: "来宾", Org: org, Roles: []scene.Role{scene.RoleProvider}, Password: fairPassword}); err != nil {
		w.t.Fatal(err)
	}
	w.signIn("guest", fairPassword)
	w.open("/events/" + string(id))
	w.see("智慧城市供需对接会", "报名中")
	w.open("/workspace/events/" + string(id))
	w.fill(map[string]string{"delegates": "来宾，经理，guest@example.com"})
	w.press("提交报名")
	w.see("报名已提交", "来宾")
	w.signIn("steward", fairPassword)
}

// allParties are the parties of the event: everybody is in, as his organisation.
func allParties(t *testing.T, a *app.App, id scene.ID) []scene.FairParty {
	t.Helper()
	parties, err := a.Fairs().Parties(t.Context(), stewardActor(), id)
	if err != nil || len(parties) != fairParties {
		t.Fatalf("%d parties, %v", len(parties), err)
	}
	for i := range parties {
		if parties[i].OrgID == "" || parties[i].State != scene.PartyAccepted {
			t.Fatalf("%s is not linked to its organisation", parties[i].Name)
		}
	}
	return parties
}

// wish has every party but the last ten say something by its personal link.
func wish(t *testing.T, a *app.App, parties []scene.FairParty) {
	t.Helper()
	guest := newSender(t, a)
	for i := range parties[:fairParties-10] {
		link := "/e/" + parties[i].Delegates[0].Code
		for k := range 3 {
			to := parties[(i+7*k+1)%fairParties]
			guest.fill(link, link+"/wish", url.Values{"to": {string(to.ID)}, "kind": {"want"}, "about": {"想了解进度"}})
		}
	}
}

// publish makes a plan, unless there is a draft, and publishes it by hand.
func publish(w *walker, base string, version int) {
	w.t.Helper()
	w.open(base + "/plan")
	if version == 1 {
		w.press("排出方案")
		w.await(`document.body.innerText.includes("发布这一版")`) // the page looks again by itself
	}
	w.see("草案", "排入会谈", "已证明")
	w.press("发布这一版")
	w.see(fmt.Sprintf("第 %d 版", version), "已发布")
}

// hardRules are the rules that a plan may not break whatever people wish.
func hardRules(p *agenda.Problem, plan *agenda.Plan) []scene.FieldError {
	return slices.DeleteFunc(agenda.Check(p, plan), func(f scene.FieldError) bool { return f.Key == "agenda.broken_min" })
}

// watchWall opens the display and sees a change arrive without a reload.
func watchWall(w *walker, a *app.App, id scene.ID) {
	w.t.Helper()
	f, err := a.Fairs().Fair(w.t.Context(), stewardActor(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	w.open("/wall/" + f.Wall)
	w.see("下一轮", "A01")
	w.eval(`window.same = 1`)
	if _, err := a.Fairs().Delay(w.t.Context(), stewardActor(), id, 5); err != nil {
		w.t.Fatal(err)
	}
	eventually(w.t, patience, func() bool { return strings.Contains(w.eval(`document.body.innerText`), "顺延 5 分钟") })
	if w.eval(`window.same`) != "1" {
		w.t.Error("the display was loaded anew")
	}
	if _, err := a.Fairs().Delay(w.t.Context(), stewardActor(), id, 0); err != nil {
		w.t.Fatal(err)
	}
}

func noShows(t *testing.T, staff *sender, base string, absent []scene.FairParty) {
	t.Helper()
	for i := range absent {
		staff.fill(base+"/day", base+"/day", url.Values{"do": {"absent"}, "party": {string(absent[i].ID)}, "key": {fmt.Sprint("absent-00000", i)}})
	}
}

// mended: nobody meets who did not come, and all else stands as it stood.
func mended(t *testing.T, before, after *agenda.Plan, absent []scene.FairParty) {
	t.Helper()
	gone := func(s *agenda.Seat) bool {
		return slices.ContainsFunc(absent, func(x scene.FairParty) bool { return slices.Contains(s.Parties, string(x.ID)) })
	}
	now := map[string]agenda.Seat{}
	for i := range after.Meetings {
		if gone(&after.Meetings[i]) {
			t.Errorf("%s is planned with who did not come", after.Meetings[i].ID)
		}
		now[after.Meetings[i].ID] = after.Meetings[i]
	}
	moved := 0
	for i := range before.Meetings {
		was := &before.Meetings[i]
		if s, there := now[was.ID]; !gone(was) && (!there || s.Slot != was.Slot || s.Table != was.Table) {
			moved++
		}
	}
	if moved > 0 {
		t.Errorf("%d meetings moved that nobody was missing from", moved)
	}
}

// tap gives an outcome by three taps on a phone: the third sends.
func tap(t *testing.T, w *walker, a *app.App, id scene.ID, parties []scene.FairParty) {
	t.Helper()
	b, err := a.Fairs().Board(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(parties, func(x scene.FairParty) bool { return b.There(x.ID) && len(b.Appointments(x.ID, "")) > 1 })
	w.open("/e/" + parties[i].Delegates[0].Code)
	w.see(parties[i].Name, "我的会谈", "谈了吗？")
	w.eval(`(window.here = 1, ["held=yes", "worth=3", "next=pilot"].forEach(x => {
		const [name, value] = x.split("=");
		document.querySelector('form.taps input[name="' + name + '"][value="' + value + '"]').click();
	}))`)
	w.arrive()
	w.see("反馈已收到", "您已反馈：谈了、准备试点")
}

// outcomes has both sides of every meeting speak who have not, some twice as a
// queue does.
func outcomes(t *testing.T, a *app.App, id scene.ID, parties []scene.FairParty) {
	t.Helper()
	b, err := a.Fairs().Board(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for i := range parties {
		for k, x := range b.Appointments(parties[i].ID, "") {
			if x.Own != nil {
				continue
			}
			e := scene.FairEntry{Key: fmt.Sprint("queued-", i, "-", k), Kind: scene.EntryOutcome, Meeting: x.ID, Outcome: &scene.FairOutcome{Held: true, Worth: 2, Next: scene.NextTalk}}
			for n := range 1 + i%2 {
				fresh, err := a.Fairs().EnterAsGuest(t.Context(), parties[i].Delegates[0].Code, "", e)
				if err != nil || fresh != (n == 0) {
					t.Fatalf("outcome sent for the %d. time: new %v, %v", n+1, fresh, err)
				}
			}
		}
	}
}

func report(t *testing.T, a *app.App, id scene.ID, planned int) {
	t.Helper()
	r, err := a.Fairs().Report(t.Context(), stewardActor(), id)
	if err != nil {
		t.Fatal(err)
	}
	if r.Joined != fairParties || r.Arrived != fairParties-5 || r.Planned != planned || r.Held != planned || r.Silent != 0 || r.Intents != 1 {
		t.Errorf("report %+v", r)
	}
	if r.Greedy == nil || r.Plan.MinimumsKept < r.Greedy.MinimumsKept-0.1 {
		t.Errorf("minimums kept %v, first come first served %v", r.Plan, r.Greedy)
	}
}
