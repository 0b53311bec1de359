package convene_test

import (
	"sync"
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
		_, done, err := h.Enlist(ctx, steward(), f.ID, form)
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
	_, _, err = h.Enlist(ctx, ofOrg("org-a"), f.ID, convene.PartyForm{Name: "戊公司"})
	expectCode(t, "a provider", err, scene.Forbidden, "permission.role")
	if _, err := h.Decide(ctx, steward(), list[0].ID, scene.PartyRefused); err != nil {
		t.Fatal(err)
	}
	_, _, err = h.Enlist(ctx, steward(), f.ID, convene.PartyForm{Name: list[0].Name, Delegates: []scene.Delegate{{Name: "郑八"}}})
	expectCode(t, "one that was refused", err, scene.Conflict, "fair.add.refused")
}

// TestEnlistInvited: who was invited by a batch and is on a list, or stands at the door,
// takes part, brings what it was invited with, and its delegates are those named.
func TestEnlistInvited(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	b := h.batch(3)
	f := h.fair(func(f *scene.Fair) { f.Capacity, f.Mode = 2, scene.FairHosted })
	if _, err := h.Gather(ctx, steward(), f.ID, b.ID); err != nil {
		t.Fatal(err)
	}
	first := []scene.Delegate{{Name: "王一"}}
	if _, done, err := h.Enlist(ctx, steward(), f.ID, convene.PartyForm{Name: "单位0", Delegates: first}); err != nil || done != convene.LineAdded {
		t.Errorf("on a list: %q, %v", done, err)
	}
	if _, err := h.Join(ctx, steward(), f.ID, "org1", convene.PartyForm{Delegates: first}); err != nil {
		t.Errorf("at the door: %v", err)
	}
	if _, done, err := h.Enlist(ctx, steward(), f.ID, convene.PartyForm{Name: "单位2", Delegates: first}); err != nil || done != convene.LineWaits {
		t.Errorf("where it is full: %q, %v", done, err)
	}
	list, err := h.Parties(ctx, steward(), f.ID)
	if err != nil || len(list) != 3 {
		t.Fatalf("%d parties, %v", len(list), err)
	}
	for _, p := range list {
		want := scene.PartyAccepted
		if p.OrgID == "org2" {
			want = scene.PartyWaiting
		}
		if p.State != want || len(p.Listings) != 1 || p.Listings[0].ID != "need-"+p.OrgID || !p.Hosted || len(p.Delegates) != 1 || p.Delegates[0].Name != "王一" {
			t.Errorf("%s is %s, hosted %v, brings %v, sends %v", p.Name, p.State, p.Hosted, p.Listings, p.Delegates)
		}
	}
}

// TestEnlistApplied: who asked to be let in and is on the list of the centre is.
func TestEnlistApplied(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	h.org("org-a", "甲单位")
	f := h.fair(func(f *scene.Fair) { f.Approval = true })
	p, err := h.Join(ctx, ofOrg("org-a"), f.ID, "", convene.PartyForm{Delegates: []scene.Delegate{{Name: "王一"}}})
	if err != nil || p.State != scene.PartyApplied {
		t.Fatalf("%s, %v", p.State, err)
	}
	if _, done, err := h.Enlist(ctx, steward(), f.ID, convene.PartyForm{Name: "甲单位", Delegates: []scene.Delegate{{Name: "李二"}}}); err != nil || done != convene.LineAdded {
		t.Errorf("%q, %v", done, err)
	}
	if p, err = h.Party(ctx, steward(), p.ID); err != nil || p.State != scene.PartyAccepted || len(p.Delegates) != 2 {
		t.Errorf("%s with %v, %v", p.State, p.Delegates, err)
	}
}

// TestEnlistBesideOthers: a delegate who is named while a line is read is not lost.
func TestEnlistBesideOthers(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f := h.fair()
	add := func(name string) error {
		_, _, err := h.Enlist(ctx, steward(), f.ID, convene.PartyForm{Name: "乙公司", Delegates: []scene.Delegate{{Name: name}}})
		return err
	}
	if err := add("甲"); err != nil {
		t.Fatal(err)
	}
	names := []string{"乙", "丙", "丁", "戊", "己", "庚", "辛", "壬"}
	var group sync.WaitGroup
	for _, name := range names {
		group.Go(func() {
			if err := add(name); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	list, err := h.Parties(ctx, steward(), f.ID)
	if err != nil || len(list) != 1 || len(list[0].Delegates) != len(names)+1 {
		t.Errorf("%d delegates, %v; %d were named", len(list[0].Delegates), err, len(names)+1)
	}
}

// TestGatherWhoCameBack: an organisation that withdrew and signed up anew brings the
// entries of a batch.
func TestGatherWhoCameBack(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	b := h.batch(1)
	f := h.fair()
	join := func() scene.FairParty {
		t.Helper()
		p, err := h.Join(ctx, steward(), f.ID, "org0", convene.PartyForm{Delegates: []scene.Delegate{{Name: "王一"}}})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	if _, err := h.Decide(ctx, steward(), join().ID, scene.PartyWithdrawn); err != nil {
		t.Fatal(err)
	}
	join()
	if done, err := h.Gather(ctx, steward(), f.ID, b.ID); err != nil || done != (convene.Gathered{Joined: 1, Listings: 1}) {
		t.Errorf("%+v, %v", done, err)
	}
}
