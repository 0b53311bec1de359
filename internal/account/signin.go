package account

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"math"
	"net/netip"
	"strings"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// How guessing is slowed down. A login and an address count alone: neither
// many guesses at one account nor one guess at many get anywhere.
const (
	loginFailures   = 5  // wrong passwords for a login before it is locked
	addressFailures = 30 // from an address before it has to wait
	maxLock         = 30 * time.Minute
	// forget is how long failures are remembered after the last one.
	forget = 24 * time.Hour
)

// How long a session lasts. Staff see more, so theirs end sooner.
const (
	idle          = 8 * time.Hour
	lifetime      = 7 * 24 * time.Hour
	staffIdle     = 2 * time.Hour
	staffLifetime = 12 * time.Hour
	// unprovenLifetime is how long a code may be waited for after the password.
	unprovenLifetime = 15 * time.Minute
	// seenEvery bounds how often the last use of a session is written.
	seenEvery = time.Minute
)

// Attempt is one try to sign in.
type Attempt struct {
	Login    string
	Password string
	From     string // network address
	Agent    string // of the browser
	// Replaces is the token that the browser held before; it is worthless afterwards.
	Replaces string
}

// SignIn checks a login with its password and returns the token of a new
// session. Whatever is wrong (no such login, wrong password, not active) is
// the same Unauthorized error account.wrong, after the same work. Too many
// failures are a TooMany error account.locked with the seconds to wait.
func (s *Service) SignIn(ctx context.Context, a Attempt) (token string, err error) {
	login := scene.Login(a.Login)
	keys := []string{"login:" + keyed(login), "from:" + AddressKey(a.From)}
	var found scene.Account
	var proof scene.Credential
	err = s.Store.View(ctx, func(tx store.Tx) error {
		if err := s.notLocked(ctx, tx, keys); err != nil {
			return err
		}
		found, proof, err = lookUp(ctx, tx, login)
		return err
	})
	if err != nil {
		return "", scene.Wrap("account.SignIn", err)
	}
	good, err := s.hasher.matches(ctx, a.Password, proof.Password)
	if err != nil {
		return "", scene.Wrap("account.SignIn", err)
	}
	if !good || found.State != scene.AccountActive {
		return "", scene.Wrap("account.SignIn", s.failed(ctx, found, keys, a.From))
	}
	token, err = s.signedIn(ctx, found, proof.Password, keys, a)
	return token, scene.Wrap("account.SignIn", err)
}

// lookUp returns the account of a login and what proves it; both are empty
// where there is none.
func lookUp(ctx context.Context, tx store.Tx, login string) (a scene.Account, c scene.Credential, err error) {
	a, err = tx.Accounts().Find(ctx, login)
	if scene.CodeOf(err) == scene.NotFound {
		return scene.Account{}, c, nil
	}
	if err != nil {
		return a, c, err
	}
	c, err = tx.Accounts().Credential(ctx, a.ID)
	if scene.CodeOf(err) == scene.NotFound {
		return a, scene.Credential{}, nil
	}
	return a, c, err
}

// keyed hides a login in the table of failures: somebody may have typed a password there.
func keyed(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:16])
}

// AddressKey is what of a network address counts as one caller: all of it, of
// IPv6 the /64 that one customer has.
func AddressKey(from string) string {
	addr, err := netip.ParseAddr(from)
	if err != nil || addr.Unmap().Is4() {
		return strings.ToValidUTF8(from, "")
	}
	p, err := addr.WithZone("").Prefix(64)
	if err != nil {
		return from
	}
	return p.String()
}

// notLocked returns a TooMany error if one of the keys has to wait.
func (s *Service) notLocked(ctx context.Context, tx store.Tx, keys []string) error {
	now := s.Now()
	for _, key := range keys {
		a, err := tx.Sessions().Attempts(ctx, key)
		if err != nil {
			return err
		}
		if wait := a.Until.Sub(now); wait > 0 {
			return &scene.Error{Code: scene.TooMany, Key: "account.locked", Args: map[string]any{
				"seconds": int(math.Ceil(wait.Seconds())), "minutes": int(math.Ceil(wait.Minutes())),
			}}
		}
	}
	return nil
}

