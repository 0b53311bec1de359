package portal

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/web/ui"
	"jinghe/search"
)

// listingsShown bounds the listings of each kind on an organisation's page.
const listingsShown = 50

// Organisation answers GET /organisations/:id.
func (p *Portal) Organisation(c echo.Context) error {
	v, ctx := p.visit(c), c.Request().Context()
	o, err := p.catalogue.Organisation(ctx, scene.ID(c.Param("id")))
	if err != nil {
		return scene.Wrap("portal.Organisation", err)
	}
	if o.ID != scene.ID(c.Param("id")) { // it was merged into that one
		to := organisationURL(o.ID)
		if q := c.Request().URL.RawQuery; q != "" {
			to += "?" + q
		}
		return c.Redirect(http.StatusMovedPermanently, to)
	}
	filter, page := store.ListingFilter{OrgID: o.ID}, store.Page{Limit: listingsShown}
	needs, err := p.catalogue.Opportunities(ctx, filter, page)
	if err != nil {
		return scene.Wrap("portal.Organisation", err)
	}
	offers, err := p.catalogue.Capabilities(ctx, filter, page)
	if err != nil {
		return scene.Wrap("portal.Organisation", err)
	}
	if err := v.learnOrgs(ctx, needs.Items, offers.Items); err != nil {
		return scene.Wrap("portal.Organisation", err)
	}
	view := v.organisation(&o)
	for i := range needs.Items {
		view.Needs = append(view.Needs, v.needCard(&needs.Items[i], search.Hit{}))
	}
	for i := range offers.Items {
		view.Offers = append(view.Offers, v.offerCard(&offers.Items[i], search.Hit{}))
	}
	v.page.More = true
	v.page.Canonical, v.page.Kind, v.page.Data = organisationURL(o.ID), "profile", v.schemaOrganisation(&o)
	return v.ok(ui.OrganisationPageView(v.page, view))
}

func (v *visit) organisation(o *scene.Organisation) ui.OrganisationPage {
	view := ui.OrganisationPage{Name: o.Name, NameEn: o.NameEn, Profile: o.Profile}
	if v.lang == locale.En && o.NameEn != "" {
		view.Name, view.NameEn = o.NameEn, ""
	}
	v.page.Title, v.page.Description = view.Name, ui.Short(o.Profile, 120)
	for _, code := range o.Industries {
		view.Industries = append(view.Industries, v.dict.Label(scene.DictIndustry, code, string(v.lang)))
	}
	view.Facts = known(view.Facts, v.t("web.credit_code"), string(o.CreditCode))
	view.Facts = known(view.Facts, v.t("web.owner_kind"), v.ownerKind(o.Kind))
	if o.Region != "" {
		view.Facts = known(view.Facts, v.t("web.region"), v.labels(scene.DictRegion, []string{o.Region}))
	}
	view.Facts = known(view.Facts, v.t("web.address"), o.Address)
	if o.Founded > 0 {
		view.Facts = known(view.Facts, v.t("web.founded"), strconv.Itoa(o.Founded))
	}
	view.Facts = known(view.Facts, v.t("web.aliases"), strings.Join(o.Aliases, v.t("web.comma")))
	for _, q := range o.Qualifications {
		row := ui.QualificationRow{Label: first(v.dict.Label(scene.DictQualification, q.Code, string(v.lang)), q.Text)}
		if q.Level != "" {
			row.Level = v.t("web.level." + q.Level)
		}
		if !q.Until.IsZero() {
			row.Until = v.t("web.until", "date", ui.Date(v.lang, q.Until))
		}
		view.Qualifications = append(view.Qualifications, row)
	}
	return view
}
