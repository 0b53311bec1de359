package transfer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"jinghe/internal/scene"
)

// fileReader turns the tables of one file into a Document.
type fileReader struct {
	ctx   context.Context
	o     *ReadOptions
	doc   Document
	cats  map[scene.Kind]*catalogue
	terms *terms
	told  *problems
	rows  int // read so far over all sheets
}

func newFileReader(ctx context.Context, name string, o *ReadOptions) *fileReader {
	return &fileReader{
		ctx: ctx, o: o, doc: Document{File: name}, terms: newTerms(o.Dictionaries), told: newProblems(name),
		cats: map[scene.Kind]*catalogue{demand: newCatalogue(demand), supply: newCatalogue(supply)},
	}
}

func (f *fileReader) read(src source) (Document, error) {
	var unknown []unknownSheet
	names := src.tables()
	for i := range names {
		t := src.load(f.ctx, i)
		if err := f.ctx.Err(); err != nil {
			return f.doc, err
		}
		if t.err != nil {
			if len(names) == 1 || t.err.Code == scene.TooLarge {
				return f.doc, t.err
			}
			f.told.add(scene.Problem{Sheet: t.name, Key: t.err.Key, Args: t.err.Args, Rejected: true})
			continue
		}
		if u, ok := f.sheet(&t, src.date1904()); !ok {
			unknown = append(unknown, u)
		}
		if err := f.ctx.Err(); err != nil {
			return f.doc, err
		}
	}
	f.skipped(unknown)
	f.doc.Problems = f.told.list()
	if f.headless() {
		return f.doc, f.noHead(unknown)
	}
	nameRows(f.doc.Rows)
	mergeOrganisations(f.doc.Rows)
	return f.doc, nil
}

// unknownSheet is a sheet without known heads.
type unknownSheet struct {
	name  string
	row   int
	heads []string
	empty bool
}

// headless reports that no sheet was understood.
func (f *fileReader) headless() bool {
	return !slices.ContainsFunc(f.doc.Sheets, func(s Sheet) bool { return s.HeaderRow > 0 })
}

// skipped tells of sheets without known heads beside others that have them.
func (f *fileReader) skipped(unknown []unknownSheet) {
	if f.headless() {
		return
	}
	for _, u := range unknown {
		if !u.empty {
			f.told.add(scene.Problem{Sheet: u.name, Key: "transfer.sheet_skipped", Args: map[string]any{
				"nearest": strings.Join(nearest(f.cats, u.heads), "、"),
			}})
		}
	}
}

// noHead is the one sentence for a file of which no sheet was understood.
func (f *fileReader) noHead(unknown []unknownSheet) error {
	for _, p := range f.doc.Problems {
		if p.Rejected { // it was understood better than that
			key := p.Key
			if key == "transfer.kind_unclear" {
				key = "transfer.kind_unclear_file"
			}
			return fileError(f.doc.File, key, nil, withSheet(p))
		}
	}
	for _, u := range unknown {
		if u.empty {
			continue
		}
		key := "transfer.no_known_head"
		if u.name == "" { // a text file has no sheets
			key = "transfer.no_known_head_text"
		}
		return fileError(f.doc.File, key, nil, map[string]any{
			"sheet": u.name, "row": u.row, "heads": quote(strings.Join(trimmed(u.heads), "、")),
			"nearest": strings.Join(nearest(f.cats, u.heads), "、"),
		})
	}
	return fileError(f.doc.File, "transfer.empty", nil, nil)
}

func withSheet(p scene.Problem) map[string]any {
	args := map[string]any{"sheet": p.Sheet}
	for k, v := range p.Args {
		args[k] = v
	}
	return args
}

// sheet reads one table. It returns false, and what stood there, if no heads are known.
func (f *fileReader) sheet(t *table, date1904 bool) (unknownSheet, bool) {
	if len(t.lines) > 0 && (ownSheet(t.lines[0].cells) || t.hidden && t.name == valuesSheet) { // its rows name columns, and would be taken for heads
		return unknownSheet{name: t.name, empty: true}, false // and nobody has to be told of it
	}
	f.doc.Sheets = append(f.doc.Sheets, Sheet{Name: t.name})
	h, ok := findHeader(f.cats, t, f.o.Mapping)
	if !ok {
		u := describe(t)
		own := &f.doc.Sheets[len(f.doc.Sheets)-1]
		for i, head := range u.heads { // for a person to say what they mean
			own.Columns = append(own.Columns, Column{Index: i, Head: head})
		}
		return u, false
	}
	if t.hidden {
		f.told.add(scene.Problem{Sheet: t.name, Key: "transfer.sheet_hidden"})
		f.doc.Sheets[len(f.doc.Sheets)-1].Columns = h.columns
		return unknownSheet{name: t.name, empty: true}, false
	}
	if !decideKind(&h, f.cats, t, f.doc.File, f.o) {
		f.told.add(scene.Problem{Sheet: t.name, Row: t.lines[h.at].num, Key: "transfer.kind_unclear", Rejected: true})
		return unknownSheet{name: t.name, empty: true}, false
	}
	if t.more > 0 {
		f.told.add(scene.Problem{Sheet: t.name, Key: "transfer.columns_cut", Args: map[string]any{
			"limit": f.o.Limits.Columns, "count": t.more,
		}})
	}
	s := newSheetReader(f, t, h, date1904)
	s.read()
	*s.sheet() = Sheet{
		Name: t.name, Kind: h.kind, HeaderRow: t.lines[h.at].num, Columns: h.columns, Rows: s.count,
		Layout: layoutOf(h.kind, h.columns, f.cats[h.kind]),
	}
	return unknownSheet{}, true
}

// describe picks the row that looks most like heads, for a message: the
// fullest of the first rows.
func describe(t *table) unknownSheet {
	u := unknownSheet{name: t.name, empty: len(t.lines) == 0}
	most := 0
	for i := range min(headerRows, len(t.lines)) {
		heads := trimmed(headTexts(t, i))
		if len(heads) > most {
			most, u.row, u.heads = len(heads), t.lines[i].num, heads
		}
	}
	return u
}

// nameRows gives each row the label that people call it by: its code or number
// as printed, or SHEET!ROW where that is blank or stands on several rows of its kind.
func nameRows(rows []scene.Row) {
	seen := map[string]int{}
	key := func(r *scene.Row) string { return string(r.Kind()) + "\x1f" + r.Label }
	for i := range rows {
		if rows[i].Label = rows[i].Listing().Code; rows[i].Label == "" {
			rows[i].Label = rows[i].Listing().RowLabel
		}
		seen[key(&rows[i])]++
	}
	for i := range rows {
		if r := &rows[i]; r.Label == "" || seen[key(r)] > 1 {
			r.Label = fmt.Sprintf("%s!%d", r.Sheet, r.Line)
		}
	}
}

func errorKey(err error) string {
	if e, ok := errors.AsType[*scene.Error](err); ok && e.Key != "" {
		return e.Key
	}
	return "transfer.value"
}
