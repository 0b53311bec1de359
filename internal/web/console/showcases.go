package console

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

const (
	showcases       = "/console/showcases"
	maxShowcaseText = 4000
)

// Showcases answers GET /console/showcases?after=CURSOR.
func (o *Console) Showcases(c echo.Context) error {
	rows, err := o.registry.Showcases(c.Request().Context(), "", store.Page{After: c.QueryParam("after"), Limit: perPage})
	if err != nil {
		return err
	}
	p, tabs, err := o.page(c, "web.console.tab.showcases", showcases)
	if err != nil {
		return err
	}
	v := ui.ShowcaseDesk{Nav: tabs, NewURL: showcases + "/new", Files: xlsx(p, showcases, nil), Next: after(showcases, nil, rows.Next)}
	if done := c.QueryParam("done"); p.Has("web.showcase.done." + done) {
		v.Notice = p.T("web.showcase.done." + done)
	}
	for i := range rows.Items {
		s := &rows.Items[i]
		v.Rows = append(v.Rows, ui.Row{
			Name: s.Name, URL: showcases + "/" + string(s.ID), Org: s.Owner, Kind: s.Provider, State: frame.State(p, s.State), Date: ui.Minute(s.Updated),
		})
	}
	return o.frame.Render(c, http.StatusOK, ui.ShowcaseDeskPage(p, v))
}

// Showcase answers GET /console/showcases/:id, where “new” begins one.
func (o *Console) Showcase(c echo.Context) error {
	s, err := o.oneShowcase(c)
	if err != nil {
		return err
	}
	return o.showcase(c, http.StatusOK, &s, nil, nil)
}

func (o *Console) oneShowcase(c echo.Context) (scene.Showcase, error) {
	if c.Param("id") == "new" {
		return scene.Showcase{State: scene.Draft}, nil
	}
	return o.registry.Showcase(c.Request().Context(), scene.ID(c.Param("id")))
}

func (o *Console) showcase(c echo.Context, status int, s *scene.Showcase, fault, file error) error {
	p, tabs, err := o.page(c, "web.showcase.new", showcases)
	if err != nil {
		return err
	}
	v := ui.ShowcaseEditor{Nav: tabs, State: frame.State(p, s.State), Form: o.showcaseForm(p, c.Param("id"), s)}
	if s.Revision > 0 {
		p.Title = s.Name
	}
	if s.State == scene.Published && s.Revision > 0 {
		v.Public = "/showcases/" + string(s.ID)
	}
	if s.Revision > 0 {
		if v.Files, err = o.annex.Files(c, p, scene.NounShowcase, s.ID, showcases+"/"+string(s.ID)+"/pictures", file); err != nil {
			return err
		}
	}
	frame.Fill(p.Lang, &v.Form, fault)
	return o.frame.Render(c, status, ui.ShowcaseEditorPage(p, v))
}

// SaveShowcase answers POST /console/showcases/:id with do=draft|published|closed.
func (o *Console) SaveShowcase(c echo.Context) error {
	s, err := o.oneShowcase(c)
	if err != nil {
		return err
	}
	if err := readShowcase(c, &s); err != nil {
		return o.showcase(c, edge.Status(scene.CodeOf(err)), &s, err, nil)
	}
	saved, err := o.registry.SaveShowcase(c.Request().Context(), actor(c), s)
	if frame.Mendable(err) {
		return o.showcase(c, edge.Status(scene.CodeOf(err)), &s, err, nil)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, showcases+"?done="+string(saved.State))
}

// showcaseTexts are the fields of plain text, in the order of the form.
func showcaseTexts(s *scene.Showcase) []struct {
	name     string
	at       *string
	rows     int // 0 is a line
	required bool
} {
	return []struct {
		name     string
		at       *string
		rows     int
		required bool
	}{
		{"name", &s.Name, 0, true},
		{"owner", &s.Owner, 0, true},
		{"provider", &s.Provider, 0, true},
		{"site", &s.Site, 0, false},
		{"since", &s.Since, 0, false},
		{"scenario", &s.Scenario, 5, true},
		{"before", &s.Before, 4, false},
		{"after", &s.After, 4, false},
		{"conditions", &s.Conditions, 3, false},
		{"evidence", &s.Evidence, 2, false},
		{"plate", &s.Plate, 0, false},
		{"name_en", &s.NameEn, 0, false},
		{"summary_en", &s.Summary, 3, false},
	}
}

