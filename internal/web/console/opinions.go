package console

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

// opinionsBase is where experts find what they were asked.
const opinionsBase = "/opinions"

// opinions are what experts say, beside the decision; nil for who does not see it.
func (o *Console) opinions(c echo.Context, p *ui.Page, e *registry.Entry, fault error) (*ui.Opinions, error) {
	ctx, by := c.Request().Context(), actor(c)
	if reads := by.May(scene.OpinionRead, e.Object()) == nil; !reads {
		return nil, nil
	}
	list, err := o.registry.Opinions(ctx, by, e)
	if err != nil {
		return nil, err
	}
	v := &ui.Opinions{}
	sum, scores, given := 0, 0, 0
	for i := range list {
		x := &list[i]
		v.Rows = append(v.Rows, o.opinionRow(p, e, x))
		if x.State == scene.OpinionGiven {
			given++
			for _, s := range x.Scores {
				sum, scores = sum+s, scores+1
			}
		}
	}
	if scores > 0 {
		v.Mean = p.T("web.opinions.mean", "mean", strconv.FormatFloat(float64(sum)/float64(scores), 'f', 1, 64), "count", given)
	}
	if asks := by.May(scene.OpinionAsk, e.Object()) == nil; !asks {
		return v, nil
	}
	experts, err := o.registry.Experts(ctx, by, e)
	if err != nil {
		return nil, err
	}
	if len(experts) == 0 {
		v.None = p.T("web.opinions.ask.nobody")
		return v, nil
	}
	v.Ask = o.askForm(c, p, e, experts, fault)
	return v, nil
}

func (o *Console) opinionRow(p *ui.Page, e *registry.Entry, x *scene.Opinion) ui.OpinionRow {
	row := ui.OpinionRow{
		Expert: x.Expert, State: opinionState(p, x.State), Question: x.Question, Text: x.Text,
		When: p.T("web.opinions.due") + " " + ui.Date(p.Lang, x.Due), Late: x.Late(o.now()), Older: x.State == scene.OpinionGiven && x.Of < e.Listing().Revision && x.Answered.Before(e.Listing().Updated),
	}
	if !x.Answered.IsZero() {
		row.When = ui.Date(p.Lang, x.Answered)
	}
	for _, k := range scene.Criteria(x.Kind) {
		if n := x.Scores[k]; n > 0 {
			row.Scores = append(row.Scores, ui.Fact{Label: p.T("opinion.criterion." + string(k)), Value: p.T("web.opinions.score", "n", n)})
		}
	}
	return row
}

func opinionState(p *ui.Page, s scene.OpinionState) ui.State {
	code := map[scene.OpinionState]string{scene.OpinionAsked: "open", scene.OpinionGiven: "active", scene.OpinionDeclined: "expired"}[s]
	return ui.State{Code: code, Label: p.T("opinion.state." + string(s))}
}

// askForm asks experts, with what was typed where something was wrong.
func (o *Console) askForm(c echo.Context, p *ui.Page, e *registry.Entry, experts []scene.Account, fault error) *ui.Form {
	chosen, due := []string{}, scene.WorkingDays(o.now(), 5).In(scene.China()).Format(time.DateOnly)
	if fault != nil {
		form, _ := c.FormParams() // read already
		chosen, due = form["experts"], c.FormValue("due")
	}
	who := ui.Field{Name: "experts", Label: p.T("web.opinions.ask.who"), Type: "checks", Required: true}
	for i := range experts {
		id := string(experts[i].ID)
		who.Options = append(who.Options, ui.Option{Value: id, Label: experts[i].Name, Chosen: slices.Contains(chosen, id)})
	}
	f := &ui.Form{
		Action: frame.EntryURL(reviews, e.Kind(), e.Listing().ID) + "/experts", Buttons: []ui.Button{{Label: p.T("web.opinions.ask.go")}},
		Groups: []ui.Group{{Fields: []ui.Field{
			who,
			{Name: "due", Label: p.T("web.opinions.ask.due"), Type: "date", Value: due, Short: true, Required: true},
			{Name: "question", Label: p.T("web.opinions.ask.question"), Type: "text-area", Rows: 3, Max: scene.MaxQuestion, Value: c.FormValue("question")},
		}}},
	}
	frame.Fill(p.Lang, f, fault)
	return f
}

// AskExperts answers POST /console/reviews/:kind/:id/experts.
func (o *Console) AskExperts(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return &scene.Error{Code: scene.Invalid, Op: "console.AskExperts", Key: "opinion.invalid", Err: err}
	}
	q := registry.Question{Kind: scene.Kind(c.Param("kind")), ID: scene.ID(c.Param("id")), Text: c.FormValue("question")}
	for _, id := range form["experts"] {
		q.Experts = append(q.Experts, scene.ID(id))
	}
	if day, err := time.ParseInLocation(time.DateOnly, c.FormValue("due"), scene.China()); err == nil {
		q.Due = scene.EndOfDay(day)
	}
	err = o.registry.Ask(c.Request().Context(), actor(c), q)
	if frame.Mendable(err) {
		return o.reviewed(c, edge.Status(scene.CodeOf(err)), "", nil, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, frame.EntryURL(reviews, q.Kind, q.ID)+"?done=asked")
}

// expertPage is a page outside the console: experts do not enter it.
func (o *Console) expertPage(c echo.Context) *ui.Page {
	p := o.frame.Page(c)
	p.Title, p.NoIndex, p.Desk, p.Nav = p.T("web.opinions.title"), true, true, "opinions"
	return p
}

