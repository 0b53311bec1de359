package engage

import (
	"context"
	"errors"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Step is a change of a docked pair that a person asks for.
type Step struct {
	ID       scene.ID
	Revision int         // as the person saw it
	To       scene.Stage // empty: only another next action
	Text     string
	// Next is required wherever something is still owed.
	Next scene.NextAction
	// Amount is that of a contract, required there.
	Amount scene.Money
}

// Move takes a pair to the next stage, or sets another next action.
func (s *Service) Move(ctx context.Context, by scene.Actor, st Step) (scene.Engagement, error) {
	return s.change(ctx, by, scene.EngagementMove, st.ID, st.Revision, func(ctx context.Context, c *change) (bool, error) {
		if st.To != "" && c.e.Stage == st.To && st.Revision == c.e.Revision-1 {
			return true, nil // pressed twice
		}
		if err := scene.ValidText(st.Text, false); err != nil {
			return false, err
		}
		if st.To == "" {
			return false, c.replan(st)
		}
		if !c.e.Stage.Docked() && c.e.Stage != scene.StageMutual && c.e.Stage != scene.StageLanded || st.To == scene.StageStopped {
			return false, &scene.Error{Code: scene.Precondition, Key: "engagement.step", Args: map[string]any{"from": string(c.e.Stage), "to": string(st.To)}}
		}
		return false, c.step(ctx, st)
	})
}

// replan sets another next action.
func (c *change) replan(st Step) error {
	if !c.e.Stage.Docked() {
		return &scene.Error{Code: scene.Precondition, Key: "engagement.ended"}
	}
	if err := st.Next.Validate(c.now()); err != nil {
		return err
	}
	c.plan(st.Next)
	c.entry(scene.EngagementEntry{Kind: scene.EntryNext, Text: st.Next.Text})
	c.tellOthers("next", map[string]any{"next": scene.Redact(st.Next.Text), "due": day(st.Next)})
	return nil
}

// step changes the stage with what it asks for.
func (c *change) step(ctx context.Context, st Step) error {
	if err := c.move(st.To); err != nil {
		return err
	}
	if st.To == scene.StageContract {
		if st.Amount <= 0 {
			return &scene.Error{
				Code: scene.Invalid, Key: "engagement.invalid",
				Fields: []scene.FieldError{{Field: "amount", Key: "engagement.amount"}},
			}
		}
		c.e.Outcome.Amount = st.Amount
	}
	if st.Text != "" {
		c.e.Outcome.Note = st.Text
		c.notes[len(c.notes)-1].Text = st.Text
	}
	c.e.Next = scene.NextAction{}
	if st.To.Docked() {
		if err := st.Next.Validate(c.now()); err != nil {
			return err
		}
		c.plan(st.Next)
	}
	c.tellOthers("move", map[string]any{"stage": "@engagement.stage." + string(st.To)})
	if c.party != scene.PartyCentre {
		c.tell(scene.PartyCentre, "move", map[string]any{"stage": "@engagement.stage." + string(st.To)})
	}
	if st.To == scene.StageLanded {
		return c.decision(ctx, scene.Deployed, "", "")
	}
	return c.decision(ctx, scene.Met, "", "") // a proposal, a pilot and a contract need a meeting
}

// plan sets the next action, of which nobody was reminded yet.
func (c *change) plan(n scene.NextAction) {
	n.Reminded, n.Escalated = time.Time{}, time.Time{}
	c.e.Next = n
}

// day renders a date for a notice, the same in both languages.
func day(n scene.NextAction) string { return n.Due.In(scene.China()).Format(time.DateOnly) }

const (
	// remindAhead is how long before it is due a side is reminded.
	remindAhead = 24 * time.Hour
	// escalateAfter is after how many working days the centre is told.
	escalateAfter = 3
	perRound      = 200
)

// Remind tells the sides whose next action is due within a day, and the centre
// of what is late by three working days, each once. The process that leads
// calls it.
func (s *Service) Remind(ctx context.Context) error {
	var due []scene.Engagement
	err := s.store.View(ctx, func(tx store.Tx) error {
		return each(ctx, tx, store.EngagementFilter{DueBefore: s.now().Add(remindAhead)}, func(e *scene.Engagement) {
			if s.reminds(e) != "" && len(due) < perRound {
				due = append(due, *e)
			}
		})
	})
	errs := []error{err} // one that fails keeps no other waiting
	for i := range due {
		errs = append(errs, s.remind(ctx, due[i].ID))
	}
	return scene.Wrap("engage.Remind", errors.Join(errs...))
}

// reminds returns which message is owed, "" for none.
func (s *Service) reminds(e *scene.Engagement) string {
	now := s.now()
	switch {
	case !e.Stage.Docked() || !e.Next.Known():
		return ""
	case e.Next.Escalated.IsZero() && now.After(scene.WorkingDays(e.Next.Due, escalateAfter)):
		return "late"
	case e.Next.Reminded.IsZero() && !now.Before(e.Next.Due.Add(-remindAhead)):
		return "due"
	}
	return ""
}

func (s *Service) remind(ctx context.Context, id scene.ID) error {
	return s.store.Update(ctx, func(tx store.Tx) error {
		e, err := tx.Engagements().Get(ctx, id)
		if err != nil {
			return err
		}
		what := s.reminds(&e)
		if what == "" {
			return nil
		}
		to := []scene.Party{e.Next.Party}
		e.Next.Reminded = s.now().UTC()
		if what == "late" {
			e.Next.Escalated = e.Next.Reminded
			if e.Next.Party != scene.PartyCentre {
				to = append(to, scene.PartyCentre)
			}
		}
		for _, p := range to {
			n := scene.Notice{
				Kind: scene.NoticeDue, Key: "engagement.told." + what, Once: what + " " + string(e.ID) + " " + e.Next.Due.Format(time.RFC3339),
				Args: map[string]any{"next": scene.Redact(e.Next.Text), "due": day(e.Next)},
			}
			if err := s.tell(ctx, tx, &e, notice{to: p, n: n}); err != nil {
				return err
			}
		}
		return tx.Engagements().Note(ctx, e)
	})
}

// stuck returns the open engagements that somebody should look after, those late
// longest first.
func stuck(ctx context.Context, tx store.Tx, f store.EngagementFilter, now time.Time) (list []scene.Engagement, err error) {
	if len(f.Stages) == 0 {
		for _, stage := range scene.Stages() {
			if !stage.Ended() {
				f.Stages = append(f.Stages, stage)
			}
		}
	}
	f.Newest = false
	err = each(ctx, tx, f, func(e *scene.Engagement) {
		if e.Stuck(now) {
			list = append(list, *e)
		}
	})
	return longestLate(list), err
}

// each hands every engagement that f keeps to fn.
func each(ctx context.Context, tx store.Tx, f store.EngagementFilter, fn func(*scene.Engagement)) error {
	return store.Each(func(p store.Page) (store.Rows[scene.Engagement], error) { return tx.Engagements().List(ctx, f, p) }, func(e *scene.Engagement) error {
		fn(e)
		return nil
	})
}
