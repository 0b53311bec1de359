package match

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"sync"

	"gonum.org/v1/gonum/mat"
)

// LearnOptions bound the learning of a latent space. The zero value takes the defaults.
type LearnOptions struct {
	Dim      int // dimensions; 0 means 128
	Window   int // how many terms away still count as company; 0 means 8
	MinCount int // terms seen less often have no place; 0 means 3
	MaxTerms int // the most frequent terms only; 0 means 30,000
	// MaxTokens bounds the text read; a longer catalogue is sampled evenly. 0 means 2 million.
	MaxTokens int
}

func (o LearnOptions) filled() LearnOptions {
	set := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	set(&o.Dim, 128)
	set(&o.Window, 8)
	set(&o.MinCount, 3)
	set(&o.MaxTerms, 30_000)
	set(&o.MaxTokens, 2_000_000)
	return o
}

// minLearn is the fewest terms that a space can be learned from.
const minLearn = 50

// Learn makes a latent space from the profiles of a catalogue: positive
// pointwise mutual information of terms within a window (Levy and Goldberg
// 2014), reduced by a truncated eigendecomposition. The same profiles in the
// same order give the same space. It returns nil without an error where the
// catalogue is too small, and the context's error when that ends.
func (e *Engine) Learn(ctx context.Context, catalogue []*Profile, o LearnOptions) (*Latent, error) {
	o = o.filled()
	lists := e.sequences(catalogue, o.MaxTokens)
	l := &Latent{text: e.weights.Text, rows: map[term]int32{}}
	counts, tokens := tally(lists)
	l.chooseTerms(counts, tokens, o)
	if len(l.rows) < minLearn {
		return nil, ctx.Err()
	}
	l.dim = min(o.Dim, len(l.rows)/2)
	matrix := l.ppmi(lists, o.Window)
	if err := l.reduce(ctx, matrix); err != nil {
		return nil, err
	}
	l.commonDirection(catalogue)
	return l, nil
}

// sequences returns the pairs and Latin runs of every text, in order of text.
func (e *Engine) sequences(catalogue []*Profile, maxTokens int) [][]term {
	total := 0
	for _, p := range catalogue {
		total += int(p.bag.titleLen+p.bag.bodyLen) / 2
	}
	step := max(1, (total+maxTokens-1)/maxTokens)
	var lists [][]term
	var scratch []term
	for i := 0; i < len(catalogue); i += step {
		for _, t := range catalogue[i].Texts {
			scratch, _ = appendTerms(scratch[:0], []rune(e.lex.Fold(t.Value)))
			list := make([]term, 0, len(scratch)/2+1)
			for _, id := range scratch {
				if id&kindMask != kindChar {
					list = append(list, id)
				}
			}
			lists = append(lists, list)
		}
	}
	return lists
}

func tally(lists [][]term) (map[term]int, int) {
	counts, tokens := map[term]int{}, 0
	for _, list := range lists {
		for _, t := range list {
			counts[t]++
		}
		tokens += len(list)
	}
	return counts, tokens
}

func (l *Latent) chooseTerms(counts map[term]int, tokens int, o LearnOptions) {
	chosen := make([]term, 0, len(counts))
	for t, n := range counts {
		if n >= o.MinCount {
			chosen = append(chosen, t)
		}
	}
	slices.SortFunc(chosen, func(a, b term) int {
		if counts[a] != counts[b] {
			return counts[b] - counts[a]
		}
		return int(int64(a) - int64(b))
	})
	chosen = chosen[:min(len(chosen), o.MaxTerms)]
	for i, t := range chosen {
		l.rows[t] = int32(i)
		l.share = append(l.share, float64(counts[t])/float64(tokens))
	}
}

// sparse is a symmetric matrix in compressed rows.
type sparse struct {
	start []int // of row i: start[i]:start[i+1]
	col   []int32
	val   []float32
}

const contextSmoothing = 0.75 // Levy, Goldberg and Dagan 2015

