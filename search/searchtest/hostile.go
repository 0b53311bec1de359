package searchtest

import (
	"strings"
	"testing"
	"unicode/utf8"

	"jinghe/search"
)

// hostile tests that no input breaks an engine, or makes it answer nonsense.
func (s *suite) hostile() []conformance {
	return []conformance{
		{"HostileTexts", "", testHostile},
		{"HugeNeed", "", testHugeNeed},
	}
}

func hostileTexts() map[string]string {
	return map[string]string{
		"empty":          "",
		"one character":  "水",
		"one letter":     "a",
		"huge":           strings.Repeat("无锡市智慧水务平台，", 20_000),
		"one word":       strings.Repeat("监测", 3_000),
		"one letter run": strings.Repeat("a", 5_000),
		"emoji":          "😀👩‍👩‍👧‍👦🇨🇳",
		"mixed forms":    "機器人机器人ＲＦＩＤrfid㎡①Ⅻ",
		"invalid UTF-8":  "水务\xff\xfe监测\xc3",
		"controls":       "\x00\x01水\x02wulianwang\x7f\u202e",
		"surrogates":     "𠮷𠀀𪚥",
		"syntax":         `" OR 1=1 -- * ? ~ ^ : ( ] {`,
		"combining":      "e\u0301 \u0301\u0301 ﷽",
		"separators":     "　,。、;\n\r\t",
	}
}

func testHostile(t *testing.T, s *suite) {
	texts := hostileTexts()
	originals := make(map[string]string) // by ID
	ix := s.with(t)
	for name, text := range texts {
		id := strings.ReplaceAll(name, " ", "-")
		originals[id] = name
		apply(t, ix, []search.Document{{ID: id, Text: map[string]string{"name": text, "text": text}}})
	}
	for name, text := range texts {
		t.Run(name, func(t *testing.T) {
			r := find(t, ix, search.Query{Text: text, Highlight: []string{"name", "text"}, Facets: []string{"field"}, Limit: search.MaxLimit})
			for _, h := range r.Hits {
				checkSpans(t, h, texts[originals[h.ID]])
			}
			if _, err := ix.Suggest(t.Context(), text, 5, nil); err != nil {
				t.Errorf("suggest: %v", err)
			}
			if _, err := ix.Candidates(t.Context(), search.Need{Fields: []search.NeedField{{Text: text, Weight: 1}}}); err != nil {
				t.Errorf("candidates: %v", err)
			}
		})
	}
	if r := find(t, ix, search.Query{}); r.Total != len(texts) {
		t.Errorf("%d documents, want %d", r.Total, len(texts))
	}
	if got := found(t, ix, "水务监测"); len(got) == 0 {
		t.Error("the document with invalid UTF-8 is not found by its valid words")
	}
}

func checkSpans(t *testing.T, h search.Hit, original string) {
	t.Helper()
	length := utf8.RuneCountInString(original)
	for field, spans := range h.Highlights {
		last := -1
		for _, span := range spans {
			if span.Start <= last || span.End <= span.Start || span.End > length {
				t.Fatalf("%s of %s: span %v of %d after %d in %.20q", field, h.ID, span, length, last, original)
			}
			last = span.End
		}
	}
}

func testHugeNeed(t *testing.T, s *suite) {
	ix, docs := s.filled(t)
	var all strings.Builder
	for range 20 {
		for _, d := range docs {
			all.WriteString(d.Text["text"])
		}
	}
	got, err := ix.Candidates(t.Context(), search.Need{Fields: []search.NeedField{{Text: all.String(), Weight: 1}}, Limit: 10})
	if err != nil || len(got) != 10 || got[0].Score != 1 {
		t.Errorf("%d candidates %v, error %v", len(got), got, err)
	}
}
