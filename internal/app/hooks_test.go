package app_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jinghe/internal/app"
	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// portal is another system with receivers below one address: it answers what
// the test says and keeps what it was sent.
type portal struct {
	*httptest.Server
	mu   sync.Mutex
	says map[string]int // by path; 0 closes the connection without an answer
	got  []posted
}

type posted struct {
	path string
	head http.Header
	body []byte
}

func newPortal(t *testing.T) *portal {
	t.Helper()
	p := &portal{says: map[string]int{}}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		p.mu.Lock()
		p.got = append(p.got, posted{r.URL.Path, r.Header.Clone(), body})
		status, known := p.says[r.URL.Path]
		p.mu.Unlock()
		switch {
		case !known:
			w.WriteHeader(http.StatusNoContent)
		case status == 0:
			panic(http.ErrAbortHandler)
		case status == http.StatusTemporaryRedirect:
			http.Redirect(w, r, "/elsewhere", status)
		default:
			w.WriteHeader(status)
		}
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *portal) say(path string, status int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.says[path] = status
}

func (p *portal) well(path string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.says, path)
}

// at returns what came to a path.
func (p *portal) at(path string) (list []posted) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, m := range p.got {
		if m.path == path {
			list = append(list, m)
		}
	}
	return list
}

// verify checks a message as the specification of Standard Webhooks says, without
// its library: HMAC-SHA256 of id, time and body by the secret behind its prefix.
func (m *posted) verify(t *testing.T, secret string, now time.Time) {
	t.Helper()
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil || len(key) < 24 || len(key) > 64 {
		t.Fatalf("secret of %d bytes: %v", len(key), err)
	}
	stamp := m.head.Get("Webhook-Timestamp")
	mac := hmac.New(sha256.New, key)
	_, _ = mac.Write([]byte(m.head.Get("Webhook-Id") + "." + stamp + "." + string(m.body)))
	want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	if !slices.Contains(strings.Fields(m.head.Get("Webhook-Signature")), want) {
		t.Errorf("signature %q, want %q", m.head.Get("Webhook-Signature"), want)
	}
	if seconds, err := strconv.ParseInt(stamp, 10, 64); err != nil || now.Sub(time.Unix(seconds, 0)).Abs() > time.Hour {
		t.Errorf("signed at %q, %v", stamp, err)
	}
}

// hooked is a running program whose clock the test moves, a steward and a
// provider who are signed in, and a portal.
type hooked struct {
	t        *testing.T
	app      *app.App
	ahead    *atomic.Int64
	portal   *portal
	steward  *sender
	provider *sender
}

func newHooked(t *testing.T, cfg app.Config) *hooked {
	t.Helper()
	h := &hooked{t: t, ahead: &atomic.Int64{}, portal: newPortal(t)}
	cfg.WebhookNetworks = []string{"127.0.0.1/32"}
	o := testOptions(io.Discard)
	o.Demo, o.Now, o.TellingPause = true, h.now, 20*time.Millisecond
	a, err := app.Open(t.Context(), cfg, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeApp(t, a) })
	if err := a.LoadSampleCity(t.Context()); err != nil {
		t.Fatal(err)
	}
	org := needNamed(t, a, "老旧供水管网漏损定位").OrgName
	for _, u := range []app.UserRequest{
		{Login: "steward", Name: "专员", Roles: []scene.Role{scene.RoleSteward}},
		{Login: "provider", Name: "某人", Org: org, Roles: []scene.Role{scene.RoleOwner}},
	} {
		u.Do, u.Password = "add", fairPassword
		if _, err := a.User(t.Context(), u); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	settle(t, a)
	h.app = a
	h.enter()
	return h
}

func (h *hooked) now() time.Time { return time.Now().Add(time.Duration(h.ahead.Load())) }

// enter signs both in, again where the clock went on for days.
func (h *hooked) enter() {
	h.t.Helper()
	sign := func(login string) *sender {
		s := newSender(h.t, h.app)
		s.fill("/sign-in", "/sign-in", url.Values{"login": {login}, "password": {fairPassword}})
		return s
	}
	h.steward, h.provider = sign("steward"), sign("provider")
}

// receiver sets one up by page and returns its page and secret.
func (h *hooked) receiver(s *sender, name, address string) (page, secret string) {
	h.t.Helper()
	status, text := h.asks(s, name, address)
	secret = regexp.MustCompile(`whsec_[A-Za-z0-9+/=]+`).FindString(text)
	id := regexp.MustCompile(receivers + `/(\w{26})/`).FindStringSubmatch(text)
	if status != http.StatusOK || secret == "" || id == nil {
		h.t.Fatalf("no receiver: %d\n%.3000s", status, text)
	}
	return receivers + "/" + id[1], secret
}

