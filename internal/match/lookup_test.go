package match

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// randomText draws n words from a small vocabulary, so that texts share terms.
func randomText(rng *rand.Rand, n int) string {
	words := []string{"水质", "监测", "管网", "机器人", "无人机", "光伏", "储能", "雷达", "AI", "5G", "预警", "巡检", "，", "平台", "系统", "诊断"}
	var b strings.Builder
	for range n {
		b.WriteString(words[rng.IntN(len(words))])
	}
	return b.String()
}

// TestIndexedQueryScoresTheSame: preparing a query for many offers changes no bit of a score.
func TestIndexedQueryScoresTheSame(t *testing.T) {
	t.Parallel()
	e := newTestEngine(t)
	rng := rand.New(rand.NewPCG(1, 2))
	var offers []*Profile
	for range 60 {
		c := anOffer(randomText(rng, 1+rng.IntN(6)), randomText(rng, rng.IntN(60)))
		offers = append(offers, e.Offer(c, nil))
	}
	space := market(t, e, offers...)
	for range 40 {
		need := e.Need(aNeed(randomText(rng, 1+rng.IntN(4)), randomText(rng, rng.IntN(200))), nil)
		plain, indexed := e.Query(need, space), e.Query(need, space)
		indexed.Index()
		liked := []Liked{{offers[rng.IntN(60)], 0.6}, {offers[rng.IntN(60)], 0.4}}
		for _, f := range []*Feedback{e.Feedback(liked[:1], space.Terms), e.Feedback(liked, space.Terms)} {
			plain.Feed(f)
			indexed.Feed(f)
		}
		for _, o := range offers {
			a, b := plain.Score(o, nil, today()), indexed.Score(o, nil, today())
			if a != b || plain.Topic(o, nil) != indexed.Topic(o, nil) || plain.Echo(o) != indexed.Echo(o) {
				t.Fatalf("%v, indexed %v: %q for %q", a, b, o.Texts, need.Texts)
			}
		}
	}
}

// TestFeedbackTakesTheWeightiestTerms holds the merge of sorted lists against counting in a map.
func TestFeedbackTakesTheWeightiestTerms(t *testing.T) {
	t.Parallel()
	e := newTestEngine(t)
	rng := rand.New(rand.NewPCG(3, 4))
	var offers []*Profile
	for range 30 {
		offers = append(offers, e.Offer(anOffer(randomText(rng, 3), randomText(rng, 1+rng.IntN(60))), nil))
	}
	s := market(t, e, offers...).Terms
	for first := range 20 {
		liked := make([]Liked, 10)
		total := 0.0
		for i := range liked {
			liked[i] = Liked{Offer: offers[first+i], Score: 1 / float64(i+1)}
			total += liked[i].Score
		}
		sums := map[term]float64{}
		for _, b := range liked {
			d := &b.Offer.bag
			share := b.Score / total / max(float64(d.titleLen+d.bodyLen), 1)
			for i, x := range d.terms {
				sums[x] += share * float64(int(d.title[i])+int(d.body[i]))
			}
		}
		var want []termWeight
		for x, w := range sums {
			want = append(want, termWeight{x, w * s.idf(x) * e.weights.Text.kind(x)})
		}
		slices.SortFunc(want, func(a, b termWeight) int {
			return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.term, b.term))
		})
		if got := e.common(liked, total, s); !slices.Equal(got, want[:min(len(want), feedbackTerms)]) {
			t.Fatalf("terms\n%v, want\n%v", got, want)
		}
	}
}
