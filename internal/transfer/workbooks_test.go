package transfer

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/xuri/excelize/v2"

	"jinghe/internal/scene"
)

var update = flag.Bool("update", false, "write testdata anew")

// chongqingBook is a list in the 重庆 layout as centres really bring it:
// invented content, real traps.
func chongqingBook(t testing.TB) []byte {
	b := newBook(t, "机会")
	b.row("某市2025年第一批场景机会清单（虚构示例数据）").merge("A1", "F1")
	b.row("场景类型", "序号", "场景机会名称", "单位名称", "合作需求", "联系方式")
	b.row("智慧交通", 1, "滨河大道信号灯自适应控制", "江畔城市交通管理中心（事业单位）", "需要对12个路口进行自适应配时，\n通行效率提升≥15%，预算约80万元", "张某某 13855500001")
	b.row(nil, "2.0", "隧道边坡位移监测", nil, "毫米级位移监测，响应时间小于50ms", "0510-55501234")
	b.merge("A3", "A4")
	b.row("智慧水务、环保装备", 3, "管网漏损定位", "江畔水务集团有限公司（国有企业、专精特新企业）", "漏损率降到9%以下", "联系人：李某；邮箱：li@example.com；电话：0510-55501235")
	b.row("不存在的类别", 4, "夜间噪声取证", "ＡＢＣ智能装备（无锡）有限公司", "抓拍准确率不低于95%", "前台转王工或赵工")
	b.row(nil, 5, nil, "江畔某某街道办事处", "没有名称的一行", nil)
	b.row(nil, nil, nil, nil, nil, nil)
	b.row("智慧养老", 6, "独居老人跌倒预警", "江畔某某街道办事处", "文字在末尾被截断\uFFFD", "139****0002")
	b.row("智慧文旅", 7, "古镇客流预测", "江畔文旅公司", "#REF!", "王某 1.38E+10")
	b.row("合计", 7)
	b.row("填表说明：请逐项填写。")
	b.row("1. 联系方式须填写手机号。")
	b.on("能力").row("场景类型", "序号", "场景能力名称", "单位名称", "场景能力说明", "联系方式")
	b.row("智慧交通", 1, "边缘信号机", "江畔智控科技有限公司", "自适应配时，已在3个城市应用", "钱某 13855500003")
	b.row("智慧交通", 2, "雷视一体机", "江畔智控科技有限公司(专精特新‘小巨人’企业)", "雷达与视频融合", nil)
	b.on("联系人通讯录").row("姓名", "办公室").row("张某", "301")
	b.on("旧版").row("场景类型", "序号", "场景机会名称", "单位名称", "合作需求", "联系方式").row("智慧交通", 1, "旧", "旧公司", "旧需求", nil)
	b.must(b.SetSheetVisible("旧版", false))
	return b.bytes()
}

// shenzhenBook is a workbook in the 深圳 street layout.
func shenzhenBook(t testing.TB) []byte {
	b := newBook(t, "场景能力")
	b.row("附件2")
	b.row("XX街道企业场景能力清单").merge("A2", "G2")
	b.row("序号", "公司名称\n（全称）", "企业与产品\n简介", "场景能力", "可应用落地场景", "类别", "企业资质")
	b.row(1, "云岭机器人有限公司（专精特新企业、国高企业）", "成立于2016年，主营巡检机器人。", "园区巡检机器人\n续航≥8小时，定位精度±2cm", "园区、变电站", "机器人", nil)
	b.row(nil, nil, nil, "管廊巡检机器人", "综合管廊", "人工智能、高端装备", nil)
	b.row(3, "  云岭机器人 有限公司 ", nil, strings.Repeat("基于多传感器融合的无人清扫能力，", 8), "公园", nil, "国家级专精特新‘小巨人’企业、CMMI5")
	b.row(4, "海湾低空科技（深圳）有限公司", "eVTOL运营。", "低空物流配送", "海岛、医院", "低空经济", "国家高新技术企业")
	b.on("应用场景").row("序号", "应用领域", "应用场景名称", "场景简介", "拟落地应用区域", "牵头部门")
	b.row(1, "智慧城管", "垃圾满溢识别", "识别准确率≥95%", "辖区主次干道", "城管办")
	b.row(2, nil, "危化品仓库监测", "7×24小时监测", "无锡市新吴区", "应急办")
	b.merge("F2", "F2")
	b.on("储备库").row("序号", "应用领域", "场景名称", "场景简介", "主要技术", "参考案例", "潜在企业及产品")
	b.row(1, "智慧医疗", "院内物流机器人", "三甲医院药品配送", "SLAM、电梯联动", "某院已用20台", "云岭：配送机器人")
	return b.bytes()
}

