package portal

import (
	"cmp"
	"context"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"jinghe/internal/locale"
	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/internal/web/backend"
	"jinghe/internal/web/ui"
	"jinghe/search"
)

const (
	matchesFull  = 20 // matches on the page of matches
	quotesShown  = 6  // passages per match
	quotesOfPart = 2
	partsBeside  = 6      // signals per match beside a listing
	weakBelow    = 20     // per cent; beside a listing only the best may be weaker
	quoteContext = 14     // code points on either side of a passage
	unfolded     = "open" // parameter that shows all of each match
)

// ranking is the other side of the market as it answers a listing of a kind.
func (v *visit) ranking(ctx context.Context, kind scene.Kind, id scene.ID, q backend.Matching) (match.Ranking, error) {
	if kind == scene.KindCapability {
		return v.matcher.NeedsFor(ctx, id, q)
	}
	return v.matcher.OffersFor(ctx, id, q)
}

// matches asks for the other side of the market. A ranking that cannot be had
// leaves a sentence in its place and a line in the log, never a broken page.
// fields are the texts of the listing that asks, own what its organisation said of
// them, if it is that which reads.
func (v *visit) matches(ctx context.Context, kind scene.Kind, l *scene.Listing, fields map[string]string, own ours, top int) ui.Matches {
	view := ui.Matches{Kind: otherKind(kind)}
	if !l.Open(v.at) {
		view.Notice = v.t("web.matches.closed")
		return view
	}
	full := top == matchesFull
	q := backend.Matching{Top: top + len(own.passed), Lang: v.lang, More: full}
	if full {
		q.Order, q.Ahead = orderOf(v.c.QueryParam("order")), v.c.QueryParam("more") == ""
	}
	ranking, err := v.ranking(ctx, kind, l.ID, q)
	var texts sides
	if err == nil {
		ranking.Matches = own.without(ranking.Matches, top)
		texts, err = v.sides(ctx, kind, fields, ranking, own.others())
	}
	if err != nil {
		v.log.WarnContext(ctx, "no matches", "kind", string(kind), "id", string(l.ID), "error", err)
		view.Notice = v.t("web.matches.away")
		return view
	}
	view.Note, view.Version, view.Clarity = ranking.Note, ranking.Version, v.clarity(ranking.Clarity)
	for i := range ranking.Matches {
		item := v.match(view.Kind, i+1, &ranking.Matches[i], texts)
		item.Begin = v.begin(kind, l, ranking.Matches[i].Offer.ID, texts)
		own.answer(v, &item)
		if top < matchesFull && i > 0 && item.Score < weakBelow {
			continue
		}
		item.Open = i == 0
		v.detail(&item, &ranking.Matches[i], full)
		view.Items = append(view.Items, item)
	}
	for _, e := range ranking.Excluded {
		view.Excluded = append(view.Excluded, ui.Excluded{
			Name: first(texts.names[e.Offer.ID], e.Offer.Name), URL: listingURL(view.Kind, e.Offer.ID),
			Org:  v.orgName(texts.orgs[e.Offer.ID], e.Offer.Org),
			Gaps: v.gaps(e.Clauses),
		})
	}
	own.tell(v, &view, texts)
	if full {
		view.Compare = string(l.ID)
		v.more(&view, listingURL(kind, l.ID)+"/matches", ranking, texts)
		v.form(view.Consortium, l, ranking.Consortium)
	}
	if len(ranking.Matches) == top && top < matchesFull {
		view.MoreURL = listingURL(kind, l.ID) + "/matches"
	}
	return view
}

// detail shows all parts on the page of matches, and the best beside a listing.
func (v *visit) detail(item *ui.Match, m *match.Match, full bool) {
	if !full {
		item.Parts = item.Parts[:min(len(item.Parts), partsBeside)]
		return
	}
	item.Total = points(m.Raw)
	item.Open = item.Open || v.c.QueryParam(unfolded) != ""
}

// more adds what the page of matches tells besides; address is the page's own.
func (v *visit) more(view *ui.Matches, address string, r match.Ranking, texts sides) {
	view.Orders, view.Unfold = v.orders(address, r.Order), v.unfold(address)
	if !r.Listed.IsZero() {
		view.Listed, view.AskURL = ui.Minute(r.Listed), address+"?more=1"
	}
	view.Changes, view.Consortium = v.changes(view.Kind, r.Changes, texts), v.consortium(r.Consortium, texts)
}

// unfold leads to the same list with everything shown, and back.
func (v *visit) unfold(address string) ui.Link {
	asked := v.c.QueryParams()
	text, q := v.t("web.matches.unfold"), url.Values{}
	for _, name := range []string{"order", "more"} {
		if value := asked.Get(name); value != "" {
			q.Set(name, value)
		}
	}
	if asked.Get(unfolded) != "" {
		text = v.t("web.matches.fold")
	} else {
		q.Set(unfolded, "1")
	}
	if len(q) > 0 {
		address += "?" + q.Encode()
	}
	return ui.Link{Text: text, URL: address}
}

// sides holds the texts of both sides, for quotations with their surroundings.
type sides struct {
	own   map[string]string              // fields of the listing that asks
	other map[scene.ID]map[string]string // fields of the counterparts
	names map[scene.ID]string
	orgs  map[scene.ID]scene.ID
	// orgNames are the names of those organisations, as registered.
	orgNames map[scene.ID]string
	need     bool // the listing that asks is the need
}

