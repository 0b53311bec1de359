package transfer

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"jinghe/internal/scene"
)

// identitySpecs are the fields that say which entry a row is.
func identitySpecs() []spec {
	return []spec{
		{
			field: fieldLabel, head: "序号", also: "=序 =no. =no =行号 =#",
			set: func(r *rowReader, _ *Column, v string) {
				text, _ := asText(v)
				r.row.Listing().RowLabel = oneLine(text)
			},
			get: func(_ *encoder, r *scene.Row) string { return r.Listing().RowLabel },
		},
		{
			field: fieldCode, head: "编号", also: "场景编号 需求编号 成果编号 机会编号 能力编号 项目编号 清单编号 =场景代码 =项目代码 =code =id",
			set: setCode,
			get: func(_ *encoder, r *scene.Row) string { return cmp.Or(r.Listing().Code, string(r.Listing().ID)) },
		},
		nameField(fieldName, scene.KindOpportunity, "场景机会名称",
			"机会名称 需求名称 应用场景名称 场景名称 场景需求名称 技术需求名称 需求标题 难题名称 榜单名称 需求题目 =场景机会 =项目名称 =名称 =应用场景 =场景 =标题 =name",
			listing(func(l *scene.Listing) *string { return &l.Name })),
		nameField(fieldName, scene.KindCapability, "场景能力名称",
			"能力名称 成果名称 产品名称 技术名称 解决方案名称 方案名称 科技成果名称 供给名称 产品/技术名称 服务名称 =项目名称 =名称 =标题 =name",
			listing(func(l *scene.Listing) *string { return &l.Name })),
		textField("name_en", "", "英文名称", "=英文名", listing(func(l *scene.Listing) *string { return &l.NameEn })),
		textField("summary_en", "", "英文摘要", "英文简介", listing(func(l *scene.Listing) *string { return &l.Summary })),
	}
}

// listingSpecs are the fields that both kinds share.
func listingSpecs() []spec {
	return []spec{
		{field: fieldFields, head: "应用领域", also: "应用场景领域 智慧领域 适用领域", dict: scene.DictField, set: setFields, get: getFields},
		codesField(fieldIndustries, "", "产业方向", "产业领域 所属产业 应用行业 所属行业 产业集群 =行业 =产业 所属产业链", scene.DictIndustry,
			listingCodes(func(l *scene.Listing) *[]string { return &l.Industries })),
		{
			field: fieldCategory, head: "类别（原文）", also: "场景类型 场景类别 技术领域 所属领域 所属高新技术领域 行业领域 场景分类 领域分类 所属技术领域 =类别 =分类 =领域 =类型",
			set: setCategory, get: getCategory,
		},
		keywordsField(),
		codesField(fieldModes, "", "合作方式", "合作模式 解决方式 拟采取的转化方式 转化方式 合作形式 合作意向 拟合作方式", scene.DictMode,
			listingCodes(func(l *scene.Listing) *[]string { return &l.Modes })),
		{
			field: fieldMaturity, head: "成熟度", also: "技术成熟度 成果所处阶段 所处阶段 产品阶段 技术就绪度 发展阶段 成果阶段 成果成熟度 产品成熟度 =阶段 =trl", like: stages(),
			set: setMaturity,
			get: func(e *encoder, r *scene.Row) string {
				return e.asPrinted(fieldMaturity, r, formatMaturity(r.Listing().Maturity))
			},
		},
		{field: fieldContact, head: "联系方式（原文）", also: "联系方式 联系人及电话 联系人及联系方式 联系人和联系方式 联系人/联系方式 联系信息 联系人及联系电话 联系人及手机 联系人与电话", many: true, set: setContact, get: getContact},
		contactField(fieldPerson, "联系人", "联系人姓名 项目联系人 =对接人 =负责人 对接联系人", func(c *scene.Contact) *string { return &c.Person }),
		contactField(fieldPhone, "联系电话", "联系人电话 手机号 手机号码 电话号码 联系手机 =电话 =手机 固定电话", func(c *scene.Contact) *string { return &c.Phone }),
		contactField(fieldMail, "电子邮箱", "邮箱 电子邮件 e-mail 联系邮箱 =email =mail", func(c *scene.Contact) *string { return &c.Mail }),
		nameField("source", "", "来源", "清单来源 数据来源 信息来源", listing(func(l *scene.Listing) *string { return &l.Source })),
		nameField("batch", "", "批次", "发布批次 所属批次 清单批次", listing(func(l *scene.Listing) *string { return &l.Batch })),
		{
			field: fieldValidFrom, head: "发布日期", also: "发布时间 生效日期 有效期起 公布日期 登记日期 有效期自",
			set: setValidFrom, get: func(_ *encoder, r *scene.Row) string { return formatFrom(r.Listing().ValidFrom) },
		},
		{
			field: fieldValidTo, head: "有效期至", also: "有效期 截止日期 截止时间 有效期止 需求有效期 到期日期 失效日期 征集截止",
			set: setValidTo, get: func(_ *encoder, r *scene.Row) string { return formatTo(r.Listing().ValidTo) },
		},
	}
}

