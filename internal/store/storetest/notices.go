package storetest

import (
	"context"
	"crypto/rand"
	"fmt"
	"testing"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// notice makes the n-th notice of a test, a minute after the one before.
func notice(n int, account scene.ID) scene.Notice {
	return scene.Notice{
		ID: scene.ID(fmt.Sprintf("notice-%04d", n)), Account: account, Kind: scene.NoticeSearch, Key: "notice.search.found",
		Args: map[string]any{"name": "内涝"}, Path: "/capabilities/1", Rows: []scene.ID{"1"}, Created: kept().Add(time.Duration(n) * time.Minute),
	}
}

func addPeople(ctx context.Context, tx store.Tx, n int) error {
	for i := range n {
		if _, err := tx.Accounts().Put(ctx, person(i)); err != nil {
			return err
		}
	}
	return nil
}

func noticesKept(t *testing.T, b *bench) {
	one, two := person(0).ID, person(1).ID
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		if err := addPeople(ctx, tx, 2); err != nil {
			return err
		}
		for n, account := range []scene.ID{one, two, one, one} {
			row := notice(n, account)
			if n == 2 {
				row.Once, row.Kind, row.Read = "cause", scene.NoticeDue, now()
			}
			if fresh, err := tx.Notices().Add(ctx, row); err != nil || !fresh {
				return fmt.Errorf("notice %d: %v, %w", n, fresh, err)
			}
		}
		again := notice(9, one)
		again.Once = "cause"
		if fresh, err := tx.Notices().Add(ctx, again); err != nil || fresh {
			t.Errorf("the same cause again: %v, %v", fresh, err)
		}
		if fresh, err := tx.Notices().Add(ctx, notice(8, "nobody")); err != nil || fresh {
			t.Errorf("to nobody: %v, %v", fresh, err)
		}
		return nil
	})
	b.reopen(t)
	read := notice(2, one)
	read.Once, read.Kind, read.Read = "cause", scene.NoticeDue, kept()
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		for _, tt := range []struct {
			filter store.NoticeFilter
			want   []scene.Notice
		}{
			{store.NoticeFilter{Account: one}, []scene.Notice{notice(3, one), read, notice(0, one)}},
			{store.NoticeFilter{Account: one, Unread: true}, []scene.Notice{notice(3, one), notice(0, one)}},
			{store.NoticeFilter{Account: one, Kind: scene.NoticeDue}, []scene.Notice{read}},
			{store.NoticeFilter{Account: "nobody"}, nil},
		} {
			var got []scene.Notice
			for p := (store.Page{Limit: 1}); ; {
				rows, err := tx.Notices().List(ctx, tt.filter, p)
				if err != nil {
					return err
				}
				got = append(got, rows.Items...)
				if p.After = rows.Next; p.After == "" {
					break
				}
			}
			expectSame(t, fmt.Sprintf("%+v", tt.filter), got, tt.want)
		}
		n, err := tx.Notices().Unread(ctx, one)
		expectSame(t, "unread", n, 2)
		_, missing := tx.Notices().Get(ctx, "none")
		expectCode(t, "none", missing, scene.NotFound)
		return err
	})
}

func noticesRead(t *testing.T, b *bench) {
	one, two := person(0).ID, person(1).ID
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		if err := addPeople(ctx, tx, 2); err != nil {
			return err
		}
		for n := range 6 {
			if _, err := tx.Notices().Add(ctx, notice(n, []scene.ID{one, two}[n/4])); err != nil {
				return err
			}
		}
		return nil
	})
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		for _, tt := range []struct {
			account   scene.ID
			ids       []scene.ID
			want, now int
		}{
			{one, []scene.ID{notice(0, one).ID, notice(5, two).ID, "none"}, 1, 3}, // another's stays unread
			{one, []scene.ID{notice(0, one).ID}, 0, 3},
			{one, nil, 3, 0},
			{two, nil, 2, 0},
		} {
			n, err := tx.Notices().Read(ctx, tt.account, now(), tt.ids...)
			if err != nil {
				return err
			}
			left, err := tx.Notices().Unread(ctx, tt.account)
			expectSame(t, fmt.Sprint(tt.ids), []int{n, left}, []int{tt.want, tt.now})
			if err != nil {
				return err
			}
		}
		if err := tx.Notices().Prune(ctx, kept().Add(2*time.Minute)); err != nil {
			return err
		}
		rows, err := tx.Notices().List(ctx, store.NoticeFilter{}, store.Page{})
		expectSame(t, "left", len(rows.Items), 4)
		return err
	})
}

