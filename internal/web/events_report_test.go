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
