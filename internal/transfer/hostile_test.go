package transfer

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
)

// compoundFile builds an OLE2 compound file (MS-CFB) with empty streams of the given names.
func compoundFile(streams ...string) []byte {
	const sector, free, end = 512, 0xffffffff, 0xfffffffe
	b := make([]byte, 3*sector)
	copy(b, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
	put16 := func(at int, v uint16) { binary.LittleEndian.PutUint16(b[at:], v) }
	put32 := func(at int, v uint32) { binary.LittleEndian.PutUint32(b[at:], v) }
	put16(24, 0x3e)
	put16(26, 3)
	put16(28, 0xfffe)
	put16(30, 9)
	put16(32, 6)
	put32(44, 1) // FAT sectors
	put32(48, 1) // first directory sector
	put32(56, 4096)
	put32(60, end)
	put32(68, end)
	for i := range 109 {
		put32(76+4*i, free)
	}
	put32(76, 0)
	for i := range sector / 4 {
		put32(sector+4*i, free)
	}
	put32(sector, 0xfffffffd)
	put32(sector+4, end)
	entry := func(n int, name string, kind byte, child, right uint32) {
		at := 2*sector + n*128
		units := utf16.Encode([]rune(name))
		for i, u := range units {
			put16(at+2*i, u)
		}
		put16(at+64, uint16(2*len(units)+2))
		b[at+66], b[at+67] = kind, 1
		put32(at+68, free)
		put32(at+72, right)
		put32(at+76, child)
		put32(at+116, end)
	}
	entry(0, "Root Entry", 5, 1, free)
	for i, s := range streams {
		right := uint32(free)
		if i+1 < len(streams) {
			right = uint32(i + 2)
		}
		entry(i+1, s, 2, free, right)
	}
	return b
}

// zipOf builds a zip file.
func zipOf(t testing.TB, parts map[string]func(io.Writer)) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for name, write := range parts {
		p, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		write(p)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func text1(s string) func(io.Writer) { return func(w io.Writer) { _, _ = io.WriteString(w, s) } }

// repack rebuilds a workbook with one part replaced.
func repack(t testing.TB, data []byte, part string, write func(io.Writer)) []byte {
	t.Helper()
	zr, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]func(io.Writer){}
	for _, f := range zr.File {
		rc, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(rc)
		if err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = func(w io.Writer) { _, _ = w.Write(content) }
	}
	parts[part] = write
	return zipOf(t, parts)
}

const sheet1 = "xl/worksheets/sheet1.xml"

const (
	sheetTop = `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` +
		`<row r="1"><c r="A1" t="str"><v>需求名称</v></c><c r="B1" t="str"><v>单位名称</v></c><c r="C1" t="str"><v>需求详情</v></c></row>` +
		`<row r="2"><c r="A2" t="str"><v>好行</v></c><c r="B2" t="str"><v>江畔一厂</v></c></row>`
	sheetEnd = `</sheetData></worksheet>`
)

func sheetBook(t testing.TB, rows func(io.Writer)) []byte {
	return repack(t, newBook(t, "需求").bytes(), sheet1, func(w io.Writer) {
		_, _ = io.WriteString(w, sheetTop)
		rows(w)
		_, _ = io.WriteString(w, sheetEnd)
	})
}

// manyLines writes more rows than may be read, different enough to be no bomb.
func manyLines(w io.Writer) {
	for i := range 25_000 {
		_, _ = fmt.Fprintf(w, `<row r="%d"><c r="A%d" t="str"><v>%d</v></c></row>`, i+3, i+3, i*2654435761)
	}
}

// A file that cannot be read gets one clear sentence, soon and without much memory.
func TestFilesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	good := newBook(t, "需求").row("需求名称", "单位名称", "需求详情").row("一", "江畔一厂", "详情").bytes()
	filler := func(n int, s string) func(io.Writer) {
		return func(w io.Writer) {
			for range n {
				_, _ = io.WriteString(w, s)
			}
		}
	}
	lying := func() []byte { // the directory says less than is packed
		b := sheetBook(t, filler(200_000, `<row><c t="str"><v>一</v></c></row>`))
		at := bytes.LastIndex(b, []byte("PK\x01\x02"))
		for at >= 0 && !bytes.HasPrefix(b[at+46:], []byte(sheet1)) {
			at = bytes.LastIndex(b[:at], []byte("PK\x01\x02"))
		}
		binary.LittleEndian.PutUint32(b[at+24:], 2000)
		return b
	}
	tests := map[string]struct {
		data []byte
		key  string
	}{
		"ManyLines":       {[]byte("需求名称,单位名称\n" + strings.Repeat("a,b\n", 25_000)), "transfer.too_many_rows"},
		"Empty":           {nil, "transfer.empty"},
		"Zeros":           {make([]byte, 100<<20), "transfer.zeros"},
		"TooLarge":        {make([]byte, 129<<20), "transfer.too_large"},
		"OldWorkbook":     {compoundFile("Workbook"), "transfer.format_xls"},
		"OlderYet":        {compoundFile("Book"), "transfer.format_xls"},
		"Encrypted":       {compoundFile("EncryptionInfo", "EncryptedPackage"), "transfer.format_encrypted"},
		"WordDocument":    {compoundFile("WordDocument"), "transfer.format_word"},
		"OtherOLE2":       {compoundFile("Contents"), "transfer.format_ole2"},
		"BrokenOLE2":      {compoundFile("Workbook")[:600], "transfer.format_ole2"},
		"PDF":             {[]byte("%PDF-1.7\n1 0 obj"), "transfer.format_pdf"},
		"HTML":            {[]byte("\ufeff  <html><table><tr><td>需求名称</td></tr></table></html>"), "transfer.format_html"},
		"Picture":         {[]byte("\x89PNG\r\n\x1a\n\x00\x00"), "transfer.format_image"},
		"Archive":         {[]byte("Rar!\x1a\x07\x00"), "transfer.format_archive"},
		"XML2003":         {[]byte(`<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">`), "transfer.format_xml2003"},
		"Binary":          {bytes.Repeat([]byte{1, 2, 3, 0xfe}, 500), "transfer.not_workbook"},
		"Docx":            {zipOf(t, map[string]func(io.Writer){"word/document.xml": text1("<x/>")}), "transfer.format_word"},
		"Xlsb":            {zipOf(t, map[string]func(io.Writer){"xl/workbook.bin": text1("x")}), "transfer.format_xlsb"},
		"Ods":             {zipOf(t, map[string]func(io.Writer){"content.xml": text1("<x/>")}), "transfer.format_ods"},
		"OtherZip":        {zipOf(t, map[string]func(io.Writer){"a.txt": text1("x")}), "transfer.not_workbook"},
		"TruncatedZip":    {good[:len(good)/2], "transfer.truncated"},
		"Bomb":            {zipOf(t, map[string]func(io.Writer){"xl/workbook.xml": filler(6000, strings.Repeat("\x00", 1000))}), "transfer.too_packed"},
		"NoWorkbookXML":   {repack(t, good, "xl/workbook.xml", text1("<")), "transfer.damaged"},
		"BrokenSheet":     {repack(t, good, sheet1, text1(sheetTop+"<row r=\"3\"><c")), "transfer.damaged_sheet"},
		"SheetBreaksOff":  {repack(t, good, sheet1, text1(sheetTop)), "transfer.damaged_sheet"},
		"LyingSize":       {lying(), "transfer.damaged_sheet"},
		"ManyRows":        {sheetBook(t, manyLines), "transfer.too_many_rows"},
		"WideRows":        {sheetBook(t, filler(3000, `<row><c r="XFD9" t="str"><v>远</v></c></row>`)), "transfer.too_wide"},
		"LongCell":        {sheetBook(t, text1(`<row r="3"><c r="A3" t="str"><v>`+strings.Repeat("长", 100_000)+`</v></c></row>`)), "transfer.too_long_cell"},
		"LongString":      {repack(t, good, "xl/sharedStrings.xml", text1(`<sst><si><t>`+strings.Repeat("_x0041_", 100_000)+`</t></si></sst>`)), "transfer.too_long_text"},
		"NoKnownHead":     {newBook(t, "Sheet1").row("姓名", "年龄", "部门").row("张", 3, "x").bytes(), "transfer.no_known_head"},
		"NoKnownHeadText": {[]byte("姓名,年龄,部门\n张,3,x\n"), "transfer.no_known_head_text"},
		"KindUnclear":     {newBook(t, "Sheet1").row("名称", "单位名称", "类别", "联系方式").row("甲", "乙", "丙", "丁").bytes(), "transfer.kind_unclear_file"},
		"EmptyBook":       {newBook(t, "Sheet1").bytes(), "transfer.empty"},
		"CSVQuotes":       {[]byte("需求名称,单位名称,需求详情\n" + strings.Repeat("\"a\"b,c,d\n", 1200)), "transfer.quotes_many"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			_, err := readBytes(t, "清单.xlsx", tt.data, ReadOptions{Limits: Limits{Rows: 20_000}})
			wantKey(t, err, tt.key)
			if took := time.Since(began); took > time.Minute {
				t.Errorf("took %v", took)
			}
			for _, lang := range []locale.Lang{locale.Zh, locale.En} {
				s := locale.Error(lang, err)
				if !strings.Contains(s, "清单.xlsx") || strings.ContainsAny(s, "{}") {
					t.Errorf("sentence %q", s)
				}
			}
			t.Log(locale.Error(locale.Zh, err))
		})
	}
}

