package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"jinghe/internal/agenda"
	"jinghe/internal/convene"
	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
)

// DraftAsked is how a draft is to be made.
type DraftAsked struct {
	Seconds int `json:"seconds,omitempty" minimum:"1" maximum:"600" doc:"At most; absent: 20. The best plan by then becomes the draft."`
}

// EventDraft is the draft of the next version of the plan.
type EventDraft struct {
	Running  bool           `json:"running" doc:"A plan is being made by the process that answers: ask again in a moment. Of several processes another may be making it; the new draft has a higher revision."`
	Stage    string         `json:"stage,omitempty" enum:"bounds,value,breaks,proof,report"`
	Failed   string         `json:"failed,omitempty" doc:"Why no plan was made."`
	Revision int            `json:"revision" doc:"Rises with every change, and is named to publish what was looked at; 0: there is no draft."`
	Base     int            `json:"base,omitempty" doc:"The published version that it goes on from."`
	Note     string         `json:"note,omitempty"`
	Figures  *DraftFigures  `json:"figures,omitempty"`
	Meetings []DraftMeeting `json:"meetings" nullable:"false"`
	LeftOut  []DraftLeft    `json:"left_out" nullable:"false" doc:"Wished meetings that are not in it, and why."`
	Offers   []DraftMeeting `json:"offers" nullable:"false" doc:"After a repair: what would fit as it stands, the most valuable first."`
	Changes  []DraftChange  `json:"changes" nullable:"false" doc:"Against the published version."`
	Broken   []string       `json:"contradictions" nullable:"false" doc:"Conditions that contradict each other, none of which could be left out."`
	More     [][]string     `json:"more_contradictions,omitempty" nullable:"false" doc:"Further such sets; no two have a must or a minimum in common."`
}

// DraftFigures is what a plan reaches, and what is proven of it.
type DraftFigures struct {
	Planned         int     `json:"planned"`
	Wanted          int     `json:"wanted" doc:"Wished meetings to which no side said never."`
	Value           float64 `json:"value"`
	ValueUpperBound float64 `json:"value_upper_bound" doc:"No plan has more. Proven."`
	Gap             float64 `json:"gap" doc:"0 to 1."`
	Breaks          int     `json:"breaks"`
	BreaksLower     int     `json:"breaks_lower_bound" doc:"No plan of this value has fewer. Proven."`
	Lacking         int     `json:"lacking" doc:"Meetings that parties lack to what they were promised."`
	MinimumsKept    float64 `json:"minimums_kept" doc:"Share of the parties, 0 to 1."`
	Proven          bool    `json:"proven" doc:"No plan is better."`
}

// DraftMeeting is a meeting of a draft.
type DraftMeeting struct {
	ID      string      `json:"id"`
	Slot    string      `json:"slot"`
	Table   string      `json:"table"`
	Parties []Party     `json:"parties" nullable:"false"`
	Sits    []EventSits `json:"sits" nullable:"false" doc:"Who goes, for parties whose delegates go alone."`
	Locked  bool        `json:"locked,omitempty"`
}

// DraftLeft is a wished meeting that is left out.
type DraftLeft struct {
	ID      string   `json:"id"`
	Parties []Party  `json:"parties" nullable:"false"`
	Reason  string   `json:"reason" enum:"never,no_common_slot,absent,after,party_full,no_free_slot,tables_full,resource_full,goal,missing,offered"`
	Full    []Party  `json:"full,omitempty" nullable:"false" doc:"The parties that are full, absent, or said never."`
	Slots   []string `json:"slots,omitempty" nullable:"false" doc:"Where it fails."`
	Loss    *float64 `json:"loss,omitempty" doc:"The value that is lost where it is forced in."`
}

// DraftChange is a meeting that is not as it is published.
type DraftChange struct {
	Meeting string  `json:"meeting"`
	Parties []Party `json:"parties" nullable:"false"`
	From    *Seat   `json:"from,omitempty" doc:"Absent: it is new."`
	To      *Seat   `json:"to,omitempty" doc:"Absent: it is dropped. The same as from: somebody else goes."`
	Why     string  `json:"why,omitempty" doc:"absent, closed, interpreters, person, both_sides, full, cancelled, after or for_must after a repair; by_hand, filled or anew where a person decided; interpreted, alone or goes_… where the meeting stays."`
	// Sits is set where the place stays and somebody else goes, or with a move.
	Sits []ChangeSits `json:"sits,omitempty" nullable:"false" doc:"Who goes instead of whom."`
}

