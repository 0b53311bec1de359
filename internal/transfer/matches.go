package transfer

import (
	"context"
	"io"
	"strconv"
	"strings"

	"jinghe/internal/locale"
	"jinghe/internal/match"
	"jinghe/internal/scene"
)

// MatchOptions says how rankings are written.
type MatchOptions struct {
	Lang locale.Lang // "" is Chinese
	// Asked is the side that the rankings were asked for: opportunities (the
	// default) look for capabilities, or the other way round.
	Asked scene.Kind
}

// WriteMatches writes rankings as a table for people: one line a match, best
// first, with its reason, what the score is made of, what supports it, and
// what is missing. A workbook has a second sheet with what conditions removed;
// CSV has the matches only.
func WriteMatches(ctx context.Context, w io.Writer, format Format, rankings []match.Ranking, o MatchOptions) error {
	if o.Lang == "" {
		o.Lang = locale.Zh
	}
	m := matchWriter{MatchOptions: o}
	for i := range rankings {
		m.add(&rankings[i])
	}
	sheets := []sheetOut{
		{
			name: m.head("matches"), heads: m.heads(true), widths: []float64{10, 28, 24, 6, 10, 28, 24, 8, 10, 48, 32, 48, 48},
			count: len(m.matches), row: func(n int) []string { return m.matches[n] }, number: map[int]bool{3: true, 7: true},
		},
		{
			name: m.head("excluded"), heads: m.heads(false), widths: []float64{10, 28, 24, 10, 28, 24, 60},
			count: len(m.excluded), row: func(n int) []string { return m.excluded[n] },
		},
	}
	var err error
	switch format {
	case CSV:
		err = writeCSV(ctx, w, sheets[0], nil)
	case XLSX:
		err = writeWorkbook(ctx, w, sheets, nil)
	default:
		err = &scene.Error{Code: scene.Invalid, Key: "transfer.format_unknown", Args: map[string]any{"format": string(format)}}
	}
	return scene.Wrap("transfer.WriteMatches", err)
}

type matchWriter struct {
	MatchOptions
	matches, excluded [][]string
}

func (m *matchWriter) head(key string) string {
	return locale.Text(m.Lang, "transfer.head."+key, nil)
}

// heads returns the heads of the sheet of matches or of the excluded.
func (m *matchWriter) heads(matches bool) []string {
	asked, found := []string{"need_code", "need_name", "need_org"}, []string{"offer_code", "offer_name", "offer_org"}
	if m.Asked == supply {
		asked, found = found, asked
	}
	keys := asked
	if matches {
		keys = append(append(keys, "rank"), found...)
		keys = append(keys, "score", "eligible", "reason", "parts", "evidence", "gaps")
	} else {
		keys = append(append(keys, found...), "clauses")
	}
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = m.head(k)
	}
	return out
}

func (m *matchWriter) add(r *match.Ranking) {
	if len(r.Matches) == 0 {
		m.matches = append(m.matches, []string{r.Need.Code, r.Need.Name, r.Need.Org, "", "", "", "", "", "", m.head("no_match"), "", "", ""})
	}
	for i := range r.Matches {
		k := &r.Matches[i]
		m.matches = append(m.matches, []string{
			r.Need.Code, r.Need.Name, r.Need.Org, strconv.Itoa(i + 1), k.Offer.Code, k.Offer.Name, k.Offer.Org,
			strconv.FormatFloat(k.Score, 'f', 3, 64), m.head("eligible_" + k.Eligible), k.Reason,
			m.parts(k.Parts), m.evidence(k.Parts), m.gaps(k.Gaps),
		})
	}
	for i := range r.Excluded {
		x := &r.Excluded[i]
		m.excluded = append(m.excluded, []string{
			r.Need.Code, r.Need.Name, r.Need.Org, x.Offer.Code, x.Offer.Name, x.Offer.Org, m.gaps(x.Clauses),
		})
	}
}

// parts writes what the score is made of, the largest contributions as given.
func (m *matchWriter) parts(parts []match.Part) string {
	var out []string
	for _, p := range parts {
		if p.Contribution != 0 {
			out = append(out, m.partName(p.Name)+" "+strconv.FormatFloat(p.Contribution, 'f', 3, 64))
		}
	}
	return strings.Join(out, "\n")
}

func (m *matchWriter) partName(name string) string {
	if key := "match.part." + name; locale.Has(m.Lang, key) {
		return locale.Text(m.Lang, key, nil)
	}
	return name
}

// evidence writes the passages that support the parts, each once.
func (m *matchWriter) evidence(parts []match.Part) string {
	const most = 12
	var out []string
	for _, p := range parts {
		for _, e := range p.Evidence {
			if text := oneLine(e.Text); text != "" {
				out = append(out, text)
			}
		}
	}
	if out = unique(out); len(out) > most {
		out = append(out[:most], "…")
	}
	return strings.Join(out, "；")
}

// gaps writes clauses that are not met or not known, with the advice.
func (m *matchWriter) gaps(gaps []match.Gap) string {
	out := make([]string, 0, len(gaps))
	for _, g := range gaps {
		text := g.Advice
		if text == "" {
			text = strings.Join(trimmed([]string{g.Clause, g.Have, g.Want}), " / ")
		}
		out = append(out, m.head("gap_"+g.Status)+locale.Text(m.Lang, "colon", nil)+text)
	}
	return strings.Join(out, "\n")
}
