package convene

import (
	"context"
	"slices"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Fairs returns all fairs that by may see, the latest to begin first. A visitor,
// and whoever is not of the centre, sees those that are open, closed or over.
func (s *Service) Fairs(ctx context.Context, by scene.Actor) (list []scene.Fair, err error) {
	staff := by.May(scene.FairRead, scene.Object{}) == nil
	all, err := s.allFairs(ctx)
	for i := range all {
		if staff || public(&all[i]) {
			list = append(list, all[i])
		}
	}
	slices.SortStableFunc(list, func(a, b scene.Fair) int { return b.Start().Compare(a.Start()) })
	return list, err
}

// public reports whether visitors may see the fair.
func public(f *scene.Fair) bool { return f.State != scene.FairDraft && f.State != scene.FairCancelled }

// Fair returns a fair, or NotFound. One that is being prepared or was cancelled is
// for the centre: others get what scene.Actor.May says.
func (s *Service) Fair(ctx context.Context, by scene.Actor, id scene.ID) (f scene.Fair, err error) {
	err = s.read(ctx, "convene.Fair", func(tx store.Tx) (err error) {
		f, err = tx.Fairs().Get(ctx, id)
		return err
	})
	if err == nil && !public(&f) {
		err = by.May(scene.FairRead, scene.Object{})
	}
	if err != nil {
		return scene.Fair{}, err
	}
	return f, nil
}

// Create makes a fair that is being prepared. Faults are those of [Service.Check].
func (s *Service) Create(ctx context.Context, by scene.Actor, f scene.Fair, despite ...Despite) (scene.Fair, error) {
	if err := by.May(scene.FairManage, scene.Object{}); err != nil {
		return f, err
	}
	id, err := s.ids.New()
	if err != nil {
		return f, scene.Wrap("convene.Create", err)
	}
	if f.Wall, err = s.code(); err != nil {
		return f, err
	}
	now := s.now().UTC()
	f.ID, f.Revision, f.State, f.Created, f.Updated = id, 0, scene.FairDraft, now, now
	if err := s.Check(&f, nil, despite...); err != nil {
		return f, scene.Wrap("convene.Create", err)
	}
	var made scene.Fair
	err = s.store.Update(ctx, func(tx store.Tx) (err error) {
		if made, err = tx.Fairs().Put(ctx, f); err != nil {
			return err
		}
		return s.wrote(ctx, tx, by, "fair.create", "fair", made.ID, made.ID, "", nil, &made)
	})
	return made, scene.Wrap("convene.Create", err)
}

// Check cuts the day of a fair into its slots and tells all that is wrong with it as
// somebody wrote it, Invalid with one field per fault: what no fair can have, two tables
// of one name, and a day that is over, unless it was so before or despite says [PastSeen].
// before is the fair as it stands, nil for a new one.
func (s *Service) Check(f, before *scene.Fair, despite ...Despite) error {
	f.Slots = slotsOf(f.Blocks, f.Minutes, f.Pause)
	if before == nil {
		f.State = scene.FairDraft
	}
	return scene.Together(f.Validate(), namesakes(f), s.past(f, before, despite))
}

// past is a fault of a fair that is put into the past.
func (s *Service) past(f, before *scene.Fair, despite []Despite) error {
	end := f.End()
	if end.IsZero() || end.After(s.now()) || slices.Contains(despite, PastSeen) || before != nil && !end.Before(before.End()) {
		return nil
	}
	over := map[string]any{"time": end.In(scene.China()).Format("2006-01-02 15:04")}
	return &scene.Error{Code: scene.Invalid, Key: "fair.invalid", Fields: []scene.FieldError{{Field: "day", Key: PastDay, Args: over}}}
}

// PastDay is the key of the fault that [PastSeen] passes.
const PastDay = "fair.day_past"

// namesakes refuses halls two of whose tables have one name.
func namesakes(f *scene.Fair) error {
	if f.Tables() > scene.MaxFairTables {
		return nil // they are not counted out
	}
	seen := map[string]bool{}
	for _, id := range tableIDs(f) {
		if seen[id] {
			return &scene.Error{Code: scene.Invalid, Key: "fair.invalid", Fields: []scene.FieldError{{Field: "halls", Key: "fair.tables_same", Args: map[string]any{"table": id}}}}
		}
		seen[id] = true
	}
	return nil
}

// Edit changes a fair; state, wall and lateness stay as they are, and faults are those of
// [Service.Check]. What would take
// a slot or a table from a meeting of the published plan is refused with
// Precondition, which tells how many meetings stand there: the plan stays as it is.
func (s *Service) Edit(ctx context.Context, by scene.Actor, f scene.Fair, despite ...Despite) (next scene.Fair, err error) {
	if err := by.May(scene.FairManage, scene.Object{}); err != nil {
		return f, err
	}
	err = s.store.Update(ctx, func(tx store.Tx) error {
		before, err := tx.Fairs().Get(ctx, f.ID)
		if err != nil {
			return err
		}
		if before.Ended() {
			return &scene.Error{Code: scene.Precondition, Key: "fair.ended"}
		}
		next = f
		next.State, next.Wall, next.Created, next.Updated = before.State, before.Wall, before.Created, s.now().UTC()
		next.Late, next.Delays = before.Late, before.Delays
		next.Blocks = slices.Clone(next.Blocks)
		if err := keepActs(before.Blocks, next.Blocks); err != nil {
			return err
		}
		if err := s.Check(&next, &before, despite...); err != nil {
			return err
		}
		if err := s.keepsPublished(ctx, tx, &before, &next); err != nil {
			return err
		}
		if next, err = tx.Fairs().Put(ctx, next); err != nil {
			return err
		}
		all, err := tx.Fairs().Parties(ctx, next.ID)
		if err != nil {
			return err
		}
		if err := s.moveUp(ctx, tx, &next, all); err != nil {
			return err
		}
		return s.wrote(ctx, tx, by, "fair.edit", "fair", next.ID, next.ID, "", &before, &next)
	})
	s.forget(f.ID)
	return next, scene.Wrap("convene.Edit", err)
}

// keepsPublished refuses a fair in which a published meeting has no place, at what was
// changed of the fair as it stands.
func (s *Service) keepsPublished(ctx context.Context, tx store.Tx, before, next *scene.Fair) error {
	v, err := latest(ctx, tx, next.ID)
	if err != nil || v == nil {
		return err
	}
	slots, tables, meetings := v.lost(next)
	if meetings == 0 {
		return nil
	}
	out := &scene.Error{Code: scene.Precondition, Key: "fair.published_kept", Args: map[string]any{"count": meetings, "version": v.row.Number}}
	if len(slots) > 0 {
		out.Fields = append(out.Fields, scene.FieldError{Field: recut(before, next), Key: "fair.slots_used", Args: map[string]any{"slots": listed(slots)}})
	}
	if len(tables) > 0 {
		out.Fields = append(out.Fields, scene.FieldError{Field: "halls", Key: "fair.tables_used", Args: map[string]any{"tables": listed(tables)}})
	}
	return out
}

// recut is the field of a fair by which its slots are others than before.
func recut(before, next *scene.Fair) string {
	day := func(f *scene.Fair) string { return f.Start().In(scene.China()).Format(time.DateOnly) }
	switch {
	case day(before) != day(next):
		return "day"
	case before.Minutes != next.Minutes:
		return "minutes"
	case before.Pause != next.Pause:
		return "pause"
	}
	return "programme"
}

// lost returns the slots and tables of planned meetings that a fair does not have,
// or has at other times, and how many meetings stand there.
func (v *version) lost(next *scene.Fair) (slots, tables []string, meetings int) {
	stands := map[string]bool{}
	for _, id := range tableIDs(next) {
		stands[id] = true
	}
	was := map[string]scene.FairSlot{}
	for _, x := range v.slots() {
		was[x.ID] = x
	}
	for i := range v.plan.Meetings {
		seat := &v.plan.Meetings[i]
		old := was[seat.Slot]
		moved := !keeps(next, &old)
		if moved {
			slots = append(slots, old.Start.In(scene.China()).Format("15:04"))
		}
		if !stands[seat.Table] {
			tables = append(tables, seat.Table)
		}
		if moved || !stands[seat.Table] {
			meetings++
		}
	}
	return slots, tables, meetings
}

// listed are the first few of a list, each once, and whether there are more.
func listed(ids []string) []string {
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if len(ids) > 8 {
		return append(ids[:8:8], "…")
	}
	return ids
}

// steps says which state a fair can be brought into from another.
func steps(from scene.FairState) []scene.FairState {
	switch from {
	case scene.FairDraft:
		return []scene.FairState{scene.FairOpen, scene.FairCancelled}
	case scene.FairOpen:
		return []scene.FairState{scene.FairClosed, scene.FairCancelled}
	case scene.FairClosed:
		return []scene.FairState{scene.FairOver, scene.FairOpen, scene.FairCancelled}
	}
	return nil
}

// Steps returns the states that a fair can be brought into now.
func Steps(f *scene.Fair) []scene.FairState { return steps(f.State) }

// Bring brings a fair into a state. Who was invited is told when it opens; when sign-up
// closes, who waits gets what was kept for those who did not answer. Where that is not the next one it is a
// Precondition error.
func (s *Service) Bring(ctx context.Context, by scene.Actor, id scene.ID, to scene.FairState) (next scene.Fair, err error) {
	if err := by.May(scene.FairManage, scene.Object{}); err != nil {
		return next, err
	}
	return s.change(ctx, by, id, "fair."+string(to), func(tx store.Tx, f *scene.Fair) error {
		if !slices.Contains(steps(f.State), to) {
			return &scene.Error{Code: scene.Precondition, Key: "fair.state"}
		}
		had := f.State
		f.State = to
		all, err := tx.Fairs().Parties(ctx, id)
		switch {
		case err != nil:
			return err
		case had == scene.FairDraft && to == scene.FairOpen:
			return s.tellAllInvited(ctx, tx, by, f, all)
		case to == scene.FairClosed: // no place is kept for a side any more
			return s.moveUp(ctx, tx, f, all)
		}
		return nil
	})
}

// change writes one change of a fair with its line and event.
func (s *Service) change(ctx context.Context, by scene.Actor, id scene.ID, action string, fn func(store.Tx, *scene.Fair) error) (next scene.Fair, err error) {
	err = s.store.Update(ctx, func(tx store.Tx) error {
		before, err := tx.Fairs().Get(ctx, id)
		if err != nil {
			return err
		}
		next = before
		if err := fn(tx, &next); err != nil {
			return err
		}
		next.Updated = s.now().UTC()
		if next, err = tx.Fairs().Put(ctx, next); err != nil {
			return err
		}
		return s.wrote(ctx, tx, by, action, "fair", id, id, "", &before, &next)
	})
	s.forget(id)
	return next, scene.Wrap("convene."+action, err)
}
