package broker_test

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jinghe/internal/broker"
	"jinghe/internal/evaluate"
	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/search/lexicon"
)

// measured runs the product's own ranking over one graded collection.
func measured(t *testing.T, name string, o evaluate.RetrievalOptions) evaluate.Report {
	t.Helper()
	dir := os.Getenv("JINGHE_BENCH_DATA")
	if dir == "" {
		t.Skip("JINGHE_BENCH_DATA is not set: no graded data to measure with")
	}
	c, err := evaluate.ReadCollection(filepath.Join(dir, "matching", name))
	if err != nil {
		t.Fatal(err)
	}
	var run bytes.Buffer
	if o.Ranker == nil {
		o.Ranker, o.Run = broker.NewTrial(newEngine(t), nil), &run
	}
	o.Collection, o.Seed = c, 1
	r, err := evaluate.Retrieval(t.Context(), o, nil)
	if err != nil {
		t.Fatal(err)
	}
	if out := os.Getenv("JINGHE_BENCH_RUNS"); out != "" && run.Len() > 0 {
		if err := os.WriteFile(filepath.Join(out, name+".run"), run.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, m := range r.Measures {
		t.Logf("%-15s %-15s %.4f [%.4f, %.4f] n=%d", name, m.Name, m.Mean, m.Low, m.High, m.N)
	}
	t.Logf("%-15s coverage %.3f gini %.3f", name, r.Coverage, r.Gini)
	return r
}

// plainEngine ranks by BM25 over the titles' characters and pairs, and nothing else.
func plainEngine(t *testing.T) *match.Engine {
	t.Helper()
	lex, err := lexicon.New()
	if err != nil {
		t.Fatal(err)
	}
	dicts, err := scene.LoadDictionaries()
	if err != nil {
		t.Fatal(err)
	}
	w, err := match.DefaultWeights()
	if err != nil {
		t.Fatal(err)
	}
	w.Name, w.Parts = "plain", map[string]float64{}
	for _, name := range match.PartNames() {
		w.Parts[name] = 0
	}
	w.Parts["terms"] = 1
	w.Text.K1, w.Text.Chars, w.Text.Generic, w.Text.QueryBody, w.Text.Alike = 1.2, 1, 1, 0, 0
	e, err := match.New(lex, dicts, w)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func value(t *testing.T, r evaluate.Report, name string) float64 {
	t.Helper()
	for _, m := range r.Measures {
		if m.Name == name {
			return m.Mean
		}
	}
	t.Fatalf("no measure %q", name)
	return 0
}

// figures are measures kept in git beside the golden rankings: a change of a
// ranking shows as a diff, -update rewrites them.
func figures(t *testing.T, name string, lines []string) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	got := strings.Join(lines, "\n") + "\n"
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("measures changed (go test -update rewrites %s):\n%s", path, firstDifference(string(want), got))
	}
}

// figureLines lists the measures of a report to four digits.
func figureLines(set string, o evaluate.RetrievalOptions, r evaluate.Report) []string {
	title := fmt.Sprintf("%s, relevant from grade %d", set, max(o.MinRel, 1))
	if o.CollapseTitles {
		title += ", titles collapsed"
	}
	lines := []string{title}
	for _, m := range r.Measures {
		lines = append(lines, fmt.Sprintf("  %-15s %.4f", m.Name, m.Mean))
	}
	return append(lines, fmt.Sprintf("  %-15s %.4f", "coverage", r.Coverage), fmt.Sprintf("  %-15s %.4f", "gini", r.Gini))
}

// TestQuality holds the floors of docs/benchmarks-matching.md. They stand a
// little under what was measured, so that only a real loss fails.
func TestQuality(t *testing.T) {
	if testing.Short() {
		t.Skip("measures three collections: a minute of work")
	}
	var lines []string
	for _, tc := range []struct {
		set    string
		o      evaluate.RetrievalOptions
		floors map[string]float64
	}{
		{"tech-needs", evaluate.RetrievalOptions{MinRel: 2, CollapseTitles: true}, nil},
		{"tech-needs", evaluate.RetrievalOptions{MinRel: 2}, map[string]float64{
			"pair accuracy": 0.780, "judged nDCG@10": 0.725, "nDCG@10": 0.215, "R@100": 0.50,
		}},
		{"job-titles", evaluate.RetrievalOptions{}, map[string]float64{"MAP": 0.385}},
		{"news-questions", evaluate.RetrievalOptions{}, map[string]float64{"nDCG@10": 0.535, "pair accuracy": 0.775}},
	} {
		t.Run(tc.set, func(t *testing.T) {
			r := measured(t, tc.set, tc.o)
			lines = append(lines, figureLines(tc.set, tc.o, r)...)
			plain := tc.o
			plain.Ranker = broker.NewTrial(plainEngine(t), nil)
			for name, d := range evaluate.Compare(measured(t, tc.set, plain), r, 1) {
				t.Logf("%-15s %-15s %+.4f [%+.4f, %+.4f] against plain BM25", tc.set, name, d.Mean, d.Low, d.High)
				if d.High < 0 {
					t.Errorf("%s is significantly below plain BM25", name)
				}
			}
			for name, floor := range tc.floors {
				if got := value(t, r, name); got < floor {
					t.Errorf("%s %.4f, want at least %.3f", name, got, floor)
				}
			}
		})
	}
	if len(lines) > 0 {
		figures(t, "quality.txt", lines)
	}
}

// TestCalibration: the shipped map says about what unseen needs' judges said.
func TestCalibration(t *testing.T) {
	dir := os.Getenv("JINGHE_BENCH_DATA")
	if dir == "" {
		t.Skip("JINGHE_BENCH_DATA is not set: no graded data to measure with")
	}
	c, err := evaluate.ReadCollection(filepath.Join(dir, "matching", "tech-needs"))
	if err != nil {
		t.Fatal(err)
	}
	engine := newEngine(t)
	trial := broker.NewTrial(engine, nil)
	if err := trial.Load(t.Context(), c.Documents, c.Topics); err != nil {
		t.Fatal(err)
	}
	var points []evaluate.Point
	for _, topic := range c.Topics {
		grades := c.Grades[topic.ID]
		var ids []string
		for id := range grades {
			ids = append(ids, id)
		}
		scored, err := trial.ScoreOnly(t.Context(), topic, ids)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range scored {
			points = append(points, evaluate.Point{Raw: s.Score, Good: grades[s.ID] >= 2, Group: topic.Text})
		}
	}
	fit := evaluate.FitLogistic(points)
	shipped := engine.Weights().Calibration
	wrong := evaluate.CalibrationError(points, 5)
	t.Logf("fitted %+v, shipped %+v, calibration error on unseen needs %.4f over %d pairs", fit, shipped, wrong, len(points))
	if math.Abs(fit.Slope-shipped.Slope) > 0.3 || math.Abs(fit.Intercept-shipped.Intercept) > 0.2 {
		t.Errorf("shipped calibration %+v is not the fit %+v", shipped, fit)
	}
	if wrong > 0.03 {
		t.Errorf("calibration error %.4f, want at most 0.03", wrong)
	}
}

// TestGrade holds the floors of the prediction of grades.
func TestGrade(t *testing.T) {
	dir := os.Getenv("JINGHE_BENCH_DATA")
	if dir == "" {
		t.Skip("JINGHE_BENCH_DATA is not set: no graded data to measure with")
	}
	c, err := evaluate.ReadCollection(filepath.Join(dir, "matching", "tech-needs"))
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, tc := range []struct {
		name   string
		random bool
		floor  float64
	}{{"unseen needs", false, 0.715}, {"some of the list graded", true, 0.770}} {
		r, err := evaluate.PredictGrades(t.Context(), evaluate.GradeOptions{
			Collection: c, Describer: broker.NewTrial(newEngine(t), nil), Random: tc.random,
		}, nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %.4f [%.4f, %.4f] over %d pairs, always the median %.4f", tc.name, r.Score.Mean, r.Score.Low, r.Score.High, r.Pairs, r.Constant)
		lines = append(lines, fmt.Sprintf("tech-needs, grade, %s %.4f", tc.name, r.Score.Mean))
		if r.Score.Mean < tc.floor {
			t.Errorf("%s: %.4f, want at least %.3f", tc.name, r.Score.Mean, tc.floor)
		}
	}
	trained, err := evaluate.TrainRanking(t.Context(), evaluate.GradeOptions{Collection: c, Describer: broker.NewTrial(newEngine(t), nil)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("trained ranking %+v", trained)
	if trained.Trained < trainedFloor {
		t.Errorf("trained pair accuracy %.4f, want at least %.3f", trained.Trained, trainedFloor)
	}
	figures(t, "grades.txt", append(lines, fmt.Sprintf("tech-needs, trained pair accuracy %.4f", trained.Trained)))
}

// trainedFloor stands a little under the pair accuracy that --train measured.
const trainedFloor = 0.795
