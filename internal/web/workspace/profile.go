package workspace

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

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
	return w.profile(c, http.StatusOK, &profiled{org: o, region: w.regionName(o.Region)})
}

// profiled is the page of an organisation with what stands in its form.
type profiled struct {
	org    scene.Organisation
	region string // as it was typed
	fault  error
	stored *scene.Organisation // as it is now, where somebody wrote it since the form began
	naming error               // what is wrong with the name that is asked for
}

// SaveProfile answers POST /workspace/organisation. All that is wrong is told at
// once, each at its field; where a colleague, or the centre, wrote meanwhile, the
// differences are shown, and saving once more decides.
func (w *Workspace) SaveProfile(c echo.Context) error {
	ctx, by := c.Request().Context(), actor(c)
	stored, err := w.registry.Organisation(ctx, by.OrgID)
	if err != nil {
		return err
	}
	v := profiled{org: stored.Clone(), region: c.FormValue("region")}
	if err := w.readProfile(c, &v.org); err != nil {
		return err
	}
	_, v.fault = w.registry.EditOrganisation(ctx, by, v.org)
	if frame.Mendable(v.fault) {
		if v.org.Revision != stored.Revision {
			v.stored, v.org.Revision = &stored, stored.Revision
		}
		return w.profile(c, edge.Status(scene.CodeOf(v.fault)), &v)
	}
	if v.fault != nil {
		return v.fault
	}
	return c.Redirect(http.StatusSeeOther, "/workspace?done=profile")
}

// readProfile reads the form into o. A year or a place that cannot be read stands as
// one that no organisation can have, so that it is told with all other faults.
func (w *Workspace) readProfile(c echo.Context, o *scene.Organisation) error {
	form, err := c.FormParams()
	if err != nil {
		return &scene.Error{Code: scene.Invalid, Op: "workspace.readProfile", Err: err}
	}
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
	if year := strings.TrimSuffix(scene.Narrow(form.Get("founded")), "年"); year != "" {
		if o.Founded, err = strconv.Atoi(year); err != nil || o.Founded == 0 {
			o.Founded = -1
		}
	}
	if region := form.Get("region"); region != w.regionName(o.Region) { // a group of divisions has a name that is no text to read
		codes := w.dict().RegionOf(region)
		switch o.Region = ""; {
		case len(codes) == 1:
			o.Region = codes[0]
		case region != "":
			o.Region = "? " + region
		}
	}
	return nil
}

func (w *Workspace) regionName(code string) string {
	if code == "" {
		return ""
	}
	return w.dict().Label(scene.DictRegion, code, "zh")
}

func (w *Workspace) profile(c echo.Context, status int, x *profiled) error {
	p := w.page(c, "")
	p.Title = p.T("web.profile")
	o := &x.org
	v := ui.FormPage{Crumb: ui.Link{Text: p.T("web.nav.workspace"), URL: "/workspace"}, Lead: p.T("web.profile.lead", "name", o.Name, "code", o.CreditCode)}
	if o.CreditCode == "" {
		v.Lead = p.T("web.profile.lead.no_code", "name", o.Name)
	}
	if done := c.QueryParam("done"); p.Has("web.naming.done." + done) {
		v.Notice = p.T("web.naming.done." + done)
	}
	v.Form = w.profileForm(c, p, x)
	frame.Fill(p.Lang, &v.Form, x.fault)
	if x.stored != nil {
		v.Form.Fault = p.T("web.draft.conflict")
		v.DiffNote, v.Diff = p.T("web.draft.moved", "date", ui.Minute(x.stored.Updated)), w.profileDiff(p, x.stored, o)
	}
	var err error
	if v.After, err = w.naming(c, p, x); err != nil {
		return err
	}
	return w.frame.Render(c, status, ui.FormPageView(p, v))
}

// profileDiff is where what is stored differs from what stands in the form.
func (w *Workspace) profileDiff(p *ui.Page, stored, typed *scene.Organisation) []ui.DiffRow {
	var rows []ui.DiffRow
	add := func(key string, value func(*scene.Organisation) string) {
		if was, is := value(stored), value(typed); was != is {
			rows = append(rows, ui.NewDiffRow(p.T(key), was, is))
		}
	}
	add("web.org.field.profile", func(o *scene.Organisation) string { return o.Profile })
	add("web.org.field.name_en", func(o *scene.Organisation) string { return o.NameEn })
	add("web.org.field.kind", func(o *scene.Organisation) string {
		if o.Kind == "" {
			return ""
		}
		return p.T("web.owner_kind." + string(o.Kind))
	})
	add("web.org.field.founded", func(o *scene.Organisation) string {
		if o.Founded <= 0 {
			return ""
		}
		return strconv.Itoa(o.Founded)
	})
	add("web.org.field.region", func(o *scene.Organisation) string { return w.regionName(o.Region) })
	add("web.org.field.address", func(o *scene.Organisation) string { return o.Address })
	add("web.org.field.industries", func(o *scene.Organisation) string {
		var labels []string
		for _, code := range o.Industries {
			labels = append(labels, w.dict().Label(scene.DictIndustry, code, string(p.Lang)))
		}
		return strings.Join(labels, p.T("web.comma"))
	})
	add("web.sheet.label.contact.person", func(o *scene.Organisation) string { return o.Contact.Person })
	add("web.sheet.label.contact.phone", func(o *scene.Organisation) string { return o.Contact.Phone })
	add("web.sheet.label.contact.mail", func(o *scene.Organisation) string { return o.Contact.Mail })
	return rows
}

func (w *Workspace) profileForm(c echo.Context, p *ui.Page, x *profiled) ui.Form {
	o, region := &x.org, x.region
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
	return ui.Form{Action: profilePath, Lax: true, Buttons: []ui.Button{{Label: p.T("web.profile.save")}}, Back: ui.Link{Text: p.T("web.form.cancel"), URL: "/workspace"}, Groups: []ui.Group{
		{Title: p.T("web.profile.public"), Text: p.T("web.profile.public.text"), Fields: []ui.Field{
			{Name: "profile", Label: p.T("web.org.field.profile"), Type: "text-area", Rows: 6, Value: o.Profile, Max: scene.MaxProfile},
			{Name: "name_en", Label: p.T("web.org.field.name_en"), Value: o.NameEn, Max: 200},
			kind,
			{Name: "founded", Label: p.T("web.org.field.founded"), Value: founded, Hint: p.T("web.profile.founded.hint"), Mode: "numeric", Max: 6, Short: true},
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
}
