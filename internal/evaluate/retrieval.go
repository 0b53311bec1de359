package evaluate

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Scored is a document in a ranking.
type Scored struct {
	ID    string
	Score float64
}

// Ranker is what is measured: the program's own way from a need to its offers.
type Ranker interface {
	// Load takes the whole collection: documents as offers, topics as needs
	// (what a market would know of both sides; no grades).
	Load(ctx context.Context, documents []Document, topics []Topic) error
	// Rank returns the depth best documents for a topic, best first.
	Rank(ctx context.Context, t Topic, depth int) ([]Scored, error)
	// ScoreOnly scores exactly the named documents, in no promised order.
	ScoreOnly(ctx context.Context, t Topic, ids []string) ([]Scored, error)
}

// RetrievalOptions say what to measure and how.
type RetrievalOptions struct {
	Collection *Collection
	Ranker     Ranker
	// Run receives the ranking as a TREC run; nil writes none.
	Run   io.Writer
	Depth int // ranks kept of each topic; 0 means 1000
	// MinRel is the least grade that counts as relevant; 0 means 1. Topics
	// without such a document are left out of every mean but pair accuracy.
	MinRel int
	// Judged ranks the judged documents of a topic only.
	Judged bool
	// CollapseTitles counts documents of one title as one, with their best grade.
	CollapseTitles bool
	// DropIdentical leaves out documents whose title is the topic's text.
	DropIdentical bool
	Seed          uint64
}

// Measure is a named mean over topics.
type Measure struct {
	Name string `json:"name"`
	Interval
	// Values holds one number a topic, in the order of Report.Topics, so that two
	// reports can be compared pairwise; a topic without a value holds −1.
	Values []float64 `json:"-"`
}

// Report is the outcome of a measurement.
type Report struct {
	Collection string    `json:"collection"`
	Documents  int       `json:"documents"`
	Topics     []string  `json:"-"`
	Measures   []Measure `json:"measures"`
	// Coverage and Gini are of the first ten ranks over the whole catalogue.
	Coverage float64 `json:"coverage"`
	Gini     float64 `json:"gini"`
	Skipped  int     `json:"skipped"` // topics without judgements
}

const noValue = -1

// Retrieval ranks every judged topic of a collection and measures the rankings.
// progress, if not nil, is told after each topic. Errors are those of the
// ranker, of the writer and of the context.
func Retrieval(ctx context.Context, o RetrievalOptions, progress func(done, total int)) (Report, error) {
	if o.Collection == nil || o.Ranker == nil || len(o.Collection.Documents) == 0 {
		return Report{}, errors.New("evaluate: a measurement needs a collection with documents and a ranker")
	}
	o.Depth = cmp.Or(o.Depth, 1000)
	o.MinRel = cmp.Or(o.MinRel, 1)
	if err := o.Ranker.Load(ctx, o.Collection.Documents, o.Collection.Topics); err != nil {
		return Report{}, err
	}
	m := newMeasuring(o)
	var run *bufio.Writer
	if o.Run != nil {
		run = bufio.NewWriter(o.Run)
	}
	for i, t := range o.Collection.Topics {
		if err := m.topic(ctx, t, run); err != nil {
			return Report{}, fmt.Errorf("evaluate: topic %s: %w", t.ID, err)
		}
		if progress != nil {
			progress(i+1, len(o.Collection.Topics))
		}
	}
	if run != nil {
		if err := run.Flush(); err != nil {
			return Report{}, err
		}
	}
	return m.report(), nil
}

// measuring gathers what the topics give.
type measuring struct {
	o        RetrievalOptions
	titles   map[string]string // document → title
	first    map[string]string // document → the first of its title, where titles collapse
	measures []Measure
	topics   []string
	lists    [][]string
	pairs    [2]float64 // right, all
	skipped  int
	pool     int // size of the catalogue
}

func newMeasuring(o RetrievalOptions) *measuring {
	m := &measuring{o: o, titles: map[string]string{}, first: map[string]string{}}
	byTitle := map[string]string{}
	for _, d := range o.Collection.Documents {
		title := d.Title
		if title == "" {
			title = d.Text
		}
		m.titles[d.ID] = title
		if _, ok := byTitle[title]; !ok || !o.CollapseTitles {
			byTitle[title] = d.ID
			m.pool++
		}
		m.first[d.ID] = byTitle[title]
	}
	for _, name := range []string{"nDCG@10", "MAP", "MRR@10", "R@100", "judged nDCG@10", "pair accuracy"} {
		m.measures = append(m.measures, Measure{Name: name})
	}
	return m
}

