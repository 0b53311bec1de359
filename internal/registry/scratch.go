package registry

import (
	"context"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// scratchesKept bounds the forms that are kept for one account; of more, those
// left alone longest go.
const scratchesKept = 30

// KeepScratch keeps what the actor typed into a form. s.Turn is the turn that
// the form goes on from, 0 for none; where another one was kept meanwhile, in
// another window, it is a Conflict with the time of that as "at".
func (r *Registry) KeepScratch(ctx context.Context, by scene.Actor, s scene.Scratch) (kept scene.Scratch, err error) {
	if err := writes(&by); err != nil {
		return s, err
	}
	s.Account = by.ID
	if err := s.Validate(); err != nil {
		return s, err
	}
	err = r.store.Update(ctx, func(tx store.Tx) error {
		stored, err := tx.Scratches().Get(ctx, by.ID, s.Place)
		if err != nil && scene.CodeOf(err) != scene.NotFound {
			return err
		}
		if err == nil && stored.Turn != s.Turn {
			return &scene.Error{Code: scene.Conflict, Key: "scratch.elsewhere", Args: map[string]any{"at": stored.Saved}}
		}
		kept = s
		kept.Turn, kept.Saved = stored.Turn+1, r.now().UTC()
		if err := tx.Scratches().Put(ctx, kept); err != nil {
			return err
		}
		return prune(ctx, tx, by.ID)
	})
	return kept, scene.Wrap("registry.KeepScratch", err)
}

// writes asks whether somebody fills forms of entries: for his organisation, or for
// the centre.
func writes(by *scene.Actor) error {
	if by.MayEver(scene.ListingAmend) {
		return nil
	}
	return by.May(scene.WorkspaceEnter, scene.Object{})
}

func prune(ctx context.Context, tx store.Tx, account scene.ID) error {
	all, err := tx.Scratches().Of(ctx, account)
	if err != nil || len(all) <= scratchesKept {
		return err
	}
	for _, s := range all[scratchesKept:] {
		if err := tx.Scratches().Delete(ctx, account, s.Place); err != nil {
			return err
		}
	}
	return nil
}

// Scratch returns what the actor typed into a form and has not saved, or a
// NotFound error.
func (r *Registry) Scratch(ctx context.Context, by scene.Actor, place string) (s scene.Scratch, err error) {
	if err := writes(&by); err != nil {
		return s, err
	}
	err = r.store.View(ctx, func(tx store.Tx) error {
		s, err = tx.Scratches().Get(ctx, by.ID, place)
		return err
	})
	return s, scene.Wrap("registry.Scratch", err)
}

// Scratches returns the forms that the actor began and has not saved, the one
// kept last first.
func (r *Registry) Scratches(ctx context.Context, by scene.Actor) (all []scene.Scratch, err error) {
	if err := writes(&by); err != nil {
		return nil, err
	}
	err = r.store.View(ctx, func(tx store.Tx) error {
		all, err = tx.Scratches().Of(ctx, by.ID)
		return err
	})
	return all, scene.Wrap("registry.Scratches", err)
}

// DropScratch forgets what the actor typed into a form, if anything is kept.
func (r *Registry) DropScratch(ctx context.Context, by scene.Actor, place string) error {
	if err := writes(&by); err != nil {
		return err
	}
	err := r.store.Update(ctx, func(tx store.Tx) error { return tx.Scratches().Delete(ctx, by.ID, place) })
	return scene.Wrap("registry.DropScratch", err)
}
