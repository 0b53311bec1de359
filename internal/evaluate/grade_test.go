package evaluate

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

func TestBoostLearnsAStep(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	var rows [][]float64
	var yes []bool
	for range 2000 {
		row := []float64{r.Float64(), r.Float64(), r.Float64()}
		rows = append(rows, row)
		yes = append(yes, row[1] > 0.6 && row[2] < 0.5)
	}
	b := fitBoost(rows, yes)
	for _, tc := range []struct {
		row  []float64
		want bool
	}{{[]float64{0.5, 0.9, 0.1}, true}, {[]float64{0.5, 0.9, 0.9}, false}, {[]float64{0.5, 0.2, 0.1}, false}} {
		if p := b.at(tc.row); p > 0.5 != tc.want {
			t.Errorf("%v: %.3f, want %v", tc.row, p, tc.want)
		}
	}
	if again := fitBoost(rows, yes); again.at(rows[0]) != b.at(rows[0]) {
		t.Error("the same rows gave two models")
	}
	if one := fitBoost(rows, make([]bool, len(rows))).at(rows[0]); one > 0.01 {
		t.Errorf("never a yes, and %.3f is said", one)
	}
}

// judge is a describer whose first number is the grade, blurred.
type judge struct {
	fixed
	grades map[string]Grades
}

func (j *judge) Describe(_ context.Context, t Topic, ids []string) ([][]float64, error) {
	var rows [][]float64
	for i, id := range ids {
		rows = append(rows, []float64{float64(j.grades[t.ID][id]) + 0.3*math.Sin(float64(i)), float64(i % 7)})
	}
	return rows, nil
}

func (j *judge) PlaceTopic(Topic) []float32     { return []float32{1, 0} }
func (j *judge) PlaceDocument(string) []float32 { return []float32{0, 1} }

func TestPredictGrades(t *testing.T) {
	t.Parallel()
	c := &Collection{Name: "made", Grades: map[string]Grades{}}
	r := rand.New(rand.NewPCG(5, 5))
	for i := range 20 {
		topic := Topic{ID: fmt.Sprint("q", i), Text: fmt.Sprint("topic ", i)}
		c.Topics = append(c.Topics, topic)
		c.Grades[topic.ID] = Grades{}
		for k := range 30 {
			d := Document{ID: fmt.Sprintf("d%d-%d", i, k), Title: "t"}
			c.Documents = append(c.Documents, d)
			c.Grades[topic.ID][d.ID] = r.IntN(4)
		}
	}
	for _, random := range []bool{false, true} {
		got, err := PredictGrades(t.Context(), GradeOptions{Collection: c, Describer: &judge{grades: c.Grades}, Random: random}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got.Pairs != 600 || got.Score.Mean < 0.9 || got.Constant > 0.55 {
			t.Errorf("random %v: %+v; grades that can be read off were not learned", random, got)
		}
	}
	if _, err := PredictGrades(t.Context(), GradeOptions{Collection: &Collection{}}, nil); err == nil {
		t.Error("nothing to learn from is not told")
	}
}

func TestNearestKeepsThree(t *testing.T) {
	t.Parallel()
	var n nearest
	for i, l := range []float64{0.2, 0.9, 0.1, 0.5, 0.7} {
		n.add(float64(i), l)
	}
	if n.likeness != [3]float64{0.9, 0.7, 0.5} || n.grade != [3]float64{1, 4, 3} {
		t.Errorf("kept %+v", n)
	}
}

func TestTrainRankingReadsTheGrade(t *testing.T) {
	t.Parallel()
	c := &Collection{Name: "made", Grades: map[string]Grades{}}
	r := rand.New(rand.NewPCG(7, 7))
	for i := range 20 {
		topic := Topic{ID: fmt.Sprint("q", i), Text: fmt.Sprint("topic ", i)}
		c.Topics = append(c.Topics, topic)
		c.Grades[topic.ID] = Grades{}
		for k := range 20 {
			d := Document{ID: fmt.Sprintf("d%d-%d", i, k), Title: "t"}
			c.Documents = append(c.Documents, d)
			c.Grades[topic.ID][d.ID] = r.IntN(4)
		}
	}
	got, err := TrainRanking(t.Context(), GradeOptions{Collection: c, Describer: &judge{grades: c.Grades}}, nil)
	if err != nil || got.Topics != 20 || got.Pairs != 400 || got.Trained < 0.95 || got.LabelFree < 0.95 {
		t.Errorf("%+v, %v; an order that can be read off was not learned", got, err)
	}
	if _, err := TrainRanking(t.Context(), GradeOptions{Collection: &Collection{}}, nil); err == nil {
		t.Error("nothing to learn from is not told")
	}
}

func TestStandingInAList(t *testing.T) {
	t.Parallel()
	got := standing([]float64{1, 3, 2})
	if got[1][3] != 0 || !near(got[0][3], 2.0/3) || got[0][0] > -1 || !near(got[2][1], 2) {
		t.Errorf("%v", got)
	}
	if best := bestOf([]float64{1, 5, 3}, 2); fmt.Sprint(best) != "[1 2]" {
		t.Errorf("best are %v", best)
	}
}
