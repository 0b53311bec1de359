// Package notify is how people and other systems are told: the inbox, letters
// and digests, robots of group chats, and signed webhooks.
//
// It stands on the second floor: it knows internal/store, internal/scene and
// internal/locale, and no other service. Services write notices themselves, by
// a [store.Herald] in the transaction of what they tell of; what goes out of
// the inbox, and of the events, is sent from here, by the process that leads.
// The adapters that carry it are beside it: internal/notify/smtp for mail,
// internal/notify/outbound for everything over HTTP.
package notify

import (
	"context"
	"io"
	"log/slog"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Config is what a Service needs.
type Config struct {
	Store  store.Store      // required
	IDs    *scene.IDMaker   // required
	Now    func() time.Time // required
	Random io.Reader        // required; usually crypto/rand.Reader
	Log    *slog.Logger     // required
	// Mailer carries letters; nil means that nothing goes out by mail.
	Mailer Mailer
	// Poster carries messages to robots and receivers; nil means that none are sent.
	Poster Poster
	// Link makes the absolute address of a path; nil or an empty answer stands for
	// an installation that does not know its own address.
	Link func(path string) string
}

// Mailer sends one message in plain text. It may take a while and fail.
type Mailer interface {
	Send(ctx context.Context, to, subject, text string) error
}

// Service is the use cases of telling. It is safe for concurrent use.
type Service struct{ Config }

// New returns a Service.
func New(c Config) *Service { return &Service{c} }

func (s *Service) link(path string) string {
	if s.Link == nil || path == "" {
		return ""
	}
	return s.Link(path)
}

// Inbox pages through the notices of the actor, the latest first.
func (s *Service) Inbox(ctx context.Context, by scene.Actor, f store.NoticeFilter, p store.Page) (rows store.Rows[scene.Notice], err error) {
	if err := by.May(scene.NoticeRead, scene.Object{Account: by.ID}); err != nil {
		return rows, err
	}
	f.Account = by.ID
	err = s.Store.View(ctx, func(tx store.Tx) (err error) {
		rows, err = tx.Notices().List(ctx, f, p)
		return err
	})
	return rows, scene.Wrap("notify.Inbox", err)
}

// Unread counts the notices that an account has not read.
func (s *Service) Unread(ctx context.Context, account scene.ID) (n int, err error) {
	err = s.Store.View(ctx, func(tx store.Tx) (err error) {
		n, err = tx.Notices().Unread(ctx, account)
		return err
	})
	return n, scene.Wrap("notify.Unread", err)
}

// Notice returns a notice of the actor; another's is NotFound.
func (s *Service) Notice(ctx context.Context, by scene.Actor, id scene.ID) (n scene.Notice, err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		n, err = own(ctx, tx, &by, id)
		return err
	})
	return n, scene.Wrap("notify.Notice", err)
}

// own reads a notice of the actor.
func own(ctx context.Context, tx store.Tx, by *scene.Actor, id scene.ID) (scene.Notice, error) {
	n, err := tx.Notices().Get(ctx, id)
	switch {
	case err != nil:
	case n.Account != by.ID:
		err = &scene.Error{Code: scene.NotFound, Key: "notice.not_found", Args: map[string]any{"id": string(id)}}
	default:
		err = by.May(scene.NoticeRead, scene.Object{Account: by.ID})
	}
	if err != nil {
		return scene.Notice{}, err
	}
	return n, nil
}

// Open returns a notice of the actor and marks it as read; another's is NotFound.
func (s *Service) Open(ctx context.Context, by scene.Actor, id scene.ID) (n scene.Notice, err error) {
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		if n, err = own(ctx, tx, &by, id); err != nil {
			return err
		}
		_, err = tx.Notices().Read(ctx, by.ID, s.Now(), id)
		return err
	})
	if err != nil {
		return scene.Notice{}, scene.Wrap("notify.Open", err)
	}
	return n, nil
}

// Read marks notices of the actor as read, all of them where none is named, and
// returns how many were unread.
func (s *Service) Read(ctx context.Context, by scene.Actor, ids ...scene.ID) (n int, err error) {
	if err := by.May(scene.NoticeRead, scene.Object{Account: by.ID}); err != nil {
		return 0, err
	}
	err = s.Store.Update(ctx, func(tx store.Tx) (err error) {
		n, err = tx.Notices().Read(ctx, by.ID, s.Now(), ids...)
		return err
	})
	return n, scene.Wrap("notify.Read", err)
}

// Choice returns how the actor wants to be told.
func (s *Service) Choice(ctx context.Context, by scene.Actor) (c scene.NoticeChoice, err error) {
	if err := by.May(scene.AccountSelf, scene.Object{Account: by.ID}); err != nil {
		return c, err
	}
	err = s.Store.View(ctx, func(tx store.Tx) (err error) {
		c, err = tx.Notices().Choice(ctx, by.ID)
		return err
	})
	return c, scene.Wrap("notify.Choice", err)
}

// Choose sets how the actor wants to be told from now on. What was planned
// before goes out as it was planned.
func (s *Service) Choose(ctx context.Context, by scene.Actor, c scene.NoticeChoice) error {
	if err := by.May(scene.AccountSelf, scene.Object{Account: by.ID}); err != nil {
		return err
	}
	c.Account, c.Updated = by.ID, s.Now().UTC()
	if err := c.Validate(); err != nil {
		return err
	}
	return scene.Wrap("notify.Choose", s.Store.Update(ctx, func(tx store.Tx) error {
		before, err := tx.Notices().Choice(ctx, by.ID)
		if err != nil {
			return err
		}
		if err := tx.Notices().PutChoice(ctx, c); err != nil {
			return err
		}
		return store.Recorder{IDs: s.IDs, Now: s.Now}.Record(ctx, tx, by, "account.notices", "account", by.ID, "", before, c)
	}))
}

// MailPossible reports whether letters go out at all.
func (s *Service) MailPossible() bool { return s.Mailer != nil }
