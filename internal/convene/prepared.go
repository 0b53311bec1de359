package convene

import (
	"context"
	"slices"
	"time"

	"jinghe/internal/agenda"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Prepared is what the desk of the day has to know of the draft of a fair.
type Prepared struct {
	Draft bool // there is one
	Recut bool // it is of another grid of slots, and void
	// Closed are the tables that the draft, or else the version in force, has closed for all
	// slots to come, in order; none once there is no slot to come.
	Closed []string
	// Changes is how many meetings a draft changes of what is published, which nobody is
	// told of yet; −1 where there is no draft, or nothing is published.
	Changes int
}

// preparedLife is how late it may be seen that another process wrote a draft.
const preparedLife = 10 * time.Second

// prepared is what was read last of the draft of a fair, or else of the version in force.
type prepared struct {
	made    time.Time
	draft   bool
	tables  []agenda.Table
	changes int
	slots   []scene.FairSlot // in which the draft has meetings, as they were then
}

// Prepared tells of the draft of a fair. The desk asks with every page: the documents are
// read once until they change, or 10 seconds are over.
func (s *Service) Prepared(ctx context.Context, by scene.Actor, f *scene.Fair) (p Prepared, err error) {
	if err := by.May(scene.FairRead, scene.Object{}); err != nil {
		return p, err
	}
	s.mu.Lock()
	held, seen := s.drafts[f.ID], s.planned
	s.mu.Unlock()
	now := s.now()
	if held == nil || now.Sub(held.made) >= preparedLife {
		if held, err = s.readPrepared(ctx, f.ID, now); err != nil {
			return p, err
		}
		s.mu.Lock()
		if s.planned == seen { // else a plan was written while this one was read
			s.drafts[f.ID] = held
		}
		s.mu.Unlock()
	}
	p.Draft, p.Changes = held.draft, held.changes
	p.Recut = slices.ContainsFunc(held.slots, func(x scene.FairSlot) bool { return !keeps(f, &x) })
	ahead := len(f.Slots) - len(begun(f, now))
	for table, slots := range closures(held.tables, f, now) {
		if len(slots) == ahead {
			p.Closed = append(p.Closed, table)
		}
	}
	slices.Sort(p.Closed)
	return p, nil
}

func (s *Service) readPrepared(ctx context.Context, fair scene.ID, now time.Time) (*prepared, error) {
	held := &prepared{made: now, changes: -1}
	err := s.read(ctx, "convene.Prepared", func(tx store.Tx) error {
		v, err := draft(ctx, tx, fair)
		if v == nil {
			return err
		}
		held.tables, held.draft = v.problem.Tables, v.row.Revision > 0
		if held.draft {
			held.slots = slices.DeleteFunc(v.slots(), func(x scene.FairSlot) bool {
				return !slices.ContainsFunc(v.plan.Meetings, func(s agenda.Seat) bool { return s.Slot == x.ID })
			})
		}
		if held.draft && v.row.Base > 0 {
			held.changes = len(v.row.Changes)
		}
		return err
	})
	return held, err
}

// forgetPlan has the draft of a fair read anew, after a plan was written.
func (s *Service) forgetPlan(fair scene.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.drafts, fair)
	s.planned++
}
