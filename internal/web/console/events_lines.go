package console

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"jinghe/internal/convene"
	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/web/fair"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

// maxLines is how many parties one form adds.
const maxLines = 300

// lineOf is a line of a list of parties with what became of it.
type lineOf struct {
	number int // from 1, as it was typed
	text   string
	party  scene.ID
	done   convene.LineResult
	err    error
}

// addLines adds the parties of a list, each line for itself. A page tells of the lines
// that are not simply in, and the form keeps those that are wrong, or were too many.
func (o *Console) addLines(c echo.Context, f *scene.Fair) error {
	var told []lineOf
	var left []string
	wrong, n := 0, 0
	for i, text := range strings.Split(strings.ReplaceAll(c.FormValue("lines"), "\r", ""), "\n") {
		if strings.TrimSpace(text) == "" {
			continue
		}
		if n++; n > maxLines {
			left = append(left, text)
			continue
		}
		x := lineOf{number: i + 1, text: text}
		if x.party, x.done, x.err = o.addLine(c, f, text); x.err != nil {
			if !frame.Mendable(x.err) && scene.CodeOf(x.err) != scene.NotFound {
				return x.err
			}
			wrong++
			left = append(left, text)
		}
		told = append(told, x)
	}
	var fault error
	switch {
	case n == 0:
		fault = &scene.Error{Code: scene.Invalid, Key: "fair.add.empty", Fields: []scene.FieldError{{Field: "lines", Key: "field.required"}}}
	case n > maxLines:
		fault = &scene.Error{Code: scene.Invalid, Key: "fair.add.too_many", Args: map[string]any{"most": maxLines}}
	case wrong > 0:
		fault = &scene.Error{Code: scene.Invalid, Key: "fair.add.wrong", Args: map[string]any{"count": wrong}}
	case !slices.ContainsFunc(told, func(x lineOf) bool { return x.done != convene.LineAdded }):
		return eventDone(c, "/parties", "added")
	}
	form, err := c.FormParams()
	if err != nil {
		return &scene.Error{Code: scene.Invalid, Op: "console.addLines", Err: err}
	}
	form.Set("lines", strings.Join(left, "\n"))
	status := http.StatusOK
	if fault != nil {
		status = http.StatusUnprocessableEntity
	}
	board, err := o.fairs.Board(c.Request().Context(), f.ID)
	if err != nil {
		return err
	}
	return o.eventParties(c, status, fault, o.linesSection(c, board, told)...)
}

func (o *Console) addLine(c echo.Context, f *scene.Fair, text string) (scene.ID, convene.LineResult, error) {
	parts := fair.Separated(text)
	name := strings.TrimSpace(parts[0])
	if name == "" { // as under a merged cell: who follows is a person, and no party
		return "", "", &scene.Error{Code: scene.Invalid, Key: "fair.add.no_name"}
	}
	form := convene.PartyForm{Name: name, Hosted: c.FormValue("hosted") == "yes", Newcomer: c.FormValue("newcomer") == "yes"}
	if d := fair.ReadDelegate(parts[1:]); d.Name != "" || d.Mail != "" {
		form.Delegates = []scene.Delegate{d}
	}
	x, done, err := o.fairs.Enlist(c.Request().Context(), actor(c), f.ID, form)
	return x.ID, done, err
}

// linesSection tells what became of the lines that are not simply in, and how many are.
func (o *Console) linesSection(c echo.Context, board *convene.Board, told []lineOf) []ui.FairSection {
	p := o.frame.Page(c)
	t := ui.Table{Head: []string{p.T("fair.add.number"), p.T("fair.add.line"), p.T("fair.add.became")}}
	added, wrong := 0, 0
	for i := range told {
		x := &told[i]
		state := ui.State{Code: lineCode(x.done), Label: p.T("fair.line." + string(x.done))}
		why := waits(p, board, x.party)
		if why != "" { // whether it came in by this line or was in already
			state.Code = string(scene.PartyWaiting)
		}
		row := []ui.Cell{{Text: strconv.Itoa(x.number), N: true}, {Text: strings.TrimSpace(x.text)}, {State: &state, Note: why}}
		switch {
		case x.err != nil:
			wrong++
			state = ui.State{Code: string(scene.PartyRefused), Label: p.T("fair.line.wrong")}
			row[2].Note = wrongIn(p.Lang, x.err)
		case x.done == convene.LineAdded:
			added++
			continue
		}
		t.Rows = append(t.Rows, row)
	}
	if len(told) == 0 {
		return nil
	}
	s := ui.FairSection{ID: "lines", Title: p.T("fair.add.result"), Text: p.T("fair.add.result.text", "all", len(told), "added", added, "wrong", wrong)}
	if len(t.Rows) > 0 {
		s.Table = &t
	}
	return []ui.FairSection{s}
}

// waits says why a party waits for a place, "" where it does not.
func waits(p *ui.Page, board *convene.Board, party scene.ID) string {
	why := board.WhyWaits(party)
	if why == nil {
		return ""
	}
	return locale.Text(p.Lang, why.Key, why.Args)
}

// lineCode is how the result of a line looks: like the state of a party.
func lineCode(done convene.LineResult) string {
	if done == convene.LineWaits {
		return string(scene.PartyWaiting)
	}
	return string(scene.PartyAccepted)
}

// wrongIn is what is wrong with one line: its faults, or else the sentence of the error.
func wrongIn(lang locale.Lang, err error) string {
	e, ok := errors.AsType[*scene.Error](err)
	if !ok || len(e.Fields) == 0 {
		return frame.Sentence(lang, err)
	}
	var list []string
	for _, f := range e.Fields {
		if text := locale.Text(lang, f.Key, f.Args); !slices.Contains(list, text) {
			list = append(list, text)
		}
	}
	return strings.Join(list, "\n")
}
