package convene_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// TestYesAfterANo: who declined its invitation may come after all while sign-up is open,
// as the last of those who wait where the place was given away; what was agreed to is kept
// with who comes. Who withdrew otherwise is not asked any more.
func TestYesAfterANo(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f := h.fair(func(f *scene.Fair) { f.Capacity = 1 })
	h.sides(f.ID, 1)
	list, err := h.Parties(ctx, steward(), f.ID)
	if err != nil || len(list) != 2 {
		t.Fatalf("%+v, %v", list, err)
	}
	first, other := list[0].Delegates[0].Code, list[1].Delegates[0].Code
	say := func(code string, a convene.Answer) (scene.FairParty, error) {
		return h.AnswerAsGuest(ctx, code, "192.0.2.7", a)
	}
	yes := convene.Answer{Comes: true, Name: "周代表", Consent: true}
	if p, err := say(first, convene.Answer{}); err != nil || p.State != scene.PartyWithdrawn || !p.Asked() {
		t.Fatalf("%+v, %v", p, err)
	}
	if _, err := say(first, convene.Answer{Reason: "还是不来"}); scene.CodeOf(err) != scene.Precondition {
		t.Errorf("a second no: %v", err)
	}
	if p, err := say(other, yes); err != nil || p.State != scene.PartyAccepted {
		t.Fatalf("%+v, %v", p, err)
	}
	h.setNow(h.now().Add(time.Hour))
	p, err := say(first, yes)
	if err != nil || p.State != scene.PartyWaiting || !p.SaidNo.IsZero() || !p.Created.Equal(h.now()) {
		t.Errorf("after all %+v, %v", p, err)
	}
	if d := p.Delegates[0]; d.Name != "周代表" || len(d.Consents) != 1 || d.Consents[0].Version != scene.DocumentVersion || !d.Consents[0].At.Equal(h.now()) || d.Consents[0].From != "192.0.2.7" {
		t.Errorf("kept with who comes: %+v", d)
	}
	for _, step := range []struct {
		name, mail string
		kept       int
	}{{"周代表", "zhou@example.com", 1}, {"周代", "zhou@example.com", 1}, {"吴代表", "", 0}} {
		d := p.Delegates[0]
		d.Name, d.Mail = step.name, step.mail
		if p, err = h.Amend(ctx, steward(), p.ID, convene.PartyForm{Delegates: []scene.Delegate{d}, Listings: p.Listings}); err != nil || len(p.Delegates[0].Consents) != step.kept {
			t.Errorf("named %s: %+v, %v, want %d consents", step.name, p.Delegates, err, step.kept)
		}
	}
	err = h.rows.View(ctx, func(tx store.Tx) error {
		rows, err := tx.Audit().List(ctx, store.AuditFilter{Action: "fair.answer"}, store.Page{Limit: 10})
		for _, r := range rows.Items {
			if text := fmt.Sprint(r.Changes); strings.Contains(text, "192.0.2.7") {
				t.Errorf("the record shows from where somebody agreed: %s", text)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Decide(ctx, steward(), p.ID, scene.PartyWithdrawn); err != nil {
		t.Fatal(err)
	}
	if _, err := say(first, yes); scene.CodeOf(err) != scene.Precondition {
		t.Errorf("one that the centre took out says yes: %v", err)
	}
}

// TestLetInAfterANo: where the centre lets a party in that said no, its no is of before.
func TestLetInAfterANo(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f := h.fair(func(f *scene.Fair) { f.Capacity = 1 })
	h.sides(f.ID, 1)
	list, err := h.Parties(ctx, steward(), f.ID)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []scene.FairPartyState{scene.PartyAccepted, scene.PartyWaiting} {
		if _, err := h.AnswerAsGuest(ctx, list[i].Delegates[0].Code, "", convene.Answer{Reason: "没有时间"}); err != nil {
			t.Fatal(err)
		}
		p, err := h.Decide(ctx, steward(), list[i].ID, scene.PartyAccepted)
		if err != nil || p.State != want || p.Declined != "" || !p.SaidNo.IsZero() {
			t.Errorf("let in: %+v, %v", p, err)
		}
	}
}