// ChangeSits is who takes a meeting for a party in the place of whom, by name.
type ChangeSits struct {
	Party scene.ID `json:"party"`
	From  string   `json:"from,omitempty" doc:"Absent: nobody in particular."`
	To    string   `json:"to,omitempty"`
}

// Seat is a slot and a table.
type Seat struct {
	Slot  string `json:"slot"`
	Table string `json:"table"`
}

// PlanPublished names the draft that is to be published.
type PlanPublished struct {
	Revision int      `json:"revision" minimum:"1" doc:"Of the draft that was looked at."`
	Offers   []string `json:"offers,omitempty" nullable:"false" maxItems:"500" doc:"Ids of offers to be added."`
	Twice    bool     `json:"two_places,omitempty" doc:"Publish also where people would be in two places at once, as the refusal without it told."`
	Begun    bool     `json:"begun,omitempty" doc:"Publish also where meetings are new in slots that run or are over, as the refusal without it told."`
}

// EventReport is what came of an event.
type EventReport struct {
	Version  int             `json:"version"`
	Joined   int             `json:"joined" doc:"Parties."`
	Arrived  int             `json:"arrived"`
	Wished   int             `json:"wished" doc:"Pairs of whom a side wanted to meet."`
	Mutual   int             `json:"mutual"`
	Planned  int             `json:"planned"`
	Held     int             `json:"held" doc:"A side says so and none denies it."`
	Silent   int             `json:"silent"`
	Verify   int             `json:"to_verify" doc:"One side says that it was held, and the other that it was not: in no other figure but disputed."`
	Missed   int             `json:"not_held" doc:"Who speaks of it says that it was not held."`
	Disputed int             `json:"disputed" doc:"The sides say different things: whether it was held, or what comes next."`
	Intents  int             `json:"intents" doc:"Held with a pilot or contract in view."`
	Amount   int64           `json:"amount_fen" doc:"Of the intents: where the two sides name different amounts, the smaller one."`
	OneSided int64           `json:"amount_one_side_fen" doc:"Part of amount_fen that one side alone names."`
	Differ   int             `json:"amounts_differ,omitempty" doc:"Intents of which the two sides name different amounts."`
	Larger   int64           `json:"amount_larger_fen,omitempty" doc:"What amount_fen would be with the larger ones; absent where none differ."`
	Stepped  int             `json:"next_steps" doc:"Held, and a side names a next step."`
	Cases    int             `json:"cases" doc:"Pairs that are worked on."`
	Worth    *float64        `json:"worth,omitempty" doc:"Mean, 1 to 3; absent: nobody said."`
	Minimums float64         `json:"minimums_kept" doc:"0 to 1."`
	Idle     float64         `json:"idle" doc:"0 to 1."`
	TopTenth float64         `json:"top_tenth" doc:"Share of the meetings that a tenth of the parties has."`
	Early    *ReportGreedy   `json:"before_the_day,omitempty" doc:"The last plan that was published before the day."`
	Greedy   *ReportGreedy   `json:"first_come,omitempty" doc:"First come, first served, on the wishes of before_the_day."`
	Meetings []ReportMeeting `json:"meetings" nullable:"false" doc:"The rows behind the figures."`
}

// ReportGreedy is what a plan reached, or one by order of arrival would have.
type ReportGreedy struct {
	Planned  int     `json:"planned"`
	Value    float64 `json:"value"`
	Breaks   int     `json:"breaks"`
	Minimums float64 `json:"minimums_kept"`
}

// ReportMeeting is a planned meeting with what came of it.
type ReportMeeting struct {
	ID      string  `json:"id"`
	Slot    string  `json:"slot"`
	Table   string  `json:"table"`
	Parties []Party `json:"parties" nullable:"false"`
	Held    bool    `json:"held"`
	Next    string  `json:"next,omitempty" enum:"none,talk,visit,pilot,contract"`
	Amount  int64   `json:"amount_fen,omitempty"`
}

type draftInput struct {
	ID   string `path:"id" maxLength:"64" doc:"Id of the event."`
	Body DraftAsked
}

type publishInput struct {
	ID   string `path:"id" maxLength:"64" doc:"Id of the event."`
	Body PlanPublished
}

