package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"jinghe/internal/scene"
	"jinghe/internal/transfer"
)

// The workbook of the exchange says what the JSON document says: a sheet for
// its head, one for each side, and one for each list of things within an entry.
// A column is a member of the document; its path stands in brackets behind the
// head for people, and counts.

// exchangeForm says how a member stands in a cell.
type exchangeForm uint8

const (
	asWords  exchangeForm = iota // a text
	asNumber                     // digits
	asAnswer                     // 是, 否
	asLines                      // a list of texts, one a line
	asSheet                      // a list of things, on a sheet of its own
)

// exchangeColumn is a member of an entry.
type exchangeColumn struct {
	path string
	form exchangeForm
	item reflect.Type // of asSheet
}

// exchangeColumns lists the members of a type in order of declaration, those of
// structures within it by their paths.
func exchangeColumns(t reflect.Type, prefix string) (list []exchangeColumn) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		kind := f.Type
		if kind.Kind() == reflect.Pointer {
			kind = kind.Elem()
		}
		path := prefix + name
		switch {
		case f.Anonymous:
			list = append(list, exchangeColumns(kind, prefix)...)
		case kind == reflect.TypeFor[time.Time](), kind == reflect.TypeFor[scene.Truth](), kind.Kind() == reflect.String:
			list = append(list, exchangeColumn{path: path})
		case kind.Kind() == reflect.Struct:
			list = append(list, exchangeColumns(kind, path+".")...)
		case kind.Kind() == reflect.Bool:
			list = append(list, exchangeColumn{path: path, form: asAnswer})
		case kind.Kind() == reflect.Slice && kind.Elem().Kind() == reflect.Struct:
			list = append(list, exchangeColumn{path: path, form: asSheet, item: kind.Elem()})
		case kind.Kind() == reflect.Slice:
			list = append(list, exchangeColumn{path: path, form: asLines})
		default:
			list = append(list, exchangeColumn{path: path, form: asNumber})
		}
	}
	return list
}

// exchangeSide is one side of the market in the workbook.
type exchangeSide struct {
	member, sheet string
	entry         reflect.Type
}

func exchangeSides() []exchangeSide {
	return []exchangeSide{
		{"opportunities", "场景机会", reflect.TypeFor[Opportunity]()},
		{"capabilities", "场景能力", reflect.TypeFor[Capability]()},
	}
}

const (
	headSheet  = "说明"
	pathOfItem = "entry" // the entry to which a thing on a sheet of its own belongs
)

// exchangeHead is a head for people with the path that counts.
func exchangeHead(path string) string {
	if label := exchangeLabels()[path]; label != "" {
		return label + "（" + path + "）"
	}
	return path
}

// pathOfHead is the path in a head.
func pathOfHead(head string) string {
	head = strings.TrimSpace(head)
	if at := strings.LastIndex(head, "（"); at >= 0 {
		return strings.TrimSuffix(head[at+len("（"):], "）")
	}
	return head
}

// exchangeBook is a document that is laid out as sheets while it is read.
type exchangeBook struct {
	book  *transfer.Book
	sides map[string]*exchangeSheets // by the member of the document
}

// exchangeSheets are the sheet of one side and those of the things in its entries.
type exchangeSheets struct {
	columns []exchangeColumn
	main    exchangeSheet
	items   map[string]exchangeSheet // by the path of their member
}

// exchangeSheet is a sheet that refuses what its cells cannot hold.
type exchangeSheet struct {
	*transfer.BookSheet
	of   transfer.Table
	rows *int
}

func (s exchangeSheet) Add(row []string) error {
	*s.rows++
	for i, cell := range row {
		if len(cell) > cellMost && len(utf16.Encode([]rune(cell))) > cellMost {
			return &scene.Error{Code: scene.TooLarge, Key: "exchange.cell_long", Args: map[string]any{"sheet": s.of.Name, "row": *s.rows + 1, "head": s.of.Heads[i]}}
		}
	}
	return s.BookSheet.Add(row)
}

// writeBook writes what is poured as a workbook. w gets nothing before every entry
// was read.
func (p *poured) writeBook(ctx context.Context, w io.Writer) error {
	book, err := transfer.NewBook()
	if err != nil {
		return err
	}
	defer book.Close()
	x := exchangeBook{book, map[string]*exchangeSheets{}}
	if err := x.begin(p.head); err != nil {
		return err
	}
	for _, list := range p.lists {
		side := x.sides[list.name]
		err := list.each(ctx, func(item any) error {
			entry, err := membersOf(item)
			if err != nil {
				return err
			}
			return side.add(entry)
		})
		if err != nil {
			return err
		}
	}
	_, err = book.WriteTo(w)
	return err
}

