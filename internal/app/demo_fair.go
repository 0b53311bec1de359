package app

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// demoParties is how many organisations come to an event of the demo.
const demoParties = 20

// demoFairs lets a visitor of the demo find three events: one that was held, with
// what came of it, one that is on right now, and one that takes sign-ups and wishes.
// guest comes to all of them for his organisation.
func (a *App) demoFairs(ctx context.Context, by scene.Actor, guest *scene.Account) error {
	orgs, err := a.demoGuests(ctx)
	if err != nil {
		return err
	}
	held, parties, err := a.demoFair(ctx, by, demoEvent{title: "智慧城市场景供需对接会（第一场）", days: -7, mode: scene.FairOrganiser, guest: guest}, orgs)
	if err != nil {
		return err
	}
	if err := a.demoHeld(ctx, by, held, parties); err != nil {
		return err
	}
	coming, guests, err := a.demoFair(ctx, by, demoEvent{title: "智慧城市场景供需对接会（第三场）", days: 9, mode: scene.FairHosted, guest: guest}, orgs[:len(orgs)*3/4])
	if err != nil {
		return err
	}
	if err := demoWishes(ctx, by, a.fairs, guests[:len(guests)*2/3]); err != nil {
		return err
	}
	if err := a.demoSeats(ctx, coming, guests); err != nil {
		return err
	}
	return a.demoToday(ctx, by, guest, orgs[len(orgs)/4:])
}

// demoToday is an event that is on while somebody looks, where the hour allows a
// whole one: its pitches are over, and people meet.
func (a *App) demoToday(ctx context.Context, by scene.Actor, guest *scene.Account, orgs []scene.ID) error {
	hour := a.o.Now().In(scene.China()).Hour()
	if hour < 2 || hour > 18 {
		return nil
	}
	f, parties, err := a.demoFair(ctx, by, demoEvent{title: "智慧水务与治理专场（第二场，今天）", mode: scene.FairOrganiser, shift: hour - 10, guest: guest}, orgs)
	if err != nil {
		return err
	}
	if _, err := a.demoPlanned(ctx, by, f, parties); err != nil {
		return err
	}
	return a.demoArrivals(ctx, by, f, parties[:len(parties)*4/5])
}

// demoEvent is what the events of the demo differ in. shift moves its hours, which
// are those of a morning from 09:00.
type demoEvent struct {
	title string
	days  int
	mode  scene.FairMode
	shift int
	guest *scene.Account
}

// demoDay are the blocks of a demo's event: kind, title, and from when to when in
// minutes after its beginning.
func (a *App) demoDay(e *demoEvent) []scene.FairBlock {
	y, m, d := a.o.Now().AddDate(0, 0, e.days).In(scene.China()).Date()
	start := time.Date(y, m, d, 9+e.shift, 0, 0, 0, scene.China())
	block := func(kind scene.FairBlockKind, title string, from, to int) scene.FairBlock {
		return scene.FairBlock{Kind: kind, Title: title, Start: start.Add(time.Duration(from) * time.Minute), End: start.Add(time.Duration(to) * time.Minute)}
	}
	return []scene.FairBlock{
		block(scene.BlockOpening, "领导致辞", 0, 10), block(scene.BlockRelease, "场景清单", 10, 20), block(scene.BlockPitch, "", 20, 50),
		block(scene.BlockMeet, "", 55, 180), block(scene.BlockSigning, "", 180, 190), block(scene.BlockVisit, "示范场景现场", 200, 290),
	}
}

// demoGuests are organisations that have something to bring, needs and offers by turns.
func (a *App) demoGuests(ctx context.Context) (orgs []scene.ID, err error) {
	f := store.ListingFilter{States: []scene.State{scene.Published}}
	needs, err := a.reg.Opportunities(ctx, f, store.Page{Limit: 100})
	if err != nil {
		return nil, err
	}
	offers, err := a.reg.Capabilities(ctx, f, store.Page{Limit: 100})
	if err != nil {
		return nil, err
	}
	seen := map[scene.ID]bool{"": true}
	add := func(org scene.ID) {
		if !seen[org] && len(orgs) < demoParties {
			seen[org] = true
			orgs = append(orgs, org)
		}
	}
	for i := range min(len(needs.Items), len(offers.Items)) {
		add(needs.Items[i].OrgID)
		add(offers.Items[i].OrgID)
	}
	return orgs, nil
}

// demoGuest is an organisation that comes to every event of the demo.
func (a *App) demoGuest(ctx context.Context) (scene.ID, error) {
	orgs, err := a.demoGuests(ctx)
	if err != nil || len(orgs) == 0 {
		return "", err
	}
	return orgs[len(orgs)/2], nil
}