func readShowcase(c echo.Context, s *scene.Showcase) error {
	for _, f := range showcaseTexts(s) {
		*f.at = strings.TrimSpace(strings.ReplaceAll(c.FormValue(f.name), "\r\n", "\n"))
	}
	s.Opportunity, s.Capability = scene.ID(strings.TrimSpace(c.FormValue("opportunity"))), scene.ID(strings.TrimSpace(c.FormValue("capability")))
	form, err := c.FormParams()
	if err != nil {
		return &scene.Error{Code: scene.Invalid, Op: "console.readShowcase", Err: err}
	}
	s.Fields = form["fields"]
	s.Figures = readFigures(c.FormValue("figures"))
	switch c.FormValue("do") {
	case "published":
		s.State = scene.Published
	case "closed":
		s.State = scene.Closed
	default:
		s.State = scene.Draft
	}
	if n := edge.Number(c.FormValue("revision")); n > 0 {
		s.Revision = n
	}
	s.Investment = scene.MoneyRange{}
	if text := strings.TrimSpace(c.FormValue("investment")); text != "" {
		wan, err := strconv.ParseFloat(text, 64)
		key := ""
		switch {
		case wan > 1e7:
			key = "showcase.investment"
		case err != nil || !(wan >= 0):
			key = "money.format"
		}
		if key != "" {
			return &scene.Error{Code: scene.Invalid, Key: "showcase.invalid", Fields: []scene.FieldError{{Field: "investment", Key: key, Args: map[string]any{"value": text}}}}
		}
		amount := scene.Money(wan*100+0.5) * (scene.Wan / 100)
		s.Investment = scene.MoneyRange{Min: amount, Max: amount}
	}
	return nil
}

// A line of the field of figures: name | before | after | unit.
func readFigures(text string) []scene.Figure {
	var list []scene.Figure
	for line := range strings.SplitSeq(text, "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		var cells [4]string
		for i, cell := range strings.SplitN(strings.ReplaceAll(line, "｜", "|"), "|", len(cells)) {
			cells[i] = strings.TrimSpace(cell)
		}
		list = append(list, scene.Figure{Name: cells[0], Before: cells[1], After: cells[2], Unit: cells[3]})
	}
	return list
}

func writeFigures(list []scene.Figure) string {
	var b strings.Builder
	for _, f := range list {
		b.WriteString(f.Name + " | " + f.Before + " | " + f.After + " | " + f.Unit + "\n")
	}
	return b.String()
}

func (o *Console) showcaseForm(p *ui.Page, id string, s *scene.Showcase) ui.Form {
	var fields []ui.Field
	for _, f := range showcaseTexts(s) {
		field := ui.Field{Name: f.name, Label: p.T("web.showcase.field." + f.name), Value: *f.at, Required: f.required, Max: 200}
		if f.rows > 0 {
			field.Type, field.Rows, field.Max = "text-area", f.rows, maxShowcaseText
		}
		if p.Has("web.showcase.hint." + f.name) {
			field.Hint = p.T("web.showcase.hint." + f.name)
		}
		fields = append(fields, field)
		switch f.name {
		case "after":
			fields = append(fields, ui.Field{
				Name: "figures", Label: p.T("web.showcase.field.figures"), Type: "text-area", Rows: 4, Max: 1000,
				Value: writeFigures(s.Figures), Hint: p.T("web.showcase.hint.figures"),
			})
		case "since":
			fields = append(fields, o.showcaseFields(p, s)...)
		}
	}
	f := ui.Form{
		Action: showcases + "/" + id, Lax: true, Groups: []ui.Group{{Fields: fields}}, Back: ui.Link{Text: p.T("web.showcase.back"), URL: showcases},
		Buttons: []ui.Button{
			{Label: p.T("web.showcase.publish"), Name: "do", Value: string(scene.Published)},
			{Label: p.T("web.showcase.keep"), Name: "do", Value: string(scene.Draft)},
		},
	}
	if s.Revision > 0 {
		f.Groups[0].Fields = append(f.Groups[0].Fields, ui.Field{Name: "revision", Type: "hidden", Value: strconv.Itoa(s.Revision)})
		f.Buttons = append(f.Buttons, ui.Button{Label: p.T("web.showcase.close"), Name: "do", Value: string(scene.Closed), Danger: true})
	}
	return f
}

// showcaseFields are the fields of a showcase that are not plain text.
func (o *Console) showcaseFields(p *ui.Page, s *scene.Showcase) []ui.Field {
	d := o.dict()
	uses := ui.Field{Name: "fields", Label: p.T("web.field"), Type: "checks"}
	dict, _ := d.Get(scene.DictField)
	for _, term := range dict.Terms {
		chosen := false
		for _, code := range s.Fields {
			chosen = chosen || code == term.Code
		}
		uses.Options = append(uses.Options, ui.Option{Value: term.Code, Label: d.Label(scene.DictField, term.Code, string(p.Lang)), Chosen: chosen})
	}
	investment := ""
	if s.Investment.Known() {
		investment = s.Investment.Max.Wan()
	}
	return []ui.Field{
		uses,
		{Name: "investment", Label: p.T("web.showcase.field.investment"), Value: investment, Mode: "decimal", Max: 12, Short: true},
		{Name: "opportunity", Label: p.T("web.showcase.field.opportunity"), Value: string(s.Opportunity), Max: 64, Hint: p.T("web.showcase.hint.entry"), Short: true},
		{Name: "capability", Label: p.T("web.showcase.field.capability"), Value: string(s.Capability), Max: 64, Short: true},
	}
}
