package notify

import (
	"context"
	"strings"
	"time"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

const (
	// perRound bounds what one round takes up, perLetter what one letter tells.
	perRound  = 500
	perLetter = 50
	// triesOfLetter is after how many failures a notice stays in the inbox alone.
	triesOfLetter = 8
	// kept is how long a notice that was read stays.
	kept = 180 * 24 * time.Hour
	// logKept is how long the log of a receiver goes back.
	logKept = 30 * 24 * time.Hour
)

// Deliver sends what is due, one letter or message for everything that one
// account is owed by one way, and returns how many went out. What fails is put
// off, longer each time. The process that leads calls it; two that do at once
// may send a letter twice, and write nothing twice.
func (s *Service) Deliver(ctx context.Context) (sent int, err error) {
	var due []store.Outgoing
	err = s.Store.View(ctx, func(tx store.Tx) (err error) {
		due, err = tx.Notices().Due(ctx, s.Now(), perRound)
		return err
	})
	if err != nil {
		return 0, scene.Wrap("notify.Deliver", err)
	}
	for len(due) > 0 && ctx.Err() == nil {
		n := 1
		for n < len(due) && n < perLetter && due[n].Account == due[0].Account && due[n].Way == due[0].Way {
			n++
		}
		ok, err := s.deliver(ctx, due[:n])
		if err != nil {
			return sent, scene.Wrap("notify.Deliver", err)
		}
		if ok {
			sent++
		}
		due = due[n:]
	}
	return sent, nil
}

// deliver sends what one account is owed by one way and notes what became of it.
func (s *Service) deliver(ctx context.Context, due []store.Outgoing) (sent bool, err error) {
	account, notices, choice, err := s.owed(ctx, due)
	if err != nil {
		return false, err
	}
	way := due[0].Way
	if len(notices) == 0 || account.State != scene.AccountActive {
		return false, s.settle(ctx, way, due)
	}
	lang, ok := locale.Parse(choice.Lang)
	if !ok {
		lang = locale.Zh
	}
	switch way {
	case scene.WayMail:
		if s.Mailer == nil || account.Mail == "" {
			return false, s.settle(ctx, way, due)
		}
		subject, text := s.letter(lang, notices)
		if err := s.Mailer.Send(ctx, account.Mail, subject, text); err != nil {
			s.Log.WarnContext(ctx, "a letter did not go out", "account", string(account.ID), "error", err)
			return false, s.putOff(ctx, due)
		}
		return true, s.settle(ctx, way, due)
	default:
		return s.forward(ctx, account, lang, notices, due)
	}
}

// owed reads what is needed for a letter: the notices in order of time, without
// those that were read meanwhile. What is not wanted in the inbox never was unread.
func (s *Service) owed(ctx context.Context, due []store.Outgoing) (a scene.Account, list []scene.Notice, c scene.NoticeChoice, err error) {
	ids := make([]scene.ID, len(due))
	for i, o := range due {
		ids[i] = o.Notice
	}
	err = s.Store.View(ctx, func(tx store.Tx) error {
		if a, err = tx.Accounts().Get(ctx, due[0].Account); err != nil {
			return err
		}
		if c, err = tx.Notices().Choice(ctx, a.ID); err != nil {
			return err
		}
		rows, err := tx.Notices().GetMany(ctx, ids)
		for i := range rows {
			if rows[i].Read.IsZero() || !c.Of(rows[i].Kind).Inbox {
				list = append(list, rows[i])
			}
		}
		return err
	})
	if scene.CodeOf(err) == scene.NotFound {
		err = nil
	}
	sortNotices(list)
	return a, list, c, err
}

// settle takes notices off what has to go out.
func (s *Service) settle(ctx context.Context, way scene.Way, due []store.Outgoing) error {
	ids := make([]scene.ID, len(due))
	for i, o := range due {
		ids[i] = o.Notice
	}
	return s.Store.Update(ctx, func(tx store.Tx) error { return tx.Notices().Sent(ctx, way, ids) })
}

// putOff plans another try, or gives up: the notice stands in the inbox.
func (s *Service) putOff(ctx context.Context, due []store.Outgoing) error {
	return s.Store.Update(ctx, func(tx store.Tx) error {
		for _, o := range due {
			if o.Tries++; o.Tries >= triesOfLetter {
				if err := tx.Notices().Sent(ctx, o.Way, []scene.ID{o.Notice}); err != nil {
					return err
				}
				continue
			}
			wait, err := s.pause(o.Tries)
			if err != nil {
				return err
			}
			o.Due = s.Now().Add(wait)
			if err := tx.Notices().Send(ctx, o); err != nil {
				return err
			}
		}
		return nil
	})
}

// letter writes subject and text of a mail that tells notices.
func (s *Service) letter(lang locale.Lang, notices []scene.Notice) (subject, text string) {
	subject = locale.Text(lang, "notify.letter.subject", map[string]any{"count": len(notices)})
	if len(notices) == 1 {
		subject = locale.Text(lang, "notify.letter.subject.one", map[string]any{"text": scene.Clip(locale.Notice(lang, &notices[0]), 60)})
	}
	var b strings.Builder
	for i := range notices {
		b.WriteString("· " + locale.Notice(lang, &notices[i]) + "\n")
		if link := s.link(notices[i].Path); link != "" {
			b.WriteString("  " + link + "\n")
		}
	}
	return subject, locale.Text(lang, "notify.letter", map[string]any{"list": b.String(), "link": s.link("/inbox")})
}

// Tidy removes notices and deliveries that nobody needs any more.
func (s *Service) Tidy(ctx context.Context) error {
	return scene.Wrap("notify.Tidy", s.Store.Update(ctx, func(tx store.Tx) error {
		if err := tx.Notices().Prune(ctx, s.Now().Add(-kept)); err != nil {
			return err
		}
		return tx.Webhooks().PruneDeliveries(ctx, s.Now().Add(-logKept))
	}))
}