// The finished workbooks stay in testdata, so that people can look at them.
func TestTestdata(t *testing.T) {
	t.Parallel()
	for name, build := range map[string]func(testing.TB) []byte{"chongqing.xlsx": chongqingBook, "shenzhen.xlsx": shenzhenBook} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join("testdata", name)
			if *update {
				if err := os.WriteFile(path, build(t), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			kept, err := ReadFile(t.Context(), path, ReadOptions{Dictionaries: dictionaries(t)})
			if err != nil {
				t.Fatal(err)
			}
			built := mustRead(t, name, build(t))
			if d := cmp.Diff(built, kept, cmpopts.IgnoreFields(scene.Row{}, "Echo")); d != "" {
				t.Errorf("testdata differs from what is built (run with -update):\n%s", d)
			}
		})
	}
}

func TestChongqing(t *testing.T) {
	t.Parallel()
	doc := mustRead(t, "chongqing.xlsx", chongqingBook(t))
	t.Log(told(doc))
	if got := doc.Sheets[0]; got.Layout != Chongqing || got.Kind != demand || got.HeaderRow != 2 || got.Rows != 6 {
		t.Errorf("sheet %+v", got)
	}
	if got := doc.Sheets[1]; got.Layout != Chongqing || got.Kind != supply || got.Rows != 2 {
		t.Errorf("sheet %+v", got)
	}
	rows := byName(doc)

	r := rows["滨河大道信号灯自适应控制"]
	if r.Org.Name != "江畔城市交通管理中心（事业单位）" || r.Label != "1" {
		t.Errorf("a bracket that holds no title stays in the name: %q, label %q", r.Org.Name, r.Label)
	}
	if !strings.Contains(r.Opportunity.Need, "配时，\n通行效率") {
		t.Errorf("lines of a cell are kept: %q", r.Opportunity.Need)
	}
	want := scene.Contact{Person: "张某某", Phone: "13855500001"}
	if r.Opportunity.Contact != want {
		t.Errorf("contact %+v", r.Opportunity.Contact)
	}

	r = rows["隧道边坡位移监测"]
	if r.Org.Name != "江畔城市交通管理中心（事业单位）" || r.Label != "2" || r.Opportunity.Category != "智慧交通" {
		t.Errorf("carried down: %q; 2.0 is %q; merged category %q", r.Org.Name, r.Label, r.Opportunity.Category)
	}
	wantProblem(t, doc, "transfer.org_carried", 4, "")

	r = rows["管网漏损定位"]
	if r.Org.Name != "江畔水务集团有限公司（国有企业、专精特新企业）" && r.Org.Name != "江畔水务集团有限公司" {
		t.Errorf("name %q", r.Org.Name)
	}
	if len(r.Org.Qualifications) != 1 || r.Opportunity.Contact.Mail != "li@example.com" || r.Opportunity.Contact.Person != "李某" {
		t.Errorf("titles %v, contact %+v", r.Org.Qualifications, r.Opportunity.Contact)
	}

	wantProblem(t, doc, "transfer.category_unknown", 6, "场景类型")
	r = rows["夜间噪声取证"]
	if r.Opportunity.Contact.Raw != "前台转王工或赵工" || r.Opportunity.Category != "不存在的类别" || len(r.Opportunity.Fields) != 0 {
		t.Errorf("unknown things stay as written: %+v", r.Opportunity.Listing)
	}
	p := wantProblem(t, doc, "transfer.name_missing", 7, "场景机会名称")
	if !p.Rejected || len(doc.Rejected) != 1 || doc.Rejected[0].Line != 7 {
		t.Errorf("row without a name: %+v, %+v", p, doc.Rejected)
	}
	wantProblem(t, doc, "transfer.text_cut", 9, "合作需求")
	r = rows["独居老人跌倒预警"]
	if r.Opportunity.Need != "文字在末尾被截断" || r.Opportunity.Contact.Known() {
		t.Errorf("cut %q, contact %+v", r.Opportunity.Need, r.Opportunity.Contact)
	}
	wantProblem(t, doc, "transfer.cell_error", 10, "合作需求")
	for _, n := range []int{11, 12, 13} {
		wantProblem(t, doc, "transfer.row_note", n, "")
	}
	wantProblem(t, doc, "transfer.sheet_skipped", 0, "")
	if p := wantProblem(t, doc, "transfer.sheet_hidden", 0, ""); p.Sheet != "旧版" {
		t.Errorf("hidden sheet %+v", p)
	}
	firm := rows["边缘信号机"].Org
	if firm.Name != "江畔智控科技有限公司" || len(firm.Qualifications) != 1 || firm.Qualifications[0].Code != "little_giant" {
		t.Errorf("the same firm on two rows knows what either tells: %+v", firm)
	}
}

