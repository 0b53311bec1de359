package fair

import (
	"github.com/labstack/echo/v4"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/web/ui"
)

// seats puts the entries that people sign up for on the page of a delegate.
func (h *Fair) seats(p *ui.Page, g *convene.Guest, board *convene.Board, v *ui.Phone) error {
	if g.Party.State != scene.PartyAccepted {
		return nil
	}
	v.SeatsText = p.T("fair.seats.text")
	now := h.now()
	for _, a := range board.Seatable() {
		seat := seatOf(p, board, &a, g.Delegate.ID)
		if !seat.in && g.Fair.Ended() {
			continue
		}
		x := ui.PhoneSeat{Time: ui.Clock(a.Start) + "–" + ui.Clock(a.Until), Title: a.Title, Place: a.Place, In: seat.in, State: seat.state}
		if (g.Fair.State == scene.FairOpen || g.Fair.State == scene.FairClosed) && now.Before(a.Start) {
			key, err := h.service.Key()
			if err != nil {
				return err
			}
			x.Form = ui.Form{
				Action: guestPath(v.Code) + "/seat", Queue: a.Title, Buttons: []ui.Button{{Label: seat.label, Of: a.Title, Danger: seat.do == scene.EntryUnseat}},
				Groups: []ui.Group{{Fields: []ui.Field{
					{Name: "key", Type: "hidden", Value: key}, {Name: "act", Type: "hidden", Value: string(a.ID)}, {Name: "do", Type: "hidden", Value: string(seat.do)},
				}}},
			}
		}
		v.Seats = append(v.Seats, x)
	}
	return nil
}

// seating is where a delegate stands with an entry that people sign up for, and what
// he can do about it.
type seating struct {
	in           bool
	state, label string
	do           scene.FairEntryKind
}

func seatOf(p *ui.Page, board *convene.Board, a *convene.Staged, delegate scene.ID) seating {
	in, place := board.SeatOf(&a.FairAct, delegate)
	seated, waiting := board.Seats(&a.FairAct)
	switch {
	case in:
		return seating{true, p.T("fair.seats.in"), p.T("fair.seats.back"), scene.EntryUnseat}
	case place > 0:
		return seating{false, p.T("fair.seats.place", "place", place), p.T("fair.seats.back"), scene.EntryUnseat}
	case len(seated) < a.Seats:
		return seating{false, p.T("fair.seats.left", "left", a.Seats-len(seated)), p.T("fair.seats.go"), scene.EntrySeat}
	}
	return seating{false, p.T("fair.seats.full", "count", len(waiting)), p.T("fair.seats.queue"), scene.EntrySeat}
}

// SeatSection are the entries that people sign up for, with each delegate of a party
// and a button to sign him up or to give his place up, which posts to action.
func (h *Fair) SeatSection(p *ui.Page, board *convene.Board, x *scene.FairParty, action string) ([]ui.FairSection, error) {
	if x.State != scene.PartyAccepted {
		return nil, nil
	}
	t := ui.Table{Head: []string{p.T("fair.act"), p.T("fair.delegate"), p.T("web.rows.state"), p.T("fair.decide")}}
	open := board.Fair.State == scene.FairOpen || board.Fair.State == scene.FairClosed
	for _, a := range board.Seatable() {
		for i := range x.Delegates {
			d := &x.Delegates[i]
			seat := seatOf(p, board, &a, d.ID)
			if seat.in {
				seat.state = p.T("fair.seats.has")
			} else if board.Fair.Ended() {
				continue
			}
			row := []ui.Cell{{Text: a.Title, Note: lines(ui.Clock(a.Start)+"–"+ui.Clock(a.Until), a.Place)}, {Text: DelegateName(p, d)}, {Text: seat.state}, {}}
			if open && h.now().Before(a.Start) {
				key, err := h.service.Key()
				if err != nil {
					return nil, err
				}
				row[3].Forms = []ui.Form{{Action: action, Groups: []ui.Group{{Fields: []ui.Field{
					{Name: "key", Type: "hidden", Value: key},
					{Name: "act", Type: "hidden", Value: string(a.ID)},
					{Name: "who", Type: "hidden", Value: string(d.ID)},
					{Name: "do", Type: "hidden", Value: string(seat.do)},
				}}}, Buttons: []ui.Button{{Label: seat.label, Of: a.Title + " " + d.Name, Danger: seat.do == scene.EntryUnseat}}}}
			}
			t.Rows = append(t.Rows, row)
		}
	}
	if len(t.Rows) == 0 {
		return nil, nil
	}
	return []ui.FairSection{{ID: "seats", Title: p.T("fair.seats"), Text: p.T("fair.seats.text"), Table: &t}}, nil
}

// SeatEntry reads what a button of SeatSection sends.
func SeatEntry(c echo.Context) scene.FairEntry {
	e := scene.FairEntry{Key: c.FormValue("key"), Kind: scene.EntrySeat, Act: scene.ID(c.FormValue("act")), Delegate: scene.ID(c.FormValue("who"))}
	if c.FormValue("do") == string(scene.EntryUnseat) {
		e.Kind = scene.EntryUnseat
	}
	return e
}

// OwnSeat answers POST /workspace/events/:id/seat: a delegate is signed up for an
// entry, or his place is given up.
func (h *Fair) OwnSeat(c echo.Context) error {
	x, err := h.mine(c)
	if err != nil {
		return err
	}
	e := SeatEntry(c)
	_, err = h.service.SeatAsOwn(c.Request().Context(), actor(c), x.ID, e)
	return h.ownAfter(c, string(e.Kind), err)
}

// GuestSeat answers POST /e/:code/seat: a delegate signs up for an entry, or gives
// his place up.
func (h *Fair) GuestSeat(c echo.Context) error {
	e := scene.FairEntry{Key: c.FormValue("key"), Kind: scene.EntrySeat, Act: scene.ID(c.FormValue("act"))}
	if c.FormValue("do") == string(scene.EntryUnseat) {
		e.Kind = scene.EntryUnseat
	}
	m := merged{Done: string(e.Kind), Place: "#seats"}
	var err error
	m.Fresh, err = h.service.EnterAsGuest(c.Request().Context(), c.Param("code"), c.RealIP(), e)
	return h.guestSent(c, m, err)
}
