package match

import (
	"testing"
)

func TestEmbeddingIsAPartOfItsOwn(t *testing.T) {
	t.Parallel()
	plain := newTestEngine(t)
	e, err := plain.With(plain.Weights().WithEmbedding(EmbeddingShare))
	if err != nil {
		t.Fatal(err)
	}
	need, near, far := e.Need(aNeed("积水监测", "下穿隧道"), nil), e.Offer(anOffer("积水监测", "终端"), nil), e.Offer(anOffer("积水监测", "终端"), nil)
	s := NewStatistics()
	s.Add(near)
	placed := NewEmbedded([]*Profile{need, near, far}, [][]float32{{1, 0}, {2, 0.1}, {-1, 0}})
	q := e.Query(need, Space{Terms: s, Embedded: placed})
	a, b := q.Score(near, nil, today()), q.Score(far, nil, today())
	if a.Raw <= b.Raw || len(q.embedded) == 0 {
		t.Errorf("near %v, far %v", a.Raw, b.Raw)
	}
	m := q.Explain(near, a, nil, "zh")
	sum, last := 0.0, m.Parts[len(m.Parts)-1]
	for _, p := range m.Parts {
		sum += p.Contribution
	}
	if last.Name != "embedding" || last.Weight != EmbeddingShare || sum != m.Raw || last.Value < 0.75 {
		t.Errorf("part %+v, sum %v of %v", last, sum, m.Raw)
	}
	without := e.Query(need, Space{Terms: s}).Score(near, nil, today())
	if without.values[partEmbedding] != neutral {
		t.Errorf("without a model the part says %v", without.values[partEmbedding])
	}
	if w := plain.Weights(); w.WithEmbedding(0.15).WithEmbedding(0.5).Parts["embedding"] != 0.15 {
		t.Error("a share was given twice")
	}
	if got := NewEmbedded([]*Profile{need, near}, [][]float32{nil, {0, 0}}); len(got) != 0 {
		t.Errorf("placed %v by nothing", got)
	}
}
