package broker

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"jinghe/internal/evaluate"
	"jinghe/internal/match"
	"jinghe/internal/scene"
)

// TuneOptions say how weights are refitted.
type TuneOptions struct {
	Name string // of the new set
	Now  time.Time
	Seed uint64
	// Progress, if not nil, is told after each need.
	Progress func(done, total int)
}

// Tuned is the outcome of a refit.
type Tuned struct {
	// Weights is the set fitted to all judgements, Parent the version in force.
	Weights match.Weights
	Parent  string
	// Refit compares both on needs that the weights were not fitted on.
	Refit evaluate.Refit
	// Before and After are pair accuracies over all judged needs by the whole
	// engine, feedback included, under the sets in force and fitted.
	Before, After float64
	// Skipped counts judgements of listings that the market does not hold, or
	// that say nothing of the fit.
	Skipped int
}

// Win reports whether the new set did better on needs it had not seen, with 95 %
// confidence, and the whole engine agrees.
func (t *Tuned) Win() bool { return t.Refit.Win && t.After > t.Before }

// Tune refits the weights of the parts to what people decided, and measures
// what that brings; it changes nothing. Of several decisions on a pair the
// latest counts. Only the weights of the parts and the calibration are fitted:
// the score stays a sum of named parts.
func (m *Market) Tune(ctx context.Context, decisions []scene.Decision, o TuneOptions) (Tuned, error) {
	lessons, skipped := m.lessons(decisions)
	judged, err := m.judge(ctx, lessons, o)
	if err != nil {
		return Tuned{}, scene.Wrap("broker.Tune", err)
	}
	inForce := m.engine.Weights()
	t := Tuned{Skipped: skipped, Parent: inForce.Version()}
	t.Refit = evaluate.RefitWeights(judged, inForce.PartWeights(), evaluate.RefitOptions{Seed: o.Seed})
	origin := fmt.Sprintf("Refitted from %s to %d judged pairs of %d needs.", inForce.Name, t.Refit.Pairs, t.Refit.Topics)
	t.Weights = inForce.WithParts(o.Name, origin, t.Refit.Weights, match.Calibration{})
	other, err := m.under(t.Weights)
	if err != nil {
		return Tuned{}, scene.Wrap("broker.Tune", err)
	}
	o.Progress = nil
	rejudged, err := other.judge(ctx, lessons, o)
	if err != nil {
		return Tuned{}, scene.Wrap("broker.Tune", err)
	}
	t.Before = evaluate.OrderAccuracy(judged, inForce.PartWeights())
	t.After = evaluate.OrderAccuracy(rejudged, t.Weights.PartWeights())
	t.Weights.Calibration = recalibrated(rejudged, t.Weights)
	return t, nil
}

// taught is a pair of the market with the grade that people gave it.
type taught struct {
	need, offer *entry
	grade       int
}

// lessons joins decisions with the rows they are about, in order of need and
// offer, and counts those that teach nothing.
func (m *Market) lessons(decisions []scene.Decision) (list []taught, skipped int) {
	sorted := slices.Clone(decisions)
	slices.SortStableFunc(sorted, func(a, b scene.Decision) int {
		return cmp.Or(cmp.Compare(a.Need, b.Need), cmp.Compare(a.Offer, b.Offer), a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
	})
	for _, d := range sorted {
		grade, ok := d.Teaches()
		need, known := m.needs.get(d.Need)
		offer, listed := m.offers.get(d.Offer)
		if !ok || !known || !listed {
			skipped++
			continue
		}
		if len(list) > 0 && list[len(list)-1].need == need && list[len(list)-1].offer == offer {
			list[len(list)-1].grade = grade
			continue
		}
		list = append(list, taught{need, offer, grade})
	}
	return list, skipped
}

// judge scores the judged pairs, need by need.
func (m *Market) judge(ctx context.Context, lessons []taught, o TuneOptions) ([]evaluate.Judged, error) {
	judged := make([]evaluate.Judged, 0, len(lessons))
	for from := 0; from < len(lessons); {
		to := from
		for to < len(lessons) && lessons[to].need == lessons[from].need {
			to++
		}
		need, rows := lessons[from].need, make([]*entry, 0, to-from)
		for _, l := range lessons[from:to] {
			rows = append(rows, l.offer)
		}
		score, err := m.scorer(ctx, need, Options{Now: o.Now}, nil)
		if err != nil {
			return nil, err
		}
		scores, err := score(rows)
		if err != nil {
			return nil, err
		}
		for i, s := range scores {
			judged = append(judged, evaluate.Judged{
				Topic: string(need.profile.Ref.ID), Group: scene.NameKey(need.profile.Ref.Name),
				Parts: s.score.Values(), Grade: lessons[from+i].grade,
			})
		}
		from = to
		if o.Progress != nil {
			o.Progress(to, len(lessons))
		}
	}
	return judged, nil
}

// under returns a market of the same rows and lesson that ranks by other
// weights. It shares index and statistics and is for reading only.
func (m *Market) under(w match.Weights) (*Market, error) {
	engine, err := m.engine.With(w)
	if err != nil {
		return nil, err
	}
	l := *m.lesson.Load()
	other := &Market{engine: engine, terms: m.terms, board: NewBoard()}
	other.lesson.Store(&l)
	for _, s := range []struct{ from, to *side }{{&m.needs, &other.needs}, {&m.offers, &other.offers}} {
		s.to.index, s.to.scan = s.from.index, s.from.scan
		s.from.each(func(e *entry) { s.to.swap(e.profile.Ref.ID, &entry{profile: e.profile}) })
	}
	return other, nil
}

// leastGood is how many judged pairs of either kind a calibration is fitted to.
const leastGood = 50

// recalibrated fits the map of raw scores to judgements, where there are enough.
func recalibrated(judged []evaluate.Judged, w match.Weights) match.Calibration {
	var points []evaluate.Point
	good := 0
	for _, j := range judged {
		raw := 0.0
		for i, x := range w.PartWeights() {
			raw += x * j.Parts[i]
		}
		if j.Grade >= 2 {
			good++
		}
		points = append(points, evaluate.Point{Raw: raw, Good: j.Grade >= 2})
	}
	if good < leastGood || len(points)-good < leastGood {
		return w.Calibration
	}
	l := evaluate.FitLogistic(points)
	if l.Slope <= 0 {
		return w.Calibration
	}
	return match.Calibration{Slope: l.Slope, Intercept: l.Intercept}
}
