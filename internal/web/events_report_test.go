package web_test

import (
	"archive/zip"
	"bytes"
	"io"
	"regexp"
	"strings"
	"testing"

	"jinghe/client"
	"jinghe/internal/scene"
)

// TestReportSaysWhatWasSaid: a mean of what nobody said is no figure; amounts that differ
// are told beside the sum; a next step is counted as soon as it is said.
func TestReportSaysWhatWasSaid(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	h.wished()
	ctx := t.Context()
	staff := h.wired(h.program(scene.RoleSteward, scene.ScopeEvents))
	id := string(h.fair.ID)
	if r, err := staff.EventReport(ctx, id); err != nil || r.Worth != nil || r.NextSteps != 0 {
		t.Errorf("before anybody spoke: worth %v, %d next steps, %v", r.Worth, r.NextSteps, err)
	}
	page := h.sees(h.base + "/report")
	if !strings.Contains(words(page), "值得程度（1–3） – ") || strings.Contains(page, "0.00") {
		t.Errorf("worth where nobody spoke:\n%s", shown(page))
	}
	sheet := part(t, h.get(h.base+"/report.xlsx").Body.Bytes(), "xl/worksheets/sheet1.xml")
	if strings.Contains(sheet, ">0.00<") || strings.Contains(sheet, ">–<") {
		t.Error("the workbook has a number where nobody spoke")
	}
	if paper := part(t, h.get(h.base+"/report.docx").Body.Bytes(), "word/document.xml"); strings.Contains(paper, ">0.00<") {
		t.Error("the document has a mean of nothing")
	}

	plan, _, err := staff.EventPlan(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	m := plan.Rounds[0].Meetings[0]
	for i, amount := range []int64{30_0000_00, 50_0000_00} {
		if err := staff.SayOutcome(ctx, id, client.EventOutcome{Meeting: m.ID, Party: m.Parties[i].ID, Held: true, Worth: 3, Next: "pilot", AmountFen: amount}); err != nil {
			t.Fatal(err)
		}
	}
	r, err := staff.EventReport(ctx, id)
	if err != nil || r.AmountFen != 30_0000_00 || r.Differ != 1 || r.LargerFen != 50_0000_00 || r.NextSteps != 1 || r.Worth == nil || *r.Worth != 3 {
		t.Errorf("by program %+v, %v", r, err)
	}
	page = h.sees(h.base+"/report", "其中 1 场双方填的金额不同，按较小的计入；若都按较大的，合计为 50 万元", "甲方填 30 万元，乙方填 50 万元，按较小的计入")
	if !strings.Contains(words(page), "有下一步 1 ") {
		t.Errorf("a next step that was just said is not counted:\n%s", shown(page))
	}
	if sheet := part(t, h.get(h.base+"/report.xlsx").Body.Bytes(), "xl/worksheets/sheet1.xml"); !strings.Contains(sheet, "按较小的计入") {
		t.Error("the workbook does not tell that amounts differ")
	}
	if paper := part(t, h.get(h.base+"/report.docx").Body.Bytes(), "word/document.xml"); !strings.Contains(paper, "按较小的计入") {
		t.Error("the document does not tell that amounts differ")
	}
}

// TestReportCountsByOneRule: a meeting that one side denies is to be verified and counts in
// no figure but that, not in the mean of its worth either; what one side alone names is told
// beside the sum; page, document and workbook tell the rule and every comparison.
func TestReportCountsByOneRule(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	h.wished()
	ctx := t.Context()
	staff := h.wired(h.program(scene.RoleSteward, scene.ScopeEvents))
	id := string(h.fair.ID)
	plan, _, err := staff.EventPlan(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	m := plan.Rounds[0].Meetings[0]
	say := func(side int, o client.EventOutcome) {
		t.Helper()
		o.Meeting, o.Party = m.ID, m.Parties[side].ID
		if err := staff.SayOutcome(ctx, id, o); err != nil {
			t.Fatal(err)
		}
	}
	say(0, client.EventOutcome{Held: true, Worth: 3, Next: "contract", AmountFen: 80_0000_00})
	say(1, client.EventOutcome{})
	r, err := staff.EventReport(ctx, id)
	if err != nil || r.ToVerify != 1 || r.Held != 0 || r.Worth != nil || r.Intents != 0 || r.AmountFen != 0 || r.NextSteps != 0 {
		t.Errorf("denied by one side: %+v, %v", r, err)
	}
	h.sees(h.base+"/report", "待核实 1 场", "没谈成的列为待核实，核实前不计入其他数字")
	say(1, client.EventOutcome{Held: true, Worth: 1, Next: "none"})
	r, err = staff.EventReport(ctx, id)
	if err != nil || r.ToVerify != 0 || r.Held != 1 || *r.Worth != 2 || r.Intents != 1 || r.AmountFen != 80_0000_00 || r.OneSided != 80_0000_00 {
		t.Errorf("worth it to one side: %+v, %v", r, err)
	}
	h.sees(h.base+"/report", "双方都填的 0 万元，只有一方填的 80 万元", "只有一方填")
	for _, file := range []struct{ name, part string }{{"/report.docx", "word/document.xml"}, {"/report.xlsx", "xl/worksheets/sheet6.xml"}} {
		got := part(t, h.get(h.base+file.name).Body.Bytes(), file.part)
		for _, want := range []string{"核实前不计入其他数字", "空档", "等候", "首次参会者"} {
			if !strings.Contains(got, want) {
				t.Errorf("%s does not say %s", file.name, want)
			}
		}
	}
	h.sees(h.base+"/report?lang=en", "CNY 0 named by both sides, CNY 800,000 by one side only", "counts in no other figure until then") // the language stays
}

// TestReportTellsWhatIsNoIntent: an amount beside a visit is no intent, and page, document and
// workbook say so, with how much it is; they show what the sides wrote to the organisers,
// without telephone numbers.
func TestReportTellsWhatIsNoIntent(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	h.wished()
	staff := h.wired(h.program(scene.RoleSteward, scene.ScopeEvents))
	id := string(h.fair.ID)
	plan, _, err := staff.EventPlan(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	m := plan.Rounds[0].Meetings[0]
	for i, note := range []string{"先看泵站，电话 13812345678", ""} {
		o := client.EventOutcome{Meeting: m.ID, Party: m.Parties[i].ID, Held: true, Worth: 3, Next: "visit", AmountFen: 80_0000_00, Note: note}
		if err := staff.SayOutcome(t.Context(), id, o); err != nil {
			t.Fatal(err)
		}
	}
	const beside, rule, note = "另有 80 万元，下一步不是试点或签约，不计入意向金额", "意向和意向金额只计下一步为试点或签约的会谈", "的备注：先看泵站"
	page := h.sees(h.base+"/report", "0 万元", beside, rule, note)
	if strings.Contains(page, "13812345678") {
		t.Error("the page shows a telephone number of a note")
	}
	docx, xlsx := h.get(h.base+"/report.docx").Body.Bytes(), h.get(h.base+"/report.xlsx").Body.Bytes()
	for where, text := range map[string]string{
		"document": part(t, docx, "word/document.xml"),
		"workbook": part(t, xlsx, "xl/worksheets/sheet1.xml") + part(t, xlsx, "xl/worksheets/sheet2.xml") + part(t, xlsx, "xl/worksheets/sheet6.xml"),
	} {
		for _, want := range []string{beside, rule, note} {
			if !strings.Contains(text, want) {
				t.Errorf("the %s does not say %s", where, want)
			}
		}
	}
}

// words is the text of a page.
func words(body string) string {
	return strings.Join(strings.Fields(regexp.MustCompile(`(?s)<[^>]*>`).ReplaceAllString(body, " ")), " ")
}

// part is a file of a packed document.
func part(t *testing.T, packed []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
