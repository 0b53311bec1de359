package console

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

// Addresses of what is done to organisations.
const (
	mergePath    = organisations + "/merge"
	distinctPath = organisations + "/distinct"
)

// Organisations answers GET /console/organisations?q=WORDS&with=ID&after=CURSOR. With the
// id of an organisation it looks for the one that it is the same as.
func (o *Console) Organisations(c echo.Context) error {
	ctx, by := c.Request().Context(), actor(c)
	p, tabs, err := o.page(c, "web.console.tab.organisations", organisations)
	if err != nil {
		return err
	}
	words := strings.TrimSpace(c.QueryParam("q"))
	rows, err := o.registry.OrganisationsNamed(ctx, words, store.Page{After: c.QueryParam("after"), Limit: perPage})
	if err != nil {
		return err
	}
	v := ui.Organisations{
		Nav: tabs, Files: xlsx(p, organisations, nil),
		Next: after(organisations, url.Values{"q": c.QueryParams()["q"], "with": c.QueryParams()["with"]}, rows.Next),
		Find: ui.Form{Groups: []ui.Group{{Fields: []ui.Field{
			{Name: "q", Label: p.T("web.union.find"), Value: words, Max: 100}, {Name: "with", Type: "hidden", Value: c.QueryParam("with")},
		}}}},
	}
	if done := c.QueryParam("done"); p.Has("web.union.done." + done) {
		v.Notice = p.T("web.union.done." + done)
	}
	for i := range rows.Items {
		v.Rows = append(v.Rows, organisationRow(p, &rows.Items[i]))
	}
	if v.Namings, err = o.namings(c); err != nil {
		return err
	}
	if by.MayEver(scene.OrganisationName) {
		for i := range v.Rows {
			v.Rows[i].EditURL = organisationURL(scene.ID(v.Rows[i].ID))
		}
	}
	if by.MayEver(scene.OrganisationMerge) {
		v.Merge = mergePath
		if err := o.unions(c, p, &v, words); err != nil {
			return err
		}
	}
	return o.frame.Render(c, http.StatusOK, ui.OrganisationsPage(p, v))
}

// unions adds the other half of a union that was begun, or pairs that may be one.
func (o *Console) unions(c echo.Context, p *ui.Page, v *ui.Organisations, words string) error {
	ctx := c.Request().Context()
	if with := scene.ID(c.QueryParam("with")); with != "" {
		first, err := o.registry.Organisation(ctx, with)
		if err != nil {
			return err
		}
		row := organisationRow(p, &first)
		v.With = &row
		for i := range v.Rows {
			if v.Rows[i].ID != row.ID {
				v.Rows[i].MergeURL = unionURL(row.ID, v.Rows[i].ID)
			}
		}
		return nil
	}
	if words != "" || c.QueryParam("after") != "" {
		return nil
	}
	list, err := o.registry.Suspects(ctx, actor(c))
	for i := range list {
		s := &list[i]
		var why []string
		for _, reason := range s.Why {
			why = append(why, p.T("web.union.why."+reason))
		}
		first, second := organisationRow(p, &s.First), organisationRow(p, &s.Second)
		v.Suspects = append(v.Suspects, ui.Suspect{
			First: first, Second: second, Why: strings.Join(why, p.T("web.comma")), URL: unionURL(first.ID, second.ID),
			Distinct: ui.Form{
				Action: distinctPath, Buttons: []ui.Button{{Label: p.T("web.union.distinct"), Of: first.Name, Danger: true}},
				Groups: []ui.Group{{Fields: []ui.Field{{Name: "first", Type: "hidden", Value: first.ID}, {Name: "second", Type: "hidden", Value: second.ID}}}},
			},
		})
	}
	return err
}

func unionURL(keep, drop string) string {
	return mergePath + "?" + url.Values{"keep": {keep}, "drop": {drop}}.Encode()
}