// mountEventPlan registers the way from wishes to a published plan, and the report.
// Moving one meeting, locking it and choosing who goes are done where the plan is seen.
func (a *API) mountEventPlan() {
	const one = "/events/{id}"
	manage, read, slot := edge.May(scene.FairManage), edge.May(scene.FairRead), exampleEvent().Slots[0]
	pair := []Party{{exampleParty().ID, exampleParty().Organisation.Name}, {"01J9ZD3V5W8QJ7R2K4M6N8P0V4", "示例市水务集团"}}
	draft := EventDraft{
		Revision: 3, Base: 1, Figures: &DraftFigures{Planned: 41, Wanted: 44, Value: 71.2, ValueUpperBound: 71.2, MinimumsKept: 1, Proven: true},
		Meetings: []DraftMeeting{{"m17", slot.ID, "A3", pair, []EventSits{}, false}}, LeftOut: []DraftLeft{{ID: "m18", Parties: pair, Reason: "party_full", Full: pair[:1]}},
		Offers: []DraftMeeting{}, Changes: []DraftChange{{"m17", pair, &Seat{slot.ID, "A1"}, &Seat{slot.ID, "A3"}, "closed", nil}}, Broken: []string{},
	}
	change(a, http.MethodPost, http.StatusAccepted, DraftAsked{30}, operation{
		"make-draft", one + "/draft", manage, tagEvents, "排出草案 · Make a draft of the plan", "Goes on in the background. What is locked, and who was chosen to go, stays.",
		EventDraft{Running: true, Stage: "bounds", Meetings: []DraftMeeting{}, LeftOut: []DraftLeft{}, Offers: []DraftMeeting{}, Changes: []DraftChange{}, Broken: []string{}},
	}, a.makeDraft)
	get(a, operation{"get-draft", one + "/draft", read, tagEvents, "草案 · The draft of the plan", "With what is proven of it, and why what is left out is left out.", draft}, a.draft)
	change(a, http.MethodPost, http.StatusOK, PlanPublished{Revision: 3}, operation{
		"publish-plan", one + "/publish", manage, tagEvents, "发布安排 · Make the draft the plan in force", "Only those whose meetings change are told. A draft that was changed meanwhile is refused.",
		EventPlan{2, []EventRound{}},
	}, a.publishPlan)
	get(a, operation{
		"get-report", one + "/report", read, tagEvents, "成效报告 · What came of an event", "Every figure is counted from the meetings below it.",
		EventReport{
			Version: 2, Joined: 60, Arrived: 57, Wished: 180, Mutual: 44, Planned: 160, Held: 151, Verify: 1, Missed: 2, Silent: 6, Disputed: 1, Intents: 12, Amount: 860_000_000, Stepped: 14, Cases: 12, Worth: new(2.6), Minimums: 1,
			Early:  &ReportGreedy{Planned: 143, Value: 221, Breaks: 12, Minimums: 1},
			Greedy: &ReportGreedy{Planned: 139, Value: 210.5, Breaks: 31, Minimums: 0.9}, Meetings: []ReportMeeting{{"m17", slot.ID, "A3", pair, true, "pilot", 50_000_000}},
		},
	}, a.report)
}

func (a *API) makeDraft(ctx context.Context, in *draftInput) (*body[EventDraft], error) {
	err := a.Services.Fairs.Plan(ctx, actorOf(ctx), scene.ID(in.ID), time.Duration(in.Body.Seconds)*time.Second)
	if err != nil {
		return nil, scene.Wrap("api.makeDraft", err)
	}
	return a.draft(ctx, &eventInput{in.ID})
}

func (a *API) draft(ctx context.Context, in *eventInput) (*body[EventDraft], error) {
	by, id := actorOf(ctx), scene.ID(in.ID)
	board, err := a.board(ctx, in.ID)
	if err != nil {
		return nil, scene.Wrap("api.draft", err)
	}
	v, err := a.Services.Fairs.Draft(ctx, by, id)
	if err != nil {
		return nil, scene.Wrap("api.draft", err)
	}
	out := &body[EventDraft]{EventDraft{Meetings: []DraftMeeting{}, LeftOut: []DraftLeft{}, Offers: []DraftMeeting{}, Changes: []DraftChange{}, Broken: []string{}}}
	lang, work := edge.From(ctx).Lang, a.Services.Fairs.Working(id)
	if out.Body.Running = work.Running; work.Running {
		out.Body.Stage = string(work.Progress.Stage)
	} else if work.Err != nil {
		out.Body.Failed = locale.Error(lang, work.Err)
	}
	if v != nil {
		out.Body.take(v, board.Names(), lang)
	}
	return out, nil
}

