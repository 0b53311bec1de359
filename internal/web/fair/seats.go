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
		in, place := board.SeatOf(&a.FairAct, g.Delegate.ID)
		x := ui.PhoneSeat{Time: ui.Clock(a.Start) + "–" + ui.Clock(a.Until), Title: a.Title, Place: a.Place, In: in}
		do, label := string(scene.EntryUnseat), "fair.seats.back"
		seated, waiting := board.Seats(&a.FairAct)
		switch {
		case in:
			x.State = p.T("fair.seats.in")
		case place > 0:
			x.State = p.T("fair.seats.place", "place", place)
		case len(seated) < a.Seats:
			x.State, do, label = p.T("fair.seats.left", "left", a.Seats-len(seated)), string(scene.EntrySeat), "fair.seats.go"
		default:
			x.State, do, label = p.T("fair.seats.full", "count", len(waiting)), string(scene.EntrySeat), "fair.seats.queue"
		}
		if (g.Fair.State == scene.FairOpen || g.Fair.State == scene.FairClosed) && now.Before(a.Start) {
			key, err := h.service.Key()
			if err != nil {
				return err
			}
			x.Form = ui.Form{
				Action: guestPath(v.Code) + "/seat", Queue: a.Title, Buttons: []ui.Button{{Label: p.T(label), Of: a.Title}},
				Groups: []ui.Group{{Fields: []ui.Field{
					{Name: "key", Type: "hidden", Value: key}, {Name: "act", Type: "hidden", Value: string(a.ID)}, {Name: "do", Type: "hidden", Value: do},
				}}},
			}
		}
		v.Seats = append(v.Seats, x)
	}
	return nil
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
