package console

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"jinghe/internal/match"
	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/web/backend"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/pairs"
	"jinghe/internal/web/ui"
)

// boardTop is how many counterparts the board shows.
const boardTop = 30

// Board answers GET /console/board/:kind/:id: the counterparts of one entry.
func (o *Console) Board(c echo.Context) error { return o.board(c, http.StatusOK, nil) }

func (o *Console) board(c echo.Context, status int, fault error) error {
	ctx, by := c.Request().Context(), actor(c)
	e, err := o.registry.Entry(ctx, by, scene.Kind(c.Param("kind")), scene.ID(c.Param("id")))
	if err != nil {
		return err
	}
	l := e.Listing()
	marks, err := o.learning.MarksOf(ctx, by, e.Kind(), l.ID)
	if err != nil {
		return err
	}
	p, _, err := o.page(c, "web.board.open", "")
	if err != nil {
		return err
	}
	p.Title = p.T("web.board.title", "name", l.Name)
	v := ui.Board{
		Crumb: ui.Link{Text: l.Name, URL: frame.EntryURL(reviews, e.Kind(), l.ID)}, Action: frame.EntryURL(board, e.Kind(), l.ID),
		Fault: frame.Sentence(p.Lang, fault),
	}
	if c.QueryParam("done") != "" {
		v.Notice = p.T("web.board.done")
	}
	ask, other := o.matcher.OffersFor, scene.KindCapability
	if e.Kind() == scene.KindCapability {
		ask, other = o.matcher.NeedsFor, scene.KindOpportunity
	}
	ranking, err := ask(ctx, l.ID, backend.Matching{Top: boardTop, Lang: p.Lang, More: true})
	if err != nil && scene.CodeOf(err) != scene.NotFound {
		return err
	}
	for i := range ranking.Matches {
		if m := &ranking.Matches[i]; marks[m.Offer.ID].Kind != scene.Excluded { // the market follows within moments
			row := boardRow(p, other, m, marks[m.Offer.ID])
			if by.MayEver(scene.EngagementRecommend) {
				row.Recommend = recommendURL(e.Kind(), l.ID, m.Offer.ID)
			}
			v.Rows = append(v.Rows, row)
		}
	}
	for _, x := range ranking.Excluded {
		v.Removed = append(v.Removed, ui.BoardRow{Name: x.Offer.Name, URL: frame.PublicURL(other, x.Offer.ID), Org: x.Offer.Org, Gaps: gapTexts(x.Clauses)})
	}
	if v.Marked, err = o.takenOut(ctx, p, other, marks); err != nil {
		return err
	}
	group(p, &v, ranking.Consortium)
	v.Form = o.groupLink(p, by, &e, ranking.Consortium)
	return o.frame.Render(c, status, ui.BoardPage(p, v))
}

// groupLink leads to where a group is brought together for an open opportunity.
func (o *Console) groupLink(p *ui.Page, by scene.Actor, e *registry.Entry, c *match.Consortium) ui.Link {
	l := e.Listing()
	if e.Kind() != scene.KindOpportunity || !l.Open(o.now()) || l.OrgID == "" || !by.MayEver(scene.EngagementForm) {
		return ui.Link{}
	}
	return ui.Link{Text: p.T("web.pairs.group.new"), URL: pairs.GroupURL(pairs.Console, l.ID, c)}
}

// recommendURL is where the pair of an entry and its counterpart is recommended.
func recommendURL(kind scene.Kind, id, other scene.ID) string {
	if kind == scene.KindCapability {
		id, other = other, id
	}
	return pairs.Console + "/new?" + url.Values{"need": {string(id)}, "offer": {string(other)}}.Encode()
}

func boardRow(p *ui.Page, other scene.Kind, m *match.Match, mark scene.Mark) ui.BoardRow {
	row := ui.BoardRow{
		ID: string(m.Offer.ID), Name: m.Offer.Name, URL: frame.PublicURL(other, m.Offer.ID), Org: m.Offer.Org, Pinned: mark.Kind == scene.Pinned,
		Score: p.T("web.board.score", "score", int(m.Score*100+0.5)), Reason: m.Reason, Gaps: gapTexts(m.Gaps), Note: markNote(p, mark),
	}
	for _, x := range m.Parts {
		if x.Contribution > 0 {
			row.Parts = append(row.Parts, ui.Fact{Label: partLabel(p, x.Name), Value: strconv.FormatFloat(100*x.Contribution, 'f', 1, 64)})
		}
	}
	return row
}

func partLabel(p *ui.Page, name string) string {
	if key := "web.signal." + name; p.Has(key) {
		return p.T(key)
	}
	return name
}

func gapTexts(gaps []match.Gap) []string {
	var texts []string
	for _, g := range gaps {
		if text := cmp.Or(g.Advice, strings.TrimSpace(g.Clause+" "+g.Want)); text != "" {
			texts = append(texts, text)
		}
	}
	return texts
}

func markNote(p *ui.Page, m scene.Mark) string {
	if m.Reason == "" {
		return ""
	}
	return p.T("web.board.by", "text", m.Reason, "when", ui.Minute(m.At))
}

// takenOut lists the counterparts that a person took out.
func (o *Console) takenOut(ctx context.Context, p *ui.Page, other scene.Kind, marks map[scene.ID]scene.Mark) ([]ui.BoardRow, error) {
	var ids []scene.ID
	for id, m := range marks {
		if m.Kind == scene.Excluded {
			ids = append(ids, id)
		}
	}
	var entries []registry.Entry
	if other == scene.KindCapability {
		rows, err := o.registry.CapabilitiesByID(ctx, ids)
		if err != nil {
			return nil, err
		}
		for i := range rows {
			entries = append(entries, registry.Entry{Capability: &rows[i]})
		}
	} else {
		rows, err := o.registry.OpportunitiesByID(ctx, ids)
		if err != nil {
			return nil, err
		}
		for i := range rows {
			entries = append(entries, registry.Entry{Opportunity: &rows[i]})
		}
	}
	var list []ui.BoardRow
	for i := range entries {
		l := entries[i].Listing()
		list = append(list, ui.BoardRow{
			ID: string(l.ID), Name: l.Name, URL: frame.EntryURL(reviews, other, l.ID), Org: l.OrgName, Note: markNote(p, marks[l.ID]),
		})
	}
	return list, nil
}

// group tells of the providers that together bring what is asked for, clause by clause.
func group(p *ui.Page, v *ui.Board, c *match.Consortium) {
	if c == nil {
		return
	}
	v.Group = c.Text
	for _, x := range c.Clauses {
		who := p.T("web.board.group.nobody")
		if x.Member > 0 && x.Member <= len(c.Members) {
			who = p.T("web.board.group.who", "org", c.Members[x.Member-1].Offer.Org)
		}
		v.Clauses = append(v.Clauses, ui.Fact{Label: cmp.Or(x.Want, x.Clause), Value: who})
	}
}

// Mark answers POST /console/board/:kind/:id: it pins a pair, takes it out, or
// takes the mark away.
func (o *Console) Mark(c echo.Context) error {
	kind, id, other := scene.Kind(c.Param("kind")), scene.ID(c.Param("id")), scene.ID(c.FormValue("other"))
	need, offer := id, other
	if kind == scene.KindCapability {
		need, offer = other, id
	}
	err := o.learning.Decide(c.Request().Context(), actor(c), need, offer, scene.MarkKind(c.FormValue("mark")), c.FormValue("reason"))
	if frame.Mendable(err) {
		return o.board(c, edge.Status(scene.CodeOf(err)), err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, frame.EntryURL(board, kind, id)+"?done=yes")
}
