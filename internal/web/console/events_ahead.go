package console

import (
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
	for _, i := range ahead(list, phases, ui.Day(o.now())) {
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
	p.Fair = len(v.Events) > 0
	if len(v.Events) == 0 && manage && !v.Reviews {
		v.NoEvent = ui.Link{Text: p.T("fair.new"), URL: events + "/new"}
	}
	return nil
}

// ahead chooses of events, the latest first, those of today, then the next one to come and
// the last one that was held and is not closed.
func ahead(list []scene.Fair, phases []convene.Phase, today int) (chosen []int) {
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
	for _, i := range []int{next, held} {
		if i >= 0 {
			chosen = append(chosen, i)
		}
	}
	return chosen[:min(len(chosen), mostAhead)]
}
