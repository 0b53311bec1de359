package convene

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Docking makes a pair that people work on of what two sides agreed, in the
// transaction it is given. A Precondition or NotFound error says why that is not
// possible, and leaves the transaction as it was.
type Docking interface {
	Dock(ctx context.Context, tx store.Tx, by scene.Actor, a scene.Agreement) (scene.ID, error)
}

// Bounds of what is done after a fair.
const (
	followedFor = 100 * 24 * time.Hour // outcomes that are told later make no cases
	askedAtOnce = 200
)

// system is who the record names where no person decides.
func system() scene.Actor { return scene.Actor{ID: "system", Name: "system"} }

// FollowUp makes cases of the meetings that ended with a next step, each once,
// and asks both sides of a case what came of it 7, 30 and 90 days after the fair.
// The process that leads calls it every few seconds: fairs whose board did not
// change are passed over.
func (s *Service) FollowUp(ctx context.Context) error {
	list, err := s.allFairs(ctx)
	if err != nil {
		return err
	}
	now := s.now()
	var errs []error
	for i := range list {
		f := &list[i]
		if !public(f) || f.Start().After(now) || now.Sub(f.End()) > followedFor {
			continue
		}
		errs = append(errs, s.followFair(ctx, f.ID))
	}
	return errors.Join(append(errs, s.askAgain(ctx))...)
}

func (s *Service) allFairs(ctx context.Context) (list []scene.Fair, err error) {
	err = s.read(ctx, "convene.allFairs", func(tx store.Tx) error {
		list = nil
		return store.Each(func(p store.Page) (store.Rows[scene.Fair], error) { return tx.Fairs().List(ctx, p) }, func(f *scene.Fair) error {
			list = append(list, *f)
			return nil
		})
	})
	return list, err
}

// followFair makes the cases that are missing, or that a larger step was named
// for since.
func (s *Service) followFair(ctx context.Context, fair scene.ID) error {
	b, err := s.Board(ctx, fair)
	if err != nil {
		return err
	}
	s.mu.Lock()
	seen := s.followed[fair] == b.Print
	s.mu.Unlock()
	if seen || s.docking == nil {
		return nil
	}
	due, was, err := s.undocked(ctx, b)
	if err != nil {
		return err
	}
	var said *suggested
	pending := slices.ContainsFunc(due, b.unsaid)
	if pending {
		said, pending = s.lately(ctx, b, suggestionWait)
	}
	var errs []error // one that fails keeps no other waiting
	later := false
	for _, m := range due {
		if pending && said == nil && b.unsaid(m) && was[m.ID] == nil {
			later = true // what a case is about is not guessed while the matcher is at work
			continue
		}
		errs = append(errs, s.dock(ctx, b, m, b.guess(m, said)))
	}
	if err := errors.Join(errs...); err != nil || later {
		return err
	}
	s.mu.Lock()
	s.followed[fair] = b.Print
	s.mu.Unlock()
	return nil
}

// undocked are the meetings with a step that their case does not say, or that have no case.
func (s *Service) undocked(ctx context.Context, b *Board) (due []*Sitting, was map[string]*scene.FairCase, err error) {
	var held []scene.FairCase
	err = s.read(ctx, "convene.undocked", func(tx store.Tx) (err error) {
		held, err = tx.Fairs().Cases(ctx, b.Fair.ID)
		return err
	})
	was = map[string]*scene.FairCase{}
	for i := range held {
		was[held[i].Meeting] = &held[i]
	}
	for i := range b.Rounds {
		for k := range b.Rounds[i].Meetings {
			m := &b.Rounds[i].Meetings[k]
			if step, _, alone := b.Day.agreed(m); step != "" && (was[m.ID] == nil || !settled(was[m.ID], step, alone)) {
				due = append(due, m)
			}
		}
	}
	return due, was, err
}

// settled reports whether a case says a step already, or a larger one: what one side alone
// proposed is said anew once the other names it too.
func settled(c *scene.FairCase, step scene.FairNext, alone bool) bool {
	confirmed := c.Alone && !alone && step == c.Next
	return c.Engagement != "" && larger(step, c.Next) == c.Next && !confirmed
}

// larger is the larger of two steps.
func larger(a, b scene.FairNext) scene.FairNext {
	order := scene.FairNexts()
	if slices.Index(order, a) > slices.Index(order, b) {
		return a
	}
	return b
}

