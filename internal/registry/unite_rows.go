package registry

import (
	"context"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// What a union moves, table by table. Each row that changes is a line of the
// record, and is announced where something listens to its kind.

// moveListings gives the entries of the dropped one their owner, and those of
// both the name of it. One that would then be told apart from another by nothing
// keeps the name of its owner as it is: both stay.
func (u *uniting) moveListings() error {
	for _, kind := range []scene.Kind{scene.KindOpportunity, scene.KindCapability} {
		for _, org := range []scene.ID{u.before.ID, u.drop.ID} {
			var own []Entry
			err := eachEntry(u.ctx, u.tx, kind, store.ListingFilter{OrgID: org}, func(e Entry) error {
				own = append(own, e)
				return nil
			})
			if err != nil {
				return err
			}
			for i := range own {
				if err := u.moveListing(&own[i], org); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (u *uniting) moveListing(before *Entry, org scene.ID) error {
	next := before.Copy()
	l := next.Listing()
	l.OrgID = u.keep.ID
	if org == u.drop.ID || scene.NameKey(l.OrgName) == scene.NameKey(u.before.Name) {
		l.OrgName = u.keep.Name
	}
	held, err := identityHeld(u.ctx, u.tx, &next)
	if err != nil {
		return err
	}
	if held {
		l.OrgName = before.Listing().OrgName
	}
	if l.OrgID == before.Listing().OrgID && l.OrgName == before.Listing().OrgName {
		return nil
	}
	l.Updated = u.now().UTC()
	if next, err = u.put(u.ctx, u.tx, next); err != nil {
		return err
	}
	if err := u.moveProposal(before, &next); err != nil {
		return err
	}
	u.change(next.subject(), next.Listing().ID)
	return u.record(string(next.Kind()), next.Listing().ID, before.Content(), next.Content())
}

// identityHeld reports whether another entry is what e would be.
func identityHeld(ctx context.Context, tx store.Tx, e *Entry) (bool, error) {
	var holder scene.ID
	identity := e.Listing().IdentityKey(e.Kind())
	var err error
	if e.Opportunity != nil {
		var o scene.Opportunity
		o, err = tx.Opportunities().Find(ctx, identity)
		holder = o.ID
	} else {
		var c scene.Capability
		c, err = tx.Capabilities().Find(ctx, identity)
		holder = c.ID
	}
	if scene.CodeOf(err) == scene.NotFound {
		return false, nil
	}
	return holder != e.Listing().ID, err
}

// moveProposal keeps an open proposal as fresh as it was: what a union changes
// of the entry is nothing that it says.
func (u *uniting) moveProposal(before, next *Entry) error {
	p, err := u.tx.Reviews().Proposal(u.ctx, next.Kind(), next.Listing().ID)
	if scene.CodeOf(err) == scene.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	p.OrgID = u.keep.ID
	if p.Base == before.Listing().Revision {
		p.Base = next.Listing().Revision
	}
	return u.tx.Reviews().PutProposal(u.ctx, p)
}

// moveAccounts gives the people of the dropped one their organisation, with what
// they keep asking.
func (u *uniting) moveAccounts() error {
	ask := func(p store.Page) (store.Rows[scene.Account], error) {
		return u.tx.Accounts().List(u.ctx, store.AccountFilter{OrgID: u.drop.ID}, p)
	}
	return store.Each(ask, func(a *scene.Account) error {
		before := *a
		a.OrgID, a.Updated = u.keep.ID, u.now().UTC()
		if _, err := u.tx.Accounts().Put(u.ctx, *a); err != nil {
			return err
		}
		if err := u.record("account", a.ID, before, *a); err != nil {
			return err
		}
		return u.moveSearches(a.ID)
	})
}

func (u *uniting) moveSearches(owner scene.ID) error {
	ask := func(p store.Page) (store.Rows[scene.SavedSearch], error) {
		return u.tx.SavedSearches().List(u.ctx, owner, p)
	}
	return store.Each(ask, func(s *scene.SavedSearch) error {
		if s.OrgID != u.drop.ID {
			return nil
		}
		before := *s
		s.OrgID, s.Updated = u.keep.ID, u.now().UTC()
		if _, err := u.tx.SavedSearches().Put(u.ctx, *s); err != nil {
			return err
		}
		u.change(scene.SearchChanged, s.ID)
		return u.record("saved_search", s.ID, before, *s)
	})
}

// engagements hands each pair of an organisation to fn.
func (u *uniting) engagements(org scene.ID, fn func(*scene.Engagement) error) error {
	return store.Each(func(p store.Page) (store.Rows[scene.Engagement], error) {
		return u.tx.Engagements().List(u.ctx, store.EngagementFilter{Org: org}, p)
	}, fn)
}

func (u *uniting) moveEngagements() error {
	return u.engagements(u.drop.ID, func(e *scene.Engagement) error {
		before := *e
		e.Rename(u.drop.ID, u.keep.ID, u.keep.Name)
		e.Updated = u.now().UTC()
		if _, err := u.tx.Engagements().Put(u.ctx, *e); err != nil {
			return err
		}
		u.change(scene.EngagementChanged, e.ID)
		return u.record("engagement", e.ID, before, *e)
	})
}

// moveParties gives the parties of events their organisation. Their names stay:
// they stand on badges and in plans.
func (u *uniting) moveParties() error {
	parties, err := u.tx.Fairs().PartiesOf(u.ctx, u.drop.ID)
	if err != nil {
		return err
	}
	for _, p := range parties {
		before := p
		p.OrgID, p.Updated = u.keep.ID, u.now().UTC()
		if _, err := u.tx.Fairs().PutParty(u.ctx, p); err != nil {
			return err
		}
		u.change(scene.FairChanged, p.FairID)
		if err := u.record("fair_party", p.ID, before, p); err != nil {
			return err
		}
	}
	return nil
}

// moveReceivers gives webhooks and access tokens their organisation.
func (u *uniting) moveReceivers() error {
	hooks := func(p store.Page) (store.Rows[scene.Webhook], error) {
		return u.tx.Webhooks().List(u.ctx, store.WebhookFilter{OrgID: u.drop.ID}, p)
	}
	if err := store.Each(hooks, func(w *scene.Webhook) error {
		w.OrgID, w.Updated = u.keep.ID, u.now().UTC()
		if _, err := u.tx.Webhooks().Put(u.ctx, *w); err != nil {
			return err
		}
		return u.record("webhook", w.ID, moved{u.drop.ID}, moved{u.keep.ID})
	}); err != nil {
		return err
	}
	tokens := func(p store.Page) (store.Rows[scene.AccessToken], error) {
		return u.tx.AccessTokens().List(u.ctx, store.AccessTokenFilter{Org: u.drop.ID}, p)
	}
	return store.Each(tokens, func(t *scene.AccessToken) error {
		t.OrgID = u.keep.ID
		if err := u.tx.AccessTokens().Put(u.ctx, *t); err != nil {
			return err
		}
		return u.record("access_token", t.ID, moved{u.drop.ID}, moved{u.keep.ID})
	})
}

// moved is what the record says of a row that holds a secret.
type moved struct {
	OrgID scene.ID `json:"org_id"`
}

// moveShowcases has the texts of showcases name the organisation as it is called now.
func (u *uniting) moveShowcases() error {
	ask := func(p store.Page) (store.Rows[scene.Showcase], error) {
		return u.tx.Showcases().List(u.ctx, "", p)
	}
	var named []scene.Showcase
	if err := store.Each(ask, func(s *scene.Showcase) error {
		if u.calledBefore(s.Owner) || u.calledBefore(s.Provider) {
			named = append(named, *s)
		}
		return nil
	}); err != nil {
		return err
	}
	for _, s := range named {
		before := s
		for _, side := range []*string{&s.Owner, &s.Provider} {
			if u.calledBefore(*side) {
				*side = u.keep.Name
			}
		}
		s.Updated = u.now().UTC()
		if _, err := u.tx.Showcases().Put(u.ctx, s); err != nil {
			return err
		}
		if err := u.record("showcase", s.ID, before, s); err != nil {
			return err
		}
	}
	return nil
}

// calledBefore reports whether a text is the name of one of both that is given up.
func (u *uniting) calledBefore(text string) bool {
	key := scene.NameKey(text)
	return key != "" && key != scene.NameKey(u.keep.Name) && (key == scene.NameKey(u.drop.Name) || key == scene.NameKey(u.before.Name))
}