func outgoingInOrder(t *testing.T, b *bench) {
	one, two := person(0).ID, person(1).ID
	at := func(minutes int) time.Time { return kept().Add(time.Duration(minutes) * time.Minute) }
	send := func(n int, account scene.ID, way scene.Way, due int) store.Outgoing {
		return store.Outgoing{Notice: notice(n, account).ID, Account: account, Way: way, Due: at(due)}
	}
	plan := []store.Outgoing{
		send(0, one, scene.WayMail, 5), send(1, one, scene.WayMail, 1), send(1, one, scene.WayHook, 4),
		send(2, two, scene.WayMail, 2), send(3, two, scene.WayMail, 60),
	}
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		if err := addPeople(ctx, tx, 2); err != nil {
			return err
		}
		for n := range 4 {
			if _, err := tx.Notices().Add(ctx, notice(n, []scene.ID{one, two}[n/2])); err != nil {
				return err
			}
		}
		for _, o := range plan {
			if err := tx.Notices().Send(ctx, o); err != nil {
				return err
			}
		}
		return nil
	})
	later := plan[3]
	later.Due, later.Tries = at(30), 1
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		due, err := tx.Notices().Due(ctx, at(10), 10)
		expectSame(t, "due", due, []store.Outgoing{plan[0], plan[1], plan[3], plan[2]})
		if err != nil {
			return err
		}
		if err := tx.Notices().Send(ctx, later); err != nil {
			return err
		}
		return tx.Notices().Sent(ctx, scene.WayMail, []scene.ID{plan[0].Notice, "none"})
	})
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		due, err := tx.Notices().Due(ctx, at(30), 2)
		expectSame(t, "what is left", due, []store.Outgoing{plan[1], plan[2]})
		if err != nil {
			return err
		}
		due, err = tx.Notices().Due(ctx, at(30), 10)
		expectSame(t, "with what was put off", due, []store.Outgoing{plan[1], plan[2], later})
		_, bad := tx.Notices().Due(ctx, at(30), 0)
		expectCode(t, "no limit", bad, scene.Invalid)
		return err
	})
}

func heraldTells(t *testing.T, b *bench) {
	clock := func() time.Time { return kept() }
	h := store.Herald{IDs: scene.NewIDMaker(clock, rand.Reader), Now: clock}
	n := scene.Notice{Kind: scene.NoticeSearch, Key: "notice.search.found", Once: "cause"}
	tell := func(ctx context.Context, tx store.Tx) error {
		if err := h.TellOrg(ctx, tx, organisation(1).ID, person(2).ID, n); err != nil {
			return err
		}
		return h.TellOrg(ctx, tx, "", "", n) // nobody, not everybody without an organisation
	}
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		if err := put(ctx, tx, organisation(1)); err != nil {
			return err
		}
		for i := range 4 {
			a := person(i)
			if i > 0 {
				a.OrgID = organisation(1).ID
			}
			if i == 3 {
				a.State = scene.AccountDisabled
			}
			if _, err := tx.Accounts().Put(ctx, a); err != nil {
				return err
			}
		}
		if err := tx.Notices().PutChoice(ctx, scene.NoticeChoice{
			Account: person(1).ID, Kinds: map[scene.NoticeKind]scene.Told{scene.NoticeSearch: {Mail: scene.PaceWeekly}},
		}); err != nil {
			return err
		}
		return tell(ctx, tx)
	})
	b.update(t, tell)
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		return h.TellRole(ctx, tx, scene.RoleProvider, person(1).ID, n)
	})
	monday := scene.PaceWeekly.Due(kept())
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		rows, err := tx.Notices().List(ctx, store.NoticeFilter{}, store.Page{})
		to := map[scene.ID]int{}
		for _, n := range rows.Items {
			to[n.Account]++
		}
		expectSame(t, "told once each", to, map[scene.ID]int{person(0).ID: 1, person(1).ID: 1, person(2).ID: 1})
		if err != nil {
			return err
		}
		due, err := tx.Notices().Due(ctx, monday, 10)
		var ways []string
		for _, o := range due {
			ways = append(ways, string(o.Account)+" "+string(o.Way)+" "+o.Due.Format(time.RFC3339))
		}
		morning, week := " 2026-03-02T00:30:00Z", " 2026-03-02T00:30:00Z"
		expectSame(t, "what goes out", ways, []string{
			"acc-0000 mail" + morning, "acc-0000 webhook" + morning, "acc-0001 mail" + week,
			"acc-0002 mail" + morning, "acc-0002 webhook" + morning,
		})
		unread, err2 := tx.Notices().Unread(ctx, person(1).ID)
		expectSame(t, "who does not want it in the inbox", unread, 0)
		if err != nil {
			return err
		}
		return err2
	})
	expectCode(t, "no key", b.try(t, func(ctx context.Context, tx store.Tx) error {
		return h.Tell(ctx, tx, scene.Notice{Account: "a", Kind: scene.NoticeSearch})
	}), scene.Invalid)
	expectCode(t, "choice of nobody", b.try(t, func(ctx context.Context, tx store.Tx) error {
		return tx.Notices().PutChoice(ctx, scene.NoticeChoice{Account: "nobody"})
	}), scene.Precondition)
}
