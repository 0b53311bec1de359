package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jinghe/internal/account"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// atCounter is an office in which an opportunity of another organisation and a
// capability of the office's own are open, with somebody signed in for both.
func atCounter(t *testing.T) (o *office, provider, owner *browser) {
	t.Helper()
	o = newOffice(t)
	err := o.rows.Update(t.Context(), func(tx store.Tx) error {
		if _, err := tx.Organisations().Put(t.Context(), scene.Organisation{ID: "CITY", Name: "某某水务局"}); err != nil {
			return err
		}
		listing := func(id, org scene.ID, name string) scene.Listing {
			return scene.Listing{
				ID: id, Name: name, OrgID: org, OrgName: "单位", State: scene.Published, Updated: today(),
				Contact: scene.Contact{Person: secretPerson, Phone: secretPhone, Mail: secretMail},
			}
		}
		if _, err := tx.Opportunities().Put(t.Context(), scene.Opportunity{Listing: listing("NEED", "CITY", "下穿隧道积水监测")}); err != nil {
			return err
		}
		_, err := tx.Capabilities().Put(t.Context(), scene.Capability{Listing: listing("OFFER", o.org, "积水监测终端 "+secretPhone)})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	provider = o.as(scene.RoleProvider)
	if _, _, err := o.accounts.Add(t.Context(), scene.Console(), account.NewAccount{
		Login: "waterboard", Name: "某人", OrgID: "CITY", Roles: []scene.Role{scene.RoleOwner}, Password: testPassword,
	}); err != nil {
		t.Fatal(err)
	}
	owner = o.browser()
	token, err := o.accounts.SignIn(t.Context(), account.Attempt{Login: "waterboard", Password: testPassword, From: "192.0.2.7"})
	if err != nil {
		t.Fatal(err)
	}
	owner.cookies["jinghe_session"] = &http.Cookie{Name: "jinghe_session", Value: token}
	return o, provider, owner
}

// TestPairByPage: interest, question, acceptance, contacts and a next stage by
// pages alone; no page shows a contact before both agreed, and then only the one
// that was asked for.
func TestPairByPage(t *testing.T) {
	t.Parallel()
	o, provider, owner := atCounter(t)
	steward := o.as(scene.RoleSteward)
	const begin = "/workspace/engagements/new?need=NEED&offer=OFFER"
	w := provider.fill(begin, "/workspace/engagements/new", url.Values{"need": {"NEED"}, "offer": {"OFFER"}, "text": {"请联系 " + secretPhone}})
	pair, _, _ := strings.Cut(w.Header().Get("Location"), "?")
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(pair, "/workspace/engagements/") {
		t.Fatalf("express: %d %s", w.Code, w.Body)
	}
	desk := "/console" + strings.TrimPrefix(pair, "/workspace")
	again := provider.fill(begin, "/workspace/engagements/new", url.Values{"need": {"NEED"}, "offer": {"OFFER"}})
	if to, _, _ := strings.Cut(again.Header().Get("Location"), "?"); to != pair {
		t.Errorf("pressed twice: %s, want %s", to, pair)
	}
	if body := owner.get("/inbox").Body.String(); !strings.Contains(body, "有意向") {
		t.Error("the owner is not told")
	}
	silent := func(what string) {
		t.Helper()
		for _, look := range []struct {
			b    *browser
			path string
		}{
			{provider, pair},
			{owner, pair},
			{steward, desk},
			{provider, "/workspace/engagements"},
			{owner, "/workspace/engagements"},
			{steward, "/console/engagements?all=yes"},
			{owner, "/inbox"},
			{provider, "/inbox"},
		} {
			w := look.b.get(look.path)
			if w.Code != http.StatusOK {
				t.Errorf("%s: %s: %d", what, look.path, w.Code)
			}
			noSecret(t, what+" "+look.path, w.Body.String())
		}
	}
	silent("interest")
	for b, turn := range map[*browser]string{provider: "等对方答复", owner: "等贵单位答复"} {
		for _, path := range []string{pair, "/workspace/engagements"} {
			if body := b.get(path).Body.String(); !strings.Contains(body, turn) {
				t.Errorf("%s does not say %s", path, turn)
			}
		}
	}
	if w := owner.fill(pair, pair+"/say", url.Values{"kind": {"question"}, "text": {"量程多大？"}, "seen": {"1"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("ask: %d", w.Code)
	}
	if w := owner.fill(pair, pair+"/accept", url.Values{"revision": {"2"}, "next": {"踏勘"}, "next_party": {"provider"}}); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "请填写完成日期") || !strings.Contains(w.Body.String(), `value="踏勘"`) {
		t.Errorf("accept without a day: %d", w.Code)
	}
	due := today().AddDate(0, 0, 7).Format("2006-01-02")
	accept := url.Values{"revision": {"2"}, "next": {"踏勘"}, "next_party": {"provider"}, "due": {due}}
	if w := owner.fill(pair, pair+"/accept", url.Values{"revision": {"1"}, "next": accept["next"], "next_party": accept["next_party"], "due": accept["due"]}); w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "刚刚被更新") {
		t.Errorf("accept on a stale page: %d", w.Code)
	}
	for range 2 {
		if w := owner.fill(pair, pair+"/accept", accept); w.Code != http.StatusSeeOther {
			t.Fatalf("accept: %d %s", w.Code, w.Body)
		}
	}
	silent("docking")
	agreed(t, o, provider, owner, pair)
	if w := provider.fill(pair, pair+"/move", url.Values{"revision": {"5"}, "to": {"contract"}, "next": {"发货"}, "next_party": {"provider"}, "due": {due}}); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "请填写签约金额") {
		t.Errorf("a contract without an amount: %d", w.Code)
	}
	if w := steward.fill(desk, desk+"/move", url.Values{"revision": {"5"}, "to": {"contract"}, "amount": {"80"}, "next": {"发货"}, "next_party": {"provider"}, "due": {due}}); w.Code != http.StatusSeeOther {
		t.Fatalf("contract: %d %s", w.Code, w.Body)
	}
	if body := owner.get(pair).Body.String(); !strings.Contains(body, "80 万元") || !strings.Contains(body, "发货") {
		t.Error("the contract is not shown")
	}
	body := steward.get(desk).Body.String()
	for _, want := range []string{
		"80 万元（促进中心 · 某人于 2026年11月20日 填写）", "2026年11月27日（促进中心 · 某人于 2026年11月20日 提出）", // in force, and who said so
		"踏勘（供给方，2026年11月27日前）", "发货（供给方，2026年11月27日前）", "需求方 · 某人", // each as it was agreed
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the centre does not see %s", want)
		}
	}
	if body := provider.get(pair).Body.String(); strings.Contains(body, "· 某人") || !strings.Contains(body, "80 万元（促进中心于 2026年11月20日 填写）") {
		t.Error("a side sees who of the others said it, or not which side")
	}
}

