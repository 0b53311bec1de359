package registry

import (
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// held counts what belongs to an organisation.
func (u *uniting) held(org scene.ID) (h Held, err error) {
	f := store.ListingFilter{OrgID: org}
	if h.Opportunities, err = u.tx.Opportunities().Count(u.ctx, f); err != nil {
		return h, err
	}
	if h.Capabilities, err = u.tx.Capabilities().Count(u.ctx, f); err != nil {
		return h, err
	}
	if h.Engagements, err = u.tx.Engagements().Count(u.ctx, store.EngagementFilter{Org: org}); err != nil {
		return h, err
	}
	parties, err := u.tx.Fairs().PartiesOf(u.ctx, org)
	if err != nil {
		return h, err
	}
	h.Parties = len(parties)
	err = store.Each(func(p store.Page) (store.Rows[scene.Account], error) {
		return u.tx.Accounts().List(u.ctx, store.AccountFilter{OrgID: org}, p)
	}, func(a *scene.Account) error {
		n, err := u.tx.SavedSearches().Count(u.ctx, a.ID)
		h.Accounts, h.Searches = h.Accounts+1, h.Searches+n
		return err
	})
	if err != nil {
		return h, err
	}
	err = u.heldElse(org, &h)
	return h, err
}

func (u *uniting) heldElse(org scene.ID, h *Held) error {
	if err := store.Each(func(p store.Page) (store.Rows[scene.Webhook], error) {
		return u.tx.Webhooks().List(u.ctx, store.WebhookFilter{OrgID: org}, p)
	}, func(*scene.Webhook) error { h.Receivers++; return nil }); err != nil {
		return err
	}
	if err := store.Each(func(p store.Page) (store.Rows[scene.AccessToken], error) {
		return u.tx.AccessTokens().List(u.ctx, store.AccessTokenFilter{Org: org}, p)
	}, func(*scene.AccessToken) error { h.Tokens++; return nil }); err != nil {
		return err
	}
	name := scene.NameKey(u.keep.Name)
	if org == u.drop.ID {
		name = scene.NameKey(u.drop.Name)
	}
	return store.Each(func(p store.Page) (store.Rows[scene.Showcase], error) {
		return u.tx.Showcases().List(u.ctx, "", p)
	}, func(s *scene.Showcase) error {
		if scene.NameKey(s.Owner) == name || scene.NameKey(s.Provider) == name {
			h.Showcases++
		}
		return nil
	})
}

// namesakes are the names that entries of both have, each once.
func (u *uniting) namesakes() (names []string, err error) {
	for _, kind := range []scene.Kind{scene.KindOpportunity, scene.KindCapability} {
		own := map[string]bool{}
		for _, org := range []scene.ID{u.keep.ID, u.drop.ID} {
			if err := eachEntry(u.ctx, u.tx, kind, store.ListingFilter{OrgID: org}, func(e Entry) error {
				key := scene.NameKey(e.Listing().Name)
				if org == u.drop.ID && own[key] {
					names = union(names, []string{e.Listing().Name})
				}
				own[key] = own[key] || org == u.keep.ID
				return nil
			}); err != nil {
				return nil, err
			}
		}
	}
	return names, nil
}

// fairs are the events in which both take part.
func (u *uniting) fairs() (titles []string, err error) {
	mine, err := u.tx.Fairs().PartiesOf(u.ctx, u.keep.ID)
	if err != nil {
		return nil, err
	}
	theirs, err := u.tx.Fairs().PartiesOf(u.ctx, u.drop.ID)
	if err != nil {
		return nil, err
	}
	for i := range mine {
		for j := range theirs {
			if mine[i].FairID != theirs[j].FairID {
				continue
			}
			f, err := u.tx.Fairs().Get(u.ctx, mine[i].FairID)
			if err != nil {
				return nil, err
			}
			titles = union(titles, []string{f.Title})
		}
	}
	return titles, nil
}
