package notify

import (
	"context"
	"slices"
	"strings"
	"time"

	"jinghe/internal/bus"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// oldSecretLife is how long the secret before still signs after a change.
const oldSecretLife = 24 * time.Hour

// maxHooks bounds the receivers of one organisation, or of the centre.
const maxHooks = 20

func object(w *scene.Webhook) scene.Object { return scene.Object{OrgID: w.OrgID, Account: w.Account} }

// record adds a line of the record, without secrets.
func (s *Service) record(ctx context.Context, tx store.Tx, by scene.Actor, action string, id scene.ID, before, after *scene.Webhook) error {
	var was, is any
	if before != nil {
		was = before.Bare()
	}
	if after != nil {
		is = after.Bare()
	}
	return store.Recorder{IDs: s.IDs, Now: s.Now}.Record(ctx, tx, by, "webhook."+action, "webhook", id, "", was, is)
}

// AddHook sets up a receiver for the actor's organisation, or for the centre
// where it has none. A receiver in the standard form is given a secret, which is
// returned this once.
func (s *Service) AddHook(ctx context.Context, by scene.Actor, w scene.Webhook) (_ scene.Webhook, secret string, err error) {
	now := s.Now().UTC()
	w.Revision, w.Account, w.OrgID, w.State, w.Created, w.Updated = 0, by.ID, by.OrgID, scene.HookActive, now, now
	w.Old, w.OldUntil, w.Failing = "", time.Time{}, time.Time{}
	if err := by.May(scene.WebhookManage, object(&w)); err != nil {
		return w, "", err
	}
	if w.Form == scene.HookStandard {
		if secret, err = s.secret(); err != nil {
			return w, "", err
		}
		w.Secret = secret
	}
	if err := w.Validate(); err != nil {
		return w, "", err
	}
	if err := s.reachable(ctx, w.URL); err != nil {
		return w, "", err
	}
	if w.ID, err = s.IDs.New(); err != nil {
		return w, "", scene.Wrap("notify.AddHook", err)
	}
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		f := store.WebhookFilter{OrgID: by.OrgID}
		if by.OrgID == "" {
			f.Account = by.ID
		}
		have, err := tx.Webhooks().List(ctx, f, store.Page{Limit: maxHooks})
		if err != nil {
			return err
		}
		if len(have.Items) >= maxHooks {
			return &scene.Error{Code: scene.TooLarge, Key: "webhook.too_many", Args: map[string]any{"limit": maxHooks}}
		}
		next := w
		if next.OrgID, err = store.StandingID(ctx, tx, w.OrgID); err != nil {
			return err
		}
		stored, err := tx.Webhooks().Put(ctx, next)
		if err != nil {
			return err
		}
		w.Revision = stored.Revision
		return s.record(ctx, tx, by, "add", w.ID, nil, &w)
	})
	return w.Bare(), secret, scene.Wrap("notify.AddHook", err)
}

// reachable refuses an address that nothing would ever be sent to. Deliveries are
// judged again, each when it is dialled.
func (s *Service) reachable(ctx context.Context, address string) error {
	if s.Poster == nil {
		return nil
	}
	key := s.Poster.Judge(ctx, address)
	if key == "" {
		return nil
	}
	return &scene.Error{Code: scene.Invalid, Op: "notify.reachable", Key: "webhook.invalid", Fields: []scene.FieldError{{Field: "url", Key: key}}}
}

// Hooks lists the receivers that the actor may manage, without secrets.
func (s *Service) Hooks(ctx context.Context, by scene.Actor) (list []scene.Webhook, err error) {
	if !by.MayEver(scene.WebhookManage) {
		return nil, by.May(scene.WebhookManage, scene.Object{})
	}
	err = s.Store.View(ctx, func(tx store.Tx) error {
		return store.Each(func(p store.Page) (store.Rows[scene.Webhook], error) {
			return tx.Webhooks().List(ctx, store.WebhookFilter{}, p)
		}, func(w *scene.Webhook) error {
			if by.May(scene.WebhookManage, object(w)) == nil {
				list = append(list, w.Bare())
			}
			return nil
		})
	})
	return list, scene.Wrap("notify.Hooks", err)
}

// Hook returns one receiver with the latest of its log.
func (s *Service) Hook(ctx context.Context, by scene.Actor, id scene.ID, p store.Page) (w scene.Webhook, log store.Rows[scene.Delivery], err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		if w, err = managed(ctx, tx, &by, id); err != nil {
			return err
		}
		log, err = tx.Webhooks().Deliveries(ctx, id, p)
		return err
	})
	if err != nil {
		return scene.Webhook{}, log, scene.Wrap("notify.Hook", err)
	}
	return w.Bare(), log, nil
}

// managed reads a receiver that the actor may manage.
func managed(ctx context.Context, tx store.Tx, by *scene.Actor, id scene.ID) (scene.Webhook, error) {
	w, err := tx.Webhooks().Get(ctx, id)
	if err != nil {
		return w, err
	}
	return w, by.May(scene.WebhookManage, object(&w))
}