// demoFair makes an event, open, with its parties and the entries of its blocks.
func (a *App) demoFair(ctx context.Context, by scene.Actor, e demoEvent, orgs []scene.ID) (f scene.Fair, list []scene.FairParty, err error) {
	f, err = a.fairs.Create(ctx, by, scene.Fair{
		Title: e.title, Theme: "虚构的活动：围绕城市治理、水务、医疗等场景，面对面对接。", Place: "虚构会展中心", Mode: e.mode, Blocks: a.demoDay(&e),
		Halls: []scene.FairHall{{ID: "A", Name: "一号厅", Tables: 6}, {ID: "B", Name: "二号厅", Tables: 2}}, Minutes: 15, Pause: 5, Min: 2, Max: 4, MaxOpen: 8, MaxMusts: 2,
	}, convene.PastSeen)
	if err != nil {
		return f, nil, err
	}
	if f, err = a.fairs.Bring(ctx, by, f.ID, scene.FairOpen); err != nil {
		return f, nil, err
	}
	for i, org := range orgs {
		p, err := a.fairs.Join(ctx, by, f.ID, org, convene.PartyForm{
			Newcomer: i%5 == 0, Hosted: e.mode == scene.FairHosted && i%2 == 0, Delegates: demoDelegates(i, org, e.guest),
		})
		if err != nil {
			return f, nil, err
		}
		list = append(list, p)
	}
	f, err = a.demoActs(ctx, by, f, list)
	return f, list, err
}

// demoDelegates are who comes for a party: mostly one, here and there two who go alone.
func demoDelegates(i int, org scene.ID, guest *scene.Account) []scene.Delegate {
	list := []scene.Delegate{{Name: fmt.Sprintf("虚构代表%02d", i+1), Post: "项目经理"}}
	if org == guest.OrgID {
		list[0].Name = guest.Name
	}
	if i%4 == 1 {
		list = append(list, scene.Delegate{Name: fmt.Sprintf("虚构代表%02d乙", i+1), Post: "技术负责人"})
	}
	return list
}

// demoActs gives the blocks their entries: pitches and a signing of those who come,
// and a visit with places for some.
func (a *App) demoActs(ctx context.Context, by scene.Actor, f scene.Fair, parties []scene.FairParty) (scene.Fair, error) {
	var pitches strings.Builder
	for i, n := 0, 0; i < len(parties) && n < 5; i++ {
		brings, err := a.fairs.CanBring(ctx, parties[i].OrgID)
		if err != nil {
			return f, err
		}
		at := slices.IndexFunc(brings, func(l convene.Listed) bool { return l.Kind == scene.KindCapability })
		if at >= 0 {
			fmt.Fprintf(&pitches, "%s，%s，6分钟\n", strings.NewReplacer("，", " ", ",", " ", "；", " ").Replace(brings[at].Name), parties[i].Name)
			n++
		}
	}
	lines := map[scene.FairBlockKind]string{
		scene.BlockPitch: pitches.String(), scene.BlockVisit: "参观虚构水厂的漏损监测，一号大巴，45分钟，东门上车，限6人\n参观虚构街道的治理中心，二号大巴，45分钟，东门上车，限20人",
	}
	if len(parties) > 1 {
		lines[scene.BlockSigning] = "试点意向签约，" + parties[0].Name + " × " + parties[1].Name + "，10分钟，主席台"
	}
	for i := range f.Blocks {
		text := lines[f.Blocks[i].Kind]
		if text == "" {
			continue
		}
		acts, err := convene.ReadActs(text, 6, nil)
		if err != nil {
			return f, err
		}
		if f, err = a.fairs.SetActs(ctx, by, f.ID, f.Revision, i, acts); err != nil {
			return f, err
		}
	}
	return f, nil
}

// demoWishes has everybody want some of the few that all want, those whom the matcher
// suggests most, and one whom nobody else thinks of; some have to meet, and some do not
// want to.
func demoWishes(ctx context.Context, by scene.Actor, desk *convene.Service, parties []scene.FairParty) error {
	n := len(parties)
	place := map[scene.ID]int{}
	for i := range parties {
		place[parties[i].ID] = i
	}
	for i := range parties {
		said := map[int]scene.FairWishKind{}
		say := func(to int, kind scene.FairWishKind) {
			if to %= n; to != i && said[to] == "" {
				said[to] = kind
			}
		}
		fits, err := demoFits(ctx, desk, &parties[i])
		if err != nil {
			return err
		}
		for _, to := range fits {
			say(place[to], scene.WishWant)
		}
		popular, odd := scene.WishWant, scene.WishWant
		if i%4 == 3 {
			popular = scene.WishMust
		}
		if i%6 == 5 {
			odd = scene.WishNever
		}
		say(i%3, popular)
		say(3+i%4, scene.WishWant)
		say(2*i+7, odd)
		var wishes []convene.Wish
		for to := range n {
			if kind := said[to]; kind != "" {
				w := convene.Wish{To: parties[to].ID, Kind: kind}
				if kind != scene.WishNever {
					w.Note = "想了解进度与已有案例"
				}
				wishes = append(wishes, w)
			}
		}
		if _, err := desk.Wish(ctx, by, parties[i].ID, wishes); err != nil {
			return err
		}
	}
	return nil
}

