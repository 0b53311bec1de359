package api

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
)

const tagReviews = "reviews"

// Queued is an entry that waits for somebody at the centre.
type Queued struct {
	EntryRef
	Revision     int       `json:"revision" doc:"If-Match of the next step names it."`
	Name         string    `json:"name"`
	Organisation Party     `json:"organisation"`
	State        string    `json:"state" enum:"submitted,formal_review,department_review,expert_review"`
	Since        time.Time `json:"since" doc:"When it was last touched."`
}

// Queue is what the owner of the token may review.
type Queue struct {
	Total int      `json:"total" doc:"Of a long queue the 500 that wait longest are told."`
	Items []Queued `json:"items" nullable:"false"`
}

// Verdict is a step of an entry under review.
type Verdict struct {
	To     string `json:"to" enum:"formal_review,department_review,expert_review,published,draft,closed" doc:"draft returns it, closed ends it."`
	Reason string `json:"reason,omitempty" maxLength:"500" doc:"What its owner is told; needed to return or to close it."`
}

type verdictInput struct {
	ID      string `path:"id" maxLength:"64" doc:"Id of the entry."`
	IfMatch string `header:"If-Match" doc:"ETag of the copy that was looked at; needed."`
	Body    Verdict
}

// ProposalHead tells of a revision of a public entry that waits for review.
type ProposalHead struct {
	EntryRef
	Name         string    `json:"name" doc:"Of the entry as it is."`
	Organisation Party     `json:"organisation"`
	Note         string    `json:"note,omitempty" doc:"Of its author."`
	Created      time.Time `json:"created" doc:"When it was written; a later one takes its place."`
	Stale        bool      `json:"stale,omitempty" doc:"The entry has changed since: it can only be refused."`
}

// ProposalList is the proposals that the owner of the token may decide.
type ProposalList struct {
	Items []ProposalHead `json:"items" nullable:"false"`
}

// Proposal is a proposed revision beside the entry as it is.
type Proposal[E any] struct {
	ProposalHead
	Present  E `json:"present" doc:"The entry as it is."`
	Proposed E `json:"proposed" doc:"What it would be."`
}

// ProposalDecided is what becomes of a proposal.
type ProposalDecided struct {
	Accept bool   `json:"accept"`
	Reason string `json:"reason,omitempty" maxLength:"500" doc:"What its author is told; needed to refuse it."`
}

type decideInput struct {
	ID      string `path:"id" maxLength:"64" doc:"Id of the entry."`
	IfMatch string `header:"If-Match" doc:"ETag of the proposal that was looked at; needed."`
	Body    ProposalDecided
}

// Revisions is what an entry says and has said.
type Revisions[O any] struct {
	Items []O `json:"items" nullable:"false"`
}

func exampleQueued() Queued {
	o := exampleOpportunity()
	return Queued{EntryRef{"opportunity", o.ID}, o.Revision, o.Name, o.Organisation, "submitted", o.Updated}
}

func exampleProposal() ProposalHead {
	o := exampleOpportunity()
	return ProposalHead{EntryRef: EntryRef{"opportunity", o.ID}, Name: o.Name, Organisation: o.Organisation, Note: "预算已批复", Created: o.Updated}
}

// mountReviews registers the queues of the centre.
func (a *API) mountReviews() {
	get(a, operation{
		"list-reviews", "/reviews", edge.May(scene.ListingReview), tagReviews,
		"待审核 · What waits for review", "Those waiting longest first, of both kinds, as far as the owner of the token may review them.",
		Queue{1, []Queued{exampleQueued()}},
	}, a.reviews)
	get(a, operation{
		"list-proposals", "/proposals", edge.May(scene.ListingRevise), tagReviews,
		"修订申请 · Proposed revisions of public entries", "Oldest first.",
		ProposalList{[]ProposalHead{exampleProposal()}},
	}, a.proposals)
}

func (a *API) reviews(ctx context.Context, _ *struct{}) (*body[Queue], error) {
	queue, total, err := a.Services.Registry.Queue(ctx, actorOf(ctx))
	if err != nil {
		return nil, scene.Wrap("api.reviews", err)
	}
	out := &body[Queue]{Queue{total, make([]Queued, len(queue))}}
	for i := range queue {
		l := queue[i].Listing()
		out.Body.Items[i] = Queued{
			EntryRef{string(queue[i].Kind()), l.ID}, l.Revision, l.Name, Party{l.OrgID, l.OrgName}, string(l.State), l.Updated,
		}
	}
	return out, nil
}

func (a *API) proposals(ctx context.Context, _ *struct{}) (*body[ProposalList], error) {
	open, err := a.Services.Registry.Proposals(ctx, actorOf(ctx))
	if err != nil {
		return nil, scene.Wrap("api.proposals", err)
	}
	out := &body[ProposalList]{ProposalList{make([]ProposalHead, len(open))}}
	for i := range open {
		out.Body.Items[i] = proposalHead(&open[i])
	}
	return out, nil
}

func proposalHead(p *registry.Proposed) ProposalHead {
	l := p.Present.Listing()
	return ProposalHead{
		EntryRef: EntryRef{string(p.Present.Kind()), l.ID}, Name: l.Name, Organisation: Party{l.OrgID, l.OrgName},
		Note: p.Proposal.Note, Created: p.Proposal.Created, Stale: p.Stale(),
	}
}

// proposalTag names a proposal beside the entry as it is: a later one in its place has
// another, and so has the same one beside another revision.
func proposalTag(p *registry.Proposed) string {
	return fmt.Sprintf(`"%s-%d"`, strconv.FormatInt(p.Proposal.Created.UnixNano(), 36), p.Present.Listing().Revision)
}

