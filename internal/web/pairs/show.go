package pairs

import (
	"cmp"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"jinghe/internal/account"
	"jinghe/internal/engage"
	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

// Show answers GET …/:id.
func (r *Pairs) Show(c echo.Context) error { return r.show(c, http.StatusOK, shown{}) }

// shown is what a page shows besides the pair as it is.
type shown struct {
	form    string // in which something was wrong
	fault   error
	contact *scene.Contact // asked for
	of      scene.ID       // whose it is, "" for the other side's
}

func (r *Pairs) show(c echo.Context, status int, s shown) error {
	by := actor(c)
	pair, err := r.engage.Get(c.Request().Context(), by, id(c))
	if err != nil {
		return err
	}
	p, nav, err := r.page(c, "web.pairs.one")
	if err != nil {
		return err
	}
	b := builder{Pairs: r, c: c, p: p, by: by, k: &pair, s: s}
	if b.people, err = r.people(c, &pair); err != nil {
		return err
	}
	v := ui.PairPage{
		Nav: nav, Crumb: ui.Link{Text: p.T(r.title()), URL: r.base}, Stage: stageOf(p, pair.Stage), Steps: b.steps(),
		Need: b.side(scene.PartyOwner), Offer: b.side(scene.PartyProvider), Waits: b.waits(), Facts: b.facts(), Entries: b.entries(),
		Group: b.members(), From: b.from(),
	}
	if pair.Loose {
		v.Loose = p.T("web.pairs.loose")
	}
	if done := c.QueryParam("done"); s.fault == nil && p.Has("web.pairs.done."+done) {
		v.Notice = p.T("web.pairs.done." + done)
	}
	if pair.Next.Late(r.now()) {
		v.Late = p.T("web.pairs.late.text", "day", ui.Date(p.Lang, pair.Next.Due))
	}
	b.contacts(&v)
	if v.Forms = b.partnerForms(); pair.Party != scene.PartyPartner {
		v.Forms = b.forms()
	}
	if s.fault != nil {
		b.blame(&v)
	}
	return r.frame.Render(c, status, ui.PairPageView(p, v))
}

// builder makes the view of one pair.
type builder struct {
	*Pairs
	c  echo.Context
	p  *ui.Page
	by scene.Actor
	k  *engage.Case
	s  shown
	// people are those who wrote the history, for the centre alone.
	people map[scene.ID]account.Person
}

// people are those who wrote the history of a case, by account: the centre sees who
// said what, the sides see which of them did.
func (r *Pairs) people(c echo.Context, k *engage.Case) (map[scene.ID]account.Person, error) {
	if k.Party != scene.PartyCentre {
		return nil, nil
	}
	ids := make([]scene.ID, len(k.Entries))
	for i := range k.Entries {
		ids[i] = k.Entries[i].Actor
	}
	return r.accounts.Who(c.Request().Context(), ids...)
}

func (b *builder) may(do scene.Action) bool {
	return b.by.May(do, scene.Object{OrgID: b.k.Org(b.k.Party), Department: b.k.Department}) == nil
}

// side is one of the two, by its entry; where no entries were agreed on, by its organisation,
// with the entry that stands for what it brings.
func (b *builder) side(party scene.Party) ui.PairSide {
	need, offer := b.k.Called()
	v, entry := ui.PairSide{
		Tag: b.p.T("web.kind.capability.tag"), Name: offer, Org: b.k.OfferOrgName, URL: "/capabilities/" + string(b.k.Offer), Own: b.k.Party == party,
	}, b.k.OfferName
	if party == scene.PartyOwner {
		v.Tag, v.Name, v.Org, v.URL, entry = b.p.T("web.kind.opportunity.tag"), need, b.k.NeedOrgName, "/opportunities/"+string(b.k.Need), b.k.NeedName
	}
	if b.k.Loose {
		v.Entry = ui.Link{Text: b.p.T("web.pairs.loose.entry", "name", entry), URL: v.URL}
	}
	return v
}

// from is the meeting that the pair came from: whoever may read the event's report comes to
// it, others to the event.
func (b *builder) from() ui.Link {
	m := &b.k.Met
	if m.Fair == "" {
		return ui.Link{}
	}
	l := ui.Link{Text: b.p.T("web.pairs.met", "title", scene.Redact(m.Title), "when", ui.Moment(b.p.Lang, m.At)), URL: "/events/" + url.PathEscape(string(m.Fair))}
	if b.k.Party == scene.PartyCentre && b.by.MayEver(scene.FairRead) {
		l.URL = "/console" + l.URL + "/report#cases"
	}
	return l
}

// steps is the usual way; a pair that stopped shows how far it came.
func (b *builder) steps() []ui.PairStep {
	reached := map[scene.Stage]bool{b.k.Stage: true}
	for _, e := range b.k.Entries {
		if e.Kind == scene.EntryMove {
			reached[e.From], reached[e.To] = true, true
		}
	}
	var steps []ui.PairStep
	for _, stage := range scene.Stages() {
		usual := stage != scene.StageMutual && stage != scene.StageStopped && stage != scene.StageReplicated
		if stage == scene.StageSuggested && b.k.Begun == scene.PartyCentre || stage == scene.StageRecommended && !reached[stage] {
			usual = false
		}
		if usual || reached[stage] && stage != scene.StageMutual {
			steps = append(steps, ui.PairStep{Label: b.p.T("engagement.stage." + string(stage)), Done: reached[stage], Here: stage == b.k.Stage})
		}
	}
	return steps
}

// waits says who has to do what.
func (b *builder) waits() string {
	if b.k.Party == scene.PartyPartner && b.stance().Says != scene.Accepted && !b.k.Stage.Ended() {
		return b.p.T("web.pairs.waits.partner." + cmp.Or(string(b.stance().Says), "asked"))
	}
	text, _ := turn(b.p, &b.k.Engagement, b.k.Party)
	if b.k.Asked != "" && text != "" {
		text = b.p.T("web.pairs.asked."+string(b.k.Asked)) + b.p.T("web.dot") + text
	}
	return text
}

func (b *builder) facts() []ui.Fact {
	var facts []ui.Fact
	add := func(key, value string) {
		if value != "" {
			facts = append(facts, ui.Fact{Label: b.p.T(key), Value: value})
		}
	}
	if n := b.k.Next; n.Known() {
		add("web.pairs.next", locale.Retold(b.p.Lang, n.Text))
		add("web.pairs.who", b.p.T("engagement.party."+string(n.Party)))
		add("web.pairs.due", b.said("web.pairs.proposed", ui.Date(b.p.Lang, n.Due), func(e *scene.EngagementEntry) bool { return e.Next.Known() }))
	}
	if b.k.Outcome.Amount > 0 {
		add("web.pairs.amount", b.said("web.pairs.said", ui.Money(b.p.Lang, b.k.Outcome.Amount), func(e *scene.EngagementEntry) bool {
			return e.Amount > 0 || e.To == scene.StageContract
		}))
	}
	if b.k.Outcome.Note != "" {
		add("web.pairs.outcome", b.said("web.pairs.said", b.k.Outcome.Note, func(e *scene.EngagementEntry) bool { return e.Kind == scene.EntryMove && e.Text != "" }))
	}
	if b.k.Stage == scene.StageStopped {
		add("web.pairs.stopped", b.p.T("engagement.party."+string(b.k.StoppedBy)))
		add("web.pairs.reason", b.p.T("engagement.reason."+string(b.k.Reason)))
	}
	return facts
}

// said is a fact with who stated it, and when, in the words of a message: the last line of
// the history of that kind.
func (b *builder) said(words, fact string, in func(*scene.EngagementEntry) bool) string {
	for i := len(b.k.Entries) - 1; i >= 0; i-- {
		if e := &b.k.Entries[i]; in(e) {
			return b.p.T(words, "fact", fact, "who", b.who(e), "day", ui.Date(b.p.Lang, e.At))
		}
	}
	return fact
}

// who wrote a line: the side, and for the centre the person.
func (b *builder) who(e *scene.EngagementEntry) string {
	side := b.p.T("engagement.party." + string(e.Party))
	if x := b.k.Partner(e.Org); e.Party == scene.PartyPartner && x != nil {
		side = x.OrgName
	}
	if x, known := b.people[e.Actor]; known {
		return side + b.p.T("web.dot") + x.Name
	}
	return side
}

// figures are the amount and the next action that a line of the history set.
func (b *builder) figures(e *scene.EngagementEntry) (facts []ui.Fact) {
	if e.Amount > 0 {
		facts = append(facts, ui.Fact{Label: b.p.T("web.pairs.amount"), Value: ui.Money(b.p.Lang, e.Amount)})
	}
	if n := &e.Next; n.Known() {
		facts = append(facts, ui.Fact{Label: b.p.T("web.pairs.next"), Value: b.p.T("web.pairs.owed",
			"next", locale.Retold(b.p.Lang, n.Text), "who", b.p.T("engagement.party."+string(n.Party)), "day", ui.Date(b.p.Lang, n.Due))})
	}
	return facts
}

func (b *builder) entries() []ui.PairEntry {
	var list []ui.PairEntry
	for i := range b.k.Entries {
		e := &b.k.Entries[i]
		row := ui.PairEntry{
			What: b.p.T("web.pairs.entry." + string(e.Kind)), Who: b.who(e),
			When: ui.Moment(b.p.Lang, e.At), Text: locale.Retold(b.p.Lang, e.Text), Own: e.Party == b.k.Party, Only: e.Only != "", Facts: b.figures(e),
		}
		if e.Party == scene.PartyPartner {
			row.Own = e.Org == b.by.OrgID
		}
		if e.Kind == scene.EntryNext && e.Next.Known() { // which says it with its day
			row.Text = ""
		}
		switch e.Kind {
		case scene.EntryMove:
			row.What = b.p.T("web.pairs.entry.moved", "stage", b.p.T("engagement.stage."+string(e.To)))
		case scene.EntryDecline:
			row.What += b.p.T("colon") + b.p.T("engagement.reason."+string(e.Reason))
		}
		list = append(list, row)
	}
	return list
}

// contacts says who agreed, offers what one may do, and shows what was asked for.
func (b *builder) contacts(v *ui.PairPage) {
	button := func(action, label string) {
		v.Share = append(v.Share, ui.Form{
			Action: b.url(b.k.ID) + "/" + action, Buttons: []ui.Button{{Label: b.p.T(label), Danger: action == "withdraw"}}, Groups: b.hidden(),
		})
	}
	group := len(b.k.Partners) > 0
	switch {
	case b.stance() == nil:
		v.Agreements = b.p.T("web.pairs.contact.centre." + strconv.FormatBool(b.k.Revealed()))
	case b.stance().Says != scene.Accepted, b.k.Stage == scene.StageStopped, !b.k.Stage.Docked() && !b.k.Stage.Ended():
		v.Agreements = b.p.T("web.pairs.contact.later")
		if group {
			v.Agreements = b.p.T("web.pairs.group.contact.later")
		}
	case group:
		b.groupContacts(v, button)
		b.shownContact(v)
	default:
		b.pairContacts(v, button)
		b.shownContact(v)
	}
}

// pairContacts says which of the two sides agreed, and offers what one may do.
func (b *builder) pairContacts(v *ui.PairPage, button func(action, label string)) {
	own, other := b.stance(), b.k.Stance(b.k.Party.Other())
	switch {
	case b.k.Revealed():
		v.Agreements = b.p.T("web.pairs.contact.both")
		button("contact", "web.pairs.contact.look")
	case !own.Reveals.IsZero():
		v.Agreements = b.p.T("web.pairs.contact.own")
	case !other.Reveals.IsZero():
		v.Agreements = b.p.T("web.pairs.contact.other")
	default:
		v.Agreements = b.p.T("web.pairs.contact.none")
	}
	if own.Reveals.IsZero() {
		button("agree", "web.pairs.contact.agree")
	} else {
		button("withdraw", "web.pairs.contact.withdraw")
	}
}

// shownContact shows the contact that was asked for, and whose it is.
func (b *builder) shownContact(v *ui.PairPage) {
	if b.s.contact == nil {
		return
	}
	v.Contact = b.reach(b.s.contact)
	v.ContactOf = b.p.T("engagement.party." + string(b.k.Party.Other()))
	for _, s := range b.seats() {
		if s.org == b.s.of {
			v.ContactOf = s.name
		}
	}
}

// reach is a contact as facts.
func (b *builder) reach(c *scene.Contact) []ui.Fact {
	var facts []ui.Fact
	for _, f := range []struct{ key, value string }{
		{"person", c.Person}, {"phone", c.Phone}, {"mail", c.Mail}, {"raw", c.Raw},
	} {
		if f.value != "" {
			facts = append(facts, ui.Fact{Label: b.p.T("web.pairs.contact." + f.key), Value: f.value})
		}
	}
	if len(facts) == 0 {
		facts = append(facts, ui.Fact{Label: b.p.T("web.pairs.contact.person"), Value: b.p.T("web.pairs.contact.unknown")})
	}
	return facts
}

func (b *builder) hidden() []ui.Group {
	return []ui.Group{{Fields: []ui.Field{{Name: "revision", Type: "hidden", Value: strconv.Itoa(b.k.Revision)}}}}
}

// blame puts what was wrong into the form that it was wrong in, with what was typed.
func (b *builder) blame(v *ui.PairPage) {
	for i := range v.Forms {
		if f := &v.Forms[i].Form; f.Action == b.url(b.k.ID)+"/"+b.s.form {
			frame.Retype(f, b.c.FormValue)
			frame.Fill(b.p.Lang, f, b.s.fault)
			v.Forms[i].Open = true
			return
		}
	}
	for i := range v.Share {
		if v.Share[i].Action == b.url(b.k.ID)+"/"+b.s.form {
			frame.Fill(b.p.Lang, &v.Share[i], b.s.fault)
			return
		}
	}
	v.Late = frame.Sentence(b.p.Lang, b.s.fault)
}

// soon is the day that a next action is due unless somebody says otherwise.
func (b *builder) soon() string {
	return scene.WorkingDays(b.now(), 5).In(scene.China()).Format(time.DateOnly)
}
