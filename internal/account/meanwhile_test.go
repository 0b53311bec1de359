package account_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"jinghe/internal/account"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// interrupted is rows to which something happens right before the next change.
type interrupted struct {
	store.Store
	before func()
}

// Update lets it happen, once.
func (s *interrupted) Update(ctx context.Context, fn func(store.Tx) error) error {
	if before := s.before; before != nil {
		s.before = nil
		before()
	}
	return s.Store.Update(ctx, fn)
}

// TestEndedMeanwhile: what ends a session or changes a password while somebody
// is on the way in is not undone by him.
func TestEndedMeanwhile(t *testing.T) {
	t.Parallel()
	const fresh = "十月 the river is low"
	rows := &interrupted{}
	d := newDesk(t, func(c *account.Config) {
		rows.Store = c.Store
		c.Store = rows
	})
	a := d.add("li", scene.RoleProvider)
	token := d.signIn("li")
	reset := func() {
		if _, _, err := d.Reset(t.Context(), scene.Console(), a.ID); err != nil {
			t.Error(err)
		}
	}
	rows.before = reset
	_, err := d.ChangePassword(t.Context(), token, goodPassword, fresh, "192.0.2.1")
	wantKey(t, "password changed while it was reset", err, "account.session_ended")
	d.want(token, "ended")
	_, err = d.try("li", fresh, "192.0.2.1")
	wantKey(t, "the password of who was put out", err, "account.wrong")

	d.add("wang", scene.RoleProvider)
	own := d.signIn("wang")
	rows.before = func() {
		if _, err := d.ChangePassword(t.Context(), own, goodPassword, fresh, "192.0.2.1"); err != nil {
			t.Error(err)
		}
	}
	_, err = d.try("wang", goodPassword, "192.0.2.2")
	wantKey(t, "the old password while it was changed", err, "account.wrong")

	d.add("zhou", scene.RoleProvider)
	rows.before = func() {
		for range 5 {
			_, err := d.try("zhou", "guess", "192.0.2.9")
			wantKey(t, "guess", err, "account.wrong")
		}
	}
	_, err = d.try("zhou", goodPassword, "192.0.2.8")
	wantKey(t, "a right guess beside five wrong ones", err, "account.locked")
}

// TestEndedBeforeTheCode: a session that was ended does not come back by its second factor.
func TestEndedBeforeTheCode(t *testing.T) {
	t.Parallel()
	rows := &interrupted{}
	d := newDesk(t, func(c *account.Config) {
		rows.Store = c.Store
		c.Store = rows
	})
	a := d.add("li", scene.RoleSteward)
	token := d.signIn("li")
	secret, _, err := d.Offer(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	signOut := func() {
		if _, err := d.SignOutOthers(t.Context(), scene.Actor{ID: a.ID, Roles: a.Roles}, ""); err != nil {
			t.Error(err)
		}
	}
	rows.before = signOut
	_, _, err = d.Enrol(t.Context(), token, d.code(secret), "")
	wantKey(t, "enrol", err, "account.session_ended")

	token = d.signIn("li")
	if _, _, err = d.Enrol(t.Context(), token, d.code(secret), ""); err != nil {
		t.Fatal(err)
	}
	d.pass(time.Minute)
	token = d.signIn("li")
	rows.before = signOut
	_, err = d.Code(t.Context(), token, d.code(secret), "")
	wantKey(t, "code", err, "account.session_ended")
}

// TestKnownMeanwhile: a link in a mail lets nobody into an organisation that
// came into the lists after the sign-up.
func TestKnownMeanwhile(t *testing.T) {
	t.Parallel()
	for name, code := range map[string]scene.CreditCode{"SameCode": "91350100M000100Y43", "NoCode": "", "OtherCode": "91110000600037341L"} {
		var d *desk
		d = newDesk(t, mailed(&d))
		a, err := d.SignUp(t.Context(), application())
		if err != nil || a.State != scene.AccountUnproven {
			t.Fatalf("%s: %+v, %v", name, a, err)
		}
		err = d.rows.Update(t.Context(), func(tx store.Tx) error {
			_, err := tx.Organisations().Put(t.Context(), scene.Organisation{ID: "imported", Name: application().Org, CreditCode: code})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		a, err = d.ProveMail(t.Context(), d.link(), "")
		if err != nil || a.State != scene.AccountPending || a.OrgID != "" || !a.Applied.Known {
			t.Errorf("%s: %+v, %v", name, a, err)
		}
		_, err = d.Approve(t.Context(), scene.Actor{ID: "s", Roles: []scene.Role{scene.RoleSteward}}, a.ID)
		want := ""
		if name == "OtherCode" {
			want = "account.code_differs"
		}
		wantKey(t, name+" approved", err, want)
	}
}

// TestInvitationOfWhoLeft: a link ends with the account of who made it, or with its role.
func TestInvitationOfWhoLeft(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for login, leave := range map[string]func(scene.ID) (scene.Account, error){
		"disabled": func(id scene.ID) (scene.Account, error) { return d.Disable(t.Context(), scene.Console(), id, "离职") },
		"expert": func(id scene.ID) (scene.Account, error) {
			return d.SetRoles(t.Context(), scene.Console(), id, []scene.Role{scene.RoleExpert}, "")
		},
	} {
		host := d.add(login, scene.RoleProvider)
		path, err := d.Invite(t.Context(), host.Actor(""), host.Roles, "", nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := leave(host.ID); err != nil {
			t.Fatal(err)
		}
		_, err = d.Accept(t.Context(), strings.TrimPrefix(path, "/invitations/"), account.Joining{
			Login: "new-" + login, Name: "李四", Password: goodPassword, Consents: application().Consents,
		})
		wantKey(t, login, err, "token.not_found")
	}
}

// TestRefusedIsNotEnabled: a sign-up that was refused belongs nowhere, so that
// enabling it only puts it back among those who wait.
func TestRefusedIsNotEnabled(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	a, err := d.SignUp(t.Context(), application())
	if err != nil {
		t.Fatal(err)
	}
	if _, err = d.Refuse(t.Context(), scene.Console(), a.ID, "重复注册"); err != nil {
		t.Fatal(err)
	}
	if a, err = d.Enable(t.Context(), scene.Console(), a.ID); err != nil || a.State != scene.AccountPending {
		t.Errorf("%+v, %v", a, err)
	}
}

// TestRecordIsNoAddressBook: numbers and addresses of people are covered in the
// record, which nobody can remove a line from.
func TestRecordIsNoAddressBook(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	if _, err := d.SignUp(t.Context(), application()); err != nil {
		t.Fatal(err)
	}
	host := d.add("zhang2", scene.RoleProvider)
	if _, err := d.Invite(t.Context(), host.Actor(""), []scene.Role{scene.RoleProvider}, "colleague@example.cn", nil); err != nil {
		t.Fatal(err)
	}
	rows, err := d.Record(t.Context(), scene.Console(), store.AuditFilter{}, store.Page{Limit: 100})
	if err != nil || len(rows.Items) < 3 {
		t.Fatalf("%d lines, %v", len(rows.Items), err)
	}
	for _, l := range rows.Items {
		texts := []string{l.Note}
		for _, c := range l.Changes {
			texts = append(texts, c.Before, c.After)
		}
		for _, secret := range []string{"13900000000", "zhang@example.cn", "colleague@example.cn"} {
			if strings.Contains(strings.Join(texts, "\n"), secret) {
				t.Errorf("%s tells %s", l.Action, secret)
			}
		}
	}
}
