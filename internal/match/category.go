package match

import (
	"cmp"
	"math"
	"slices"
	"unicode/utf8"

	"jinghe/internal/scene"
)

// Suggestion is a field of use that a listing seems to belong to.
type Suggestion struct {
	Code string `json:"code"` // of the dictionary “field”
	// Confidence estimates, in [0,1], how often such a suggestion is right.
	Confidence float64 `json:"confidence"`
	// Words are what speaks for it most.
	Words []string `json:"words,omitempty"`
}

const (
	// SuggestLeast is the confidence from which a suggestion is worth a person's
	// look.
	SuggestLeast = 0.7
	// wordSmoothing is added to every count (Rennie et al. 2003 use 1; lists of
	// some hundred rows want less).
	wordSmoothing = 0.2
	// fewTerms is with how many known terms a listing is believed by half.
	fewTerms = 25
	// dictionaryRows is for how many rows the wording of the dictionary counts:
	// without any classified row it decides alone.
	dictionaryRows = 3
	// calibrationRows is how many rows are left out one by one, at most, to fit
	// the confidence, and calibrationLeast how many it takes to trust them.
	calibrationRows  = 1500
	calibrationLeast = 40
	// plainSharpness is the sharpness of the confidence where there are too few
	// rows to fit it: what fits the sample city with its labels taken away.
	plainSharpness  = 2.6
	suggestionWords = 4
)

// Classifier suggests fields of use from a dictionary's wording and from the
// listings that have one already. It is complement naive Bayes with the
// transformations of Rennie, Shih, Teevan and Karger, “Tackling the Poor
// Assumptions of Naive Bayes Text Classifiers” (2003), over pairs of characters
// and Latin runs. It is immutable and safe for concurrent use.
type Classifier struct {
	engine *Engine
	codes  []string
	index  map[term]int32
	// counts is the weight of a term in a class, by term and class.
	counts []float32
	totals []float64 // by class
	all    float64
	rows   []float64 // classified rows by class, the dictionary's left out
	docs   float64
	seen   []float32 // rows that hold a term
	// sharpness turns scores into confidence.
	sharpness float64
}

// Classifier learns from the profiles that have a field of use. terms are those
// of the dictionary.
func (e *Engine) Classifier(terms []scene.Term, profiles []*Profile) *Classifier {
	c := &Classifier{engine: e, index: map[term]int32{}, sharpness: plainSharpness}
	at := map[string]int{}
	for i, t := range terms {
		at[t.Code] = i
		c.codes = append(c.codes, t.Code)
	}
	n := len(terms)
	c.totals, c.rows = make([]float64, n), make([]float64, n)
	for i, t := range terms {
		p := &Profile{bag: newBag([]rune(e.lex.Fold(t.Zh+"，"+joinWords(t.Synonyms))), []rune(e.lex.Fold(joinWords(t.Keywords))))}
		c.add(c.document(p, true), []int{i}, dictionaryRows)
		c.docs++
	}
	var taught []*Profile
	for _, p := range profiles {
		if classes := classesOf(p, at); len(classes) > 0 {
			taught = append(taught, p)
			c.add(c.document(p, true), classes, 1)
			c.docs++
			for _, k := range classes {
				c.rows[k]++
			}
		}
	}
	c.calibrate(taught, at)
	return c
}

func joinWords(words []string) string {
	s := ""
	for _, w := range words {
		s += w + "，"
	}
	return s
}

func classesOf(p *Profile, at map[string]int) []int {
	var classes []int
	for _, f := range p.Fields {
		if k, ok := at[f]; ok {
			classes = append(classes, k)
		}
	}
	return classes
}

// weighedTerm is a term of a document, by its place, with how much it counts.
type weighedTerm struct {
	at     int32
	weight float64
}

// document lists the terms of a profile that the classifier knows, and with
// learn all others too: a title counts twice a body, repeats by their logarithm.
func (c *Classifier) document(p *Profile, learn bool) []weighedTerm {
	list := make([]weighedTerm, 0, len(p.bag.terms))
	for i, t := range p.bag.terms {
		if t&kindMask == kindChar {
			continue
		}
		at, ok := c.index[t]
		if !ok {
			if !learn {
				continue
			}
			at = int32(len(c.seen))
			c.index[t] = at
			c.seen = append(c.seen, 0)
			c.counts = append(c.counts, make([]float32, len(c.codes))...)
		}
		list = append(list, weighedTerm{at, math.Log1p(2*float64(p.bag.title[i]) + float64(p.bag.body[i]))})
	}
	return list
}

func (c *Classifier) add(doc []weighedTerm, classes []int, times float64) {
	share := times / float64(len(classes))
	for _, t := range doc {
		c.seen[t.at] += float32(times)
		for _, k := range classes {
			w := t.weight * share
			c.counts[int(t.at)*len(c.codes)+k] += float32(w)
			c.totals[k] += w
			c.all += w
		}
	}
}

// left is a document that is taken out while it is judged.
type left struct {
	classes []int
	doc     []weighedTerm
	total   float64
}

