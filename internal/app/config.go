package app

import (
	"fmt"
	"net"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"time"

	"jinghe/internal/scene"
)

// Config is everything an installation can set, by flag or environment
// variable. The tags serve the command line; Settings prints them.
type Config struct {
	Data string `env:"JINGHE_DATA" placeholder:"DIR" help:"cli.flag.data"`
	// Store is the address of a PostgreSQL database that keeps the rows; empty
	// keeps them in a file of the data directory.
	Store   string `env:"JINGHE_STORE" placeholder:"URL" help:"cli.flag.store" secret:"url"`
	Addr    string `env:"JINGHE_ADDR" default:"127.0.0.1:8080" help:"cli.flag.addr"`
	Outside `embed:""`
	// SMTP is the address of a mail server; without one the centre lets people in.
	SMTP     string `env:"JINGHE_SMTP" placeholder:"URL" help:"cli.flag.smtp" secret:"url"`
	MailFrom string `env:"JINGHE_MAIL_FROM" placeholder:"MAIL" help:"cli.flag.mail_from"`
	// SecretKey seals secrets of second factors, in hex; SecretKeyFile is a file
	// that holds it. Neither takes that of the data directory, or with a database none.
	SecretKey     string `env:"JINGHE_SECRET_KEY" placeholder:"HEX" help:"cli.flag.secret_key" secret:"all"`
	SecretKeyFile string `env:"JINGHE_SECRET_KEY_FILE" placeholder:"FILE" help:"cli.flag.secret_key_file"`
	// Single sign-on by OpenID Connect; off without an issuer.
	OIDCIssuer string `env:"JINGHE_OIDC_ISSUER" placeholder:"URL" help:"cli.flag.oidc_issuer"`
	OIDCClient string `env:"JINGHE_OIDC_CLIENT_ID" placeholder:"TEXT" help:"cli.flag.oidc_client"`
	OIDCSecret string `env:"JINGHE_OIDC_CLIENT_SECRET" placeholder:"TEXT" help:"cli.flag.oidc_secret" secret:"all"`
	OIDCName   string `env:"JINGHE_OIDC_NAME" placeholder:"TEXT" help:"cli.flag.oidc_name"`
	// OIDCTrustMFA lets a second factor given at the provider count here.
	OIDCTrustMFA bool `env:"JINGHE_OIDC_TRUST_MFA" help:"cli.flag.oidc_trust_mfa"`
	// NATS is a list of server addresses; empty runs the server inside the process.
	NATS            []string `env:"JINGHE_NATS" placeholder:"URL" help:"cli.flag.nats" secret:"url"`
	NATSCredentials string   `env:"JINGHE_NATS_CREDENTIALS" placeholder:"FILE" help:"cli.flag.nats_credentials"`
	NATSReplicas    int      `env:"JINGHE_NATS_REPLICAS" default:"1" help:"cli.flag.nats_replicas"`
	// Search is the address of a Meilisearch server; empty runs the index inside the process.
	Search string `env:"JINGHE_MEILISEARCH_URL" placeholder:"URL" help:"cli.flag.search" secret:"url"`
	// SearchKey should be limited to the indexes whose names begin with SearchPrefix.
	SearchKey    string `env:"JINGHE_MEILISEARCH_KEY" placeholder:"TEXT" help:"cli.flag.search_key" secret:"all"`
	SearchPrefix string `env:"JINGHE_MEILISEARCH_PREFIX" default:"jinghe_" help:"cli.flag.search_prefix"`
	// SearchWithin bounds one question to the server; 0 means 3 s.
	SearchWithin time.Duration `env:"JINGHE_MEILISEARCH_TIMEOUT" default:"3s" help:"cli.flag.search_within"`
	// Care lets the first ten of a list stand by the rules of market care unless
	// a reader asks for fit alone.
	Care        bool          `env:"JINGHE_CARE" help:"cli.flag.care"`
	LogLevel    string        `env:"JINGHE_LOG_LEVEL" enum:"debug,info,warn,error" default:"info" help:"cli.flag.log_level"`
	LogFormat   string        `env:"JINGHE_LOG_FORMAT" enum:"text,json" default:"text" help:"cli.flag.log_format"`
	StopTimeout time.Duration `env:"JINGHE_STOP_TIMEOUT" default:"15s" help:"cli.flag.stop_timeout"`
	// The outside model that places texts, behind an OpenAI-compatible endpoint; off without a URL.
	EmbedderURL        string `env:"JINGHE_EMBEDDER_URL" placeholder:"URL" help:"cli.flag.embedder_url" secret:"url"`
	EmbedderModel      string `env:"JINGHE_EMBEDDER_MODEL" placeholder:"NAME" help:"cli.flag.embedder_model"`
	EmbedderKey        string `env:"JINGHE_EMBEDDER_KEY" placeholder:"KEY" help:"cli.flag.embedder_key" secret:"all"`
	EmbedderDimensions int    `env:"JINGHE_EMBEDDER_DIMENSIONS" placeholder:"N" help:"cli.flag.embedder_dimensions"`
}

