package standing_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/internal/standing"
	"jinghe/search/lexicon"
)

func now() time.Time { return time.Date(2026, 5, 8, 9, 0, 0, 0, time.UTC) }

// counts is a Rarity by a table.
type counts map[string]int

func (c counts) Documents() int          { return 1000 }
func (c counts) DocFreq(term string) int { return c[term] }

// sampled is the Rarity of a number of listings that were counted.
type sampled struct {
	counts
	documents int
}

func (s sampled) Documents() int { return s.documents }

type tools struct {
	engine *match.Engine
	lex    *lexicon.Lexicon
	dicts  *scene.Dictionaries
}

func newTools(t testing.TB) tools {
	t.Helper()
	lex, err := lexicon.New()
	if err != nil {
		t.Fatal(err)
	}
	dicts, err := scene.LoadDictionaries()
	if err != nil {
		t.Fatal(err)
	}
	w, err := match.DefaultWeights()
	if err != nil {
		t.Fatal(err)
	}
	engine, err := match.New(lex, dicts, w)
	if err != nil {
		t.Fatal(err)
	}
	return tools{engine, lex, dicts}
}

func (k tools) book() *standing.Book {
	return standing.NewBook(k.engine, k.lex, k.dicts, counts{"监测": 300, "系统": 900, "水": 500})
}

func offer(id, name, text string) *scene.Capability {
	return &scene.Capability{
		Listing:     scene.Listing{ID: scene.ID(id), Name: name, OrgName: "企业" + id, State: scene.Published},
		Description: text,
	}
}

func TestConditionsOfBothSides(t *testing.T) {
	t.Parallel()
	k := newTools(t)
	base := func() (scene.SavedSearch, *scene.Capability) {
		s := scene.SavedSearch{
			ID: "s", Owner: "a", Name: "内涝", Wants: scene.KindCapability, Words: "积水 监测",
			Fields: []string{"smart_water"}, Regions: []string{"320200"}, Money: scene.MoneyRange{Max: 50 * scene.Wan},
			OrgID: "me",
		}
		c := offer("c", "下穿隧道积水监测", "在线监测积水深度")
		c.Fields, c.Regions = []string{"smart_water"}, []string{"320214"}
		c.Price = scene.MoneyRange{Min: 20 * scene.Wan}
		return s, c
	}
	for name, test := range map[string]struct {
		change func(*scene.SavedSearch, *scene.Capability)
		want   bool
	}{
		"OK": {func(*scene.SavedSearch, *scene.Capability) {}, true},
		"OKNothingStated": {func(_ *scene.SavedSearch, c *scene.Capability) {
			c.Fields, c.Regions, c.Price = nil, nil, scene.MoneyRange{}
		}, true},
		"OKProvinceServed": {func(_ *scene.SavedSearch, c *scene.Capability) { c.Regions = []string{"320000"} }, true},
		"OKDescription": {func(s *scene.SavedSearch, _ *scene.Capability) {
			s.Words, s.Text = "", "城市隧道积水深度的在线监测"
		}, true},
		"OKFieldOnly":       {func(s *scene.SavedSearch, _ *scene.Capability) { s.Words = "" }, true},
		"ErrOneWordMissing": {func(s *scene.SavedSearch, _ *scene.Capability) { s.Words = "积水 无人机" }, false},
		"ErrOtherDescription": {func(s *scene.SavedSearch, _ *scene.Capability) {
			s.Words, s.Text = "", "养老院陪护机器人与康复训练"
		}, false},
		"ErrOtherField":            {func(_ *scene.SavedSearch, c *scene.Capability) { c.Fields = []string{"smart_elderly_care"} }, false},
		"ErrOtherCity":             {func(_ *scene.SavedSearch, c *scene.Capability) { c.Regions = []string{"440300"} }, false},
		"ErrTooDear":               {func(_ *scene.SavedSearch, c *scene.Capability) { c.Price.Min = 80 * scene.Wan }, false},
		"ErrProviderStartsAtMore":  {func(_ *scene.SavedSearch, c *scene.Capability) { c.Wants.MinBudget = 80 * scene.Wan }, false},
		"ErrProviderServesOthers":  {func(_ *scene.SavedSearch, c *scene.Capability) { c.Wants.Regions = []string{"440300"} }, false},
		"ErrOwnListing":            {func(_ *scene.SavedSearch, c *scene.Capability) { c.OrgID = "me" }, false},
		"ErrDraft":                 {func(_ *scene.SavedSearch, c *scene.Capability) { c.State = scene.Draft }, false},
		"ErrNotYetOpen":            {func(_ *scene.SavedSearch, c *scene.Capability) { c.ValidFrom = now().Add(time.Hour) }, false},
		"ErrWantsOpportunities":    {func(s *scene.SavedSearch, _ *scene.Capability) { s.Wants = scene.KindOpportunity }, false},
		"ErrPaused":                {func(s *scene.SavedSearch, _ *scene.Capability) { s.Paused = true }, false},
		"ErrFieldOnlyAndNotStated": {func(s *scene.SavedSearch, c *scene.Capability) { s.Words, c.Fields, c.Regions = "", nil, nil }, false},
	} {
		s, c := base()
		test.change(&s, c)
		b := k.book()
		b.Put(s)
		p := k.engine.Offer(c, nil)
		if got := len(b.Match(p, now())) == 1; got != test.want {
			t.Errorf("%s: found %v, want %v", name, got, test.want)
		}
		if a, b := b.Match(p, now()), b.MatchEach(p, now()); !slices.Equal(a, b) {
			t.Errorf("%s: %v, one by one %v", name, a, b)
		}
	}
}

