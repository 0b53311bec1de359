package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"jinghe/internal/scene"
	"jinghe/internal/web/annex"
	"jinghe/internal/web/api"
	"jinghe/internal/web/console"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/entrance"
	"jinghe/internal/web/fair"
	"jinghe/internal/web/keys"
	"jinghe/internal/web/workspace"
)

// Route is one line of the table of routes.
type Route struct {
	Method string
	Path   string // as registered, with :parameters
	May    edge.Permission
}

// Routes lists what the server answers, pages first.
func (s *Server) Routes() []Route { return s.routes }

// mount registers every route. The permission stands on the line of its route.
func (s *Server) mount() error {
	p := s.portal
	s.public("/", p.Home)
	s.public("/search", p.Search)
	s.public("/opportunities", p.Opportunities)
	s.public("/opportunities/:id", s.answered(p.Opportunity))
	s.public("/opportunities/:id/matches", s.answered(p.OpportunityMatches))
	s.public("/capabilities", p.Capabilities)
	s.public("/capabilities/:id", s.answered(p.Capability))
	s.public("/capabilities/:id/matches", s.answered(p.CapabilityMatches))
	s.public("/organisations/:id", p.Organisation)
	s.public("/opportunities/:id/card", p.OpportunityCard)
	s.public("/opportunities/:id/card.png", p.OpportunityCode)
	s.public("/capabilities/:id/card", p.CapabilityCard)
	s.public("/capabilities/:id/card.png", p.CapabilityCode)
	s.public("/compare", p.Compare)
	s.public("/suggest", p.Suggest)
	s.public("/feed.atom", p.Feed)
	if s.config.PublicURL != "" { // its addresses are absolute
		s.public("/sitemap.xml", p.Sitemap)
	}
	s.public("/batches", p.Batches)
	s.public("/batches/:id", p.Batch)
	s.public("/showcases", p.Showcases)
	s.public("/showcases/:id", p.Showcase)
	s.public("/about", p.About)
	s.get("/preferences", edge.Visitor, p.Preferences)

	s.machine("/assets/:name", edge.Visitor, s.asset)
	s.machine("/favicon.ico", edge.Visitor, s.icon)
	s.machine("/robots.txt", edge.Visitor, s.robots)

	s.machine("/healthz", edge.Visitor, s.healthz)
	s.machine("/readyz", edge.Visitor, s.readyz)
	s.machine("/metrics", edge.Operator, echo.WrapHandler(s.figures.handler()))

	v1, err := api.Mount(s.echo, api.Config{
		Services: s.services, Now: s.config.Now, Version: s.config.Version, Allow: s.admit,
		PublicURL: s.config.PublicURL, Source: s.config.Site.Name, Log: s.config.Log,
	})
	if err != nil {
		return err
	}
	for _, o := range v1.Operations() {
		s.routes = append(s.routes, Route{o.Method, o.Path, o.May})
	}
	if len(s.config.TLSRoot) > 0 {
		s.get("/trust", edge.Visitor, s.trust)
		s.get("/trust/root.crt", edge.Visitor, s.root)
	}
	s.get("/developers", edge.Visitor, p.Reference(v1.Reference))
	for _, kind := range []scene.Kind{scene.KindOpportunity, scene.KindCapability} {
		s.get("/templates/"+string(kind)+".xlsx", edge.Visitor, p.Template(kind))
	}
	s.get("/developers/widget", edge.Visitor, s.framing(p.Widget(s.config.EmbedOrigins)))
	s.get(embedPath, edge.Visitor, s.framed(p.Embed))
	s.machine(embedPath+"/theme.css", edge.Visitor, p.EmbedTheme)
	s.machine(embedPath+".js", edge.Visitor, s.widget)
	if s.services.Accounts != nil {
		s.mountEntrance()
		s.mountWorkspace()
		s.mountConsole()
		s.mountSearches()
	}
	if err := s.mountExchange(v1.Exchanger()); err != nil {
		return err
	}
	if s.services.Files != nil {
		s.get("/files/:id", edge.Visitor, annex.New(s.services.Files).Open)
	}
	if s.services.Notices != nil {
		s.mountInbox()
	}
	if s.services.Engagements != nil {
		s.mountPairs()
	}
	if s.services.Accounts != nil && s.services.Fairs != nil {
		s.mountFairs()
	}
	return nil
}

