package portal

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"jinghe/internal/engage"
	"jinghe/internal/match"
	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/pairs"
	"jinghe/internal/web/ui"
)

const (
	// MinePath is where an organisation finds the matches of all its entries.
	MinePath = "/workspace/matches"
	// minePer is how many entries a page of it shows, mineTop how many matches of each.
	minePer, mineTop = 10, 3
	// ofMine is the place from which a form of that page comes.
	ofMine = "mine"
)

// ours is what the organisation whose listing asks has said of its matches: what
// it passed over, and what it works on. It is empty for every other reader.
type ours struct {
	kind   scene.Kind
	id     scene.ID
	from   string // the page on which it stands, [ofMine] or "" for that of the listing's matches
	may    bool   // the reader answers for the listing
	passed map[scene.ID]scene.Decision
	cases  map[scene.ID]scene.Engagement
}

// ours reads it. A page comes without it rather than not at all.
func (v *visit) ours(ctx context.Context, kind scene.Kind, l *scene.Listing) (o ours) {
	by := edge.From(ctx).Actor
	o = ours{kind: kind, id: l.ID}
	if v.engage == nil || !l.Open(v.at) || l.OrgID == "" || by.May(scene.EngagementAnswer, scene.Object{OrgID: l.OrgID}) != nil {
		return o
	}
	f := engage.Filter{Need: l.ID}
	if kind == scene.KindCapability {
		f = engage.Filter{Offer: l.ID}
	}
	passed, err := v.engage.Passed(ctx, by, kind, l)
	rows, listed := v.engage.List(ctx, by, f, store.Page{Limit: store.MaxPage})
	if err = cmp.Or(err, listed); err != nil {
		v.log.WarnContext(ctx, "matches without what was said of them", "id", string(l.ID), "error", err)
		return o
	}
	o.may, o.passed, o.cases = true, passed, map[scene.ID]scene.Engagement{}
	for _, e := range rows.Items {
		other := e.Offer
		if kind == scene.KindCapability {
			other = e.Need
		}
		if e.Stage.Open() {
			o.cases[other] = e
		}
	}
	return o
}

// others are the counterparts that were passed over, in order of id.
func (o *ours) others() []scene.ID { return slices.Sorted(maps.Keys(o.passed)) }

// without is the list without what was passed over, of that length at most.
func (o *ours) without(list []match.Match, top int) []match.Match {
	if len(o.passed) == 0 {
		return list
	}
	kept := make([]match.Match, 0, len(list))
	for i := range list {
		if _, gone := o.passed[list[i].Offer.ID]; !gone && len(kept) < top {
			kept = append(kept, list[i])
		}
	}
	return kept
}

// answer adds what the reader can do with a match: the case that both are in, or
// the form by which the organisation passes it over.
func (o *ours) answer(v *visit, item *ui.Match) {
	if e, open := o.cases[scene.ID(item.ID)]; open {
		item.Begin = ui.Link{Text: v.t("web.mine.case", "stage", v.t("engagement.stage."+string(e.Stage))), URL: pairs.Workspace + "/" + string(e.ID)}
		return
	}
	if o.may && item.Begin.URL != "" {
		item.Pass = o.passForm(v, scene.ID(item.ID))
		v.page.Desk = true
	}
}

// hidden are the fields by which a form says what it is about.
func (o *ours) hidden(other scene.ID) []ui.Field {
	fields := []ui.Field{
		{Name: "kind", Value: string(o.kind)}, {Name: "id", Value: string(o.id)}, {Name: "other", Value: string(other)}, {Name: "from", Value: o.from},
	}
	for i := range fields {
		fields[i].Type = "hidden"
	}
	return fields
}

func (o *ours) passForm(v *visit, other scene.ID) *ui.Form {
	about := "pass-" + string(o.id) + "-" + string(other)
	f := ui.Form{
		Action:  MinePath + "/pass",
		Buttons: []ui.Button{{Label: v.t("web.mine.pass"), Danger: true}},
		Groups: []ui.Group{{Fields: []ui.Field{
			pairs.ReasonField(v.page, about),
			{Name: "text", Form: about, Label: v.t("web.pairs.reason.text"), Max: scene.MaxEngagementText},
		}}, {Fields: o.hidden(other)}},
	}
	return &f
}

// tell adds what was passed over, with the way back.
func (o *ours) tell(v *visit, view *ui.Matches, texts sides) {
	for _, id := range o.others() {
		d := o.passed[id]
		if texts.names[id] == "" {
			continue // no longer to be seen
		}
		view.Passed = append(view.Passed, ui.Passed{
			Name: texts.names[id], URL: listingURL(view.Kind, id), Org: v.orgName(texts.orgs[id], texts.orgNames[id]),
			Why: v.t("engagement.reason." + string(cmp.Or(d.Stop, scene.StopOther))), Text: d.Note, When: ui.Date(v.lang, d.At),
			Back: ui.Form{
				Action: MinePath + "/unpass", Buttons: []ui.Button{{Label: v.t("web.mine.unpass"), Of: texts.names[id]}},
				Groups: []ui.Group{{Fields: o.hidden(id)}},
			},
		})
		v.page.Desk = true
	}
}

