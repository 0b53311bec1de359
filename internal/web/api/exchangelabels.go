package api

// exchangeLabels are the heads of the workbook of the exchange, by path.
func exchangeLabels() map[string]string {
	return map[string]string{
		"format": "格式", "origin.site": "来源平台地址", "origin.name": "来源平台名称", "made": "生成时间",

		"id": "条目标识", "entry": "条目标识", "revision": "版本", "code": "编号", "batch": "批次", "name": "名称", "name_en": "英文名称", "summary_en": "英文简介",
		"organisation.id": "单位标识", "organisation.name": "单位名称", "fields": "应用领域", "industries": "产业", "modes": "合作方式", "regions": "地区",
		"keywords": "关键词", "category": "原类别", "maturity.min": "成熟度下限", "maturity.max": "成熟度上限", "maturity.stage": "成熟阶段", "state": "状态",
		"open": "可对接", "valid_from": "有效期起", "valid_to": "有效期止", "updated": "更新时间",
		"origin.id": "来源条目标识",

		"department": "牵头部门", "owner_kind": "单位性质", "situation": "现状与痛点", "need": "具体需求", "targets": "技术指标", "works": "建设内容",
		"resources": "可开放资源", "site": "落地区域", "technology": "主要技术", "budget.min_fen": "预算下限（分）", "budget.max_fen": "预算上限（分）",
		"budget.negotiable": "预算面议", "schedule.min": "工期下限（月）", "schedule.max": "工期上限（月）", "procurement": "采购方式", "first_use": "欢迎首试首用",
		"eligibility.qualifications": "要求资质", "eligibility.regions": "要求地区", "eligibility.min_maturity": "最低成熟度", "eligibility.domestic": "要求国产化",
		"eligibility.mlps": "要求等保级别", "eligibility.consortium": "接受联合体",

		"description": "场景能力说明", "product": "企业与产品简介", "product_form": "产品形态", "scenarios": "可应用场景", "indicators": "性能指标", "level": "成果水平",
		"conditions": "部署条件", "ip": "知识产权", "qualifications": "资质", "cases": "案例", "price.min_fen": "报价下限（分）", "price.max_fen": "报价上限（分）",
		"price.negotiable": "报价面议", "delivery.min": "交付下限（月）", "delivery.max": "交付上限（月）", "first_of_kind": "首台套", "domestic": "国产化", "mlps": "等保级别",
		"wants.regions": "只服务地区", "wants.min_budget_fen": "最低预算（分）", "wants.modes": "只接受合作方式",

		"text": "原文", "until": "有效至", "customer": "客户", "year": "年份", "result": "效果",
	}
}
