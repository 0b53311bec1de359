package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"jinghe/internal/engage"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
)

const tagPairs = "pairs"

// Pair is an opportunity and a capability that people work on (对接单).
type Pair struct {
	ID          scene.ID `json:"id" example:"01J9ZD3V5W8QJ7R2K4M6N8P0E1"`
	Revision    int      `json:"revision" doc:"Rises with every change; the ETag holds it."`
	Opportunity Side     `json:"opportunity"`
	Capability  Side     `json:"capability"`
	Loose       bool     `json:"loose,omitempty" doc:"The two sides agreed at a meeting to go on, and not yet about which of their entries: those named only stand for what they bring."`
	Department  string   `json:"department,omitempty" doc:"The one that answers for the opportunity."`
	Part        string   `json:"part,omitempty" doc:"What the provider does who leads a group."`
	Partners    []Beside `json:"partners,omitempty" doc:"Who was asked to take a part beside it (联合体)."`
	Stage       string   `json:"stage" enum:"suggested,recommended,mutual_interest,docking,proposal,pilot,contract,landed,replicated,stopped"`
	Stages      []string `json:"stages" nullable:"false" doc:"Stages that may follow, the usual one first."`
	Begun       string   `json:"begun" enum:"owner,provider,steward" doc:"Who began; steward is the centre."`
	Asked       string   `json:"asked,omitempty" enum:"owner,provider,steward,partner" doc:"Whose question waits for an answer."`
	Next        *Next    `json:"next,omitempty"`
	AmountFen   int64    `json:"amount_fen,omitempty" doc:"Of the contract."`
	Outcome     string   `json:"outcome,omitempty"`
	StoppedBy   string   `json:"stopped_by,omitempty" enum:"owner,provider,steward"`
	Reason      string   `json:"reason,omitempty" enum:"too_early,benefit_unclear,out_of_budget,wrong_region,already_solved,not_qualified,other"`
	// Party, Revealed and Entries are told of a single pair only.
	Party    string      `json:"party,omitempty" enum:"owner,provider,steward,partner" doc:"The side for which the token acts; of a single pair only."`
	Revealed bool        `json:"revealed,omitempty" doc:"Both sides agreed to show their contacts, on pages."`
	Entries  []PairEntry `json:"entries,omitempty" doc:"What happened, oldest first; of a single pair only."`
	Moved    time.Time   `json:"moved" doc:"Of the stage."`
	Created  time.Time   `json:"created"`
	Updated  time.Time   `json:"updated"`
}

// Side is one of the two listings of a pair, and what its organisation says.
type Side struct {
	ID           scene.ID   `json:"id"`
	Name         string     `json:"name"`
	Organisation Party      `json:"organisation"`
	Says         string     `json:"says,omitempty" enum:"accepted,declined" doc:"Absent: nothing yet."`
	At           *time.Time `json:"at,omitempty" doc:"When it said so."`
}

// Beside is a partner of a group, and what its organisation says.
type Beside struct {
	Side
	Part   string `json:"part" doc:"What it does."`
	Reason string `json:"reason,omitempty" enum:"too_early,benefit_unclear,out_of_budget,wrong_region,already_solved,not_qualified,other" doc:"Why it stays away."`
}

// Next is what has to be done next (下一步).
type Next struct {
	Text  string `json:"text" minLength:"1" maxLength:"100" example:"现场踏勘"`
	Party string `json:"party" enum:"owner,provider,steward" doc:"Who does it."`
	Due   string `json:"due" format:"date" example:"2026-12-18" doc:"The last day for it, in China."`
}