// ppmi counts company within the window, nearer neighbours more, and keeps
// the positive mutual information.
func (l *Latent) ppmi(lists [][]term, window int) *sparse {
	counts := newPairCounts(1 << 16)
	for _, list := range lists {
		for i, a := range list {
			ra, ok := l.rows[a]
			if !ok {
				continue
			}
			for j := i + 1; j <= i+window && j < len(list); j++ {
				if rb, ok := l.rows[list[j]]; ok && ra != rb {
					counts.add(min(ra, rb), max(ra, rb), 1)
				}
			}
		}
	}
	n := len(l.rows)
	sums := make([]float64, n)
	counts.each(func(a, b int32, c float32) {
		sums[a] += float64(c)
		sums[b] += float64(c)
	})
	smoothed := 0.0
	for _, s := range sums {
		smoothed += math.Pow(s, contextSmoothing)
	}
	info := func(a, b int32, c float32) float32 {
		// symmetric: the mean of both directions of the smoothed measure
		x := math.Log(float64(c) * smoothed / (sums[a] * math.Pow(sums[b], contextSmoothing)))
		y := math.Log(float64(c) * smoothed / (sums[b] * math.Pow(sums[a], contextSmoothing)))
		return float32(max((x+y)/2, 0))
	}
	return compress(n, counts, info)
}

func compress(n int, counts *pairCounts, value func(a, b int32, c float32) float32) *sparse {
	m := &sparse{start: make([]int, n+1)}
	counts.each(func(a, b int32, c float32) {
		if value(a, b, c) > 0 {
			m.start[a+1]++
			m.start[b+1]++
		}
	})
	for i := range n {
		m.start[i+1] += m.start[i]
	}
	m.col, m.val = make([]int32, m.start[n]), make([]float32, m.start[n])
	next := slices.Clone(m.start)
	counts.each(func(a, b int32, c float32) {
		if v := value(a, b, c); v > 0 {
			m.col[next[a]], m.val[next[a]] = b, v
			m.col[next[b]], m.val[next[b]] = a, v
			next[a]++
			next[b]++
		}
	})
	return m
}

// times returns m·x for n×k numbers in rows, from two goroutines.
func (m *sparse) times(x []float64, k int) []float64 {
	n := len(m.start) - 1
	y := make([]float64, len(x))
	var wg sync.WaitGroup
	const workers = 4
	for w := range workers {
		wg.Go(func() {
			for i := w; i < n; i += workers {
				row := y[i*k : (i+1)*k]
				for p := m.start[i]; p < m.start[i+1]; p++ {
					v := float64(m.val[p])
					from := x[int(m.col[p])*k : (int(m.col[p])+1)*k]
					for j, f := range from {
						row[j] += v * f
					}
				}
			}
		})
	}
	wg.Wait()
	return y
}

const (
	oversample = 12
	rounds     = 4
)

