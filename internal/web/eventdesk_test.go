package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"jinghe/internal/scene"
)

// drag has a meeting of the grid dragged to a free table: at a time at which one of its
// parties meets somebody else, or at its own time. It says which, and where to.
const drag = `((clash) => {
	const places = [...document.querySelectorAll(".place[data-table]")], held = places.filter((x) => x.dataset.meeting);
	const sides = (x) => x.dataset.meeting.split("~");
	for (const from of held) for (const other of held) {
		const shared = from !== other && sides(from).some((p) => sides(other).includes(p));
		if (clash ? !shared || from.dataset.slot === other.dataset.slot : from !== other) continue;
		const to = places.find((x) => !x.dataset.meeting && x.dataset.slot === other.dataset.slot);
		if (!to) continue;
		const say = (node, kind) => node.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: new DataTransfer() }));
		say(from, "dragstart"); say(to, "dragover"); say(to, "drop");
		return from.dataset.meeting + " " + to.dataset.slot + " " + to.dataset.table;
	}
	return "";
})`

// TestBrowserDesk: an organiser drags meetings in the plan, is told what is in the way,
// and what he moved is locked and stays when the rest is planned again; the page of the
// day follows the hall without being loaded anew, also where the server was busy for once.
func TestBrowserDesk(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	parties := h.wished()
	arrive := func(key, name string) error {
		x := parties[name]
		_, err := h.fairs.Enter(t.Context(), steward(), scene.FairEntry{FairID: h.fair.ID, Key: key, Kind: scene.EntryArrived, Party: x.ID, Delegate: x.Delegates[0].ID})
		return err
	}
	var between, busy sync.Once
	pages := h.Handler()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/day") && r.Header.Get("Sec-Fetch-Dest") == "empty" {
			refused := false
			busy.Do(func() { refused = true })
			if refused { // the first time that the page asks for itself there is too much to do
				http.Error(w, "", http.StatusServiceUnavailable)
				return
			}
		}
		if strings.HasSuffix(r.URL.Path, "/stream") {
			between.Do(func() {
				if err := arrive("arrived-between", "甲公司"); err != nil {
					t.Error(err)
				}
			})
		}
		pages.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	tab := newTab(t)
	ctx, eval := tab.ctx, tab.eval
	open := func(path string) {
		t.Helper()
		if err := chromedp.Do(ctx, chromedp.EmulateViewport(1280, 800), chromedp.Navigate(server.URL+path)); err != nil {
			t.Fatal(err)
		}
	}
	wait := func(what string, there func() bool) {
		t.Helper()
		for !there() {
			select {
			case <-ctx.Done():
				t.Fatalf("waited in vain for %s", what)
			case <-time.After(50 * time.Millisecond):
			}
		}
	}
	says := func(text string) func() bool {
		return func() bool {
			said, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.body ? document.body.innerText : ""`))
			return err == nil && strings.Contains(said, text) // between two pages there is none to ask
		}
	}
	open("/preferences?lang=zh&back=/about")
	eval(`document.cookie = "jinghe_session=` + h.cookies["jinghe_session"].Value + `; path=/"`)

	h.before(3 * time.Hour)
	open(h.base + "/plan")
	if eval(drag+"(true)") == "" {
		t.Fatal("nothing to drag into a clash")
	}
	wait("what is in the way", says("已有会谈："))
	if d, err := h.fairs.Draft(t.Context(), steward(), h.fair.ID); err != nil || d != nil {
		t.Errorf("a refused move left a draft: %v, %v", d, err)
	}
	open(h.base + "/plan")
	moved := strings.Fields(eval(drag + "(false)"))
	if len(moved) != 3 {
		t.Fatalf("nothing to drag: %v", moved)
	}
	wait("the move", says("已移动并锁定"))
	want := scene.FairPlace{Slot: moved[1], Table: moved[2]}
	h.do("/plan", "/plan", map[string][]string{"do": {"solve"}, "seconds": {"10"}})
	h.fairs.Await(t.Context(), h.fair.ID)
	d, err := h.fairs.Draft(t.Context(), steward(), h.fair.ID)
	if err != nil || d == nil || d.Row.Locks[moved[0]] != want {
		t.Fatalf("locks after planning again: %+v, %v", d, err)
	}
	for _, s := range d.Plan.Meetings {
		if s.ID == moved[0] && (s.Slot != want.Slot || s.Table != want.Table) {
			t.Errorf("what was dragged was planned elsewhere: %+v, want %+v", s, want)
		}
	}

	h.before(0)
	open(h.base + "/day")
	eval(`String(window.same = 1)`)
	wait("who came between the page and its stream", says("到场 1 / 4"))
	if err := arrive("arrived-elsewhere", "乙局"); err != nil {
		t.Fatal(err)
	}
	wait("the arrival", says("到场 2 / 4"))
	if eval(`String(window.same)`) != "1" {
		t.Error("the page of the day was loaded anew")
	}
}
