package ui

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
)

func newPage(t *testing.T, lang locale.Lang) *Page {
	t.Helper()
	assets, err := LoadAssets()
	if err != nil {
		t.Fatal(err)
	}
	return &Page{
		Lang: lang, Title: "标题", Here: "/here?q=a&b=c", RequestID: "r-1", Assets: assets,
		Site: Site{Name: "示例中心", ICP: "备案", Police: "公安"},
	}
}

// views returns every page of this package, full and empty.
func views(p *Page) map[string]templ.Component {
	card := Card{
		Kind: scene.KindCapability, URL: "/capabilities/1", Name: []Span{{"桥梁", true}, {"监测", false}}, Org: "单位", OrgURL: "/organisations/1",
		Excerpt: Plain("说明"), Fields: []string{"智慧交通"}, Facts: []Fact{{"预算", "50 万元"}}, Ends: "还有 3 天", Soon: true,
	}
	bare := Card{Kind: scene.KindOpportunity, URL: "/opportunities/1", Name: Plain("Bridge"), Org: "Org"}
	gaps := []Gap{{"预算", true, "200", "100", "放宽"}, {"资质", false, "", "高企", ""}, {"工期", true, "9", "", ""}}
	matches := Matches{
		Compare: "1", Unfold: Link{Text: "全部展开", URL: "/opportunities/1/matches?open=1"}, Kind: scene.KindCapability, MoreURL: "/opportunities/1/matches", Version: "1",
		Clarity: &Clarity{62, true, "预算、工期", []Tip{{"没有预算", "80 万元"}, {"没有工期", ""}}},
		Items: []Match{
			{
				Rank: 1, Score: 87, Name: "系统", URL: "/capabilities/1", Org: "单位", OrgURL: "/organisations/1", Unsure: true, Pinned: true, Reason: "理由",
				Parts: []PartBar{{"用词", 50, "12.5", 0}}, Quotes: []Quote{{"机会", true, "名称", []Span{{"桥", true}}}, {"能力", false, "说明", Plain("x")}},
				Gaps: gaps, Moved: "按匹配度应排第 3 位", Open: true, ForNeed: 80, ForOffer: 60,
			},
			{Rank: 2, Name: "另一个", URL: "/capabilities/2", Org: "单位"},
		},
		Excluded: []Excluded{{"落选", "/capabilities/3", "单位", gaps}},
		Orders:   []Link{{Text: "按匹配度", URL: "/opportunities/1/matches?order=fit", Active: true}, {Text: "兼顾", URL: "/opportunities/1/matches?order=care"}},
		Consortium: &Consortium{
			Text: "两家", Members: []Excluded{{Name: "系统", URL: "/capabilities/1", Org: "单位"}},
			Clauses: []Covered{{Label: "要求", Want: "门禁", By: "单位", Quotes: []Quote{{"能力", false, "说明", Plain("门禁")}}}, {Label: "资质", Want: "高企"}},
		},
		Changes: []Change{{"预算放宽，另有 1 家", []Link{{Text: "落选", URL: "/capabilities/3"}}}},
	}
	listing := ListingPage{
		Kind: scene.KindOpportunity, Name: "名称", Code: "A1", Batch: "第一批", Org: "单位", OrgURL: "/organisations/1",
		Fields: []Link{{Text: "智慧交通", URL: "/opportunities?field=x"}}, Notice: "已到期", Ends: "x", Soon: true, Lead: "Summary",
		Parts: []TextPart{{"具体需求", "第一行\n\n第二行"}}, Facts: []Fact{{"预算", ""}, {"工期", "3 个月"}}, Terms: []Fact{{"资质", "高企"}}, Files: &Files{Rows: []FileRow{{Name: "a.pdf", URL: "/files/1", Note: "PDF"}}},
		Cases: []CaseRow{{"客户", "2025", "好"}}, Tags: []string{"桥"}, Match: matches,
	}
	link := Link{Text: "名", URL: "/opportunities?x=1", Active: true}
	return map[string]templ.Component{
		"Home": HomePage(p, Home{
			Needs: 1, Offers: 2, Fields: []FieldRow{{"智慧交通", 1, 2, "/opportunities?field=a", "/capabilities?field=a", 50, 100}},
			Newest: []Card{card, bare}, Ending: []Card{bare}, Batches: []BatchRow{{Name: "第一批", URL: "/batches/1", Date: "x", Needs: 1, Offers: 2}}, Showcases: []ShowcaseCard{{Name: "案例", URL: "/showcases/1", Figure: &Figure{"时间", "9", "1", "分"}}}, Hints: []Link{link}, Notice: "注意",
		}),
		"HomeEmpty": HomePage(p, Home{}),
		"Results": ResultsPage(p, Results{
			Kind: scene.KindCapability, Tabs: []Tab{{link, scene.KindCapability, 3}, {link, scene.KindOpportunity, -1}}, Query: "桥", Corrected: "桥梁", Total: 41,
			Cards: []Card{card, bare}, Facets: []Facet{{"领域", []FacetValue{{link, 3}}}}, Chosen: []Link{link}, ClearURL: "/capabilities",
			Sorts: []Link{link}, Hidden: []Fact{{"field", "a"}}, Pager: Pager{"/p", "/n", 2, 3}, Notice: "注意",
		}),
		"ResultsEmpty":      ResultsPage(p, Results{Kind: scene.KindOpportunity}),
		"Listing":           ListingPageView(p, listing),
		"ListingEmpty":      ListingPageView(p, ListingPage{Kind: scene.KindCapability, Name: "x"}),
		"Matches":           MatchesPageView(p, MatchesPage{Kind: scene.KindOpportunity, Name: "名称", BackURL: "/opportunities/1", Org: "单位", Facts: listing.Facts, Match: matches}),
		"MatchesEmpty":      MatchesPageView(p, MatchesPage{Kind: scene.KindCapability, Name: "x", BackURL: "/capabilities/1"}),
		"Organisation":      OrganisationPageView(p, OrganisationPage{"单位", "Org", listing.Facts, "简介", []string{"物联网"}, []QualificationRow{{"高企", "国家级", "有效"}}, []Card{bare}, []Card{card}}),
		"OrganisationEmpty": OrganisationPageView(p, OrganisationPage{Name: "x"}),
		"Error":             ErrorPageView(p, ErrorPage{404, "没有找到", "说明"}),
		"About":             AboutPage(p),
		"Inbox": InboxPage(p, Inbox{
			Notice: "已保存", Tabs: []Link{link}, Unread: 1, Next: "/inbox?after=x", Choices: "/inbox/choices",
			Rows:    []NoticeRow{{"有新条目", "/inbox/1", "订阅", "今天", true, &Ending{Name: "条目", URL: "/workspace/listings/capability/1", Text: "快到期", Form: Form{Action: "/x", Buttons: []Button{{Label: "延长"}}}}}, {"读过的", "/inbox/2", "对接", "昨天", false, nil}},
			ReadAll: Form{Action: "/inbox/read", Buttons: []Button{{Label: "全部已读"}}},
		}),
		"Searches": SearchesPage(p, Searches{
			Notice: "已保存", Begin: []Link{link}, Next: "/workspace/searches?after=x",
			Rows: []SearchRow{{"内涝", "/workspace/searches/1", "能力", "“积水”", "每天", "昨天", 2, State{}}, {"停用", "/workspace/searches/2", "机会", "智慧交通", "每周", "", 0, State{"paused", "已暂停"}}},
		}),
		"SearchesEmpty": SearchesPage(p, Searches{}),
		"Search": SearchPageView(p, SearchPage{
			Notice: "已保存", Advice: "条件较宽", Search: SearchRow{Name: "内涝", Kind: "能力", Asks: "“积水”", Tell: "每天", Told: "昨天", State: State{"paused", "已暂停"}},
			List: "/capabilities?q=x", Edit: "/x", Gone: 1, Next: "/y", Found: []Row{{Name: "终端", URL: "/capabilities/1", Kind: "能力", Org: "单位", Note: "新"}},
			Forms: []Form{{Action: "/x", Buttons: []Button{{Label: "删除", Danger: true}}}},
		}),
		"SearchEmpty": SearchPageView(p, SearchPage{Search: SearchRow{Name: "x"}}),
		"InboxEmpty":  InboxPage(p, Inbox{Choices: "/inbox/choices"}),
		"Pairs": PairsPage(p, Pairs{
			Nav: []DeskTab{{link, 2}}, Notice: "好", Tabs: []Link{link}, Next: "/x?after=y", Begin: link, Form: link,
			Funnel: &Funnel{Rows: []FunnelRow{{"有意向", 2, 1, ""}, {"对接中", 1, 1, "/x?stage=docking"}}, Stopped: 3},
			Rows: []PairRow{
				{"内涝", "监测", "水务局", "某公司", "/x/1", State{"docking", "对接中"}, "踏勘", "供给方", true, "今天", "等贵单位答复", true, "联合体 3 家"},
				{"内涝", "监测", "水务局", "某公司", "/x/2", State{"stopped", "已终止"}, "", "", false, "昨天", "", false, ""},
			},
		}),
		"Compare": ComparePageView(p, Compare{
			Kind: scene.KindCapability, BackURL: "/x", TooMany: true, Missing: true, Heads: []CompareHead{{"监测", "/capabilities/1", "单位", "/compare"}, {"System", "/capabilities/2", "Org", "/compare"}},
			Rows: []CompareRow{{"预算", []string{"1", ""}, false}, {"领域", []string{"水", "水"}, true}},
			Fit:  &Fit{Name: "内涝", URL: "/opportunities/1", BackURL: "/opportunities/1/matches", Scores: []string{"80 %", ""}, Rows: []FitRow{{"用词", 0, []string{"50 %", ""}}}, Notice: "注意"},
		}),
		"CompareEmpty": ComparePageView(p, Compare{Kind: scene.KindCapability, BackURL: "/x"}),
		"Wall":         WallPage(p, Wall{Fair: "对接会", Clock: "9:00", Late: "顺延", Stream: "/x", Figures: []WallFigure{{"到场", 1, 2}}}),
		"PairsEmpty":   PairsPage(p, Pairs{Empty: "没有"}),
		"Pair": PairPageView(p, PairPage{
			Group: []PairMember{{"牵头方", "某公司", link, "总集成", State{"active", "有意向"}, "", true}, {"伙伴", "另一公司", link, "供货", State{"expired", "不参与"}, "时机太早", false}},
			Nav:   []DeskTab{{link, 0}}, Crumb: link, Notice: "好", Stage: State{"docking", "对接中"}, Waits: "等待", Late: "逾期",
			Need: PairSide{Tag: "需求", Name: "内涝", URL: "/opportunities/1", Org: "水务局", Own: true}, Offer: PairSide{Tag: "能力", Name: "监测", URL: "/capabilities/1", Org: "某公司", Own: false},
			Steps: []PairStep{{"有意", true, false}, {"对接", true, true}, {"落地", false, false}}, Facts: []Fact{{"下一步", "踏勘"}},
			Contact: []Fact{{"电话", "139"}}, ContactOf: "供给方", Agreements: "双方同意", Share: []Form{{Action: "/x/1/contact", Buttons: []Button{{Label: "查看"}}}},
			Forms:   []PairForm{{"接受", true, Form{Action: "/x/1/accept", Groups: []Group{{Fields: []Field{{Name: "text", Label: "说", Form: "accept", Fault: "缺"}}}}}}},
			Entries: []PairEntry{{"提问", "需求方", "今天", "第一行\n第二行", true, true, []Fact{{"签约金额", "80 万元"}}}, {"答复", "供给方", "今天", "", false, false, nil}},
		}),
		"PairEmpty": PairPageView(p, PairPage{Crumb: link}),
		"Tokens": TokensPage(p, Tokens{
			Crumb: link, Notice: "已撤销", Secret: "jinghe_x", Make: Form{Action: "/x", Buttons: []Button{{Label: "生成"}}},
			Rows: []TokenRow{{Name: "门户", Owner: "李四", Until: "2026", Scopes: []string{"读取"}, State: State{"published", "有效"}, Revoke: "/x"}, {Name: "旧", Used: "2026", From: "::1"}},
		}),
		"TokensEmpty":    TokensPage(p, Tokens{Crumb: link}),
		"Receivers":      ReceiversPage(p, Receivers{Notice: "好", Back: link, Rows: []ReceiverRow{{"门户", "/inbox/receivers/1", "群机器人", "https://example.com/x", State{"active", "启用"}}}}),
		"ReceiversEmpty": ReceiversPage(p, Receivers{Back: link}),
		"Receiver":       ReceiverPage(p, Receiver{Name: "门户", Secret: "密钥", Back: link, Facts: listing.Facts, Sent: []StepRow{{When: "x", Who: "1", Reason: "ok", To: State{"done", "已收下"}}}}),
		"ReceiverEmpty":  ReceiverPage(p, Receiver{Back: link}),
		"Batches":        BatchesPageView(p, []BatchRow{{Name: "第一批", URL: "/batches/1", Date: "x", Intro: "说明", Needs: 1, Offers: 2, NeedsURL: "/a", OffersURL: "/b"}, {Name: "x", URL: "/batches/2", Needs: -1}}),
		"BatchesEmpty":   BatchesPageView(p, nil),
		"Batch":          BatchPageView(p, BatchPage{BatchRow{Name: "第一批", Date: "x", Needs: 1, NeedsURL: "/a", OffersURL: "/b"}, []Line{{Name: "桥", URL: "/opportunities/1", Org: "单位"}}, []Line{{Name: "Bridge", URL: "/capabilities/1"}}, true}),
		"BatchEmpty":     BatchPageView(p, BatchPage{}),
		"Showcases":      ShowcasesPageView(p, ShowcasesPage{2, []FacetValue{{link, 1}, {link, 2}}, []ShowcaseCard{{Name: "案例", URL: "/showcases/1", Plate: "示范", Since: "x", Figure: &Figure{"时间", "9", "1", "分"}}}, Pager{}}),
		"ShowcasesEmpty": ShowcasesPageView(p, ShowcasesPage{}),
		"Showcase": ShowcasePageView(p, ShowcasePage{
			Name: "案例", Owner: "甲", Provider: "乙", Lead: "Lead", Fields: []Link{link}, Before: "前", After: "后",
			Figures: []Figure{{"时间", "9", "1", "分"}, {"误报", "", "2", ""}}, Parts: []TextPart{{"场景", "文"}}, Facts: listing.Facts, Related: []Card{card},
		}),
		"ShowcaseEmpty": ShowcasePageView(p, ShowcasePage{Name: "x"}),
		"Reference": ReferencePage(p, Reference{[]OperationGroup{{"组 · Group", "What it is.", []Operation{{
			ID: "op", Method: "GET", Path: "/x/{id}", Summary: "Summary", Description: "Text\nmore", Params: []Param{{"id", "path", "string", true, "doc"}},
			Example: "{}", Try: "/x", Guarded: true, Scopes: []string{"read"}, Sent: "{}", Fields: []Param{{"name", "body", "string", true, ""}}, Curl: "curl -s x",
		}, {ID: "op2", Method: "GET", Path: "/y"}}}}, []StartStep{{"look", "curl -s y"}}}),
	}
}

