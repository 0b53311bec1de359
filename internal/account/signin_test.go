package account_test

import (
	"fmt"
	"testing"
	"time"

	"jinghe/internal/account"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// TestSignIn: whatever is wrong, a stranger is told the same.
func TestSignIn(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.add("li@example.cn", scene.RoleProvider)
	gone := d.add("gone", scene.RoleExpert)
	if _, err := d.Disable(t.Context(), scene.Console(), gone.ID, "离职"); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct{ login, password, key string }{
		"OK":       {"li@example.cn", goodPassword, ""},
		"Folded":   {" LI＠example.cn ", goodPassword, ""},
		"Wrong":    {"li@example.cn", goodPassword + "!", "account.wrong"},
		"Unknown":  {"nobody", goodPassword, "account.wrong"},
		"Disabled": {"gone", goodPassword, "account.wrong"},
		"Empty":    {"", "", "account.wrong"},
	} {
		token, err := d.try(tt.login, tt.password, "192.0.2."+fmt.Sprint(len(name)))
		wantKey(t, name, err, tt.key)
		if (token == "") != (tt.key != "") {
			t.Errorf("%s: token %q", name, token)
		}
	}
	d.recorded("account.sign_in")
	d.recorded("account.sign_in_failed")
}

// TestSignInWork: a login that nobody has costs the same hash as one that
// somebody has, and so does an account that cannot sign in.
func TestSignInWork(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.add("li", scene.RoleExpert)
	gone := d.add("gone", scene.RoleExpert)
	if _, err := d.Disable(t.Context(), scene.Console(), gone.ID, ""); err != nil {
		t.Fatal(err)
	}
	for n, login := range []string{"li", "nobody", "gone", ""} {
		before := d.Hashed()
		if _, err := d.try(login, "not the password", fmt.Sprintf("192.0.2.%d", n)); scene.CodeOf(err) != scene.Unauthorized {
			t.Fatal(err)
		}
		if n := d.Hashed() - before; n != 1 {
			t.Errorf("%q costs %d hashes", login, n)
		}
	}
}

func TestLockOut(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.add("li", scene.RoleExpert)
	for _, login := range []string{"li", "nobody"} { // alike, so that a lock tells nothing
		for range 5 {
			_, err := d.try(login, "wrong", "192.0.2.1")
			wantKey(t, login, err, "account.wrong")
		}
		_, err := d.try(login, goodPassword, "192.0.2.9")
		wantKey(t, login+" locked", err, "account.locked")
	}
	d.pass(61 * time.Second)
	if _, err := d.try("li", "wrong", "192.0.2.1"); scene.CodeOf(err) != scene.Unauthorized {
		t.Errorf("after a minute: %v", err)
	}
	_, err := d.try("li", goodPassword, "192.0.2.1")
	wantKey(t, "locked for longer", err, "account.locked")
	d.pass(2*time.Minute + time.Second)
	d.signIn("li")
	for range 4 { // the count began anew
		_, err := d.try("li", "wrong", "192.0.2.1")
		wantKey(t, "again", err, "account.wrong")
	}
	d.signIn("li")
}

func TestSlowDownByAddress(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.add("li", scene.RoleExpert)
	for n := range 30 {
		if _, err := d.try(fmt.Sprint("guess", n), "wrong", "2001:db8::1"); scene.CodeOf(err) != scene.Unauthorized {
			t.Fatalf("guess %d: %v", n, err)
		}
	}
	_, err := d.try("li", goodPassword, "2001:db8::ffff") // of the same customer
	wantKey(t, "address", err, "account.locked")
	if _, err := d.try("li", goodPassword, "2001:db8:0:1::1"); err != nil {
		t.Errorf("from elsewhere: %v", err)
	}
}

func TestSessionEnds(t *testing.T) {
	t.Parallel()
	tests := map[string]func(d *desk, a scene.Account, token string) error{
		"SignOut": func(d *desk, _ scene.Account, token string) error { return d.SignOut(d.t.Context(), token, "") },
		"Idle":    func(d *desk, _ scene.Account, _ string) error { d.pass(8*time.Hour + time.Minute); return nil },
		"RolesChanged": func(d *desk, a scene.Account, _ string) error {
			_, err := d.SetRoles(d.t.Context(), scene.Console(), a.ID, []scene.Role{scene.RoleAttendee}, "")
			return err
		},
		"Disabled": func(d *desk, a scene.Account, _ string) error {
			_, err := d.Disable(d.t.Context(), scene.Console(), a.ID, "")
			return err
		},
		"Reset": func(d *desk, a scene.Account, _ string) error {
			_, _, err := d.Reset(d.t.Context(), scene.Console(), a.ID)
			return err
		},
		"Everywhere": func(d *desk, a scene.Account, _ string) error {
			n, err := d.SignOutOthers(d.t.Context(), a.Actor(""), "")
			if n != 2 {
				d.t.Errorf("%d sessions ended, want 2", n)
			}
			return err
		},
		"Lifetime": func(d *desk, _ scene.Account, token string) error {
			for range 7 * 24 { // in use all the time
				d.pass(time.Hour)
				if _, err := d.Resume(d.t.Context(), token); err != nil && scene.CodeOf(err) != scene.Unauthorized {
					return err
				}
			}
			return nil
		},
	}
	for name, end := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			a := d.add("li", scene.RoleExpert)
			token := d.signIn("li")
			other := d.signIn("li")
			d.want(token, "at:")
			if err := end(d, a, token); err != nil {
				t.Fatal(err)
			}
			d.want(token, "ended")
			if name == "SignOut" {
				d.want(other, "at:")
			}
		})
	}
}

