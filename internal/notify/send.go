package notify

import (
	"context"
	"errors"
	"sync"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

const (
	// triesOfHook is after how many failures a message is given up: about two days.
	triesOfHook = 10
	// patience is how long a receiver may fail until it is turned off.
	patience = 3 * 24 * time.Hour
	// longestRest is how long, at most, a receiver that fails is left alone.
	longestRest = time.Hour
	// atOnce is how many receivers are sent to side by side.
	atOnce = 8
	// answerKept bounds what is kept of an answer, in characters.
	answerKept = 300
)

// Send sends what is due to receivers, side by side, to each in order and no
// more after a failure, and returns how many messages were taken. What waits for
// a receiver that fails is put off with it, so that it keeps nobody else waiting.
// The process that leads calls it.
func (s *Service) Send(ctx context.Context) (sent int, err error) {
	if s.Poster == nil {
		return 0, nil
	}
	var due []scene.Delivery
	err = s.Store.View(ctx, func(tx store.Tx) (err error) {
		due, err = tx.Webhooks().DueDeliveries(ctx, s.Now(), perRound)
		return err
	})
	if err != nil {
		return 0, scene.Wrap("notify.Send", err)
	}
	byHook := map[scene.ID][]scene.Delivery{}
	for _, d := range due {
		byHook[d.Webhook] = append(byHook[d.Webhook], d)
	}
	var wait sync.WaitGroup
	var mu sync.Mutex
	room := make(chan struct{}, atOnce)
	for hook, list := range byHook {
		wait.Go(func() {
			room <- struct{}{}
			defer func() { <-room }()
			n, fault := s.sendTo(ctx, hook, list)
			mu.Lock()
			defer mu.Unlock()
			sent += n
			if err == nil {
				err = fault
			}
		})
	}
	wait.Wait()
	return sent, scene.Wrap("notify.Send", err)
}

// sendTo sends messages to one receiver until one is not taken.
func (s *Service) sendTo(ctx context.Context, hook scene.ID, list []scene.Delivery) (sent int, err error) {
	for i := range list {
		if ended(ctx) {
			return sent, nil
		}
		var w scene.Webhook
		var left bool
		err := s.Store.View(ctx, func(tx store.Tx) (err error) {
			if w, err = tx.Webhooks().Get(ctx, hook); err == nil {
				left, err = ownerLeft(ctx, tx, &w)
			}
			return err
		})
		switch {
		case err != nil:
			return sent, err
		case w.State != scene.HookActive:
			return sent, s.hold(ctx, hook, list[i:])
		case left:
			return sent, s.orphan(ctx, hook)
		case w.Form != scene.HookStandard && sent > 0:
			return sent, s.putOffHook(ctx, hook, robotPause)
		}
		ok, err := s.try(ctx, &w, list[i])
		if err != nil || !ok {
			return sent, err
		}
		sent++
	}
	return sent, nil
}

// ended reports whether the service stops: what is not sent then is sent later.
func ended(ctx context.Context) bool { return ctx.Err() != nil }

// orphan turns a receiver off whose owner has left, and tells those who may take
// it over.
func (s *Service) orphan(ctx context.Context, hook scene.ID) error {
	return s.Store.Update(ctx, func(tx store.Tx) error {
		w, err := tx.Webhooks().Get(ctx, hook)
		if err != nil || w.State != scene.HookActive {
			return err
		}
		if left, err := ownerLeft(ctx, tx, &w); err != nil || !left {
			return err
		}
		if err := s.turnOff(ctx, tx, &w); err != nil {
			return err
		}
		n := told(&w, "webhook.told.owner_left")
		herald := store.Herald{IDs: s.IDs, Now: s.Now}
		if w.OrgID == "" {
			return herald.TellRole(ctx, tx, scene.RoleAdmin, w.Account, n)
		}
		return herald.TellOrg(ctx, tx, w.OrgID, w.Account, n)
	})
}

// told makes the notice that a receiver was turned off.
func told(w *scene.Webhook, key string) scene.Notice {
	return scene.Notice{
		Account: w.Account, Kind: scene.NoticeAccount, Key: key, Args: map[string]any{"name": w.Name},
		Path: "/inbox/receivers/" + string(w.ID), Once: "webhook " + string(w.ID) + " " + w.Updated.Format(time.RFC3339),
	}
}

// turnOff writes that the system turned a receiver off.
func (s *Service) turnOff(ctx context.Context, tx store.Tx, w *scene.Webhook) (err error) {
	before := *w
	before.State = scene.HookActive
	w.State, w.Updated = scene.HookDisabled, s.Now().UTC()
	if err := s.record(ctx, tx, scene.Actor{ID: "system", Name: "system"}, "disable", w.ID, &before, w); err != nil {
		return err
	}
	*w, err = tx.Webhooks().Put(ctx, *w)
	return err
}

// robotPause keeps to what group chats allow a robot: 20 messages a minute at the
// strictest (企业微信, 钉钉).
const robotPause = 4 * time.Second

func (s *Service) putOffHook(ctx context.Context, hook scene.ID, pause time.Duration) error {
	return s.Store.Update(ctx, func(tx store.Tx) error { return tx.Webhooks().PutOff(ctx, hook, s.Now().Add(pause)) })
}

// hold keeps messages of a receiver that is off for a few days: it may be turned
// on again.
func (s *Service) hold(ctx context.Context, hook scene.ID, list []scene.Delivery) error {
	return s.Store.Update(ctx, func(tx store.Tx) error {
		for _, d := range list {
			if s.Now().Sub(d.At) <= patience {
				continue
			}
			d.State = scene.DeliveryFailed
			if err := tx.Webhooks().PutDelivery(ctx, d); err != nil {
				return err
			}
		}
		return tx.Webhooks().PutOff(ctx, hook, s.Now().Add(longestRest))
	})
}

// rest is how long everything for a receiver waits that has just failed: a
// quarter of the time for which nothing has gone through. A single message that
// the receiver refuses so holds the others up for a moment only.
func rest(w *scene.Webhook, now time.Time) time.Duration {
	if w.Failing.IsZero() {
		return firstPause
	}
	return min(max(now.Sub(w.Failing)/4, firstPause), longestRest)
}

// try sends one message and notes what came of it.
func (s *Service) try(ctx context.Context, w *scene.Webhook, d scene.Delivery) (ok bool, err error) {
	m, err := message(w, &d, s.Now())
	if err != nil {
		return false, err
	}
	a, fault := s.Poster.Post(ctx, m)
	if ended(ctx) {
		return false, nil // nothing is known of it
	}
	d.Tries++
	d.Status, d.Answer = a.Status, scene.Clip(string(a.Body), answerKept)
	if fault != nil {
		d.Status, d.Answer = 0, why(fault)
	}
	ok = fault == nil && took(w.Form, a)
	if err := s.settleTry(&d, ok); err != nil {
		return false, err
	}
	gone := fault == nil && a.Status == 410
	return ok, s.Store.Update(ctx, func(tx store.Tx) error {
		now, err := tx.Webhooks().Delivery(ctx, d.ID)
		if scene.CodeOf(err) == scene.NotFound {
			return nil // deleted meanwhile
		}
		if err != nil {
			return err
		}
		d.At = now.At
		if err := tx.Webhooks().PutDelivery(ctx, d); err != nil {
			return err
		}
		if !ok {
			if err := tx.Webhooks().PutOff(ctx, w.ID, s.Now().Add(rest(w, s.Now()))); err != nil {
				return err
			}
		}
		return s.judge(ctx, tx, w.ID, ok, gone)
	})
}

// why is what the log says of a message that nobody answered: the key of a
// message for people, where there is one.
func why(fault error) string {
	if e, ok := errors.AsType[*scene.Error](fault); ok && e.Key != "" {
		return e.Key
	}
	return scene.Clip(fault.Error(), answerKept)
}

// settleTry says what is next for a message that was tried.
func (s *Service) settleTry(d *scene.Delivery, ok bool) error {
	now := s.Now().UTC()
	switch {
	case ok:
		d.State, d.Done = scene.DeliveryDone, now
	case d.Tries >= triesOfHook:
		d.State, d.Done = scene.DeliveryFailed, now
	default:
		wait, err := s.pause(d.Tries)
		if err != nil {
			return err
		}
		d.Due = now.Add(wait)
	}
	return nil
}

// judge notes whether a receiver works. One that has failed for days, or says
// that it is gone, is turned off and its owner told.
func (s *Service) judge(ctx context.Context, tx store.Tx, id scene.ID, ok, gone bool) error {
	w, err := tx.Webhooks().Get(ctx, id)
	if err != nil {
		return err
	}
	now := s.Now().UTC()
	switch {
	case ok && w.Failing.IsZero():
		return nil
	case ok:
		w.Failing = time.Time{}
	case w.Failing.IsZero() && !gone:
		w.Failing = now
	case !gone && now.Sub(w.Failing) < patience:
		return nil
	default:
		if err := s.turnOff(ctx, tx, &w); err != nil {
			return err
		}
		return store.Herald{IDs: s.IDs, Now: s.Now}.Tell(ctx, tx, told(&w, "webhook.told.disabled"))
	}
	_, err = tx.Webhooks().Put(ctx, w)
	return err
}
