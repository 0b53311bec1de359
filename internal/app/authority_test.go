package app

import (
	"crypto/tls"
	"crypto/x509"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// verified reads the certificate of the site as a browser that trusts the root
// does, at an instant.
func verified(t *testing.T, cert, key string, root []byte, name string, at time.Time) error {
	t.Helper()
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		t.Fatal(err)
	}
	site, err := x509.ParseCertificate(pair.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	parent, err := x509.ParseCertificate(root)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parent)
	_, err = site.Verify(x509.VerifyOptions{Roots: pool, DNSName: name, CurrentTime: at})
	return err
}

// TestLocalAuthority: the root stays, the certificate of the site is made anew
// before it ends and for a new name, and nothing else is trusted by it.
func TestLocalAuthority(t *testing.T) {
	t.Parallel()
	dir, now := t.TempDir(), time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)
	names := []string{"hall.local", "192.0.2.7"}
	cert, key, root, err := localTLS(dir, names, now)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if err := verified(t, cert, key, root, name, now); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if verified(t, cert, key, root, "elsewhere.example", now) == nil {
		t.Error("another name is trusted")
	}
	for _, file := range []string{key, filepath.Join(dir, "tls", rootKeyFile)} {
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", file, info, err)
		}
	}
	read := func() []byte {
		b, err := os.ReadFile(cert)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	first := read()
	for _, step := range []struct {
		name  string
		names []string
		at    time.Time
		same  bool
	}{
		{"again", names, now.Add(time.Hour), true},
		{"a new name", append(names, "10.0.0.9"), now, false},
		{"about to end", names, now.Add(siteLife - siteLeft + time.Hour), false},
	} {
		_, _, again, err := localTLS(dir, step.names, step.at)
		if err != nil || !slices.Equal(again, root) {
			t.Errorf("%s: the root is another one, %v", step.name, err)
		}
		next := read()
		if slices.Equal(next, first) != step.same {
			t.Errorf("%s: certificate kept %v", step.name, !step.same)
		}
		for _, name := range step.names {
			if err := verified(t, cert, key, root, name, step.at); err != nil {
				t.Errorf("%s: %s: %v", step.name, name, err)
			}
		}
		first = next
	}
	if err := os.WriteFile(filepath.Join(dir, "tls", rootKeyFile), []byte("broken"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := localTLS(dir, names, now); err == nil {
		t.Error("a damaged root was replaced: phones that trust it would be lost")
	}
}

// TestSiteNames: a phone in the same network reaches the machine by one of them.
func TestSiteNames(t *testing.T) {
	t.Parallel()
	got := siteNames(&Config{Outside: Outside{PublicURL: "https://Hall.Example:8443/"}, Addr: "0.0.0.0:8080"})
	for _, name := range []string{"localhost", "127.0.0.1", "hall.example"} {
		if !slices.Contains(got, name) {
			t.Errorf("%s is missing in %v", name, got)
		}
	}
	if slices.Contains(got, "0.0.0.0") {
		t.Error("every address is none")
	}
}
