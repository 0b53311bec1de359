package registry

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Queue returns the entries under review that the actor may review, those
// waiting longest first, and how many there are: of a long queue only its first
// 500 come. All of it is looked through, a page at a time, so that what others
// have to review hides nothing.
func (r *Registry) Queue(ctx context.Context, by scene.Actor) (list []Entry, total int, err error) {
	if !by.MayEver(scene.ListingReview) {
		return nil, 0, by.May(scene.ListingReview, scene.Object{})
	}
	err = r.waiting(ctx, func() { list, total = nil, 0 }, func(e Entry) {
		if by.May(scene.ListingReview, e.Object()) != nil {
			return
		}
		total++
		if list = append(list, e); len(list) == 2*shown {
			list = longest(list)
		}
	})
	return longest(list), total, scene.Wrap("registry.Queue", err)
}

// waiting hands every entry under review to keep, after begin: a reading may begin anew.
func (r *Registry) waiting(ctx context.Context, begin func(), keep func(Entry)) error {
	return r.store.View(ctx, func(tx store.Tx) error {
		begin()
		f := store.ListingFilter{States: scene.UnderReview()}
		if err := store.EachListing(ctx, tx.Opportunities(), f, func(o *scene.Opportunity) { keep(Entry{Opportunity: o}) }); err != nil {
			return err
		}
		return store.EachListing(ctx, tx.Capabilities(), f, func(c *scene.Capability) { keep(Entry{Capability: c}) })
	})
}

// queued is an entry under review as its place in the queue needs it.
type queued struct {
	Ref
	of    scene.Object
	since time.Time
}

// line is what waits for review at an instant, of everybody, the longest first.
type line struct {
	instant
	list []queued
}

// Place says where in the queue of the actor an entry stands, from 1 on of total, and
// which stand before and behind it, without ID where none does; n is 0 for one that
// is not in it. What other processes decide is seen after seconds.
func (r *Registry) Place(ctx context.Context, by scene.Actor, id scene.ID) (n, total int, before, behind Ref, err error) {
	all, err := r.line(ctx)
	if err != nil || !by.MayEver(scene.ListingReview) {
		return 0, 0, before, behind, scene.Wrap("registry.Place", err)
	}
	var last Ref
	for i := range all {
		if by.May(scene.ListingReview, all[i].of) != nil {
			continue
		}
		if total++; n > 0 && total == n+1 {
			behind = all[i].Ref
		}
		if all[i].ID == id {
			n, before = total, last
		}
		last = all[i].Ref
	}
	return n, total, before, behind, nil
}

// line reads what waits for review, or gives what was read before and is fresh.
func (r *Registry) line(ctx context.Context) ([]queued, error) {
	now := r.now()
	if held := r.counts.line.Load(); held != nil && r.counts.fresh(&held.instant, now, countsFresh) {
		return held.list, nil
	}
	next := &line{instant: instant{at: now, written: r.counts.written.Load()}}
	err := r.waiting(ctx, func() { next.list = nil }, func(e Entry) {
		next.list = append(next.list, queued{Ref{Kind: e.Kind(), ID: e.Listing().ID}, e.Object(), e.Listing().Updated})
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(next.list, func(a, b queued) int { return cmp.Or(a.since.Compare(b.since), cmp.Compare(a.ID, b.ID)) })
	next.cost = r.now().Sub(now)
	r.counts.line.Store(next)
	return next.list, nil
}

// longest keeps those that wait longest, in that order.
func longest(list []Entry) []Entry {
	slices.SortStableFunc(list, func(a, b Entry) int {
		x, y := a.Listing(), b.Listing()
		return cmp.Or(x.Updated.Compare(y.Updated), strings.Compare(string(x.ID), string(y.ID)))
	})
	return list[:min(len(list), shown)]
}

// Onward is the step that passes an entry on, from where it is.
const Onward scene.State = "onward"

// StepResult is what became of one step of many.
type StepResult struct {
	Step
	Name string // of the entry, as far as the actor may read it
	To   scene.State
	Err  error
}

// ReviewMany takes each step by itself, as Review does, and tells what became of
// each: one that is refused does not stop the others. Onward stands for the step
// that follows where the entry is.
func (r *Registry) ReviewMany(ctx context.Context, by scene.Actor, steps []Step) []StepResult {
	results := make([]StepResult, len(steps))
	for i, s := range steps {
		results[i] = r.reviewOne(ctx, by, s)
	}
	return results
}

func (r *Registry) reviewOne(ctx context.Context, by scene.Actor, s Step) StepResult {
	result := StepResult{Step: s, To: s.To}
	e, err := r.Entry(ctx, by, s.Kind, s.ID)
	if err != nil {
		result.Err = err
		return result
	}
	result.Name = e.Listing().Name
	if s.To == Onward {
		s.To = onward(e.Listing().State)
	}
	result.To = s.To
	_, result.Err = r.Review(ctx, by, s)
	return result
}

// onward is what follows a state where nothing is wrong; experts are asked by hand only.
func onward(s scene.State) scene.State {
	for _, next := range s.Next() {
		if next != scene.ExpertReview {
			return next
		}
	}
	return s
}
