package notify

import (
	"cmp"
	"context"
	"encoding/binary"
	"io"
	"slices"
	"time"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Poster carries a message over HTTP.
type Poster interface {
	Post(ctx context.Context, m Message) (Answer, error)
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

// forward hands notices to the person's own robots and receivers.
func (s *Service) forward(ctx context.Context, _ scene.Account, _ locale.Lang, _ []scene.Notice, due []store.Outgoing) (bool, error) {
	return false, s.settle(ctx, due[0].Way, due)
}
