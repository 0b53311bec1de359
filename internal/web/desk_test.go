package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/web/fair"
)

// TestWalkInWhileFull: a walk-in for whom there is no place is told to wait at once, is
// found by name, and comes in by a press that says how far the hall is above its
// capacity; a party that waits reads so on its own page. One whose party is in already
// joins it.
func TestWalkInWhileFull(t *testing.T) {
	t.Parallel()
	h := newHeld(t, "capacity", "4")
	day := h.base + "/day"
	says := func(what string, form url.Values, code int, texts ...string) string {
		t.Helper()
		w := h.fill(day, day, form)
		body := w.Body.String()
		if w.Code != code {
			t.Fatalf("%s: %d, want %d\n%s", what, w.Code, code, shown(body))
		}
		for _, text := range texts {
			if !strings.Contains(body, text) {
				t.Errorf("%s lacks %q:\n%s", what, text, shown(body))
			}
		}
		return body
	}
	says("the walk-in", url.Values{"do": {"walk_in"}, "name": {"临时公司"}, "person": {"临甲"}}, http.StatusPreconditionFailed,
		"“临时公司”在候补名单里", "会场 4 / 4", "超额让进（将超出容量 1 家）", "候补（1）")
	says("by name", url.Values{"do": {"arrive"}, "code": {"临甲"}}, http.StatusPreconditionFailed, "在候补名单里", "超额让进（将超出容量 1 家）")
	x := h.parties()["临时公司"]
	h.office.browser().sees("/e/"+x.Delegates[0].Code, "候补第 1 位", "名额已满")
	list := h.base + "/parties"
	h.sees(list, `name="kept" value="yes"`) // who waits is let in by a word that goes beyond what is kept
	w := h.fill(list, list+"/"+string(x.ID)+"/decide", url.Values{"to": {"accepted"}})
	if w.Code != http.StatusPreconditionFailed || !strings.Contains(w.Body.String(), "会场已满（4 / 4）") {
		t.Errorf("confirmed while full: %d\n%s", w.Code, shown(w.Body.String()))
	}
	in := url.Values{"do": {"let_in"}, "party": {string(x.ID)}, "delegate": {string(x.Delegates[0].ID)}, "over": {"0"}}
	says("without the word", in, http.StatusPreconditionFailed, "会场已满（4 / 4）", "将超出容量 1 家")
	in.Set("over", "1")
	where(t, "let in", h.fill(day, day, in))
	if h.parties()["临时公司"].State != scene.PartyAccepted {
		t.Error("it waits still")
	}
	h.sees(day, "到场 1 / 5")
	where(t, "again by name", h.fill(day, day, url.Values{"do": {"arrive"}, "code": {"临甲"}}))

	h.do("/day", "/day", url.Values{"do": {"absent"}, "party": {string(h.parties()["丙公司"].ID)}, "key": {"absent-000001"}})
	h.do("/day", "/day", url.Values{"do": {"absent"}, "party": {string(h.parties()["乙局"].ID)}, "key": {"absent-000002"}})
	where(t, "a walk-in in the place of a no-show", h.fill(day, day, url.Values{"do": {"walk_in"}, "name": {"再来公司"}, "person": {"再乙"}}))
	h.sees(day, "再来公司", "到场 2 / 6")
	where(t, "the same once more", h.fill(day, day, url.Values{"do": {"walk_in"}, "name": {"再来公司"}, "person": {"再乙"}}))
	where(t, "one who comes after him", h.fill(day, day, url.Values{"do": {"walk_in"}, "name": {"再来公司"}, "person": {"再丙"}}))
	h.sees(day, "到场 2 / 6") // it is one party still
	if in := h.parties()["再来公司"]; in.State != scene.PartyAccepted || len(in.Delegates) != 2 {
		t.Errorf("the party that came in by a walk-in is %s with %d delegates", in.State, len(in.Delegates))
	}
}

// TestWaitingInTheWorkspace: an organisation that waits is told how far it is and why.
func TestWaitingInTheWorkspace(t *testing.T) {
	t.Parallel()
	o := newOffice(t, unlimited)
	h := &held{browser: o.as(scene.RoleOrganiser)}
	h.base = where(t, "create", h.fill("/console/events/new", "/console/events/new", fairForm("capacity", "1")))
	h.do("/state", "/", url.Values{"to": {"open"}})
	h.do("/parties", "/parties", url.Values{"lines": {"甲公司,李工"}})
	own, b := strings.Replace(h.base, "/console", "/workspace", 1), o.as(scene.RoleProvider)
	where(t, "sign up", b.fill(own, own+"/join", url.Values{"delegates": {"张工"}}))
	b.sees(own, "候补第 1 位", "名额已满", "自动递补")
}

