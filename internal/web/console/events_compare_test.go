package console

import (
	"strings"
	"testing"

	"jinghe/internal/agenda"
	"jinghe/internal/convene"
	"jinghe/internal/locale"
	"jinghe/internal/web/ui"
)

// TestComparedSaysTheNumbers: in each direction the sentences say what the table shows.
func TestComparedSaysTheNumbers(t *testing.T) {
	t.Parallel()
	c := func(planned int, value, kept, top float64) *agenda.Comparison {
		return &agenda.Comparison{Planned: planned, Value: value, MinimumsKept: kept, TopTenth: top}
	}
	tests := map[string]struct {
		ours, theirs *agenda.Comparison
		want         []string
	}{
		"LessOfAll": {
			c(6, 13.5, 0.71, 0.4), c(7, 19.3, 0.8, 0.3),
			[]string{"比先到先得少排 1 场。", "总价值低 30.1 %。", "达到最少场次的单位少 9 个百分点。", "分布不如先到先得均匀：场次最多的一成单位占 40 %，先到先得为 30 %。"},
		},
		"MoreOfAll": {
			c(9, 22, 1, 0.2), c(7, 20, 0.5, 0.3),
			[]string{"比先到先得多排 2 场。", "总价值高 10.0 %。", "达到最少场次的单位多 50 个百分点。", "分布更均匀：场次最多的一成单位占 20 %，先到先得为 30 %。"},
		},
		"Same": {
			c(7, 20.01, 0.5, 0.3), c(7, 20.02, 0.5, 0.3),
			[]string{"与先到先得排得一样多。", "总价值相同。", "分布一样均匀：场次最多的一成单位都占 30 %。"},
		},
		"FewerForMore": {
			c(6, 21, 0.5, 0.3), c(7, 20, 0.5, 0.3),
			[]string{"比先到先得少排 1 场。", "总价值高 5.0 %。", "分布一样均匀：场次最多的一成单位都占 30 %。"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := compared(&ui.Page{Lang: locale.Zh}, &convene.Report{Plan: test.ours, Greedy: test.theirs})
			if strings.Join(got, "\n") != strings.Join(test.want, "\n") {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
	if got := compared(&ui.Page{Lang: locale.Zh}, &convene.Report{}); got != nil {
		t.Errorf("without a plan: %q", got)
	}
}
