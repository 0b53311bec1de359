package evaluate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Describer tells what it knows of pairs, and places topics and documents in a
// space where a dot product is likeness in [−1,1].
type Describer interface {
	Ranker
	// Describe returns one row of numbers a document, in the order of ids.
	Describe(ctx context.Context, t Topic, ids []string) ([][]float64, error)
	// PlaceTopic and PlaceDocument may be empty where nothing is known.
	PlaceTopic(t Topic) []float32
	PlaceDocument(id string) []float32
}

// GradeOptions say how grades are predicted.
type GradeOptions struct {
	Collection *Collection
	Describer  Describer
	Folds      int // 0 means 10
	// Random puts pairs into folds one by one instead of by the topic's text, so
	// that some of a topic's own list was graded before: the case of daily use.
	Random bool
	Seed   uint64
}

// GradeReport is the outcome: 1/(1+mean absolute error), over pairs, with the
// interval of the mean over topics moved to it.
type GradeReport struct {
	Collection string   `json:"collection"`
	Pairs      int      `json:"pairs"`
	Score      Interval `json:"score"`
	MAE        float64  `json:"mae"`
	Constant   float64  `json:"constant"` // the score of always saying the median
}

// judgedPair is a row of the prediction.
type judgedPair struct {
	topic, document int // places in their lists
	group           string
	key             string // topic's text and document's title
	grade           float64
	features        []float64
	fold            int
}

// ErrFewGrades says that too few pairs were graded to predict any from others.
var ErrFewGrades = errors.New("the judged pairs all fall into one fold; grades are predicted from those of other needs, so at least two judged needs with different texts are wanted (or --random)")

// PredictGrades predicts every judged pair's grade from the other folds: small
// boosted trees over the describer's numbers, over how the pair stands in the
// list that was put before the judges, and over what was graded before (the same
// pair of titles, the same topic, like topics and like documents). No grade of
// the fold itself is used, but the list is: who is asked for grades knows the list.
// It returns [ErrFewGrades] where a fold leaves nothing to learn from.
func PredictGrades(ctx context.Context, o GradeOptions, progress func(done, total int)) (GradeReport, error) {
	o.Folds = cmp.Or(o.Folds, 10)
	if o.Collection == nil || o.Describer == nil {
		return GradeReport{}, errors.New("evaluate: predicting grades needs a collection and a describer")
	}
	if err := o.Describer.Load(ctx, o.Collection.Documents, o.Collection.Topics); err != nil {
		return GradeReport{}, err
	}
	g, err := newGrading(ctx, o)
	if err != nil {
		return GradeReport{}, err
	}
	if !g.splits() {
		return GradeReport{}, ErrFewGrades
	}
	said := make([]float64, len(g.pairs))
	for fold := range o.Folds {
		if err := ctx.Err(); err != nil {
			return GradeReport{}, err
		}
		g.predict(fold, said)
		if progress != nil {
			progress(fold+1, o.Folds)
		}
	}
	return g.report(said), nil
}

type grading struct {
	o        GradeOptions
	pairs    []judgedPair
	topics   [][]float32
	places   [][]float32 // of documents
	byTopic  map[int][]int
	topicOf  map[string][]int // pairs by group
	likeness [][]float64      // of topics
	alike    [][]float32      // likeness of documents, by place
	titles   []string         // of the documents of pairs
}