// TestTemplates renders every page, full and empty, in both languages and
// every look, and parses what comes out.
func TestTemplates(t *testing.T) {
	t.Parallel()
	for _, lang := range []locale.Lang{locale.Zh, locale.En} {
		for _, theme := range []string{"", "light", "dark"} {
			p := newPage(t, lang)
			p.Theme, p.Large, p.NoIndex, p.Draws, p.Description = theme, theme == "dark", theme == "light", theme == "", "说明"
			for name, view := range views(p) {
				var b bytes.Buffer
				if err := view.Render(t.Context(), &b); err != nil {
					t.Errorf("%s %s: %v", lang, name, err)
					continue
				}
				root, err := html.Parse(&b)
				if err != nil {
					t.Fatal(err)
				}
				for n := range root.Descendants() {
					if n.Type == html.TextNode && (strings.Contains(n.Data, "web.") || strings.Contains(n.Data, "{")) && n.Parent.Data != "code" {
						t.Errorf("%s %s: unfilled text %q", lang, name, n.Data)
					}
				}
			}
		}
	}
}

// TestEscaping: text from a list cannot become markup or a script address.
func TestEscaping(t *testing.T) {
	t.Parallel()
	p := newPage(t, locale.Zh)
	const bad = `<script>alert("x")</script>`
	var b bytes.Buffer
	view := ListingPage{
		Kind: scene.KindOpportunity, Name: bad, Org: bad, Parts: []TextPart{{bad, bad}}, Facts: []Fact{{bad, bad}}, Tags: []string{bad},
		OrgURL: "javascript:alert(1)", Match: Matches{Items: []Match{{Name: bad, Reason: bad, Org: bad, Gaps: []Gap{{Label: bad, Advice: bad}}}}},
	}
	p.Title, p.Query = bad, `"><script>`
	if err := ListingPageView(p, view).Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	root, err := html.Parse(&b)
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && n.Data == "script" && len(n.Attr) < 2 {
			t.Error("a script got in")
		}
	}
}