// mountEntrance registers signing up, in and out, and what is a person's own.
func (s *Server) mountEntrance() {
	e := entrance.New(s.services.Accounts, s.services.Fairs, s.frame, s.config.Now)
	s.get("/privacy", edge.Visitor, e.Document("privacy"))
	s.get("/terms", edge.Visitor, e.Document("terms"))
	s.page("/sign-up", edge.Visitor, e.SignUpPage)
	s.post("/sign-up", edge.Visitor, ClassSign, e.SignUp)
	s.page("/sign-up/mail/:token", edge.Visitor, e.ProveMailPage)
	s.post("/sign-up/mail/:token", edge.Visitor, ClassSign, e.ProveMail)
	s.page("/invitations/:token", edge.Visitor, e.InvitationPage)
	s.post("/invitations/:token", edge.Visitor, ClassSign, e.Invitation)
	s.page("/sign-in", edge.Visitor, e.SignInPage)
	s.post("/sign-in", edge.Visitor, ClassSign, e.SignIn)
	if s.services.SignOn != nil {
		on := entrance.NewSignOn(e, s.services.SignOn, s.config.Random)
		s.route(http.MethodGet, "/sign-in/with", edge.Visitor, s.limited(ClassSign, on.Begin))
		s.route(http.MethodGet, "/sign-in/with/return", edge.Visitor, s.limited(ClassSign, s.sealed(on.Return)))
	}
	s.page("/sign-in/forgotten", edge.Visitor, e.ForgottenPage)
	s.post("/sign-in/forgotten", edge.Visitor, ClassSign, e.Forgotten)
	s.page("/sign-in/reset/:token", edge.Visitor, e.RenewPage)
	s.post("/sign-in/reset/:token", edge.Visitor, ClassSign, e.Renew)
	s.page("/sign-in/code", edge.Signed, e.CodePage)
	s.post("/sign-in/code", edge.Signed, ClassSign, e.Code)
	s.post("/sign-out", edge.Signed, ClassForm, e.SignOut)
	s.page("/account", edge.May(scene.AccountSelf), e.Account)
	s.page("/account/password", edge.Signed, e.PasswordPage)
	s.post("/account/password", edge.Signed, ClassSign, e.Password)
	s.page("/account/factor", edge.Signed, e.FactorPage)
	s.post("/account/factor", edge.Signed, ClassSign, e.Factor)
	s.post("/account/sign-out-others", edge.May(scene.AccountSelf), ClassForm, e.SignOutOthers)
}

const (
	// uploadPath takes larger bodies than other routes do.
	uploadPath = "/console/imports"
	// fillPath takes a workbook from which a form is filled.
	fillPath = "/workspace/listings/fill"
	// filesPath and picturesPath take a file each.
	filesPath    = "/workspace/listings/:kind/:id/files"
	picturesPath = "/console/showcases/:id/pictures"
	// wordsPath fills a second market to tell what an edit would change, and may
	// take wordsMore than other routes; less than what a response has to be written.
	wordsPath = "/console/words"
	wordsMore = 15 * time.Second
)