// PairEntry is one line of what happened.
type PairEntry struct {
	At     time.Time `json:"at"`
	Kind   string    `json:"kind" enum:"interest,recommend,accept,decline,question,answer,note,move,next,agree,withdraw,reveal,invite"`
	Party  string    `json:"party" enum:"owner,provider,steward,partner"`
	Org    scene.ID  `json:"org,omitempty" doc:"Of the partner who acts, or who is asked."`
	Text   string    `json:"text,omitempty" doc:"What people can be reached by is covered."`
	From   string    `json:"from,omitempty"`
	To     string    `json:"to,omitempty"`
	Reason string    `json:"reason,omitempty"`
	// AmountFen and Next are told of the line that set them.
	AmountFen int64 `json:"amount_fen,omitempty" doc:"Of the contract, where the line set it."`
	Next      *Next `json:"next,omitempty" doc:"What was to be done next, where the line set it."`
	Own       bool  `json:"own,omitempty" doc:"Only one's own side reads it."`
}

// PairPage is one page of pairs.
type PairPage struct {
	Items      []Pair `json:"items" nullable:"false"`
	NextCursor string `json:"next_cursor,omitempty"`
}

// PairBegun names a pair to begin.
type PairBegun struct {
	Opportunity scene.ID `json:"opportunity" minLength:"1" maxLength:"64" doc:"Id of an open opportunity."`
	Capability  scene.ID `json:"capability" minLength:"1" maxLength:"64" doc:"Id of an open capability."`
	Text        string   `json:"text,omitempty" maxLength:"1000" doc:"What is said besides."`
}

// PairAnswer is what a side that is interested says.
type PairAnswer struct {
	Text string `json:"text,omitempty" maxLength:"1000"`
	Next *Next  `json:"next,omitempty" doc:"Needed from the side that accepts last: docking begins with it."`
}

// PairEnd is why a pair ends.
type PairEnd struct {
	Reason string `json:"reason" enum:"too_early,benefit_unclear,out_of_budget,wrong_region,already_solved,not_qualified,other"`
	Text   string `json:"text,omitempty" maxLength:"1000" doc:"Needed where the reason is other."`
}

// PairMove is another stage, or another next action.
type PairMove struct {
	To        string `json:"to,omitempty" enum:"docking,proposal,pilot,contract,landed,replicated" doc:"One of stages; absent for another next action only."`
	Next      *Next  `json:"next,omitempty" doc:"Needed unless the pair has landed or was replicated."`
	AmountFen int64  `json:"amount_fen,omitempty" minimum:"0" doc:"Of the contract; needed for it."`
	Text      string `json:"text,omitempty" maxLength:"1000" doc:"What came of it."`
}

// PairSaid is a question, an answer or a note.
type PairSaid struct {
	Kind string `json:"kind" enum:"question,answer,note"`
	Text string `json:"text" minLength:"1" maxLength:"1000"`
	Own  bool   `json:"own,omitempty" doc:"A note that only one's own side reads."`
}

type pairsInput struct {
	Page
	Stage       string `query:"stage" enum:"suggested,recommended,mutual_interest,docking,proposal,pilot,contract,landed,replicated,stopped" doc:"Only at this stage."`
	Opportunity string `query:"opportunity" maxLength:"64" doc:"Id of an opportunity."`
	Capability  string `query:"capability" maxLength:"64" doc:"Id of a capability."`
	Stuck       bool   `query:"stuck" doc:"Only what somebody should look after, the longest late first: a next action is late, or nobody answered for a week. One page."`
}

type pairInput struct {
	ID          string `path:"id" maxLength:"64" doc:"Id of the pair."`
	IfNoneMatch string `header:"If-None-Match" doc:"ETag of the copy you hold; if it is still good the answer is 304."`
}

type pairChange[B any] struct {
	ID      string `path:"id" maxLength:"64" doc:"Id of the pair."`
	IfMatch string `header:"If-Match" doc:"ETag of the copy that was looked at; needed."`
	Body    B
}

type pairSpeech struct {
	ID   string `path:"id" maxLength:"64" doc:"Id of the pair."`
	Body PairSaid
}

const (
	pairText = "If-Match is needed; 412 says that somebody changed it meanwhile, or that its stage does not allow it (see `detail`)."
	wayText  = " Agreeing to show contacts, and looking at them, is left to people on pages."
)

