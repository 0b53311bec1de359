package app

import (
	"context"
	"crypto/rand"
	"slices"
	"time"

	"jinghe/internal/engage"
	"jinghe/internal/samplecity"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// demoPair is a need and an offer of the city that go well together, and since
// when both are public.
type demoPair struct {
	need  *scene.Opportunity
	offer *scene.Capability
	since time.Time
}

// demoWay is where a pair of the demo stands today and how many days ago it began.
type demoWay struct {
	to   scene.Stage
	days int
}

// demoWays are the ways of the demo's pairs, the longest first: the further a
// stage, the fewer came so far.
func demoWays() []demoWay {
	return []demoWay{
		{scene.StageReplicated, 68},
		{scene.StageLanded, 64},
		{scene.StageLanded, 60},
		{scene.StageContract, 55},
		{scene.StageContract, 48},
		{scene.StageContract, 44},
		{scene.StagePilot, 46},
		{scene.StagePilot, 40},
		{scene.StagePilot, 36},
		{scene.StagePilot, 31},
		{scene.StageProposal, 33},
		{scene.StageProposal, 27},
		{scene.StageProposal, 24},
		{scene.StageProposal, 19},
		{scene.StageStopped, 29},
		{scene.StageStopped, 22},
		{scene.StageStopped, 15},
		{scene.StageDocking, 16},
		{scene.StageDocking, 12},
		{scene.StageDocking, 9},
		{scene.StageSuggested, 11},
		{scene.StageRecommended, 6},
		{scene.StageSuggested, 5},
		{scene.StageSuggested, 2},
	}
}

// demoPairs lets a visitor of the demo find pairs at every stage, from interest to
// a second use elsewhere, each brought there step by step over the past weeks.
func (a *App) demoPairs(ctx context.Context, people map[scene.Role]scene.Account) error {
	pairs, err := a.demoGood(ctx)
	if err != nil {
		return err
	}
	for n, way := range demoWays() {
		if n >= len(pairs) {
			break
		}
		w := a.demoWalk(people, &pairs[n], n, way)
		if err := w.run(ctx, way.to); err != nil {
			return err
		}
	}
	for _, account := range people {
		if err := a.demoRead(ctx, account.Actor("")); err != nil {
			return err
		}
	}
	return nil
}

// demoRead has somebody have read what was told more than a few days ago.
func (a *App) demoRead(ctx context.Context, by scene.Actor) error {
	const fresh = 5
	rows, err := a.notices.Inbox(ctx, by, store.NoticeFilter{Unread: true}, store.Page{Limit: store.MaxPage})
	if err != nil {
		return err
	}
	var old []scene.ID
	for i := range rows.Items {
		if n := &rows.Items[i]; n.Created.Before(a.o.Now().AddDate(0, 0, -fresh)) {
			old = append(old, n.ID)
		}
	}
	if len(old) == 0 {
		return nil
	}
	_, err = a.notices.Read(ctx, by, old...)
	return err
}

// demoGood are the pairs that the city's manifest calls good, those public the
// longest first, each need and each offer once.
func (a *App) demoGood(ctx context.Context) ([]demoPair, error) {
	m, err := samplecity.ReadManifest()
	if err != nil {
		return nil, err
	}
	f := store.ListingFilter{States: []scene.State{scene.Published}}
	needs, err := a.reg.Opportunities(ctx, f, store.Page{Limit: store.MaxPage})
	if err != nil {
		return nil, err
	}
	offers, err := a.reg.Capabilities(ctx, f, store.Page{Limit: store.MaxPage})
	if err != nil {
		return nil, err
	}
	now, taken := a.o.Now(), map[scene.ID]bool{}
	var list []demoPair
	for _, pair := range m.Good {
		i := slices.IndexFunc(needs.Items, func(o scene.Opportunity) bool { return o.Code == pair.Need })
		k := slices.IndexFunc(offers.Items, func(c scene.Capability) bool { return c.Code == pair.Offer })
		if i < 0 || k < 0 {
			continue
		}
		p := demoPair{need: &needs.Items[i], offer: &offers.Items[k]}
		if taken[p.need.ID] || taken[p.offer.ID] || p.need.OrgID == p.offer.OrgID || !p.need.Open(now) || !p.offer.Open(now) {
			continue
		}
		taken[p.need.ID], taken[p.offer.ID] = true, true
		if p.since = p.need.ValidFrom; p.offer.ValidFrom.After(p.since) {
			p.since = p.offer.ValidFrom
		}
		list = append(list, p)
	}
	slices.SortStableFunc(list, func(x, y demoPair) int { return x.since.Compare(y.since) })
	return list, nil
}

// demoWalk is one pair on its way. Its service keeps the time of the step that is
// made, so that history, record and notices say when it was.
type demoWalk struct {
	*demoPair
	n               int
	engage          *engage.Service
	at, begun, now  time.Time
	steps, made     int // how many there are, and how many were made
	owner, provider scene.Actor
	steward         scene.Actor
	e               scene.Engagement
}

// demoWalk has the n-th pair begin as long ago as its way says, and not before both
// entries were public.
func (a *App) demoWalk(people map[scene.Role]scene.Account, p *demoPair, n int, way demoWay) *demoWalk {
	w := &demoWalk{demoPair: p, n: n, now: a.o.Now()}
	w.begun = w.now.AddDate(0, 0, -way.days)
	if earliest := p.since.AddDate(0, 0, 3); w.begun.Before(earliest) {
		w.begun = earliest
	}
	clock := func() time.Time { return w.at }
	w.engage = engage.New(a.store, scene.NewIDMaker(clock, rand.Reader), clock)
	side := func(role scene.Role, org scene.ID) scene.Actor {
		if account := people[role]; account.OrgID == org {
			return account.Actor("")
		}
		return scene.Actor{ID: "demo", Name: "demo", OrgID: org, Roles: []scene.Role{role}}
	}
	stewardAccount := people[scene.RoleSteward]
	w.owner, w.provider, w.steward = side(scene.RoleOwner, p.need.OrgID), side(scene.RoleProvider, p.offer.OrgID), stewardAccount.Actor("")
	return w
}

// run takes the pair from its beginning to a stage.
func (w *demoWalk) run(ctx context.Context, to scene.Stage) error {
	stages := w.stages(to)
	w.steps = len(stages) + 2
	if err := w.begin(ctx, to); err != nil || to == scene.StageSuggested || to == scene.StageRecommended {
		return err
	}
	if err := w.meet(ctx, len(stages) == 0); err != nil {
		return err
	}
	for i, stage := range stages {
		if err := w.advance(ctx, stage, i == len(stages)-1); err != nil {
			return err
		}
	}
	return nil
}

// stages are those after the docking, up to the one wanted. One that stopped had a
// proposal every other time.
func (w *demoWalk) stages(to scene.Stage) []scene.Stage {
	usual := []scene.Stage{scene.StageProposal, scene.StagePilot, scene.StageContract, scene.StageLanded, scene.StageReplicated}
	if to == scene.StageStopped {
		return append(usual[:w.n%2:w.n%2], to)
	}
	return usual[:slices.Index(usual, to)+1]
}

// tick moves the time on to the next step: evenly over the days since the
// beginning, on a working day within working hours, and after the step before.
func (w *demoWalk) tick() {
	past := w.at
	day := w.begun.Add(w.now.Sub(w.begun) * time.Duration(w.made) / time.Duration(w.steps+1)).In(scene.China())
	for day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
		day = day.AddDate(0, 0, -1)
	}
	minute := 9*60 + (w.n*97+w.made*53)%480
	w.at = time.Date(day.Year(), day.Month(), day.Day(), 0, minute, 0, 0, scene.China())
	if !w.at.After(past) {
		w.at = past.Add(25 * time.Minute)
	}
	if w.at.After(w.now) {
		w.at = w.now
	}
	w.made++
}

