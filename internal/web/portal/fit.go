package portal

import (
	"context"
	"slices"
	"strconv"

	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/internal/web/backend"
	"jinghe/internal/web/ui"
)

// fit sets the parts of the scores of columns side by side, as matches of the
// listing that asks; nil where nobody asks, or what asks is not there or not open. An entry that is not
// among the first matches has no figures.
func (v *visit) fit(ctx context.Context, kind scene.Kind, asker scene.ID, columns []column) (*ui.Fit, error) {
	if asker == "" || len(columns) == 0 {
		return nil, nil
	}
	l, err := v.asks(ctx, otherKind(kind), asker)
	if scene.CodeOf(err) == scene.NotFound || err == nil && !l.Open(v.at) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	address := listingURL(otherKind(kind), asker)
	f := &ui.Fit{Name: v.name(l), URL: address, BackURL: address + "/matches", Scores: make([]string, len(columns))}
	ranking, err := v.ranking(ctx, otherKind(kind), asker, backend.Matching{Top: matchesFull, Lang: v.lang, Ahead: true})
	if err != nil {
		v.log.WarnContext(ctx, "no matches to compare", "kind", string(kind), "id", string(asker), "error", err)
		f.Notice = v.t("web.matches.away")
		return f, nil
	}
	v.fitParts(f, ranking, columns)
	return f, nil
}

// asks reads the listing that asks.
func (v *visit) asks(ctx context.Context, kind scene.Kind, id scene.ID) (*scene.Listing, error) {
	if kind == scene.KindCapability {
		o, err := v.catalogue.Capability(ctx, id)
		return &o.Listing, err
	}
	o, err := v.catalogue.Opportunity(ctx, id)
	return &o.Listing, err
}

// fitParts fills a row for each signal that counts for one of the columns, in the
// order of the method.
func (v *visit) fitParts(f *ui.Fit, ranking match.Ranking, columns []column) {
	axes := map[string]int{}
	for i, x := range columns {
		at := slices.IndexFunc(ranking.Matches, func(m match.Match) bool { return m.Offer.ID == x.id })
		if at < 0 {
			continue
		}
		m := &ranking.Matches[at]
		f.Scores[i] = strconv.Itoa(percent(m.Score)) + " %"
		for axis := range m.Parts {
			part := &m.Parts[axis]
			if part.Weight <= 0 {
				continue
			}
			row, ok := axes[part.Name]
			if !ok {
				row = len(f.Rows)
				axes[part.Name] = row
				f.Rows = append(f.Rows, ui.FitRow{Label: v.partLabel(part.Name), Axis: axis, Values: make([]string, len(columns))})
			}
			f.Rows[row].Values[i] = strconv.Itoa(percent(part.Value)) + " %"
		}
	}
	slices.SortStableFunc(f.Rows, func(a, b ui.FitRow) int { return a.Axis - b.Axis })
}
