package match

import (
	"errors"

	"jinghe/internal/scene"
	"jinghe/search/lexicon"
)

// Taxonomy is what the engine asks of the dictionaries; *scene.Dictionaries
// answers it. It is safe for concurrent use.
type Taxonomy interface {
	// Within reports whether a code is outer or stands below it.
	Within(name, code, outer string) bool
	// Term returns the entry of a code, and whether there is one.
	Term(name, code string) (scene.Term, bool)
	// Label returns the name of a code in a language, or the code itself.
	Label(name, code, lang string) string
	// Related returns the codes of another dictionary that a code stands for.
	Related(fromDict, code, toDict string) []scene.Link
	// RegionContains reports whether a division lies in another or is it.
	RegionContains(outer, inner string) bool
	// Version names the content.
	Version() string
}

// Engine scores pairs. It holds no state of a market and is safe for
// concurrent use.
type Engine struct {
	lex     *lexicon.Lexicon
	dicts   Taxonomy
	weights Weights
	parts   [partCount]float64
	version string
	generic map[term]bool   // pairs of words that every listing may hold
	filler  map[string]bool // never shown as what two sides share
	plain   map[string]bool // shown as evidence, never given as a reason (dull.go)
	units   map[string]bool // the same, of units
}

// New returns an engine over a lexicon, dictionaries and weights.
func New(lex *lexicon.Lexicon, dicts Taxonomy, weights Weights) (*Engine, error) {
	if lex == nil || dicts == nil {
		return nil, errors.New("match: an engine needs a lexicon and dictionaries")
	}
	if err := weights.check(); err != nil {
		return nil, err
	}
	e := &Engine{lex: lex, dicts: dicts, weights: weights}
	for i, name := range partNames {
		e.parts[i] = weights.Parts[name]
	}
	e.generic, e.filler = genericTerms(lex.Silenced()), wordSet(genericWords, fillerWords)
	e.plain, e.units = wordSet(dullWords), unitNames(lex.Fold)
	e.version = weights.Version() + "+" + lex.Version() + "+" + dicts.Version()
	return e, nil
}

// Version names the weights, the lexicon and the dictionaries.
func (e *Engine) Version() string { return e.version }

// Weights returns the weights in use.
func (e *Engine) Weights() Weights { return e.weights }

// Weighs reports whether the named part has a weight.
func (e *Engine) Weighs(part string) bool { return e.weights.Parts[part] > 0 }

// With returns an engine over the same lexicon and dictionaries with other weights.
func (e *Engine) With(w Weights) (*Engine, error) { return New(e.lex, e.dicts, w) }
