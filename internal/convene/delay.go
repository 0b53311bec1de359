package convene

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Delay says by how many minutes the whole hall runs behind: 0 to 240, from where
// [DelayStarts] begins.
func (s *Service) Delay(ctx context.Context, by scene.Actor, id scene.ID, minutes int) (scene.Fair, error) {
	return s.DelayFrom(ctx, by, id, minutes, time.Time{})
}

// DelayFrom is Delay for what was announced for from or later. An instant before all of
// [DelayStarts], which a page that stood open sends, is as the first of them: what is over
// keeps its hours. A delay by which that would begin before what comes before it has ended
// is Invalid, and says from how many minutes on it fits.
func (s *Service) DelayFrom(ctx context.Context, by scene.Actor, id scene.ID, minutes int, from time.Time) (next scene.Fair, err error) {
	if err := by.May(scene.FairRun, scene.Object{}); err != nil {
		return next, err
	}
	return s.change(ctx, by, id, "fair.delay", func(tx store.Tx, f *scene.Fair) error {
		before := *f
		if minutes < 0 || minutes > 240 {
			return &scene.Error{Code: scene.Invalid, Key: "fair.invalid", Fields: []scene.FieldError{{Field: "late", Key: "fair.bad_late"}}}
		}
		starts := DelayStarts(f, s.now())
		if len(starts) == 0 { // everything is over, and stays as it was
			f.Postpone(minutes, f.End())
			return nil
		}
		if from.Before(starts[0]) {
			from = starts[0]
		}
		if ends := endBefore(f, from); ends.After(from.Add(time.Duration(minutes) * time.Minute)) {
			least := int((ends.Sub(from) + time.Minute - 1) / time.Minute)
			return &scene.Error{Code: scene.Invalid, Key: "fair.invalid", Fields: []scene.FieldError{{Field: "late", Key: "fair.late_overlaps", Args: map[string]any{
				"minutes": minutes, "from": clockOf(from), "ends": clockOf(ends), "least": least,
			}}}}
		}
		f.Postpone(minutes, from)
		return s.tellDelayed(ctx, tx, by, &before, f)
	})
}

// tellDelayed tells the accounts of the parties whose meetings to come begin at other hours
// than before, once for each change: how many they are, and when the next one is now.
func (s *Service) tellDelayed(ctx context.Context, tx store.Tx, by scene.Actor, before, next *scene.Fair) error {
	v, err := latest(ctx, tx, next.ID)
	if err != nil || v == nil {
		return err
	}
	counts, soonest := v.shifted(before, next, s.now())
	parties, err := tx.Fairs().Parties(ctx, next.ID)
	if err != nil {
		return err
	}
	of := map[scene.ID][]scene.ID{}
	for i := range parties {
		if p := &parties[i]; p.OrgID != "" && counts[p.ID] > 0 {
			of[p.OrgID] = append(of[p.OrgID], p.ID)
		}
	}
	accounts, err := accountsOf(ctx, tx, slices.Sorted(maps.Keys(of)))
	if err != nil {
		return err
	}
	var notices []scene.Notice
	for i := range accounts {
		for _, party := range of[accounts[i].OrgID] {
			if accounts[i].ID == by.ID {
				continue
			}
			n := delayNotice(next, party, counts[party], soonest[party])
			n.Account = accounts[i].ID
			notices = append(notices, n)
		}
	}
	return store.Herald{IDs: s.ids, Now: s.now}.Tell(ctx, tx, notices...)
}

// shifted counts, by party, the meetings that are not over and begin at other hours in next
// than in before, with when the first of them begins.
func (v *version) shifted(before, next *scene.Fair, now time.Time) (counts map[scene.ID]int, soonest map[scene.ID]time.Time) {
	counts, soonest = map[scene.ID]int{}, map[scene.ID]time.Time{}
	for i := range v.plan.Meetings {
		seat := &v.plan.Meetings[i]
		slot, there := next.Slot(seat.Slot)
		if !there {
			continue
		}
		was, _ := before.Hours(slot.Start, slot.End)
		start, end := next.Hours(slot.Start, slot.End)
		if start.Equal(was) || !end.After(now) {
			continue
		}
		for _, id := range seat.Parties {
			party := scene.ID(id)
			if counts[party]++; counts[party] == 1 || start.Before(soonest[party]) {
				soonest[party] = start
			}
		}
	}
	return counts, soonest
}

// delayNotice tells one party that its meetings are later, or back at their hours.
func delayNotice(f *scene.Fair, party scene.ID, count int, soonest time.Time) scene.Notice {
	key := "fair.told.late"
	if f.Late == 0 {
		key = "fair.told.on_time"
	}
	return scene.Notice{
		Kind: scene.NoticeMeeting, Key: key, Path: "/workspace/events/" + string(f.ID), Rows: []scene.ID{f.ID, party},
		Args: map[string]any{"title": scene.Redact(f.Title), "minutes": strconv.Itoa(f.Late), "count": strconv.Itoa(count), "time": clockOf(soonest)},
		Once: fmt.Sprintf("fair.delay %s %d %s", f.ID, f.Revision, party),
	}
}

// endBefore is when the last of what is announced to end by an instant ends, with the
// delay of the hall; zero where nothing is.
func endBefore(f *scene.Fair, announced time.Time) (last time.Time) {
	for i := range f.Blocks {
		for _, x := range parts(f, &f.Blocks[i]) {
			if _, end := f.Hours(x.Start, x.End); !x.End.After(announced) && end.After(last) {
				last = end
			}
		}
	}
	return last
}

// DelayStarts are the instants from which a delay can be said to hold, as announced, in
// order of time. The first is where one holds of which nothing else is said: the beginning
// of the block that runs, or else of the next one, since a block that runs late is late as
// a whole and one that is over has been held. The others are rounds, entries and blocks
// that are not over.
func DelayStarts(f *scene.Fair, now time.Time) (list []time.Time) {
	for i := range f.Blocks {
		b := &f.Blocks[i]
		if _, end := f.Hours(b.Start, b.End); !end.After(now) {
			continue
		}
		if len(list) == 0 {
			list = append(list, b.Start)
		}
		for _, x := range parts(f, b) {
			if _, end := f.Hours(x.Start, x.End); end.After(now) && !x.Start.Equal(list[0]) {
				list = append(list, x.Start)
			}
		}
	}
	return list
}

// parts are the rounds or the entries of a block as announced, or the block itself.
func parts(f *scene.Fair, b *scene.FairBlock) (list []Span) {
	for i := range f.Slots {
		if x := &f.Slots[i]; b.Kind == scene.BlockMeet && !x.Start.Before(b.Start) && x.Start.Before(b.End) {
			list = append(list, Span{x.Start, x.End})
		}
	}
	for k := range b.Acts {
		list = append(list, Span{b.ActStart(k), b.ActStart(k + 1)})
	}
	if list == nil {
		return []Span{{b.Start, b.End}}
	}
	return list
}
