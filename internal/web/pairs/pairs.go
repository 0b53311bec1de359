// Package pairs is the pages of the pairs that people work on: my pairs in a
// workspace, all pairs in the console, and one pair with what can be done.
//
// It stands on the fourth floor beside internal/web, which mounts its handlers
// on routes behind their permissions. What may be done is decided by
// internal/engage; a page offers only what would be allowed.
package pairs

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"jinghe/internal/account"
	"jinghe/internal/engage"
	"jinghe/internal/locale"
	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

// Addresses of the two rooms in which pairs are worked on.
const (
	Workspace = "/workspace/engagements"
	Console   = "/console/engagements"
)

const perPage = 50

// Pairs holds the handlers of one room. It is safe for concurrent use.
type Pairs struct {
	engage   *engage.Service
	accounts *account.Service
	registry *registry.Registry
	frame    *frame.Frame
	now      func() time.Time
	base     string
	tabs     Tabs
}

// Tabs begins a page of the console with its navigation.
type Tabs func(c echo.Context, title, here string) (*ui.Page, []ui.DeskTab, error)

// New returns the pages of the room at base; tabs is the navigation of the
// console, nil in a workspace.
func New(e *engage.Service, a *account.Service, reg *registry.Registry, f *frame.Frame, now func() time.Time, base string, tabs Tabs) *Pairs {
	return &Pairs{engage: e, accounts: a, registry: reg, frame: f, now: now, base: base, tabs: tabs}
}

// Base is the address of the room.
func (r *Pairs) Base() string { return r.base }

// title is what the list is called: the centre's are not its own.
func (r *Pairs) title() string {
	if r.base == Console {
		return "web.console.tab.pairs"
	}
	return "web.pairs.title"
}

func actor(c echo.Context) scene.Actor { return edge.From(c.Request().Context()).Actor }

func (r *Pairs) page(c echo.Context, title string) (*ui.Page, []ui.DeskTab, error) {
	if r.tabs != nil {
		return r.tabs(c, title, r.base)
	}
	p := r.frame.Page(c)
	p.Title, p.NoIndex, p.Desk, p.Nav = p.T(title), true, true, "workspace"
	return p, nil, nil
}

// List answers GET …/engagements?stage=STAGE&stuck=yes&after=CURSOR.
func (r *Pairs) List(c echo.Context) error {
	rows, f, err := r.asked(c)
	if err != nil {
		return err
	}
	counts, err := r.engage.Counts(c.Request().Context(), actor(c))
	if err != nil {
		return err
	}
	p, nav, err := r.page(c, r.title())
	if err != nil {
		return err
	}
	v := ui.Pairs{Nav: nav, Empty: p.T("web.pairs.empty.text"), Tabs: r.filters(p, f, counts)}
	if f.Stuck {
		v.Empty = p.T("web.pairs.empty.stuck")
	}
	by := actor(c)
	if r.base == Console && by.MayEver(scene.EngagementRecommend) {
		v.Begin = ui.Link{Text: p.T("web.pairs.recommend"), URL: r.base + "/new"}
	}
	if by.MayEver(scene.EngagementForm) {
		v.Form = ui.Link{Text: p.T("web.pairs.group.new"), URL: r.base + "/group"}
	}
	if r.base == Console {
		q := url.Values{"stage": {string(f.Stage)}}
		if f.Stuck {
			q.Set("stuck", "yes")
		}
		v.Files = []ui.Link{{Text: p.T("web.export.xlsx"), URL: r.base + ".xlsx?" + q.Encode()}}
		v.Funnel = FunnelOf(p, counts, r.base)
		p.Draws = v.Funnel != nil
	}
	for i := range rows.Items {
		v.Rows = append(v.Rows, r.row(p, &rows.Items[i], rows.Items[i].PartyOf(&by)))
	}
	if rows.Next != "" {
		q := url.Values{"after": {rows.Next}, "stage": {string(f.Stage)}}
		v.Next = r.base + "?" + q.Encode()
	}
	return r.frame.Render(c, http.StatusOK, ui.PairsPage(p, v))
}

