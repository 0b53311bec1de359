package broker_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"jinghe/internal/broker"
	"jinghe/internal/scene"
)

// addNeeds gives a market n needs of 116 to 516 characters, each with a budget.
func addNeeds(b *testing.B, m *broker.Market, w *writer, n int) {
	b.Helper()
	rng := rand.New(rand.NewPCG(5, 6))
	needs := make([]broker.Need, n)
	for i := range needs {
		o := need(fmt.Sprintf("n%06d", i), w.text(16), w.text(100+rng.IntN(400)))
		o.Budget = scene.MoneyRange{Max: scene.Money(50+rng.IntN(400)) * scene.Wan}
		o.Require.MinMaturity = rng.IntN(4)
		needs[i] = broker.Need{Listing: o}
	}
	if err := m.LoadNeeds(b.Context(), needs); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkRematch makes the lists of a city, of a tenth of a province and of a
// province, and reports wall clock and processor time in seconds, and the most
// memory that the process held meanwhile, rows and indexes included (Linux only).
func BenchmarkRematch(b *testing.B) {
	for _, size := range []struct {
		name          string
		needs, offers int
	}{{"city", 1_500, 5_000}, {"tenth", 6_400, 15_400}, {"province", 64_000, 154_000}} {
		b.Run(size.name, func(b *testing.B) {
			m, w := bigMarket(b, size.offers, false)
			addNeeds(b, m, w, size.needs)
			start := time.Now()
			if err := m.Learn(b.Context()); err != nil {
				b.Fatal(err)
			}
			b.Logf("learned in %v; most memory so far %.0f MB", time.Since(start), peakMemory()/1e6)
			runtime.GC()
			forgetPeak()
			for b.Loop() {
				rematchOnce(b, m)
			}
		})
	}
}

// BenchmarkRematchShares holds a province and measures what a rematch of it is
// made of, each on a part: lists of needs, retrieval for offers, and needs that
// are prepared for the offers of one step. all-s is what the whole takes by
// these, in seconds of processor time.
func BenchmarkRematchShares(b *testing.B) {
	const (
		needs, offers = 64_000, 154_000
		some          = 4_096  // needs and offers measured
		step          = 40_000 // offers that a step takes
		perNeed       = 200 * step / needs
	)
	m, w := bigMarket(b, offers, false)
	addNeeds(b, m, w, needs)
	start, used := time.Now(), processorTime()
	if err := m.Learn(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.Logf("learned in %v, processor %v; most memory so far %.0f MB", time.Since(start), processorTime()-used, peakMemory()/1e6)
	took := func(fn func() error) float64 {
		before := processorTime()
		if err := fn(); err != nil {
			b.Fatal(err)
		}
		return (processorTime() - before).Seconds() / some
	}
	for b.Loop() {
		r := m.NewRematch(now())
		need := took(func() error {
			for range some / 256 {
				made, err := r.Step(b.Context())
				if err != nil {
					return err
				}
				m.Publish(made)
			}
			return nil
		})
		own := took(func() error { return r.Gather(b.Context(), some) })
		scored := took(func() error { return r.ScoreSome(b.Context(), some, perNeed, step) })
		b.ReportMetric(1000*need, "need-ms")
		b.ReportMetric(1000*own, "offer-ms")
		b.ReportMetric(1000*scored, "need-in-step-ms")
		b.ReportMetric(needs*need+offers*own+(offers+step-1)/step*needs*scored, "all-s")
		b.ReportMetric(peakMemory()/1e6, "peak-MB")
	}
}

func rematchOnce(b *testing.B, m *broker.Market) {
	b.Helper()
	start, used := time.Now(), processorTime()
	told := start
	r, lists := m.NewRematch(now()), 0
	for !r.Done() {
		made, err := r.Step(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		lists += len(m.Publish(made))
		if time.Since(told) > 30*time.Second {
			told = time.Now()
			done, total := r.Progress()
			b.Logf("%d of %d after %v, processor %v", done, total, told.Sub(start), processorTime()-used)
		}
	}
	b.ReportMetric(time.Since(start).Seconds(), "wall-s")
	b.ReportMetric((processorTime() - used).Seconds(), "processor-s")
	b.ReportMetric(float64(lists), "lists")
	if most := peakMemory(); most > 0 {
		b.ReportMetric(most/1e6, "peak-MB")
	}
}

// forgetPeak has peakMemory count from now on, where the system can.
func forgetPeak() { _ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) }

// peakMemory is the most memory the process held, in bytes; 0 where the system does not tell.
func peakMemory() float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range bytes.Lines(status) {
		if rest, ok := bytes.CutPrefix(line, []byte("VmHWM:")); ok {
			kb, _ := strconv.ParseFloat(string(bytes.Fields(rest)[0]), 64)
			return kb * 1024
		}
	}
	return 0
}
