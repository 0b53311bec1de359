package standing_test

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/internal/standing"
)

// sampled is the Rarity of a number of listings that were counted.
type sampled struct {
	counts
	documents int
}

func (s sampled) Documents() int { return s.documents }

// market makes listings and searches as a city has them: each is about one of
// some hundred subjects with words of their own, few of which many are about;
// between them stand the words that every Chinese text has, as often as it has them.
type market struct {
	rng      *rand.Rand
	filling  []string // as often as they are used
	subjects [][]string
	subject  *rand.Zipf
	word     *rand.Zipf
	fields   []string
	divs     []string
	field    *rand.Zipf
	div      *rand.Zipf
}

const (
	subjects     = 400
	subjectWords = 40
)

func newMarket(tb testing.TB, k tools, seed uint64) *market {
	tb.Helper()
	m := &market{rng: rand.New(rand.NewPCG(seed, 9))}
	common, telling := dictionaryWords(tb)
	m.filling = common
	for range subjects {
		words := make([]string, subjectWords)
		for i := range words {
			words[i] = telling[m.rng.IntN(len(telling))]
		}
		m.subjects = append(m.subjects, words)
	}
	field, ok := k.dicts.Get(scene.DictField)
	if !ok {
		tb.Fatal("no dictionary of fields")
	}
	for _, t := range field.Terms {
		m.fields = append(m.fields, t.Code)
	}
	region, _ := k.dicts.Get(scene.DictRegion)
	for _, t := range region.Terms {
		if strings.HasPrefix(t.Code, "3202") { // a city and its districts
			m.divs = append(m.divs, t.Code)
		}
	}
	m.subject, m.word = rand.NewZipf(m.rng, 1.2, 20, subjects-1), rand.NewZipf(m.rng, 1.2, 4, subjectWords-1)
	m.field = rand.NewZipf(m.rng, 1.1, 6, uint64(len(m.fields)-1))
	m.div = rand.NewZipf(m.rng, 1.1, 4, uint64(len(m.divs)-1))
	return m
}

// dictionaryWords reads the frequencies that ship with the lexicon: words as
// often as texts have them, and those of which subjects are made.
func dictionaryWords(tb testing.TB) (common, telling []string) {
	tb.Helper()
	f, err := os.Open("../../search/lexicon/data/words.txt.gz")
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	z, err := gzip.NewReader(f)
	if err != nil {
		tb.Fatal(err)
	}
	for lines := bufio.NewScanner(z); lines.Scan(); {
		var word string
		var times int
		if _, err := fmt.Sscanf(lines.Text(), "%s %d", &word, &times); err != nil {
			continue
		}
		for range times / 1000 {
			common = append(common, word)
		}
		if n := len([]rune(word)); n >= 2 && n <= 4 && times >= 100 && times < 3000 {
			telling = append(telling, word)
		}
	}
	return common, telling
}

// text is about a subject: two words in five are its own.
func (m *market) text(words []string, runes int) string {
	var b strings.Builder
	for n := 0; n < runes; {
		w := m.filling[m.rng.IntN(len(m.filling))]
		if m.rng.IntN(5) < 2 {
			w = words[m.word.Uint64()]
		}
		b.WriteString(w)
		n += len([]rune(w))
		if m.rng.IntN(12) == 0 {
			b.WriteString("，")
			n++
		}
	}
	return b.String()
}

func (m *market) listing(words []string) scene.Listing {
	l := scene.Listing{
		Name: words[m.word.Uint64()] + words[m.word.Uint64()] + "系统", OrgName: "单位", State: scene.Published,
		Fields: []string{m.fields[m.field.Uint64()]}, Regions: []string{m.divs[m.div.Uint64()]},
	}
	if m.rng.IntN(10) < 3 { // as in real lists
		l.Fields = nil
	}
	if m.rng.IntN(10) < 3 {
		l.Regions = nil
	}
	return l
}

// pair is a capability and an opportunity of 130 to 500 characters.
func (m *market) pair(k tools, i int) []reading {
	words := m.subjects[m.subject.Uint64()]
	c := &scene.Capability{Listing: m.listing(words), Description: m.text(words, 130+m.rng.IntN(370))}
	c.ID, c.Price.Min = scene.ID(fmt.Sprint("c", i)), scene.Money(m.rng.IntN(200))*scene.Wan
	o := &scene.Opportunity{Listing: m.listing(words), Need: m.text(words, 130+m.rng.IntN(370))}
	o.ID, o.Budget.Max = scene.ID(fmt.Sprint("o", i)), scene.Money(20+m.rng.IntN(500))*scene.Wan
	return read(k, c, o)
}

