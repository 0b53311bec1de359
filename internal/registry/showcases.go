package registry

import (
	"context"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Showcase returns one showcase in whatever state, or a NotFound error.
func (r *Registry) Showcase(ctx context.Context, id scene.ID) (s scene.Showcase, err error) {
	err = r.store.View(ctx, func(tx store.Tx) error {
		s, err = tx.Showcases().Get(ctx, id)
		return err
	})
	return s, scene.Wrap("registry.Showcase", err)
}

// Showcases pages through the showcases in that state, or in any where it is
// empty, the one last changed first.
func (r *Registry) Showcases(ctx context.Context, state scene.State, p store.Page) (rows store.Rows[scene.Showcase], err error) {
	err = r.store.View(ctx, func(tx store.Tx) error {
		rows, err = tx.Showcases().List(ctx, state, p)
		return err
	})
	return rows, scene.Wrap("registry.Showcases", err)
}

// SaveShowcase makes a showcase (Revision 0) or changes one; its state says
// whether visitors see it. An entry that it names and that is not there is
// Invalid at that field.
func (r *Registry) SaveShowcase(ctx context.Context, by scene.Actor, s scene.Showcase) (saved scene.Showcase, err error) {
	if err := by.May(scene.ShowcaseManage, scene.Object{}); err != nil {
		return s, err
	}
	if err := s.Validate(); err != nil {
		return s, scene.Wrap("registry.SaveShowcase", err)
	}
	fresh, err := r.ids.New()
	if err != nil {
		return s, scene.Wrap("registry.SaveShowcase", err)
	}
	err = r.updatePublic(ctx, func(tx store.Tx) error {
		saved, err = r.saveShowcase(ctx, tx, by, s, fresh)
		return err
	})
	return saved, scene.Wrap("registry.SaveShowcase", err)
}

func (r *Registry) saveShowcase(ctx context.Context, tx store.Tx, by scene.Actor, s scene.Showcase, fresh scene.ID) (scene.Showcase, error) {
	now := r.now().UTC()
	action := "showcase.create"
	var before any
	if s.Revision == 0 {
		s.ID, s.Created = fresh, now
	} else {
		stored, err := tx.Showcases().Get(ctx, s.ID)
		if err != nil {
			return s, err
		}
		action, before, s.Created = "showcase.change", &stored, stored.Created
	}
	s.Updated = now
	for _, x := range []struct {
		field string
		ref   Ref
	}{{"opportunity", Ref{Kind: scene.KindOpportunity, ID: s.Opportunity}}, {"capability", Ref{Kind: scene.KindCapability, ID: s.Capability}}} {
		if x.ref.ID == "" {
			continue
		}
		_, err := getEntry(ctx, tx, x.ref.Kind, x.ref.ID)
		if scene.CodeOf(err) == scene.NotFound {
			return s, fieldError(scene.Invalid, x.field, "showcase.entry_missing")
		}
		if err != nil {
			return s, err
		}
	}
	saved, err := tx.Showcases().Put(ctx, s)
	if err != nil {
		return s, err
	}
	recorder := store.Recorder{IDs: r.ids, Now: r.now}
	return saved, recorder.Record(ctx, tx, by, action, "showcase", saved.ID, "", before, &saved)
}
