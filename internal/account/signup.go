package account

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// How long links work.
const (
	mailLife   = 48 * time.Hour
	inviteLife = 7 * 24 * time.Hour
)

// What a Token is for.
const (
	purposeMail   = "mail"
	purposeInvite = "invite"
)

// SignUp is what somebody writes who wants in.
type SignUp struct {
	Login, Name, Mail, Phone string
	Password                 string
	Org                      string // registered name
	CreditCode               string
	Kind                     scene.OwnerKind
	Roles                    []scene.Role // owner, provider or both
	Consents                 []scene.Consent
	// Solved says that the proof of work was right: without it only somebody
	// of the centre can let the account in.
	Solved bool
	From   string
	// Message makes subject and text of a mail with a link; required where mail is possible.
	Message func(link string) (subject, text string)
}

// SignUp makes an account that cannot sign in yet. Where mail is possible and
// the proof of work is right, a link is sent and opening it lets the person in,
// unless the organisation is known already: that somebody belongs to it is for
// a colleague or the centre to say. Else the account waits for the centre.
// Faults are Invalid with one field each; a login that is taken is a Conflict.
func (s *Service) SignUp(ctx context.Context, n SignUp) (a scene.Account, err error) {
	if a, err = s.apply(n); err != nil {
		return a, scene.Wrap("account.SignUp", err)
	}
	hash, err := s.hasher.hash(ctx, n.Password)
	if err != nil {
		return a, scene.Wrap("account.SignUp", err)
	}
	token, id, err := s.secret()
	if err != nil {
		return a, scene.Wrap("account.SignUp", err)
	}
	byMail := s.MailPossible() && n.Solved && n.Message != nil
	applied := a
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		a = applied
		application, err := known(ctx, tx, *applied.Applied)
		if err != nil {
			return err
		}
		a.Applied, a.State = &application, scene.AccountPending
		if byMail {
			a.State = scene.AccountUnproven
		}
		if a, err = s.insert(ctx, tx, a, hash); err != nil {
			return loginTaken(err)
		}
		if byMail {
			if err := s.putToken(ctx, tx, scene.Token{ID: id, Purpose: purposeMail, AccountID: a.ID}, mailLife); err != nil {
				return err
			}
		}
		return s.record(ctx, tx, scene.Actor{ID: a.ID, Name: a.Login, From: n.From}, "account.sign_up", noun, a.ID, "", nil, a)
	})
	if err == nil && byMail {
		subject, text := n.Message(s.link("/sign-up/mail/" + token))
		if fault := s.Mailer.Send(ctx, a.Mail, subject, text); fault != nil {
			a, err = s.notSent(ctx, a, fault)
		}
	}
	return a, scene.Wrap("account.SignUp", err)
}

// notSent leaves a sign-up whose mail did not go out to the centre: nobody has
// to sign up twice because a mail server is away.
func (s *Service) notSent(ctx context.Context, a scene.Account, fault error) (scene.Account, error) {
	s.Log.ErrorContext(ctx, "mail not sent; the centre decides on the sign-up", "account", a.ID, "error", fault)
	ctx = context.WithoutCancel(ctx) // the time of the request may be used up
	err := s.Store.Update(ctx, func(tx store.Tx) error {
		held, err := tx.Accounts().Get(ctx, a.ID)
		if err != nil {
			return err
		}
		if held.State != scene.AccountUnproven { // the letter went out all the same, and was opened
			a = held
			return nil
		}
		before := held
		held.State, held.Updated = scene.AccountPending, s.Now().UTC()
		if a, err = tx.Accounts().Put(ctx, held); err != nil {
			return err
		}
		return s.record(ctx, tx, scene.Actor{ID: a.ID, Name: a.Login}, "account.mail_failed", noun, a.ID, "", before, a)
	})
	return a, err
}

// known finds out whether the organisation of an application is there already, and
// keeps beside its registered name another one that was typed.
func known(ctx context.Context, tx store.Tx, a scene.Application) (scene.Application, error) {
	typed := cmp.Or(a.Typed, a.Name)
	held, err := tx.Organisations().Find(ctx, a.CreditCode, scene.NameKey(a.Name))
	if scene.CodeOf(err) == scene.NotFound {
		a.Known, a.Name, a.Typed = false, typed, ""
		return a, nil
	}
	if err != nil {
		return a, err
	}
	if held.CreditCode != "" && held.CreditCode != a.CreditCode {
		return a, fieldError("credit_code", "account.code_differs")
	}
	a.Known, a.Name, a.Typed = true, held.Name, ""
	if scene.NameKey(typed) != scene.NameKey(held.Name) {
		a.Typed = typed
	}
	return a, nil
}

