package console

import (
	"cmp"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/fair"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

// EventParties answers GET /console/events/:id/parties.
func (o *Console) EventParties(c echo.Context) error { return o.eventParties(c, http.StatusOK, nil) }

// eventParties shows the parties, with what became of a list of them on top.
func (o *Console) eventParties(c echo.Context, status int, fault error, lines ...ui.FairSection) error {
	f, p, v, err := o.eventPage(c, "/parties")
	if err != nil {
		return err
	}
	if c.FormValue("to") != "" { // about a party of the list, not about the form below
		v.Fault, v.Faults = fair.Faults(p, fault)
		fault = nil
	}
	by := actor(c)
	parties, err := o.fairs.Parties(c.Request().Context(), by, f.ID)
	if err != nil {
		return err
	}
	base := events + "/" + string(f.ID) + "/parties"
	manage := by.MayEver(scene.FairManage) && !f.Ended()
	twice, err := o.twiceSection(c, p, f.ID, "")
	if err != nil {
		return err
	}
	board, err := o.fairs.Board(c.Request().Context(), f.ID)
	if err != nil {
		return err
	}
	v.Sections = append(v.Sections, lines...)
	if manage { // before the list, which a batch makes long; what is left of a list to do stands beside what was done
		adding, err := o.addSections(c, p, base, len(parties) > 0 && len(lines) == 0, fault)
		if err != nil {
			return err
		}
		v.Sections = append(v.Sections, adding...)
	}
	v.Sections = append(append(v.Sections, twice...), partiesSection(p, parties, board, base, manage))
	if manage {
		letters, err := o.inviteSections(c, p, &f)
		if err != nil {
			return err
		}
		v.Sections = append(v.Sections, letters...)
	}
	return o.frame.Render(c, status, ui.FairDeskPage(p, v))
}

// addSections are the forms that add parties: one a line, or those of a batch. They are
// folded where there are parties and nothing to mend.
func (o *Console) addSections(c echo.Context, p *ui.Page, base string, folded bool, fault error) ([]ui.FairSection, error) {
	add := ui.Form{Action: base, Groups: []ui.Group{{Text: p.T("fair.add.text"), Fields: []ui.Field{
		{Name: "lines", Label: p.T("fair.add.lines"), Type: "text-area", Rows: 6, Value: c.FormValue("lines"), Required: true, Hint: p.T("fair.add.hint")},
		{Name: "hosted", Label: p.T("fair.hosted"), Type: "check"},
		{Name: "newcomer", Label: p.T("fair.newcomer"), Type: "check"},
	}}}, Buttons: []ui.Button{{Label: p.T("fair.add.go")}}}
	frame.Fill(p.Lang, &add, fault)
	list := []ui.FairSection{{ID: "add", Title: p.T("fair.add"), Forms: []ui.Form{add}, Folded: folded && fault == nil}}
	batches, err := o.batchChoice(c, p, "")
	if err == nil && len(batches.Options) > 0 {
		gather := ui.Form{Action: base, Groups: []ui.Group{{Fields: []ui.Field{batches}}}, Buttons: []ui.Button{{Label: p.T("fair.gather.go")}}}
		list = append(list, ui.FairSection{ID: "gather", Title: p.T("fair.gather"), Text: p.T("fair.gather.text"), Forms: []ui.Form{gather}, Folded: folded})
	}
	return list, err
}

// partiesSection is the list of parties, with what can be decided of each.
func partiesSection(p *ui.Page, parties []scene.FairParty, board *convene.Board, base string, manage bool) ui.FairSection {
	s := ui.FairSection{ID: "parties", Title: p.T("fair.part.parties")}
	if len(parties) == 0 {
		s.Empty = p.T("fair.no_parties")
		return s
	}
	t := ui.Table{Head: []string{p.T("fair.party"), p.T("web.rows.state"), p.T("fair.delegates"), p.T("fair.wishes"), p.T("fair.decide")}}
	for i := range parties {
		x := &parties[i]
		state := fair.PartyState(p, x)
		names := ""
		for k := range x.Delegates {
			if k > 0 {
				names += p.T("web.comma")
			}
			names += fair.DelegateName(p, &x.Delegates[k])
		}
		row := []ui.Cell{{Text: x.Name, URL: base + "/" + string(x.ID), Note: marks(p, x)}, {State: &state, Note: cmp.Or(waits(p, board, x.ID), declined(p, x))}, {Text: names}, {Text: strconv.Itoa(len(x.Wishes)), N: true}, {}}
		if manage {
			row[4].Forms = decisions(p, base, x)
		}
		t.Rows = append(t.Rows, row)
	}
	s.Table = &t
	return s
}

// declined says why a party that was invited does not come, as far as it said so.
func declined(p *ui.Page, x *scene.FairParty) string {
	if x.State != scene.PartyWithdrawn || x.Declined == "" {
		return ""
	}
	return p.T("fair.answer.said", "reason", x.Declined)
}

// twiceSection tells who of an event, or of one party of it, is in two places.
func (o *Console) twiceSection(c echo.Context, p *ui.Page, id, party scene.ID) ([]ui.FairSection, error) {
	ctx := c.Request().Context()
	board, err := o.fairs.Board(ctx, id)
	if err != nil {
		return nil, err
	}
	list, err := o.fairs.Doubles(ctx, actor(c), id)
	return fair.TwiceSection(p, board, list, party), err
}

// marks says what is special about a party.
func marks(p *ui.Page, x *scene.FairParty) string {
	text := ""
	add := func(on bool, key string) {
		if !on {
			return
		}
		if text != "" {
			text += p.T("web.comma")
		}
		text += p.T(key)
	}
	add(x.Hosted, "fair.hosted.short")
	add(x.Newcomer, "fair.newcomer.short")
	add(x.Share, "fair.calendar_kind.share.short")
	return text
}

// decisions are the buttons for the state of a party.
func decisions(p *ui.Page, base string, x *scene.FairParty) []ui.Form {
	var list []ui.Form
	for _, to := range []scene.FairPartyState{scene.PartyAccepted, scene.PartyRefused, scene.PartyWithdrawn} {
		fits := map[scene.FairPartyState]bool{
			scene.PartyAccepted: x.State != scene.PartyAccepted, scene.PartyRefused: x.State == scene.PartyApplied,
			scene.PartyWithdrawn: x.State == scene.PartyAccepted || x.State == scene.PartyInvited,
		}[to]
		if fits {
			fields := []ui.Field{{Name: "to", Type: "hidden", Value: string(to)}}
			if x.State == scene.PartyWaiting { // beside it stands for whom a place is kept
				fields = append(fields, ui.Field{Name: "kept", Type: "hidden", Value: "yes"})
			}
			list = append(list, ui.Form{
				Action: base + "/" + string(x.ID) + "/decide", Groups: []ui.Group{{Fields: fields}},
				Buttons: []ui.Button{{Label: p.T("fair.decide." + string(to)), Of: x.Name, Danger: to != scene.PartyAccepted}},
			})
		}
	}
	return list
}

// batchChoice offers the batches to invite; none is a choice where it is called so.
func (o *Console) batchChoice(c echo.Context, p *ui.Page, none string) (ui.Field, error) {
	x := ui.Field{Name: "batch", Form: "gather", Label: p.T("fair.gather.batch"), Type: "choice", Hint: p.T("fair.gather.hint")}
	all, err := o.registry.Batches(c.Request().Context())
	if err != nil || len(all) == 0 {
		return x, err
	}
	if none != "" {
		x.Options = []ui.Option{{Label: none}}
	}
	for i := range all {
		x.Options = append(x.Options, ui.Option{Value: string(all[i].ID), Label: all[i].Name, Chosen: c.FormValue("batch") == string(all[i].ID)})
	}
	return x, nil
}

// AddParties answers POST /console/events/:id/parties: a batch, or one party a line.
func (o *Console) AddParties(c echo.Context) error {
	f, err := o.event(c)
	if err != nil {
		return err
	}
	batch := scene.ID(c.FormValue("batch"))
	if batch == "" {
		return o.addLines(c, &f)
	}
	_, err = o.fairs.Gather(c.Request().Context(), actor(c), f.ID, batch)
	switch {
	case err == nil:
		return eventDone(c, "/parties", "gathered")
	case frame.Mendable(err) || scene.CodeOf(err) == scene.NotFound:
		return o.eventParties(c, edge.Status(scene.CodeOf(err)), err)
	}
	return err
}

// EventParty answers GET /console/events/:id/parties/:party.
func (o *Console) EventParty(c echo.Context) error { return o.eventParty(c, http.StatusOK, nil) }

// partyOf reads the party of the request, which has to be of its event.
func (o *Console) partyOf(c echo.Context) (scene.Fair, scene.FairParty, error) {
	f, err := o.event(c)
	if err != nil {
		return f, scene.FairParty{}, err
	}
	x, err := o.fairs.Party(c.Request().Context(), actor(c), scene.ID(c.Param("party")))
	if err == nil && x.FairID != f.ID {
		err = &scene.Error{Code: scene.NotFound, Op: "console.partyOf", Key: "web.not_found"}
	}
	return f, x, err
}

func (o *Console) eventParty(c echo.Context, status int, fault error) error {
	f, x, err := o.partyOf(c)
	if err != nil {
		return err
	}
	_, p, v, err := o.eventPage(c, "/parties")
	if err != nil {
		return err
	}
	p.Title = x.Name
	base := events + "/" + string(f.ID) + "/parties"
	v.Crumb = ui.Link{Text: f.Title + " · " + p.T("fair.part.parties"), URL: base}
	state := fair.PartyState(p, &x)
	v.State = &state
	v.Fault, v.Faults = fair.Faults(p, fault)
	base += "/" + string(x.ID)
	by := actor(c)
	may := by.MayEver(scene.FairManage) && !f.Ended()
	twice, err := o.twiceSection(c, p, f.ID, x.ID)
	if err != nil {
		return err
	}
	v.Sections = append(twice, o.links(c, p, &x, base, may))
	if !may {
		return o.frame.Render(c, status, ui.FairDeskPage(p, v))
	}
	pages := fair.New(o.fairs, o.frame, o.now, o.public, nil)
	wishes, err := pages.WishSection(c, p, &f, &x, base+"/wish", true)
	if err != nil {
		return err
	}
	v.Sections = append(v.Sections, wishes...)
	board, err := o.fairs.Board(c.Request().Context(), f.ID)
	if err != nil {
		return err
	}
	visits, err := pages.SeatSection(p, board, &x, base+"/seat")
	if err != nil {
		return err
	}
	v.Sections = append(v.Sections, visits...)
	bring, err := o.fairs.CanBring(c.Request().Context(), x.OrgID, x.Listings...)
	if err != nil {
		return err
	}
	edit := ui.Form{Action: base + "/amend", Groups: []ui.Group{{Fields: append([]ui.Field{{Name: "name", Type: "hidden", Value: x.Name}}, fair.PartyFields(c, p, &f, &x, bring, true)...)}}, Buttons: []ui.Button{{Label: p.T("fair.save")}}}
	v.Sections = append(v.Sections, ui.FairSection{Title: p.T("fair.amend"), Forms: []ui.Form{edit}, Folded: fault == nil || c.FormValue("revision") == ""})
	return o.frame.Render(c, status, ui.FairDeskPage(p, v))
}

// links shows the personal links of the delegates, to who may hand them out.
func (o *Console) links(c echo.Context, p *ui.Page, x *scene.FairParty, base string, may bool) ui.FairSection {
	t := ui.Table{Head: []string{p.T("fair.delegate"), p.T("fair.link"), p.T("fair.decide")}}
	for i := range x.Delegates {
		d := &x.Delegates[i]
		link, act := ui.Cell{Text: p.T("fair.link.none")}, ui.Cell{}
		if d.Code != "" {
			link = ui.Cell{Text: p.T("fair.link.held")}
		}
		if may && d.Code != "" {
			link = ui.Cell{Text: p.T("fair.link.open"), URL: "/e/" + d.Code, Note: fair.Absolute(c, o.public, "/e/"+d.Code)}
		}
		if may {
			if d.Mail != "" && d.Code != "" && o.fairs.MailPossible() {
				act.Forms = append(act.Forms, mailButton(p, base, d))
			}
			for _, what := range []string{"renew", "revoke"} {
				act.Forms = append(act.Forms, ui.Form{Action: base + "/link", Groups: []ui.Group{{Fields: []ui.Field{
					{Name: "delegate", Type: "hidden", Value: string(d.ID)}, {Name: "do", Type: "hidden", Value: what},
				}}}, Buttons: []ui.Button{{Label: p.T("fair.link." + what), Of: d.Name, Danger: what == "revoke"}}})
			}
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: fair.DelegateName(p, d), Note: d.Post}, link, act})
	}
	return ui.FairSection{ID: "links", Title: p.T("fair.delegates"), Text: p.T("fair.link.hint"), Table: &t}
}

