package registry_test

import (
	"fmt"
	"strings"
	"testing"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// account makes the account of an actor, which what it typed belongs to.
func (b *bundle) account(by scene.Actor) {
	b.Helper()
	b.update(func(tx store.Tx) error {
		_, err := tx.Accounts().Put(b.Context(), scene.Account{ID: by.ID, Login: string(by.ID), Name: by.Name, Roles: by.Roles, State: scene.AccountActive})
		return err
	})
}

// TestScratch: what is typed is kept turn by turn, for its own account alone.
func TestScratch(t *testing.T) {
	t.Parallel()
	b := workshop(t)
	own, other := provider(), scene.Actor{ID: "wang", Roles: []scene.Role{scene.RoleProvider}}
	b.account(own)
	b.account(other)
	typed := scene.Scratch{Place: "new-capability", Values: map[string][]string{"name": {"漏损"}}}
	first, err := b.KeepScratch(t.Context(), own, typed)
	if err != nil || first.Turn != 1 || first.Account != own.ID || first.Saved.IsZero() {
		t.Fatalf("%+v, %v", first, err)
	}
	_, err = b.KeepScratch(t.Context(), own, typed)
	wantKey(t, "from a window that began before", err, "scratch.elsewhere")
	first.Values["name"] = []string{"漏损定位"}
	second, err := b.KeepScratch(t.Context(), own, first)
	if err != nil || second.Turn != 2 {
		t.Fatalf("%+v, %v", second, err)
	}
	if _, err := b.Scratch(t.Context(), other, typed.Place); scene.CodeOf(err) != scene.NotFound {
		t.Errorf("another account: %v", err)
	}
	got, err := b.Scratch(t.Context(), own, typed.Place)
	if err != nil || got.Values["name"][0] != "漏损定位" {
		t.Errorf("%+v, %v", got, err)
	}
	if err := b.DropScratch(t.Context(), own, typed.Place); err != nil {
		t.Fatal(err)
	}
	if all, err := b.Scratches(t.Context(), own); err != nil || len(all) != 0 {
		t.Errorf("%d are left, %v", len(all), err)
	}
	// Where it was dropped meanwhile, as by saving in another window, one goes on.
	if again, err := b.KeepScratch(t.Context(), own, second); err != nil || again.Turn != 1 {
		t.Errorf("after it was dropped: %+v, %v", again, err)
	}
}

// TestScratchBounds: a form has a size, an account a number of them, and who
// has no workspace none.
func TestScratchBounds(t *testing.T) {
	t.Parallel()
	b := workshop(t)
	own := provider()
	b.account(own)
	for n := range 35 {
		if _, err := b.KeepScratch(t.Context(), own, scene.Scratch{Place: fmt.Sprintf("entry-%d", n)}); err != nil {
			t.Fatal(err)
		}
	}
	all, err := b.Scratches(t.Context(), own)
	if err != nil || len(all) != 30 {
		t.Errorf("%d forms are kept, %v", len(all), err)
	}
	for name, tt := range map[string]struct {
		by   scene.Actor
		s    scene.Scratch
		want scene.Code
	}{
		"NoForm":   {own, scene.Scratch{}, scene.Invalid},
		"LongForm": {own, scene.Scratch{Place: strings.Repeat("x", 101)}, scene.Invalid},
		"Long":     {own, scene.Scratch{Place: "x", Values: map[string][]string{"need": {strings.Repeat("长", 50_000)}}}, scene.TooLarge},
		"Auditor":  {scene.Actor{ID: "au", Roles: []scene.Role{scene.RoleAuditor}}, scene.Scratch{Place: "x"}, scene.Forbidden},
		"Visitor":  {scene.Actor{}, scene.Scratch{Place: "x"}, scene.Unauthorized},
	} {
		if _, err := b.KeepScratch(t.Context(), tt.by, tt.s); scene.CodeOf(err) != tt.want {
			t.Errorf("%s: %v, want %s", name, err, tt.want)
		}
	}
}
