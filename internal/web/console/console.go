// Package console is the pages of the centre's own: what waits for review,
// accounts, organisations, the record of who did what.
//
// It stands on the fourth floor beside internal/web, which mounts its handlers
// on routes behind their permissions. What may be done is decided by the
// services; a page offers only what would be allowed.
package console

import (
	"time"

	"github.com/labstack/echo/v4"

	"jinghe/internal/account"
	"jinghe/internal/convene"
	"jinghe/internal/engage"
	"jinghe/internal/learning"
	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/web/annex"
	"jinghe/internal/web/backend"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/sheet"
	"jinghe/internal/web/ui"
)

// Addresses of the parts.
const (
	reviews       = "/console/reviews"
	entries       = "/console/entries"
	proposals     = "/console/proposals"
	accounts      = "/console/accounts"
	organisations = "/console/organisations"
	record        = "/console/record"
	words         = "/console/words"
	imports       = "/console/imports"
	board         = "/console/board"
	events        = "/console/events"
)

// perPage is how many lines a list shows.
const perPage = 50

// Console holds the handlers. It is safe for concurrent use.
type Console struct {
	accounts  *account.Service
	registry  *registry.Registry
	workbench backend.Workbench
	learning  *learning.Service
	drafting  backend.Drafting
	matcher   backend.Matcher
	lists     func() backend.Lists // nil: none are worked out ahead
	intake    backend.Intake
	fairs     *convene.Service
	pairs     *engage.Service
	public    string // address that people use, "" if not known
	dict      func() *scene.Dictionaries
	frame     *frame.Frame
	annex     *annex.Annex
	now       func() time.Time
}

// New returns the pages; public is the address that people use, "" if not known.
func New(s backend.Services, f *frame.Frame, now func() time.Time, public string) *Console {
	return &Console{
		accounts: s.Accounts, registry: s.Registry, workbench: s.Workbench, intake: s.Intake, lists: s.Lists, fairs: s.Fairs, pairs: s.Engagements,
		learning: s.Learning, drafting: s.Drafting, matcher: s.Matcher,
		dict: s.Dictionaries, frame: f, annex: annex.New(s.Files), now: now, public: public,
	}
}

func actor(c echo.Context) scene.Actor { return edge.From(c.Request().Context()).Actor }

// page begins a page of the console with its navigation; here is the part that it belongs to.
func (o *Console) page(c echo.Context, title, here string) (*ui.Page, []ui.DeskTab, error) {
	p := o.frame.Page(c)
	p.Title, p.NoIndex, p.Desk, p.Nav = p.T(title), true, true, "console"
	by := actor(c)
	first := "web.console.tab.overview"
	if by.MayEver(scene.ListingReview) {
		first = "web.console.tab.reviews"
	}
	var tabs []ui.DeskTab
	for _, t := range []struct {
		url, key string
		need     scene.Action
	}{
		{"/console", first, scene.ConsoleEnter},
		{entries, "web.console.tab.entries", scene.ListingFollow},
		{imports, "web.console.tab.imports", scene.ListImport},
		{accounts, "web.console.tab.accounts", scene.AccountList},
		{events, "web.nav.events", scene.FairRead},
		{organisations, "web.console.tab.organisations", scene.OrganisationRead},
		{batches, "web.console.tab.batches", scene.BatchManage},
		{showcases, "web.console.tab.showcases", scene.ShowcaseManage},
		{"/console/engagements", "web.console.tab.pairs", scene.EngagementFollow},
		{words, "web.console.tab.words", scene.VocabularyEdit},
		{record, "web.console.tab.record", scene.AuditRead},
		{"/console/tokens", "web.tokens.title", scene.ConsoleEnter},
	} {
		if by.MayEver(t.need) {
			tabs = append(tabs, ui.DeskTab{Link: ui.Link{Text: p.T(t.key), URL: t.url, Active: t.url == here}})
		}
	}
	if !by.MayEver(scene.AccountVerify) {
		return p, tabs, nil
	}
	waiting, err := o.accounts.Waiting(c.Request().Context())
	for i := range tabs {
		if tabs[i].URL == accounts {
			tabs[i].Waiting = waiting
		}
	}
	return p, tabs, err
}

// Page begins a page of the console that another package fills; title is a
// message key and here the address of the part that it belongs to.
func (o *Console) Page(c echo.Context, title, here string) (*ui.Page, []ui.DeskTab, error) {
	return o.page(c, title, here)
}

// listsText says how far the lists of matches are that are worked out ahead.
func (o *Console) listsText(p *ui.Page) string {
	if o.lists == nil {
		return ""
	}
	s := o.lists()
	key := "web.console.lists"
	switch {
	case s.Making:
		key = "web.console.lists.making"
	case s.Fresh == 0:
		key = "web.console.lists.none"
	}
	return p.T(key, "fresh", s.Fresh, "total", s.Total, "time", ui.Minute(s.Made))
}

func (o *Console) sheetNow() *sheet.Sheet { return sheet.New(o.dict()) }
