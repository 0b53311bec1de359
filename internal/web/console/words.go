package console

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/internal/web/backend"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

// What a form of the workbench asks for.
const (
	wordPut  = "put"
	wordDrop = "drop"
	linkJoin = "join"
	linkPart = "part"
)

// What a word is used for, besides being one.
const (
	useStop    = "stop"
	useExclude = "exclude"
)

func useOf(w *scene.Word) string {
	switch {
	case w.Exclude:
		return useExclude
	case w.Stop:
		return useStop
	}
	return ""
}

// Words answers GET /console/words.
func (o *Console) Words(c echo.Context) error {
	return o.words(c, http.StatusOK, nil, nil, nil)
}

// EditWords answers POST /console/words: it looks what an edit would change
// (do=look), or makes it.
func (o *Console) EditWords(c echo.Context) error {
	ctx, by := c.Request().Context(), actor(c)
	change := amendment(c)
	if c.FormValue("do") == "look" {
		looked, err := o.workbench.Preview(ctx, by, change, edge.From(ctx).Lang)
		if frame.Mendable(err) || scene.CodeOf(err) == scene.NotFound {
			return o.words(c, edge.Status(scene.CodeOf(err)), &change, nil, err)
		}
		if err != nil {
			return err
		}
		return o.words(c, http.StatusOK, &change, &looked, nil)
	}
	err := o.workbench.Amend(ctx, by, change)
	if frame.Mendable(err) || scene.CodeOf(err) == scene.NotFound {
		return o.words(c, edge.Status(scene.CodeOf(err)), &change, nil, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, words+"?done=saved")
}

// amendment reads an edit from a form.
func amendment(c echo.Context) scene.Amendment {
	switch c.FormValue("what") {
	case wordPut:
		synonyms := strings.FieldsFunc(c.FormValue("synonyms"), func(r rune) bool { return strings.ContainsRune("、,，;；\n\r", r) })
		return scene.Amendment{Put: &scene.Word{
			Word: c.FormValue("word"), Synonyms: synonyms, Pinyin: c.FormValue("pinyin"),
			Exclude: c.FormValue("use") == useExclude, Stop: c.FormValue("use") == useStop,
		}}
	case wordDrop:
		return scene.Amendment{Drop: c.FormValue("word")}
	}
	from, to, _ := strings.Cut(c.FormValue("walk"), ":")
	weight, err := strconv.ParseFloat(c.FormValue("weight"), 64)
	if err != nil {
		weight = 0 // told as a weight out of its bounds
	}
	join := &scene.Join{FromDict: from, ToDict: to, Link: scene.Link{From: c.FormValue("from"), To: c.FormValue("to"), Weight: weight}}
	if c.FormValue("what") == linkPart {
		return scene.Amendment{Part: join}
	}
	return scene.Amendment{Join: join}
}

func (o *Console) words(c echo.Context, status int, change *scene.Amendment, looked *backend.Preview, fault error) error {
	v, err := o.workbench.Vocabulary(c.Request().Context())
	if err != nil {
		return err
	}
	p, tabs, err := o.page(c, "web.console.tab.words", words)
	if err != nil {
		return err
	}
	view := ui.Words{Nav: tabs}
	if done := c.QueryParam("done"); p.Has("web.words.done." + done) {
		view.Notice = p.T("web.words.done." + done)
	}
	if looked != nil {
		view.Preview = preview(p, looked, *change)
	}
	view.Added, view.Add = addedWords(p, v.Words), putForm(p, change)
	for _, w := range v.Crosswalks {
		if w.From != w.To { // groups of divisions are no crosswalk to people
			view.Walks = append(view.Walks, o.walk(p, w, change))
		}
	}
	forms := []ui.Form{view.Add}
	for _, w := range view.Walks {
		forms = append(forms, w.Add)
	}
	at := 0
	for i, w := range view.Walks {
		if w.Open {
			at = i + 1
		}
	}
	frame.Fill(p.Lang, &forms[at], fault)
	view.Add = forms[0]
	for i := range view.Walks {
		view.Walks[i].Add = forms[i+1]
	}
	return o.frame.Render(c, status, ui.WordsPage(p, view))
}

// lookAndSave are the two ways to send an edit: to see first is what is meant.
func lookAndSave(p *ui.Page) []ui.Button {
	return []ui.Button{
		{Label: p.T("web.words.look"), Name: "do", Value: "look"}, {Label: p.T("web.words.save"), Name: "do", Value: "save"},
	}
}

// lookFirst is the one way to take something out: the preview has the button that does it.
func lookFirst(label string) []ui.Button {
	return []ui.Button{{Label: label, Name: "do", Value: "look"}}
}

func hidden(name, value string) ui.Field { return ui.Field{Name: name, Type: "hidden", Value: value} }

func addedWords(p *ui.Page, list []scene.Word) []ui.WordRow {
	var rows []ui.WordRow
	for _, w := range list {
		use := useOf(&w)
		if use != "" {
			use = p.T("web.words.use." + use)
		}
		rows = append(rows, ui.WordRow{
			Word: w.Word, Synonyms: strings.Join(w.Synonyms, "、"), Pinyin: w.Pinyin, Use: use,
			Drop: ui.Form{
				Action: words, Buttons: lookFirst(p.T("web.words.drop")),
				Groups: []ui.Group{{Fields: []ui.Field{hidden("what", wordDrop), hidden("word", w.Word)}}},
			},
		})
	}
	return rows
}

// putForm is the form that adds a word, with what was typed.
func putForm(p *ui.Page, change *scene.Amendment) ui.Form {
	var w scene.Word
	if change != nil && change.Put != nil {
		w = *change.Put
	}
	use := ui.Field{Name: "use", Label: p.T("web.words.use"), Type: "choice", Options: []ui.Option{{Label: p.T("web.words.use.word")}}}
	for _, u := range []string{useStop, useExclude} {
		use.Options = append(use.Options, ui.Option{Value: u, Label: p.T("web.words.use." + u), Chosen: useOf(&w) == u})
	}
	return ui.Form{
		Action: words, Lax: true, Buttons: lookAndSave(p),
		Groups: []ui.Group{{Fields: []ui.Field{
			hidden("what", wordPut),
			{Name: "word", Label: p.T("web.words.word"), Value: w.Word, Required: true, Max: 40, Hint: p.T("web.words.word.hint")},
			{Name: "synonyms", Label: p.T("web.words.synonyms"), Value: strings.Join(w.Synonyms, "、"), Max: 400, Hint: p.T("web.words.synonyms.hint")},
			{Name: "pinyin", Label: p.T("web.words.pinyin"), Value: w.Pinyin, Max: 100, Hint: p.T("web.words.pinyin.hint")},
			use,
		}}},
	}
}

// walk shows a crosswalk; it stands open while it is being edited.
func (o *Console) walk(p *ui.Page, w scene.Crosswalk, change *scene.Amendment) ui.WalkView {
	d, name := o.dict(), w.From+":"+w.To
	label := func(dict, code string) string { return d.Label(dict, code, string(p.Lang)) }
	v := ui.WalkView{Title: p.T("web.words.walk", "from", dictName(p, d, w.From), "to", dictName(p, d, w.To))}
	at := map[string]int{}
	for _, l := range w.Links {
		i, ok := at[l.From]
		if !ok {
			i = len(v.Rows)
			at[l.From] = i
			v.Rows = append(v.Rows, ui.WalkRow{From: label(w.From, l.From)})
		}
		v.Rows[i].Links = append(v.Rows[i].Links, ui.WalkLink{
			To: label(w.To, l.To), Weight: strconv.FormatFloat(l.Weight, 'g', 3, 64),
			Part: ui.Form{Action: words, Buttons: lookFirst(p.T("web.words.part")), Groups: []ui.Group{{Fields: []ui.Field{
				hidden("what", linkPart), hidden("walk", name), hidden("from", l.From), hidden("to", l.To),
			}}}},
		})
	}
	join := scene.Join{Link: scene.Link{Weight: 0.5}}
	if j := joinOf(change); j != nil && j.FromDict == w.From && j.ToDict == w.To {
		join, v.Open = *j, true
	}
	v.Add = ui.Form{Action: words, Lax: true, Buttons: lookAndSave(p), Groups: []ui.Group{{Fields: []ui.Field{
		hidden("what", linkJoin), hidden("walk", name),
		{Name: "from", Label: dictName(p, d, w.From), Type: "choice", Options: o.codes(p, w.From, join.From)},
		{Name: "to", Label: dictName(p, d, w.To), Type: "choice", Options: o.codes(p, w.To, join.To)},
		{Name: "weight", Label: p.T("web.words.weight"), Value: strconv.FormatFloat(join.Weight, 'g', 3, 64), Mode: "decimal", Short: true, Hint: p.T("web.words.weight.hint")},
	}}}}
	return v
}

func joinOf(change *scene.Amendment) *scene.Join {
	if change == nil {
		return nil
	}
	return cmp.Or(change.Join, change.Part)
}

func dictName(p *ui.Page, d *scene.Dictionaries, name string) string {
	dict, _ := d.Get(name)
	if p.Lang == "en" && dict.En != "" {
		return dict.En
	}
	return dict.Zh
}

func (o *Console) codes(p *ui.Page, name, chosen string) []ui.Option {
	d := o.dict()
	dict, _ := d.Get(name)
	options := []ui.Option{{Label: p.T("web.words.choose")}}
	for _, t := range dict.Terms {
		options = append(options, ui.Option{Value: t.Code, Label: d.Label(name, t.Code, string(p.Lang)), Chosen: t.Code == chosen})
	}
	return options
}

// preview words what an edit would change, with the form that makes it.
func preview(p *ui.Page, looked *backend.Preview, change scene.Amendment) *ui.WordsPreview {
	v := &ui.WordsPreview{
		Summary: p.T("web.words.summary", "changed", looked.Changed, "looked", looked.Looked, "needs", looked.Needs),
		Save: ui.Form{
			Action: words, Groups: []ui.Group{{Fields: amendmentFields(change)}},
			Buttons: []ui.Button{{Label: p.T("web.words.save"), Name: "do", Value: "save"}}, Back: ui.Link{Text: p.T("web.words.discard"), URL: words},
		},
	}
	for i := range looked.Shifts {
		s := &looked.Shifts[i]
		v.Shifts = append(v.Shifts, ui.ShiftRow{
			Need: ui.Link{Text: s.Need.Name, URL: "/opportunities/" + string(s.Need.ID) + "/matches"},
			Came: shiftPlaces(s.Came), Went: shiftPlaces(s.Went), Moved: shiftPlaces(s.Moved),
		})
	}
	return v
}

func shiftPlaces(list []match.Place) []ui.ShiftPlace {
	var places []ui.ShiftPlace
	for _, x := range list {
		places = append(places, ui.ShiftPlace{
			Offer: ui.Link{Text: x.Offer.Name, URL: "/capabilities/" + string(x.Offer.ID)}, Place: placed(x.Was) + "→" + placed(x.Now),
		})
	}
	return places
}

func placed(at int) string {
	if at == 0 {
		return "–"
	}
	return strconv.Itoa(at)
}

// amendmentFields carries an edit that was looked at to the form that makes it.
func amendmentFields(change scene.Amendment) []ui.Field {
	switch {
	case change.Put != nil:
		return []ui.Field{
			hidden("what", wordPut), hidden("word", change.Put.Word), hidden("pinyin", change.Put.Pinyin),
			hidden("use", useOf(change.Put)), hidden("synonyms", strings.Join(change.Put.Synonyms, "、")),
		}
	case change.Drop != "":
		return []ui.Field{hidden("what", wordDrop), hidden("word", change.Drop)}
	}
	what, j := linkJoin, change.Join
	if j == nil {
		what, j = linkPart, change.Part
	}
	return slices.Concat([]ui.Field{hidden("what", what), hidden("walk", j.FromDict+":"+j.ToDict)}, []ui.Field{
		hidden("from", j.From), hidden("to", j.To), hidden("weight", strconv.FormatFloat(j.Weight, 'g', -1, 64)),
	})
}
