package transfer

import (
	"math"
	"strings"
	"testing"
	"time"

	"jinghe/internal/scene"
)

func TestParseMoney(t *testing.T) {
	t.Parallel()
	wan := func(lo, hi float64) scene.MoneyRange {
		return scene.MoneyRange{Min: scene.Money(math.Round(lo * float64(scene.Wan))), Max: scene.Money(math.Round(hi * float64(scene.Wan)))}
	}
	talk := scene.MoneyRange{Negotiable: true}
	for cell, want := range map[string]scene.MoneyRange{
		"": {}, "无": {}, "/": {}, "—": {},
		"面议": talk, "价格面议": talk, "双方协商": talk, "待定": talk, "视项目规模而定": talk, "具体面谈": talk, "根据实际情况确定": talk,
		"50-100万": wan(50, 100), "50万-100万": wan(50, 100), "50~100 万元": wan(50, 100), "５０至１００万元": wan(50, 100), "50—100万元": wan(50, 100), "100-50万": wan(50, 100),
		"50万元到1百万": wan(50, 100), "5000-8000元": wan(0.5, 0.8), "3000万-1亿元": wan(3000, 10000),
		"500万元以内": wan(0, 500), "不超过500万元": wan(0, 500), "≤500万": wan(0, 500), "500万以下": wan(0, 500), "最高500万元": wan(0, 500), "控制在500万元以内": wan(0, 500), "低于 500 万元": wan(0, 500),
		"100万以上": wan(100, 0), "不低于100万元": wan(100, 0), "≥100万": wan(100, 0), "100万起": wan(100, 0), "100万元+": wan(100, 0), "至少100万元": wan(100, 0),
		"约80万元": wan(80, 80), "80万左右": wan(80, 80), "预计80万元（含税）": wan(80, 80), "大约 80 万元上下": wan(80, 80), "总投资80万元": wan(80, 80), "人民币80万元整": wan(80, 80),
		"1.2亿": wan(12000, 12000), "1亿5000万": wan(15000, 15000), "1亿5000万元": wan(15000, 15000), "2千万": wan(2000, 2000), "三百万元": wan(300, 300), "叁佰万元": wan(300, 300), "十二万": wan(12, 12),
		"5,000,000元": wan(500, 500), "￥500,000.00": wan(50, 50), "¥50万": wan(50, 50), "20w": wan(20, 20), "500000元": wan(50, 50), "0.5万元": wan(0.5, 0.5),
		"50-100万，面议": {Min: 50 * scene.Wan, Max: 100 * scene.Wan, Negotiable: true}, "面议（80万元以内）": {Max: 80 * scene.Wan, Negotiable: true},
		"3000元/套": wan(0.3, 0.3), "50万元/年": wan(50, 50), "每套3000元": {}, "123.45元": {Min: 12345, Max: 12345},
	} {
		got, _, ok := parseMoney(cell, 0)
		if cell == "每套3000元" {
			if ok {
				t.Errorf("%s: read as %v", cell, got)
			}
			continue
		}
		if !ok || got != want {
			t.Errorf("%s: %+v (%v), want %+v", cell, got, ok, want)
		}
	}
	for _, cell := range []string{"一期100万元，二期200万元", "100万美元", "第3期", "500万元，其中设备300万元", "10%", "abc", "1e999", "-5万", "999999999999亿"} {
		if got, _, ok := parseMoney(cell, 0); ok {
			t.Errorf("%s: read as %+v", cell, got)
		}
	}
}

func TestMoneyUnits(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		cell, head string
		want       scene.Money
		note       moneyNote
	}{
		{"50", "预算（万元）", 50 * scene.Wan, moneyPlain},
		{"50.0", "预算(万元)", 50 * scene.Wan, moneyPlain},
		{"500000", "预算（元）", 50 * scene.Wan, moneyPlain},
		{"0.5", "投资额（亿元）", 5000 * scene.Wan, moneyPlain},
		{"50万元", "预算（元）", 50 * scene.Wan, moneyPlain},
		{"50", "预算", 50 * scene.Wan, moneyAssumed},
		{"500000", "预算", 50 * scene.Wan, moneyAssumed},
		{"3000元/台", "价格", 3000 * scene.Yuan, moneyPerUnit},
		{"0.30000000000000004", "预算（万元）", 3000 * scene.Yuan, moneyPlain},
		{"1.5E+2", "预算（万元）", 150 * scene.Wan, moneyPlain},
	} {
		got, note, ok := parseMoney(tt.cell, headUnit(tt.head))
		if !ok || got.Max != tt.want || note != tt.note {
			t.Errorf("%s under %s: %v %q %v", tt.cell, tt.head, got, note, ok)
		}
	}
}

