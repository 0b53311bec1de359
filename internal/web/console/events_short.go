package console

import (
	"jinghe/internal/convene"
	"jinghe/internal/web/ui"
)

// short warns that there are fewer interpreters than what is published needs, and offers
// to repair it, nothing where there are enough. base is that of the event.
func short(p *ui.Page, board *convene.Board, base string, n int, may bool) []ui.FairSection {
	if n == 0 {
		return nil
	}
	s := ui.FairSection{ID: "short", Title: p.T("fair.short", "count", n), Text: p.T("fair.short.text", "have", board.Fair.Interpreters)}
	if board.Fair.Interpreters == 0 {
		s.Text = p.T("fair.short.none")
	}
	if may {
		s.Forms = []ui.Form{{
			Action: base + "/day", Groups: []ui.Group{{Fields: []ui.Field{{Name: "do", Type: "hidden", Value: "mend"}}}},
			Buttons: []ui.Button{{Label: p.T("fair.mend")}},
		}}
	}
	return []ui.FairSection{s}
}
