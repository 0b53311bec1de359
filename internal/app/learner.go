package app

import (
	"context"
	"encoding/json"
	"errors"

	"jinghe/internal/broker"
	"jinghe/internal/indexer"
	"jinghe/internal/learning"
	"jinghe/internal/locale"
	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/search/embedded"
)

// Learner is what the command line asks about decisions, marks and weights.
type Learner interface {
	// AddJudgements stores judgements; those that name no pair are told.
	AddJudgements(ctx context.Context, r JudgementsRequest) (learning.Added, error)
	// Tune refits the weights to all decisions, compares, and keeps what won.
	Tune(ctx context.Context, r TuneRequest, progress func(done, total int)) (TuneReport, error)
	// PairsToGrade ranks the open needs and chooses pairs worth grading.
	PairsToGrade(ctx context.Context, top int) ([]match.Ranking, error)
	// WeightSets lists the sets and says which is in force.
	WeightSets(ctx context.Context) (WeightSets, error)
	// ActivateWeights puts a set in force; "" is the one that ships.
	ActivateWeights(ctx context.Context, set scene.ID) error
	// RollbackWeights takes the last activation back.
	RollbackWeights(ctx context.Context) error
	// MarkPair pins a pair, takes it out, or takes its mark away.
	MarkPair(ctx context.Context, r MarkRequest) error
	// PairMarks lists the marks.
	PairMarks(ctx context.Context) ([]learning.Marked, error)
}

// JudgementsRequest is judgements out of a file.
type JudgementsRequest struct {
	File       string               `json:"file"` // base name
	Judgements []learning.Judgement `json:"judgements"`
	Actor      string               `json:"actor,omitempty"`
}

// TuneRequest says what a refit may do.
type TuneRequest struct {
	DryRun bool   `json:"dry_run,omitempty"` // measure only
	Actor  string `json:"actor,omitempty"`
}

// TuneReport is the outcome of a refit.
type TuneReport struct {
	Version  string              `json:"version"` // of the set fitted
	Parent   string              `json:"parent"`
	Figures  scene.WeightFigures `json:"figures"`
	Before   map[string]float64  `json:"before"` // weights of the parts
	After    map[string]float64  `json:"after"`
	Skipped  int                 `json:"skipped"` // decisions that taught nothing
	Win      bool                `json:"win"`
	Set      scene.ID            `json:"set,omitempty"` // under which it is kept, if it is
	Activate bool                `json:"activated"`
}

// WeightSets is the versions of the weights.
type WeightSets struct {
	Shipped string            `json:"shipped"` // version of the set that ships
	InForce scene.ID          `json:"in_force"`
	Sets    []scene.WeightSet `json:"sets"`
}

// MarkRequest names a pair and what is decided about it.
type MarkRequest struct {
	Need   string         `json:"need"` // ID, code or name
	Offer  string         `json:"offer"`
	Kind   scene.MarkKind `json:"kind,omitempty"` // empty takes the mark away
	Reason string         `json:"reason,omitempty"`
	Actor  string         `json:"actor,omitempty"`
}

// AddJudgements stores judgements as decisions.
func (a *App) AddJudgements(ctx context.Context, r JudgementsRequest) (learning.Added, error) {
	return a.learning.AddJudgements(ctx, r.File, r.Judgements, r.Actor)
}

// Tune refits on the market that answers, or on one made for it. A set that
// won is kept and put in force at once; one that did not is only told.
func (a *App) Tune(ctx context.Context, r TuneRequest, progress func(done, total int)) (TuneReport, error) {
	decisions, err := a.learning.Decisions(ctx)
	if err != nil {
		return TuneReport{}, err
	}
	market, done, err := a.quietMarket(ctx)
	if err != nil {
		return TuneReport{}, scene.Wrap("app.Tune", err)
	}
	defer done()
	tuned, err := market.Tune(ctx, decisions, broker.TuneOptions{Name: "tuned", Now: a.o.Now(), Progress: progress})
	if err != nil {
		return TuneReport{}, scene.Wrap("app.Tune", err)
	}
	report := TuneReport{
		Version: tuned.Weights.Version(), Parent: tuned.Parent, Skipped: tuned.Skipped, Win: tuned.Win(),
		Before: a.kit.Load().Engine.Weights().Parts, After: tuned.Weights.Parts,
		Figures: scene.WeightFigures{
			Needs: tuned.Refit.Topics, Pairs: tuned.Refit.Pairs, Before: tuned.Refit.Before, After: tuned.Refit.After,
			Gain: tuned.Refit.Gain.Mean, Low: tuned.Refit.Gain.Low, High: tuned.Refit.Gain.High,
		},
	}
	if !report.Win || r.DryRun {
		return report, nil
	}
	raw, err := json.Marshal(tuned.Weights)
	if err != nil {
		return report, scene.Wrap("app.Tune", err)
	}
	set, err := a.learning.Keep(ctx, scene.WeightSet{
		Version: report.Version, Parent: report.Parent, Origin: tuned.Weights.Origin,
		Figures: report.Figures, Weights: raw, Actor: r.Actor,
	}, true)
	report.Set, report.Activate = set.ID, err == nil
	return report, err
}

