package account

import (
	"context"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

const (
	purposeReset = "reset"
	// resetLife is how long a link to a new password works.
	resetLife = 30 * time.Minute
	// letterTime bounds the sending of one letter that nobody waits for.
	letterTime = time.Minute
)

// Forgotten sends the account of a login a link to a new password, where there
// is one that may sign in and has a mail address. Whoever asks learns nothing:
// the answer is the same, and comes before any letter is sent. Asking again and
// again sends no more letters for a while.
func (s *Service) Forgotten(ctx context.Context, login, from string, message func(link string) (subject, text string)) error {
	login = scene.Login(login)
	token, id, err := s.secret()
	if err != nil {
		return scene.Wrap("account.Forgotten", err)
	}
	keys := []string{"reset:" + keyed(login), "from:reset:" + AddressKey(from)}
	var to string
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		to = ""
		if err := s.notLocked(ctx, tx, keys); err != nil {
			if scene.CodeOf(err) == scene.TooMany {
				return nil
			}
			return err
		}
		for _, key := range keys {
			if err := s.count(ctx, tx, key); err != nil {
				return err
			}
		}
		a, _, err := lookUp(ctx, tx, login)
		if err != nil {
			return err
		}
		if a.State == scene.AccountActive && a.Mail != "" {
			to = a.Mail
			if err := s.putToken(ctx, tx, scene.Token{ID: id, Purpose: purposeReset, AccountID: a.ID}, resetLife); err != nil {
				return err
			}
		}
		return s.record(ctx, tx, scene.Actor{From: from}, "account.forgotten", noun, a.ID, "", nil, nil)
	})
	if err != nil || to == "" || !s.MailPossible() {
		return scene.Wrap("account.Forgotten", err)
	}
	subject, text := message(s.link("/sign-in/reset/" + token))
	s.letters.Go(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), letterTime)
		defer cancel()
		if err := s.Mailer.Send(ctx, to, subject, text); err != nil {
			s.Log.ErrorContext(ctx, "the letter with a link to a new password was not sent", "error", err)
		}
	})
	return nil
}

// Wait returns when every letter that nobody waited for was sent or given up.
func (s *Service) Wait() { s.letters.Wait() }

// Renew uses the link of Forgotten: the account gets the password, all its
// sessions end, and older links are worthless. The second factor is still asked
// for at the next sign-in.
func (s *Service) Renew(ctx context.Context, token, password, from string) error {
	var a scene.Account
	err := s.Store.View(ctx, func(tx store.Tx) error {
		t, err := tx.Sessions().Token(ctx, digest(token))
		if err != nil {
			return err
		}
		if t.Purpose != purposeReset || !s.Now().Before(t.Expires) {
			return &scene.Error{Code: scene.NotFound, Key: "token.not_found"}
		}
		a, err = tx.Accounts().Get(ctx, t.AccountID)
		return err
	})
	if err != nil {
		return scene.Wrap("account.Renew", err)
	}
	if err := CheckPassword(password, a.Login, a.Name); err != nil {
		return err
	}
	hash, err := s.hasher.hash(ctx, password)
	if err != nil {
		return scene.Wrap("account.Renew", err)
	}
	err = s.Store.Update(ctx, func(tx store.Tx) error { return s.renew(ctx, tx, token, hash, from) })
	return scene.Wrap("account.Renew", err)
}

func (s *Service) renew(ctx context.Context, tx store.Tx, token, hash, from string) error {
	t, err := s.takeToken(ctx, tx, token, purposeReset)
	if err != nil {
		return err
	}
	before, err := tx.Accounts().Get(ctx, t.AccountID)
	if err != nil {
		return err
	}
	proof, err := tx.Accounts().Credential(ctx, t.AccountID)
	if err != nil {
		return err
	}
	if before.State != scene.AccountActive || !t.Created.After(proof.Changed) {
		return &scene.Error{Code: scene.NotFound, Key: "token.not_found"}
	}
	after, now := before, s.Now().UTC()
	after.MustChange, after.Updated = false, now
	if after, err = tx.Accounts().Put(ctx, after); err != nil {
		return err
	}
	proof.Password, proof.Changed = hash, now
	if err := tx.Accounts().PutCredential(ctx, proof); err != nil {
		return err
	}
	if _, err := tx.Sessions().DeleteOf(ctx, after.ID, ""); err != nil {
		return err
	}
	if err := tx.Sessions().PutAttempts(ctx, scene.Attempts{Key: "login:" + keyed(after.Login)}); err != nil {
		return err
	}
	return s.record(ctx, tx, scene.Actor{ID: after.ID, Name: after.Login, From: from}, "account.renew", noun, after.ID, "", before, after)
}