// A sheet far apart costs no more than its filled rows, and far columns are told.
func TestSparseSheet(t *testing.T) {
	t.Parallel()
	data := sheetBook(t, text1(`<row r="900000"><c r="A900000" t="str"><v>远行</v></c><c r="B900000" t="str"><v>江畔二厂</v></c><c r="XFD900000" t="str"><v>远列</v></c></row>`))
	doc := mustRead(t, "a.xlsx", data)
	if len(doc.Rows) != 2 || doc.Rows[1].Line != 900_000 {
		t.Errorf("%+v%s", doc.Rows, told(doc))
	}
	wantProblem(t, doc, "transfer.columns_cut", 0, "")
}

// A row number that is out of every range neither hangs nor panics.
func TestRowNumbersBeyondRange(t *testing.T) {
	t.Parallel()
	for _, r := range []string{"4000000000", "-5", "99999999999999999999"} {
		began := time.Now()
		_, err := readBytes(t, "a.xlsx", sheetBook(t, text1(fmt.Sprintf(`<row r="%s"><c t="str"><v>x</v></c></row>`, r))), ReadOptions{})
		t.Log(r, err)
		if time.Since(began) > time.Minute {
			t.Errorf("row %s took %v", r, time.Since(began))
		}
	}
}

// One damaged sheet does not keep the others out.
func TestOneDamagedSheet(t *testing.T) {
	t.Parallel()
	b := newBook(t, "坏").row("需求名称", "单位名称")
	b.on("好").row("需求名称", "单位名称", "需求详情").row("一", "江畔一厂", "详情")
	doc, err := readBytes(t, "a.xlsx", repack(t, b.bytes(), sheet1, text1(sheetTop)), ReadOptions{})
	if err != nil || len(doc.Rows) != 1 {
		t.Fatal(err, doc.Rows)
	}
	if p := wantProblem(t, doc, "transfer.damaged_sheet", 0, ""); p.Sheet != "坏" || !p.Rejected {
		t.Errorf("%+v", p)
	}
}

