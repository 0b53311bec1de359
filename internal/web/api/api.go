// Package api is the JSON API, version 1, for other programs: described by
// OpenAPI 3.1, errors as problem+json, lists paged by cursor, single resources
// with ETag.
//
// It stands on the fourth floor beside internal/web, which mounts it under
// /api/v1. What goes out are the types of this package, which have no place
// for a contact; they are a public promise and change by addition only. What
// everybody may read comes through the visitor's catalogue (see
// internal/web/backend); what needs an access token is asked of the services
// with the actor behind it, who decides by the same table as on pages.
//
// A noun is added by a file of its own with a mount function: get and change
// register operations, each with its permission, summary and example on its
// line. A change of something that is there takes If-Match, one by POST is done
// once under its Idempotency-Key, without a line in the handler.
package api

import (
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/labstack/echo/v4"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/web/backend"
	"jinghe/internal/web/edge"
)

// Prefix is the path under which version 1 lives.
const Prefix = "/api/v1"

// Config is what the API needs. All fields but PublicURL are required.
type Config struct {
	Services  backend.Services // with the catalogue of a visitor
	Now       func() time.Time
	Version   string // of the program
	PublicURL string // without it the document names the path only
	Source    string // name of the centre that publishes the lists
	Log       *slog.Logger
	// Allow decides whether the caller has a permission.
	Allow func(c echo.Context, need edge.Permission) error
}

// API is the mounted version 1. It is immutable after Mount.
type API struct {
	Config
	huma       huma.API
	operations []Operation
	document   []byte
}

// Operation is one line of the table of operations.
type Operation struct {
	ID, Method, Path string
	May              edge.Permission
	Tag              string
}

// Mount registers every operation on e.
func Mount(e *echo.Echo, config Config) (*API, error) {
	a := &API{Config: config}
	h := huma.DefaultConfig("Jinghe 景合", "1.0")
	h.Info.Description = description
	h.Servers = []*huma.Server{{URL: config.PublicURL + Prefix}}
	h.Tags = []*huma.Tag{
		{Name: tagOpportunities, Description: "场景机会 · Opportunities: What scenario owners need."},
		{Name: tagCapabilities, Description: "场景能力 · Capabilities: What technology providers can do."},
		{Name: tagOrganisations, Description: "单位 · Organisations: Owners and providers."},
		{Name: tagLists, Description: "清单与案例 · Lists and showcases: Batches, showcases, and whole lists to download."},
		{Name: tagSearch, Description: "搜索 · Search: Keywords in Chinese, pinyin or Latin letters."},
		{Name: tagEntries, Description: "条目管理 · Own entries: Opportunities and capabilities in whatever state, for programs with an access token."},
		{Name: tagReviews, Description: "审核 · Review: What waits for the centre, and proposed revisions."},
		{Name: tagCurating, Description: "撮合与词库 · Curating: Pins and exclusions, words and crosswalks, organisations that are one."},
		{Name: tagAccounts, Description: "账号与记录 · Accounts and record: Who is there, and who did what."},
		{Name: tagImports, Description: "清单导入 · Imports: Whole lists, for the centre."},
		{Name: tagSearches, Description: "订阅 · Saved searches: What the owner of an access token keeps asking, and what was found."},
		{Name: tagPairs, Description: "对接单 · Pairs: What people work on: interest, answers, docking, next actions, outcomes."},
		{Name: tagEvents, Description: "供需对接会 · Matchmaking events: Agenda, sign-up, wishes, meetings, the day."},
		{Name: tagInbox, Description: "收件箱 · Inbox: What the owner of an access token was told."},
		{Name: tagReceivers, Description: "接收地址 · Receivers: Other systems that are sent what happens, and robots of group chats."},
		{Name: tagReference, Description: "字典与状态 · Dictionaries and state: Codes used in the data, and the state of the service."},
	}
	// Document, reference page and schemas are served by ourselves: the
	// library's pages load scripts from elsewhere, and it would render the
	// document lazily without a lock.
	h.OpenAPIPath, h.DocsPath, h.SchemasPath, h.CreateHooks = "", "", "", nil
	format := huma.Format{Marshal: huma.DefaultJSONFormat.Marshal, Unmarshal: readJSON}
	h.Formats = map[string]huma.Format{"application/json": format, "json": format}
	h.Transformers = []huma.Transformer{asProblem}
	a.huma = humaecho.NewWithGroup(e, e.Group(Prefix), h)
	a.huma.OpenAPI().Components.SecuritySchemes = map[string]*huma.SecurityScheme{bearer: {
		Type: "http", Scheme: "bearer", Description: "An access token, made on the pages of the workspace or the console. Its scopes stand beside each operation.",
	}}
	a.huma.UseMiddleware(a.guard, a.bounded, a.once)

	a.mountOpportunities()
	a.mountCapabilities()
	a.mountSimilar()
	a.mountOrganisations()
	a.mountSearch()
	a.mountLists()
	a.mountBatches()
	a.mountShowcases()
	if config.Services.Files != nil {
		a.mountFiles()
	}
	if config.Services.Fairs != nil {
		a.mountEvents()
	}
	a.mountExchange()
	a.mountDictionaries()
	a.mountMarket()
	a.mountHealth()
	if config.Services.Accounts != nil {
		a.mountMe()
		a.mountRecord()
		a.mountEntries()
		a.mountReviews()
		a.mountCurating()
		a.mountImports()
		a.mountDrafts()
		a.mountSearches()
		a.mountPairs()
		a.mountGroups()
		a.mountPasses()
		a.mountInbox()
		a.mountReceivers()
	}
	return a, a.mountDocument(e)
}

