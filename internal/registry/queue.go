package registry

import (
	"cmp"
	"context"
	"slices"
	"strings"

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
	err = r.store.View(ctx, func(tx store.Tx) error {
		list, total = nil, 0
		keep := func(e Entry) {
			if by.May(scene.ListingReview, e.Object()) != nil {
				return
			}
			total++
			if list = append(list, e); len(list) == 2*shown {
				list = longest(list)
			}
		}
		f := store.ListingFilter{States: scene.UnderReview()}
		if err := store.EachListing(ctx, tx.Opportunities(), f, func(o *scene.Opportunity) { keep(Entry{Opportunity: o}) }); err != nil {
			return err
		}
		return store.EachListing(ctx, tx.Capabilities(), f, func(c *scene.Capability) { keep(Entry{Capability: c}) })
	})
	return longest(list), total, scene.Wrap("registry.Queue", err)
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
