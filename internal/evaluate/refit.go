package evaluate

import (
	"cmp"
	"math"
	"slices"
)

// Judged is a pair that people graded, as a ranking sees it: the values of its
// named parts, of which the raw score is the weighted sum.
type Judged struct {
	Topic string    // the need
	Group string    // needs of one group are never on both sides of a fold: its title
	Parts []float64 // in [0,1], in an order that all pairs share
	Grade int
}

// RefitOptions bound a refit. The zero value takes the defaults.
type RefitOptions struct {
	Folds int // 0 means 10
	// LeastTopics is the fewest topics with two different grades that a
	// comparison is worth; 0 means 20.
	LeastTopics int
	// Hold draws the weights towards those in force: the strength of a Gaussian
	// prior around them. 0 means 0.5.
	Hold float64
	Seed uint64
}

func (o RefitOptions) filled() RefitOptions {
	o.Folds = cmp.Or(o.Folds, 10)
	o.LeastTopics = cmp.Or(o.LeastTopics, 20)
	o.Hold = cmp.Or(o.Hold, 0.5)
	return o
}

// Refit is the outcome of fitting weights to judgements.
type Refit struct {
	Weights []float64 // not negative, of the sum of those in force
	Topics  int       // with at least two different grades
	Pairs   int
	// Before and After are pair accuracies over all ordered pairs of held-out
	// topics: by the weights in force, and by weights fitted without their fold.
	Before, After float64
	// Gain is the paired bootstrap of After − Before over topics.
	Gain Interval
	// Win says that the gain is above 0 with 95 % confidence, on enough topics.
	Win bool
}

// RefitWeights fits the weights of the parts to judgements and compares them,
// in folds grouped by Judged.Group, with those in force. The fit minimises the
// logistic loss of the differences between differently graded documents of one
// topic (RankNet without a hidden layer, Burges and others 2005), each topic
// counting alike, over weights that are not negative and keep their sum.
// The same input gives the same outcome.
func RefitWeights(pairs []Judged, inForce []float64, o RefitOptions) Refit {
	o = o.filled()
	topics := byTopic(pairs)
	r := Refit{Topics: len(topics), Pairs: len(pairs), Weights: fitWeights(topics, inForce, o)}
	var before, after []float64
	var right [2]float64
	ordered := 0
	for fold := range o.Folds {
		var train, held []judgedTopic
		for _, t := range topics {
			if foldOf(t.group, o.Folds) == fold {
				held = append(held, t)
			} else {
				train = append(train, t)
			}
		}
		if len(held) == 0 {
			continue
		}
		fitted := fitWeights(train, inForce, o)
		for _, t := range held {
			b, n := t.accuracy(inForce)
			a, _ := t.accuracy(fitted)
			before, after = append(before, b), append(after, a)
			right[0], right[1], ordered = right[0]+b*float64(n), right[1]+a*float64(n), ordered+n
		}
	}
	if ordered > 0 {
		r.Before, r.After = right[0]/float64(ordered), right[1]/float64(ordered)
	}
	r.Gain = Paired(before, after, o.Seed)
	r.Win = r.Topics >= o.LeastTopics && r.Gain.Low > 0 && r.After > r.Before
	return r
}

// judgedTopic is the judged pairs of one topic that has two different grades.
type judgedTopic struct {
	name, group string
	pairs       []Judged
}

// byTopic gathers the topics that can teach an order, in order of their names.
func byTopic(pairs []Judged) []judgedTopic {
	all := map[string]*judgedTopic{}
	for _, p := range pairs {
		t := all[p.Topic]
		if t == nil {
			t = &judgedTopic{name: p.Topic, group: p.Group}
			all[p.Topic] = t
		}
		t.pairs = append(t.pairs, p)
	}
	var list []judgedTopic
	for _, t := range all {
		if slices.ContainsFunc(t.pairs, func(p Judged) bool { return p.Grade != t.pairs[0].Grade }) {
			list = append(list, *t)
		}
	}
	slices.SortFunc(list, func(a, b judgedTopic) int { return cmp.Compare(a.name, b.name) })
	return list
}

