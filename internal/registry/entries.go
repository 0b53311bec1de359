package registry

import (
	"context"
	"slices"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Entries pages through the entries of one kind, in whatever state, that the
// actor may read: those of its own organisation, or of all. A page may hold
// fewer than asked for where the actor may read only some of its rows.
func (r *Registry) Entries(ctx context.Context, by scene.Actor, kind scene.Kind, f store.ListingFilter, p store.Page) (rows store.Rows[Entry], err error) {
	if !by.MayEver(scene.ListingRead) {
		return rows, by.May(scene.ListingRead, scene.Object{})
	}
	if !by.Has(scene.RoleSteward, scene.RoleLeader, scene.RoleAuditor, scene.RoleDepartment) {
		if f.OrgID == "" {
			f.OrgID = by.OrgID
		}
		if err := by.May(scene.ListingRead, scene.Object{OrgID: f.OrgID}); err != nil {
			return rows, err
		}
	}
	err = r.store.View(ctx, func(tx store.Tx) error {
		rows, err = entriesOf(ctx, tx, kind, f, p)
		return err
	})
	rows.Items = slices.DeleteFunc(rows.Items, func(e Entry) bool { return by.May(scene.ListingRead, e.Object()) != nil })
	return rows, scene.Wrap("registry.Entries", err)
}

func entriesOf(ctx context.Context, tx store.Tx, kind scene.Kind, f store.ListingFilter, p store.Page) (rows store.Rows[Entry], err error) {
	switch kind {
	case scene.KindOpportunity:
		if f, err = spelled(ctx, tx.Opportunities(), f); err != nil {
			return rows, err
		}
		found, err := tx.Opportunities().List(ctx, f, p)
		rows.Next = found.Next
		for i := range found.Items {
			rows.Items = append(rows.Items, Entry{Opportunity: &found.Items[i]})
		}
		return rows, err
	case scene.KindCapability:
		if f, err = spelled(ctx, tx.Capabilities(), f); err != nil {
			return rows, err
		}
		found, err := tx.Capabilities().List(ctx, f, p)
		rows.Next = found.Next
		for i := range found.Items {
			rows.Items = append(rows.Items, Entry{Capability: &found.Items[i]})
		}
		return rows, err
	}
	return rows, &scene.Error{Code: scene.NotFound, Key: "listing.kind", Args: map[string]any{"value": string(kind)}}
}
