package match

import (
	"math"
)

// Vector is a profile's place in latent space, of unit length; empty where no
// term of the profile is known there.
type Vector []float32

// dot is the cosine of two unit vectors; 0 where one is empty.
func (v Vector) dot(w Vector) float64 {
	if len(v) != len(w) {
		return 0
	}
	sum := float32(0)
	for i, x := range v {
		sum += x * w[i]
	}
	return float64(sum)
}

// Latent is a space in which terms that keep the same company lie close,
// learned from a catalogue by [Engine.Learn]. It is not changed after it was
// made and may be shared.
type Latent struct {
	dim     int
	rows    map[term]int32
	vectors []float32 // dim numbers a row
	share   []float64 // of each row: its part of all tokens
	common  []float32 // mean direction of the catalogue, taken out of every vector
	text    TextWeights
}

// Terms is the number of terms that have a place.
func (l *Latent) Terms() int { return len(l.rows) }

// Vector places a profile: the sum of its terms' vectors, the title's and, with
// less weight, the body's, each term weighed by a/(a+p) where p is its share
// of all tokens (smooth inverse frequency, Arora and others 2017).
func (l *Latent) Vector(p *Profile) Vector {
	title, body := make([]float64, l.dim), make([]float64, l.dim)
	known := false
	for i, t := range p.bag.terms {
		row, ok := l.rows[t]
		if !ok {
			continue
		}
		known = true
		w := l.text.SIF / (l.text.SIF + l.share[row])
		v := l.vectors[int(row)*l.dim : (int(row)+1)*l.dim]
		addTo(title, v, w*float64(p.bag.title[i]))
		addTo(body, v, w*float64(p.bag.body[i]))
	}
	if !known {
		return nil
	}
	normalise(title)
	normalise(body)
	sum := make([]float64, l.dim)
	for i := range sum {
		sum[i] = title[i] + l.text.VectorBody*body[i]
	}
	return l.finish(sum)
}

func addTo(sum []float64, v []float32, w float64) {
	if w == 0 {
		return
	}
	for i, x := range v {
		sum[i] += w * float64(x)
	}
}

// finish takes the common direction out and scales to unit length.
func (l *Latent) finish(sum []float64) Vector {
	if len(l.common) > 0 {
		along := 0.0
		for i, c := range l.common {
			along += sum[i] * float64(c)
		}
		for i, c := range l.common {
			sum[i] -= along * float64(c)
		}
	}
	if !normalise(sum) {
		return nil
	}
	out := make(Vector, l.dim)
	for i, x := range sum {
		out[i] = float32(x)
	}
	return out
}

// normalise scales v to unit length and reports whether it could.
func normalise(v []float64) bool {
	sum := 0.0
	for _, x := range v {
		sum += x * x
	}
	if sum < 1e-18 {
		return false
	}
	sum = 1 / math.Sqrt(sum)
	for i := range v {
		v[i] *= sum
	}
	return true
}
