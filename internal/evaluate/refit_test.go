package evaluate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// market makes judged pairs of topics whose judges weigh the parts by taste;
// noise is the spread of their judgement, without taste they judge at random.
func market(seed uint64, topics, each int, taste []float64, noise float64) []Judged {
	r := rand.New(rand.NewPCG(seed, 77))
	var pairs []Judged
	for t := range topics {
		for range each {
			p := Judged{Topic: fmt.Sprint("need ", t), Group: fmt.Sprint("title ", t)}
			for range 4 {
				p.Parts = append(p.Parts, r.Float64())
			}
			liking := noise * r.NormFloat64()
			for i, w := range taste {
				liking += w * p.Parts[i]
			}
			switch {
			case liking > 0.62:
				p.Grade = 3
			case liking > 0.5:
				p.Grade = 1
			}
			pairs = append(pairs, p)
		}
	}
	return pairs
}

func TestRefitFindsAnotherTaste(t *testing.T) {
	t.Parallel()
	inForce := []float64{0.7, 0.1, 0.1, 0.1}
	taste := []float64{0.1, 0.7, 0.15, 0.05}
	r := RefitWeights(market(1, 60, 12, taste, 0.1), inForce, RefitOptions{Seed: 1})
	if !r.Win || r.Gain.Low < 0.1 || r.After < r.Before+0.1 {
		t.Errorf("not won: %+v", r)
	}
	sum := 0.0
	for i, w := range r.Weights {
		sum += w
		if w < 0 || math.Abs(w-taste[i]) > 0.15 {
			t.Errorf("weights %v, the judges weigh %v", r.Weights, taste)
		}
	}
	if math.Abs(sum-1) > 1e-9 {
		t.Errorf("weights sum to %v", sum)
	}
	again := RefitWeights(market(1, 60, 12, taste, 0.1), inForce, RefitOptions{Seed: 1})
	if fmt.Sprint(again) != fmt.Sprint(r) {
		t.Error("the same judgements gave two outcomes")
	}
}

// TestRefitSeldomWinsOnNoise holds the stated rate of false wins: at most 1 in
// 20 where judges judge at random, or as the weights in force do.
func TestRefitSeldomWinsOnNoise(t *testing.T) {
	t.Parallel()
	inForce := []float64{0.4, 0.3, 0.2, 0.1}
	for name, taste := range map[string][]float64{"random": nil, "as in force": inForce} {
		wins := 0
		const rounds = 60
		for seed := range uint64(rounds) {
			pairs := market(seed, 30, 8, taste, 0.12)
			if taste == nil {
				pairs = market(seed, 30, 8, []float64{0.25, 0.25, 0.25, 0.25}, 0)
				shuffleGrades(pairs, seed)
			}
			if RefitWeights(pairs, inForce, RefitOptions{Seed: seed}).Win {
				wins++
			}
		}
		t.Logf("%s: %d wins of %d", name, wins, rounds)
		// 3 are expected at 5 %; more than 8 would come up less than once in a hundred runs
		if wins > 8 {
			t.Errorf("%s: %d of %d runs won without a reason", name, wins, rounds)
		}
	}
}

func shuffleGrades(pairs []Judged, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 3))
	r.Shuffle(len(pairs), func(i, j int) { pairs[i].Grade, pairs[j].Grade = pairs[j].Grade, pairs[i].Grade })
}

func TestRefitNeedsEnough(t *testing.T) {
	t.Parallel()
	inForce := []float64{0.7, 0.1, 0.1, 0.1}
	for name, pairs := range map[string][]Judged{
		"Nothing":   nil,
		"FewTopics": market(1, 10, 12, []float64{0, 1, 0, 0}, 0),
		"OneGrade":  {{Topic: "a", Parts: make([]float64, 4), Grade: 1}, {Topic: "a", Parts: make([]float64, 4), Grade: 1}},
	} {
		r := RefitWeights(pairs, inForce, RefitOptions{})
		if r.Win {
			t.Errorf("%s: won on too little: %+v", name, r)
		}
		if len(r.Weights) != len(inForce) {
			t.Errorf("%s: weights %v", name, r.Weights)
		}
	}
}

func TestProject(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ from, want []float64 }{
		{[]float64{0.5, 0.5}, []float64{0.5, 0.5}},
		{[]float64{2, 0}, []float64{1, 0}},
		{[]float64{0.9, 0.9, -1}, []float64{0.5, 0.5, 0}},
		{[]float64{0, 0}, []float64{0.5, 0.5}},
	} {
		got := append([]float64(nil), tc.from...)
		project(got, 1)
		for i := range got {
			if !near(got[i], tc.want[i]) {
				t.Errorf("%v goes to %v, want %v", tc.from, got, tc.want)
			}
		}
	}
}