// begin makes the sheets, and writes that of the head.
func (x *exchangeBook) begin(head any) error {
	members, err := membersOf(head)
	if err != nil {
		return err
	}
	sheet, err := x.sheet(transfer.Table{Name: headSheet, Heads: []string{"项目", "内容"}, Widths: []float64{36, 60}})
	if err != nil {
		return err
	}
	for _, path := range headPaths() {
		if err := sheet.Add([]string{exchangeHead(path), cellOf(at(members, path))}); err != nil {
			return err
		}
	}
	for _, side := range exchangeSides() {
		if x.sides[side.member], err = x.side(side); err != nil {
			return err
		}
	}
	return nil
}

func headPaths() []string { return []string{"format", "origin.site", "origin.name", "made"} }

// side makes the sheets of a side: its own first.
func (x *exchangeBook) side(side exchangeSide) (s *exchangeSheets, err error) {
	s = &exchangeSheets{columns: exchangeColumns(side.entry, ""), items: map[string]exchangeSheet{}}
	if s.main, err = x.sheet(transfer.Table{Name: side.sheet, Heads: headsOf(s.columns)}); err != nil {
		return nil, err
	}
	for _, c := range s.columns {
		if c.form != asSheet {
			continue
		}
		heads := append([]string{exchangeHead(pathOfItem)}, headsOf(exchangeColumns(c.item, ""))...)
		if s.items[c.path], err = x.sheet(transfer.Table{Name: exchangeLabels()[c.path], Heads: heads}); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (x *exchangeBook) sheet(t transfer.Table) (exchangeSheet, error) {
	s, err := x.book.Sheet(t)
	return exchangeSheet{s, t, new(int)}, err
}

func headsOf(columns []exchangeColumn) (heads []string) {
	for _, c := range columns {
		if c.form != asSheet {
			heads = append(heads, exchangeHead(c.path))
		}
	}
	return heads
}

// add writes an entry and the things in it.
func (s *exchangeSheets) add(entry map[string]any) error {
	for _, c := range s.columns {
		if c.form != asSheet {
			continue
		}
		columns := exchangeColumns(c.item, "")
		list, _ := entry[c.path].([]any)
		for _, one := range list {
			item, _ := one.(map[string]any)
			if err := s.items[c.path].Add(cellsOf(columns, item, cellOf(entry["id"]))); err != nil {
				return err
			}
		}
	}
	return s.main.Add(cellsOf(s.columns, entry))
}

// membersOf is a thing as JSON has it, numbers as they stand.
func membersOf(v any) (members map[string]any, err error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	err = decoder.Decode(&members)
	return members, err
}

func cellsOf(columns []exchangeColumn, of map[string]any, before ...string) []string {
	row := before
	for _, c := range columns {
		if c.form != asSheet {
			row = append(row, cellOf(at(of, c.path)))
		}
	}
	return row
}

// at is the member at a path, nil where there is none.
func at(of map[string]any, path string) any {
	for {
		name, rest, deeper := strings.Cut(path, ".")
		if !deeper {
			return of[name]
		}
		of, _ = of[name].(map[string]any)
		path = rest
	}
}

// cellOf writes a member into a cell. What a cell cannot hold as it is, such as a
// line end within an item of a list, stands there as JSON.
func cellOf(v any) string {
	switch v := v.(type) {
	case string:
		if _, err := unquoted(v); err == nil || strings.ContainsFunc(v, notInCells) || strings.TrimSpace(v) != v {
			return asJSON(v)
		}
		return v
	case json.Number:
		return v.String()
	case bool:
		if v {
			return "是"
		}
		return "否"
	case []any:
		return linesOf(v)
	}
	return ""
}

// linesOf writes a list of texts, one a line.
func linesOf(list []any) string {
	lines := make([]string, len(list))
	for i := range list {
		lines[i], _ = list[i].(string)
		s := lines[i]
		if s == "" || strings.TrimSpace(s) != s || strings.HasPrefix(s, "[") || strings.Contains(s, "\n") || strings.ContainsFunc(s, notInCells) {
			return asJSON(list)
		}
	}
	return strings.Join(lines, "\n")
}

// notInCells are characters that XML cannot hold, or that its readers change.
func notInCells(r rune) bool {
	return r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 || r == '\u2028' || r == '\u2029' || r == 0xfffe || r == 0xffff || r == 0xfeff
}

func asJSON(v any) string {
	raw, err := json.Marshal(v)
	if err != nil { // texts and lists of texts only
		return ""
	}
	return string(raw)
}

// unquoted reads a text that stands as JSON.
func unquoted(cell string) (text string, err error) {
	if !strings.HasPrefix(cell, `"`) {
		return "", strconv.ErrSyntax
	}
	err = json.Unmarshal([]byte(cell), &text)
	return text, err
}

// cellMost is how many UTF-16 units a cell of a workbook holds.
const cellMost = 32767

// exchangeOf is the document that sheets lay out, as JSON.
func exchangeOf(tables []transfer.Table) ([]byte, error) {
	sheets := map[string]*transfer.Table{}
	for i := range tables {
		sheets[strings.TrimSpace(tables[i].Name)] = &tables[i]
	}
	doc := map[string]any{}
	head := sheets[headSheet]
	if head == nil {
		return nil, &scene.Error{Code: scene.Invalid, Key: "exchange.no_head", Args: map[string]any{"sheet": headSheet}}
	}
	for _, row := range head.Rows {
		if len(row) > 1 && row[1] != "" {
			put(doc, pathOfHead(row[0]), row[1])
		}
	}
	for _, side := range exchangeSides() {
		entries, err := sideOf(side, sheets)
		if err != nil {
			return nil, err
		}
		doc[side.member] = entries
	}
	return json.Marshal(doc)
}

func sideOf(side exchangeSide, sheets map[string]*transfer.Table) ([]map[string]any, error) {
	columns := exchangeColumns(side.entry, "")
	entries, err := thingsOf(sheets[side.sheet], columns)
	if err != nil {
		return nil, err
	}
	byID := map[any]map[string]any{}
	for _, e := range entries {
		byID[e["id"]] = e
	}
	for _, c := range columns {
		if c.form != asSheet {
			continue
		}
		for _, e := range entries {
			e[c.path] = []any{}
		}
		sheet := sheets[exchangeLabels()[c.path]]
		items, err := thingsOf(sheet, append([]exchangeColumn{{path: pathOfItem}}, exchangeColumns(c.item, "")...))
		if err != nil {
			return nil, err
		}
		for i, item := range items {
			entry := byID[item[pathOfItem]]
			if entry == nil {
				return nil, &scene.Error{Code: scene.Invalid, Key: "exchange.no_entry", Args: map[string]any{
					"sheet": sheet.Name, "row": i + 2, "id": fmt.Sprint(item[pathOfItem]),
				}}
			}
			delete(item, pathOfItem)
			entry[c.path] = append(entry[c.path].([]any), item) //nolint:forcetypeassert // set above
		}
	}
	return entries, nil
}

// thingsOf reads the rows of a sheet; one that is missing has none.
func thingsOf(t *transfer.Table, columns []exchangeColumn) ([]map[string]any, error) {
	things := []map[string]any{}
	if t == nil {
		return things, nil
	}
	place := map[string]int{}
	for i, head := range t.Heads {
		place[pathOfHead(head)] = i
	}
	for n, row := range t.Rows {
		thing := map[string]any{}
		for _, c := range columns {
			cell := ""
			if i, ok := place[c.path]; ok {
				cell = row[i]
			}
			v, ok := memberOf(c.form, cell)
			if !ok {
				return nil, &scene.Error{Code: scene.Invalid, Key: "exchange.cell", Args: map[string]any{
					"sheet": t.Name, "row": n + 2, "head": exchangeHead(c.path), "value": cell,
				}}
			}
			if v != nil {
				put(thing, c.path, v)
			}
		}
		things = append(things, thing)
	}
	return things, nil
}

// memberOf reads a cell; nil is a member that is not stated.
func memberOf(form exchangeForm, cell string) (v any, ok bool) {
	switch {
	case form == asLines:
		list := []string{}
		if strings.HasPrefix(cell, "[") && json.Unmarshal([]byte(cell), &list) == nil {
			return list, true
		}
		for line := range strings.SplitSeq(strings.ReplaceAll(cell, "\r\n", "\n"), "\n") {
			if line = strings.TrimSpace(line); line != "" {
				list = append(list, line)
			}
		}
		return list, true
	case strings.TrimSpace(cell) == "":
		return nil, true
	case form == asNumber:
		number := json.Number(strings.TrimSpace(cell))
		_, err := number.Float64()
		return number, err == nil
	case form == asAnswer:
		answer, known := map[string]bool{"是": true, "true": true, "TRUE": true, "否": false, "false": false, "FALSE": false}[strings.TrimSpace(cell)]
		return answer, known
	}
	if text, err := unquoted(cell); err == nil {
		return text, true
	}
	return strings.TrimSpace(cell), true
}

// put sets the member at a path. The lists of a structure stand in it also when
// they are empty, so that it is there; one that may be missing has none.
func put(of map[string]any, path string, v any) {
	for {
		name, rest, deeper := strings.Cut(path, ".")
		if !deeper {
			of[name] = v
			return
		}
		next, _ := of[name].(map[string]any)
		if next == nil {
			next = map[string]any{}
			of[name] = next
		}
		of, path = next, rest
	}
}
