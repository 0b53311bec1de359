package registry_test

import (
	"errors"
	"testing"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// TestNaming: an organisation asks to be called otherwise and the centre decides;
// entries and pairs follow, the old name still finds it, and nobody else's name or
// code is taken.
func TestNaming(t *testing.T) {
	t.Parallel()
	b := workshop(t)
	ctx := t.Context()
	e := b.create(ready("漏损定位"))
	b.update(func(tx store.Tx) error {
		_, err := tx.Engagements().Put(ctx, scene.Engagement{ID: "pair", Need: "n", Offer: e.Listing().ID, NeedOrg: "org-b", OfferOrg: "org-a", OfferOrgName: "甲公司", Stage: scene.StageDocking})
		return err
	})
	wanted := scene.Naming{Name: "甲智能科技有限公司", CreditCode: "91350100m000100y43"}
	wantKey(t, "without a reason", b.AskNaming(ctx, provider(), wanted, " "), "listing.reason_missing")
	wantKey(t, "as it is", b.AskNaming(ctx, provider(), scene.Naming{Name: "甲公司"}, "x"), "organisation.same_name")
	wantKey(t, "the name of another", held(t, "name", b.AskNaming(ctx, provider(), scene.Naming{Name: " 乙公司 "}, "x")), "organisation.invalid")
	wantKey(t, "a wrong code", b.AskNaming(ctx, provider(), scene.Naming{Name: "甲公司", CreditCode: "9135"}, "x"), "organisation.invalid")
	for range 2 { // asked again, it takes the place of what was asked
		if err := b.AskNaming(ctx, provider(), wanted, "已换发执照"); err != nil {
			t.Fatal(err)
		}
	}
	if list, err := b.Proposals(ctx, steward()); err != nil || len(list) != 0 {
		t.Errorf("a name stands among revisions of entries: %v, %v", list, err)
	}
	open, err := b.Namings(ctx, steward())
	if err != nil || len(open) != 1 || open[0].Proposal.Naming.CreditCode != "91350100M000100Y43" {
		t.Fatalf("queue %+v, %v", open, err)
	}
	seen := open[0].Proposal.Created
	wantKey(t, "refused without a reason", b.DecideNaming(ctx, steward(), "org-a", seen, false, ""), "listing.reason_missing")
	if err := b.DecideNaming(ctx, provider(), "org-a", seen, true, ""); scene.CodeOf(err) != scene.Forbidden {
		t.Errorf("it decides itself: %v", err)
	}
	wantKey(t, "another request", b.DecideNaming(ctx, steward(), "org-a", seen.Add(-1), true, ""), "proposal.replaced")
	if err := b.DecideNaming(ctx, steward(), "org-a", seen, true, ""); err != nil {
		t.Fatal(err)
	}
	o, err := b.Organisation(ctx, "org-a")
	if err != nil || o.Name != wanted.Name || o.CreditCode != "91350100M000100Y43" || len(o.Aliases) != 1 || o.Aliases[0] != "甲公司" {
		t.Errorf("organisation %+v, %v", o, err)
	}
	got, err := b.Entry(ctx, provider(), e.Kind(), e.Listing().ID)
	if err != nil || got.Listing().OrgName != wanted.Name {
		t.Errorf("the entry is of %q, %v", got.Listing().OrgName, err)
	}
	b.update(func(tx store.Tx) error {
		pair, err := tx.Engagements().Get(ctx, "pair")
		if pair.OfferOrgName != wanted.Name {
			t.Errorf("the pair is of %q", pair.OfferOrgName)
		}
		return err
	})
	if _, err := b.Naming(ctx, provider(), "org-a"); scene.CodeOf(err) != scene.NotFound {
		t.Errorf("still open: %v", err)
	}
	name := registry.Name{Org: "org-b", Revision: 1, Naming: scene.Naming{Name: "乙公司", CreditCode: o.CreditCode}, Kind: scene.Private, Reason: "登记错误"}
	wantKey(t, "the code of another", held(t, "credit_code", b.Rename(ctx, steward(), name)), "organisation.invalid")
	name.Naming.CreditCode = ""
	if err := b.Rename(ctx, steward(), name); err != nil {
		t.Fatal(err)
	}
	if o, err = b.Organisation(ctx, "org-b"); err != nil || o.Kind != scene.Private || o.Name != "乙公司" {
		t.Errorf("%+v, %v", o, err)
	}
}

// held expects that another organisation is named at a field, and returns the error.
func held(t *testing.T, field string, err error) error {
	t.Helper()
	e, ok := errors.AsType[*scene.Error](err)
	if !ok || len(e.Fields) != 1 || e.Fields[0].Field != field || e.Fields[0].Key != "organisation.held" || e.Fields[0].Args["name"] == "" {
		t.Errorf("at %s: %+v", field, e)
	}
	return err
}