func TestParseMonths(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]scene.Months{
		"": {}, "6个月": {Min: 6, Max: 6}, "3-6个月": {Min: 3, Max: 6}, "2–3个月": {Min: 2, Max: 3}, "半年": {Min: 6, Max: 6}, "一年": {Min: 12, Max: 12}, "1年半": {Min: 18, Max: 18},
		"2年": {Min: 24, Max: 24}, "90天": {Min: 3, Max: 3}, "6个月内": {Max: 6}, "6个月以内": {Max: 6}, "不超过6个月": {Max: 6}, "合同签订后3个月内": {Max: 3}, "1.5年": {Min: 18, Max: 18},
		"12": {Min: 12, Max: 12}, "12个月以上": {Min: 12}, "87个工作日": {Min: 4, Max: 4}, "现货": {Max: 0.25}, "两个季度": {Min: 6, Max: 6}, "1-2年": {Min: 12, Max: 24}, "约3个月": {Min: 3, Max: 3},
		"60天-4个月": {Min: 2, Max: 4}, "半个月": {Min: 0.5, Max: 0.5},
	} {
		if got, ok := parseMonths(cell, 0); !ok || got != want {
			t.Errorf("%s: %+v (%v), want %+v", cell, got, ok, want)
		}
	}
	for _, cell := range []string{"2026年6月前", "长期", "尽快", "一期3个月，二期6个月", "99999年"} {
		if got, ok := parseMonths(cell, 0); ok {
			t.Errorf("%s: read as %+v", cell, got)
		}
	}
	if got, ok := parseMonths("60", headMonths("交付周期（天）")); !ok || got.Max != 2 {
		t.Errorf("60 days: %+v", got)
	}
}

func TestParseMaturity(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]scene.Maturity{
		"": {}, "TRL7": {Min: 7, Max: 7}, "trl 6-8": {Min: 6, Max: 8}, "TRL6～TRL8": {Min: 6, Max: 8}, "7级": {Min: 7, Max: 7}, "第7级": {Min: 7, Max: 7}, "技术就绪度7级": {Min: 7, Max: 7}, "9.0": {Min: 9, Max: 9},
		"初期": {Min: 1, Max: 4}, "初期阶段": {Min: 1, Max: 4}, "中期": {Min: 5, Max: 7}, "成熟应用": {Min: 8, Max: 9}, "成熟期": {Min: 8, Max: 9}, "中试阶段": {Min: 6, Max: 7}, "中试": {Min: 6, Max: 7},
		"样机": {Min: 5, Max: 6}, "小试阶段": {Min: 3, Max: 4}, "产业化阶段": {Min: 8, Max: 9}, "产业化（批量供货）": {Min: 8, Max: 9}, "概念验证": {Min: 3, Max: 3},
	} {
		if got, ok := parseMaturity(cell); !ok || got != want {
			t.Errorf("%s: %+v (%v), want %+v", cell, got, ok, want)
		}
	}
	for _, cell := range []string{"TRL10", "0", "很好", "国际领先", "2024"} {
		if got, ok := parseMaturity(cell); ok {
			t.Errorf("%s: read as %+v", cell, got)
		}
	}
}

