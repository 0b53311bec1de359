package main

import (
	"bytes"
	"io"
	"strings"

	"github.com/alecthomas/kong"

	"jinghe/internal/locale"
)

// parserPhrases are what the command-line parser says in English, each with the
// key of what is said instead. Longer ones come before those they begin with.
func parserPhrases() [][2]string {
	return [][2]string{
		{"Usage: ", "cli.parser.usage"},
		{"Arguments:", "cli.parser.arguments"},
		{"Flags:", "cli.parser.flags"},
		{"Commands:", "cli.parser.commands"},
		{`Run "jinghe <command> --help" for more information on a command.`, "cli.parser.more"},
		{"Show context-sensitive help.", "cli.parser.help"},
		{"unexpected argument ", "cli.parser.unexpected"},
		{"unknown flag ", "cli.parser.unknown"},
		{"missing flags: ", "cli.parser.missing_flags"},
		{"missing positional arguments ", "cli.parser.missing_arguments"},
		{", did you mean one of ", "cli.parser.did_you_mean"},
		{", did you mean ", "cli.parser.did_you_mean"},
		{"expected one of ", "cli.parser.expected_one"},
		{"expected ", "cli.parser.expected"},
		{" must be one of ", "cli.parser.one_of"},
		{" but got ", "cli.parser.but_got"},
		{" can't be used together", "cli.parser.not_together"},
	}
}

// translated says in another language what the parser said in English.
func translated(lang locale.Lang, text string) string {
	if lang == locale.En {
		return text
	}
	var pairs []string
	for _, p := range parserPhrases() {
		pairs = append(pairs, p[0], locale.Text(lang, p[1], nil))
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// helpIn prints the parser's help in a language.
func helpIn(lang locale.Lang) kong.HelpPrinter {
	return func(o kong.HelpOptions, parsed *kong.Context) error {
		out := parsed.Stdout
		var help bytes.Buffer
		parsed.Stdout = &help
		err := kong.DefaultHelpPrinter(o, parsed)
		parsed.Stdout = out
		if err != nil {
			return err
		}
		_, err = io.WriteString(out, translated(lang, strings.TrimRight(help.String(), "\n"))+"\n")
		return err
	}
}
