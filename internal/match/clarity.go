package match

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
)

// Clarity says how well a listing can be answered: how much of what the other
// side has to know it states, and how plainly. Every score lies in [0,1], and a
// fact that is added never lowers one.
type Clarity struct {
	// Score is 0.6 of Completeness and 0.4 of Plainness.
	Score float64 `json:"score"`
	// Completeness is the share, by weight, of the facts that are stated.
	Completeness float64 `json:"completeness"`
	// Plainness is 1 less the vagueness of the words: what is said beside what
	// only sounds like it.
	Plainness float64 `json:"plainness"`
	// Vague says that a need says too little for a good match score to mean much.
	Vague bool `json:"vague"`
	// Advice says what to write, what helps most first.
	Advice []Advice `json:"advice" nullable:"false"`
}

// Advice is one thing to write differently, with an example.
type Advice struct {
	// Key is what is missing ("figures", "budget", "place" …) or the sort of
	// words that say nothing ("blur.etc", "blur.related", "blur.grade",
	// "blur.degree", "blur.some").
	Key string `json:"key"`
	// Field is the JSON name of the field to fill or to change.
	Field string `json:"field"`
	// Gain is how much Score would rise.
	Gain float64 `json:"gain"`
	// Advice and Example are sentences in the language asked for. The example
	// is of the listing's own field of use, where it has one.
	Advice  string `json:"advice"`
	Example string `json:"example,omitempty"`
	// Passage is the text that says nothing; nil where something is missing.
	Passage *Evidence `json:"passage,omitempty"`
}

const (
	completenessShare = 0.6
	// fullSubstance is from how many different words and figures a listing
	// counts as fully described.
	fullSubstance = 24
	// plainSubstance is from how many a text counts as plain where nothing in it
	// is blurred.
	plainSubstance = 2 * enoughSaid
	// blurCost is how many words with a meaning a blurred passage outweighs.
	blurCost = 2
	// fullFigures is how many figures are enough.
	fullFigures = 2
	// blurAdvice is how many blurred passages are told, of each sort one.
	blurAdvice = 3
)

// slot is a fact that the other side has to know.
type slot struct {
	key, field string
	weight     float64
	have       float64 // [0,1]
}

// Clarity judges a profile. The order of the weights is our judgement of what
// providers ask first; they sum to 1.
func (e *Engine) Clarity(p *Profile, lang locale.Lang) Clarity {
	said, blurs := e.substance(p, fullSubstance), e.blurs(p)
	slots := e.slots(p, said)
	c := Clarity{Plainness: plainness(said, len(blurs)), Vague: p.vague(), Advice: []Advice{}}
	for _, s := range slots {
		c.Completeness += s.weight * s.have
	}
	c.Completeness = min(c.Completeness, 1)
	c.Score = completenessShare*c.Completeness + (1-completenessShare)*c.Plainness
	for _, s := range slots {
		if s.have < 1 {
			gain := completenessShare * s.weight * (1 - s.have)
			if s.key == "words" {
				gain += (1 - completenessShare) * (plainness(fullSubstance, len(blurs)) - c.Plainness)
			}
			c.Advice = append(c.Advice, e.advise(p, s, gain, lang))
		}
	}
	c.Advice = append(c.Advice, e.plainer(p, said, blurs, c.Plainness, lang)...)
	slices.SortStableFunc(c.Advice, func(a, b Advice) int { return cmp.Compare(b.Gain, a.Gain) })
	return c
}

// plainness rises with what is said and falls with what is blurred.
func plainness(said, blurs int) float64 {
	if said == 0 {
		return 0
	}
	s := float64(said)
	return min(s/plainSubstance, 1) * s / (s + blurCost*float64(blurs))
}

func (e *Engine) slots(p *Profile, said int) []slot {
	words := slot{"words", "need", 0.20, share(said, fullSubstance)}
	figures := slot{"figures", "targets", 0.20, share(p.figures, fullFigures)}
	field := slot{"field", "fields", 0.06, given(len(p.Fields)+len(p.Industries) > 0)}
	if p.Side == SideNeed {
		return []slot{
			words, figures,
			{"budget", "budget", 0.14, money(p.Money)},
			{"place", "site_text", 0.10, given(len(p.Regions) > 0 || p.site)},
			{"situation", "situation", 0.10, given(p.tells("situation", situationWords()))},
			{"resources", "resources", 0.08, given(p.tells("resources", resourceWords()))},
			{"schedule", "schedule", 0.06, given(p.Months.Known())},
			field,
			{"modes", "modes", 0.06, given(len(p.Modes) > 0)},
		}
	}
	words.field, figures.field = "description", "indicators"
	return []slot{
		words, figures, field,
		{"cases", "cases", 0.14, given(p.Cases > 0)},
		{"price", "price", 0.12, money(p.Money)},
		{"maturity", "maturity", 0.10, given(p.Maturity.Known())},
		{"scenarios", "scenarios", 0.08, given(p.tells("scenarios", scenarioWords()))},
		{"serves", "regions", 0.05, given(len(p.Regions) > 0 || p.OrgRegion != "")},
		{"delivery", "delivery", 0.05, given(p.Months.Known())},
	}
}

