package transfer

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"jinghe/internal/locale"
)

// TestMark: the workbook comes back as it was, its bad cells coloured and
// commented on; corrected in place, every row of it goes in.
func TestMark(t *testing.T) {
	t.Parallel()
	content := chongqingBook(t)
	doc := mustRead(t, "chongqing.xlsx", content)
	for _, lang := range []locale.Lang{locale.Zh, locale.En} {
		var buf bytes.Buffer
		if err := Mark(t.Context(), &buf, content, doc, lang); err != nil {
			t.Fatal(err)
		}
		f, err := excelize.OpenReader(bytes.NewReader(buf.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		before, after := sheetsOf(t, content), sheetsOf(t, buf.Bytes())
		for name, rows := range before {
			if len(after[name]) != len(rows) {
				t.Errorf("%s: %d rows became %d", name, len(rows), len(after[name]))
			}
		}
		if len(after) != len(before)+1 {
			t.Errorf("%d sheets became %d", len(before), len(after))
		}
		var bad string
		for _, p := range doc.Problems {
			if place, ok := placeOf(&doc, p); ok && p.Rejected {
				bad, _ = excelize.CoordinatesToCellName(place.col, place.row)
				break
			}
		}
		if bad != "C7" {
			t.Fatalf("the bad cell is %s", bad)
		}
		id, _ := f.GetCellStyle("机会", bad)
		style, err := f.GetStyle(id)
		if err != nil || len(style.Fill.Color) != 1 || style.Fill.Color[0] != "FFC7CE" {
			t.Errorf("%s is filled %+v, %v", bad, style, err)
		}
		comments, err := f.GetComments("机会")
		if err != nil || len(comments) == 0 || comments[0].Cell != bad || comments[0].Text == "" {
			t.Errorf("comments %+v, %v", comments, err)
		}
		if err := f.SetCellValue("机会", bad, "补上的名称"); err != nil {
			t.Fatal(err)
		}
		var fixed bytes.Buffer
		if err := f.Write(&fixed); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		again := mustRead(t, "chongqing.xlsx", fixed.Bytes())
		if len(again.Rows) != len(doc.Rows)+1 || len(again.Rejected) != 0 {
			t.Errorf("corrected: %d rows after %d, %d rejected%s", len(again.Rows), len(doc.Rows), len(again.Rejected), told(again))
		}
		if strings.Contains(told(again), "sheet_skipped") {
			t.Errorf("our own list of problems is told as a sheet nobody knows%s", told(again))
		}
	}
}

// TestMarkKeepsRemarks: a comment that stands in the cell is not lost, and
// marking what was marked adds no second one.
func TestMarkKeepsRemarks(t *testing.T) {
	t.Parallel()
	b := newBook(t, "机会").row("场景机会名称", "单位名称", "合作需求").row("", "某某局", "需要巡检")
	b.must(b.AddComment("机会", excelize.Comment{Cell: "A2", Author: "张", Text: "问过单位"}))
	content := b.bytes()
	for range 2 {
		var buf bytes.Buffer
		if err := Mark(t.Context(), &buf, content, mustRead(t, "a.xlsx", content), locale.Zh); err != nil {
			t.Fatal(err)
		}
		content = buf.Bytes()
	}
	f, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	comments, err := f.GetComments("机会")
	if err != nil || len(comments) != 1 || !strings.Contains(comments[0].Text, "问过单位") {
		t.Errorf("%+v, %v", comments, err)
	}
}

// TestMarkText: a text file becomes a workbook of its rejected rows.
func TestMarkText(t *testing.T) {
	t.Parallel()
	content := []byte("场景机会名称,单位名称,合作需求\n,某某局,需要巡检\n")
	var buf bytes.Buffer
	if err := Mark(t.Context(), &buf, content, mustRead(t, "a.csv", content), locale.Zh); err != nil {
		t.Fatal(err)
	}
	if rows := sheetsOf(t, buf.Bytes())["场景机会"]; len(rows) != 2 || rows[1][1] != "某某局" {
		t.Errorf("%q", rows)
	}
}

// TestMarkedIsReadAlike: the rows of the list of problems name sheets and
// columns, and are no list of needs for that.
func TestMarkedIsReadAlike(t *testing.T) {
	t.Parallel()
	content := newBook(t, "场景机会").row("场景机会名称", "单位名称", "统一社会信用代码", "预算（万元）", "截止日期", "合作需求").
		row("", "某某局", "", "", "", "需要巡检").
		row("管网测漏", "某某局", "91320200MA00000000", "", "", "需要测漏").
		row("楼宇节能", "某某局", "", "很多", "2027-13-45", "需要节能").bytes()
	doc := mustRead(t, "a.xlsx", content)
	if len(doc.Problems) < 3 {
		t.Fatalf("too few problems%s", told(doc))
	}
	for _, lang := range []locale.Lang{locale.Zh, locale.En} {
		var buf bytes.Buffer
		if err := Mark(t.Context(), &buf, content, doc, lang); err != nil {
			t.Fatal(err)
		}
		again := mustRead(t, "a.xlsx", buf.Bytes())
		if len(again.Rows) != len(doc.Rows) || len(again.Problems) != len(doc.Problems) {
			t.Errorf("%s: %d rows became %d%s", lang, len(doc.Rows), len(again.Rows), told(again))
		}
	}
}
