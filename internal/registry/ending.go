package registry

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

const (
	// endsHour is at which hour of a day in China owners are told: before the letters
	// of the day go out.
	endsHour = 8
	// endsPause is how long lies between two looks at what ends.
	endsPause = 10 * time.Minute
	// endsPart is of how many entries one transaction tells.
	endsPart = 100
	// endsKey is the setting that holds up to which instant was looked.
	endsKey = "registry.ends"
)

// endsDays are how many days before its end the owner of an entry is told.
func endsDays() []int { return []int{14, 3} }

// ending is an entry that ends before long.
type ending struct {
	kind scene.Kind
	id   scene.ID
	to   time.Time // its end, as it was looked at
	days int       // of endsDays
}

// RemindEnding tells the people of the owner that a public entry ends before long:
// fourteen and three days before, once each, and anew where the end moves. What fell
// due since the last look is told of, so that an outage loses nothing; who sets an
// end with less time left is told at the next of the dates. The process that leads
// calls it; two that do at once tell nothing twice.
func (r *Registry) RemindEnding(ctx context.Context) error {
	const op = "registry.RemindEnding"
	now := r.now().UTC()
	var list []ending
	idle := true
	err := r.store.View(ctx, func(tx store.Tx) error {
		since, err := endsLooked(ctx, tx)
		if err != nil || now.Sub(since) < endsPause {
			return err
		}
		if since.IsZero() { // rows of its own would keep a city from being moved here
			idle, err = store.NoListings(ctx, tx)
			return err
		}
		idle = false
		list, err = endings(ctx, tx, since, now)
		return err
	})
	if err != nil || idle {
		return scene.Wrap(op, err)
	}
	var errs []error // what fails keeps nobody else waiting, and is told at the next look
	for part := range slices.Chunk(list, endsPart) {
		errs = append(errs, r.store.Update(ctx, func(tx store.Tx) error {
			for i := range part {
				if err := r.tellEnding(ctx, tx, &part[i]); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	if err := errors.Join(errs...); err != nil {
		return scene.Wrap(op, err)
	}
	return scene.Wrap(op, r.store.Update(ctx, func(tx store.Tx) error {
		return tx.Settings().Put(ctx, endsKey, []byte(now.Format(time.RFC3339Nano)))
	}))
}

func endsLooked(ctx context.Context, tx store.Tx) (at time.Time, err error) {
	raw, err := tx.Settings().Get(ctx, endsKey)
	if err == nil && raw != nil {
		at, err = time.Parse(time.RFC3339Nano, string(raw))
	}
	return at, err
}

// endings are the public entries of whose end somebody is to be told after one
// instant and by another.
func endings(ctx context.Context, tx store.Tx, since, now time.Time) (list []ending, err error) {
	f := store.ListingFilter{OpenAt: now, EndsBefore: now.AddDate(0, 0, slices.Max(endsDays())+1)}
	add := func(kind scene.Kind, l *scene.Listing) {
		if days := endsDue(l.ValidTo, since, now); days > 0 && l.OrgID != "" && l.Origin == nil {
			list = append(list, ending{kind, l.ID, l.ValidTo, days})
		}
	}
	err = store.EachListing(ctx, tx.Opportunities(), f, func(o *scene.Opportunity) { add(scene.KindOpportunity, &o.Listing) })
	if err == nil {
		err = store.EachListing(ctx, tx.Capabilities(), f, func(c *scene.Capability) { add(scene.KindCapability, &c.Listing) })
	}
	return list, err
}

// endsDue is how many days before an end somebody is to be told of it after one
// instant and by another, 0 for not at all; of two that fell due the later.
func endsDue(end, since, now time.Time) (days int) {
	y, m, d := end.In(scene.China()).Date()
	for _, before := range endsDays() {
		if at := time.Date(y, m, d-before, endsHour, 0, 0, 0, scene.China()); at.After(since) && !at.After(now) {
			days = before
		}
	}
	return days
}

// tellEnding tells of an end, unless it moved or the entry was taken off meanwhile.
func (r *Registry) tellEnding(ctx context.Context, tx store.Tx, x *ending) error {
	e, err := getEntry(ctx, tx, x.kind, x.id)
	if scene.CodeOf(err) == scene.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	l := e.Listing()
	if !l.Open(r.now()) || !l.ValidTo.Equal(x.to) {
		return nil
	}
	date := l.ValidTo.In(scene.China()).Format(time.DateOnly)
	return store.Herald{IDs: r.ids, Now: r.now}.TellOrg(ctx, tx, l.OrgID, "", scene.Notice{
		Kind: scene.NoticeDue, Key: scene.NoticeEnds, Args: map[string]any{"name": scene.Redact(l.Name), "date": date},
		Path: ownPage(&e), Rows: []scene.ID{l.ID}, Once: fmt.Sprintf("ends %s %s %d", l.ID, date, x.days),
	})
}
