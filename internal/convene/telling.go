package convene

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// tellAffected emits whom a version concerns, in as many events as it takes, and
// tells the accounts of those parties' organisations; parties without one have
// their personal links. It returns to how many of each party word goes.
func (s *Service) tellAffected(ctx context.Context, tx store.Tx, by scene.Actor, b *base, version *scene.FairPlan) ([]scene.FairTold, error) {
	parties := affected(version.Changes)
	for part := range slices.Chunk(parties, store.MaxEventIDs-1) {
		if err := s.emit(ctx, tx, by, scene.FairPublished, append([]scene.ID{version.FairID}, part...)); err != nil {
			return nil, err
		}
	}
	told, place, of := make([]scene.FairTold, len(parties)), map[scene.ID]int{}, map[scene.ID][]scene.ID{}
	for i, id := range parties {
		told[i].Party, place[id] = id, i
	}
	for i := range b.parties { // an organisation that left and came back has two
		if p := &b.parties[i]; p.OrgID != "" {
			if _, concerned := place[p.ID]; concerned {
				of[p.OrgID] = append(of[p.OrgID], p.ID)
			}
		}
	}
	accounts, err := accountsOf(ctx, tx, slices.Sorted(maps.Keys(of)))
	if err != nil {
		return nil, err
	}
	counts, mail := concerned(version.Changes), map[scene.ID]string{}
	var notices []scene.Notice
	for i := range accounts {
		a := &accounts[i]
		mail[a.ID] = a.Mail
		for _, party := range of[a.OrgID] {
			if n := planNotice(&b.fair, version, party, counts[party]); a.ID != by.ID {
				n.Account = a.ID
				notices = append(notices, n)
			}
		}
	}
	err = store.Herald{IDs: s.ids, Now: s.now}.TellAnd(ctx, tx, func(n *scene.Notice, how scene.Told) {
		x := &told[place[n.Rows[1]]]
		x.Accounts++
		if s.mails(mail[n.Account], how) {
			x.Mails++
		}
	}, notices...)
	return told, err
}

// accountsOf are the active accounts of organisations.
func accountsOf(ctx context.Context, tx store.Tx, orgs []scene.ID) (list []scene.Account, err error) {
	for part := range slices.Chunk(orgs, store.MaxEventIDs) {
		filter := store.AccountFilter{State: scene.AccountActive, OrgIDs: part}
		err = store.Each(func(p store.Page) (store.Rows[scene.Account], error) { return tx.Accounts().List(ctx, filter, p) }, func(a *scene.Account) error {
			list = append(list, *a)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

// planNotice tells one party how many of its meetings a version changes.
func planNotice(fair *scene.Fair, version *scene.FairPlan, party scene.ID, count int) scene.Notice {
	key := "fair.told.changed"
	if version.Number == 1 {
		key = "fair.told.planned"
	}
	return scene.Notice{
		Kind: scene.NoticeMeeting, Key: key, Path: "/workspace/events/" + string(fair.ID), Rows: []scene.ID{fair.ID, party},
		Args: map[string]any{"title": scene.Redact(fair.Title), "version": strconv.Itoa(version.Number), "count": strconv.Itoa(count)},
		Once: fmt.Sprintf("%s %s %d %s", scene.FairPublished, fair.ID, version.Number, party),
	}
}
