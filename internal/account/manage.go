package account

import (
	"context"
	"slices"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// NewAccount is an account that somebody makes for somebody else.
type NewAccount struct {
	Login      string
	Name       string
	Mail       string
	OrgID      scene.ID
	Department string
	Roles      []scene.Role
	// Password is the first password; empty lets one be made up, which has to
	// be changed at the first sign-in.
	Password string
}

// Add makes an account that can sign in at once and returns it with the
// password that was made up, if one was.
func (s *Service) Add(ctx context.Context, by scene.Actor, n NewAccount) (a scene.Account, password string, err error) {
	if err := by.May(scene.AccountManage, scene.Object{}); err != nil {
		return a, "", err
	}
	a = scene.Account{
		Login: scene.Login(n.Login), Name: n.Name, Mail: n.Mail, OrgID: n.OrgID, Department: n.Department,
		Roles: slices.Clone(n.Roles), State: scene.AccountActive, MustChange: n.Password == "",
	}
	if err := a.Validate(); err != nil {
		return a, "", scene.Wrap("account.Add", err)
	}
	password = n.Password
	if password == "" {
		if password, err = generatePassword(s.Random); err != nil {
			return a, "", err
		}
	} else if err := CheckPassword(password, a.Login, a.Name); err != nil {
		return a, "", scene.Wrap("account.Add", err)
	}
	hash, err := s.hasher.hash(ctx, password)
	if err != nil {
		return a, "", scene.Wrap("account.Add", err)
	}
	err = s.Store.Update(ctx, func(tx store.Tx) (err error) {
		a, err = s.insert(ctx, tx, a, hash)
		if err != nil {
			return err
		}
		return s.record(ctx, tx, by, "account.add", noun, a.ID, "", nil, a)
	})
	if n.Password != "" || err != nil {
		password = ""
	}
	return a, password, scene.Wrap("account.Add", err)
}

// insert writes a new account with its password.
func (s *Service) insert(ctx context.Context, tx store.Tx, a scene.Account, hash string) (scene.Account, error) {
	id, err := s.IDs.New()
	if err != nil {
		return a, err
	}
	now := s.Now().UTC()
	a.ID, a.Revision, a.Created, a.Updated = id, 0, now, now
	if a, err = tx.Accounts().Put(ctx, a); err != nil {
		return a, err
	}
	return a, tx.Accounts().PutCredential(ctx, scene.Credential{AccountID: id, Password: hash, Changed: now})
}

// SetRoles changes what an account is there for. Its sessions end: what it
// may do is decided anew when it signs in again.
func (s *Service) SetRoles(ctx context.Context, by scene.Actor, id scene.ID, roles []scene.Role, department string) (scene.Account, error) {
	return s.change(ctx, by, "account.roles", id, "", func(a *scene.Account) error {
		a.Roles, a.Department = slices.Clone(roles), department
		return a.Validate()
	})
}

// Disable keeps an account from signing in and ends its sessions. The last
// active administrator cannot be disabled.
func (s *Service) Disable(ctx context.Context, by scene.Actor, id scene.ID, reason string) (scene.Account, error) {
	return s.change(ctx, by, "account.disable", id, reason, func(a *scene.Account) error {
		a.State = scene.AccountDisabled
		return nil
	})
}

// Enable lets a disabled account sign in again. A sign-up that was refused
// waits for the centre once more: it belongs to no organisation yet.
func (s *Service) Enable(ctx context.Context, by scene.Actor, id scene.ID) (scene.Account, error) {
	return s.change(ctx, by, "account.enable", id, "", func(a *scene.Account) error {
		if a.State != scene.AccountDisabled {
			return &scene.Error{Code: scene.Precondition, Key: "account.not_disabled"}
		}
		a.State = scene.AccountActive
		if a.Applied != nil {
			a.State = scene.AccountPending
		}
		return nil
	})
}

// Reset gives an account a made-up password, which it has to change, takes its
// second factor away and ends its sessions.
func (s *Service) Reset(ctx context.Context, by scene.Actor, id scene.ID) (a scene.Account, password string, err error) {
	if password, err = generatePassword(s.Random); err != nil {
		return a, "", err
	}
	hash, err := s.hasher.hash(ctx, password)
	if err != nil {
		return a, "", scene.Wrap("account.Reset", err)
	}
	a, err = s.changeIn(ctx, by, "account.reset", id, "", func(a *scene.Account) error {
		a.MustChange, a.SecondFactor = true, false
		return nil
	}, func(tx store.Tx) error {
		return tx.Accounts().PutCredential(ctx, scene.Credential{AccountID: id, Password: hash, Changed: s.Now().UTC()})
	})
	if err != nil {
		password = ""
	}
	return a, password, err
}

func (s *Service) change(ctx context.Context, by scene.Actor, action string, id scene.ID, note string, edit func(*scene.Account) error) (scene.Account, error) {
	return s.changeIn(ctx, by, action, id, note, edit, nil)
}

// changeIn edits an account as an administrator, ends its sessions and records
// the change, all in one transaction; also, if not nil, runs in it.
func (s *Service) changeIn(ctx context.Context, by scene.Actor, action string, id scene.ID, note string,
	edit func(*scene.Account) error, also func(store.Tx) error,
) (after scene.Account, err error) {
	if err := by.May(scene.AccountManage, scene.Object{Account: id}); err != nil {
		return after, err
	}
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		before, err := tx.Accounts().Get(ctx, id)
		if err != nil {
			return err
		}
		after = before
		if err := edit(&after); err != nil {
			return err
		}
		after.Updated = s.Now().UTC()
		if after, err = tx.Accounts().Put(ctx, after); err != nil {
			return err
		}
		if err := s.adminLeft(ctx, tx, before); err != nil {
			return err
		}
		if _, err := tx.Sessions().DeleteOf(ctx, id, ""); err != nil {
			return err
		}
		if also != nil {
			if err := also(tx); err != nil {
				return err
			}
		}
		return s.record(ctx, tx, by, action, noun, id, note, before, after)
	})
	return after, scene.Wrap(action, err)
}

