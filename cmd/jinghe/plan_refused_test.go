package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// badDocuments are files that no event can be planned from: what is in them, and
// what has to be said of each, in Chinese and English.
func badDocuments() map[string]struct{ text, zh, en string } {
	const frame = `{"slots":[{"id":"s1"},{"id":"s2"}],"tables":[{"id":"t1"}],"parties":[{"id":"a"},{"id":"b"},{"id":"c"}],`
	const tail = `"meetings":[{"id":"m","parties":["a","b"]}]}`
	const both = `"meetings":[{"id":"m","parties":["a","b"],"must":true,"fixed":"s1"},{"id":"n","parties":["a","c"],"must":true,"fixed":"s1"}]}`
	const backwards = `{"slots":[{"id":"s1","start":"2026-11-27T10:00:00Z","end":"2026-11-27T09:00:00Z"}],"tables":[],"parties":[],"meetings":[]}`
	const badTime = `{"slots":[{"id":"s1","start":"9:00","end":"9:30"}],"tables":[],"parties":[],"meetings":[]}`
	return map[string]struct{ text, zh, en string }{
		"UnknownParty":     {frame + `"meetings":[{"id":"m","parties":["a","z"]}]}`, "meetings[0].parties[1]：没有编号为“z”的参会方", "meetings[0].parties[1]: there is no party “z”"},
		"UnknownSlot":      {frame + `"meetings":[{"id":"m","parties":["a","b"],"fixed":"s9"}]}`, "没有编号为“s9”的时段", "there is no slot “s9”"},
		"NegativeDuration": {frame + `"meetings":[{"id":"m","parties":["a","b"],"minutes":-15}]}`, "meetings[0].minutes：-15 小于 0", "meetings[0].minutes: -15 is below 0"},
		"EndsBeforeStart":  {backwards, "slots[0].end：时段“s1”的结束时间不晚于开始时间", "slots[0].end: slot “s1” does not end after it starts"},
		"FixedTwice":       {frame + both, "会谈“n”与“m”都把“a”固定在时段“s1”", "meetings “n” and “m” both fix party “a” at slot “s1”"},
		"ManyWishes":       {manyWishes(10_000), "参会方“p0”提出了 10000 个约见意愿，最多 2000 个", "party “p0” has 10000 wishes, at most 2000 are possible"},
		"NotJSON":          {"slots:\n  - s1\n", "不是有效的 JSON，问题在第 1 行附近", "not valid JSON; look near line 1"},
		"TwoDocuments":     {frame + tail + "\n" + frame + tail, "不是有效的 JSON，问题在第 2 行附近", "not valid JSON; look near line 2"},
		"NotAnObject":      {"null", "最外层不是对象", "not an object"},
		"Empty":            {" \n", "文件是空的", "The file is empty"},
		"Truncated":        {strings.ReplaceAll(frame, ",", ",\n") + `"meetings":[{"id":"m","par`, "文件不完整，在第 7 行中断", "incomplete and breaks off in line 7"},
		"AllFaults": {
			`{"slots":[{"id":"s1","start":"9:00"}],"tables":[],"parties":[],"meetings":[{"id":"k","parties":[]},{"id":"m","parties":7,"valeu":3}]}`,
			"有 3 处不符合格式，请逐项改正；可用 jinghe plan --schema problem 查看格式\n  meetings[1].parties：字段“parties”应为列表 […]（现为 number 7）\n  meetings[1].valeu：不认识的字段“valeu”，请改正拼写或删去\n  slots[0].start：时间“9:00”不能识别",
			"(3). jinghe plan --schema problem prints the form\n  meetings[1].parties: field “parties” should be a list […] (number 7)\n  meetings[1].valeu: a field “valeu” that is not known; please correct or remove it\n  slots[0].start: a time “9:00” that cannot be read",
		},
		"UnknownField":  {frame + `"meetingz":[],` + tail, "不认识的字段“meetingz”", "a field “meetingz” that is not known"},
		"UnknownInside": {frame + `"meetings":[{"id":"m","parties":["a","b"],"valeu":3}]}`, "不认识的字段“valeu”", "a field “valeu” that is not known"},
		"WrongType":     {frame + `"meetings":[{"id":"m","parties":"a"}]}`, "parties”应为列表 […]（现为 string）", "parties” should be a list […] (string)"},
		"WrongNumber":   {strings.Replace(frame, `"parties":[`, `"parties":[{"id":"c","min":"two"},`, 1) + `"meetings":[]}`, "字段“min”应为整数（现为 string）", "field “min” should be a whole number (string)"},
		"Time":          {badTime, "时间“9:00”不能识别", "a time “9:00” that cannot be read"},
		"LaterVersion":  {`{"version":7,` + frame[1:] + tail, "注明版本 7，", "states version 7;"},
	}
}

