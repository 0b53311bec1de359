package console

import (
	"strings"
	"testing"

	"jinghe/internal/agenda"
	"jinghe/internal/convene"
	"jinghe/internal/locale"
	"jinghe/internal/web/ui"
)

// TestComparedSaysTheNumbers: in each direction the sentences say what the table shows,
// every column of it.
func TestComparedSaysTheNumbers(t *testing.T) {
	t.Parallel()
	ours := convene.PlanFigures{Comparison: agenda.Comparison{Planned: 9, Value: 22, MinimumsKept: 1, Breaks: 0, NewcomersShare: 0.4, TopTenth: 0.2}, Idle: 0.1}
	theirs := convene.PlanFigures{Comparison: agenda.Comparison{Planned: 7, Value: 20, MinimumsKept: 0.5, Breaks: 4, NewcomersShare: 0.3, TopTenth: 0.3}, Idle: 0.25}
	tests := map[string]struct {
		ours, theirs convene.PlanFigures
		want         []string
	}{
		"BetterInAll": {
			ours, theirs,
			[]string{
				"比先到先得多排 2 场。", "总价值高 10.0 %。", "达到最少场次的单位占 100 %，先到先得为 50 %。", "两场之间的空档更少：0 个，先到先得为 4 个。",
				"有首次参会者的会谈占 40 %，先到先得为 30 %。", "等候更少：占各单位首末场之间时间的 10 %，先到先得为 25 %。", "分布更均匀：场次最多的一成单位占 20 %，先到先得为 30 %。",
			},
		},
		"WorseInAll": {
			theirs, ours,
			[]string{
				"比先到先得少排 2 场。", "总价值低 9.1 %。", "达到最少场次的单位占 50 %，先到先得为 100 %。", "两场之间的空档更多：4 个，先到先得为 0 个。",
				"有首次参会者的会谈占 30 %，先到先得为 40 %。", "等候更多：占各单位首末场之间时间的 25 %，先到先得为 10 %。", "分布不如先到先得均匀：场次最多的一成单位占 30 %，先到先得为 20 %。",
			},
		},
		"Same": {
			theirs, theirs,
			[]string{
				"与先到先得排得一样多。", "总价值相同。", "达到最少场次的单位一样多，都占 50 %。", "两场之间的空档一样多，都是 4 个。",
				"有首次参会者的会谈一样多，都占 30 %。", "等候一样多，都占各单位首末场之间时间的 25 %。", "分布一样均匀：场次最多的一成单位都占 30 %。",
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &convene.Report{Plan: &test.ours, Greedy: &test.theirs}
			if got := compared(&ui.Page{Lang: locale.Zh}, r); strings.Join(got, "\n") != strings.Join(test.want, "\n") {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if got := comparison(&ui.Page{Lang: locale.Zh}, r); len(got.Head) != len(test.want)+1 {
				t.Errorf("%d columns, %d sentences", len(got.Head), len(test.want))
			}
		})
	}
	if got := compared(&ui.Page{Lang: locale.Zh}, &convene.Report{}); got != nil {
		t.Errorf("without a plan: %q", got)
	}
}
