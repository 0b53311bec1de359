package samplecity

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"jinghe/internal/scene"
)

// Size is how many of each a grown city has.
type Size struct{ Organisations, Needs, Offers int }

// Grow returns a city of that size, made of the sample city: each row is one of
// its entries, about half of whose sentences are exchanged for those of other
// entries, two thirds of them of the same field, with other figures, places,
// names and terms, so that words are as common and as rare as in a real list
// and hardly two rows say the same. The needs come first, then the offers; the
// same size, seed and day give the same rows. It is for measuring.
func Grow(now time.Time, size Size, seed uint64) (iter.Seq[scene.Row], error) {
	rows, err := Load(now)
	if err != nil {
		return nil, err
	}
	g := &grower{rng: rand.New(rand.NewPCG(seed, 0x6a69)), size: size, now: now}
	for _, r := range rows {
		if r.Opportunity != nil {
			g.needs = append(g.needs, r)
		} else {
			g.offers = append(g.offers, r)
		}
	}
	return func(yield func(scene.Row) bool) {
		for i := range size.Needs {
			if !yield(g.need(i)) {
				return
			}
		}
		for i := range size.Offers {
			if !yield(g.offer(i)) {
				return
			}
		}
	}, nil
}

// grower makes rows out of those of the sample city.
type grower struct {
	rng           *rand.Rand
	size          Size
	now           time.Time
	needs, offers []scene.Row
}

func (g *grower) need(i int) scene.Row {
	row := g.needs[g.rng.IntN(len(g.needs))]
	o := *row.Opportunity
	other := g.other(g.needs, o.Fields).Opportunity
	o.Situation, o.Need = g.mixed(o.Situation, other.Situation), g.mixed(o.Need, other.Need)
	o.Targets, o.Works = g.mixed(o.Targets, other.Targets), g.mixed(o.Works, other.Works)
	o.Need += g.terms()
	f := g.factor()
	o.Budget = scene.MoneyRange{Min: o.Budget.Min * f / 10, Max: o.Budget.Max * f / 10}
	row.Org, o.Listing = g.listing(o.Listing, "XQ", i)
	row.Opportunity, row.Label = &o, o.Code
	return row
}

func (g *grower) offer(i int) scene.Row {
	row := g.offers[g.rng.IntN(len(g.offers))]
	c := *row.Capability
	other := g.other(g.offers, c.Fields).Capability
	c.Description, c.Indicators = g.mixed(c.Description, other.Description), g.mixed(c.Indicators, other.Indicators)
	c.ScenarioText = g.mixed(c.ScenarioText, other.ScenarioText)
	c.Description += g.terms()
	f := g.factor()
	c.Price = scene.MoneyRange{Min: c.Price.Min * f / 10, Max: c.Price.Max * f / 10}
	row.Org, c.Listing = g.listing(c.Listing, "NL", i)
	row.Capability, row.Label = &c, c.Code
	return row
}

// factor is between 0.3 and 3, in tenths.
func (g *grower) factor() scene.Money { return scene.Money(3 + g.rng.IntN(28)) }

// other draws an entry to borrow sentences from.
func (g *grower) other(rows []scene.Row, fields []string) scene.Row {
	near := g.rng.IntN(3) > 0
	for range 200 {
		r := rows[g.rng.IntN(len(rows))]
		if !near || slices.ContainsFunc(r.Listing().Fields, func(f string) bool { return slices.Contains(fields, f) }) {
			return r
		}
	}
	return rows[0]
}

// mixed takes each sentence out of one text or the other, with other figures.
func (g *grower) mixed(a, b string) string {
	mine, theirs := sentences(a), sentences(b)
	var s strings.Builder
	for i, x := range mine {
		if i < len(theirs) && g.rng.IntN(2) == 0 {
			x = theirs[i]
		}
		s.WriteString(g.refigured(x))
	}
	return s.String()
}

// sentences cuts a text behind its stops.
func sentences(text string) (list []string) {
	for text != "" {
		at := strings.IndexAny(text, "。；;")
		if at < 0 {
			return append(list, text)
		}
		_, size := utf8.DecodeRuneInString(text[at:])
		list, text = append(list, text[:at+size]), text[at+size:]
	}
	return list
}

// refigured gives the numbers of a text another last digit.
func (g *grower) refigured(text string) string {
	digits := []byte(text)
	for i, c := range digits {
		last := i+1 == len(digits) || digits[i+1] < '0' || digits[i+1] > '9'
		if c >= '0' && c <= '9' && last && i > 0 && digits[i-1] >= '0' && digits[i-1] <= '9' {
			digits[i] = '0' + byte(g.rng.IntN(10))
		}
	}
	return string(digits)
}

// Syllables of invented places and firms, and what firms make.
const (
	syllables = "澄汐芦漪蠡听涓淼衡镜川蓝芷算岚栖梧澹临溪槐荫砚池朗润泽恒启越锦帆鹭洲云麓松陵青禾石湾望亭梅园扬清"
	trades    = "传感器 机器人 算法 平台 仪表 芯片 控制器 无人机 终端 材料 阀门 电池 摄像机 网关 模型 软件 雷达 光源 泵站 装备"
)

// word is an invented word of two or three syllables.
func (g *grower) word() string {
	runes := []rune(syllables)
	s := ""
	for range 2 + g.rng.IntN(2) {
		s += string(runes[g.rng.IntN(len(runes))])
	}
	return s
}

// terms says where and with what: words that few other rows have.
func (g *grower) terms() string {
	list := strings.Fields(trades)
	return fmt.Sprintf("用于%s路、%s园区，型号 %s-%d，与%s%s配合。", g.word(), g.word(),
		string(rune('A'+g.rng.IntN(26)))+string(rune('A'+g.rng.IntN(26))), 100+g.rng.IntN(9900), g.word(), list[g.rng.IntN(len(list))])
}

// listing gives an entry a name, code and organisation of its own.
func (g *grower) listing(l scene.Listing, prefix string, i int) (scene.Organisation, scene.Listing) {
	org := g.organisation(g.rng.IntN(max(g.size.Organisations, 1)))
	l.Name = fmt.Sprintf("%s（%s%d）", l.Name, g.word(), i+1)
	l.NameEn, l.Summary = "", ""
	l.Code, l.OrgName = fmt.Sprintf("%s-%06d", prefix, i+1), org.Name
	l.RowLabel, l.Batch = l.Code, ""
	if least := g.now.AddDate(0, 1, 0); l.ValidTo.Before(least) {
		l.ValidTo = least.AddDate(0, g.rng.IntN(12), 0) // all are open: a page finds what it asks for
	}
	return org, l
}

// organisation is the n-th, the same for each of its rows.
func (g *grower) organisation(n int) scene.Organisation {
	own := grower{rng: rand.New(rand.NewPCG(uint64(n), 7))} // of its own, whatever was drawn before
	rows := g.offers
	if own.rng.IntN(3) == 0 {
		rows = g.needs
	}
	org := rows[own.rng.IntN(len(rows))].Org
	org.Name = own.word() + strconv.Itoa(n+1) + "科技有限公司"
	org.NameEn, org.Aliases = "", nil
	org.CreditCode = creditCode(org.Kind, org.Region, 10_000+n)
	return org
}
