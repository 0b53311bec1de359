package api

import (
	"context"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/web/edge"
)

const tagAccounts = "accounts"

// Line is one line of the record of who did what.
type Line struct {
	ID      scene.ID     `json:"id"`
	At      time.Time    `json:"at"`
	Actor   scene.ID     `json:"actor,omitempty" doc:"An account; “console” for who sits at the machine, absent for a visitor."`
	Name    string       `json:"name,omitempty" doc:"Of the actor, as it was."`
	From    string       `json:"from,omitempty" doc:"Network address."`
	Action  string       `json:"action" example:"listing.submit"`
	Noun    string       `json:"noun" example:"opportunity"`
	Row     scene.ID     `json:"row,omitempty"`
	Note    string       `json:"note,omitempty" doc:"Reason or purpose, in the actor's words."`
	Changes []LineChange `json:"changes" nullable:"false" doc:"Fields that differ, contacts masked."`
}

// LineChange is a field before and after.
type LineChange struct {
	Field  string `json:"field" example:"state"`
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

// LinePage is one page of the record.
type LinePage struct {
	Items      []Line `json:"items" nullable:"false"`
	NextCursor string `json:"next_cursor,omitempty"`
}

type recordInput struct {
	Page
	Actor  string    `query:"actor" maxLength:"64" doc:"Id of an account."`
	Action string    `query:"action" maxLength:"64" doc:"Such as listing.submit."`
	Noun   string    `query:"noun" maxLength:"64" doc:"Such as opportunity, account, batch."`
	Row    string    `query:"row" maxLength:"64" doc:"Id of what was changed."`
	Since  time.Time `query:"since" doc:"From this instant on."`
	Until  time.Time `query:"until" doc:"Before this instant."`
}

// Account is somebody who can sign in, without telephone and mail.
type Account struct {
	ID           scene.ID  `json:"id"`
	Revision     int       `json:"revision"`
	Login        string    `json:"login,omitempty" example:"wu.gongji" doc:"Told to the centre alone."`
	Name         string    `json:"name"`
	Organisation scene.ID  `json:"organisation,omitempty" doc:"Absent for the centre."`
	Department   string    `json:"department,omitempty" doc:"The line department that it answers for."`
	Roles        []string  `json:"roles" nullable:"false"`
	State        string    `json:"state" enum:"unproven,pending,active,disabled"`
	SecondFactor bool      `json:"second_factor,omitempty" doc:"Told to the centre alone."`
	Created      time.Time `json:"created"`
	Updated      time.Time `json:"updated"`
}

// AccountPage is one page of accounts.
type AccountPage struct {
	Items      []Account `json:"items" nullable:"false"`
	NextCursor string    `json:"next_cursor,omitempty"`
}

type accountsInput struct {
	Page
	State        string `query:"state" enum:"unproven,pending,active,disabled" doc:"Only in this state."`
	Organisation string `query:"organisation" maxLength:"64" doc:"Id of an organisation."`
}

func exampleAccount() Account {
	at := time.Date(2026, 9, 30, 2, 0, 0, 0, time.UTC)
	return Account{
		ID: "01J9ZD3V5W8QJ7R2K4M6N8P0C3", Revision: 2, Login: "wu.gongji", Name: "吴工", Organisation: "01J9ZD3V5W8QJ7R2K4M6N8P0B2",
		Roles: []string{"provider"}, State: "active", Created: at, Updated: at,
	}
}

// mountRecord registers who is there and who did what. Letting people in, roles
// and passwords are left to people, and so are access tokens.
func (a *API) mountRecord() {
	get(a, operation{
		"list-record", "/record", edge.May(scene.AuditRead), tagAccounts, "操作记录 · Who did what", "The latest first. Lines are never altered.",
		LinePage{Items: []Line{{
			ID: "01J9ZD3V5W8QJ7R2K4M6N8P0L1", At: exampleAccount().Updated, Actor: exampleAccount().ID, Name: "吴工", From: "192.0.2.7",
			Action: "listing.submit", Noun: "capability", Row: exampleCapability().ID, Changes: []LineChange{{"state", "draft", "submitted"}},
		}}},
	}, a.record)
	may := edge.May(scene.AccountList)
	get(a, operation{
		"list-accounts", "/accounts", may, tagAccounts, "账号 · List accounts", "In order of id, without telephone and mail.", AccountPage{Items: []Account{exampleAccount()}},
	}, a.accounts)
	get(a, operation{"get-account", "/accounts/{id}", may, tagAccounts, "账号 · One account", "", exampleAccount()}, a.account)
	get(a, operation{
		"list-colleagues", "/me/colleagues", edge.May(scene.OrganisationRead), tagAccounts, "同事 · Accounts of the own organisation", "The centre is no organisation: its people get an empty list here, and read /accounts as far as they may.",
		AccountPage{Items: []Account{exampleAccount()}},
	}, a.colleagues)
}

func (a *API) record(ctx context.Context, in *recordInput) (*body[LinePage], error) {
	rows, err := a.Services.Accounts.Record(ctx, actorOf(ctx), store.AuditFilter{
		Actor: scene.ID(in.Actor), Action: in.Action, Noun: in.Noun, Row: scene.ID(in.Row), Since: in.Since, Until: in.Until,
	}, in.store())
	if err != nil {
		return nil, scene.Wrap("api.record", err)
	}
	out := &body[LinePage]{LinePage{Items: make([]Line, len(rows.Items)), NextCursor: rows.Next}}
	for i := range rows.Items {
		l := &rows.Items[i]
		line := Line{l.ID, l.At, l.Actor, l.Name, l.From, l.Action, l.Noun, l.Row, l.Note, make([]LineChange, len(l.Changes))}
		for k, d := range l.Changes {
			line.Changes[k] = LineChange(d)
		}
		out.Body.Items[i] = line
	}
	return out, nil
}

func (a *API) accounts(ctx context.Context, in *accountsInput) (*body[AccountPage], error) {
	f := store.AccountFilter{State: scene.AccountState(in.State), OrgID: scene.ID(in.Organisation)}
	rows, err := a.Services.Accounts.Accounts(ctx, actorOf(ctx), f, in.store())
	if err != nil {
		return nil, scene.Wrap("api.accounts", err)
	}
	return &body[AccountPage]{AccountPage{accountsOf(rows.Items), rows.Next}}, nil
}

func (a *API) account(ctx context.Context, in *itemInput) (*tagged[Account], error) {
	row, err := a.Services.Accounts.Account(ctx, actorOf(ctx), scene.ID(in.ID))
	if err != nil {
		return nil, scene.Wrap("api.account", err)
	}
	tag := etag(row.Revision, false)
	if in.holds(tag) {
		return nil, notModified(tag)
	}
	return &tagged[Account]{tag, accountOf(&row)}, nil
}

func (a *API) colleagues(ctx context.Context, _ *struct{}) (*body[AccountPage], error) {
	list, err := a.Services.Accounts.Colleagues(ctx, actorOf(ctx))
	if err != nil {
		return nil, scene.Wrap("api.colleagues", err)
	}
	out := &body[AccountPage]{AccountPage{Items: accountsOf(list)}}
	for i := range out.Body.Items {
		out.Body.Items[i].Login, out.Body.Items[i].SecondFactor = "", false // how somebody signs in is his own business
	}
	return out, nil
}

func accountsOf(rows []scene.Account) []Account {
	out := make([]Account, len(rows))
	for i := range rows {
		out[i] = accountOf(&rows[i])
	}
	return out
}

func accountOf(x *scene.Account) Account {
	out := Account{
		ID: x.ID, Revision: x.Revision, Login: x.Login, Name: x.Name, Organisation: x.OrgID, Department: x.Department, Roles: []string{},
		State: string(x.State), SecondFactor: x.SecondFactor, Created: x.Created, Updated: x.Updated,
	}
	for _, r := range x.Roles {
		out.Roles = append(out.Roles, string(r))
	}
	return out
}
