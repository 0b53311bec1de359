package web

import (
	"cmp"
	"io"
	"log/slog"
	"net/netip"
	"net/url"
	"runtime"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/web/ui"
)

// Config is how a server listens and what it says of itself.
type Config struct {
	Addr string // "127.0.0.1:8080"; port 0 picks a free one
	// PublicURL is the address people use, such as "https://changjing.example.cn".
	// Without it no absolute link is made.
	PublicURL string
	// TLSCert and TLSKey are files in PEM; without them plain HTTP is served.
	TLSCert, TLSKey string
	// TLSRoot is the certificate, in DER, of the authority of this installation's own
	// that TLSCert is of; a page gives it to phones. Empty: there is none.
	TLSRoot []byte
	// TrustedProxies may tell the address and scheme of the client by
	// X-Forwarded-For and X-Forwarded-Proto. Empty: nobody may.
	TrustedProxies []netip.Prefix
	// Origins are those whose pages may read the API in a browser, such as
	// "https://portal.example.cn". Empty: none but this site's own.
	Origins []string
	// EmbedOrigins are those whose pages may show widgets, in the same form. Empty:
	// none but this site's own.
	EmbedOrigins []string
	// Operators may read /metrics. Empty: only this machine.
	Operators []netip.Prefix

	Lang    locale.Lang // for readers who ask for neither language; default Chinese
	Site    ui.Site
	Version string // of the program

	RequestTimeout time.Duration // 0 means 15 s
	BodyLimit      int64         // bytes; 0 means 1 MiB
	// Seats is how many answers are made at a time before visitors wait, and are
	// turned away after a moment. 0 means 32 for each processor.
	Seats int
	// Rates are the limits by class of route; nil means DefaultRates, an empty
	// map none at all.
	Rates map[Class]Rate
	// Peers lets a rate hold for all processes of an installation together, once
	// the server was started; nil counts for this process alone.
	Peers Peers

	Now    func() time.Time // required
	Random io.Reader        // required; makes request ids
	Log    *slog.Logger     // required
	// Metrics is where the server registers its figures and what /metrics
	// shows. Nil: a registry of its own.
	Metrics *prometheus.Registry
}

func (c Config) withDefaults() (Config, error) {
	if err := c.validate(); err != nil {
		return c, err
	}
	c.PublicURL = strings.TrimRight(c.PublicURL, "/")
	c.Addr = cmp.Or(c.Addr, "127.0.0.1:8080")
	c.Lang = cmp.Or(c.Lang, locale.Zh)
	c.RequestTimeout = cmp.Or(c.RequestTimeout, 15*time.Second)
	c.BodyLimit = cmp.Or(c.BodyLimit, 1<<20)
	c.Seats = cmp.Or(c.Seats, seatsPerProcessor*runtime.GOMAXPROCS(0))
	if c.Rates == nil {
		c.Rates = DefaultRates()
	}
	if c.Metrics == nil {
		c.Metrics = prometheus.NewRegistry()
	}
	if len(c.Operators) == 0 {
		c.Operators = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	}
	return c, nil
}

func (c Config) validate() error {
	if c.Now == nil || c.Random == nil || c.Log == nil {
		return &scene.Error{Code: scene.Internal, Op: "web.New", Key: "web.config.incomplete"}
	}
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return &scene.Error{Code: scene.Invalid, Op: "web.New", Key: "web.config.tls"}
	}
	if c.PublicURL == "" {
		return nil
	}
	u, err := url.Parse(c.PublicURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return &scene.Error{
			Code: scene.Invalid, Op: "web.New", Key: "web.config.public_url",
			Args: map[string]any{"value": c.PublicURL}, Err: err,
		}
	}
	return nil
}
