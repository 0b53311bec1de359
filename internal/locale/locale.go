// Package locale turns message keys into sentences, Chinese first and English.
//
// It stands on the ground floor. Everything below the edge speaks in keys and
// named arguments; a sentence is made where a person reads it. Each package
// keeps its messages in data/<lang>/<package>.json, and a test holds the two
// languages to the same keys and the same arguments.
package locale

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"

	"jinghe/internal/scene"
)

// Lang is a language of the interface.
type Lang string

// The languages.
const (
	Zh Lang = "zh"
	En Lang = "en"
)

// Parse returns the language that a tag such as "zh-CN" or "en" asks for, and
// whether it is one of ours.
func Parse(tag string) (Lang, bool) {
	switch base, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-"); base {
	case "zh":
		return Zh, true
	case "en":
		return En, true
	}
	return Zh, false
}

//go:embed data
var files embed.FS

// catalogue is loaded once, on first use, and never written again.
var catalogue = sync.OnceValues(load)

func load() (map[Lang]map[string]string, error) {
	all := map[Lang]map[string]string{}
	for _, lang := range []Lang{Zh, En} {
		all[lang] = map[string]string{}
		names, err := fs.Glob(files, path.Join("data", string(lang), "*.json"))
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			if err := addFile(all[lang], name); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

func addFile(into map[string]string, name string) error {
	raw, err := files.ReadFile(name)
	if err != nil {
		return err
	}
	var messages map[string]string
	if err := json.Unmarshal(raw, &messages); err != nil {
		return fmt.Errorf("locale: %s: %w", name, err)
	}
	for key, text := range messages {
		if _, double := into[key]; double {
			return fmt.Errorf("locale: %s: key %q stands in two files", name, key)
		}
		into[key] = text
	}
	return nil
}

// Check reports a defect in the embedded messages. A program calls it at start.
func Check() error {
	_, err := catalogue()
	return err
}

// Has reports whether lang has a message for key.
func Has(lang Lang, key string) bool {
	all, err := catalogue()
	if err != nil {
		return false
	}
	_, ok := all[lang][key]
	return ok
}

// Keys returns the keys of lang in no promised order.
func Keys(lang Lang) []string {
	all, err := catalogue()
	if err != nil {
		return nil
	}
	keys := make([]string, 0, len(all[lang]))
	for k := range all[lang] {
		keys = append(keys, k)
	}
	return keys
}

// Text renders the message key in lang with {name} replaced by args["name"], and
// {name|one|more} by the word that goes with that number: {n} {n|day|days}.
// An unknown key is shown as itself, so that nothing is hidden from a reader.
func Text(lang Lang, key string, args map[string]any) string {
	all, err := catalogue()
	if err != nil {
		return key
	}
	text, ok := all[lang][key]
	if !ok {
		if text, ok = all[Zh][key]; !ok {
			return key
		}
	}
	return fill(lang, text, args)
}

// fill puts the values where their names stand in braces, lists with commas between. A
// name without a value
// stays as it is, and what a value says is not looked at again.
func fill(lang Lang, text string, args map[string]any) string {
	if len(args) == 0 {
		return text
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{")
		name, after, closed := strings.Cut(rest, "}")
		if !found || !closed {
			if b.Len() == 0 {
				return text
			}
			b.WriteString(text)
			return b.String()
		}
		b.WriteString(before)
		name, words, counted := strings.Cut(name, "|")
		if value, ok := args[name]; ok {
			if counted {
				value = wordFor(value, words)
			}
			if list, several := value.([]string); several {
				value = strings.Join(list, Text(lang, "web.comma", nil))
			}
			fmt.Fprint(&b, value)
			text = after
			continue
		}
		b.WriteByte('{')
		text = rest
	}
}

// wordFor returns the first of two words for a count of one, else the second.
func wordFor(count any, words string) string {
	one, more, _ := strings.Cut(words, "|")
	if fmt.Sprint(count) == "1" {
		return one
	}
	return more
}

// Notice renders the sentence of a notice: an argument that begins with @ is
// itself a message, several are listed.
func Notice(lang Lang, n *scene.Notice) string {
	args := make(map[string]any, len(n.Args))
	for name, value := range n.Args {
		args[name] = argument(lang, value)
	}
	return Text(lang, n.Key, args)
}

func argument(lang Lang, value any) any {
	switch v := value.(type) {
	case string:
		if key, ok := strings.CutPrefix(v, "@"); ok && Has(lang, key) {
			return Text(lang, key, nil)
		}
		return Retold(lang, v)
	case []string:
		return strings.Join(v, Text(lang, "list.separator", nil))
	case []any: // as it comes back from rows
		parts := make([]string, len(v))
		for i := range v {
			parts[i] = fmt.Sprint(argument(lang, v[i]))
		}
		return strings.Join(parts, Text(lang, "list.separator", nil))
	}
	return value
}

// Error renders err for a person: the message of the first *scene.Error that
// has a key, followed by its field errors; for any other error the general
// message of its code, never the cause.
func Error(lang Lang, err error) string {
	if err == nil {
		return ""
	}
	e, ok := errors.AsType[*scene.Error](err)
	if !ok || e.Key == "" {
		return Text(lang, "error."+string(scene.CodeOf(err)), nil)
	}
	s := Text(lang, e.Key, e.Args)
	for _, f := range e.Fields {
		s += Text(lang, "list.separator", nil) + Field(lang, f)
	}
	return s
}

// Field renders one field error as “field: message”.
func Field(lang Lang, f scene.FieldError) string {
	name := f.Field
	if Has(lang, "field."+f.Field) {
		name = Text(lang, "field."+f.Field, nil)
	}
	return name + Text(lang, "colon", nil) + Text(lang, f.Key, f.Args)
}

// Problem renders a problem of an import as one line that names file, sheet,
// row, column and value, and says what to do.
func Problem(lang Lang, p scene.Problem) string {
	where := p.File
	if p.Sheet != "" {
		where += " › " + p.Sheet
	}
	if p.Row > 0 {
		where += " › " + Text(lang, "problem.row", map[string]any{"row": p.Row})
	}
	if p.Column != "" {
		where += " › " + Text(lang, "problem.column", map[string]any{"column": p.Column})
	}
	s := where + Text(lang, "colon", nil) + Text(lang, p.Key, p.Args)
	if p.Value != "" {
		s += Text(lang, "problem.value", map[string]any{"value": p.Value})
	}
	return s
}
