package api

import (
	"context"
	"net/http"
	"time"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
)

// Opinion is what one expert was asked about an entry, and what he said.
type Opinion struct {
	ID       scene.ID       `json:"id"`
	Expert   ExpertRef      `json:"expert"`
	State    string         `json:"state" enum:"asked,given,declined"`
	Question string         `json:"question,omitempty"`
	Scores   map[string]int `json:"scores,omitempty" doc:"1 to 5 on each criterion."`
	Text     string         `json:"text,omitempty" doc:"The opinion, or why it was declined."`
	Of       int            `json:"of" doc:"Revision of the entry that was asked about."`
	Asked    time.Time      `json:"asked"`
	Due      time.Time      `json:"due" doc:"The end of that day in China."`
	Answered *time.Time     `json:"answered,omitempty"`
}

// ExpertRef names an expert.
type ExpertRef struct {
	ID   scene.ID `json:"id" doc:"An account."`
	Name string   `json:"name"`
}

// OpinionList is what experts were asked about an entry.
type OpinionList struct {
	Items   []Opinion   `json:"items" nullable:"false" doc:"In the order in which they were asked."`
	Experts []ExpertRef `json:"experts" nullable:"false" doc:"Who can be asked, told to who may ask: experts, but for people of the organisation that owns the entry."`
}

// ExpertsAsked asks experts about an entry under review.
type ExpertsAsked struct {
	Experts  []scene.ID `json:"experts" nullable:"false" minItems:"1" maxItems:"5" doc:"Accounts. One who was asked and has not answered is not asked twice."`
	Due      string     `json:"due" format:"date" doc:"The last day for it, in China; at most 60 days ahead."`
	Question string     `json:"question,omitempty" maxLength:"500"`
}

type expertsInput struct {
	ID   string `path:"id" maxLength:"64" doc:"Id of the entry."`
	Body ExpertsAsked
}

func exampleOpinions() OpinionList {
	at := time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC)
	who := ExpertRef{"01J9ZD3V5W8QJ7R2K4M6N8P0X1", "评审专家甲"}
	return OpinionList{Experts: []ExpertRef{who}, Items: []Opinion{{
		ID: "01J9ZD3V5W8QJ7R2K4M6N8P0X9", Expert: who, State: "given", Question: "预算是否合理？",
		Scores: map[string]int{"need": 5, "clear": 4, "feasible": 4, "value": 4}, Text: "需求真实，指标可测。", Of: 3, Asked: at, Due: at.AddDate(0, 0, 7), Answered: &at,
	}}}
}

// mountOpinions registers asking experts about entries of one side, and what they
// said. What an expert says is his own judgement, and is given on pages alone.
func mountOpinions[E, O any](a *API, s side[E, O]) {
	path, kind, example := "/entries/"+s.plural+"/{id}/opinions", string(s.kind), exampleOpinions()
	get(a, operation{
		"list-opinions-of-" + kind, path, edge.May(scene.OpinionRead), tagReviews, "专家意见 · What experts were asked and said",
		"Never told to the organisation that owns the entry. The token needs the scope read besides.", example,
	}, func(ctx context.Context, in *filesInput) (*body[OpinionList], error) {
		return a.opinions(ctx, s.kind, in.ID)
	})
	change(a, http.MethodPost, http.StatusOK, ExpertsAsked{Experts: []scene.ID{example.Experts[0].ID}, Due: "2026-12-04", Question: "预算是否合理？"}, operation{
		"ask-experts-about-" + kind, path, edge.May(scene.OpinionAsk), tagReviews, "征求专家意见 · Ask experts about an entry under review",
		"Each is told. They answer in person, on pages.", example,
	}, func(ctx context.Context, in *expertsInput) (*body[OpinionList], error) {
		return a.askExperts(ctx, s.kind, in)
	})
}

func (a *API) opinions(ctx context.Context, kind scene.Kind, id string) (*body[OpinionList], error) {
	by := actorOf(ctx)
	e, err := a.Services.Registry.Entry(ctx, by, kind, scene.ID(id))
	if err != nil {
		return nil, scene.Wrap("api.opinions", err)
	}
	list, err := a.Services.Registry.Opinions(ctx, by, &e)
	if err != nil {
		return nil, scene.Wrap("api.opinions", err)
	}
	out := &body[OpinionList]{OpinionList{Items: make([]Opinion, len(list)), Experts: []ExpertRef{}}}
	for i := range list {
		out.Body.Items[i] = opinionOf(&list[i])
	}
	if asks := by.May(scene.OpinionAsk, e.Object()) == nil; !asks {
		return out, nil
	}
	experts, err := a.Services.Registry.Experts(ctx, by, &e)
	if err != nil {
		return nil, scene.Wrap("api.opinions", err)
	}
	for i := range experts {
		out.Body.Experts = append(out.Body.Experts, ExpertRef{experts[i].ID, experts[i].Name})
	}
	return out, nil
}

func opinionOf(o *scene.Opinion) Opinion {
	out := Opinion{
		ID: o.ID, Expert: ExpertRef{o.Account, o.Expert}, State: string(o.State), Question: scene.Redact(o.Question), Text: scene.Redact(o.Text), Of: o.Of,
		Asked: o.Asked, Due: o.Due, Answered: instant(o.Answered),
	}
	for criterion, score := range o.Scores {
		if out.Scores == nil {
			out.Scores = map[string]int{}
		}
		out.Scores[string(criterion)] = score
	}
	return out
}

func (a *API) askExperts(ctx context.Context, kind scene.Kind, in *expertsInput) (*body[OpinionList], error) {
	q := registry.Question{Kind: kind, ID: scene.ID(in.ID), Experts: in.Body.Experts, Text: in.Body.Question}
	if day, err := time.ParseInLocation(time.DateOnly, in.Body.Due, scene.China()); err == nil { // else the rule for a due day tells
		q.Due = scene.EndOfDay(day)
	}
	if err := a.Services.Registry.Ask(ctx, actorOf(ctx), q); err != nil {
		return nil, scene.Wrap("api.askExperts", err)
	}
	return a.opinions(ctx, kind, in.ID)
}
