package broker_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"jinghe/internal/broker"
	"jinghe/internal/scene"
)

// town is an invented market whose owners care where a firm delivers far more
// than the shipped weights do.
func town(t *testing.T) *broker.Market {
	t.Helper()
	m := newMarket(t)
	topics := []string{"积水监测", "跌倒检测", "道路病害识别", "园区能耗管理", "无人机巡检", "垃圾分类识别"}
	var needs []broker.Need
	var offers []broker.Offer
	for i := range 40 {
		o := need(fmt.Sprint("n", i), fmt.Sprintf("%s第%d期", topics[i%6], i), "寻求"+topics[i%6]+"的成熟产品，要求稳定可靠。")
		o.Regions = []string{region(i % 2)}
		needs = append(needs, broker.Need{Listing: o})
	}
	for i := range 60 {
		c := offer(fmt.Sprint("c", i), fmt.Sprintf("%s系统%d型", topics[i%6], i), topics[i%6]+"与分析，提供安装调试。")
		c.Regions = []string{region(i / 6 % 2)}
		offers = append(offers, broker.Offer{Listing: c})
	}
	if err := m.LoadNeeds(t.Context(), needs); err != nil {
		t.Fatal(err)
	}
	if err := m.LoadOffers(t.Context(), offers); err != nil {
		t.Fatal(err)
	}
	if err := m.Learn(t.Context()); err != nil {
		t.Fatal(err)
	}
	return m
}

func region(i int) string { return []string{"320200", "440300"}[i] }

// judgement grades ten offers of each need: at home strong, else weak, or at random.
func judgement(seed uint64, random bool) []scene.Decision {
	r := rand.New(rand.NewPCG(seed, 9))
	var list []scene.Decision
	for n := range 40 {
		for k := range 10 {
			c := (n + 7*k) % 60
			d := scene.Decision{
				ID: scene.ID(fmt.Sprintf("d%03d-%02d", n, k)), Need: scene.ID(fmt.Sprint("n", n)), Offer: scene.ID(fmt.Sprint("c", c)),
				Verdict: scene.Declined, Reason: scene.ReasonPlace, At: now(),
			}
			like := c/6%2 == n%2
			if random {
				like = r.IntN(2) == 0
			}
			if like {
				d.Verdict, d.Reason = scene.Accepted, ""
			}
			list = append(list, d)
		}
	}
	return list
}

func TestTuneLearnsATownsTaste(t *testing.T) {
	t.Parallel()
	m := town(t)
	told := 0
	got, err := m.Tune(t.Context(), judgement(1, false), broker.TuneOptions{Name: "w2", Now: now(), Progress: func(done, total int) { told = 100 * done / total }})
	if err != nil {
		t.Fatal(err)
	}
	place := got.Weights.Parts["place"]
	t.Logf("place weighs %.4f, %.3f → %.3f held out, gain %+v, all %.3f → %.3f", place, got.Refit.Before, got.Refit.After, got.Refit.Gain, got.Before, got.After)
	if !got.Win() || place < 0.05 || got.Refit.Topics != 40 || told != 100 {
		t.Errorf("not learned: %+v", got)
	}
	if got.Parent != newEngine(t).Weights().Version() || got.Weights.Version() == got.Parent {
		t.Errorf("versions %s and %s", got.Parent, got.Weights.Version())
	}
	if _, err := newEngine(t).With(got.Weights); err != nil {
		t.Errorf("the engine does not take the set: %v", err)
	}
}

func TestTuneDoesNotLearnFromChance(t *testing.T) {
	t.Parallel()
	m := town(t)
	wins := 0
	for seed := range uint64(8) {
		got, err := m.Tune(t.Context(), judgement(seed, true), broker.TuneOptions{Name: "w2", Now: now()})
		if err != nil {
			t.Fatal(err)
		}
		if got.Win() {
			wins++
		}
	}
	if wins > 1 { // at 5 % a run, two or more of eight come up in 6 of 100; the seeds are fixed
		t.Errorf("%d of 8 runs won on chance", wins)
	}
}

func TestTuneOnLittle(t *testing.T) {
	t.Parallel()
	m := town(t)
	busy := judgement(1, false)[:3]
	busy[0].Verdict, busy[0].Reason = scene.Declined, scene.ReasonCapacity // says nothing of the fit
	busy[1].Offer = "gone"
	later := busy[2]
	later.ID, later.Verdict, later.Reason, later.At = "later", scene.Deployed, "", now().Add(time.Hour)
	got, err := m.Tune(t.Context(), append(busy, later), broker.TuneOptions{Name: "w2", Now: now()})
	if err != nil || got.Win() || got.Skipped != 2 || got.Refit.Pairs != 1 || got.Refit.Topics != 0 {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := m.Tune(t.Context(), nil, broker.TuneOptions{Name: "w2"}); err != nil || got.Win() {
		t.Errorf("from nothing: %+v, %v", got, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := m.Tune(ctx, judgement(1, false), broker.TuneOptions{Name: "w2"}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
