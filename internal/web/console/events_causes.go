package console

import (
	"strings"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/web/ui"
)

// short warns that there are fewer interpreters than what is published needs, and offers
// to repair it, nothing where there are enough or all is over. base is that of the event.
func short(p *ui.Page, board *convene.Board, base string, n int, may bool) []ui.FairSection {
	if n == 0 || board.Fair.Ended() {
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

// causes tells what a draft was repaired for, or made anew with, "" for nothing.
func (x *planning) causes(draft *convene.Version) string {
	p, v := x.p, &draft.Row
	if v.Note == "" {
		return ""
	}
	told := make([]string, len(v.Causes))
	for i := range v.Causes {
		told[i] = x.cause(&v.Causes[i])
	}
	if len(told) == 0 { // a draft of before causes were kept one by one
		told = []string{v.Note}
	}
	key := "fair.plan.anew"
	if draft.Mended() {
		key = "fair.plan.mended"
	}
	return p.T(key, "note", strings.Join(told, p.T("web.semicolon")))
}

// cause tells one thing that happened.
func (x *planning) cause(c *scene.FairCause) string {
	told := x.p.T("fair.cause."+string(c.Kind), "name", x.names.Cause(c))
	if len(c.Slots) == 0 {
		return told
	}
	times := make([]string, len(c.Slots))
	for k, id := range c.Slots {
		times[k] = x.names.Slot(id)
	}
	return x.p.T("fair.cause.times", "cause", told, "times", strings.Join(times, x.p.T("web.comma")))
}

// unchanged says what a draft is good for that changes no meeting: tables that it opens or
// closes are so once it is published.
func (x *planning) unchanged() string {
	var tables []string
	for i := range x.draft.Row.Causes {
		c := &x.draft.Row.Causes[i]
		if c.Kind == scene.CauseOpened || c.Kind == scene.CauseClosed {
			tables = append(tables, x.cause(c))
		}
	}
	if len(tables) == 0 {
		return x.p.T("fair.changes.none")
	}
	return x.p.T("fair.changes.tables", "tables", strings.Join(tables, x.p.T("web.semicolon")))
}
