package transfer

import (
	"strings"
	"unicode/utf8"

	"jinghe/internal/scene"
)

// headerRows is how many filled rows from the top may hold the heads: above
// them stand merged titles, dates and remarks.
const headerRows = 15

// line is one filled row of a sheet.
type line struct {
	num    int // 1-based
	cells  []string
	hidden bool
	fault  string // message key, if the row could not be split into cells
}

func (l *line) cell(i int) string {
	if i < len(l.cells) {
		return l.cells[i]
	}
	return ""
}

// merge is a merged range, 0-based columns, 1-based rows, both ends included.
type merge struct{ top, left, bottom, right int }

// table is a sheet as read: its filled rows from the top.
type table struct {
	name   string
	stem   string // what row labels call it
	hidden bool
	lines  []line
	merges []merge
	more   int // columns beyond the bound, which were not read
	err    *scene.Error
}

// header is a recognised line of heads.
type header struct {
	kind    scene.Kind
	at      int // index into table.lines
	height  int // 1 or 2 lines
	columns []Column
	weight  float64
	other   float64 // the weight for the other kind
}

// findHeader looks for the heads of t. It returns false if no row has any.
func findHeader(cats map[scene.Kind]*catalogue, t *table, mapping map[string]Field) (header, bool) {
	var best header
	for i := range min(headerRows, len(t.lines)) {
		one := bestKind(cats, headTexts(t, i), mapping)
		one.at, one.height = i, 1
		if heads, ok := twoLines(cats, t, i); ok {
			below := bestKind(cats, headTexts(t, i+1), mapping) // heads under a title are one line
			if two := bestKind(cats, heads, mapping); two.weight > max(one.weight, below.weight)+0.9 {
				one = two
				one.at, one.height = i, 2
			}
		}
		if one.weight > best.weight && usable(one.columns) {
			best = one
		}
	}
	return best, best.weight > 0
}

func headTexts(t *table, i int) []string {
	heads := make([]string, len(t.lines[i].cells))
	for j, c := range t.lines[i].cells {
		heads[j] = clean(c)
	}
	return heads
}

// bestKind recognises heads as both kinds and keeps the better.
func bestKind(cats map[scene.Kind]*catalogue, heads []string, mapping map[string]Field) header {
	d := cats[demand].recognise(heads, mapping)
	s := cats[supply].recognise(heads, mapping)
	wd, ws := weight(d), weight(s)
	if ws > wd {
		return header{kind: supply, columns: s, weight: ws, other: wd}
	}
	return header{kind: demand, columns: d, weight: wd, other: ws}
}

// twoLines joins line i with the one below it, if that can be the second line
// of the heads: a merged head above its parts, or a unit below its head. A line
// with a single cell is the title of the sheet and heads nothing.
func twoLines(cats map[scene.Kind]*catalogue, t *table, i int) ([]string, bool) {
	if i+1 >= len(t.lines) || t.lines[i+1].num != t.lines[i].num+1 {
		return nil, false
	}
	above, below := &t.lines[i], &t.lines[i+1]
	if filled(above) < 2 {
		return nil, false
	}
	n := max(len(above.cells), len(below.cells))
	heads := make([]string, n)
	parent, split := "", false
	for j := range n {
		up, down := clean(above.cell(j)), clean(below.cell(j))
		if utf8.RuneCountInString(up) > longestHead || utf8.RuneCountInString(down) > longestHead {
			return nil, false
		}
		if up != "" {
			parent = up
		}
		switch {
		case down == "":
			heads[j] = up
		case up == "" && parent == "":
			heads[j] = down
		default:
			split = true
			heads[j] = joinHeads(cats, parent, down)
		}
	}
	return heads, split
}

// filled counts the cells of a line that hold something.
func filled(l *line) int {
	n := 0
	for _, c := range l.cells {
		if clean(c) != "" {
			n++
		}
	}
	return n
}

// joinHeads takes the lower head alone if it is known by itself, else both.
func joinHeads(cats map[scene.Kind]*catalogue, parent, child string) string {
	both := parent + child
	top := func(head string) float64 {
		best := 0.0
		for _, c := range cats {
			if claims := c.claims(head); len(claims) > 0 {
				best = max(best, claims[0].sim)
			}
		}
		return best
	}
	if top(child) >= top(both) && top(child) > 0 {
		return child
	}
	return both
}

// decideKind settles a kind on which the heads do not decide: the caller's
// hint, then words in the sheet's name, its title rows and the file's name.
func decideKind(h *header, cats map[scene.Kind]*catalogue, t *table, file string, o *ReadOptions) bool {
	const apart = 0.3
	if h.weight-h.other >= apart {
		return true
	}
	kind := o.Kind
	if kind == "" {
		kind = kindOfWords(t.name)
	}
	for i := 0; i < h.at && kind == ""; i++ {
		kind = kindOfWords(strings.Join(t.lines[i].cells, ""))
	}
	if kind == "" {
		kind = kindOfWords(file)
	}
	if kind == "" {
		return false
	}
	heads := make([]string, len(h.columns))
	for i, c := range h.columns {
		heads[i] = c.Head
	}
	h.kind, h.columns = kind, cats[kind].recognise(heads, o.Mapping)
	return true
}

// kindOfWords reads the kind out of a title; "" if it says none or both.
func kindOfWords(s string) scene.Kind {
	has := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(strings.ToLower(s), w) {
				return true
			}
		}
		return false
	}
	d := has("机会", "需求", "榜单", "need", "opportunit", "demand")
	s2 := has("能力", "成果", "供给", "产品", "解决方案", "offer", "capabilit", "supply")
	switch {
	case d && !s2:
		return demand
	case s2 && !d:
		return supply
	}
	return ""
}
