package web_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"jinghe/internal/scene"
	"jinghe/internal/testkit"
)

// hallServer is a server that can be taken off the network and put back at the
// same address.
type hallServer struct {
	t       *testing.T
	handler http.Handler
	address string
	running *httptest.Server
}

func (s *hallServer) up() {
	s.t.Helper()
	var listen net.ListenConfig
	l, err := listen.Listen(s.t.Context(), "tcp", s.address)
	if err != nil {
		s.t.Fatal(err)
	}
	s.running = httptest.NewUnstartedServer(s.handler)
	_ = s.running.Listener.Close()
	s.running.Listener = l
	s.running.Start()
}

func (s *hallServer) down() {
	s.running.CloseClientConnections()
	s.running.Close()
}

// TestBrowserOffline: a phone that lost the network shows its last schedule with
// the age, keeps a check-in and an outcome, and sends each once when the network is
// back; what somebody else said meanwhile is told.
func TestBrowserOffline(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	party := h.wished()["甲公司"]
	s := &hallServer{t: t, handler: h.Handler(), address: testkit.Address(t)}
	s.up()
	t.Cleanup(func() { s.down() })
	tab := newTab(t)
	ctx, eval, wait := tab.ctx, tab.eval, tab.wait
	link := "http://" + s.address + "/e/" + party.Delegates[0].Code
	if err := chromedp.Do(ctx, chromedp.Navigate(link)); err != nil {
		t.Fatal(err)
	}
	wait("kept", `document.querySelector("[data-offline]").dataset.ready === "yes"`)
	if got := eval(`document.querySelector("link[rel=manifest]").getAttribute("href")`); !strings.HasSuffix(got, "/app.webmanifest") {
		t.Errorf("manifest %q", got)
	}

	s.down()
	if err := chromedp.Do(ctx, chromedp.Navigate(link)); err != nil {
		t.Fatal(err)
	}
	wait("age", `document.body.innerText.includes("No network")`)
	wait("schedule", `document.querySelector("form.taps")`)
	eval(`(fetch(document.querySelector(".qr img").src, {cache: "reload"}).then(x => { window.ownCode = x.ok }), "")`) // not what the browser has in memory
	wait("own code", `window.ownCode && document.querySelector(".qr img").naturalWidth > 0`)
	wait("looks", `getComputedStyle(document.querySelector(".taps input")).accentColor !== undefined && document.styleSheets.length >= 3`)
	eval(`String(document.querySelector("form[action$='/arrive']").requestSubmit())`)
	wait("one waits", `document.body.innerText.includes("1 not sent yet")`)
	eval(`(["held=yes", "worth=3", "next=pilot"].forEach(x => {
		const [name, value] = x.split("=");
		document.querySelector('form.taps input[name="' + name + '"][value="' + value + '"]').click();
	}), "")`)
	wait("two wait", `document.body.innerText.includes("2 not sent yet")`)
	board, err := h.fairs.Board(t.Context(), h.fair.ID)
	if err != nil || len(board.Day.Arrived) != 0 {
		t.Fatalf("arrived before the network was back: %v, %v", board.Day.Arrived, err)
	}
	meeting := eval(`document.querySelector("form.taps input[name=meeting]").value`)
	another := scene.FairEntry{FairID: h.fair.ID, Key: "another-phone", Kind: scene.EntryOutcome, Party: party.ID, Meeting: meeting, Outcome: &scene.FairOutcome{Held: true, Worth: 2, Next: scene.NextTalk}}
	if _, err := h.fairs.Enter(t.Context(), steward(), another); err != nil {
		t.Fatal(err)
	}

	home := "/e/" + party.Delegates[0].Code
	eval(`(localStorage.setItem("jinghe-queue-` + home + `", JSON.stringify([
		...JSON.parse(localStorage.getItem("jinghe-queue-` + home + `")), {action: "` + home + `/of-before", fields: {key: "k"}, label: "09:40 A01"}])), "")`)

	s.up() // nobody says that the network is back: the page finds out by itself
	wait("sent", `document.body.innerText.includes("Sent now: 2")`)
	wait("told of what is refused", `document.querySelector("[data-offline]").innerText.includes("09:40 A01：")`)
	wait("told of the other phone", `document.body.innerText.includes("go on talking” was said")`)
	wait("the form shows what was sent", `[...document.querySelectorAll("#meetings ~ .appointment .done")].some(x => x.innerText.includes("prepare a pilot"))`)
	wait("the check-in shows", `!document.querySelector("form[action$='/arrive']")`)
	wait("no age", `!document.body.innerText.includes("No network")`)
	if got := eval(`localStorage.getItem("jinghe-queue-` + home + `")`); got != "[]" {
		t.Errorf("still queued: %s", got)
	}
	if board, err = h.fairs.Board(t.Context(), h.fair.ID); err != nil {
		t.Fatal(err)
	}
	if o := board.Day.Outcomes[meeting][party.ID]; len(board.Day.Arrived) != 1 || o.Next != scene.NextPilot {
		t.Errorf("arrived %v, outcome %+v", board.Day.Arrived, o)
	}
}
