package notify

import (
	"cmp"
	"context"
	"encoding/binary"
	"io"
	"slices"
	"time"
	"unicode/utf8"

	"jinghe/internal/bus"
	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Poster carries a message over HTTP.
type Poster interface {
	Post(ctx context.Context, m Message) (Answer, error)
	// Judge says by a message key why nothing can be posted to an address as it is
	// now, "" where it can. It may ask the net for a name, so it is asked outside
	// of transactions.
	Judge(ctx context.Context, address string) (key string)
}

// Message is one HTTP request.
type Message struct {
	URL    string
	Header map[string]string
	Body   []byte
}

// Answer is what a receiver said, its body cut to a few kilobytes.
type Answer struct {
	Status int
	Body   []byte
}

// firstPause is how long after the first failure the next try comes, longest the
// longest pause between two.
const (
	firstPause   = 30 * time.Second
	longestPause = 8 * time.Hour
)

// pause is how long to wait after so many failures: it doubles twice each time,
// with up to a quarter more by chance, so that receivers that fail together are
// not all tried again together.
func (s *Service) pause(tries int) (time.Duration, error) {
	wait := firstPause
	for range tries - 1 {
		if wait *= 4; wait >= longestPause {
			wait = longestPause
			break
		}
	}
	var b [8]byte
	if _, err := io.ReadFull(s.Random, b[:]); err != nil {
		return 0, &scene.Error{Code: scene.Internal, Op: "notify.pause", Err: err}
	}
	share := float64(binary.BigEndian.Uint64(b[:])>>11) / (1 << 53)
	return wait + time.Duration(share*float64(wait)/4), nil
}

func sortNotices(list []scene.Notice) {
	slices.SortFunc(list, func(a, b scene.Notice) int {
		return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID))
	})
}

// forward hands notices to the person's own robots and receivers: one message
// for all of them to a robot, one for each to a receiver of events. One that he
// set up in an organisation he has left since is told nothing more: colleagues of
// then see its log.
func (s *Service) forward(ctx context.Context, a scene.Account, lang locale.Lang, notices []scene.Notice, due []store.Outgoing) (sent bool, err error) {
	ids := make([]scene.ID, len(due))
	for i, o := range due {
		ids[i] = o.Notice
	}
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		sent = false
		hooks, err := tx.Webhooks().List(ctx, store.WebhookFilter{Account: a.ID, State: scene.HookActive}, store.Page{})
		if err != nil {
			return err
		}
		for i := range hooks.Items {
			if w := &hooks.Items[i]; w.Notices && keeps(&a, w) {
				sent = true
				if err := s.queueNotices(ctx, tx, w, lang, notices); err != nil {
					return err
				}
			}
		}
		return tx.Notices().Sent(ctx, due[0].Way, ids)
	})
	return sent, err
}

func (s *Service) queueNotices(ctx context.Context, tx store.Tx, w *scene.Webhook, lang locale.Lang, notices []scene.Notice) error {
	if w.Form != scene.HookStandard {
		_, text := s.letter(lang, notices)
		return s.queue(ctx, tx, w, "notice-"+string(notices[0].ID), scene.NoticeTold, clipBytes(text, robotText))
	}
	for i := range notices {
		n := &notices[i]
		e := scene.Event{ID: n.ID, Subject: scene.NoticeTold, IDs: append([]scene.ID{n.ID}, n.Rows...), Time: n.Created}
		body, err := bus.EncodeEvent(e, source)
		if err != nil {
			return err
		}
		if err := s.queue(ctx, tx, w, "notice-"+string(n.ID), scene.NoticeTold, string(body)); err != nil {
			return err
		}
	}
	return nil
}

// robotText is how many bytes of a text robots take at the strictest (企业微信).
const robotText = 2048

// clipBytes cuts a text to so many bytes, between two characters.
func clipBytes(text string, most int) string {
	const dots = "…"
	if len(text) <= most {
		return text
	}
	cut := most - len(dots)
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + dots
}
