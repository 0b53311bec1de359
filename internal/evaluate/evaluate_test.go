package evaluate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

func TestMetricsByHand(t *testing.T) {
	t.Parallel()
	grades := Grades{"a": 3, "b": 0, "c": 1, "d": 2}
	ranked := []string{"a", "x", "c", "b"}
	ideal := 3 + 2/math.Log2(3) + 1/math.Log2(4)
	if v, ok := NDCG(ranked, grades, 10); !ok || !near(v, (3+1/math.Log2(4))/ideal) {
		t.Errorf("nDCG %v", v)
	}
	if v, _ := NDCG(ranked, grades, 1); !near(v, 1) {
		t.Errorf("nDCG@1 %v, want 1", v)
	}
	if v, _ := AveragePrecision(ranked, grades, 1); !near(v, (1+2.0/3)/3) {
		t.Errorf("AP %v", v)
	}
	if v, _ := ReciprocalRank([]string{"x", "d"}, grades, 2, 10); !near(v, 0.5) {
		t.Errorf("RR %v", v)
	}
	if v, _ := Recall(ranked, grades, 1, 3); !near(v, 2.0/3) {
		t.Errorf("recall %v", v)
	}
	for name, ok := range map[string]bool{
		"nDCG":   second(NDCG(ranked, Grades{"a": 0}, 10)),
		"AP":     second(AveragePrecision(ranked, Grades{"a": 1}, 2)),
		"RR":     second(ReciprocalRank(ranked, Grades{}, 1, 10)),
		"recall": second(Recall(ranked, Grades{}, 1, 10)),
	} {
		if ok {
			t.Errorf("%s has a value without a relevant document", name)
		}
	}
}

func second(_ float64, ok bool) bool { return ok }

func TestPairAccuracy(t *testing.T) {
	t.Parallel()
	grades := Grades{"a": 2, "b": 1, "c": 1, "d": 0}
	for _, tc := range []struct {
		scores map[string]float64
		want   float64
	}{
		{map[string]float64{"a": 4, "b": 3, "c": 2, "d": 1}, 1},
		{map[string]float64{"a": 1, "b": 2, "c": 3, "d": 4}, 0},
		{map[string]float64{}, 0.5},
		{map[string]float64{"a": 1, "b": 2, "c": 0, "d": 0}, 3.5 / 5},
	} {
		if v, n := PairAccuracy(tc.scores, grades); n != 5 || !near(v, tc.want) {
			t.Errorf("%v: %v of %d pairs, want %v of 5", tc.scores, v, n, tc.want)
		}
	}
}

func TestCoverageAndGini(t *testing.T) {
	t.Parallel()
	even := [][]string{{"a", "b"}, {"c", "d"}}
	star := [][]string{{"a"}, {"a"}, {"a"}, {"a"}}
	if v := Coverage(even, 8, 2); v != 0.5 {
		t.Errorf("coverage %v", v)
	}
	if v := Gini(even, 4, 2); !near(v, 0) {
		t.Errorf("Gini of equal shares %v", v)
	}
	if v := Gini(star, 4, 10); !near(v, 0.75) {
		t.Errorf("Gini of one star among four %v, want 0.75", v)
	}
	if Gini(nil, 4, 10) != 0 || Coverage(nil, 0, 10) != 0 {
		t.Error("nothing has shares")
	}
}

func TestBootstrap(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 1))
	values := make([]float64, 400)
	for i := range values {
		values[i] = r.Float64()
	}
	b := Bootstrap(values, 7)
	if b != Bootstrap(values, 7) {
		t.Error("the same seed gave two intervals")
	}
	half := 1.96 * math.Sqrt(1.0/12/400)
	if math.Abs(b.High-b.Mean-half) > 0.006 || math.Abs(b.Mean-b.Low-half) > 0.006 {
		t.Errorf("interval %+v, want about ±%.3f", b, half)
	}
	if d := Paired(values, values, 1); d.Low != 0 || d.High != 0 {
		t.Errorf("no difference has an interval %+v", d)
	}
	if Bootstrap(nil, 1) != (Interval{}) {
		t.Error("no values have an interval")
	}
}

func TestFitLogisticFindsTheTruth(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 1))
	want := Logistic{Slope: 6, Intercept: -2}
	var points []Point
	for i := range 20_000 {
		x := r.Float64()
		points = append(points, Point{Raw: x, Good: r.Float64() < want.At(x), Group: fmt.Sprint(i % 50)})
	}
	got := FitLogistic(points)
	if math.Abs(got.Slope-want.Slope) > 0.3 || math.Abs(got.Intercept-want.Intercept) > 0.2 {
		t.Errorf("fitted %+v, want %+v", got, want)
	}
	if e := CalibrationError(points, 5); e > 0.02 {
		t.Errorf("calibration error %v of the right model", e)
	}
}

// write lays a collection out in a folder.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func small() map[string]string {
	return map[string]string{
		"corpus.jsonl":  `{"_id":"a","title":"积水","text":""}` + "\n" + `{"_id":"b","title":"积水","text":""}` + "\n\n" + `{"_id":"c","title":"跌倒","text":"老人"}`,
		"queries.jsonl": `{"_id":"q","text":"积水","content":"监测"}` + "\n" + `{"_id":"unjudged","text":"无"}` + "\n",
		"qrels.tsv":     "query-id\tcorpus-id\tscore\nq\ta\t2\nq\tb\t1\r\nq\tc\t0\n",
	}
}

