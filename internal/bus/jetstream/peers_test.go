package jetstream_test

import (
	"testing"
	"time"

	"jinghe/internal/bus/jetstream"
	"jinghe/internal/scene"
)

// TestPeers has two processes on one server: a message reaches the other one, on
// its topic only, and not the one that sent it.
func TestPeers(t *testing.T) {
	t.Parallel()
	address := outside(t)
	a, b := open(t, jetstream.Config{URLs: []string{address}}), open(t, jetstream.Config{URLs: []string{address}})
	heard := make(chan string, 10_000) // more than can be told: nobody is held up
	for name, each := range map[string]*jetstream.Bus{"a": a, "b": b} {
		stop, err := each.Hear("rates", func(m []byte) { heard <- name + " " + string(m) })
		if err != nil {
			t.Fatal(err)
		}
		defer stop()
	}
	limit := time.After(patience)
	expect := func(want string) {
		t.Helper()
		for {
			select {
			case got := <-heard:
				if got != want {
					t.Fatalf("heard %q, want %q", got, want)
				}
				return
			case <-time.After(50 * time.Millisecond): // b may not hear yet
				if err := a.Tell("rates", []byte("one")); err != nil {
					t.Fatal(err)
				}
			case <-limit:
				t.Fatalf("never heard %q", want)
			}
		}
	}
	expect("b one")
	if err := a.Tell("other", []byte("two")); err != nil {
		t.Fatal(err)
	}
	expect("b one") // not “two”, and not “a one”
	for _, topic := range []string{"", "a.b", "*", ">"} {
		if err := a.Tell(topic, nil); scene.CodeOf(err) != scene.Invalid {
			t.Errorf("topic %q: %v", topic, err)
		}
		if _, err := a.Hear(topic, func([]byte) {}); scene.CodeOf(err) != scene.Invalid {
			t.Errorf("topic %q: %v", topic, err)
		}
	}
	for _, each := range []*jetstream.Bus{a, b} {
		if err := each.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}
	if err := a.Tell("rates", nil); scene.CodeOf(err) != scene.Unavailable {
		t.Errorf("after the end: %v", err)
	}
}
