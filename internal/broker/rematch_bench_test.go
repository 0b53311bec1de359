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
// memory the process ever held (Linux only).
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
			b.Logf("learned in %v", time.Since(start))
			runtime.GC()
			for b.Loop() {
				rematchOnce(b, m)
			}
		})
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

// peakMemory is the most memory the process ever held, in bytes; 0 where the system does not tell.
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