// begin has one side say that it is interested, or the centre recommend the pair.
func (w *demoWalk) begin(ctx context.Context, to scene.Stage) (err error) {
	w.tick()
	i := engage.Interest{Need: w.need.ID, Offer: w.offer.ID}
	switch {
	case to == scene.StageRecommended:
		i.Message = "需求与能力契合度高，建议双方先通一次电话。"
		w.e, err = w.engage.Recommend(ctx, w.steward, i)
	case w.n%3 == 2:
		i.Message = "看到贵方的能力介绍，想了解同类项目的实际效果。"
		w.e, err = w.engage.Express(ctx, w.owner, i)
	default:
		i.Message = "我们做过同类项目，可以先到现场看一看，再给初步设想。"
		w.e, err = w.engage.Express(ctx, w.provider, i)
	}
	return err
}

// meet has the other side accept, and both show their contacts.
func (w *demoWalk) meet(ctx context.Context, last bool) (err error) {
	w.tick()
	by := w.owner
	if w.e.Begun == scene.PartyOwner {
		by = w.provider
	}
	a := engage.Answer{ID: w.e.ID, Revision: w.e.Revision, Text: "可以，请先约一次现场交流。", Next: w.next(scene.StageDocking, last)}
	if w.e, err = w.engage.Accept(ctx, by, a); err != nil {
		return err
	}
	for _, by := range []scene.Actor{w.owner, w.provider} {
		if w.e, err = w.engage.Agree(ctx, by, w.e.ID, w.e.Revision); err != nil {
			return err
		}
	}
	return nil
}

