package account

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/hex"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/pquerna/otp/hotp"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// The second factor is a code by time (RFC 6238): six digits, a step of 30
// seconds, SHA-1 as every authenticator knows it. One step of drift either way is taken.
const (
	totpStep     = 30
	totpDrift    = 1
	totpSecret   = 20 // bytes
	codeFailures = "code:"
	// recoveryCodes are handed out at enrolment, each good for once.
	recoveryCodes = 8
)

// Code gives the second factor for a session that is at StageCode, an
// authenticator's code or a recovery code, and returns the token of a new
// session in the place of the old one. A wrong code, or one that was used
// before, is an Unauthorized error account.code_wrong.
func (s *Service) Code(ctx context.Context, token, code, from string) (fresh string, err error) {
	who, err := s.Resume(ctx, token)
	if err != nil {
		return "", err
	}
	if who.Stage != StageCode {
		return token, nil
	}
	fresh, id, err := s.secret()
	if err != nil {
		return "", scene.Wrap("account.Code", err)
	}
	key := codeFailures + string(who.Account.ID)
	wrong := false
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		wrong = false
		if err := s.notLocked(ctx, tx, []string{key}); err != nil {
			return err
		}
		proof, err := stillIn(ctx, tx, &who)
		if err != nil {
			return err
		}
		note, ok, err := s.takeCode(ctx, &proof, code)
		if err != nil {
			return err
		}
		if !ok {
			wrong = true
			if err := s.count(ctx, tx, key); err != nil {
				return err
			}
			return s.record(ctx, tx, scene.Actor{From: from}, "account.code_failed", noun, who.Account.ID, "", nil, nil)
		}
		if err := tx.Accounts().PutCredential(ctx, proof); err != nil {
			return err
		}
		if err := tx.Sessions().PutAttempts(ctx, scene.Attempts{Key: key}); err != nil {
			return err
		}
		return s.prove(ctx, tx, who, id, from, note)
	})
	if err == nil && wrong {
		err = &scene.Error{Code: scene.Unauthorized, Key: "account.code_wrong"}
	}
	return fresh, scene.Wrap("account.Code", err)
}

// prove replaces a session by one with the second factor given.
func (s *Service) prove(ctx context.Context, tx store.Tx, who Identity, id scene.ID, from, note string) error {
	if err := tx.Sessions().Delete(ctx, who.Session.ID); err != nil {
		return err
	}
	now := s.Now().UTC()
	held := who.Session
	held.ID, held.Proven, held.Seen, held.Expires = id, true, now, now.Add(life(&who.Account))
	if err := tx.Sessions().Put(ctx, held); err != nil {
		return err
	}
	return s.record(ctx, tx, who.Account.Actor(from), "account.code", noun, who.Account.ID, note, nil, nil)
}

// takeCode checks a code and uses it up. A secret that was written before there
// was a key is sealed on the way. One sealed with another key lets recovery
// codes in alone.
func (s *Service) takeCode(ctx context.Context, proof *scene.Credential, code string) (note string, ok bool, err error) {
	secret, err := s.open(proof.TOTP, proof.AccountID)
	if err != nil {
		s.Log.ErrorContext(ctx, "a second factor was sealed with another key; recovery codes still work", "account", proof.AccountID, "error", err)
	}
	code = strings.ToLower(strings.NewReplacer(" ", "", "-", "").Replace(scene.Login(code)))
	if step, ok := matchTOTP(secret, code, s.Now(), proof.Step); ok {
		proof.Step = step
		proof.TOTP, err = s.seal(secret, proof.AccountID)
		return "", true, err
	}
	sum := recoveryDigest(code)
	for i, kept := range proof.Recovery {
		if subtle.ConstantTimeCompare([]byte(kept), []byte(sum)) == 1 {
			proof.Recovery = slices.Delete(slices.Clone(proof.Recovery), i, i+1)
			return "recovery", true, nil
		}
	}
	return "", false, nil
}

// matchTOTP returns the step whose code it is, if that is later than the last one taken.
func matchTOTP(secret, code string, now time.Time, last int64) (step int64, ok bool) {
	if secret == "" || len(code) != 6 {
		return 0, false
	}
	at := now.Unix() / totpStep
	for step := at - totpDrift; step <= at+totpDrift; step++ {
		want, err := hotp.GenerateCode(secret, uint64(step))
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 && step > last {
			return step, true
		}
	}
	return 0, false
}