// failed counts a failure under the keys and returns what the person is told.
func (s *Service) failed(ctx context.Context, a scene.Account, keys []string, from string) error {
	err := s.Store.Update(ctx, func(tx store.Tx) error {
		for _, key := range keys {
			if err := s.count(ctx, tx, key); err != nil {
				return err
			}
		}
		by := scene.Actor{From: from}
		return s.record(ctx, tx, by, "account.sign_in_failed", noun, a.ID, "", nil, nil)
	})
	if err != nil {
		return err
	}
	return &scene.Error{Code: scene.Unauthorized, Key: "account.wrong"}
}

func (s *Service) count(ctx context.Context, tx store.Tx, key string) error {
	now := s.Now().UTC()
	a, err := tx.Sessions().Attempts(ctx, key)
	if err != nil {
		return err
	}
	if now.Sub(a.Last) > forget {
		a = scene.Attempts{Key: key}
	}
	a.Failures++
	a.Last = now
	bound := loginFailures
	if strings.HasPrefix(key, "from:") {
		bound = addressFailures
	}
	if over := a.Failures - bound; over >= 0 {
		a.Until = now.Add(min(maxLock, time.Minute<<min(over, 10)))
	}
	return tx.Sessions().PutAttempts(ctx, a)
}

// signedIn makes the session, forgets the failures of the login and prunes
// what has ended. hash is what the password was compared with: where it was
// changed meanwhile, or guesses side by side have locked the login, nobody is
// let in.
func (s *Service) signedIn(ctx context.Context, a scene.Account, hash string, keys []string, try Attempt) (string, error) {
	token, id, err := s.secret()
	if err != nil {
		return "", err
	}
	now := s.Now().UTC()
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		if err := s.notLocked(ctx, tx, keys); err != nil {
			return err
		}
		if err := tx.Sessions().Prune(ctx, now.Add(-forget)); err != nil {
			return err
		}
		if err := tx.Sessions().PutAttempts(ctx, scene.Attempts{Key: keys[0]}); err != nil {
			return err
		}
		if try.Replaces != "" {
			if err := tx.Sessions().Delete(ctx, digest(try.Replaces)); err != nil {
				return err
			}
		}
		proof, err := tx.Accounts().Credential(ctx, a.ID)
		if err != nil {
			return err
		}
		if proof.Password != hash {
			return &scene.Error{Code: scene.Unauthorized, Key: "account.wrong"}
		}
		proof.SignedIn = now
		if err := tx.Accounts().PutCredential(ctx, proof); err != nil {
			return err
		}
		expires := now.Add(life(&a))
		if a.SecondFactor {
			expires = now.Add(unprovenLifetime)
		}
		if err := tx.Sessions().Put(ctx, scene.Session{
			ID: id, AccountID: a.ID, From: try.From, Agent: cut(try.Agent, 200), Created: now, Seen: now, Expires: expires,
		}); err != nil {
			return err
		}
		return s.record(ctx, tx, a.Actor(try.From), "account.sign_in", noun, a.ID, "", nil, nil)
	})
	return token, err
}

func life(a *scene.Account) time.Duration {
	if a.Staff() {
		return staffLifetime
	}
	return lifetime
}

func cut(s string, limit int) string {
	r := []rune(strings.ToValidUTF8(s, ""))
	return string(r[:min(len(r), limit)])
}

// Stage is what stands between a session and the work.
type Stage string

// The stages.
const (
	StageDone   Stage = ""
	StageCode   Stage = "code"   // the second factor is asked for
	StageChange Stage = "change" // the password was given by somebody else and has to be changed
	StageEnrol  Stage = "enrol"  // staff have to set a second factor up
)

// Identity is who a session belongs to.
type Identity struct {
	Account scene.Account
	Session scene.Session
	Stage   Stage
}

// Actor returns who acts: a visitor until every stage is passed.
func (i *Identity) Actor(from string) scene.Actor {
	if i.Stage != StageDone {
		return scene.Actor{From: from}
	}
	return i.Account.Actor(from)
}

