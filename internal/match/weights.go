package match

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math"
)

// The parts of a score, in the order in which they are shown.
const (
	partTerms = iota
	partLatent
	partFeedback
	partTaxonomy
	partIndicators
	partMaturity
	partMoney
	partTime
	partPlace
	partRecord
	partFreshness
	partEmbedding // of an outside model; only where one is configured
	partCount
)

// PartNames are the names of the parts, in the order in which they are shown.
func PartNames() []string { return append([]string(nil), partNames[:]...) }

var partNames = [partCount]string{
	"terms", "latent", "feedback", "taxonomy", "indicators", "maturity",
	"money", "time", "place", "record", "freshness", "embedding",
}

// Weights are the numbers a ranking depends on: a small versioned file.
type Weights struct {
	// Name says which set this is; Origin says where its numbers come from.
	Name   string `json:"name"`
	Origin string `json:"origin"`
	// Parts is the weight of each named part, summing to 1.
	Parts map[string]float64 `json:"parts"`
	Text  TextWeights        `json:"text"`
	// Calibration is the monotone map g of the raw score.
	Calibration Calibration `json:"calibration"`
}

// TextWeights shape the comparison of texts (BM25F, and vectors).
type TextWeights struct {
	K1     float64 `json:"k1"`      // saturation of repeated terms
	BTitle float64 `json:"b_title"` // length normalisation of titles, 0 to 1
	BBody  float64 `json:"b_body"`
	// Weights of the fields of the document and of the query.
	DocBody   float64 `json:"doc_body"`   // a body occurrence, a title's being 1
	QueryBody float64 `json:"query_body"` // the body's score, the title's being 1
	// Chars and Latin weigh single characters and Latin runs, pairs being 1.
	Chars float64 `json:"chars"`
	Latin float64 `json:"latin"`
	// Generic weighs pairs of words that stand in any listing (generic.go).
	Generic float64 `json:"generic"`
	// Alike weighs a synonym beside the word that the need wrote itself; 0 takes
	// no synonyms. Chosen, not fitted: other words for the same thing are weaker
	// evidence than the word, and stronger than none.
	Alike float64 `json:"alike"`
	// SIF is the constant a of a/(a+p), the weight of a term in a vector.
	SIF float64 `json:"sif"`
	// VectorBody is the weight of a body's mean vector beside the title's.
	VectorBody float64 `json:"vector_body"`
}

// Calibration is g(raw) = 1/(1+exp(−(Slope·raw + Intercept))): strictly rising.
type Calibration struct {
	Slope     float64 `json:"slope"`
	Intercept float64 `json:"intercept"`
}

func (c Calibration) apply(raw float64) float64 {
	return 1 / (1 + math.Exp(-(c.Slope*raw + c.Intercept)))
}

//go:embed weights.json
var shippedWeights []byte

// DefaultWeights returns the set that ships with the program.
func DefaultWeights() (Weights, error) { return ParseWeights(shippedWeights) }

// ParseWeights reads and checks a set: every part (but “embedding”) named and not negative, the
// sum 1 (within 1e-6), a rising calibration.
func ParseWeights(raw []byte) (Weights, error) {
	var w Weights
	if err := json.Unmarshal(raw, &w); err != nil {
		return Weights{}, fmt.Errorf("match: weights: %w", err)
	}
	return w, w.check()
}

func (w Weights) check() error {
	sum, named := 0.0, len(w.Parts)
	for _, name := range partNames {
		v, ok := w.Parts[name]
		if name == partNames[partEmbedding] && !ok {
			named++ // a set from before, or without a model
			continue
		}
		if !ok || v < 0 || math.IsNaN(v) {
			return fmt.Errorf("match: weights: part %q is missing or negative", name)
		}
		sum += v
	}
	if named != partCount || math.Abs(sum-1) > 1e-6 {
		return fmt.Errorf("match: weights: %d parts that sum to %g; want %d that sum to 1", named, sum, partCount)
	}
	if w.Calibration.Slope <= 0 {
		return fmt.Errorf("match: weights: slope %g does not rise", w.Calibration.Slope)
	}
	return w.Text.check()
}

func (t TextWeights) check() error {
	if t.K1 <= 0 || t.SIF <= 0 || t.BTitle < 0 || t.BTitle > 1 || t.BBody < 0 || t.BBody > 1 {
		return fmt.Errorf("match: weights: text constants out of range")
	}
	return nil
}

// Version names the set by its content.
func (w Weights) Version() string {
	h := fnv.New64a()
	raw, err := json.Marshal(w) // maps are written in order of their keys
	if err != nil {
		return w.Name
	}
	h.Write(raw)
	return fmt.Sprintf("%s-%08x", w.Name, uint32(h.Sum64()))
}
