package transfer

import (
	"strings"

	"jinghe/internal/scene"
)

// Layout names a family of printed lists.
type Layout string

// The layouts that are recognised and written.
const (
	Jinghe          Layout = "jinghe"    // ours: a column for every field
	Chongqing       Layout = "chongqing" // 重庆 2025
	Shenzhen        Layout = "shenzhen"  // 深圳 街道: 场景, 能力
	ShenzhenReserve Layout = "shenzhen-reserve"
	TechMarket      Layout = "tech-market" // 技术市场: 需求, 成果
	Hebei           Layout = "hebei"       // 河北 需求征集表; demand only
	Free            Layout = ""            // recognised by its heads alone
)

// Layouts lists the layouts that can be written, ours first.
func Layouts() []Layout {
	return []Layout{Jinghe, Chongqing, Shenzhen, ShenzhenReserve, TechMarket, Hebei}
}

// layoutColumn is one printed head and the field behind it.
type layoutColumn struct {
	head  string
	field Field
}

// printed is a layout for one kind: its sheet name and its columns.
type printed struct {
	layout  Layout
	kind    scene.Kind
	sheet   string
	columns []layoutColumn
}

func printedColumns(spec string) []layoutColumn {
	var out []layoutColumn
	for _, item := range strings.Fields(spec) {
		head, field, _ := strings.Cut(item, "=")
		out = append(out, layoutColumn{head: head, field: Field(field)})
	}
	return out
}

// printedLayouts are the layouts of others, column for column as printed.
func printedLayouts() []printed {
	return []printed{
		{Chongqing, demand, "场景机会清单", printedColumns("场景类型=category 序号=label 场景机会名称=name 单位名称=org 合作需求=need 联系方式=contact")},
		{Chongqing, supply, "场景能力清单", printedColumns("场景类型=category 序号=label 场景能力名称=name 单位名称=org 场景能力说明=description 联系方式=contact")},
		{Shenzhen, demand, "应用场景清单", printedColumns("序号=label 应用领域=fields 应用场景名称=name 场景简介=need 拟落地应用区域=site 牵头部门=department")},
		{Shenzhen, supply, "场景能力清单", printedColumns("序号=label 公司名称=org 企业与产品简介=product 场景能力=ability 可应用落地场景=scenarios 类别=category 企业资质=org_qualifications")},
		{ShenzhenReserve, demand, "场景储备库", printedColumns("序号=label 应用领域=fields 场景名称=name 场景简介=need 主要技术=technology 参考案例=reference 潜在企业及产品=candidates")},
		{TechMarket, demand, "技术需求", printedColumns("需求名称=name 所属单位或公司名称=org 技术领域=category 需求详情=need 技术指标=targets 拟解决的技术难题=situation 现有基础条件=resources 合作方式=modes 单位性质=org_kind 预算金额=budget 需求类型=need_type 所属地区=org_region 有效期=valid_to")},
		{TechMarket, supply, "技术成果", printedColumns("成果名称=name 完成单位=org 成果简介=description 所属高新技术领域=category 成果体现形式=product_form 成果所处阶段=maturity 成果技术水平=level 成果关键字=keywords 拟采取的转化方式=modes")},
		{Hebei, demand, "技术需求征集表", printedColumns("机构全称=org 需求名称=name 主要问题=situation 技术关键=need 预期目标=targets 关键字=keywords 拟投入资金(万元)=budget 解决方式=modes 领域=category 应用行业=industries")},
	}
}

// printedFor returns the layout of one kind; ours has every field of the catalogue.
func printedFor(layout Layout, kind scene.Kind, cat *catalogue) (printed, bool) {
	if layout == Jinghe {
		p := printed{layout: Jinghe, kind: kind, sheet: "场景机会"}
		if kind == supply {
			p.sheet = "场景能力"
		}
		for _, s := range cat.specs {
			if s.field != fieldAbility {
				p.columns = append(p.columns, layoutColumn{head: s.head, field: s.field})
			}
		}
		return p, true
	}
	for _, p := range printedLayouts() {
		if p.layout == layout && p.kind == kind {
			return p, true
		}
	}
	return printed{}, false
}

// layoutOf names the layout whose heads are printed in a sheet: the one with
// most of its own heads there, at least 60 % of them and at least three.
func layoutOf(kind scene.Kind, columns []Column, cat *catalogue) Layout {
	const share = 0.6
	heads := map[string]bool{}
	for _, c := range columns {
		heads[foldHead(c.Head)] = true
	}
	best, top := Free, 0.0
	ours, _ := printedFor(Jinghe, kind, cat)
	for _, p := range append(printedLayouts(), ours) {
		if p.kind != kind {
			continue
		}
		n := 0
		for _, c := range p.columns {
			if heads[foldHead(c.head)] {
				n++
			}
		}
		if s := float64(n) / float64(len(p.columns)); n >= 3 && s >= share && s > top {
			best, top = p.layout, s
		}
	}
	return best
}
