package console

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/pairs"
	"jinghe/internal/web/ui"
)

// Home answers GET /console: what waits for review, and how much there is of what.
func (o *Console) Home(c echo.Context) error { return o.home(c, http.StatusOK, nil, nil) }

func (o *Console) home(c echo.Context, status int, results []registry.StepResult, fault error) error {
	ctx, by := c.Request().Context(), actor(c)
	p, tabs, err := o.page(c, "web.nav.console", "/console")
	if err != nil {
		return err
	}
	v := ui.Console{Nav: tabs, Lists: o.listsText(p), Notice: notice(c, p, "web.console.done."), Fault: frame.Sentence(p.Lang, fault), Reason: c.FormValue("reason")}
	refused := map[scene.ID]bool{}
	for i := range results {
		v.Results = append(v.Results, resultRow(p, &results[i]))
		refused[results[i].ID] = results[i].Err != nil
	}
	if v.Reviews = by.MayEver(scene.ListingReview); v.Reviews {
		v.Files = xlsx(p, reviews, nil)
		queue, total, err := o.registry.Queue(ctx, by)
		if err != nil {
			return err
		}
		if total > len(queue) {
			v.Total = p.T("web.queue.total", "shown", len(queue), "total", total)
		}
		for i := range queue {
			l := queue[i].Listing()
			v.Queue = append(v.Queue, ui.QueueRow{
				Row: frame.EntryRow(p, &queue[i], reviews), Chosen: refused[l.ID],
				Pick: string(queue[i].Kind()) + "/" + string(l.ID) + "/" + strconv.Itoa(l.Revision),
			})
		}
	}
	if by.MayEver(scene.ListingRevise) {
		open, err := o.registry.Proposals(ctx, by)
		if err != nil {
			return err
		}
		for i := range open {
			row := frame.EntryRow(p, &open[i].Present, proposals)
			row.Note, row.Date = open[i].Proposal.Note, ui.Minute(open[i].Proposal.Created)
			v.Proposals = append(v.Proposals, row)
		}
	}
	if err := o.eventsAhead(c, p, &v); err != nil {
		return err
	}
	var counts map[scene.Stage]int
	if by.MayEver(scene.EngagementFollow) {
		if counts, err = o.pairs.Counts(ctx, by); err != nil {
			return err
		}
		v.Funnel = pairs.FunnelOf(p, counts, pairs.Console)
		p.Draws = v.Funnel != nil
	}
	if v.Figures, err = o.figures(ctx, p, by, counts); err != nil {
		return err
	}
	return o.frame.Render(c, status, ui.ConsolePage(p, v))
}

func resultRow(p *ui.Page, r *registry.StepResult) ui.ResultRow {
	row := ui.ResultRow{Name: r.Name, Text: p.T("web.state." + string(r.To))}
	if r.Name == "" {
		row.Name = string(r.ID)
	} else {
		row.URL = frame.EntryURL(reviews, r.Kind, r.ID)
	}
	if r.Err != nil {
		row.Bad, row.Text = true, frame.Sentence(p.Lang, r.Err)
	}
	return row
}

// DecideMany answers POST /console/reviews: one step for every entry that was
// picked, each by itself, with what became of each.
func (o *Console) DecideMany(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return &scene.Error{Code: scene.Invalid, Op: "console.DecideMany", Err: err}
	}
	steps := picks(form["pick"])
	for i := range steps {
		steps[i].To, steps[i].Reason = scene.State(c.FormValue("to")), c.FormValue("reason")
	}
	if len(steps) == 0 {
		return o.home(c, edge.Status(scene.Invalid), nil, &scene.Error{Code: scene.Invalid, Key: "queue.none"})
	}
	return o.home(c, http.StatusOK, o.registry.ReviewMany(c.Request().Context(), actor(c), steps), nil)
}

// around adds to a page of review the neighbours in the queue, entries that say
// nearly the same, and what could be clearer. What cannot be had is left out:
// the review goes on without.
func (o *Console) around(c echo.Context, p *ui.Page, e *registry.Entry, v *ui.EntryPage) error {
	ctx, by := c.Request().Context(), actor(c)
	if !by.MayEver(scene.ListingReview) {
		return nil
	}
	n, total, before, behind, err := o.registry.Place(ctx, by, e.Listing().ID)
	if err != nil {
		return err
	}
	if n > 0 {
		v.Place = p.T("web.queue.place", "n", n, "total", total)
	}
	if before.ID != "" {
		v.Prev = frame.EntryURL(reviews, before.Kind, before.ID)
	}
	if behind.ID != "" {
		v.Next = frame.EntryURL(reviews, behind.Kind, behind.ID)
	}
	v.Keys = by.May(scene.ListingReview, e.Object()) == nil
	o.judged(c, p, e, v)
	return nil
}
