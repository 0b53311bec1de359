package pairs

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"jinghe/internal/engage"
	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

// blank is how many partners can be named besides those that were proposed.
const blank = 2

// GroupURL is where a group for a need is brought together in a room, filled in
// with the group that the matcher proposes; nil proposes none.
func GroupURL(base string, need scene.ID, c *match.Consortium) string {
	q := url.Values{"need": {string(need)}}
	if c == nil {
		return base + "/group?" + q.Encode()
	}
	for i, m := range c.Members {
		var part []string
		for _, x := range c.Clauses {
			if x.Member == i+1 {
				part = append(part, x.Want)
			}
		}
		text := []rune(strings.Join(part, "；"))
		offer, does := "offer", "lead_part"
		if i > 0 {
			offer, does = "partner"+strconv.Itoa(i), "part"+strconv.Itoa(i)
		}
		q.Set(offer, string(m.Offer.ID))
		q.Set(does, string(text[:min(len(text), scene.MaxPart)]))
	}
	return base + "/group?" + q.Encode()
}

// NewGroup answers GET …/engagements/group?need=ID&offer=ID&lead_part=TEXT, with
// partner1=ID&part1=TEXT and so on.
func (r *Pairs) NewGroup(c echo.Context) error { return r.newGroup(c, http.StatusOK, nil) }

func (r *Pairs) newGroup(c echo.Context, status int, fault error) error {
	p, _, err := r.page(c, "web.pairs.group.new")
	if err != nil {
		return err
	}
	need := named(c, "need")
	f := ui.Form{
		Action: r.base + "/group", Buttons: []ui.Button{{Label: p.T("web.pairs.group.go")}}, Back: ui.Link{Text: p.T("web.form.cancel"), URL: r.base},
	}
	lead := p.T("web.pairs.group.lead.none")
	if need == "" {
		f.Groups = []ui.Group{{Fields: []ui.Field{{Name: "need", Label: p.T("web.pairs.choose.need"), Hint: p.T("web.pairs.choose.hint"), Max: 300, Required: true}}}}
	} else {
		name, err := r.public(c, scene.KindOpportunity, need)
		if err != nil {
			return err
		}
		lead = p.T("web.pairs.group.lead", "need", name)
		f.Groups = []ui.Group{{Fields: []ui.Field{{Name: "need", Type: "hidden", Value: string(need)}}}}
	}
	first, err := r.member(c, p, "offer", "lead_part", p.T("web.pairs.group.leading"))
	if err != nil {
		return err
	}
	f.Groups = append(f.Groups, first)
	for n, empty := 1, 0; n <= scene.MaxPartners && empty < blank; n++ {
		number := strconv.Itoa(n)
		g, err := r.member(c, p, "partner"+number, "part"+number, p.T("web.pairs.group.partner", "n", n))
		if err != nil {
			return err
		}
		f.Groups = append(f.Groups, g)
		if named(c, "partner"+number) == "" {
			empty++
		}
	}
	f.Groups = append(f.Groups, ui.Group{Fields: []ui.Field{{
		Name: "text", Label: p.T("web.pairs.message"), Type: "text-area", Value: c.FormValue("text"), Hint: p.T("web.pairs.message.hint"), Max: scene.MaxEngagementText,
	}}})
	frame.Fill(p.Lang, &f, fault)
	return r.frame.Render(c, status, ui.FormPageView(p, ui.FormPage{Lead: lead, Crumb: ui.Link{Text: p.T(r.title()), URL: r.base}, Form: f}))
}

