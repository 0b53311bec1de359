package registry

import (
	"context"
	"encoding/json"
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
	// endsOwedKey is the setting that holds the ends that could not be told then.
	endsOwedKey = "registry.ends.owed"
)

// endsDays are how many days before its end the owner of an entry is told.
func endsDays() []int { return []int{14, 3} }

// ending is an entry that ends before long.
type ending struct {
	Kind scene.Kind `json:"kind"`
	ID   scene.ID   `json:"id"`
	To   time.Time  `json:"to"`   // its end, as it was looked at
	Days int        `json:"days"` // of endsDays
}

// RemindEnding tells the people of the owner that a public entry ends before long:
// fourteen and three days before, once each, and anew where the end moves. What fell
// due since the last look is told of, so that an outage loses nothing; who sets an
// end with less time left is told at the next of the dates. An end that cannot be
// told holds up no other: it is an error once, and is tried again at each later look
// until it is told or the entry is no longer public. The process that leads calls it;
// two that do at once tell nothing twice.
func (r *Registry) RemindEnding(ctx context.Context) error {
	const op = "registry.RemindEnding"
	now := r.now().UTC()
	var list, owed []ending
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
		if owed, err = endsOwed(ctx, tx); err != nil {
			return err
		}
		list, err = endings(ctx, tx, since, now)
		owed = slices.DeleteFunc(owed, func(x ending) bool { // the later of two that are due
			return slices.ContainsFunc(list, func(y ending) bool { return x.ID == y.ID })
		})
		return err
	})
	if err != nil || idle {
		return scene.Wrap(op, err)
	}
	untold, failures := r.tellEndings(ctx, append(owed, list...))
	if ctx.Err() != nil { // what was cut off is no failure of an entry
		return scene.Wrap(op, ctx.Err())
	}
	var news []error
	for i, x := range untold {
		if !slices.ContainsFunc(owed, x.same) {
			news = append(news, failures[i])
		}
	}
	return scene.Wrap(op, errors.Join(append(news, r.store.Update(ctx, func(tx store.Tx) error {
		return putEndsLooked(ctx, tx, now, untold)
	}))...))
}

// same reports whether x and y are one thing to tell.
func (x ending) same(y ending) bool {
	return x.ID == y.ID && x.Days == y.Days && x.To.Equal(y.To)
}

// tellEndings tells of every end, in few transactions. Where one of these fails, its
// ends are told one by one, so that what is wrong with one keeps nobody else waiting.
// It returns those that nobody could be told of, and why.
func (r *Registry) tellEndings(ctx context.Context, list []ending) (untold []ending, failures []error) {
	tell := func(part []ending) error {
		return r.store.Update(ctx, func(tx store.Tx) error {
			for i := range part {
				if err := r.tellEnding(ctx, tx, &part[i]); err != nil {
					return err
				}
			}
			return nil
		})
	}
	for part := range slices.Chunk(list, endsPart) {
		if tell(part) == nil {
			continue
		}
		for i := range part {
			if err := tell(part[i : i+1]); err != nil {
				untold = append(untold, part[i])
				failures = append(failures, fmt.Errorf("%s %s: %w", part[i].Kind, part[i].ID, err))
			}
		}
	}
	return untold, failures
}

// putEndsLooked keeps up to which instant was looked, and what of that is still owed.
func putEndsLooked(ctx context.Context, tx store.Tx, at time.Time, owed []ending) (err error) {
	var raw []byte // none, where nothing is owed
	if len(owed) > 0 {
		if raw, err = json.Marshal(owed); err != nil {
			return err
		}
	}
	if err := tx.Settings().Put(ctx, endsOwedKey, raw); err != nil {
		return err
	}
	return tx.Settings().Put(ctx, endsKey, []byte(at.Format(time.RFC3339Nano)))
}

func endsOwed(ctx context.Context, tx store.Tx) (owed []ending, err error) {
	raw, err := tx.Settings().Get(ctx, endsOwedKey)
	if err == nil && raw != nil {
		err = json.Unmarshal(raw, &owed)
	}
	return owed, err
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
	e, err := getEntry(ctx, tx, x.Kind, x.ID)
	if scene.CodeOf(err) == scene.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	l := e.Listing()
	if !l.Open(r.now()) || !l.ValidTo.Equal(x.To) {
		return nil
	}
	date := l.ValidTo.In(scene.China()).Format(time.DateOnly)
	return store.Herald{IDs: r.ids, Now: r.now}.TellOrg(ctx, tx, l.OrgID, "", scene.Notice{
		Kind: scene.NoticeDue, Key: scene.NoticeEnds, Args: map[string]any{"name": scene.Redact(l.Name), "date": date},
		Path: ownPage(&e), Rows: []scene.ID{l.ID}, Once: fmt.Sprintf("ends %s %s %d", l.ID, date, x.Days),
	})
}