func newGrading(ctx context.Context, o GradeOptions) (*grading, error) {
	g := &grading{o: o, byTopic: map[int][]int{}, topicOf: map[string][]int{}}
	titles, place := map[string]string{}, map[string]int{}
	for _, d := range o.Collection.Documents {
		titles[d.ID] = cmp.Or(d.Title, d.Text)
	}
	for ti, t := range o.Collection.Topics {
		g.topics = append(g.topics, o.Describer.PlaceTopic(t))
		ids := judgedIDs(o.Collection.Grades[t.ID])
		rows, err := o.Describer.Describe(ctx, t, ids)
		if err != nil {
			return nil, fmt.Errorf("evaluate: topic %s: %w", t.ID, err)
		}
		for i, id := range ids {
			if _, ok := place[id]; !ok {
				place[id] = len(g.places)
				g.places = append(g.places, o.Describer.PlaceDocument(id))
			}
			p := judgedPair{
				topic: ti, document: place[id], group: t.Text, key: t.Text + "\x1f" + titles[id],
				grade: float64(o.Collection.Grades[t.ID][id]), features: rows[i],
			}
			g.titles = append(g.titles, titles[id])
			p.fold = foldOf(p.group, o.Folds)
			if o.Random {
				p.fold = foldOf(fmt.Sprint(t.ID, id, o.Seed), o.Folds)
			}
			g.byTopic[ti] = append(g.byTopic[ti], len(g.pairs))
			g.topicOf[p.group] = append(g.topicOf[p.group], len(g.pairs))
			g.pairs = append(g.pairs, p)
		}
	}
	g.compare()
	for _, list := range g.byTopic {
		g.describeList(list)
	}
	return g, nil
}

func dot(a, b []float32) float64 {
	if len(a) != len(b) {
		return 0
	}
	sum := float32(0)
	for i, x := range a {
		sum += x * b[i]
	}
	return float64(sum)
}

// splits reports whether every pair has others to be predicted from.
func (g *grading) splits() bool {
	return slices.ContainsFunc(g.pairs, func(p judgedPair) bool { return p.fold != g.pairs[0].fold })
}

// predict fills said for the pairs of one fold.
func (g *grading) predict(fold int, said []float64) {
	open := func(i int) bool { return g.pairs[i].fold != fold }
	var rows [][]float64
	var grades []float64
	for i, p := range g.pairs {
		if !open(i) {
			continue
		}
		// in grouped folds a pair under training must not see its own topic either
		seen := func(j int) bool { return open(j) && j != i && (g.o.Random || g.pairs[j].group != p.group) }
		rows = append(rows, g.row(i, seen))
		grades = append(grades, p.grade)
	}
	models := g.models(rows, grades)
	for i := range g.pairs {
		if !open(i) {
			said[i] = middleGrade(models, g.row(i, open))
		}
	}
}

// models fits one model a grade from 1 up: is the grade at least that?
func (g *grading) models(rows [][]float64, grades []float64) []*boost {
	models := make([]*boost, int(slices.Max(grades)))
	for k := range models {
		yes := make([]bool, len(grades))
		for i, v := range grades {
			yes[i] = v > float64(k)
		}
		models[k] = fitBoost(rows, yes)
	}
	return models
}

// middleGrade is the median of the grade's distribution, which has the least
// expected absolute error.
func middleGrade(models []*boost, row []float64) float64 {
	grade := 0.0
	for _, m := range models {
		if m.at(row) < 0.5 {
			break
		}
		grade++
	}
	return grade
}

// row joins the describer's numbers with the memory of grades seen.
func (g *grading) row(i int, seen func(int) bool) []float64 {
	return slices.Concat(g.pairs[i].features, g.memory(i, seen), g.elsewhere(i, seen))
}

func (g *grading) report(said []float64) GradeReport {
	r := GradeReport{Collection: g.o.Collection.Name, Pairs: len(g.pairs)}
	var all, wrong float64
	grades := make([]float64, len(g.pairs))
	for i, p := range g.pairs {
		grades[i] = p.grade
	}
	middle := median(grades)
	var perTopic []float64
	for t := range g.topics {
		sum := 0.0
		for _, i := range g.byTopic[t] {
			d := math.Abs(said[i] - g.pairs[i].grade)
			sum += d
			all += d
			wrong += math.Abs(middle - g.pairs[i].grade)
		}
		if n := len(g.byTopic[t]); n > 0 {
			perTopic = append(perTopic, 1/(1+sum/float64(n)))
		}
	}
	n := float64(len(g.pairs))
	r.MAE, r.Constant = all/n, 1/(1+wrong/n)
	r.Score = Bootstrap(perTopic, g.o.Seed)
	move := 1/(1+r.MAE) - r.Score.Mean
	r.Score.Mean, r.Score.Low, r.Score.High = r.Score.Mean+move, r.Score.Low+move, r.Score.High+move
	return r
}
