package console

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/web/fair"
	"jinghe/internal/web/ui"
)

// EventPrint answers GET /console/events/:id/print/:what: table cards, badges or
// personal schedules.
func (o *Console) EventPrint(c echo.Context) error {
	f, err := o.event(c)
	if err != nil {
		return err
	}
	what := c.Param("what")
	board, err := o.fairs.Board(c.Request().Context(), f.ID)
	if err != nil {
		return err
	}
	p := o.frame.Page(c)
	p.NoIndex, p.Desk, p.Fair, p.Nav = true, true, true, "console"
	v := ui.Printed{Kind: what, Back: ui.Link{Text: f.Title, URL: events + "/" + string(f.ID)}, Lead: p.T("fair.print.lead")}
	switch what {
	case "tables":
		ready, err := o.fairs.Prepared(c.Request().Context(), actor(c), &f)
		if err != nil {
			return err
		}
		v.Cards = tableCards(p, &f, board, ready.Closed)
	case "badges", "schedules":
		if v.Cards, err = o.peopleCards(c, p, &f, board, what == "schedules"); err != nil {
			return err
		}
		v.Lead += p.T("fair.print.order")
	case "visits":
		v.Cards = visitCards(p, board)
	default:
		return &scene.Error{Code: scene.NotFound, Op: "console.EventPrint", Key: "web.not_found"}
	}
	if slices.ContainsFunc(v.Cards, func(card ui.PrintedCard) bool { return card.QR != "" }) {
		base := fair.Absolute(c, o.public, "")
		v.Codes = p.T("fair.print.codes."+what, "address", base)
		if fair.OnlyHere(base) {
			v.Warn = p.T("fair.print.only_here", "address", base)
		}
	}
	p.Title = p.T("fair.print." + what)
	kinds := []string{"tables", "badges", "schedules"}
	if len(board.Seatable()) > 0 {
		kinds = append(kinds, "visits")
	}
	for _, other := range kinds {
		v.Others = append(v.Others, ui.Link{Text: p.T("fair.print." + other), URL: events + "/" + string(f.ID) + "/print/" + other, Active: other == what})
	}
	return o.frame.Render(c, http.StatusOK, ui.PrintedPage(p, v))
}

// tableCards are a card for each table, with the times as they stand: with the delay of
// the hall. One that is closed, and at which nobody meets, has none.
func tableCards(p *ui.Page, f *scene.Fair, board *convene.Board, closed []string) []ui.PrintedCard {
	at := map[string][]ui.Fact{}
	for i := range board.Rounds {
		r := &board.Rounds[i]
		for _, m := range r.Meetings {
			text := ""
			for k, id := range m.Parties {
				if k > 0 {
					text += " × "
				}
				text += fair.Sends(p, board, &m, id)
			}
			if m.Interpreted && len(m.Parties) == 2 {
				text += " · " + fair.Interpreter(p, board, m.Parties[0], m.Parties[1])
			}
			at[m.Table] = append(at[m.Table], ui.Fact{Label: ui.Clock(r.Start) + "–" + ui.Clock(r.End), Value: text})
		}
	}
	var cards []ui.PrintedCard
	for _, h := range f.Halls {
		for n := range h.Tables {
			id := convene.TableID(h.ID, n+1)
			if len(at[id]) == 0 && slices.Contains(closed, id) {
				continue
			}
			foot := p.T("fair.version", "number", board.Version)
			if late := fair.Late(p, f, board.Made()); late != "" {
				foot += " · " + late
			}
			cards = append(cards, ui.PrintedCard{Head: id, Sub: cmp.Or(h.Name, f.Title), Rows: at[id], Foot: foot, None: p.T("fair.print.no_meetings")})
		}
	}
	return cards
}

// visitCards are the names of those who come along to each entry that people sign
// up for, to be called at the bus, and after them those who wait for a place.
func visitCards(p *ui.Page, board *convene.Board) []ui.PrintedCard {
	var cards []ui.PrintedCard
	for _, a := range board.Seatable() {
		in, waiting := board.Seats(&a.FairAct)
		card := ui.PrintedCard{Head: a.Title, Sub: ui.Clock(a.Start) + "–" + ui.Clock(a.Until), Foot: p.T("fair.seats.count", "in", len(in), "seats", a.Seats)}
		if a.Place != "" {
			card.Sub += " · " + a.Place
		}
		if len(in)+len(waiting) == 0 {
			card.Foot = p.T("fair.print.visits.none")
		}
		for i, x := range append(slices.Clone(in), waiting...) {
			number := strconv.Itoa(i + 1)
			if i >= len(in) {
				number = p.T("fair.seats.place", "place", i-len(in)+1)
			}
			party := board.Parties[x.Party]
			d, _ := party.Delegate(x.Delegate)
			card.Rows = append(card.Rows, ui.Fact{Label: number, Value: fair.DelegateName(p, &d) + " · " + party.Name})
		}
		cards = append(cards, card)
	}
	return cards
}

// peopleCards are one card for each delegate. A badge, which everybody sees, carries
// the code that checks him in; a schedule the one that opens his page, which who may
// not hand links out gets cards without.
func (o *Console) peopleCards(c echo.Context, p *ui.Page, f *scene.Fair, board *convene.Board, schedule bool) ([]ui.PrintedCard, error) {
	by := actor(c)
	var cards []ui.PrintedCard
	for _, id := range o.fairs.Alphabet(board) {
		x := board.Parties[id]
		if x.State != scene.PartyAccepted {
			continue
		}
		for i := range x.Delegates {
			d := &x.Delegates[i]
			card := ui.PrintedCard{Head: d.Name, Sub: x.Name, Foot: f.Title + " · " + fair.When(p, f), Index: o.fairs.Index(x.Name)}
			if d.Unnamed {
				card.Head = p.T("fair.print.name") // to be written by hand
			}
			if d.Post != "" {
				card.Sub = d.Post + " · " + x.Name
			}
			if schedule {
				card.None = p.T("fair.print.no_meetings")
				for _, a := range board.Appointments(id, d.ID) {
					with := board.Name(a.With)
					if a.Interpreted {
						with += " · " + fair.Interpreter(p, board, id, a.With)
					}
					card.Rows = append(card.Rows, ui.Fact{Label: ui.Clock(a.Round.Start) + " " + a.Table, Value: with})
				}
			}
			path, code := fair.BadgePath(f.ID, d.ID), convene.BadgeCode(f.ID, d.ID)
			if schedule {
				path, code = "/e/"+d.Code, d.Code
			}
			if !schedule || d.Code != "" && by.MayEver(scene.FairManage) {
				var err error
				if card.QR, err = fair.QR(fair.Absolute(c, o.public, path)); err != nil {
					return nil, err
				}
				card.Code = grouped(code)
			}
			cards = append(cards, card)
		}
	}
	return cards, nil
}

// grouped is a code as it is read and typed: four letters at a time.
func grouped(code string) string {
	var b strings.Builder
	for i, r := range code {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}