// adminLeft refuses a change that leaves nobody to manage accounts: it would
// take the machine itself to get in again.
func (s *Service) adminLeft(ctx context.Context, tx store.Tx, before scene.Account) error {
	if !slices.Contains(before.Roles, scene.RoleAdmin) || before.State != scene.AccountActive {
		return nil
	}
	page := store.Page{Limit: store.MaxPage}
	for {
		rows, err := tx.Accounts().List(ctx, store.AccountFilter{State: scene.AccountActive}, page)
		if err != nil {
			return err
		}
		for i := range rows.Items {
			if slices.Contains(rows.Items[i].Roles, scene.RoleAdmin) {
				return nil
			}
		}
		if page.After = rows.Next; page.After == "" {
			return &scene.Error{Code: scene.Precondition, Key: "account.last_admin"}
		}
	}
}

// ChangePassword gives the holder of the token another password, provided that
// the present one is right, ends all other sessions, and returns a new token.
func (s *Service) ChangePassword(ctx context.Context, token, present, next, from string) (fresh string, err error) {
	who, err := s.Resume(ctx, token)
	if err != nil {
		return "", err
	}
	if who.Stage == StageCode {
		return "", &scene.Error{Code: scene.Unauthorized, Op: "account.ChangePassword", Key: "account.code_first"}
	}
	var proof scene.Credential
	key := []string{"login:" + keyed(who.Account.Login)}
	err = s.Store.View(ctx, func(tx store.Tx) (err error) {
		if err := s.notLocked(ctx, tx, key); err != nil {
			return err
		}
		proof, err = tx.Accounts().Credential(ctx, who.Account.ID)
		return err
	})
	if err != nil {
		return "", scene.Wrap("account.ChangePassword", err)
	}
	good, err := s.hasher.matches(ctx, present, proof.Password)
	if err != nil {
		return "", scene.Wrap("account.ChangePassword", err)
	}
	if !good {
		if err := s.failed(ctx, who.Account, key, from); scene.CodeOf(err) != scene.Unauthorized {
			return "", scene.Wrap("account.ChangePassword", err)
		}
		return "", fieldError("present", "password.present_wrong")
	}
	if present == next {
		return "", fieldError("password", "password.same")
	}
	if err := CheckPassword(next, who.Account.Login, who.Account.Name); err != nil {
		return "", err
	}
	hash, err := s.hasher.hash(ctx, next)
	if err != nil {
		return "", scene.Wrap("account.ChangePassword", err)
	}
	fresh, err = s.putPassword(ctx, who, hash, from)
	return fresh, scene.Wrap("account.ChangePassword", err)
}

func (s *Service) putPassword(ctx context.Context, who Identity, hash, from string) (string, error) {
	fresh, id, err := s.secret()
	if err != nil {
		return "", err
	}
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		proof, err := stillIn(ctx, tx, &who)
		if err != nil {
			return err
		}
		before, err := tx.Accounts().Get(ctx, who.Account.ID)
		if err != nil {
			return err
		}
		after, now := before, s.Now().UTC()
		after.MustChange, after.Updated = false, now
		if _, err := tx.Accounts().Put(ctx, after); err != nil {
			return err
		}
		proof.Password, proof.Changed = hash, now
		if err := tx.Accounts().PutCredential(ctx, proof); err != nil {
			return err
		}
		if _, err := tx.Sessions().DeleteOf(ctx, after.ID, ""); err != nil {
			return err
		}
		held := who.Session
		held.ID, held.Seen = id, now
		if err := tx.Sessions().Put(ctx, held); err != nil {
			return err
		}
		return s.record(ctx, tx, after.Actor(from), "account.password", noun, after.ID, "", before, after)
	})
	return fresh, err
}

// Find returns the account of a login.
func (s *Service) Find(ctx context.Context, by scene.Actor, login string) (a scene.Account, err error) {
	if err := by.May(scene.AccountList, scene.Object{}); err != nil {
		return a, err
	}
	err = s.Store.View(ctx, func(tx store.Tx) (err error) {
		a, err = tx.Accounts().Find(ctx, scene.Login(login))
		return err
	})
	return a, scene.Wrap("account.Find", err)
}

// AddWorking is Add for accounts that are thrown away: the password is made
// up and need not be changed.
func (s *Service) AddWorking(ctx context.Context, by scene.Actor, n NewAccount) (scene.Account, string, error) {
	password, err := generatePassword(s.Random)
	if err != nil {
		return scene.Account{}, "", err
	}
	n.Password = password
	a, _, err := s.Add(ctx, by, n)
	return a, password, err
}
