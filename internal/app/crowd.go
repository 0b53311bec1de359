package app

import (
	"context"
	"fmt"
	"slices"

	"jinghe/internal/account"
	"jinghe/internal/crowd"
	"jinghe/internal/registry"
	"jinghe/internal/samplecity"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// grownAtOnce is how many rows of a grown city are read in as one list.
const grownAtOnce = 10_000

// GrowCity brings a grown city of that size into an App that holds no lists yet
// and is not started; one that holds any is left alone. progress may be nil.
func (a *App) GrowCity(ctx context.Context, size samplecity.Size, seed uint64, progress func(done, total int)) error {
	held, err := a.countListings(ctx)
	if err != nil || held > 0 {
		return scene.Wrap("app.GrowCity", err)
	}
	rows, err := samplecity.Grow(a.o.Now(), size, seed)
	if err != nil {
		return scene.Wrap("app.GrowCity", err)
	}
	var some []scene.Row
	done := 0
	bring := func() error {
		_, err := a.reg.Import(ctx, some, registry.ImportOptions{
			File: fmt.Sprintf("grown-%d", done), Source: samplecity.Source, State: scene.Published, Actor: "demo",
		})
		done, some = done+len(some), some[:0]
		if progress != nil {
			progress(done, size.Needs+size.Offers)
		}
		return err
	}
	for row := range rows {
		if some = append(some, row); len(some) == grownAtOnce {
			if err := bring(); err != nil {
				return scene.Wrap("app.GrowCity", err)
			}
		}
	}
	if len(some) == 0 {
		return nil
	}
	return scene.Wrap("app.GrowCity", bring())
}

// Crowd makes throw-away accounts to play with: so many enterprises, each of
// another provider's organisation with an access token of its program, and two
// stewards of the centre.
func (a *App) Crowd(ctx context.Context, enterprises int) (people []crowd.Person, err error) {
	offers := map[scene.ID][]string{}
	var orgs []scene.ID
	page := store.Page{Limit: store.MaxPage}
	for len(orgs) < enterprises {
		rows, err := a.reg.Capabilities(ctx, store.ListingFilter{OpenAt: a.o.Now()}, page)
		if err != nil {
			return nil, scene.Wrap("app.Crowd", err)
		}
		for i := range rows.Items {
			c := &rows.Items[i]
			if offers[c.OrgID] == nil {
				orgs = append(orgs, c.OrgID)
			}
			offers[c.OrgID] = append(offers[c.OrgID], string(c.ID))
		}
		if page.After = rows.Next; page.After == "" {
			break
		}
	}
	for i, org := range orgs[:min(enterprises, len(orgs))] {
		p, err := a.player(ctx, account.NewAccount{Login: fmt.Sprintf("player-%d", i+1), OrgID: org, Roles: []scene.Role{scene.RoleProvider}})
		if err != nil {
			return nil, scene.Wrap("app.Crowd", err)
		}
		p.Offers = offers[org]
		people = append(people, p)
	}
	for i := range 2 {
		p, err := a.player(ctx, account.NewAccount{Login: fmt.Sprintf("staff-%d", i+1), Roles: []scene.Role{scene.RoleSteward}})
		if err != nil {
			return nil, scene.Wrap("app.Crowd", err)
		}
		people = append(people, p)
	}
	return people, nil
}

// player makes an account, of an enterprise with an access token.
func (a *App) player(ctx context.Context, n account.NewAccount) (p crowd.Person, err error) {
	n.Name = "虚构 · " + n.Login
	made, password, err := a.accounts.AddWorking(ctx, scene.Console(), n)
	if err != nil {
		return p, err
	}
	p = crowd.Person{Login: n.Login, Password: password, Staff: slices.Contains(n.Roles, scene.RoleSteward)}
	if p.Staff {
		return p, nil
	}
	_, p.Token, err = a.accounts.MakeToken(ctx, made.Actor(""), account.NewToken{
		Name: n.Login, Scopes: []scene.Scope{scene.ScopeRead, scene.ScopeWriteListings}, Days: 1,
	})
	return p, err
}
