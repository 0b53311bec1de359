package broker_test

import (
	"fmt"
	"testing"

	"jinghe/internal/broker"
	"jinghe/internal/locale"
	"jinghe/internal/scene"
)

// BenchmarkExtras measures, among 150,000 offers, what stands beside the list of
// matches: what one change would admit, a group of providers, how clear a
// listing is, and which say nearly the same. Figures are processor time of the
// whole answer; “plain” is the list alone.
func BenchmarkExtras(b *testing.B) {
	m, w := bigMarket(b, 150_000, true)
	engine := newEngine(b)
	needs := make([]*scene.Opportunity, 50)
	for i := range needs {
		needs[i] = need(fmt.Sprintf("n%d", i), w.text(16), w.text(1000))
		needs[i].Budget = scene.MoneyRange{Max: 200 * scene.Wan}
		needs[i].Require.MinMaturity = 5
		needs[i].Targets = w.text(40) + "精度不低于95%，" + w.text(40) + "响应时间不超过2秒"
	}
	ask := func(o broker.Options) func(int) error {
		o.Now = now()
		return func(i int) error {
			_, err := m.RankNeed(b.Context(), needs[i%len(needs)], nil, o)
			return err
		}
	}
	for name, fn := range map[string]func(int) error{
		"plain": ask(broker.Options{}), "changes": ask(broker.Options{Changes: true}), "consortium": ask(broker.Options{Consortium: true}),
		"clarity": func(i int) error {
			engine.Clarity(engine.Need(needs[i%len(needs)], nil), locale.Zh)
			return nil
		},
		"similar": func(i int) error {
			_, err := m.SimilarOffers(b.Context(), scene.ID(fmt.Sprintf("c%06d", i*379%150_000)), broker.Options{Now: now()})
			return err
		},
	} {
		b.Run(name, func(b *testing.B) {
			var s spent
			for i := 0; b.Loop(); i++ {
				s.measure(func() {
					if err := fn(i); err != nil {
						b.Fatal(err)
					}
				})
			}
			s.report(b)
		})
	}
}
