package workspace

import (
	"time"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

// whyShown is how much of a reason stands in a list, in characters.
const whyShown = 60

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
		if x := frame.Ending(p, by, &own[i], w.now()); x != nil {
			list = append(list, *x)
		}
	}
	return list
}
