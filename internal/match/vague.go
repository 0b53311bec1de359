package match

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"jinghe/search/lexicon"
)

// enoughSaid is from how many different words with a meaning of their own a
// need counts as fully stated. Of the sample city's needs all that were written
// to be vague have fewer, all others more.
const enoughSaid = 8

// longText is the number of terms, about 120 characters, from which a need is
// never called vague: its words may be ones that no dictionary knows.
const longText = 240

// saidBy counts what a need says, up to enoughSaid.
func (e *Engine) saidBy(p *Profile) int { return e.substance(p, enoughSaid) }

// substance counts the different words of a listing that do not stand in any
// listing whatever its topic, up to limit; figures stated count as words. What
// is added to a listing never makes it less.
func (e *Engine) substance(p *Profile, limit int) int {
	n, least := p.figures, 0
	if p.bag.titleLen+p.bag.bodyLen >= longText {
		least = enoughSaid
	}
	if least >= limit {
		return limit
	}
	seen := map[string]bool{}
	for _, t := range p.Texts {
		if n >= limit {
			break
		}
		value := t.Value
		if len(value) > 4*maxBody {
			value = string([]rune(value)[:maxBody])
		}
		for _, w := range e.lex.Words(value) {
			if n >= limit {
				break
			}
			if e.informative(w) && !seen[w.Term] {
				seen[w.Term] = true
				n++
			}
		}
	}
	return min(max(n, least), limit)
}

// informative reports whether a word tells one topic from another.
func (e *Engine) informative(w lexicon.Token) bool {
	return utf8.RuneCountInString(w.Term) >= 2 && w.Kind != lexicon.Number && !e.lex.Stop(w.Term) && !e.filler[w.Term]
}

// vague reports whether a need says too little for a good score to mean much.
func (p *Profile) vague() bool { return p.Side == SideNeed && p.said < enoughSaid }

// said shrinks what a text part tells of an offer, towards the value of knowing
// nothing, by how much the need says (by the square root of the share of
// enoughSaid). It is linear and the same for every offer, so that the text parts
// order the offers as they did. naming is that of the offer.
func (q *Query) said(value, unknown, naming float64) float64 {
	d := (value - unknown) * math.Sqrt(float64(max(q.need.said, 1))/enoughSaid) // never 0: no ties
	if d > 0 {
		d *= naming
	}
	return unknown + d
}

// besidesThing is what the words of a title count that names another thing:
// the thing wanted stands in it, but only to say of what it is.
const besidesThing = 0.5

// bareWords is up to how many words of its own a need may have for its title to
// be read as the name of a thing. With more, or with a title alone, the rule was
// measured to harm: titles of questions and of jobs end in words that good
// answers hold anywhere.
const bareWords = 2

// thingOf is the last word of a title that is all a need says (服务机器人): the
// thing wanted. It is empty where the need says more, or ends in a word like
// 升级 that is no thing.
func (e *Engine) thingOf(need *Profile) string {
	if need.said > bareWords || need.Side != SideNeed || len(need.Texts) < 2 {
		return ""
	}
	words := e.lex.Words(need.Texts[0].Value)
	if len(words) == 0 || !e.informative(words[len(words)-1]) {
		return ""
	}
	thing := []rune(words[len(words)-1].Term)
	for len(thing) >= 4 && e.filler[string(thing[:2])] {
		thing = thing[2:] // 服务机器人 is a 机器人
	}
	if e.filler[string(thing)] {
		return "" // 系统升级 is none
	}
	return string(thing)
}

// naming is besidesThing for an offer whose title has the thing wanted before
// its end (机器人实训台), else 1.
func (q *Query) naming(offer *Profile) float64 {
	if q.thing == "" {
		return 1
	}
	terms, _ := appendTerms(nil, []rune(q.thing))
	if slices.ContainsFunc(terms, func(t term) bool { return !offer.bag.has(t) }) {
		return 1
	}
	title := strings.TrimRight(q.engine.lex.Fold(offer.Texts[0].Value), " )）")
	if strings.Contains(title, q.thing) && !strings.HasSuffix(title, q.thing) {
		return besidesThing
	}
	return 1
}