// take tells a version.
func (d *EventDraft) take(v *convene.Version, n *convene.Names, lang locale.Lang) {
	plan, c := v.Plan, agenda.Compare(v.Problem, v.Plan)
	d.Revision, d.Base, d.Note = v.Row.Revision, v.Row.Base, v.Row.Note
	d.Figures = &DraftFigures{
		c.Planned, plan.Wanted(), plan.Value, plan.ValueUpperBound, plan.Gap, plan.Breaks, plan.BreaksLowerBound,
		plan.Shortfall, c.MinimumsKept, plan.Proven,
	}
	d.Meetings = draftFrom(v, n)
	for i := range plan.Unplanned {
		u := &plan.Unplanned[i]
		x := DraftLeft{ID: u.ID, Parties: partiesNamed(strings.Split(u.ID, "~"), n), Reason: string(u.Reason)}
		if u.Detail != nil {
			x.Full, x.Slots, x.Loss = partiesNamed(u.Detail.Parties, n), u.Detail.Slots, u.Detail.Loss
		}
		d.LeftOut = append(d.LeftOut, x)
	}
	for i := range v.Offers {
		o := &v.Offers[i]
		d.Offers = append(d.Offers, DraftMeeting{ID: o.ID, Slot: o.Slot, Table: o.Table, Parties: partiesNamed(o.Parties, n), Sits: []EventSits{}})
	}
	for i := range v.Row.Changes {
		x := &v.Row.Changes[i]
		d.Changes = append(d.Changes, DraftChange{x.Meeting, partiesNamed(strings.Split(x.Meeting, "~"), n), (*Seat)(x.From), (*Seat)(x.To), x.Why, sitsInstead(x.Sits, n)})
	}
	for i, x := range plan.Contradictions() {
		set := []string{}
		for _, c := range n.Contradiction(v.Problem, &x) {
			set = append(set, locale.Text(lang, c.Key, c.Args))
		}
		if i == 0 {
			d.Broken = set
		} else {
			d.More = append(d.More, set)
		}
	}
}

// sitsInstead names who goes instead of whom.
func sitsInstead(list []scene.FairSits, n *convene.Names) (out []ChangeSits) {
	for _, s := range list {
		from, _ := n.Delegate(string(s.From))
		to, _ := n.Delegate(string(s.To))
		out = append(out, ChangeSits{s.Party, from, to})
	}
	return out
}

func (a *API) publishPlan(ctx context.Context, in *publishInput) (*body[EventPlan], error) {
	var despite []convene.Despite
	if in.Body.Twice {
		despite = append(despite, convene.TwoPlacesSeen)
	}
	if in.Body.Begun {
		despite = append(despite, convene.BegunSeen)
	}
	if _, err := a.Services.Fairs.Publish(ctx, actorOf(ctx), scene.ID(in.ID), in.Body.Revision, in.Body.Offers, despite...); err != nil {
		return nil, scene.Wrap("api.publishPlan", err)
	}
	out, err := a.plan(ctx, &itemInput{ID: in.ID})
	if err != nil {
		return nil, err
	}
	return &body[EventPlan]{out.Body}, nil
}

func (a *API) report(ctx context.Context, in *eventInput) (*body[EventReport], error) {
	r, err := a.Services.Fairs.Report(ctx, actorOf(ctx), scene.ID(in.ID))
	if err != nil {
		return nil, scene.Wrap("api.report", err)
	}
	out := &body[EventReport]{EventReport{
		Version: r.Version, Joined: r.Joined, Arrived: r.Arrived, Wished: r.Wished, Mutual: r.Mutual, Planned: r.Planned, Held: r.Held, Silent: r.Silent,
		Verify: r.Contested, Missed: r.Missed, OneSided: int64(r.OneSided), Disputed: r.Disputed, Intents: r.Intents, Amount: int64(r.Amount), Stepped: r.Stepped, Cases: r.Docked(), Minimums: r.MinimumsKept, Idle: r.Idle,
		TopTenth: r.TopTenth, Meetings: []ReportMeeting{},
	}}
	if r.Voices > 0 {
		out.Body.Worth = &r.Worth
	}
	if r.Differ > 0 {
		out.Body.Differ, out.Body.Larger = r.Differ, int64(r.Larger)
	}
	if own, g := r.Plan, r.Greedy; own != nil && g != nil {
		out.Body.Early = &ReportGreedy{own.Planned, own.Value, own.Breaks, own.MinimumsKept}
		out.Body.Greedy = &ReportGreedy{g.Planned, g.Value, g.Breaks, g.MinimumsKept}
	}
	name := map[scene.ID]string{}
	for i := range r.Parties {
		name[r.Parties[i].ID] = r.Parties[i].Name
	}
	for i := range r.Meetings {
		m := &r.Meetings[i]
		pair := []Party{{m.Parties[0], name[m.Parties[0]]}, {m.Parties[1], name[m.Parties[1]]}}
		out.Body.Meetings = append(out.Body.Meetings, ReportMeeting{m.ID, m.Slot.ID, m.Table, pair, m.Held, string(m.Next), int64(m.Amount)})
	}
	return out, nil
}
