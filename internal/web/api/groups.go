package api

import (
	"context"
	"net/http"

	"jinghe/internal/engage"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
)

// GroupFormed names a group (联合体): who leads it, and who is asked to take a part.
type GroupFormed struct {
	Opportunity scene.ID      `json:"opportunity" minLength:"1" maxLength:"64" doc:"Id of an open opportunity that takes a group."`
	Lead        GroupMember   `json:"lead" doc:"Who answers for the whole."`
	Partners    []GroupMember `json:"partners" minItems:"1" maxItems:"5" nullable:"false"`
	Text        string        `json:"text,omitempty" maxLength:"1000" doc:"What is said besides."`
}

// GroupMember is one provider of a group, by a capability.
type GroupMember struct {
	Capability scene.ID `json:"capability" minLength:"1" maxLength:"64" doc:"Id of an open capability."`
	Part       string   `json:"part" minLength:"1" maxLength:"100" example:"总体集成" doc:"What it does."`
}

func exampleGroup() GroupFormed {
	begun := exampleBegun()
	return GroupFormed{
		Opportunity: begun.Opportunity, Lead: GroupMember{begun.Capability, "总体集成"},
		Partners: []GroupMember{{"01J9ZD3V5W8QJ7R2K4M6N8P0T2", "传感器与安装"}},
	}
}

// mountGroups registers the forming of groups. Answering is that of any pair.
func (a *API) mountGroups() {
	change(a, http.MethodPost, http.StatusCreated, exampleGroup(), operation{
		"form-group", "/pairs/groups", edge.May(scene.EngagementForm), tagPairs, "组建联合体 · Bring a group to an opportunity",
		"For the owner of the opportunity, and the centre. A pair of the opportunity and the one that leads, which is worked on already, gets the partners it does not have yet, " +
			"and those who stayed away are asked again (200); it needs no If-Match, for nothing that is there is changed by it.", examplePair(),
	}, a.formGroup)
}

func (a *API) formGroup(ctx context.Context, in *struct{ Body GroupFormed }) (*stored[Pair], error) {
	g := engage.Group{Need: in.Body.Opportunity, Lead: scene.Member{Offer: in.Body.Lead.Capability, Part: in.Body.Lead.Part}, Message: in.Body.Text}
	for _, p := range in.Body.Partners {
		g.Partners = append(g.Partners, scene.Member{Offer: p.Capability, Part: p.Part})
	}
	began := a.Now()
	e, err := a.Services.Engagements.Form(ctx, actorOf(ctx), g)
	if err != nil {
		return nil, scene.Wrap("api.formGroup", err)
	}
	return a.begunPair(&e, began), nil
}
