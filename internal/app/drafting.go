package app

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"jinghe/internal/broker"
	"jinghe/internal/locale"
	"jinghe/internal/match"
	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/transfer"
	"jinghe/internal/web/backend"
)

const (
	// draftReaders bounds the workbooks that are read for forms at one time.
	draftReaders = 2
	// draftRows bounds the rows that are read of one; what is beyond is not offered.
	draftRows = 5_000
)

// drafting helps those who write an entry, and those who review it, by the words
// in force and what the market holds.
type drafting struct {
	a       *App
	markets *markets
	turn    chan struct{} // held while a workbook is read
	taught  taught
}

// taught is a classifier with what it was learned from.
type taught struct {
	sync.Mutex
	from *Kit
	at   time.Time
	by   *match.Classifier
}

// taughtFor is how long a classifier serves until it is learned anew: what was
// published meanwhile moves its suggestions little.
const taughtFor = 15 * time.Minute

var _ backend.Drafting = (*drafting)(nil)

func newDrafting(a *App, m *markets) *drafting {
	return &drafting{a: a, markets: m, turn: make(chan struct{}, draftReaders)}
}

// owner is the organisation of an entry, nil for none.
func (d *drafting) owner(ctx context.Context, e *registry.Entry) (*scene.Organisation, error) {
	id := e.Listing().OrgID
	if id == "" {
		return nil, nil
	}
	o, err := d.a.reg.Organisation(ctx, id)
	return &o, err
}

// Clarity judges an entry that need not be stored.
func (d *drafting) Clarity(ctx context.Context, e *registry.Entry, lang locale.Lang) (match.Clarity, error) {
	org, err := d.owner(ctx, e)
	if err != nil {
		return match.Clarity{}, scene.Wrap("app.Clarity", err)
	}
	engine := d.a.kit.Load().Engine
	return engine.Clarity(profile(engine, e, org), lang), nil
}

func profile(engine *match.Engine, e *registry.Entry, org *scene.Organisation) *match.Profile {
	if e.Opportunity != nil {
		return engine.Need(e.Opportunity, org)
	}
	return engine.Offer(e.Capability, org)
}

// Clarities judges many entries.
func (d *drafting) Clarities(ctx context.Context, list []registry.Entry, lang locale.Lang) ([]match.Clarity, error) {
	ids := make([]scene.ID, 0, len(list))
	for i := range list {
		ids = append(ids, list[i].Listing().OrgID)
	}
	slices.Sort(ids)
	rows, err := d.a.reg.OrganisationsByID(ctx, slices.Compact(ids))
	if err != nil {
		return nil, scene.Wrap("app.Clarities", err)
	}
	orgs := map[scene.ID]*scene.Organisation{}
	for i := range rows {
		orgs[rows[i].ID] = &rows[i]
	}
	engine, out := d.a.kit.Load().Engine, make([]match.Clarity, len(list))
	for i := range list {
		if i%256 == 0 && ctx.Err() != nil {
			return nil, scene.Wrap("app.Clarities", ctx.Err())
		}
		out[i] = engine.Clarity(profile(engine, &list[i], orgs[list[i].Listing().OrgID]), lang)
	}
	return out, nil
}

// Alike lists what is open and says nearly the same.
func (d *drafting) Alike(ctx context.Context, e *registry.Entry, lang locale.Lang) ([]match.Similar, error) {
	org, err := d.owner(ctx, e)
	if err != nil {
		return nil, scene.Wrap("app.Alike", err)
	}
	one, done := d.markets.acquire()
	defer done()
	o := broker.Options{Lang: lang, Now: d.markets.now()}
	var list []match.Similar
	if e.Opportunity != nil {
		list, err = one.SimilarToNeed(ctx, e.Opportunity, org, o)
	} else {
		list, err = one.SimilarToOffer(ctx, e.Capability, org, o)
	}
	return backend.PublicSimilar(list), err
}

// fieldsSuggested bounds the fields that are suggested for an entry.
const fieldsSuggested = 3

// Fields suggests what the words of an entry speak for.
func (d *drafting) Fields(ctx context.Context, e *registry.Entry) ([]match.Suggestion, error) {
	org, err := d.owner(ctx, e)
	if err != nil {
		return nil, scene.Wrap("app.Fields", err)
	}
	list := d.classifier().Suggest(profile(d.a.kit.Load().Engine, e, org), fieldsSuggested)
	return slices.DeleteFunc(list, func(x match.Suggestion) bool {
		return slices.Contains(e.Listing().Fields, x.Code) || x.Confidence < 1-match.SuggestLeast
	}), nil
}

// classifier is the one in force, learned anew where it is old or the words changed.
func (d *drafting) classifier() *match.Classifier {
	t, kit, now := &d.taught, d.a.kit.Load(), d.a.o.Now()
	t.Lock()
	defer t.Unlock()
	if t.by == nil || t.from != kit || now.Sub(t.at) > taughtFor {
		one, done := d.markets.acquire()
		defer done()
		terms, _ := kit.Dictionaries.Get(scene.DictField)
		t.by, t.from, t.at = one.Classifier(terms.Terms), kit, now
	}
	return t.by
}

// Rows reads the entries of a kind from a list.
func (d *drafting) Rows(ctx context.Context, kind scene.Kind, file string, content []byte) ([]registry.Entry, error) {
	file = filepath.Base(strings.ReplaceAll(file, `\`, "/"))
	if len(content) > backend.MaxDraftFile {
		return nil, &scene.Error{Code: scene.TooLarge, Op: "app.Rows", Key: "upload.too_large", Args: map[string]any{
			"file": file, "limit": fmt.Sprintf("%d MiB", backend.MaxDraftFile>>20),
		}}
	}
	select {
	case d.turn <- struct{}{}:
		defer func() { <-d.turn }()
	default:
		return nil, &scene.Error{Code: scene.TooMany, Op: "app.Rows", Key: "upload.busy"}
	}
	doc, err := transfer.Read(ctx, file, bytes.NewReader(content), int64(len(content)), transfer.ReadOptions{
		Kind: kind, Dictionaries: d.a.kit.Load().Dictionaries, Now: d.a.o.Now(), Limits: transfer.Limits{Rows: draftRows},
	})
	if err != nil {
		return nil, scene.Wrap("app.Rows", err)
	}
	var found []registry.Entry
	for _, row := range doc.Rows {
		if row.Kind() == kind && len(found) < backend.MaxDraftRows {
			found = append(found, registry.Entry{Opportunity: row.Opportunity, Capability: row.Capability})
		}
	}
	if len(found) == 0 {
		return nil, &scene.Error{Code: scene.Invalid, Op: "app.Rows", Key: "scratch.no_rows", Args: map[string]any{"file": file}}
	}
	return found, nil
}
