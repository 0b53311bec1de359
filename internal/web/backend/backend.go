// Package backend says what the pages and the API ask of the services, as
// small interfaces that the composition root wires, and draws the line that
// nothing private crosses ([Visitor]).
//
// It stands on the fourth floor beside internal/web and knows nothing of HTTP.
package backend

import (
	"context"
	"time"

	"jinghe/internal/account"
	"jinghe/internal/attach"
	"jinghe/internal/convene"
	"jinghe/internal/engage"
	"jinghe/internal/learning"
	"jinghe/internal/locale"
	"jinghe/internal/match"
	"jinghe/internal/notify"
	"jinghe/internal/registry"
	"jinghe/internal/repeat"
	"jinghe/internal/scene"
	"jinghe/internal/standing"
	"jinghe/internal/store"
	"jinghe/search"
)

// KindOrganisation addresses the search index of organisations.
const KindOrganisation = scene.KindOrganisation

// Names of the text fields, facets and numbers that pages search, filter and
// sort by. The indexer fills them.
const (
	TextName    = "name"
	TextNameEn  = "name_en"
	TextOrg     = "org"
	TextSummary = "summary"

	FacetField    = "field"
	FacetIndustry = "industry"
	FacetRegion   = "region"
	FacetMode     = "mode"
	FacetStage    = "stage"
	FacetBatch    = "batch"
	FacetOwner    = "owner" // id of the organisation

	NumberUpdated   = "updated"
	NumberPublished = "published"
	NumberValidTo   = "valid_to"
	NumberBudgetMax = "budget_max"
	NumberPriceMin  = "price_min"
)

// Catalogue reads rows. Methods return *scene.Error values; an unknown id is
// NotFound. It is safe for concurrent use.
type Catalogue interface {
	Opportunity(ctx context.Context, id scene.ID) (scene.Opportunity, error)
	Capability(ctx context.Context, id scene.ID) (scene.Capability, error)
	Organisation(ctx context.Context, id scene.ID) (scene.Organisation, error)

	Opportunities(ctx context.Context, f store.ListingFilter, p store.Page) (store.Rows[scene.Opportunity], error)
	Capabilities(ctx context.Context, f store.ListingFilter, p store.Page) (store.Rows[scene.Capability], error)
	Organisations(ctx context.Context, p store.Page) (store.Rows[scene.Organisation], error)

	// The ByID methods return the rows that exist, in no promised order.
	OpportunitiesByID(ctx context.Context, ids []scene.ID) ([]scene.Opportunity, error)
	CapabilitiesByID(ctx context.Context, ids []scene.ID) ([]scene.Capability, error)
	OrganisationsByID(ctx context.Context, ids []scene.ID) ([]scene.Organisation, error)

	// Counts returns the number of listings that are open now, by kind and
	// code of the dictionary “field”; the empty code holds the total of a kind.
	Counts(ctx context.Context) (map[scene.Kind]map[string]int, error)

	// Batches returns the lists that went out together, the latest first.
	Batches(ctx context.Context) ([]scene.Batch, error)
	Batch(ctx context.Context, id scene.ID) (scene.Batch, error)

	// Showcases pages through the showcases in that state, or in any where it
	// is empty, the one last changed first.
	Showcases(ctx context.Context, state scene.State, p store.Page) (store.Rows[scene.Showcase], error)
	Showcase(ctx context.Context, id scene.ID) (scene.Showcase, error)
}

// Finder answers keyword searches over listings that are published and valid
// now, and over organisations. It returns an Unavailable error while the index
// is away; pages then list from the Catalogue and say so.
type Finder interface {
	Search(ctx context.Context, kind scene.Kind, q search.Query) (search.Result, error)
	Suggest(ctx context.Context, kind scene.Kind, prefix string, limit int) ([]search.Suggestion, error)
	Stats(ctx context.Context, kind scene.Kind) (search.Stats, error)
}

// Matcher ranks the other side of the market for one listing. Match.Offer names
// the counterpart in both directions.
type Matcher interface {
	OffersFor(ctx context.Context, need scene.ID, q Matching) (match.Ranking, error)
	NeedsFor(ctx context.Context, offer scene.ID, q Matching) (match.Ranking, error)
	// ForDraft ranks the other side for an entry that is not on the market, and
	// keeps nothing of it.
	ForDraft(ctx context.Context, d Draft, q Matching) (match.Ranking, error)
}

