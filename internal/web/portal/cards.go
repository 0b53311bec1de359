package portal

import (
	"context"
	"strings"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/web/backend"
	"jinghe/internal/web/ui"
	"jinghe/search"
)

const excerptLength = 96 // code points: two lines on a desk

func (v *visit) needCards(ctx context.Context, hits []search.Hit) ([]ui.Card, error) {
	rows, err := v.catalogue.OpportunitiesByID(ctx, ids(hits))
	if err != nil {
		return nil, err
	}
	if err := v.learnOrgs(ctx, rows, nil); err != nil {
		return nil, err
	}
	byID := make(map[string]*scene.Opportunity, len(rows))
	for i := range rows {
		byID[string(rows[i].ID)] = &rows[i]
	}
	var cards []ui.Card
	for _, h := range hits {
		if o, ok := byID[h.ID]; ok {
			card := v.needCard(o, h)
			card.Pick = h.ID
			cards = append(cards, card)
		}
	}
	return cards, nil
}

func (v *visit) offerCards(ctx context.Context, hits []search.Hit) ([]ui.Card, error) {
	rows, err := v.catalogue.CapabilitiesByID(ctx, ids(hits))
	if err != nil {
		return nil, err
	}
	if err := v.learnOrgs(ctx, nil, rows); err != nil {
		return nil, err
	}
	byID := make(map[string]*scene.Capability, len(rows))
	for i := range rows {
		byID[string(rows[i].ID)] = &rows[i]
	}
	var cards []ui.Card
	for _, h := range hits {
		if o, ok := byID[h.ID]; ok {
			card := v.offerCard(o, h)
			card.Pick = h.ID
			cards = append(cards, card)
		}
	}
	return cards, nil
}

func ids(hits []search.Hit) []scene.ID {
	out := make([]scene.ID, len(hits))
	for i, h := range hits {
		out[i] = scene.ID(h.ID)
	}
	return out
}

func (v *visit) needCard(o *scene.Opportunity, h search.Hit) ui.Card {
	c := v.card(scene.KindOpportunity, &o.Listing, h, needText(o))
	c.addFact(v.t("web.budget"), ui.MoneyRange(v.lang, o.Budget))
	c.addFact(v.t("web.region"), v.labels(scene.DictRegion, o.Regions))
	return c.Card
}

func (v *visit) offerCard(o *scene.Capability, h search.Hit) ui.Card {
	c := v.card(scene.KindCapability, &o.Listing, h, offerText(o))
	c.addFact(v.t("web.price"), ui.MoneyRange(v.lang, o.Price))
	c.addFact(v.t("web.maturity.label"), ui.Maturity(v.lang, o.Maturity))
	return c.Card
}

// factCard adds facts that are known, and only those.
type factCard struct{ ui.Card }

func (c *factCard) addFact(label, value string) {
	if value != "" {
		c.Facts = append(c.Facts, ui.Fact{Label: label, Value: value})
	}
}

func (v *visit) card(kind scene.Kind, l *scene.Listing, h search.Hit, text string) *factCard {
	c := &factCard{ui.Card{
		Kind: kind, URL: listingURL(kind, l.ID), Org: v.orgName(l.OrgID, l.OrgName), OrgURL: organisationURL(l.OrgID),
		Name: v.markedName(l, h.Highlights),
	}}
	if v.lang == locale.En && l.Summary != "" {
		c.Excerpt = ui.Excerpt(l.Summary, nil, excerptLength*2)
	} else {
		c.Excerpt = ui.Excerpt(text, h.Highlights[backend.TextSummary], excerptLength)
	}
	for _, code := range l.Fields {
		c.Fields = append(c.Fields, v.dict.Label(scene.DictField, code, string(v.lang)))
	}
	if l.State == scene.Published {
		c.Ends, c.Soon = ui.Remaining(v.lang, l.ValidTo, v.at)
	} else {
		c.Ends = v.t("web.state." + string(l.State))
	}
	return c
}

// markedName marks the name in the reader's language.
func (v *visit) markedName(l *scene.Listing, marks map[string][]search.Span) []ui.Span {
	if v.lang != locale.En || l.NameEn == "" {
		return ui.Marked(l.Name, marks[backend.TextName])
	}
	return ui.Marked(l.NameEn, marks[backend.TextNameEn])
}

// name returns the name of a listing in the reader's language.
func (v *visit) name(l *scene.Listing) string {
	if v.lang == locale.En && l.NameEn != "" {
		return l.NameEn
	}
	return l.Name
}

// labels joins the names of codes.
func (v *visit) labels(dict string, codes []string) string {
	names := make([]string, len(codes))
	for i, code := range codes {
		names[i] = v.dict.Label(dict, code, string(v.lang))
	}
	return strings.Join(names, v.t("web.comma"))
}

// needText and offerText are the field “summary” of the search index; its
// spans count from their beginning.
func needText(o *scene.Opportunity) string {
	return lines(o.Situation, o.Need, o.Targets, o.Works, o.Resources,
		o.SiteText, o.TechText, o.Reference, o.Department, o.Summary)
}

func offerText(c *scene.Capability) string {
	return lines(c.Description, c.Product, c.TechText, c.ScenarioText, c.Indicators, c.Conditions, c.Summary)
}

func lines(parts ...string) string {
	kept := parts[:0:0]
	for _, p := range parts {
		if strings.TrimSpace(p) != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, "\n")
}

func listingURL(kind scene.Kind, id scene.ID) string {
	if id == "" {
		return ""
	}
	if kind == scene.KindCapability {
		return "/capabilities/" + string(id)
	}
	return "/opportunities/" + string(id)
}

func organisationURL(id scene.ID) string {
	if id == "" {
		return ""
	}
	return "/organisations/" + string(id)
}
