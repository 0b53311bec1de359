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
// their personal links.
func (s *Service) tellAffected(ctx context.Context, tx store.Tx, by scene.Actor, version *scene.FairPlan) error {
	parties := affected(version.Changes)
	for part := range slices.Chunk(parties, store.MaxEventIDs-1) {
		if err := s.emit(ctx, tx, by, scene.FairPublished, append([]scene.ID{version.FairID}, part...)); err != nil {
			return err
		}
	}
	fair, err := tx.Fairs().Get(ctx, version.FairID)
	if err != nil {
		return err
	}
	herald, counts := store.Herald{IDs: s.ids, Now: s.now}, concerned(version.Changes)
	for _, id := range parties {
		party, err := tx.Fairs().Party(ctx, id)
		if err != nil {
			return err
		}
		if party.OrgID == "" {
			continue
		}
		if err := herald.TellOrg(ctx, tx, party.OrgID, by.ID, planNotice(&fair, version, id, counts[id])); err != nil {
			return err
		}
	}
	return nil
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
