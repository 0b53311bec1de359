// Package repeat answers a request that comes again with the answer it was
// given before: the sender names it by an idempotency key, and what it asks for
// is done once, however often the network lets it try.
//
// It stands on the second floor: it knows internal/store and internal/scene,
// and no other service.
package repeat

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

const (
	// Life is how long an answer is kept.
	Life = 24 * time.Hour
	// MaxKey bounds a key in bytes.
	MaxKey = 200
)

// Service keeps answers. It is safe for concurrent use, and several processes
// on one store keep them together.
type Service struct {
	store store.Store
	now   func() time.Time
}

// New returns a Service.
func New(s store.Store, now func() time.Time) *Service { return &Service{store: s, now: now} }

// Request is what tells one request from another.
type Request struct {
	Caller    scene.ID // nobody is given the answer of somebody else
	Operation string
	Key       string // as the sender made it up
	Digest    string // of all that the answer depends on
}

func (r *Request) id() string {
	sum := sha256.Sum256([]byte(strings.Join([]string{string(r.Caller), r.Operation, r.Key}, "\x00")))
	return hex.EncodeToString(sum[:])
}

// Begin returns the answer that the request was given before, or nil: then it
// is the caller's to work on, and to end with Finish or Release. A key that
// names another request is a Conflict repeat.other; one whose request is being
// worked on, or was cut off so that nobody knows what it did, is a Conflict
// repeat.running.
func (s *Service) Begin(ctx context.Context, r Request) (*scene.Answer, error) {
	if r.Key == "" || len(r.Key) > MaxKey || strings.ContainsFunc(r.Key, func(c rune) bool { return c < ' ' || c > '~' }) {
		return nil, &scene.Error{Code: scene.Invalid, Op: "repeat.Begin", Key: "repeat.key", Args: map[string]any{"max": MaxKey}}
	}
	now := s.now().UTC()
	fresh := scene.Answer{Key: r.id(), Digest: r.Digest, Created: now, Expires: now.Add(Life)}
	var kept *scene.Answer
	err := s.store.Update(ctx, func(tx store.Tx) (err error) {
		if err = tx.Once().Prune(ctx, now); err != nil {
			return err
		}
		kept, err = tx.Once().Begin(ctx, fresh)
		return err
	})
	switch {
	case err != nil || kept == nil:
		return nil, scene.Wrap("repeat.Begin", err)
	case kept.Digest != r.Digest:
		return nil, &scene.Error{Code: scene.Conflict, Op: "repeat.Begin", Key: "repeat.other"}
	case !kept.Done():
		return nil, &scene.Error{Code: scene.Conflict, Op: "repeat.Begin", Key: "repeat.running"}
	}
	return kept, nil
}

// Finish keeps the answer of a request that was begun.
func (s *Service) Finish(ctx context.Context, r Request, status int, header []string, body []byte) error {
	now := s.now().UTC()
	a := scene.Answer{Key: r.id(), Digest: r.Digest, Status: status, Header: header, Body: body, Created: now, Expires: now.Add(Life)}
	err := s.store.Update(ctx, func(tx store.Tx) error { return tx.Once().Finish(ctx, a) })
	return scene.Wrap("repeat.Finish", err)
}

// Release lets a request that changed nothing be tried again.
func (s *Service) Release(ctx context.Context, r Request) error {
	err := s.store.Update(ctx, func(tx store.Tx) error { return tx.Once().Forget(ctx, r.id()) })
	return scene.Wrap("repeat.Release", err)
}
