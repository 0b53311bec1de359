package jetstream_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/nats-io/nats-server/v2/server"

	"jinghe/internal/bus/jetstream"
	"jinghe/internal/locale"
	"jinghe/internal/scene"
)

// TestOpenNamesTheRemedy: whatever is wrong with an outside server, the message
// names the setting.
func TestOpenNamesTheRemedy(t *testing.T) {
	t.Parallel()
	run := func(change func(*server.Options)) string {
		o := &server.Options{Host: "127.0.0.1", Port: server.RANDOM_PORT, NoSigs: true, NoLog: true, JetStream: true, StoreDir: t.TempDir()}
		change(o)
		s, err := server.NewServer(o)
		if err != nil {
			t.Fatal(err)
		}
		s.Start()
		t.Cleanup(func() {
			s.Shutdown()
			s.WaitForShutdown()
		})
		if !s.ReadyForConnections(patience) {
			t.Fatal("the server is not ready")
		}
		return s.Addr().String()
	}
	guarded := run(func(o *server.Options) { o.Username, o.Password = "jinghe", "right" })
	stranger := httptest.NewUnstartedServer(http.NotFoundHandler())
	stranger.Config.ConnState = func(c net.Conn, state http.ConnState) {
		if state == http.StateNew {
			_, _ = c.Write([]byte("220 mail.example ESMTP\r\n"))
		}
	}
	stranger.Start()
	t.Cleanup(stranger.Close)
	alone := run(func(*server.Options) {})
	cases := map[string]struct {
		address url.URL
		code    scene.Code
		key     string
	}{
		"NoNATS":        {url.URL{Host: stranger.Listener.Addr().String()}, scene.Unavailable, "bus.no_answer"},
		"TooManyCopies": {url.URL{Host: alone}, scene.Unavailable, "bus.no_peers"},
		"Nobody":        {url.URL{Host: "127.0.0.1:1"}, scene.Unavailable, "bus.unreachable"},
		"WrongPassword": {url.URL{Host: guarded, User: url.UserPassword("jinghe", "wrong")}, scene.Invalid, "bus.password"},
		"NoPassword":    {url.URL{Host: guarded}, scene.Invalid, "bus.password"},
		"NoStreams":     {url.URL{Host: run(func(o *server.Options) { o.JetStream = false })}, scene.Unavailable, "bus.no_streams"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.address.Scheme = "nats"
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			_, err := jetstream.Open(ctx, jetstream.Config{URLs: []string{c.address.String()}, Replicas: 3})
			e, ok := errors.AsType[*scene.Error](err)
			if !ok || e.Code != c.code || e.Key != c.key {
				t.Fatalf("got %v, want %s %s", err, c.code, c.key)
			}
			for _, lang := range []locale.Lang{locale.Zh, locale.En} {
				if said := locale.Text(lang, e.Key, e.Args); !strings.Contains(said, "JINGHE_NATS") {
					t.Errorf("%s: %q names no setting", lang, said)
				}
			}
		})
	}
}
