package registry_test

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// ends puts a published need of the owner that is open until the end of a day.
func (p *panel) ends(id scene.ID, day string, change ...func(*scene.Opportunity)) {
	p.t.Helper()
	until, err := time.ParseInLocation(time.DateOnly, day, scene.China())
	if err != nil {
		p.t.Fatal(err)
	}
	o := scene.Opportunity{Listing: scene.Listing{ID: id, Name: string(id), OrgID: "city", OrgName: "水务局", State: scene.Published, ValidTo: scene.EndOfDay(until).UTC()}}
	for _, f := range change {
		f(&o)
	}
	if err := p.rows.Update(p.t.Context(), func(tx store.Tx) error { _, err := tx.Opportunities().Put(p.t.Context(), o); return err }); err != nil {
		p.t.Fatal(err)
	}
}

// reminded are the ends that the owner was told of, "name date", in order of names.
func (p *panel) reminded() (got []string) {
	p.t.Helper()
	err := p.rows.View(p.t.Context(), func(tx store.Tx) error {
		rows, err := tx.Notices().List(p.t.Context(), store.NoticeFilter{Account: "owner", Kind: scene.NoticeDue}, store.Page{})
		for _, n := range rows.Items {
			name, _ := n.Args["name"].(string)
			date, _ := n.Args["date"].(string)
			got = append(got, name+" "+date)
			if n.Key != scene.NoticeEnds || n.Path != "/workspace/listings/opportunity/"+name || !slices.Equal(n.Rows, []scene.ID{scene.ID(name)}) {
				p.t.Errorf("told %+v", n)
			}
		}
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	slices.Sort(got)
	return got
}

// look has two processes look at once, both of which believe that they lead.
func (p *panel) look(at string) {
	p.t.Helper()
	now, err := time.ParseInLocation(time.DateTime, at, scene.China())
	if err != nil {
		p.t.Fatal(err)
	}
	p.now = now
	clock := func() time.Time { return now }
	errs := make([]error, 2)
	var both sync.WaitGroup
	for i := range errs {
		r := registry.New(p.rows, scene.NewIDMaker(clock, rand.Reader), clock)
		both.Go(func() { errs[i] = r.RemindEnding(p.t.Context()) })
	}
	both.Wait()
	if err := errors.Join(errs...); err != nil {
		p.t.Fatal(err)
	}
}

// TestRemindEnding: an owner is told in the morning fourteen and three days before
// an entry ends, once each, anew where the end moved, and of what fell due while
// nobody looked; not of what is not public, nor of an end that was set too late for it.
func TestRemindEnding(t *testing.T) {
	t.Parallel()
	p := newPanel(t)
	p.ends("far", "2026-03-20")
	p.ends("near", "2026-03-10")
	p.ends("paused", "2026-03-20", func(o *scene.Opportunity) { o.State = scene.Paused })
	p.ends("foreign", "2026-03-20", func(o *scene.Opportunity) { o.OrgID, o.Origin = "", &scene.Origin{} })
	p.ends("covered", "2026-03-20", func(o *scene.Opportunity) { o.ValidFrom = time.Date(2026, 3, 15, 0, 0, 0, 0, time.UTC) })
	for _, round := range []struct {
		at   string
		want []string
	}{
		{"2026-03-04 10:00:00", nil}, // the first look: what is past is no news
		{"2026-03-06 07:59:00", nil},
		{"2026-03-06 08:05:00", nil}, // a look that comes too soon
		{"2026-03-06 08:10:00", []string{"far 2026-03-20"}},
		{"2026-03-06 08:30:00", []string{"far 2026-03-20"}},
		{"2026-03-07 08:30:00", []string{"far 2026-03-20", "near 2026-03-10"}},
		{"2026-03-09 09:00:00", []string{"far 2026-03-20", "near 2026-03-10"}},
		{"2026-03-18 09:00:00", []string{"covered 2026-03-20", "far 2026-03-20", "far 2026-03-20", "near 2026-03-10"}}, // after an outage
	} {
		p.look(round.at)
		if got := p.reminded(); !slices.Equal(got, round.want) {
			t.Errorf("%s: told %q, want %q", round.at, got, round.want)
		}
	}
	e, err := p.Entry(t.Context(), p.owner, scene.KindOpportunity, "far")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Extend(t.Context(), p.owner, registry.Step{Kind: e.Kind(), ID: "far", Revision: e.Listing().Revision}); err != nil {
		t.Fatal(err)
	}
	p.look("2026-09-06 09:00:00")
	if got := p.reminded(); !slices.Contains(got, "far 2026-09-20") || len(got) != 5 {
		t.Errorf("after it was extended: %q", got)
	}
}

// spoilt is a store where nobody can be told of one entry.
type spoilt struct {
	store.Store
	entry scene.ID
}

type spoiltTx struct {
	store.Tx
	entry scene.ID
}

type spoiltNotices struct {
	store.Notices
	entry scene.ID
}

func (s *spoilt) Update(ctx context.Context, fn func(store.Tx) error) error {
	return s.Store.Update(ctx, func(tx store.Tx) error { return fn(spoiltTx{tx, s.entry}) })
}

func (tx spoiltTx) Notices() store.Notices { return spoiltNotices{tx.Tx.Notices(), tx.entry} }

func (n spoiltNotices) Add(ctx context.Context, x scene.Notice) (bool, error) {
	if slices.Contains(x.Rows, n.entry) {
		return false, errors.New("damaged")
	}
	return n.Notices.Add(ctx, x)
}

// TestRemindEndingDamaged: an entry of which nobody can be told holds up no other, is
// an error once, and is told of when that can be.
func TestRemindEndingDamaged(t *testing.T) {
	t.Parallel()
	p := newPanel(t)
	for _, name := range []scene.ID{"a", "bad", "c"} {
		p.ends(name, "2026-03-20")
	}
	p.ends("later", "2026-03-21")
	p.look("2026-03-04 10:00:00")
	s := &spoilt{p.rows, "bad"}
	r := registry.New(s, scene.NewIDMaker(func() time.Time { return p.now }, rand.Reader), func() time.Time { return p.now })
	for _, round := range []struct {
		at, damaged string
		fails       bool
		told        int
	}{
		{"2026-03-06 09:00:00", "bad", true, 2}, // a and c, although they share a round with it
		{"2026-03-06 09:00:05", "bad", false, 2},
		{"2026-03-06 09:10:00", "bad", false, 2}, // tried, and no news
		{"2026-03-07 09:00:00", "bad", false, 3},
		{"2026-03-07 09:10:00", "", false, 4},
		{"2026-03-07 09:20:00", "", false, 4},
	} {
		at, err := time.ParseInLocation(time.DateTime, round.at, scene.China())
		if err != nil {
			t.Fatal(err)
		}
		p.now, s.entry = at, scene.ID(round.damaged)
		err = r.RemindEnding(t.Context())
		if got := p.reminded(); (err != nil) != round.fails || len(got) != round.told {
			t.Errorf("%s: told %q, %v", round.at, got, err)
		}
		if err != nil && !strings.Contains(err.Error(), "opportunity bad") {
			t.Errorf("the entry is not named: %v", err)
		}
	}
	err := p.rows.View(t.Context(), func(tx store.Tx) error {
		raw, err := tx.Settings().Get(t.Context(), "registry.ends.owed")
		if raw != nil {
			t.Errorf("still owed: %s", raw)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestRemindEndingOfNothing: an empty city gets no row of its own.
func TestRemindEndingOfNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for range 2 {
		if err := b.RemindEnding(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	b.update(func(tx store.Tx) error {
		if raw, err := tx.Settings().Get(t.Context(), "registry.ends"); err != nil || raw != nil {
			t.Errorf("an empty city has a mark: %q, %v", raw, err)
		}
		return nil
	})
}
