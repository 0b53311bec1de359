package transfer

import (
	"slices"
	"sort"
	"strings"

	"jinghe/internal/scene"
)

// extraMark stands before the head of an Extra column that would otherwise be
// taken for a field.
const extraMark = "附加："

// sheetReader reads the rows below one header.
type sheetReader struct {
	*fileReader
	t        *table
	h        header
	layout   Layout
	fields   map[Field]*Column
	date1904 bool
	lastOrg  *scene.Organisation
	carried  []int // lines that took the organisation of the row above
	hidden   []int
	blank    int // rows without category
	count    int
	notes    bool // below the table
	says     func(scene.Row) []scene.Row
}

func newSheetReader(f *fileReader, t *table, h header, date1904 bool) *sheetReader {
	s := &sheetReader{
		fileReader: f, t: t, h: h, date1904: date1904, fields: map[Field]*Column{},
		layout: layoutOf(h.kind, h.columns, f.cats[h.kind]),
	}
	for i := range h.columns {
		if c := &h.columns[i]; c.Field != "" && s.fields[c.Field] == nil {
			s.fields[c.Field] = c
		}
	}
	return s
}

func (s *sheetReader) sheet() *Sheet { return &s.doc.Sheets[len(s.doc.Sheets)-1] }

// has reports whether a column of the sheet feeds the field.
func (s *sheetReader) has(f Field) bool { return s.fields[f] != nil }

func (s *sheetReader) read() {
	s.tellRivals()
	s.says = s.echo()
	body := s.t.lines[s.h.at+s.h.height:]
	body = s.joinContinued(body)
	s.fillMerged(body)
	for i := range body {
		if s.ctx.Err() != nil {
			return
		}
		l := &body[i]
		if s.skip(l) {
			continue
		}
		if l.hidden {
			s.hidden = append(s.hidden, l.num)
		}
		s.row(l)
		s.rows++
		if s.o.Progress != nil && (s.rows%500 == 0 || i == len(body)-1) {
			s.o.Progress(s.rows, s.rows-i-1+len(body))
		}
	}
	s.tellCounts()
}

func (s *sheetReader) tellRivals() {
	for _, c := range s.h.columns {
		if len(c.Rivals) == 0 {
			continue
		}
		names := make([]string, len(c.Rivals))
		for i, f := range c.Rivals {
			names[i] = s.cats[s.h.kind].at[f].head
		}
		s.told.add(scene.Problem{
			Sheet: s.t.name, Row: s.t.lines[s.h.at].num, Column: c.Head, Key: "transfer.column_ambiguous",
			Args: map[string]any{"taken": s.cats[s.h.kind].at[c.Field].head, "others": strings.Join(names, "、")},
		})
	}
}

func (s *sheetReader) tellCounts() {
	tell := func(key string, lines []int) {
		if len(lines) > 0 {
			s.told.add(scene.Problem{Sheet: s.t.name, Row: lines[0], Key: key, Args: map[string]any{"count": len(lines)}})
		}
	}
	tell("transfer.org_carried", s.carried)
	tell("transfer.rows_hidden", s.hidden)
	if s.blank > 0 {
		s.told.add(scene.Problem{Sheet: s.t.name, Key: "transfer.category_blank", Args: map[string]any{"count": s.blank, "rows": s.count}})
	}
	if s.count > 0 && !s.has(fieldOrg) && !s.has(fieldDepartment) {
		s.told.add(scene.Problem{Sheet: s.t.name, Key: "transfer.org_column"})
	}
}

// joinContinued joins rows whose name cell is merged with the one above: the
// entry goes on there.
func (s *sheetReader) joinContinued(body []line) []line {
	name := s.fields[fieldName]
	if name == nil {
		return body
	}
	goesOn := map[int]bool{}
	for _, m := range s.t.merges {
		if m.left <= name.Index && name.Index <= m.right {
			for n := m.top + 1; n <= m.bottom && len(goesOn) < s.o.Limits.Rows; n++ {
				goesOn[n] = true
			}
		}
	}
	if len(goesOn) == 0 {
		return body
	}
	out := body[:0:0]
	for _, l := range body {
		if !goesOn[l.num] || len(out) == 0 {
			out = append(out, l)
			continue
		}
		prev := &out[len(out)-1]
		for len(prev.cells) < len(l.cells) {
			prev.cells = append(prev.cells, "")
		}
		for i, c := range l.cells {
			if c != "" {
				prev.cells[i] = joinText(prev.cells[i], c)
			}
		}
	}
	return out
}

