package account

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"io"
	"math/bits"
	"strconv"
	"strings"
	"sync"
	"time"

	"jinghe/internal/scene"
)

// The proof of work of a sign-up: the browser looks for a number that, behind
// the puzzle, gives a SHA-256 with that many leading zero bits (as in
// Hashcash, Back 2002). It takes a browser about a second, a machine that
// signs up by the thousand its time, and nobody a visit to another service.
const (
	// PuzzleBits is how many leading bits of the digest are zero.
	PuzzleBits = 15
	puzzleLife = 2 * time.Hour
)

// Puzzles makes and checks puzzles. It is safe for concurrent use; its key
// lives as long as the process.
type Puzzles struct {
	key  [32]byte
	rand io.Reader
	now  func() time.Time

	mu   sync.Mutex
	used map[string]time.Time // puzzles that let somebody in, until they are too old anyhow
}

// NewPuzzles returns Puzzles with a key of their own.
func NewPuzzles(random io.Reader, now func() time.Time) (*Puzzles, error) {
	p := &Puzzles{rand: random, now: now, used: map[string]time.Time{}}
	if _, err := io.ReadFull(random, p.key[:]); err != nil {
		return nil, &scene.Error{Code: scene.Internal, Op: "account.NewPuzzles", Err: err}
	}
	return p, nil
}

// New returns a puzzle tied to the form with that token.
func (p *Puzzles) New(form string) (string, error) {
	var salt [9]byte
	if _, err := io.ReadFull(p.rand, salt[:]); err != nil {
		return "", &scene.Error{Code: scene.Internal, Op: "account.Puzzles", Err: err}
	}
	head := strconv.FormatInt(p.now().Unix(), 36) + "." + base64.RawURLEncoding.EncodeToString(salt[:])
	return head + "." + p.sign(head, form), nil
}

func (p *Puzzles) sign(head, form string) string {
	mac := hmac.New(sha256.New, p.key[:])
	mac.Write([]byte(head + "\x00" + form))
	return hex.EncodeToString(mac.Sum(nil)[:12])
}

// Use reports whether answer solves a puzzle that was made for the form with
// that token, not too long ago, and uses it up: a puzzle is good for one sign-up.
func (p *Puzzles) Use(puzzle, answer, form string) bool {
	if !p.solved(puzzle, answer, form) {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	for old, at := range p.used {
		if now.Sub(at) > puzzleLife {
			delete(p.used, old)
		}
	}
	_, before := p.used[puzzle]
	p.used[puzzle] = now
	return !before
}

func (p *Puzzles) solved(puzzle, answer, form string) bool {
	at := strings.LastIndexByte(puzzle, '.')
	if at < 0 || len(answer) > 20 || !hmac.Equal([]byte(p.sign(puzzle[:at], form)), []byte(puzzle[at+1:])) {
		return false
	}
	made, _, _ := strings.Cut(puzzle, ".")
	seconds, err := strconv.ParseInt(made, 36, 64)
	if age := p.now().Sub(time.Unix(seconds, 0)); err != nil || age < -time.Minute || age > puzzleLife {
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
