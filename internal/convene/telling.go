package convene

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// tellAffected emits whom a version concerns, in as many events as it takes, and
// tells the accounts of those parties' organisations; parties without one have
// their personal links. It returns to how many of each party word goes.
func (s *Service) tellAffected(ctx context.Context, tx store.Tx, by scene.Actor, version *scene.FairPlan) ([]scene.FairTold, error) {
	parties := affected(version.Changes)
	for part := range slices.Chunk(parties, store.MaxEventIDs-1) {
		if err := s.emit(ctx, tx, by, scene.FairPublished, append([]scene.ID{version.FairID}, part...)); err != nil {
			return nil, err
		}
	}
	fair, err := tx.Fairs().Get(ctx, version.FairID)
	if err != nil {
		return nil, err
	}
	herald, counts := store.Herald{IDs: s.ids, Now: s.now}, concerned(version.Changes)
	all := make([]scene.FairTold, 0, len(parties))
	for _, id := range parties {
		party, err := tx.Fairs().Party(ctx, id)
		if err != nil {
			return nil, err
		}
		told := scene.FairTold{Party: id}
		if told.Accounts, told.Mails, err = s.reaches(ctx, tx, party.OrgID, by.ID); err != nil {
			return nil, err
		}
		all = append(all, told)
		if party.OrgID == "" {
			continue
		}
		if err := herald.TellOrg(ctx, tx, party.OrgID, by.ID, planNotice(&fair, version, id, counts[id])); err != nil {
			return nil, err
		}
	}
	return all, nil
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
