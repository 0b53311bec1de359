package convene

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"jinghe/internal/agenda"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Bounds of solving.
const (
	DefaultLimit = 20 * time.Second
	MaxLimit     = 10 * time.Minute
)

// job is a plan being made in the background.
type job struct {
	cancel context.CancelFunc
	done   chan struct{}
	began  time.Time

	mu       sync.Mutex
	progress agenda.Progress
	err      error
}

// Working is where the making of a plan stands.
type Working struct {
	Running  bool
	Since    time.Time
	Progress agenda.Progress
	Err      error // of the last one, if it failed
}

// Working returns where the making of a plan stands in this process.
func (s *Service) Working(fair scene.ID) Working {
	s.mu.Lock()
	j := s.jobs[fair]
	s.mu.Unlock()
	if j == nil {
		return Working{}
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	w := Working{Since: j.began, Progress: j.progress, Err: j.err}
	select {
	case <-j.done:
	default:
		w.Running = true
	}
	return w
}

// Await returns when the making of a plan has ended, or ctx has.
func (s *Service) Await(ctx context.Context, fair scene.ID) {
	s.mu.Lock()
	j := s.jobs[fair]
	s.mu.Unlock()
	if j == nil {
		return
	}
	select {
	case <-j.done:
	case <-ctx.Done():
	}
}

// Plan begins to make a draft from wishes and locks, in the background, within a
// limit of time; 0 is DefaultLimit. It is a Conflict while one is being made. A
// problem that is none is Invalid at once, and says why. Nothing new is planned into
// slots that have begun; where all have, that is a Precondition error.
func (s *Service) Plan(ctx context.Context, by scene.Actor, fair scene.ID, limit time.Duration) error {
	if err := by.May(scene.FairManage, scene.Object{}); err != nil {
		return err
	}
	if limit <= 0 {
		limit = DefaultLimit
	}
	base, err := s.base(ctx, fair)
	if err != nil {
		return err
	}
	if n := len(base.fair.Slots); n > 0 && len(base.begun(base.at)) == n {
		return &scene.Error{Code: scene.Precondition, Op: "convene.Plan", Key: "fair.no_slot_left"}
	}
	if err := base.pose(nil).problem.Validate(); err != nil {
		return s.explain(base, scene.Wrap("convene.Plan", err))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if j := s.jobs[fair]; j != nil {
		select {
		case <-j.done:
		default:
			return &scene.Error{Code: scene.Conflict, Op: "convene.Plan", Key: "fair.planning"}
		}
	}
	work, cancel := context.WithTimeout(s.alive, min(limit, MaxLimit))
	j := &job{cancel: cancel, done: make(chan struct{}), began: s.now()}
	s.jobs[fair] = j
	s.work.Go(func() { s.solve(work, by, j, base) })
	return nil
}

// Cancel ends the making of a plan: the best so far becomes the draft.
func (s *Service) Cancel(by scene.Actor, fair scene.ID) error {
	if err := by.May(scene.FairManage, scene.Object{}); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if j := s.jobs[fair]; j != nil {
		j.cancel()
	}
	return nil
}

// base is what a plan is made from.
type base struct {
	at      time.Time // when it was read
	fair    scene.Fair
	parties []scene.FairParty
	entries []scene.FairEntry
	draft   *version // or a copy of what is published; nil for none
	latest  *version // published; nil for none
	note    string   // for the record: which meeting was changed, and how
	doubles []Double // people who come for two parties, or are elsewhere too
}

func (s *Service) base(ctx context.Context, fair scene.ID) (b *base, err error) {
	err = s.read(ctx, "convene.base", func(tx store.Tx) (err error) {
		b, err = readBase(ctx, tx, fair, s.now())
		return err
	})
	return b, err
}

func readBase(ctx context.Context, tx store.Tx, fair scene.ID, at time.Time) (b *base, err error) {
	b = &base{at: at}
	if b.fair, err = tx.Fairs().Get(ctx, fair); err != nil {
		return nil, err
	}
	if b.fair.Ended() {
		return nil, &scene.Error{Code: scene.Precondition, Key: "fair.ended"}
	}
	if b.parties, err = tx.Fairs().Parties(ctx, fair); err != nil {
		return nil, err
	}
	if b.entries, err = tx.Fairs().Entries(ctx, fair, ""); err != nil {
		return nil, err
	}
	if b.draft, err = draft(ctx, tx, fair); err != nil {
		return nil, err
	}
	if b.latest, err = latest(ctx, tx, fair); err != nil {
		return nil, err
	}
	b.doubles, err = doubles(ctx, tx, &b.fair, b.parties)
	return b, err
}

// pose makes the problem, with the locks and choices of the draft and who did not come.
// What the published plan has in slots that have begun stands, and nothing else comes
// into them.
func (b *base) pose(pairs map[pair]scene.FairWhy) *posed {
	var goes scene.FairGoes
	if b.draft != nil {
		goes = b.draft.row.Goes
	}
	parties := b.present()
	standing, gone := b.standing(parties), b.gone(parties)
	made := pose(&b.fair, parties, pairs, b.locks(standing, gone), standing)
	b.begin(made.problem, standing)
	b.close(made.problem)
	excuse(made.problem, gone)
	made.goes = send(made.problem, goes)
	return made
}

// present is the parties with those away who did not come, party or delegate, take part
// no more, or are in a meeting of another fair.
func (b *base) present() []scene.FairParty {
	day := dayOf(&b.fair, selvesOf(b.parties), b.entries)
	out := slices.Clone(b.parties)
	for i := range out {
		slots := day.absentSlots(&b.fair, out[i].ID, "")
		if out[i].State != scene.PartyAccepted {
			slots = slotIDs(&b.fair)
		}
		out[i].Away = append(slices.Clone(out[i].Away), slots...)
		out[i].Delegates = slices.Clone(out[i].Delegates)
		for k := range out[i].Delegates {
			d := &out[i].Delegates[k]
			d.Away = append(slices.Clone(d.Away), day.absentSlots(&b.fair, out[i].ID, d.ID)...)
		}
	}
	b.away(out)
	return out
}

func slotIDs(f *scene.Fair) []string {
	ids := make([]string, 0, len(f.Slots))
	for i := range f.Slots {
		ids = append(ids, f.Slots[i].ID)
	}
	return ids
}

// solve makes the draft and keeps it.
func (s *Service) solve(ctx context.Context, by scene.Actor, j *job, b *base) {
	defer j.cancel()
	err := s.solved(ctx, by, j, b)
	if err != nil && s.alive.Err() == nil {
		s.log.Warn("no plan was made", "fair", b.fair.ID, "error", err)
	}
	j.mu.Lock()
	j.err = err
	j.mu.Unlock()
	close(j.done)
}

func (s *Service) solved(ctx context.Context, by scene.Actor, j *job, b *base) error {
	pairs, err := s.pairs(ctx, b, MaxLimit)
	if err != nil {
		return err
	}
	made := b.pose(pairs)
	plan, err := agenda.Solve(ctx, made.problem, agenda.Options{Progress: func(p agenda.Progress) {
		j.mu.Lock()
		j.progress = p
		j.mu.Unlock()
	}})
	if err != nil {
		return s.explain(b, err)
	}
	plan.Seconds = s.now().Sub(j.began).Seconds()
	// The draft is kept also where the time was up or somebody stopped the search.
	return s.keepDraft(context.WithoutCancel(ctx), by, b, made, &agenda.Repaired{Plan: *plan})
}

// keepDraft writes a draft in the place of the one that b was read with. One that
// was changed meanwhile is a Conflict. A repaired plan has offers, if only none; one that
// was made anew has not.
func (s *Service) keepDraft(ctx context.Context, by scene.Actor, b *base, made *posed, plan *agenda.Repaired) error {
	next := &version{problem: made.problem, plan: &plan.Plan, offers: plan.Offers}
	next.row = scene.FairPlan{FairID: b.fair.ID, Why: made.why, Made: s.now().UTC(), By: by.Name}
	if b.draft != nil {
		next.row.Revision, next.row.Locks = b.draft.row.Revision, b.draft.row.Locks
	}
	var published *agenda.Plan
	if b.latest != nil {
		published, next.row.Base = b.latest.plan, b.latest.row.Number
	}
	next.row.Goes = made.goes
	b.assign(next, published, s.now())
	next.changes(b.latest, whyMoved(plan.Changed))
	if plan.Offers == nil && b.latest != nil {
		for i := range next.row.Changes {
			c := &next.row.Changes[i]
			c.Why = cmp.Or(c.Why, movedAnew)
		}
	}
	next.row.Causes = b.causes(next.problem, s.now())
	next.row.Note = b.about(next.row.Causes)
	if err := next.write(); err != nil {
		return err
	}
	err := s.store.Update(ctx, func(tx store.Tx) error {
		if _, err := tx.Fairs().PutPlan(ctx, next.row); err != nil {
			return err
		}
		return s.wrote(ctx, tx, by, "fair.plan", "fair", b.fair.ID, b.fair.ID, next.row.Note, nil, nil)
	})
	s.forgetPlan(b.fair.ID)
	return scene.Wrap("convene.keepDraft", err)
}

// Lock keeps a meeting of the draft where it is, whatever is solved again; or lets it
// go. A lock that contradicts another one is a Precondition error which names both,
// and the draft stays as it was.
func (s *Service) Lock(ctx context.Context, by scene.Actor, fair scene.ID, meeting string, on bool) error {
	return s.redraft(ctx, by, fair, "fair.lock", func(b *base, v *version) error {
		seat, there := v.seat(meeting)
		if !there {
			return &scene.Error{Code: scene.NotFound, Key: "fair.no_such_meeting"}
		}
		b.told(meeting, nil, placeOf(seat))
		if !on {
			b.told(meeting, placeOf(seat), nil)
			delete(v.row.Locks, meeting)
			return nil
		}
		before := lockFaults(b)
		v.row.Locks[meeting] = *placeOf(seat)
		return s.locksFit(b, before)
	})
}

// Move brings a meeting of the draft to another place and locks it there. Where
// that breaks a rule it is a Precondition error whose fields say each clash in
// names, and the draft stays as it was; with force it is locked there all the same,
// and solving again moves the rest out of its way, unless another lock is in it: that
// is a Precondition error too.
func (s *Service) Move(ctx context.Context, by scene.Actor, fair scene.ID, meeting string, to scene.FairPlace, force bool) error {
	return s.redraft(ctx, by, fair, "fair.move", func(b *base, v *version) error {
		seat, there := v.seat(meeting)
		if !there {
			return &scene.Error{Code: scene.NotFound, Key: "fair.no_such_meeting"}
		}
		if to.Slot == "" {
			return &scene.Error{Code: scene.Invalid, Key: "fair.no_such_place"}
		}
		to, err := placeTyped(&b.fair, to)
		if err != nil {
			return err
		}
		if seat.Slot != to.Slot && slices.Contains(b.begun(s.now()), to.Slot) {
			return s.explain(b, &scene.Error{Code: scene.Precondition, Key: "fair.move_clash", Fields: []scene.FieldError{{Field: "plan", Key: "fair.clash_begun", Args: map[string]any{"slot": to.Slot}}}})
		}
		before, locked := clashes(v), lockFaults(b)
		from := *placeOf(seat)
		b.told(meeting, &from, &to)
		seat.Slot, seat.Table = to.Slot, to.Table
		v.row.Locks[meeting] = to
		if fresh := newClashes(before, clashes(v)); len(fresh) > 0 && !force {
			return s.explain(b, &scene.Error{Code: scene.Precondition, Key: "fair.move_clash", Fields: v.inTheWay(seat, fresh)})
		} else if len(fresh) > 0 {
			seat.Slot, seat.Table = from.Slot, from.Table // until it is solved again
			return s.locksFit(b, locked)
		}
		b.assign(v, v.plan, s.now())
		v.decided(meeting, movedByHand)
		return nil
	})
}

// redraft changes the draft, making one of what is published if there is none.
func (s *Service) redraft(ctx context.Context, by scene.Actor, fair scene.ID, action string, fn func(*base, *version) error) error {
	if err := by.May(scene.FairManage, scene.Object{}); err != nil {
		return err
	}
	b, err := s.base(ctx, fair)
	if err != nil {
		return err
	}
	v := b.draft
	if v == nil {
		return &scene.Error{Code: scene.Precondition, Op: "convene." + action, Key: "fair.no_draft"}
	}
	locks := map[string]scene.FairPlace{}
	for id, place := range v.row.Locks {
		locks[id] = place
	}
	v.row.Locks = locks
	if err := fn(b, v); err != nil {
		return scene.Wrap("convene."+action, err)
	}
	if b.latest != nil {
		v.row.Base = b.latest.row.Number
	}
	agenda.Recount(v.problem, v.plan)
	v.changes(b.latest, reasons(v.row.Changes))
	v.row.Made, v.row.By = s.now().UTC(), by.Name
	if err := v.write(); err != nil {
		return err
	}
	err = s.store.Update(ctx, func(tx store.Tx) error {
		if _, err := tx.Fairs().PutPlan(ctx, v.row); err != nil {
			return err
		}
		return s.wrote(ctx, tx, by, action, "fair", fair, fair, b.note, nil, nil)
	})
	s.forgetPlan(fair)
	return scene.Wrap("convene."+action, err)
}

// told notes which meeting a person changed, and from where to where; nil is not held there.
func (b *base) told(meeting string, from, to *scene.FairPlace) {
	n := NewNames(&b.fair, b.parties)
	place := func(p *scene.FairPlace) string {
		if p == nil {
			return "–"
		}
		return n.Slot(p.Slot) + " " + p.Table
	}
	b.note = n.Meeting(meeting) + ": " + place(from) + " → " + place(to)
}

// Discard lets the draft go.
func (s *Service) Discard(ctx context.Context, by scene.Actor, fair scene.ID) error {
	if err := by.May(scene.FairManage, scene.Object{}); err != nil {
		return err
	}
	err := s.store.Update(ctx, func(tx store.Tx) error {
		if err := tx.Fairs().DeletePlan(ctx, fair); err != nil {
			return err
		}
		return s.wrote(ctx, tx, by, "fair.discard", "fair", fair, fair, "", nil, nil)
	})
	s.forgetPlan(fair)
	return scene.Wrap("convene.Discard", err)
}
