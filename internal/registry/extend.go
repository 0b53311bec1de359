package registry

import (
	"context"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// extendMonths is by how much an entry stays open longer when its owner confirms it.
const extendMonths = 6

// Extended is until when an entry is valid once it was confirmed at that time: six
// months, from the day on which it runs out or from that time on, whichever is
// later, to the end of that day in China. Zero where it does not run out, or not
// within six months: nobody needs to confirm it, and pressing on and on would carry
// it past every review.
func Extended(l *scene.Listing, at time.Time) time.Time {
	if l.ValidTo.IsZero() || l.ValidTo.After(later(at)) {
		return time.Time{}
	}
	from := l.ValidTo
	if at.After(from) {
		from = at
	}
	return later(from)
}

// later is the end of the day in China six months on, or of the last day of that
// month where it has no such day.
func later(t time.Time) time.Time {
	t = t.In(scene.China())
	month := time.Date(t.Year(), t.Month()+extendMonths, 1, 0, 0, 0, 0, t.Location())
	last := month.AddDate(0, 1, -1).Day()
	return scene.EndOfDay(month.AddDate(0, 0, min(t.Day(), last)-1)).UTC()
}

// Extend confirms a public entry as it is and has it stay open longer, see
// [Extended]; one that had expired is open again. What is proposed of it meanwhile
// stays as fresh as it was. One that does not run out, or not within six months, is
// a Precondition.
func (r *Registry) Extend(ctx context.Context, by scene.Actor, s Step) (e Entry, err error) {
	err = r.updatePublic(ctx, func(tx store.Tx) error {
		before, err := getEntry(ctx, tx, s.Kind, s.ID)
		if err != nil {
			return err
		}
		if err := by.May(scene.ListingRetire, before.Object()); err != nil {
			return err
		}
		next := before.Copy()
		l, from := next.Listing(), before.Listing().State
		switch to := Extended(l, r.now()); {
		case l.ValidTo.IsZero():
			return &scene.Error{Code: scene.Precondition, Key: "listing.no_end"}
		case to.IsZero():
			return &scene.Error{Code: scene.Precondition, Key: "listing.lasts"}
		default:
			l.ValidTo, l.Updated, l.Revision = to, r.now().UTC(), s.Revision
		}
		if from == scene.Expired {
			l.State = scene.Published
		}
		if next, err = r.put(ctx, tx, next); err != nil {
			return err
		}
		if err := extendProposal(ctx, tx, &before, &next); err != nil {
			return err
		}
		s.To = next.Listing().State
		if err := r.reviewed(ctx, tx, by, s, from, next.Listing().Revision); err != nil {
			return err
		}
		e = next
		return r.wrote(ctx, tx, by, "listing.extend", "", &before, &next)
	})
	return e, scene.Wrap("registry.Extend", err)
}

// extendProposal has an open proposal go on from the entry as it is now, with the
// new end where it did not propose one of its own.
func extendProposal(ctx context.Context, tx store.Tx, before, next *Entry) error {
	p, err := tx.Reviews().Proposal(ctx, next.Kind(), next.Listing().ID)
	if scene.CodeOf(err) == scene.NotFound {
		return nil
	}
	if err != nil || p.Base != before.Listing().Revision {
		return err
	}
	p.Base = next.Listing().Revision
	proposed := Entry{Opportunity: p.Opportunity, Capability: p.Capability}
	if l := proposed.Listing(); l.ValidTo.Equal(before.Listing().ValidTo) {
		l.ValidTo = next.Listing().ValidTo
	}
	return tx.Reviews().PutProposal(ctx, p)
}

// lasting refuses an entry that would be over before anybody sees it.
func (r *Registry) lasting(e *Entry) error {
	if e.Listing().RunOut(r.now()) {
		return &scene.Error{
			Code: scene.Invalid, Key: "listing.not_ready",
			Fields: []scene.FieldError{{Field: "valid_to", Key: "listing.valid_to_past"}},
		}
	}
	return nil
}

// Returned finds among entries of the actor's organisation the drafts that were
// sent back, by id, with the step that says why.
func (r *Registry) Returned(ctx context.Context, by scene.Actor, list []Entry) (back map[scene.ID]scene.Review, err error) {
	back = map[scene.ID]scene.Review{}
	err = r.store.View(ctx, func(tx store.Tx) error {
		for i := range list {
			l := list[i].Listing()
			if l.State != scene.Draft || by.May(scene.ListingRead, list[i].Object()) != nil {
				continue
			}
			steps, err := tx.Reviews().Of(ctx, list[i].Kind(), l.ID)
			if err != nil {
				return err
			}
			if n := len(steps); n > 0 && steps[n-1].To == scene.Draft && steps[n-1].Reason != "" { // who takes it back himself gives none
				back[l.ID] = steps[n-1]
			}
		}
		return nil
	})
	return back, scene.Wrap("registry.Returned", err)
}