// reduce keeps the strongest dimensions by subspace iteration from a fixed
// random start (Halko, Martinsson and Tropp 2011).
func (l *Latent) reduce(ctx context.Context, m *sparse) error {
	n := len(l.rows)
	k := min(l.dim+oversample, n)
	random := rand.New(rand.NewPCG(1, 2))
	y := make([]float64, n*k)
	for i := range y {
		y[i] = random.NormFloat64()
	}
	for range rounds {
		if err := ctx.Err(); err != nil {
			return err
		}
		y = orthonormal(m.times(y, k), n, k)
	}
	my := m.times(y, k)
	q, mq := mat.NewDense(n, k, y), mat.NewDense(n, k, my)
	var small mat.Dense
	small.Mul(q.T(), mq)
	sym := mat.NewSymDense(k, nil)
	for i := range k {
		for j := i; j < k; j++ {
			sym.SetSym(i, j, (small.At(i, j)+small.At(j, i))/2)
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(sym, true) {
		l.dim = 0
		return nil
	}
	var u mat.Dense
	eigen.VectorsTo(&u)
	var basis mat.Dense
	basis.Mul(q, &u)
	l.keep(&basis, eigen.Values(nil))
	return nil
}

// keep stores the dimensions of the largest eigenvalues, each scaled by its root.
func (l *Latent) keep(basis *mat.Dense, values []float64) {
	n, k := basis.Dims()
	l.vectors = make([]float32, n*l.dim)
	for d := range l.dim {
		c := k - 1 - d // values rise
		scale := math.Sqrt(max(values[c], 0))
		for i := range n {
			l.vectors[i*l.dim+d] = float32(basis.At(i, c) * scale)
		}
	}
}

// orthonormal returns an orthonormal basis of the columns of y (n×k, rows), by
// two rounds of Cholesky QR, which is as exact as Householder's for this use.
func orthonormal(y []float64, n, k int) []float64 {
	for range 2 {
		d := mat.NewDense(n, k, y)
		var gram mat.Dense
		gram.Mul(d.T(), d)
		sym := mat.NewSymDense(k, nil)
		trace := 0.0
		for i := range k {
			trace += gram.At(i, i)
		}
		for i := range k {
			for j := i; j < k; j++ {
				sym.SetSym(i, j, gram.At(i, j))
			}
			sym.SetSym(i, i, gram.At(i, i)+1e-13*trace) // keeps it positive where columns nearly coincide
		}
		var chol mat.Cholesky
		if !chol.Factorize(sym) {
			return y
		}
		var upper, inverse mat.TriDense
		chol.UTo(&upper)
		if err := inverse.InverseTri(&upper); err != nil && inverse.IsEmpty() {
			return y
		}
		var q mat.Dense
		q.Mul(d, &inverse)
		y = q.RawMatrix().Data
	}
	return y
}

// commonSample bounds how many profiles the mean direction is taken from.
const commonSample = 2000

// commonDirection finds what all texts share, which tells none apart.
func (l *Latent) commonDirection(catalogue []*Profile) {
	sum := make([]float64, l.dim)
	step := max(1, len(catalogue)/commonSample)
	for i := 0; i < len(catalogue); i += step {
		for d, x := range l.Vector(catalogue[i]) {
			sum[d] += float64(x)
		}
	}
	if !normalise(sum) {
		return
	}
	l.common = make([]float32, l.dim)
	for d, x := range sum {
		l.common[d] = float32(x)
	}
}

// pairCounts counts unordered pairs of rows in an open-addressing table.
type pairCounts struct {
	keys []uint64 // pair + 1; 0 is empty
	vals []float32
	used int
}

func newPairCounts(size int) *pairCounts {
	return &pairCounts{keys: make([]uint64, size), vals: make([]float32, size)}
}

func (p *pairCounts) add(a, b int32, by float32) {
	if 2*p.used > len(p.keys) {
		p.grow()
	}
	p.put(uint64(a)<<32|uint64(b)+1, by)
}

func (p *pairCounts) put(key uint64, by float32) {
	mask := uint64(len(p.keys) - 1)
	h := key * 0x9E3779B97F4A7C15
	for i := (h ^ h>>32) & mask; ; i = (i + 1) & mask {
		switch p.keys[i] {
		case key:
			p.vals[i] += by
			return
		case 0:
			p.keys[i], p.vals[i] = key, by
			p.used++
			return
		}
	}
}

func (p *pairCounts) grow() {
	old := *p
	*p = *newPairCounts(2 * len(old.keys))
	for i, key := range old.keys {
		if key != 0 {
			p.put(key, old.vals[i])
		}
	}
}

// each visits the pairs in an order that the same counts always give.
func (p *pairCounts) each(fn func(a, b int32, c float32)) {
	for i, key := range p.keys {
		if key != 0 {
			key--
			fn(int32(key>>32), int32(uint32(key)), p.vals[i])
		}
	}
}