// reachable checks the telephone number that somebody types for himself. It is
// no part of what an account must be: those from before keep what they have.
func reachable(a *scene.Account) error {
	if a.Phone != "" && !scene.ValidPhone(scene.Narrow(a.Phone)) {
		return fieldError("phone", "contact.phone")
	}
	return nil
}

// apply checks what was written and returns the account that it asks for.
func (s *Service) apply(n SignUp) (scene.Account, error) {
	a := scene.Account{
		Login: scene.Login(n.Login), Name: strings.TrimSpace(n.Name), Mail: strings.TrimSpace(n.Mail), Phone: strings.TrimSpace(n.Phone),
		Roles: slices.Clone(n.Roles), State: scene.AccountPending, Consents: slices.Clone(n.Consents),
		Applied: &scene.Application{Name: strings.TrimSpace(n.Org), Kind: n.Kind},
	}
	var fields []scene.FieldError
	add := func(err error) {
		if e, ok := asError(err); ok {
			fields = append(fields, e.Fields...)
		}
	}
	add(a.Validate())
	add(reachable(&a))
	code, err := scene.ParseCreditCode(n.CreditCode)
	if e, ok := asError(err); ok {
		fields = append(fields, scene.FieldError{Field: "credit_code", Key: e.Key, Args: e.Args})
	}
	a.Applied.CreditCode = code
	if a.Applied.Name == "" {
		fields = append(fields, scene.FieldError{Field: "org", Key: "field.required"})
	}
	if a.Mail == "" && s.MailPossible() {
		fields = append(fields, scene.FieldError{Field: "mail", Key: "field.required"})
	}
	if slices.ContainsFunc(a.Roles, func(r scene.Role) bool { return !r.Enterprise() }) {
		fields = append(fields, scene.FieldError{Field: "roles", Key: "permission.role"})
	}
	if !consented(n.Consents) {
		fields = append(fields, scene.FieldError{Field: "consent", Key: "account.consent"})
	}
	add(CheckPassword(n.Password, a.Login, a.Name, a.Applied.Name))
	if len(fields) > 0 {
		return a, &scene.Error{Code: scene.Invalid, Key: "account.invalid", Fields: fields}
	}
	return a, nil
}

// consented reports whether both documents were agreed to.
func consented(list []scene.Consent) bool {
	agreed := map[string]bool{}
	for _, c := range list {
		agreed[c.Document] = c.Version != ""
	}
	return agreed["privacy"] && agreed["terms"]
}

func (s *Service) putToken(ctx context.Context, tx store.Tx, t scene.Token, life time.Duration) error {
	t.Created = s.Now().UTC()
	t.Expires = t.Created.Add(life)
	return tx.Sessions().PutToken(ctx, t)
}

// takeToken uses a link up; one for something else, or that has expired, is
// the same NotFound as one that never was.
func (s *Service) takeToken(ctx context.Context, tx store.Tx, token, purpose string) (scene.Token, error) {
	t, err := tx.Sessions().TakeToken(ctx, digest(token))
	if err == nil && (t.Purpose != purpose || !s.Now().Before(t.Expires)) {
		err = &scene.Error{Code: scene.NotFound, Key: "token.not_found"}
	}
	return t, err
}

// ProveMail uses the link of a sign-up. The account is active afterwards, or
// waits for the centre where the organisation was known.
func (s *Service) ProveMail(ctx context.Context, token, from string) (a scene.Account, err error) {
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		t, err := s.takeToken(ctx, tx, token, purposeMail)
		if err != nil {
			return err
		}
		before, err := tx.Accounts().Get(ctx, t.AccountID)
		if err != nil {
			return err
		}
		if before.State != scene.AccountUnproven {
			return &scene.Error{Code: scene.NotFound, Key: "token.not_found"}
		}
		a = before
		a.MailProven, a.State, a.Updated = true, scene.AccountPending, s.Now().UTC()
		by := scene.Actor{ID: a.ID, Name: a.Login, From: from}
		if err = vouched(ctx, tx, &a); err != nil {
			return err
		}
		if a.Applied == nil || !a.Applied.Known {
			if a, err = s.join(ctx, tx, by, a); err != nil {
				return err
			}
			a.State = scene.AccountActive
		}
		if a, err = tx.Accounts().Put(ctx, a); err != nil {
			return err
		}
		return s.record(ctx, tx, by, "account.prove_mail", noun, a.ID, "", before, a)
	})
	return a, scene.Wrap("account.ProveMail", err)
}

