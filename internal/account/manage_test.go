package account_test

import (
	"strings"
	"testing"

	"jinghe/internal/account"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

func TestAdd(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.add("taken", scene.RoleAdmin)
	for name, tt := range map[string]struct {
		n   account.NewAccount
		key string
	}{
		"OK":           {account.NewAccount{Login: "Li.Si", Name: "李四", Roles: []scene.Role{scene.RoleSteward}}, ""},
		"Taken":        {account.NewAccount{Login: "TAKEN", Name: "x", Roles: []scene.Role{scene.RoleSteward}}, "account.login_taken"},
		"Login":        {account.NewAccount{Login: "李四", Name: "x", Roles: []scene.Role{scene.RoleSteward}}, "account.login"},
		"NoRole":       {account.NewAccount{Login: "lisi", Name: "x"}, "account.role_missing"},
		"BadRole":      {account.NewAccount{Login: "lisi", Name: "x", Roles: []scene.Role{"king"}}, "account.role_unknown"},
		"Duties":       {account.NewAccount{Login: "lisi", Name: "x", Roles: []scene.Role{scene.RoleAuditor, scene.RoleSteward}}, "account.role_auditor"},
		"AdminSteward": {account.NewAccount{Login: "lisi", Name: "x", Roles: []scene.Role{scene.RoleAdmin, scene.RoleSteward}}, "account.role_admin"},
		"Department":   {account.NewAccount{Login: "lisi", Name: "x", Roles: []scene.Role{scene.RoleDepartment}}, "account.department"},
		"Organisation": {account.NewAccount{Login: "lisi", Name: "x", Roles: []scene.Role{scene.RoleOwner}}, "account.organisation"},
		"Password":     {account.NewAccount{Login: "lisi", Name: "x", Roles: []scene.Role{scene.RoleExpert}, Password: "short"}, "password.short"},
	} {
		_, password, err := d.Add(t.Context(), scene.Console(), tt.n)
		wantKey(t, name, err, tt.key)
		if (password != "") != (tt.key == "") {
			t.Errorf("%s: password %q", name, password)
		}
	}
	_, _, err := d.Add(t.Context(), scene.Actor{ID: "x", Roles: []scene.Role{scene.RoleSteward}}, account.NewAccount{})
	wantKey(t, "by a steward", err, "permission.role")
}

// TestGivenPassword: a password that somebody else chose opens nothing but the page to change it.
func TestGivenPassword(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	_, given, err := d.Add(t.Context(), scene.Console(), account.NewAccount{Login: "lisi", Name: "李四", Roles: []scene.Role{scene.RoleExpert}})
	if err != nil {
		t.Fatal(err)
	}
	token, err := d.try("lisi", given, "192.0.2.1")
	if err != nil {
		t.Fatal(err)
	}
	other, _ := d.try("lisi", given, "192.0.2.2")
	d.want(token, "at:change")
	for name, tt := range map[string]struct{ present, next, key string }{
		"Present": {"not it", goodPassword, "password.present_wrong"},
		"Same":    {given, given, "password.same"},
		"Weak":    {given, "lisi lisi!", "password.personal"},
	} {
		_, err := d.ChangePassword(t.Context(), token, tt.present, tt.next, "")
		wantKey(t, name, err, tt.key)
	}
	fresh, err := d.ChangePassword(t.Context(), token, given, goodPassword, "")
	if err != nil {
		t.Fatal(err)
	}
	d.want(fresh, "at:")
	d.want(token, "ended")
	d.want(other, "ended")
	if _, err := d.try("lisi", given, "192.0.2.1"); scene.CodeOf(err) != scene.Unauthorized {
		t.Errorf("the given password still opens: %v", err)
	}
	d.signIn("lisi")
	d.recorded("account.password")
}

// TestLastAdmin: nobody can lock everybody out.
func TestLastAdmin(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	a, b := d.add("admin-a", scene.RoleAdmin), d.add("admin-b", scene.RoleAdmin)
	by := b.Actor("192.0.2.1")
	if _, err := d.Disable(t.Context(), by, a.ID, "离职"); err != nil {
		t.Fatal(err)
	}
	_, err := d.Disable(t.Context(), by, b.ID, "")
	wantKey(t, "disable the last", err, "account.last_admin")
	_, err = d.SetRoles(t.Context(), by, b.ID, []scene.Role{scene.RoleLeader}, "")
	wantKey(t, "demote the last", err, "account.last_admin")
	if _, err := d.Enable(t.Context(), by, a.ID); err != nil {
		t.Fatal(err)
	}
	_, err = d.Enable(t.Context(), by, a.ID)
	wantKey(t, "enable twice", err, "account.not_disabled")
	if _, err := d.SetRoles(t.Context(), by, b.ID, []scene.Role{scene.RoleLeader}, ""); err != nil {
		t.Errorf("with another left: %v", err)
	}
}

// TestRecord: a change is told with who, from where, before and after, and no secret.
func TestRecord(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	a := d.add("lisi", scene.RoleExpert)
	if _, err := d.Disable(t.Context(), scene.Actor{ID: "adm", Name: "admin", Roles: []scene.Role{scene.RoleAdmin}, From: "192.0.2.5"}, a.ID, "离职"); err != nil {
		t.Fatal(err)
	}
	auditor := scene.Actor{ID: "aud", Roles: []scene.Role{scene.RoleAuditor}}
	rows, err := d.Record(t.Context(), auditor, store.AuditFilter{Row: a.ID}, store.Page{})
	if err != nil || len(rows.Items) != 2 {
		t.Fatalf("%d lines, %v", len(rows.Items), err)
	}
	l := rows.Items[0]
	if l.Actor != "adm" || l.Name != "admin" || l.From != "192.0.2.5" || l.Action != "account.disable" || l.Note != "离职" || !l.At.Equal(d.now()) {
		t.Errorf("line %+v", l)
	}
	if len(l.Changes) != 1 || l.Changes[0] != (scene.Difference{Field: "state", Before: "active", After: "disabled"}) {
		t.Errorf("changes %+v", l.Changes)
	}
	for _, line := range rows.Items {
		for _, c := range line.Changes {
			if strings.Contains(c.After, "argon2id") || c.Field == "password" {
				t.Errorf("a secret in the record: %+v", c)
			}
		}
	}
	_, err = d.Record(t.Context(), scene.Actor{ID: "x", Roles: []scene.Role{scene.RoleSteward}}, store.AuditFilter{}, store.Page{})
	wantKey(t, "read by a steward", err, "permission.role")
}

func TestCheckPassword(t *testing.T) {
	t.Parallel()
	for password, key := range map[string]string{
		goodPassword: "", "correct horse battery": "", "一句只有我知道的话啊": "", "kT9-uu2p.Lq": "",
		"short": "password.short", strings.Repeat("长", 129): "password.long", "line\nbreak and more": "password.characters",
		"password123!": "password.common", "P@ssw0rd2026": "password.common", "1234567890": "password.common", "aaaaaaaaaaaa": "password.common",
		"abcdefghijklm": "password.common", "woaini1314": "password.common", "5201314520": "password.common", "ｐａｓｓｗｏｒｄ１２３": "password.common",
		"qwertyqwerty": "password.common", "zhangwei2026": "password.personal", "example-1234": "password.personal",
		"zhangwei goes fishing on sundays": "",
	} {
		wantKey(t, password, account.CheckPassword(password, "zhangwei@example.cn", "张伟"), key)
	}
}

func FuzzCheckPassword(f *testing.F) {
	for _, s := range []string{goodPassword, "password123", "\xff", "１２３４５６７８９０"} {
		f.Add(s, "zhang@example.cn")
	}
	f.Fuzz(func(t *testing.T, password, about string) {
		err := account.CheckPassword(password, about)
		if err == nil && len([]rune(password)) < 10 {
			t.Errorf("%q was taken", password)
		}
		if err != nil && scene.CodeOf(err) != scene.Invalid {
			t.Errorf("%q: %v", password, err)
		}
	})
}