func share(n, full int) float64 { return min(float64(n)/float64(full), 1) }

func given(ok bool) float64 {
	if ok {
		return 1
	}
	return 0
}

// money: 面议 tells that it may be talked of, which is half the answer.
func money(m scene.MoneyRange) float64 {
	switch {
	case m.Known():
		return 1
	case m.Negotiable:
		return 0.5
	}
	return 0
}

// tells reports whether a listing fills a field, or says as much in another
// text: a list with one column has it all in there.
func (p *Profile) tells(field string, words []string) bool {
	return slices.ContainsFunc(p.Texts[1:], func(t Text) bool {
		return t.Field == field || t.Field != "keywords" && containsAny(t.Value, words...)
	})
}

func situationWords() []string {
	return []string{"目前", "现状", "現狀", "痛点", "痛點", "难题", "難題", "困难", "困難", "靠人工", "人工巡", "现有", "現有"}
}

func resourceWords() []string {
	return []string{"可提供", "可开放", "可開放", "开放", "已建成", "已有", "现有基础", "配套"}
}

func scenarioWords() []string {
	return []string{"适用于", "適用於", "应用于", "應用於", "可用于", "可用於", "用于"}
}

// advise words what to write into an empty slot.
func (e *Engine) advise(p *Profile, s slot, gain float64, lang locale.Lang) Advice {
	key := s.key
	switch {
	case key == "words" && sentences(p) <= 1:
		key = "sentence"
	case (key == "budget" || key == "price") && s.have > 0:
		key += ".negotiable"
	}
	return Advice{
		Key: s.key, Field: s.field, Gain: gain,
		Advice:  locale.Text(lang, "match.clarity."+string(p.Side)+"."+key, nil),
		Example: e.example(p, s.key, lang),
	}
}

// plainer words what to write instead of the blurred passages, one of a sort.
func (e *Engine) plainer(p *Profile, said int, blurs []blur, now float64, lang locale.Lang) []Advice {
	var list []Advice
	for _, b := range blurs {
		if len(list) == blurAdvice {
			break
		}
		key := "blur." + b.key
		if slices.ContainsFunc(list, func(a Advice) bool { return a.Key == key }) {
			continue
		}
		passage := b.at
		list = append(list, Advice{
			Key: key, Field: passage.Field, Passage: &passage,
			Gain:    (1 - completenessShare) * (plainness(said, len(blurs)-1) - now),
			Advice:  locale.Text(lang, "match.clarity."+key, map[string]any{"text": passage.Text}),
			Example: e.example(p, key, lang),
		})
	}
	return list
}

// example is a sentence of the listing's field of use, where what is missing
// differs from field to field.
func (e *Engine) example(p *Profile, key string, lang locale.Lang) string {
	general := "match.clarity.example." + key
	switch key {
	case "figures", "blur.grade", "blur.degree":
		general = "match.figures"
	case "words", "situation":
		general = "match.situation"
		if p.Side == SideOffer {
			general = "match.clarity.example.offer"
		}
	}
	for _, f := range p.Fields {
		if own := general + "." + f; locale.Has(lang, own) {
			return locale.Text(lang, own, nil)
		}
	}
	if !locale.Has(lang, general) {
		return ""
	}
	return locale.Text(lang, general, nil)
}

// sentences counts the sentences of the body, up to 2.
func sentences(p *Profile) int {
	n := 0
	for _, t := range p.Texts[1:] {
		if t.Field == "keywords" {
			continue
		}
		for s := range strings.FieldsFuncSeq(t.Value, func(r rune) bool { return strings.ContainsRune("。；;！!？?\n", r) }) {
			if utf8.RuneCountInString(strings.TrimSpace(s)) >= 4 {
				n++
			}
			if n > 1 {
				return n
			}
		}
	}
	return n
}
