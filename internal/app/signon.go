package app

import (
	"context"
	"strings"

	"jinghe/internal/signon"
	"jinghe/internal/web/backend"
)

// signOn returns where people sign in besides here, nil for nowhere. Nothing is
// asked of it before somebody wants in.
func (a *App) signOn() backend.SignOn {
	if a.cfg.OIDCIssuer == "" {
		return nil
	}
	return a.provider()
}

func (a *App) provider() *signon.Provider {
	return signon.New(signon.Config{
		Issuer: a.cfg.OIDCIssuer, ID: a.cfg.OIDCClient, Secret: a.cfg.OIDCSecret, Name: a.cfg.OIDCName, TrustMFA: a.cfg.OIDCTrustMFA,
		Redirect: strings.TrimRight(a.cfg.PublicURL, "/") + "/sign-in/with/return", Now: a.o.Now,
	})
}

// checkSignOn tells whether the provider of single sign-on answers.
func (a *App) checkSignOn(ctx context.Context) Finding {
	f := Finding{Check: "sign_on", Status: Fine, Args: map[string]any{"setting": "JINGHE_OIDC_ISSUER", "issuer": a.cfg.OIDCIssuer}}
	if a.cfg.OIDCIssuer == "" {
		return f
	}
	if err := a.provider().Check(ctx); err != nil {
		f.Status, f.Key = Fault, "doctor.sign_on_away"
	}
	return f
}