// Outside is how an installation is reached and framed, what it calls itself, and
// whom inside it may reach: what a demo obeys as a city of its own does, for none of
// it says where anything is kept.
type Outside struct {
	// PublicURL is how the outside reaches the service; without it no absolute link is printed.
	PublicURL string `env:"JINGHE_PUBLIC_URL" placeholder:"URL" help:"cli.flag.public_url"`
	TLSCert   string `env:"JINGHE_TLS_CERT" placeholder:"FILE" help:"cli.flag.tls_cert"`
	TLSKey    string `env:"JINGHE_TLS_KEY" placeholder:"FILE" help:"cli.flag.tls_key"`
	// TLSLocal serves by a certificate of an authority that this installation makes
	// and keeps in the data directory.
	TLSLocal bool `env:"JINGHE_TLS_LOCAL" help:"cli.flag.tls_local"`
	// TrustedProxies are the networks whose X-Forwarded-For is believed.
	TrustedProxies []string `env:"JINGHE_TRUSTED_PROXIES" placeholder:"CIDR" help:"cli.flag.trusted_proxies"`
	// The centre that runs this installation, as its pages name it; all optional.
	CentreName string `env:"JINGHE_CENTRE_NAME" placeholder:"TEXT" help:"cli.flag.centre_name"`
	CentreCity string `env:"JINGHE_CENTRE_CITY" placeholder:"TEXT" help:"cli.flag.centre_city"`
	// CentreContact is a telephone number, a mail address or a link.
	CentreContact string `env:"JINGHE_CENTRE_CONTACT" placeholder:"TEXT" help:"cli.flag.centre_contact"`
	ICP           string `env:"JINGHE_ICP" placeholder:"TEXT" help:"cli.flag.icp"`
	Police        string `env:"JINGHE_POLICE" placeholder:"TEXT" help:"cli.flag.police"`
	// APIOrigins are the sites whose pages may read the API in a browser.
	APIOrigins []string `env:"JINGHE_API_ORIGINS" placeholder:"URL" help:"cli.flag.api_origins"`
	// EmbedOrigins are the sites whose pages may show lists and matches in a widget.
	EmbedOrigins []string `env:"JINGHE_EMBED_ORIGINS" placeholder:"URL" help:"cli.flag.embed_origins"`
	// WebhookNetworks are private networks whose systems may be sent webhooks.
	WebhookNetworks []string `env:"JINGHE_WEBHOOK_NETWORKS" placeholder:"CIDR" help:"cli.flag.webhook_networks"`
}

// Check checks c and returns an Invalid error that names the setting and the remedy.
func (c *Config) Check() error {
	switch {
	case c.Data == "":
		return settingError("config.data_missing", "JINGHE_DATA", "")
	case (c.TLSCert == "") != (c.TLSKey == ""):
		return settingError("config.tls_pair", "JINGHE_TLS_CERT", c.TLSCert)
	case c.TLSLocal && c.TLSCert != "":
		return settingError("config.tls_both", "JINGHE_TLS_LOCAL", c.TLSCert)
	case c.EmbedderURL != "" && !isHTTP(c.EmbedderURL):
		return settingError("config.embedder_url", "JINGHE_EMBEDDER_URL", maskURL(c.EmbedderURL))
	case c.EmbedderURL != "" && c.EmbedderModel == "":
		return settingError("config.embedder_model", "JINGHE_EMBEDDER_MODEL", "")
	case c.EmbedderDimensions < 0:
		return settingError("config.embedder_dimensions", "JINGHE_EMBEDDER_DIMENSIONS", c.EmbedderDimensions)
	case c.StopTimeout <= 0:
		return settingError("config.stop_timeout", "JINGHE_STOP_TIMEOUT", c.StopTimeout)
	case c.NATSReplicas < 1 || c.NATSReplicas > 5:
		return settingError("config.nats_replicas", "JINGHE_NATS_REPLICAS", c.NATSReplicas)
	}
	if c.Store != "" {
		if _, err := storeURL(c.Store); err != nil {
			return err
		}
	}
	return c.checkAddresses()
}

