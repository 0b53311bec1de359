package scene

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Redact replaces what a person can be reached by, where it stands in running
// text, by asterisks: mobile, land-line and service numbers with country code
// and extension, mail addresses, and the names, numbers and accounts behind
// words such as 联系人, 电话, 微信号 and QQ. Printed lists often repeat the
// contact inside the description. Full-width characters count as their narrow
// forms. The number of code points does not change, so offsets stay valid,
// and what was redacted stays as it is when redacted again.
func Redact(s string) string {
	for mayHoldContact(s) {
		again := redactOnce(s)
		if again == s {
			return s
		}
		s = again // what was covered may have parted a number from its neighbour
	}
	return s
}

// mayHoldContact is a quick look: most texts hold nothing to redact.
func mayHoldContact(s string) bool {
	digits := 0
	for _, r := range s {
		switch r = narrow(r); {
		case r == '@', r == 'w', r == 'v', r == '微', r == '联', r == '对', r == '经':
			return true
		case isDigit(r):
			if digits++; digits >= 5 {
				return true
			}
		}
	}
	return false
}

func redactOnce(s string) string {
	v := contactView{text: make([]rune, 0, len(s)), covered: make([]bool, utf8.RuneCountInString(s))}
	for _, r := range s {
		v.text = append(v.text, narrow(r))
	}
	v.coverNumbers()
	v.coverMail()
	v.coverLabelled()
	var b strings.Builder
	b.Grow(len(s))
	n := 0
	for at := 0; at < len(s); n++ {
		_, size := utf8.DecodeRuneInString(s[at:])
		if v.covered[n] {
			b.WriteByte('*')
		} else {
			b.WriteString(s[at : at+size])
		}
		at += size
	}
	return b.String()
}

// narrow folds a character of a telephone number or an address to its plain form.
func narrow(r rune) rune {
	switch {
	case r >= '！' && r <= '～':
		r -= '！' - '!'
	case r == '\u3000', r == '\u00a0', r == '\t', r >= '\u2000' && r <= '\u200d', r == '\ufeff':
		return ' '
	case r >= '\u2010' && r <= '\u2015', r == '─', r == '−':
		return '-'
	}
	if r >= 'A' && r <= 'Z' {
		r += 'a' - 'A'
	}
	return r
}

// contactView is a text in plain characters, one for each of its code points.
type contactView struct {
	text    []rune
	covered []bool
}

func (v *contactView) cover(start, end int) {
	for i := start; i < end; i++ {
		v.covered[i] = true
	}
}

// at returns the character at i, 0 outside of the text.
func (v *contactView) at(i int) rune {
	if i < 0 || i >= len(v.text) {
		return 0
	}
	return v.text[i]
}

func (v *contactView) has(i int, word []rune) bool {
	return i+len(word) <= len(v.text) && slices.Equal(v.text[i:i+len(word)], word)
}

// while returns the end of the characters from i on that ok accepts.
func (v *contactView) while(i int, ok func(rune) bool) int {
	for i < len(v.text) && ok(v.text[i]) {
		i++
	}
	return i
}

func (v *contactView) coverMail() {
	for at, r := range v.text {
		if r != '@' {
			continue
		}
		start := at
		for isMail(v.at(start - 1)) {
			start--
		}
		end := v.while(at+1, isMail)
		if start < at && slices.Contains(v.text[at:end], '.') {
			v.cover(start, end)
		}
	}
}

// labelKind says what stands behind a label.
type labelKind int

const (
	personLabel  labelKind = iota // a name
	maybeLabel                    // a name, if it begins with a surname
	phoneLabel                    // digits, seven or more
	accountLabel                  // letters and digits, behind a colon
	accountWord                   // the same; the word alone is clear enough
	numberWord                    // digits, five or more
)

type contactLabel struct {
	word string
	kind labelKind
}

func contactLabels() []contactLabel {
	return []contactLabel{
		{"联系人", personLabel},
		{"联络人", personLabel},
		{"对接人", personLabel},
		{"经办人", personLabel},
		{"联系电话", maybeLabel},
		{"联系方式", maybeLabel},
		{"电话", phoneLabel},
		{"手机", phoneLabel},
		{"座机", phoneLabel},
		{"固话", phoneLabel},
		{"传真", phoneLabel},
		{"热线", phoneLabel},
		{"tel", phoneLabel},
		{"phone", phoneLabel},
		{"mobile", phoneLabel},
		{"fax", phoneLabel},
		{"微信号", accountWord},
		{"微信", accountLabel},
		{"wechat", accountLabel},
		{"weixin", accountLabel},
		{"vx", accountLabel},
		{"wx", accountLabel},
		{"qq", numberWord},
	}
}

func (v *contactView) coverLabelled() {
	for _, l := range contactLabels() {
		word := []rune(l.word)
		for i := range v.text {
			if v.text[i] != word[0] || !v.has(i, word) || word[0] < 'z' && isLatin(v.at(i-1)) {
				continue
			}
			v.coverBehind(i+len(word), l.kind)
		}
	}
}

