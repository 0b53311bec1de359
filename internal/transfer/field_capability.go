package transfer

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"jinghe/internal/scene"
)

const supply = scene.KindCapability

// longestShortName is the length in code points up to which a line of 场景能力
// is taken for a name rather than a description.
const longestShortName = 40

func capa(at func(*scene.Capability) *string) func(*scene.Row) *string {
	return func(r *scene.Row) *string { return at(r.Capability) }
}

// capabilitySpecs are the fields of a scenario capability.
func capabilitySpecs() []spec {
	return append([]spec{
		{field: fieldAbility, side: supply, head: "场景能力", also: "主要场景能力 核心能力 主要能力 =能力", set: setAbility, get: getAbility},
		textField(fieldDescription, supply, "场景能力说明", "能力说明 成果简介 技术简介 能力描述 方案简介 能力简介 技术说明 成果描述 产品描述 成果介绍 技术介绍 解决方案 场景能力描述 能力介绍",
			capa(func(c *scene.Capability) *string { return &c.Description })),
		textField(fieldProduct, supply, "企业与产品简介", "产品简介 产品介绍 企业及产品简介 企业和产品简介 企业产品简介 主要产品", capa(func(c *scene.Capability) *string { return &c.Product })),
		textField(fieldProductForm, supply, "成果体现形式", "产品形态 体现形式 成果形式", capa(func(c *scene.Capability) *string { return &c.ProductForm })),
		textField(fieldTech, supply, "主要技术", "核心技术 关键技术 技术路线", capa(func(c *scene.Capability) *string { return &c.TechText })),
		textField(fieldScenarios, supply, "可应用落地场景", "适用场景 可应用场景 应用场景 可落地场景 拟应用场景 应用场景描述", capa(func(c *scene.Capability) *string { return &c.ScenarioText })),
		textField("indicators", supply, "性能指标", "技术指标 技术参数 主要指标 主要技术指标 性能参数", capa(func(c *scene.Capability) *string { return &c.Indicators })),
		textField(fieldLevel, supply, "成果技术水平", "技术水平 技术先进性", capa(func(c *scene.Capability) *string { return &c.Level })),
		textField("conditions", supply, "部署条件", "实施条件 应用条件 落地条件", capa(func(c *scene.Capability) *string { return &c.Conditions })),
		textField("ip", supply, "知识产权", "专利情况 知识产权情况 =专利", capa(func(c *scene.Capability) *string { return &c.IP })),
		{
			field: "qualifications", side: supply, head: "产品资质", also: "能力资质 产品认证 资质认证", dict: scene.DictQualification,
			set: func(r *rowReader, c *Column, v string) {
				found, rest := r.terms.qualifications(v)
				r.row.Capability.Qualifications = uniqueTitles(append(r.row.Capability.Qualifications, found...))
				if len(rest) > 0 {
					r.keep(c, v)
				}
			},
			get: func(e *encoder, r *scene.Row) string {
				return e.asPrinted("qualifications", r, e.terms.writeQualifications(r.Capability.Qualifications))
			},
		},
		{
			field: "cases", side: supply, head: "应用案例", also: "典型案例 成功案例 参考案例 落地案例 合作案例 =案例",
			set: func(r *rowReader, _ *Column, v string) {
				r.row.Capability.Cases = append(r.row.Capability.Cases, parseCases(v)...)
			},
			get: func(_ *encoder, r *scene.Row) string { return formatCases(r.Capability.Cases) },
		},
	}, supplyTerms()...)
}

// supplyTerms are the conditions of a capability.
func supplyTerms() []spec {
	wants := func(r *scene.Row) *scene.Terms { return &r.Capability.Wants }
	return []spec{
		moneyField(fieldPrice, supply, "价格（万元）", "参考价格 价格区间 产品价格 报价区间 参考报价 意向价格 转让价格 =价格 =报价",
			func(r *scene.Row) *scene.MoneyRange { return &r.Capability.Price }),
		monthsField("delivery", supply, "交付周期（月）", "交付时间 交货期 实施周期 交付周期 供货周期", func(r *scene.Row) *scene.Months { return &r.Capability.Delivery }),
		nameField("first_of_kind", supply, "首台套", "首台(套) 首台套/首批次/首版次 首批次 首版次", capa(func(c *scene.Capability) *string { return &c.FirstOfKind })),
		truthField("domestic", supply, "国产化", "信创 是否国产化 国产化适配 信创适配", func(r *scene.Row) *scene.Truth { return &r.Capability.Domestic }),
		mlpsField("mlps", supply, "等保等级", "等保级别 等级保护级别", func(r *scene.Row) *int { return &r.Capability.MLPS }),
		codesField(fieldRegions, supply, "服务区域", "可服务区域 覆盖区域 交付区域 服务范围", scene.DictRegion, listingCodes(func(l *scene.Listing) *[]string { return &l.Regions })),
		codesField("want_regions", supply, "只服务区域", "服务区域限制", scene.DictRegion, func(r *scene.Row) *[]string { return &wants(r).Regions }),
		codesField("want_modes", supply, "只接受合作方式", "可接受的合作方式", scene.DictMode, func(r *scene.Row) *[]string { return &wants(r).Modes }),
		{
			field: "want_budget", side: supply, head: "最低合作金额（万元）", also: "最低合作金额 起订金额",
			set: func(r *rowReader, c *Column, v string) {
				m, _, ok := parseMoney(v, headUnit(c.Head))
				if !ok {
					r.unread(c, v, "transfer.money")
				}
				wants(&r.row).MinBudget = m.Min
			},
			get: func(e *encoder, r *scene.Row) string {
				m := wants(r).MinBudget
				return e.money("want_budget", scene.MoneyRange{Min: m, Max: m})
			},
		},
	}
}

