package console

import (
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

// Review answers GET /console/reviews/:kind/:id.
func (o *Console) Review(c echo.Context) error { return o.review(c, http.StatusOK, "", nil) }

func (o *Console) review(c echo.Context, status int, contact string, fault error) error {
	return o.reviewed(c, status, contact, fault, nil)
}

// reviewed is the page of an entry; fault is of the decision, or of revealing the
// contact, and unasked of asking experts.
func (o *Console) reviewed(c echo.Context, status int, contact string, fault, unasked error) error {
	ctx, by := c.Request().Context(), actor(c)
	e, err := o.registry.Entry(ctx, by, scene.Kind(c.Param("kind")), scene.ID(c.Param("id")))
	if err != nil {
		return err
	}
	p, _, err := o.page(c, "web.nav.console", "")
	if err != nil {
		return err
	}
	way, err := o.way(c, p, &e)
	if err != nil {
		return err
	}
	l := e.Listing()
	p.Title = l.Name
	v := ui.EntryPage{
		Kind: p.T("web.kind." + string(e.Kind()) + ".one"), Name: l.Name, Org: l.OrgName, State: frame.State(p, l.State),
		Facts: o.sheetNow().Facts(p, &e), Notice: contact,
		Steps: way, Back: ui.Link{Text: p.T("web.console.back"), URL: "/console"},
	}
	if done := c.QueryParam("done"); contact == "" && p.Has("web.console.done."+done) {
		v.Notice = p.T("web.console.done." + done)
	}
	if by.MayEver(scene.PairMark) {
		v.Ways = append(v.Ways, ui.Link{Text: p.T("web.board.open"), URL: frame.EntryURL(board, e.Kind(), l.ID)})
	}
	if by.May(scene.ListingAmend, e.Object()) == nil {
		v.Ways = append(v.Ways, ui.Link{Text: p.T("web.amend.open"), URL: frame.EntryURL(reviews, e.Kind(), l.ID) + "/edit"})
	}
	if l.Foreign() {
		v.Reason = p.T("web.amend.foreign", "city", l.Origin.Name)
	}
	if _, ok := l.Released(); ok {
		v.Public = frame.PublicURL(e.Kind(), l.ID)
	}
	v.Forms = verdicts(c, p, &e)
	frame.FillOne(p.Lang, v.Forms, fault)
	if err := o.around(c, p, &e, &v); err != nil {
		return err
	}
	if v.Opinions, err = o.opinions(c, p, &e, unasked); err != nil {
		return err
	}
	if v.Files, err = o.annex.Files(c, p, string(e.Kind()), l.ID, "", nil); err != nil {
		return err
	}
	return o.frame.Render(c, status, ui.EntryPageView(p, v))
}

// way is what happened to an entry, the latest first: who took each step, and what
// it changed.
func (o *Console) way(c echo.Context, p *ui.Page, e *registry.Entry) ([]ui.StepRow, error) {
	ctx, by, id := c.Request().Context(), actor(c), e.Listing().ID
	steps, err := o.registry.Steps(ctx, by, e.Kind(), id)
	if err != nil {
		return nil, err
	}
	contents, err := o.registry.Contents(ctx, by, e.Kind(), id)
	if err != nil {
		return nil, err
	}
	people, err := o.accounts.Who(ctx, frame.Actors(steps)...)
	rows := frame.Steps(p, steps, func(s *scene.Review) string {
		if x, l := people[s.Actor], e.Listing(); s.OrgID != "" && s.OrgID == l.OrgID && x.OrgID != s.OrgID && x.Name != "" {
			return p.T("web.person.then", "name", x.Name, "org", l.OrgName)
		}
		return frame.Person(p, people, s.Actor, s.Name)
	})
	return o.sheetNow().History(p, rows, steps, contents), err
}

// verdicts are what the reader may do with an entry under review.
func verdicts(c echo.Context, p *ui.Page, e *registry.Entry) (forms []ui.Form) {
	by := actor(c)
	if by.May(scene.ListingReview, e.Object()) == nil {
		forms = append(forms, reviewForm(p, e, c.FormValue("reason")))
	}
	if by.May(scene.ContactReveal, e.Object()) == nil {
		forms = append(forms, revealForm(p, e))
	}
	return forms
}

// reviewForm offers the steps that may follow, onward first.
func reviewForm(p *ui.Page, e *registry.Entry, reason string) ui.Form {
	l := e.Listing()
	f := ui.Form{
		Action: frame.EntryURL(reviews, e.Kind(), l.ID), Lax: true,
		Groups: []ui.Group{{Fields: []ui.Field{
			{Name: "reason", Label: p.T("web.review.reason"), Type: "text-area", Rows: 3, Max: 500, Value: reason, Hint: p.T("web.review.reason.hint")},
			{Name: "revision", Type: "hidden", Value: strconv.Itoa(l.Revision)},
		}}},
	}
	for _, to := range l.State.Next() {
		f.Buttons = append(f.Buttons, ui.Button{
			Label: p.T("web.review.to." + string(to)), Name: "to", Value: string(to), Danger: to == scene.Closed,
			Key: map[bool]string{true: "a"}[len(f.Buttons) == 0 && to != scene.Draft && to != scene.Closed],
		})
	}
	return f
}

func revealForm(p *ui.Page, e *registry.Entry) ui.Form {
	return ui.Form{
		Action: frame.EntryURL(reviews, e.Kind(), e.Listing().ID) + "/contact",
		Groups: []ui.Group{{Title: p.T("web.reveal.title"), Text: p.T("web.reveal.text"), Fields: []ui.Field{
			{Name: "purpose", Label: p.T("web.reveal.purpose"), Required: true, Max: 200},
		}}},
		Buttons: []ui.Button{{Label: p.T("web.reveal.go")}},
	}
}

func step(c echo.Context) registry.Step {
	return registry.Step{
		Kind: scene.Kind(c.Param("kind")), ID: scene.ID(c.Param("id")), Revision: edge.Number(c.FormValue("revision")),
		To: scene.State(c.FormValue("to")), Reason: c.FormValue("reason"),
	}
}

// Decide answers POST /console/reviews/:kind/:id. After a step onward the
// entry is shown again, for the next step may be the same person's.
func (o *Console) Decide(c echo.Context) error {
	s := step(c)
	e, err := o.registry.Review(c.Request().Context(), actor(c), s)
	if frame.Mendable(err) {
		return o.review(c, edge.Status(scene.CodeOf(err)), "", err)
	}
	if err != nil {
		return err
	}
	by := actor(c)
	if by.May(scene.ListingReview, e.Object()) == nil {
		return c.Redirect(http.StatusSeeOther, frame.EntryURL(reviews, s.Kind, s.ID)+"?done="+string(s.To))
	}
	return c.Redirect(http.StatusSeeOther, "/console?done="+string(s.To))
}

// Reveal answers POST /console/reviews/:kind/:id/contact.
func (o *Console) Reveal(c echo.Context) error {
	contact, err := o.accounts.RevealContact(c.Request().Context(), actor(c), scene.Kind(c.Param("kind")), scene.ID(c.Param("id")), c.FormValue("purpose"))
	if scene.CodeOf(err) == scene.Invalid {
		return o.review(c, edge.Status(scene.Invalid), "", err)
	}
	if err != nil {
		return err
	}
	p := o.frame.Page(c)
	text := p.T("web.reveal.none")
	if contact.Known() {
		text = p.T("web.reveal.shown", "person", contact.Person, "phone", contact.Phone, "mail", contact.Mail, "raw", contact.Raw)
	}
	return o.review(c, http.StatusOK, text, nil)
}

// Proposal answers GET /console/proposals/:kind/:id.
func (o *Console) Proposal(c echo.Context) error { return o.proposal(c, http.StatusOK, nil) }

func (o *Console) proposal(c echo.Context, status int, fault error) error {
	ctx, by := c.Request().Context(), actor(c)
	open, err := o.registry.Proposed(ctx, by, scene.Kind(c.Param("kind")), scene.ID(c.Param("id")))
	if err != nil {
		return err
	}
	p, _, err := o.page(c, "web.nav.console", "")
	if err != nil {
		return err
	}
	way, err := o.way(c, p, &open.Present)
	if err != nil {
		return err
	}
	e, l := &open.Present, open.Present.Listing()
	p.Title = l.Name
	v := ui.EntryPage{
		Kind: p.T("web.kind." + string(e.Kind()) + ".one"), Name: l.Name, Org: l.OrgName, State: frame.State(p, l.State),
		Facts: o.sheetNow().Facts(p, e), Steps: way, Public: frame.PublicURL(e.Kind(), l.ID),
		Diff: o.sheetNow().Differences(p, e, &open.Next), DiffNote: open.Proposal.Note,
		Back: ui.Link{Text: p.T("web.console.back"), URL: "/console"},
	}
	buttons := []ui.Button{{Label: p.T("web.proposal.accept"), Name: "accept", Value: "yes"}, {Label: p.T("web.proposal.refuse"), Name: "accept", Value: "no", Danger: true}}
	if open.Stale() {
		v.DiffNote, buttons = p.T("proposal.stale"), buttons[1:]
	}
	if by.May(scene.ListingRevise, e.Object()) == nil {
		f := ui.Form{
			Action: frame.EntryURL(proposals, e.Kind(), l.ID), Buttons: buttons, Lax: true,
			Groups: []ui.Group{{Fields: []ui.Field{{
				Name: "reason", Label: p.T("web.review.reason"), Type: "text-area", Rows: 3, Max: 500,
				Value: c.FormValue("reason"), Hint: p.T("web.review.reason.hint"),
			}, {Name: "seen", Type: "hidden", Value: open.Proposal.Created.Format(time.RFC3339Nano)}}}},
		}
		frame.Fill(p.Lang, &f, fault)
		v.Forms = append(v.Forms, f)
	}
	return o.frame.Render(c, status, ui.EntryPageView(p, v))
}

// DecideProposal answers POST /console/proposals/:kind/:id.
func (o *Console) DecideProposal(c echo.Context) error {
	accept := c.FormValue("accept") == "yes"
	seen, _ := time.Parse(time.RFC3339Nano, c.FormValue("seen")) // what cannot be read was not seen
	err := o.registry.Decide(c.Request().Context(), actor(c), registry.Decision{
		Kind: scene.Kind(c.Param("kind")), ID: scene.ID(c.Param("id")), Seen: seen, Accept: accept, Reason: c.FormValue("reason"),
	})
	if frame.Mendable(err) {
		return o.proposal(c, edge.Status(scene.CodeOf(err)), err)
	}
	if err != nil {
		return err
	}
	done := "refused"
	if accept {
		done = "accepted"
	}
	return c.Redirect(http.StatusSeeOther, "/console?done="+done)
}