// quietMarket returns the market that answers, or where none runs one filled
// from the rows, and what to call when it is no longer used.
func (a *App) quietMarket(ctx context.Context) (*broker.Market, func(), error) {
	if a.running != nil {
		one, done := a.running.markets.acquire()
		return one.Market, done, nil
	}
	kit := a.kit.Load()
	engine := embedded.New(kit.Lexicon)
	m, err := newMarkets(ctx, kit, a.o.Now)
	if err != nil {
		return nil, nil, err
	}
	done := func() { _ = errors.Join(m.close(), engine.Close()) } // in memory: nothing can be lost
	index, err := indexer.New(ctx, a.store, engine, m, func() *scene.Dictionaries { return kit.Dictionaries }, a.o.Now)
	if err == nil {
		err = index.Rebuild(ctx, nil)
	}
	if err == nil {
		err = m.learn(ctx)
	}
	if err == nil {
		err = a.loadMarks(ctx, m)
	}
	if err != nil {
		done()
		return nil, nil, err
	}
	return m.current.Market, done, nil
}

// PairsToGrade chooses for each open need pairs worth grading: half of them
// the best, half spread over what follows, so that grades tell good from bad.
func (a *App) PairsToGrade(ctx context.Context, top int) ([]match.Ranking, error) {
	market, done, err := a.quietMarket(ctx)
	if err != nil {
		return nil, scene.Wrap("app.PairsToGrade", err)
	}
	defer done()
	var rankings []match.Ranking
	filter, page := store.ListingFilter{OpenAt: a.o.Now()}, store.Page{Limit: store.MaxPage}
	for {
		rows, err := a.reg.Opportunities(ctx, filter, page)
		if err != nil {
			return nil, err
		}
		for i := range rows.Items {
			r, err := market.OffersFor(ctx, rows.Items[i].ID, broker.Options{Top: spreadOver * top, Lang: locale.Zh, Now: a.o.Now()})
			if err != nil {
				return nil, scene.Wrap("app.PairsToGrade", err)
			}
			r.Matches = spread(r.Matches, top)
			rankings = append(rankings, r)
		}
		if page.After = rows.Next; page.After == "" {
			return rankings, nil
		}
	}
}

// spreadOver times the pairs wanted is how deep a list is looked at.
const spreadOver = 5

// spread keeps the first half of top, and as many spread evenly over the rest.
func spread(list []match.Match, top int) []match.Match {
	head := min((top+1)/2, len(list))
	kept := append([]match.Match(nil), list[:head]...)
	rest := list[head:]
	want := min(top-head, len(rest))
	for i := range want {
		kept = append(kept, rest[i*len(rest)/want])
	}
	return kept
}

// WeightSets lists the sets of weights.
func (a *App) WeightSets(ctx context.Context) (WeightSets, error) {
	shipped, err := match.DefaultWeights()
	if err != nil {
		return WeightSets{}, scene.Wrap("app.WeightSets", err)
	}
	sets, inForce, err := a.learning.Sets(ctx)
	return WeightSets{Shipped: shipped.Version(), InForce: inForce, Sets: sets}, err
}

// ActivateWeights puts a set in force. One that this program cannot read is Invalid.
func (a *App) ActivateWeights(ctx context.Context, set scene.ID) error {
	sets, _, err := a.learning.Sets(ctx)
	if err != nil {
		return err
	}
	for _, s := range sets {
		if s.ID != set {
			continue
		}
		if _, err := match.ParseWeights(s.Weights); err != nil {
			return &scene.Error{Code: scene.Invalid, Op: "app.ActivateWeights", Key: "weights.unreadable", Args: map[string]any{"version": s.Version}, Err: err}
		}
	}
	return a.learning.Activate(ctx, set, "cli")
}

// RollbackWeights takes the last activation back.
func (a *App) RollbackWeights(ctx context.Context) error { return a.learning.Rollback(ctx, "cli") }

// MarkPair sets or takes away the mark of a pair.
func (a *App) MarkPair(ctx context.Context, r MarkRequest) error {
	if r.Kind == "" {
		return a.learning.Unmark(ctx, r.Need, r.Offer, r.Actor)
	}
	_, err := a.learning.Mark(ctx, r.Need, r.Offer, r.Kind, r.Reason, r.Actor)
	return err
}

// PairMarks lists the marks with the names of their pairs.
func (a *App) PairMarks(ctx context.Context) ([]learning.Marked, error) {
	return a.learning.NamedMarks(ctx)
}

// loadMarks gives the markets the marks as they are stored.
func (a *App) loadMarks(ctx context.Context, m *markets) error {
	marks, err := a.learning.Marks(ctx)
	if err != nil {
		return err
	}
	m.setMarks(marks)
	return nil
}

// readWeights returns the weights in force, or an error where the stored set
// cannot be read by this program.
func (a *App) readWeights(ctx context.Context) (*match.Weights, error) {
	set, err := a.learning.InForce(ctx)
	if err != nil || set == nil {
		return nil, err
	}
	w, err := match.ParseWeights(set.Weights)
	if err != nil {
		return nil, &scene.Error{Code: scene.Precondition, Op: "app.readWeights", Key: "weights.unreadable", Args: map[string]any{"version": set.Version}, Err: err}
	}
	return &w, nil
}
