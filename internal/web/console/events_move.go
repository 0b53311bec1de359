package console

import (
	"slices"

	"github.com/labstack/echo/v4"

	"jinghe/internal/agenda"
	"jinghe/internal/convene"
	"jinghe/internal/web/fair"
	"jinghe/internal/web/ui"
)

// mover is the form that moves and locks a meeting: dragging fills and sends it.
func (x *planning) mover(c echo.Context) ui.FairSection {
	p, v := x.p, x.shown()
	chosen := chosenMeeting(c)
	var now *agenda.Seat
	meeting := ui.Field{Name: "meeting", Label: p.T("fair.meeting"), Type: "choice"}
	for i := range v.Plan.Meetings {
		seat := &v.Plan.Meetings[i]
		label := x.names.Meeting(seat.ID) + " · " + x.place(seat)
		if _, locked := v.Row.Locks[seat.ID]; locked {
			label += " · " + p.T("fair.locked")
		}
		meeting.Options = append(meeting.Options, ui.Option{Value: seat.ID, Label: label, Chosen: seat.ID == chosen})
		if seat.ID == chosen {
			now = seat
		}
	}
	slot := ui.Field{Name: "slot", Label: p.T("fair.time"), Type: "choice", Short: true, Options: x.slotOptions(now)}
	table := ui.Field{Name: "table", Label: p.T("fair.table"), Type: "choice", Short: true}
	for _, h := range x.f.Halls {
		for n := range h.Tables {
			id := convene.TableID(h.ID, n+1)
			if slices.Contains(x.closed, id) && (now == nil || now.Table != id) {
				continue
			}
			table.Options = append(table.Options, ui.Option{Value: id, Label: id, Chosen: now != nil && now.Table == id})
		}
	}
	form := ui.Form{
		Action: x.base, Groups: []ui.Group{{Text: p.T("fair.move.text"), Fields: []ui.Field{meeting, slot, table}}},
		Buttons: []ui.Button{
			{Label: p.T("fair.move"), Name: "do", Value: "move"},
			{Label: p.T("fair.lock"), Name: "do", Value: "lock"},
			{Label: p.T("fair.unlock"), Name: "do", Value: "unlock"},
			{Label: p.T("fair.move.force"), Name: "do", Value: "force"},
		},
	}
	return ui.FairSection{ID: "move", Title: p.T("fair.move"), Forms: []ui.Form{form}}
}

// slotOptions are the slots to move a meeting to, that of the meeting, which may be nil,
// being chosen, or the next one to come where it has begun: nothing new begins there.
func (x *planning) slotOptions(at *agenda.Seat) []ui.Option {
	options := make([]ui.Option, len(x.f.Slots))
	next, own := -1, -1
	for i := range x.f.Slots {
		s := &x.f.Slots[i]
		options[i] = ui.Option{Value: s.ID, Label: fair.SlotHours(x.f, s)}
		if !x.ahead(s) {
			continue
		}
		if next < 0 {
			next = i
		}
		if at != nil && at.Slot == s.ID {
			own = i
		}
	}
	if own < 0 {
		own = next
	}
	if own >= 0 {
		options[own].Chosen = true
	}
	return options
}
