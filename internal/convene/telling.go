package convene

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// tellAffected emits whom a version concerns, in as many events as it takes, and
// tells the accounts of those parties' organisations, and by letter the delegates who have
// an address and no account; the others have their personal links. It returns to how many
// of each party word goes.
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
	counts, mail, known := concerned(version.Changes), map[scene.ID]string{}, map[string]bool{}
	var notices []scene.Notice
	for i := range accounts {
		a := &accounts[i]
		mail[a.ID], known[strings.ToLower(a.Mail)] = a.Mail, true
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
	for i := range b.parties {
		if p := &b.parties[i]; err == nil {
			if at, there := place[p.ID]; there {
				told[at].Letters, err = s.writePlan(ctx, tx, p, version.Number, counts[p.ID], known)
			}
		}
	}
	return told, err
}

// writePlan has letters about a version go to the delegates of a party whose addresses are
// not those of accounts, which choose for themselves, and returns how many.
func (s *Service) writePlan(ctx context.Context, tx store.Tx, p *scene.FairParty, version, meetings int, known map[string]bool) (asked int, err error) {
	if !s.MailPossible() || p.State != scene.PartyAccepted {
		return 0, nil
	}
	for _, d := range p.Delegates {
		if d.Mail == "" || d.Code == "" || known[strings.ToLower(d.Mail)] {
			continue
		}
		now := s.now().UTC()
		if err := tx.Fairs().PutLetter(ctx, scene.FairLetter{PartyID: p.ID, Delegate: d.ID, Version: version, Meetings: meetings, Asked: now, Due: now}); err != nil {
			return 0, err
		}
		asked++
	}
	return asked, nil
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
