package api

import (
	"context"

	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
)

// Me is who asks.
type Me struct {
	Account      scene.ID `json:"account"`
	Organisation scene.ID `json:"organisation,omitempty" doc:"Absent for the centre."`
	Roles        []string `json:"roles" nullable:"false" doc:"Of the account."`
	Scopes       []string `json:"scopes" nullable:"false" doc:"Of the token."`
}

func (a *API) mountMe() {
	get(a, operation{
		"me", "/me", edge.Known, tagReference,
		"我是谁 · Who asks", "The account behind the access token, its roles, and the scopes of the token.",
		Me{"01J9ZD3V5W8QJ7R2K4M6N8P0C3", "01J9ZD3V5W8QJ7R2K4M6N8P0B2", []string{"provider"}, []string{"read", "write:listings"}},
	}, a.me)
}

func (a *API) me(ctx context.Context, _ *struct{}) (*body[Me], error) {
	by := actorOf(ctx)
	out := &body[Me]{Me{by.ID, by.OrgID, []string{}, []string{}}}
	for _, r := range by.Roles {
		out.Body.Roles = append(out.Body.Roles, string(r))
	}
	for _, s := range by.Scopes {
		out.Body.Scopes = append(out.Body.Scopes, string(s))
	}
	return out, nil
}
