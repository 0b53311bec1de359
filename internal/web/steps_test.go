package web_test

import (
	"net/url"
	"strings"
	"testing"

	"jinghe/internal/account"
	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// named makes an account of a name of its own.
func (o *office) named(login, name string, role scene.Role, org scene.ID) scene.Account {
	o.t.Helper()
	a, _, err := o.accounts.Add(o.t.Context(), scene.Console(), account.NewAccount{
		Login: login, Name: name, Roles: []scene.Role{role}, OrgID: org, Department: map[bool]string{true: "水务处"}[org == ""], Password: testPassword,
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return a
}

// TestWhoTookSteps: the way of an entry names people as who reads it knows them: an
// organisation its own people, also those who left, and the centre as the centre;
// the centre everybody by name, with what he is. Nobody is named by his login.
func TestWhoTookSteps(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.organisation("OTHER", "另一家公司", "91320200MA1Q7K3X0U")
	reader, steward := o.as(scene.RoleOwner), o.as(scene.RoleSteward)
	left, staff := o.named("login-of-left", "钱一", scene.RoleOwner, o.org), o.named("login-of-staff", "孙二", scene.RoleSteward, "")
	joined := o.named("login-of-joined", "李三", scene.RoleOwner, o.org)
	e, err := o.registry.Create(t.Context(), left.Actor("x"), registry.Entry{Opportunity: &scene.Opportunity{
		Listing: scene.Listing{Name: "下穿通道积水", Fields: []string{"smart_water"}, Contact: scene.Contact{Person: secretPerson, Phone: secretPhone}},
		Need:    "下穿通道每逢大雨积水，需要提前三十分钟知道会不会淹，并自动通知交管。",
	}})
	if err != nil {
		t.Fatal(err)
	}
	step := func(do func(registry.Step) (registry.Entry, error), to scene.State, reason string) {
		t.Helper()
		if e, err = do(registry.Step{Kind: e.Kind(), ID: e.Listing().ID, Revision: e.Listing().Revision, To: to, Reason: reason}); err != nil {
			t.Fatal(err)
		}
	}
	as := func(a scene.Account, do string) func(registry.Step) (registry.Entry, error) {
		return func(s registry.Step) (registry.Entry, error) {
			if do == "submit" {
				return o.registry.Submit(t.Context(), a.Actor("x"), s)
			}
			return o.registry.Review(t.Context(), a.Actor("x"), s)
		}
	}
	step(as(left, "submit"), "", "")
	step(as(staff, "review"), scene.FormalReview, "")
	step(as(staff, "review"), scene.Draft, "请写明指标")
	step(as(joined, "submit"), "", "")
	err = o.rows.Update(t.Context(), func(tx store.Tx) error {
		for id, change := range map[scene.ID]func(*scene.Account){
			left.ID: func(a *scene.Account) { a.OrgID = "OTHER" },
			joined.ID: func(a *scene.Account) {
				a.OrgID, a.Roles, a.Department = "", []scene.Role{scene.RoleSteward}, "推进处"
			},
		} {
			a, err := tx.Accounts().Get(t.Context(), id)
			if err != nil {
				return err
			}
			change(&a)
			if _, err := tx.Accounts().Put(t.Context(), a); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	entry := "/opportunity/" + string(e.Listing().ID)
	for name, c := range map[string]struct {
		who  *browser
		at   string
		want []string
	}{
		"Own":     {reader, "/workspace/listings" + entry + "?lang=zh", []string{"钱一（原同事）", "中心工作人员", "李三（原同事）"}},
		"OwnEn":   {reader, "/workspace/listings" + entry + "?lang=en", []string{"钱一 (former colleague)", "centre staff"}},
		"Centre":  {steward, "/console/reviews" + entry, []string{"钱一（时任 某某科技有限公司）", "孙二（场景专员 · 水务处）", "李三（时任 某某科技有限公司）"}},
		"Record":  {o.as(scene.RoleAuditor), "/console/record?noun=opportunity", []string{"钱一（场景需求方 · 另一家公司）", "孙二（场景专员 · 水务处）", "login-of-left"}},
		"ByLogin": {o.as(scene.RoleAdmin), "/console/record?" + url.Values{"who": {"login-of-staff"}}.Encode(), []string{"孙二（场景专员 · 水务处）"}},
	} {
		body := c.who.get(c.at).Body.String()
		for _, want := range c.want {
			if !strings.Contains(body, want) {
				t.Errorf("%s lacks %s", name, want)
			}
		}
		if strings.Contains(body, "login-of-") && !strings.Contains(c.at, "/record") {
			t.Errorf("%s names a login", name)
		}
	}
}
