package transfer

import (
	"archive/zip"
	"bufio"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// The workbook library streams the values of cells, but for merged ranges, and
// for the styles that make a number a date, it would hold a whole sheet in
// memory; and it takes a sheet that breaks off for one that ends. So each
// sheet's XML is read once more here, for structure only.

// sheetPart is where a sheet is kept.
type sheetPart struct {
	path      string
	hidden    bool
	worksheet bool
}

type styledAs uint8

const (
	asDate styledAs = iota + 1
	asPercent
	asFormula
)

// styledCell is a cell whose value is not what it says.
type styledCell struct {
	col int
	as  styledAs
}

// sheetScan is the structure of one sheet.
type sheetScan struct {
	merges []merge
	styled map[int][]styledCell // by row
}

// mostMerges bounds the merged ranges that are kept of a sheet.
const mostMerges = 200_000

// sheetParts reads the directory of a workbook. What cannot be read of it is left out.
func sheetParts(zr *zip.Reader) (parts map[string]sheetPart, date1904 bool) {
	var book struct {
		Properties struct {
			Date1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			Name  string     `xml:"name,attr"`
			State string     `xml:"state,attr"`
			Attrs []xml.Attr `xml:",any,attr"`
		} `xml:"sheets>sheet"`
	}
	var rels struct {
		Relations []struct {
			ID     string `xml:"Id,attr"`
			Type   string `xml:"Type,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	parts = map[string]sheetPart{}
	decodePart(zr, "xl/workbook.xml", &book)
	decodePart(zr, "xl/_rels/workbook.xml.rels", &rels)
	targets := map[string]sheetPart{}
	for _, r := range rels.Relations {
		target := strings.TrimPrefix(r.Target, "/")
		if !strings.HasPrefix(r.Target, "/") {
			target = path.Join("xl", r.Target)
		}
		targets[r.ID] = sheetPart{path: target, worksheet: strings.HasSuffix(r.Type, "/worksheet")}
	}
	for _, s := range book.Sheets {
		for _, a := range s.Attrs {
			if p, ok := targets[a.Value]; ok && a.Name.Local == "id" {
				p.hidden = s.State == "hidden" || s.State == "veryHidden"
				parts[s.Name] = p
			}
		}
	}
	return parts, book.Properties.Date1904 == "1" || book.Properties.Date1904 == "true"
}

func decodePart(zr *zip.Reader, name string, into any) {
	if f := findPart(zr, name); f != nil {
		if rc, err := f.Open(); err == nil {
			defer rc.Close()
			_ = xml.NewDecoder(rc).Decode(into) // the library that opens the workbook judges it
		}
	}
}

func findPart(zr *zip.Reader, name string) *zip.File {
	for _, f := range zr.File {
		if strings.EqualFold(strings.ReplaceAll(f.Name, "\\", "/"), name) {
			return f
		}
	}
	return nil
}

// scan reads the structure of a sheet to its end, and so proves that it is whole.
func (w *workbook) scan(ctx context.Context, part sheetPart) (*sheetScan, error) {
	f := findPart(w.zip, part.path)
	if f == nil {
		return nil, fmt.Errorf("part %s is missing", part.path)
	}
	rc, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer rc.Close()
	s := &scanner{
		sheetScan: &sheetScan{styled: map[int][]styledCell{}}, formats: formats(w.file), limit: w.limits.Cell, most: w.left, rows: w.limits.Rows,
	}
	dec := xml.NewDecoder(bufio.NewReaderSize(rc, 1<<16))
	dec.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	for n := 0; ; n++ {
		if n%10_000 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		token, err := dec.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("row %d: %w", s.row, err)
		}
		if err := s.token(token, w.name); err != nil {
			return nil, err
		}
	}
	if s.depth != 0 {
		return nil, fmt.Errorf("row %d: %w", s.row, io.ErrUnexpectedEOF)
	}
	return s.sheetScan, nil
}

// scanner follows the elements of a sheet.
type scanner struct {
	*sheetScan
	formats         map[int]styledAs
	limit           int
	depth, row, col int
	text            int // bytes of the cell so far
	as              styledAs
	formula, value  bool
	numeric         bool
	filled, last    int // rows with a value, and the last of them
	most, rows      int // how many may still be read, and may be in a file
}

func (s *scanner) token(token xml.Token, file string) error {
	switch e := token.(type) {
	case xml.StartElement:
		s.depth++
		if s.start(e); s.filled > s.most { // before anything of the sheet is held
			return fileError(file, "transfer.too_many_rows", nil, map[string]any{"limit": s.rows, "row": s.row})
		}
	case xml.EndElement:
		s.depth--
		if e.Name.Local == "c" {
			s.endCell()
		}
	case xml.CharData:
		if s.text += len(e); s.text > s.limit {
			return fileError(file, "transfer.too_long_cell", nil, map[string]any{"row": s.row, "limit": s.limit})
		}
	}
	return nil
}

func (s *scanner) start(e xml.StartElement) {
	switch e.Name.Local {
	case "row":
		s.row, s.col = s.row+1, -1
		if n, err := strconv.Atoi(attribute(e, "r")); err == nil {
			s.row = n
		}
	case "c":
		s.col, s.text = s.col+1, 0
		if col, _, err := excelize.CellNameToCoordinates(attribute(e, "r")); err == nil {
			s.col = col - 1
		}
		style, _ := strconv.Atoi(attribute(e, "s"))
		kind := attribute(e, "t")
		s.as, s.numeric = s.formats[style], kind == "" || kind == "n"
		s.formula, s.value = false, false
	case "f":
		s.formula = true
	case "v", "is":
		if s.value = true; s.row != s.last {
			s.filled, s.last = s.filled+1, s.row
		}
	case "mergeCell":
		s.text = 0
		if m, ok := mergeOf(attribute(e, "ref")); ok && len(s.merges) < mostMerges {
			s.merges = append(s.merges, m)
		}
	}
}

func (s *scanner) endCell() {
	s.text = 0
	switch {
	case s.formula && !s.value:
		s.styled[s.row] = append(s.styled[s.row], styledCell{col: s.col, as: asFormula})
	case s.as != 0 && s.numeric && s.value:
		s.styled[s.row] = append(s.styled[s.row], styledCell{col: s.col, as: s.as})
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

func mergeOf(ref string) (merge, bool) {
	from, to, ok := strings.Cut(ref, ":")
	if !ok {
		return merge{}, false
	}
	left, top, err1 := excelize.CellNameToCoordinates(from)
	right, bottom, err2 := excelize.CellNameToCoordinates(to)
	return merge{top: min(top, bottom), left: min(left, right) - 1, bottom: max(top, bottom), right: max(left, right) - 1},
		err1 == nil && err2 == nil
}

// formats tells which cell styles show a number as a day or a percentage.
func formats(f *excelize.File) map[int]styledAs {
	out := map[int]styledAs{}
	if f.Styles == nil || f.Styles.CellXfs == nil {
		return out
	}
	codes := map[int]string{}
	if f.Styles.NumFmts != nil {
		for _, n := range f.Styles.NumFmts.NumFmt {
			codes[n.NumFmtID] = n.FormatCode
		}
	}
	for i, xf := range f.Styles.CellXfs.Xf {
		if xf.NumFmtID == nil {
			continue
		}
		if as := formatAs(*xf.NumFmtID, codes[*xf.NumFmtID]); as != 0 {
			out[i] = as
		}
	}
	return out
}

// formatAs judges a number format by its built-in number (ECMA-376, 18.8.30)
// or by its code.
func formatAs(id int, code string) styledAs {
	switch {
	case id == 9 || id == 10:
		return asPercent
	case code == "" && slices.Contains(dateFormats(), id):
		return asDate
	}
	c := bareFormat(code)
	switch {
	case strings.Contains(c, "%"):
		return asPercent
	case strings.Contains(c, "general"):
		return 0
	case strings.Contains(c, "yy"), strings.Contains(c, "d") && strings.Contains(c, "m"):
		return asDate
	}
	return 0
}

// dateFormats are the built-in formats that show a day, those of Chinese
// programs among them; formats of a time of day alone are not.
func dateFormats() []int {
	return []int{14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58}
}

// bareFormat returns a format code in lower case without "literals" and [conditions].
func bareFormat(code string) string {
	plain := false
	var b strings.Builder
	for _, r := range strings.ToLower(code) {
		switch r {
		case '"':
			plain = !plain
		case '[':
			plain = true
		case ']':
			plain = false
		default:
			if !plain {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}

// checkStrings reads the table of shared strings to its end: that it is whole,
// and that no string is so long that undoing its escapes would take for ever.
func checkStrings(ctx context.Context, name string, zr *zip.Reader, l Limits) error {
	f := findPart(zr, "xl/sharedStrings.xml")
	if f == nil {
		return nil
	}
	rc, err := f.Open()
	if err != nil {
		return fileError(name, "transfer.damaged", err, nil)
	}
	defer rc.Close()
	buf := make([]byte, 1<<16)
	run := 0
	for {
		n, err := rc.Read(buf)
		for _, b := range buf[:n] {
			if run++; b == '<' {
				run = 0
			}
			if run > l.Cell {
				return fileError(name, "transfer.too_long_text", nil, map[string]any{"limit": l.Cell})
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fileError(name, "transfer.damaged", err, nil)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}