// sides reads the counterparts, and those wanted besides. Those excluded, or admitted by a change, are read
// for their English names only: no passage of theirs is quoted.
func (v *visit) sides(ctx context.Context, kind scene.Kind, own map[string]string, r match.Ranking, wanted []scene.ID) (sides, error) {
	for i := range r.Matches {
		wanted = append(wanted, r.Matches[i].Offer.ID)
	}
	wanted = append(wanted, joined(r.Consortium)...)
	if v.lang == locale.En {
		for _, e := range r.Excluded {
			wanted = append(wanted, e.Offer.ID)
		}
		wanted = append(wanted, admitted(r)...)
	}
	s := sides{
		own: own, need: kind == scene.KindOpportunity,
		other: map[scene.ID]map[string]string{}, names: map[scene.ID]string{}, orgs: map[scene.ID]scene.ID{}, orgNames: map[scene.ID]string{},
	}
	keep := func(l *scene.Listing, fields map[string]string) {
		s.other[l.ID], s.names[l.ID], s.orgs[l.ID] = fields, v.name(l), l.OrgID
		s.orgNames[l.ID] = l.OrgName
	}
	if s.need {
		rows, err := v.catalogue.CapabilitiesByID(ctx, wanted)
		if err != nil {
			return s, err
		}
		for i := range rows {
			keep(&rows[i].Listing, offerFields(&rows[i]))
		}
		return s, v.learnOrgs(ctx, nil, rows)
	}
	rows, err := v.catalogue.OpportunitiesByID(ctx, wanted)
	if err != nil {
		return s, err
	}
	for i := range rows {
		keep(&rows[i].Listing, needFields(&rows[i]))
	}
	return s, v.learnOrgs(ctx, rows, nil)
}

func (v *visit) match(kind scene.Kind, rank int, m *match.Match, texts sides) ui.Match {
	view := ui.Match{
		ID: string(m.Offer.ID), Rank: rank, Score: percent(m.Score), Name: first(texts.names[m.Offer.ID], m.Offer.Name),
		URL: listingURL(kind, m.Offer.ID), Org: v.orgName(texts.orgs[m.Offer.ID], m.Offer.Org), OrgURL: organisationURL(texts.orgs[m.Offer.ID]),
		Moved:  movedText(m.Moved),
		Unsure: m.Eligible != "yes", Pinned: m.Pinned, Reason: m.Reason,
		ForNeed: percent(m.Reciprocal.Need), ForOffer: percent(m.Reciprocal.Offer),
	}
	view.Gaps = v.gaps(m.Gaps)
	for _, i := range byContribution(m.Parts) {
		p := &m.Parts[i]
		view.Parts = append(view.Parts, ui.PartBar{
			Label: v.partLabel(p.Name), Value: percent(p.Value), Points: points(p.Contribution), Axis: i,
		})
		for _, e := range p.Evidence[:min(len(p.Evidence), quotesOfPart)] {
			if q, ok := v.quote(e, m.Offer.ID, texts); ok && len(view.Quotes) < quotesShown {
				view.Quotes = append(view.Quotes, q)
			}
		}
	}
	return view
}

// byContribution returns the places of the parts that count, the weightiest first.
func byContribution(parts []match.Part) []int {
	var order []int
	for i := range parts {
		if parts[i].Weight > 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(parts[b].Contribution, parts[a].Contribution) })
	return order
}

func (v *visit) partLabel(name string) string {
	if key := "web.signal." + name; v.page.Has(key) {
		return v.t(key)
	}
	return name
}

// quote shows a passage with its surroundings. A passage that the text on the
// page does not have at that place is not shown at all.
func (v *visit) quote(e match.Evidence, other scene.ID, texts sides) (q ui.Quote, ok bool) {
	need := e.Side == "need"
	fields := texts.other[other]
	if need == texts.need {
		fields = texts.own
	}
	side := scene.KindCapability
	if need {
		side = scene.KindOpportunity
	}
	q = ui.Quote{Side: v.t("web.kind." + string(side) + ".tag"), Need: need, Field: e.Field}
	if key := "web.part." + e.Field; v.page.Has(key) {
		q.Field = v.t(key)
	}
	runes := []rune(fields[e.Field])
	if e.Start < 0 || e.End > len(runes) || e.Start >= e.End || string(runes[e.Start:e.End]) != e.Text {
		return q, false
	}
	from, to := max(e.Start-quoteContext, 0), min(e.End+quoteContext, len(runes))
	q.Text = ui.Excerpt(string(runes[from:to]), []search.Span{{Start: e.Start - from, End: e.End - from}}, to-from)
	return q, true
}

// gaps names what is missing, what is known to be unmet first.
func (v *visit) gaps(list []match.Gap) []ui.Gap {
	out := make([]ui.Gap, 0, len(list))
	for _, g := range list {
		out = append(out, ui.Gap{
			Label: v.clauseLabel(g.Clause), Unmet: g.Status == "unmet", Have: g.Have, Want: g.Want, Advice: g.Advice,
		})
	}
	slices.SortStableFunc(out, func(a, b ui.Gap) int {
		switch {
		case a.Unmet == b.Unmet:
			return 0
		case a.Unmet:
			return -1
		}
		return 1
	})
	return out
}

// clauseLabel renders “budget” or “indicator:屈服强度”.
func (v *visit) clauseLabel(clause string) string {
	name, of, ok := strings.Cut(clause, ":")
	if key := "match.clause." + name; v.page.Has(key) {
		name = v.t(key)
	}
	if !ok {
		return name
	}
	if label := v.dict.Label(scene.DictQualification, of, string(v.lang)); label != "" {
		of = label
	}
	return name + v.t("web.dot") + of
}

// points renders a contribution in hundredths of a score.
func points(f float64) string { return strconv.FormatFloat(100*f, 'f', 1, 64) }

func percent(f float64) int { return int(math.Round(100 * min(max(f, 0), 1))) }