// advance takes the pair to its next stage, or ends it.
func (w *demoWalk) advance(ctx context.Context, to scene.Stage, last bool) (err error) {
	w.tick()
	if to == scene.StageStopped {
		reasons := []scene.StopReason{scene.StopBudget, scene.StopEarly, scene.StopSolved}
		w.e, err = w.engage.Stop(ctx, w.owner, engage.Answer{ID: w.e.ID, Revision: w.e.Revision, Reason: reasons[w.n%len(reasons)]})
		return err
	}
	said := map[scene.Stage]string{
		scene.StageProposal: "方案已提交，含部署方式、工期和报价。", scene.StagePilot: "先选一处试点，约定了验收指标。",
		scene.StageContract: "试点达到指标，按试点结果签约。", scene.StageLanded: "验收通过，已投入使用。",
		scene.StageReplicated: "另有两家单位按同样做法采用。",
	}
	st := engage.Step{ID: w.e.ID, Revision: w.e.Revision, To: to, Text: said[to]}
	if to == scene.StageContract {
		st.Amount = w.amount()
	}
	if to.Docked() {
		st.Next = w.next(to, last)
	}
	w.e, err = w.engage.Move(ctx, w.owner, st)
	return err
}

// amount is what a contract of the pair is about: the middle of the budget in whole
// units of ten thousand, where there is one.
func (w *demoWalk) amount() scene.Money {
	if b := w.need.Budget; b.Min > 0 && b.Max > 0 {
		return (b.Min + b.Max) / 2 / scene.Wan * scene.Wan
	}
	return scene.Money(60+10*(w.n%5)) * scene.Wan
}

// next is what is to be done at a stage. Of a pair that stands there today it is
// due within the next weeks, and of every eighth it is overdue.
func (w *demoWalk) next(stage scene.Stage, last bool) scene.NextAction {
	todo := map[scene.Stage]scene.NextAction{
		scene.StageDocking:  {Text: "到现场踏勘，列出接口与点位", Party: scene.PartyProvider},
		scene.StageProposal: {Text: "组织方案评审，反馈意见", Party: scene.PartyOwner},
		scene.StagePilot:    {Text: "完成试点设备安装，开始采集数据", Party: scene.PartyProvider},
		scene.StageContract: {Text: "确认开工日期与项目负责人", Party: scene.PartyOwner},
	}
	n := todo[stage]
	due := w.at.AddDate(0, 0, 7)
	if last && w.n%8 != 3 {
		due = w.now.AddDate(0, 0, 3+w.n*5%17)
	}
	n.Due = scene.EndOfDay(due)
	return n
}