// manyWishes is a problem with so many wishes of one party.
func manyWishes(n int) string {
	var parties, wishes []string
	for i := range n + 1 {
		parties = append(parties, fmt.Sprintf(`{"id":"p%d"}`, i))
		if i > 0 {
			wishes = append(wishes, fmt.Sprintf(`{"from":"p0","to":"p%d","kind":"want"}`, i))
		}
	}
	return `{"slots":[{"id":"s1"}],"tables":[{"id":"t1"}],"meetings":[],"parties":[` + strings.Join(parties, ",") + `],"wishes":[` + strings.Join(wishes, ",") + `]}`
}

// TestPlanRefusesBadDocuments wants each told plainly in both languages, exit code 2,
// and the plan of before untouched.
func TestPlanRefusesBadDocuments(t *testing.T) {
	t.Parallel()
	for name, doc := range badDocuments() {
		for lang, want := range map[string]string{"zh": doc.zh, "en": doc.en} {
			t.Run(name+"/"+lang, func(t *testing.T) {
				t.Parallel()
				said := refusedPlan(t, lang, doc.text)
				if !strings.Contains(said, want) {
					t.Errorf("said %q, want %q in it", said, want)
				}
				for _, inner := range []string{"json:", "agenda.", "Go value", "{file}", "：；", ":;"} {
					if strings.Contains(said, inner) {
						t.Errorf("%q has words for nobody: %s", said, inner)
					}
				}
			})
		}
	}
}

// refusedPlan runs the verb on a document over a plan that is there, and returns
// what it told.
func refusedPlan(t *testing.T, lang, document string) string {
	t.Helper()
	dir := t.TempDir()
	in, out := filepath.Join(dir, "problem.json"), filepath.Join(dir, "plan.json")
	for file, text := range map[string]string{in: document, out: "published"} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	told, err := os.Create(filepath.Join(dir, "told"))
	if err != nil {
		t.Fatal(err)
	}
	defer told.Close()
	if code := run(t.Context(), []string{"plan", "--lang", lang, "--in", in, "--out", out, "--effort", "1"}, told, told); code != exitUsage {
		t.Errorf("exit code %d, want %d", code, exitUsage)
	}
	if kept, err := os.ReadFile(out); err != nil || string(kept) != "published" {
		t.Errorf("the plan of before: %q, %v", kept, err)
	}
	said, err := os.ReadFile(told.Name())
	if err != nil {
		t.Fatal(err)
	}
	return string(said)
}

// TestPlanTellsEachFaultOnItsLine: what is wrong is read line by line, and how much
// more there is is said.
func TestPlanTellsEachFaultOnItsLine(t *testing.T) {
	t.Parallel()
	var parties []string
	for i := range 60 {
		parties = append(parties, fmt.Sprintf(`{"id":"p%d","min":-1}`, i))
	}
	said := refusedPlan(t, "en", `{"slots":[{"id":"s1"}],"tables":[],"meetings":[],"parties":[`+strings.Join(parties, ",")+`]}`)
	lines := strings.Split(strings.TrimSpace(said), "\n")
	if len(lines) != 52 || !strings.HasPrefix(lines[1], "  parties[0].min: -1 is below 0") || !strings.Contains(lines[51], "and 10 more") {
		t.Errorf("%d lines, the last of them %q\n%s", len(lines), lines[len(lines)-1], said)
	}
}
