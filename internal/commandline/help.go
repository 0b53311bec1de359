package commandline

import (
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"jinghe/internal/locale"
)

const (
	helpWidth = 80 // of a line of the help, in columns
	helpLeft  = 30 // of what is explained; what is wider has a line of its own
)

// PrintHelp writes the help of the verb that a line names; about says what the
// program is.
func (l *Line) PrintHelp(w io.Writer, lang locale.Lang, about string) error {
	n := l.at
	p := &page{lang: lang}
	p.line(say(lang, "usage") + n.usage())
	p.line("")
	if n.help != "" {
		about = locale.Text(lang, n.help, nil)
	}
	p.wrapped(about)
	if more, ok := l.Verb.(Helper); ok {
		p.line("")
		p.line(more.Help())
	}
	if len(n.args) > 0 {
		p.head("arguments")
		var rows [][2]string
		for _, a := range n.args {
			rows = append(rows, [2]string{a.argument(), locale.Text(lang, a.help, nil)})
		}
		p.rows(rows)
	}
	p.head("flags")
	p.rows(n.flagRows(lang))
	if len(n.verbs) > 0 {
		p.head("commands")
		p.rows(n.verbRows(lang, strings.TrimPrefix(n.path(), n.chain()[0].name)))
		if n.parent == nil {
			p.line("")
			p.line(say(lang, "more"))
		}
	}
	_, err := io.WriteString(w, p.String())
	return err
}

// usage is how a verb is called, with all that it needs.
func (n *node) usage() string {
	words := []string{n.path()}
	for _, c := range n.chain() {
		for _, f := range c.flags {
			if f.required {
				words = append(words, f.shown())
			}
		}
	}
	for _, a := range n.args {
		words = append(words, a.argument())
	}
	if len(n.verbs) > 0 {
		words = append(words, "<command>")
	}
	return strings.Join(append(words, "[flags]"), " ")
}

// flagRows explains the flags of the program, then those of a verb.
func (n *node) flagRows(lang locale.Lang) [][2]string {
	rows := [][2]string{{"-h, --help", say(lang, "help")}}
	for i, c := range n.chain() {
		if i > 0 && len(c.flags) > 0 {
			rows = append(rows, [2]string{})
		}
		for _, f := range c.flags {
			if f.hidden {
				continue
			}
			left := "    " + f.shown()
			if f.short != "" {
				left = "-" + f.short + ", " + f.shown()
			}
			told := locale.Text(lang, f.help, nil)
			if f.env != "" {
				told += " ($" + f.env + ")"
			}
			rows = append(rows, [2]string{left, told})
		}
	}
	return rows
}

// verbRows explains the verbs under n that do something.
func (n *node) verbRows(lang locale.Lang, path string) [][2]string {
	var rows [][2]string
	for _, v := range n.verbs {
		called := strings.TrimSpace(path + " " + v.name)
		if len(v.verbs) > 0 {
			rows = append(rows, v.verbRows(lang, called)...)
			continue
		}
		rows = append(rows, [2]string{called, locale.Text(lang, v.help, nil)})
	}
	return rows
}

// page is a help page while it is written.
type page struct {
	strings.Builder
	lang locale.Lang
}

func (p *page) line(s string) { p.WriteString(s + "\n") }

func (p *page) wrapped(s string) {
	for l := range strings.SplitSeq(text.WrapSoft(s, helpWidth), "\n") {
		p.line(strings.TrimRight(l, " "))
	}
}

func (p *page) head(key string) {
	p.line("")
	p.line(say(p.lang, key))
}

// rows writes what is explained in one column and the explanation in another.
func (p *page) rows(rows [][2]string) {
	left := 0
	for _, r := range rows {
		if w := text.StringWidthWithoutEscSequences(r[0]); w <= helpLeft {
			left = max(left, w)
		}
	}
	for _, r := range rows {
		if r[0] == "" {
			p.line("")
			continue
		}
		width := text.StringWidthWithoutEscSequences(r[0])
		p.WriteString("  " + r[0])
		if width > left {
			p.line("")
			width = -2
		}
		for i, l := range strings.Split(text.WrapSoft(r[1], helpWidth-left-6), "\n") {
			if i > 0 {
				width = -2
			}
			p.line(strings.Repeat(" ", left+4-width) + strings.TrimRight(l, " "))
		}
	}
}