func recoveryDigest(code string) string {
	sum := sha256.Sum256([]byte(code))
	return hex.EncodeToString(sum[:])
}

// Offer makes a secret for an authenticator and keeps it until it is
// confirmed; asked again before that it returns the same one. The holder of
// the token must be signed in, at StageEnrol or later.
func (s *Service) Offer(ctx context.Context, token string) (secret string, who Identity, err error) {
	if who, err = s.Resume(ctx, token); err != nil {
		return "", who, err
	}
	if who.Stage != StageEnrol && who.Stage != StageDone {
		return "", who, &scene.Error{Code: scene.Forbidden, Op: "account.Offer", Key: "permission.role"}
	}
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		proof, err := tx.Accounts().Credential(ctx, who.Account.ID)
		if err != nil {
			return err
		}
		if secret, err = s.open(proof.Offered, proof.AccountID); err == nil && secret != "" {
			return nil
		}
		var b [totpSecret]byte
		if _, err := io.ReadFull(s.Random, b[:]); err != nil {
			return err
		}
		secret = base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b[:])
		if proof.Offered, err = s.seal(secret, proof.AccountID); err != nil {
			return err
		}
		return tx.Accounts().PutCredential(ctx, proof)
	})
	return secret, who, scene.Wrap("account.Offer", err)
}

// Enrol confirms the offered secret with one of its codes, ends all other
// sessions, and returns a new token and the recovery codes, which are shown this once.
func (s *Service) Enrol(ctx context.Context, token, code, from string) (fresh string, recovery []string, err error) {
	who, err := s.Resume(ctx, token)
	if err != nil {
		return "", nil, err
	}
	if who.Stage != StageEnrol && who.Stage != StageDone {
		return "", nil, &scene.Error{Code: scene.Forbidden, Op: "account.Enrol", Key: "permission.role"}
	}
	fresh, id, err := s.secret()
	if err != nil {
		return "", nil, scene.Wrap("account.Enrol", err)
	}
	if recovery, err = s.newRecovery(); err != nil {
		return "", nil, scene.Wrap("account.Enrol", err)
	}
	err = s.Store.Update(ctx, func(tx store.Tx) error { return s.enrol(ctx, tx, who, code, recovery, id, from) })
	if err != nil {
		return "", nil, scene.Wrap("account.Enrol", err)
	}
	return fresh, recovery, nil
}

// enrol puts the offered secret in force, with its recovery codes.
func (s *Service) enrol(ctx context.Context, tx store.Tx, who Identity, code string, recovery []string, id scene.ID, from string) error {
	proof, err := stillIn(ctx, tx, &who)
	if err != nil {
		return err
	}
	offered, err := s.open(proof.Offered, proof.AccountID)
	if err != nil {
		return err
	}
	step, ok := matchTOTP(offered, strings.ReplaceAll(scene.Login(code), "-", ""), s.Now(), 0)
	if !ok {
		return fieldError("code", "account.code_wrong")
	}
	proof.TOTP, proof.Offered, proof.Step, proof.Recovery = proof.Offered, "", step, nil
	for _, c := range recovery {
		proof.Recovery = append(proof.Recovery, recoveryDigest(strings.ReplaceAll(c, "-", "")))
	}
	if err := tx.Accounts().PutCredential(ctx, proof); err != nil {
		return err
	}
	before, err := tx.Accounts().Get(ctx, who.Account.ID)
	if err != nil {
		return err
	}
	after := before
	after.SecondFactor, after.Updated = true, s.Now().UTC()
	if _, err := tx.Accounts().Put(ctx, after); err != nil {
		return err
	}
	if _, err := tx.Sessions().DeleteOf(ctx, after.ID, ""); err != nil {
		return err
	}
	if err := s.record(ctx, tx, after.Actor(from), "account.enrol", noun, after.ID, "", before, after); err != nil {
		return err
	}
	return s.prove(ctx, tx, who, id, from, "")
}

// newRecovery makes recovery codes of 50 random bits, written in two groups.
func (s *Service) newRecovery() ([]string, error) {
	codes := make([]string, recoveryCodes)
	for i := range codes {
		text, err := generatePassword(s.Random)
		if err != nil {
			return nil, err
		}
		codes[i] = text[:11]
	}
	return codes, nil
}

func fieldError(field, key string) error {
	return &scene.Error{Code: scene.Invalid, Key: "account.invalid", Fields: []scene.FieldError{{Field: field, Key: key}}}
}
