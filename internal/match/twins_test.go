package match

import (
	"context"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"jinghe/internal/samplecity"
	"jinghe/internal/scene"
)

// cityNeeds returns the needs of the sample city that say something.
func cityNeeds(t testing.TB) []scene.Opportunity {
	t.Helper()
	rows, err := samplecity.Load(today())
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := samplecity.ReadManifest()
	if err != nil {
		t.Fatal(err)
	}
	var needs []scene.Opportunity
	for i := range rows {
		o := rows[i].Opportunity
		if o != nil && !slices.Contains(manifest.Flaws[samplecity.Vague], rows[i].Label) && manifest.Twin[rows[i].Label] == "" {
			o.ID = scene.ID(rows[i].Label)
			needs = append(needs, *o)
		}
	}
	return needs
}

// TestTwinsAreFound: of every sort of rewrite of the city's needs, nearly all
// are found among all others, and no two different needs are called twins.
func TestTwinsAreFound(t *testing.T) {
	t.Parallel()
	e, w := newTestEngine(t), newRewriter(t, 1)
	needs := cityNeeds(t)
	for kind, least := range map[string]float64{
		"punctuation": 1, "width": 1, "traditional": 1, "order": 1, "numbers": 1, "organisation": 1,
		"words": 0.99, "cut": 0.99, "column": 0.99, "several": 0.97,
	} {
		var list []*Profile
		for i := range needs {
			copied := w.opportunity(kind, needs[i])
			list = append(list, e.Need(&needs[i], nil), e.Need(&copied, nil))
		}
		twins, err := e.Twins(t.Context(), list, TwinLeast)
		if err != nil {
			t.Fatal(err)
		}
		found, wrong := 0, 0
		for _, x := range twins {
			if x.First/2 == x.Second/2 {
				found++
			} else {
				wrong++
			}
		}
		recall := float64(found) / float64(len(needs))
		t.Logf("%s: %d of %d found, %d wrong", kind, found, len(needs), wrong)
		if recall < least || wrong > 0 {
			t.Errorf("%s: recall %.3f, want %.2f; %d wrong pairs", kind, recall, least, wrong)
		}
	}
}

// TestTwinsOfTheCity: entries that say the same in other words come before all
// others; few are alike enough to be told.
func TestTwinsOfTheCity(t *testing.T) {
	t.Parallel()
	e, profiles, manifest := cityProfiles(t)
	twins, err := e.Twins(t.Context(), profiles, 0.2)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for i, x := range twins {
		a, b := profiles[x.First].Ref.Code, profiles[x.Second].Ref.Code
		meant := manifest.Twin[a] == b || manifest.Twin[b] == a
		if meant {
			found++
		}
		vague := slices.Contains(manifest.Flaws[samplecity.Vague], a)
		if !meant && (i < 12 && !vague || x.Similarity >= TwinLeast) {
			t.Errorf("%s and %s, which are different things, are alike by %.2f", a, b, x.Similarity)
		}
		if profiles[x.First].Side != profiles[x.Second].Side || x.First >= x.Second {
			t.Errorf("odd pair %+v", x)
		}
	}
	t.Logf("%d of %d paraphrases are among the %d pairs from 0.2 on", found, len(manifest.Twin), len(twins))
}

// TestLikenessOfMany: one against many is told as all against all are, and what is dropped
// before its words are weighed would not be told.
func TestLikenessOfMany(t *testing.T) {
	t.Parallel()
	e, profiles, _ := cityProfiles(t)
	list := slices.DeleteFunc(slices.Clone(profiles), func(p *Profile) bool { return p.Side != SideOffer })
	list = list[:min(len(list), 300)]
	for _, p := range list[:60] { // said again, by and large
		if len(p.Texts) > 2 {
			list = append(list, e.Offer(anOffer(p.Texts[0].Value, p.Texts[1].Value), nil))
		}
	}
	words := NewStatistics()
	for _, p := range list {
		words.Add(p)
	}
	index, told := newTwinIndex(list), 0
	for i := range list {
		likeness := e.Likeness(list[i], words)
		for j := range list {
			got, want := likeness(list[j]), index.similarity(i, j)
			if (got > 0 || want >= TwinLeast+1e-4) && math.Abs(got-want) > 1e-4 {
				t.Fatalf("%d and %d: %g, of all %g", i, j, got, want)
			}
			if got >= TwinLeast && i != j {
				told++
			}
		}
	}
	if told == 0 {
		t.Error("no two are alike")
	}
}

// TestBoilerplateMakesNoTwins: firms print the same paragraph about themselves
// above everything they offer.
func TestBoilerplateMakesNoTwins(t *testing.T) {
	t.Parallel()
	e, profiles, _ := cityProfiles(t)
	const about = "公司成立于2012年，是国家高新技术企业、省级专精特新企业，拥有发明专利42项，研发人员占比四成，产品销往全国二十余个省市，服务客户三百余家，通过质量、环境、职业健康三体系认证。"
	var list []*Profile
	for _, p := range profiles {
		if p.Side == SideOffer && len(p.Texts) > 2 && len(list) < 60 {
			list = append(list, e.Offer(anOffer(p.Texts[0].Value, about+p.Texts[1].Value+p.Texts[2].Value), nil))
		}
	}
	twins, err := e.Twins(t.Context(), list, TwinLeast)
	if err != nil || len(twins) > 0 {
		t.Errorf("%d pairs, %v", len(twins), err)
	}
}