func (c *Config) checkAddresses() error {
	if c.Addr != "" && !isListen(c.Addr) {
		return settingError("config.addr", "JINGHE_ADDR", c.Addr)
	}
	if err := c.checkOrigins(); err != nil {
		return err
	}
	if c.OIDCIssuer != "" && (c.OIDCClient == "" || c.PublicURL == "") {
		return settingError("config.oidc", "JINGHE_OIDC_ISSUER", c.OIDCIssuer)
	}
	for setting, address := range map[string]string{"JINGHE_PUBLIC_URL": c.PublicURL, "JINGHE_OIDC_ISSUER": c.OIDCIssuer, "JINGHE_MEILISEARCH_URL": c.Search} {
		if address != "" && !isHTTP(address) {
			return settingError("config.public_url", setting, maskURL(address))
		}
	}
	if strings.ContainsFunc(c.SearchPrefix, notInIndexNames) {
		return settingError("config.search_prefix", "JINGHE_MEILISEARCH_PREFIX", c.SearchPrefix)
	}
	return nil
}

// checkOrigins holds the sites that may read the API, or show widgets, to scheme,
// host and port.
func (c *Config) checkOrigins() error {
	for _, list := range []struct {
		key, setting string
		origins      []string
	}{{"config.api_origins", "JINGHE_API_ORIGINS", c.APIOrigins}, {"config.embed_origins", "JINGHE_EMBED_ORIGINS", c.EmbedOrigins}} {
		for _, origin := range list.origins {
			u, err := url.Parse(origin)
			if err != nil || !isHTTP(origin) || u.Scheme+"://"+u.Host != origin || strings.ContainsFunc(u.Host, func(r rune) bool { return !strings.ContainsRune(hostLetters, r) }) {
				return settingError(list.key, list.setting, origin)
			}
		}
	}
	return nil
}

// hostLetters are those of a host and port: above all none that would widen, or
// end, a directive of a content security policy.
const hostLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]"

func isHTTP(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
}

// isListen reports whether address is [host]:port with a number for a port.
func isListen(address string) bool {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	_, err = strconv.ParseUint(port, 10, 16)
	return err == nil
}

func notInIndexNames(r rune) bool {
	return !strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", r)
}

func settingError(key, setting string, value any) error {
	return &scene.Error{
		Code: scene.Invalid, Op: "app.Config", Key: key,
		Args: map[string]any{"setting": setting, "value": value},
	}
}

// Setting is one line of the printed configuration.
type Setting struct {
	Name  string // environment variable
	Value string // secrets masked
}

// Settings lists the configuration in order of declaration, secrets masked.
func (c *Config) Settings() []Setting {
	v := reflect.ValueOf(*c)
	var settings []Setting
	for _, field := range reflect.VisibleFields(v.Type()) {
		if field.Anonymous {
			continue
		}
		settings = append(settings, Setting{
			Name: field.Tag.Get("env"), Value: printed(v.FieldByIndex(field.Index), field.Tag.Get("secret")),
		})
	}
	return settings
}

func printed(v reflect.Value, secret string) string {
	var values []string
	if v.Kind() == reflect.Slice {
		for i := range v.Len() {
			values = append(values, printed(v.Index(i), secret))
		}
		return strings.Join(values, ",")
	}
	if secret == "all" && v.String() != "" {
		return "***"
	}
	if v.Kind() == reflect.String && secret == "url" {
		return maskURL(v.String())
	}
	return fmt.Sprint(v)
}

// maskURL hides the password, a token given as the only user part, and
// passwords among the options; all of what is mistyped so that they cannot be
// told. A user alone is no secret of a database.
func maskURL(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Opaque != "" || u.Scheme == "" && (strings.Contains(s, "@") || strings.Contains(s, "password")) {
		return "***"
	}
	database := strings.HasPrefix(u.Scheme, "postgres")
	if _, has := u.User.Password(); has {
		u.User = url.UserPassword(u.User.Username(), "***")
	} else if u.User != nil && !database {
		u.User = url.User("***")
	}
	if options := u.Query(); database && (options.Has("password") || options.Has("sslpassword")) {
		for name := range options {
			if strings.Contains(name, "password") {
				options.Set(name, "***")
			}
		}
		u.RawQuery = options.Encode()
	}
	return strings.ReplaceAll(u.String(), "%2A%2A%2A", "***")
}
