package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"jinghe/client"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// TestOpinionByProgram: the centre's own system asks experts and reads what they
// said; it cannot speak for them, and the owner of the entry reads nothing.
func TestOpinionByProgram(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	_, id, _ := strings.Cut(o.waiting("管网漏损定位")[0], "/")
	id, _, _ = strings.Cut(id, "/")
	owner := o.program(scene.RoleProvider, scene.ScopeRead, scene.ScopeWriteListings)
	own := o.org
	o.org = ""
	expert := o.person(scene.RoleExpert)
	centre, bare := o.program(scene.RoleSteward, scene.ScopeRead, scene.ScopeReviews), o.program(scene.RoleLeader, scene.ScopeRead)
	o.org = own
	c, ctx := o.wired(centre), t.Context()
	list, _, err := c.Opinions(ctx, "capabilities", id)
	if err != nil || len(list.Items) != 0 || len(list.Experts) != 1 || list.Experts[0].ID != string(expert.ID) {
		t.Fatalf("%+v, %v", list, err)
	}
	ask := client.ExpertsAsked{Experts: []string{string(expert.ID)}, Due: today().AddDate(0, 0, 7).Format(time.DateOnly), Question: "预算是否合理？可致电 " + secretPhone}
	late := ask
	late.Due = today().AddDate(0, 0, -1).Format(time.DateOnly)
	_, _, err = c.AskExperts(ctx, "capabilities", id, late, nil)
	refused(t, "due yesterday", err, http.StatusUnprocessableEntity, 1)
	list, _, err = c.AskExperts(ctx, "capabilities", id, ask, client.Once("ask"))
	if err != nil || len(list.Items) != 1 || list.Items[0].State != "asked" || !strings.HasPrefix(list.Items[0].Question, "预算是否合理？") {
		t.Fatalf("%+v, %v", list, err)
	}
	by := expert.Actor("192.0.2.1")
	_, err = o.registry.Give(ctx, by, scene.ID(list.Items[0].ID), 1, scene.Opinion{State: scene.OpinionGiven, Text: "可行，详询 " + secretPhone, Scores: map[scene.Criterion]int{
		scene.CriterionNovel: 4, scene.CriterionMature: 4, scene.CriterionProven: 3, scene.CriterionApplies: 5,
	}})
	if err != nil {
		t.Fatal(err)
	}
	if list, _, err = c.Opinions(ctx, "capabilities", id); err != nil || list.Items[0].State != "given" || list.Items[0].Scores["applicable"] != 5 {
		t.Errorf("%+v, %v", list, err)
	}
	noSecret(t, "opinions", fmt.Sprint(list)) // no answer has a place for a contact
	for name, p := range map[string]*program{"the owner": owner, "without the scope": bare} {
		_, _, err = o.wired(p).Opinions(ctx, "capabilities", id)
		refused(t, name, err, http.StatusForbidden, 0)
	}
}

// TestOpinionByPage: the centre asks an expert from the page of review, he reads
// the entry without a contact, and what he says stands beside the decision.
func TestOpinionByPage(t *testing.T) {
	t.Parallel()
	o, _, owner := atCounter(t)
	err := o.rows.Update(t.Context(), func(tx store.Tx) error {
		_, err := tx.Opportunities().Put(t.Context(), scene.Opportunity{Listing: scene.Listing{
			ID: "WAITS", Name: "泵站巡检 " + secretPhone, OrgID: "CITY", OrgName: "某某水务局", State: scene.FormalReview, Updated: today(),
			Contact: scene.Contact{Person: secretPerson, Phone: secretPhone, Mail: secretMail},
		}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	const review = "/console/reviews/opportunity/WAITS"
	steward := o.as(scene.RoleSteward)
	if body := steward.get(review).Body.String(); !strings.Contains(body, "没有可请的评审专家") {
		t.Error("without experts nothing is said")
	}
	for _, to := range []string{"department_review", "expert_review"} { // what the form offers is what is sent
		body := steward.get(review).Body.String()
		form := url.Values{"to": {to}, "revision": {map[string]string{"department_review": "1", "expert_review": "2"}[to]}}
		if w := steward.fill(review, review, form); !strings.Contains(body, `value="`+to+`"`) || w.Code != http.StatusSeeOther {
			t.Errorf("to %s: %d", to, w.Code)
		}
	}
	own := o.org
	o.org = ""
	expert := o.as(scene.RoleExpert)
	o.org = own
	id := ""
	for _, n := range parse(t, review, steward.get(review).Body.String()).all("input") {
		if attr(n, "name") == "experts" {
			id = attr(n, "value")
		}
	}
	due := today().AddDate(0, 0, 7).Format(time.DateOnly)
	if w := steward.fill(review, review+"/experts", url.Values{"due": {due}, "question": {"预算是否合理？"}}); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "请至少选一位专家") || !strings.Contains(w.Body.String(), "预算是否合理？") {
		t.Errorf("nobody chosen: %d", w.Code)
	}
	if w := steward.fill(review, review+"/experts", url.Values{"experts": {id}, "due": {due}, "question": {"预算是否合理？"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("ask: %d %s", w.Code, w.Body)
	}
	if w := expert.get(review); w.Code != http.StatusForbidden {
		t.Errorf("an expert at the page of review: %d", w.Code)
	}
	list := expert.get("/opinions").Body.String()
	noSecret(t, "list", list)
	page := ""
	for _, a := range parse(t, "/opinions", list).all("a") {
		if strings.HasPrefix(attr(a, "href"), "/opinions/") {
			page = attr(a, "href")
		}
	}
	body := expert.get(page).Body.String()
	noSecret(t, "what an expert reads", body)
	if !strings.Contains(body, "泵站巡检") || !strings.Contains(body, "预算是否合理？") {
		t.Fatalf("%s does not show what is asked", page)
	}
	answer := url.Values{"need": {"5"}, "clear": {"4"}, "feasible": {"4"}, "text": {"指标可达，建议先试一处"}, "revision": {"1"}}
	if w := expert.fill(page, page, answer); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "请打 1 到 5 分") || !strings.Contains(w.Body.String(), "建议先试一处") {
		t.Errorf("without a score: %d", w.Code)
	}
	answer.Set("value", "3")
	if w := expert.fill(page, page, answer); w.Code != http.StatusSeeOther {
		t.Fatalf("give: %d %s", w.Code, w.Body)
	}
	for lang, words := range map[string][]string{"zh": {"平均 4.0 分", "建议先试一处", "已评审"}, "en": {"4.0 of 5", "Given"}} {
		body := steward.get(review + "?lang=" + lang).Body.String()
		for _, want := range words {
			if !strings.Contains(body, want) {
				t.Errorf("beside the decision, %s: no %q", lang, want)
			}
		}
	}
	if body := steward.get("/inbox?lang=zh").Body.String(); !strings.Contains(body, "给出了评审意见") {
		t.Error("who asked is not told")
	}
	if w := owner.get("/workspace/listings/opportunity/WAITS"); strings.Contains(w.Body.String(), "建议先试一处") {
		t.Error("the owner reads what an expert said")
	}
	if w := owner.get(page); w.Code != http.StatusForbidden {
		t.Errorf("the owner at the expert's page: %d", w.Code)
	}
	if w := expert.fill(page, page+"/decline", url.Values{"text": {"有利益关系"}, "revision": {"2"}}); w.Code != http.StatusSeeOther {
		t.Errorf("decline: %d", w.Code)
	}
	if body := expert.get(page).Body.String(); strings.Contains(body, "web.entry") || !strings.Contains(body, "您已谢绝") {
		t.Error("who declined is not told so")
	}
}
