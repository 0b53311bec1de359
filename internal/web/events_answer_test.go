package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"jinghe/internal/convene"
	"jinghe/internal/registry"
	"jinghe/internal/scene"
)

// TestInvitationByLink: an organisation without an account answers its invitation by the
// link that stands for it: a yes needs a name and consent, a no takes a reason, each once;
// the organisers see it.
func TestInvitationByLink(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		answer url.Values
		told   string
		listed []string
	}{
		"Yes": {url.Values{"says": {"yes"}, "name": {"周代表"}, "post": {"主任"}, "mail": {"zhou@example.com"}, "consent": {"yes"}}, "已登记参加", []string{"周代表", "已确认"}},
		"No":  {url.Values{"says": {"no"}, "reason": {"当天另有会议"}}, "已答复不参加", []string{"答复不参加：当天另有会议"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, base := invited(t)
			list, err := h.fairs.Parties(t.Context(), steward(), scene.ID(base[strings.LastIndex(base, "/")+1:]))
			if err != nil || len(list) != 1 || list[0].State != scene.PartyInvited {
				t.Fatalf("%+v, %v", list, err)
			}
			page, guest := "/e/"+list[0].Delegates[0].Code, h.office.browser()
			body := guest.sees(page, "主办方邀请", "不需要账号", `name="consent"`, "不参加的原因")
			if strings.Contains(body, secretPerson) || strings.Contains(body, "洽谈意愿") {
				t.Error("who is asked sees more than the invitation")
			}
			w := guest.fill(page, page+"/answer", url.Values{"says": {"yes"}, "post": {"主任"}})
			if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "此项必填") || !strings.Contains(w.Body.String(), "请勾选同意") || !strings.Contains(w.Body.String(), `value="主任"`) {
				t.Errorf("a yes without name and consent: %d\n%s", w.Code, shown(w.Body.String()))
			}
			answered := guest.fill(page, page+"/answer", tt.answer)
			where(t, "answer", answered)
			guest.sees(answered.Header().Get("Location"), tt.told)
			h.sees(base+"/parties", tt.listed...)
			again := convene.Answer{Comes: name == "Yes", Name: "别人", Consent: true}
			if _, err := h.fairs.AnswerAsGuest(t.Context(), list[0].Delegates[0].Code, "", again); scene.CodeOf(err) != scene.Precondition {
				t.Errorf("answered twice: %v", err)
			}
			if name == "Yes" {
				return
			}
			if strings.Contains(guest.sees(page, "您已代", "还可以改为参加", "已答复不参加"), "不参加的原因") {
				t.Error("who said no is asked to say so again")
			}
			where(t, "after all", guest.fill(page, page+"/answer", url.Values{"says": {"yes"}, "name": {"周代表"}, "consent": {"yes"}}))
			h.sees(base+"/parties", "周代表", "已确认")
		})
	}
}

// invited is an event whose only party is an organisation of a batch that was asked.
func invited(t *testing.T) (*browser, string) {
	t.Helper()
	o := newOffice(t, unlimited)
	h := o.as(scene.RoleOrganiser)
	batch, err := o.registry.SaveBatch(t.Context(), steward(), scene.Batch{Name: "2026年第三批", Release: today().Add(-time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	e := o.draft(scene.Actor{ID: "own", OrgID: o.org, Roles: []scene.Role{scene.RoleProvider}})
	o.publish(e)
	if err := o.registry.AddToBatch(t.Context(), steward(), batch.ID, []registry.Ref{{Kind: e.Kind(), ID: e.Listing().ID}}); err != nil {
		t.Fatal(err)
	}
	page := where(t, "create", h.fill("/console/events/new", "/console/events/new", fairForm("batch", string(batch.ID))))
	base := strings.TrimSuffix(page, "/parties")
	where(t, "open", h.fill(base, base+"/state", url.Values{"to": {"open"}}))
	return h, base
}
