package console

import (
	"strings"

	"github.com/labstack/echo/v4"

	"jinghe/internal/convene"
	"jinghe/internal/web/ui"
)

// heard tells of the version in force who learns of it, and by which way: word goes to
// accounts; who has none sees it when he opens his link, and has to be called where
// he has no link either. That nobody has an account is told as what it is: there was nothing
// to send, and nothing failed. Those to whom no word goes come first.
func (o *Console) heard(c echo.Context, x *planning) ([]ui.FairSection, error) {
	if x.draft != nil || x.published == nil || x.f.Ended() { // once it is over nobody is called any more
		return nil, nil
	}
	list, err := o.fairs.Heard(c.Request().Context(), actor(c), x.f.ID)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	p := x.p
	t := ui.Table{Head: []string{p.T("fair.party"), p.T("fair.heard.changes"), p.T("web.rows.state"), p.T("fair.heard.way")}}
	told, linked := 0, 0
	var rest [][]ui.Cell
	for i := range list {
		h := &list[i]
		ways := heardBy(p, h)
		state := ui.State{Code: "accepted", Label: p.T("fair.heard.told")}
		switch {
		case h.Told():
			told++
		case h.Links > 0:
			linked++
			state = ui.State{Code: "waiting", Label: p.T("fair.heard.link_only")}
		default:
			state = ui.State{Code: "absent", Label: p.T("fair.heard.nobody")}
			ways = []string{p.T("fair.heard.call")}
		}
		row := []ui.Cell{
			{Text: x.names.Party(string(h.Party)), URL: strings.TrimSuffix(x.base, "plan") + "parties/" + string(h.Party)}, {Text: p.T("fair.heard.count", "count", h.Changes)}, {State: &state}, {Text: strings.Join(ways, p.T("web.comma"))},
		}
		if h.Told() {
			rest = append(rest, row)
		} else {
			t.Rows = append(t.Rows, row)
		}
	}
	t.Rows = append(t.Rows, rest...)
	text := "fair.heard.text"
	if x.published.Row.Number == 1 { // which changes nothing
		text, t.Head[1] = "fair.heard.text.first", p.T("fair.heard.first")
	}
	title := p.T("fair.heard", "told", told, "all", len(list))
	if told == 0 {
		title, text = p.T("fair.heard.none", "all", len(list)), "fair.heard.none.why"
	}
	lines := counted(p, told, linked, len(list)-told-linked)
	if !o.fairs.MailPossible() {
		lines = append(lines, p.T("fair.heard.no_mail"))
	}
	since := p.T("fair.heard.now", "time", ui.Minute(o.now()))
	if sent := list[0].Sent; !sent.IsZero() {
		since = p.T("fair.heard.sent", "time", ui.Minute(sent))
	}
	return []ui.FairSection{{ID: "heard", Title: title, Text: p.T(text), Lines: append(lines, since), Table: &t, Folded: told == len(list)}}, nil
}

// counted says how many parties learn of a version by which way, a line for each way that
// any does.
func counted(p *ui.Page, told, linked, called int) (lines []string) {
	for _, x := range []struct {
		key   string
		count int
	}{{"told", told}, {"links", linked}, {"call", called}} {
		if x.count > 0 {
			lines = append(lines, p.T("fair.heard.by."+x.key, "count", x.count))
		}
	}
	return lines
}

// heardBy lists the ways by which a party learns of a version.
func heardBy(p *ui.Page, h *convene.Heard) (ways []string) {
	for _, way := range []struct {
		key   string
		count int
	}{{"accounts", h.Accounts}, {"mails", h.Mails}, {"letters", h.Letters}, {"links", h.Links}} {
		if way.count > 0 {
			ways = append(ways, p.T("fair.heard."+way.key, "count", way.count))
		}
	}
	return ways
}
