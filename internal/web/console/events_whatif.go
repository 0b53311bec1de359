package console

import (
	"cmp"
	"net/http"
	"slices"
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
	f, p, v, err := o.eventPage(c, "/whatif")
	if err != nil {
		return err
	}
	run := ui.Form{Action: events + "/" + string(f.ID) + "/whatif", Buttons: []ui.Button{{Label: p.T("fair.whatif.go")}}}
	s := ui.FairSection{ID: "whatif", Title: p.T("fair.part.whatif"), Text: p.T("fair.whatif.text"), Forms: []ui.Form{run}}
	switch n := begunSlots(&f, o.now()); {
	case n > 0 && n == len(f.Slots):
		s.Forms, s.Empty = nil, p.T("fair.no_slot_left")
	case n > 0:
		s.Lines = []string{p.T("fair.whatif.left", "left", len(f.Slots)-n)}
	}
	v.Sections = []ui.FairSection{s}
	if f.Ended() {
		v.Sections = []ui.FairSection{{Empty: p.T("fair.day.ended")}}
	}
	if len(list) == 0 || f.Ended() {
		return o.frame.Render(c, http.StatusOK, ui.FairDeskPage(p, v))
	}
	t := ui.Table{Head: []string{
		p.T("fair.whatif.variant"), p.T("fair.whatif.tables"), p.T("fair.whatif.slots"), p.T("fair.whatif.max"),
		p.T("fair.fact.planned"), p.T("fair.fact.minimums"), p.T("fair.whatif.idle"), p.T("fair.whatif.use"),
	}}
	for i := range list {
		x := &list[i]
		quota := strconv.Itoa(x.Max)
		if x.Max == 0 {
			quota = "–"
		}
		t.Rows = append(t.Rows, []ui.Cell{
			{Text: variantText(p, x)},
			{Text: strconv.Itoa(x.Tables), N: true},
			{Text: p.T("fair.whatif.slots.text", "slots", x.Slots, "minutes", x.Minutes)},
			{Text: quota, N: true},
			{Text: p.T("fair.fact.planned.text", "planned", x.Planned, "wanted", x.Wanted), N: true},
			{Text: strconv.Itoa(wholePercent(x.Kept)) + " %", N: true},
			{Text: strconv.Itoa(wholePercent(x.Idle)) + " %", N: true},
			{Text: strconv.Itoa(wholePercent(x.Use)) + " %", N: true},
		})
	}
	if f.Interpreters > 0 {
		t.Head = slices.Insert(t.Head, 2, p.T("fair.interpreters"))
		for i := range list {
			t.Rows[i] = slices.Insert(t.Rows[i], 2, ui.Cell{Text: strconv.Itoa(list[i].Interpreters), N: true})
		}
	}
	v.Sections = append(v.Sections, ui.FairSection{ID: "variants", Title: p.T("fair.whatif.result"), Text: p.T("fair.whatif.result.text", "wanted", list[0].Wanted), Charts: charts(p, list)}, ui.FairSection{ID: "figures", Title: p.T("fair.whatif.figures"), Table: &t})
	return o.frame.Render(c, http.StatusOK, ui.FairDeskPage(p, v))
}

// charts shows the variants, one chart for each thing that can be changed, with
// what it means for the organisers.
func charts(p *ui.Page, list []convene.Variant) []ui.Chart {
	most := 1
	for i := range list {
		most = max(most, list[i].Planned)
	}
	now := &list[0]
	value := func(kind convene.VariantKind, x *convene.Variant) int {
		return map[convene.VariantKind]int{convene.VariantTables: x.Tables, convene.VariantInterpreters: x.Interpreters, convene.VariantLength: x.Minutes, convene.VariantQuota: x.Max}[kind]
	}
	var out []ui.Chart
	for _, f := range convene.Findings(list) {
		c := ui.Chart{Title: p.T("fair.whatif.by." + string(f.Kind)), Text: finding(p, &f), Legend: [3]string{p.T("fair.fact.planned"), p.T("fair.fact.minimums"), p.T("fair.whatif.idle")}}
		shown := []*convene.Variant{now}
		for i := range list {
			if list[i].Kind == f.Kind {
				shown = append(shown, &list[i])
			}
		}
		slices.SortStableFunc(shown, func(a, b *convene.Variant) int { return cmp.Compare(value(f.Kind, a), value(f.Kind, b)) })
		for _, x := range shown {
			c.Columns = append(c.Columns, ui.Column{
				Label: strconv.Itoa(value(f.Kind, x)), Text: strconv.Itoa(x.Planned), Now: x == now,
				Height: 100 * x.Planned / most, Kept: wholePercent(x.Kept), Idle: wholePercent(x.Idle),
			})
		}
		out = append(out, c)
	}
	return out
}

// finding is what one kind of variants says, in a sentence.
func finding(p *ui.Page, f *convene.Finding) string {
	key := "same"
	switch {
	case f.More > 0:
		key = "more"
	case f.Spare > 0 && f.Kind == convene.VariantInterpreters:
		key = "spare_interpreters"
	case f.Spare > 0:
		key = "spare"
	}
	return p.T("fair.whatif.finding."+key, "what", variantText(p, &f.Best), "count", f.More, "spare", f.Spare)
}

// variantText says what a variant changes.
func variantText(p *ui.Page, x *convene.Variant) string {
	return p.T("fair.variant."+string(x.Kind), "tables", x.Tables, "interpreters", x.Interpreters, "minutes", x.Minutes, "max", x.Max)
}
