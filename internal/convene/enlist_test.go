package convene_test

import (
	"testing"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
)

// TestEnlist: one line at a time, whoever is in already.
func TestEnlist(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	h.org("org-a", "甲单位")
	f := h.fair(func(f *scene.Fair) { f.Capacity = 3 })
	tests := []struct {
		name, party, person, mail string
		done                      convene.LineResult
		code                      scene.Code
	}{
		{"New", "甲单位", "王一", "", convene.LineAdded, ""},
		{"Again", "甲单位", "王一", "", convene.LineAlready, ""},
		{"MailForHim", "甲单位", "王一", "w@example.com", convene.LineAlready, ""},
		{"AnotherMail", "甲单位", "王一", "x@example.com", "", scene.Conflict},
		{"Colleague", "甲单位", "李二", "", convene.LineJoined, ""},
		{"BadMail", "甲单位", "赵三", "not-an-email", "", scene.Invalid},
		{"NoDelegate", "乙公司", "", "", "", scene.Invalid},
		{"ByName", "乙公司", "钱四", "", convene.LineAdded, ""},
		{"ByNameAgain", "乙公司", "孙五", "", convene.LineJoined, ""},
		{"PartyAlone", "乙公司", "", "", convene.LineAlready, ""},
		{"Third", "丙公司", "周六", "", convene.LineAdded, ""},
		{"Full", "丁公司", "吴七", "", convene.LineWaits, ""},
	}
	for _, test := range tests {
		form := convene.PartyForm{Name: test.party}
		if test.person != "" {
			form.Delegates = []scene.Delegate{{Name: test.person, Mail: test.mail}}
		}
		done, err := h.Enlist(ctx, steward(), f.ID, form)
		if got := scene.CodeOf(err); err == nil && done != test.done || err != nil && got != test.code || err == nil && test.code != "" {
			t.Errorf("%s: %q, %v", test.name, done, err)
		}
	}
	list, err := h.Parties(ctx, steward(), f.ID)
	if err != nil || len(list) != 4 {
		t.Fatalf("%d parties, %v", len(list), err)
	}
	for _, p := range list {
		if p.OrgID == "org-a" && (len(p.Delegates) != 2 || p.Delegates[0].Mail != "w@example.com") {
			t.Errorf("%+v", p.Delegates)
		}
	}
	_, err = h.Enlist(ctx, ofOrg("org-a"), f.ID, convene.PartyForm{Name: "戊公司"})
	expectCode(t, "a provider", err, scene.Forbidden, "permission.role")
	if _, err := h.Decide(ctx, steward(), list[0].ID, scene.PartyRefused); err != nil {
		t.Fatal(err)
	}
	_, err = h.Enlist(ctx, steward(), f.ID, convene.PartyForm{Name: list[0].Name, Delegates: []scene.Delegate{{Name: "郑八"}}})
	expectCode(t, "one that was refused", err, scene.Conflict, "fair.add.refused")
}
