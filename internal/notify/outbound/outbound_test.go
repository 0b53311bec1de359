package outbound

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"jinghe/internal/notify"
	"jinghe/internal/scene"
)

func TestJudge(t *testing.T) {
	t.Parallel()
	allowed := []netip.Prefix{netip.MustParsePrefix("10.20.0.0/16")}
	for address, ok := range map[string]bool{
		"8.8.8.8:443": true, "[2400:3200::1]:443": true, "10.20.3.4:80": true, "[::ffff:10.20.3.4]:80": true,
		"127.0.0.1:80": false, "[::1]:80": false, "10.0.0.1:80": false, "172.16.0.1:80": false, "192.168.1.1:80": false,
		"169.254.169.254:80": false, "100.100.100.200:80": false, "0.0.0.0:80": false, "[::]:80": false, "[fe80::1]:80": false,
		"[fd00::1]:80": false, "[::ffff:127.0.0.1]:80": false, "[64:ff9b::7f00:1]:80": false, "[2002:7f00:1::]:80": false,
		"224.0.0.1:80": false, "255.255.255.255:80": false, "nonsense": false,
	} {
		if err := judge(address, allowed); (err == nil) != ok {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// TestPost: what lies inside is refused unless it is allowed, and a redirection
// is an answer that is not followed.
func TestPost(t *testing.T) {
	t.Parallel()
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		if r.URL.Path == "/away" {
			http.Redirect(w, r, "/inside", http.StatusTemporaryRedirect)
			return
		}
		if r.Header.Get("webhook-id") != "m" || r.Method != http.MethodPost {
			w.WriteHeader(http.StatusBadRequest)
		}
	}))
	defer server.Close()
	m := notify.Message{URL: server.URL, Body: []byte("{}"), Header: map[string]string{"webhook-id": "m"}}
	if _, err := New(nil).Post(t.Context(), m); scene.CodeOf(err) != scene.Unavailable || asked != 0 {
		t.Errorf("to this machine: %v, asked %d", err, asked)
	}
	c := New([]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")})
	if a, err := c.Post(t.Context(), m); err != nil || a.Status != http.StatusOK {
		t.Errorf("allowed: %+v, %v", a, err)
	}
	m.URL += "/away"
	if a, err := c.Post(t.Context(), m); err != nil || a.Status != http.StatusTemporaryRedirect || asked != 2 {
		t.Errorf("a redirection: %+v, %v, asked %d", a, err, asked)
	}
	m.URL = "http://[nonsense"
	if _, err := c.Post(t.Context(), m); scene.CodeOf(err) != scene.Invalid {
		t.Errorf("no address: %v", err)
	}
}

// TestNames: a name is judged by what it leads to when it is dialled, whatever it
// looked like before.
func TestNames(t *testing.T) {
	t.Parallel()
	asked := false
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer server.Close()
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{"localhost", "LOCALHOST.", "127.1", "0x7f.0.0.1", "2130706433", "[::ffff:7f00:1]"} {
		if _, err := New(nil).Post(t.Context(), notify.Message{URL: "http://" + host + ":" + port}); scene.CodeOf(err) != scene.Unavailable || asked {
			t.Errorf("%s: %v, asked %v", host, err, asked)
		}
	}
	_, err = New(nil).Post(t.Context(), notify.Message{URL: "http://localhost:" + port})
	if e, ok := errors.AsType[*scene.Error](err); !ok || e.Key != "webhook.private" {
		t.Errorf("a name that leads inside is refused as %v", err)
	}
}

// TestWrittenDown: what leads inside is refused when it is written down already,
// unless the installation allows it; a name that nobody knows is not.
func TestWrittenDown(t *testing.T) {
	t.Parallel()
	c, open := New(nil), New([]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")})
	for address, want := range map[string][2]string{
		"http://10.0.0.5/hook":                    {"webhook.inside", ""},
		"http://127.0.0.1":                        {"webhook.inside", ""},
		"https://localhost:8443/":                 {"webhook.inside", ""},
		"http://Hook.LOCALHOST./":                 {"webhook.inside", ""},
		"http://169.254.169.254/latest/meta-data": {"webhook.inside", "webhook.inside"},
		"http://[::1]:9/":                         {"webhook.inside", ""},
		"http://[fe80::1%25eth0]/":                {"webhook.inside", "webhook.inside"},
		"http://[::ffff:10.0.0.1]/":               {"webhook.inside", ""},
		"http://0x7f000001/":                      {"webhook.number", "webhook.number"},
		"http://127.1/":                           {"webhook.number", "webhook.number"},
		"http://2130706433/":                      {"webhook.number", "webhook.number"},
		"https://8.8.8.8/":                        {"", ""},
		"https://[2400:3200::1]/":                 {"", ""},
		"https://nobody.invalid/hook":             {"", ""},
		"http://[nonsense":                        {"webhook.url", "webhook.url"},
	} {
		if got := [2]string{c.Judge(t.Context(), address), open.Judge(t.Context(), address)}; got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
}

// TestHanging: who does not answer keeps nobody longer than the patience.
func TestHanging(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer server.Close()
	defer close(release)
	c := waiting([]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, 50*time.Millisecond)
	_, err := c.Post(t.Context(), notify.Message{URL: server.URL})
	if e, ok := errors.AsType[*scene.Error](err); !ok || e.Key != "webhook.away" || e.Code != scene.Unavailable {
		t.Errorf("a receiver that hangs: %v", err)
	}
}
