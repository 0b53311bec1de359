// Package portal is the pages for visitors: home, lists, opportunity,
// capability, organisation, matches, help. Who is signed in finds the same
// matches for all entries of his organisation together ([Portal.Mine]).
//
// It stands on the fourth floor beside internal/web, which mounts its handlers
// on routes. A handler reads through the visitor's catalogue (see
// internal/web/backend), chooses what a page shows, and hands a typed view to
// internal/web/ui. When the index or the matcher is away a page still comes,
// from rows, and says what is missing.
package portal

import (
	"cmp"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"jinghe/internal/engage"
	"jinghe/internal/locale"
	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/web/annex"
	"jinghe/internal/web/backend"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

// Portal holds the handlers. It is safe for concurrent use.
type Portal struct {
	catalogue backend.Catalogue
	finder    backend.Finder
	matcher   backend.Matcher
	dict      func() *scene.Dictionaries
	frame     *frame.Frame
	site      ui.Site
	now       func() time.Time
	log       *slog.Logger
	home      *shelf
	engage    *engage.Service // nil where no pairs are worked on
	registry  *registry.Registry
	sitemap   *sitemap
	templates *templates
	annex     *annex.Annex
}

// New returns the pages over s, whose catalogue must be that of a visitor.
func New(s backend.Services, f *frame.Frame, now func() time.Time, log *slog.Logger) *Portal {
	return &Portal{
		catalogue: s.Catalogue, finder: s.Finder, matcher: s.Matcher, dict: s.Dictionaries,
		frame: f, site: f.Site(), now: now, log: log,
		home: &shelf{views: map[locale.Lang]keptHome{}}, engage: s.Engagements, registry: s.Registry, sitemap: &sitemap{}, templates: &templates{}, annex: annex.New(s.Files),
	}
}

// visit is one request for a page: its language, its frame and the time at
// which everything on it is true.
type visit struct {
	*Portal
	c    echo.Context
	lang locale.Lang
	page *ui.Page
	at   time.Time
	dict *scene.Dictionaries
	orgs map[scene.ID]string // English names, learned when the page is English
}

func (p *Portal) visit(c echo.Context) *visit {
	r := edge.From(c.Request().Context())
	return &visit{
		Portal: p, c: c, lang: r.Lang, at: p.now(), dict: p.dict(),
		page: p.frame.Page(c),
	}
}

func (v *visit) render(status int, page templ.Component) error {
	return v.frame.Render(v.c, status, page)
}

func (v *visit) ok(page templ.Component) error { return v.render(http.StatusOK, page) }

// Failure renders a problem as a page.
func (p *Portal) Failure(c echo.Context, problem *edge.Problem) error {
	v := p.visit(c)
	key := "web.error." + problem.Code
	if problem.Status == http.StatusMethodNotAllowed {
		key = "web.error.method"
	}
	v.page.Title, v.page.NoIndex = v.page.T(key), true
	return v.render(problem.Status, ui.ErrorPageView(v.page, ui.ErrorPage{
		Status: problem.Status, Heading: v.page.Title, Text: problem.Detail,
	}))
}

// About answers GET /about.
func (p *Portal) About(c echo.Context) error {
	v := p.visit(c)
	v.page.Title, v.page.Nav = v.page.T("web.about.title"), "about"
	return v.ok(ui.AboutPage(v.page))
}

// Reference answers GET /developers with the description of the API, which of gives
// in a language.
func (p *Portal) Reference(of func(locale.Lang) ui.Reference) echo.HandlerFunc {
	kept := map[locale.Lang]func() ui.Reference{}
	for _, lang := range []locale.Lang{locale.Zh, locale.En} {
		kept[lang] = sync.OnceValue(func() ui.Reference { return of(lang) })
	}
	return func(c echo.Context) error {
		v := p.visit(c)
		r := kept[v.lang]()
		v.page.Title, v.page.More = v.page.T("web.reference.title"), true
		return v.ok(ui.ReferencePage(v.page, r.At(v.address())))
	}
}

// address is that of the site: as the installation says, else as the reader's
// browser asked for it.
func (v *visit) address() string {
	return cmp.Or(v.page.Site.URL, v.c.Scheme()+"://"+v.c.Request().Host)
}

func (v *visit) t(key string, pairs ...any) string { return v.page.T(key, pairs...) }