func TestParseValidity(t *testing.T) {
	t.Parallel()
	day := func(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 23, 59, 59, 0, scene.China()) }
	for cell, want := range map[string]time.Time{
		"": {}, "长期有效": {}, "2026-12-31": day(2026, 12, 31), "2026/1/2": day(2026, 1, 2), "2026.1.2": day(2026, 1, 2), "2026年1月2日": day(2026, 1, 2), "20260102": day(2026, 1, 2),
		"2026年2月": day(2026, 2, 28), "2026-02": day(2026, 2, 28), "2028.2": day(2028, 2, 29), "2026年": day(2026, 12, 31), "2026年底": day(2026, 12, 31), "截至2026年1月2日": day(2026, 1, 2), "2026年1月2日前": day(2026, 1, 2),
		"有效期至：2026-01-02": day(2026, 1, 2), "2025.01.01-2026.1.2": day(2026, 1, 2), "2025年1月1日至2026年1月2日": day(2026, 1, 2), "2025-01-01~2026-01-02": day(2026, 1, 2),
		"46024": day(2026, 1, 2), "46024.0": day(2026, 1, 2), "２０２６年１月２日": day(2026, 1, 2),
		"2026-01-02 12:30": time.Date(2026, 1, 2, 12, 30, 0, 0, scene.China()), "46024.5": time.Date(2026, 1, 2, 12, 0, 0, 0, scene.China()), "2025-01-01至今": {},
	} {
		if got, ok := parseValidity(cell, false); !ok || !got.to.Equal(want) {
			t.Errorf("%s: %v (%v), want %v", cell, got.to, ok, want)
		}
	}
	for cell, months := range map[string]float64{"一年": 12, "6个月": 6, "自发布之日起一年": 12, "自发布之日起6个月内有效": 6} {
		if got, ok := parseValidity(cell, false); !ok || got.months != months {
			t.Errorf("%s: %+v %v", cell, got, ok)
		}
	}
	for _, cell := range []string{"昨天", "2026-13-01", "2026-02-30", "2026-12-31至2025-01-01", "12345678", "3.14", "20269999"} {
		if got, ok := parseValidity(cell, false); ok {
			t.Errorf("%s: read as %+v", cell, got)
		}
	}
}

func TestParseContact(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]scene.Contact{
		"": {}, "无": {}, "张三 13855501234": {Person: "张三", Phone: "13855501234"}, "13855501234（张三）": {Person: "张三", Phone: "13855501234"}, "张三，０５１０－５５５０１２３４": {Person: "张三", Phone: "0510-55501234"},
		"联系人：张三；电话：0510-55501234；邮箱：zhang@example.com": {Person: "张三", Phone: "0510-55501234", Mail: "zhang@example.com"},
		"zhang@example.com\n张三\n138 5550 1234":         {Person: "张三", Phone: "138 5550 1234", Mail: "zhang@example.com"},
		"王主任0510-55501234转801":                         {Person: "王主任", Phone: "0510-55501234转801"}, "13855501234.0": {Phone: "13855501234"}, "1.3855501234E10": {Phone: "13855501234"},
		"欧阳小明 400-555-0123": {Person: "欧阳小明", Phone: "400-555-0123"}, "张三 13855501234/0510-55501234": {Person: "张三", Phone: "13855501234、0510-55501234"}, "Ann Lee +86 138 5550 1234": {Person: "Ann Lee", Phone: "+86 138 5550 1234"},
		"张三13855501234、李四13955501234": {Raw: "张三13855501234、李四13955501234"}, "请致电科技处办公室": {Raw: "请致电科技处办公室"},
	} {
		if got := parseContact(cell); got != want {
			t.Errorf("%s: %+v, want %+v", cell, got, want)
		}
	}
}

func TestAsText(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"1.0": "1", "1": "1", "'0012": "0012", "12.00": "12", "1.5": "1.5", "1.3855501234E+10": "13855501234", "1.38555012340E10": "13855501234", "A-1": "A-1", "1E+0": "1",
	} {
		if got, ok := asText(in); !ok || got != want {
			t.Errorf("%s: %q %v", in, got, ok)
		}
	}
	for _, in := range []string{"9.14E+17", "9.1440300000000006E+17", "1.38E+10", "1.38555012345E10"} {
		if got, ok := asText(in); ok {
			t.Errorf("%s: restored to %q", in, got)
		}
	}
}

func TestSplitName(t *testing.T) {
	t.Parallel()
	tm := newTerms(dictionaries(t))
	for in, want := range map[string]struct {
		name   string
		titles int
		alias  string
	}{
		"云岭公司（专精特新企业、国高企业）": {"云岭公司", 2, ""}, "云岭（无锡）有限公司": {"云岭（无锡）有限公司", 0, ""}, "云岭公司(小巨人)": {"云岭公司", 1, ""}, "云岭公司（有限合伙）": {"云岭公司（有限合伙）", 0, ""},
		"云岭公司（原名：山岭公司）": {"云岭公司", 0, "山岭公司"}, "云岭公司\n（高新技术企业）": {"云岭公司", 1, ""}, "云岭公司【瞪羚企业】（专精特新）": {"云岭公司", 2, ""}, "（高新技术企业）": {"（高新技术企业）", 0, ""},
	} {
		name, titles, _, aliases := tm.splitName(in)
		if name != want.name || len(titles) != want.titles || strings.Join(aliases, "") != want.alias {
			t.Errorf("%s: %q %v %v", in, name, titles, aliases)
		}
	}
}

