package transfer

import (
	"context"
	"encoding/csv"
	"io"
	"regexp"

	"github.com/xuri/excelize/v2"

	"jinghe/internal/scene"
)

// WriteOptions says how rows are written.
type WriteOptions struct {
	// Dictionaries turn codes into labels; without them codes are written in brackets.
	Dictionaries *scene.Dictionaries
	// FullContacts writes contacts unmasked. The caller has checked that the
	// person may see them and has stated a purpose.
	FullContacts bool
	// Progress, if not nil, is told the rows done and their total.
	Progress func(done, total int)
}

// Written says what a file got.
type Written struct {
	Rows int
	// Dropped names the fields, as our own layout heads them, that rows hold and
	// the layout has no column for.
	Dropped []string
}

// Write writes rows as a list in the given layout: a workbook with one sheet
// for each side, or CSV with one side. All cells are text, so that codes and
// telephone numbers stay as they are. Without rows it writes the heads, which
// makes a template.
//
// What is written in [Jinghe] and read back gives the same rows, except what
// belongs to a store: ids, revisions, states, times, the organisation's own
// contact, attachments and steward. An entry without a code of its own has its ID
// for one, by which the registry knows it again. Another layout gives back what it has
// columns for; Dropped names the rest. A masked contact is read back as unchanged.
//
// It returns an Invalid error where the layout has no form for a side or where
// CSV would have to hold both, else the error of w or of the context.
func Write(ctx context.Context, w io.Writer, format Format, layout Layout, rows []scene.Row, o WriteOptions) (Written, error) {
	encoders, parts, err := plan(format, layout, rows, o)
	if err != nil {
		return Written{}, scene.Wrap("transfer.Write", err)
	}
	var out Written
	sheets := make([]sheetOut, len(encoders))
	for i, e := range encoders {
		for _, head := range e.dropped(parts[i]) {
			out.Dropped = unique(append(out.Dropped, head))
		}
		out.Rows += len(parts[i])
		sheets[i] = sheetOut{
			name: e.layout.sheet, heads: e.line(), count: len(parts[i]), widths: widths(e.layout.columns),
			row: func(n int) []string { return e.row(parts[i][n]) },
		}
	}
	if format == CSV {
		err = writeCSV(ctx, w, sheets[0], o.Progress)
	} else {
		err = writeWorkbook(ctx, w, sheets, o.Progress)
	}
	return out, scene.Wrap("transfer.Write", err)
}

// plan chooses the sheets and makes an encoder for each.
func plan(format Format, layout Layout, rows []scene.Row, o WriteOptions) ([]*encoder, [][]*scene.Row, error) {
	byKind := map[scene.Kind][]*scene.Row{}
	for i := range rows {
		byKind[rows[i].Kind()] = append(byKind[rows[i].Kind()], &rows[i])
	}
	var encoders []*encoder
	var parts [][]*scene.Row
	for _, kind := range []scene.Kind{demand, supply} {
		cat := newCatalogue(kind)
		p, ok := printedFor(layout, kind, cat)
		if !ok && len(byKind[kind]) > 0 {
			return nil, nil, &scene.Error{Code: scene.Invalid, Key: "transfer.layout_kind", Args: map[string]any{
				"layout": string(layout), "kind": string(kind),
			}}
		}
		if ok && (len(byKind[kind]) > 0 || len(rows) == 0) {
			encoders = append(encoders, newEncoder(p, cat, o, byKind[kind]))
			parts = append(parts, byKind[kind])
		}
	}
	switch {
	case len(encoders) == 0:
		return nil, nil, &scene.Error{Code: scene.Invalid, Key: "transfer.layout_unknown", Args: map[string]any{"layout": string(layout)}}
	case format == CSV && len(encoders) > 1:
		return nil, nil, &scene.Error{Code: scene.Invalid, Key: "transfer.csv_one_kind"}
	case format != CSV && format != XLSX:
		return nil, nil, &scene.Error{Code: scene.Invalid, Key: "transfer.format_unknown", Args: map[string]any{"format": string(format)}}
	}
	return encoders, parts, nil
}

