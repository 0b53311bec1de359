package transfer

import (
	"fmt"
	"strings"
	"time"

	"jinghe/internal/locale"
)

// The parts of a document that hardly change: what it is made of, its styles,
// fonts, header and footer. Sizes are half points, distances twentieths of a point.

const (
	namespaces = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" ` +
		`xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	wordType     = "application/vnd.openxmlformats-officedocument.wordprocessingml."
	relationType = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	packageType  = "http://schemas.openxmlformats.org/package/2006/"
)

// docxPart is a file within the document.
type docxPart struct{ name, text string }

func (d *Paper) parts() []docxPart {
	return []docxPart{
		{"[Content_Types].xml", contentTypes()},
		{"_rels/.rels", relations(
			[2]string{relationType + "officeDocument", "word/document.xml"},
			[2]string{packageType + "relationships/metadata/core-properties", "docProps/core.xml"},
			[2]string{relationType + "extended-properties", "docProps/app.xml"},
		)},
		{"docProps/core.xml", d.properties()},
		{"docProps/app.xml", `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>Jinghe</Application></Properties>`},
		{"word/document.xml", d.document()},
		{"word/_rels/document.xml.rels", relations(
			[2]string{relationType + "styles", "styles.xml"},
			[2]string{relationType + "settings", "settings.xml"},
			[2]string{relationType + "fontTable", "fontTable.xml"},
			[2]string{relationType + "webSettings", "webSettings.xml"},
			[2]string{relationType + "header", "header1.xml"},
			[2]string{relationType + "footer", "footer1.xml"},
		)},
		{"word/styles.xml", d.styles()},
		{"word/settings.xml", d.settings()},
		{"word/fontTable.xml", fontTable()},
		{"word/webSettings.xml", `<w:webSettings ` + namespaces + `/>`},
		{"word/header1.xml", fmt.Sprintf(`<w:hdr %s><w:p><w:pPr><w:pStyle w:val="Header"/></w:pPr>%s</w:p></w:hdr>`, namespaces, run(d.Title))},
		{"word/footer1.xml", d.footer()},
	}
}

func contentTypes() string {
	b := `<Types xmlns="` + packageType + `content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>` +
		`<Override PartName="/docProps/app.xml" ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/>`
	for _, p := range [][2]string{
		{"document", "document.main"},
		{"styles", "styles"},
		{"settings", "settings"},
		{"fontTable", "fontTable"},
		{"webSettings", "webSettings"},
		{"header1", "header"},
		{"footer1", "footer"},
	} {
		b += `<Override PartName="/word/` + p[0] + `.xml" ContentType="` + wordType + p[1] + `+xml"/>`
	}
	return b + `</Types>`
}

// relations numbers the targets from rId1 on.
func relations(targets ...[2]string) string {
	b := `<Relationships xmlns="` + packageType + `relationships">`
	for i, t := range targets {
		b += fmt.Sprintf(`<Relationship Id="rId%d" Type="%s" Target="%s"/>`, i+1, t[0], t[1])
	}
	return b + `</Relationships>`
}