// mountReview registers what happens to the entries of one side under review.
func mountReview[E, O any](a *API, s side[E, O]) {
	one, kind := "/entries/"+s.plural+"/{id}", string(s.kind)
	head := exampleProposal()
	head.Kind = kind
	change(a, http.MethodPost, http.StatusOK, Verdict{To: "formal_review"}, operation{
		"review-" + kind, one + "/review", edge.May(scene.ListingReview), tagReviews, "审核 · Take an entry on through review, or return it",
		"From submitted over formal_review and department_review, and if need be expert_review, to published; what does not follow is a 412. If-Match is needed.", s.sample,
	}, func(ctx context.Context, in *verdictInput) (*stored[O], error) { return review(ctx, a, s, in) })
	get(a, operation{
		"list-revisions-of-" + kind, one + "/revisions", edge.May(scene.ListingRead), tagEntries, "历次内容 · What an entry says and has said", "The latest first.",
		Revisions[O]{[]O{s.sample}},
	}, func(ctx context.Context, in *filesInput) (*body[Revisions[O]], error) {
		list, err := a.Services.Registry.Contents(ctx, actorOf(ctx), s.kind, scene.ID(in.ID))
		if err != nil {
			return nil, scene.Wrap("api.revisions", err)
		}
		out := &body[Revisions[O]]{Revisions[O]{make([]O, len(list))}}
		for i := range list {
			out.Body.Items[i] = s.answer(a.standing(&list[i]), &list[i])
		}
		return out, nil
	})
	get(a, operation{
		"get-proposal-of-" + kind, one + "/proposal", edge.May(scene.ListingRead), tagReviews, "修订申请 · A proposed revision beside the entry as it is",
		"For who may read the entry. Without one it is a 404.",
		Proposal[E]{head, s.told, s.told},
	}, func(ctx context.Context, in *itemInput) (*tagged[Proposal[E]], error) { return proposal(ctx, a, s, in) })
	change(a, http.MethodPost, http.StatusOK, ProposalDecided{Accept: true}, operation{
		"decide-proposal-of-" + kind, one + "/proposal/decide", edge.May(scene.ListingRevise), tagReviews, "决定修订申请 · Accept a proposed revision, or refuse it",
		"Accepted, it is the entry. If-Match is needed: the ETag of the proposal.", s.sample,
	}, func(ctx context.Context, in *decideInput) (*stored[O], error) { return decide(ctx, a, s, in) })
	change(a, http.MethodDelete, http.StatusOK, nil, operation{
		"recall-proposal-of-" + kind, one + "/proposal", edge.May(scene.ListingPropose), tagEntries, "撤回修订申请 · Take a proposed revision back",
		"The entry stays as it is, and is the answer.", s.sample,
	}, func(ctx context.Context, in *filesInput) (*stored[O], error) {
		if err := a.Services.Registry.Recall(ctx, actorOf(ctx), s.kind, scene.ID(in.ID)); err != nil {
			return nil, scene.Wrap("api.recall", err)
		}
		return present(ctx, a, s, in.ID)
	})
}

// present answers with an entry as it now is, for who may still read it.
func present[E, O any](ctx context.Context, a *API, s side[E, O], id string) (*stored[O], error) {
	e, err := a.Services.Registry.Entry(ctx, actorOf(ctx), s.kind, scene.ID(id))
	if err != nil {
		return nil, scene.Wrap("api.present", err)
	}
	return answered(a, s, &e), nil
}

func review[E, O any](ctx context.Context, a *API, s side[E, O], in *verdictInput) (*stored[O], error) {
	e, err := a.matched(ctx, s.kind, in.ID, in.IfMatch)
	if err != nil {
		return nil, scene.Wrap("api.review", err)
	}
	done, err := a.Services.Registry.Review(ctx, actorOf(ctx), registry.Step{
		Kind: s.kind, ID: e.Listing().ID, Revision: e.Listing().Revision, To: scene.State(in.Body.To), Reason: in.Body.Reason,
	})
	if err != nil {
		return nil, scene.Wrap("api.review", stale(err))
	}
	return answered(a, s, &done), nil
}

func proposal[E, O any](ctx context.Context, a *API, s side[E, O], in *itemInput) (*tagged[Proposal[E]], error) {
	p, err := a.Services.Registry.Proposed(ctx, actorOf(ctx), s.kind, scene.ID(in.ID))
	if err != nil {
		return nil, scene.Wrap("api.proposal", err)
	}
	tag := proposalTag(&p)
	if in.holds(tag) {
		return nil, notModified(tag)
	}
	return &tagged[Proposal[E]]{tag, Proposal[E]{proposalHead(&p), s.written(&p.Present), s.written(&p.Next)}}, nil
}

func decide[E, O any](ctx context.Context, a *API, s side[E, O], in *decideInput) (*stored[O], error) {
	by := actorOf(ctx)
	p, err := a.Services.Registry.Proposed(ctx, by, s.kind, scene.ID(in.ID))
	if err != nil {
		return nil, scene.Wrap("api.decide", err)
	}
	switch {
	case in.IfMatch == "":
		return nil, current(ctx, "", 0)
	case !matches(in.IfMatch, proposalTag(&p)):
		return nil, &scene.Error{Code: scene.Precondition, Op: "api.decide", Key: "api.stale"}
	}
	err = a.Services.Registry.Decide(ctx, by, registry.Decision{
		Kind: s.kind, ID: scene.ID(in.ID), Seen: p.Proposal.Created, Accept: in.Body.Accept, Reason: in.Body.Reason,
	})
	if err != nil {
		return nil, scene.Wrap("api.decide", stale(err))
	}
	return present(ctx, a, s, in.ID)
}
