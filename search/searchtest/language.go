package searchtest

import (
	"slices"
	"strings"
	"testing"

	"jinghe/search"
)

// language tests that what is typed meets what is written.
func (s *suite) language() []conformance {
	return []conformance{
		{"Forms", "", testForms},
		{"Pinyin", "", testPinyin},
		{"PrefixOfTheLastWord", "", testPrefix},
		{"CorrectLatin", "", testCorrectLatin},
		{"CorrectHan", CorrectHan, testCorrectHan},
		{"AllWordsBeforeSome", "", testAllWords},
		{"Highlights", "", testHighlights},
		{"Suggest", Suggests, testSuggest},
		{"SomeWords", "", testSomeWords},
		{"SuggestFilter", Suggests, testSuggestFilter},
	}
}

// expectation is a query and what it must and must not find.
type expectation struct {
	name, query string
	want        []string // exactly these, sorted
}

func check(t *testing.T, ix search.Index, cases []expectation) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := found(t, ix, c.query); !slices.Equal(got, c.want) {
				t.Errorf("%q finds %v, want %v", c.query, got, c.want)
			}
		})
	}
}

func testForms(t *testing.T, s *suite) {
	ix := s.with(t,
		named("water", "智慧水务漏损监测平台"),
		named("drone", "无人机巡检服务"),
		named("radio", "５Ｇ专网与ＲＦＩＤ标签"),
		named("trad", "機器人視覺檢測設備"),
		named("name", "景澜公司介绍"),
	)
	check(t, ix, []expectation{
		{"word", "水务", []string{"water"}},
		{"word inside a longer one", "智慧", []string{"water"}},
		{"word that crosses the segmentation", "漏损监测平台", []string{"water"}},
		{"several words in any order", "平台 漏损", []string{"water"}},
		{"traditional query", "智慧水務", []string{"water"}},
		{"traditional document", "机器人", []string{"trad"}},
		{"mixed", "機器人视觉", []string{"trad"}},
		{"full-width document", "5g rfid", []string{"radio"}},
		{"full-width query", "ＲＦＩＤ", []string{"radio"}},
		{"case", "Rfid", []string{"radio"}},
		{"synonym", "无人驾驶航空器", []string{"drone"}},
		{"Latin synonym", "UAV", []string{"drone"}},
		{"name in no dictionary", "景澜", []string{"name"}},
		{"single character", "漏", []string{"water"}},
		{"stop words do not matter", "水务的平台", []string{"water"}},
		{"punctuation does not matter", "《水务》，平台！", []string{"water"}},
		{"nothing", "量子", []string{}},
	})
}

func testPinyin(t *testing.T, s *suite) {
	ix := s.with(t,
		named("iot", "物联网平台"),
		named("city", "重庆分公司"),
		named("bank", "银行网点改造"),
		search.Document{ID: "text", Text: map[string]string{"text": "物联网"}},
	)
	check(t, ix, []expectation{
		{"full", "wulianwang", []string{"iot"}},
		{"upper case", "WuLianWang", []string{"iot"}},
		{"initials", "wlw", []string{"iot"}},
		{"begun", "wulianw", []string{"iot"}},
		{"several readings", "chongqing", []string{"city"}},
		{"several readings again", "yinhang", []string{"bank"}},
		{"the wrong reading", "zhongqing", []string{}},
	})
}

func testPrefix(t *testing.T, s *suite) {
	ix := s.with(t, named("a", "Kubernetes 集群"), named("b", "Kafka 消息"), named("c", "人工智能平台"))
	check(t, ix, []expectation{
		{"Latin", "kube", []string{"a"}},
		{"after another word", "集群 kub", []string{"a"}},
		{"Chinese", "人工智", []string{"c"}},
		{"a blank ends the word", "kub ", []string{}},
		{"first word is whole", "kub 集群平台", []string{"a", "c"}},
	})
}

func testCorrectLatin(t *testing.T, s *suite) {
	ix := s.with(t, named("a", "kubernetes 平台"), named("b", "mysql 平台"), named("c", "iot 平台"))
	check(t, ix, []expectation{
		{"one letter other", "kubernates", []string{"a"}},
		{"two letters", "kubenates", []string{"a"}},
		{"swapped", "mysq1", []string{"b"}},
		{"too short to correct", "lot", []string{}},
	})
	if r := find(t, ix, search.Query{Text: "平台 kubernates"}); r.Corrected != "" && r.Corrected != "平台 kubernetes" {
		t.Errorf("corrected to %q", r.Corrected)
	}
}

func testCorrectHan(t *testing.T, s *suite) {
	ix := s.with(t, named("a", "低空经济产业园"), named("b", "数字孪生平台"), named("c", "机器人巡检"))
	check(t, ix, []expectation{
		{"one character other", "低空经计", []string{"a"}},
		{"one missing", "数字生", []string{"b"}},
		{"one too many", "机器器人", []string{"c"}},
	})
	if r := find(t, ix, search.Query{Text: "低空经计"}); r.Corrected != "低空经济" {
		t.Errorf("corrected to %q", r.Corrected)
	}
}