// TestManyCopies: a hundred copies are told as some pairs each, not as thousands.
func TestManyCopies(t *testing.T) {
	t.Parallel()
	e := newTestEngine(t)
	p := e.Need(aNeed("下穿隧道积水监测", "下穿隧道积水深度超过二十厘米时报警，平台对接城管指挥中心，断网时本地声光报警并存储记录。"), nil)
	list := slices.Repeat([]*Profile{p}, 100)
	twins, err := e.Twins(t.Context(), list, TwinLeast)
	if err != nil {
		t.Fatal(err)
	}
	told := map[int]bool{}
	for _, x := range twins {
		told[x.First], told[x.Second] = true, true
		if x.Similarity < 0.9 || x.Similarity > 1 {
			t.Fatalf("%+v", x)
		}
	}
	if len(told) != len(list) || len(twins) > 3*len(list) {
		t.Errorf("%d pairs of %d copies", len(twins), len(told))
	}
}

func TestTwinsOddLists(t *testing.T) {
	t.Parallel()
	e := newTestEngine(t)
	empty := e.Need(aNeed("", ""), nil)
	for _, list := range [][]*Profile{nil, {empty}, {empty, empty}, {e.Need(aNeed("水", ""), nil), e.Offer(anOffer("水", ""), nil)}} {
		if twins, err := e.Twins(t.Context(), list, 0); err != nil || len(twins) > 0 {
			t.Errorf("%v, %v", twins, err)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := e.Twins(ended, []*Profile{empty}, 0); err == nil {
		t.Error("an ended context is no error")
	}
}

// manyNeeds returns n listings of about 130 characters, a twentieth of them
// rewrites of the one before, and how many those are.
func manyNeeds(b *testing.B, e *Engine, n int) (list []*Profile, rewritten int) {
	b.Helper()
	w, rng := newRewriter(b, 2), rand.New(rand.NewPCG(3, 4))
	needs := cityNeeds(b)
	var clauses []string
	for i := range needs {
		for _, s := range []string{needs[i].Need, needs[i].Situation, needs[i].Targets} {
			clauses = append(clauses, strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("。；，、", r) })...)
		}
	}
	for len(list) < n {
		o := scene.Opportunity{Listing: scene.Listing{Name: needs[rng.IntN(len(needs))].Name + strconv.Itoa(len(list))}}
		for range 14 {
			o.Need += clauses[rng.IntN(len(clauses))] + "，"
		}
		list = append(list, e.Need(&o, nil))
		if rng.IntN(20) == 0 {
			copied := w.opportunity("several", o)
			list = append(list, e.Need(&copied, nil))
			rewritten++
		}
	}
	return list, rewritten
}

// BenchmarkTwins looks through JINGHE_TWINS listings, 20,000 without it, a
// twentieth of them rewrites of others; beside it the usual way, MinHash with 42
// bands of 3, with the same comparison of what it proposes.
func BenchmarkTwins(b *testing.B) {
	e, n := newTestEngine(b), 20_000
	if s := os.Getenv("JINGHE_TWINS"); s != "" {
		n, _ = strconv.Atoi(s)
	}
	list, rewritten := manyNeeds(b, e, n)
	for name, find := range map[string]func() []Twin{
		"rare terms": func() []Twin {
			twins, err := e.Twins(b.Context(), list, TwinLeast)
			if err != nil {
				b.Fatal(err)
			}
			return twins
		},
		"MinHash": func() []Twin { return minHashTwins(list, TwinLeast) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			var twins []Twin
			for b.Loop() {
				twins = find()
			}
			found := 0
			for _, x := range twins {
				if x.Second == x.First+1 && list[x.Second].Ref.ID == "'" {
					found++
				}
			}
			b.ReportMetric(float64(len(twins)), "pairs")
			b.ReportMetric(float64(found)/float64(rewritten), "recall")
		})
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	index := newTwinIndex(list)
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(index)
	b.Logf("%d listings: %.0f MB beside the profiles", len(list), float64(after.HeapAlloc-before.HeapAlloc)/1e6)
}

// minHashTwins lists the pairs that MinHash proposes and the comparison accepts.
func minHashTwins(list []*Profile, least float64) (found []Twin) {
	const bands, rows = 42, 3
	t := newTwinIndex(list)
	type key struct {
		band int
		hash [rows]uint32
	}
	buckets := map[key][]int32{}
	for i, p := range list {
		var sketch [bands * rows]uint32
		for k := range sketch {
			sketch[k] = ^uint32(0)
		}
		for _, id := range p.bag.terms {
			if id&kindMask == kindChar {
				continue
			}
			x := uint64(id)
			for k := range sketch {
				x = x*0x9E3779B97F4A7C15 + uint64(k) + 1
				sketch[k] = min(sketch[k], uint32((x^x>>29)>>16))
			}
		}
		for band := range bands {
			k := key{band: band}
			copy(k.hash[:], sketch[band*rows:])
			buckets[k] = append(buckets[k], int32(i))
		}
	}
	compared := map[[2]int32]bool{}
	for _, in := range buckets {
		for x, i := range in {
			for _, j := range in[x+1 : min(len(in), x+twinCompared)] {
				if pair := [2]int32{i, j}; !compared[pair] {
					compared[pair] = true
					if s := t.similarity(int(i), int(j)); s >= least {
						found = append(found, Twin{int(i), int(j), s})
					}
				}
			}
		}
	}
	return found
}
