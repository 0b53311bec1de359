package portal

import (
	"jinghe/internal/match"
	"jinghe/internal/scene"
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
