package portal

import (
	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/internal/web/backend"
	"jinghe/internal/web/ui"
)

// changes shows what the side that asks could change, with links to whom that
// would admit.
func (v *visit) changes(kind scene.Kind, list []match.Change, texts sides) []ui.Change {
	out := make([]ui.Change, 0, len(list))
	for _, c := range list {
		view := ui.Change{Text: c.Text}
		for _, r := range c.Offers {
			view.Admits = append(view.Admits, ui.Link{Text: first(texts.names[r.ID], r.Name), URL: listingURL(kind, r.ID)})
		}
		out = append(out, view)
	}
	return out
}

// admitted lists whom the changes would admit.
func admitted(r match.Ranking) []scene.ID {
	var ids []scene.ID
	for _, c := range r.Changes {
		for _, o := range c.Offers {
			ids = append(ids, o.ID)
		}
	}
	return ids
}

// consortium shows who in a group brings what, with the passages.
func (v *visit) consortium(c *match.Consortium, texts sides) *ui.Consortium {
	if c == nil {
		return nil
	}
	view := &ui.Consortium{Text: c.Text}
	for _, m := range c.Members {
		view.Members = append(view.Members, ui.Excluded{
			Name: first(texts.names[m.Offer.ID], m.Offer.Name), URL: listingURL(scene.KindCapability, m.Offer.ID),
			Org: v.orgName(texts.orgs[m.Offer.ID], m.Offer.Org),
		})
	}
	for _, x := range c.Clauses {
		row := ui.Covered{Label: v.t("web.group.part"), Want: x.Want}
		if x.Clause != "part" {
			row.Label = v.clauseLabel(x.Clause)
		}
		if x.Member > 0 && x.Offer != nil {
			row.By = v.orgName(texts.orgs[x.Offer.ID], x.Offer.Org)
			for _, e := range x.Evidence {
				if q, ok := v.quote(e, x.Offer.ID, texts); ok && !q.Need && len(row.Quotes) < quotesOfPart {
					row.Quotes = append(row.Quotes, q)
				}
			}
		}
		view.Clauses = append(view.Clauses, row)
	}
	return view
}

// joined lists the offers by which a group brings what it brings.
func joined(c *match.Consortium) []scene.ID {
	if c == nil {
		return nil
	}
	var ids []scene.ID
	for _, m := range c.Members {
		ids = append(ids, m.Offer.ID)
	}
	for _, x := range c.Clauses {
		if x.Offer != nil {
			ids = append(ids, x.Offer.ID)
		}
	}
	return ids
}

// orderOf reads the order asked for; anything else leaves it to the installation.
func orderOf(asked string) string {
	if asked == backend.OrderFit || asked == backend.OrderCare {
		return asked
	}
	return ""
}

// orders leads to both orders of a list; order is the one it has.
func (v *visit) orders(address, order string) []ui.Link {
	care := order == backend.OrderCare
	return []ui.Link{
		{Text: v.t("web.order.fit"), URL: address + "?order=" + backend.OrderFit, Active: !care},
		{Text: v.t("web.order.care"), URL: address + "?order=" + backend.OrderCare, Active: care},
	}
}

func movedText(m *match.Moved) string {
	if m == nil {
		return ""
	}
	return m.Text
}
