package match

import (
	"slices"
	"unicode"
)

// A term is a character, a pair of neighbouring characters, or a run of Latin
// letters and digits, kept as a 32-bit number: two bits for its kind, the rest
// a hash. Numbers need no table of strings; among a million distinct terms about
// 500 pairs share a number, which no ranking notices.
//
// Characters together with pairs were measured to beat either alone and to
// need no segmentation that both sides would have to agree on.
type term = uint32

const (
	kindChar   term = 0 << 30
	kindPair   term = 1 << 30
	kindLatin  term = 2 << 30
	kindMask   term = 3 << 30
	hashMask   term = 1<<30 - 1
	latinLimit      = 32 // longer runs are cut: codes and links, not words
)

func mix(x uint64) term {
	x ^= x >> 31
	x *= 0x9E3779B97F4A7C15
	x ^= x >> 29
	x *= 0xBF58476D1CE4E5B9
	return term(x>>34) & hashMask
}

func charTerm(r rune) term    { return kindChar | term(r)&hashMask }
func pairTerm(a, b rune) term { return kindPair | mix(uint64(a)<<32|uint64(b)) }

func latinTerm(run []rune) term {
	h := uint64(14695981039346656037)
	for _, r := range run[:min(len(run), latinLimit)] {
		h = (h ^ uint64(r)) * 1099511628211
	}
	return kindLatin | mix(h)
}

// runeClass parts text into runs whose terms do not cross.
type runeClass uint8

const (
	classNone runeClass = iota
	classHan
	classLatin
)

func classOf(r rune) runeClass {
	switch {
	case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
		return classLatin
	case r < 0x80:
		return classNone
	case r >= 0x3400 && r <= 0x9FFF, r >= 0xF900 && r <= 0xFAFF, r >= 0x20000 && r <= 0x3FFFF:
		return classHan
	case unicode.IsLetter(r), unicode.IsDigit(r):
		return classLatin
	}
	return classNone
}

// appendTerms appends the terms of folded text to dst, in order of text, with
// repeats, and returns it with the number of characters and runs read: the
// length of the text for normalisation.
func appendTerms(dst []term, folded []rune) ([]term, int) {
	length := 0
	for i := 0; i < len(folded); {
		class := classOf(folded[i])
		j := i + 1
		for j < len(folded) && classOf(folded[j]) == class {
			j++
		}
		switch class {
		case classHan:
			for k := i; k < j; k++ {
				dst = append(dst, charTerm(folded[k]))
				if k+1 < j {
					dst = append(dst, pairTerm(folded[k], folded[k+1]))
				}
			}
			length += 2*(j-i) - 1
		case classLatin:
			dst = append(dst, latinTerm(folded[i:j]))
			length++
		}
		i = j
	}
	return dst, length
}

// bag is the terms of a text, distinct and in rising order, as parallel slices:
// six bytes a term.
type bag struct {
	terms       []term
	title, body []uint8
	// lengths of the two fields, in terms
	titleLen, bodyLen uint32
}

// newBag counts the terms of a title and a body, both folded.
func newBag(title, body []rune) bag {
	var b bag
	all, n := appendTerms(make([]term, 0, 2*(len(title)+len(body))), title)
	cut := len(all)
	all, m := appendTerms(all, body)
	b.titleLen, b.bodyLen = uint32(n), uint32(m)
	slices.Sort(all[:cut])
	slices.Sort(all[cut:])
	b.merge(all[:cut], all[cut:])
	return b
}

// merge fills b from two sorted lists with repeats.
func (b *bag) merge(title, body []term) {
	n := distinct(title, body)
	counts := make([]uint8, 2*n)
	b.terms, b.title, b.body = make([]term, 0, n), counts[:0:n], counts[n:n]
	for len(title) > 0 || len(body) > 0 {
		var t term
		switch {
		case len(body) == 0 || len(title) > 0 && title[0] <= body[0]:
			t = title[0]
		default:
			t = body[0]
		}
		var nt, nb int
		title, nt = leading(title, t)
		body, nb = leading(body, t)
		b.terms = append(b.terms, t)
		b.title = append(b.title, uint8(min(nt, 255)))
		b.body = append(b.body, uint8(min(nb, 255)))
	}
}

func leading(list []term, t term) ([]term, int) {
	n := 0
	for n < len(list) && list[n] == t {
		n++
	}
	return list[n:], n
}

func distinct(title, body []term) int {
	n := 0
	for len(title) > 0 || len(body) > 0 {
		t := ^term(0)
		if len(title) > 0 {
			t = title[0]
		}
		if len(body) > 0 {
			t = min(t, body[0])
		}
		title, _ = leading(title, t)
		body, _ = leading(body, t)
		n++
	}
	return n
}

// has reports whether a term stands in either field.
func (b *bag) has(t term) bool {
	_, ok := slices.BinarySearch(b.terms, t)
	return ok
}