// mountConsole registers the pages of the centre's own.
func (s *Server) mountConsole() {
	o := s.console()
	s.page("/console", edge.May(scene.ConsoleEnter), o.Home)
	s.page("/console/entries", edge.May(scene.ListingFollow), o.Entries)
	s.post("/console/entries", edge.May(scene.BatchManage), ClassForm, o.ManyEntries)
	s.page("/console/reviews", edge.May(scene.ListingReview), func(c echo.Context) error { return c.Redirect(http.StatusSeeOther, "/console") })
	s.post("/console/reviews", edge.May(scene.ListingReview), ClassForm, o.DecideMany)
	s.page("/console/reviews/:kind/:id", edge.May(scene.ListingRead), o.Review)
	s.post("/console/reviews/:kind/:id", edge.May(scene.ListingReview), ClassForm, o.Decide)
	s.post("/console/reviews/:kind/:id/field", edge.May(scene.ListingEdit), ClassForm, o.AddField)
	s.post("/console/reviews/:kind/:id/experts", edge.May(scene.OpinionAsk), ClassForm, o.AskExperts)
	s.page("/opinions", edge.May(scene.OpinionGive), o.Asked)
	s.page("/opinions/:id", edge.May(scene.OpinionGive), o.Opinion)
	s.post("/opinions/:id", edge.May(scene.OpinionGive), ClassForm, o.Give)
	s.post("/opinions/:id/decline", edge.May(scene.OpinionGive), ClassForm, o.DeclineOpinion)
	s.post("/console/reviews/:kind/:id/contact", edge.May(scene.ContactReveal), ClassForm, o.Reveal)
	w := workspace.New(s.services, s.frame, s.config.Now)
	s.post("/console/reviews/keep", edge.May(scene.ListingAmend), ClassForm, w.Keep)
	s.page("/console/reviews/:kind/:id/edit", edge.May(scene.ListingAmend), w.Amend)
	s.post("/console/reviews/:kind/:id/edit", edge.May(scene.ListingAmend), ClassForm, w.SaveAmended)
	s.post("/console/reviews/:kind/:id/forget", edge.May(scene.ListingAmend), ClassForm, w.ForgetAmended)
	s.page("/console/proposals/:kind/:id", edge.May(scene.ListingRead), o.Proposal)
	s.post("/console/proposals/:kind/:id", edge.May(scene.ListingRevise), ClassForm, o.DecideProposal)
	s.page("/console/board/:kind/:id", edge.May(scene.PairMark), o.Board)
	s.post("/console/board/:kind/:id", edge.May(scene.PairMark), ClassForm, o.Mark)
	s.page("/console/imports", edge.May(scene.ListImport), o.Imports)
	s.post(uploadPath, edge.May(scene.ListImport), ClassForm, o.HandIn)
	s.post("/console/imports/jobs/:job/undo", edge.May(scene.ListImport), ClassForm, o.UndoImport)
	s.page("/console/imports/:id", edge.May(scene.ListImport), o.Upload)
	s.get("/console/imports/:id/marked", edge.May(scene.ListImport), o.Marked)
	s.post("/console/imports/:id/columns", edge.May(scene.ListImport), ClassForm, o.Columns)
	s.post("/console/imports/:id/accept", edge.May(scene.ListImport), ClassForm, o.Accept)
	s.post("/console/imports/:id/discard", edge.May(scene.ListImport), ClassForm, o.Discard)
	s.page("/console/organisations", edge.May(scene.ConsoleEnter), o.Organisations)
	s.page("/console/organisations/:id", edge.May(scene.OrganisationName), o.Organisation)
	s.post("/console/organisations/:id", edge.May(scene.OrganisationName), ClassForm, o.Rename)
	s.post("/console/organisations/:id/naming", edge.May(scene.OrganisationName), ClassForm, o.DecideNaming)
	s.page("/console/organisations/merge", edge.May(scene.OrganisationMerge), o.Union)
	s.post("/console/organisations/merge", edge.May(scene.OrganisationMerge), ClassForm, o.Unite)
	s.post("/console/organisations/distinct", edge.May(scene.OrganisationMerge), ClassForm, o.Distinct)
	s.page("/console/accounts", edge.May(scene.AccountList), o.People)
	s.page("/console/accounts/:id", edge.May(scene.AccountList), o.Person)
	s.post("/console/accounts/:id/approve", edge.May(scene.AccountVerify), ClassForm, o.Approve)
	s.post("/console/accounts/:id/refuse", edge.May(scene.AccountVerify), ClassForm, o.Refuse)
	s.post("/console/accounts/:id/roles", edge.May(scene.AccountManage), ClassForm, o.SetRoles)
	s.post("/console/accounts/:id/disable", edge.May(scene.AccountManage), ClassForm, o.Disable)
	s.post("/console/accounts/:id/enable", edge.May(scene.AccountManage), ClassForm, o.Enable)
	s.post("/console/accounts/:id/reset", edge.May(scene.AccountManage), ClassForm, o.Reset)
	s.page("/console/record", edge.May(scene.AuditRead), o.Record)
	s.page(wordsPath, edge.May(scene.VocabularyEdit), o.Words)
	s.post(wordsPath, edge.May(scene.VocabularyEdit), ClassForm, o.EditWords)
	s.mountLists(o)
	s.mountFiles(o)
	s.mountKeys("console", edge.May(scene.ConsoleEnter))
}