// setAbility reads the 场景能力 column of lists that have no column for a name:
// a short first line is the name and the rest the description; of one long
// paragraph the beginning is the name and the whole is the description.
func setAbility(r *rowReader, _ *Column, v string) {
	c := r.row.Capability
	if r.has(fieldName) {
		c.Description = joinText(c.Description, v)
		return
	}
	c.Name, c.Description = splitAbility(v, c.Description)
}

func splitAbility(v, have string) (name, description string) {
	first, rest, more := strings.Cut(v, "\n")
	if utf8.RuneCountInString(first) <= longestShortName {
		if !more {
			return oneLine(first), have
		}
		return oneLine(first), joinText(have, clean(rest))
	}
	return beginning(v), joinText(have, v)
}

// beginning takes the first clause of a text, at most longestShortName code points, as a name.
func beginning(text string) string {
	text = oneLine(text)
	r := []rune(text)
	if len(r) <= longestShortName {
		return text
	}
	for i, c := range r[:longestShortName] {
		if i >= 6 && strings.ContainsRune("，。；：,;!！？", c) {
			return string(r[:i])
		}
	}
	return string(r[:longestShortName-1]) + "…"
}

func getAbility(e *encoder, r *scene.Row) string {
	c := r.Capability
	if e.has[fieldName] {
		return ""
	}
	for _, text := range []string{c.Description, c.Name + "\n" + c.Description} {
		if name, description := splitAbility(text, ""); name == c.Name && description == c.Description {
			return text
		}
	}
	return clean(c.Name + "\n" + c.Description)
}

var regexCase = regexp.MustCompile(`^([^：:（(]{2,40})[（(]((?:19|20)[0-9]{2})年?[）)][：:]?(.*)$`)

// parseCases reads one case a line: “customer | year | result” as we write it,
// “customer（2024）：result”, or any text, which is then the result.
func parseCases(v string) []scene.Case {
	if nothing(v) {
		return nil
	}
	var out []scene.Case
	for _, line := range lines(v) {
		if parts := splitEscaped(line); len(parts) == 3 {
			n, err := strconv.Atoi(parts[1])
			if err == nil || parts[1] == "" {
				out = append(out, scene.Case{Customer: parts[0], Year: n, Result: parts[2]})
				continue
			}
		}
		if m := regexCase.FindStringSubmatch(line); m != nil {
			n, _ := strconv.Atoi(m[2])
			out = append(out, scene.Case{Customer: strings.TrimSpace(m[1]), Year: n, Result: strings.TrimSpace(m[3])})
			continue
		}
		out = append(out, scene.Case{Result: line})
	}
	return out
}

func formatCases(cases []scene.Case) string {
	escape := strings.NewReplacer(`\`, `\\`, "|", `\|`, "\n", `\n`)
	out := make([]string, len(cases))
	for i, c := range cases {
		y := ""
		if c.Year != 0 {
			y = strconv.Itoa(c.Year)
		}
		out[i] = escape.Replace(c.Customer) + titleMark + y + titleMark + escape.Replace(c.Result)
	}
	return strings.Join(out, "\n")
}

// splitEscaped splits at bars that no backslash precedes, and undoes the escapes.
func splitEscaped(s string) []string {
	var parts []string
	var b strings.Builder
	escaped := false
	for _, r := range s {
		switch {
		case escaped && r == 'n':
			b.WriteByte('\n')
			escaped = false
		case escaped:
			b.WriteRune(r)
			escaped = false
		case r == '\\':
			escaped = true
		case r == '|':
			parts = append(parts, strings.TrimSpace(b.String()))
			b.Reset()
		default:
			b.WriteRune(r)
		}
	}
	return append(parts, strings.TrimSpace(b.String()))
}