// scores returns, for each class, how much better a document fits it than the
// average class. out, if not nil, is left out of what was learned.
func (c *Classifier) scores(doc []weighedTerm, out *left) []float64 {
	n := len(c.codes)
	scores := make([]float64, n)
	vocabulary := wordSmoothing * float64(len(c.seen))
	totals, all := c.totals, c.all
	if out != nil {
		totals = slices.Clone(totals)
		for _, k := range out.classes {
			totals[k] -= out.total / float64(len(out.classes))
		}
		all -= out.total
	}
	norm := 0.0
	for _, t := range doc {
		own := 0.0
		if out != nil {
			own = t.weight
		}
		row := c.counts[int(t.at)*n : int(t.at+1)*n]
		sum := -own
		for _, v := range row {
			sum += float64(v)
		}
		rarity := math.Log(1 + c.docs/(1+float64(c.seen[t.at])))
		w := t.weight * rarity
		norm += w * w
		for k := range n {
			in := float64(row[k])
			if out != nil && slices.Contains(out.classes, k) {
				in -= own / float64(len(out.classes))
			}
			scores[k] -= w * math.Log((wordSmoothing+max(sum-in, 0))/(vocabulary+max(all-totals[k], 0)))
		}
	}
	if norm == 0 {
		return scores
	}
	mean := 0.0
	for _, s := range scores {
		mean += s / float64(n)
	}
	trust := float64(len(doc)) / (float64(len(doc)) + fewTerms) / math.Sqrt(norm*float64(len(doc)))
	for k := range scores {
		scores[k] = trust * (scores[k] - mean)
	}
	return scores
}

// confidence is the softmax of the scores times the sharpness.
func confidence(scores []float64, sharpness float64) []float64 {
	best := slices.Max(scores)
	sum := 0.0
	p := make([]float64, len(scores))
	for k, s := range scores {
		p[k] = math.Exp(sharpness * (s - best))
		sum += p[k]
	}
	for k := range p {
		p[k] /= sum
	}
	return p
}

// calibrate chooses the sharpness under which rows, each judged without itself,
// are least surprising.
func (c *Classifier) calibrate(taught []*Profile, at map[string]int) {
	if len(taught) < calibrationLeast {
		return
	}
	step := (len(taught) + calibrationRows - 1) / calibrationRows
	var judged [][]float64
	var right [][]int
	for i := 0; i < len(taught); i += step {
		judged = append(judged, c.without(taught[i], at))
		right = append(right, classesOf(taught[i], at))
	}
	best := math.Inf(1)
	for sharpness := 1.0; sharpness < 200; sharpness *= 1.15 {
		loss := 0.0
		for i, scores := range judged {
			p := confidence(scores, sharpness)
			hit := 0.0
			for _, k := range right[i] {
				hit += p[k]
			}
			loss -= math.Log(hit + 1e-9)
		}
		if loss < best {
			best, c.sharpness = loss, sharpness
		}
	}
}

// without judges a row that was learned from as if it had not been.
func (c *Classifier) without(p *Profile, at map[string]int) []float64 {
	doc := c.document(p, false)
	out := &left{classes: classesOf(p, at), doc: doc}
	for _, t := range doc {
		out.total += t.weight
	}
	return c.scores(doc, out)
}

// Suggest returns the likeliest fields of use, best first, at most top. It is
// for a person to confirm.
func (c *Classifier) Suggest(p *Profile, top int) []Suggestion {
	doc := c.document(p, false)
	if len(doc) == 0 || len(c.codes) == 0 {
		return nil
	}
	list := c.suggestions(confidence(c.scores(doc, nil), c.sharpness), top)
	for i := range list {
		list[i].Words = c.words(p, list[i].Code)
	}
	return list
}

// words are those of a listing that speak most for a field of use.
func (c *Classifier) words(p *Profile, code string) []string {
	k := slices.Index(c.codes, code)
	type pull struct {
		word string
		by   float64
	}
	var list []pull
	seen := map[string]bool{}
	for _, t := range p.Texts {
		for _, w := range c.engine.lex.Words(string([]rune(t.Value)[:min(utf8.RuneCountInString(t.Value), maxBody)])) {
			if seen[w.Term] || !c.engine.informative(w) {
				continue
			}
			seen[w.Term] = true
			runes := []rune(w.Term)
			doc := c.document(&Profile{bag: newBag(runes, nil)}, false)
			if by := c.scores(doc, nil)[k]; by > 0 {
				list = append(list, pull{w.Term, by})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b pull) int { return cmp.Compare(b.by, a.by) })
	words := []string{}
	for _, x := range list[:min(len(list), suggestionWords)] {
		words = append(words, x.word)
	}
	return words
}

func (c *Classifier) suggestions(p []float64, top int) []Suggestion {
	list := make([]Suggestion, len(p))
	for k := range p {
		list[k] = Suggestion{Code: c.codes[k], Confidence: p[k]}
	}
	slices.SortStableFunc(list, func(a, b Suggestion) int { return cmp.Compare(b.Confidence, a.Confidence) })
	return list[:min(top, len(list))]
}