// sheetOut is a sheet to be written.
type sheetOut struct {
	name   string
	heads  []string
	widths []float64 // in characters; missing ones are standard
	count  int
	row    func(n int) []string
	mark   func(n int) []bool // cells to be marked; nil for none
	number map[int]bool       // columns that hold numbers
}

// widths gives columns of running text more room than others.
func widths(columns []layoutColumn) []float64 {
	out := make([]float64, len(columns))
	for i, c := range columns {
		switch c.field {
		case fieldLabel:
			out[i] = 6
		case fieldNeed, fieldSituation, fieldTargets, fieldResources, fieldDescription, fieldProduct, fieldScenarios, fieldAbility, "works", "profile":
			out[i] = 48
		case fieldName, fieldOrg, fieldTech, fieldReference, fieldCandidates, fieldOrgTitles, "cases", "indicators":
			out[i] = 28
		default:
			out[i] = 16
		}
	}
	return out
}

// writeWorkbook streams the sheets.
func writeWorkbook(ctx context.Context, w io.Writer, sheets []sheetOut, progress func(done, total int)) error {
	b, err := NewBook()
	if err != nil {
		return err
	}
	defer b.Close()
	total, done := 0, 0
	for _, s := range sheets {
		total += s.count
	}
	tick := func() {
		if done++; progress != nil && (done%500 == 0 || done == total) {
			progress(done, total)
		}
	}
	for _, out := range sheets {
		s, err := b.sheet(out)
		if err != nil {
			return err
		}
		if err := s.fill(ctx, tick); err != nil {
			return err
		}
	}
	_, err = b.WriteTo(w)
	return err
}

const asTextFormat = 49 // "@"

// styles are the looks of cells. Data is formatted as text, so that a code
// typed over in a spreadsheet program stays a code.
type styles struct{ head, data, bad, number int }

func newStyles(f *excelize.File) (s styles, err error) {
	top := &excelize.Alignment{Vertical: "top", WrapText: true}
	bad := excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"FFC7CE"}}
	head := excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"DDE7F3"}}
	for _, d := range []struct {
		id    *int
		style excelize.Style
	}{
		{&s.head, excelize.Style{Font: &excelize.Font{Bold: true}, Fill: head, Alignment: &excelize.Alignment{Vertical: "center", WrapText: true}}},
		{&s.data, excelize.Style{NumFmt: asTextFormat, Alignment: top}},
		{&s.bad, excelize.Style{NumFmt: asTextFormat, Alignment: top, Fill: bad}},
		{&s.number, excelize.Style{Alignment: top}},
	} {
		if *d.id, err = f.NewStyle(&d.style); err != nil {
			return s, err
		}
	}
	return s, nil
}

// number gives a column of numbers real ones; what is none stays text.
func number(v string) any {
	if r, ok := decimal(v); ok {
		f, _ := r.Float64()
		return f
	}
	return v
}

var (
	regexFormula  = regexp.MustCompile(`^'*[=+\-@\t\r]`)
	regexGuarded  = regexp.MustCompile(`^'+[=+\-@\t\r]`)
	regexLongCode = regexp.MustCompile(`^[0-9]{12,}$`)
)

// guardCell keeps a spreadsheet program from taking a cell of a CSV file for a
// formula, and a long code for a number. unguard takes the first back; the
// tab behind a code falls to clean.
func guardCell(v string) string {
	switch {
	case regexFormula.MatchString(v):
		return "'" + v
	case regexLongCode.MatchString(v):
		return v + "\t"
	}
	return v
}

func unguard(v string) string {
	if regexGuarded.MatchString(v) {
		return v[1:]
	}
	return v
}

// writeCSV writes UTF-8 with a byte order mark and CRLF, which is what
// spreadsheet programs on a Chinese desktop open without asking.
func writeCSV(ctx context.Context, w io.Writer, s sheetOut, progress func(done, total int)) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(s.heads); err != nil {
		return err
	}
	for n := range s.count {
		if n%500 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		row := s.row(n)
		for i, v := range row {
			row[i] = guardCell(v)
		}
		if err := out.Write(row); err != nil {
			return err
		}
		if progress != nil && ((n+1)%500 == 0 || n+1 == s.count) {
			progress(n+1, s.count)
		}
	}
	out.Flush()
	return out.Error()
}