// agreed: both agree, look, and one withdraws.
func agreed(t *testing.T, o *office, provider, owner *browser, pair string) {
	t.Helper()
	if w := provider.fill(pair, pair+"/contact", url.Values{}); w.Code != http.StatusPreconditionFailed && w.Code != http.StatusConflict {
		t.Errorf("a look before anybody agreed: %d", w.Code)
	} else {
		noSecret(t, "too early", w.Body.String())
	}
	for i, b := range []*browser{provider, owner} {
		if w := b.fill(pair, pair+"/agree", url.Values{"revision": {[]string{"3", "4"}[i]}}); w.Code != http.StatusSeeOther {
			t.Fatalf("agree: %d %s", w.Code, w.Body)
		}
	}
	for _, b := range []*browser{provider, owner} {
		body := b.get(pair).Body.String()
		if said := "请联系 " + secretPhone; b == provider { // its own words
			body = strings.ReplaceAll(body, said, "")
		} else if b == owner && strings.Contains(body, said) {
			t.Error("a number in a message is read without a look")
		}
		noSecret(t, "not asked for", body)
		if w := b.fill(pair, pair+"/contact", url.Values{}); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), secretMail) || !strings.Contains(w.Body.String(), "请联系 "+secretPhone) {
			t.Errorf("the contact that both agreed to show: %d", w.Code)
		}
	}
	auditor := o.as(scene.RoleAuditor)
	if body := auditor.get("/console/record?action=contact.reveal").Body.String(); strings.Count(body, "查看联系方式") < 2 {
		t.Error("the record does not say who looked")
	} else {
		noSecret(t, "record", body)
	}
	stranger := o.as(scene.RoleOwner) // of the provider's organisation, so at the table
	if w := stranger.get(pair); w.Code != http.StatusOK {
		t.Errorf("a colleague: %d", w.Code)
	}
}

