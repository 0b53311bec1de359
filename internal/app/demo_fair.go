package app

import (
	"context"
	"fmt"
	"time"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// demoParties is how many organisations come to an event of the demo.
const demoParties = 20

// demoFairs lets a visitor of the demo find two events: one that was held, with
// what came of it, and one that takes sign-ups and wishes.
func (a *App) demoFairs(ctx context.Context, by scene.Actor) error {
	orgs, err := a.demoGuests(ctx)
	if err != nil {
		return err
	}
	held, parties, err := a.demoFair(ctx, by, "智慧城市场景供需对接会（第一场）", -7, orgs)
	if err != nil {
		return err
	}
	if err := a.demoHeld(ctx, by, held, parties); err != nil {
		return err
	}
	_, coming, err := a.demoFair(ctx, by, "智慧城市场景供需对接会（第二场）", 9, orgs[:len(orgs)*3/4])
	if err != nil {
		return err
	}
	return a.demoWishes(ctx, by, coming[:len(coming)/2])
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

// demoFair makes an event on the day so many days from now, open, with its parties.
func (a *App) demoFair(ctx context.Context, by scene.Actor, title string, days int, orgs []scene.ID) (f scene.Fair, list []scene.FairParty, err error) {
	blocks, err := convene.ReadProgramme(a.o.Now().AddDate(0, 0, days), "09:00-09:20 开幕 领导致辞\n09:20-09:40 发布 场景清单\n09:40-10:10 路演\n10:20-12:00 一对一\n12:00-12:20 签约")
	if err != nil {
		return f, nil, err
	}
	f, err = a.fairs.Create(ctx, by, scene.Fair{
		Title: title, Theme: "虚构的活动：围绕城市治理、水务、医疗等场景，面对面对接。", Place: "虚构会展中心", Mode: scene.FairOrganiser, Blocks: blocks,
		Halls: []scene.FairHall{{ID: "A", Name: "一号厅", Tables: 8}}, Minutes: 15, Pause: 5, Min: 2, Max: 4, MaxOpen: 8, MaxMusts: 2,
	})
	if err != nil {
		return f, nil, err
	}
	if f, err = a.fairs.Bring(ctx, by, f.ID, scene.FairOpen); err != nil {
		return f, nil, err
	}
	for i, org := range orgs {
		p, err := a.fairs.Join(ctx, by, f.ID, org, convene.PartyForm{
			Newcomer: i%5 == 0, Delegates: []scene.Delegate{{Name: fmt.Sprintf("虚构代表%02d", i+1), Post: "项目经理"}},
		})
		if err != nil {
			return f, nil, err
		}
		list = append(list, p)
	}
	return f, list, nil
}

// demoWishes has each party want the next two but one.
func (a *App) demoWishes(ctx context.Context, by scene.Actor, parties []scene.FairParty) error {
	for i := range parties {
		var wishes []convene.Wish
		for k := range 2 {
			to := parties[(i+2*k+1)%len(parties)]
			wishes = append(wishes, convene.Wish{To: to.ID, Kind: scene.WishWant, Note: "想了解进度与已有案例"})
		}
		if _, err := a.fairs.Wish(ctx, by, parties[i].ID, wishes); err != nil {
			return err
		}
	}
	return nil
}

// demoHeld plans and publishes the event, has people come and say what came of it.
func (a *App) demoHeld(ctx context.Context, by scene.Actor, f scene.Fair, parties []scene.FairParty) error {
	if err := a.demoWishes(ctx, by, parties); err != nil {
		return err
	}
	if _, err := a.fairs.Bring(ctx, by, f.ID, scene.FairClosed); err != nil {
		return err
	}
	if err := a.fairs.Plan(ctx, by, f.ID, 3*time.Second); err != nil {
		return err
	}
	a.fairs.Await(ctx, f.ID)
	draft, err := a.fairs.Draft(ctx, by, f.ID)
	if err != nil || draft == nil {
		return err // without a draft the event shows its parties alone
	}
	if _, err := a.fairs.Publish(ctx, by, f.ID, draft.Row.Revision, nil); err != nil {
		return err
	}
	for i := range parties {
		if i%9 == 8 {
			continue // did not come
		}
		e := scene.FairEntry{FairID: f.ID, Key: "arrived-" + string(parties[i].ID), Kind: scene.EntryArrived, Party: parties[i].ID, Delegate: parties[i].Delegates[0].ID}
		if _, err := a.fairs.Enter(ctx, by, e); err != nil {
			return err
		}
	}
	return a.demoOutcomes(ctx, by, f, draft)
}

// demoOutcomes has both sides of most meetings speak, not always the same.
func (a *App) demoOutcomes(ctx context.Context, by scene.Actor, f scene.Fair, v *convene.Version) error {
	nexts := scene.FairNexts()
	for i := range v.Plan.Meetings {
		m := &v.Plan.Meetings[i]
		for k, party := range m.Parties {
			if (i+k)%7 == 6 {
				continue // said nothing
			}
			o := scene.FairOutcome{Held: i%11 != 10}
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