// demoFits are the few whom the matcher suggests most to a party.
func demoFits(ctx context.Context, desk *convene.Service, p *scene.FairParty) (list []scene.ID, err error) {
	for {
		said, pending, err := desk.Suggestions(ctx, p.FairID, p.ID, 3)
		if err != nil || !pending {
			for i := range said {
				list = append(list, said[i].Party)
			}
			return list, err
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
}

// demoSeats has some people sign up for the visits: more than the first bus takes.
func (a *App) demoSeats(ctx context.Context, f scene.Fair, parties []scene.FairParty) error {
	var visits []scene.FairAct
	for i := range f.Blocks {
		if f.Blocks[i].Kind == scene.BlockVisit {
			visits = f.Blocks[i].Acts
		}
	}
	for i := range parties {
		if i%3 == 2 || len(visits) == 0 {
			continue
		}
		for k := range visits {
			if k > 0 && i%2 == 0 {
				continue
			}
			e := scene.FairEntry{Key: fmt.Sprintf("seat-%s-%d", parties[i].ID, k), Kind: scene.EntrySeat, Act: visits[k].ID}
			if _, err := a.fairs.EnterAsGuest(ctx, parties[i].Delegates[0].Code, "", e); err != nil {
				return err
			}
		}
	}
	return nil
}

// demoPlanned plans an event and publishes the plan; nil where none was made.
func (a *App) demoPlanned(ctx context.Context, by scene.Actor, f scene.Fair, parties []scene.FairParty) (*convene.Version, error) {
	at := func(before time.Duration) *convene.Service {
		return a.convening(func() time.Time { return f.Start().Add(-before) })
	}
	early := at(2 * time.Hour) // what people want is known when the plan is made
	defer early.Close()
	if err := demoWishes(ctx, by, early, parties); err != nil {
		return nil, err
	}
	desk := at(time.Hour) // nothing of it has begun
	defer desk.Close()
	if _, err := desk.Bring(ctx, by, f.ID, scene.FairClosed); err != nil {
		return nil, err
	}
	if err := desk.Plan(ctx, by, f.ID, 3*time.Second); err != nil {
		return nil, err
	}
	desk.Await(ctx, f.ID)
	draft, err := desk.Draft(ctx, by, f.ID)
	if err != nil || draft == nil {
		return nil, err // without a draft the event shows its parties alone
	}
	return desk.Publish(ctx, by, f.ID, draft.Row.Revision, nil)
}

// demoComes reports whether the party in that place comes.
func demoComes(i int) bool { return i%9 != 8 }

// demoArrivals has people come, all but a few.
func (a *App) demoArrivals(ctx context.Context, by scene.Actor, f scene.Fair, parties []scene.FairParty) error {
	for i := range parties {
		if !demoComes(i) {
			continue
		}
		e := scene.FairEntry{FairID: f.ID, Key: "arrived-" + string(parties[i].ID), Kind: scene.EntryArrived, Party: parties[i].ID, Delegate: parties[i].Delegates[0].ID}
		if _, err := a.fairs.Enter(ctx, by, e); err != nil {
			return err
		}
	}
	return nil
}

// demoHeld plans and publishes the event, has people come and say what came of it.
func (a *App) demoHeld(ctx context.Context, by scene.Actor, f scene.Fair, parties []scene.FairParty) error {
	v, err := a.demoPlanned(ctx, by, f, parties)
	if err != nil || v == nil {
		return err
	}
	if err := a.demoArrivals(ctx, by, f, parties); err != nil {
		return err
	}
	away := map[string]bool{}
	for i := range parties {
		away[string(parties[i].ID)] = !demoComes(i)
	}
	return a.demoOutcomes(ctx, by, f, v, away)
}

// demoOutcomes has both sides of most meetings speak, not always the same: nobody of those
// who are away.
func (a *App) demoOutcomes(ctx context.Context, by scene.Actor, f scene.Fair, v *convene.Version, away map[string]bool) error {
	nexts := scene.FairNexts()
	for i := range v.Plan.Meetings {
		m := &v.Plan.Meetings[i]
		for k, party := range m.Parties {
			if away[party] || (i+k)%7 == 6 {
				continue // said nothing
			}
			o := scene.FairOutcome{Held: i%11 != 10 && !away[m.Parties[1-k]]}
			if o.Held {
				o.Worth, o.Next = 1+(i+k)%3, nexts[(i*3+k)%len(nexts)]
			}
			if o.Next == scene.NextPilot || o.Next == scene.NextContract {
				o.Amount = scene.Money(20+10*(i%6)) * scene.Wan
			}
			e := scene.FairEntry{FairID: f.ID, Key: fmt.Sprintf("outcome-%d-%d-%s", i, k, m.ID), Kind: scene.EntryOutcome, Party: scene.ID(party), Meeting: m.ID, Outcome: &o}
			if len(e.Key) > 100 {
				e.Key = e.Key[:100]
			}
			if _, err := a.fairs.Enter(ctx, by, e); err != nil {
				return err
			}
		}
	}
	_, err := a.fairs.Bring(ctx, by, f.ID, scene.FairOver)
	return err
}
