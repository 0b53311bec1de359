package console

import (
	"math"
	"strconv"

	"jinghe/internal/convene"
	"jinghe/internal/web/ui"
)

// comparison sets the plan beside one that is first come, first served.
func comparison(p *ui.Page, r *convene.Report) ui.Table {
	t := ui.Table{Head: []string{
		p.T("fair.report.plan"), p.T("fair.fact.planned"), p.T("fair.report.worth_of"), p.T("fair.fact.minimums"), p.T("fair.fact.breaks"), p.T("fair.report.newcomers"),
		p.T("fair.report.idle"), p.T("fair.report.top"),
	}}
	for _, x := range []struct {
		key string
		c   *convene.PlanFigures
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
			{Text: strconv.Itoa(wholePercent(x.c.Idle)) + " %", N: true},
			{Text: strconv.Itoa(wholePercent(x.c.TopTenth)) + " %", N: true},
		})
	}
	return t
}

// compared says in sentences what the plan is beside first come, first served: every column
// of the table and no more, in whichever direction it goes.
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
		list = append(list, p.T("fair.report.compare."+key, args...))
	}
	ours, theirs := r.Plan, r.Greedy
	say(ours.Planned-theirs.Planned, "more", "fewer", "same", "count", abs(ours.Planned-theirs.Planned))
	percent := 100 * math.Abs(ours.Value-theirs.Value) / max(theirs.Value, 0.1)
	say(tenths(ours.Value)-tenths(theirs.Value), "value", "cheap", "worth", "percent", strconv.FormatFloat(percent, 'f', 1, 64))
	both := func(more, less, same string, a, b int) { say(a-b, more, less, same, "ours", a, "theirs", b) }
	both("kept", "kept", "as_kept", wholePercent(ours.MinimumsKept), wholePercent(theirs.MinimumsKept))
	both("broken", "unbroken", "as_broken", ours.Breaks, theirs.Breaks)
	both("newer", "newer", "as_new", wholePercent(ours.NewcomersShare), wholePercent(theirs.NewcomersShare))
	both("idler", "busier", "as_idle", wholePercent(ours.Idle), wholePercent(theirs.Idle))
	both("unfair", "fair", "even", wholePercent(ours.TopTenth), wholePercent(theirs.TopTenth))
	return list
}

func abs(n int) int { return max(n, -n) }

// tenths is a value as the table shows it.
func tenths(value float64) int { return int(math.Round(10 * value)) }