// TestPairForOthers: who has no part in a pair sees nothing of it.
func TestPairForOthers(t *testing.T) {
	t.Parallel()
	o, provider, _ := atCounter(t)
	w := provider.fill("/workspace/engagements/new?need=NEED&offer=OFFER", "/workspace/engagements/new", url.Values{"need": {"NEED"}, "offer": {"OFFER"}})
	pair, _, _ := strings.Cut(w.Header().Get("Location"), "?")
	err := o.rows.Update(t.Context(), func(tx store.Tx) error {
		_, err := tx.Organisations().Put(t.Context(), scene.Organisation{ID: "THIRD", Name: "第三方公司"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	o.org = "THIRD"
	third := o.as(scene.RoleOwner)
	for path, code := range map[string]int{pair: http.StatusForbidden, "/workspace/engagements": http.StatusOK, "/workspace/engagements/none": http.StatusNotFound} {
		w := third.get(path)
		if w.Code != code || strings.Contains(w.Body.String(), "积水") {
			t.Errorf("GET %s: %d, want %d", path, w.Code, code)
		}
	}
	for _, do := range []string{"accept", "decline", "say", "move", "stop", "agree", "withdraw", "contact"} {
		form := url.Values{"kind": {"note"}, "text": {"x"}, "revision": {"1"}, "reason": {"too_early"}, "form_token": {third.token("/account")}}
		if w := third.post(pair+"/"+do, form); w.Code != http.StatusForbidden {
			t.Errorf("%s: %d", do, w.Code)
		}
	}
	if w := third.fill("/account", "/workspace/engagements/new", url.Values{"need": {"NEED"}, "offer": {"OFFER"}}); w.Code != http.StatusForbidden {
		t.Errorf("for others: %d", w.Code)
	}
	steward := o.as(scene.RoleSteward)
	if w := steward.fill("/console/engagements/new", "/console/engagements/new", url.Values{"need": {"NEED"}, "offer": {"OFFER"}, "text": {"很合适"}}); w.Code != http.StatusSeeOther {
		t.Errorf("recommend: %d %s", w.Code, w.Body)
	}
	if body := steward.get("/console/engagements?stage=recommended").Body.String(); !strings.Contains(body, "下穿隧道积水监测") {
		t.Error("the console lacks it")
	}
	if w := steward.get("/console/engagements?stage=nonsense"); w.Code != http.StatusNotFound {
		t.Errorf("a stage that is none: %d", w.Code)
	}
}

// TestBeginning: a pair can be begun at a match by who has a part in it and by
// the centre, at a listing by who is interested, and nowhere by who only looks.
func TestBeginning(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	links := func(b *browser, path string) (list []string) {
		for _, a := range parse(t, path, b.get(path).Body.String()).all("a") {
			if href := attr(a, "href"); strings.Contains(href, "/engagements/new?") {
				list = append(list, href)
			}
		}
		return list
	}
	o.org = "ORG002"
	err := o.rows.Update(t.Context(), func(tx store.Tx) error {
		_, err := tx.Organisations().Put(t.Context(), scene.Organisation{ID: o.org, Name: "示范单位"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	owner, steward, auditor := o.as(scene.RoleOwner), o.as(scene.RoleSteward), o.as(scene.RoleAuditor)
	const matches = "/opportunities/OPP002/matches"
	for name, tt := range map[string]struct {
		b    *browser
		path string
		want string // beginning of the first link
		n    int    // at least
	}{
		"CentreAtMatch":    {steward, matches, "/console/engagements/new?need=OPP002&offer=CAP", 10},
		"VisitorAtMatch":   {o.browser(), matches, "", 0},
		"AuditorAtMatch":   {auditor, matches, "", 0},
		"VisitorAtListing": {o.browser(), "/opportunities/OPP002", "/workspace/engagements/new?need=OPP002", 1},
		"VisitorAtOffer":   {o.browser(), "/capabilities/CAP002", "/workspace/engagements/new?offer=CAP002", 1},
		"OtherAtListing":   {owner, "/capabilities/CAP009", "/workspace/engagements/new?offer=CAP009", 1},
		"AuditorAtListing": {auditor, "/opportunities/OPP002", "", 0},
	} {
		got := links(tt.b, tt.path)
		if len(got) < tt.n || tt.n == 0 && len(got) > 0 || tt.n > 0 && !strings.HasPrefix(got[0], tt.want) {
			t.Errorf("%s: %d links: %v", name, len(got), got)
		}
	}
	if w := o.browser().get("/workspace/engagements/new?need=OPP002"); w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/sign-in?next=") {
		t.Errorf("a visitor on the way: %d to %s", w.Code, w.Header().Get("Location"))
	}
}
