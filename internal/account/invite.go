package account

import (
	"context"
	"errors"
	"slices"
	"strings"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Invite makes a link by which a colleague joins the actor's organisation, with
// roles that the actor has itself, and returns its path. Where a mail address
// is given and mail is possible, it is sent; message makes subject and text.
func (s *Service) Invite(ctx context.Context, by scene.Actor, roles []scene.Role, mail string, message func(link string) (subject, text string)) (path string, err error) {
	if err := by.May(scene.MemberInvite, scene.Object{OrgID: by.OrgID}); err != nil {
		return "", err
	}
	if len(roles) == 0 {
		return "", fieldError("roles", "account.role_missing")
	}
	for _, r := range roles {
		if !r.Enterprise() || !by.Has(r) || by.OrgID == "" {
			return "", fieldError("roles", "permission.role")
		}
	}
	if mail = strings.TrimSpace(mail); mail != "" && !scene.ValidMail(mail) {
		return "", fieldError("mail", "account.mail")
	}
	token, id, err := s.secret()
	if err != nil {
		return "", scene.Wrap("account.Invite", err)
	}
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		t := scene.Token{ID: id, Purpose: purposeInvite, OrgID: by.OrgID, Roles: slices.Clone(roles), By: by.ID}
		if err := s.putToken(ctx, tx, t, inviteLife); err != nil {
			return err
		}
		return s.record(ctx, tx, by, "account.invite", "organisation", by.OrgID, scene.Contact{Mail: mail}.Masked().Mail, nil, nil)
	})
	if err != nil {
		return "", scene.Wrap("account.Invite", err)
	}
	path = "/invitations/" + token
	if mail != "" && s.MailPossible() && message != nil {
		subject, text := message(s.link(path))
		err = s.Mailer.Send(ctx, mail, subject, text)
	}
	return path, scene.Wrap("account.Invite", err)
}

// Invitation returns where a link leads, without using it up; NotFound where
// it was used or has expired.
func (s *Service) Invitation(ctx context.Context, token string) (t scene.Token, o scene.Organisation, err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		if t, err = tx.Sessions().Token(ctx, digest(token)); err != nil {
			return err
		}
		if t.Purpose != purposeInvite || !s.Now().Before(t.Expires) {
			return &scene.Error{Code: scene.NotFound, Key: "token.not_found"}
		}
		o, err = store.Standing(ctx, tx, t.OrgID)
		return err
	})
	return t, o, scene.Wrap("account.Invitation", err)
}

// Joining is what a colleague writes who was invited.
type Joining struct {
	Login, Name, Mail, Phone, Password string
	Consents                           []scene.Consent
	From                               string
}

// Accept uses an invitation: the account is active at once, for a colleague
// vouches for it. Where he was disabled meanwhile, the link is a NotFound.
func (s *Service) Accept(ctx context.Context, token string, n Joining) (a scene.Account, err error) {
	t, o, err := s.Invitation(ctx, token)
	if err != nil {
		return a, err
	}
	a = scene.Account{
		Login: scene.Login(n.Login), Name: strings.TrimSpace(n.Name), Mail: strings.TrimSpace(n.Mail), Phone: strings.TrimSpace(n.Phone),
		OrgID: o.ID, Roles: t.Roles, State: scene.AccountActive, Consents: slices.Clone(n.Consents),
	}
	if err := a.Validate(); err != nil {
		return a, scene.Wrap("account.Accept", err)
	}
	if err := reachable(&a); err != nil {
		return a, err
	}
	if !consented(n.Consents) {
		return a, fieldError("consent", "account.consent")
	}
	if err := CheckPassword(n.Password, a.Login, a.Name, o.Name); err != nil {
		return a, err
	}
	hash, err := s.hasher.hash(ctx, n.Password)
	if err != nil {
		return a, scene.Wrap("account.Accept", err)
	}
	asked := a
	err = s.Store.Update(ctx, func(tx store.Tx) (err error) {
		if err := s.takeInvitation(ctx, tx, token); err != nil {
			return err
		}
		joined, err := store.Standing(ctx, tx, asked.OrgID)
		if err != nil {
			return err
		}
		member := asked
		member.OrgID = joined.ID
		if a, err = s.insert(ctx, tx, member, hash); err != nil {
			return loginTaken(err)
		}
		return s.record(ctx, tx, scene.Actor{ID: a.ID, Name: a.Login, From: n.From}, "account.join", noun, a.ID, "", nil, a)
	})
	return a, scene.Wrap("account.Accept", err)
}

// takeInvitation uses an invitation up. One of a colleague who no longer
// belongs there, or no longer has those roles, is worth nothing: he vouches.
func (s *Service) takeInvitation(ctx context.Context, tx store.Tx, token string) error {
	t, err := s.takeToken(ctx, tx, token, purposeInvite)
	if err != nil {
		return err
	}
	host, err := tx.Accounts().Get(ctx, t.By)
	if err != nil && scene.CodeOf(err) != scene.NotFound {
		return err
	}
	org, err := store.Standing(ctx, tx, t.OrgID)
	if err != nil && scene.CodeOf(err) != scene.NotFound {
		return err
	}
	lacks := func(r scene.Role) bool { return !slices.Contains(host.Roles, r) }
	if host.State != scene.AccountActive || host.OrgID != org.ID || slices.ContainsFunc(t.Roles, lacks) {
		return &scene.Error{Code: scene.NotFound, Key: "token.not_found"}
	}
	return nil
}

// RevealContact returns the contact of a listing in full, for a purpose that
// the actor states; purpose and row are recorded in the same transaction.
func (s *Service) RevealContact(ctx context.Context, by scene.Actor, kind scene.Kind, id scene.ID, purpose string) (c scene.Contact, err error) {
	if len([]rune(strings.TrimSpace(purpose))) < 4 {
		return c, fieldError("purpose", "account.purpose")
	}
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		var l scene.Listing
		switch kind {
		case scene.KindOpportunity:
			o, err := tx.Opportunities().Get(ctx, id)
			if err != nil {
				return err
			}
			l = o.Listing
		case scene.KindCapability:
			o, err := tx.Capabilities().Get(ctx, id)
			if err != nil {
				return err
			}
			l = o.Listing
		default:
			return &scene.Error{Code: scene.NotFound, Key: "listing.kind", Args: map[string]any{"value": string(kind)}}
		}
		if err := by.May(scene.ContactReveal, scene.ObjectOf(kind, &l, "")); err != nil {
			return err
		}
		c = l.Contact
		return s.record(ctx, tx, by, string(scene.ContactReveal), string(kind), id, strings.TrimSpace(purpose), nil, nil)
	})
	if err != nil {
		return scene.Contact{}, scene.Wrap("account.RevealContact", err)
	}
	return c, nil
}

func asError(err error) (*scene.Error, bool) { return errors.AsType[*scene.Error](err) }