func (a *API) mountPairs() {
	const list, one = "/pairs", "/pairs/{id}"
	read := edge.May(scene.EngagementRead)
	get(a, operation{
		"list-pairs", list, read, tagPairs, "对接单列表 · List the pairs that people work on",
		"Those of the own organisation, for the centre all, the latest change first.",
		PairPage{Items: []Pair{examplePair()}},
	}, a.listPairs)
	get(a, operation{
		"get-pair", one, read, tagPairs, "对接单 · One pair, with what happened", "Lines that the other side keeps to itself are not told." + wayText, examplePairRead(),
	}, a.pair)
	change(a, http.MethodPost, http.StatusCreated, exampleBegun(), operation{
		"begin-pair", list, edge.May(scene.EngagementExpress), tagPairs, "表达意向 · Say that one is interested",
		"For an own listing on one of the two sides. A pair that is worked on already is answered as it is (200).", examplePair(),
	}, beginning((*engage.Service).Express).of(a))
	change(a, http.MethodPost, http.StatusCreated, exampleBegun(), operation{
		"recommend-pair", list + "/recommend", edge.May(scene.EngagementRecommend), tagPairs, "推荐 · Recommend a pair to both sides",
		"For the centre. One that went further already is answered as it is (200).", examplePair(),
	}, beginning((*engage.Service).Recommend).of(a))
	change(a, http.MethodPost, http.StatusOK, PairAnswer{Text: "期待交流。", Next: exampleNext()}, operation{
		"accept-pair", one + "/accept", edge.May(scene.EngagementAnswer), tagPairs, "接受 · Say that one is interested, too", pairText, examplePair(),
	}, a.acceptPair)
	change(a, http.MethodPost, http.StatusOK, PairEnd{Reason: "out_of_budget"}, operation{
		"decline-pair", one + "/decline", edge.May(scene.EngagementAnswer), tagPairs, "婉拒 · Decline, with a reason", pairText, examplePair(),
	}, ending((*engage.Service).Decline).of(a))
	change(a, http.MethodPost, http.StatusOK, PairEnd{Reason: "other", Text: "项目取消。"}, operation{
		"stop-pair", one + "/stop", edge.May(scene.EngagementMove), tagPairs, "终止 · End a pair that was docked, with a reason", pairText, examplePair(),
	}, ending((*engage.Service).Stop).of(a))
	change(a, http.MethodPost, http.StatusOK, PairMove{To: "contract", AmountFen: 80_000_000, Next: exampleNext()}, operation{
		"move-pair", one + "/move", edge.May(scene.EngagementMove), tagPairs, "推进 · Another stage, outcome or next action", pairText, examplePair(),
	}, a.movePair)
	change(a, http.MethodPost, http.StatusOK, PairSaid{Kind: "question", Text: "安装是否需要断电？"}, operation{
		"say-in-pair", one + "/say", edge.May(scene.EngagementSpeak), tagPairs, "提问、回答或备注 · Ask, answer or note",
		"Needs no If-Match: what others say meanwhile is no conflict.", examplePair(),
	}, a.sayInPair)
}

func (a *API) listPairs(ctx context.Context, in *pairsInput) (*body[PairPage], error) {
	rows, err := a.Services.Engagements.List(ctx, actorOf(ctx), engage.Filter{
		Stage: scene.Stage(in.Stage), Need: scene.ID(in.Opportunity), Offer: scene.ID(in.Capability), Stuck: in.Stuck,
	}, in.store())
	if err != nil {
		return nil, scene.Wrap("api.listPairs", err)
	}
	out := &body[PairPage]{PairPage{Items: make([]Pair, len(rows.Items)), NextCursor: rows.Next}}
	for i := range rows.Items {
		out.Body.Items[i] = pairOf(&rows.Items[i])
	}
	return out, nil
}