func organisationRow(p *ui.Page, org *scene.Organisation) ui.OrganisationRow {
	return ui.OrganisationRow{
		ID: string(org.ID), Name: org.Name, URL: "/organisations/" + string(org.ID), Code: string(org.CreditCode),
		Since: ui.Minute(org.Created), Kind: ownerKind(p, org.Kind),
	}
}

// Union answers GET /console/organisations/merge?keep=ID&drop=ID, or ?pick=ID&pick=ID:
// both beside each other. With one of them alone the other is looked for.
func (o *Console) Union(c echo.Context) error {
	keep, drop := c.QueryParam("keep"), c.QueryParam("drop")
	if picked := c.QueryParams()["pick"]; len(picked) == 2 {
		return c.Redirect(http.StatusSeeOther, unionURL(picked[0], picked[1]))
	} else if len(picked) == 1 {
		return c.Redirect(http.StatusSeeOther, organisations+"?"+url.Values{"with": picked}.Encode())
	}
	if keep == "" || drop == "" {
		return c.Redirect(http.StatusSeeOther, organisations+"?done=two")
	}
	return o.union(c, http.StatusOK, keep, drop, nil)
}

func (o *Console) union(c echo.Context, status int, keep, drop string, fault error) error {
	both, err := o.registry.Compare(c.Request().Context(), actor(c), scene.ID(keep), scene.ID(drop))
	if err != nil {
		return err
	}
	p, tabs, err := o.page(c, "web.union", organisations)
	if err != nil {
		return err
	}
	v := ui.Union{
		Nav: tabs, Fault: frame.Sentence(p.Lang, fault), Against: frame.Sentence(p.Lang, both.Against), Action: mergePath,
		Keep: organisationRow(p, &both.Keep), Drop: organisationRow(p, &both.Drop),
		Swap: ui.Link{Text: p.T("web.union.swap"), URL: unionURL(drop, keep)},
		Back: ui.Link{Text: p.T("web.console.tab.organisations"), URL: organisations}, Rows: o.unionRows(c, p, &both), Held: heldRows(p, &both),
		Reason: ui.Field{Name: "reason", Label: p.T("web.union.reason"), Required: true, Max: 200, Value: c.FormValue("reason"), Fault: frame.Faults(p.Lang, fault)["reason"]},
		Hidden: []ui.Field{
			{Name: "keep", Type: "hidden", Value: keep},
			{Name: "keep_revision", Type: "hidden", Value: strconv.Itoa(both.Keep.Revision)},
			{Name: "drop", Type: "hidden", Value: drop},
			{Name: "drop_revision", Type: "hidden", Value: strconv.Itoa(both.Drop.Revision)},
		},
	}
	if len(both.Namesakes) > 0 {
		v.Notes = append(v.Notes, p.T("web.union.namesakes", "names", strings.Join(both.Namesakes, p.T("web.comma"))))
	}
	if len(both.Fairs) > 0 {
		v.Notes = append(v.Notes, p.T("web.union.fairs", "names", strings.Join(both.Fairs, p.T("web.comma"))))
	}
	return o.frame.Render(c, status, ui.UnionPage(p, v))
}

