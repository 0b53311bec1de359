package transfer

import (
	"strconv"
	"strings"

	"jinghe/internal/scene"
)

const demand = scene.KindOpportunity

func opp(at func(*scene.Opportunity) *string) func(*scene.Row) *string {
	return func(r *scene.Row) *string { return at(r.Opportunity) }
}

// opportunitySpecs are the fields of a scenario opportunity.
func opportunitySpecs() []spec {
	return append([]spec{
		nameField(fieldDepartment, demand, "建议对接部门", "牵头部门 对接部门 主管部门 责任部门 推荐部门 牵头单位 业务主管部门",
			opp(func(o *scene.Opportunity) *string { return &o.Department })),
		{
			field: fieldOwnerKind, side: demand, head: "需求方类型", also: "业主类型 需求方性质", one: owners(),
			set: func(r *rowReader, c *Column, v string) {
				kind, ok := ownerKind(v)
				if !ok {
					r.keep(c, v)
				}
				r.row.Opportunity.OwnerKind = kind
			},
			get: func(_ *encoder, r *scene.Row) string { return ownerLabel(r.Opportunity.OwnerKind) },
		},
		textField(fieldSituation, demand, "现状与痛点", "主要问题 拟解决的技术难题 存在问题 项目背景 痛点难点 需求背景 场景背景 现状描述 痛点问题 拟解决问题 =现状 =痛点 =背景 =技术难题",
			opp(func(o *scene.Opportunity) *string { return &o.Situation })),
		textField(fieldNeed, demand, "具体需求", "合作需求 需求详情 需求概述 需求描述 场景简介 需求内容 场景描述 需求说明 应用需求 技术关键 场景概述 技术需求 场景需求 场景内容 需求简介 需求信息 =需求",
			opp(func(o *scene.Opportunity) *string { return &o.Need })),
		textField(fieldTargets, demand, "技术指标", "预期目标 指标要求 性能要求 考核指标 主要指标 技术要求 主要技术指标 技术参数 =指标",
			opp(func(o *scene.Opportunity) *string { return &o.Targets })),
		textField(fieldResources, demand, "已有基础与可开放资源", "现有基础条件 开放资源 可开放资源 已有基础 资源条件 现有基础 场景资源 可提供资源 基础条件",
			opp(func(o *scene.Opportunity) *string { return &o.Resources })),
		textField("works", demand, "建设内容", "主要建设内容 建设方案 建设任务", opp(func(o *scene.Opportunity) *string { return &o.Works })),
		{field: fieldSite, side: demand, head: "落地区域（原文）", also: "落地区域 拟落地应用区域 应用区域 实施地点 落地地点 场景地点 实施区域 建设地点 应用地点 场景位置 拟落地区域", set: setSite, get: getSite},
		codesField(fieldRegions, demand, "落地区划", "落地行政区划", scene.DictRegion, listingCodes(func(l *scene.Listing) *[]string { return &l.Regions })),
		textField(fieldNeedType, demand, "需求类型", "需求类别", opp(func(o *scene.Opportunity) *string { return &o.NeedType })),
		{
			field: fieldReference, side: demand, head: "参考案例", also: "类似案例 借鉴案例 案例参考",
			set: func(r *rowReader, _ *Column, v string) {
				r.row.Opportunity.Reference = joinReference(v, r.candidates())
			},
			get: func(_ *encoder, r *scene.Row) string { s, _ := splitReference(r.Opportunity.Reference); return s },
		},
		{
			field: fieldCandidates, side: demand, head: "潜在企业及产品", also: "潜在企业 潜在供应商 意向企业 潜在企业和产品",
			set: func(r *rowReader, _ *Column, v string) {
				first, _ := splitReference(r.row.Opportunity.Reference)
				r.row.Opportunity.Reference = joinReference(first, v)
			},
			get: func(_ *encoder, r *scene.Row) string { _, s := splitReference(r.Opportunity.Reference); return s },
		},
		textField(fieldTech, demand, "主要技术", "涉及技术 关键技术 核心技术 所需技术 技术方向", opp(func(o *scene.Opportunity) *string { return &o.TechText })),
	}, demandTerms()...)
}

