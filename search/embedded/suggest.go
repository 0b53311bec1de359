package embedded

import (
	"context"
	"iter"
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
func (ix *Index) Suggest(ctx context.Context, prefix string, limit int, filter []search.Clause) ([]search.Suggestion, error) {
	v, err := ix.view(ctx)
	if err != nil {
		return nil, err
	}
	query := search.Query{Filter: filter}
	if err := ix.schema.CheckQuery(query); err != nil {
		return nil, err
	}
	limit = min(limit, mostSuggestions)
	if limit <= 0 || !hasContent(prefix) {
		return nil, nil
	}
	sc := ix.scratch.Get().(*scratch)
	defer ix.scratch.Put(sc)
	run := &searchRun{ix: ix, view: v, query: query, scratch: sc, scorer: newScorer(ix.schema, v)}
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
			pinyin := r.ix.schema.Text[f].Pinyin
			for value := range values(texts[f]) {
				if _, known := counts[value]; !known && len(marker.spans(value, pinyin)) > 0 {
					counts[value] = 0
					begins[value] = r.beginsWith(value, typed, pinyin)
				}
			}
		}
	}
	var carried []string // by one document, which counts once
	for _, h := range r.hits {
		texts := r.view.parts[h.part].texts(h.doc)
		seen := carried[:0]
		for _, f := range fields {
			for value := range values(texts[f]) {
				if _, ok := counts[value]; ok && !slices.Contains(seen, value) {
					counts[value]++
					seen = append(seen, value)
				}
			}
		}
		carried = seen
	}
	return rankSuggestions(counts, begins, limit)
}

// values are the lines of a text, trimmed.
func values(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for line := range strings.SplitSeq(text, "\n") {
			if line = strings.TrimSpace(line); line != "" && !yield(line) {
				return
			}
		}
	}
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