func TestShenzhen(t *testing.T) {
	t.Parallel()
	doc := mustRead(t, "shenzhen.xlsx", shenzhenBook(t))
	t.Log(told(doc))
	layouts := []Layout{Shenzhen, Shenzhen, ShenzhenReserve}
	kinds := []scene.Kind{supply, demand, demand}
	for i, s := range doc.Sheets {
		if s.Layout != layouts[i] || s.Kind != kinds[i] {
			t.Errorf("sheet %s: %s %s", s.Name, s.Layout, s.Kind)
		}
	}
	if doc.Sheets[0].HeaderRow != 3 {
		t.Errorf("header row %d", doc.Sheets[0].HeaderRow)
	}
	rows := byName(doc)
	r := rows["园区巡检机器人"]
	if r.Capability == nil || r.Capability.Description != "续航≥8小时，定位精度±2cm" || r.Org.Name != "云岭机器人有限公司" {
		t.Fatalf("name and description of one cell: %+v", r)
	}
	codes := map[string]bool{}
	for _, q := range r.Org.Qualifications {
		codes[q.Code] = true
	}
	if !codes["specialised"] || !codes["high_tech"] || !codes["little_giant"] {
		t.Errorf("titles of all rows of the firm: %v", r.Org.Qualifications)
	}
	r = rows["管廊巡检机器人"]
	if r.Org.Name != "云岭机器人有限公司" || len(r.Capability.Fields) == 0 || len(r.Capability.Industries) == 0 {
		t.Errorf("carried down, two taxonomies in one cell: %q %v %v", r.Org.Name, r.Capability.Fields, r.Capability.Industries)
	}
	r = rows["基于多传感器融合的无人清扫能力"]
	if r.Capability == nil || len([]rune(r.Capability.Description)) != 8*16 {
		t.Errorf("a long paragraph keeps its whole as description: %+v", r.Capability)
	}
	if r := rows["低空物流配送"]; r.Org.Name != "海湾低空科技（深圳）有限公司" {
		t.Errorf("a place in brackets stays: %q", r.Org.Name)
	}
	if r := rows["垃圾满溢识别"]; r.Org.Name != "城管办" || r.Opportunity.Department != "城管办" {
		t.Errorf("the leading department stands for the owner: %+v", r.Org)
	}
	if r := rows["危化品仓库监测"]; len(r.Opportunity.Regions) != 1 || r.Opportunity.Regions[0] != "320214" {
		t.Errorf("regions %v", r.Opportunity.Regions)
	}
	if r := rows["院内物流机器人"]; r.Opportunity.Reference != "某院已用20台\n潜在企业及产品：云岭：配送机器人" {
		t.Errorf("reference %q", r.Opportunity.Reference)
	}
	for _, r := range doc.Rows {
		if r.Label == "1" || r.Label == "" {
			continue // 1 stands on a capability once, and on two opportunities
		}
		if n := len(r.Label); n > 1 && !strings.Contains(r.Label, "!") {
			t.Errorf("label %q", r.Label)
		}
	}
	if got := rows["垃圾满溢识别"].Label; got != "应用场景!2" {
		t.Errorf("a number on two sheets of a side names no row: %q", got)
	}
}

