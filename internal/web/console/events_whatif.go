package console

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/web/ui"
)

// EventWhatIf answers GET /console/events/:id/whatif.
func (o *Console) EventWhatIf(c echo.Context) error { return o.whatIf(c, nil) }

// RunWhatIf answers POST /console/events/:id/whatif: the solver works the variants out.
func (o *Console) RunWhatIf(c echo.Context) error {
	list, err := o.fairs.WhatIf(c.Request().Context(), actor(c), scene.ID(c.Param("id")))
	if err != nil {
		return err
	}
	return o.whatIf(c, list)
}

func (o *Console) whatIf(c echo.Context, list []convene.Variant) error {
	f, err := o.event(c)
	if err != nil {
		return err
	}
	p, v, err := o.eventPage(c, &f, "/whatif")
	if err != nil {
		return err
	}
	run := ui.Form{Action: events + "/" + string(f.ID) + "/whatif", Buttons: []ui.Button{{Label: p.T("fair.whatif.go")}}}
	s := ui.FairSection{ID: "whatif", Title: p.T("fair.part.whatif"), Text: p.T("fair.whatif.text"), Forms: []ui.Form{run}}
	v.Sections = []ui.FairSection{s}
	if len(list) == 0 {
		return o.frame.Render(c, http.StatusOK, ui.FairDeskPage(p, v))
	}
	t := ui.Table{Head: []string{
		p.T("fair.whatif.variant"), p.T("fair.whatif.tables"), p.T("fair.whatif.slots"), p.T("fair.whatif.max"),
		p.T("fair.fact.planned"), p.T("fair.fact.minimums"), p.T("fair.whatif.idle"), p.T("fair.whatif.use"),
	}}
	most := 1
	for i := range list {
		most = max(most, list[i].Planned)
	}
	var bars []ui.Bar
	for i := range list {
		x := &list[i]
		label := p.T("fair.variant."+string(x.Kind), "tables", x.Tables, "minutes", x.Minutes, "max", x.Max)
		quota := strconv.Itoa(x.Max)
		if x.Max == 0 {
			quota = "–"
		}
		t.Rows = append(t.Rows, []ui.Cell{
			{Text: label},
			{Text: strconv.Itoa(x.Tables), N: true},
			{Text: p.T("fair.whatif.slots.text", "slots", x.Slots, "minutes", x.Minutes)},
			{Text: quota, N: true},
			{Text: p.T("fair.fact.planned.text", "planned", x.Planned, "wanted", x.Wanted), N: true},
			{Text: strconv.Itoa(wholePercent(x.Kept)) + " %", N: true},
			{Text: strconv.Itoa(wholePercent(x.Idle)) + " %", N: true},
			{Text: strconv.Itoa(wholePercent(x.Use)) + " %", N: true},
		})
		bars = append(bars, ui.Bar{Label: label, Text: strconv.Itoa(x.Planned), Percent: 100 * x.Planned / most, Active: x.Kind == convene.VariantNow})
	}
	v.Sections = append(v.Sections, ui.FairSection{ID: "variants", Title: p.T("fair.whatif.result"), Bars: bars}, ui.FairSection{ID: "figures", Title: p.T("fair.whatif.figures"), Table: &t})
	return o.frame.Render(c, http.StatusOK, ui.FairDeskPage(p, v))
}
