package app_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"jinghe/internal/app"
)

// patience is how long a test waits for what takes moments: it ends what hangs, also on
// a machine that is ten times slower and builds beside.
const patience = 5 * time.Minute

// walker is a person at a browser.
type walker struct {
	t    *testing.T
	page context.Context
	base string
}

func newWalker(t *testing.T, page context.Context, a *app.App) *walker {
	t.Helper()
	w := &walker{t: t, page: page, base: strings.TrimSuffix(a.URL(), "/")}
	w.open("/preferences?lang=zh&back=/about")
	return w
}

func (w *walker) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.page, patience)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		w.t.Fatalf("%s: %v\nat %s:\n%.2000s", what, err, w.eval(`location.href`), w.eval(`document.body.innerText`))
	}
}

// eval runs a script and returns its result as text.
func (w *walker) eval(script string) string {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.page, patience)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string]("String("+script+")"))
	if err != nil {
		w.t.Fatalf("%s: %v", script, err)
	}
	return text
}

func (w *walker) open(path string) {
	w.t.Helper()
	w.do("open "+path, chromedp.Navigate(w.base+path))
}

// fill types into the fields of the page.
func (w *walker) fill(fields map[string]string) {
	w.t.Helper()
	for name, value := range fields {
		box := chromedp.CSS(fmt.Sprintf(`main [name=%q]`, name))
		w.eval(fmt.Sprintf(`document.querySelector('main [name=%q]').value = ""`, name))
		w.do("fill "+name, chromedp.SendKeys(box, value))
	}
}

// check ticks boxes given as name=value.
func (w *walker) check(boxes ...string) {
	w.t.Helper()
	for _, box := range boxes {
		name, value, _ := strings.Cut(box, "=")
		w.eval(fmt.Sprintf(`document.querySelector('main input[name=%q][value=%q]').click()`, name, value))
	}
}

// press pushes the button with that text and waits for the page it leads to.
func (w *walker) press(text string) {
	w.t.Helper()
	found := w.eval(fmt.Sprintf(`(() => {
		const buttons = [...document.querySelectorAll("main button, main a.button")].filter(b => b.textContent.trim() === %q);
		window.here = 1; // gone when the next page is there
		if (buttons.length > 0) setTimeout(() => buttons[0].click());
		return buttons.length;
	})()`, text))
	if found == "0" {
		w.t.Fatalf("there is no button %q at %s:\n%.3000s", text, w.eval(`location.href`), w.eval(`document.body.innerText`))
	}
	w.arrive()
}

// follow clicks the first link of the selector and waits for its page.
func (w *walker) follow(selector string) {
	w.t.Helper()
	w.eval(fmt.Sprintf(`(window.here = 1, setTimeout(() => document.querySelector(%q).click()))`, selector))
	w.arrive()
}

// arrive waits until another page than the marked one is there.
func (w *walker) arrive() {
	w.t.Helper()
	w.await(`window.here !== 1 && document.readyState === "complete"`)
}

// await waits until a script says that it is so. Between two pages there is none to ask.
func (w *walker) await(script string) {
	w.t.Helper()
	eventually(w.t, patience, func() bool {
		ctx, cancel := context.WithTimeout(w.page, time.Minute)
		defer cancel()
		so, err := chromedp.Run(ctx, chromedp.Evaluate[bool](script))
		return err == nil && so
	})
}

// see ends the test if the page does not show the text.
func (w *walker) see(texts ...string) {
	w.t.Helper()
	body := w.eval(`document.body.innerText`)
	for _, text := range texts {
		if !strings.Contains(body, text) {
			w.t.Fatalf("%s does not show %q:\n%.3000s", w.eval(`location.href`), text, body)
		}
	}
}

// signIn signs a person in, whoever was before.
func (w *walker) signIn(login, password string) {
	w.t.Helper()
	w.signOut()
	w.open("/sign-in")
	w.fill(map[string]string{"login": login, "password": password})
	w.press("登录")
}

// keys types keys outside of any field.
func (w *walker) keys(keys string) {
	w.t.Helper()
	for _, k := range keys {
		w.do("key "+string(k), chromedp.KeyEvent(string(k)))
	}
}

func (w *walker) signOut() {
	w.t.Helper()
	w.open("/account")
	if strings.Contains(w.eval(`location.pathname`), "/account") {
		w.press("退出登录")
	}
}
