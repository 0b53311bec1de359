package console

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/fair"
	"jinghe/internal/web/ui"
)

// shownCalled is how many are offered of those whom a typed name fits.
const shownCalled = 20

// checkSection checks somebody in by the code of a badge or by name. Where a name fits
// several, each is offered.
func checkSection(p *ui.Page, board *convene.Board, base string, c echo.Context, fault error) ui.FairSection {
	check := ui.Form{Action: base + "/day", Groups: []ui.Group{{Fields: []ui.Field{
		{Name: "do", Type: "hidden", Value: "arrive"}, {Name: "code", Label: p.T("fair.check_in.code"), Hint: p.T("fair.check_in.hint"), Required: true, Max: 200, Short: true},
	}}}, Buttons: []ui.Button{{Label: p.T("fair.check_in")}}}
	s := ui.FairSection{ID: "check", Row: true, Title: p.T("fair.check_in"), Forms: []ui.Form{check}, Ways: []ui.Link{{Text: p.T("fair.wall"), URL: "/wall/" + board.Fair.Wall}}}
	list := meant(board, c, fault)
	if len(list) == 0 {
		return s
	}
	t := ui.Table{Head: []string{p.T("fair.delegate"), p.T("fair.party"), p.T("fair.decide")}}
	for _, x := range list[:min(len(list), shownCalled)] {
		act := arrive(p, base, &x)
		if x.Party.State == scene.PartyWaiting {
			act = letIn(p, board.Room(), base, x.Party, x.Delegate.ID)
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: fair.DelegateName(p, &x.Delegate), Note: x.Delegate.Post}, {Text: x.Party.Name}, {Forms: []ui.Form{act}}})
	}
	s.Table = &t
	return s
}

// meant are those whom a check-in may have meant that did not succeed: several of one
// name, or one whose party waits to be let in.
func meant(board *convene.Board, c echo.Context, fault error) []convene.Named {
	e, ok := errors.AsType[*scene.Error](fault)
	if !ok {
		return nil
	}
	switch e.Key {
	case "fair.check_in.many", "fair.check_in.same":
		return board.Called(c.FormValue("code"))
	case "fair.check_in.waiting", "fair.full":
		id, _ := e.Args["party"].(string)
		who, _ := e.Args["delegate"].(string)
		x := board.Parties[scene.ID(id)]
		if x == nil {
			return nil
		}
		for _, d := range x.Delegates {
			if who == "" || d.ID == scene.ID(who) {
				return []convene.Named{{Party: x, Delegate: d}}
			}
		}
	}
	return nil
}

// letIn is the button that lets a party in that waits, and says by how many the hall
// is above its capacity then; with a delegate he is checked in too.
func letIn(p *ui.Page, room convene.Room, base string, x *scene.FairParty, delegate scene.ID) ui.Form {
	over := room.OverBy(1)
	label := p.T("fair.let_in")
	if over > 0 {
		label = p.T("fair.let_in.over", "count", over)
	}
	return ui.Form{Action: base + "/day", Groups: []ui.Group{{Fields: []ui.Field{
		{Name: "do", Type: "hidden", Value: "let_in"},
		{Name: "party", Type: "hidden", Value: string(x.ID)},
		{Name: "delegate", Type: "hidden", Value: string(delegate)},
		{Name: "over", Type: "hidden", Value: strconv.Itoa(over)},
	}}}, Buttons: []ui.Button{{Label: label, Of: x.Name, Danger: over > 0}}}
}

// walkInSection adds who comes unannounced, and checks him in where there is a place.
func walkInSection(p *ui.Page, base string, c echo.Context) ui.FairSection {
	typed := func(name string) string {
		if c.FormValue("do") != "walk_in" {
			return ""
		}
		return c.FormValue(name)
	}
	form := ui.Form{Action: base + "/day", Groups: []ui.Group{{Fields: []ui.Field{
		{Name: "do", Type: "hidden", Value: "walk_in"},
		{Name: "name", Label: p.T("fair.walk_in.party"), Required: true, Max: 200, Value: typed("name"), Short: true, Hint: p.T("fair.walk_in.hint")},
		{Name: "person", Label: p.T("fair.walk_in.person"), Required: true, Max: 50, Value: typed("person"), Short: true},
	}}}, Buttons: []ui.Button{{Label: p.T("fair.walk_in.go")}}}
	return ui.FairSection{ID: "walk-in", Row: true, Folded: c.FormValue("do") != "walk_in", Title: p.T("fair.walk_in"), Forms: []ui.Form{form}}
}

