package transfer

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"jinghe/internal/locale"
)

func samplePaper(lang locale.Lang) *Paper {
	d := &Paper{
		Lang: lang, Title: "第一批场景清单 <2026>", Subtitle: "Needs & offers", Imprint: []string{"某市场景促进中心", "", "2026-11-26"},
		Contents: "目录", Author: "中心", At: time.Date(2026, 11, 26, 1, 2, 3, 0, time.UTC),
	}
	d.Heading(1, "一、场景机会")
	d.Heading(2, "1 河道漂浮物识别")
	d.Facts([]PaperFact{{"单位", "某区水务局"}, {"预算", " "}, {"需求", "第一行\n第二行"}})
	d.Text("要求 a<b & c>d\n\n控制\x01字符\t结束")
	d.Heading(3, "说明")
	d.Table(Table{Heads: []string{"序号", "名称"}, Rows: [][]string{{"1", "甲"}, {"2"}}, Widths: []float64{1, 3}})
	d.Note("以上")
	return d
}

func openDocx(t *testing.T, d *Paper) map[string]string {
	t.Helper()
	var b bytes.Buffer
	if err := WriteDocx(&b, d); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = string(raw)
	}
	return parts
}

func TestDocxIsWellFormed(t *testing.T) {
	t.Parallel()
	parts := openDocx(t, samplePaper(locale.Zh))
	for name, text := range parts {
		if err := wellFormed(text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if ext := path.Ext(name); ext != ".rels" && name != "[Content_Types].xml" && !strings.Contains(parts["[Content_Types].xml"], `PartName="/`+name+`"`) {
			t.Errorf("no content type for %s", name)
		}
	}
	for _, rel := range []struct{ file, base string }{{"_rels/.rels", ""}, {"word/_rels/document.xml.rels", "word/"}} {
		targets := regexp.MustCompile(`Target="([^"]+)"`).FindAllStringSubmatch(parts[rel.file], -1)
		if len(targets) == 0 {
			t.Errorf("%s leads nowhere", rel.file)
		}
		for _, m := range targets {
			if parts[rel.base+m[1]] == "" {
				t.Errorf("%s leads to %s, which is not there", rel.file, m[1])
			}
		}
	}
	for _, m := range regexp.MustCompile(`r:id="(rId[0-9]+)"`).FindAllStringSubmatch(parts["word/document.xml"], -1) {
		if !strings.Contains(parts["word/_rels/document.xml.rels"], `Id="`+m[1]+`"`) {
			t.Errorf("%s is not related", m[1])
		}
	}
	if again := openDocx(t, samplePaper(locale.Zh)); again["word/document.xml"] != parts["word/document.xml"] {
		t.Error("the same paper gives another document")
	}
}

func wellFormed(text string) error {
	for d := xml.NewDecoder(strings.NewReader(text)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// The schema demands an order of children; programs refuse a file that breaks it.
func TestDocxKeepsTheOrderOfTheSchema(t *testing.T) {
	t.Parallel()
	orders := map[string][]string{
		"pPr":  {"pStyle", "keepNext", "keepLines", "pageBreakBefore", "pBdr", "shd", "tabs", "spacing", "ind", "jc", "outlineLvl"},
		"rPr":  {"rFonts", "b", "color", "sz", "szCs", "lang"},
		"tcPr": {"tcW", "shd"}, "tblPr": {"tblStyle", "tblW", "tblBorders", "tblLayout", "tblCellMar"},
		"sectPr":   {"headerReference", "footerReference", "pgSz", "pgMar", "pgNumType", "titlePg"},
		"settings": {"defaultTabStop", "characterSpacingControl", "updateFields", "compat", "themeFontLang"},
		"style":    {"name", "basedOn", "qFormat", "pPr", "rPr", "tblPr"},
		"font":     {"altName", "panose1", "charset", "family", "pitch"},
	}
	for name, text := range openDocx(t, samplePaper(locale.En)) {
		if !strings.HasPrefix(name, "word/") {
			continue
		}
		var stack []string
		last := []int{-1}
		d := xml.NewDecoder(strings.NewReader(text))
		for {
			token, err := d.Token()
			if err != nil {
				break
			}
			switch x := token.(type) {
			case xml.StartElement:
				if len(stack) > 0 {
					if order := orders[stack[len(stack)-1]]; order != nil {
						at := slices.Index(order, x.Name.Local)
						if at < last[len(last)-1] || at < 0 {
							t.Errorf("%s: %s of %s is out of order", name, x.Name.Local, stack[len(stack)-1])
						}
						last[len(last)-1] = at
					}
				}
				stack, last = append(stack, x.Name.Local), append(last, -1)
			case xml.EndElement:
				stack, last = stack[:len(stack)-1], last[:len(last)-1]
			}
		}
	}
}

func TestDocxSaysWhatItWasGiven(t *testing.T) {
	t.Parallel()
	parts := openDocx(t, samplePaper(locale.Zh))
	doc := parts["word/document.xml"]
	for _, want := range []string{
		"第一批场景清单 &lt;2026&gt;", "Needs &amp; offers", "要求 a&lt;b &amp; c&gt;d", "控制字符 结束", "某区水务局", "第二行", "<w:tblHeader/>",
		`w:val="TOC1"`, `w:val="TOC2"`, `w:anchor="part2"`, `w:name="part2"`, "PAGEREF part2",
	} {
		if !strings.Contains(doc, want) {
			t.Errorf("lacks %q", want)
		}
	}
	if strings.Contains(doc, "预算") {
		t.Error("a fact without a value is written")
	}
	if strings.Contains(doc, "PAGEREF part3") {
		t.Error("a heading of the third level stands in the contents")
	}
	if n, m := strings.Count(doc, `fldCharType="begin"`), strings.Count(doc, `fldCharType="end"`); n != m {
		t.Errorf("%d fields begin, %d end", n, m)
	}
	if !strings.Contains(parts["word/footer1.xml"], "第 ") || !strings.Contains(parts["word/styles.xml"], `w:eastAsia="SimSun"`) {
		t.Error("no page number, or no font for Chinese")
	}
	plain := openDocx(t, &Paper{Title: "无目录"})
	if strings.Contains(plain["word/settings.xml"], "updateFields") {
		t.Error("a paper without contents asks to be worked out")
	}
}