// changeHook writes what fn makes of a receiver.
func (s *Service) changeHook(ctx context.Context, by scene.Actor, id scene.ID, action string, fn func(store.Tx, *scene.Webhook) error) error {
	return scene.Wrap("notify.hook."+action, s.Store.Update(ctx, func(tx store.Tx) error {
		before, err := managed(ctx, tx, &by, id)
		if err != nil {
			return err
		}
		w := before
		if err := fn(tx, &w); err != nil {
			return err
		}
		w.Updated = s.Now().UTC()
		if w, err = tx.Webhooks().Put(ctx, w); err != nil {
			return err
		}
		return s.record(ctx, tx, by, action, id, &before, &w)
	}))
}

// ChangeHook changes the name, the address and what is sent of a receiver that is
// as it was at w.Revision; else a Conflict. The form and the secret stay. An
// address as it is shown is the one that is kept, with the key of a robot. Who
// sends a colleague's receiver elsewhere, or notices to it, takes it over: nobody
// reads the inbox of another by it. Somebody of elsewhere cannot, which is a
// Precondition error.
func (s *Service) ChangeHook(ctx context.Context, by scene.Actor, w scene.Webhook) (changed scene.Webhook, err error) {
	if was, _, err := s.Hook(ctx, by, w.ID, store.Page{Limit: 1}); err != nil {
		return w, err
	} else if was.URL != w.URL {
		if err := s.reachable(ctx, w.URL); err != nil {
			return w, err
		}
	}
	err = s.changeHook(ctx, by, w.ID, "change", func(_ store.Tx, kept *scene.Webhook) error {
		diverts := w.URL != kept.Bare().URL
		if diverts {
			kept.URL = w.URL
		}
		if (diverts || w.Notices && !kept.Notices) && by.ID != kept.Account {
			if by.OrgID != kept.OrgID {
				return &scene.Error{Code: scene.Precondition, Key: "webhook.elsewhere"}
			}
			kept.Account = by.ID
		}
		kept.Revision, kept.Name, kept.Subjects, kept.Notices = w.Revision, w.Name, w.Subjects, w.Notices
		return kept.Validate()
	})
	if err != nil {
		return w, err
	}
	changed, _, err = s.Hook(ctx, by, w.ID, store.Page{Limit: 1})
	return changed, err
}

// RotateHook gives a receiver in the standard form another secret, returned this
// once. For a day messages are signed by both.
func (s *Service) RotateHook(ctx context.Context, by scene.Actor, id scene.ID) (secret string, err error) {
	if secret, err = s.secret(); err != nil {
		return "", err
	}
	return secret, s.changeHook(ctx, by, id, "rotate", func(_ store.Tx, w *scene.Webhook) error {
		if w.Form != scene.HookStandard {
			return &scene.Error{Code: scene.Precondition, Key: "webhook.no_secret"}
		}
		w.Old, w.OldUntil, w.Secret = w.Secret, s.Now().UTC().Add(oldSecretLife), secret
		return nil
	})
}

// SwitchHook turns a receiver on or off. What waits for one that is on again is
// sent. One whose owner has left is taken over by the colleague who turns it on;
// somebody of elsewhere cannot, which is a Precondition error.
func (s *Service) SwitchHook(ctx context.Context, by scene.Actor, id scene.ID, on bool) error {
	if !on {
		return s.changeHook(ctx, by, id, "disable", func(_ store.Tx, w *scene.Webhook) error {
			w.State, w.Failing = scene.HookDisabled, time.Time{}
			return nil
		})
	}
	return s.changeHook(ctx, by, id, "enable", func(tx store.Tx, w *scene.Webhook) error {
		w.State, w.Failing = scene.HookActive, time.Time{}
		left, err := ownerLeft(ctx, tx, w)
		if err != nil || !left {
			return err
		}
		if by.OrgID != w.OrgID {
			return &scene.Error{Code: scene.Precondition, Key: "webhook.owner_left"}
		}
		w.Account = by.ID
		return nil
	})
}