// TestFixation: the token that a browser brings is worthless once somebody signed in with it.
func TestFixation(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.add("li", scene.RoleExpert)
	planted := d.signIn("li")
	token, err := d.SignIn(t.Context(), account.Attempt{Login: "li", Password: goodPassword, From: "192.0.2.1", Replaces: planted})
	if err != nil || token == planted {
		t.Fatalf("token %q, %v", token, err)
	}
	d.want(planted, "ended")
	d.want(token, "at:")
	d.want("invented", "ended")
	d.want("", "ended")
}

// TestTokensAreNotStored: a copy of the rows lets nobody in.
func TestTokensAreNotStored(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	a := d.add("li", scene.RoleExpert)
	token := d.signIn("li")
	err := d.rows.View(t.Context(), func(tx store.Tx) error {
		list, err := tx.Sessions().Of(t.Context(), a.ID)
		if len(list) != 1 || string(list[0].ID) == token {
			t.Errorf("sessions %+v", list)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	sessions, err := d.Sessions(t.Context(), a.Actor(""))
	if err != nil || len(sessions) != 1 {
		t.Fatalf("%d sessions, %v", len(sessions), err)
	}
	d.want(string(sessions[0].ID), "ended")
}

// TestSecondFactor walks staff through enrolment and signing in.
func TestSecondFactor(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.add("li", scene.RoleSteward)
	token := d.signIn("li")
	d.want(token, "at:enrol")
	secret, _, err := d.Offer(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	if again, _, err := d.Offer(t.Context(), token); again != secret || err != nil {
		t.Errorf("another secret on reload, %v", err)
	}
	_, _, err = d.Enrol(t.Context(), token, "000000", "")
	wantKey(t, "wrong code", err, "account.code_wrong")
	used := d.code(secret)
	token, recovery, err := d.Enrol(t.Context(), token, used, "")
	if err != nil || len(recovery) != 8 {
		t.Fatalf("%d recovery codes, %v", len(recovery), err)
	}
	d.want(token, "at:")

	half := d.signIn("li")
	d.want(half, "at:code")
	if who, err := d.Resume(t.Context(), half); err != nil || whoKnown(&who) {
		t.Errorf("half a sign-in acts: %v", err)
	}
	_, err = d.Code(t.Context(), half, used, "")
	wantKey(t, "replay", err, "account.code_wrong")
	d.pass(30 * time.Second)
	fresh, err := d.Code(t.Context(), half, d.code(secret), "")
	if err != nil || fresh == half {
		t.Fatalf("token %q, %v", fresh, err)
	}
	d.want(half, "ended")
	d.want(fresh, "at:")

	half = d.signIn("li")
	if fresh, err = d.Code(t.Context(), half, recovery[3], ""); err != nil {
		t.Fatalf("recovery: %v", err)
	}
	d.want(fresh, "at:")
	half = d.signIn("li")
	_, err = d.Code(t.Context(), half, recovery[3], "")
	wantKey(t, "recovery twice", err, "account.code_wrong")
	for range 4 {
		_, err := d.Code(t.Context(), half, "123", "")
		wantKey(t, "guess", err, "account.code_wrong")
	}
	_, err = d.Code(t.Context(), half, recovery[1], "")
	wantKey(t, "guessing codes", err, "account.locked")
}

func whoKnown(who *account.Identity) bool {
	a := who.Actor("")
	return a.Known()
}
