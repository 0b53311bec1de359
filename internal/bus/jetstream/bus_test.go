package jetstream_test

import (
	"net/url"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"go.uber.org/goleak"

	"jinghe/internal/bus"
	"jinghe/internal/bus/bustest"
	"jinghe/internal/bus/jetstream"
)

func TestMain(m *testing.M) {
	if crashChild() {
		return
	}
	goleak.VerifyTestMain(m)
}

// ackWait is well below bustest.LongHandler, so that its test means something, and well
// above what a busy machine stands still for: an event that is not acknowledged so long
// comes again, and the suite wants each once.
const ackWait = 6 * time.Second

func open(t *testing.T, c jetstream.Config) *jetstream.Bus {
	t.Helper()
	b, err := jetstream.Open(t.Context(), c)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	return b
}

func TestInside(t *testing.T) {
	t.Parallel()
	bustest.Run(t, func(t *testing.T) func() bus.Bus {
		dir := t.TempDir()
		return func() bus.Bus { return open(t, jetstream.Config{StoreDir: dir, AckWait: ackWait}) }
	})
}

// TestOutside runs the same suite against a server that is reached by its address.
func TestOutside(t *testing.T) {
	t.Parallel()
	bustest.Run(t, func(t *testing.T) func() bus.Bus {
		address := outside(t)
		return func() bus.Bus { return open(t, jetstream.Config{URLs: []string{address}, AckWait: ackWait}) }
	})
}

// outside starts a server on a port of the loopback that the system chooses.
func outside(t *testing.T) string {
	t.Helper()
	s, err := server.NewServer(&server.Options{
		Host: "127.0.0.1", Port: server.RANDOM_PORT, NoSigs: true, NoLog: true,
		JetStream: true, StoreDir: t.TempDir(), SyncAlways: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() {
		s.Shutdown()
		s.WaitForShutdown()
	})
	if !s.ReadyForConnections(patience) {
		t.Fatal("the outside server is not ready")
	}
	return (&url.URL{Scheme: "nats", Host: s.Addr().String()}).String()
}
