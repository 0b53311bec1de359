package storetest

import (
	"context"
	"errors"
	"sync"
	"testing"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

func eventsWithTransaction(t *testing.T, b *bench) {
	lost := errors.New("lost")
	if err := b.try(t, func(ctx context.Context, tx store.Tx) error { return errors.Join(tx.Emit(ctx, event(1)), lost) }); !errors.Is(err, lost) {
		t.Fatal(err)
	}
	list := []scene.Event{event(2), event(3), {ID: "bare", Subject: scene.DictionaryChanged, Time: kept()}}
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		late := list[0]
		late.Time = now()
		if err := tx.Emit(ctx, late); err != nil {
			return err
		}
		return tx.Emit(ctx, list[1:]...)
	})
	b.reopen(t)
	got, err := b.Outbox().Pending(t.Context(), 100)
	if err != nil {
		t.Fatal(err)
	}
	expectSame(t, "pending", got, list)
	if n, err := b.Outbox().Depth(t.Context()); n != 3 || err != nil {
		t.Errorf("Depth: %d, %v", n, err)
	}
}

// outboxOrder writes from many sides at once. Events come out in the order of
// commits: those of one writer in the order in which it wrote them, those of
// one transaction together.
func outboxOrder(t *testing.T, b *bench) {
	const writers, turns, size = 6, 15, 3
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for turn := range turns {
				err := b.try(t, func(ctx context.Context, tx store.Tx) error {
					for i := range size {
						if err := tx.Emit(ctx, event(w*1000+turn*10+i)); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					t.Errorf("Update: %v", err)
				}
			}
		})
	}
	wg.Wait()
	var all []scene.ID
	for {
		list, err := b.Outbox().Pending(t.Context(), 7)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 {
			break
		}
		var ids []scene.ID
		for _, e := range list {
			ids = append(ids, e.ID)
		}
		again, err := b.Outbox().Pending(t.Context(), 7)
		if err != nil {
			t.Fatal(err)
		}
		expectSame(t, "what was not marked as sent", again, list)
		if err := b.Outbox().Sent(t.Context(), append(ids, "nobody")); err != nil {
			t.Fatal(err)
		}
		all = append(all, ids...)
	}
	expectSame(t, "events", len(all), writers*turns*size)
	last := map[byte]scene.ID{}
	for i, id := range all {
		w := id[len("event-")]
		if id <= last[w] {
			t.Errorf("%s came after %s", id, last[w])
		}
		last[w] = id
		if i%size > 0 && all[i-1][:len(id)-1] != id[:len(id)-1] {
			t.Errorf("the transaction of %s was torn apart by %s", id, all[i-1])
		}
	}
	if n, err := b.Outbox().Depth(t.Context()); n != 0 || err != nil {
		t.Errorf("Depth: %d, %v", n, err)
	}
}

func eventsChecked(t *testing.T, b *bench) {
	many := event(1)
	many.IDs = make([]scene.ID, store.MaxEventIDs+1)
	nameless, subjectless, odd := event(1), event(1), event(1)
	nameless.ID, subjectless.Subject, odd.Subject = "", "", "Opportunity changed"
	for name, c := range map[string]struct {
		event scene.Event
		want  scene.Code
	}{
		"TooManyIDs": {many, scene.TooLarge}, "NoID": {nameless, scene.Invalid},
		"NoSubject": {subjectless, scene.Invalid}, "OddSubject": {odd, scene.Invalid},
	} {
		err := b.try(t, func(ctx context.Context, tx store.Tx) error { return tx.Emit(ctx, event(2), c.event) })
		expectCode(t, name, err, c.want)
	}
	err := b.try(t, func(ctx context.Context, tx store.Tx) error { return tx.Emit(ctx, event(1), event(1)) })
	expectCode(t, "Emit of one ID twice", err, scene.Conflict)
	expectEmpty(t, b)
	many.IDs = many.IDs[:store.MaxEventIDs]
	b.update(t, func(ctx context.Context, tx store.Tx) error { return tx.Emit(ctx, many) })
	for _, limit := range []int{0, -1, store.MaxPage + 1} {
		_, err := b.Outbox().Pending(t.Context(), limit)
		expectCode(t, "Pending with a bad limit", err, scene.Invalid)
	}
	if err := b.Outbox().Sent(t.Context(), nil); err != nil {
		t.Errorf("Sent of nothing: %v", err)
	}
}

func commitWakes(t *testing.T, b *bench) {
	woken := func() bool {
		select {
		case <-b.Committed():
			return true
		default:
			return false
		}
	}
	b.update(t, func(ctx context.Context, tx store.Tx) error { return put(ctx, tx, organisation(1)) })
	if woken() {
		t.Error("woken by a commit without events")
	}
	_ = b.try(t, func(ctx context.Context, tx store.Tx) error {
		return errors.Join(tx.Emit(ctx, event(1)), errors.New("no"))
	})
	if woken() {
		t.Error("woken by a transaction that failed")
	}
	for n := range 3 { // nobody reads meanwhile: it must not block
		b.update(t, func(ctx context.Context, tx store.Tx) error { return tx.ForImport("job").Emit(ctx, event(n)) })
	}
	if !woken() {
		t.Error("not woken by a commit with events")
	}
	if woken() {
		t.Error("woken more than once though nobody had read")
	}
}