// fillMerged gives every row of a vertically merged range its value, except in
// the columns that tell rows apart.
func (s *sheetReader) fillMerged(body []line) {
	if len(body) == 0 {
		return
	}
	budget := 20 * s.o.Limits.Rows
	for _, m := range s.t.merges {
		if m.bottom <= m.top || m.left >= len(s.h.columns) {
			continue
		}
		switch s.h.columns[m.left].Field {
		case fieldLabel, fieldCode, fieldName:
			continue
		}
		first := sort.Search(len(body), func(i int) bool { return body[i].num >= m.top })
		if first == len(body) || body[first].num != m.top {
			continue
		}
		value := body[first].cell(m.left)
		for i := first + 1; i < len(body) && body[i].num <= m.bottom && value != "" && budget > 0; i++ {
			budget--
			for len(body[i].cells) <= m.left {
				body[i].cells = append(body[i].cells, "")
			}
			if body[i].cells[m.left] == "" {
				body[i].cells[m.left] = value
			}
		}
	}
}

// skip reports that a line is not an entry: heads printed again, a total, a
// note below the table, an example.
func (s *sheetReader) skip(l *line) bool {
	if l.fault != "" {
		s.reject(l, l.fault, nil)
		return true
	}
	first, filled := "", 0
	for _, c := range l.cells {
		if strings.TrimSpace(c) == "" {
			continue
		}
		if filled++; first == "" {
			first = clean(c)
		}
	}
	switch {
	case filled == 0:
		return true
	case s.headsAgain(l, filled):
	case example(first) && s.untouched(l):
		return true
	case filled == 1 && s.notes, filled <= len(s.h.columns)/2+1 && aside(first):
		s.notes = true
	case example(first):
	default:
		s.notes = false
		return false
	}
	s.told.add(scene.Problem{Sheet: s.t.name, Row: l.num, Value: first, Key: "transfer.row_note"})
	return true
}

// headsAgain reports that most of the cells repeat the heads of their columns.
func (s *sheetReader) headsAgain(l *line, filled int) bool {
	same := 0
	for i, c := range s.h.columns {
		if v := l.cell(i); v != "" && len(v) <= 2*len(c.Head)+8 && oneLine(v) == c.Head {
			same++
		}
	}
	return same >= 2 && same*10 >= filled*7
}

// aside reports that the first cell of a line announces a total or a note. It
// asks for whole words or a colon: an entry may begin with 注意力 or 合计算.
func aside(first string) bool {
	f := fold(first)
	word, _, colon := strings.Cut(f, ":")
	switch strings.Trim(word, "*※()、.0123456789") {
	case "合计", "总计", "小计", "共计", "以下空白", "填表说明", "填报说明", "填写说明", "注意事项":
		return true
	case "说明", "备注", "注", "以上", "特别说明":
		return colon || word == f
	case "填表人", "填报人", "审核人", "制表人", "制表", "联系人", "填报单位", "填表日期", "填报日期", "数据来源", "单位盖章", "单位(盖章", "单位(公章":
		return colon
	}
	return strings.HasPrefix(f, "填表说明") || strings.HasPrefix(f, "(以下空白")
}

// example reports that the first cell marks a line as an example of how to fill in the form.
func example(first string) bool {
	switch strings.Trim(fold(first), "(): 0123456789") {
	case "示例", "样例", "例", "范例", "填写示例", "示例行", "举例":
		return true
	}
	return false
}

func (s *sheetReader) row(l *line) {
	r := newRowReader(s, l)
	r.row.Echo = s.says
	for i := range s.h.columns {
		r.cell(&s.h.columns[i], l.cell(i))
	}
	for i := len(s.h.columns); i < len(l.cells); i++ {
		if v := clean(l.cells[i]); v != "" {
			r.warn(&Column{Index: i}, v, "transfer.cell_headless", nil)
		}
	}
	r.finish()
	if r.bad || s.o.Keep != nil && s.o.Keep(s.t.stem, l.num) {
		s.doc.Rejected = append(s.doc.Rejected, RejectedRow{Sheet: s.t.name, Line: l.num, Cells: l.cells})
	}
	if r.bad {
		s.told.entry(s.t.name, l.num, r.row)
		return
	}
	s.count++
	if l := r.row.Listing(); l.Category == "" && len(l.Fields) == 0 && (s.has(fieldCategory) || s.has(fieldFields)) {
		s.blank++
	}
	s.doc.Rows = append(s.doc.Rows, r.row)
}

func (s *sheetReader) reject(l *line, key string, args map[string]any) {
	s.told.add(scene.Problem{Sheet: s.t.name, Row: l.num, Key: key, Args: args, Rejected: true, Value: strings.Join(trimmed(slices.Clone(l.cells)), " ")})
	s.doc.Rejected = append(s.doc.Rejected, RejectedRow{Sheet: s.t.name, Line: l.num, Cells: l.cells})
}