func testAllWords(t *testing.T, s *suite) {
	ix := s.with(t, named("both", "桥梁健康监测"), named("one", "桥梁涂装"), named("other", "水质监测"))
	check(t, ix, []expectation{
		{"only those with all words", "桥梁 监测", []string{"both"}},
		{"else those with most", "桥梁 监测 量子", []string{"both"}},
	})
}

func testHighlights(t *testing.T, s *suite) {
	ix := s.with(t,
		search.Document{ID: "a", Text: map[string]string{"name": "😀 智慧水務平台：水務漏損", "text": "与 RFID、水务无关的 𠮷 水务"}},
		named("b", "物联网平台"),
	)
	marked := func(text, field string, original string) string {
		r := find(t, ix, search.Query{Text: text, Highlight: []string{"name", "text"}})
		if len(r.Hits) != 1 {
			t.Fatalf("%q finds %v", text, ids(r.Hits))
		}
		runes := []rune(original)
		var parts []string
		last := 0
		for _, span := range r.Hits[0].Highlights[field] {
			if span.Start < last || span.End <= span.Start || span.End > len(runes) {
				t.Fatalf("%q: span %v in %q", text, span, original)
			}
			last = span.End
			parts = append(parts, string(runes[span.Start:span.End]))
		}
		return strings.Join(parts, "|")
	}
	cases := []struct{ text, field, original, want string }{
		{"水务", "name", "😀 智慧水務平台：水務漏損", "水務|水務"},
		{"水务", "text", "与 RFID、水务无关的 𠮷 水务", "水务|水务"},
		{"rfid 水务", "text", "与 RFID、水务无关的 𠮷 水务", "RFID|水务|水务"},
		{"平台 漏损", "name", "😀 智慧水務平台：水務漏損", "平台|漏損"},
		{"wulianwang", "name", "物联网平台", "物联网"},
	}
	for _, c := range cases {
		if got := marked(c.text, c.field, c.original); got != c.want {
			t.Errorf("%q in %s: %s, want %s", c.text, c.field, got, c.want)
		}
	}
	if r := find(t, ix, search.Query{Text: "水务"}); r.Hits[0].Highlights != nil {
		t.Errorf("highlights not asked for: %v", r.Hits[0].Highlights)
	}
}

func testSuggest(t *testing.T, s *suite) {
	docs := []search.Document{
		named("1", "污水处理监测"), named("2", "污水处理监测"), named("3", "污水管网"), named("4", "工业污水"),
		{ID: "5", Text: map[string]string{"text": "污水处理厂"}},
	}
	ix := s.with(t, docs...)
	for typed, want := range map[string][]search.Suggestion{
		"污水":      {{Text: "污水处理监测", Count: 2}, {Text: "污水管网", Count: 1}, {Text: "工业污水", Count: 1}},
		"wushuig": {{Text: "污水管网", Count: 1}},
		"量子":      nil,
		" ":       nil,
	} {
		got, err := ix.Suggest(t.Context(), typed, 10, nil)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %v, error %v, want %v", typed, got, err, want)
		}
	}
	if got, err := ix.Suggest(t.Context(), "污水", 1, nil); err != nil || len(got) != 1 {
		t.Errorf("limit 1: %v, error %v", got, err)
	}
}

func testSomeWords(t *testing.T, s *suite) {
	ix := s.with(t, named("1", "桥梁监测"), named("2", "工具台账"), named("3", "身份核验"))
	for text, want := range map[string][]string{"桥梁 巡河": {"1"}, "桥梁监测": {"1"}, "具身机巧": nil} {
		r := find(t, ix, search.Query{Text: text})
		if got := ids(r.Hits); !slices.Equal(got, want) && len(got)+len(want) > 0 {
			t.Errorf("%q found %v, want %v", text, got, want)
		}
		if r.Partial != (text == "桥梁 巡河") {
			t.Errorf("%q: partial %v", text, r.Partial)
		}
	}
}

func testSuggestFilter(t *testing.T, s *suite) {
	open := search.Document{ID: "1", Text: map[string]string{"name": "污水管网巡检\n污水监测"}, Facets: map[string][]string{"field": {"water"}}}
	draft := search.Document{ID: "2", Text: map[string]string{"name": "污水秘密计划\n污水监测"}, Facets: map[string][]string{"field": {"none"}}}
	ix := s.with(t, open, draft)
	only := []search.Clause{{Facet: "field", AnyOf: []string{"water"}}}
	want := []search.Suggestion{{Text: "污水监测", Count: 1}, {Text: "污水管网巡检", Count: 1}}
	if got, err := ix.Suggest(t.Context(), "污水", 10, only); err != nil || !slices.Equal(got, want) {
		t.Errorf("filtered: %v, error %v, want %v", got, err, want)
	}
	_, err := ix.Suggest(t.Context(), "污水", 10, []search.Clause{{Facet: "nowhere", AnyOf: []string{"x"}}})
	wantInvalid(t, err)
}
