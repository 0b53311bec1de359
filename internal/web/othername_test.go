package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// TestOtherName: who signs up under a registered credit code with another name is
// told which it is registered to and what becomes of it; who decides sees both names.
func TestOtherName(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	form := url.Values{
		"org": {"某某智能股份有限公司"}, "credit_code": {"91350100M000100Y43"}, "roles": {"provider"}, "name": {"张三"}, "login": {"zhangsan"}, "phone": {"13900000001"},
		"password": {"correct horse battery"}, "privacy": {"yes"}, "terms": {"yes"},
	}
	w := o.browser().fill("/sign-up", "/sign-up", form)
	if body := w.Body.String(); w.Code != http.StatusOK || !strings.Contains(body, "登记的单位是“某某科技有限公司”，您填写的是“某某智能股份有限公司”") {
		t.Fatalf("the applicant is not told: %d %s", w.Code, body)
	}
	form.Set("login", "lisi")
	form.Set("org", "某某科技 有限公司")
	if w := o.browser().fill("/sign-up", "/sign-up", form); w.Code != http.StatusOK || strings.Contains(w.Body.String(), "您填写的是") {
		t.Errorf("the same name written otherwise: %d", w.Code)
	}
	var id scene.ID
	err := o.rows.View(t.Context(), func(tx store.Tx) error {
		a, err := tx.Accounts().Find(t.Context(), "zhangsan")
		id = a.ID
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	steward := o.as(scene.RoleAdmin)
	for at, want := range map[string][]string{
		"/console/accounts?lang=zh":                    {"某某科技有限公司", "某某智能股份有限公司"},
		"/console/accounts/" + string(id) + "?lang=zh": {"登记名称", "申请人填写", "登记的是“某某科技有限公司”，申请人填写的是“某某智能股份有限公司”"},
		"/console/accounts/" + string(id) + "?lang=en": {"Registered name", "the person wrote “某某智能股份有限公司”"},
	} {
		body := steward.get(at).Body.String()
		for _, text := range want {
			if !strings.Contains(body, text) {
				t.Errorf("%s lacks %s", at, text)
			}
		}
	}
	a, err := o.accounts.Approve(t.Context(), scene.Actor{ID: "s", Roles: []scene.Role{scene.RoleSteward}}, id)
	if err != nil || a.OrgID != o.org || a.Applied != nil {
		t.Errorf("let in: %+v, %v", a, err)
	}
}