// TestBadge: what a badge says opens nothing of the person: for a visitor and for another
// account it is a page in plain words; staff check the delegate in by it, on a phone
// and at the desk, and so they do by a badge that carries the personal link.
func TestBadge(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	all := h.parties()
	x, old := all["甲公司"], all["乙局"]
	code := convene.BadgeCode(h.fair.ID, x.Delegates[0].ID)
	body := h.sees(h.base+"/print/badges", code[:4]+" "+code[4:8]+" "+code[8:], "签到码")
	for _, p := range all {
		secret := p.Delegates[0].Code
		if strings.Contains(body, secret[:4]+" "+secret[4:8]) {
			t.Errorf("the badge of %s carries the personal link", p.Name)
		}
	}
	badge := fair.BadgePath(h.fair.ID, x.Delegates[0].ID)
	for name, b := range map[string]*browser{"a visitor": h.office.browser(), "an account": h.office.as(scene.RoleProvider)} {
		body := b.sees(badge, "不会打开任何个人信息")
		if strings.Contains(body, "李工") || strings.Contains(body, "甲公司") {
			t.Errorf("%s learns whose badge it is", name)
		}
	}
	if w := h.office.browser().get("/e/" + code); w.Code != http.StatusNotFound {
		t.Errorf("the code of the badge as a personal link: %d", w.Code)
	}
	body = h.sees(badge, "李工", "甲公司", "data-at-once")
	if strings.Contains(body, x.Delegates[0].Code) {
		t.Error("staff are shown the personal link")
	}
	to := h.fill(badge, h.base+"/day", url.Values{"do": {"arrive"}, "party": {string(x.ID)}, "delegate": {string(x.Delegates[0].ID)}}).Header().Get("Location")
	h.sees(to, "李工（甲公司）已签到")
	if w := h.get("/badge/" + string(h.fair.ID) + "/ABCDEFGHJKLM"); w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "没有这个签到码") {
		t.Errorf("a badge of nobody: %d", w.Code)
	}
	for typed, name := range map[string]string{
		"https://x.example" + fair.BadgePath(h.fair.ID, all["丙公司"].Delegates[0].ID): "赵经理", "https://x.example/e/" + old.Delegates[0].Code: "王处", strings.ToLower(code[:4] + " " + code[4:]): "李工",
	} {
		h.sees(h.fill(h.base+"/day", h.base+"/day", url.Values{"do": {"arrive"}, "code": {typed}}).Header().Get("Location"), name)
	}
	h.sees(h.base+"/day", "到场 3 / 4")
}

// TestOneOfSeveral: at the desk and on the wall each delegate who goes alone arrives, and
// is late, by himself; both count the same parties as there, out of the same.
func TestOneOfSeveral(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	x := h.parties()["甲公司"]
	page := "/parties/" + string(x.ID)
	h.do(page+"/amend", page, url.Values{"name": {"甲公司"}, "delegates": {"李工\n陈工"}, "share": {"no"}, "revision": {strconv.Itoa(x.Revision)}})
	h.wished()
	x = h.parties()["甲公司"]
	b, err := h.fairs.Board(t.Context(), h.fair.ID)
	if err != nil {
		t.Fatal(err)
	}
	at, _ := b.Now(today())
	sent := scene.ID("")
	for i := range b.Rounds[at].Meetings {
		if d, one := b.Sender(&b.Rounds[at].Meetings[i], x.ID); one {
			sent = d.ID
		}
	}
	i := slices.IndexFunc(x.Delegates, func(d scene.Delegate) bool { return d.ID != sent })
	other := x.Delegates[i]
	h.do("/day", "/day", url.Values{"do": {"arrive"}, "party": {string(x.ID)}, "delegate": {string(other.ID)}})
	goes, _ := x.Delegate(sent)
	body := h.sees(h.base+"/day", "甲公司（"+goes.Name+"）", "已到 1 / 2："+other.Name, "到场 1 / 4")
	if strings.Contains(body, "双方已到") {
		t.Error("a meeting whose delegate is not there has both sides")
	}
	h.sees("/wall/"+h.fair.Wall, `<span class="n">1</span> / <span class="of">4</span>`)
	to := h.do("/day", "/day", url.Values{"do": {"absent"}, "party": {string(x.ID)}, "delegate": {string(sent)}, "key": {"absent-one-000"}})
	h.sees(to, "甲公司 · "+goes.Name)
	h.sees(h.base+"/day", "缺席："+goes.Name, "到场 1 / 4")
	h.sees("/wall/"+h.fair.Wall, `<span class="n">1</span> / <span class="of">4</span>`)
}

