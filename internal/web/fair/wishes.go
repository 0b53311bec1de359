package fair

import (
	"cmp"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/web/ui"
)

// suggestions is how many are shown.
const suggestions = 8

// listedParties is how many parties are offered as a list to choose from.
const listedParties = 120

// wishing is what a page shows of one party's wishes.
type wishing struct {
	asked             []ui.PhoneWish       // wishes of others that wait for an answer
	kinds             []scene.FairWishKind // of asked
	wishes, suggested []ui.PhoneWish
	others            ui.Form
	quota             string
	contradictions    []string
	pending           bool
}

// wishesOf gathers wishes, suggestions and the rest of the parties.
func (h *Fair) wishesOf(c echo.Context, p *ui.Page, f *scene.Fair, x *scene.FairParty, action string) (w wishing, err error) {
	ctx := c.Request().Context()
	board, err := h.service.Board(ctx, f.ID)
	if err != nil {
		return w, err
	}
	for _, fault := range convene.Contradictions(f, x, board.Parties) {
		w.contradictions = append(w.contradictions, p.T(fault.Key, pairs(fault.Args)...))
	}
	met, err := h.service.Before(ctx, board)
	if err != nil {
		return w, err
	}
	before := func(other scene.ID) string {
		e, there := met.Between(x.ID, other)
		if !there {
			return ""
		}
		return p.T("fair.met", "title", e.Title, "date", ui.Date(p.Lang, e.At))
	}
	open, musts := 0, 0
	for _, said := range x.Wishes {
		if said.Kind != scene.WishNever {
			open++
		}
		if said.Kind == scene.WishMust {
			musts++
		}
		item := ui.PhoneWish{ID: string(said.To), Name: board.Name(said.To), Said: WishState(p, said.Kind), Form: wishForm(p, f, action, said.Kind), Met: before(said.To)}
		if said.Note != "" {
			item.Reason = said.Note
		}
		w.wishes = append(w.wishes, item)
	}
	w.quota = p.T("fair.quota", "open", open, "most", f.MaxOpen, "musts", musts, "most_musts", f.MaxMusts)
	asked := map[scene.ID]bool{}
	for _, r := range board.Requests(x.ID) {
		asked[r.From] = true
		w.kinds = append(w.kinds, r.Kind)
		w.asked = append(w.asked, ui.PhoneWish{
			ID: string(r.From), Name: board.Name(r.From), Reason: r.Note, Asked: p.T("fair.asked." + string(r.Kind)), Form: answerForm(p, f, action), Met: before(r.From),
		})
	}
	list, pending, err := h.service.Suggestions(ctx, f.ID, x.ID, suggestions)
	if err != nil {
		return w, err
	}
	w.pending = pending
	for _, s := range list {
		reason := s.Why.Reason[string(p.Lang)]
		if asked[s.Party] { // it is there already, and why it fits helps to answer
			for i := range w.asked {
				if w.asked[i].ID == string(s.Party) {
					w.asked[i].Why = reason
				}
			}
			continue
		}
		w.suggested = append(w.suggested, ui.PhoneWish{ID: string(s.Party), Name: board.Name(s.Party), Reason: reason, Form: wishForm(p, f, action, ""), Met: before(s.Party)})
	}
	w.others = othersForm(p, f, x, board, action)
	return w, nil
}

// wishForm is one button for each thing that can be said.
func wishForm(p *ui.Page, f *scene.Fair, action string, now scene.FairWishKind) ui.Form {
	form := ui.Form{Action: action}
	for _, kind := range []scene.FairWishKind{scene.WishMust, scene.WishWant, scene.WishNever} {
		if kind != now && (kind != scene.WishMust || f.MaxMusts > 0) {
			form.Buttons = append(form.Buttons, ui.Button{Label: p.T("fair.wish." + string(kind)), Name: "kind", Value: string(kind)})
		}
	}
	if now != "" {
		form.Buttons = append(form.Buttons, ui.Button{Label: p.T("fair.wish.back"), Name: "kind", Value: "back"})
	}
	return form
}

// answerForm answers the wish of another: yes, yes by all means, or no.
func answerForm(p *ui.Page, f *scene.Fair, action string) ui.Form {
	form := ui.Form{Action: action}
	for _, kind := range []scene.FairWishKind{scene.WishWant, scene.WishMust, scene.WishNever} {
		if kind != scene.WishMust || f.MaxMusts > 0 {
			form.Buttons = append(form.Buttons, ui.Button{Label: p.T("fair.answer." + string(kind)), Name: "kind", Value: string(kind)})
		}
	}
	return form
}