// reading makes the profile of a listing, which is part of what is measured.
type reading func() *match.Profile

func read(k tools, c *scene.Capability, o *scene.Opportunity) []reading {
	return []reading{
		func() *match.Profile { return k.engine.Offer(c, nil) },
		func() *match.Profile { return k.engine.Need(o, nil) },
	}
}

// mix says how many searches in a hundred are words with filters, and how many
// filters alone; the others are descriptions.
type mix struct{ words, filters int }

func (m *market) search(i int, x mix) scene.SavedSearch {
	words := m.subjects[m.subject.Uint64()]
	q := scene.SavedSearch{
		ID: scene.ID(fmt.Sprintf("s%06d", i)), Owner: "a", Name: "订阅", OrgID: scene.ID(fmt.Sprint("org", i%5000)),
		Wants: []scene.Kind{scene.KindCapability, scene.KindOpportunity}[i%2],
	}
	kind := m.rng.IntN(100)
	label := 2 // of three searches that have a field, or a division
	switch {
	case kind < x.words:
		var said []string
		for range 1 + m.rng.IntN(3) {
			said = append(said, words[m.word.Uint64()])
		}
		q.Words = strings.Join(said, " ")
	case kind < x.words+x.filters:
		label = 3
	default:
		q.Text = m.text(words, 150+m.rng.IntN(650))
	}
	if m.rng.IntN(3) < label {
		q.Fields = []string{m.fields[m.field.Uint64()]}
	}
	if m.rng.IntN(3) < label {
		q.Regions = []string{m.divs[m.div.Uint64()]}
	}
	if m.rng.IntN(3) == 0 {
		q.Money.Max = []scene.Money{10, 20, 30, 50, 80, 100, 200, 300, 500, 1000}[m.rng.IntN(10)] * scene.Wan
	}
	return q
}

// BenchmarkMatch matches listings of 130 to 500 characters, as many
// capabilities as opportunities, against 100,000 saved searches. The figure is
// that of a processor, everything from the row of the listing on included. The mixes:
//
//	usual         words with filters 70 %, filters alone 15 %, descriptions 15 %
//	words, filters, descriptions   nothing else
//	dense         texts and searches out of one hundred words, a third of the
//	              searches by field or division alone: what makes most matches
func BenchmarkMatch(b *testing.B) {
	k := newTools(b)
	for _, one := range []struct {
		name string
		mix  mix
	}{
		{"usual", mix{70, 15}},
		{"words", mix{100, 0}},
		{"filters", mix{0, 100}},
		{"descriptions", mix{0, 0}},
	} {
		b.Run(one.name, func(b *testing.B) {
			m := newMarket(b, k, 2)
			var listings []reading
			for i := range 500 {
				listings = append(listings, m.pair(k, i)...)
			}
			benchmark(b, k, listings, func(i int) scene.SavedSearch { return m.search(i, one.mix) })
		})
	}
	b.Run("dense", func(b *testing.B) {
		s := newStock(2)
		var listings []reading
		for i := range 500 {
			listings = append(listings, read(k, s.capability(i), s.opportunity(i))...)
		}
		benchmark(b, k, listings, s.search)
	})
}

// spread counts terms as an index of the listings would.
func spread(k tools, listings []reading) sampled {
	s := sampled{counts: counts{}, documents: len(listings)}
	for _, listing := range listings {
		p, seen := listing(), map[string]bool{}
		for _, text := range p.Texts {
			for _, t := range k.lex.Tokens(text.Value) {
				if !seen[t.Term] {
					seen[t.Term] = true
					s.counts[t.Term]++
				}
			}
		}
	}
	return s
}

func heap() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / (1 << 20)
}

func benchmark(b *testing.B, k tools, listings []reading, search func(i int) scene.SavedSearch) {
	searches := make([]scene.SavedSearch, 100_000)
	for i := range searches {
		searches[i] = search(i)
	}
	book := standing.NewBook(k.engine, k.lex, k.dicts, spread(k, listings))
	before, start := heap(), time.Now()
	for i := range searches {
		book.Put(searches[i])
	}
	filed := time.Since(start)
	held := heap() - before
	runtime.KeepAlive(searches)
	found, n := 0, 0
	began := processorTime()
	for b.Loop() {
		found += len(book.Match(listings[n%len(listings)](), now()))
		n++
	}
	b.ReportMetric(float64(n)/(processorTime()-began).Seconds(), "listings/s")
	b.ReportMetric(float64(found)/float64(n), "searches/listing")
	b.ReportMetric(held, "MiB")
	b.ReportMetric(filed.Seconds(), "s-to-file")
}
