package api

import (
	_ "embed" // the Chinese of what the document says
	"encoding/json"
	"strings"
	"sync"

	"jinghe/internal/locale"
)

// What the document says of operations, parameters and members stands in English
// beside the code; the Chinese of each sentence is in one file. A test holds the
// file to the sentences there are.
//
//go:embed chinese.json
var chineseFile []byte

// chinese is the Chinese of each sentence of the document.
var chinese = sync.OnceValue(func() map[string]string {
	var all map[string]string
	if json.Unmarshal(chineseFile, &all) != nil {
		return nil // the English is shown; the test tells
	}
	return all
})

// said is a sentence of the document in a language.
func said(lang locale.Lang, english string) string {
	if lang == locale.Zh {
		if text, ok := chinese()[english]; ok {
			return text
		}
	}
	return english
}

// half is one language's half of a short head that stands in both: 中文 · English.
func half(lang locale.Lang, head string) string {
	zh, en, both := strings.Cut(head, " · ")
	if both && lang == locale.En {
		return en
	}
	return zh
}

// tagHead splits what a tag says into its head and its sentence.
func tagHead(lang locale.Lang, description string) (head, sentence string) {
	head, sentence, _ = strings.Cut(description, ": ")
	return half(lang, head), said(lang, sentence)
}

// inLanguage is a document all in one language; examples stay as they are.
func inLanguage(lang locale.Lang, document []byte) ([]byte, error) {
	var all map[string]any
	if err := json.Unmarshal(document, &all); err != nil {
		return nil, err
	}
	if tags, ok := all["tags"].([]any); ok {
		for _, t := range tags {
			if tag, ok := t.(map[string]any); ok {
				description, _ := tag["description"].(string)
				head, sentence := tagHead(lang, description)
				tag["description"] = head + locale.Text(lang, "colon", nil) + sentence
			}
		}
	}
	translate(lang, all)
	return json.Marshal(all)
}

// translate puts sentences in place of those in English, from node down.
func translate(lang locale.Lang, node any) {
	switch n := node.(type) {
	case []any:
		for _, v := range n {
			translate(lang, v)
		}
	case map[string]any:
		for name, v := range n {
			text, isText := v.(string)
			switch {
			case name == "example" || name == "examples":
			case isText && name == "summary":
				n[name] = half(lang, text)
			case isText && name == "description":
				n[name] = said(lang, text)
			default:
				translate(lang, v)
			}
		}
	}
}
