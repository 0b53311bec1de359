package api

import (
	"context"
	"net/http"

	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
)

// OrganisationWritten is what an organisation says of itself.
type OrganisationWritten struct {
	NameEn     string   `json:"name_en,omitempty" maxLength:"200"`
	Kind       string   `json:"kind,omitempty" enum:"government,soe,private,public_space,institute"`
	Region     string   `json:"region,omitempty" maxLength:"12" doc:"Division code."`
	Address    string   `json:"address,omitempty" maxLength:"200"`
	Profile    string   `json:"profile,omitempty" maxLength:"4000"`
	Industries []string `json:"industries,omitempty" nullable:"false" maxItems:"20" doc:"Codes of the dictionary “industry”."`
	Founded    int      `json:"founded,omitempty" minimum:"1000" maximum:"9999" doc:"Year."`
	Person     string   `json:"contact_person,omitempty" writeOnly:"true" maxLength:"100" doc:"Never told by the API; absent, it stays."`
	Phone      string   `json:"contact_phone,omitempty" writeOnly:"true" maxLength:"100" doc:"Never told by the API; absent, it stays."`
	Mail       string   `json:"contact_mail,omitempty" writeOnly:"true" maxLength:"100" doc:"Never told by the API; absent, it stays."`
}

type profileInput struct {
	ID      string `path:"id" maxLength:"64" doc:"Id of the organisation."`
	IfMatch string `header:"If-Match" doc:"ETag of the copy that was changed; needed."`
	Body    OrganisationWritten
}

func (a *API) mountProfile() {
	o := exampleOrganisation()
	change(a, http.MethodPut, http.StatusOK, OrganisationWritten{Kind: o.Kind, Region: o.Region, Industries: o.Industries, Founded: o.Founded, Profile: "光纤传感器与监测系统。"}, operation{
		"replace-organisation", "/organisations/{id}", edge.May(scene.OrganisationEdit), tagOrganisations, "修改单位资料 · Write what an organisation says of itself",
		"One's own, or for the centre any. By what it is known (name, code, other spellings) and its titles stay. If-Match is needed.", o,
	}, a.replaceOrganisation)
}

func (a *API) replaceOrganisation(ctx context.Context, in *profileInput) (*tagged[Organisation], error) {
	const op = "api.replaceOrganisation"
	if in.IfMatch == "" {
		return nil, current(ctx, "", 0)
	}
	o, err := a.Services.Registry.Organisation(ctx, scene.ID(in.ID))
	if err == nil {
		err = current(ctx, in.IfMatch, o.Revision)
	}
	if err != nil {
		return nil, scene.Wrap(op, err)
	}
	b := &in.Body
	asked := codes{"industries": {scene.DictIndustry, b.Industries}}
	if b.Region != "" {
		asked["region"] = coded{scene.DictRegion, []string{b.Region}}
	}
	if err := asked.unknown(a.Services.Dictionaries()); err != nil {
		return nil, err
	}
	o.NameEn, o.Kind, o.Region, o.Address, o.Profile = b.NameEn, scene.OwnerKind(b.Kind), b.Region, b.Address, b.Profile
	o.Industries, o.Founded = b.Industries, b.Founded
	for _, part := range []struct {
		to   *string
		text string
	}{{&o.Contact.Person, b.Person}, {&o.Contact.Phone, b.Phone}, {&o.Contact.Mail, b.Mail}} {
		if part.text != "" {
			*part.to = part.text
		}
	}
	done, err := a.Services.Registry.EditOrganisation(ctx, actorOf(ctx), o)
	if err != nil {
		return nil, scene.Wrap(op, stale(err))
	}
	return &tagged[Organisation]{etag(done.Revision, false), organisationOf(&done)}, nil
}