// Resume returns who holds the token of a session. An unknown, ended or
// revoked one, or one of an account that is not active, is an Unauthorized error.
func (s *Service) Resume(ctx context.Context, token string) (who Identity, err error) {
	now := s.Now().UTC()
	err = s.Store.View(ctx, func(tx store.Tx) (err error) {
		if who.Session, err = tx.Sessions().Get(ctx, digest(token)); err != nil {
			return err
		}
		who.Account, err = tx.Accounts().Get(ctx, who.Session.AccountID)
		return err
	})
	ended := &scene.Error{Code: scene.Unauthorized, Op: "account.Resume", Key: "account.session_ended"}
	if scene.CodeOf(err) == scene.NotFound {
		return Identity{}, ended
	}
	if err != nil {
		return Identity{}, scene.Wrap("account.Resume", err)
	}
	rest := idle
	if who.Account.Staff() {
		rest = staffIdle
	}
	if who.Account.State != scene.AccountActive || !now.Before(who.Session.Expires) || now.Sub(who.Session.Seen) > rest {
		return Identity{}, ended
	}
	who.Stage = s.stage(&who)
	if now.Sub(who.Session.Seen) >= seenEvery {
		s.seen(ctx, who.Session.ID, now)
	}
	return who, nil
}

func (s *Service) stage(who *Identity) Stage {
	switch {
	case who.Account.SecondFactor && !who.Session.Proven:
		return StageCode
	case who.Account.MustChange:
		return StageChange
	case who.Account.Staff() && !who.Account.SecondFactor && !who.Session.Proven && !s.StaffByPassword:
		return StageEnrol
	}
	return StageDone
}

// seen notes that a session is in use. A failure only ends it sooner.
func (s *Service) seen(ctx context.Context, id scene.ID, now time.Time) {
	err := s.Store.Update(ctx, func(tx store.Tx) error {
		held, err := tx.Sessions().Get(ctx, id)
		if err != nil { // it may have been revoked meanwhile
			return err
		}
		held.Seen = now
		return tx.Sessions().Put(ctx, held)
	})
	if err != nil && scene.CodeOf(err) != scene.NotFound {
		s.Log.WarnContext(ctx, "last use of a session not written", "error", err)
	}
}

// stillIn returns what proves who, unless the session has ended since it was
// resumed: what an administrator or another browser ended must not come back
// under a new token.
func stillIn(ctx context.Context, tx store.Tx, who *Identity) (scene.Credential, error) {
	_, err := tx.Sessions().Get(ctx, who.Session.ID)
	if scene.CodeOf(err) == scene.NotFound {
		return scene.Credential{}, &scene.Error{Code: scene.Unauthorized, Key: "account.session_ended"}
	}
	if err != nil {
		return scene.Credential{}, err
	}
	return tx.Accounts().Credential(ctx, who.Account.ID)
}

// SignOut ends the session of a token, if it is there.
func (s *Service) SignOut(ctx context.Context, token, from string) error {
	err := s.Store.Update(ctx, func(tx store.Tx) error {
		held, err := tx.Sessions().Get(ctx, digest(token))
		if scene.CodeOf(err) == scene.NotFound {
			return nil
		}
		if err != nil {
			return err
		}
		if err := tx.Sessions().Delete(ctx, held.ID); err != nil {
			return err
		}
		return s.record(ctx, tx, scene.Actor{ID: held.AccountID, From: from}, "account.sign_out", noun, held.AccountID, "", nil, nil)
	})
	return scene.Wrap("account.SignOut", err)
}

// Sessions returns the browsers in which the actor is signed in.
func (s *Service) Sessions(ctx context.Context, by scene.Actor) (list []scene.Session, err error) {
	if err := by.May(scene.AccountSelf, scene.Object{Account: by.ID}); err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(tx store.Tx) (err error) {
		list, err = tx.Sessions().Of(ctx, by.ID)
		return err
	})
	now, kept := s.Now(), list[:0]
	for _, held := range list {
		if now.Before(held.Expires) {
			kept = append(kept, held)
		}
	}
	return kept, scene.Wrap("account.Sessions", err)
}

// SignOutOthers ends every session of the actor but the one of that token
// (all of them if it is empty), and returns how many there were.
func (s *Service) SignOutOthers(ctx context.Context, by scene.Actor, keep string) (n int, err error) {
	if err := by.May(scene.AccountSelf, scene.Object{Account: by.ID}); err != nil {
		return 0, err
	}
	err = s.Store.Update(ctx, func(tx store.Tx) (err error) {
		kept := scene.ID("")
		if keep != "" {
			kept = digest(keep)
		}
		if n, err = tx.Sessions().DeleteOf(ctx, by.ID, kept); err != nil {
			return err
		}
		return s.record(ctx, tx, by, "account.sign_out_others", noun, by.ID, "", nil, nil)
	})
	return n, scene.Wrap("account.SignOutOthers", err)
}
