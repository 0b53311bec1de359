package broker_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"jinghe/internal/broker"
	"jinghe/internal/scene"
)

// city holds 1,500 needs and 5,000 offers that have learned and have their lists.
func city(b *testing.B) (*broker.Market, *writer) {
	b.Helper()
	m, w := bigMarket(b, 5_000, false)
	addNeeds(b, m, w, 1_500)
	if err := m.Learn(b.Context()); err != nil {
		b.Fatal(err)
	}
	rematch(b, m)
	return m, w
}

// spent measures calls in processor time, which other programs on the machine
// do not disturb, and reports its median and its 99th percentile.
type spent struct{ times []time.Duration }

func (s *spent) measure(fn func()) {
	before := processorTime()
	fn()
	s.times = append(s.times, processorTime()-before)
}

func (s *spent) report(b *testing.B) {
	b.Helper()
	slices.Sort(s.times)
	b.ReportMetric(float64(s.times[len(s.times)/2].Microseconds())/1000, "p50-cpu-ms")
	b.ReportMetric(float64(s.times[len(s.times)*99/100].Microseconds())/1000, "p99-cpu-ms")
}

// BenchmarkRefresh changes one listing of a city of 1,500 needs and 5,000 offers
// and has all lists follow.
func BenchmarkRefresh(b *testing.B) {
	m, w := city(b)
	rng := rand.New(rand.NewPCG(8, 8))
	for name, change := range map[string]func(i int) (scene.Kind, scene.ID, error){
		"offer": func(i int) (scene.Kind, scene.ID, error) {
			c := offer(fmt.Sprintf("c%06d", rng.IntN(5_000)), w.text(14), w.text(116))
			return scene.KindCapability, c.ID, m.PutOffer(b.Context(), c, nil)
		},
		"need": func(i int) (scene.Kind, scene.ID, error) {
			o := need(fmt.Sprintf("n%06d", rng.IntN(1_500)), w.text(16), w.text(100+rng.IntN(400)))
			return scene.KindOpportunity, o.ID, m.PutNeed(b.Context(), o, nil)
		},
	} {
		b.Run(name, func(b *testing.B) {
			var s spent
			lists := 0
			for i := 0; b.Loop(); i++ {
				s.measure(func() {
					kind, id, err := change(i)
					if err != nil {
						b.Fatal(err)
					}
					made, err := m.Refresh(b.Context(), now(), kind, id)
					if err != nil {
						b.Fatal(err)
					}
					lists += len(made)
				})
			}
			s.report(b)
			b.ReportMetric(float64(lists)/float64(b.N), "lists/op")
		})
	}
}

// BenchmarkListed reads the matches of a listing of a city from its list, and live.
func BenchmarkListed(b *testing.B) {
	m, _ := city(b)
	for name, o := range map[string]broker.Options{
		"list": {Now: now()}, "live": {Now: now(), Changes: true, Consortium: true},
	} {
		b.Run("need/"+name, func(b *testing.B) {
			var s spent
			for i := 0; b.Loop(); i++ {
				s.measure(func() {
					if _, err := m.OffersFor(b.Context(), scene.ID(fmt.Sprintf("n%06d", i%1_500)), o); err != nil {
						b.Fatal(err)
					}
				})
			}
			s.report(b)
		})
		b.Run("offer/"+name, func(b *testing.B) {
			var s spent
			for i := 0; b.Loop(); i++ {
				s.measure(func() {
					if _, err := m.NeedsFor(b.Context(), scene.ID(fmt.Sprintf("c%06d", i%5_000)), o); err != nil {
						b.Fatal(err)
					}
				})
			}
			s.report(b)
		})
	}
}
