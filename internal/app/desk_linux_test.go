package app_test

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"jinghe/internal/account"
	"jinghe/internal/app"
	"jinghe/internal/engage"
	"jinghe/internal/registry"
	"jinghe/internal/samplecity"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// deskCity is a city of full size at work, and who looks at it.
type deskCity struct {
	*app.App
	b          *testing.B
	people     map[scene.Role]scene.Account
	tokens     map[scene.Role][]string // sessions of colleagues, for the rate of each is bounded
	colleagues []scene.Actor           // the providers
	needs      []scene.Opportunity     // of the owner
	offers     []scene.Capability      // of the provider
	pair       scene.ID                // between the two
	searches   []scene.ID              // one of each provider
	waiting    scene.ID                // an opportunity in the queue
}

// BenchmarkDesks measures what BenchmarkPages does, of the pages of those who are
// signed in, in a city of 3,000 organisations, 1,500 needs and 5,000 offers in which
// 400 pairs are worked on and 60 entries wait for review. An owner and a provider
// have some twenty entries and forty pairs each. It takes minutes to make.
func BenchmarkDesks(b *testing.B) {
	c := newDeskCity(b)
	need, offer := string(c.needs[0].ID), string(c.offers[0].ID)
	for i, page := range []struct {
		name string
		as   scene.Role
		path string
	}{
		{"Workspace", scene.RoleProvider, "/workspace"},
		{"OwnEntry", scene.RoleProvider, "/workspace/listings/capability/" + offer},
		{"OwnForm", scene.RoleProvider, "/workspace/listings/capability/" + offer + "/edit"},
		{"NewForm", scene.RoleOwner, "/workspace/listings/new?kind=opportunity"},
		{"Mine", scene.RoleProvider, "/workspace/matches"},
		{"Matches", scene.RoleProvider, "/capabilities/" + offer + "/matches"},
		{"MatchesOfNeed", scene.RoleOwner, "/opportunities/" + need + "/matches"},
		{"Entry", scene.RoleProvider, "/opportunities/" + need},
		{"Cases", scene.RoleProvider, "/workspace/engagements"},
		{"Case", scene.RoleProvider, "/workspace/engagements/" + string(c.pair)},
		{"Inbox", scene.RoleProvider, "/inbox"},
		{"Searches", scene.RoleProvider, "/workspace/searches"},
		{"Search", scene.RoleProvider, "/workspace/searches/:search"},
		{"Events", scene.RoleProvider, "/workspace/events"},
		{"Account", scene.RoleProvider, "/account"},
		{"Queue", scene.RoleSteward, "/console"},
		{"Review", scene.RoleSteward, "/console/reviews/opportunity/" + string(c.waiting)},
		{"Board", scene.RoleSteward, "/console/board/opportunity/" + need},
		{"Entries", scene.RoleSteward, "/console/entries"},
		{"Pairs", scene.RoleSteward, "/console/engagements"},
		{"Organisations", scene.RoleSteward, "/console/organisations"},
		{"Imports", scene.RoleSteward, "/console/imports"},
		{"Batches", scene.RoleSteward, "/console/batches"},
		{"Showcases", scene.RoleSteward, "/console/showcases"},
		{"Words", scene.RoleSteward, "/console/words"},
		{"Accounts", scene.RoleAdmin, "/console/accounts"},
		{"Record", scene.RoleAuditor, "/console/record"},
	} {
		b.Run(page.name, func(b *testing.B) {
			measurePage(b, c.App, byte(i+1), c.tokens[page.as][i], strings.Replace(page.path, ":search", string(c.searches[i]), 1))
		})
	}
}

// deskPages is how many pages there are, each looked at by a colleague of its own.
const deskPages = 27

// newDeskCity makes the city; it is served and its lists of matches are there.
func newDeskCity(b *testing.B) *deskCity {
	b.Helper()
	options := testOptions(io.Discard)
	options.Demo = true
	a, err := app.Open(b.Context(), testConfig(b.TempDir()), options)
	c := &deskCity{App: a, b: b, people: map[scene.Role]scene.Account{}, tokens: map[scene.Role][]string{}}
	c.must(err)
	closeAfter(b, a)
	c.must(a.GrowCity(b.Context(), samplecity.Size{Organisations: 3000, Needs: 1500, Offers: 5000}, 1, nil))
	open := store.ListingFilter{OpenAt: time.Now()}
	needs, err := a.Registry().Opportunities(b.Context(), open, store.Page{Limit: 1})
	c.must(err)
	offers, err := a.Registry().Capabilities(b.Context(), open, store.Page{Limit: 1})
	c.must(err)
	c.needs, c.offers = needs.Items, offers.Items
	for role, org := range map[scene.Role]scene.ID{
		scene.RoleOwner: c.needs[0].OrgID, scene.RoleProvider: c.offers[0].OrgID, scene.RoleSteward: "", scene.RoleAdmin: "", scene.RoleAuditor: "",
	} {
		c.hire(role, org)
	}
	c.must(a.Start(b.Context()))
	allListed(b, a)
	c.work()
	c.rest()
	return c
}

func (c *deskCity) must(err error) {
	c.b.Helper()
	if err != nil {
		c.b.Fatal(err)
	}
}

func (c *deskCity) actor(role scene.Role) scene.Actor {
	account := c.people[role]
	return account.Actor("192.0.2.7")
}

