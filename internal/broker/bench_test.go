package broker_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"jinghe/internal/broker"
	"jinghe/internal/scene"
	"jinghe/search/embedded"
	"jinghe/search/lexicon"
)

// writer makes texts that look like listings to an index: words of two to four
// characters drawn by Zipf's law from a vocabulary of 12,000.
type writer struct {
	words []string
	zipf  *rand.Zipf
}

func newWriter(seed uint64) *writer {
	random := rand.New(rand.NewPCG(seed, 7))
	chars := rand.NewZipf(random, 1.05, 8, 2500)
	w := &writer{zipf: rand.NewZipf(random, 1.1, 20, 11_999)}
	for range 12_000 {
		var b strings.Builder
		for range 2 + random.IntN(3) {
			b.WriteRune('一' + rune(chars.Uint64()))
		}
		w.words = append(w.words, b.String())
	}
	return w
}

func (w *writer) text(runes int) string {
	var b strings.Builder
	n := 0
	for n < runes {
		word := w.words[w.zipf.Uint64()]
		b.WriteString(word)
		n += len([]rune(word))
		if w.zipf.Uint64()%5 == 0 {
			b.WriteString("，")
			n++
		}
	}
	return b.String()
}

// bigMarket holds n offers of about 130 characters behind the embedded index.
func bigMarket(b *testing.B, n int, learn bool) (*broker.Market, *writer) {
	b.Helper()
	lex, err := lexicon.New()
	if err != nil {
		b.Fatal(err)
	}
	m, err := broker.New(b.Context(), newEngine(b), embedded.New(lex))
	if err != nil {
		b.Fatal(err)
	}
	w := newWriter(1)
	offers := make([]broker.Offer, n)
	for i := range offers {
		c := offer(fmt.Sprintf("c%06d", i), w.text(14), w.text(116))
		c.Maturity = scene.Maturity{Min: 1 + i%9, Max: 1 + i%9}
		c.Price = scene.MoneyRange{Min: scene.Money(1+i%300) * scene.Wan}
		offers[i] = broker.Offer{Listing: c}
	}
	start := time.Now()
	if err := m.LoadOffers(b.Context(), offers); err != nil {
		b.Fatal(err)
	}
	b.Logf("loaded %d in %v", n, time.Since(start))
	if learn {
		start = time.Now()
		if err := m.Learn(b.Context()); err != nil {
			b.Fatal(err)
		}
		b.Logf("learned in %v", time.Since(start))
	}
	return m, w
}

func benchmarkRank(b *testing.B, learn bool) {
	m, w := bigMarket(b, 150_000, learn)
	needs := make([]*scene.Opportunity, 50)
	for i := range needs {
		needs[i] = need(fmt.Sprintf("n%d", i), w.text(16), w.text(1000))
		needs[i].Budget = scene.MoneyRange{Max: 200 * scene.Wan}
	}
	var times []time.Duration
	b.ResetTimer()
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		r, err := m.RankNeed(b.Context(), needs[i%len(needs)], nil, broker.Options{Now: now()})
		if err != nil || len(r.Matches) != 20 {
			b.Fatal(err, len(r.Matches))
		}
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds())/1000, "p99-ms")
}

func BenchmarkRankPageTerms(b *testing.B) { benchmarkRank(b, false) }

func BenchmarkRankPageAll(b *testing.B) { benchmarkRank(b, true) }
