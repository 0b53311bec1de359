package convene_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

func TestOrganisationNamed(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	err := h.rows.Update(ctx, func(tx store.Tx) error {
		_, err := tx.Organisations().Put(ctx, scene.Organisation{ID: "o1", Name: "甲（集团）公司", CreditCode: "91350100M000100Y43"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]scene.ID{
		"甲（集团）公司": "o1", " 甲(集团)公司 ": "o1", "91350100M000100Y43": "o1", "91350100m000100y43": "o1", "乙公司": "", "": "", "123": "",
	} {
		if got, err := h.OrganisationNamed(ctx, steward(), text); err != nil || got != want {
			t.Errorf("%q: %q, %v, want %q", text, got, err, want)
		}
	}
	_, err = h.OrganisationNamed(ctx, ofOrg("o1"), "甲")
	expectCode(t, "a provider looks others up", err, scene.Forbidden, "")
}

// TestCanBring: public entries of the organisation, and no others, can be brought.
func TestCanBring(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f := h.fair()
	p := h.owners(f.ID, 2)
	err := h.rows.Update(ctx, func(tx store.Tx) error {
		_, err := tx.Capabilities().PutMany(ctx, []scene.Capability{
			{Listing: scene.Listing{ID: "draft", Name: "草稿", OrgID: p[0].OrgID, State: scene.Draft}},
			{Listing: scene.Listing{ID: "held", Name: "待发布", OrgID: p[0].OrgID, State: scene.Published, ValidFrom: h.now().Add(time.Hour)}},
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	list, err := h.CanBring(ctx, p[0].OrgID)
	if err != nil || len(list) != 2 || list[0].Kind != scene.KindOpportunity || list[1].Name != "能力org0" {
		t.Errorf("to bring: %+v, %v", list, err)
	}
	if list, err = h.CanBring(ctx, ""); err != nil || list != nil {
		t.Errorf("of nobody: %+v, %v", list, err)
	}
	bring := func(l ...scene.FairListing) error {
		_, err := h.Amend(ctx, steward(), p[0].ID, convene.PartyForm{Delegates: p[0].Delegates, Listings: l})
		return err
	}
	for name, l := range map[string]scene.FairListing{
		"Held":    {Kind: scene.KindCapability, ID: "held"},
		"Draft":   {Kind: scene.KindCapability, ID: "draft"},
		"Foreign": {Kind: scene.KindCapability, ID: "offer-org1"},
		"Unknown": {Kind: scene.KindOpportunity, ID: "nothing"},
		"Kind":    {Kind: scene.KindOpportunity, ID: "offer-org0"},
	} {
		expectCode(t, name, bring(l), scene.Invalid, "fair.party_invalid")
	}
	expectCode(t, "own", bring(scene.FairListing{Kind: scene.KindCapability, ID: "offer-org0"}), "", "")
	err = bring(scene.FairListing{Kind: scene.KindCapability, ID: "draft"}, scene.FairListing{Kind: scene.KindCapability, ID: "draft"})
	if e, ok := errors.AsType[*scene.Error](err); !ok || len(e.Fields) != 2 {
		t.Errorf("two faults are told as %v", err)
	}
}

// TestBroughtOnly: once a party names what it brings, only that is compared.
func TestBroughtOnly(t *testing.T) {
	t.Parallel()
	h := newHall(t, paired{0.7})
	ctx := t.Context()
	f := h.fair()
	p := h.owners(f.ID, 2)
	_, err := h.Amend(ctx, steward(), p[0].ID, convene.PartyForm{Delegates: p[0].Delegates, Listings: []scene.FairListing{{Kind: scene.KindCapability, ID: "offer-org0"}}})
	if err != nil {
		t.Fatal(err)
	}
	list, _, err := h.Suggestions(ctx, f.ID, p[1].ID, 5)
	if err != nil || len(list) != 1 || list[0].Why.Offer != "offer-org0" || list[0].Why.Need != "need-org1" || list[0].Why.NeedBy != p[1].ID {
		t.Errorf("suggested %+v, %v", list, err)
	}
	if _, err := h.Decide(ctx, steward(), p[0].ID, scene.PartyWithdrawn); err != nil {
		t.Fatal(err)
	}
	if list, _, err = h.Suggestions(ctx, f.ID, p[1].ID, 5); err != nil || len(list) != 0 {
		t.Errorf("who withdrew is suggested: %+v, %v", list, err)
	}
}

// TestEmbargo: what is held back until a release is suggested to nobody.
func TestEmbargo(t *testing.T) {
	t.Parallel()
	h := newHall(t, paired{0.7})
	ctx := t.Context()
	f := h.fair()
	p := h.owners(f.ID, 2)
	err := h.rows.Update(ctx, func(tx store.Tx) error {
		for _, org := range []scene.ID{"org0", "org1"} {
			c, err := tx.Capabilities().Get(ctx, "offer-"+org)
			if err != nil {
				return err
			}
			c.ValidFrom = h.now().Add(time.Hour)
			if _, err := tx.Capabilities().Put(ctx, c); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if list, _, err := h.Suggestions(ctx, f.ID, p[0].ID, 5); err != nil || len(list) != 0 {
		t.Errorf("suggested before its release: %+v, %v", list, err)
	}
}

// TestAwayAsGuest: a delegate says himself when he is not there, and the plan minds it.
func TestAwayAsGuest(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f := h.fair(func(f *scene.Fair) { f.Min = 0 })
	p := h.guests(f.ID, 2)
	h.wish(p[0], scene.WishWant, p[1])
	var away []string
	for _, s := range f.Slots[1:] {
		away = append(away, s.ID)
	}
	if _, err := h.AwayAsGuest(ctx, p[0].Delegates[0].Code, "", away); err != nil {
		t.Fatal(err)
	}
	d := h.draft(f.ID)
	if len(d.Plan.Meetings) != 1 || d.Plan.Meetings[0].Slot != f.Slots[0].ID {
		t.Errorf("planned %+v", d.Plan.Meetings)
	}
	_, err := h.AwayAsGuest(ctx, p[0].Delegates[0].Code, "", []string{"0101-0000"})
	expectField(t, err, "away", "fair.unknown_slot", "id", "0101-0000")
	_, err = h.AwayAsGuest(ctx, "no such code", "", nil)
	expectCode(t, "no such code", err, scene.NotFound, "fair.code_unknown")
}

// TestJoinRefuses what no party is.
func TestJoinRefuses(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f := h.fair()
	one := []scene.Delegate{{Name: "张工"}}
	for name, tt := range map[string]struct {
		org   scene.ID
		form  convene.PartyForm
		code  scene.Code
		field string
	}{
		"NoName":     {"", convene.PartyForm{Delegates: one}, scene.Invalid, "name"},
		"Nobody":     {"", convene.PartyForm{Name: "甲"}, scene.Invalid, "delegates"},
		"BlankLines": {"", convene.PartyForm{Name: "甲", Delegates: []scene.Delegate{{}, {Name: "  "}}}, scene.Invalid, "delegates"},
		"MailOnly":   {"", convene.PartyForm{Name: "甲", Delegates: []scene.Delegate{{Mail: "a@b.cn"}}}, scene.Invalid, "delegates"},
		"Away":       {"", convene.PartyForm{Name: "甲", Delegates: one, Away: []string{"nowhen"}}, scene.Invalid, "away"},
		"NoOrg":      {"nothing", convene.PartyForm{Delegates: one}, scene.NotFound, ""},
		"MinMax":     {"", convene.PartyForm{Name: "甲", Delegates: one, Min: new(3), Max: new(1)}, scene.Invalid, "min"},
	} {
		_, err := h.Join(ctx, steward(), f.ID, tt.org, tt.form)
		expectCode(t, name, err, tt.code, "")
		if e, ok := errors.AsType[*scene.Error](err); ok && tt.field != "" && (len(e.Fields) == 0 || e.Fields[0].Field != tt.field) {
			t.Errorf("%s: told at %+v, want %s", name, e.Fields, tt.field)
		}
	}
	_, err := h.Join(ctx, steward(), "nothing", "", convene.PartyForm{Name: "甲", Delegates: one})
	expectCode(t, "no such fair", err, scene.NotFound, "fair.not_found")
	long := convene.PartyForm{Name: strings.Repeat("长", 201), Delegates: one}
	_, err = h.Join(ctx, steward(), f.ID, "", long)
	expectField(t, err, "name", "field.too_long", "limit", 200)
}

// TestCalled: who stands at the desk without a badge is found by name, or by that of
// the organisation.
func TestCalled(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	f := h.fair()
	for name, people := range map[string][]string{"临港集团": {"王芳", "李雷"}, "水务集团": {"王芳", "王芳芳"}, "数字公司": {"韩梅"}} {
		var list []scene.Delegate
		for _, x := range people {
			list = append(list, scene.Delegate{Name: x})
		}
		p, err := h.Join(t.Context(), steward(), f.ID, "", convene.PartyForm{Name: name, Delegates: list})
		if err != nil {
			t.Fatal(err)
		}
		if name == "数字公司" {
			if _, err := h.Decide(t.Context(), steward(), p.ID, scene.PartyWithdrawn); err != nil {
				t.Fatal(err)
			}
		}
	}
	b, err := h.Board(t.Context(), f.ID)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"李雷": "临港集团/李雷 ", "王芳": "临港集团/王芳 水务集团/王芳 ", "王芳芳": "水务集团/王芳芳 ", "临港": "临港集团/李雷 临港集团/王芳 ", " ": "", "韩梅": "", "没有": "",
	} {
		got := ""
		for _, x := range b.Called(text) {
			got += x.Party.Name + "/" + x.Delegate.Name + " "
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
