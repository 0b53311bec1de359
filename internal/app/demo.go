package app

import (
	"context"
	"time"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// demoName is the name of the throw-away account of a role: of nobody.
func demoName(role scene.Role) string {
	names := map[scene.Role]string{
		scene.RoleOwner: "虚构 · 周场景", scene.RoleProvider: "虚构 · 吴供给", scene.RoleSteward: "虚构 · 林专员",
		scene.RoleDepartment: "虚构 · 陈部门", scene.RoleExpert: "虚构 · 许评审", scene.RoleOrganiser: "虚构 · 何组织",
		scene.RoleAttendee: "虚构 · 郑代表", scene.RoleLeader: "虚构 · 高分管", scene.RoleAuditor: "虚构 · 沈审计", scene.RoleAdmin: "虚构 · 冯管理",
	}
	if name := names[role]; name != "" {
		return name
	}
	return string(role)
}

// demoWork lets a visitor of the demo find a centre at work: second stages of
// some entries wait for review, one of them for the department and the expert, one
// went back with a reason, and one public entry has a revision proposed.
func (a *App) demoWork(ctx context.Context, people map[scene.Role]scene.Account) error {
	stewardAccount, providerAccount := people[scene.RoleSteward], people[scene.RoleProvider]
	steward, provider := stewardAccount.Actor(""), providerAccount.Actor("")
	f := store.ListingFilter{States: []scene.State{scene.Published}}
	needs, err := a.reg.Opportunities(ctx, f, store.Page{Limit: 60})
	if err != nil {
		return err
	}
	offers, err := a.reg.Capabilities(ctx, f, store.Page{Limit: 60})
	if err != nil {
		return err
	}
	var entries []registry.Entry
	for i := 5; i < len(needs.Items); i += 20 {
		needs.Items[i].Department = people[scene.RoleDepartment].Department
		entries = append(entries, registry.Entry{Opportunity: &needs.Items[i]})
	}
	for i := 5; i < len(offers.Items); i += 20 {
		entries = append(entries, registry.Entry{Capability: &offers.Items[i]})
	}
	for i, e := range entries {
		if e, err = a.demoEntry(ctx, steward, e, i); err != nil {
			return err
		}
		if e.Listing().State != scene.DepartmentReview {
			continue
		}
		if err := a.reg.Ask(ctx, steward, registry.Question{
			Kind: e.Kind(), ID: e.Listing().ID, Experts: []scene.ID{people[scene.RoleExpert].ID}, Due: a.o.Now().Add(demoOpinionTime),
			Text: "所列技术指标是否现实、可检验？二期与一期的分界是否清楚？",
		}); err != nil {
			return err
		}
	}
	for i := range offers.Items {
		if c := &offers.Items[i]; c.OrgID == provider.OrgID {
			reachable(&c.Listing)
			c.Description += "2026 年增加了远程校准和断网缓存。"
			_, err := a.reg.Propose(ctx, provider, registry.Entry{Capability: c}, "补充了新版本的功能")
			return err
		}
	}
	return nil
}

// demoOpinionTime is how long the expert of the demo has to answer.
const demoOpinionTime = 5 * 24 * time.Hour

// demoEntry hands in the second stage of an entry, the n-th, and takes it some steps on.
func (a *App) demoEntry(ctx context.Context, by scene.Actor, e registry.Entry, n int) (registry.Entry, error) {
	l := e.Listing()
	l.Name, l.NameEn, l.Code, l.Source = l.Name+"（二期）", "", "", ""
	reachable(l)
	e, err := a.reg.Create(ctx, by, e)
	if err != nil {
		return e, err
	}
	at := func(to scene.State, reason string) registry.Step {
		return registry.Step{Kind: e.Kind(), ID: e.Listing().ID, Revision: e.Listing().Revision, To: to, Reason: reason}
	}
	if e, err = a.reg.Submit(ctx, by, at("", "")); err != nil {
		return e, err
	}
	steps := [][]registry.Step{nil, {{To: scene.FormalReview}}, {{To: scene.FormalReview}, {To: scene.DepartmentReview}}, {{To: scene.Draft, Reason: "请写明二期与一期的分界，并补充技术指标。"}}}
	for _, s := range steps[n%len(steps)] {
		if e, err = a.reg.Review(ctx, by, at(s.To, s.Reason)); err != nil {
			return e, err
		}
	}
	return e, nil
}

// reachable gives an entry of the invented city the contact that review asks for.
func reachable(l *scene.Listing) {
	if !l.Contact.Known() {
		l.Contact = scene.Contact{Person: "虚构联系人", Phone: "0000-0000000"}
	}
}
