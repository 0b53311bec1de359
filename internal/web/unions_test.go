package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/web/backend"
)

// TestUnionByPage: two organisations are compared side by side and made one; the
// old address leads to the new one for readers and programs.
func TestUnionByPage(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.organisation("org-old", "某某科技", "")
	steward, auditor := o.as(scene.RoleSteward), o.as(scene.RoleAuditor)
	list := steward.get("/console/organisations").Body.String()
	if !strings.Contains(list, "可能是同一家") || !strings.Contains(list, "名称只差公司形式") {
		t.Error("two spellings of one name are not suggested")
	}
	if w := steward.get("/console/organisations/merge?pick=" + string(o.org)); w.Header().Get("Location") != "/console/organisations?with="+string(o.org) {
		t.Errorf("one alone: %d %s", w.Code, w.Header().Get("Location"))
	}
	page := steward.get("/console/organisations?with=" + string(o.org) + "&q=某某").Body.String()
	here := "/console/organisations/merge?drop=org-old&keep=" + string(o.org)
	if !strings.Contains(page, strings.ReplaceAll(here, "&", "&amp;")) {
		t.Errorf("the other one is not offered:\n%s", page)
	}
	if w := steward.get("/console/organisations/merge?pick=" + string(o.org) + "&pick=org-old"); w.Header().Get("Location") != here {
		t.Errorf("both picked: %s", w.Header().Get("Location"))
	}
	both := steward.get(here).Body.String()
	for _, want := range []string{`name="take_name"`, "某某科技有限公司", "91350100M000100Y43", "对调"} {
		if !strings.Contains(both, want) {
			t.Errorf("the comparison lacks %s", want)
		}
	}
	form := url.Values{"keep": {string(o.org)}, "drop": {"org-old"}, "keep_revision": {"1"}, "drop_revision": {"1"}, "take_name": {"drop"}}
	if w := steward.fill(here, "/console/organisations/merge", form); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "请写明理由") {
		t.Errorf("without a reason: %d", w.Code)
	}
	form.Set("reason", "同一家")
	if w := auditor.post("/console/organisations/merge", url.Values{"form_token": {auditor.token("/account")}}); w.Code != http.StatusForbidden {
		t.Errorf("an auditor merges: %d", w.Code)
	}
	w := steward.fill(here, "/console/organisations/merge", form)
	if w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	after := steward.get(w.Header().Get("Location")).Body.String()
	if !strings.Contains(after, "已合并") || strings.Contains(after, ">某某科技有限公司<") || !strings.Contains(after, ">某某科技<") {
		t.Error("the list does not show what became of both")
	}
	if again := steward.fill("/console/words", "/console/organisations/merge", form); again.Code != http.StatusPreconditionFailed && again.Code != http.StatusConflict {
		t.Errorf("twice: %d", again.Code)
	}
	record := auditor.get("/console/record?row=org-old").Body.String()
	if !strings.Contains(record, "合并单位") || !strings.Contains(record, "同一家") {
		t.Error("the record does not tell")
	}
}

// TestMergedLeadsOn: the old id of an organisation answers with the new one.
func TestMergedLeadsOn(t *testing.T) {
	t.Parallel()
	var o *office
	o = newOfficeWith(t, func(s *backend.Services) {
		s.Catalogue = &standingCatalogue{Catalogue: s.Catalogue, office: func() *office { return o }}
	})
	o.organisation("org-old", "某某科技", "")
	o.organisation("ORG000", "合并后的单位", "")
	err := o.rows.Update(t.Context(), func(tx store.Tx) error {
		old, err := tx.Organisations().Get(t.Context(), "org-old")
		if err != nil {
			return err
		}
		old.MergedInto = "ORG000"
		_, err = tx.Organisations().Put(t.Context(), old)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	w := o.browser().get("/organisations/org-old?lang=en")
	if w.Code != http.StatusMovedPermanently || w.Header().Get("Location") != "/organisations/ORG000?lang=en" {
		t.Errorf("page: %d %s", w.Code, w.Header().Get("Location"))
	}
	if w := o.browser().get("/api/v1/organisations/org-old"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"id":"ORG000"`) {
		t.Errorf("API: %d %s", w.Code, w.Body)
	}
}

// standingCatalogue reads organisations from the rows of an office.
type standingCatalogue struct {
	backend.Catalogue
	office func() *office
}

func (s *standingCatalogue) Organisation(ctx context.Context, id scene.ID) (scene.Organisation, error) {
	return s.office().registry.Organisation(ctx, id)
}

// TestUnionByProgram: the centre's own system makes one of two organisations, and may
// take whom to talk to from the one that goes without being told who that is.
func TestUnionByProgram(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p := o.program(scene.RoleSteward, scene.ScopeRead, scene.ScopeCurate)
	revisions := map[scene.ID]int{}
	err := o.rows.Update(t.Context(), func(tx store.Tx) error {
		for id, phone := range map[scene.ID]string{"org-keep": "0510-1111111", "org-drop": secretPhone} {
			row, err := tx.Organisations().Put(t.Context(), scene.Organisation{ID: id, Name: "某某科技" + string(id), Contact: scene.Contact{Person: secretPerson, Phone: phone}})
			if err != nil {
				return err
			}
			revisions[id] = row.Revision
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	ask := fmt.Sprintf(`{"keep":"org-keep","keep_revision":%d,"drop":"org-drop","drop_revision":%d,"take_contact":true,"reason":"同一家"}`, revisions["org-keep"], revisions["org-drop"])
	w := p.ask(http.MethodPost, "/organisations/merge", ask)
	if w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	noSecret(t, "the answer", w.Body.String())
	var kept scene.Organisation
	if err := o.rows.View(t.Context(), func(tx store.Tx) (err error) {
		kept, err = tx.Organisations().Get(t.Context(), "org-keep")
		return err
	}); err != nil || kept.Contact.Phone != secretPhone {
		t.Errorf("kept %+v, %v", kept.Contact, err)
	}
}
