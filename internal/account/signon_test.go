package account_test

import (
	"testing"

	"jinghe/internal/account"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

func claim(subject, mail string) account.Claim {
	return account.Claim{Issuer: "https://sso.example.cn", Subject: subject, Mail: mail, Verified: true, Name: "李四"}
}

func (d *desk) signOn(c account.Claim) (string, error) {
	d.t.Helper()
	return d.SignOn(d.t.Context(), c, account.Attempt{From: "192.0.2.1", Agent: "test"})
}

func TestSignOnTies(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	proven := d.mailed("li", "li@example.cn", scene.RoleProvider)
	proven.MailProven = true
	err := d.rows.Update(t.Context(), func(tx store.Tx) error { _, err := tx.Accounts().Put(t.Context(), proven); return err })
	if err != nil {
		t.Fatal(err)
	}
	d.mailed("planted", "victim@example.cn", scene.RoleProvider) // nobody proved that it is his
	token, err := d.signOn(claim("1", "LI@example.cn"))
	if err != nil {
		t.Fatal(err)
	}
	who, err := d.Resume(t.Context(), token)
	if err != nil || who.Account.ID != proven.ID || who.Stage != account.StageDone {
		t.Errorf("%+v, %v", who, err)
	}
	// Once tied the person counts, whatever mail address he has by now.
	if _, err := d.signOn(claim("1", "other@example.cn")); err != nil {
		t.Error(err)
	}
	unsure := claim("2", "li@example.cn")
	unsure.Verified = false
	for name, c := range map[string]account.Claim{"Unverified": unsure, "Unproven": claim("3", "victim@example.cn"), "Stranger": claim("4", "new@example.cn"), "NoMail": claim("5", "")} {
		_, err := d.signOn(c)
		wantKey(t, name, err, "sign_on.waiting")
		_, err = d.signOn(c)
		wantKey(t, name+" again", err, "sign_on.waiting")
	}
	n, err := d.Waiting(t.Context())
	if err != nil || n != 4 {
		t.Errorf("%d wait for the centre, %v", n, err)
	}
	_, err = d.signOn(account.Claim{})
	wantKey(t, "nobody", err, "sign_on.refused")
	d.recorded("account.sign_on_tie")
	d.recorded("account.sign_on_new")
	if _, err := d.Disable(t.Context(), scene.Console(), proven.ID, "x"); err != nil {
		t.Fatal(err)
	}
	_, err = d.signOn(claim("1", "li@example.cn"))
	wantKey(t, "disabled", err, "account.wrong")
}

// TestSignOnApproved: who was let in by the centre comes in.
func TestSignOnApproved(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	_, err := d.signOn(claim("4", "new@example.cn"))
	wantKey(t, "first", err, "sign_on.waiting")
	steward := scene.Actor{ID: "s", Roles: []scene.Role{scene.RoleSteward}}
	rows, err := d.Accounts(t.Context(), steward, store.AccountFilter{State: scene.AccountPending}, store.Page{})
	if err != nil || len(rows.Items) != 1 {
		t.Fatalf("%v, %v", rows, err)
	}
	if _, err := d.Approve(t.Context(), steward, rows.Items[0].ID); err != nil {
		t.Fatal(err)
	}
	token, err := d.signOn(claim("4", "new@example.cn"))
	if err != nil {
		t.Fatal(err)
	}
	d.want(token, "at:")
	if _, err := d.try(rows.Items[0].Login, "", "x"); err == nil {
		t.Error("an account without a password lets anybody in")
	}
}

// TestSignOnStaff: staff give a second factor, here or where they signed on.
func TestSignOnStaff(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.mailed("chen", "chen@example.cn", scene.RoleSteward)
	c := claim("9", "chen@example.cn")
	for _, tt := range []struct {
		strong bool
		stage  string
	}{{false, "at:enrol"}, {true, "at:"}} {
		c.Strong = tt.strong
		token, err := d.signOn(c)
		if err != nil {
			t.Fatal(err)
		}
		d.want(token, tt.stage)
	}
	d.enrol("chen")
	for _, tt := range []struct {
		strong bool
		stage  string
	}{{false, "at:code"}, {true, "at:"}} {
		c.Strong = tt.strong
		token, err := d.signOn(c)
		if err != nil {
			t.Fatal(err)
		}
		d.want(token, tt.stage)
	}
}
