package searches

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"jinghe/internal/scene"
	"jinghe/internal/web/backend"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

// Bounds of what is typed, in characters, and of what an address may choose.
const (
	maxName   = 60
	maxWords  = 200
	maxText   = 8000
	maxPlaces = 200
	maxChosen = 20
)

// New answers GET /workspace/searches/new with the words and filters of the list
// that the person comes from.
func (s *Searches) New(c echo.Context) error {
	q := s.asked(c)
	return s.form(c, http.StatusOK, &q, nil)
}

// asked reads a search from the address of a list.
func (s *Searches) asked(c echo.Context) scene.SavedSearch {
	params := c.QueryParams()
	q := scene.SavedSearch{
		Wants: s.sought(c), Words: clip(strings.TrimSpace(params.Get("q")), maxWords), Tell: scene.PaceDaily,
		Fields: s.known(scene.DictField, params[backend.FacetField]), Regions: s.known(scene.DictRegion, params[backend.FacetRegion]),
		Modes: s.known(scene.DictMode, params[backend.FacetMode]),
	}
	if stages := params[backend.FacetStage]; len(stages) > 0 && q.Wants == scene.KindCapability {
		q.Maturity = atLeast(leastOf(stages))
	}
	q.Name = s.name(edge.From(c.Request().Context()).Lang, &q)
	return q
}

// sought is the kind of the list that the person comes from, or what somebody with
// his roles looks for: who only provides looks for opportunities.
func (s *Searches) sought(c echo.Context) scene.Kind {
	by := actor(c)
	switch kind := scene.Kind(c.QueryParam("kind")); {
	case kind == scene.KindOpportunity, kind == scene.KindCapability:
		return kind
	case by.Has(scene.RoleProvider) && !by.Has(scene.RoleOwner):
		return scene.KindOpportunity
	}
	return scene.KindCapability
}

// known keeps the codes that the dictionary has.
func (s *Searches) known(dict string, codes []string) []string {
	var out []string
	for _, code := range codes {
		if _, ok := s.dict().Term(dict, code); ok && !slices.Contains(out, code) && len(out) < maxChosen {
			out = append(out, code)
		}
	}
	return out
}

// stages are the steps of maturity that lists know, with the lowest level of each.
func stages() []struct {
	name  string
	least int
} {
	return []struct {
		name  string
		least int
	}{{"early", 1}, {"middle", 5}, {"mature", 8}}
}

func leastOf(chosen []string) int {
	for _, stage := range stages() {
		if slices.Contains(chosen, stage.name) {
			return stage.least
		}
	}
	return 0
}

// atLeast asks for a maturity; the first level asks for nothing.
func atLeast(level int) scene.Maturity {
	if level <= 1 {
		return scene.Maturity{}
	}
	return scene.Maturity{Min: level, Max: 9}
}

func clip(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return string(r[:most])
	}
	return text
}

// Create answers POST /workspace/searches/new.
func (s *Searches) Create(c echo.Context) error { return s.save(c, scene.SavedSearch{}) }

// Edit answers GET /workspace/searches/:id/edit.
func (s *Searches) Edit(c echo.Context) error {
	k, err := s.service.Get(c.Request().Context(), actor(c), scene.ID(c.Param("id")))
	if err != nil {
		return err
	}
	return s.form(c, http.StatusOK, &k.SavedSearch, nil)
}

// Save answers POST /workspace/searches/:id/edit.
func (s *Searches) Save(c echo.Context) error {
	k, err := s.service.Get(c.Request().Context(), actor(c), scene.ID(c.Param("id")))
	if err != nil {
		return err
	}
	return s.save(c, k.SavedSearch)
}

// save writes what the form says over q; what the form does not have stays.
func (s *Searches) save(c echo.Context, q scene.SavedSearch) error {
	form, err := c.FormParams()
	if err != nil {
		return &scene.Error{Code: scene.Invalid, Op: "searches.save", Err: err}
	}
	if q.ID == "" {
		q.Wants = scene.Kind(form.Get("kind"))
	} else {
		q.Revision = edge.Number(form.Get("revision"))
	}
	fault := s.read(form, &q)
	if fault == nil {
		q, fault = s.service.Save(c.Request().Context(), actor(c), q)
	}
	if frame.Mendable(fault) || scene.CodeOf(fault) == scene.TooLarge {
		return s.form(c, edge.Status(scene.CodeOf(fault)), &q, fault)
	}
	if fault != nil {
		return fault
	}
	return c.Redirect(http.StatusSeeOther, at(q.ID)+"?done=saved")
}