// stock makes random searches and listings of both kinds out of a small vocabulary.
type stock struct {
	rng   *rand.Rand
	zipf  *rand.Zipf
	words []string
}

func newStock(seed uint64) *stock {
	s := &stock{rng: rand.New(rand.NewPCG(seed, 3))}
	things := strings.Fields("污水 管网 水质 河道 路灯 停车场 电梯 桥梁 隧道 边坡 楼宇 工地 园区 社区 学校 医院 病房 养老院 景区 博物馆 商圈 仓库 港口 机场 轨道 公交 车间 产线 机床 轴承 电池 光伏 储能 充电桩 变电站 锅炉 燃气 垃圾 土壤 大气 噪声 森林 农田 大棚 水产 种子 食品 药品 芯片 晶圆 传感器 雷达 摄像头 机器人 无人机 机械臂 大模型 知识图谱 数据中台 区块链 数字孪生 物联网 边缘计算 卫星遥感 北斗导航 激光雷达")
	acts := strings.Fields("监测 检测 预警 巡检 识别 分析 调度 管理 控制 优化 诊断 预测 清洗 清扫 配送 焊接 喷涂 切割 分拣 追溯 评估 仿真 建模 标注 采集 传输 存储 加密 运维 改造 修复 回收 治理 救援 疏散 导览 陪护 康复 培训 推荐")
	for _, thing := range things {
		s.words = append(s.words, thing)
		for _, act := range acts {
			s.words = append(s.words, thing+act)
		}
	}
	s.rng.Shuffle(len(s.words), func(i, j int) { s.words[i], s.words[j] = s.words[j], s.words[i] })
	s.zipf = rand.NewZipf(s.rng, 1.1, 8, uint64(len(s.words)-1))
	return s
}

func (s *stock) word() string { return s.words[s.zipf.Uint64()] }

func (s *stock) text(runes int) string {
	joints := []string{"面向", "，提供", "系统，支持", "平台，实现", "与", "设备，可用于", "。采用", "技术，已在", "项目应用，精度达到", "解决方案，"}
	var b strings.Builder
	for n := 0; n < runes; {
		piece := joints[s.rng.IntN(len(joints))] + s.word()
		b.WriteString(piece)
		n += len([]rune(piece))
	}
	return string([]rune(b.String())[:runes])
}

func (s *stock) one(codes ...string) []string {
	if s.rng.IntN(3) == 0 {
		return nil
	}
	return []string{codes[s.rng.IntN(len(codes))]}
}

func (s *stock) fields() []string {
	return s.one("smart_water", "smart_transport", "smart_security", "smart_health", "robotics")
}

