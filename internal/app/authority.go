package app

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"jinghe/internal/scene"
)

// Files of the local authority, in the folder “tls” of the data directory.
const (
	rootFile, rootKeyFile = "root.crt", "root.key"
	siteFile, siteKeyFile = "site.crt", "site.key"

	rootLife = 10 * 365 * 24 * time.Hour
	siteLife = 397 * 24 * time.Hour // what browsers accept
	siteLeft = 60 * 24 * time.Hour  // a certificate that ends sooner is made anew
)

// localTLS gives this installation a certificate of an authority of its own, for
// halls without the internet: phones that trust the root keep their pages and
// install them. The root is made once and kept in the data directory, its key
// readable by its owner alone; the certificate of the site is made anew where it
// is about to end or lacks a name. It returns the files of certificate and key,
// and the root in DER.
func localTLS(dir string, names []string, now time.Time) (cert, key string, root []byte, err error) {
	dir = filepath.Join(dir, "tls")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", "", nil, scene.Wrap("app.localTLS", err)
	}
	at := func(name string) string { return filepath.Join(dir, name) }
	cert, key = at(siteFile), at(siteKeyFile)
	authority, err := tls.LoadX509KeyPair(at(rootFile), at(rootKeyFile))
	switch {
	case err == nil:
	case os.IsNotExist(err):
		if authority, err = makeRoot(at(rootFile), at(rootKeyFile), now); err != nil {
			return "", "", nil, scene.Wrap("app.localTLS", err)
		}
	default:
		return "", "", nil, &scene.Error{Code: scene.Invalid, Op: "app.localTLS", Key: "config.tls_unusable", Args: map[string]any{"cert": at(rootFile), "key": at(rootKeyFile)}, Err: err}
	}
	root = authority.Certificate[0]
	if serves(cert, key, root, names, now) {
		return cert, key, root, nil
	}
	return cert, key, root, scene.Wrap("app.localTLS", makeSite(cert, key, &authority, names, now))
}

// makeRoot makes the authority: it signs for this site and nothing above it.
func makeRoot(cert, key string, now time.Time) (tls.Certificate, error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	serial, err := newSerial()
	if err != nil {
		return tls.Certificate{}, err
	}
	host, _ := os.Hostname()
	t := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: strings.TrimSpace("Jinghe " + host), Organization: []string{"Jinghe"}},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(rootLife), IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, t, t, &private.PublicKey, private)
	if err != nil {
		return tls.Certificate{}, err
	}
	if err := writePair(cert, key, private, der); err != nil {
		return tls.Certificate{}, err
	}
	return tls.LoadX509KeyPair(cert, key)
}

// makeSite makes the certificate that the server shows.
func makeSite(cert, key string, authority *tls.Certificate, names []string, now time.Time) error {
	parent, err := x509.ParseCertificate(authority.Certificate[0])
	if err != nil {
		return err
	}
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	serial, err := newSerial()
	if err != nil {
		return err
	}
	t := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: names[0]}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(siteLife),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, BasicConstraintsValid: true,
	}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			t.IPAddresses = append(t.IPAddresses, ip)
		} else {
			t.DNSNames = append(t.DNSNames, name)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, t, parent, &private.PublicKey, authority.PrivateKey)
	if err != nil {
		return err
	}
	return writePair(cert, key, private, der, authority.Certificate[0])
}

func newSerial() (*big.Int, error) {
	return rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
}

// writePair writes the key first: a certificate without its key is made anew.
func writePair(cert, key string, private *ecdsa.PrivateKey, chain ...[]byte) error {
	raw, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return err
	}
	if err := os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw}), 0o600); err != nil {
		return err
	}
	var text []byte
	for _, der := range chain {
		text = append(text, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...)
	}
	return os.WriteFile(cert, text, 0o600)
}

// serves reports whether the certificate of the site is of this root, holds long
// enough and has every name.
func serves(cert, key string, root []byte, names []string, now time.Time) bool {
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		return false
	}
	site, err := x509.ParseCertificate(pair.Certificate[0])
	if err != nil {
		return false
	}
	parent, err := x509.ParseCertificate(root)
	if err != nil || site.CheckSignatureFrom(parent) != nil || site.NotAfter.Before(now.Add(siteLeft)) {
		return false
	}
	return !slices.ContainsFunc(names, func(name string) bool { return site.VerifyHostname(name) != nil })
}

// siteNames are the names and addresses by which this machine may be reached in
// its own network: what is configured, its host name, and its addresses.
func siteNames(c *Config) []string {
	names := []string{"localhost", "127.0.0.1", "::1"}
	add := func(name string) {
		if name = strings.ToLower(strings.TrimSuffix(name, ".")); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if u, err := url.Parse(c.PublicURL); err == nil {
		add(u.Hostname())
	}
	if host, _, err := net.SplitHostPort(c.Addr); err == nil {
		if ip, err := netip.ParseAddr(host); err != nil || !ip.IsUnspecified() {
			add(host)
		}
	}
	if host, err := os.Hostname(); err == nil {
		add(host)
		if !strings.Contains(host, ".") {
			add(host + ".local")
		}
	}
	addresses, _ := net.InterfaceAddrs()
	for _, a := range addresses {
		if n, ok := a.(*net.IPNet); ok && n.IP.IsGlobalUnicast() {
			add(n.IP.String())
		}
	}
	return names
}