// demandTerms are the conditions of an opportunity.
func demandTerms() []spec {
	require := func(r *scene.Row) *scene.Eligibility { return &r.Opportunity.Require }
	return []spec{
		moneyField(fieldBudget, demand, "预算（万元）", "预算金额 拟投入资金 投资金额 投资规模 项目预算 资金预算 计划投资 总投资 预计投资 经费预算 投入资金 意向金额 =预算 =投资额",
			func(r *scene.Row) *scene.MoneyRange { return &r.Opportunity.Budget }),
		monthsField("schedule", demand, "交付周期（月）", "工期 建设周期 期望完成时间 实施周期 项目周期 完成周期 期望交付周期",
			func(r *scene.Row) *scene.Months { return &r.Opportunity.Schedule }),
		textField("procurement", demand, "采购方式", "采购途径 招采方式", opp(func(o *scene.Opportunity) *string { return &o.Procurement })),
		truthField("first_use", demand, "欢迎首试首用", "首试首用 是否首试首用 接受首试首用", func(r *scene.Row) *scene.Truth { return &r.Opportunity.FirstUse }),
		codesField("require_qualifications", demand, "资质要求", "供应商资质 供方资质要求 企业资质要求", scene.DictQualification,
			func(r *scene.Row) *[]string { return &require(r).Qualifications }),
		codesField("require_regions", demand, "供方地域要求", "地域要求 供应商地域要求", scene.DictRegion,
			func(r *scene.Row) *[]string { return &require(r).Regions }),
		{
			field: "require_maturity", side: demand, head: "最低成熟度", also: "成熟度要求 最低技术成熟度", like: stages(),
			set: func(r *rowReader, c *Column, v string) {
				m, ok := parseMaturity(v)
				if !ok {
					r.unread(c, v, "transfer.maturity")
				}
				require(&r.row).MinMaturity = m.Min
			},
			get: func(_ *encoder, r *scene.Row) string {
				n := require(r).MinMaturity
				return formatMaturity(scene.Maturity{Min: n, Max: n})
			},
		},
		{
			field: "require_domestic", side: demand, head: "国产化要求", also: "信创要求 是否要求国产化", one: yesNo(),
			set: func(r *rowReader, c *Column, v string) {
				t, ok := truth(v)
				if !ok {
					r.unread(c, v, "transfer.truth")
				}
				require(&r.row).Domestic = t == scene.Yes
			},
			get: func(_ *encoder, r *scene.Row) string {
				if require(r).Domestic {
					return truthWord(scene.Yes)
				}
				return ""
			},
		},
		mlpsField("require_mlps", demand, "等保要求", "等级保护要求", func(r *scene.Row) *int { return &require(r).MLPS }),
		truthField("consortium", demand, "接受联合体", "联合体 是否接受联合体", func(r *scene.Row) *scene.Truth { return &require(r).Consortium }),
	}
}

// setSite reads 落地区域 as written, and as divisions where no other column does.
func setSite(r *rowReader, c *Column, v string) {
	o := r.row.Opportunity
	o.SiteText = joinText(o.SiteText, v)
	if !r.has(fieldRegions) {
		codes, _ := r.terms.find(scene.DictRegion, v)
		o.Regions = unique(append(o.Regions, codes...))
	}
}

func getSite(e *encoder, r *scene.Row) string {
	o := r.Opportunity
	if o.SiteText != "" || e.has[fieldRegions] {
		return o.SiteText
	}
	return e.terms.write(scene.DictRegion, o.Regions)
}

// candidatesMark separates 参考案例 from 潜在企业及产品, which some lists print
// as two columns, within one text.
const candidatesMark = "潜在企业及产品："

func joinReference(cases, candidates string) string {
	if candidates == "" {
		return cases
	}
	if cases == "" {
		return candidatesMark + candidates
	}
	return cases + "\n" + candidatesMark + candidates
}

func splitReference(s string) (cases, candidates string) {
	if rest, ok := strings.CutPrefix(s, candidatesMark); ok {
		return "", rest
	}
	cases, candidates, _ = strings.Cut(s, "\n"+candidatesMark)
	return cases, candidates
}

func moneyField(f Field, side scene.Kind, head, also string, at func(*scene.Row) *scene.MoneyRange) spec {
	return spec{
		field: f, side: side, head: head, also: also,
		set: func(r *rowReader, c *Column, v string) {
			m, note, ok := parseMoney(v, headUnit(c.Head))
			if !ok {
				r.unread(c, v, "transfer.money")
				return
			}
			*at(&r.row) = m
			switch note {
			case moneyPlain:
			case moneyPerUnit:
				r.unread(c, v, string(note))
			case moneySwapped:
				r.warn(c, v, string(note), nil)
			default:
				r.warnOnce(c, v, string(note))
			}
		},
		get: func(e *encoder, r *scene.Row) string {
			return e.asPrinted(f, r, e.money(f, *at(r)))
		},
	}
}

func monthsField(f Field, side scene.Kind, head, also string, at func(*scene.Row) *scene.Months) spec {
	return spec{
		field: f, side: side, head: head, also: also,
		set: func(r *rowReader, c *Column, v string) {
			m, ok := parseMonths(v, headMonths(c.Head))
			if !ok {
				r.unread(c, v, "transfer.months")
				return
			}
			*at(&r.row) = m
		},
		get: func(e *encoder, r *scene.Row) string {
			return e.asPrinted(f, r, formatMonths(*at(r)))
		},
	}
}

// mlpsField reads a level of 等保: 二级, 等保三级, 3.
func mlpsField(f Field, side scene.Kind, head, also string, at func(*scene.Row) *int) spec {
	return spec{
		field: f, side: side, head: head, also: also, one: []string{"1级", "2级", "3级", "4级"},
		set: func(r *rowReader, c *Column, v string) {
			n, ok := parseMLPS(v)
			if !ok {
				r.unread(c, v, "transfer.mlps")
				return
			}
			*at(&r.row) = n
		},
		get: func(_ *encoder, r *scene.Row) string {
			if *at(r) == 0 {
				return ""
			}
			return strconv.Itoa(*at(r)) + "级"
		},
	}
}

func parseMLPS(v string) (int, bool) {
	if nothing(v) {
		return 0, true
	}
	s := fold(v)
	for _, word := range []string{"网络安全", "等级保护", "等保", "2.0", "第", "级", "及以上", "以上", "不低于", "通过", "备案", ".0"} {
		s = strings.ReplaceAll(s, word, "")
	}
	if n, ok := decimal(s); ok && n.IsInt() {
		level := n.Num().Int64()
		return int(level), level >= 1 && level <= 5
	}
	return 0, false
}
