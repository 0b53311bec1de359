package evaluate

import (
	"context"
	"errors"
	"math"
)

// TrainReport compares a ranking learned from grades with the describer's own.
type TrainReport struct {
	Collection string `json:"collection"`
	Topics     int    `json:"topics"` // with two different grades
	Pairs      int    `json:"pairs"`
	// LabelFree and Trained are pair accuracies over all ordered pairs of the
	// judged lists, Gain the paired bootstrap of their difference over topics.
	LabelFree float64  `json:"label_free"`
	Trained   float64  `json:"trained"`
	Gain      Interval `json:"gain"`
}

// TrainRanking learns to order the judged documents of a topic from the grades
// of the other folds, which are grouped by the topic's text: boosted trees on
// the loss of ordered pairs (Burges and others 2005, 2006), over the describer's
// numbers and over how a document stands in the judged list. It is a
// measurement: what it learns has no additive explanation and ranks nowhere else.
func TrainRanking(ctx context.Context, o GradeOptions, progress func(done, total int)) (TrainReport, error) {
	if o.Folds == 0 {
		o.Folds = 10
	}
	if o.Collection == nil || o.Describer == nil {
		return TrainReport{}, errors.New("evaluate: learning a ranking needs a collection and a describer")
	}
	if err := o.Describer.Load(ctx, o.Collection.Documents, o.Collection.Topics); err != nil {
		return TrainReport{}, err
	}
	o.Random = false
	g, err := newGrading(ctx, o)
	if err != nil {
		return TrainReport{}, err
	}
	if !g.splits() {
		return TrainReport{}, ErrFewGrades
	}
	said := make([]float64, len(g.pairs))
	for fold := range o.Folds {
		if err := ctx.Err(); err != nil {
			return TrainReport{}, err
		}
		g.rankFold(fold, said)
		if progress != nil {
			progress(fold+1, o.Folds)
		}
	}
	return g.trained(said), nil
}

// rankFold fills said for the pairs of one fold.
func (g *grading) rankFold(fold int, said []float64) {
	var rows [][]float64
	var lists [][]int // of each topic its rows
	var grades []float64
	for t := range g.topics {
		var list []int
		for _, i := range g.byTopic[t] {
			if g.pairs[i].fold != fold {
				list = append(list, len(rows))
				rows, grades = append(rows, g.pairs[i].features), append(grades, g.pairs[i].grade)
			}
		}
		lists = append(lists, list)
	}
	if len(rows) == 0 {
		return
	}
	model := boost{trees: growTrees(rows, func(now, slope, bend []float64) {
		clear(slope)
		clear(bend)
		for _, list := range lists {
			orderSlopes(list, grades, now, slope, bend)
		}
	})}
	for i := range g.pairs {
		if g.pairs[i].fold == fold {
			said[i] = model.at(g.pairs[i].features)
		}
	}
}

// orderSlopes adds the derivatives of the logistic loss of every ordered pair.
func orderSlopes(list []int, grades, now, slope, bend []float64) {
	for _, a := range list {
		for _, b := range list {
			if grades[a] <= grades[b] {
				continue
			}
			p := 1 / (1 + math.Exp(now[a]-now[b]))
			slope[a], slope[b] = slope[a]+p, slope[b]-p
			bend[a], bend[b] = bend[a]+p*(1-p), bend[b]+p*(1-p)
		}
	}
}

func (g *grading) trained(said []float64) TrainReport {
	r := TrainReport{Collection: g.o.Collection.Name, Pairs: len(g.pairs)}
	var before, after []float64
	ordered := 0.0
	for t, topic := range g.o.Collection.Topics {
		plain, learned := map[string]float64{}, map[string]float64{}
		ids := judgedIDs(g.o.Collection.Grades[topic.ID])
		for n, i := range g.byTopic[t] {
			plain[ids[n]], learned[ids[n]] = g.pairs[i].features[0], said[i]
		}
		b, n := PairAccuracy(plain, g.o.Collection.Grades[topic.ID])
		a, _ := PairAccuracy(learned, g.o.Collection.Grades[topic.ID])
		if n == 0 {
			continue
		}
		r.Topics++
		before, after = append(before, b), append(after, a)
		r.LabelFree, r.Trained, ordered = r.LabelFree+b*float64(n), r.Trained+a*float64(n), ordered+float64(n)
	}
	if ordered > 0 {
		r.LabelFree, r.Trained = r.LabelFree/ordered, r.Trained/ordered
	}
	r.Gain = Paired(before, after, g.o.Seed)
	return r
}
