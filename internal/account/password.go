package account

import (
	"context"
	"crypto/subtle"
	_ "embed"
	"encoding/base32"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"jinghe/internal/scene"
)

// Parameters of argon2id: 19 MiB, two passes, one lane (OWASP Password Storage
// Cheat Sheet, second choice), measured at about 40 ms of one core.
const (
	argonMemory = 19 * 1024 // KiB
	argonTime   = 2
	argonLanes  = 1
	argonKey    = 32
	argonSalt   = 16
)

// Bounds of a password in code points. Length counts, not the mixture of
// characters (NIST SP 800-63B, 5.1.1.2).
const (
	minPassword = 10
	maxPassword = 128
)

// hasher makes and checks password hashes, a bounded number at once: together
// they would take the memory of the machine.
type hasher struct {
	random io.Reader
	slots  chan struct{}
	// dummy is checked where there is no account, so that it takes as long.
	dummy string
	done  atomic.Int64 // hashes made and checked
}

func newHasher(random io.Reader, slots int) (*hasher, error) {
	if slots <= 0 {
		slots = 2
	}
	h := &hasher{random: random, slots: make(chan struct{}, slots)}
	var b [argonSalt + argonKey]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return nil, &scene.Error{Code: scene.Internal, Op: "account.newHasher", Err: err}
	}
	h.dummy = formPHC(b[:argonSalt], b[argonSalt:])
	return h, nil
}

// turn waits for a free slot.
func (h *hasher) turn(ctx context.Context) (release func(), err error) {
	select {
	case h.slots <- struct{}{}:
		h.done.Add(1)
		return func() { <-h.slots }, nil
	case <-ctx.Done():
		return nil, &scene.Error{Code: scene.Unavailable, Op: "account.hash", Err: ctx.Err()}
	}
}

// hash returns the PHC form of a new hash of the password.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	release, err := h.turn(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	salt := make([]byte, argonSalt)
	if _, err := io.ReadFull(h.random, salt); err != nil {
		return "", &scene.Error{Code: scene.Internal, Op: "account.hash", Err: err}
	}
	key := argon2.IDKey(folded(password), salt, argonTime, argonMemory, argonLanes, argonKey)
	return formPHC(salt, key), nil
}

// formPHC writes a hash with the parameters of today.
func formPHC(salt, key []byte) string {
	encode := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonLanes, encode(salt), encode(key))
}

// matches reports whether the password is that of the hash. An empty or broken
// hash takes as long as a good one and matches nothing.
func (h *hasher) matches(ctx context.Context, password, phc string) (bool, error) {
	release, err := h.turn(ctx)
	if err != nil {
		return false, err
	}
	defer release()
	p, good := parsePHC(phc)
	if !good {
		p, _ = parsePHC(h.dummy)
	}
	key := argon2.IDKey(folded(password), p.salt, p.time, p.memory, p.lanes, uint32(len(p.key)))
	return subtle.ConstantTimeCompare(key, p.key) == 1 && good, nil
}

// phc is the content of a hash in PHC form.
type phc struct {
	memory, time uint32
	lanes        uint8
	salt, key    []byte
}

func parsePHC(s string) (p phc, ok bool) {
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return p, false
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.memory, &p.time, &p.lanes); err != nil {
		return p, false
	}
	salt, errSalt := base64.RawStdEncoding.DecodeString(parts[4])
	key, errKey := base64.RawStdEncoding.DecodeString(parts[5])
	p.salt, p.key = salt, key
	return p, errSalt == nil && errKey == nil && p.bearable()
}

// bearable refuses what a damaged database might ask for: it must not take the machine.
func (p *phc) bearable() bool {
	within := func(n, low, high int) bool { return low <= n && n <= high }
	return within(int(p.memory), 8, 1<<20) && within(int(p.time), 1, 16) && within(int(p.lanes), 1, 16) &&
		within(len(p.salt), 8, 64) && within(len(p.key), 16, 64)
}

// folded brings the forms in which keyboards send one text to one.
func folded(password string) []byte { return norm.NFKC.Bytes([]byte(password)) }

//go:embed common.txt
var commonWords string

// CheckPassword returns an Invalid error with one field “password” if the
// password is too short, too long, one that everybody tries first, or made
// from the given words (login, name, organisation); else nil.
func CheckPassword(password string, about ...string) error {
	var key string
	n := utf8.RuneCountInString(password)
	switch {
	case !utf8.ValidString(password) || strings.ContainsAny(password, "\x00\r\n"):
		key = "password.characters"
	case n < minPassword:
		key = "password.short"
	case n > maxPassword:
		key = "password.long"
	case common(password):
		key = "password.common"
	case derived(password, about):
		key = "password.personal"
	default:
		return nil
	}
	return &scene.Error{
		Code: scene.Invalid, Op: "account.CheckPassword", Key: "account.invalid",
		Fields: []scene.FieldError{{Field: "password", Key: key, Args: map[string]any{"min": minPassword, "max": maxPassword}}},
	}
}

// common reports whether what is left of a password without the usual
// decorations is a word of the list, a run of one key or of neighbours.
func common(password string) bool {
	s := strings.ToLower(string(folded(password)))
	core := strings.Trim(s, "!@#$%^&*()_+-=.,?~ 0123456789")
	digits := strings.Trim(s, "!@#$%^&*()_+-=.,?~ abcdefghijklmnopqrstuvwxyz")
	for word := range strings.FieldsSeq(commonWords) {
		if s == word || core == word || len(core) <= 2 && digits == word || strings.Repeat(word, 2) == s {
			return true
		}
	}
	return run(s)
}

// run reports whether a text is made of few different characters, or its
// characters follow each other (abcdefghij, 9876543210).
func run(s string) bool {
	seen := map[rune]bool{}
	up, down, n := 0, 0, 0
	last := rune(0)
	for _, r := range s {
		seen[r] = true
		if n > 0 {
			switch r - last {
			case 1:
				up++
			case -1:
				down++
			}
		}
		last = r
		n++
	}
	return len(seen) <= 3 || up*4 >= n*3 || down*4 >= n*3
}

// derived reports whether a word about the person makes up most of the password.
func derived(password string, about []string) bool {
	s := strings.ToLower(string(folded(password)))
	for _, words := range about {
		for word := range strings.FieldsFuncSeq(strings.ToLower(words), func(r rune) bool { return strings.ContainsRune("@.-_+ ", r) }) {
			if utf8.RuneCountInString(word) >= 4 && strings.Contains(s, word) && utf8.RuneCountInString(strings.ReplaceAll(s, word, "")) < 6 {
				return true
			}
		}
	}
	return false
}

// generatePassword returns a password of 100 random bits in letters and
// digits that are hard to confuse, in groups of five.
func generatePassword(random io.Reader) (string, error) {
	var b [13]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", &scene.Error{Code: scene.Internal, Op: "account.generatePassword", Err: err}
	}
	text := base32.NewEncoding("abcdefghijkmnpqrstuvwxyz23456789").EncodeToString(b[:])
	return strings.Join([]string{text[:5], text[5:10], text[10:15], text[15:20]}, "-"), nil
}
