package embedded

import (
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"jinghe/search"
)

// Bounds of one Suggest call.
const (
	mostSuggestions = 50
	mostInspected   = 300 // best documents whose values are looked at
)

// Suggest implements [search.Index]: values of suggest fields that match what
// was typed. Values that begin with it, or whose pinyin does, come first, then
// those that more documents carry, then shorter ones.
func (ix *Index) Suggest(ctx context.Context, prefix string, limit int) ([]search.Suggestion, error) {
	v, err := ix.view(ctx)
	if err != nil {
		return nil, err
	}
	limit = min(limit, mostSuggestions)
	if limit <= 0 || !hasContent(prefix) {
		return nil, nil
	}
	sc := ix.scratch.Get().(*scratch)
	defer ix.scratch.Put(sc)
	run := &searchRun{ix: ix, view: v, scratch: sc, scorer: newScorer(ix.schema, v)}
	run.keywords = compile(ix.schema, v, prefix)
	if len(run.keywords.units) == 0 {
		return nil, nil
	}
	run.begin()
	for i, p := range v.parts {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		run.take(i, p, run.matching(p))
	}
	return run.suggestions(prefix, limit), nil
}

func (r *searchRun) suggestions(prefix string, limit int) []search.Suggestion {
	fields := r.suggestFields()
	inspected := min(len(r.hits), mostInspected)
	smallest(r.hits, inspected, r.order())
	typed := strings.TrimSpace(r.view.lex.Fold(prefix))
	counts := make(map[string]int)
	begins := make(map[string]bool)
	marker := newMarker(r.ix.schema, r.view, r.keywords, nil)
	for _, h := range r.hits[:inspected] {
		texts := r.view.parts[h.part].texts(h.doc)
		for _, f := range fields {
			if _, known := counts[texts[f]]; known {
				continue
			}
			pinyin := r.ix.schema.Text[f].Pinyin
			if len(marker.spans(texts[f], pinyin)) > 0 {
				counts[texts[f]] = 0
				begins[texts[f]] = r.beginsWith(texts[f], typed, pinyin)
			}
		}
	}
	for _, h := range r.hits {
		texts := r.view.parts[h.part].texts(h.doc)
		for _, f := range fields {
			if n, ok := counts[texts[f]]; ok {
				counts[texts[f]] = n + 1
			}
		}
	}
	return rankSuggestions(counts, begins, limit)
}

func (r *searchRun) suggestFields() []int {
	var fields []int
	for f, field := range r.ix.schema.Text {
		if field.Suggest {
			fields = append(fields, f)
		}
	}
	return fields
}

func (r *searchRun) beginsWith(value, typed string, pinyin bool) bool {
	if strings.HasPrefix(r.view.lex.Fold(value), typed) {
		return true
	}
	if !pinyin {
		return false
	}
	full, initials := r.view.lex.Pinyin(value)
	letters := strings.ReplaceAll(typed, " ", "")
	return strings.HasPrefix(full, letters) || strings.HasPrefix(initials, letters)
}

func rankSuggestions(counts map[string]int, begins map[string]bool, limit int) []search.Suggestion {
	out := make([]search.Suggestion, 0, len(counts))
	for text, n := range counts {
		out = append(out, search.Suggestion{Text: text, Count: n})
	}
	slices.SortFunc(out, func(a, b search.Suggestion) int {
		if begins[a.Text] != begins[b.Text] {
			if begins[a.Text] {
				return -1
			}
			return 1
		}
		if a.Count != b.Count {
			return b.Count - a.Count
		}
		if la, lb := utf8.RuneCountInString(a.Text), utf8.RuneCountInString(b.Text); la != lb {
			return la - lb
		}
		return compareStrings(a.Text, b.Text)
	})
	return out[:min(limit, len(out))]
}

// hasContent reports whether anything but blanks was typed.
func hasContent(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsSpace(r) })
}
