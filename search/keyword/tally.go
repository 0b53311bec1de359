package keyword

import (
	"jinghe/search"
	"jinghe/search/lexicon"
)

// Weighed is a term of a need with its weight and its hash.
type Weighed struct {
	Term   string
	Hash   uint32 // by Tally.Sum
	Weight float64
}

// Tally is a workspace for [Distil] that is used again and again: open
// addressing over the distinct terms in order of first occurrence, so that a
// page of text costs next to no allocation. It is for one goroutine at a time.
type Tally struct {
	// Sum hashes a term; nil takes FNV-1a. An index that looks the terms up sets its own.
	Sum func(term string) uint32

	slots  []int32 // position in terms + 1; 0 is empty; a power of two long
	terms  []tallied
	tokens []lexicon.Token
	out    []Weighed
}

// tallied is one term of a need.
type tallied struct {
	term   string
	hash   uint32
	kind   lexicon.Kind // the last in order of those it stands for
	stop   bool
	count  float64 // in the field at work
	weight float64 // over the fields done
}

const (
	firstTally = 1 << 12
	// keptTally bounds the workspace kept for reuse, in distinct terms.
	keptTally = 1 << 16
)

// Weigh is [Distil] as a list, in order of first occurrence. The list is valid
// until the next call or Reset.
func (t *Tally) Weigh(lex *lexicon.Lexicon, n search.Need) []Weighed {
	t.Reset()
	for _, f := range n.Fields {
		if f.Weight != 0 {
			t.add(lex, f)
		}
	}
	for i := range t.terms {
		if e := &t.terms[i]; !e.stop {
			t.out = append(t.out, Weighed{e.term, e.hash, e.weight * kindWeight(e.kind)})
		}
	}
	return t.out
}

// add counts one field.
func (t *Tally) add(lex *lexicon.Lexicon, f search.NeedField) {
	t.tokens = lex.AppendTokens(t.tokens[:0], f.Text)
	for i := range t.tokens {
		if e := t.entry(lex, t.tokens[i].Term); !e.stop {
			e.count++
			e.kind = max(e.kind, t.tokens[i].Kind)
		}
	}
	for i := range t.terms {
		if e := &t.terms[i]; e.count > 0 {
			e.weight += f.Weight * e.count * (1 + needSaturation) / (e.count + needSaturation)
			e.count = 0
		}
	}
}

// entry returns a term's place, giving it the next one if it is new.
func (t *Tally) entry(lex *lexicon.Lexicon, term string) *tallied {
	if 2*len(t.terms) >= len(t.slots) {
		t.grow()
	}
	hash := t.hash(term)
	mask := uint32(len(t.slots) - 1)
	at := hash & mask
	for ; t.slots[at] != 0; at = (at + 1) & mask {
		if e := &t.terms[t.slots[at]-1]; e.hash == hash && e.term == term {
			return e
		}
	}
	t.terms = append(t.terms, tallied{term: term, hash: hash, stop: lex.Stop(term)})
	t.slots[at] = int32(len(t.terms))
	return &t.terms[len(t.terms)-1]
}

func (t *Tally) hash(term string) uint32 {
	if t.Sum != nil {
		return t.Sum(term)
	}
	h := uint32(2166136261)
	for i := range len(term) {
		h = (h ^ uint32(term[i])) * 16777619
	}
	return h ^ h>>15
}

func (t *Tally) grow() {
	t.slots = make([]int32, max(firstTally, 2*len(t.slots)))
	mask := uint32(len(t.slots) - 1)
	for i := range t.terms {
		at := t.terms[i].hash & mask
		for t.slots[at] != 0 {
			at = (at + 1) & mask
		}
		t.slots[at] = int32(i + 1)
	}
}

// Reset lets go of the text of the need.
func (t *Tally) Reset() {
	if len(t.terms) > keptTally || cap(t.tokens) > 4*keptTally {
		*t = Tally{Sum: t.Sum}
		return
	}
	clear(t.slots)
	clear(t.terms)
	clear(t.tokens)
	clear(t.out)
	t.terms, t.tokens, t.out = t.terms[:0], t.tokens[:0], t.out[:0]
}