// Mine answers GET /workspace/matches?from=N: the best matches of every entry of
// the reader's organisation that is open, those new since his last look marked.
func (p *Portal) Mine(c echo.Context) error {
	v, ctx := p.visit(c), c.Request().Context()
	by := edge.From(ctx).Actor
	own, err := p.registry.Own(ctx, by)
	if err != nil {
		return err
	}
	own = slices.DeleteFunc(own, func(e registry.Entry) bool { return !e.Listing().Open(v.at) })
	from := min(max(edge.Number(c.QueryParam("from")), 0), len(own))
	v.page.Title, v.page.NoIndex, v.page.Desk, v.page.Nav = v.t("web.mine"), true, true, "workspace"
	view := ui.Mine{Total: len(own)}
	if done := c.QueryParam("done"); v.page.Has("web.mine.done." + done) {
		view.Notice = v.t("web.mine.done." + done)
	}
	shown := map[scene.ID][]scene.ID{}
	for i := range own[from:min(from+minePer, len(own))] {
		view.Entries = append(view.Entries, v.mine(ctx, &own[from+i], shown))
	}
	fresh, err := p.engage.Look(ctx, by, shown)
	if err != nil {
		return err
	}
	for i := range view.Entries {
		view.New += mark(&view.Entries[i], fresh)
	}
	if from > 0 {
		view.Prev = MinePath + "?from=" + strconv.Itoa(max(from-minePer, 0))
	}
	if from+minePer < len(own) {
		view.Next = MinePath + "?from=" + strconv.Itoa(from+minePer)
	}
	return v.ok(ui.MinePage(v.page, view))
}

// mine is the matches of one entry, whose counterparts it adds to what is shown.
func (v *visit) mine(ctx context.Context, e *registry.Entry, shown map[scene.ID][]scene.ID) ui.MineEntry {
	l, kind := e.Listing(), e.Kind()
	var fields map[string]string
	if e.Opportunity != nil {
		fields = needFields(e.Opportunity)
	} else {
		fields = offerFields(e.Capability)
	}
	own := v.ours(ctx, kind, l)
	own.from = ofMine
	part := ui.MineEntry{
		ID: string(l.ID), Kind: kind, Name: scene.Redact(v.name(l)), URL: frame.EntryURL("/workspace/listings", kind, l.ID),
		All: listingURL(kind, l.ID) + "/matches", Match: v.matches(ctx, kind, l, fields, own, mineTop),
	}
	part.Match.MoreURL, part.Match.Excluded = "", nil
	if part.Match.Notice != "" { // nothing is shown, which is no look
		return part
	}
	list := make([]scene.ID, len(part.Match.Items))
	for i := range part.Match.Items {
		list[i] = scene.ID(part.Match.Items[i].ID)
		part.Match.Items[i].Open = false
	}
	shown[l.ID] = list
	return part
}

// mark marks those of an entry's matches that are new, and returns how many are.
func mark(part *ui.MineEntry, fresh map[scene.ID]map[scene.ID]bool) int {
	news := fresh[scene.ID(part.ID)]
	for i := range part.Match.Items {
		if item := &part.Match.Items[i]; news[scene.ID(item.ID)] {
			item.New = true
			part.New++
		}
	}
	return part.New
}

// passing reads a form of [ours.hidden]: the pair, and where to go back to.
func passing(c echo.Context) (p engage.Passing, back string) {
	kind, id, other := scene.Kind(c.FormValue("kind")), scene.ID(c.FormValue("id")), scene.ID(c.FormValue("other"))
	p = engage.Passing{Need: id, Offer: other, Reason: scene.StopReason(c.FormValue("reason")), Text: c.FormValue("text")}
	if kind == scene.KindCapability {
		p.Need, p.Offer = other, id
	}
	if c.FormValue("from") == ofMine {
		return p, MinePath
	}
	return p, listingURL(kind, scene.ID(url.PathEscape(string(id)))) + "/matches"
}

// Pass answers POST /workspace/matches/pass: the organisation does not want a
// match. What was wrong is shown in the same form on a page of its own.
func (p *Portal) Pass(c echo.Context) error {
	pair, back := passing(c)
	err := p.engage.Pass(c.Request().Context(), edge.From(c.Request().Context()).Actor, pair)
	if frame.Mendable(err) {
		v := p.visit(c)
		v.page.Title, v.page.NoIndex, v.page.Desk, v.page.Nav = v.t("web.mine.pass"), true, true, "workspace"
		o := ours{kind: scene.Kind(c.FormValue("kind")), id: scene.ID(c.FormValue("id"))}
		if back == MinePath {
			o.from = ofMine
		}
		f := *o.passForm(v, scene.ID(c.FormValue("other")))
		frame.Retype(&f, c.FormValue)
		frame.Fill(v.lang, &f, err)
		f.Back = ui.Link{Text: v.t("web.form.cancel"), URL: back}
		return v.render(edge.Status(scene.CodeOf(err)), ui.FormPageView(v.page, ui.FormPage{
			Lead: v.t("web.mine.pass.lead"), Crumb: ui.Link{Text: v.t("web.mine"), URL: back}, Form: f,
		}))
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, back+"?done=passed")
}

// Unpass answers POST /workspace/matches/unpass: takes that back.
func (p *Portal) Unpass(c echo.Context) error {
	pair, back := passing(c)
	if err := p.engage.Unpass(c.Request().Context(), edge.From(c.Request().Context()).Actor, pair.Need, pair.Offer); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, back+"?done=unpassed")
}