// hire makes as many colleagues of a role as there are pages, and signs them in.
func (c *deskCity) hire(role scene.Role, org scene.ID) {
	c.b.Helper()
	for i := range deskPages {
		login := fmt.Sprintf("%s-%d", role, i)
		made, password, err := c.Accounts().AddWorking(c.b.Context(), scene.Console(), account.NewAccount{
			Login: login, Name: "虚构 · " + login, OrgID: org, Roles: []scene.Role{role},
		})
		c.must(err)
		token, err := c.Accounts().SignIn(c.b.Context(), account.Attempt{Login: login, Password: password, From: "192.0.2.7"})
		c.must(err)
		if role == scene.RoleProvider {
			c.colleagues = append(c.colleagues, made.Actor("192.0.2.7"))
		}
		c.people[role], c.tokens[role] = made, append(c.tokens[role], token)
	}
}

// work fills the desks.
func (c *deskCity) work() {
	c.b.Helper()
	ctx, reg := c.b.Context(), c.Registry()
	open := store.ListingFilter{OpenAt: time.Now()}
	needs, err := reg.Opportunities(ctx, open, store.Page{Limit: store.MaxPage})
	c.must(err)
	offers, err := reg.Capabilities(ctx, open, store.Page{Limit: store.MaxPage})
	c.must(err)
	for i := range 20 {
		c.draft(c.actor(scene.RoleOwner), registry.Entry{Opportunity: &needs.Items[i]}, false)
		c.draft(c.actor(scene.RoleProvider), registry.Entry{Capability: &offers.Items[i]}, false)
	}
	for i := range 60 {
		o := needs.Items[20+i]
		c.waiting = c.draft(scene.Actor{ID: "x", Name: "x", OrgID: o.OrgID, Roles: []scene.Role{scene.RoleOwner}}, registry.Entry{Opportunity: &o}, true)
	}
	for i := range 400 {
		p := engage.Interest{Need: needs.Items[i%len(needs.Items)].ID, Offer: offers.Items[(i+i/len(needs.Items))%len(offers.Items)].ID, Message: "需求与能力契合度高，建议双方先通一次电话。"}
		switch {
		case i < 40:
			p.Offer = c.offers[0].ID
		case i < 80:
			p.Need = c.needs[0].ID
		}
		if _, err := c.Engagements().Recommend(ctx, c.actor(scene.RoleSteward), p); err != nil && scene.CodeOf(err) != scene.Invalid {
			c.must(err) // a pair within one organisation is none
		}
	}
	c.dock()
	for _, by := range c.colleagues {
		var q scene.SavedSearch
		for i := range 20 {
			q, err = c.Searches().Save(ctx, by, scene.SavedSearch{
				Name: fmt.Sprintf("水务需求 %d", i), Wants: scene.KindOpportunity, Words: []string{"管网", "监测", "机器人", "平台"}[i%4], Tell: scene.PaceDaily,
			})
			c.must(err)
		}
		c.searches = append(c.searches, q.ID)
	}
}

// rest waits until nobody is told of what was done any more.
func (c *deskCity) rest() {
	const look, little = 500 * time.Millisecond, 25 * time.Millisecond
	for quiet := 0; quiet < 4; {
		before := processorTime(c.b)
		select {
		case <-time.After(look):
		case <-c.b.Context().Done():
			return
		}
		if quiet++; processorTime(c.b)-before > little.Nanoseconds() {
			quiet = 0
		}
	}
}

// draft copies an entry for who writes it, and hands it in.
func (c *deskCity) draft(by scene.Actor, of registry.Entry, submit bool) scene.ID {
	c.b.Helper()
	var e registry.Entry
	if of.Opportunity != nil {
		o := of.Opportunity.Clone()
		e.Opportunity = &o
	} else {
		o := of.Capability.Clone()
		e.Capability = &o
	}
	l := e.Listing()
	l.Name, l.Code, l.Source, l.OrgID = strings.TrimSuffix(l.Name, "）")+"，二期）", "", "", by.OrgID
	if len(l.Fields) == 0 {
		l.Fields = []string{"smart_water"}
	}
	l.Contact = scene.Contact{Person: "虚构联系人", Phone: "0000-0000000"}
	e, err := c.Registry().Create(c.b.Context(), by, e)
	c.must(err)
	if submit {
		_, err = c.Registry().Submit(c.b.Context(), by, registry.Step{Kind: e.Kind(), ID: e.Listing().ID, Revision: e.Listing().Revision})
		c.must(err)
	}
	return e.Listing().ID
}

// dock takes one pair of the two as far as people talk about it.
func (c *deskCity) dock() {
	c.b.Helper()
	ctx, owner, provider, pairs := c.b.Context(), c.actor(scene.RoleOwner), c.actor(scene.RoleProvider), c.Engagements()
	e, err := pairs.Express(ctx, provider, engage.Interest{Need: c.needs[0].ID, Offer: c.offers[0].ID, Message: "可以先到现场看一看。"})
	c.must(err)
	e, err = pairs.Accept(ctx, owner, engage.Answer{ID: e.ID, Revision: e.Revision, Text: "可以", Next: scene.NextAction{
		Text: "现场踏勘", Party: scene.PartyProvider, Due: scene.EndOfDay(time.Now().AddDate(0, 0, 7)),
	}})
	c.must(err)
	for i := range 10 {
		by := owner
		if i%2 == 0 {
			by = provider
		}
		_, err = pairs.Say(ctx, by, engage.Speech{ID: e.ID, Kind: scene.EntryNote, Text: fmt.Sprintf("第 %d 次往来：接口与点位清单已更新。", i)})
		c.must(err)
	}
	c.pair = e.ID
}
