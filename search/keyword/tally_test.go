package keyword_test

import (
	"strings"
	"testing"

	"jinghe/search"
	"jinghe/search/keyword"
	"jinghe/search/lexicon"
)

// plainly counts with maps what a Tally counts.
func plainly(lex *lexicon.Lexicon, n search.Need) map[string]float64 {
	weights, kinds := map[string]float64{}, map[string]lexicon.Kind{}
	for _, f := range n.Fields {
		if f.Weight == 0 {
			continue
		}
		counts := map[string]float64{}
		for _, t := range lex.Tokens(f.Text) {
			if !lex.Stop(t.Term) {
				counts[t.Term]++
				kinds[t.Term] = max(kinds[t.Term], t.Kind)
			}
		}
		for term, tf := range counts {
			weights[term] += f.Weight * tf * 3 / (tf + 2)
		}
	}
	for term := range weights {
		switch kinds[term] {
		case lexicon.Char:
		case lexicon.Bigram:
			weights[term] *= 0.5
		default:
			weights[term] *= 0.6
		}
	}
	return weights
}

// TestTallyMatchesPlainCounting uses one workspace for needs of all sizes, one after the other.
func TestTallyMatchesPlainCounting(t *testing.T) {
	t.Parallel()
	lex, err := lexicon.New()
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{"城市内涝积水监测预警系统", "无人机的巡检平台 5G", "", "污水管网以及水质 AI", strings.Repeat("机器人😀", 3000)}
	var long strings.Builder
	for r := rune('一'); r < '一'+9000; r++ {
		long.WriteRune(r)
	}
	texts = append(texts, long.String(), "水")
	var tally keyword.Tally
	for i, title := range texts {
		need := search.Need{Fields: []search.NeedField{
			{Text: title, Weight: 1}, {Text: texts[(i+3)%len(texts)] + title, Weight: 0.7}, {Text: "不计", Weight: 0},
		}}
		want := plainly(lex, need)
		got := tally.Weigh(lex, need)
		if len(got) != len(want) {
			t.Fatalf("need %d: %d terms, want %d", i, len(got), len(want))
		}
		for _, w := range got {
			if want[w.Term] != w.Weight {
				t.Errorf("need %d: %q weighs %v, want %v", i, w.Term, w.Weight, want[w.Term])
			}
		}
	}
}
