package transfer

import (
	"slices"

	"jinghe/internal/scene"
)

// echo returns the Echo of the rows of a sheet: it writes an entry in the
// sheet's own columns and reads it back.
func (s *sheetReader) echo() func(scene.Row) []scene.Row {
	// What the sheet held is not kept, only its heads.
	columns, kind, cat, dicts, layout := slices.Clone(s.h.columns), s.h.kind, s.cats[s.h.kind], s.o.Dictionaries, s.layout
	var full, hidden *echoer
	return func(stored scene.Row) []scene.Row {
		if full == nil {
			p := printed{layout: layout, kind: kind}
			for _, c := range columns {
				if c.Field != "" && c.Field != Ignore {
					p.columns = append(p.columns, layoutColumn{head: c.Head, field: c.Field})
				}
			}
			full = newEchoer(p, columns, cat, WriteOptions{Dictionaries: dicts, FullContacts: true})
			hidden = newEchoer(p, columns, cat, WriteOptions{Dictionaries: dicts})
		}
		return []scene.Row{full.row(&stored), hidden.row(&stored)}
	}
}

// echoer writes and reads back the entries of one kind.
type echoer struct {
	*encoder
	columns []Column
}

func newEchoer(p printed, columns []Column, cat *catalogue, o WriteOptions) *echoer {
	return &echoer{encoder: newEncoder(p, cat, o, nil), columns: columns}
}

func (e *echoer) row(stored *scene.Row) scene.Row {
	r := newRowReader(e.scratch, &line{})
	for i := range e.columns {
		c := &e.columns[i]
		if c.Field == Ignore {
			continue
		}
		r.cell(c, e.cell(c, stored))
	}
	l := r.row.Listing()
	l.OrgName = r.row.Org.Name
	if l.Name == "" && e.scratch.fields[fieldName] == nil {
		r.name(l)
	}
	return r.row
}

func (e *echoer) cell(c *Column, stored *scene.Row) string {
	if c.Field == "" {
		return e.extraCell(stored, strippedHead(c.Head))
	}
	if s := e.cat.at[c.Field]; s != nil {
		return e.shown(s, stored)
	}
	return ""
}
