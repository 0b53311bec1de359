package transfer

import (
	"archive/zip"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
)

// Paper is a document for people to read and to print: A4, with a title page,
// contents, headings, running text, tables and numbered pages. The zero Paper is
// empty; it is filled in the order of reading and written by [WriteDocx]. It is
// used by one goroutine.
type Paper struct {
	Lang            locale.Lang // "" is Chinese
	Title, Subtitle string
	// Imprint are the lines at the foot of the title page: who issues it, and when.
	Imprint []string
	// Contents heads the contents, made of the headings of level 1 and 2; "" leaves them out.
	Contents string
	// Author and At are the properties of the file.
	Author string
	At     time.Time

	body     strings.Builder
	headings []heading
}

// PaperFact is a name with what belongs to it.
type PaperFact struct{ Label, Value string }

// heading is a line of the contents.
type heading struct {
	level      int
	text, mark string
}

// Heading begins a part; level is 1 to 3. A part of level 1 begins a page.
func (d *Paper) Heading(level int, text string) {
	h := heading{level, text, "part" + strconv.Itoa(len(d.headings)+1)}
	d.headings = append(d.headings, h)
	id := strconv.Itoa(len(d.headings))
	d.add(`<w:p><w:pPr><w:pStyle w:val="Heading%d"/></w:pPr><w:bookmarkStart w:id="%s" w:name="%s"/>%s<w:bookmarkEnd w:id="%s"/></w:p>`,
		min(max(level, 1), 3), id, h.mark, run(text), id)
}

// Text adds a paragraph for each line of the text that has one.
func (d *Paper) Text(text string) { d.lines("BodyText", text) }

// Note adds what is said aside, in small type.
func (d *Paper) Note(text string) { d.lines("Aside", text) }

func (d *Paper) lines(style, text string) {
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			d.add(`<w:p><w:pPr><w:pStyle w:val="%s"/></w:pPr>%s</w:p>`, style, run(line))
		}
	}
}

// The width of the text, in twentieths of a point: A4 less two margins of 2.5 cm.
const textWidth = 11906 - 2*1417

// Facts adds a table of two columns. A fact without a value is left out, and
// without any left there is no table.
func (d *Paper) Facts(facts []PaperFact) {
	var known []PaperFact
	for _, f := range facts {
		if strings.TrimSpace(f.Value) != "" {
			known = append(known, f)
		}
	}
	if len(known) == 0 {
		return
	}
	const first = 1900
	d.openTable([]int{first, textWidth - first})
	for i, f := range known {
		d.add(`<w:tr><w:trPr>%s</w:trPr>`, keepRow(f.Value))
		d.cell(first, "CellHead", f.Label, i+1 < len(known), true)
		d.cell(textWidth-first, "Cell", f.Value, i+1 < len(known), false)
		d.add(`</w:tr>`)
	}
	d.add(`</w:tbl><w:p><w:pPr><w:pStyle w:val="Aside"/></w:pPr></w:p>`)
}

// longCell is the length in code points above which a row may run over a page.
const longCell = 600

// keepRow keeps a row on one page unless it is very long.
func keepRow(text string) string {
	if len([]rune(text)) > longCell {
		return ""
	}
	return `<w:cantSplit/>`
}

// Table adds a table whose heads stand again on every page; t.Name is not
// written, and t.Widths are shares of the width of the page.
func (d *Paper) Table(t Table) {
	widths := columnWidths(len(t.Heads), t.Widths)
	d.openTable(widths)
	d.add(`<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>`)
	for i, h := range t.Heads {
		d.cell(widths[i], "CellHead", h, true, true)
	}
	d.add(`</w:tr>`)
	for _, row := range t.Rows {
		d.add(`<w:tr><w:trPr>%s</w:trPr>`, keepRow(strings.Join(row, "")))
		for i := range t.Heads {
			text := ""
			if i < len(row) {
				text = row[i]
			}
			d.cell(widths[i], "Cell", text, false, false)
		}
		d.add(`</w:tr>`)
	}
	d.add(`</w:tbl><w:p><w:pPr><w:pStyle w:val="Aside"/></w:pPr></w:p>`)
}

// columnWidths divides the width of the page by shares; a missing one counts 16,
// as in a workbook.
func columnWidths(n int, shares []float64) []int {
	all, sum := make([]float64, n), 0.0
	for i := range all {
		all[i] = 16
		if i < len(shares) && shares[i] > 0 {
			all[i] = shares[i]
		}
		sum += all[i]
	}
	widths := make([]int, n)
	for i := range all {
		widths[i] = int(float64(textWidth) * all[i] / sum)
	}
	return widths
}

func (d *Paper) openTable(widths []int) {
	d.add(`<w:tbl><w:tblPr><w:tblStyle w:val="Grid"/><w:tblW w:w="%d" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>`, textWidth)
	for _, w := range widths {
		d.add(`<w:gridCol w:w="%d"/>`, w)
	}
	d.add(`</w:tblGrid>`)
}

