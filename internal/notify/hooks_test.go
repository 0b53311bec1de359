package notify_test

import (
	"encoding/json"
	"fmt"
	gohttp "net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"jinghe/internal/notify"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

func (d *desk) hook(by scene.Actor, change ...func(*scene.Webhook)) (scene.Webhook, string) {
	d.t.Helper()
	w := scene.Webhook{Name: "门户", URL: "https://portal.example/hook", Form: scene.HookStandard, Subjects: []string{scene.CapabilityChanged, scene.EngagementChanged}}
	for _, f := range change {
		f(&w)
	}
	w, secret, err := d.AddHook(d.t.Context(), by, w)
	if err != nil {
		d.t.Fatal(err)
	}
	return w, secret
}

func (d *desk) send(want int) {
	d.t.Helper()
	if n, err := d.Send(d.t.Context()); err != nil || n != want {
		d.t.Fatalf("sent %d, %v; want %d", n, err, want)
	}
}

// queue has n messages wait for a receiver.
func (d *desk) queue(w scene.ID, n int) {
	d.t.Helper()
	d.update(func(tx store.Tx) error {
		for i := range n {
			id := scene.ID(fmt.Sprintf("%s-%04d", w, i))
			_, err := tx.Webhooks().Queue(d.t.Context(), scene.Delivery{
				ID: id, Webhook: w, Message: string(id), Subject: scene.CapabilityChanged, Body: "{}", State: scene.DeliveryWaiting, At: d.now, Due: d.now,
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// genuine ends the test unless a message is signed by the secret.
func (d *desk) genuine(m notify.Message, secret string) {
	d.t.Helper()
	wh, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		d.t.Fatal(err)
	}
	h := gohttp.Header{}
	for name, value := range m.Header {
		h.Set(name, value)
	}
	if err := wh.VerifyIgnoringTimestamp(m.Body, h); err != nil {
		d.t.Errorf("signature: %v", err)
	}
}

// TestHook: an event is queued once, signed, tried again after a failure under
// the same id, narrowed to what the organisation may know, and can be sent anew.
func TestHook(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	by := d.person("one", "")
	w, secret := d.hook(by)
	d.update(func(tx store.Tx) error {
		_, err := tx.Capabilities().PutMany(t.Context(), []scene.Capability{
			{Listing: scene.Listing{ID: "own", Name: "甲", OrgID: "org", State: scene.Draft}},
			{Listing: scene.Listing{ID: "hidden", Name: "乙", State: scene.Draft}},
			{Listing: scene.Listing{ID: "open", Name: "丙", State: scene.Published}},
		})
		return err
	})
	e := scene.Event{ID: "event", Subject: scene.CapabilityChanged, IDs: []scene.ID{"hidden", "open", "own"}, Time: d.now, Actor: "somebody"}
	for range 2 {
		if err := d.Handle(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	e.ID, e.IDs = "other", []scene.ID{"hidden"}
	if err := d.Handle(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	d.away.answers = []int{500}
	d.send(0)
	d.send(0) // not due yet
	d.now = d.now.Add(time.Minute)
	d.send(1)
	if len(d.away.sent) != 2 || d.away.sent[0].Header["webhook-id"] != "event" || d.away.sent[1].Header["webhook-id"] != "event" {
		t.Fatalf("sent: %+v", d.away.sent)
	}
	d.genuine(d.away.sent[1], secret)
	var body struct {
		Type string
		Data struct {
			IDs   []string
			Actor string
		}
	}
	if err := json.Unmarshal(d.away.sent[1].Body, &body); err != nil || body.Type != "jinghe.v1.capability.changed" || strings.Join(body.Data.IDs, " ") != "open own" || body.Data.Actor != "" {
		t.Errorf("the event: %s, %v", d.away.sent[1].Body, err)
	}
	second, err := d.RotateHook(t.Context(), by, w.ID)
	if err != nil {
		t.Fatal(err)
	}
	_, log, err := d.Hook(t.Context(), by, w.ID, store.Page{})
	if err != nil || len(log.Items) != 1 || log.Items[0].State != scene.DeliveryDone || log.Items[0].Tries != 2 {
		t.Fatalf("the log: %+v, %v", log.Items, err)
	}
	for range 2 {
		if err := d.Replay(t.Context(), by, w.ID, log.Items[0].ID); err != nil {
			t.Fatal(err)
		}
	}
	d.send(1)
	d.genuine(d.away.sent[2], secret)
	d.genuine(d.away.sent[2], second)
	stranger := scene.Actor{ID: "x", OrgID: "elsewhere", Roles: []scene.Role{scene.RoleProvider}}
	if err := d.DeleteHook(t.Context(), stranger, w.ID); scene.CodeOf(err) != scene.Forbidden {
		t.Errorf("a stranger deletes it: %v", err)
	}
	if err := d.DeleteHook(t.Context(), by, w.ID); err != nil {
		t.Error(err)
	}
}

// TestHookTurnedOff: who fails for days is asked less and less, turned off, and
// his owner told once.
func TestHookTurnedOff(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	by := d.person("one", "")
	w, _ := d.hook(by, func(w *scene.Webhook) { w.Subjects = []string{scene.OrganisationChanged} })
	for range 500 {
		d.away.answers = append(d.away.answers, 503)
	}
	for day := range 5 {
		e := scene.Event{ID: scene.ID("e" + string(rune('0'+day))), Subject: scene.OrganisationChanged, IDs: []scene.ID{"org"}, Time: d.now}
		if err := d.Handle(t.Context(), e); err != nil {
			t.Fatal(err)
		}
		for range 48 {
			d.send(0)
			d.now = d.now.Add(30 * time.Minute)
		}
	}
	got, _, err := d.Hook(t.Context(), by, w.ID, store.Page{})
	if err != nil || got.State != scene.HookDisabled {
		t.Errorf("still on: %+v, %v", got, err)
	}
	if n := len(d.away.sent); n < 5 || n > 60 {
		t.Errorf("asked %d times", n)
	}
	if n, err := d.Unread(t.Context(), "one"); n != 1 || err != nil {
		t.Errorf("told %d times, %v", n, err)
	}
}

// TestDeadReceiver: what has piled up for a receiver that is away keeps nobody
// else waiting, and is tried less and less.
func TestDeadReceiver(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.away.dead = "https://dead.example/hook"
	by := d.person("one", "")
	dead, _ := d.hook(by, func(w *scene.Webhook) { w.URL = d.away.dead })
	alive, _ := d.hook(by)
	d.queue(dead.ID, 700)
	d.now = d.now.Add(time.Second)
	d.queue(alive.ID, 3)
	d.send(0)
	d.send(3)
	for range 720 { // an hour of rounds
		d.send(0)
		d.now = d.now.Add(5 * time.Second)
	}
	if n := len(d.away.sent) - 3; n < 5 || n > 60 {
		t.Errorf("the dead one was asked %d times in an hour", n)
	}
	d.away.dead = ""
	d.now = d.now.Add(10 * time.Hour) // longer than any pause
	d.send(500)
	d.send(200)
}

// TestRobots: each is spoken to in its own form, and what it refuses with 200 is
// a failure.
func TestRobots(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	by := d.person("one", "")
	for _, form := range []scene.HookForm{scene.HookWeCom, scene.HookDingTalk, scene.HookFeishu} {
		w, secret := d.hook(by, func(w *scene.Webhook) {
			w.Form, w.Subjects, w.Notices, w.Secret, w.URL = form, nil, true, "SECx", "https://robot.example/send?key=private"
		})
		if secret != "" || strings.Contains(w.URL, "private") || w.Secret != "" {
			t.Errorf("%s shows its key: %+v", form, w)
		}
	}
	d.tell("one", scene.NoticeEngagement, "甲")
	d.deliver(1)
	d.send(0) // an empty body is no word of a robot
	if len(d.away.sent) != 3 {
		t.Fatalf("%d messages", len(d.away.sent))
	}
	for _, m := range d.away.sent {
		u, err := url.Parse(m.URL)
		if err != nil || u.Query().Get("key") != "private" || !strings.Contains(string(m.Body), "甲") {
			t.Errorf("%s: %s", m.URL, m.Body)
		}
		if signed := u.Query().Get("sign") != "" || strings.Contains(string(m.Body), `"sign"`); signed == strings.Contains(string(m.Body), "msgtype") && u.Query().Get("sign") == "" && signed {
			t.Errorf("signed: %s %s", m.URL, m.Body)
		}
	}
}

// TestRobotPace: a robot with much to say stays below what a group chat allows,
// 20 messages a minute, and keeps nobody else waiting.
func TestRobotPace(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.away.body = `{"errcode":0}`
	by := d.person("one", "")
	slow, _ := d.hook(by, func(w *scene.Webhook) { w.Form, w.Subjects, w.Notices = scene.HookWeCom, nil, true })
	quick, _ := d.hook(by)
	d.queue(slow.ID, 40)
	d.queue(quick.ID, 40)
	d.send(41)
	sent := 1
	for range 60 { // a minute, second by second
		n, err := d.Send(t.Context())
		if err != nil || n > 1 {
			t.Fatalf("%d at once, %v", n, err)
		}
		sent += n
		d.now = d.now.Add(time.Second)
	}
	if sent < 10 || sent > 20 {
		t.Errorf("%d messages in a minute", sent)
	}
}