var (
	usedKey = regexp.MustCompile(`"(web\.[a-z0-9_.]*[a-z0-9_])"`)
	opName  = regexp.MustCompile(`(Op: |Wrap\()"[^"]*"`) // looks like a key and is none
)

// TestKeys: every message named in a source of the web is there, and every
// message there is named, at least by its beginning.
func TestKeys(t *testing.T) {
	t.Parallel()
	prefix := regexp.MustCompile(`"(web\.[a-z0-9_.]*\.)"`)
	used, begun := map[string]bool{}, []string{"web.error."}
	var sources []string
	for _, pattern := range []string{"../*.go", "../*/*.go", "../*/*.templ"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, found...)
	}
	for _, name := range sources {
		if strings.HasSuffix(name, "_templ.go") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		raw = opName.ReplaceAll(raw, nil)
		for _, m := range usedKey.FindAllSubmatch(raw, -1) {
			used[string(m[1])] = true
		}
		for _, m := range prefix.FindAllSubmatch(raw, -1) {
			begun = append(begun, string(m[1]))
		}
	}
	if len(used) < 100 {
		t.Fatalf("only %d keys found", len(used))
	}
	for key := range used {
		for _, lang := range []locale.Lang{locale.Zh, locale.En} {
			if !locale.Has(lang, key) {
				t.Errorf("no %s message for %q", lang, key)
			}
		}
	}
	for _, key := range locale.Keys(locale.Zh) {
		if !strings.HasPrefix(key, "web.") || used[key] || strings.HasSuffix(key, ".text") && used[strings.TrimSuffix(key, ".text")] {
			continue
		}
		known := false
		for _, b := range begun {
			known = known || strings.HasPrefix(key, b)
		}
		if !known {
			t.Errorf("nobody says %q", key)
		}
	}
}