// waitingList are the parties that wait for a place, who waits longest first.
func (o *Console) waitingList(p *ui.Page, board *convene.Board, base string, may bool) []ui.FairSection {
	list := board.Waiting()
	if len(list) == 0 {
		return nil
	}
	t, r := ui.Table{Head: []string{p.T("fair.party"), p.T("fair.delegates"), p.T("fair.decide")}}, board.Room()
	for _, x := range list {
		names := make([]string, 0, len(x.Delegates))
		for i := range x.Delegates {
			names = append(names, fair.DelegateName(p, &x.Delegates[i]))
		}
		row := []ui.Cell{{Text: x.Name, URL: base + "/parties/" + string(x.ID)}, {Text: strings.Join(names, p.T("web.comma"))}, {}}
		if may {
			row[2].Forms = []ui.Form{letIn(p, r, base, x, "")}
		}
		t.Rows = append(t.Rows, row)
	}
	return []ui.FairSection{{
		ID: "waiting", Title: p.T("fair.waiting", "count", len(list)), Text: p.T("fair.waiting.text", "taken", r.Taken, "capacity", r.Capacity, "left", r.Left()), Table: &t,
	}}
}

// arrive is the button of [fair.ArriveForm] in a list, which says whom it checks in.
func arrive(p *ui.Page, base string, x *convene.Named) ui.Form {
	f := fair.ArriveForm(p, base+"/day", x)
	f.Buttons[0].Of = x.Delegate.Name
	return f
}

// welcomed is who was checked in before the page of the day is shown again.
func welcomed(board *convene.Board, c echo.Context) (convene.Named, bool) {
	x := board.Parties[scene.ID(c.QueryParam("party"))]
	if x == nil {
		return convene.Named{}, false
	}
	d, there := x.Delegate(scene.ID(c.QueryParam("delegate")))
	return convene.Named{Party: x, Delegate: d}, there
}

// awayStill tells of who was checked in that he was noted absent in slots to come, and
// offers to take that back.
func awayStill(p *ui.Page, board *convene.Board, base string, x *convene.Named, at time.Time) []ui.FairSection {
	away := board.AwayAhead(x.Party.ID, x.Delegate.ID, at)
	if len(away) == 0 {
		return nil
	}
	form, times := fair.ArriveForm(p, base+"/day", x), make([]string, len(away))
	for i := range away {
		times[i] = fair.SlotHours(&board.Fair, &away[i])
		form.Groups[0].Fields = append(form.Groups[0].Fields, ui.Field{Name: "after", Type: "hidden", Value: away[i].ID})
	}
	form.Buttons[0].Label = p.T("fair.away_still.go")
	return []ui.FairSection{{
		ID: "away-still", Title: p.T("fair.away_still", "name", fair.DelegateName(p, &x.Delegate)), Forms: []ui.Form{form}, Row: true,
		Text: p.T("fair.away_still.text", "times", strings.Join(times, p.T("web.comma"))),
	}}
}

// entrant is who came in, and what his check-in found.
type entrant struct {
	convene.Named
	convene.Arrival
}

// done is what the page of the day is told of him.
func (x *entrant) done() string {
	if x.Delegate.ID == "" {
		return "day.let_in"
	}
	done := "day.arrive&party=" + string(x.Party.ID) + "&delegate=" + string(x.Delegate.ID)
	if x.Again {
		done += "&again=1"
	}
	return done
}

// enters has somebody come in: one who is expected, a walk-in, or one of a party that
// waits, whom the centre lets in.
func (o *Console) enters(c echo.Context, by scene.Actor, id scene.ID, do string) (entrant, error) {
	switch do {
	case "walk_in":
		return o.walkIn(c, by, id)
	case "let_in":
		return o.letsIn(c, by, id)
	}
	return o.checkIn(c, by, id)
}

// walkIn adds who came without a sign-up, and checks him in: as a party of his own, or,
// where his party is in already, as one of it, so that nobody is in twice. Where the hall
// is full the party waits, which is an error that says so: the page then offers to let it in.
func (o *Console) walkIn(c echo.Context, by scene.Actor, id scene.ID) (entrant, error) {
	ctx, person := c.Request().Context(), scene.Delegate{Name: c.FormValue("person")}
	in, _, err := o.fairs.Enlist(ctx, by, id, convene.PartyForm{Name: strings.TrimSpace(c.FormValue("name")), Delegates: []scene.Delegate{person}})
	if err != nil {
		return entrant{}, err
	}
	x, err := o.fairs.Party(ctx, by, in.ID) // with him
	if err != nil {
		return entrant{}, err
	}
	who := slices.IndexFunc(x.Delegates, func(d scene.Delegate) bool { return !d.Unnamed && scene.NameKey(d.Name) == scene.NameKey(person.Name) })
	return o.arrives(c, by, convene.Named{Party: &x, Delegate: x.Delegates[max(0, who)]})
}