// read takes the fields of the form.
func (s *Searches) read(form url.Values, q *scene.SavedSearch) error {
	text := func(name string) string { return strings.TrimSpace(form.Get(name)) }
	q.Name, q.Words, q.Text = text("name"), text("words"), text("text")
	q.Fields, q.Tell = form["fields"], scene.Pace(form.Get("tell"))
	if q.Wants == scene.KindCapability {
		q.Maturity = atLeast(leastOf(form["stage"]))
	}
	bad := &scene.Error{Code: scene.Invalid, Key: "saved_search.invalid"}
	if places := text("regions"); places == "" {
		q.Regions = nil
	} else if q.Regions = s.dict().RegionOf(places); len(q.Regions) == 0 {
		bad.Fields = append(bad.Fields, scene.FieldError{Field: "regions", Key: "saved_search.region", Args: map[string]any{"value": places}})
	}
	q.Money.Max = 0
	if wan := text("money"); wan != "" {
		m, err := scene.ParseWan(wan)
		if err != nil {
			bad.Fields = append(bad.Fields, scene.FieldError{Field: "money", Key: "money.format", Args: map[string]any{"value": wan}})
		}
		q.Money.Max = m
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// form shows a search to be saved, with what is wrong with it.
func (s *Searches) form(c echo.Context, status int, q *scene.SavedSearch, fault error) error {
	title, action := "web.searches.keep", base+"/new"
	back := ui.Link{Text: "", URL: listOf(q)}
	if q.ID != "" {
		title, action, back.URL = "web.searches.edit", at(q.ID)+"/edit", at(q.ID)
	}
	p := s.page(c, title)
	back.Text = p.T("web.form.cancel")
	f := ui.Form{
		Action: action, Buttons: []ui.Button{{Label: p.T("web.searches.save")}}, Back: back,
		Groups: []ui.Group{s.what(p, q), how(p, q), {Fields: []ui.Field{{Name: "revision", Type: "hidden", Value: itoa(q.Revision)}}}},
	}
	frame.Fill(p.Lang, &f, fault)
	return s.frame.Render(c, status, ui.FormPageView(p, ui.FormPage{
		Lead: p.T("web.searches.lead" + settled(q)), Crumb: ui.Link{Text: p.T("web.searches.title"), URL: base}, Form: f,
	}))
}

// settled ends the keys of sentences about what a stored search looks for; a new one
// may still ask for the other kind.
func settled(q *scene.SavedSearch) string {
	if q.ID == "" {
		return ""
	}
	return "." + string(q.Wants)
}

// wants asks for the kind that is looked for.
func wants(p *ui.Page, q *scene.SavedSearch) ui.Field {
	f := ui.Field{Name: "kind", Label: p.T("web.searches.kind"), Type: "radio", Required: true}
	for _, kind := range []scene.Kind{scene.KindOpportunity, scene.KindCapability} {
		f.Options = append(f.Options, ui.Option{Value: string(kind), Label: p.T("web.kind." + string(kind)), Chosen: kind == q.Wants})
	}
	return f
}

// what is the part of the form that says what is asked.
func (s *Searches) what(p *ui.Page, q *scene.SavedSearch) ui.Group {
	dict := s.dict()
	fields := ui.Field{Name: "fields", Label: p.T("web.facet.field"), Type: "checks"}
	if d, ok := dict.Get(scene.DictField); ok {
		for _, t := range d.Terms {
			fields.Options = append(fields.Options, ui.Option{
				Value: t.Code, Label: dict.Label(scene.DictField, t.Code, string(p.Lang)), Chosen: slices.Contains(q.Fields, t.Code),
			})
		}
	}
	money := ui.Field{
		Name: "money", Label: p.T("web.searches.money" + settled(q)), Hint: p.T("web.searches.money.hint"), Max: 20, Short: true, Mode: "decimal",
	}
	if q.Money.Max > 0 {
		money.Value = q.Money.Max.Wan()
	}
	g := ui.Group{Title: p.T("web.searches.what"), Fields: []ui.Field{
		{Name: "words", Label: p.T("web.searches.words"), Hint: p.T("web.searches.words.hint"), Value: q.Words, Max: maxWords},
		{
			Name: "text", Label: p.T("web.searches.text"), Hint: p.T("web.searches.text.hint"), Value: q.Text, Type: "text-area",
			Rows: 4, Max: maxText,
		},
		fields,
		{
			Name: "regions", Label: p.T("web.facet.region"), Hint: p.T("web.searches.regions.hint"), Max: maxPlaces,
			Value: strings.Join(labels(dict, p, scene.DictRegion, q.Regions), p.T("list.separator")),
		},
		money,
	}}
	if q.ID == "" {
		g.Fields = append([]ui.Field{wants(p, q)}, g.Fields...)
	}
	if q.ID == "" || q.Wants == scene.KindCapability {
		g.Fields = append(g.Fields, stage(p, q))
	}
	return g
}

func stage(p *ui.Page, q *scene.SavedSearch) ui.Field {
	f := ui.Field{Name: "stage", Label: p.T("web.searches.stage"), Type: "choice", Short: true, Options: []ui.Option{{Value: "", Label: p.T("web.searches.stage.any")}}}
	for _, stage := range stages()[1:] {
		f.Options = append(f.Options, ui.Option{Value: stage.name, Label: p.T("web.stage." + stage.name), Chosen: q.Maturity.Min == stage.least})
	}
	if q.ID == "" {
		f.Hint = p.T("web.searches.stage.hint")
	}
	return f
}

// how is the part of the form that says how to be told.
func how(p *ui.Page, q *scene.SavedSearch) ui.Group {
	tell := ui.Field{Name: "tell", Label: p.T("web.searches.tell"), Type: "radio"}
	for _, pace := range []scene.Pace{scene.PaceAtOnce, scene.PaceDaily, scene.PaceWeekly, scene.PaceNever} {
		tell.Options = append(tell.Options, ui.Option{Value: string(pace), Label: p.T("web.searches.pace." + paceKey(pace)), Chosen: pace == q.Tell})
	}
	return ui.Group{Title: p.T("web.searches.how"), Text: p.T("web.searches.how.text"), Fields: []ui.Field{
		tell, {Name: "name", Label: p.T("web.searches.name"), Hint: p.T("web.searches.name.hint"), Value: q.Name, Max: maxName, Required: true},
	}}
}