// Asked answers GET /opinions: what one was asked as an expert.
func (o *Console) Asked(c echo.Context) error {
	list, err := o.registry.Asked(c.Request().Context(), actor(c))
	if err != nil {
		return err
	}
	p := o.expertPage(c)
	v := ui.OpinionList{}
	if done := c.QueryParam("done"); p.Has("web.opinions.done." + done) {
		v.Notice = p.T("web.opinions.done." + done)
	}
	for i := range list {
		x := &list[i]
		v.Rows = append(v.Rows, ui.OpinionAsked{
			Name: scene.Redact(x.Name), URL: opinionsBase + "/" + string(x.ID), Kind: p.T("web.kind." + string(x.Kind) + ".one"), State: opinionState(p, x.State),
			Due: ui.Date(p.Lang, x.Due), Late: x.Late(o.now()),
		})
	}
	return o.frame.Render(c, http.StatusOK, ui.OpinionsPage(p, v))
}

// Opinion answers GET /opinions/:id: the entry, and the form for the opinion.
func (o *Console) Opinion(c echo.Context) error { return o.opinion(c, http.StatusOK, "", nil) }

func (o *Console) opinion(c echo.Context, status int, form string, fault error) error {
	x, e, err := o.registry.Opinion(c.Request().Context(), actor(c), scene.ID(c.Param("id")))
	if err != nil {
		return err
	}
	p := o.expertPage(c)
	p.Title = scene.Redact(x.Name)
	v := ui.OpinionPage{
		Crumb: ui.Link{Text: p.T("web.opinions.title"), URL: opinionsBase}, Kind: p.T("web.kind." + string(x.Kind) + ".one"), State: opinionState(p, x.State),
		Due: ui.Date(p.Lang, x.Due), Late: x.Late(o.now()), Question: x.Question,
	}
	switch {
	case x.State == scene.OpinionDeclined:
		v.Ended = p.T("web.opinions.declined")
	case !slices.Contains(scene.UnderReview(), e.Listing().State):
		v.Ended = p.T("opinion.ended")
	default:
		v.Give = giveForm(c, p, &x, form == "")
		v.Decline = &ui.Form{
			Action: opinionsBase + "/" + string(x.ID) + "/decline", Buttons: []ui.Button{{Label: p.T("web.opinions.decline.go"), Danger: true}},
			Groups: []ui.Group{{Fields: []ui.Field{
				{Name: "text", Form: "decline", Label: p.T("web.opinions.decline.why"), Type: "text-area", Rows: 2, Max: scene.MaxEngagementText, Required: true}, opinionRevision(&x),
			}}},
		}
		if form == "decline" {
			frame.Fill(p.Lang, v.Decline, fault)
		} else {
			frame.Fill(p.Lang, v.Give, fault)
		}
	}
	if x.State != scene.OpinionDeclined {
		for _, f := range o.sheetNow().Facts(p, &e) {
			v.Facts = append(v.Facts, ui.Fact{Label: f.Label, Value: scene.Redact(f.Value)})
		}
	}
	return o.frame.Render(c, status, ui.OpinionPageView(p, v))
}

func opinionRevision(x *scene.Opinion) ui.Field {
	return ui.Field{Name: "revision", Type: "hidden", Value: strconv.Itoa(x.Revision)}
}

// giveForm asks for the scores and the text: as typed just now, else as given before.
func giveForm(c echo.Context, p *ui.Page, x *scene.Opinion, stored bool) *ui.Form {
	value := func(name, kept string) string {
		if stored {
			return kept
		}
		return c.FormValue(name)
	}
	var fields []ui.Field
	for _, k := range scene.Criteria(x.Kind) {
		f := ui.Field{Name: string(k), Label: p.T("opinion.criterion." + string(k)), Type: "radio", Required: true, Hint: p.T("web.opinions.score.hint")}
		is := value(string(k), strconv.Itoa(x.Scores[k]))
		for n := 1; n <= scene.MaxScore; n++ {
			f.Options = append(f.Options, ui.Option{Value: strconv.Itoa(n), Label: strconv.Itoa(n), Chosen: is == strconv.Itoa(n)})
		}
		fields = append(fields, f)
	}
	fields = append(fields, ui.Field{
		Name: "text", Label: p.T("web.opinions.text"), Hint: p.T("web.opinions.text.hint"), Type: "text-area", Rows: 6, Max: scene.MaxOpinion,
		Value: value("text", x.Text), Required: true,
	}, opinionRevision(x))
	return &ui.Form{Action: opinionsBase + "/" + string(x.ID), Groups: []ui.Group{{Fields: fields}}, Buttons: []ui.Button{{Label: p.T("web.opinions.give.go")}}}
}

// Give answers POST /opinions/:id.
func (o *Console) Give(c echo.Context) error {
	answer := scene.Opinion{State: scene.OpinionGiven, Text: c.FormValue("text"), Scores: map[scene.Criterion]int{}}
	for _, kind := range []scene.Kind{scene.KindOpportunity, scene.KindCapability} {
		for _, k := range scene.Criteria(kind) {
			if v := c.FormValue(string(k)); v != "" {
				answer.Scores[k] = edge.Number(v)
			}
		}
	}
	return o.answer(c, "give", answer)
}

// DeclineOpinion answers POST /opinions/:id/decline.
func (o *Console) DeclineOpinion(c echo.Context) error {
	return o.answer(c, "decline", scene.Opinion{State: scene.OpinionDeclined, Text: c.FormValue("text")})
}

func (o *Console) answer(c echo.Context, form string, answer scene.Opinion) error {
	x, err := o.registry.Give(c.Request().Context(), actor(c), scene.ID(c.Param("id")), edge.Number(c.FormValue("revision")), answer)
	if frame.Mendable(err) {
		return o.opinion(c, edge.Status(scene.CodeOf(err)), form, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, opinionsBase+"?done="+string(x.State))
}