// unionRows are the fields of both, with a choice where they differ.
func (o *Console) unionRows(c echo.Context, p *ui.Page, both *registry.UnionView) []ui.UnionRow {
	var rows []ui.UnionRow
	add := func(field string, joined bool, value func(*scene.Organisation) string) {
		row := ui.UnionRow{Label: p.T("web.org.field." + field), Keep: value(&both.Keep), Drop: value(&both.Drop), Both: joined}
		if row.Keep == "" && row.Drop == "" {
			return
		}
		if !joined && row.Keep != row.Drop && row.Keep != "" && row.Drop != "" && field != "code" {
			row.Name, row.Take = "take_"+field, c.FormValue("take_"+field) == "drop"
		}
		rows = append(rows, row)
	}
	list := func(words []string) string { return strings.Join(words, p.T("web.comma")) }
	terms := func(dict string, codes []string) string {
		var labels []string
		for _, code := range codes {
			labels = append(labels, o.dict().Label(dict, code, string(p.Lang)))
		}
		return list(labels)
	}
	add("name", false, func(x *scene.Organisation) string { return x.Name })
	add("aliases", true, func(x *scene.Organisation) string { return list(x.Aliases) })
	add("code", false, func(x *scene.Organisation) string { return string(x.CreditCode) })
	add("name_en", false, func(x *scene.Organisation) string { return x.NameEn })
	add("kind", false, func(x *scene.Organisation) string { return ownerKind(p, x.Kind) })
	add("region", false, func(x *scene.Organisation) string {
		if x.Region == "" {
			return ""
		}
		return o.dict().Label(scene.DictRegion, x.Region, string(p.Lang))
	})
	add("address", false, func(x *scene.Organisation) string { return x.Address })
	add("profile", false, func(x *scene.Organisation) string { return x.Profile })
	add("founded", false, func(x *scene.Organisation) string {
		if x.Founded == 0 {
			return ""
		}
		return strconv.Itoa(x.Founded)
	})
	add("contact", false, func(x *scene.Organisation) string {
		m := x.Contact.Masked()
		return strings.Join(strings.Fields(m.Person+" "+m.Phone+" "+m.Mail+" "+m.Raw), " ")
	})
	add("industries", true, func(x *scene.Organisation) string { return terms(scene.DictIndustry, x.Industries) })
	add("qualifications", true, func(x *scene.Organisation) string {
		var titles []string
		for _, q := range x.Qualifications {
			titles = append(titles, q.Text)
		}
		return list(titles)
	})
	return rows
}

func heldRows(p *ui.Page, both *registry.UnionView) []ui.UnionRow {
	a, b := &both.KeepHeld, &both.DropHeld
	var rows []ui.UnionRow
	for _, x := range []struct {
		key        string
		keep, drop int
	}{
		{"opportunities", a.Opportunities, b.Opportunities},
		{"capabilities", a.Capabilities, b.Capabilities},
		{"accounts", a.Accounts, b.Accounts},
		{"engagements", a.Engagements, b.Engagements},
		{"parties", a.Parties, b.Parties},
		{"searches", a.Searches, b.Searches},
		{"showcases", a.Showcases, b.Showcases},
		{"receivers", a.Receivers, b.Receivers},
		{"tokens", a.Tokens, b.Tokens},
	} {
		if x.keep+x.drop > 0 {
			rows = append(rows, ui.UnionRow{Label: p.T("web.union.held." + x.key), Keep: strconv.Itoa(x.keep), Drop: strconv.Itoa(x.drop)})
		}
	}
	return rows
}

// Unite answers POST /console/organisations/merge.
func (o *Console) Unite(c echo.Context) error {
	n := registry.Union{
		Keep: scene.ID(c.FormValue("keep")), Drop: scene.ID(c.FormValue("drop")), Reason: c.FormValue("reason"),
		KeepRevision: edge.Number(c.FormValue("keep_revision")), DropRevision: edge.Number(c.FormValue("drop_revision")),
	}
	for _, field := range registry.UnionFields() {
		if c.FormValue("take_"+field) == "drop" {
			n.Take = append(n.Take, field)
		}
	}
	_, err := o.registry.Unite(c.Request().Context(), actor(c), n)
	if frame.Mendable(err) {
		return o.union(c, edge.Status(scene.CodeOf(err)), string(n.Keep), string(n.Drop), err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, organisations+"?done=merged&q="+url.QueryEscape(string(n.Keep)))
}

// Distinct answers POST /console/organisations/distinct: two are two.
func (o *Console) Distinct(c echo.Context) error {
	if err := o.registry.Distinct(c.Request().Context(), actor(c), scene.ID(c.FormValue("first")), scene.ID(c.FormValue("second"))); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, organisations+"?done=distinct")
}
