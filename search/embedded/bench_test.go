package embedded_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"jinghe/search"
	"jinghe/search/embedded"
	"jinghe/search/lexicon"
)

// corpus makes listing-like documents, the same for the same seed: words by
// Zipf's law out of a trade's vocabulary, and names that are in no dictionary.
type corpus struct {
	rng   *rand.Rand
	zipf  *rand.Zipf
	words []string
	names []rune
}

func newCorpus(seed uint64) *corpus {
	c := &corpus{rng: rand.New(rand.NewPCG(seed, 1))}
	things := strings.Fields("污水 管网 水质 河道 路灯 停车场 电梯 桥梁 隧道 边坡 楼宇 工地 园区 社区 学校 医院 病房 养老院 景区 博物馆 商圈 仓库 港口 机场 轨道 公交 车间 产线 机床 轴承 电池 光伏 储能 充电桩 变电站 锅炉 燃气 垃圾 土壤 大气 噪声 森林 农田 大棚 水产 种子 食品 药品 芯片 晶圆 传感器 雷达 摄像头 机器人 无人机 机械臂 大模型 知识图谱 数据中台 区块链 数字孪生 物联网 边缘计算 卫星遥感 北斗导航 激光雷达")
	acts := strings.Fields("监测 检测 预警 巡检 识别 分析 调度 管理 控制 优化 诊断 预测 清洗 清扫 配送 焊接 喷涂 切割 分拣 追溯 评估 仿真 建模 标注 采集 传输 存储 加密 运维 改造 修复 回收 治理 救援 疏散 导览 陪护 康复 培训 推荐")
	for _, thing := range things {
		c.words = append(c.words, thing)
		for _, act := range acts {
			c.words = append(c.words, thing+act)
		}
	}
	c.rng.Shuffle(len(c.words), func(i, j int) { c.words[i], c.words[j] = c.words[j], c.words[i] })
	c.zipf = rand.NewZipf(c.rng, 1.1, 8, uint64(len(c.words)-1))
	for r := rune(0x4E00); len(c.names) < 2500; r += 7 {
		c.names = append(c.names, r)
	}
	return c
}

func (c *corpus) word() string { return c.words[c.zipf.Uint64()] }

func (c *corpus) name() string {
	return string([]rune{c.names[c.rng.IntN(len(c.names))], c.names[c.rng.IntN(len(c.names))]})
}

// text is a description of exactly n characters.
func (c *corpus) text(n int) string {
	joints := []string{"面向", "，提供", "系统，支持", "平台，实现", "与", "设备，可用于", "。采用", "技术，已在", "项目应用，精度达到", "解决方案，"}
	var b strings.Builder
	for written := 0; written < n; {
		piece := joints[c.rng.IntN(len(joints))] + c.word()
		if c.rng.IntN(6) == 0 {
			piece += c.name()
		}
		if c.rng.IntN(8) == 0 {
			piece += fmt.Sprintf("%d%%", c.rng.IntN(100))
		}
		b.WriteString(piece)
		written += len([]rune(piece))
	}
	return string([]rune(b.String())[:n])
}

func (c *corpus) document(id int) search.Document {
	pick := func(name string, n int) []string { return []string{fmt.Sprintf("%s%d", name, c.rng.IntN(n))} }
	name := c.name() + c.word() + "系统"
	return search.Document{
		ID: fmt.Sprintf("doc-%06d", id),
		Text: map[string]string{
			"name": name,
			"org":  "无锡" + c.name() + "科技有限公司",
			"text": c.text(130 - len([]rune(name)) - 10),
		},
		Facets: map[string][]string{
			"field": pick("领域", 19), "region": pick("区", 12), "maturity": pick("阶段", 3), "kind": pick("类型", 6),
		},
		Numbers: map[string]float64{"price": float64(c.rng.IntN(500)), "updated": float64(1_700_000_000 + id)},
	}
}

func (c *corpus) documents(n int) []search.Document {
	out := make([]search.Document, n)
	for i := range out {
		out[i] = c.document(i)
	}
	return out
}

func listingSchema() search.Schema {
	return search.Schema{
		Text: []search.TextField{
			{Name: "name", Weight: 3, Pinyin: true, Suggest: true},
			{Name: "org", Weight: 1, Pinyin: true},
			{Name: "text", Weight: 1},
		},
		Facets:  []string{"field", "region", "maturity", "kind"},
		Numbers: []string{"price", "updated"},
	}
}

func openListings(tb testing.TB, docs []search.Document) *embedded.Index {
	tb.Helper()
	lex, err := lexicon.New()
	if err != nil {
		tb.Fatal(err)
	}
	engine := embedded.New(lex)
	ix, err := engine.Index(tb.Context(), "listings", listingSchema())
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := engine.Close(); err != nil {
			tb.Error(err)
		}
	})
	for batch := range slices.Chunk(docs, 500) {
		if err := ix.Apply(tb.Context(), batch, nil); err != nil {
			tb.Fatal(err)
		}
	}
	return ix
}