// The real lists go in and come out in their own layout, and back in the same.
func TestWorkbooksComeBack(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		build  func(testing.TB) []byte
		layout Layout
		kind   scene.Kind
	}{
		"ChongqingDemand": {chongqingBook, Chongqing, demand}, "ChongqingSupply": {chongqingBook, Chongqing, supply},
		"ShenzhenDemand": {shenzhenBook, Shenzhen, demand}, "ShenzhenSupply": {shenzhenBook, Shenzhen, supply},
		"InOurs": {chongqingBook, Jinghe, demand},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var rows []scene.Row
			for _, r := range mustRead(t, "a.xlsx", tt.build(t)).Rows {
				if r.Kind() != tt.kind || tt.layout == Shenzhen && r.Sheet == "储备库" {
					continue
				}
				if tt.layout == Chongqing {
					r.Org = scene.Organisation{Name: r.Org.Name} // the layout has no column for titles
				}
				rows = append(rows, r)
			}
			doc := mustRead(t, "b.xlsx", mustWrite(t, XLSX, tt.layout, rows, WriteOptions{FullContacts: true}))
			compare(t, rows, doc)
		})
	}
}

func byName(doc Document) map[string]scene.Row {
	out := map[string]scene.Row{}
	for _, r := range doc.Rows {
		out[r.Listing().Name] = r
	}
	return out
}

func TestTechMarketAndHebei(t *testing.T) {
	t.Parallel()
	b := newBook(t, "需求")
	b.row("需求名称", "所属单位或公司名称", "技术领域", "需求详情", "技术指标", "拟解决的技术难题", "现有基础条件", "合作方式", "单位性质", "预算金额", "需求类型", "所属地区", "有效期")
	b.row("高温轴承", "江畔轴承厂", "新材料", "详情", "≥450MPa", "难题", "基础", "联合研发、委托研发", "民营企业", "50-100万元", "关键技术", "江苏省无锡市新吴区", "2026年12月31日")
	b.row("低温轴承", "江畔轴承厂", "新材料", "详情", nil, nil, nil, "别的办法", "民营企业", "一期100万元，二期200万元", nil, "无锡市", "一年")
	doc := mustRead(t, "a.xlsx", b.bytes())
	rows := byName(doc)
	o := rows["高温轴承"].Opportunity
	if o.Budget != (scene.MoneyRange{Min: 50 * scene.Wan, Max: 100 * scene.Wan}) || o.OwnerKind != scene.Private || len(o.Modes) != 2 ||
		o.Situation != "难题" || o.Resources != "基础" || o.NeedType != "关键技术" || rows["高温轴承"].Org.Region != "320214" {
		t.Errorf("%+v %v", o, rows["高温轴承"].Org)
	}
	if want := time.Date(2026, 12, 31, 23, 59, 59, 0, scene.China()); !o.ValidTo.Equal(want) {
		t.Errorf("valid to %v", o.ValidTo)
	}
	o = rows["低温轴承"].Opportunity
	wantProblem(t, doc, "transfer.money", 3, "预算金额")
	wantProblem(t, doc, "transfer.validity_from", 3, "有效期")
	want := map[string]string{"预算金额": "一期100万元，二期200万元", "有效期": "一年", "合作方式": "别的办法"}
	if d := cmp.Diff(want, o.Extra); d != "" {
		t.Errorf("what was not understood is kept:\n%s", d)
	}

	b = newBook(t, "技术需求征集表")
	b.row("技术需求征集表").merge("A1", "L1")
	b.row("机构全称", "需求名称", "需求概述", nil, nil, "关键字", nil, nil, "拟投入资金", "解决方式", "领域", "应用行业")
	b.row(nil, nil, "主要问题", "技术关键", "预期目标", 1, 2, 3, "（万元）", nil, nil, nil)
	b.merge("C2", "E2").merge("F2", "H2")
	b.row("江畔药业", "连续流合成", strings.Repeat("问", 501), "关键", "目标", "连续流", "微反应", nil, 300, "合作开发", "生物医药", "制造业")
	doc = mustRead(t, "b.xlsx", b.bytes())
	if len(doc.Rows) != 1 || doc.Sheets[0].Layout != Hebei || doc.Sheets[0].HeaderRow != 2 {
		t.Fatalf("%+v%s", doc.Sheets, told(doc))
	}
	o = doc.Rows[0].Opportunity
	if o.Need != "关键" || o.Targets != "目标" || len(o.Keywords) != 2 || o.Budget.Max != 300*scene.Wan {
		t.Errorf("two lines of heads: %+v", o)
	}
	wantProblem(t, doc, "transfer.text_long", 4, "主要问题")
}

