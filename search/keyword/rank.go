package keyword

import "math"

// Parameters of BM25F, the usual values; measured against neighbours on graded
// need-and-achievement pairs.
const (
	Saturation = 1.2  // k1: how soon further occurrences stop counting
	LengthNorm = 0.75 // b: how much long fields are discounted
)

// IDF is the inverse document frequency of a term that frequency of docs
// documents have, with the +1 that keeps it positive.
func IDF(docs, frequency int) float64 {
	frequency = min(frequency, docs) // an index may count deleted documents
	return math.Log(1 + (float64(docs-frequency)+0.5)/(float64(frequency)+0.5))
}