func TestReadCollection(t *testing.T) {
	t.Parallel()
	c, err := ReadCollection(write(t, small()))
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Documents) != 3 || len(c.Topics) != 2 || c.Grades["q"]["b"] != 1 || c.Topics[0].Content != "监测" {
		t.Errorf("read %+v", c)
	}
}

func TestReadCollectionSaysWhere(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ file, content, want string }{
		"not JSON":  {"corpus.jsonl", `{"_id":"a"}` + "\nnonsense\n", "corpus.jsonl line 2: not a JSON object"},
		"no id":     {"queries.jsonl", `{"text":"x"}`, "queries.jsonl line 1: no _id"},
		"a cell":    {"qrels.tsv", "query-id\tcorpus-id\tscore\nq\ta\n", "qrels.tsv line 2: 2 cells"},
		"a word":    {"qrels.tsv", "q\ta\tgood\n", `qrels.tsv line 1: score "good"`},
		"a novel":   {"corpus.jsonl", strings.Repeat("x", maxLine+2), "longer than"},
		"below nil": {"qrels.tsv", "q\ta\t-1\n", "score"},
	} {
		files := small()
		files[tc.file] = tc.content
		if _, err := ReadCollection(write(t, files)); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, want %q", name, err, tc.want)
		}
	}
	if _, err := ReadCollection(t.TempDir()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("an empty folder: %v", err)
	}
}

// fixed ranks every topic alike.
type fixed struct {
	scores map[string]float64
	loaded int
	err    error
}

func (f *fixed) Load(_ context.Context, d []Document, _ []Topic) error {
	f.loaded = len(d)
	return nil
}

func (f *fixed) Rank(context.Context, Topic, int) ([]Scored, error) {
	var list []Scored
	for id, s := range f.scores {
		list = append(list, Scored{id, s})
	}
	return list, f.err
}

func (f *fixed) ScoreOnly(_ context.Context, _ Topic, ids []string) ([]Scored, error) {
	var list []Scored
	for _, id := range ids {
		list = append(list, Scored{id, f.scores[id]})
	}
	return list, nil
}

func measure(t *testing.T, r Report, name string) float64 {
	t.Helper()
	for _, m := range r.Measures {
		if m.Name == name {
			return m.Mean
		}
	}
	t.Fatalf("no %s in %+v", name, r)
	return 0
}

func TestRetrieval(t *testing.T) {
	t.Parallel()
	c, err := ReadCollection(write(t, small()))
	if err != nil {
		t.Fatal(err)
	}
	ranker := &fixed{scores: map[string]float64{"a": 1, "b": 3, "c": 2}}
	for _, tc := range []struct {
		name       string
		set        func(*RetrievalOptions)
		ndcg, pair float64
		run        string
	}{
		{"whole", func(*RetrievalOptions) {}, (1 + 2/math.Log2(4)) / (2 + 1/math.Log2(3)), 1.0 / 3, "q Q0 b 1 3.000000000 jinghe\nq Q0 c 2 2.000000000 jinghe\nq Q0 a 3 1.000000000 jinghe\n"},
		{"depth", func(o *RetrievalOptions) { o.Depth = 1 }, 1 / (2 + 1/math.Log2(3)), 1.0 / 3, "q Q0 b 1 3.000000000 jinghe\n"},
		{"collapsed", func(o *RetrievalOptions) { o.CollapseTitles = true }, 1, 1, "q Q0 a 1 3.000000000 jinghe\nq Q0 c 2 2.000000000 jinghe\n"},
		{"judged only", func(o *RetrievalOptions) { o.Judged = true }, (1 + 2/math.Log2(4)) / (2 + 1/math.Log2(3)), 1.0 / 3, "q Q0 b 1 3.000000000 jinghe\nq Q0 c 2 2.000000000 jinghe\nq Q0 a 3 1.000000000 jinghe\n"},
	} {
		var run bytes.Buffer
		o := RetrievalOptions{Collection: c, Ranker: ranker, Run: &run}
		tc.set(&o)
		r, err := Retrieval(t.Context(), o, nil)
		if err != nil {
			t.Fatal(err)
		}
		if v := measure(t, r, "nDCG@10"); !near(v, tc.ndcg) {
			t.Errorf("%s: nDCG %v, want %v", tc.name, v, tc.ndcg)
		}
		if v := measure(t, r, "pair accuracy"); !near(v, tc.pair) {
			t.Errorf("%s: pair accuracy %v, want %v", tc.name, v, tc.pair)
		}
		if run.String() != tc.run || r.Skipped != 1 || ranker.loaded != 3 {
			t.Errorf("%s: run %q, skipped %d", tc.name, run.String(), r.Skipped)
		}
	}
}

func TestRetrievalTellsErrors(t *testing.T) {
	t.Parallel()
	c, err := ReadCollection(write(t, small()))
	if err != nil {
		t.Fatal(err)
	}
	broken := errors.New("index away")
	if _, err := Retrieval(t.Context(), RetrievalOptions{Collection: c, Ranker: &fixed{err: broken}}, nil); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if _, err := Retrieval(t.Context(), RetrievalOptions{Collection: &Collection{}, Ranker: &fixed{}}, nil); err == nil {
		t.Error("an empty collection was measured")
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	report := func(values ...float64) Report {
		return Report{Measures: []Measure{{Name: "MAP", Values: values}}}
	}
	got := Compare(report(0.1, 0.2, noValue), report(0.2, 0.3, 0.9), 1)["MAP"]
	if got.N != 2 || !near(got.Mean, 0.1) {
		t.Errorf("difference %+v, want 0.1 over 2 topics", got)
	}
}
