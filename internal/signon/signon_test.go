package signon_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"jinghe/internal/scene"
	"jinghe/internal/signon"
)

// elsewhere is a provider of the test's own.
type elsewhere struct {
	*httptest.Server
	t      *testing.T
	key    *rsa.PrivateKey
	away   bool
	asked  url.Values     // of the last browser that was sent there
	claims map[string]any // what it says beside the usual
}

func newElsewhere(t *testing.T) *elsewhere {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	e := &elsewhere{t: t, key: key, claims: map[string]any{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		if e.away {
			http.Error(w, "away", http.StatusServiceUnavailable)
			return
		}
		e.json(w, map[string]any{
			"issuer": e.URL, "authorization_endpoint": e.URL + "/authorize", "token_endpoint": e.URL + "/token", "jwks_uri": e.URL + "/keys",
			"id_token_signing_alg_values_supported": []string{"RS256"},
		})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		e.json(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &key.PublicKey, KeyID: "k", Algorithm: "RS256", Use: "sig"}}})
	})
	mux.HandleFunc("POST /token", e.token)
	e.Server = httptest.NewServer(mux)
	t.Cleanup(e.Close)
	return e
}

func (e *elsewhere) json(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		e.t.Error(err)
	}
}

// token gives a person's token for the code “good” with the right verifier.
func (e *elsewhere) token(w http.ResponseWriter, r *http.Request) {
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	if r.PostFormValue("code") != "good" || base64.RawURLEncoding.EncodeToString(sum[:]) != e.asked.Get("code_challenge") {
		http.Error(w, `{"error":"invalid_grant"}`, http.StatusBadRequest)
		return
	}
	claims := map[string]any{
		"iss": e.URL, "aud": "jinghe", "sub": "42", "nonce": e.asked.Get("nonce"), "iat": now().Unix(), "exp": now().Add(time.Hour).Unix(),
		"email": "li@example.cn", "email_verified": true, "name": "李四",
	}
	for name, v := range e.claims {
		claims[name] = v
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: e.key, KeyID: "k"}}, nil)
	if err != nil {
		e.t.Error(err)
		return
	}
	raw, err := json.Marshal(claims)
	if err != nil {
		e.t.Error(err)
		return
	}
	signed, err := signer.Sign(raw)
	if err != nil {
		e.t.Error(err)
		return
	}
	text, err := signed.CompactSerialize()
	if err != nil {
		e.t.Error(err)
	}
	e.json(w, map[string]any{"access_token": "a", "token_type": "Bearer", "id_token": text})
}

func now() time.Time { return time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC) }

func (e *elsewhere) provider(trust bool) *signon.Provider {
	return signon.New(signon.Config{
		Issuer: e.URL, ID: "jinghe", Secret: "s", Redirect: "https://example.cn/sign-in/with/return", Name: "市民中心", TrustMFA: trust, Now: now,
	})
}

// begin sends a browser there and returns what it was asked.
func (e *elsewhere) begin(p *signon.Provider) {
	e.t.Helper()
	to, err := p.Begin(e.t.Context(), "state", "nonce", "verifier-verifier-verifier-verifier-verifier")
	if err != nil {
		e.t.Fatal(err)
	}
	u, err := url.Parse(to)
	if err != nil {
		e.t.Fatal(err)
	}
	e.asked = u.Query()
}

func TestSignOn(t *testing.T) {
	t.Parallel()
	e := newElsewhere(t)
	p := e.provider(true)
	e.begin(p)
	for name, want := range map[string]string{
		"client_id": "jinghe", "state": "state", "nonce": "nonce", "response_type": "code", "code_challenge_method": "S256",
		"redirect_uri": "https://example.cn/sign-in/with/return", "scope": "openid profile email",
	} {
		if got := e.asked.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	const verifier = "verifier-verifier-verifier-verifier-verifier"
	claim, err := p.Finish(t.Context(), "good", "nonce", verifier)
	if err != nil || claim.Issuer != e.URL || claim.Subject != "42" || claim.Mail != "li@example.cn" || !claim.Verified || claim.Name != "李四" || claim.Strong {
		t.Errorf("%+v, %v", claim, err)
	}
	for name, tt := range map[string]struct {
		code, nonce, verifier string
		claims                map[string]any
	}{
		"Code":     {"bad", "nonce", verifier, nil},
		"Verifier": {"good", "nonce", "another-another-another-another-another-anoth", nil},
		"Nonce":    {"good", "other", verifier, nil},
		"NoNonce":  {"good", "", verifier, map[string]any{"nonce": ""}},
		"Audience": {"good", "nonce", verifier, map[string]any{"aud": "else"}},
		"Issuer":   {"good", "nonce", verifier, map[string]any{"iss": "https://evil.example"}},
		"Expired":  {"good", "nonce", verifier, map[string]any{"exp": now().Add(-time.Hour).Unix()}},
	} {
		e.claims = tt.claims
		if claim, err := p.Finish(t.Context(), tt.code, tt.nonce, tt.verifier); scene.CodeOf(err) != scene.Unauthorized || claim.Subject != "" {
			t.Errorf("%s: %+v, %v", name, claim, err)
		}
	}
	e.claims = map[string]any{"amr": []string{"pwd", "mfa"}, "email_verified": false}
	if claim, err = p.Finish(t.Context(), "good", "nonce", verifier); err != nil || !claim.Strong || claim.Verified {
		t.Errorf("%+v, %v", claim, err)
	}
	if claim, err = e.provider(false).Finish(t.Context(), "good", "nonce", verifier); err != nil || claim.Strong {
		t.Errorf("a second factor that nobody trusts: %+v, %v", claim, err)
	}
}

// TestAway: a provider that is away is asked again the next time.
func TestAway(t *testing.T) {
	t.Parallel()
	e := newElsewhere(t)
	p := e.provider(false)
	e.away = true
	if _, err := p.Begin(t.Context(), "s", "n", "v"); scene.CodeOf(err) != scene.Unavailable || p.Check(t.Context()) == nil {
		t.Errorf("away: %v", err)
	}
	e.away = false
	if err := p.Check(t.Context()); err != nil {
		t.Error(err)
	}
	e.begin(p)
}