func TestTraps(t *testing.T) {
	t.Parallel()
	heads := []any{"编号", "需求名称", "单位名称", "统一社会信用代码", "联系电话", "发布日期", "有效期至", "预算（万元）", "技术指标", "备用"}
	b := newBook(t, "需求清单")
	b.row(heads...)
	b.row("9.14E+17", "一", "江畔一厂", "9.14403E+17", "1.3855500001E10", 46000, "2027/1/2", 50, 0.95, 46000)
	b.row("X-2", "二", "江畔二厂", "91350100M000100Y43", 13855500002, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), nil, "1.2亿", nil, time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC))
	b.row("X-3", "三", "江畔三厂", "91350100M000100Y44", nil, nil, "长期有效", "面议", nil, nil)
	b.row("X-3", "四", "江畔四厂", nil, nil, "昨天", nil, "约80", nil, nil)
	b.row(heads...)
	b.row(nil, "五", "江畔五厂", nil, nil, nil, nil, nil, nil, nil)
	b.must(b.SetCellFormula(b.sheet, "H7", "=1+1"))
	percent, err := b.NewStyle(&excelize.Style{NumFmt: 9})
	b.must(err)
	b.must(b.SetCellStyle(b.sheet, "I2", "I2", percent))
	b.must(b.SetRowVisible(b.sheet, 4, false))
	doc := mustRead(t, "a.xlsx", b.bytes())
	t.Log(told(doc))
	rows := byName(doc)

	one := rows["一"]
	wantProblem(t, doc, "transfer.code_scientific", 2, "编号")
	wantProblem(t, doc, "credit_code.scientific", 2, "统一社会信用代码")
	if one.Opportunity.Code != "" || one.Org.CreditCode != "" || one.Label != "需求清单!2" || one.Opportunity.Contact.Phone != "13855500001" {
		t.Errorf("lost digits are not imported, all digits are: %+v %+v", one, one.Opportunity.Contact)
	}
	if got := formatFrom(one.Opportunity.ValidFrom); got != "2025-12-09" {
		t.Errorf("day count read as %s", got)
	}
	if one.Opportunity.Targets != "95%" || one.Opportunity.Budget.Min != 50*scene.Wan || one.Opportunity.Extra["备用"] != "46000" {
		t.Errorf("styles: %q %v %v", one.Opportunity.Targets, one.Opportunity.Budget, one.Opportunity.Extra)
	}
	two := rows["二"]
	if two.Org.CreditCode != "91350100M000100Y43" || two.Opportunity.Contact.Phone != "13855500002" || formatFrom(two.Opportunity.ValidFrom) != "2026-03-01" ||
		two.Opportunity.Budget.Max != 12000*scene.Wan || two.Opportunity.Extra["备用"] != "2026-03-02" {
		t.Errorf("%+v %+v", two.Opportunity, two.Org)
	}
	wantProblem(t, doc, "credit_code.checksum", 4, "统一社会信用代码")
	wantProblem(t, doc, "transfer.rows_hidden", 4, "")
	if three := rows["三"]; three.Org.CreditCode != "" || !three.Opportunity.Budget.Negotiable || !three.Opportunity.ValidTo.IsZero() {
		t.Errorf("%+v", three)
	}
	if rows["三"].Label != "需求清单!4" || rows["四"].Label != "需求清单!5" {
		t.Errorf("a code on two rows names neither: %q %q", rows["三"].Label, rows["四"].Label)
	}
	wantProblem(t, doc, "transfer.date", 5, "发布日期")
	wantProblem(t, doc, "transfer.row_note", 6, "")
	wantProblem(t, doc, "transfer.cell_error", 7, "预算（万元）")
}

