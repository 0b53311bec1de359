package learning

import (
	"context"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Keep stores a set of weights under a new ID, and puts it in force if activate
// says so. It returns the set as stored.
func (s *Service) Keep(ctx context.Context, set scene.WeightSet, activate bool) (scene.WeightSet, error) {
	id, err := s.ids.New()
	if err != nil {
		return set, scene.Wrap("learning.Keep", err)
	}
	set.ID, set.Made = id, s.now()
	err = s.store.Update(ctx, func(tx store.Tx) error {
		if err := tx.Weights().Put(ctx, set); err != nil || !activate {
			return err
		}
		return s.activate(ctx, tx, set.ID, set.Actor)
	})
	return set, scene.Wrap("learning.Keep", err)
}

// Activate puts a set in force; the empty ID is the one that ships. It returns
// NotFound for a set that is not kept.
func (s *Service) Activate(ctx context.Context, set scene.ID, actor string) error {
	err := s.store.Update(ctx, func(tx store.Tx) error {
		if set != "" {
			if _, err := tx.Weights().Get(ctx, set); err != nil {
				return err
			}
		}
		return s.activate(ctx, tx, set, actor)
	})
	return scene.Wrap("learning.Activate", err)
}

func (s *Service) activate(ctx context.Context, tx store.Tx, set scene.ID, actor string) error {
	id, err := s.ids.New()
	if err != nil {
		return err
	}
	if err := tx.Weights().PutActivation(ctx, scene.Activation{ID: id, Set: set, At: s.now(), Actor: actor}); err != nil {
		return err
	}
	return s.emit(ctx, tx, scene.WeightsChanged, actor)
}

// Rollback takes back the last activation that was not taken back yet, so that
// the set before it is in force again. Where there is none it returns a
// Precondition error: the set that ships is in force.
func (s *Service) Rollback(ctx context.Context, actor string) error {
	err := s.store.Update(ctx, func(tx store.Tx) error {
		log, err := tx.Weights().Activations(ctx)
		if err != nil {
			return err
		}
		last, ok := scene.Current(log)
		if !ok {
			return &scene.Error{Code: scene.Precondition, Key: "weights.nothing_to_undo"}
		}
		last.Undone = s.now()
		if err := tx.Weights().PutActivation(ctx, last); err != nil {
			return err
		}
		return s.emit(ctx, tx, scene.WeightsChanged, actor)
	})
	return scene.Wrap("learning.Rollback", err)
}

// Sets returns all sets in order of time, and the ID of the one in force, ""
// for the one that ships.
func (s *Service) Sets(ctx context.Context) (list []scene.WeightSet, inForce scene.ID, err error) {
	err = s.store.View(ctx, func(tx store.Tx) (err error) {
		list, err = all(func(p store.Page) (store.Rows[scene.WeightSet], error) { return tx.Weights().List(ctx, p) })
		if err != nil {
			return err
		}
		log, err := tx.Weights().Activations(ctx)
		if now, ok := scene.Current(log); ok {
			inForce = now.Set
		}
		return err
	})
	return list, inForce, scene.Wrap("learning.Sets", err)
}

// InForce returns the set in force, nil for the one that ships.
func (s *Service) InForce(ctx context.Context) (set *scene.WeightSet, err error) {
	err = s.store.View(ctx, func(tx store.Tx) error {
		log, err := tx.Weights().Activations(ctx)
		now, ok := scene.Current(log)
		if err != nil || !ok || now.Set == "" {
			return err
		}
		found, err := tx.Weights().Get(ctx, now.Set)
		set = &found
		return err
	})
	return set, scene.Wrap("learning.InForce", err)
}
