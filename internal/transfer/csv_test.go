package transfer

import (
	"encoding/csv"
	"errors"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"

	"jinghe/internal/scene"
)

const smallCSV = "序号,场景机会名称,单位名称,合作需求\r\n1,路口优化,江畔一厂,\"第一行\r\n第二行，“引号”\"\r\n2,边坡监测,江畔二厂,毫米级\r\n"

func gb(t testing.TB, s string) []byte {
	t.Helper()
	b, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func wide(s string, big bool) []byte {
	b := []byte{0xff, 0xfe}
	if big {
		b = []byte{0xfe, 0xff}
	}
	for _, u := range utf16.Encode([]rune(s)) {
		if big {
			b = append(b, byte(u>>8), byte(u))
		} else {
			b = append(b, byte(u), byte(u>>8))
		}
	}
	return b
}

// The same list reads the same in every encoding and with every delimiter.
func TestEncodingsAndDelimiters(t *testing.T) {
	t.Parallel()
	semicolons := strings.ReplaceAll(smallCSV, ",", ";")
	for name, data := range map[string][]byte{
		"UTF8": []byte(smallCSV), "BOM": []byte("\ufeff" + smallCSV), "GB18030": gb(t, smallCSV),
		"UTF16LE": wide(smallCSV, false), "UTF16BE": wide(smallCSV, true),
		"Semicolon": []byte(semicolons), "Tab": []byte(strings.ReplaceAll(smallCSV, ",", "\t")), "Sep": []byte("sep=;\r\n" + semicolons),
		"LF": []byte(strings.ReplaceAll(smallCSV, "\r\n", "\n")), "CR": []byte(strings.ReplaceAll(strings.ReplaceAll(smallCSV, "\r\n第二", "\n第二"), "\r\n", "\r")),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc := mustRead(t, "机会.csv", data)
			if len(doc.Rows) != 2 || len(doc.Problems) != 0 {
				t.Fatalf("%d rows%s", len(doc.Rows), told(doc))
			}
			r := doc.Rows[0]
			if r.Opportunity.Need != "第一行\n第二行，“引号”" || r.Label != "1" || r.Line != 2 || r.Sheet != "机会" {
				t.Errorf("%+v %q", r, r.Opportunity.Need)
			}
		})
	}
}

// A character cut at the end of a cell or of the file costs that character.
func TestCutCharacters(t *testing.T) {
	t.Parallel()
	head := "场景机会名称,单位名称,合作需求\n"
	gbCut := append(gb(t, head+"路口,江畔一厂,毫米级监"), 0xb2)
	gbInside := append(append(gb(t, head+"路口,江畔一厂,毫米级监"), 0xb2), "\n边坡,x,y\n"...)
	for name, data := range map[string][]byte{
		"UTF8AtEnd": []byte(head + "路口,江畔一厂,毫米级监\xe6\xb5"), "UTF8Inside": []byte(head + "路口,江畔一厂,毫米级监\xe6\xb5\n边坡,x,y\n"),
		"GB18030AtEnd": gbCut, "GB18030Inside": gbInside,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc := mustRead(t, "a.csv", data)
			wantProblem(t, doc, "transfer.text_cut", 2, "合作需求")
			if got := doc.Rows[0].Opportunity.Need; got != "毫米级监" {
				t.Errorf("got %q", got)
			}
		})
	}
}

// Broken quotes cost their own row, which is told; the others go in.
func TestBrokenQuotes(t *testing.T) {
	t.Parallel()
	doc := mustRead(t, "a.csv", []byte("场景机会名称,单位名称,合作需求\n一,甲厂,\"没有关上\n二,乙厂,好\n三,\"丙\"厂,坏\n四,丁厂,5\" 屏\n五,戊厂,'=1+1\n"))
	for _, row := range []int{2, 4} {
		if p := wantProblem(t, doc, "transfer.quotes", row, ""); !p.Rejected {
			t.Errorf("row %d: %+v", row, p)
		}
	}
	rows := byName(doc)
	if len(rows) != 3 || rows["四"].Opportunity.Need != `5" 屏` || rows["五"].Opportunity.Need != "=1+1" || rows["五"].Line != 6 {
		t.Errorf("%+v%s", rows, told(doc))
	}
}

func TestSplitter(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		in   string
		want [][]string
		line []int
	}{
		"Plain":         {"a,b\nc,d", [][]string{{"a", "b"}, {"c", "d"}}, []int{1, 2}},
		"Empty":         {"", nil, nil},
		"EmptyCells":    {",\n\n,,", [][]string{{"", ""}, {""}, {"", "", ""}}, []int{1, 2, 3}},
		"Quoted":        {"\"a,\"\"b\"\"\n\",c\nd", [][]string{{"a,\"b\"\n", "c"}, {"d"}}, []int{1, 3}},
		"TrailingComma": {"a,", [][]string{{"a", ""}}, []int{1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := splitter{s: tt.in, delimiter: ','}
			var got [][]string
			var line []int
			for p.next() {
				got, line = append(got, p.cells), append(line, p.line)
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
			if d := cmp.Diff(tt.line, line); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestGuardComesBack(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "a", "=1", "'=1", "''-", "+86", "-40℃", "@x", "'a", "91350100M000100Y43", "913501000001000043"} {
		if got := clean(unguard(guardCell(s))); got != s {
			t.Errorf("%q came back as %q", s, got)
		}
		if g := guardCell(s); g != "" && strings.ContainsRune("=+-@", rune(g[0])) {
			t.Errorf("%q is written as a formula: %q", s, g)
		}
	}
}

// Whatever the bytes, reading ends, tells well-formed things and agrees with
// the standard library where that library can read the text.
func FuzzCSV(f *testing.F) {
	f.Add([]byte(smallCSV))
	f.Add([]byte("a,\"b\nc"))
	f.Add([]byte("\xff\xfea\x00"))
	f.Add([]byte("场景机会名称,单位名称\n=\"1\",\xb2"))
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := Read(t.Context(), "a.csv", strings.NewReader(string(data)), int64(len(data)), ReadOptions{})
		if err != nil {
			if e, ok := errors.AsType[*scene.Error](err); !ok || e.Key == "" || e.Args["file"] == nil {
				t.Fatalf("error without a sentence: %v", err)
			}
		}
		for _, r := range doc.Rows {
			if r.Listing().Name == "" || !utf8.ValidString(r.Listing().Name) {
				t.Fatalf("row %+v", r)
			}
		}
		s := string(data)
		if !utf8.ValidString(s) || strings.ContainsAny(s, "\r\x00") || strings.Contains(s, "\n\n") || strings.HasPrefix(s, "\n") {
			return // the library skips blank lines and rewrites line ends
		}
		want, err := csv.NewReader(strings.NewReader(s)).ReadAll()
		if err != nil && !errors.Is(err, csv.ErrFieldCount) {
			return
		}
		p := splitter{s: s, delimiter: ','}
		for i := 0; p.next(); i++ {
			if p.fault != "" || err == nil && !cmp.Equal(want[i], p.cells) {
				t.Fatalf("record %d: %q (%s), want %q", i, p.cells, p.fault, want)
			}
		}
	})
}