// TestTablesOnTheDay: a table that is closed by a name in small letters has no card, is
// offered to be opened again, and the cards tell the times with the delay.
func TestTablesOnTheDay(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	h.wished()
	h.do("/day", "/day", url.Values{"do": {"late"}, "late": {"6"}})
	to := h.do("/day", "/day", url.Values{"do": {"close"}, "table": {"a04"}})
	h.sees(to, "草案")
	body := h.sees(h.base+"/print/tables", "A01", "17:36–17:56", "全场顺延 6 分钟")
	if strings.Contains(body, "<h2>A04</h2>") || strings.Contains(body, "17:30–17:50") {
		t.Error("the closed table has a card, or the times are those without the delay")
	}
	h.sees(h.base+"/day", "重新启用洽谈桌", `value="A04"`)
	h.do("/day", "/day", url.Values{"do": {"open"}, "table": {"A04"}})
	h.sees(h.base+"/print/tables", "<h2>A04</h2>")
	h.sees(h.base+"/plan", "草案与已公布的安排没有不同")
	if w := h.fill(h.base+"/day", h.base+"/day", url.Values{"do": {"close"}, "table": {"Z9"}}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a table that is not there: %d", w.Code)
	}
}

// TestTooLateToTell: what a draft has new in a slot that runs by now is listed before it
// is published, and goes out by a tick alone.
func TestTooLateToTell(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	for _, x := range h.parties() {
		for _, to := range h.parties() {
			if x.ID != to.ID {
				if _, err := h.fairs.WishAsGuest(t.Context(), x.Delegates[0].Code, "", []convene.Wish{{To: to.ID, Kind: scene.WishWant}}); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	h.before(3 * time.Hour)
	h.do("/plan", "/plan", url.Values{"do": {"solve"}, "seconds": {"10"}})
	h.fairs.Await(t.Context(), h.fair.ID)
	h.before(0)
	page := h.base + "/plan"
	h.sees(page, "排在已开始时段的新会谈（4）", "我已看过")
	form := url.Values{"do": {"publish"}, "revision": {"1"}}
	if w := h.fill(page, page, form); w.Code != http.StatusPreconditionFailed || !strings.Contains(w.Body.String(), "当事人来不及得知") || !strings.Contains(w.Body.String(), "17:50，A") {
		t.Errorf("without the tick: %d\n%s", w.Code, shown(w.Body.String()))
	}
	form.Set("begun", "yes")
	where(t, "with it", h.fill(page, page, form))
}

// TestLateAfterNoShow: the desk tells what who comes after all has lost, and one press
// brings it into a draft again.
func TestLateAfterNoShow(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	x := h.wished()["丙公司"]
	h.before(time.Hour)
	to := h.do("/day", "/day", url.Values{"do": {"absent"}, "party": {string(x.ID)}, "key": {"absent-000001"}})
	h.do("/plan", "/plan", url.Values{"do": {"publish"}, "revision": {"1"}})
	day := h.base + "/day"
	after := h.fill(day, day, url.Values{"do": {"arrive"}, "code": {"赵经理"}}).Header().Get("Location")
	h.sees(after, "“丙公司”缺席时拿掉的会谈（3）", "已从发布的安排里拿掉", "把还来得及的 3 场放回")
	if back := h.do("/day", "/day", url.Values{"do": {"put_back"}, "party": {string(x.ID)}}); back != to {
		t.Errorf("leads to %s", back)
	}
	h.sees(to, "草案", "6 / 6", "丙公司")
}

// TestWhoWasTold: after publishing, the organiser sees who was told and by which way, and
// at the top to whom no word went.
func TestWhoWasTold(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	h.office.as(scene.RoleProvider)
	x := h.parties()["甲公司"]
	page := "/parties/" + string(x.ID)
	h.do(page+"/link", page, url.Values{"delegate": {string(x.Delegates[0].ID)}, "do": {"revoke"}})
	x = h.parties()["乙局"]
	h.before(3 * time.Hour)
	for _, to := range []string{"甲公司", "某某科技有限公司"} {
		if _, err := h.fairs.Wish(t.Context(), steward(), x.ID, []convene.Wish{{To: h.parties()[to].ID, Kind: scene.WishWant}}); err != nil {
			t.Fatal(err)
		}
	}
	h.do("/plan", "/plan", url.Values{"do": {"solve"}, "seconds": {"5"}})
	h.fairs.Await(t.Context(), h.fair.ID)
	h.do("/plan", "/plan", url.Values{"do": {"publish"}, "revision": {"1"}})
	body := shown(h.sees(h.base+"/plan", "本版通知：3 家中 1 家已发消息", "发布时实际写入和排队的"))
	_, told, _ := strings.Cut(body, "本版通知")
	for _, text := range []string{"甲公司 1 场 请电话告知 没有账号，也没有个人链接", "乙局 2 场 靠个人链接 个人链接 1 位", "某某科技有限公司 1 场 已通知 站内消息 1 个账号、个人链接 1 位"} {
		if !strings.Contains(told, text) {
			t.Errorf("lacks %q:\n%s", text, told)
		}
	}
}
