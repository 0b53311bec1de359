package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"jinghe/internal/engage"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
)

// Passed is a match that one's own organisation does not want to follow up.
type Passed struct {
	PairPassed
	At time.Time `json:"at" doc:"When that was said."`
}

// PairPassed says of a match that one does not want to follow it up.
type PairPassed struct {
	Opportunity scene.ID `json:"opportunity" minLength:"1" maxLength:"64"`
	Capability  scene.ID `json:"capability" minLength:"1" maxLength:"64"`
	PairEnd
}

// PassedList is what was said of the matches of one entry.
type PassedList struct {
	Items []Passed `json:"items" nullable:"false" doc:"The latest first."`
}

type passedInput struct {
	Opportunity string `query:"opportunity" maxLength:"64" doc:"Id of an own opportunity; this or capability."`
	Capability  string `query:"capability" maxLength:"64" doc:"Id of an own capability."`
}

type unpassInput struct {
	Opportunity string `query:"opportunity" required:"true" maxLength:"64" doc:"Id of the opportunity."`
	Capability  string `query:"capability" required:"true" maxLength:"64" doc:"Id of the capability."`
}

func examplePassed() PassedList {
	p := exampleBegun()
	return PassedList{Items: []Passed{{PairPassed{p.Opportunity, p.Capability, PairEnd{Reason: "out_of_budget"}}, time.Date(2026, 5, 8, 1, 0, 0, 0, time.UTC)}}}
}

// mountPasses registers passing matches over, on which nobody works yet.
func (a *API) mountPasses() {
	const path = "/pairs/passed"
	may, all := edge.May(scene.EngagementAnswer), examplePassed()
	get(a, operation{
		"list-passed", path, may, tagPairs, "不考虑的匹配 · Matches of an own entry that were passed over", "", all,
	}, a.passed)
	change(a, http.MethodPut, http.StatusOK, all.Items[0].PairPassed, operation{
		"pass-match", path, may, tagPairs, "不考虑 · Pass a match over, with a reason",
		"Nobody is told; ranking learns from it. Said again it takes the place of what was said. 412 says that the pair is worked on already: it is declined there.", all,
	}, a.pass)
	change(a, http.MethodDelete, http.StatusOK, nil, operation{
		"unpass-match", path, may, tagPairs, "恢复考虑 · Take that back", "Answers with what is still passed over of the own entry.", PassedList{Items: []Passed{}},
	}, a.unpass)
}

func (a *API) passed(ctx context.Context, in *passedInput) (*body[PassedList], error) {
	if (in.Opportunity == "") == (in.Capability == "") {
		return nil, &scene.Error{Code: scene.Invalid, Op: "api.passed", Key: "api.passed.one"}
	}
	if in.Opportunity != "" {
		return a.passedOf(ctx, scene.KindOpportunity, scene.ID(in.Opportunity))
	}
	return a.passedOf(ctx, scene.KindCapability, scene.ID(in.Capability))
}

// passedOf lists what was passed over of an entry.
func (a *API) passedOf(ctx context.Context, kind scene.Kind, id scene.ID) (*body[PassedList], error) {
	found, err := a.Services.Engagements.PassedOf(ctx, actorOf(ctx), kind, id)
	if err != nil {
		return nil, scene.Wrap("api.passed", err)
	}
	out := &body[PassedList]{PassedList{Items: make([]Passed, 0, len(found))}}
	for _, d := range found {
		out.Body.Items = append(out.Body.Items, Passed{PairPassed{d.Need, d.Offer, PairEnd{Reason: string(d.Stop), Text: d.Note}}, d.At.UTC()})
	}
	slices.SortFunc(out.Body.Items, func(a, b Passed) int { return b.At.Compare(a.At) })
	return out, nil
}

func (a *API) pass(ctx context.Context, in *struct{ Body PairPassed }) (*body[PassedList], error) {
	p := engage.Passing{Need: in.Body.Opportunity, Offer: in.Body.Capability, Reason: scene.StopReason(in.Body.Reason), Text: in.Body.Text}
	if err := a.Services.Engagements.Pass(ctx, actorOf(ctx), p); err != nil {
		return nil, scene.Wrap("api.pass", err)
	}
	return a.stillPassed(ctx, p.Need, p.Offer)
}

func (a *API) unpass(ctx context.Context, in *unpassInput) (*body[PassedList], error) {
	need, offer := scene.ID(in.Opportunity), scene.ID(in.Capability)
	if err := a.Services.Engagements.Unpass(ctx, actorOf(ctx), need, offer); err != nil {
		return nil, scene.Wrap("api.unpass", err)
	}
	return a.stillPassed(ctx, need, offer)
}

// stillPassed lists what is passed over of the one of two entries that is one's own.
func (a *API) stillPassed(ctx context.Context, need, offer scene.ID) (*body[PassedList], error) {
	out, err := a.passedOf(ctx, scene.KindOpportunity, need)
	if code := scene.CodeOf(err); code == scene.Forbidden || code == scene.NotFound {
		return a.passedOf(ctx, scene.KindCapability, offer)
	}
	return out, err
}