// member is the fields of one of a group: who, to be dropped again where it was
// proposed, and what it does.
func (r *Pairs) member(c echo.Context, p *ui.Page, offer, part, title string) (ui.Group, error) {
	who := ui.Field{Name: offer, Label: p.T("web.pairs.choose.offer"), Hint: p.T("web.pairs.group.hint"), Max: 300, Required: offer == "offer"}
	if id := named(c, offer); id != "" {
		name, err := r.public(c, scene.KindCapability, id)
		switch {
		case scene.CodeOf(err) == scene.NotFound: // mistyped: the form says so
			who.Value = c.FormValue(offer)
		case err != nil:
			return ui.Group{}, err
		default:
			who.Type, who.Hint, who.Options = "choice", "", []ui.Option{{Value: string(id), Label: name, Chosen: true}}
			if offer != "offer" {
				who.Options = append(who.Options, ui.Option{Label: p.T("web.pairs.group.drop")})
			}
		}
	}
	return ui.Group{Title: title, Fields: []ui.Field{
		who, {Name: part, Label: p.T("web.pairs.group.part"), Value: c.FormValue(part), Max: scene.MaxPart, Required: offer == "offer"},
	}}, nil
}

// FormGroup answers POST …/engagements/group.
func (r *Pairs) FormGroup(c echo.Context) error {
	g := engage.Group{
		Need: named(c, "need"), Lead: scene.Member{Offer: named(c, "offer"), Part: c.FormValue("lead_part")}, Message: c.FormValue("text"),
	}
	for n := 1; n <= scene.MaxPartners; n++ {
		var m scene.Member // who was dropped, or not named, leaves its place empty
		if number := strconv.Itoa(n); named(c, "partner"+number) != "" {
			m = scene.Member{Offer: named(c, "partner"+number), Part: c.FormValue("part" + number)}
		}
		g.Partners = append(g.Partners, m)
	}
	e, err := r.engage.Form(c.Request().Context(), actor(c), g)
	if frame.Mendable(err) {
		return r.newGroup(c, edge.Status(scene.CodeOf(err)), err)
	}
	if err != nil {
		return err
	}
	return r.seeOther(c, e.ID, "formed")
}

// Invite answers POST …/:id/partner.
func (r *Pairs) Invite(c echo.Context) error {
	_, err := r.engage.Invite(c.Request().Context(), actor(c), id(c), c.FormValue("lead_part"), scene.Member{Offer: named(c, "partner1"), Part: c.FormValue("part1")})
	return r.did(c, "partner", err, "invited")
}

// inviting asks for one more partner.
func (b *builder) inviting() ui.PairForm {
	var fields []ui.Field
	if b.k.Part == "" {
		fields = append(fields, ui.Field{Name: "lead_part", Label: b.p.T("web.pairs.group.part.lead"), Max: scene.MaxPart, Required: true})
	}
	fields = append(fields,
		ui.Field{Name: "partner1", Label: b.p.T("web.pairs.choose.offer"), Hint: b.p.T("web.pairs.group.hint"), Max: 300, Required: true},
		ui.Field{Name: "part1", Label: b.p.T("web.pairs.group.part"), Max: scene.MaxPart, Required: true})
	return ui.PairForm{Title: b.p.T("web.pairs.group.invite"), Form: b.form("partner", b.p.T("web.pairs.group.invite.go"), false, fields...)}
}

// mayInvite reports whether the reader may ask one more partner.
func (b *builder) mayInvite() bool {
	if b.k.Stage.Ended() || len(b.k.Partners) >= scene.MaxPartners || b.k.Party != scene.PartyOwner && b.k.Party != scene.PartyCentre {
		return false
	}
	return b.by.May(scene.EngagementForm, scene.Object{OrgID: b.k.NeedOrg, Department: b.k.Department}) == nil
}

// partnerForms are what a partner may do now, none for anybody else.
func (b *builder) partnerForms() []ui.PairForm {
	if b.k.Stage.Ended() || b.k.Party != scene.PartyPartner {
		return nil
	}
	var list []ui.PairForm
	switch b.stance().Says {
	case "":
		join := ui.PairForm{Title: b.p.T("web.pairs.group.join"), Open: true, Form: b.form("accept", b.p.T("web.pairs.group.join.go"), false, b.text("web.pairs.message", false))}
		return append(list, join, b.ending("decline", b.p.T("web.pairs.decline")))
	case scene.Accepted:
		return append(list, b.saying(), b.ending("decline", b.p.T("web.pairs.group.leave")))
	}
	return nil
}

