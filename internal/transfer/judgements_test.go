package transfer

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"jinghe/internal/learning"
	"jinghe/internal/locale"
	"jinghe/internal/match"
	"jinghe/internal/scene"
)

func readPairs(t testing.TB, name string, data []byte) ([]learning.Judgement, []scene.Problem, error) {
	t.Helper()
	return ReadJudgements(t.Context(), name, bytes.NewReader(data), int64(len(data)))
}

func TestReadJudgements(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, text, want, problems string }{
		{"Grades", "机会编号,能力编号,等级\nA1,B1,3\nA1,B2,0\nA1,B3,\nA1,B4,弱相关\n", "A1 B1 graded 3|A1 B2 graded 0|A1 B4 graded 1", ""},
		{
			"Verdicts", "机会编号,能力编号,结论,原因,评定方,日期\nA1,B1,接受,,需求方,2026-03-01\nA1,B2,拒绝,价格过高,供给方,\nA1,B3,已洽谈,,,\nA1,B4,拒绝,看着不顺眼,,\n",
			"A1 B1 accepted 0 owner|A1 B2 declined 0 money provider|A1 B3 met 0|A1 B4 declined 0 other", "",
		},
		{"NamesWhereCodesLack", "机会编号,场景机会,能力编号,场景能力,等级\n,积水,,终端,2\n", "积水 终端 graded 2", ""},
		{"HeadOnTheThirdLine", "评定表\n2026年,,\n需求编号,成果编号,关联度\nA1,B1,2.0\n", "A1 B1 graded 2", ""},
		{"Wrong", "机会编号,能力编号,等级,结论\nA1,B1,5,\n,B1,2,\nA1,B1,,也许\nA1,B1,1.5,\n", "", "judgement.grade|judgement.half_a_pair|judgement.verdict|judgement.grade"},
		{
			"Lines", "{\"need\":\"A1\",\"offer\":\"B1\",\"grade\":2}\n\nnonsense\n{\"need\":\"A1\",\"offer\":\"B2\",\"verdict\":\"landed\",\"party\":\"steward\"}\n{\"need\":\"A1\",\"offer\":\"B2\"}\n",
			"A1 B1 graded 2|A1 B2 landed 0 steward", "judgement.not_json|judgement.verdict",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			list, problems, err := readPairs(t, "g.csv", []byte(tc.text))
			if err != nil {
				t.Fatal(err)
			}
			var got, told []string
			for _, j := range list {
				d := j.Decision
				got = append(got, strings.Join(strings.Fields(fmt.Sprintln(j.Need, j.Offer, d.Verdict, d.Grade, d.Reason, d.Party)), " "))
			}
			for _, p := range problems {
				told = append(told, p.Key)
			}
			if s := strings.Join(got, "|"); s != tc.want {
				t.Errorf("read %q, want %q", s, tc.want)
			}
			if s := strings.Join(told, "|"); s != tc.problems {
				t.Errorf("told %q, want %q", s, tc.problems)
			}
		})
	}
	if _, _, err := readPairs(t, "g.csv", []byte("名称,数量\n甲,1\n")); scene.CodeOf(err) != scene.Invalid {
		t.Errorf("a list of something else: %v", err)
	}
	if _, _, err := readPairs(t, "g.xlsx", []byte("PK\x03\x04 and no more")); scene.CodeOf(err) != scene.Invalid {
		t.Errorf("a broken workbook: %v", err)
	}
}

// TestPairsComeBack: what is written to be graded is read back by its pair,
// also where codes are blank or have been edited.
func TestPairsComeBack(t *testing.T) {
	t.Parallel()
	ref := func(id, code, name string) match.Ref { return match.Ref{ID: scene.ID(id), Code: code, Name: name} }
	rankings := []match.Ranking{{Need: ref("need1", "A1", "积水"), Matches: []match.Match{
		{Offer: ref("offer2", "B2", "=终端"), Score: 0.9}, {Offer: ref("offer1", "B1", "平台"), Score: 0.1},
	}}}
	for _, lang := range []locale.Lang{locale.Zh, locale.En} {
		var out bytes.Buffer
		if err := WritePairs(t.Context(), &out, CSV, rankings, lang); err != nil {
			t.Fatal(err)
		}
		text := out.String()
		if strings.Contains(text, "0.9") || strings.Index(text, "B1") > strings.Index(text, "B2") {
			t.Errorf("the sheet tells what was ranked first:\n%s", text)
		}
		if list, _, err := readPairs(t, "p.csv", []byte(text)); err != nil || len(list) != 0 {
			t.Errorf("an empty sheet gives %+v, %v", list, err)
		}
		filled := strings.Replace(text, ",,,,need1 offer1", ",2,,,need1 offer1", 1)
		list, problems, err := readPairs(t, "p.csv", []byte(filled))
		if err != nil || len(problems) != 0 || len(list) != 1 || list[0].Need != "need1" || list[0].Offer != "offer1" || list[0].Decision.Grade != 2 {
			t.Errorf("%s: %+v, %+v, %v", lang, list, problems, err)
		}
	}
	var book bytes.Buffer
	if err := WritePairs(t.Context(), &book, XLSX, rankings, locale.Zh); err != nil {
		t.Fatal(err)
	}
	if _, _, err := readPairs(t, "p.xlsx", book.Bytes()); err != nil {
		t.Errorf("the workbook does not read back: %v", err)
	}
	if err := WritePairs(t.Context(), &book, "pdf", rankings, locale.Zh); scene.CodeOf(err) != scene.Invalid {
		t.Errorf("unknown format: %v", err)
	}
}

func FuzzJudgements(f *testing.F) {
	for _, seed := range []string{"机会编号,能力编号,等级\nA,B,3\n", "{\"need\":\"a\",\"offer\":\"b\",\"grade\":[1]}\n", "{", "need,offer,verdict\n,,\n\"", "\xef\xbb\xbf{}\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		list, _, err := readPairs(t, "f.csv", data)
		if err != nil {
			return
		}
		for _, j := range list {
			d := j.Decision
			d.Need, d.Offer = "n", "o"
			if j.Need == "" || j.Offer == "" {
				t.Errorf("half a pair: %+v", j)
			}
			if err := d.Validate(); err != nil && len(d.Note) < 10_000 {
				t.Errorf("%+v: %v", j, err)
			}
		}
	})
}