// TestVariants: every message whose key is completed by data exists.
func TestVariants(t *testing.T) {
	t.Parallel()
	for begin, ends := range map[string][]string{
		"web.kind.":       {"opportunity", "capability", "opportunity.one", "capability.one", "opportunity.tag", "capability.tag"},
		"web.list.":       {"opportunity", "capability"},
		"web.matches.of.": {"opportunity", "capability", "opportunity.text", "capability.text"},
		"web.state.":      {"published", "paused", "expired", "closed", "landed"},
		"web.stage.":      {"early", "middle", "mature"},
		"web.level.":      {"national", "provincial", "municipal"},
		"web.owner_kind.": {"government", "soe", "private", "public_space", "institute"},
		"web.truth.":      {"yes", "no"},
		"web.signal.":     {"terms", "latent", "taxonomy", "indicators", "maturity", "money", "time", "place", "record", "freshness"},
		"web.sort.":       {"relevance", "newest", "ending", "budget", "price"},
		"web.facet.":      {"field", "industry", "region", "mode", "stage", "batch"},
		"web.error.":      {"invalid", "not_found", "conflict", "unauthorized", "forbidden", "precondition", "too_large", "too_many", "unavailable", "internal"},
		"web.theme.":      {"auto.title", "light.title", "dark.title"},
		"web.text.":       {"normal.title", "large.title"},
		"web.nav.":        {"home", "opportunities", "capabilities", "batches", "showcases", "about", "developers", "privacy"},
		"web.about.":      append(aboutParts(), "title"),
	} {
		for _, end := range ends {
			if !locale.Has(locale.Zh, begin+end) || !locale.Has(locale.En, begin+end) {
				t.Errorf("no message for %q", begin+end)
			}
		}
	}
}

