package api

import (
	"context"
	"net/http"

	"jinghe/internal/match"
	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/web/backend"
	"jinghe/internal/web/edge"
)

type askInput[E any] struct {
	Top  int    `query:"top" minimum:"1" maximum:"50" default:"20" doc:"Matches wanted."`
	Lang string `query:"lang" maxLength:"16" doc:"Language of sentences: zh or en."`
	Body E
}

// mountDrafts registers the matches of what is not published: of a draft that is
// here, and of one that another system holds and only asks about.
func (a *API) mountDrafts() {
	mountDraft(a, "opportunity", "opportunities", "匹配的场景能力 · Capabilities that would fit an opportunity which is not published",
		exampleOpportunityEntry(), func(e *OpportunityEntry, d *backend.Draft) error {
			d.Need = &scene.Opportunity{}
			return e.into(d.Need, a.Services.Dictionaries())
		})
	mountDraft(a, "capability", "capabilities", "匹配的场景机会 · Opportunities that would fit a capability which is not published",
		exampleCapabilityEntry(), func(e *CapabilityEntry, d *backend.Draft) error {
			d.Offer = &scene.Capability{}
			return e.into(d.Offer, a.Services.Dictionaries())
		})
}

func mountDraft[E any](a *API, kind, plural, summary string, example E, into func(*E, *backend.Draft) error) {
	may := edge.May(scene.MatchAsk)
	change(a, http.MethodPost, http.StatusOK, example, operation{
		"match-draft-" + kind, "/matches/" + plural, may, tagSearch, summary,
		"What is sent is matched as if it were open now, and not kept. It says what `matches` of a public entry says, with `changes` and `consortium`.",
		exampleRanking(),
	}, func(ctx context.Context, in *askInput[E]) (*body[match.Ranking], error) {
		var d backend.Draft
		if err := into(&in.Body, &d); err != nil {
			return nil, err
		}
		return a.draftMatches(ctx, d, in.Top, actorOf(ctx).OrgID)
	})
	get(a, operation{
		"match-own-" + kind, "/entries/" + plural + "/{id}/matches", may, tagEntries, summary,
		"Of an entry in whatever state, as if it were open now. The token needs the scope read besides.", exampleRanking(),
	}, func(ctx context.Context, in *matchInput) (*body[match.Ranking], error) {
		e, err := a.Services.Registry.Entry(ctx, actorOf(ctx), scene.Kind(kind), scene.ID(in.ID))
		if err != nil {
			return nil, scene.Wrap("api.ownMatches", err)
		}
		if by := actorOf(ctx); by.May(scene.MatchAsk, e.Object()) != nil {
			return nil, by.May(scene.MatchAsk, e.Object())
		}
		return a.draftMatches(ctx, draftOf(&e), in.Top, e.Listing().OrgID)
	})
}

func draftOf(e *registry.Entry) backend.Draft {
	return backend.Draft{Need: e.Opportunity, Offer: e.Capability}
}

func (a *API) draftMatches(ctx context.Context, d backend.Draft, top int, org scene.ID) (*body[match.Ranking], error) {
	if org != "" {
		row, err := a.Services.Registry.Organisation(ctx, org)
		switch {
		case err == nil:
			d.Org = &row
		case scene.CodeOf(err) != scene.NotFound:
			return nil, scene.Wrap("api.draftMatches", err)
		}
	}
	r, err := a.Services.Matcher.ForDraft(ctx, d, backend.Matching{Top: top, Lang: edge.From(ctx).Lang, More: true})
	return ranking(r), scene.Wrap("api.draftMatches", err)
}