// topic ranks one topic and takes its measures.
func (m *measuring) topic(ctx context.Context, t Topic, run *bufio.Writer) error {
	grades := m.grades(t)
	if len(grades) == 0 {
		m.skipped++
		return nil
	}
	judged, err := m.o.Ranker.ScoreOnly(ctx, t, judgedIDs(m.o.Collection.Grades[t.ID]))
	if err != nil {
		return err
	}
	pool := m.tidy(judged, t)
	ranked := pool
	if !m.o.Judged {
		all, err := m.o.Ranker.Rank(ctx, t, m.o.Depth)
		if err != nil {
			return err
		}
		ranked = m.tidy(all, t)
	}
	ranked = ranked[:min(len(ranked), m.o.Depth)]
	m.measure(t, grades, ranked, pool)
	return writeRun(run, t.ID, ranked)
}

// grades are those of the topic's documents after collapsing and dropping.
func (m *measuring) grades(t Topic) Grades {
	g := Grades{}
	for id, grade := range m.o.Collection.Grades[t.ID] {
		if m.o.DropIdentical && m.titles[id] == t.Text {
			continue
		}
		if first, ok := m.first[id]; ok {
			id = first
		}
		g[id] = max(g[id], grade)
	}
	return g
}

func judgedIDs(g Grades) []string {
	ids := make([]string, 0, len(g))
	for id := range g {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// tidy sorts by score, ties by ID, and collapses and drops what the options say.
func (m *measuring) tidy(list []Scored, t Topic) []Scored {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b Scored) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID))
	})
	seen := make(map[string]bool, len(list))
	kept := list[:0]
	for _, s := range list {
		if m.o.DropIdentical && m.titles[s.ID] == t.Text {
			continue
		}
		if first, ok := m.first[s.ID]; ok {
			s.ID = first
		}
		if !seen[s.ID] {
			seen[s.ID] = true
			kept = append(kept, s)
		}
	}
	return kept
}

func (m *measuring) measure(t Topic, grades Grades, ranked, pool []Scored) {
	list, scores := ids(ranked), map[string]float64{}
	for _, s := range pool {
		scores[s.ID] = s.Score
	}
	m.topics = append(m.topics, t.ID)
	m.lists = append(m.lists, list)
	values := [6]float64{noValue, noValue, noValue, noValue, noValue, noValue}
	put := func(i int, v float64, ok bool) {
		if ok {
			values[i] = v
		}
	}
	if relevant(grades, m.o.MinRel) > 0 {
		v, ok := NDCG(list, grades, 10)
		put(0, v, ok)
		v, ok = AveragePrecision(list, grades, m.o.MinRel)
		put(1, v, ok)
		v, ok = ReciprocalRank(list, grades, m.o.MinRel, 10)
		put(2, v, ok)
		v, ok = Recall(list, grades, m.o.MinRel, 100)
		put(3, v, ok)
		v, ok = NDCG(ids(pool), grades, 10)
		put(4, v, ok)
	}
	if v, n := PairAccuracy(scores, grades); n > 0 {
		put(5, v, true)
		m.pairs[0] += v * float64(n)
		m.pairs[1] += float64(n)
	}
	for i, v := range values {
		m.measures[i].Values = append(m.measures[i].Values, v)
	}
}

func ids(list []Scored) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = s.ID
	}
	return out
}

// writeRun appends a topic in TREC form: topic Q0 document rank score tag.
func writeRun(w *bufio.Writer, topic string, ranked []Scored) error {
	if w == nil {
		return nil
	}
	for i, s := range ranked {
		if _, err := fmt.Fprintf(w, "%s Q0 %s %d %.9f jinghe\n", topic, s.ID, i+1, s.Score); err != nil {
			return err
		}
	}
	return nil
}

// report means over topics. Pair accuracy is over all pairs of all topics; its
// interval is moved to that mean from the bootstrap over topics.
func (m *measuring) report() Report {
	r := Report{
		Collection: m.o.Collection.Name, Documents: len(m.o.Collection.Documents), Topics: m.topics,
		Coverage: Coverage(m.lists, m.pool, 10), Gini: Gini(m.lists, m.pool, 10), Skipped: m.skipped,
	}
	for _, x := range m.measures {
		var have []float64
		for _, v := range x.Values {
			if v != noValue {
				have = append(have, v)
			}
		}
		if len(have) == 0 {
			continue
		}
		x.Interval = Bootstrap(have, m.o.Seed)
		if x.Name == "pair accuracy" && m.pairs[1] > 0 {
			move := m.pairs[0]/m.pairs[1] - x.Mean
			x.Mean, x.Low, x.High = x.Mean+move, x.Low+move, min(x.High+move, 1)
		}
		r.Measures = append(r.Measures, x)
	}
	return r
}

// Compare returns the paired bootstrap of after − before for every measure that
// both reports have for the same topics.
func Compare(before, after Report, seed uint64) map[string]Interval {
	out := map[string]Interval{}
	for _, b := range before.Measures {
		for _, a := range after.Measures {
			if a.Name != b.Name || len(a.Values) != len(b.Values) {
				continue
			}
			var x, y []float64
			for i := range b.Values {
				if b.Values[i] != noValue && a.Values[i] != noValue {
					x, y = append(x, b.Values[i]), append(y, a.Values[i])
				}
			}
			out[a.Name] = Paired(x, y, seed)
		}
	}
	return out
}