// mountLists registers batches and showcases as the centre sees them.
func (s *Server) mountLists(o *console.Console) {
	s.page("/console/batches", edge.May(scene.BatchManage), o.Batches)
	s.post("/console/batches", edge.May(scene.BatchManage), ClassForm, o.MakeBatch)
	s.page("/console/batches/:id", edge.May(scene.BatchManage), o.Batch)
	s.post("/console/batches/:id", edge.May(scene.BatchManage), ClassForm, o.ChangeBatch)
	s.page("/console/showcases", edge.May(scene.ShowcaseManage), o.Showcases)
	s.page("/console/showcases/:id", edge.May(scene.ShowcaseManage), o.Showcase)
	s.post("/console/showcases/:id", edge.May(scene.ShowcaseManage), ClassForm, o.SaveShowcase)
	s.post(picturesPath, edge.May(scene.ShowcaseManage), ClassForm, o.AddPicture)
	s.post(picturesPath+"/:file/remove", edge.May(scene.ShowcaseManage), ClassForm, o.RemovePicture)
}

// mountFiles registers the lists of the centre as files.
func (s *Server) mountFiles(o *console.Console) {
	s.get("/console/engagements.xlsx", edge.May(scene.EngagementFollow), o.PairsFile)
	s.get("/console/entries.xlsx", edge.May(scene.ListingFollow), o.EntriesFile)
	s.page("/console/brochure", edge.May(scene.ListingFollow), o.Brochure)
	s.get("/console/brochure.docx", edge.May(scene.ListingFollow), o.BrochureFile)
	s.get("/console/reviews.xlsx", edge.May(scene.ListingReview), o.QueueFile)
	s.get("/console/organisations.xlsx", edge.May(scene.ConsoleEnter), o.OrganisationsFile)
	s.get("/console/accounts.xlsx", edge.May(scene.AccountList), o.PeopleFile)
	s.get("/console/record.xlsx", edge.May(scene.AuditRead), o.RecordFile("xlsx"))
	s.get("/console/record.csv", edge.May(scene.AuditRead), o.RecordFile("csv"))
	s.get("/console/batches.xlsx", edge.May(scene.BatchManage), o.BatchesFile)
	s.get("/console/showcases.xlsx", edge.May(scene.ShowcaseManage), o.ShowcasesFile)
	s.get("/console/imports.xlsx", edge.May(scene.ListImport), o.ImportsFile)
}

// mountKeys registers the pages of access tokens in a room.
func (s *Server) mountKeys(room string, may edge.Permission) {
	k := keys.New(s.services.Accounts, s.frame, room)
	s.page("/"+room+"/tokens", may, k.List)
	s.post("/"+room+"/tokens", may, ClassForm, k.Make)
	s.post("/"+room+"/tokens/:id/revoke", may, ClassForm, k.Revoke)
}

func (s *Server) console() *console.Console {
	return console.New(s.services, s.frame, s.config.Now, s.config.PublicURL)
}

