package registry

import (
	"context"
	"strings"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// EditOrganisation writes what an organisation says of itself: its English name, kind,
// region, address, profile, industries, year of foundation and contact. By what it is
// known (name, credit code, other spellings) and its titles stay as they are. A
// Revision that is no longer the stored one is a Conflict, faults are Invalid with one
// field each; what changes nothing writes nothing.
func (r *Registry) EditOrganisation(ctx context.Context, by scene.Actor, o scene.Organisation) (done scene.Organisation, err error) {
	const action = "organisation.edit"
	if err := by.May(scene.OrganisationEdit, scene.Object{OrgID: o.ID}); err != nil {
		return done, err
	}
	err = r.updatePublic(ctx, func(tx store.Tx) error {
		before, err := store.Standing(ctx, tx, o.ID)
		if err != nil {
			return err
		}
		if err := by.May(scene.OrganisationEdit, scene.Object{OrgID: before.ID}); err != nil {
			return err
		}
		next := before.Clone()
		next.Revision = o.Revision
		next.NameEn, next.Kind, next.Region, next.Address = strings.TrimSpace(o.NameEn), o.Kind, o.Region, strings.TrimSpace(o.Address)
		next.Profile, next.Industries, next.Founded, next.Contact = strings.TrimSpace(o.Profile), union(nil, o.Industries), o.Founded, o.Contact.Tidy()
		wrong := next.ValidateProfile(r.now())
		if next.Contact != before.Contact { // what a list brought stays until somebody writes it
			wrong = scene.Together(wrong, next.Contact.Validate())
		}
		if wrong != nil {
			return wrong
		}
		changes, err := scene.Differences(before, next)
		if err != nil {
			return err
		}
		if done = before; len(changes) == 0 && o.Revision == before.Revision {
			return nil
		}
		next.Updated = r.now().UTC()
		if done, err = tx.Organisations().Put(ctx, next); err != nil {
			return err
		}
		recorder := store.Recorder{IDs: r.ids, Now: r.now}
		if err := recorder.Record(ctx, tx, by, action, "organisation", done.ID, "", before, done); err != nil {
			return err
		}
		return r.emit(ctx, tx, scene.OrganisationChanged, []scene.ID{done.ID}, string(by.ID))
	})
	return done, scene.Wrap("registry.EditOrganisation", err)
}
