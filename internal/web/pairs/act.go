package pairs

import (
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"jinghe/internal/engage"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
)

func id(c echo.Context) scene.ID { return scene.ID(c.Param("id")) }

func revision(c echo.Context) int { return edge.Number(c.FormValue("revision")) }

// answer reads what a side says to a pair.
func answer(c echo.Context) engage.Answer {
	return engage.Answer{
		ID: id(c), Revision: revision(c), Text: c.FormValue("text"), Reason: scene.StopReason(c.FormValue("reason")), Next: next(c),
	}
}

// next reads a next action; a day that cannot be read is none.
func next(c echo.Context) scene.NextAction {
	n := scene.NextAction{Text: strings.TrimSpace(c.FormValue("next")), Party: scene.Party(c.FormValue("next_party"))}
	if day, err := time.ParseInLocation(time.DateOnly, c.FormValue("due"), scene.China()); err == nil {
		n.Due = scene.EndOfDay(day)
	}
	return n
}

// Accept answers POST …/:id/accept.
func (r *Pairs) Accept(c echo.Context) error {
	_, err := r.engage.Accept(c.Request().Context(), actor(c), answer(c))
	return r.did(c, "accept", err, "accepted")
}

// Decline answers POST …/:id/decline.
func (r *Pairs) Decline(c echo.Context) error {
	_, err := r.engage.Decline(c.Request().Context(), actor(c), answer(c))
	return r.did(c, "decline", err, "declined")
}

// Stop answers POST …/:id/stop.
func (r *Pairs) Stop(c echo.Context) error {
	_, err := r.engage.Stop(c.Request().Context(), actor(c), answer(c))
	return r.did(c, "stop", err, "stopped")
}

// Move answers POST …/:id/move: another stage, or another next action.
func (r *Pairs) Move(c echo.Context) error {
	st := engage.Step{ID: id(c), Revision: revision(c), To: scene.Stage(c.FormValue("to")), Text: c.FormValue("text"), Next: next(c)}
	if amount := c.FormValue("amount"); amount != "" {
		money, err := scene.ParseWan(amount)
		if err != nil {
			err = &scene.Error{Code: scene.Invalid, Key: "engagement.invalid", Fields: []scene.FieldError{{Field: "amount", Key: "money.format", Args: map[string]any{"value": amount}}}, Err: err}
			return r.did(c, "move", err, "")
		}
		st.Amount = money
	}
	_, err := r.engage.Move(c.Request().Context(), actor(c), st)
	return r.did(c, "move", err, "moved")
}

// Say answers POST …/:id/say.
func (r *Pairs) Say(c echo.Context) error {
	w := engage.Speech{ID: id(c), Kind: scene.EntryKind(c.FormValue("kind")), Text: c.FormValue("text"), Seen: edge.Number(c.FormValue("seen"))}
	if w.Kind == "own" {
		w.Kind, w.Own = scene.EntryNote, true
	}
	_, err := r.engage.Say(c.Request().Context(), actor(c), w)
	return r.did(c, "say", err, "said")
}

// Agree answers POST …/:id/agree.
func (r *Pairs) Agree(c echo.Context) error {
	_, err := r.engage.Agree(c.Request().Context(), actor(c), id(c), revision(c))
	return r.did(c, "agree", err, "agreed")
}

// Withdraw answers POST …/:id/withdraw.
func (r *Pairs) Withdraw(c echo.Context) error {
	_, err := r.engage.Withdraw(c.Request().Context(), actor(c), id(c), revision(c))
	return r.did(c, "withdraw", err, "withdrawn")
}

// Contact answers POST …/:id/contact: the contact of the other side, or of the
// organisation named, in full, on this page alone; the record says who looked.
func (r *Pairs) Contact(c echo.Context) error {
	of := scene.ID(c.FormValue("of"))
	contact, err := r.engage.Reveal(c.Request().Context(), actor(c), id(c), of)
	if frame.Mendable(err) {
		return r.show(c, edge.Status(scene.CodeOf(err)), shown{form: "contact", fault: err})
	}
	if err != nil {
		return err
	}
	return r.show(c, http.StatusOK, shown{contact: &contact, of: of})
}

// did goes back to the pair, with what was done or what was wrong in which form.
func (r *Pairs) did(c echo.Context, form string, err error, done string) error {
	if frame.Mendable(err) {
		return r.show(c, edge.Status(scene.CodeOf(err)), shown{form: form, fault: err})
	}
	if err != nil {
		return err
	}
	return r.seeOther(c, id(c), done)
}
