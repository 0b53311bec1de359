package console

import (
	"cmp"
	"slices"
	"strings"

	"jinghe/internal/agenda"
	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/web/fair"
	"jinghe/internal/web/ui"
)

// grid is the plan as a field of tables, or of parties, by slots.
func (x *planning) grid(people bool) ui.FairSection {
	p, v := x.p, x.shown()
	s := ui.FairSection{ID: "grid", Title: p.T("fair.grid")}
	s.Turns = []ui.Link{{Text: p.T("fair.grid.tables"), URL: x.base + "#grid", Active: !people}, {Text: p.T("fair.grid.people"), URL: x.base + "?view=people#grid", Active: people}}
	if x.may {
		s.Use = p.T("fair.grid.text")
	}
	s.Text = fair.Shifted(p, x.f, x.board.Made())
	g := ui.Grid{Corner: p.T("fair.table")}
	for i := range x.f.Slots {
		g.Head = append(g.Head, fair.SlotHours(x.f, &x.f.Slots[i]))
	}
	changed := map[string]bool{}
	if x.published != nil && x.draft != nil {
		for _, c := range x.draft.Row.Changes {
			changed[c.Meeting] = true
		}
	}
	at := map[[2]string]*agenda.Seat{}
	for i := range v.Plan.Meetings {
		seat := &v.Plan.Meetings[i]
		if people {
			for _, id := range seat.Parties {
				at[[2]string{id, seat.Slot}] = seat
				if who, alone := seat.Delegates[id]; alone {
					at[[2]string{who, seat.Slot}] = seat
				}
			}
		} else {
			at[[2]string{seat.Table, seat.Slot}] = seat
		}
	}
	kind := func(seat *agenda.Seat) string {
		switch _, locked := v.Row.Locks[seat.ID]; {
		case locked:
			return "locked"
		case changed[seat.ID]:
			return "changed"
		}
		return ""
	}
	if people {
		g.Corner = p.T("fair.party")
		g.Rows = x.peopleRows(v, at, kind)
	} else {
		g.Rows = x.tableRows(at, kind)
	}
	s.Grid = &g
	return s
}

func (x *planning) tableRows(at map[[2]string]*agenda.Seat, kind func(*agenda.Seat) string) []ui.GridRow {
	var rows []ui.GridRow
	for _, h := range x.f.Halls {
		for n := range h.Tables {
			id := convene.TableID(h.ID, n+1)
			row, closed := ui.GridRow{Head: id}, slices.Contains(x.closed, id)
			if closed {
				row.Head = x.p.T("fair.table.closed", "table", id)
			}
			for i := range x.f.Slots {
				cell := ui.GridCell{Kind: "free", Slot: x.f.Slots[i].ID, Table: id}
				if closed && x.ahead(&x.f.Slots[i]) {
					cell = ui.GridCell{Kind: "away"}
				}
				if seat := at[[2]string{id, x.f.Slots[i].ID}]; seat != nil {
					cell.Text, cell.Note, cell.Kind, cell.Meeting = x.names.Meeting(seat.ID), x.noted(seat), kind(seat), seat.ID
					cell.URL = x.base + "?meeting=" + seat.ID + "#move"
				}
				row.Cells = append(row.Cells, cell)
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// ahead reports whether a slot has not begun.
func (x *planning) ahead(s *scene.FairSlot) bool {
	start, _ := x.f.Hours(s.Start, s.End)
	return start.After(x.now)
}

// peopleRows are a row for each party, or for each of its delegates where they go alone.
func (x *planning) peopleRows(v *convene.Version, at map[[2]string]*agenda.Seat, kind func(*agenda.Seat) string) []ui.GridRow {
	var rows []ui.GridRow
	place := map[string]int{}
	for i, id := range x.order {
		place[string(id)] = i
	}
	parties := slices.Clone(v.Problem.Parties)
	slices.SortStableFunc(parties, func(a, b agenda.Party) int { return cmp.Compare(place[a.ID], place[b.ID]) })
	for i := range parties {
		party := &parties[i]
		url := strings.TrimSuffix(x.base, "plan") + "parties/" + party.ID
		if !party.SendsOne() {
			rows = append(rows, x.personRow(party.ID, party.ID, x.names.Party(party.ID), url, party.Unavailable, at, kind))
			continue
		}
		for k := range party.Delegates {
			d := &party.Delegates[k]
			name := cmp.Or(x.called(party.ID, d.ID), x.p.T("fair.goes.gone"))
			away := append(slices.Clone(party.Unavailable), d.Unavailable...)
			rows = append(rows, x.personRow(party.ID, d.ID, x.names.Party(party.ID)+" · "+name, url, away, at, kind))
		}
	}
	return rows
}

// personRow is the row of who, a party or a delegate of it, through the slots.
func (x *planning) personRow(party, who, head, url string, away []string, at map[[2]string]*agenda.Seat, kind func(*agenda.Seat) string) ui.GridRow {
	row := ui.GridRow{Head: head, URL: url}
	for k := range x.f.Slots {
		slot := x.f.Slots[k].ID
		cell := ui.GridCell{Kind: "free"}
		if slices.Contains(away, slot) {
			cell.Kind, cell.Text = "away", x.p.T("fair.away.short")
		}
		if seat := at[[2]string{who, slot}]; seat != nil {
			other := ""
			for _, id := range seat.Parties {
				if id != party {
					other = x.names.Party(id)
				}
			}
			cell.Note = x.interpreter(seat)
			cell.Text, cell.Kind, cell.URL = seat.Table+" "+other, kind(seat), x.base+"?meeting="+seat.ID+"#move"
		}
		row.Cells = append(row.Cells, cell)
	}
	return row
}