// othersForm says something about anybody who takes part: chosen from a list, or
// where that is too long for a phone by name.
func othersForm(p *ui.Page, f *scene.Fair, x *scene.FairParty, board *convene.Board, action string) ui.Form {
	who := ui.Field{Name: "name", Label: p.T("fair.with"), Required: true, Max: 200, Hint: p.T("fair.others.hint")}
	if len(board.Parties) <= listedParties {
		who = ui.Field{Name: "to", Label: p.T("fair.with"), Type: "choice"}
		for _, other := range board.Parties {
			if other.ID != x.ID && other.State == scene.PartyAccepted {
				who.Options = append(who.Options, ui.Option{Value: string(other.ID), Label: other.Name})
			}
		}
		slices.SortFunc(who.Options, func(a, b ui.Option) int { return cmp.Or(cmp.Compare(a.Label, b.Label), cmp.Compare(a.Value, b.Value)) })
		if len(who.Options) == 0 {
			return ui.Form{}
		}
	}
	kind := ui.Field{Name: "kind", Label: p.T("fair.wish"), Type: "radio"}
	for _, k := range []scene.FairWishKind{scene.WishWant, scene.WishMust, scene.WishNever} {
		if k != scene.WishMust || f.MaxMusts > 0 {
			kind.Options = append(kind.Options, ui.Option{Value: string(k), Label: p.T("fair.wish." + string(k)), Chosen: k == scene.WishWant})
		}
	}
	note := ui.Field{Name: "about", Label: p.T("fair.wish.note"), Max: 500}
	return ui.Form{Action: action, Groups: []ui.Group{{Fields: []ui.Field{who, kind, note}}}, Buttons: []ui.Button{{Label: p.T("fair.wish.go")}}}
}

// ReadWish reads the form of a wish.
func ReadWish(c echo.Context) convene.Wish {
	w := convene.Wish{To: scene.ID(c.FormValue("to")), Name: strings.TrimSpace(c.FormValue("name")), Kind: scene.FairWishKind(c.FormValue("kind")), Note: strings.TrimSpace(c.FormValue("about"))}
	if w.Kind == "back" {
		w.Kind = ""
	}
	return w
}

// WishSection shows the wishes of a party on a page of work, of its own or, with
// staff, of the centre's.
func (h *Fair) WishSection(c echo.Context, p *ui.Page, f *scene.Fair, x *scene.FairParty, action string, staff bool) ([]ui.FairSection, error) {
	w, err := h.wishesOf(c, p, f, x, action)
	if err != nil {
		return nil, err
	}
	var list []ui.FairSection
	if len(w.asked) > 0 {
		title, text := "fair.asked", "fair.asked.text."+string(f.Mode)
		if staff {
			title, text = "fair.asked.staff", "fair.asked.staff.text"
			for i := range w.asked {
				w.asked[i].Asked, w.asked[i].Said = "", WishState(p, w.kinds[i])
			}
		}
		list = append(list, ui.FairSection{ID: "asked", Title: p.T(title, "count", len(w.asked)), Text: p.T(text), Table: wishTable(p, action, w.asked)})
	}
	wishes := ui.FairSection{ID: "wishes", Title: p.T("fair.wishes"), Text: w.quota, Lines: w.contradictions, Table: wishTable(p, action, w.wishes)}
	if len(w.wishes) == 0 {
		wishes.Empty = p.T("fair.wishes.none")
	}
	list = append(list, wishes)
	s := ui.FairSection{ID: "suggested", Title: p.T("fair.suggested"), Table: wishTable(p, action, w.suggested)}
	switch {
	case w.pending:
		s.Text = p.T("fair.suggested.pending")
	case len(w.suggested) == 0:
		s.Empty = p.T("fair.suggested.none")
	}
	list = append(list, s)
	if w.others.Action != "" {
		list = append(list, ui.FairSection{Title: p.T("fair.others"), Forms: []ui.Form{w.others}, Folded: true})
	}
	return list, nil
}

// wishTable is a table of parties with what may be said of each; nil for none.
func wishTable(p *ui.Page, action string, list []ui.PhoneWish) *ui.Table {
	if len(list) == 0 {
		return nil
	}
	t := ui.Table{Head: []string{p.T("fair.with"), p.T("fair.wish"), p.T("fair.say")}}
	silent := !slices.ContainsFunc(list, func(w ui.PhoneWish) bool { return w.Said.Code != "" || w.Asked != "" })
	if silent {
		t.Head = slices.Delete(t.Head, 1, 2)
	}
	for i := range list {
		item := &list[i]
		say := ui.Cell{}
		for _, b := range item.Form.Buttons {
			say.Forms = append(say.Forms, ui.Form{Action: action, Groups: []ui.Group{{Fields: []ui.Field{
				{Name: "to", Type: "hidden", Value: item.ID}, {Name: "kind", Type: "hidden", Value: b.Value},
			}}}, Buttons: []ui.Button{{Label: b.Label, Of: item.Name, Danger: b.Value == string(scene.WishNever)}}})
		}
		said := ui.Cell{Text: item.Asked}
		if item.Said.Code != "" {
			said.State = &item.Said
		}
		row := []ui.Cell{{Text: item.Name, Note: lines(item.Reason, item.Why, item.Met)}, said, say}
		if silent {
			row = slices.Delete(row, 1, 2)
		}
		t.Rows = append(t.Rows, row)
	}
	return &t
}

// lines are those of the texts that say something, one below the other.
func lines(texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(s string) bool { return s == "" }), "\n")
}
