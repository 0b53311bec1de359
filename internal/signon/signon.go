// Package signon lets people in who have signed in elsewhere: OpenID Connect
// with the authorisation code, PKCE (RFC 7636) and a nonce. It is the only
// importer of go-oidc.
//
// It stands on the third floor: it turns what a provider says into an
// account.Claim, and internal/account decides what that is worth.
package signon

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"jinghe/internal/account"
	"jinghe/internal/scene"
)

// Config is how to reach a provider. All fields but Name, Client and TrustMFA are required.
type Config struct {
	Issuer, ID, Secret string
	Redirect           string // absolute address to which the provider sends people back
	Name               string // of the provider, as the button says it
	// TrustMFA believes the provider when it says (amr “mfa”, RFC 8176) that a
	// second factor was asked for.
	TrustMFA bool
	Client   *http.Client // nil: one that waits ten seconds at most
	Now      func() time.Time
}

// Provider is one provider. It is safe for concurrent use, and asks nothing of
// the network before somebody wants to sign in.
type Provider struct {
	Config

	mu         sync.Mutex
	discovered *oidc.Provider
}

// answerTime bounds one question to a provider.
const answerTime = 10 * time.Second

// New returns a Provider.
func New(c Config) *Provider {
	if c.Client == nil {
		c.Client = &http.Client{Timeout: answerTime}
	}
	return &Provider{Config: c}
}

// Label is the name of the provider, "" where none was given.
func (p *Provider) Label() string { return p.Name }

// Check finds out whether the provider answers.
func (p *Provider) Check(ctx context.Context) error {
	_, err := p.provider(ctx)
	return err
}

// provider asks where things are, once; a failure is not remembered.
func (p *Provider) provider(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.discovered != nil {
		return p.discovered, nil
	}
	// The keys are asked for later, with what this context carries.
	found, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), p.Client), p.Issuer)
	if err != nil {
		return nil, away("signon.provider", err)
	}
	p.discovered = found
	return found, nil
}

func away(op string, err error) error {
	return &scene.Error{Code: scene.Unavailable, Op: op, Key: "sign_on.away", Err: err}
}

func (p *Provider) oauth(found *oidc.Provider) *oauth2.Config {
	return &oauth2.Config{
		ClientID: p.ID, ClientSecret: p.Secret, Endpoint: found.Endpoint(), RedirectURL: p.Redirect,
		Scopes: []string{oidc.ScopeOpenID, "profile", "email"},
	}
}

// Begin returns where to send a browser. state, nonce and verifier are secrets
// of that browser, made for this once. An Unavailable error says that the
// provider does not answer.
func (p *Provider) Begin(ctx context.Context, state, nonce, verifier string) (string, error) {
	found, err := p.provider(ctx)
	if err != nil {
		return "", err
	}
	return p.oauth(found).AuthCodeURL(state, oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier)), nil
}

// Finish exchanges the code that a browser brought back for what the provider
// says of the person. An Unauthorized error says that it is not believed.
func (p *Provider) Finish(ctx context.Context, code, nonce, verifier string) (account.Claim, error) {
	found, err := p.provider(ctx)
	if err != nil {
		return account.Claim{}, err
	}
	ctx = oidc.ClientContext(ctx, p.Client)
	token, err := p.oauth(found).Exchange(ctx, code, oauth2.VerifierOption(verifier))
	if err != nil {
		return account.Claim{}, refused(err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return account.Claim{}, refused(nil)
	}
	said, err := found.VerifierContext(ctx, &oidc.Config{ClientID: p.ID, Now: p.Now}).Verify(ctx, raw)
	if err != nil || said.Nonce != nonce || nonce == "" {
		return account.Claim{}, refused(err)
	}
	var claims struct {
		Mail     string   `json:"email"`
		Verified bool     `json:"email_verified"`
		Name     string   `json:"name"`
		Methods  []string `json:"amr"`
	}
	if err := said.Claims(&claims); err != nil {
		return account.Claim{}, refused(err)
	}
	return account.Claim{
		Issuer: said.Issuer, Subject: said.Subject, Mail: strings.TrimSpace(claims.Mail), Verified: claims.Verified && claims.Mail != "",
		Name: claims.Name, Strong: p.TrustMFA && slices.Contains(claims.Methods, "mfa"),
	}, nil
}

func refused(err error) error {
	return &scene.Error{Code: scene.Unauthorized, Op: "signon.Finish", Key: "sign_on.refused", Err: err}
}
