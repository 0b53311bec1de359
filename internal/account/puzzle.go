package account

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"io"
	"math/bits"
	"strconv"
	"strings"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// The proof of work of a sign-up: the browser looks for a number that, behind
// the puzzle, gives a SHA-256 with that many leading zero bits (as in
// Hashcash, Back 2002). It takes a browser about a second, a machine that
// signs up by the thousand its time, and nobody a visit to another service.
//
// A puzzle carries its own proof of origin, and one that was used is a row: any
// process on the same rows can check what another one gave out.
const (
	// PuzzleBits is how many leading bits of the digest are zero.
	PuzzleBits = 15
	puzzleLife = 2 * time.Hour
	// puzzleKey is the setting that holds the key of the signatures.
	puzzleKey     = "account.puzzle_key"
	puzzleKeySize = 32
)

// Puzzle returns a puzzle tied to the form with that token.
func (s *Service) Puzzle(ctx context.Context, form string) (string, error) {
	key, err := s.signing(ctx)
	if err != nil {
		return "", scene.Wrap("account.Puzzle", err)
	}
	var salt [9]byte
	if _, err := io.ReadFull(s.Random, salt[:]); err != nil {
		return "", &scene.Error{Code: scene.Internal, Op: "account.Puzzle", Err: err}
	}
	head := strconv.FormatInt(s.Now().Unix(), 36) + "." + base64.RawURLEncoding.EncodeToString(salt[:])
	return head + "." + signPuzzle(key, head, form), nil
}

// Solved reports whether answer solves a puzzle that was made for the form with
// that token, not too long ago, and uses it up: a puzzle is good for one sign-up.
func (s *Service) Solved(ctx context.Context, puzzle, answer, form string) (bool, error) {
	key, err := s.signing(ctx)
	if err != nil {
		return false, scene.Wrap("account.Solved", err)
	}
	if !s.solves(key, puzzle, answer, form) {
		return false, nil
	}
	now := s.Now().UTC()
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		if err := tx.Once().Prune(ctx, now); err != nil {
			return err
		}
		return tx.Once().Spend(ctx, "puzzle:"+keyed(puzzle), now.Add(puzzleLife+time.Minute))
	})
	if scene.CodeOf(err) == scene.Conflict {
		return false, nil
	}
	return err == nil, scene.Wrap("account.Solved", err)
}

// signing returns the key that all processes on the same rows share. The first
// who needs it makes it.
func (s *Service) signing(ctx context.Context) ([]byte, error) {
	if key := s.puzzleKey.Load(); key != nil {
		return *key, nil
	}
	fresh := make([]byte, puzzleKeySize)
	if _, err := io.ReadFull(s.Random, fresh); err != nil {
		return nil, &scene.Error{Code: scene.Internal, Op: "account.signing", Err: err}
	}
	var key []byte
	err := s.Store.Update(ctx, func(tx store.Tx) (err error) {
		if key, err = tx.Settings().Get(ctx, puzzleKey); err != nil || len(key) == puzzleKeySize {
			return err
		}
		key = fresh
		return tx.Settings().Put(ctx, puzzleKey, key)
	})
	if err != nil {
		return nil, err
	}
	s.puzzleKey.Store(&key)
	return key, nil
}

func signPuzzle(key []byte, head, form string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(head + "\x00" + form))
	return hex.EncodeToString(mac.Sum(nil)[:12])
}

func (s *Service) solves(key []byte, puzzle, answer, form string) bool {
	at := strings.LastIndexByte(puzzle, '.')
	if at < 0 || len(answer) > 20 || !hmac.Equal([]byte(signPuzzle(key, puzzle[:at], form)), []byte(puzzle[at+1:])) {
		return false
	}
	made, _, _ := strings.Cut(puzzle, ".")
	seconds, err := strconv.ParseInt(made, 36, 64)
	if age := s.Now().Sub(time.Unix(seconds, 0)); err != nil || age < -time.Minute || age > puzzleLife {
		return false
	}
	sum := sha256.Sum256([]byte(puzzle + "." + answer))
	return leadingZeros(sum[:]) >= PuzzleBits
}

func leadingZeros(b []byte) int {
	n := 0
	for _, x := range b {
		n += bits.LeadingZeros8(x)
		if x != 0 {
			break
		}
	}
	return n
}
