package transfer

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"

	"jinghe/internal/scene"
)

var (
	regexMail  = regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+`)
	regexPhone = regexp.MustCompile(`(?:\+?86[- ]?)?1[3-9][0-9][- ]?[0-9]{4}[- ]?[0-9]{4}` +
		`|(?:\+?86[- ]?)?\(?0[0-9]{2,3}\)?[- ]{0,2}[0-9]{7,8}(?:(?:-|转| ?ext\.? ?)[0-9]{1,6})?` +
		`|[48]00[- ]?[0-9]{3,4}[- ]?[0-9]{3,4}|[0-9]{7,8}`)
	regexLabels = regexp.MustCompile(`(?i)联系人员?|联系方式|联系电话|电话号码|手机号码?|移动电话|固定电话|座机|电话|手机|电子邮箱|电子邮件|邮箱|邮件|e-?mail|tel|phone|mobile|姓名|对接人`)
	regexExact  = regexp.MustCompile(`^联系人：([^；]*)；电话：([^；]*)；邮箱：([^；]*)$`)
)

const (
	contactRaw = "原文："
	titles     = "先生 女士 小姐 老师 经理 总经理 主任 副主任 处长 科长 博士 教授 工程师 院长 所长 总监 部长 主管 工 总"
)

// parseContact splits a cell that holds name, telephone number and mail address
// in any order. A cell that does not split into one person's is kept whole as Raw.
func parseContact(cell string) scene.Contact {
	cell = clean(cell)
	if nothing(cell) {
		return scene.Contact{}
	}
	if m := regexExact.FindStringSubmatch(cell); m != nil {
		return scene.Contact{Person: m[1], Phone: m[2], Mail: m[3]}
	}
	if raw, ok := strings.CutPrefix(cell, contactRaw); ok {
		return scene.Contact{Raw: raw}
	}
	s := width.Fold.String(cell)
	if text, ok := asText(s); ok {
		s = text
	}
	mails := regexMail.FindAllString(s, -1)
	s = regexMail.ReplaceAllString(s, " ")
	phones := regexPhone.FindAllString(s, -1)
	rest := regexPhone.ReplaceAllString(s, " ")
	person, one := personOf(regexLabels.ReplaceAllString(rest, " "))
	if !one || len(mails) > 1 || len(phones) > 2 || len(phones) == 2 && person == "" && len(mails) == 0 {
		return scene.Contact{Raw: cell}
	}
	c := scene.Contact{Person: person, Phone: strings.Join(trimmed(phones), "、")}
	if len(mails) == 1 {
		c.Mail = mails[0]
	}
	return c
}

// personOf takes what is left of a contact cell as the name of one person;
// false if it is more than that.
func personOf(rest string) (string, bool) {
	rest = strings.Join(strings.FieldsFunc(rest, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(":：,，;；、/|()（）[]【】。+-—_~", r)
	}), " ")
	if rest == "" {
		return "", true
	}
	if name := strings.ReplaceAll(rest, " ", ""); han(name) {
		return name, hanName(name, strings.Contains(rest, " "))
	}
	for _, r := range rest {
		if !latinName(r) {
			return rest, false
		}
	}
	return rest, len(strings.Fields(rest)) <= 4
}

// hanName reports that name is one Chinese name, alone or with a title. With
// blanks inside, only a short one is: the blanks then space its characters.
func hanName(name string, blanks bool) bool {
	base := name
	for _, t := range strings.Fields(titles) {
		if cut, ok := strings.CutSuffix(base, t); ok && cut != "" {
			base = cut
			break
		}
	}
	n := utf8.RuneCountInString(base)
	if n > 4 || blanks && n > 3 {
		return false
	}
	return n >= 2 || base != name
}

func latinName(r rune) bool {
	return r == ' ' || r == '.' || r == '\'' || unicode.IsLetter(r) && r < 0x2000
}

func han(s string) bool {
	for _, r := range s {
		if r != '·' && !unicode.Is(unicode.Han, r) {
			return false
		}
	}
	return s != ""
}

// formatContact writes c into one cell, in a form that parseContact reads back.
func formatContact(c scene.Contact) string {
	plain := strings.Join(trimmed([]string{c.Person, c.Phone, c.Mail}), " ")
	if c.Raw != "" {
		plain = c.Raw
	}
	if parseContact(plain) == c {
		return plain
	}
	if c.Raw != "" {
		return contactRaw + c.Raw
	}
	return "联系人：" + c.Person + "；电话：" + c.Phone + "；邮箱：" + c.Mail
}

// personal reports that the head of a column that no field takes announces
// personal information, which an export masks.
func personal(head string) bool {
	for _, word := range []string{"联系", "电话", "手机", "邮箱", "邮件", "微信", "身份证", "负责人", "姓名", "法人", "法定代表人"} {
		if strings.Contains(head, word) {
			return true
		}
	}
	return false
}
