package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// receiver makes the n-th receiver of a test, of the first person.
func receiver(n int) scene.Webhook {
	return scene.Webhook{
		ID: scene.ID(fmt.Sprintf("hook-%03d", n)), Account: person(0).ID, OrgID: scene.ID(fmt.Sprintf("org-%d", n%2)), Name: "门户",
		URL: "https://portal.example/hook", Form: scene.HookStandard, Secret: "whsec_x", Subjects: []string{scene.CapabilityChanged},
		State: scene.HookActive, Created: kept(), Updated: kept(),
	}
}

// delivery makes the n-th message to a receiver, due so many minutes after the first.
func delivery(n int, w scene.ID, minutes int) scene.Delivery {
	at := kept().Add(time.Duration(minutes) * time.Minute)
	return scene.Delivery{
		ID: scene.ID(fmt.Sprintf("delivery-%03d", n)), Webhook: w, Message: fmt.Sprintf("message-%03d", n), Subject: scene.CapabilityChanged,
		Body: "{}", State: scene.DeliveryWaiting, At: at, Due: at,
	}
}

func webhooksKept(t *testing.T, b *bench) {
	var want []scene.Webhook
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		want = nil // an adapter may run this again
		if err := addPeople(ctx, tx, 1); err != nil {
			return err
		}
		for n := range 3 {
			row, err := tx.Webhooks().Put(ctx, receiver(n))
			if err != nil {
				return err
			}
			want = append(want, row)
		}
		return nil
	})
	b.update(t, func(ctx context.Context, tx store.Tx) (err error) {
		want[1].State, want[1].Failing = scene.HookDisabled, kept()
		want[1], err = tx.Webhooks().Put(ctx, want[1])
		return err
	})
	b.reopen(t)
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		for _, tt := range []struct {
			f    store.WebhookFilter
			want []scene.Webhook
		}{
			{store.WebhookFilter{}, want},
			{store.WebhookFilter{OrgID: "org-0"}, []scene.Webhook{want[0], want[2]}},
			{store.WebhookFilter{Account: person(0).ID, State: scene.HookDisabled}, want[1:2]},
			{store.WebhookFilter{Account: "nobody"}, nil},
		} {
			got, err := tx.Webhooks().List(ctx, tt.f, store.Page{})
			expectSame(t, fmt.Sprintf("%+v", tt.f), got.Items, tt.want)
			if err != nil {
				return err
			}
		}
		return nil
	})
	stale := want[1]
	stale.Revision--
	foreign := receiver(9)
	foreign.Account = "nobody"
	for _, tt := range []struct {
		what string
		row  scene.Webhook
		want scene.Code
	}{{"a stale receiver", stale, scene.Conflict}, {"of nobody", foreign, scene.Precondition}, {"without an id", scene.Webhook{}, scene.Invalid}} {
		expectCode(t, tt.what, b.try(t, func(ctx context.Context, tx store.Tx) error { _, err := tx.Webhooks().Put(ctx, tt.row); return err }), tt.want)
	}
}

// deliveriesInOrder: a message is queued once, what is due longest comes first,
// and what waits for a receiver can be put off together.
func deliveriesInOrder(t *testing.T, b *bench) {
	one, two := receiver(1).ID, receiver(2).ID
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		if err := addPeople(ctx, tx, 1); err != nil {
			return err
		}
		for _, n := range []int{1, 2} {
			if _, err := tx.Webhooks().Put(ctx, receiver(n)); err != nil {
				return err
			}
		}
		for n, d := range []scene.Delivery{delivery(0, one, 2), delivery(1, one, 0), delivery(2, two, 1), delivery(3, two, 9)} {
			if fresh, err := tx.Webhooks().Queue(ctx, d); err != nil || !fresh {
				return fmt.Errorf("delivery %d: %v, %w", n, fresh, err)
			}
		}
		again := delivery(7, one, 0)
		again.Message = delivery(0, one, 0).Message
		if fresh, err := tx.Webhooks().Queue(ctx, again); err != nil || fresh {
			t.Errorf("the same message again: %v, %v", fresh, err)
		}
		return nil
	})
	due := func(what string, minutes, limit int, want ...int) {
		t.Helper()
		b.view(t, func(ctx context.Context, tx store.Tx) error {
			rows, err := tx.Webhooks().DueDeliveries(ctx, kept().Add(time.Duration(minutes)*time.Minute), limit)
			var got, ids []scene.ID
			for i := range rows {
				got = append(got, rows[i].ID)
			}
			for _, n := range want {
				ids = append(ids, delivery(n, one, 0).ID)
			}
			expectSame(t, what, got, ids)
			return err
		})
	}
	due("what is due", 5, 10, 1, 2, 0)
	due("the first two", 5, 2, 1, 2)
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		done := delivery(2, two, 1)
		done.State, done.Done = scene.DeliveryDone, kept()
		if err := tx.Webhooks().PutDelivery(ctx, done); err != nil {
			return err
		}
		return tx.Webhooks().PutOff(ctx, one, kept().Add(time.Minute))
	})
	due("put off by a minute", 0, 10)
	due("in the order they then have", 9, 10, 1, 0, 3)
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		if err := tx.Webhooks().PruneDeliveries(ctx, kept().Add(time.Hour)); err != nil {
			return err
		}
		return tx.Webhooks().Delete(ctx, one)
	})
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		log, err := tx.Webhooks().Deliveries(ctx, two, store.Page{})
		expectSame(t, "what waits is not cleared away", log.Items, []scene.Delivery{delivery(3, two, 9)})
		_, gone := tx.Webhooks().Delivery(ctx, delivery(0, one, 0).ID)
		expectCode(t, "a message to a receiver that was deleted", gone, scene.NotFound)
		return err
	})
}