// ownerLeft reports whether who set a receiver up may no longer have one there:
// he moved to another organisation, is disabled, or lost the role. The receiver
// would tell him, at an address of his choice, of what is no longer his.
func ownerLeft(ctx context.Context, tx store.Tx, w *scene.Webhook) (bool, error) {
	a, err := tx.Accounts().Get(ctx, w.Account)
	if scene.CodeOf(err) == scene.NotFound {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	return !keeps(&a, w), nil
}

// keeps reports whether an account may have a receiver.
func keeps(a *scene.Account, w *scene.Webhook) bool {
	by := a.Actor("")
	return a.State == scene.AccountActive && a.OrgID == w.OrgID && by.May(scene.WebhookManage, object(w)) == nil
}

// DeleteHook removes a receiver and its log.
func (s *Service) DeleteHook(ctx context.Context, by scene.Actor, id scene.ID) error {
	return scene.Wrap("notify.DeleteHook", s.Store.Update(ctx, func(tx store.Tx) error {
		before, err := managed(ctx, tx, &by, id)
		if err != nil {
			return err
		}
		if err := tx.Webhooks().Delete(ctx, id); err != nil {
			return err
		}
		return s.record(ctx, tx, by, "delete", id, &before, nil)
	}))
}

// Replay sends a message of the log again, under the id that it had.
func (s *Service) Replay(ctx context.Context, by scene.Actor, hook, delivery scene.ID) error {
	return scene.Wrap("notify.Replay", s.Store.Update(ctx, func(tx store.Tx) error {
		w, err := managed(ctx, tx, &by, hook)
		if err != nil {
			return err
		}
		d, err := tx.Webhooks().Delivery(ctx, delivery)
		if err != nil {
			return err
		}
		if d.Webhook != hook {
			return &scene.Error{Code: scene.NotFound, Key: "webhook_delivery.not_found"}
		}
		if d.State == scene.DeliveryWaiting {
			return nil // pressed twice
		}
		d.State, d.Tries, d.Due, d.Done = scene.DeliveryWaiting, 0, s.Now().UTC(), time.Time{}
		if err := tx.Webhooks().PutDelivery(ctx, d); err != nil {
			return err
		}
		return s.record(ctx, tx, by, "replay", hook, &w, &w)
	}))
}

// Handle queues an event for every receiver that asked for its kind and may
// know of its rows. It is idempotent: an event that comes again queues nothing.
func (s *Service) Handle(ctx context.Context, e scene.Event) error {
	if !slices.Contains(scene.HookSubjects(), e.Subject) {
		return nil
	}
	return scene.Wrap("notify.Handle", s.Store.Update(ctx, func(tx store.Tx) error {
		return store.Each(func(p store.Page) (store.Rows[scene.Webhook], error) {
			return tx.Webhooks().List(ctx, store.WebhookFilter{State: scene.HookActive}, p)
		}, func(w *scene.Webhook) error {
			if w.Form == scene.HookStandard && w.Wants(e.Subject) {
				return s.queueEvent(ctx, tx, w, e)
			}
			return nil
		})
	}))
}

// queueEvent narrows an event to the rows that the receiver may know of. Who
// caused it is told to the centre alone.
func (s *Service) queueEvent(ctx context.Context, tx store.Tx, w *scene.Webhook, e scene.Event) error {
	if w.OrgID != "" {
		ids, err := s.known(ctx, tx, w.OrgID, &e)
		if err != nil || len(ids) == 0 {
			return err
		}
		e.IDs, e.Actor = ids, ""
	}
	body, err := bus.EncodeEvent(e, source)
	if err != nil {
		return err
	}
	return s.queue(ctx, tx, w, string(e.ID), e.Subject, string(body))
}

// source is the attribute of every CloudEvent of this program.
const source = "/jinghe"

func (s *Service) queue(ctx context.Context, tx store.Tx, w *scene.Webhook, message, subject, body string) error {
	id, err := s.IDs.New()
	if err != nil {
		return err
	}
	now := s.Now().UTC()
	_, err = tx.Webhooks().Queue(ctx, scene.Delivery{
		ID: id, Webhook: w.ID, Message: message, Subject: subject, Body: body, State: scene.DeliveryWaiting, At: now, Due: now,
	})
	return err
}

// known returns those rows of an event that an organisation may know of: its
// own, and what anybody may see.
func (s *Service) known(ctx context.Context, tx store.Tx, org scene.ID, e *scene.Event) (ids []scene.ID, err error) {
	listing := func(l *scene.Listing) {
		if l.OrgID == org || l.Public(s.Now()) {
			ids = append(ids, l.ID)
		}
	}
	switch e.Subject {
	case scene.EngagementChanged:
		for _, id := range e.IDs {
			row, err := tx.Engagements().Get(ctx, id)
			if scene.CodeOf(err) == scene.NotFound {
				continue
			}
			if err != nil {
				return nil, err
			}
			if row.Seat(org) != nil {
				ids = append(ids, id)
			}
		}
	case scene.OpportunityChanged:
		rows, err := tx.Opportunities().GetMany(ctx, e.IDs)
		for i := range rows {
			listing(&rows[i].Listing)
		}
		return sorted(ids), err
	case scene.CapabilityChanged:
		rows, err := tx.Capabilities().GetMany(ctx, e.IDs)
		for i := range rows {
			listing(&rows[i].Listing)
		}
		return sorted(ids), err
	case scene.OrganisationChanged:
		if slices.Contains(e.IDs, org) {
			ids = []scene.ID{org}
		}
	}
	return ids, nil
}

func sorted(ids []scene.ID) []scene.ID {
	slices.SortFunc(ids, func(a, b scene.ID) int { return strings.Compare(string(a), string(b)) })
	return ids
}
