package account

import (
	"context"
	"strings"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Claim is what another system says of a person who signed in there.
type Claim struct {
	Issuer, Subject string // together they name the person for good
	Mail            string
	Verified        bool // the other system vouches for the mail address
	Name            string
	Strong          bool // a second factor was given there, and counts here
}

func (c *Claim) id() scene.ID { return digest(c.Issuer + "\x00" + c.Subject) }

// SignOn lets a person in whom another system vouches for, and returns the
// token of a session. The first time it is tied to the account that has the
// same mail address, where both sides have proven it; else an account is made
// that waits for the centre. Whoever may not come in (yet) gets an Unauthorized
// error: sign_on.waiting or account.wrong. A second factor is asked for as
// ever, unless the claim is strong.
func (s *Service) SignOn(ctx context.Context, c Claim, try Attempt) (token string, err error) {
	if c.Issuer == "" || c.Subject == "" {
		return "", &scene.Error{Code: scene.Unauthorized, Op: "account.SignOn", Key: "sign_on.refused"}
	}
	token, id, err := s.secret()
	if err != nil {
		return "", scene.Wrap("account.SignOn", err)
	}
	var a scene.Account
	err = s.Store.Update(ctx, func(tx store.Tx) (err error) {
		if a, err = s.claimed(ctx, tx, &c, try.From); err != nil || a.State != scene.AccountActive {
			return err
		}
		return s.signedOn(ctx, tx, a, id, &c, try)
	})
	switch {
	case err != nil:
		return "", scene.Wrap("account.SignOn", err)
	case a.State == scene.AccountPending || a.State == scene.AccountUnproven:
		return "", &scene.Error{Code: scene.Unauthorized, Op: "account.SignOn", Key: "sign_on.waiting"}
	case a.State != scene.AccountActive:
		return "", &scene.Error{Code: scene.Unauthorized, Op: "account.SignOn", Key: "account.wrong"}
	}
	return token, nil
}

// claimed returns the account that a claim is tied to, and ties it the first time.
func (s *Service) claimed(ctx context.Context, tx store.Tx, c *Claim, from string) (scene.Account, error) {
	tie, err := tx.Sessions().Tie(ctx, c.id())
	if err == nil {
		return tx.Accounts().Get(ctx, tie.AccountID)
	}
	if scene.CodeOf(err) != scene.NotFound {
		return scene.Account{}, err
	}
	a, err := s.byMail(ctx, tx, c)
	action := "account.sign_on_tie"
	if scene.CodeOf(err) == scene.NotFound {
		action = "account.sign_on_new"
		a, err = s.newcomer(ctx, tx, c)
	}
	if err != nil {
		return a, err
	}
	tie = scene.Tie{ID: c.id(), AccountID: a.ID, Issuer: c.Issuer, Subject: c.Subject, Made: s.Now().UTC()}
	if err := tx.Sessions().PutTie(ctx, tie); err != nil {
		return a, err
	}
	return a, s.record(ctx, tx, scene.Actor{ID: a.ID, Name: a.Login, From: from}, action, noun, a.ID, c.Issuer, nil, nil)
}

// byMail returns the one account whose mail address is that of the claim, both
// proven. That of staff counts, which an administrator wrote down. Several are none.
func (s *Service) byMail(ctx context.Context, tx store.Tx, c *Claim) (found scene.Account, err error) {
	none := &scene.Error{Code: scene.NotFound, Key: "account.not_found"}
	if !c.Verified {
		return found, none
	}
	matches := 0
	for page := (store.Page{Limit: store.MaxPage}); ; {
		rows, err := tx.Accounts().List(ctx, store.AccountFilter{}, page)
		if err != nil {
			return found, err
		}
		for i := range rows.Items {
			if a := &rows.Items[i]; strings.EqualFold(a.Mail, c.Mail) && (a.MailProven || a.Staff()) {
				found = *a
				matches++
			}
		}
		if page.After = rows.Next; page.After == "" {
			break
		}
	}
	if matches != 1 {
		return scene.Account{}, none
	}
	return found, nil
}

// newcomer makes an account without a password that waits for the centre.
func (s *Service) newcomer(ctx context.Context, tx store.Tx, c *Claim) (scene.Account, error) {
	a := scene.Account{
		Login: "sso-" + string(c.id()[:12]), Name: cut(strings.TrimSpace(c.Name), 50), Roles: []scene.Role{scene.RoleAttendee},
		State: scene.AccountPending, MailProven: c.Verified,
	}
	if scene.ValidMail(c.Mail) {
		a.Mail = c.Mail
	}
	if a.Name == "" {
		a.Name = a.Login
	}
	if err := a.Validate(); err != nil {
		return a, err
	}
	return s.insert(ctx, tx, a, "")
}

// signedOn makes the session.
func (s *Service) signedOn(ctx context.Context, tx store.Tx, a scene.Account, id scene.ID, c *Claim, try Attempt) error {
	now := s.Now().UTC()
	if err := tx.Sessions().Prune(ctx, now.Add(-forget)); err != nil {
		return err
	}
	if try.Replaces != "" {
		if err := tx.Sessions().Delete(ctx, digest(try.Replaces)); err != nil {
			return err
		}
	}
	expires := now.Add(life(&a))
	if a.SecondFactor && !c.Strong {
		expires = now.Add(unprovenLifetime)
	}
	held := scene.Session{
		ID: id, AccountID: a.ID, Proven: c.Strong, From: try.From, Agent: cut(try.Agent, 200), Created: now, Seen: now, Expires: expires,
	}
	if err := tx.Sessions().Put(ctx, held); err != nil {
		return err
	}
	return s.record(ctx, tx, a.Actor(try.From), "account.sign_on", noun, a.ID, c.Issuer, nil, nil)
}