// accuracy is the share of differently graded pairs in the right order, ties
// counting half, and their number.
func (t *judgedTopic) accuracy(weights []float64) (share float64, n int) {
	right := 0.0
	scores := make([]float64, len(t.pairs))
	for i, p := range t.pairs {
		scores[i] = weighted(weights, p.Parts)
	}
	for i, a := range t.pairs {
		for j, b := range t.pairs {
			if a.Grade <= b.Grade {
				continue
			}
			n++
			switch {
			case scores[i] > scores[j]:
				right++
			case scores[i] == scores[j]:
				right += 0.5
			}
		}
	}
	if n == 0 {
		return 0, 0
	}
	return right / float64(n), n
}

func weighted(weights, parts []float64) float64 {
	sum := 0.0
	for i, w := range weights {
		sum += w * parts[i]
	}
	return sum
}

const (
	refitRounds = 150
	// steepness turns a difference of raw scores into log odds of the order; it
	// is that of the shipped calibration, to a round number.
	steepness = 16.0
	firstStep = 0.03
)

// fitWeights descends from the weights in force along the projected gradient.
func fitWeights(topics []judgedTopic, inForce []float64, o RefitOptions) []float64 {
	w := slices.Clone(inForce)
	if len(topics) == 0 {
		return w
	}
	sum := 0.0
	for _, x := range inForce {
		sum += x
	}
	slope := make([]float64, len(w))
	for round := range refitRounds {
		clear(slope)
		for i := range topics {
			topics[i].slope(w, slope)
		}
		step := firstStep / (1 + float64(round)/40)
		norm := 0.0
		for i := range slope {
			slope[i] = slope[i]/float64(len(topics)) + o.Hold/float64(len(topics))*(w[i]-inForce[i])*steepness
			norm += slope[i] * slope[i]
		}
		norm = max(math.Sqrt(norm), 1)
		for i := range w {
			w[i] -= step * slope[i] / norm
		}
		project(w, sum)
	}
	return w
}

// slope adds the gradient of the topic's mean loss.
func (t *judgedTopic) slope(w, into []float64) {
	scores := make([]float64, len(t.pairs))
	for i, p := range t.pairs {
		scores[i] = steepness * weighted(w, p.Parts)
	}
	pull := make([]float64, len(t.pairs)) // what each document's score should gain
	n := 0.0
	for i, a := range t.pairs {
		for j, b := range t.pairs {
			if a.Grade > b.Grade {
				p := 1 / (1 + math.Exp(scores[i]-scores[j]))
				pull[i], pull[j] = pull[i]+p, pull[j]-p
				n++
			}
		}
	}
	for i, p := range t.pairs {
		for k, v := range p.Parts {
			into[k] -= steepness * pull[i] / n * v
		}
	}
}

// project moves w to the nearest point whose coordinates are not negative and
// have the sum (Duchi and others 2008).
func project(w []float64, sum float64) {
	falling := slices.Clone(w)
	slices.SortFunc(falling, func(a, b float64) int { return cmp.Compare(b, a) })
	total, cut := 0.0, 0.0
	for i, x := range falling {
		total += x
		if c := (total - sum) / float64(i+1); x-c > 0 {
			cut = c
		}
	}
	for i := range w {
		w[i] = max(w[i]-cut, 0)
	}
}

// OrderAccuracy is the share of differently graded pairs of one topic, over all
// topics, that the weights put in the right order; ties count half.
func OrderAccuracy(pairs []Judged, weights []float64) float64 {
	right, all := 0.0, 0
	for _, t := range byTopic(pairs) {
		share, n := t.accuracy(weights)
		right, all = right+share*float64(n), all+n
	}
	if all == 0 {
		return 0
	}
	return right / float64(all)
}