// vouched looks again whether the organisation of a sign-up is known: an import
// or another sign-up may have brought it since, and a link in a mail proves a
// mail address, not that its reader belongs there.
func vouched(ctx context.Context, tx store.Tx, a *scene.Account) error {
	if a.Applied == nil {
		return nil
	}
	claim, err := known(ctx, tx, *a.Applied)
	if scene.CodeOf(err) == scene.Invalid { // of that name with another code: the centre can tell
		claim.Known, err = true, nil
	}
	a.Applied = &claim
	return err
}

// Approve lets a sign-up in: the organisation it named is found or made.
func (s *Service) Approve(ctx context.Context, by scene.Actor, id scene.ID) (scene.Account, error) {
	return s.judge(ctx, by, "account.approve", id, "", func(tx store.Tx, a scene.Account) (scene.Account, error) {
		a, err := s.join(ctx, tx, by, a)
		a.State = scene.AccountActive
		return a, err
	})
}

// Refuse keeps a sign-up out, with a reason for the record.
func (s *Service) Refuse(ctx context.Context, by scene.Actor, id scene.ID, reason string) (scene.Account, error) {
	if strings.TrimSpace(reason) == "" {
		return scene.Account{}, fieldError("reason", "listing.reason_missing")
	}
	return s.judge(ctx, by, "account.refuse", id, reason, func(_ store.Tx, a scene.Account) (scene.Account, error) {
		a.State = scene.AccountDisabled
		return a, nil
	})
}

func (s *Service) judge(ctx context.Context, by scene.Actor, action string, id scene.ID, note string,
	edit func(store.Tx, scene.Account) (scene.Account, error),
) (a scene.Account, err error) {
	if err := by.May(scene.AccountVerify, scene.Object{Account: id}); err != nil {
		return a, err
	}
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		before, err := tx.Accounts().Get(ctx, id)
		if err != nil {
			return err
		}
		if before.State != scene.AccountPending && before.State != scene.AccountUnproven {
			return &scene.Error{Code: scene.Precondition, Key: "account.not_pending"}
		}
		if a, err = edit(tx, before); err != nil {
			return err
		}
		a.Updated = s.Now().UTC()
		if a, err = tx.Accounts().Put(ctx, a); err != nil {
			return err
		}
		return s.record(ctx, tx, by, action, noun, id, note, before, a)
	})
	return a, scene.Wrap(action, err)
}

// join gives the account the organisation it applied for, which is found by
// code or name, or made.
func (s *Service) join(ctx context.Context, tx store.Tx, by scene.Actor, a scene.Account) (scene.Account, error) {
	if a.Applied == nil {
		return a, nil
	}
	held, err := tx.Organisations().Find(ctx, a.Applied.CreditCode, scene.NameKey(a.Applied.Name))
	fresh := scene.CodeOf(err) == scene.NotFound
	if err != nil && !fresh {
		return a, err
	}
	if !fresh && held.CreditCode != "" && held.CreditCode != a.Applied.CreditCode {
		return a, fieldError("credit_code", "account.code_differs")
	}
	now, before := s.Now().UTC(), held
	switch {
	case fresh:
		id, err := s.IDs.New()
		if err != nil {
			return a, err
		}
		held = scene.Organisation{
			ID: id, Name: a.Applied.Name, CreditCode: a.Applied.CreditCode, Kind: a.Applied.Kind, Source: "sign-up",
			Contact: scene.Contact{Person: a.Name, Phone: a.Phone, Mail: a.Mail}, Created: now, Updated: now,
		}
		err = s.putOrganisation(ctx, tx, by, nil, held)
		if err != nil {
			return a, err
		}
	case held.CreditCode == "":
		held.CreditCode, held.Updated = a.Applied.CreditCode, now
		if err := s.putOrganisation(ctx, tx, by, before, held); err != nil {
			return a, err
		}
	}
	a.OrgID, a.Applied = held.ID, nil
	return a, nil
}

func (s *Service) putOrganisation(ctx context.Context, tx store.Tx, by scene.Actor, before any, o scene.Organisation) error {
	o, err := tx.Organisations().Put(ctx, o)
	if err != nil {
		return err
	}
	id, err := s.IDs.New()
	if err != nil {
		return err
	}
	if err := tx.Emit(ctx, scene.Event{ID: id, Subject: scene.OrganisationChanged, IDs: []scene.ID{o.ID}, Time: s.Now().UTC(), Actor: string(by.ID)}); err != nil {
		return err
	}
	return s.record(ctx, tx, by, "organisation.join", "organisation", o.ID, "", before, o)
}

// loginTaken tells a login that is taken at its field.
func loginTaken(err error) error {
	if e, ok := asError(err); ok && e.Key == "account.login_taken" {
		return &scene.Error{
			Code: scene.Conflict, Key: "account.invalid", Err: err,
			Fields: []scene.FieldError{{Field: "login", Key: e.Key, Args: e.Args}},
		}
	}
	return err
}
