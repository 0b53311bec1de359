package keyword_test

import (
	"iter"
	"slices"
	"strings"
	"testing"

	"jinghe/search"
	"jinghe/search/keyword"
	"jinghe/search/lexicon"
)

// vocabulary is a fake index: terms and the documents they are in.
type vocabulary map[string]int

func (v vocabulary) DocFreq(term string) int { return v[term] }

func (v vocabulary) Completions(prefix string, n int) []string {
	found := make(map[string]int)
	for term, docs := range v {
		if strings.HasPrefix(term, prefix) {
			found[term] = docs
		}
	}
	return keyword.MostFrequent(found, n)
}

func (v vocabulary) words(keep func(string) bool) iter.Seq2[[]byte, int] {
	return func(yield func([]byte, int) bool) {
		for term, docs := range v {
			if keep(term) && !yield([]byte(term), docs) {
				return
			}
		}
	}
}

func (v vocabulary) LatinWords() iter.Seq2[[]byte, int] {
	return v.words(func(t string) bool { return t[0] > keyword.InitialsMark[0] && t[0] < 0x80 })
}

func (v vocabulary) HanWords() iter.Seq2[[]byte, int] {
	return v.words(func(t string) bool { return t[0] >= 0x80 && len(t) >= 9 })
}

// spell writes units with a blank between, | between ways and + between terms of one way.
func spell(units []keyword.Unit) string {
	var all []string
	for _, u := range units {
		var ways []string
		for _, a := range u.Alternatives {
			var terms []string
			for _, t := range a.Terms {
				terms = append(terms, strings.NewReplacer(keyword.SoundMark, "♪", keyword.InitialsMark, "♩").Replace(t.Text))
			}
			ways = append(ways, strings.Join(terms, "+"))
		}
		all = append(all, strings.Join(ways, "|"))
	}
	return strings.Join(all, " ")
}

func TestCompile(t *testing.T) {
	t.Parallel()
	lex, err := lexicon.New(lexicon.Entry{Word: "无人机", Synonyms: []string{"无人驾驶航空器", "uav"}})
	if err != nil {
		t.Fatal(err)
	}
	schema := search.Schema{Text: []search.TextField{{Name: "name", Weight: 1, Pinyin: true}}}
	v := vocabulary{
		"水质": 5, "监测": 9, "无人机": 3, "uav": 1, "低空经济": 2, "kubernetes": 2, "kafka": 1, "景澜": 1,
		"桥梁": 4, "健康": 2, "漏": 1, keyword.SoundMark + "wulianwang": 2, keyword.InitialsMark + "wlw": 2,
	}
	cases := []struct{ name, text, want, corrected string }{
		{"words, rarest first", "监测水质", "水质 监测", ""},
		{"stop words left out", "水质的监测", "水质 监测", ""},
		{"only stop words", "的", "", ""},
		{"synonyms that occur", "无人机", "无人机|uav", ""},
		{"a word nobody has", "水质 量子", " 水质", ""},
		{"a word begun", "kub", "kubernetes", ""},
		{"a word ended", "kub ", "", ""},
		{"mistyped letters", "kubernates ", "kubernetes", "kubernetes "},
		{"mistyped character", "低空经计", "低空经济", "低空经济"},
		{"a name in no dictionary", "景澜", "景澜", ""},
		{"spelling", "wulianwang ", "♪wulianwang", ""},
		{"initials", "wlw ", "♩wlw", ""},
		{"spelling begun", "wulianw", "♪wulianwang", ""},
		{"one character", "漏", "漏", ""},
		{"punctuation only", "，。！", "", ""},
	}
	for _, c := range cases {
		q := keyword.Compile(schema, lex, v, c.text)
		if got := spell(q.Units); got != c.want || q.Corrected != c.corrected {
			t.Errorf("%s: %q compiles to %q, corrected %q; want %q, %q", c.name, c.text, got, q.Corrected, c.want, c.corrected)
		}
	}
}

func TestCompileKeepsTheOrderTyped(t *testing.T) {
	t.Parallel()
	lex, err := lexicon.New()
	if err != nil {
		t.Fatal(err)
	}
	schema := search.Schema{Text: []search.TextField{{Name: "name", Weight: 1}}}
	q := keyword.Compile(schema, lex, vocabulary{"水质": 1, "监测": 1, "质监": 1}, "水质监测")
	if len(q.Bonus) != 1 || q.Bonus[0].Text != "质监" {
		t.Errorf("bonus %v, want the pair across the two words", q.Bonus)
	}
	long := strings.Repeat("水", search.MaxQuery+50)
	if q := keyword.Compile(schema, lex, vocabulary{"水": 1}, long); len(q.Units) != 1 || q.Units[0].End > search.MaxQuery {
		t.Errorf("%d units to %v, want one within the first %d", len(q.Units), q.Units, search.MaxQuery)
	}
}

func TestDistil(t *testing.T) {
	t.Parallel()
	lex, err := lexicon.New()
	if err != nil {
		t.Fatal(err)
	}
	need := search.Need{Fields: []search.NeedField{{Text: "水质监测", Weight: 1}, {Text: "水质的水质", Weight: 0.5}, {Text: "大气", Weight: 0}}}
	weights := keyword.Distil(lex, need)
	if _, there := weights["的"]; there {
		t.Error("a stop word is weighed")
	}
	if _, there := weights["大气"]; there {
		t.Error("a field without weight is read")
	}
	if !(weights["水质"] > weights["监测"] && weights["监测"] > weights["质的"]) {
		t.Errorf("weights %v: want the repeated word before the single one, a pair that is no word last", weights)
	}
}

func TestMarker(t *testing.T) {
	t.Parallel()
	lex, err := lexicon.New()
	if err != nil {
		t.Fatal(err)
	}
	schema := search.Schema{Text: []search.TextField{{Name: "name", Weight: 1, Pinyin: true}}}
	v := vocabulary{"水务": 1, "rfid": 1, keyword.SoundMark + "wulianwang": 1}
	for typed, want := range map[string][]search.Span{
		"水务":          {{Start: 0, End: 2}, {Start: 9, End: 11}},
		"rfid":        {{Start: 4, End: 8}},
		"wulianwang ": {{Start: 12, End: 15}},
		"量子":          nil,
	} {
		m := keyword.NewMarker(schema, lex, keyword.Compile(schema, lex, v, typed), []string{"name"})
		if got := m.Mark([]string{"水務與·RFID·水务，物联网"})["name"]; !slices.Equal(got, want) {
			t.Errorf("%q marks %v, want %v", typed, got, want)
		}
	}
}
