package pairs

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"jinghe/internal/engage"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

// New answers GET …/engagements/new?need=ID&offer=ID; in a workspace one of the
// two may be left to be chosen among one's own.
func (r *Pairs) New(c echo.Context) error {
	return r.begin(c, http.StatusOK, nil)
}

func (r *Pairs) begin(c echo.Context, status int, fault error) error {
	title, send := "web.pairs.express", "web.pairs.express.go"
	if r.base == Console {
		title, send = "web.pairs.recommend", "web.pairs.recommend.go"
	}
	p, _, err := r.page(c, title)
	if err != nil {
		return err
	}
	fields, lead, err := r.sides(c, p)
	if err != nil {
		return err
	}
	f := ui.Form{
		Action:  r.base + "/new",
		Groups:  []ui.Group{{Fields: append(fields, ui.Field{Name: "text", Label: p.T("web.pairs.message"), Type: "text-area", Value: c.FormValue("text"), Hint: p.T("web.pairs.message.hint"), Max: scene.MaxEngagementText})}},
		Buttons: []ui.Button{{Label: p.T(send)}},
		Back:    ui.Link{Text: p.T("web.form.cancel"), URL: r.base},
	}
	frame.Fill(p.Lang, &f, fault)
	return r.frame.Render(c, status, ui.FormPageView(p, ui.FormPage{
		Lead: lead, Crumb: ui.Link{Text: p.T(r.title()), URL: r.base}, Form: f,
	}))
}

// sides are the fields that name the pair: what is known is said in the lead, and
// what is missing can be chosen among one's own, or named by the centre.
func (r *Pairs) sides(c echo.Context, p *ui.Page) (fields []ui.Field, lead string, err error) {
	names := map[string]string{}
	for _, side := range []struct {
		name string
		kind scene.Kind
	}{{"need", scene.KindOpportunity}, {"offer", scene.KindCapability}} {
		id := named(c, side.name)
		if id == "" {
			field, err := r.choice(c, p, side.name, side.kind)
			if err != nil {
				return nil, "", err
			}
			fields = append(fields, field)
			continue
		}
		name, err := r.public(c, side.kind, id)
		if err != nil {
			return nil, "", err
		}
		names[side.name] = name
		fields = append(fields, ui.Field{Name: side.name, Type: "hidden", Value: string(id)})
	}
	switch {
	case names["need"] != "" && names["offer"] != "":
		key := "web.pairs.lead.both"
		if r.base == Console {
			key = "web.pairs.lead.recommend"
		}
		lead = p.T(key, "need", names["need"], "offer", names["offer"])
	case names["need"]+names["offer"] != "":
		lead = p.T("web.pairs.lead.one", "name", names["need"]+names["offer"])
	default:
		lead = p.T("web.pairs.lead.none")
	}
	return fields, lead, nil
}

// public is the name of a listing that anybody may see, else NotFound.
func (r *Pairs) public(c echo.Context, kind scene.Kind, id scene.ID) (string, error) {
	ctx := c.Request().Context()
	var l scene.Listing
	if kind == scene.KindOpportunity {
		o, err := r.registry.Opportunity(ctx, id)
		if err != nil {
			return "", err
		}
		l = o.Listing
	} else {
		o, err := r.registry.Capability(ctx, id)
		if err != nil {
			return "", err
		}
		l = o.Listing
	}
	if !l.Public(r.now()) {
		return "", &scene.Error{Code: scene.NotFound, Op: "pairs.public", Key: "engagement.no_listing"}
	}
	return scene.Redact(l.Name), nil
}

// named is the listing that a field names by its code, or by the address of its
// page as it is pasted from a browser.
func named(c echo.Context, field string) scene.ID {
	text := strings.TrimSpace(c.FormValue(field))
	for _, list := range []string{"/opportunities/", "/capabilities/"} {
		if _, after, ok := strings.Cut(text, list); ok {
			text, _, _ = strings.Cut(after, "/")
			text, _, _ = strings.Cut(text, "?")
		}
	}
	return scene.ID(text)
}

// choice is the field for a side that was not named.
func (r *Pairs) choice(c echo.Context, p *ui.Page, name string, kind scene.Kind) (ui.Field, error) {
	f := ui.Field{Name: name, Label: p.T("web.pairs.choose." + name), Required: true}
	if r.base == Console {
		f.Hint, f.Max = p.T("web.pairs.choose.hint"), 300
		return f, nil
	}
	own, err := r.registry.Own(c.Request().Context(), actor(c))
	if err != nil {
		return f, err
	}
	f.Type = "choice"
	for i := range own {
		if l := own[i].Listing(); own[i].Kind() == kind && l.Open(r.now()) {
			f.Options = append(f.Options, ui.Option{Value: string(l.ID), Label: l.Name})
		}
	}
	if len(f.Options) == 0 {
		f.Hint = p.T("web.pairs.choose.none")
	}
	return f, nil
}

// Begin answers POST …/engagements/new.
func (r *Pairs) Begin(c echo.Context) error {
	i := engage.Interest{Need: named(c, "need"), Offer: named(c, "offer"), Message: c.FormValue("text")}
	begin, done := r.engage.Express, "expressed"
	if r.base == Console {
		begin, done = r.engage.Recommend, "recommended"
	}
	e, err := begin(c.Request().Context(), actor(c), i)
	if frame.Mendable(err) {
		return r.begin(c, edge.Status(scene.CodeOf(err)), err)
	}
	if err != nil {
		return err
	}
	return r.seeOther(c, e.ID, done)
}