// agreed is the largest step that a side names of a meeting that took place, that side, and
// whether it is alone with it; "" where there is none.
func (d *Day) agreed(m *Sitting) (step scene.FairNext, by scene.ID, alone bool) {
	if !d.Held(m.ID) {
		return "", "", false
	}
	named := map[scene.FairNext]int{}
	for _, id := range m.Parties {
		o, said := d.Outcomes[m.ID][id]
		named[o.Next]++
		if said && o.Next != "" && o.Next != scene.NextNone && (step == "" || larger(o.Next, step) != step) {
			step, by = o.Next, id
		}
	}
	return step, by, named[step] == 1
}

// dock makes or mends the case of a meeting.
func (s *Service) dock(ctx context.Context, b *Board, m *Sitting, guess scene.FairWhy) error {
	step, by, alone := b.Day.agreed(m)
	return scene.Wrap("convene.dock", s.store.Update(ctx, func(tx store.Tx) error {
		c, err := tx.Fairs().Case(ctx, b.Fair.ID, m.ID)
		if err != nil && scene.CodeOf(err) != scene.NotFound {
			return err
		}
		if err == nil && settled(&c, step, alone) {
			return nil
		}
		known, why, raised := c.Engagement != "", c.Why, c.Engagement != "" && c.Next != step
		if !known {
			c = scene.FairCase{FairID: b.Fair.ID, Meeting: m.ID, Made: s.now().UTC()}
		}
		c.Next, c.Alone = step, alone
		if c.Engagement, c.Why, err = s.docked(ctx, tx, b, m, c, guess, by, raised); err != nil {
			return err
		}
		if c.Engagement == "" && c.Why == why {
			return nil // told already
		}
		if c.Engagement != "" && !known {
			_, c.Due = scene.FollowUp(b.Fair.End(), s.passed(&b.Fair))
		}
		return tx.Fairs().PutCase(ctx, c)
	}))
}

// passed is the last of the days of asking that is over.
func (s *Service) passed(f *scene.Fair) int {
	last := 0
	for _, n := range scene.FairFollowUps() {
		if !f.End().AddDate(0, 0, n).After(s.now()) {
			last = n
		}
	}
	return last
}

// docked has the pair of a meeting be worked on, or says why that cannot be. raised says that
// its case named a smaller step.
func (s *Service) docked(ctx context.Context, tx store.Tx, b *Board, m *Sitting, c scene.FairCase, guess scene.FairWhy, by scene.ID, raised bool) (id scene.ID, why string, err error) {
	t, why, err := s.topic(ctx, tx, b, m, c.Engagement, guess)
	if err != nil || why != "" {
		return c.Engagement, why, err
	}
	slot, _ := b.Fair.Slot(m.Slot)
	a := scene.Agreement{
		Need: t.Need, Offer: t.Offer, By: scene.PartyProvider, Raised: raised, Loose: t.Loose, Alone: c.Alone,
		Met: scene.FairMet{Fair: b.Fair.ID, Title: b.Fair.Title, Meeting: m.ID, At: slot.Start},
	}
	if t.NeedBy == by {
		a.By = scene.PartyOwner
	}
	title := scene.Clip(b.Fair.Title, 40)
	text := locale.Text(locale.Zh, "fair.case.next."+string(c.Next), nil)
	said := "fair.case.text"
	if c.Alone {
		said += ".alone"
	}
	a.Text = locale.Text(locale.Zh, said, map[string]any{"title": title, "next": text})
	a.Next = scene.NextAction{Text: caseStep(locale.Zh, &b.Fair, c.Next)}
	a.Next.Party, a.Next.Due = s.owed(&b.Fair, c.Next)
	id, err = s.docking.Dock(ctx, tx, system(), a)
	if e, ok := errors.AsType[*scene.Error](err); ok && (e.Code == scene.Precondition || e.Code == scene.NotFound) {
		return c.Engagement, e.Key, nil
	}
	return id, "", err
}

// caseStep is the next step of a pair that an event brought together, as it is written
// there.
func caseStep(lang locale.Lang, f *scene.Fair, next scene.FairNext) string {
	return locale.Text(lang, "fair.case.action", map[string]any{"title": scene.Clip(f.Title, 40), "next": locale.Text(lang, "fair.case.next."+string(next), nil)})
}

// CaseStep is the next step of a case in the language of who reads: what a person wrote
// as it is, what the event wrote anew.
func CaseStep(lang locale.Lang, c *CaseResult) string {
	return locale.Retold(lang, c.Engagement.Next.Text)
}

