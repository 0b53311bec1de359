package console

import (
	"strings"

	"github.com/labstack/echo/v4"

	"jinghe/internal/engage"
	"jinghe/internal/scene"
	"jinghe/internal/transfer"
	"jinghe/internal/web/ui"
)

// PairsFile answers GET /console/engagements.xlsx?stage=STAGE&stuck=yes with the pairs
// under the filters in force. No contact stands in it.
func (o *Console) PairsFile(c echo.Context) error {
	f := engage.Filter{Stage: scene.Stage(c.QueryParam("stage")), Stuck: c.QueryParam("stuck") != ""}
	if f.Stage != "" && !f.Stage.Valid() {
		return &scene.Error{Code: scene.NotFound, Op: "console.PairsFile", Key: "web.not_found"}
	}
	list, err := o.pairs.All(c.Request().Context(), actor(c), f, c.QueryParams().Encode())
	if err != nil {
		return err
	}
	p := o.frame.Page(c)
	t := transfer.Table{
		Heads: heads(p, "web.pairs.file.id", "web.kind.opportunity", "web.pairs.file.owner", "web.kind.capability", "web.pairs.file.provider", "web.pairs.group", "web.pairs.stage",
			"web.pairs.next", "web.pairs.who", "web.pairs.due", "web.pairs.late", "web.pairs.amount.wan", "web.pairs.outcome", "web.pairs.stopped", "web.pairs.reason",
			"web.pairs.file.moved", "web.pairs.file.since", "web.pairs.updated"),
		Widths: []float64{28, 32, 28, 32, 28, 40, 12, 32, 12, 14, 8, 14, 28, 12, 20, 18, 18, 18},
	}
	for i := range list {
		t.Rows = append(t.Rows, o.pairLine(p, &list[i]))
	}
	return o.sendTable(c, p, "web.console.tab.pairs", "xlsx", &t)
}

func (o *Console) pairLine(p *ui.Page, e *scene.Engagement) []string {
	named := func(prefix, code string) string {
		if code == "" {
			return ""
		}
		return p.T(prefix + code)
	}
	due, late, amount := "", "", ""
	if e.Next.Known() {
		due = ui.DayOf(e.Next.Due)
		if e.Next.Late(o.now()) {
			late = p.T("web.pairs.late")
		}
	}
	if e.Outcome.Amount > 0 {
		amount = e.Outcome.Amount.Wan()
	}
	need, offer := e.NeedName, e.OfferName
	if e.Loose {
		need, offer = p.T("web.pairs.loose.entry", "name", need), p.T("web.pairs.loose.entry", "name", offer)
	}
	return []string{
		string(e.ID), need, e.NeedOrgName, offer, e.OfferOrgName, groupLine(p, e), named("engagement.stage.", string(e.Stage)),
		e.Next.Text, named("engagement.party.", string(e.Next.Party)), due, late, amount, e.Outcome.Note,
		named("engagement.party.", string(e.StoppedBy)), named("engagement.reason.", string(e.Reason)), ui.Minute(e.Moved), ui.Minute(e.Created), ui.Minute(e.Updated),
	}
}

// groupLine says who does which part in a group, a line each; "" where there is none.
func groupLine(p *ui.Page, e *scene.Engagement) string {
	if len(e.Partners) == 0 {
		return ""
	}
	lines := []string{e.OfferOrgName + p.T("colon") + e.Part}
	for i := range e.Partners {
		x := &e.Partners[i]
		state := "web.pairs.group.asked"
		switch x.Stance.Says {
		case scene.Accepted:
			state = "web.pairs.group.joined"
		case scene.Declined:
			state = "web.pairs.group.stays_away"
		}
		lines = append(lines, x.OrgName+p.T("colon")+x.Part+p.T("web.dot")+p.T(state))
	}
	return strings.Join(lines, "\n")
}