// AmendParty answers POST /console/events/:id/parties/:party/amend.
func (o *Console) AmendParty(c echo.Context) error {
	_, x, err := o.partyOf(c)
	if err != nil {
		return err
	}
	form, err := fair.ReadParty(c)
	now := x
	if err == nil {
		now, err = o.fairs.Amend(c.Request().Context(), actor(c), x.ID, form)
	}
	return o.partyDone(c, fair.Amended(&x, &now), err)
}

// DecideParty answers POST /console/events/:id/parties/:party/decide.
func (o *Console) DecideParty(c echo.Context) error {
	_, x, err := o.partyOf(c)
	if err != nil {
		return err
	}
	var despite []convene.Despite
	if c.FormValue("kept") == "yes" {
		despite = append(despite, convene.KeptSeen)
	}
	x, err = o.fairs.Decide(c.Request().Context(), actor(c), x.ID, scene.FairPartyState(c.FormValue("to")), despite...)
	switch {
	case frame.Mendable(err):
		return o.eventParties(c, edge.Status(scene.CodeOf(err)), err)
	case err != nil:
		return err
	case x.State == scene.PartyWaiting:
		return eventDone(c, "/parties", "decided.waiting")
	}
	return eventDone(c, "/parties", "decided")
}

// LinkParty answers POST /console/events/:id/parties/:party/link.
func (o *Console) LinkParty(c echo.Context) error {
	f, x, err := o.partyOf(c)
	if err != nil {
		return err
	}
	if c.FormValue("do") == "mail" {
		_, err = o.fairs.Invite(c.Request().Context(), actor(c), f.ID, scene.ID(c.FormValue("delegate")))
		return o.partyDone(c, "invited", err)
	}
	_, err = o.fairs.Renew(c.Request().Context(), actor(c), x.ID, scene.ID(c.FormValue("delegate")), c.FormValue("do") == "revoke")
	return o.partyDone(c, "link", err)
}

// WishParty answers POST /console/events/:id/parties/:party/wish.
func (o *Console) WishParty(c echo.Context) error {
	_, x, err := o.partyOf(c)
	if err != nil {
		return err
	}
	_, err = o.fairs.Wish(c.Request().Context(), actor(c), x.ID, []convene.Wish{fair.ReadWish(c)})
	return o.partyDone(c, "wished", err)
}

// SeatParty answers POST /console/events/:id/parties/:party/seat: a delegate is signed
// up for an entry, or his place is given up.
func (o *Console) SeatParty(c echo.Context) error {
	f, x, err := o.partyOf(c)
	if err != nil {
		return err
	}
	e := fair.SeatEntry(c)
	e.FairID, e.Party = f.ID, x.ID
	_, err = o.fairs.Enter(c.Request().Context(), actor(c), e)
	return o.partyDone(c, string(e.Kind), err)
}

func (o *Console) partyDone(c echo.Context, done string, err error) error {
	if err == nil {
		return eventDone(c, "/parties/"+c.Param("party"), done)
	}
	if !frame.Mendable(err) {
		return err
	}
	return o.eventParty(c, edge.Status(scene.CodeOf(err)), err)
}
