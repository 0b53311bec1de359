package jetstream_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/nats-io/nats.go"
	client "github.com/nats-io/nats.go/jetstream"

	"jinghe/internal/bus"
	"jinghe/internal/bus/jetstream"
	"jinghe/internal/scene"
)

// dial connects to an outside server as another program does.
func dial(t *testing.T, address string) client.JetStream {
	t.Helper()
	conn, err := nats.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	js, err := client.New(conn)
	if err != nil {
		t.Fatal(err)
	}
	return js
}

func closing(t *testing.T, b *jetstream.Bus) *jetstream.Bus {
	t.Helper()
	t.Cleanup(func() {
		if err := b.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return b
}

// TestWire reads what is on the wire with another implementation of
// CloudEvents, and the promises of the contract off the streams.
func TestWire(t *testing.T) {
	t.Parallel()
	address := outside(t)
	b := closing(t, open(t, jetstream.Config{URLs: []string{address}, Source: "/city/wuxi"}))
	at := time.Date(2026, 3, 1, 8, 30, 15, 123456000, time.UTC)
	e := scene.Event{ID: "e1", Subject: scene.CapabilityChanged, IDs: []scene.ID{"c1"}, Time: at, Actor: "system"}
	many := scene.Event{ID: "e2", Subject: scene.ImportCommitted, IDs: []scene.ID{"c1", "c2"}, Time: at}
	if err := b.Publish(t.Context(), e, many); err != nil {
		t.Fatal(err)
	}
	js := dial(t, address)
	s, err := js.Stream(t.Context(), "jinghe_v1")
	if err != nil {
		t.Fatal(err)
	}
	m, err := s.GetMsg(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if m.Subject != "jinghe.v1.capability.changed" || m.Header.Get("Nats-Msg-Id") != "e1" ||
		!strings.HasPrefix(m.Header.Get("Content-Type"), "application/cloudevents+json") {
		t.Errorf("message on %s with %v", m.Subject, m.Header)
	}
	var read event.Event
	if err := json.Unmarshal(m.Data, &read); err != nil {
		t.Fatal(err)
	}
	if err := read.Validate(); err != nil {
		t.Errorf("not a CloudEvent: %v", err)
	}
	var data struct {
		IDs   []string `json:"ids"`
		Actor string   `json:"actor"`
	}
	if err := read.DataAs(&data); err != nil || len(data.IDs) != 1 || data.IDs[0] != "c1" || data.Actor != "system" {
		t.Errorf("data %s: %+v, %v", read.Data(), data, err)
	}
	if read.SpecVersion() != "1.0" || read.ID() != "e1" || read.Source() != "/city/wuxi" || read.Subject() != "c1" ||
		read.Type() != "jinghe.v1.capability.changed" || !read.Time().Equal(at) || read.DataContentType() != "application/json" {
		t.Errorf("event %v", read)
	}
	if m, err = s.GetMsg(t.Context(), 2); err != nil || json.Unmarshal(m.Data, &read) != nil || read.Subject() != "" {
		t.Errorf("an event of two rows: %v, %v", read, err)
	}
	if d := s.CachedInfo().Config.Duplicates; d < 10*time.Minute {
		t.Errorf("events are known for %v, the contract promises ten minutes", d)
	}
}

// TestForeignMessage puts a message that is no event on our subjects: it must
// not hold up the consumer, nor get lost.
func TestForeignMessage(t *testing.T) {
	t.Parallel()
	address := outside(t)
	b := closing(t, open(t, jetstream.Config{URLs: []string{address}}))
	got := make(chan scene.Event, 10)
	_, err := b.Subscribe(t.Context(), bus.Consumer{Name: "reader", Handle: func(_ context.Context, e scene.Event) error {
		got <- e
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	js := dial(t, address)
	foreign := []string{"not JSON \xff", `{}`, `{"specversion":"0.3","id":"x","type":"jinghe.v1.a.b"}`, `{"specversion":"1.0","id":"x","type":"other"}`}
	for _, body := range foreign {
		if _, err := js.Publish(t.Context(), "jinghe.v1.import.committed", []byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Publish(t.Context(), scene.Event{ID: "e1", Subject: scene.ImportUndone}); err != nil {
		t.Fatal(err)
	}
	if e := <-got; e.ID != "e1" {
		t.Errorf("handled %+v", e)
	}
	letters, err := b.DeadLetters(t.Context(), 10)
	if err != nil || len(letters) != len(foreign) {
		t.Fatalf("dead letters %v, %v", letters, err)
	}
	for _, l := range letters {
		if l.Event.Subject != scene.ImportCommitted || l.Reason == "" || l.Consumer != "reader" {
			t.Errorf("dead letter %+v", l)
		}
	}
}

func TestOpenFails(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		config jetstream.Config
		want   scene.Code
	}{
		"NoDirectory":   {jetstream.Config{}, scene.Invalid},
		"NobodyThere":   {jetstream.Config{URLs: []string{"nats://127.0.0.1:1"}}, scene.Unavailable},
		"NoCredentials": {jetstream.Config{URLs: []string{"nats://127.0.0.1:1"}, Credentials: "/nonexistent"}, scene.Unavailable},
		"BadDirectory":  {jetstream.Config{StoreDir: "/dev/null/city"}, scene.Unavailable},
	} {
		b, err := jetstream.Open(t.Context(), c.config)
		if err == nil {
			closing(t, b)
		}
		if got := scene.CodeOf(err); got != c.want {
			t.Errorf("%s: %v, want code %s", name, err, c.want)
		}
	}
}

// TestLostConsumer takes the consumer away on the server: it comes back.
func TestLostConsumer(t *testing.T) {
	t.Parallel()
	address := outside(t)
	var lines lineBuffer
	b := closing(t, open(t, jetstream.Config{URLs: []string{address}, Logger: slog.New(slog.NewTextHandler(&lines, nil))}))
	got := make(chan scene.ID, 100)
	_, err := b.Subscribe(t.Context(), bus.Consumer{Name: "reader", FromStart: true, Handle: func(_ context.Context, e scene.Event) error {
		got <- e.ID
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	s, err := dial(t, address).Stream(t.Context(), "jinghe_v1")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.DeleteConsumer(t.Context(), "reader"); err != nil {
		t.Fatal(err)
	}
	if err := b.Publish(t.Context(), scene.Event{ID: "e1", Subject: scene.ImportUndone}); err != nil {
		t.Fatal(err)
	}
	if id := <-got; id != "e1" {
		t.Errorf("handled %s", id)
	}
	if !strings.Contains(lines.String(), "consumer interrupted") {
		t.Errorf("the log does not tell: %s", lines.String())
	}
}

// lineBuffer is a log that may be read while it is written.
type lineBuffer struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lineBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lineBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
