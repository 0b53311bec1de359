package match

import (
	"slices"
	"strings"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
)

// Difference is one thing in which two listings that say nearly the same differ.
type Difference struct {
	// Key is "organisation", "name", "budget", "price", "place", "time" or "figures".
	Key    string `json:"key"`
	First  string `json:"first"` // as the first listing has it; "" for nothing
	Second string `json:"second"`
}

// Similar is a listing of the same side that says nearly the same as another.
type Similar struct {
	Listing    Ref     `json:"listing"`
	Similarity float64 `json:"similarity"` // [0,1]
	// Differences name first what the listing asked about has.
	Differences []Difference `json:"differences" nullable:"false"`
}

// shownNumbers is how many numbers that only one of two listings has are told.
const shownNumbers = 6

// Differences tells in what two listings of one side differ, besides words.
func (e *Engine) Differences(a, b *Profile, lang locale.Lang) []Difference {
	list := []Difference{}
	add := func(key, x, y string) {
		if x != y {
			list = append(list, Difference{key, x, y})
		}
	}
	if a.Org != b.Org && scene.NameKey(a.Ref.Org) != scene.NameKey(b.Ref.Org) {
		add("organisation", a.Ref.Org, b.Ref.Org)
	}
	if scene.NameKey(a.Ref.Name) != scene.NameKey(b.Ref.Name) {
		add("name", a.Ref.Name, b.Ref.Name)
	}
	money := "budget"
	if a.Side == SideOffer {
		money = "price"
	}
	add(money, amount(a.Money)(e, lang), amount(b.Money)(e, lang))
	add("place", e.placesOf(a, lang), e.placesOf(b, lang))
	add("time", months(a.Months)(e, lang), months(b.Months)(e, lang))
	x, y := numbersOf(a), numbersOf(b)
	add("figures", onlyIn(x, y), onlyIn(y, x))
	return list
}

func (e *Engine) placesOf(p *Profile, lang locale.Lang) string {
	return labels(scene.DictRegion, slices.Sorted(slices.Values(p.Regions)))(e, lang)
}

// numbersOf lists the numbers of a listing's texts as they are written, in narrow digits.
func numbersOf(p *Profile) []string {
	var list []string
	for _, t := range p.Texts {
		runes := narrow(t.Value)
		for at := 0; at < min(len(runes), maxBody); at++ {
			if !digit(runes[at]) {
				continue
			}
			start := at
			for at < len(runes) && (digit(runes[at]) || runes[at] == '.' && at+1 < len(runes) && digit(runes[at+1])) {
				at++
			}
			list = append(list, string(runes[start:at]))
		}
	}
	return list
}

// onlyIn joins what the first list has and the second has not, each once.
func onlyIn(list, other []string) string {
	var only []string
	for _, s := range list {
		if !slices.Contains(other, s) && !slices.Contains(only, s) {
			only = append(only, s)
		}
	}
	more := ""
	if len(only) > shownNumbers {
		only, more = only[:shownNumbers], "…"
	}
	return strings.Join(only, " ") + more
}