func (d *Paper) properties() string {
	at := d.At.UTC().Format(time.RFC3339)
	return `<cp:coreProperties xmlns:cp="` + packageType + `metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" ` +
		`xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
		`<dc:title>` + escape(d.Title) + `</dc:title><dc:creator>` + escape(d.Author) + `</dc:creator><dc:language>` + d.tag() + `</dc:language>` +
		`<dcterms:created xsi:type="dcterms:W3CDTF">` + at + `</dcterms:created>` +
		`<dcterms:modified xsi:type="dcterms:W3CDTF">` + at + `</dcterms:modified></cp:coreProperties>`
}

func (d *Paper) tag() string {
	if d.Lang == locale.En {
		return "en-US"
	}
	return "zh-CN"
}

// settings has the contents worked out when the file is opened.
func (d *Paper) settings() string {
	update := ""
	if d.Contents != "" && len(d.headings) > 0 {
		update = `<w:updateFields w:val="true"/>`
	}
	return `<w:settings ` + namespaces + `><w:defaultTabStop w:val="420"/><w:characterSpacingControl w:val="compressPunctuation"/>` +
		update + `<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>` +
		`<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>`
}

// footer numbers the pages.
func (d *Paper) footer() string {
	lang := d.Lang
	if lang == "" {
		lang = locale.Zh
	}
	before, after, _ := strings.Cut(locale.Text(lang, "transfer.page", map[string]any{"page": "\x00"}), "\x00")
	return `<w:ftr ` + namespaces + `><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>` + run(before) +
		fieldChar("begin") + instruction("PAGE") + fieldChar("separate") + run("1") + fieldChar("end") + run(after) + `</w:p></w:ftr>`
}

// fontTable names what stands in where the first choice is not installed.
func fontTable() string {
	font := func(name, alt, family, panose string) string {
		return `<w:font w:name="` + name + `"><w:altName w:val="` + alt + `"/><w:panose1 w:val="` + panose + `"/><w:charset w:val="86"/><w:family w:val="` + family + `"/><w:pitch w:val="variable"/></w:font>`
	}
	return `<w:fonts ` + namespaces + `>` +
		font("SimSun", "宋体,Noto Serif CJK SC,Source Han Serif SC", "roman", "02010600030101010101") +
		font("SimHei", "黑体,Noto Sans CJK SC,Source Han Sans SC", "swiss", "02010609060101010101") + `</w:fonts>`
}

const (
	songti = `<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="SimSun" w:cs="Times New Roman"/>`
	heiti  = `<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:eastAsia="SimHei" w:cs="Arial"/>`
)

// styles are the looks of paragraphs and tables.
func (d *Paper) styles() string {
	b := `<w:styles ` + namespaces + `><w:docDefaults><w:rPrDefault><w:rPr>` + songti +
		`<w:sz w:val="21"/><w:szCs w:val="21"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>` +
		`<w:pPrDefault><w:pPr><w:spacing w:after="0" w:line="300" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>` +
		`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>`
	indent := `<w:ind w:firstLineChars="200" w:firstLine="420"/>`
	if d.Lang == locale.En {
		indent = ""
	}
	tab := fmt.Sprintf(`<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="%d"/></w:tabs>`, textWidth)
	for _, s := range []struct{ id, name, paragraph, run string }{
		{"Title", "Title", `<w:spacing w:before="3600" w:after="240"/><w:jc w:val="center"/>`, heiti + `<w:sz w:val="52"/>`},
		{"Subtitle", "Subtitle", `<w:spacing w:after="240"/><w:jc w:val="center"/>`, songti + `<w:sz w:val="30"/>`},
		{"Imprint", "Imprint", `<w:jc w:val="center"/>`, `<w:sz w:val="26"/>`},
		{"Heading1", "heading 1", `<w:keepNext/><w:keepLines/><w:pageBreakBefore/><w:spacing w:before="120" w:after="240"/><w:outlineLvl w:val="0"/>`, heiti + `<w:sz w:val="34"/>`},
		{"Heading2", "heading 2", `<w:keepNext/><w:keepLines/><w:spacing w:before="300" w:after="120"/><w:outlineLvl w:val="1"/>`, heiti + `<w:sz w:val="25"/>`},
		{"Heading3", "heading 3", `<w:keepNext/><w:keepLines/><w:spacing w:before="180" w:after="60"/><w:outlineLvl w:val="2"/>`, heiti + `<w:sz w:val="22"/>`},
		{"BodyText", "Body Text", `<w:spacing w:after="60"/>` + indent + `<w:jc w:val="both"/>`, ""},
		{"Aside", "Aside", `<w:spacing w:after="60"/>`, `<w:color w:val="5A6472"/><w:sz w:val="18"/>`},
		{"Cell", "Cell", `<w:spacing w:before="30" w:after="30" w:line="264" w:lineRule="auto"/>`, `<w:sz w:val="20"/>`},
		{"CellHead", "Cell Head", `<w:spacing w:before="30" w:after="30" w:line="264" w:lineRule="auto"/>`, heiti + `<w:sz w:val="19"/>`},
		{"ContentsHead", "Contents Head", `<w:keepNext/><w:spacing w:before="120" w:after="240"/><w:jc w:val="center"/>`, heiti + `<w:sz w:val="32"/>`},
		{"TOC1", "toc 1", tab + `<w:spacing w:before="120"/>`, heiti},
		{"TOC2", "toc 2", tab + `<w:ind w:left="420"/>`, ""},
		{"Header", "header", `<w:pBdr><w:bottom w:val="single" w:sz="4" w:space="4" w:color="B8C0CC"/></w:pBdr><w:jc w:val="right"/>`, `<w:color w:val="5A6472"/><w:sz w:val="18"/>`},
		{"Footer", "footer", `<w:jc w:val="center"/>`, `<w:color w:val="5A6472"/><w:sz w:val="18"/>`},
	} {
		b += `<w:style w:type="paragraph" w:styleId="` + s.id + `"><w:name w:val="` + s.name + `"/><w:basedOn w:val="Normal"/><w:qFormat/>` +
			`<w:pPr>` + s.paragraph + `</w:pPr><w:rPr>` + s.run + `</w:rPr></w:style>`
	}
	return b + tableStyle() + `</w:styles>`
}

func tableStyle() string {
	edges := ""
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		edges += `<w:` + side + ` w:val="single" w:sz="4" w:space="0" w:color="B8C0CC"/>`
	}
	return `<w:style w:type="table" w:styleId="Grid"><w:name w:val="Table Grid"/><w:tblPr><w:tblBorders>` + edges + `</w:tblBorders>` +
		`<w:tblCellMar><w:left w:w="100" w:type="dxa"/><w:right w:w="100" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>`
}
