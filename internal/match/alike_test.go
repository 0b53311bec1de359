package match

import (
	"slices"
	"strings"
	"testing"
	"time"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/search/lexicon"
)

// engineWith is an engine over the lexicon with entries.
func engineWith(t *testing.T, alike float64, entries ...lexicon.Entry) *Engine {
	t.Helper()
	lex, err := lexicon.New(entries...)
	if err != nil {
		t.Fatal(err)
	}
	w, err := DefaultWeights()
	if err != nil {
		t.Fatal(err)
	}
	w.Text.Alike = alike
	e, err := New(lex, places{}, w)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// scoreOf is what the offer gets for the need by its words, beside four other offers.
func scoreOf(e *Engine, need, offer string) (terms float64, m Match) {
	stats := NewStatistics()
	o := e.Offer(&scene.Capability{Listing: scene.Listing{Name: offer}}, nil)
	stats.Add(o)
	for _, other := range []string{"污水厂精准曝气", "桥梁健康监测", "地下管网检测", "园区能耗管理"} {
		stats.Add(e.Offer(&scene.Capability{Listing: scene.Listing{Name: other}}, nil))
	}
	q := e.Query(e.Need(&scene.Opportunity{Listing: scene.Listing{Name: need}}, nil), Space{Terms: stats})
	s := q.Score(o, nil, time.Time{})
	return s.values[partTerms], q.Explain(o, s, nil, locale.Zh)
}

func TestSynonymsCountLessThanTheWord(t *testing.T) {
	t.Parallel()
	entry := lexicon.Entry{Word: "久卧照护", Synonyms: []string{"褥疮预防"}}
	with, without := engineWith(t, 0.5, entry), engineWith(t, 0, entry)
	const need = "久卧照护"
	same, _ := scoreOf(with, need, "久卧照护设备")
	other, m := scoreOf(with, need, "褥疮预防设备")
	off, _ := scoreOf(without, need, "褥疮预防设备")
	if !(same > other && other > off) {
		t.Fatalf("its word %.3f, a synonym %.3f, no synonyms %.3f", same, other, off)
	}
	if own, _ := scoreOf(without, need, "久卧照护设备"); own != same {
		t.Errorf("the word itself counts %.4f with synonyms and %.4f without", same, own)
	}
	if !strings.Contains(m.Reason, "久卧照护≈褥疮预防") {
		t.Errorf("the sentence does not tell the synonym: %s", m.Reason)
	}
	if ev := m.Parts[partTerms].Evidence; len(ev) != 2 || ev[0].Text != "久卧照护" || ev[1].Text != "褥疮预防" {
		t.Errorf("evidence %v", ev)
	}
}

func TestSilencedWordsCountLittle(t *testing.T) {
	t.Parallel()
	const need, offer = "赋能照护", "赋能软件"
	plain, _ := scoreOf(engineWith(t, 0.5), need, offer)
	silenced, m := scoreOf(engineWith(t, 0.5, lexicon.Entry{Word: "赋能", Stop: true}), need, offer)
	if !(silenced < plain) {
		t.Errorf("%.3f with the word silenced, %.3f without", silenced, plain)
	}
	if strings.Contains(m.Reason, "赋能") {
		t.Errorf("a silenced word is given as a reason: %s", m.Reason)
	}
}

// TestWiden: terms stay in rising order, each once, the need's own as they were.
func TestWiden(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		own, alike, want []term
		weight           []float64
	}{
		"None":      {own: []term{2, 4}, want: []term{2, 4}, weight: []float64{1, 1}},
		"Between":   {own: []term{2, 4}, alike: []term{1, 3, 5}, want: []term{1, 2, 3, 4, 5}, weight: []float64{.5, 1, .5, 1, .5}},
		"OwnStands": {own: []term{2, 4}, alike: []term{2, 4}, want: []term{2, 4}, weight: []float64{1, 1}},
		"OnlyAlike": {alike: []term{7}, want: []term{7}, weight: []float64{.5}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			full := func(terms []term) weighted {
				w := weighted{terms: terms}
				for range terms {
					w.weight = append(w.weight, 1)
				}
				return w
			}
			w := full(tc.own)
			w.best = 9
			w.widen(full(tc.alike), 0.5)
			if !slices.Equal(w.terms, tc.want) || !slices.Equal(w.weight, tc.weight) || w.best != 9 {
				t.Errorf("%v %v best %v", w.terms, w.weight, w.best)
			}
		})
	}
}