// mountFairs registers the pages of matchmaking events: for visitors, for whoever
// holds a personal link, for organisations, for the centre.
func (s *Server) mountFairs() {
	h := fair.New(s.services.Fairs, s.frame, s.config.Now, s.config.PublicURL, s.closing)
	s.get("/events", edge.Visitor, h.List)
	s.get("/events/:id", edge.Visitor, h.Show)
	// Whoever holds a code acts for its delegate; who guesses codes is slowed down.
	s.venue(http.MethodGet, "/e/:code", s.sealed(h.Personal))
	s.machine("/e/sw.js", edge.Visitor, s.worker)
	s.venue(http.MethodGet, "/e/:code/stream", h.Follow)
	s.venue(http.MethodGet, "/e/:code/app.webmanifest", h.Manifest)
	s.venue(http.MethodGet, "/e/:code/calendar.ics", h.Calendar)
	s.venue(http.MethodGet, "/e/:code/code.png", h.GuestCode)
	s.venue(http.MethodPost, "/e/:code/answer", s.genuine(h.GuestAnswer))
	s.venue(http.MethodPost, "/e/:code/wish", s.genuine(h.GuestWish))
	s.venue(http.MethodPost, "/e/:code/arrive", s.genuine(h.GuestArrive))
	s.venue(http.MethodPost, "/e/:code/seat", s.genuine(h.GuestSeat))
	s.venue(http.MethodPost, "/e/:code/outcome", s.genuine(h.GuestOutcome))
	s.venue(http.MethodPost, "/e/:code/away", s.genuine(h.GuestAway))
	s.venue(http.MethodGet, "/badge/:id/:badge", s.sealed(h.Badge))
	s.venue(http.MethodGet, "/wall/:code", h.Wall)
	s.venue(http.MethodGet, "/wall/:code/stream", h.Stream)
	s.venue(http.MethodGet, "/wall/:code/stage", s.sealed(h.Stage))
	s.venue(http.MethodGet, "/wall/:code/stage/stream", h.StageStream)

	const own = "/workspace/events"
	s.page(own, edge.May(scene.WorkspaceEnter), h.OwnList)
	s.page(own+"/:id", edge.May(scene.AccountSelf), h.OwnFair) // delegates are led on from it
	s.post(own+"/:id/join", edge.May(scene.FairJoin), ClassForm, h.OwnJoin)
	s.post(own+"/:id/amend", edge.May(scene.FairJoin), ClassForm, h.OwnAmend)
	s.post(own+"/:id/withdraw", edge.May(scene.FairJoin), ClassForm, h.OwnWithdraw)
	s.post(own+"/:id/delegate", edge.May(scene.FairJoin), ClassForm, h.OwnDelegate)
	s.post(own+"/:id/seat", edge.May(scene.FairJoin), ClassForm, h.OwnSeat)
	s.post(own+"/:id/wish", edge.May(scene.FairJoin), ClassForm, h.OwnWish)
	s.mountEvents(s.console())
}

// mountEvents registers the pages of events of the centre's own.
func (s *Server) mountEvents(o *console.Console) {
	const event = "/console/events/:id"
	const party = event + "/parties/:party"
	s.page("/console/events", edge.May(scene.FairRead), o.Events)
	s.page("/console/events/new", edge.May(scene.FairManage), o.NewEvent)
	s.post("/console/events/new", edge.May(scene.FairManage), ClassForm, o.CreateEvent)
	s.page(event, edge.May(scene.FairRead), o.Event)
	s.page(event+"/edit", edge.May(scene.FairManage), o.EditEvent)
	s.post(event+"/edit", edge.May(scene.FairManage), ClassForm, o.SaveEvent)
	s.post(event+"/state", edge.May(scene.FairManage), ClassForm, o.BringEvent)
	s.page(event+"/parties", edge.May(scene.FairRead), o.EventParties)
	s.post(event+"/parties", edge.May(scene.FairManage), ClassForm, o.AddParties)
	s.post(event+"/invite", edge.May(scene.FairManage), ClassForm, o.InviteParties)
	s.get(event+"/links.csv", edge.May(scene.FairManage), o.EventLinks)
	s.page(party, edge.May(scene.FairRead), o.EventParty)
	s.post(party+"/amend", edge.May(scene.FairManage), ClassForm, o.AmendParty)
	s.post(party+"/decide", edge.May(scene.FairManage), ClassForm, o.DecideParty)
	s.post(party+"/link", edge.May(scene.FairManage), ClassForm, o.LinkParty)
	s.post(party+"/wish", edge.May(scene.FairManage), ClassForm, o.WishParty)
	s.post(party+"/seat", edge.May(scene.FairRun), ClassForm, o.SeatParty)
	s.page(event+"/plan", edge.May(scene.FairRead), o.EventPlan)
	s.post(event+"/plan", edge.May(scene.FairManage), ClassForm, o.ChangePlan)
	s.page(event+"/whatif", edge.May(scene.FairRead), o.EventWhatIf)
	s.post(event+"/whatif", edge.May(scene.FairManage), ClassForm, o.RunWhatIf)
	s.page(event+"/day", edge.May(scene.FairRead), o.EventDay)
	s.post(event+"/day", edge.May(scene.FairRun), ClassForm, o.RunDay)
	s.page(event+"/stage", edge.May(scene.FairRead), o.EventStage)
	s.post(event+"/stage", edge.May(scene.FairRun), ClassForm, o.RunStage)
	s.page(event+"/report", edge.May(scene.FairRead), o.EventReport)
	s.get(event+"/report.xlsx", edge.May(scene.FairRead), o.EventWorkbook)
	s.get(event+"/report.docx", edge.May(scene.FairRead), o.EventPaper)
	s.page(event+"/print/:what", edge.May(scene.FairRead), o.EventPrint)
}