func TestQualifications(t *testing.T) {
	t.Parallel()
	tm := newTerms(dictionaries(t))
	got, rest := tm.qualifications("国家级专精特新‘小巨人’企业、高新技术企业（2024-2026）；CMMI5，自造的称号")
	if len(got) != 3 || got[0].Level != "national" || got[0].Code != "little_giant" || formatTo(got[1].Until) != "2026-12-31" {
		t.Errorf("%+v", got)
	}
	if strings.Join(rest, "") != "自造的称号" {
		t.Errorf("rest %v", rest)
	}
}

func TestParseCases(t *testing.T) {
	t.Parallel()
	got := parseCases("市水务集团（2024）：漏损率下降12%\n某街道用了两年\n甲 | 2023 | 乙")
	want := []scene.Case{{Customer: "市水务集团", Year: 2024, Result: "漏损率下降12%"}, {Result: "某街道用了两年"}, {Customer: "甲", Year: 2023, Result: "乙"}}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%+v, want %+v", got[i], want[i])
		}
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]scene.OwnerKind{"国有企业": scene.StateOwned, "民营": scene.Private, "高等学校/大学": scene.Institute, "机关事业单位": scene.Government, "有限责任公司": scene.Private} {
		if got, ok := ownerKind(in); !ok || got != want {
			t.Errorf("%s: %s", in, got)
		}
	}
	for in, want := range map[string]int{"二级": 2, "等保三级": 3, "网络安全等级保护2.0第三级": 3, "3.0": 3, "": 0} {
		if got, ok := parseMLPS(in); !ok || got != want {
			t.Errorf("%s: %d %v", in, got, ok)
		}
	}
	if _, ok := parseMLPS("很高"); ok {
		t.Error("很高 is no level")
	}
}

// Whatever a cell holds, a parser ends, stays in range, and what it writes it reads back.
func FuzzCells(f *testing.F) {
	for _, s := range []string{"50-100万", "约80万元", "1亿5000万", "面议", "3-6个月", "1年半", "TRL 6-8", "2026年1月2日", "46024.5", "张三 13855501234", "9.14E+17", "甲 | 2023 | 乙", "国家级小巨人（2024-2026）", "公司（（专精特新）", "１．０"} {
		f.Add(s)
	}
	d, err := scene.LoadDictionaries()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, unit := range []scene.Money{0, scene.Wan} {
			if m, _, ok := parseMoney(s, unit); ok {
				if m.Min < 0 || m.Max < 0 || m.Max != 0 && m.Min > m.Max {
					t.Fatalf("money %+v", m)
				}
				if back, _, ok := parseMoney(formatMoney(m), scene.Wan); !ok || back != m {
					t.Fatalf("money %+v came back as %+v", m, back)
				}
			}
		}
		if m, ok := parseMonths(s, 0); ok && (m.Min < 0 || math.IsNaN(m.Max) || m.Max != 0 && m.Min > m.Max) {
			t.Fatalf("months %+v", m)
		}
		if m, ok := parseMaturity(s); ok {
			if back, ok := parseMaturity(formatMaturity(m)); !m.Valid() || !ok || back != m {
				t.Fatalf("maturity %+v came back as %+v", m, back)
			}
		}
		if v, ok := parseValidity(s, false); ok && !v.to.IsZero() {
			if _, back, ok := parseDay(formatTo(v.to), false); !ok || !back.Equal(v.to) || v.to.Before(v.from) {
				t.Fatalf("day %v came back as %v", v, back)
			}
		}
		c := parseContact(s)
		if back := parseContact(formatContact(c)); back != c {
			t.Fatalf("contact %+v came back as %+v", c, back)
		}
		tm := newTerms(d)
		codes, _ := tm.find(scene.DictField, s)
		if back, _ := tm.find(scene.DictField, tm.write(scene.DictField, codes)); len(back) != len(codes) {
			t.Fatalf("codes %v came back as %v", codes, back)
		}
		tm.splitName(s)
		if again := clean(clean(s)); again != clean(s) {
			t.Fatalf("clean is not settled: %q, %q", clean(s), again)
		}
		if again := oneLine(oneLine(s)); again != oneLine(s) {
			t.Fatalf("oneLine is not settled: %q, %q", oneLine(s), again)
		}
		year(s)
		asText(s)
		parseMLPS(s)
		parseCases(s)
	})
}