func TestAssets(t *testing.T) {
	t.Parallel()
	a, err := LoadAssets()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"app.css", "app.js", "icon.svg"} {
		address := strings.TrimPrefix(a.URL(name), "/assets/")
		asset, ok := a.Find(address)
		if !ok || asset.Name != name || !strings.Contains(address, asset.Hash) || len(asset.Plain) == 0 {
			t.Errorf("%s: %q", name, address)
		}
	}
	if _, ok := a.Find("app.css"); ok {
		t.Error("an asset answers without its hash")
	}
	if err := a.add("font.woff2", nil); err == nil {
		t.Error("a file without a known type was taken")
	}
	css, _ := a.Find(strings.TrimPrefix(a.URL("app.css"), "/assets/"))
	if strings.Contains(string(css.Plain), "@import") || strings.Contains(string(css.Plain), "url(") {
		t.Error("the style loads something")
	}
	if len(css.Plain) > 26<<10 || len(css.Gzipped) > 8<<10 {
		t.Errorf("the style has %d bytes, %d packed", len(css.Plain), len(css.Gzipped))
	}
}

// TestLibrary: the library of drawings is carried packed, is small enough, unpacks,
// says what it is made from, and makes no code of text, which the policy forbids.
func TestLibrary(t *testing.T) {
	t.Parallel()
	a, err := LoadAssets()
	if err != nil {
		t.Fatal(err)
	}
	library, ok := a.Find(strings.TrimPrefix(a.URL("echarts.js"), "/assets/"))
	if !ok || library.Type != "text/javascript; charset=utf-8" || library.Plain != nil || len(library.Gzipped) > 220_000 {
		t.Fatalf("%+v", library)
	}
	plain, err := library.Unpacked()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(plain, []byte("/* A part of Apache ECharts 6.1.0 (Apache-2.0)")) {
		t.Errorf("it begins with %.80q", plain)
	}
	if found := regexp.MustCompile(`new Function\(|\beval\(`).Find(plain); found != nil {
		t.Errorf("it runs text as code: %s", found)
	}
	notice, err := os.ReadFile("../../../NOTICE")
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"Apache ECharts 6.1.0", "zrender", "D3", "tslib"} {
		if !bytes.Contains(notice, []byte(part)) {
			t.Errorf("NOTICE does not name %s", part)
		}
	}
	broken := Asset{Name: "x.js", Gzipped: library.Gzipped[:100]}
	if _, err := broken.Unpacked(); err == nil {
		t.Error("half a file was unpacked")
	}
}