// venue registers what phones in a hall ask for, all through one address: the
// rate is wide, and a code that opens nothing counts as a guess.
func (s *Server) venue(method, path string, h echo.HandlerFunc) {
	s.route(method, path, edge.Visitor, s.limited(ClassVenue, func(c echo.Context) error {
		err := h(c)
		if e, ok := errors.AsType[*scene.Error](err); ok && e.Key == "fair.code_unknown" {
			return s.limited(ClassSign, func(echo.Context) error { return err })(c)
		}
		return err
	}))
}

// get registers a handler for GET and HEAD behind its permission.
func (s *Server) get(path string, may edge.Permission, h echo.HandlerFunc) {
	s.route(http.MethodGet, path, may, s.limited(ClassRead, s.guarded(may, h)))
}

// public is get for what is the same for all visitors.
func (s *Server) public(path string, h echo.HandlerFunc) {
	s.get(path, edge.Visitor, s.recently(h))
}

// page is get for a page with a form.
func (s *Server) page(path string, may edge.Permission, h echo.HandlerFunc) {
	s.route(http.MethodGet, path, may, s.limited(ClassRead, s.guarded(may, s.sealed(h))))
}

// post registers a handler for a form, with the class of its rate.
func (s *Server) post(path string, may edge.Permission, class Class, h echo.HandlerFunc) {
	s.route(http.MethodPost, path, may, s.limited(class, s.guarded(may, s.genuine(h))))
}

// machine registers what programs ask for often and cheaply: it has no rate.
func (s *Server) machine(path string, may edge.Permission, h echo.HandlerFunc) {
	s.route(http.MethodGet, path, may, s.guarded(may, h))
}

func (s *Server) route(method, path string, may edge.Permission, h echo.HandlerFunc) {
	methods := []string{method}
	if method == http.MethodGet {
		methods = append(methods, http.MethodHead)
	}
	s.echo.Match(methods, path, h)
	s.routes = append(s.routes, Route{method, path, may})
	for _, secret := range []string{":code", ":token"} {
		if prefix, _, found := strings.Cut(path, secret); found && !slices.Contains(s.secrets, prefix) {
			s.secrets = append(s.secrets, prefix)
		}
	}
}

// guarded lets a caller through who has the permission.
func (s *Server) guarded(may edge.Permission, h echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		err := s.allow(c, may)
		if err == nil {
			return h(c)
		}
		if to := s.detour(c, err); to != "" {
			return c.Redirect(http.StatusSeeOther, to)
		}
		return err
	}
}

// admit is allow for the API, with the rate of programs.
func (s *Server) admit(c echo.Context, need edge.Permission) error {
	class := ClassCall
	if m := c.Request().Method; m != http.MethodGet && m != http.MethodHead {
		class = ClassEdit
	}
	return s.limited(class, func(c echo.Context) error { return s.allow(c, need) })(c)
}
