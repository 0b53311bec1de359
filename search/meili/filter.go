package meili

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"jinghe/search"
	"jinghe/search/keyword"
)

// Conditions are texts in the server's filter language. The empty one holds always.

// never is a condition that no document meets.
const never = fieldWords + " IN []"

func oneOf(field string, codes []string) string {
	quotes := make([]string, len(codes))
	for i, c := range codes {
		quotes[i] = quoted(c)
	}
	return field + " IN [" + strings.Join(quotes, ", ") + "]"
}

// quoted is for codes and numbers, which hold nothing to escape.
func quoted(code string) string { return `"` + code + `"` }

func allOf(conditions ...string) string {
	return strings.Join(slices.DeleteFunc(conditions, func(c string) bool { return c == "" }), " AND ")
}

func anyOf(conditions []string) string {
	if len(conditions) == 1 {
		return conditions[0]
	}
	return "(" + strings.Join(conditions, " OR ") + ")"
}

// condition writes the clauses, but for those on the facet that is left out.
func (ix *Index) condition(clauses []search.Clause, without string) string {
	var all []string
	for _, c := range clauses {
		if without != "" && c.Facet == without {
			continue
		}
		text := ix.clause(c)
		if c.Not {
			text = "NOT (" + text + ")"
		}
		all = append(all, text)
	}
	return allOf(all...)
}

func (ix *Index) clause(c search.Clause) string {
	if c.Facet != "" {
		return oneOf(facetName(slices.Index(ix.schema.Facets, c.Facet)), ix.coder.codes(c.AnyOf))
	}
	field := numberName(slices.Index(ix.schema.Numbers, c.Number))
	parts := []string{field + " EXISTS"}
	if c.Min != nil {
		parts = append(parts, field+" >= "+number(*c.Min))
	}
	if c.Max != nil {
		parts = append(parts, field+" <= "+number(*c.Max))
	}
	if c.Min != nil && math.IsInf(*c.Min, 1) || c.Max != nil && math.IsInf(*c.Max, -1) {
		return never
	}
	return strings.Join(parts, " AND ")
}

// number writes a bound; the server knows no infinity.
func number(v float64) string {
	v = min(max(v, -math.MaxFloat64), math.MaxFloat64)
	return quoted(strconv.FormatFloat(v, 'g', -1, 64))
}

// wanted is what the server is asked to find: documents that meet the condition
// and have the words.
type wanted struct {
	condition string
	words     []string // quoted codes
}

// with adds what another one wants.
func (w wanted) with(other wanted) wanted {
	return wanted{allOf(w.condition, other.condition), slices.Concat(w.words, other.words)}
}

// want says how a unit of a query is met; false where no document meets it.
func (ix *Index) want(q *inquiry, u keyword.Unit) (wanted, bool) {
	var single, several []string
	for _, a := range u.Alternatives {
		codes := make([]string, len(a.Terms))
		filterable := true
		for i, t := range a.Terms {
			codes[i] = ix.coder.code(t.Text)
			filterable = filterable && listed(q.lex, t.Text)
		}
		switch {
		case !filterable && len(u.Alternatives) == 1:
			for i, c := range codes {
				codes[i] = quoted(c)
			}
			return wanted{words: codes}, true
		case !filterable: // cannot be one of several: such terms are asked for by themselves
		case len(codes) == 1:
			single = append(single, codes[0])
		default:
			for i, c := range codes {
				codes[i] = oneOf(fieldWords, []string{c})
			}
			several = append(several, "("+strings.Join(codes, " AND ")+")")
		}
	}
	if len(single) > 0 {
		several = append(several, oneOf(fieldWords, single))
	}
	if len(several) == 0 {
		return wanted{}, false
	}
	return wanted{condition: anyOf(several)}, true
}