// latencies reports percentiles of what is measured, in milliseconds.
type latencies []time.Duration

func (l latencies) report(b *testing.B) {
	slices.Sort(l)
	ms := func(q float64) float64 { return float64(l[int(q*float64(len(l)-1))]) / 1e6 }
	b.ReportMetric(ms(0.5), "p50-ms")
	b.ReportMetric(ms(0.99), "p99-ms")
}

// BenchmarkIndex indexes 100,000 listings of 130 characters in batches of 500,
// up to the last merge, and reports the heap they take.
func BenchmarkIndex(b *testing.B) {
	docs := newCorpus(1).documents(100_000)
	for b.Loop() {
		b.StopTimer()
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		b.StartTimer()
		ix := openListings(b, docs)
		ix.Settle()
		b.StopTimer()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapInuse-before.HeapInuse)/1e6, "heap-with-garbage-MB")
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/1e6, "heap-MB")
		stats, err := ix.Stats(b.Context())
		if err != nil || stats.Documents != len(docs) {
			b.Fatal(stats, err)
		}
		b.StartTimer()
	}
}

// BenchmarkSearch asks for three words with four facets among 100,000 listings.
func BenchmarkSearch(b *testing.B) {
	c := newCorpus(1)
	ix := openListings(b, c.documents(100_000))
	ix.Settle()
	var taken latencies
	total := 0
	for b.Loop() {
		q := search.Query{
			Text:      strings.Join([]string{c.word(), c.word(), c.word()}, " "),
			Facets:    []string{"field", "region", "maturity", "kind"},
			Filter:    []search.Clause{{Facet: "region", AnyOf: []string{"区1", "区2", "区3", "区4"}}},
			Highlight: []string{"name", "text"},
		}
		start := time.Now()
		r, err := ix.Search(b.Context(), q)
		if err != nil {
			b.Fatal(err)
		}
		taken = append(taken, time.Since(start))
		total += r.Total
	}
	taken.report(b)
	b.ReportMetric(float64(total)/float64(len(taken)), "hits/op")
}

// BenchmarkSearchOneWord asks for one frequent word, where counting dominates.
func BenchmarkSearchOneWord(b *testing.B) {
	c := newCorpus(1)
	ix := openListings(b, c.documents(100_000))
	ix.Settle()
	var taken latencies
	for b.Loop() {
		start := time.Now()
		if _, err := ix.Search(b.Context(), search.Query{Text: "系统", Facets: []string{"field", "region", "maturity", "kind"}}); err != nil {
			b.Fatal(err)
		}
		taken = append(taken, time.Since(start))
	}
	taken.report(b)
}

// BenchmarkUpdate replaces one listing of 100,000 at a time.
func BenchmarkUpdate(b *testing.B) {
	c := newCorpus(1)
	ix := openListings(b, c.documents(100_000))
	ix.Settle()
	var taken latencies
	for b.Loop() {
		d := c.document(c.rng.IntN(100_000))
		start := time.Now()
		if err := ix.Apply(b.Context(), []search.Document{d}, nil); err != nil {
			b.Fatal(err)
		}
		taken = append(taken, time.Since(start))
	}
	taken.report(b)
}

// BenchmarkCandidates retrieves 200 of 150,000 listings for needs of 600 to 1500 characters.
func BenchmarkCandidates(b *testing.B) {
	c := newCorpus(1)
	ix := openListings(b, c.documents(150_000))
	ix.Settle()
	var taken latencies
	for b.Loop() {
		need := search.Need{Fields: []search.NeedField{
			{Text: c.word() + c.word(), Weight: 1},
			{Text: c.text(600 + c.rng.IntN(900)), Weight: 0.3},
		}}
		start := time.Now()
		found, err := ix.Candidates(b.Context(), need)
		if err != nil || len(found) != search.DefaultCandidates {
			b.Fatal(len(found), err)
		}
		taken = append(taken, time.Since(start))
	}
	taken.report(b)
}

// BenchmarkSuggest completes two characters among 100,000 names.
func BenchmarkSuggest(b *testing.B) {
	c := newCorpus(1)
	ix := openListings(b, c.documents(100_000))
	ix.Settle()
	var taken latencies
	for b.Loop() {
		typed := []rune(c.word())[:2]
		start := time.Now()
		if _, err := ix.Suggest(b.Context(), string(typed), 10, nil); err != nil {
			b.Fatal(err)
		}
		taken = append(taken, time.Since(start))
	}
	taken.report(b)
}
