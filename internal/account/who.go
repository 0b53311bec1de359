package account

import (
	"context"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Person is an account as it is named beside what it did, with the name of its
// organisation, "" for who belongs to none.
type Person struct {
	scene.Account
	Org string
}

// Who returns the people behind accounts, by id; those that are gone are left out.
// It is for pages that say who did what: that their reader may know it was asked
// where it was read.
func (s *Service) Who(ctx context.Context, ids ...scene.ID) (people map[scene.ID]Person, err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		people = map[scene.ID]Person{}
		list, err := tx.Accounts().GetMany(ctx, ids)
		if err != nil {
			return err
		}
		var of []scene.ID
		for i := range list {
			if list[i].OrgID != "" {
				of = append(of, list[i].OrgID)
			}
		}
		orgs, err := tx.Organisations().GetMany(ctx, of)
		if err != nil {
			return err
		}
		names := map[scene.ID]string{}
		for i := range orgs {
			names[orgs[i].ID] = orgs[i].Name // no account is of one that was merged into another
		}
		for i := range list {
			people[list[i].ID] = Person{list[i], names[list[i].OrgID]}
		}
		return nil
	})
	return people, scene.Wrap("account.Who", err)
}