// cell writes a cell with a paragraph for each line; together keeps it on the
// page of the row below.
func (d *Paper) cell(width int, style, text string, together, shade bool) {
	d.add(`<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>`, width)
	if shade {
		d.add(`<w:shd w:val="clear" w:color="auto" w:fill="EEF2F7"/>`)
	}
	d.add(`</w:tcPr>`)
	keep := ""
	if together {
		keep = `<w:keepNext/>`
	}
	for line := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
		d.add(`<w:p><w:pPr><w:pStyle w:val="%s"/>%s</w:pPr>%s</w:p>`, style, keep, run(strings.TrimSpace(line)))
	}
	d.add(`</w:tc>`)
}

// add writes markup; every text among the arguments has passed through escape.
func (d *Paper) add(format string, args ...any) { fmt.Fprintf(&d.body, format, args...) }

// run is a text in the type of its paragraph.
func run(text string) string {
	if text == "" {
		return ""
	}
	return `<w:r><w:t xml:space="preserve">` + escape(text) + `</w:t></w:r>`
}

// escape makes text fit for a document; what XML cannot hold is left out.
func escape(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case unicode.IsControl(r), r == unicode.ReplacementChar, r == 0xFFFE, r == 0xFFFF:
			return -1
		}
		return r
	}, text)
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a Builder does not fail
	return b.String()
}

// WriteDocx writes the paper as an Office Open XML document (ECMA-376, the
// transitional schema), which Word, WPS and LibreOffice open. Fonts are named, not
// embedded: SimSun and SimHei, with the open ones that stand in for them. Page
// numbers of the contents are fields, which the program that opens the file works
// out. The same paper gives the same bytes. It returns the error of w.
func WriteDocx(w io.Writer, d *Paper) error {
	z := zip.NewWriter(w)
	for _, part := range d.parts() {
		f, err := z.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Deflate, Modified: d.At.UTC()})
		if err != nil {
			return scene.Wrap("transfer.WriteDocx", err)
		}
		if _, err := io.WriteString(f, xml.Header+part.text); err != nil {
			return scene.Wrap("transfer.WriteDocx", err)
		}
	}
	return scene.Wrap("transfer.WriteDocx", z.Close())
}

// document is the main part: title page, contents, body, and the section that
// says how pages look.
func (d *Paper) document() string {
	var b strings.Builder
	b.WriteString(`<w:document ` + namespaces + `><w:body>`)
	b.WriteString(d.titlePage())
	if d.Contents != "" && len(d.headings) > 0 {
		b.WriteString(d.contents())
	}
	b.WriteString(d.body.String())
	b.WriteString(`<w:sectPr><w:headerReference w:type="default" r:id="rId5"/><w:footerReference w:type="default" r:id="rId6"/>` +
		`<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1417" w:right="1417" w:bottom="1417" w:left="1417" w:header="850" w:footer="850" w:gutter="0"/>` +
		`<w:pgNumType w:start="0"/><w:titlePg/></w:sectPr></w:body></w:document>`)
	return b.String()
}

func (d *Paper) titlePage() string {
	b := fmt.Sprintf(`<w:p><w:pPr><w:pStyle w:val="Title"/></w:pPr>%s</w:p>`, run(d.Title))
	if d.Subtitle != "" {
		b += fmt.Sprintf(`<w:p><w:pPr><w:pStyle w:val="Subtitle"/></w:pPr>%s</w:p>`, run(d.Subtitle))
	}
	before := 6000 // moves the first line down
	for _, line := range d.Imprint {
		if line != "" {
			b += fmt.Sprintf(`<w:p><w:pPr><w:pStyle w:val="Imprint"/><w:spacing w:before="%d"/></w:pPr>%s</w:p>`, before, run(line))
			before = 60
		}
	}
	if d.Contents == "" && len(d.headings) > 0 {
		return b // the first heading begins a page
	}
	return b + `<w:p><w:r><w:br w:type="page"/></w:r></w:p>`
}

// contents is a field whose last result is written out, with a link and the
// field of a page number on each line.
func (d *Paper) contents() string {
	var b strings.Builder
	fmt.Fprintf(&b, `<w:p><w:pPr><w:pStyle w:val="ContentsHead"/></w:pPr>%s</w:p>`, run(d.Contents))
	lines := 0
	for _, h := range d.headings {
		if h.level > 2 {
			continue
		}
		fmt.Fprintf(&b, `<w:p><w:pPr><w:pStyle w:val="TOC%d"/></w:pPr>`, h.level)
		if lines++; lines == 1 {
			b.WriteString(fieldChar("begin") + instruction(`TOC \o "1-2" \h \z`) + fieldChar("separate"))
		}
		fmt.Fprintf(&b, `<w:hyperlink w:anchor="%s" w:history="1">%s<w:r><w:tab/></w:r>%s%s%s%s</w:hyperlink></w:p>`,
			h.mark, run(h.text), fieldChar("begin"), instruction(`PAGEREF `+h.mark+` \h`), fieldChar("separate"), fieldChar("end"))
	}
	if lines > 0 {
		b.WriteString(`<w:p>` + fieldChar("end") + `</w:p>`)
	}
	return b.String()
}

func fieldChar(kind string) string {
	return `<w:r><w:fldChar w:fldCharType="` + kind + `"/></w:r>`
}

func instruction(text string) string {
	return `<w:r><w:instrText xml:space="preserve"> ` + escape(text) + ` </w:instrText></w:r>`
}