// coverBehind covers what a label that ends at i announces.
func (v *contactView) coverBehind(i int, kind labelKind) {
	if kind >= phoneLabel {
		i = v.while(i, func(r rune) bool { return r == '号' || r == '码' || r == '群' })
	}
	start := v.while(i, func(r rune) bool { return strings.ContainsRune(" :=.(", r) })
	colon := slices.Contains(v.text[i:start], ':')
	switch kind {
	case personLabel:
		v.coverNames(start, colon)
	case maybeLabel:
		v.coverNames(start, false)
	case phoneLabel:
		v.coverDigits(start, v.while(start, isDialled), 7)
	case numberWord:
		v.coverDigits(start, v.while(start, isDigit), 5)
	case accountLabel, accountWord:
		if end := v.while(start, isAccount); end-start >= 5 && (colon || kind == accountWord || slices.Contains(v.text[start:end], '_')) {
			v.cover(start, end)
		}
	}
}

func isDialled(r rune) bool { return isDigit(r) || r == '-' || r == ' ' }

func isAccount(r rune) bool { return isDigit(r) || isLatin(r) || r == '_' || r == '-' }

// coverDigits covers a range if it holds at least so many digits.
func (v *contactView) coverDigits(start, end, least int) {
	for end > start && !isDigit(v.text[end-1]) {
		end--
	}
	digits := 0
	for _, r := range v.text[start:end] {
		if isDigit(r) {
			digits++
		}
	}
	if digits >= least {
		v.cover(start, end)
	}
}

// coverNames covers a name and those listed behind it. Announced by a colon,
// any short word is taken for a name, else it must begin with a surname.
func (v *contactView) coverNames(i int, announced bool) {
	for {
		n := v.nameLength(i, announced)
		if n == 0 {
			return
		}
		v.cover(i, i+n)
		i += n
		if !strings.ContainsRune("、/, ", v.at(i)) {
			return
		}
		i, announced = i+1, false
	}
}

// nameLength returns the number of characters of the name that begins at i, 0 if none does.
func (v *contactView) nameLength(i int, announced bool) int {
	const longest = 4
	n := v.while(i, func(r rune) bool { return unicode.Is(unicode.Han, r) || r == '·' }) - i
	for k := range n {
		if v.begins(i+k, notNames()) {
			n = k
			break
		}
	}
	switch surname := n > 0 && strings.ContainsRune(surnames, v.text[i]); {
	case n == 0 && announced:
		return v.latinName(i)
	case announced && n <= longest:
		return n
	case announced && surname:
		return longest - 1
	case surname && n >= 2 && n < longest:
		return n
	}
	return 0
}

// latinName is the length of a name of two or three words in Latin letters.
func (v *contactView) latinName(i int) int {
	end := i
	for word := range 3 {
		start := end
		if word > 0 && v.at(end) == ' ' {
			start++
		}
		stop := v.while(start, isLatin)
		if stop-start < 2 || word > 0 && start == end {
			break
		}
		end = stop
	}
	return end - i
}

func (v *contactView) begins(i int, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return v.has(i, []rune(w)) })
}

// notNames are words that follow a label or a name without being part of one.
func notNames() []string {
	return []string{
		"电话", "手机", "座机", "固话", "传真", "邮箱", "邮件", "微信", "联系", "联络", "职务", "地址", "单位", "部门",
		"方式", "方便", "方案", "管理", "信息", "安全", "关系", "应当", "时间", "高效", "待定", "见附", "详见", "暂无", "同上",
		"先生", "女士", "老师", "同志", "主任", "经理", "处长", "科长", "局长", "总监", "部长", "院长", "博士", "教授",
	}
}

// surnames are the single-character surnames in common use.
const surnames = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章云苏潘葛奚范彭郎鲁韦昌马苗" +
	"方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于傅皮卞齐康伍余卜顾孟平黄穆萧尹姚邵湛汪祁毛禹狄米贝明臧计成戴谈宋" +
	"茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻贾路娄江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫房裘缪干解应宗丁宣邓郁单" +
	"杭洪包诸左石崔吉钮龚程嵇邢裴陆荣翁荀惠甄曲封芮储靳段富巫乌焦巴谷车侯全班仲伊宫宁仇栾甘厉戎祖武符刘景詹龙叶幸司黎白蒲" +
	"索赖卓屠蒙池乔闻翟谭劳姬申冉桑桂牛边燕冀尚温庄晏柴瞿阎慕连习艾容向古易廖耿匡文寇欧聂敖冷辛那简饶曾沙丰关查游权盖肖闫覃佘涂"

func isDigit(r rune) bool { return r >= '0' && r <= '9' }
func isLatin(r rune) bool { return r >= 'a' && r <= 'z' }

func isMail(r rune) bool {
	return isDigit(r) || isLatin(r) || r == '.' || r == '-' || r == '_' || r == '+'
}