// receivers is the page that lists them.
const receivers = "/inbox/receivers"

// asks for a receiver.
func (h *hooked) asks(s *sender, name, address string) (status int, text string) {
	h.t.Helper()
	_, text = s.ask(http.MethodGet, receivers, nil)
	form := url.Values{
		"form_token": {formToken(h.t, text)}, "name": {name}, "url": {address}, "form": {string(scene.HookStandard)}, "subjects": {scene.CapabilityChanged},
	}
	return s.ask(http.MethodPost, receivers, strings.NewReader(form.Encode()))
}

// moves has the address of a receiver lead elsewhere after it was taken.
func (h *hooked) moves(page, address string) {
	h.t.Helper()
	id := scene.ID(page[strings.LastIndexByte(page, '/')+1:])
	err := h.app.Store().Update(h.t.Context(), func(tx store.Tx) error {
		w, err := tx.Webhooks().Get(h.t.Context(), id)
		if err != nil {
			return err
		}
		w.URL = address
		_, err = tx.Webhooks().Put(h.t.Context(), w)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// shows waits until a page has a text.
func (h *hooked) shows(s *sender, page, text string) {
	h.t.Helper()
	var seen string
	tick := time.NewTicker(400 * time.Millisecond) // below the rate of a reader
	defer tick.Stop()
	for range int(patience / (400 * time.Millisecond)) {
		if _, seen = s.ask(http.MethodGet, page, nil); strings.Contains(seen, text) {
			return
		}
		<-tick.C
	}
	h.t.Fatalf("%s does not show %q: %s", page, text, seen[max(0, strings.Index(seen, "<main")):])
}

// comes waits until so many messages came to a path and returns the last.
func (h *hooked) comes(path string, n int) posted {
	h.t.Helper()
	defer func() {
		if h.t.Failed() {
			h.t.Logf("%d messages at %s, waiting for the one numbered %d", len(h.portal.at(path)), path, n)
		}
	}()
	eventually(h.t, patience, func() bool { return len(h.portal.at(path)) >= n })
	list := h.portal.at(path)
	if len(list) != n {
		h.t.Errorf("%d messages at %s, want %d", len(list), path, n)
	}
	return list[len(list)-1]
}

// names reports whether a message is about a row.
func (m *posted) names(id scene.ID) bool {
	var e struct {
		SpecVersion, Type string
		Data              struct{ IDs []scene.ID }
	}
	return json.Unmarshal(m.body, &e) == nil && e.SpecVersion == "1.0" && e.Type == "jinghe.v1.capability.changed" && slices.Contains(e.Data.IDs, id)
}

// TestHooks goes through the life of webhooks on the running program with a real
// receiver: signed, again after failures, silent about what is not public yet,
// told when it is, turned off after days, sent anew from the page, and never inside.
func TestHooks(t *testing.T) {
	t.Parallel()
	for name, city := range map[string]func(testing.TB) app.Config{
		"OneBinary": func(tb testing.TB) app.Config { tb.Helper(); return testConfig(tb.TempDir()) }, "Scaled": scaledCity,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			newHooked(t, city(t)).live()
		})
	}
}

func (h *hooked) live() {
	t := h.t
	t.Helper()
	offer := offerNamed(t, h.app, "噪声相关漏点定位系统")
	h.hide(offer, h.now().Add(48*time.Hour))
	pageA, secretA := h.receiver(h.steward, "数据局", h.portal.URL+"/centre")
	_, secretB := h.receiver(h.provider, "单位门户", h.portal.URL+"/org")
	pageIn, _ := h.receiver(h.steward, "内网", h.portal.URL+"/inside")
	if status, text := h.asks(h.steward, "内网", "http://10.255.255.1/inside"); status != http.StatusUnprocessableEntity || !strings.Contains(text, "内部网络") {
		t.Errorf("an address inside: %d", status)
	}
	h.moves(pageIn, "http://10.255.255.1/inside")
	pageTo, _ := h.receiver(h.steward, "转向", h.portal.URL+"/moved")
	h.portal.say("/centre", http.StatusInternalServerError)
	h.portal.say("/moved", http.StatusTemporaryRedirect)

	h.touch(offer.ID, "smart_energy")
	first := h.comes("/centre", 1)
	h.shows(h.steward, pageA, "发送 1 次，应答 500") // noted, so that the clock may go on
	h.portal.say("/centre", 0)
	h.ahead.Add(int64(time.Minute))
	h.comes("/centre", 2)
	h.shows(h.steward, pageA, "发送 2 次，应答 0")
	h.portal.well("/centre")
	h.ahead.Add(int64(time.Hour))
	last := h.comes("/centre", 3)
	if id := last.head.Get("Webhook-Id"); id == "" || id != first.head.Get("Webhook-Id") || string(last.body) != string(first.body) || !last.names(offer.ID) {
		t.Errorf("tried under %q, then %q: %s", first.head.Get("Webhook-Id"), id, last.body)
	}
	last.verify(t, secretA, h.now())
	h.shows(h.steward, pageIn, "内部网络")
	h.shows(h.steward, pageTo, "307")
	if n := len(h.portal.at("/elsewhere")); n > 0 {
		t.Errorf("a redirection was followed %d times", n)
	}
	if n := len(h.portal.at("/org")); n > 0 {
		t.Errorf("an organisation was told %d times of what it may not know", n)
	}

	h.ahead.Store(int64(49 * time.Hour))
	told := h.comes("/org", 1)
	if !told.names(offer.ID) {
		t.Errorf("the end of the embargo: %s", told.body)
	}
	told.verify(t, secretB, h.now())
	h.comes("/centre", 4)

	h.portal.say("/centre", http.StatusServiceUnavailable)
	h.enter()
	h.touch(offer.ID, "smart_transport")
	h.comes("/centre", 5)
	h.shows(h.steward, pageA, "应答 503")
	h.ahead.Add(int64(80 * time.Hour))
	h.comes("/centre", 6)
	h.enter()
	h.shows(h.steward, pageA, "state-disabled")
	h.shows(h.steward, "/inbox", "数据局")
	h.portal.well("/centre")
	h.steward.fill(pageA, pageA+"/enable", url.Values{})
	h.ahead.Add(int64(10 * time.Hour))
	again := h.comes("/centre", 7)
	h.enter()
	h.shows(h.steward, pageA, "已收下")
	_, text := h.steward.ask(http.MethodGet, pageA, nil)
	option := regexp.MustCompile(`<option value="(\w{26})"`).FindStringSubmatch(text)
	if option == nil {
		t.Fatalf("nothing to send anew\n%.3000s", text)
	}
	h.steward.fill(pageA, pageA+"/replay", url.Values{"delivery": {option[1]}})
	anew := h.comes("/centre", 8)
	if anew.head.Get("Webhook-Id") != again.head.Get("Webhook-Id") || string(anew.body) != string(again.body) {
		t.Errorf("sent anew: %v %s, was %v %s", anew.head, anew.body, again.head, again.body)
	}
	anew.verify(t, secretA, h.now())
}

// touch changes an entry.
func (h *hooked) touch(id scene.ID, field string) {
	h.t.Helper()
	seen, err := h.app.Registry().Capability(h.t.Context(), id)
	if err != nil {
		h.t.Fatal(err)
	}
	by := scene.Actor{ID: "li", Name: "li", Roles: []scene.Role{scene.RoleSteward}}
	step := registry.Step{Kind: scene.KindCapability, ID: id, Revision: seen.Revision}
	done, err := h.app.Registry().Bulk(h.t.Context(), by, registry.Order{Task: registry.TaskField, Value: field, Entries: []registry.Step{step}})
	if err != nil || done[0].Err != nil {
		h.t.Fatal(err, done)
	}
}

// hide moves an entry that everybody sees into a batch to come, and waits until
// all have heard of it.
func (h *hooked) hide(offer scene.Capability, release time.Time) {
	h.t.Helper()
	by, ctx := scene.Actor{ID: "li", Name: "li", Roles: []scene.Role{scene.RoleSteward}}, h.t.Context()
	reg := h.app.Registry()
	refs := []registry.Ref{{Kind: scene.KindCapability, ID: offer.ID}}
	batches, err := reg.Batches(ctx)
	if err != nil {
		h.t.Fatal(err)
	}
	batch, err := reg.SaveBatch(ctx, by, scene.Batch{Name: "第九批", Release: release})
	if err != nil {
		h.t.Fatal(err)
	}
	for _, b := range batches {
		if b.Name == offer.Batch {
			err = reg.TakeFromBatch(ctx, by, b.ID, refs)
		}
	}
	if err == nil {
		err = reg.AddToBatch(ctx, by, batch.ID, refs)
	}
	if err != nil {
		h.t.Fatal(err)
	}
	settle(h.t, h.app)
}
