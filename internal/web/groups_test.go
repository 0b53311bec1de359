package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// TestGroupByPage: the centre brings a group together from a form, a partner is
// told, joins and agrees by pages alone, and sees the contacts of those who agreed.
func TestGroupByPage(t *testing.T) {
	t.Parallel()
	o, lead, owner := atCounter(t)
	first := o.org
	err := o.rows.Update(t.Context(), func(tx store.Tx) error {
		if _, err := tx.Organisations().Put(t.Context(), scene.Organisation{ID: "PART", Name: "苏浦传感公司"}); err != nil {
			return err
		}
		_, err := tx.Capabilities().Put(t.Context(), scene.Capability{Listing: scene.Listing{
			ID: "BESIDE", Name: "投入式水位计", OrgID: "PART", OrgName: "苏浦传感公司", State: scene.Published, Updated: today(),
			Contact: scene.Contact{Person: secretPerson, Phone: secretPhone, Mail: secretMail},
		}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	o.org = "PART"
	partner := o.as(scene.RoleOwner)
	o.org = first
	steward := o.as(scene.RoleSteward)
	if body := steward.get("/console/board/opportunity/NEED").Body.String(); !strings.Contains(body, "/console/engagements/group?need=NEED") {
		t.Error("the board leads to no group")
	}
	const form = "/console/engagements/group?need=NEED&offer=OFFER&lead_part=%E6%80%BB%E9%9B%86%E6%88%90"
	if body := steward.get(form).Body.String(); !strings.Contains(body, `value="总集成"`) || !strings.Contains(body, "下穿隧道积水监测") {
		t.Error("the form is not filled in")
	}
	values := url.Values{"need": {"NEED"}, "offer": {"OFFER"}, "lead_part": {"总集成"}, "partner2": {"http://localhost/capabilities/BESIDE?x"}}
	if w := steward.fill(form, "/console/engagements/group", values); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "请写明这家做哪一部分") || !strings.Contains(w.Body.String(), `id="fault-part2"`) {
		t.Errorf("without a part: %d", w.Code)
	}
	values.Set("part2", "供水位计")
	w := steward.fill(form, "/console/engagements/group", values)
	desk, _, _ := strings.Cut(w.Header().Get("Location"), "?")
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(desk, "/console/engagements/") {
		t.Fatalf("form: %d %s", w.Code, w.Body)
	}
	pair := "/workspace" + strings.TrimPrefix(desk, "/console")
	if body := partner.get("/inbox").Body.String(); !strings.Contains(body, "请贵单位作为伙伴") || !strings.Contains(body, "供水位计") {
		t.Error("the partner is not told")
	}
	for _, look := range []struct {
		b    *browser
		path string
	}{{partner, pair}, {lead, pair}, {owner, pair}, {steward, desk}, {partner, "/workspace/engagements"}, {steward, "/console/engagements?all=yes"}} {
		w := look.b.get(look.path)
		if body := w.Body.String(); w.Code != http.StatusOK || !strings.Contains(body, "供水位计") && !strings.Contains(body, "联合体 2 家") {
			t.Errorf("%s: %d says nothing of the group", look.path, w.Code)
		}
		noSecret(t, look.path, w.Body.String())
	}
	due := today().AddDate(0, 0, 7).Format(time.DateOnly)
	press := func(b *browser, do string, v url.Values) {
		t.Helper()
		if w := b.fill(pair, pair+"/"+do, v); w.Code != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", do, w.Code, w.Body)
		}
	}
	press(owner, "accept", url.Values{"revision": {"1"}})
	press(lead, "accept", url.Values{"revision": {"2"}, "next": {"踏勘"}, "next_party": {"provider"}, "due": {due}})
	press(partner, "accept", url.Values{"revision": {"3"}, "text": {"可以供货"}})
	press(partner, "agree", url.Values{"revision": {"4"}})
	press(owner, "agree", url.Values{"revision": {"5"}})
	if body := partner.get(pair).Body.String(); !strings.Contains(body, "踏勘") || !strings.Contains(body, "查看某某水务局的联系方式") && !strings.Contains(body, "查看单位的联系方式") {
		t.Error("the partner is not offered the contact of the owner")
	}
	if w := partner.fill(pair, pair+"/contact", url.Values{"of": {string(first)}}); w.Code != http.StatusPreconditionFailed {
		t.Errorf("the contact of the lead, who did not agree: %d", w.Code)
	} else {
		noSecret(t, "of who did not agree", w.Body.String())
	}
	if w := partner.fill(pair, pair+"/contact", url.Values{"of": {"CITY"}}); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), secretMail) {
		t.Errorf("the contact that both agreed to show: %d", w.Code)
	}
	if w := partner.fill(pair, pair+"/move", url.Values{"revision": {"6"}, "to": {"proposal"}}); w.Code != http.StatusForbidden {
		t.Errorf("a partner moves the pair: %d", w.Code)
	}
	groupKept(t, o, steward)
}

// groupKept: record and workbook carry who does which part.
func groupKept(t *testing.T, o *office, steward *browser) {
	t.Helper()
	auditor := o.as(scene.RoleAuditor)
	if body := auditor.get("/console/record?action=engagement.form").Body.String(); !strings.Contains(body, "组建联合体") {
		t.Error("the record does not say who formed the group")
	}
	book, err := excelize.OpenReader(steward.get("/console/engagements.xlsx?all=yes").Body)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows(book.GetSheetList()[0])
	var all strings.Builder
	for _, r := range rows {
		all.WriteString(strings.Join(r, "|"))
	}
	if err != nil || !strings.Contains(all.String(), "苏浦传感公司：供水位计 · 已加入") {
		t.Errorf("the workbook: %s, %v", all.String(), err)
	}
}

// TestGroupLinks: who may form a group is led there from the group that the
// matcher proposes, with the members filled in; nobody else is.
func TestGroupLinks(t *testing.T) {
	t.Parallel()
	s := newWith(t, grouped{newSetup(t).city}, time.Minute)
	body := s.want(t, 200, "/opportunities/OPP000/matches?more=1").Body.String()
	if strings.Contains(body, "/engagements/group") {
		t.Error("a visitor is led to a form that he may not use")
	}
}