// keywordsField is 关键字. Forms that ask for “关键字，用空格隔开” get them so: a
// cell without any other separator splits at blanks, unless a part is not
// Chinese (5G 通信, machine learning).
func keywordsField() spec {
	at := listingCodes(func(l *scene.Listing) *[]string { return &l.Keywords })
	s := listField(fieldKeywords, "", "关键字", "关键词 成果关键字 技术关键词 =标签", at)
	s.set = func(r *rowReader, _ *Column, v string) {
		if !nothing(v) {
			*at(&r.row) = unique(append(*at(&r.row), keywords(v)...))
		}
	}
	s.get = func(_ *encoder, r *scene.Row) string {
		text := strings.Join(*at(r), "、")
		if slices.Equal(keywords(text), pieces(text)) {
			return text
		}
		return text + "、" // one keyword with blanks inside
	}
	return s
}

func keywords(v string) []string {
	words := strings.Fields(v)
	if strings.ContainsFunc(v, separates) || slices.ContainsFunc(words, func(w string) bool { return !strings.ContainsFunc(w, isHan) }) {
		return pieces(v)
	}
	return words
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

func setCode(r *rowReader, c *Column, v string) {
	text, ok := asText(v)
	if !ok {
		r.warn(c, v, "transfer.code_scientific", nil)
		return
	}
	if !nothing(text) {
		r.row.Listing().Code = oneLine(text)
	}
}

// setFields reads 应用领域. In a list of others without a column for the category
// as written it is that column, too, and may mix taxonomies.
func setFields(r *rowReader, c *Column, v string) {
	l := r.row.Listing()
	if !r.has(fieldCategory) && r.layout != Jinghe {
		setCategory(r, c, v)
		return
	}
	codes, rest := r.terms.find(scene.DictField, v)
	l.Fields = unique(append(l.Fields, codes...))
	if len(rest) > 0 {
		r.keep(c, v)
	}
}

func getFields(e *encoder, r *scene.Row) string {
	if !e.has[fieldCategory] && r.Listing().Category != "" {
		return r.Listing().Category
	}
	return e.asPrinted(fieldFields, r, e.codesOfBoth(r))
}

// setCategory reads a category cell, in which two taxonomies are often mixed:
// each piece may be a field of use or an industry.
func setCategory(r *rowReader, c *Column, v string) {
	l := r.row.Listing()
	l.Category = oneLine(joinText(l.Category, v))
	if nothing(v) {
		l.Category = ""
		return
	}
	known := false
	if !r.has(fieldFields) || !r.has(fieldCategory) {
		codes, _ := r.terms.find(scene.DictField, v)
		l.Fields = unique(append(l.Fields, codes...))
		known = known || len(codes) > 0
	}
	if !r.has(fieldIndustries) {
		codes, _ := r.terms.find(scene.DictIndustry, v)
		l.Industries = unique(append(l.Industries, codes...))
		known = known || len(codes) > 0
	}
	if !known && r.terms.Dictionaries != nil && !r.has(fieldFields) {
		r.warnOnce(c, v, "transfer.category_unknown")
	}
}

func getCategory(e *encoder, r *scene.Row) string {
	l := r.Listing()
	if l.Category != "" || e.has[fieldFields] {
		return l.Category
	}
	return e.codesOfBoth(r)
}

func setMaturity(r *rowReader, c *Column, v string) {
	m, ok := parseMaturity(v)
	if !ok {
		r.unread(c, v, "transfer.maturity")
		return
	}
	r.row.Listing().Maturity = m
}

func setContact(r *rowReader, _ *Column, v string) {
	if scene.IsMasked(v) { // hidden: the stored one stays
		return
	}
	have, got := &r.row.Listing().Contact, parseContact(v)
	if *have == (scene.Contact{}) {
		*have = got
		return
	}
	for _, p := range []struct {
		to   *string
		from string
	}{{&have.Person, got.Person}, {&have.Phone, got.Phone}, {&have.Mail, got.Mail}, {&have.Raw, got.Raw}} {
		if *p.to == "" {
			*p.to = p.from
		}
	}
}

// getContact writes the whole contact in a layout that has one column for it,
// and beside the columns of its parts only what could not be split.
func getContact(e *encoder, r *scene.Row) string {
	c := e.contact(r)
	if e.has[fieldPhone] {
		if c.Raw == "" {
			return ""
		}
		return contactRaw + c.Raw
	}
	if e.masked {
		return strings.Join(trimmed([]string{c.Person, c.Phone, c.Mail, c.Raw}), " ")
	}
	return formatContact(c)
}

func contactField(f Field, head, also string, at func(*scene.Contact) *string) spec {
	return spec{
		field: f, head: head, also: also,
		set: func(r *rowReader, c *Column, v string) {
			if scene.IsMasked(v) || several(parseContact(v)) {
				setContact(r, c, v)
				return
			}
			text, ok := asText(v)
			if !ok {
				r.warn(c, v, "transfer.phone_scientific", nil)
				return
			}
			if !nothing(text) {
				*at(&r.row.Listing().Contact) = oneLine(text)
			}
		},
		get: func(e *encoder, r *scene.Row) string {
			c := e.contact(r)
			return *at(&c)
		},
	}
}

// several reports that a cell held more than one way to reach a person: a
// column headed 联系人 or 电话 may hold both.
func several(c scene.Contact) bool {
	return len(trimmed([]string{c.Person, c.Phone, c.Mail})) > 1
}

func setValidFrom(r *rowReader, c *Column, v string) {
	first, _, ok := parseDay(v, r.date1904)
	if !ok {
		r.unread(c, v, "transfer.date")
		return
	}
	r.row.Listing().ValidFrom = first
}

func setValidTo(r *rowReader, c *Column, v string) {
	got, ok := parseValidity(v, r.date1904)
	if !ok {
		r.unread(c, v, "transfer.date")
		return
	}
	l := r.row.Listing()
	if got.months > 0 {
		r.months, r.monthsAt = got.months, c
		return
	}
	l.ValidTo = got.to
	if !got.from.IsZero() && regexDateTo.MatchString(tailOf(v)) && l.ValidFrom.IsZero() {
		l.ValidFrom = got.from
	}
}

// tailOf returns what follows the first date of a cell: a range goes on there.
func tailOf(v string) string {
	s := fold(v)
	_, _, rest, ok := nextDate(s[len(regexDateWords.FindString(s)):])
	if !ok {
		return ""
	}
	return rest
}