// A row that its name cell's merge spreads over is one entry.
func TestEntryOverTwoRows(t *testing.T) {
	t.Parallel()
	b := newBook(t, "机会").row("序号", "场景机会名称", "单位名称", "合作需求")
	b.row(1, "长需求", "江畔一厂", "上半段").row(nil, nil, nil, "下半段").row(2, "短需求", "江畔一厂", "全文")
	b.merge("B2", "B3")
	doc := mustRead(t, "a.xlsx", b.bytes())
	if len(doc.Rows) != 2 || doc.Rows[0].Opportunity.Need != "上半段\n下半段" {
		t.Errorf("%+v%s", doc.Rows, told(doc))
	}
}

func TestProgressAndCancel(t *testing.T) {
	t.Parallel()
	data := mustWrite(t, XLSX, Chongqing, manyCapabilities(t, 1200), WriteOptions{})
	var calls [][2]int
	doc, err := readBytes(t, "a.xlsx", data, ReadOptions{Progress: func(done, total int) { calls = append(calls, [2]int{done, total}) }})
	if err != nil || len(doc.Rows) != 1200 {
		t.Fatal(err)
	}
	if d := cmp.Diff([][2]int{{500, 1200}, {1000, 1200}, {1200, 1200}}, calls); d != "" {
		t.Error(d)
	}
	ctx, cancel := cancelled(t)
	defer cancel()
	if _, err := Read(ctx, "a.xlsx", bytes.NewReader(data), int64(len(data)), ReadOptions{}); !errors.Is(err, ctx.Err()) {
		t.Errorf("cancelled read returned %v", err)
	}
}

// Totals, notes and examples are told from entries whose names begin alike.
func TestLinesThatAreNoEntries(t *testing.T) {
	t.Parallel()
	b := newBook(t, "需求").row("需求名称", "单位名称", "需求详情", "技术指标")
	b.row("示例", "某某公司", "这样填写", "≥1").row("示例机械自动化", "示例机械有限公司", "一").row("注意力检测", "甲厂", "二").row("合计算力调度", "乙厂", "三")
	b.row("小计", nil, 3).row("说明书翻译", "丙厂").row("合计：", 4).row("备注：以上为初步需求").row("1. 单独一格").row("填报人：张某", nil, "审核人：李某")
	doc := mustRead(t, "a.xlsx", b.bytes())
	var names, notes []string
	for _, r := range doc.Rows {
		names = append(names, r.Listing().Name)
	}
	for _, p := range problemsWith(doc, "transfer.row_note") {
		notes = append(notes, p.Value)
	}
	if d := cmp.Diff([]string{"示例机械自动化", "注意力检测", "合计算力调度", "说明书翻译"}, names); d != "" {
		t.Error(d, told(doc))
	}
	if d := cmp.Diff([]string{"示例", "小计", "合计：", "备注：以上为初步需求", "1. 单独一格", "填报人：张某"}, notes); d != "" {
		t.Error(d)
	}
}

// A title above the heads is no part of them, even where its words would turn a
// head that is not known into one that is.
func TestTitleIsNoHead(t *testing.T) {
	t.Parallel()
	b := newBook(t, "能力")
	b.row("附件2：街道具身智能企业场景能力表").merge("A1", "D1")
	b.row("企业资质", "产品类别", "企业名称", "产品及能力描述")
	b.row("国家高新技术企业", "智慧交通", "深圳路眼科技有限公司", "隧道事件检测一体机")
	doc := mustRead(t, "能力.xlsx", b.bytes())
	if len(doc.Rows) != 1 || doc.Rows[0].Capability == nil {
		t.Fatalf("%d rows read, want one capability; told: %s", len(doc.Rows), told(doc))
	}
	if got := doc.Rows[0].Capability.Name; got != "隧道事件检测一体机" {
		t.Errorf("name %q is not that of the capability", got)
	}
}
