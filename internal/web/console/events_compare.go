package console

import (
	"math"
	"strconv"

	"jinghe/internal/agenda"
	"jinghe/internal/convene"
	"jinghe/internal/web/ui"
)

// comparison sets the plan beside one that is first come, first served.
func comparison(p *ui.Page, r *convene.Report) ui.Table {
	t := ui.Table{Head: []string{p.T("fair.report.plan"), p.T("fair.fact.planned"), p.T("fair.report.worth_of"), p.T("fair.fact.minimums"), p.T("fair.fact.breaks"), p.T("fair.report.newcomers"), p.T("fair.report.top")}}
	for _, x := range []struct {
		key string
		c   *agenda.Comparison
	}{{"fair.report.ours", r.Plan}, {"fair.report.greedy", r.Greedy}} {
		if x.c == nil {
			continue
		}
		t.Rows = append(t.Rows, []ui.Cell{
			{Text: p.T(x.key)},
			{Text: strconv.Itoa(x.c.Planned), N: true},
			{Text: strconv.FormatFloat(x.c.Value, 'f', 1, 64), N: true},
			{Text: strconv.Itoa(wholePercent(x.c.MinimumsKept)) + " %", N: true},
			{Text: strconv.Itoa(x.c.Breaks), N: true},
			{Text: strconv.Itoa(wholePercent(x.c.NewcomersShare)) + " %", N: true},
			{Text: strconv.Itoa(wholePercent(x.c.TopTenth)) + " %", N: true},
		})
	}
	return t
}

// compared says in sentences what the plan is beside first come, first served: what the
// table shows and no more, in whichever direction it goes.
func compared(p *ui.Page, r *convene.Report) []string {
	if r.Plan == nil || r.Greedy == nil {
		return nil
	}
	var list []string
	say := func(difference int, more, less, same string, args ...any) {
		key := same
		switch {
		case difference > 0:
			key = more
		case difference < 0:
			key = less
		}
		if key != "" {
			list = append(list, p.T("fair.report.compare."+key, args...))
		}
	}
	more := r.Plan.Planned - r.Greedy.Planned
	say(more, "more", "fewer", "same", "count", max(more, -more))
	value := tenths(r.Plan.Value) - tenths(r.Greedy.Value)
	percent := 100 * math.Abs(r.Plan.Value-r.Greedy.Value) / max(r.Greedy.Value, 0.1)
	say(value, "value", "cheap", "worth", "percent", strconv.FormatFloat(percent, 'f', 1, 64))
	kept := wholePercent(r.Plan.MinimumsKept) - wholePercent(r.Greedy.MinimumsKept)
	say(kept, "kept", "unkept", "", "points", max(kept, -kept))
	ours, theirs := wholePercent(r.Plan.TopTenth), wholePercent(r.Greedy.TopTenth)
	say(theirs-ours, "fair", "unfair", "even", "ours", ours, "theirs", theirs)
	return list
}

// tenths is a value as the table shows it.
func tenths(value float64) int { return int(math.Round(10 * value)) }