func (a *API) pair(ctx context.Context, in *pairInput) (*tagged[Pair], error) {
	k, err := a.Services.Engagements.Get(ctx, actorOf(ctx), scene.ID(in.ID))
	if err != nil {
		return nil, scene.Wrap("api.pair", err)
	}
	// Who looked at a contact is in the history, and no change of the pair.
	tag := `"` + strconv.Itoa(k.Revision) + "-" + strconv.Itoa(len(k.Entries)) + `"`
	if (&itemInput{IfNoneMatch: in.IfNoneMatch}).holds(tag) {
		return nil, notModified(tag)
	}
	p := pairOf(&k.Engagement)
	p.Party, p.Revealed = string(k.Party), k.Revealed()
	for i := range k.Entries {
		e := &k.Entries[i]
		p.Entries = append(p.Entries, PairEntry{
			At: e.At, Kind: string(e.Kind), Party: string(e.Party), Text: scene.Redact(e.Text), From: string(e.From), To: string(e.To),
			Reason: string(e.Reason), AmountFen: int64(e.Amount), Next: nextOf(&e.Next), Own: e.Only != "", Org: e.Org,
		})
	}
	return &tagged[Pair]{tag, p}, nil
}

// beginning is a way of beginning a pair.
type beginning func(*engage.Service, context.Context, scene.Actor, engage.Interest) (scene.Engagement, error)

func (begin beginning) of(a *API) func(context.Context, *struct{ Body PairBegun }) (*stored[Pair], error) {
	return func(ctx context.Context, in *struct{ Body PairBegun }) (*stored[Pair], error) {
		began := a.Now()
		e, err := begin(a.Services.Engagements, ctx, actorOf(ctx), engage.Interest{Need: in.Body.Opportunity, Offer: in.Body.Capability, Message: in.Body.Text})
		if err != nil {
			return nil, scene.Wrap("api.beginPair", err)
		}
		return a.begunPair(&e, began), nil
	}
}

// begunPair answers with a pair, 201 where it was begun since.
func (a *API) begunPair(e *scene.Engagement, since time.Time) *stored[Pair] {
	out := a.changedPair(e)
	if e.Revision == 1 && !e.Created.Before(since.UTC()) {
		out.Status = http.StatusCreated
	}
	out.Location = a.PublicURL + Prefix + "/pairs/" + string(e.ID)
	return out
}

// ending is a way of ending a pair.
type ending func(*engage.Service, context.Context, scene.Actor, engage.Answer) (scene.Engagement, error)

func (end ending) of(a *API) func(context.Context, *pairChange[PairEnd]) (*stored[Pair], error) {
	return func(ctx context.Context, in *pairChange[PairEnd]) (*stored[Pair], error) {
		return a.changePair(ctx, in.ID, in.IfMatch, func(by scene.Actor, revision int) (scene.Engagement, error) {
			return end(a.Services.Engagements, ctx, by, engage.Answer{
				ID: scene.ID(in.ID), Revision: revision, Text: in.Body.Text, Reason: scene.StopReason(in.Body.Reason),
			})
		})
	}
}

func (a *API) acceptPair(ctx context.Context, in *pairChange[PairAnswer]) (*stored[Pair], error) {
	return a.changePair(ctx, in.ID, in.IfMatch, func(by scene.Actor, revision int) (scene.Engagement, error) {
		return a.Services.Engagements.Accept(ctx, by, engage.Answer{
			ID: scene.ID(in.ID), Revision: revision, Text: in.Body.Text, Next: in.Body.Next.action(),
		})
	})
}

func (a *API) movePair(ctx context.Context, in *pairChange[PairMove]) (*stored[Pair], error) {
	return a.changePair(ctx, in.ID, in.IfMatch, func(by scene.Actor, revision int) (scene.Engagement, error) {
		return a.Services.Engagements.Move(ctx, by, engage.Step{
			ID: scene.ID(in.ID), Revision: revision, To: scene.Stage(in.Body.To), Text: in.Body.Text, Next: in.Body.Next.action(),
			Amount: scene.Money(in.Body.AmountFen),
		})
	})
}