func (s *stock) regions() []string { return s.one("320200", "320214", "320000", "440300", "310000") }

func (s *stock) search(i int) scene.SavedSearch {
	q := scene.SavedSearch{
		ID: scene.ID(fmt.Sprintf("s%06d", i)), Owner: "a", Name: "订阅", Wants: scene.KindCapability,
		Fields: s.fields(), Regions: s.regions(),
	}
	if i%3 == 0 {
		q.Wants = scene.KindOpportunity
	}
	switch s.rng.IntN(8) {
	case 0:
		q.Text = s.text(60 + s.rng.IntN(200))
	case 1:
		if len(q.Fields) == 0 {
			q.Words = s.word()
		}
	default:
		q.Words = s.word() + " " + s.word()
	}
	if s.rng.IntN(2) == 0 {
		q.Money.Max = scene.Money(10+s.rng.IntN(300)) * scene.Wan
	}
	return q
}

func (s *stock) capability(i int) *scene.Capability {
	c := offer(fmt.Sprintf("c%05d", i), s.word()+"系统", s.text(115))
	c.Fields, c.Regions = s.fields(), s.regions()
	c.Price.Min = scene.Money(s.rng.IntN(200)) * scene.Wan
	c.Wants.Regions = nil
	if i%9 == 0 {
		c.Wants.Regions = []string{"320000"}
	}
	return c
}

func (s *stock) opportunity(i int) *scene.Opportunity {
	o := &scene.Opportunity{
		Listing: scene.Listing{ID: scene.ID(fmt.Sprintf("n%05d", i)), Name: s.word() + "需求", OrgName: "业主", State: scene.Published},
		Need:    s.text(115),
	}
	o.Fields, o.Regions = s.fields(), s.regions()
	o.Budget.Max = scene.Money(s.rng.IntN(300)) * scene.Wan
	return o
}

// TestMatchIsAskingEach: the reverse index finds what asking every search finds,
// also after searches changed and went.
func TestMatchIsAskingEach(t *testing.T) {
	t.Parallel()
	k, s := newTools(t), newStock(1)
	b := k.book()
	for i := range 3000 {
		b.Put(s.search(i))
	}
	found := 0
	for i := range 150 {
		for _, p := range []*match.Profile{k.engine.Offer(s.capability(i), nil), k.engine.Need(s.opportunity(i), nil)} {
			got, want := b.Match(p, now()), b.MatchEach(p, now())
			if !slices.Equal(got, want) {
				t.Fatalf("%s: found %v, one by one %v", p.Ref.ID, got, want)
			}
			found += len(got)
		}
		b.Put(s.search(s.rng.IntN(3000)))
		b.Delete(scene.ID(fmt.Sprintf("s%06d", s.rng.IntN(3000))))
	}
	if found < 300 {
		t.Errorf("only %d finds: the test shows little", found)
	}
	t.Logf("%d finds, %d searches left", found, b.Len())
}

// BenchmarkMatch matches listings of 130 characters against 100,000 saved
// searches, on one goroutine, analysis of the listing included.
func BenchmarkMatch(b *testing.B) {
	k, s := newTools(b), newStock(2)
	spread := sampled{counts: counts{}, documents: 2000}
	for i := range spread.documents { // rarity as an index of such listings tells it
		seen := map[string]bool{}
		for _, t := range k.lex.Tokens(s.capability(i).Description) {
			if !seen[t.Term] {
				seen[t.Term] = true
				spread.counts[t.Term]++
			}
		}
	}
	book := standing.NewBook(k.engine, k.lex, k.dicts, spread)
	start := time.Now()
	for i := range 100_000 {
		book.Put(s.search(i))
	}
	b.Logf("filed 100,000 searches in %v", time.Since(start))
	offers := make([]*scene.Capability, 500)
	for i := range offers {
		offers[i] = s.capability(i)
	}
	found := 0
	for i := 0; b.Loop(); i++ {
		found += len(book.Match(k.engine.Offer(offers[i%len(offers)], nil), now()))
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "listings/s")
	b.ReportMetric(float64(found)/float64(b.N), "searches/listing")
}
