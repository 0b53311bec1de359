package transfer

import (
	"strconv"
	"strings"

	"jinghe/internal/scene"
)

// organisationSpecs are the fields that tell of the organisation behind a row.
func organisationSpecs() []spec {
	org := func(at func(*scene.Organisation) *string) func(*scene.Row) *string {
		return func(r *scene.Row) *string { return at(&r.Org) }
	}
	return []spec{
		{
			field: fieldOrg, side: scene.KindOpportunity, head: "单位名称",
			also: "公司名称 企业名称 所属单位或公司名称 机构全称 单位全称 公司全称 企业全称 需求单位 发布单位 场景单位 申报单位 业主单位 建设单位 所属单位 机构名称 场景需求方 需求方 需求企业 场景业主 =单位 =企业 =公司 =业主 =org",
			set:  setOrg, get: getOrg,
		},
		{
			field: fieldOrg, side: scene.KindCapability, head: "单位名称",
			also: "公司名称 企业名称 完成单位 供给单位 机构全称 单位全称 公司全称 技术供给方 提供单位 申报单位 所属单位 成果单位 研发单位 机构名称 供给方 服务商名称 企业全称 =单位 =企业 =公司 =服务商 =供应商 =org",
			set:  setOrg, get: getOrg,
		},
		{
			field: fieldCreditCode, head: "统一社会信用代码", also: "社会信用代码 信用代码 统一信用代码 =信用代码证号", set: setCreditCode,
			get: func(_ *encoder, r *scene.Row) string { return string(r.Org.CreditCode) },
		},
		textField("org_name_en", "", "单位英文名称", "企业英文名称", org(func(o *scene.Organisation) *string { return &o.NameEn })),
		listField("aliases", "", "单位别名", "曾用名 企业简称 单位简称 =简称", func(r *scene.Row) *[]string { return &r.Org.Aliases }),
		{
			field: fieldOrgKind, head: "单位性质", also: "企业性质 单位类型 机构性质 企业类型 机构类型 单位属性", one: owners(),
			set: setOrgKind, get: func(_ *encoder, r *scene.Row) string { return ownerLabel(r.Org.Kind) },
		},
		{
			field: fieldOrgRegion, head: "所属地区", also: "所在地区 所属区域 所在区域 注册地 所在城市 所属区县 所在区县 企业所在地 单位所在地 =所在地 =地区 =属地 =区县 =区域", dict: scene.DictRegion,
			set: setOrgRegion,
			get: func(e *encoder, r *scene.Row) string {
				if r.Org.Region == "" {
					return e.asPrinted(fieldOrgRegion, r, "")
				}
				return e.terms.write(scene.DictRegion, []string{r.Org.Region})
			},
		},
		textField("address", "", "单位地址", "注册地址 联系地址 通讯地址 企业地址 =地址", org(func(o *scene.Organisation) *string { return &o.Address })),
		textField("profile", "", "单位简介", "企业简介 公司简介 机构简介 单位概况 企业介绍 单位介绍 公司介绍", org(func(o *scene.Organisation) *string { return &o.Profile })),
		codesField("org_industries", "", "单位产业方向", "企业所属产业 单位所属行业 主营行业", scene.DictIndustry,
			func(r *scene.Row) *[]string { return &r.Org.Industries }),
		{
			field: fieldOrgTitles, head: "企业资质", also: "单位资质 资质荣誉 企业荣誉 荣誉资质 企业资质荣誉 =资质 企业类别资质 资质情况", dict: scene.DictQualification,
			set: setOrgTitles,
			get: func(e *encoder, r *scene.Row) string {
				return e.asPrinted(fieldOrgTitles, r, e.terms.writeQualifications(r.Org.Qualifications))
			},
		},
		{
			field: "founded", head: "成立年份", also: "成立时间 成立日期 注册时间",
			set: func(r *rowReader, c *Column, v string) {
				if r.row.Org.Founded = year(v); r.row.Org.Founded == 0 {
					r.foundedSerial(c, v)
				}
			},
			get: func(_ *encoder, r *scene.Row) string {
				if r.Org.Founded == 0 {
					return ""
				}
				return strconv.Itoa(r.Org.Founded)
			},
		},
	}
}

// noOrg stands where an entry has no organisation: a blank cell would take the
// one of the row above.
const noOrg = "（无单位）"

func setOrg(r *rowReader, c *Column, v string) {
	if v == noOrg {
		r.ownerless = true
		return
	}
	name, titles, rest, aliases := r.terms.splitName(v)
	if nothing(name) {
		return
	}
	r.row.Org.Name, r.row.Listing().OrgName = name, name
	r.row.Org.Qualifications = uniqueTitles(append(r.row.Org.Qualifications, titles...))
	r.row.Org.Aliases = unique(append(r.row.Org.Aliases, aliases...))
	if len(rest) > 0 {
		r.keep(c, strings.Join(rest, "、"))
	}
}

func getOrg(_ *encoder, r *scene.Row) string {
	if name := joinFirst(r.Org.Name, r.Listing().OrgName); name != "" {
		return name
	}
	return noOrg
}

func setCreditCode(r *rowReader, c *Column, v string) {
	if nothing(v) {
		return
	}
	code, err := scene.ParseCreditCode(strings.TrimPrefix(v, "'"))
	if err != nil {
		r.warn(c, v, errorKey(err), map[string]any{"value": quote(v)})
		return
	}
	r.row.Org.CreditCode = code
}

// setOrgKind reads 单位性质. Where no column says what sort of owner an
// opportunity has, the organisation's answers that, too.
func setOrgKind(r *rowReader, c *Column, v string) {
	kind, ok := ownerKind(v)
	if !ok {
		r.keep(c, v)
		return
	}
	r.row.Org.Kind = kind
	if o := r.row.Opportunity; o != nil && !r.has(fieldOwnerKind) {
		o.OwnerKind = kind
	}
}

func setOrgRegion(r *rowReader, c *Column, v string) {
	if nothing(v) {
		return
	}
	codes, rest := r.terms.find(scene.DictRegion, v)
	if len(codes) > 0 {
		r.row.Org.Region = codes[0]
	}
	if len(codes) != 1 || len(rest) > 0 {
		r.keep(c, v)
	}
}

func setOrgTitles(r *rowReader, c *Column, v string) {
	found, rest := r.terms.qualifications(v)
	r.row.Org.Qualifications = uniqueTitles(append(r.row.Org.Qualifications, found...))
	if len(rest) > 0 {
		r.keep(c, v)
	}
}