// stance is where the reader's organisation stands, nil for the centre.
func (b *builder) stance() *scene.Stance {
	if b.k.Party == scene.PartyCentre {
		return nil
	}
	return b.k.Seat(b.by.OrgID)
}

// members says who does which part in a group.
func (b *builder) members() []ui.PairMember {
	if len(b.k.Partners) == 0 {
		return nil
	}
	says := func(s *scene.Stance, yes string) ui.State {
		switch s.Says {
		case scene.Accepted:
			return ui.State{Code: "active", Label: b.p.T(yes)}
		case scene.Declined:
			return ui.State{Code: "expired", Label: b.p.T("web.pairs.group.stays_away")}
		}
		return ui.State{Code: "open", Label: b.p.T("web.pairs.group.asked")}
	}
	list := []ui.PairMember{{
		Role: b.p.T("web.pairs.group.leading"), Org: b.k.OfferOrgName, Offer: ui.Link{Text: b.k.OfferName, URL: "/capabilities/" + string(b.k.Offer)},
		Part: b.k.Part, State: says(&b.k.Provider, "web.pairs.group.interested"), Own: b.k.Party == scene.PartyProvider,
	}}
	for i := range b.k.Partners {
		x := &b.k.Partners[i]
		m := ui.PairMember{
			Role: b.p.T("web.pairs.group.one"), Org: x.OrgName, Offer: ui.Link{Text: x.OfferName, URL: "/capabilities/" + string(x.Offer)},
			Part: x.Part, State: says(&x.Stance, "web.pairs.group.joined"), Own: b.k.Party == scene.PartyPartner && b.by.OrgID == x.Org,
		}
		if x.Reason != "" {
			m.Why = b.p.T("engagement.reason." + string(x.Reason))
		}
		list = append(list, m)
	}
	return list
}

// seat is an organisation at the table.
type seat struct {
	org  scene.ID
	name string
}

// seats are those at the table but the reader's own, partners who joined among them.
func (b *builder) seats() []seat {
	list := []seat{{b.k.NeedOrg, b.k.NeedOrgName}, {b.k.OfferOrg, b.k.OfferOrgName}}
	for i := range b.k.Partners {
		if x := &b.k.Partners[i]; x.Stance.Says == scene.Accepted {
			list = append(list, seat{x.Org, x.OrgName})
		}
	}
	var others []seat
	for _, s := range list {
		if s.org != b.by.OrgID {
			others = append(others, s)
		}
	}
	return others
}

// groupContacts says who agreed, and offers each contact that the reader may see.
func (b *builder) groupContacts(v *ui.PairPage, button func(action, label string)) {
	var agreed []string
	for _, s := range b.seats() {
		if b.k.Agreed(s.org) {
			agreed = append(agreed, s.name)
		}
	}
	key := "web.pairs.group.contact.none"
	switch own := b.k.Agreed(b.by.OrgID); {
	case own && len(agreed) > 0:
		key = "web.pairs.group.contact.both"
	case own:
		key = "web.pairs.group.contact.own"
	case len(agreed) > 0:
		key = "web.pairs.group.contact.others"
	}
	v.Agreements = b.p.T(key, "who", strings.Join(agreed, b.p.T("web.comma")))
	for _, s := range b.seats() {
		if b.k.Shows(b.by.OrgID, s.org) {
			look := ui.Form{Action: b.url(b.k.ID) + "/contact", Buttons: []ui.Button{{Label: b.p.T("web.pairs.group.contact.look", "org", s.name)}}, Groups: b.hidden()}
			look.Groups[0].Fields = append(look.Groups[0].Fields, ui.Field{Name: "of", Type: "hidden", Value: string(s.org)})
			v.Share = append(v.Share, look)
		}
	}
	if b.stance().Reveals.IsZero() {
		button("agree", "web.pairs.contact.agree")
	} else {
		button("withdraw", "web.pairs.contact.withdraw")
	}
}