// Draft is an entry that asks without being on the market: one of the two.
type Draft struct {
	Need  *scene.Opportunity
	Offer *scene.Capability
	// Org is the organisation whose entry it is; nil where none is known.
	Org *scene.Organisation
}

// Matching is what is asked of a [Matcher].
type Matching struct {
	Top  int         // matches wanted at most
	Lang locale.Lang // of the sentences
	// More asks besides for what one change would admit, and for a group of
	// providers where no single one brings what is asked for.
	More bool
	// Ahead lets a list that was worked out ahead answer, which does not tell More:
	// Ranking.Listed then says of when it is.
	Ahead bool
	// Order is OrderFit, OrderCare, or "" for the order of the installation.
	Order string
}

// The orders of a list of matches.
const (
	OrderFit  = "fit"           // by score alone
	OrderCare = match.OrderCare // the first ten also by the rules of match.Care
)

// Lists is how far the lists of matches are that are worked out ahead.
type Lists struct {
	Making bool      // some are being made now
	Fresh  int       // lists that answer
	Total  int       // listings that could have one
	Made   time.Time // when the oldest of them was made; zero without any
}

// Likeness finds listings of the same side that say nearly the same as one.
type Likeness interface {
	SimilarNeeds(ctx context.Context, id scene.ID, lang locale.Lang) ([]match.Similar, error)
	SimilarOffers(ctx context.Context, id scene.ID, lang locale.Lang) ([]match.Similar, error)
}

// SignOn is another system at which people sign in. It is safe for concurrent use.
type SignOn interface {
	// Label is its name, "" where none was given.
	Label() string
	// Begin returns where to send a browser with those secrets of its own.
	Begin(ctx context.Context, state, nonce, verifier string) (string, error)
	// Finish returns what the other system says of the person who came back with a code.
	Finish(ctx context.Context, code, nonce, verifier string) (account.Claim, error)
}

// Probe is one thing that has to answer before the program can serve.
type Probe struct {
	Name  string // "store", "bus", "search"
	Check func(ctx context.Context) error
	// Optional says that pages work without it; readiness then only names it.
	Optional bool
}

// Dictionaries is the set of dictionaries in force.
type Dictionaries = *scene.Dictionaries

// Services is everything the web needs. All fields are required but Probes, Lists, Written, Stamp, BatchNames and
// Accounts with Registry, Workbench, Intake, Drafting, Searches and Fairs: without
// these nobody can sign in, and there are pages for visitors only.
type Services struct {
	Catalogue    Catalogue
	Finder       Finder
	Matcher      Matcher
	Likeness     Likeness
	Dictionaries func() Dictionaries
	Lists        func() Lists // nil: none are worked out ahead
	// Written returns another number whenever what visitors see was written. Nil: it is
	// not known, and each page is made anew.
	Written func() uint64
	// Stamp names the state of all open entries of a kind, for those who ask whether
	// anything changed; nil: whoever asks is sent everything.
	Stamp func(ctx context.Context, kind scene.Kind) (string, error)
	// BatchNames knows the spellings of batches; nil: a name is itself alone.
	BatchNames BatchNames
	Probes     []Probe
	Accounts   *account.Service
	Registry   *registry.Registry
	Learning   *learning.Service
	Workbench  Workbench
	Searches   *standing.Service
	// Notices is the inboxes; nil where nobody can sign in.
	Notices *notify.Service
	// SignOn lets people in who signed in elsewhere; nil where nobody does.
	SignOn SignOn
	// Repeats answers requests that come again; nil lets each be done anew.
	Repeats *repeat.Service
	Intake  Intake
	// Drafting helps those who write an entry.
	Drafting Drafting
	// Engagements is the pairs that people work on; nil where nobody can sign in.
	Engagements *engage.Service
	Fairs       *convene.Service
	// Files belong to entries and showcases; nil where nobody can sign in.
	Files *attach.Service
}
