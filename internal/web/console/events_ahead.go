package console

import (
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/web/fair"
	"jinghe/internal/web/ui"
)

// mostAhead is how many events the first page of the console tells of.
const mostAhead = 3

// eventsAhead puts on the first page of the console the events that want something of the
// centre, each with what to do next.
func (o *Console) eventsAhead(c echo.Context, p *ui.Page, v *ui.Console) error {
	by := actor(c)
	if !by.MayEver(scene.FairRead) {
		return nil
	}
	ctx, manage := c.Request().Context(), by.MayEver(scene.FairManage)
	list, err := o.fairs.Fairs(ctx, by)
	if err != nil {
		return err
	}
	phases, err := o.fairs.Phases(ctx, list)
	if err != nil {
		return err
	}
	chosen, more := ahead(list, phases, ui.Day(o.now()))
	for _, i := range chosen {
		f := &list[i]
		s, err := o.standing(c, f)
		if err != nil {
			return err
		}
		next := nextStep(p, s, manage)
		next.Event = &ui.FairHeading{
			ID: "event-" + strconv.Itoa(len(v.Events)+1), Title: ui.Link{Text: f.Title, URL: events + "/" + string(f.ID)},
			When: fair.When(p, f), State: fair.State(p, phases[i]),
		}
		v.Events = append(v.Events, *next)
	}
	if more > 0 {
		v.MoreEvents = ui.Link{Text: p.T("fair.more_today", "count", more), URL: events}
	}
	p.Fair = len(v.Events) > 0
	if len(v.Events) == 0 && manage && !v.Reviews {
		v.NoEvent = ui.Link{Text: p.T("fair.new"), URL: events + "/new"}
	}
	return nil
}

// ahead chooses of events, the latest first, those of today and of them what runs first, then
// the next one to come and the last one that was held and is not closed. More is how many of
// today it has no room for.
func ahead(list []scene.Fair, phases []convene.Phase, today int) (chosen []int, more int) {
	next, held := -1, -1
	for i := range list {
		switch day := ui.Day(list[i].Start()); {
		case list[i].Ended():
		case phases[i] == convene.PhaseHeld || phases[i] == convene.PhaseMissed:
			if held < 0 {
				held = i
			}
		case day <= today: // one that began yesterday runs still
			chosen = append(chosen, i)
		default:
			next = i
		}
	}
	slices.SortStableFunc(chosen, func(x, y int) int { return behind(phases[x]) - behind(phases[y]) })
	more = max(0, len(chosen)-mostAhead)
	for _, i := range []int{next, held} {
		if i >= 0 {
			chosen = append(chosen, i)
		}
	}
	return chosen[:min(len(chosen), mostAhead)], more
}

// behind is 0 for an event that runs and 1 for another.
func behind(phase convene.Phase) int {
	if phase == convene.PhaseRunning {
		return 0
	}
	return 1
}
