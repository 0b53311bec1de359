package transfer

import (
	"context"
	"io"
	"slices"
	"strconv"
	"strings"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
)

// remarkHeads head the column in which WriteProblems says what is wrong; it is
// ignored when the corrected rows are imported.
func remarkHeads() []string {
	return []string{"导入说明（请勿修改）", "Import remark (do not edit)"}
}

// ignored reports a head that this program wrote for people only.
func ignored(head string) bool {
	folded := foldHead(head)
	return slices.ContainsFunc(remarkHeads(), func(h string) bool { return foldHead(h) == folded })
}

// WriteProblems writes a workbook for the person who has to correct a file:
// the rejected rows sheet by sheet as they stood, with the bad cells marked
// and a remark on each row, ready to be corrected and imported; and a sheet
// with every problem.
func WriteProblems(ctx context.Context, w io.Writer, doc Document, lang locale.Lang) error {
	var sheets []sheetOut
	for i := range doc.Sheets {
		if s, ok := rejectedSheet(&doc, &doc.Sheets[i], lang); ok {
			sheets = append(sheets, s)
		}
	}
	sheets = append(sheets, problemSheet(&doc, lang))
	for i := range sheets {
		sheets[i].name = freeName(sheets[:i], sheets[i].name)
	}
	return scene.Wrap("transfer.WriteProblems", writeWorkbook(ctx, w, sheets, nil))
}

func rejectedSheet(doc *Document, sheet *Sheet, lang locale.Lang) (sheetOut, bool) {
	var rows []RejectedRow
	for _, r := range doc.Rejected {
		if r.Sheet == sheet.Name {
			rows = append(rows, r)
		}
	}
	if len(rows) == 0 {
		return sheetOut{}, false
	}
	told := map[int][]scene.Problem{}
	for _, p := range doc.Problems {
		if p.Sheet == sheet.Name && p.Rejected {
			told[p.Row] = append(told[p.Row], p)
		}
	}
	heads := make([]string, len(sheet.Columns), len(sheet.Columns)+1)
	for i, c := range sheet.Columns {
		heads[i] = c.Head
	}
	remark := remarkHeads()[0]
	if lang == locale.En {
		remark = remarkHeads()[1]
	}
	n := len(heads)
	name := sheet.Name
	if name == "" { // of a CSV; the name says the side again when it comes back
		name = "场景机会"
		if sheet.Kind == supply {
			name = "场景能力"
		}
	}
	return sheetOut{
		name: name, heads: append(heads, remark), count: len(rows),
		row: func(i int) []string {
			cells := make([]string, n, n+1)
			copy(cells, rows[i].Cells)
			return append(cells, remarkOn(lang, rows[i].Line, told[rows[i].Line]))
		},
		mark: func(i int) []bool {
			marks := make([]bool, n+1)
			for j, c := range sheet.Columns {
				marks[j] = slices.ContainsFunc(told[rows[i].Line], func(p scene.Problem) bool { return p.Column == c.Head && c.Head != "" })
			}
			return marks
		},
	}, true
}

func remarkOn(lang locale.Lang, row int, told []scene.Problem) string {
	parts := []string{locale.Text(lang, "problem.row", map[string]any{"row": row})}
	for _, p := range told {
		text := locale.Text(lang, p.Key, p.Args)
		if p.Column != "" {
			text = locale.Text(lang, "problem.column", map[string]any{"column": p.Column}) + locale.Text(lang, "colon", nil) + text
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, "\n")
}

func problemSheet(doc *Document, lang locale.Lang) sheetOut {
	head := func(key string) string { return locale.Text(lang, "transfer.head."+key, nil) }
	return sheetOut{
		name: head("problems"), count: len(doc.Problems), widths: []float64{16, 8, 16, 28, 60, 10},
		heads: []string{head("sheet"), head("row"), head("column"), head("value"), head("message"), head("effect")},
		row: func(i int) []string {
			p := doc.Problems[i]
			row, effect := "", head("warning")
			if p.Row > 0 {
				row = strconv.Itoa(p.Row)
			}
			if p.Rejected {
				effect = head("rejected")
			}
			return []string{p.Sheet, row, p.Column, p.Value, locale.Text(lang, p.Key, p.Args), effect}
		},
		number: map[int]bool{1: true},
	}
}

// ownSheet reports that a sheet was written by this program for people to read: a
// list of problems, or the notes of a template.
func ownSheet(heads []string) bool {
	for _, lang := range []locale.Lang{locale.Zh, locale.En} {
		for _, own := range [][]string{problemSheet(&Document{}, lang).heads, notesSheet(lang).heads} {
			if len(heads) >= len(own) && slices.Equal(heads[:len(own)], own) {
				return true
			}
		}
	}
	return false
}

// freeName makes a sheet name valid (at most 31 code points, none of the
// reserved marks) and different from those before it.
func freeName(before []sheetOut, name string) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) {
			return '_'
		}
		return r
	}, name)
	const longest = 31
	for n := 0; ; n++ {
		tail := ""
		if n > 0 {
			tail = "_" + strconv.Itoa(n)
		}
		r := []rune(name)
		candidate := string(r[:min(len(r), longest-len(tail))]) + tail
		if !slices.ContainsFunc(before, func(s sheetOut) bool { return strings.EqualFold(s.name, candidate) }) {
			return candidate
		}
	}
}