func (a *API) sayInPair(ctx context.Context, in *pairSpeech) (*stored[Pair], error) {
	by := actorOf(ctx)
	k, err := a.Services.Engagements.Get(ctx, by, scene.ID(in.ID))
	if err != nil {
		return nil, scene.Wrap("api.sayInPair", err)
	}
	e, err := a.Services.Engagements.Say(ctx, by, engage.Speech{
		ID: k.ID, Kind: scene.EntryKind(in.Body.Kind), Text: in.Body.Text, Own: in.Body.Own, Seen: len(k.Entries),
	})
	if err != nil {
		return nil, scene.Wrap("api.sayInPair", err)
	}
	return a.changedPair(&e), nil
}

// changePair runs fn with the revision that the caller looked at.
func (a *API) changePair(ctx context.Context, id, ifMatch string, fn func(scene.Actor, int) (scene.Engagement, error)) (*stored[Pair], error) {
	if ifMatch == "" {
		return nil, edge.ProblemAs(ctx, http.StatusPreconditionRequired, scene.Precondition, edge.Text(ctx, "api.if_match"))
	}
	by := actorOf(ctx)
	number, _, _ := strings.Cut(strings.Trim(strings.TrimSpace(ifMatch), `"`), "-")
	revision, err := strconv.Atoi(number)
	if number == "*" {
		k, err := a.Services.Engagements.Get(ctx, by, scene.ID(id))
		if err != nil {
			return nil, scene.Wrap("api.changePair", err)
		}
		revision = k.Revision
	} else if err != nil {
		revision = 0 // a tag that none of ours is: the copy is no present one
	}
	e, err := fn(by, revision)
	if err != nil {
		return nil, scene.Wrap("api.changePair", stale(err))
	}
	return a.changedPair(&e), nil
}

func (a *API) changedPair(e *scene.Engagement) *stored[Pair] {
	return &stored[Pair]{Status: http.StatusOK, ETag: searchTag(e.Revision), Body: pairOf(e)}
}

// action is the next action as the services know it; none where n is nil.
func (n *Next) action() scene.NextAction {
	if n == nil {
		return scene.NextAction{}
	}
	out := scene.NextAction{Text: strings.TrimSpace(n.Text), Party: scene.Party(n.Party)}
	if day, err := time.ParseInLocation(time.DateOnly, n.Due, scene.China()); err == nil { // the schema has checked it
		out.Due = scene.EndOfDay(day)
	}
	return out
}

func pairOf(e *scene.Engagement) Pair {
	side := func(id, org scene.ID, name, orgName string, s *scene.Stance) Side {
		return Side{ID: id, Name: name, Organisation: Party{org, orgName}, Says: string(s.Says), At: instant(s.At)}
	}
	p := Pair{
		ID: e.ID, Revision: e.Revision, Loose: e.Loose, Department: e.Department, Stage: string(e.Stage), Stages: []string{}, Begun: string(e.Begun),
		Opportunity: side(e.Need, e.NeedOrg, e.NeedName, e.NeedOrgName, &e.Owner),
		Capability:  side(e.Offer, e.OfferOrg, e.OfferName, e.OfferOrgName, &e.Provider),
		Asked:       string(e.Asked), AmountFen: int64(e.Outcome.Amount), Outcome: scene.Redact(e.Outcome.Note),
		StoppedBy: string(e.StoppedBy), Reason: string(e.Reason), Moved: e.Moved, Created: e.Created, Updated: e.Updated,
	}
	p.Part = scene.Redact(e.Part)
	for i := range e.Partners {
		x := &e.Partners[i]
		p.Partners = append(p.Partners, Beside{side(x.Offer, x.Org, x.OfferName, x.OrgName, &x.Stance), scene.Redact(x.Part), string(x.Reason)})
	}
	for _, s := range e.Stage.Next() {
		p.Stages = append(p.Stages, string(s))
	}
	p.Next = nextOf(&e.Next)
	return p
}

// nextOf is a next action as it is told, nil for none.
func nextOf(n *scene.NextAction) *Next {
	if !n.Known() {
		return nil
	}
	return &Next{scene.Redact(n.Text), string(n.Party), n.Due.In(scene.China()).Format(time.DateOnly)}
}