// letsIn lets a party in that waits, and checks in who is there of it: whom the form
// names, or its only delegate.
func (o *Console) letsIn(c echo.Context, by scene.Actor, id scene.ID) (entrant, error) {
	ctx := c.Request().Context()
	x, err := o.fairs.Party(ctx, by, scene.ID(c.FormValue("party")))
	if err == nil && x.FairID != id {
		err = &scene.Error{Code: scene.NotFound, Op: "console.letsIn", Key: "fair_party.not_found"}
	}
	if err == nil {
		var in scene.FairParty
		if in, err = o.fairs.LetIn(ctx, by, x.ID, edge.Number(c.FormValue("over"))); err == nil {
			x = in
		}
	}
	if e, ok := errors.AsType[*scene.Error](err); ok && e.Key == "fair.full" {
		e.Args["party"], e.Args["delegate"] = string(x.ID), c.FormValue("delegate")
	}
	if err != nil {
		return entrant{}, err
	}
	d, there := x.Delegate(scene.ID(c.FormValue("delegate")))
	switch {
	case !there && len(x.Delegates) > 1: // nobody said which of them is there
		return entrant{Named: convene.Named{Party: &x}}, nil
	case !there:
		d = x.Delegates[0]
	}
	return o.arrives(c, by, convene.Named{Party: &x, Delegate: d})
}

// checkIn checks in whom a button names, or who is typed: by the code of his badge or
// of his personal link, which badges of earlier versions carry, the whole address that
// a scanner types, or a name.
func (o *Console) checkIn(c echo.Context, by scene.Actor, id scene.ID) (entrant, error) {
	board, err := o.fairs.Board(c.Request().Context(), id)
	if err != nil {
		return entrant{}, err
	}
	x, err := o.whoArrives(c, board)
	if err != nil {
		return entrant{}, err
	}
	return o.arrives(c, by, x)
}

// arrives notes that somebody is there. One whose party waits is told of as such.
func (o *Console) arrives(c echo.Context, by scene.Actor, x convene.Named) (entrant, error) {
	ctx := c.Request().Context()
	if x.Party.State == scene.PartyWaiting {
		board, err := o.fairs.Board(ctx, x.Party.FairID)
		if err != nil {
			return entrant{}, err
		}
		r := board.Room()
		return entrant{}, &scene.Error{Code: scene.Precondition, Op: "console.arrives", Key: "fair.check_in.waiting", Args: map[string]any{
			"name": x.Party.Name, "party": string(x.Party.ID), "delegate": string(x.Delegate.ID), "taken": r.Taken, "capacity": r.Capacity, "left": r.Left(),
		}}
	}
	form, err := c.FormParams()
	if err != nil {
		return entrant{}, &scene.Error{Code: scene.Invalid, Op: "console.arrives", Err: err}
	}
	found, err := o.fairs.Arrive(ctx, by, x.Party.FairID, x.Party.ID, x.Delegate.ID, form["after"]...)
	return entrant{x, found}, err
}

// several is how it is told that a name fits more than one: people, or one person who comes
// for several parties, and is checked in for all of them at once.
func several(board *convene.Board, list []convene.Named) string {
	for i := range list[1:] {
		if !slices.ContainsFunc(board.Selves(list[0].Delegate.ID), func(s convene.Self) bool { return s.Delegate == list[i+1].Delegate.ID }) {
			return "fair.check_in.many"
		}
	}
	return "fair.check_in.same"
}

// whoArrives is whom the form of a check-in means.
func (o *Console) whoArrives(c echo.Context, board *convene.Board) (x convene.Named, err error) {
	if p := board.Parties[scene.ID(c.FormValue("party"))]; p != nil {
		d, there := p.Delegate(scene.ID(c.FormValue("delegate")))
		if !there {
			err = &scene.Error{Code: scene.NotFound, Op: "console.whoArrives", Key: "fair.no_such_delegate"}
		}
		return convene.Named{Party: p, Delegate: d}, err
	}
	typed := strings.TrimSpace(c.FormValue("code"))
	switch list := board.Called(typed); len(list) {
	case 0:
	case 1:
		return list[0], nil
	default:
		return x, &scene.Error{Code: scene.Precondition, Op: "console.whoArrives", Key: several(board, list), Args: map[string]any{"text": typed, "count": len(list)}}
	}
	code := typed[strings.LastIndexAny(typed, "/／")+1:]
	if worn, known := board.Badge(code); known {
		return worn, nil
	}
	g, err := o.fairs.Guest(c.Request().Context(), code)
	switch e, known := errors.AsType[*scene.Error](err); {
	case known && e.Key == "fair.code_unknown":
		err = &scene.Error{Code: scene.NotFound, Op: "console.whoArrives", Key: "fair.check_in.nobody", Args: map[string]any{"text": typed}}
	case err == nil && g.Fair.ID != board.Fair.ID:
		err = &scene.Error{Code: scene.NotFound, Op: "console.whoArrives", Key: "fair.code_other", Args: map[string]any{"title": g.Fair.Title}}
	}
	return convene.Named{Party: &g.Party, Delegate: g.Delegate}, err
}
