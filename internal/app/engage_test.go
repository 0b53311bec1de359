package app_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"jinghe/internal/app"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/testkit"
)

// dealt is a sample city with an owner of an open opportunity and the providers
// of its two best matches, who are of different organisations.
type dealt struct {
	*walker
	app       *app.App
	need      scene.Opportunity
	offers    []scene.Capability
	passwords map[scene.Role]string
}

const dealtPassword = "only for this test 7 deal"

func newDealt(t *testing.T) *dealt {
	t.Helper()
	page := testkit.Chromium(t)
	a, passwords := staffed(t, scene.RoleSteward, scene.RoleAuditor)
	d := &dealt{walker: newWalker(t, page, a), app: a, passwords: passwords}
	rows, err := a.Registry().Opportunities(t.Context(), store.ListingFilter{OpenAt: time.Now()}, store.Page{Limit: 1})
	if err != nil || len(rows.Items) == 0 {
		t.Fatalf("no open opportunity: %v", err)
	}
	d.need = rows.Items[0]
	d.account("owner", d.need.OrgName, scene.RoleOwner)
	d.signIn("owner", dealtPassword)
	d.open("/opportunities/" + string(d.need.ID) + "/matches")
	seen := map[scene.ID]bool{d.need.OrgID: true}
	links := d.eval(`[...document.querySelectorAll("a[href*='/engagements/new']")].map(a => a.href).join(" ")`)
	for link := range strings.FieldsSeq(links) {
		u, err := url.Parse(link)
		if err != nil {
			t.Fatal(err)
		}
		offer, err := a.Registry().Capability(t.Context(), scene.ID(u.Query().Get("offer")))
		if err != nil {
			t.Fatal(err)
		}
		if !seen[offer.OrgID] && offer.Contact.Known() && len(d.offers) < 2 {
			seen[offer.OrgID] = true
			d.offers = append(d.offers, offer)
		}
	}
	if len(d.offers) < 2 {
		t.Fatalf("only %d matches of other organisations: %s\n%.3000s", len(d.offers), links, d.eval(`document.body.innerText`))
	}
	d.account("first", d.offers[0].OrgName, scene.RoleProvider)
	d.account("second", d.offers[1].OrgName, scene.RoleProvider)
	return d
}

func (d *dealt) account(login, org string, role scene.Role) {
	d.t.Helper()
	if _, err := d.app.User(d.t.Context(), app.UserRequest{
		Do: "add", Login: login, Name: login, Org: org, Roles: []scene.Role{role}, Password: dealtPassword,
	}); err != nil {
		d.t.Fatal(err)
	}
}

// TestDeal: an owner gets matches and is interested in two; one provider
// declines with a reason, the other accepts; both agree, see each other's
// contact, and the record says so.
func TestDeal(t *testing.T) {
	t.Parallel()
	d := newDealt(t)
	for i := range d.offers {
		d.open("/workspace/engagements/new?need=" + string(d.need.ID) + "&offer=" + string(d.offers[i].ID))
		d.see(d.need.Name, d.offers[i].Name)
		d.fill(map[string]string{"text": "请介绍一下类似案例，电话 13912345678"})
		d.press("发送意向")
		d.see("意向已送达", "等对方答复", "电话 ***")
	}
	d.signIn("first", dealtPassword)
	d.open("/inbox")
	d.follow(`main tbody a`)
	d.see("接受对接", "谢绝")
	d.unseen("13912345678", d.need.Contact.Phone)
	d.eval(`document.querySelectorAll("details").forEach(x => x.open = true)`)
	d.eval(`document.querySelector("form[action$=decline] select").value = "out_of_budget"`)
	d.press("谢绝")
	d.see("已谢绝", "超出预算", "已终止")

	d.signIn("second", dealtPassword)
	d.open("/inbox?unread=yes")
	d.follow(`main tbody a`)
	pair := d.eval(`location.pathname`)
	d.press("接受")
	d.see("已接受", "对接中", "约定首次沟通")
	d.press("同意互看联系方式")
	d.see("等待对方同意")
	d.unseen(d.need.Contact.Phone)

	d.signIn("owner", dealtPassword)
	d.open(pair)
	d.see("对方已同意")
	d.unseen(d.offers[1].Contact.Phone)
	d.press("同意互看联系方式")
	d.unseen(d.offers[1].Contact.Phone)
	d.press("查看对方联系方式")
	d.see(d.offers[1].Contact.Phone)
	d.open("/workspace/engagements?all=yes")
	d.see(d.offers[0].Name, d.offers[1].Name, "已终止", "对接中")

	d.signIn("auditor", d.passwords[scene.RoleAuditor])
	d.open("/console/record?action=contact.reveal")
	d.see("owner", "对接单")
	d.unseen(d.offers[1].Contact.Phone)
	d.signIn("steward", d.passwords[scene.RoleSteward])
	d.open("/console/engagements?stage=docking")
	d.see(d.offers[1].Name, "约定首次沟通")
	d.decisions()
	d.fits(pair, "/workspace/engagements?all=yes", "/workspace/engagements/new?need="+string(d.need.ID), "/inbox", "/inbox/choices")
}

// fits opens pages of the owner's on a phone and on a desk, in both languages:
// nothing runs out of the window, and no field has the place of another.
func (d *dealt) fits(paths ...string) {
	d.t.Helper()
	const wide = `[...document.querySelectorAll("body *")].filter(e => {
		const r = e.getBoundingClientRect();
		return r.width > 0 && r.right > innerWidth + 1 && !e.closest(".scroll, pre, svg, .hide");
	}).map(e => e.tagName + "." + e.className).slice(0, 5).join("; ")`
	const twice = `[...document.querySelectorAll("[id]")].map(e => e.id).filter((id, i, all) => all.indexOf(id) !== i).join(" ")`
	d.signIn("owner", dealtPassword)
	for _, lang := range []string{"en", "zh"} {
		d.open("/preferences?lang=" + lang + "&back=/about")
		for _, width := range []int64{320, 1280} {
			d.do("resize", chromedp.EmulateViewport(width, 800))
			for _, path := range paths {
				d.open(path)
				d.eval(`document.querySelectorAll("details").forEach(x => x.open = true)`)
				if over := d.eval(wide); over != "" {
					d.t.Errorf("%s at %d (%s) runs out of the window: %s", path, width, lang, over)
				}
				if ids := d.eval(twice); ids != "" {
					d.t.Errorf("%s: two things at %s", path, ids)
				}
			}
		}
	}
}

// unseen ends the test if the page holds one of the texts.
func (d *dealt) unseen(texts ...string) {
	d.t.Helper()
	body := d.eval(`document.documentElement.outerHTML`)
	for _, text := range texts {
		if text != "" && strings.Contains(body, text) {
			d.t.Fatalf("%s shows %q", d.eval(`location.href`), text)
		}
	}
}

// decisions: what was said of both pairs is there for the tuning of the weights.
func (d *dealt) decisions() {
	d.t.Helper()
	list, err := d.app.Decisions(d.t.Context())
	if err != nil {
		d.t.Fatal(err)
	}
	said := map[string]bool{}
	for _, x := range list {
		said[string(x.Offer)+" "+x.Party+" "+string(x.Verdict)+" "+string(x.Reason)] = true
	}
	for _, want := range []string{
		string(d.offers[0].ID) + " provider declined money", string(d.offers[1].ID) + " provider accepted ", string(d.offers[1].ID) + " owner accepted ",
	} {
		if !said[want] {
			d.t.Errorf("nothing learns %q: %v", want, said)
		}
	}
}
