package account_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"jinghe/internal/account"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// enrol sets a second factor up and returns its secret and the recovery codes.
func (d *desk) enrol(login string) (secret string, recovery []string) {
	d.t.Helper()
	token := d.signIn(login)
	secret, _, err := d.Offer(d.t.Context(), token)
	if err != nil {
		d.t.Fatal(err)
	}
	if again, _, err := d.Offer(d.t.Context(), token); err != nil || again != secret {
		d.t.Fatalf("offered %q, then %q, %v", secret, again, err)
	}
	_, recovery, err = d.Enrol(d.t.Context(), token, d.code(secret), "")
	if err != nil {
		d.t.Fatal(err)
	}
	d.pass(time.Minute)
	return secret, recovery
}

func (d *desk) credential(id scene.ID) (c scene.Credential) {
	d.t.Helper()
	err := d.rows.View(d.t.Context(), func(tx store.Tx) (err error) {
		c, err = tx.Accounts().Credential(d.t.Context(), id)
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return c
}

func TestSealedFactor(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	a := d.add("chen", scene.RoleSteward)
	secret, recovery := d.enrol("chen")
	if d.credential(a.ID).TOTP != secret {
		t.Fatal("without a key it is not as it was")
	}
	with := func(b byte) *account.Service {
		c := d.Config
		c.Key = bytes.Repeat([]byte{b}, account.KeySize)
		s, err := account.New(c)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	sealed, other := with(1), with(2)
	code := func(s *account.Service, code string) error {
		_, err := s.Code(t.Context(), d.signIn("chen"), code, "")
		d.pass(time.Minute)
		return err
	}
	wantKey(t, "a secret from before the key", code(sealed, d.code(secret)), "")
	if kept := d.credential(a.ID).TOTP; kept == secret || strings.Contains(kept, secret) || !strings.HasPrefix(kept, "v1.") {
		t.Errorf("it is not sealed now: %q", kept)
	}
	wantKey(t, "sealed", code(sealed, d.code(secret)), "")
	wantKey(t, "another key", code(other, d.code(secret)), "account.code_wrong")
	wantKey(t, "a recovery code with another key", code(other, recovery[0]), "")
	wantKey(t, "without the key", code(d.Service, d.code(secret)), "account.code_wrong")
	if _, err := account.New(account.Config{Random: bytes.NewReader(make([]byte, 99)), Key: []byte("short")}); scene.CodeOf(err) != scene.Invalid {
		t.Errorf("a key of five bytes: %v", err)
	}
}
