package workspace

import (
	"strconv"
	"time"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

const (
	// endingSoon is how long before the end of an entry its people are told.
	endingSoon = 30 * 24 * time.Hour
	// whyShown is how much of a reason stands in a list, in characters.
	whyShown = 60
)

// entryRows are the entries, with a word on those that came back from review, that
// are over, or that have a form that was not saved.
func (w *Workspace) entryRows(p *ui.Page, own []registry.Entry, kept []scene.Scratch, back map[scene.ID]scene.Review) []ui.Row {
	at := map[string]time.Time{}
	for _, s := range kept {
		at[s.Place] = s.Saved
	}
	var rows []ui.Row
	for i := range own {
		l := own[i].Listing()
		row := frame.EntryRow(p, &own[i], base)
		row.State = w.stateOf(p, l)
		if step, returned := back[l.ID]; returned {
			row.State = ui.State{Code: "returned", Label: p.T("web.state.returned")}
			row.Note = p.T("web.workspace.returned", "reason", scene.Clip(scene.Redact(step.Reason), whyShown))
		}
		if l.State == scene.Draft && l.RunOut(w.now()) {
			row.Note = p.T("web.workspace.past", "date", ui.Date(p.Lang, l.ValidTo))
		}
		if saved, there := at[place(&own[i])]; there {
			row.Note = p.T("web.draft.unsaved", "date", ui.Minute(saved))
		}
		rows = append(rows, row)
	}
	return rows
}

// stateOf is where an entry stands for visitors: one that ran out is no longer published.
func (w *Workspace) stateOf(p *ui.Page, l *scene.Listing) ui.State {
	if l.State == scene.Published && l.RunOut(w.now()) {
		return frame.State(p, scene.Expired)
	}
	return frame.State(p, l.State)
}

// ending are the public entries that have run out, or will before long, each with
// the step that keeps it open.
func (w *Workspace) ending(p *ui.Page, by scene.Actor, own []registry.Entry) []ui.Ending {
	var list []ui.Ending
	for i := range own {
		l := own[i].Listing()
		if l.State == scene.Closed || l.ValidTo.IsZero() || l.ValidTo.Sub(w.now()) > endingSoon || by.May(scene.ListingRetire, own[i].Object()) != nil {
			continue
		}
		key := "web.workspace.ends"
		if l.RunOut(w.now()) {
			key = "web.workspace.ended"
		}
		list = append(list, ui.Ending{
			Name: l.Name, URL: frame.EntryURL(base, own[i].Kind(), l.ID), Over: l.RunOut(w.now()), Text: p.T(key, "date", ui.Date(p.Lang, l.ValidTo)),
			Form: w.extending(p, &own[i]),
		})
	}
	return list
}

// extending is the one step by which an entry stays open longer.
func (w *Workspace) extending(p *ui.Page, e *registry.Entry) ui.Form {
	l := e.Listing()
	return ui.Form{
		Action:  frame.EntryURL(base, e.Kind(), l.ID) + "/extend",
		Buttons: []ui.Button{{Label: p.T("web.entry.extend", "date", ui.Date(p.Lang, registry.Extended(l, w.now()))), Of: l.Name}},
		Groups:  []ui.Group{{Fields: []ui.Field{{Name: "revision", Type: "hidden", Value: strconv.Itoa(l.Revision)}}}},
	}
}
