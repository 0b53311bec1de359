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
		orgs := map[scene.ID]string{"": ""}
		for _, id := range ids {
			if _, known := people[id]; known || id == "" {
				continue
			}
			a, err := tx.Accounts().Get(ctx, id)
			if scene.CodeOf(err) == scene.NotFound {
				continue
			}
			if err != nil {
				return err
			}
			if _, known := orgs[a.OrgID]; !known {
				o, err := store.Standing(ctx, tx, a.OrgID)
				if err != nil {
					return err
				}
				orgs[a.OrgID] = o.Name
			}
			people[id] = Person{a, orgs[a.OrgID]}
		}
		return nil
	})
	return people, scene.Wrap("account.Who", err)
}
