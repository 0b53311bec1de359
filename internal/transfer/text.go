package transfer

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"

	"jinghe/internal/scene"
)

// Bound on a value that is quoted in a problem, in code points.
const maxQuoted = 80

// clean makes a cell readable: line ends become \n, invisible characters go,
// blanks at both ends of the cell and at the end of each line go.
func clean(s string) string {
	if tidy(s) {
		return s
	}
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\u2028", "\n", "\u2029", "\n",
		"\u00a0", " ", "\t", " ").Replace(s)
	s = strings.Map(func(r rune) rune {
		if r == '\n' {
			return r
		}
		if invisible(r) {
			return -1
		}
		return r
	}, s)
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimRightFunc(lines[i], unicode.IsSpace)
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// invisible holds control and zero-width characters; a zero-width joiner stays,
// since it carries meaning in some scripts and in emoji.
func invisible(r rune) bool {
	return r < ' ' || r >= 0x7f && r < 0xa0 || r == '\u200b' || r == '\ufeff' || r == '\u2060'
}

// tidy reports that clean would change nothing; most cells are.
func tidy(s string) bool {
	if s == "" {
		return true
	}
	first, _ := utf8.DecodeRuneInString(s)
	last, _ := utf8.DecodeLastRuneInString(s)
	if unicode.IsSpace(first) || unicode.IsSpace(last) {
		return false
	}
	prev := rune(0)
	for _, r := range s {
		switch {
		case r >= cjk: // most of what there is
			if r == '\ufeff' || r == utf8.RuneError {
				return false
			}
		case r == '\n' && unicode.IsSpace(prev), r != '\n' && (invisible(r) || oddSpace(r)):
			return false
		}
		prev = r
	}
	return true
}

func oddSpace(r rune) bool { return r == '\u00a0' || r == '\u2028' || r == '\u2029' }

// oneLine is clean for a name: runs of blanks become one; line ends inside a
// Chinese name are layout, so they vanish, and between Latin letters they become a blank.
func oneLine(s string) string {
	s = clean(s)
	if !strings.ContainsAny(s, "\n ") {
		return s
	}
	var b strings.Builder
	prev := rune(0)
	for _, part := range strings.Split(s, "\n") {
		part = strings.Join(strings.Fields(part), " ")
		next, _ := utf8.DecodeRuneInString(part)
		if b.Len() > 0 && prev < cjk && next < cjk {
			b.WriteByte(' ')
		}
		b.WriteString(part)
		prev, _ = utf8.DecodeLastRuneInString(part)
	}
	return b.String()
}

// cjk is the first code point of the scripts that are written without blanks.
const cjk = 0x2e80

// fold brings a cell to the form that the parsers of numbers and words read:
// half width, lower case, no blanks.
func fold(s string) string {
	s = strings.ToLower(width.Fold.String(clean(s)))
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// nothing reports that a cell was filled in only to say that there is nothing.
func nothing(s string) bool {
	const longest = 24 // bytes, with room for width and blanks
	if len(s) > longest && len(strings.TrimSpace(s)) > longest {
		return false
	}
	switch fold(s) {
	case "", "-", "--", "—", "——", "/", "\\", "无", "暂无", "没有", "n/a", "na", "null", "nil", "none", "空", "未填", "不详":
		return true
	}
	return false
}

// errorValue reports that a cell shows an error of the spreadsheet program.
func errorValue(s string) bool {
	switch s {
	case "#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA":
		return true
	}
	return false
}

// mend takes what is left of a character cut in half from the end of a text
// and reports whether there was any, there or inside.
func mend(s string) (string, bool) {
	if !strings.ContainsRune(s, utf8.RuneError) && utf8.ValidString(s) {
		return s, false
	}
	s = strings.ToValidUTF8(s, "\uFFFD")
	return strings.TrimRight(s, "\uFFFD"), true
}

// quote shortens a value for a message.
func quote(s string) string {
	return scene.Clip(strings.ReplaceAll(s, "\n", " "), maxQuoted)
}

// pieces splits a cell that lists several values.
func pieces(s string) []string { return trimmed(strings.FieldsFunc(s, separates)) }

func separates(r rune) bool {
	switch r {
	case '、', '，', ',', ';', '；', '\n', '|', '｜':
		return true
	}
	return false
}

// lines splits a cell that holds one value a line.
func lines(s string) []string { return trimmed(strings.Split(s, "\n")) }

func trimmed(parts []string) []string {
	out := parts[:0]
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}
