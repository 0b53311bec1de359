package meili

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/meilisearch/meilisearch-go"

	"jinghe/search"
	"jinghe/search/keyword"
	"jinghe/search/lexicon"
)

// stored is a document as the server keeps it.
type stored map[string]any

// analyser makes stored documents with one lexicon. It is for one goroutine.
type analyser struct {
	coder
	schema search.Schema
	lex    *lexicon.Lexicon
	tokens []lexicon.Token
	sound  []byte
}

func newAnalyser(s search.Schema, lex *lexicon.Lexicon) *analyser {
	return &analyser{coder: newCoder(), schema: s, lex: lex}
}

// store returns the document for the server, and its distinct terms and sounds.
func (a *analyser) store(d search.Document) (stored, []string) {
	out := stored{fieldID: a.id(d.ID), fieldAll: everywhere, fieldMark: documentMark(&d)}
	all := make(map[string]bool)
	lengths := make([]int, len(a.schema.Text))
	for i, f := range a.schema.Text {
		text := d.Text[f.Name]
		if text == "" {
			continue
		}
		out[textName(i)] = text
		var terms string
		terms, lengths[i] = a.terms(text, f.Pinyin, all)
		out[termsName(i)] = terms
	}
	out[fieldLengths] = lengths
	list := make([]string, 0, len(all))
	codes := make([]string, 0, len(all))
	for t := range all {
		list = append(list, t)
		if listed(a.lex, t) {
			codes = append(codes, a.code(t))
		}
	}
	slices.Sort(codes)
	out[fieldWords] = codes
	for i, name := range a.schema.Facets {
		if values := d.Facets[name]; len(values) > 0 {
			out[facetName(i)] = a.codes(values)
		}
	}
	for i, name := range a.schema.Numbers {
		if v, ok := d.Numbers[name]; ok {
			out[numberName(i)] = v
		}
	}
	return out, list
}

// documentMark is a short text that two documents have in common only if they are alike:
// 16 bytes of the SHA-256 of their fields.
func documentMark(d *search.Document) string {
	digest := sha256.New()
	if err := json.NewEncoder(digest).Encode(d); err != nil { // a number that is none: unlike all others
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(digest.Sum(nil)[:16])
}

// terms returns the codes of the distinct terms of a text, joined by blanks, and
// its length in characters and Latin words. They go into all, with the sounds.
func (a *analyser) terms(text string, pinyin bool, all map[string]bool) (string, int) {
	a.tokens = a.lex.AppendTokens(a.tokens[:0], text)
	var b strings.Builder
	seen := make(map[string]bool, len(a.tokens))
	length := 0
	for _, t := range a.tokens {
		if t.Kind == lexicon.Char || t.Kind == lexicon.Latin || t.Kind == lexicon.Number {
			length++
		}
		if seen[t.Term] {
			continue
		}
		seen[t.Term] = true
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(a.code(t.Term))
		if !all[t.Term] {
			all[strings.Clone(t.Term)] = true
		}
	}
	if pinyin {
		a.sound = keyword.EachSound(a.lex, text, a.tokens, a.sound, func(term []byte) {
			if !all[string(term)] {
				all[string(term)] = true
			}
		})
	}
	return b.String(), length
}

func (c coder) codes(values []string) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = c.code(v)
	}
	return out
}

// restore is the opposite of store, for what the server displays. Facet values
// longer than a code holds come back cut.
func (a *analyser) restore(hit meilisearch.Hit) (search.Document, error) {
	d := search.Document{Text: map[string]string{}, Facets: map[string][]string{}, Numbers: map[string]float64{}}
	var err error
	if d.ID, err = a.hitID(hit); err != nil {
		return d, err
	}
	for i, f := range a.schema.Text {
		text, err := field[string](hit, textName(i))
		if err != nil {
			return d, err
		}
		if text != "" {
			d.Text[f.Name] = text
		}
	}
	for i, name := range a.schema.Facets {
		codes, err := field[[]string](hit, facetName(i))
		if err != nil {
			return d, err
		}
		for _, code := range codes {
			value, _ := a.text(code)
			d.Facets[name] = append(d.Facets[name], value)
		}
	}
	for i, name := range a.schema.Numbers {
		if _, has := hit[numberName(i)]; !has {
			continue
		}
		if d.Numbers[name], err = field[float64](hit, numberName(i)); err != nil {
			return d, err
		}
	}
	return d, nil
}

func (c coder) hitID(hit meilisearch.Hit) (string, error) {
	code, err := field[string](hit, fieldID)
	if err != nil {
		return "", err
	}
	id, ok := c.idOf(code)
	if !ok {
		return "", fmt.Errorf("document %q has an ID of another program", code)
	}
	return id, nil
}

// field reads one field of a hit, the zero value where it has none.
func field[T any](hit meilisearch.Hit, name string) (value T, err error) {
	raw, has := hit[name]
	if !has {
		return value, nil
	}
	if err := json.Unmarshal(raw, &value); err != nil {
		return value, fmt.Errorf("field %s: %w", name, err)
	}
	return value, nil
}

// texts returns the text fields of a hit in the order of the schema.
func texts(s search.Schema, hit meilisearch.Hit) ([]string, error) {
	out := make([]string, len(s.Text))
	for i := range out {
		text, err := field[string](hit, textName(i))
		if err != nil {
			return nil, err
		}
		out[i] = text
	}
	return out, nil
}
