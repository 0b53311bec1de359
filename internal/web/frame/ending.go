package frame

import (
	"strconv"
	"time"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/web/ui"
)

// ownEntries is where the owner of an entry has it.
const ownEntries = "/workspace/listings"

// endingSoon is how long before the end of an entry pages of its owner say so.
const endingSoon = 30 * 24 * time.Hour

// Ending is an entry that has run out, or will before long, with the one step that
// keeps it open; nil for any other, and for who may not take that step.
func Ending(p *ui.Page, by scene.Actor, e *registry.Entry, now time.Time) *ui.Ending {
	l := e.Listing()
	if l.State == scene.Closed || l.ValidTo.IsZero() || l.ValidTo.Sub(now) > endingSoon || by.May(scene.ListingRetire, e.Object()) != nil {
		return nil
	}
	key := "web.workspace.ends"
	if l.RunOut(now) {
		key = "web.workspace.ended"
	}
	return &ui.Ending{
		Name: l.Name, URL: EntryURL(ownEntries, e.Kind(), l.ID), Over: l.RunOut(now), Text: p.T(key, "date", ui.Date(p.Lang, l.ValidTo)),
		Form: Extending(p, e, now),
	}
}

// Extending is the one step by which an entry stays open longer, for one that has
// an end within reach of it (see [registry.Extended]).
func Extending(p *ui.Page, e *registry.Entry, now time.Time) ui.Form {
	l := e.Listing()
	return ui.Form{
		Action:  EntryURL(ownEntries, e.Kind(), l.ID) + "/extend",
		Buttons: []ui.Button{{Label: p.T("web.entry.extend", "date", ui.Date(p.Lang, registry.Extended(l, now))), Of: l.Name}},
		Groups:  []ui.Group{{Fields: []ui.Field{{Name: "revision", Type: "hidden", Value: strconv.Itoa(l.Revision)}}}},
	}
}