// owed says who does the next step, and until when: who offers goes on talking
// and shows, who needs prepares a trial or a contract.
func (s *Service) owed(f *scene.Fair, step scene.FairNext) (scene.Party, time.Time) {
	from := s.now()
	if f.End().After(from) {
		from = f.End()
	}
	switch step {
	case scene.NextVisit:
		return scene.PartyProvider, scene.EndOfDay(from.AddDate(0, 0, 14))
	case scene.NextPilot, scene.NextContract:
		return scene.PartyOwner, scene.EndOfDay(from.AddDate(0, 0, 30))
	default:
		return scene.PartyProvider, scene.EndOfDay(from.AddDate(0, 0, 7))
	}
}

// askAgain asks both sides of the cases that are due, and the centre, what came
// of them. Pairs that came to an end are asked about no more.
func (s *Service) askAgain(ctx context.Context) error {
	var due []scene.FairCase
	err := s.read(ctx, "convene.askAgain", func(tx store.Tx) (err error) {
		due, err = tx.Fairs().CasesDue(ctx, s.now(), askedAtOnce)
		return err
	})
	errs := []error{err} // one that fails keeps no other waiting
	for i := range due {
		errs = append(errs, s.store.Update(ctx, func(tx store.Tx) error { return s.ask(ctx, tx, due[i].FairID, due[i].Meeting) }))
	}
	return scene.Wrap("convene.askAgain", errors.Join(errs...))
}

func (s *Service) ask(ctx context.Context, tx store.Tx, fair scene.ID, meeting string) error {
	c, err := tx.Fairs().Case(ctx, fair, meeting)
	if err != nil {
		return err
	}
	if c.Due.IsZero() || c.Due.After(s.now()) {
		return nil
	}
	f, err := tx.Fairs().Get(ctx, fair)
	if err != nil {
		return err
	}
	e, err := tx.Engagements().Get(ctx, c.Engagement)
	if err != nil {
		return err
	}
	c.Asked = s.passed(&f)
	if _, c.Due = scene.FollowUp(f.End(), c.Asked); e.Stage.Ended() {
		c.Due = time.Time{}
	} else if err := s.tellCase(ctx, tx, &f, &e, c.Asked); err != nil {
		return err
	}
	return tx.Fairs().PutCase(ctx, c)
}

// tellCase tells both sides and the centre's staff.
func (s *Service) tellCase(ctx context.Context, tx store.Tx, f *scene.Fair, e *scene.Engagement, days int) error {
	herald := store.Herald{IDs: s.ids, Now: s.now}
	need, offer := e.Called()
	n := scene.Notice{
		Kind: scene.NoticeDue, Key: "fair.told.follow", Rows: []scene.ID{f.ID, e.ID}, Once: fmt.Sprintf("follow %d %s", days, e.ID),
		Args: map[string]any{
			"title": scene.Redact(f.Title), "days": strconv.Itoa(days), "need": scene.Redact(need), "offer": scene.Redact(offer),
		},
	}
	n.Path = "/workspace/engagements/" + string(e.ID)
	for _, org := range []scene.ID{e.NeedOrg, e.OfferOrg} {
		if err := herald.TellOrg(ctx, tx, org, "", n); err != nil {
			return err
		}
	}
	n.Path = "/console/engagements/" + string(e.ID)
	return herald.TellRole(ctx, tx, scene.RoleSteward, "", n)
}

// learns has ranking learn from what a side says of a meeting: that it was held,
// or that it was not worth it. A meeting of which no pair is known teaches
// nothing, and a side that says it was not held after all takes back what it said.
func (s *Service) learns(ctx context.Context, tx store.Tx, v *version, e *scene.FairEntry, by scene.Actor) error {
	why, o := v.row.Why[e.Meeting], e.Outcome
	if !fitting(&why) {
		return nil
	}
	d := scene.Decision{
		ID: scene.ID("fair-" + e.Meeting + "-" + string(e.Party)), Need: why.Need, Offer: why.Offer, Party: string(scene.PartyProvider),
		Verdict: scene.Met, At: e.At, Actor: string(by.ID),
	}
	if why.NeedBy == e.Party {
		d.Party = string(scene.PartyOwner)
	}
	if o.Worth == 1 && (o.Next == "" || o.Next == scene.NextNone) {
		d.Verdict, d.Reason = scene.Declined, scene.ReasonOther
	}
	if !o.Held {
		if err := tx.Judgements().DeleteDecision(ctx, d.ID); err != nil {
			return err
		}
	} else if err := tx.Judgements().PutDecisions(ctx, []scene.Decision{d}); err != nil {
		return err
	}
	return s.emit(ctx, tx, by, scene.DecisionChanged, []scene.ID{d.ID})
}