// asked reads what is asked for. The console opens on what somebody should look
// after, and on all there is where nothing waits.
func (r *Pairs) asked(c echo.Context) (store.Rows[scene.Engagement], engage.Filter, error) {
	ctx, by, page := c.Request().Context(), actor(c), store.Page{After: c.QueryParam("after"), Limit: perPage}
	f := engage.Filter{Stage: scene.Stage(c.QueryParam("stage")), Stuck: c.QueryParam("stuck") != ""}
	if f.Stage != "" && !f.Stage.Valid() {
		return store.Rows[scene.Engagement]{}, f, &scene.Error{Code: scene.NotFound, Op: "pairs.List", Key: "web.not_found"}
	}
	if r.tabs != nil && len(c.QueryParams()) == 0 {
		f.Stuck = true
		if rows, err := r.engage.List(ctx, by, f, page); err != nil || len(rows.Items) > 0 {
			return rows, f, err
		}
		f.Stuck = false
	}
	rows, err := r.engage.List(ctx, by, f, page)
	return rows, f, err
}

// filters are the ways to narrow a list: stuck ones, all, and by stage, with how
// many each has where that is known.
func (r *Pairs) filters(p *ui.Page, f engage.Filter, counts map[scene.Stage]int) []ui.Link {
	all := f.Stage == "" && !f.Stuck
	total := 0
	for _, n := range counts {
		total += n
	}
	named := func(key string, n int) string {
		if counts == nil {
			return p.T(key)
		}
		return p.T(key) + " " + strconv.Itoa(n)
	}
	list := []ui.Link{
		{Text: p.T("web.pairs.stuck"), URL: r.base + "?stuck=yes", Active: f.Stuck},
		{Text: named("web.pairs.all", total), URL: r.base + "?all=yes", Active: all},
	}
	for _, stage := range scene.Stages() {
		if stage != scene.StageMutual { // passed at once
			list = append(list, ui.Link{Text: named("engagement.stage."+string(stage), counts[stage]), URL: r.base + "?stage=" + string(stage), Active: f.Stage == stage})
		}
	}
	return list
}

func (r *Pairs) row(p *ui.Page, e *scene.Engagement, reader scene.Party) ui.PairRow {
	need, offer := e.Called()
	row := ui.PairRow{
		Need: need, Offer: offer, NeedOrg: e.NeedOrgName, OfferOrg: e.OfferOrgName, URL: r.url(e.ID),
		Stage: stageOf(p, e.Stage), Updated: ui.Date(p.Lang, e.Updated), Late: e.Next.Late(r.now()),
	}
	if e.Loose {
		row.NeedOrg, row.OfferOrg = p.T("web.pairs.loose.entry", "name", e.NeedName), p.T("web.pairs.loose.entry", "name", e.OfferName)
	}
	if e.Next.Known() {
		row.Next = locale.Retold(p.Lang, e.Next.Text)
		row.Due = p.T("engagement.party."+string(e.Next.Party)) + " · " + ui.Date(p.Lang, e.Next.Due)
	}
	if n := len(e.Partners); n > 0 {
		row.Group = p.T("web.pairs.group.count", "count", n+1)
	}
	row.Turn, row.Own = turn(p, e, reader)
	return row
}

func (r *Pairs) url(id scene.ID) string { return r.base + "/" + url.PathEscape(string(id)) }

func stageOf(p *ui.Page, s scene.Stage) ui.State {
	return ui.State{Code: string(s), Label: p.T("engagement.stage." + string(s))}
}

// seeOther goes to the page of a pair with what was done.
func (r *Pairs) seeOther(c echo.Context, id scene.ID, done string) error {
	return c.Redirect(http.StatusSeeOther, r.url(id)+"?done="+done)
}