const description = `Matches technology providers with application scenarios (场景供需对接).

Every answer carries ` + "`X-Request-Id`" + `. An error is ` + "`application/problem+json`" + ` with a stable ` + "`code`" + ` and the
` + "`request_id`" + `. Lists are paged: pass ` + "`next_cursor`" + ` of one page as ` + "`cursor`" + ` of the next; it is absent at the end.
What changes something, or is not for everybody, needs an access token: ` + "`Authorization: Bearer …`" + `; cookies count for nothing.
A change of what is there needs ` + "`If-Match`" + ` with the ` + "`ETag`" + ` that was read (else 428; 412 if somebody was faster). A POST with an
` + "`Idempotency-Key`" + ` is done once within 24 hours and answered alike (` + "`Idempotency-Replayed: true`" + `); the same key with another
request is a 409. ` + "`RateLimit-Policy`" + ` and ` + "`RateLimit`" + ` tell how much may be asked; after a 429 wait for ` + "`Retry-After`" + ` seconds.
Sentences come in the language of ` + "`?lang=`" + ` or ` + "`Accept-Language`" + ` (` + "`zh`" + `, ` + "`en`" + `). Codes are explained under
` + "`/dictionaries`" + `. Money is exact, in fen (1/100 yuan). Instants are RFC 3339. Contacts are never part of an answer.`

// Operations lists what was mounted, the document included.
func (a *API) Operations() []Operation { return slices.Clone(a.operations) }

// Document returns the OpenAPI 3.1 document.
func (a *API) Document() []byte { return a.document }

// asProblem gives the errors that the library makes itself, such as a
// parameter out of range, the shape of all others.
func asProblem(ctx huma.Context, _ string, v any) (any, error) {
	m, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	code := edge.CodeFor(m.Status)
	p := edge.NewProblem(ctx.Context(), &scene.Error{Code: code})
	p = edge.ProblemAs(ctx.Context(), m.Status, code, p.Detail)
	if key, _ := complaintOf(m.Detail); key != "" { // what is wrong with the whole stands in place of what it is about
		p.Errors = append(p.Errors, edge.FieldProblem{Field: "body", Message: locale.Text(edge.From(ctx.Context()).Lang, key, nil)})
	}
	for _, e := range m.Errors {
		p.Errors = append(p.Errors, edge.FieldProblem{Field: strings.TrimPrefix(e.Location, "body."), Message: complained(edge.From(ctx.Context()).Lang, e.Message)})
	}
	return p, nil
}

// notModified answers a conditional request whose copy is still good.
func notModified(etag string) error {
	return huma.ErrorWithHeaders(huma.Status304NotModified(), http.Header{"ETag": {etag}})
}
