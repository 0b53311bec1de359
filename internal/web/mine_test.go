package web_test

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jinghe/internal/account"
	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// TestMine: an organisation sees the best matches of each of its open entries, with
// what it can do with them; what it passes over, for a reason, leaves its lists and
// nobody else's, and comes back when it reconsiders.
func TestMine(t *testing.T) {
	t.Parallel()
	o, provider, owner := atCounter(t)
	const page, pass = "/workspace/matches", "/workspace/matches/pass"
	at := o.services.Catalogue.(*city)
	err := o.rows.Update(t.Context(), func(tx store.Tx) error {
		for i := range 4 { // the matcher answers with the first of the city
			row := at.opportunities[i]
			row.Revision, row.OrgID, row.OrgName = 0, "CITY", "某某水务局"
			if _, err := tx.Opportunities().Put(t.Context(), row); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	body := provider.get(page).Body.String()
	if n := strings.Count(body, `class="match `); n != 3 || !strings.Contains(body, "/capabilities/OFFER/matches") || strings.Count(body, `action="`+pass+`"`) != 3 {
		t.Errorf("%d matches of the only entry: %s", n, body)
	}
	noSecret(t, "my matches", body)
	if strings.Contains(body, `id="parts-`) { // two entries may have one counterpart
		t.Error("ids that come twice once two entries match the same")
	}
	if body := owner.get(page).Body.String(); !strings.Contains(body, "/opportunities/NEED/matches") || strings.Contains(body, "/capabilities/OFFER/matches") {
		t.Error("the other side does not see its own")
	}
	form := url.Values{"kind": {"capability"}, "id": {"OFFER"}, "other": {"OPP001"}, "from": {"mine"}, "text": {"做不了"}}
	if w := provider.fill(page, pass, form); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "请选择一个理由") || !strings.Contains(w.Body.String(), "做不了") {
		t.Errorf("without a reason: %d", w.Code)
	}
	form.Set("reason", string(scene.StopRegion))
	if w := owner.fill(page, pass, form); w.Code != http.StatusSeeOther { // the need is its own, for this side
		t.Errorf("the other side: %d", w.Code)
	}
	if w := owner.fill(page, "/workspace/matches/unpass", form); w.Code != http.StatusSeeOther {
		t.Errorf("the other side reconsiders: %d", w.Code)
	}
	if w := provider.fill(page, pass, form); w.Code != http.StatusSeeOther || w.Header().Get("Location") != page+"?done=passed" {
		t.Fatalf("pass: %d %s", w.Code, w.Body)
	}
	listed := func(body string) bool {
		return strings.Contains(body, `<h3 lang="zh-CN"><a href="/opportunities/OPP001"`)
	}
	for _, path := range []string{page, "/workspace/matches?done=passed"} {
		if body := provider.get(path).Body.String(); listed(body) || !strings.Contains(body, "地区不合适") || !strings.Contains(body, "做不了") {
			t.Errorf("%s: still listed, or without the way back", path)
		}
	}
	if w := provider.fill(page, "/workspace/matches/unpass", form); w.Code != http.StatusSeeOther || !listed(provider.get(page).Body.String()) {
		t.Errorf("reconsidered: %d", w.Code)
	}
	if body := o.as(scene.RoleSteward).get(page); body.Code != http.StatusForbidden {
		t.Errorf("the centre has no matches of its own: %d", body.Code)
	}
}

// TestNoticesOfDelegates: who goes for an organisation whose pages he may not enter is led
// by what he is told of an event to his own page of it, and not told of cases.
func TestNoticesOfDelegates(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	a, _, err := h.accounts.Add(t.Context(), scene.Console(), account.NewAccount{
		Login: "guest", Name: "某人", Roles: []scene.Role{scene.RoleAttendee}, OrgID: h.org, Password: testPassword,
	})
	if err != nil {
		t.Fatal(err)
	}
	b := h.in("guest")
	party := h.wished()["某某科技有限公司"]
	path := "/workspace/events/" + string(h.fair.ID)
	if w := b.get(path); w.Header().Get("Location") != "/events/"+string(h.fair.ID) {
		t.Errorf("who is no delegate: %d %s", w.Code, w.Header().Get("Location"))
	}
	if _, err := h.fairs.Amend(t.Context(), steward(), party.ID, convene.PartyForm{Name: party.Name, Delegates: []scene.Delegate{{ID: party.Delegates[0].ID, Name: a.Name}}}); err != nil {
		t.Fatal(err)
	}
	_, rest, told := strings.Cut(b.sees("/inbox"), `href="/inbox/0`)
	if !told {
		t.Fatal("told of no plan")
	}
	if w := b.get("/inbox/0" + rest[:25]); w.Header().Get("Location") != path {
		t.Errorf("the notice leads to %s", w.Header().Get("Location"))
	}
	if w := b.get(path); w.Header().Get("Location") != "/e/"+party.Delegates[0].Code {
		t.Errorf("his own page: %d %s", w.Code, w.Header().Get("Location"))
	}
	if w := b.get("/workspace/events"); w.Code != http.StatusForbidden {
		t.Errorf("all of the organisation: %d", w.Code)
	}
	told = false
	err = h.rows.Update(t.Context(), func(tx store.Tx) error {
		n := scene.Notice{Kind: scene.NoticeEngagement, Key: "engagement.told.interest", Path: "/workspace/engagements/E"}
		if err := (store.Herald{IDs: scene.NewIDMaker(today, rand.Reader), Now: today}).TellOrg(t.Context(), tx, a.OrgID, "", n); err != nil {
			return err
		}
		rows, err := tx.Notices().List(t.Context(), store.NoticeFilter{Account: a.ID}, store.Page{})
		for i := range rows.Items {
			told = told || rows.Items[i].Kind == scene.NoticeEngagement
		}
		return err
	})
	if err != nil || told {
		t.Errorf("told of a case: %v, %v", told, err)
	}
}
