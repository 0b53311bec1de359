package store

import (
	"context"
	"time"

	"jinghe/internal/scene"
)

// Recorder writes lines of the record of changes. It is immutable.
type Recorder struct {
	IDs *scene.IDMaker
	Now func() time.Time
}

// Record adds a line to tx: who did what to which row, why, and the fields
// that differ between before and after (either may be nil).
func (r Recorder) Record(ctx context.Context, tx Tx, by scene.Actor, action, noun string, row scene.ID, note string, before, after any) error {
	id, err := r.IDs.New()
	if err != nil {
		return err
	}
	changes, err := scene.Differences(before, after)
	if err != nil {
		return err
	}
	return tx.Audit().Add(ctx, scene.Audit{
		ID: id, At: r.Now().UTC(), Actor: by.ID, Name: by.Name, From: by.From,
		Action: action, Noun: noun, Row: row, Note: note, Changes: changes,
	})
}

// StandingID is the ID of Standing, or the given one where there is no such
// organisation: what somebody writes who was read before a merger.
func StandingID(ctx context.Context, tx Tx, id scene.ID) (scene.ID, error) {
	o, err := Standing(ctx, tx, id)
	if scene.CodeOf(err) == scene.NotFound {
		return id, nil
	}
	return o.ID, err
}

// Standing returns the organisation with that ID, or the one that it was merged
// into, directly or by way of others; or a NotFound error.
func Standing(ctx context.Context, tx Tx, id scene.ID) (scene.Organisation, error) {
	o, err := tx.Organisations().Get(ctx, id)
	for err == nil && o.MergedInto != "" {
		o, err = tx.Organisations().Get(ctx, o.MergedInto)
	}
	return o, err
}
