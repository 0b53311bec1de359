package console

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"jinghe/internal/locale"
	"jinghe/internal/match"
	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/sheet"
	"jinghe/internal/web/ui"
)

// judged adds to a page of review the open entries that say nearly the same, how
// clearly the entry is written, and fields of use that its text speaks for. What
// cannot be had is left out: the review goes on without.
func (o *Console) judged(c echo.Context, p *ui.Page, e *registry.Entry, v *ui.EntryPage) {
	ctx := c.Request().Context()
	if list, err := o.drafting.Alike(ctx, e, p.Lang); err == nil {
		for i := range list {
			v.Beside = append(v.Beside, sheet.Beside(p, &list[i], frame.EntryURL(reviews, e.Kind(), list[i].Listing.ID)))
		}
	}
	if got, err := o.drafting.Clarity(ctx, e, p.Lang); err == nil {
		v.Clear = o.sheetNow().Clear(p, e.Kind(), &got, false)
	}
	list, err := o.drafting.Fields(ctx, e)
	if err != nil {
		return
	}
	by := actor(c)
	may := by.May(scene.ListingEdit, e.Object()) == nil
	for i := range list {
		v.Suggested = append(v.Suggested, o.suggested(p, e, &list[i], may))
	}
}

// suggested is a field of use to add, for who may write the entry with the form that does.
func (o *Console) suggested(p *ui.Page, e *registry.Entry, s *match.Suggestion, may bool) ui.SuggestedField {
	label := o.dict().Label(scene.DictField, s.Code, string(p.Lang))
	v := ui.SuggestedField{Label: label, Confidence: percent(s.Confidence), Words: strings.Join(s.Words, p.T("web.comma"))}
	if may {
		v.Add = &ui.Form{
			Action: frame.EntryURL(reviews, e.Kind(), e.Listing().ID) + "/field", Buttons: []ui.Button{{Label: p.T("web.judge.add"), Of: label}},
			Groups: []ui.Group{{Fields: []ui.Field{
				{Name: "field", Type: "hidden", Value: s.Code}, {Name: "revision", Type: "hidden", Value: strconv.Itoa(e.Listing().Revision)},
			}}},
		}
	}
	return v
}

// AddField answers POST /console/reviews/:kind/:id/field: a field of use that was
// suggested is one of the entry's.
func (o *Console) AddField(c echo.Context) error {
	s := step(c)
	if _, known := o.dict().Term(scene.DictField, c.FormValue("field")); !known {
		return &scene.Error{Code: scene.Invalid, Op: "console.AddField", Key: "bulk.no_field"}
	}
	done, err := o.registry.Bulk(c.Request().Context(), actor(c), registry.Order{
		Task: registry.TaskField, Value: c.FormValue("field"), Entries: []registry.Step{s},
	})
	if err == nil {
		err = done[0].Err
	}
	if frame.Mendable(err) {
		return o.review(c, edge.Status(scene.CodeOf(err)), "", err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, frame.EntryURL(reviews, s.Kind, s.ID)+"?done=field")
}

// byClarity is the order of a list of entries in which what is least clear comes first.
const byClarity = "clarity"

// clarityRows bounds the entries that are put in order of clarity: each is judged
// anew, by the words in force.
const clarityRows = 2_000

// judgedEntry is an entry with how clear it is.
type judgedEntry struct {
	registry.Entry
	clarity match.Clarity
}

// clearest returns a page of the entries that q keeps, the least clear first: of
// the last changed ones where there are more than can be judged, which cut says.
func (o *Console) clearest(ctx context.Context, by scene.Actor, lang locale.Lang, q *question, after int) (list []judgedEntry, more, cut bool, err error) {
	var all []registry.Entry
	for page := (store.Page{Limit: store.MaxPage}); ; {
		rows, err := o.registry.Entries(ctx, by, q.kind, q.filter, page)
		if err != nil {
			return nil, false, false, err
		}
		all = append(all, rows.Items...)
		if page.After = rows.Next; page.After == "" || len(all) >= clarityRows {
			cut = page.After != ""
			break
		}
	}
	told, err := o.drafting.Clarities(ctx, all, lang)
	if err != nil {
		return nil, false, false, err
	}
	list = make([]judgedEntry, len(all))
	for i := range all {
		list[i] = judgedEntry{all[i], told[i]}
	}
	slices.SortStableFunc(list, func(a, b judgedEntry) int { return cmp.Compare(a.clarity.Score, b.clarity.Score) })
	list = list[min(max(after, 0), len(list)):]
	return list[:min(perPage, len(list))], len(list) > perPage, cut, nil
}

// clarityLine is the line of an entry with how clear it is.
func (o *Console) clarityLine(p *ui.Page, e *judgedEntry, chosen map[scene.ID]bool) ui.EntryLine {
	line := o.entryLine(p, &e.Entry, chosen)
	line.Vague = e.clarity.Vague
	line.Clarity = p.T("web.entries.clarity", "percent", percent(e.clarity.Score))
	if e.clarity.Vague {
		line.Clarity = p.T("web.entries.vague", "percent", percent(e.clarity.Score))
	}
	return line
}

// sorts are the orders of a list of entries.
func sorts(p *ui.Page, q *question) []ui.Link {
	clarity := q.query.Get("sort") == byClarity
	return []ui.Link{
		{Text: p.T("web.entries.sort.newest"), URL: q.at(entries, "sort", ""), Active: !clarity},
		{Text: p.T("web.entries.sort.clarity"), URL: q.at(entries, "sort", byClarity), Active: clarity},
	}
}
