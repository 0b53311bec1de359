package workspace

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

// profilePath is where an organisation says what it is.
const profilePath = "/workspace/organisation"

// Profile answers GET /workspace/organisation.
func (w *Workspace) Profile(c echo.Context) error {
	o, err := w.registry.Organisation(c.Request().Context(), actor(c).OrgID)
	if err != nil {
		return err
	}
	return w.profile(c, http.StatusOK, &o, w.regionName(o.Region), nil)
}

// SaveProfile answers POST /workspace/organisation.
func (w *Workspace) SaveProfile(c echo.Context) error {
	ctx, by := c.Request().Context(), actor(c)
	o, err := w.registry.Organisation(ctx, by.OrgID)
	if err != nil {
		return err
	}
	err = w.readProfile(c, &o)
	if err == nil {
		_, err = w.registry.EditOrganisation(ctx, by, o)
	}
	if frame.Mendable(err) {
		return w.profile(c, edge.Status(scene.CodeOf(err)), &o, c.FormValue("region"), err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/workspace?done=profile")
}

// readProfile reads the form into o.
func (w *Workspace) readProfile(c echo.Context, o *scene.Organisation) error {
	form, err := c.FormParams()
	if err != nil {
		return &scene.Error{Code: scene.Invalid, Op: "workspace.readProfile", Err: err}
	}
	var faults []scene.FieldError
	o.Revision = edge.Number(form.Get("revision"))
	o.NameEn, o.Kind, o.Address, o.Profile = form.Get("name_en"), scene.OwnerKind(form.Get("kind")), form.Get("address"), form.Get("profile")
	o.Contact.Person, o.Contact.Phone, o.Contact.Mail = form.Get("contact.person"), form.Get("contact.phone"), form.Get("contact.mail")
	o.Industries = nil
	for _, code := range form["industries"] {
		if _, known := w.dict().Term(scene.DictIndustry, code); known {
			o.Industries = append(o.Industries, code)
		}
	}
	o.Founded = 0
	if year := form.Get("founded"); year != "" {
		if o.Founded, err = strconv.Atoi(year); err != nil {
			o.Founded = -1 // told as a year out of its bounds
		}
	}
	if region := form.Get("region"); region != w.regionName(o.Region) { // a group of divisions has a name that is no text to read
		codes := w.dict().RegionOf(region)
		if o.Region = ""; len(codes) == 1 {
			o.Region = codes[0]
		}
		if region != "" && len(codes) != 1 {
			faults = append(faults, scene.FieldError{Field: "region", Key: "organisation.region"})
		}
	}
	if len(faults) > 0 {
		return &scene.Error{Code: scene.Invalid, Op: "workspace.readProfile", Key: "organisation.invalid", Fields: faults}
	}
	return nil
}

func (w *Workspace) regionName(code string) string {
	if code == "" {
		return ""
	}
	return w.dict().Label(scene.DictRegion, code, "zh")
}

func (w *Workspace) profile(c echo.Context, status int, o *scene.Organisation, region string, fault error) error {
	p := w.page(c, "")
	p.Title = p.T("web.profile")
	v := ui.FormPage{Crumb: ui.Link{Text: p.T("web.nav.workspace"), URL: "/workspace"}, Lead: p.T("web.profile.lead", "name", o.Name, "code", o.CreditCode)}
	if o.CreditCode == "" {
		v.Lead = p.T("web.profile.lead.no_code", "name", o.Name)
	}
	kind := ui.Field{Name: "kind", Label: p.T("web.org.field.kind"), Type: "choice", Short: true, Options: []ui.Option{{Label: p.T("web.sheet.unknown")}}}
	for _, k := range scene.OwnerKinds() {
		kind.Options = append(kind.Options, ui.Option{Value: string(k), Label: p.T("web.owner_kind." + string(k)), Chosen: k == o.Kind})
	}
	industries := ui.Field{Name: "industries", Label: p.T("web.org.field.industries"), Type: "checks"}
	if d, ok := w.dict().Get(scene.DictIndustry); ok {
		for _, t := range d.Terms {
			industries.Options = append(industries.Options, ui.Option{
				Value: t.Code, Label: w.dict().Label(scene.DictIndustry, t.Code, string(p.Lang)), Chosen: slices.Contains(o.Industries, t.Code),
			})
		}
	}
	founded := c.FormValue("founded")
	if founded == "" && o.Founded > 0 {
		founded = strconv.Itoa(o.Founded)
	}
	v.Form = ui.Form{Action: profilePath, Buttons: []ui.Button{{Label: p.T("web.profile.save")}}, Back: ui.Link{Text: p.T("web.form.cancel"), URL: "/workspace"}, Groups: []ui.Group{
		{Title: p.T("web.profile.public"), Text: p.T("web.profile.public.text"), Fields: []ui.Field{
			{Name: "profile", Label: p.T("web.org.field.profile"), Type: "text-area", Rows: 6, Value: o.Profile, Max: scene.MaxProfile},
			{Name: "name_en", Label: p.T("web.org.field.name_en"), Value: o.NameEn, Max: 200},
			kind,
			{Name: "founded", Label: p.T("web.org.field.founded"), Value: founded, Hint: p.T("web.profile.founded.hint"), Mode: "numeric", Max: 4, Short: true},
			{Name: "region", Label: p.T("web.org.field.region"), Value: region, Hint: p.T("web.profile.region.hint"), Max: 100},
			{Name: "address", Label: p.T("web.org.field.address"), Value: o.Address, Max: scene.MaxAddress, Complete: "street-address"},
			industries,
		}},
		{Title: p.T("web.profile.contact"), Text: p.T("web.profile.contact.text"), Fields: []ui.Field{
			{Name: "contact.person", Label: p.T("web.sheet.label.contact.person"), Value: o.Contact.Person, Max: scene.MaxContact, Short: true},
			{Name: "contact.phone", Label: p.T("web.sheet.label.contact.phone"), Value: o.Contact.Phone, Max: scene.MaxContact, Short: true, Mode: "tel"},
			{Name: "contact.mail", Label: p.T("web.sheet.label.contact.mail"), Value: o.Contact.Mail, Max: scene.MaxContact, Type: "email"},
			{Name: "revision", Type: "hidden", Value: strconv.Itoa(o.Revision)},
		}},
	}}
	frame.Fill(p.Lang, &v.Form, fault)
	return w.frame.Render(c, status, ui.FormPageView(p, v))
}
