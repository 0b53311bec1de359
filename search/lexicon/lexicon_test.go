package lexicon_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"jinghe/search/lexicon"
)

func open(t testing.TB, entries ...lexicon.Entry) *lexicon.Lexicon {
	t.Helper()
	lex, err := lexicon.New(entries...)
	if err != nil {
		t.Fatal(err)
	}
	return lex
}

func terms(tokens []lexicon.Token) string {
	var list []string
	for _, t := range tokens {
		list = append(list, t.Term)
	}
	return strings.Join(list, "/")
}

func TestFold(t *testing.T) {
	t.Parallel()
	lex := open(t)
	for text, want := range map[string]string{
		"":              "",
		"ＡＢＣ１２３　％":      "abc123 %",
		"無錫市濱湖區智慧水務":    "无锡市滨湖区智慧水务",
		"Café Ångström": "cafe angstrom",
		"ÀÉÎÕÜ":         "aeiou",
		"①㈱㎡":           "1㈱㎡", // a form of several characters stays, so that positions do
		"ｶﾀｶﾅ":          "カタカナ",
		"\xff水\xfe":     "\uFFFD水\uFFFD",
		"😀𝐀":            "😀a",
		"ΣΩ Ж":          "σω ж",
	} {
		if got := lex.Fold(text); got != want {
			t.Errorf("Fold(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	lex := open(t)
	for text, want := range map[string]string{
		"":      "",
		"，。 \n": "",
		"具身智能机器人在低空经济中的应用": "具身智能/机器人/在/低空经济/中/的/应用",
		"南京市长江大桥":          "南京市/长江大桥",
		"精度≥0.5％，５Ｇ专網":     "精度/0.5/5g专网",
		"NB-IoT与Wi-Fi":     "nb-iot/与/wi-fi",
		"无人驾驶航空器":          "无人驾驶航空器",
		"v2.0版":            "v2.0/版",
		"景澜":               "景/澜",
		"абв 水":            "абв/水",
	} {
		if got := terms(lex.Words(text)); got != want {
			t.Errorf("Words(%q) = %s, want %s", text, got, want)
		}
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	lex := open(t)
	got := lex.Tokens("智慧水務5G专网，ok 3.5")
	want := []lexicon.Token{
		{Term: "智", Kind: lexicon.Char, Start: 0, End: 1},
		{Term: "智慧", Kind: lexicon.Word, Start: 0, End: 2},
		{Term: "智慧水务", Kind: lexicon.Word, Start: 0, End: 4},
		{Term: "慧", Kind: lexicon.Char, Start: 1, End: 2},
		{Term: "慧水", Kind: lexicon.Bigram, Start: 1, End: 3},
		{Term: "水", Kind: lexicon.Char, Start: 2, End: 3},
		{Term: "水务", Kind: lexicon.Word, Start: 2, End: 4},
		{Term: "务", Kind: lexicon.Char, Start: 3, End: 4},
		{Term: "5g", Kind: lexicon.Latin, Start: 4, End: 6},
		{Term: "5g专网", Kind: lexicon.Word, Start: 4, End: 8},
		{Term: "专", Kind: lexicon.Char, Start: 6, End: 7},
		{Term: "专网", Kind: lexicon.Bigram, Start: 6, End: 8},
		{Term: "网", Kind: lexicon.Char, Start: 7, End: 8},
		{Term: "ok", Kind: lexicon.Latin, Start: 9, End: 11},
		{Term: "3.5", Kind: lexicon.Number, Start: 12, End: 15},
	}
	for i := range want {
		if i >= len(got) || got[i] != want[i] {
			t.Fatalf("token %d of %v, want %v", i, got, want[i])
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d tokens, want %d", len(got), len(want))
	}
}

// A pair that only crosses two words is no word here, though the dictionary has it.
func TestPairAcrossWordsIsBigram(t *testing.T) {
	t.Parallel()
	for _, token := range open(t).Tokens("结合成分子时") {
		if token.Term == "合成" && token.Kind != lexicon.Bigram {
			t.Errorf("合成 is a %s", token.Kind)
		}
		if token.Term == "结合" && token.Kind != lexicon.Word {
			t.Errorf("结合 is a %s", token.Kind)
		}
	}
}

func TestSynonyms(t *testing.T) {
	t.Parallel()
	lex := open(t, lexicon.Entry{Word: "甲机", Synonyms: []string{"乙機"}}, lexicon.Entry{Word: "乙机", Synonyms: []string{"丙机"}})
	for term, want := range map[string][]string{
		"甲机":  {"乙机"},
		"乙機":  {"丙机", "甲机"},
		"丙机":  {"乙机"},
		"UAV": {"无人机", "无人飞行器", "无人驾驶航空器"},
		"没有":  nil,
	} {
		if got := lex.Synonyms(term); !slices.Equal(got, want) {
			t.Errorf("Synonyms(%s) = %v, want %v", term, got, want)
		}
	}
}

func TestPinyin(t *testing.T) {
	t.Parallel()
	lex := open(t, lexicon.Entry{Word: "乐余", Pinyin: "le yu"})
	for text, want := range map[string][2]string{
		"":        {"", ""},
		"物联网":     {"wulianwang", "wlw"},
		"重慶銀行":    {"chongqingyinhang", "cqyh"},
		"长沙与成长":   {"changshayuchengzhang", "csycz"},
		"南京市长江大桥": {"nanjingshichangjiangdaqiao", "njscjdq"},
		"5G 专网！":  {"5gzhuanwang", "5gzw"},
		"乐余":      {"leyu", "ly"},
	} {
		full, initials := lex.Pinyin(text)
		if full != want[0] || initials != want[1] {
			t.Errorf("Pinyin(%s) = %s, %s, want %v", text, full, initials, want)
		}
	}
	if got := lex.Readings("a银行！"); !slices.Equal(got, []string{"", "yin", "hang", ""}) {
		t.Errorf("readings %q", got)
	}
}

func TestSplitPinyin(t *testing.T) {
	t.Parallel()
	lex := open(t)
	for typed, want := range map[string]string{
		"wulianwang": "wu lian wang|",
		"wulianw":    "wu lian|w",
		"xian":       "xian|",
		"chongqing":  "chong qing|",
		"lvse":       "lv se|",
		"hello":      "no", // he, then no syllable begins with ll
		"wlw":        "no",
		"":           "no",
		"物":          "no",
	} {
		syllables, rest, ok := lex.SplitPinyin(typed)
		got := strings.Join(syllables, " ") + "|" + rest
		if !ok {
			got = "no"
		}
		if got != want {
			t.Errorf("SplitPinyin(%s) = %s, want %s", typed, got, want)
		}
	}
}

func TestWith(t *testing.T) {
	t.Parallel()
	before := open(t)
	after, err := before.With(
		lexicon.Entry{Word: "景澜", Synonyms: []string{"JINGLAN"}},
		lexicon.Entry{Word: "机器人", Exclude: true},
		lexicon.Entry{Word: "大概", Stop: true},
	)
	if err != nil {
		t.Fatal(err)
	}
	if got := terms(after.Words("景澜机器人")); got != "景澜/机器/人" {
		t.Errorf("after: %s", got)
	}
	if got := terms(before.Words("景澜机器人")); got != "景/澜/机器人" {
		t.Errorf("the receiver has changed: %s", got)
	}
	if !after.Known("景瀾") || before.Known("景澜") || after.Known("机器人") || !after.Stop("大概") || before.Stop("大概") {
		t.Error("entries are not where they belong")
	}
	if before.Version() == after.Version() || before.Version() != open(t).Version() {
		t.Errorf("versions %s and %s", before.Version(), after.Version())
	}
	if again, err := before.With(lexicon.Entry{Word: "景澜"}); err != nil || again.Version() == after.Version() {
		t.Errorf("other entries give the same version %s, error %v", again.Version(), err)
	}
}

func TestInvalidEntries(t *testing.T) {
	t.Parallel()
	lex := open(t)
	for name, e := range map[string]lexicon.Entry{
		"empty":             {Word: " "},
		"too long":          {Word: strings.Repeat("长", lexicon.MaxWord+1)},
		"line break":        {Word: "a\nb"},
		"invalid UTF-8":     {Word: "a\xff"},
		"empty synonym":     {Word: "水", Synonyms: []string{""}},
		"syllables missing": {Word: "重庆", Pinyin: "chong"},
		"odd syllable":      {Word: "重庆", Pinyin: "chóng qìng"},
	} {
		if got, err := lex.With(e); !errors.Is(err, lexicon.ErrEntry) || got != nil {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// Every word of an entry is cut as one word from then on, whatever it holds.
func TestAddedWordsAreWhole(t *testing.T) {
	t.Parallel()
	words := []string{"无人驾驶", "无人驾驶航空器监管", "的确良", "a1号机", "中华人民共和国无锡市人民政府"}
	var entries []lexicon.Entry
	for _, w := range words {
		entries = append(entries, lexicon.Entry{Word: w})
	}
	lex := open(t, entries...)
	for _, w := range words {
		if got := terms(lex.Words("，" + w + "。")); got != w {
			t.Errorf("%s is cut as %s", w, got)
		}
	}
}

func FuzzFold(f *testing.F) {
	lex := open(f)
	for _, s := range []string{"", "Ａ水務", "\xff\x80", "e\u0301ﬁ㎡", "𠮷İß"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		folded := lex.Fold(s)
		if utf8.RuneCountInString(folded) != utf8.RuneCountInString(s) {
			t.Errorf("%q has another length than %q", folded, s)
		}
		if again := lex.Fold(folded); again != folded {
			t.Errorf("folding twice gives %q, once %q", again, folded)
		}
	})
}

func FuzzTokens(f *testing.F) {
	lex := open(f)
	for _, s := range []string{"", "智慧水務5G专网，ok 3.5", "nb-iot.3.5.a水", "\xff水\x00", "1.2.3", ".5.", "专精特新“小巨人”"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		folded := []rune(lex.Fold(s))
		seen := make(map[[2]int]bool)
		last := 0
		for _, token := range lex.Tokens(s) {
			if token.Start < last || token.End <= token.Start || token.End > len(folded) {
				t.Fatalf("span of %+v in %q", token, s)
			}
			last = token.Start
			if span := [2]int{token.Start, token.End}; seen[span] {
				t.Fatalf("%+v comes twice in %q", token, s)
			} else {
				seen[span] = true
			}
			if string(folded[token.Start:token.End]) != token.Term || token.Kind.String() == "unknown" {
				t.Fatalf("%+v is not what stands there in %q", token, s)
			}
		}
		end := 0
		for _, w := range lex.Words(s) {
			if w.Start < end || !seen[[2]int{w.Start, w.End}] {
				t.Fatalf("word %+v of %q overlaps or is no token", w, s)
			}
			end = w.End
		}
		if n := len(lex.Readings(s)); n != len(folded) {
			t.Fatalf("%d readings of %d characters in %q", n, len(folded), s)
		}
	})
}

func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := lexicon.New(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppendTokens(b *testing.B) {
	lex := open(b)
	text := strings.Repeat("面向污水处理厂的数字孪生与物联网漏损监测系统，", 6)
	var tokens []lexicon.Token
	b.ReportAllocs()
	for b.Loop() {
		tokens = lex.AppendTokens(tokens[:0], text)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(utf8.RuneCountInString(text)), "ns/char")
}