func TestReadFile(t *testing.T) {
	t.Parallel()
	_, err := ReadFile(t.Context(), t.TempDir(), ReadOptions{})
	wantKey(t, err, "transfer.file_directory")
	_, err = ReadFile(t.Context(), t.TempDir()+"/nothing.xlsx", ReadOptions{})
	wantKey(t, err, "transfer.file_open")
	if scene.CodeOf(err) != scene.Invalid {
		t.Errorf("code %s", scene.CodeOf(err))
	}
}

func TestFormatAs(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		id   int
		code string
		want styledAs
	}{
		{0, "", 0},
		{9, "", asPercent},
		{14, "", asDate},
		{31, "", asDate},
		{49, "", 0},
		{20, "", 0},
		{164, "yyyy\"年\"m\"月\"", asDate},
		{164, "0.00%", asPercent},
		{164, "#,##0.00\"days\"", 0},
		{164, "[Red]0.0", 0},
		{164, "General", 0},
	} {
		if got := formatAs(tt.id, tt.code); got != tt.want {
			t.Errorf("%d %q: %d, want %d", tt.id, tt.code, got, tt.want)
		}
	}
}

func TestDate1904(t *testing.T) {
	t.Parallel()
	b := newBook(t, "需求").row("需求名称", "单位名称", "有效期至").row("一", "江畔一厂", 45000)
	yes := true
	b.must(b.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}))
	doc := mustRead(t, "a.xlsx", b.bytes())
	if got := formatTo(doc.Rows[0].Opportunity.ValidTo); got != "2027-03-16" {
		t.Errorf("got %s", got)
	}
}
