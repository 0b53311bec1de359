package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
)

// EventWritten is an event as the centre writes it. What is left out is nothing: no
// bound, no approval, no pause.
type EventWritten struct {
	Title        string             `json:"title" minLength:"1" maxLength:"200"`
	Theme        string             `json:"theme,omitempty" maxLength:"2000"`
	Place        string             `json:"place,omitempty" maxLength:"200"`
	Mode         string             `json:"mode" enum:"mutual,hosted,organiser" doc:"Whose word makes a wish a meeting: both sides'; one side's where the other is hosted; one side's, and good matches fill what is left."`
	Blocks       []EventBlockWrite  `json:"blocks" nullable:"false" minItems:"1" maxItems:"60" doc:"The day in order of time. Those of the kind meet have the slots. What happens within the others is kept, and changed on pages."`
	Halls        []EventHallWritten `json:"halls" nullable:"false" maxItems:"50"`
	Minutes      int                `json:"minutes" minimum:"5" maximum:"240" doc:"Of a slot."`
	Pause        int                `json:"pause_minutes,omitempty" minimum:"0" maximum:"60" doc:"Between two slots."`
	Capacity     int                `json:"capacity,omitempty" minimum:"0" doc:"Parties; those beyond wait."`
	Approval     bool               `json:"approval,omitempty" doc:"Somebody lets each party in."`
	Min          int                `json:"min,omitempty" minimum:"0" doc:"Meetings that each party is promised."`
	Max          int                `json:"max,omitempty" minimum:"0" doc:"Meetings that each party takes at most."`
	MaxOpen      int                `json:"max_wishes" minimum:"0" maximum:"500" doc:"Parties that one may want to meet, must included."`
	MaxMusts     int                `json:"max_musts,omitempty" minimum:"0" maximum:"500"`
	Interpreters int                `json:"interpreters,omitempty" minimum:"0"`
	Past         bool               `json:"past,omitempty" doc:"The day may be over: without it, a day put into the past is refused as fair.day_past."`
}

// EventBlockWrite is a part of the day.
type EventBlockWrite struct {
	Kind   string    `json:"kind" enum:"opening,policy,release,pitch,meet,signing,visit,rest"`
	Title  string    `json:"title,omitempty" maxLength:"200"`
	Starts time.Time `json:"starts"`
	Ends   time.Time `json:"ends"`
}

// EventHallWritten is a room with tables, which are called by its id and a number.
type EventHallWritten struct {
	ID     string `json:"id" minLength:"1" maxLength:"20" example:"A"`
	Name   string `json:"name,omitempty" maxLength:"200"`
	Tables int    `json:"tables" minimum:"1" maximum:"2000"`
}

// EventBrought is into which state an event is to come.
type EventBrought struct {
	State string `json:"state" enum:"open,closed,over,cancelled"`
}

// PartyAdded is a party that the centre brings in: an organisation that is known here,
// or a name.
type PartyAdded struct {
	PartyWritten
	Organisation scene.ID `json:"organisation,omitempty" maxLength:"64" doc:"Id of an organisation; else the name counts."`
	Name         string   `json:"name,omitempty" maxLength:"200"`
	Hosted       bool     `json:"hosted,omitempty" doc:"Accepts whoever asks, up to its maximum."`
	Newcomer     bool     `json:"newcomer,omitempty" doc:"Its first event."`
	Min          *int     `json:"min,omitempty" minimum:"0" doc:"Meetings; absent: what the event says."`
	Max          *int     `json:"max,omitempty" minimum:"0"`
}

// PartyDecided is what becomes of a sign-up.
type PartyDecided struct {
	State string `json:"state" enum:"accepted,refused,withdrawn" doc:"Who is accepted while there is no place, or what is left is kept for the other side, waits."`
	Kept  bool   `json:"kept,omitempty" doc:"Who is accepted may have a place that is kept for the other side."`
}

type enterWishesInput struct {
	ID    string `path:"id" maxLength:"64" doc:"Id of the event."`
	Party string `path:"party" maxLength:"64" doc:"Id of the party."`
	Body  WishesSaid
}

type eventWrite struct{ Body EventWritten }

type eventEdit struct {
	ID      string `path:"id" maxLength:"64" doc:"Id of the event."`
	IfMatch string `header:"If-Match" doc:"ETag of the copy that was changed; needed."`
	Body    EventWritten
}

type bringInput struct {
	ID   string `path:"id" maxLength:"64" doc:"Id of the event."`
	Body EventBrought
}

type addPartyInput struct {
	ID   string `path:"id" maxLength:"64" doc:"Id of the event."`
	Body PartyAdded
}

type decidePartyInput struct {
	ID    string `path:"id" maxLength:"64" doc:"Id of the event."`
	Party string `path:"party" maxLength:"64" doc:"Id of the party."`
	Body  PartyDecided
}

func exampleSetup() *EventWritten {
	e := exampleEvent()
	out := &EventWritten{
		Title: e.Title, Place: e.Place, Mode: "organiser", Halls: []EventHallWritten{{"A", "三号厅", 12}}, Minutes: 20, Capacity: 60, Approval: true,
		Min: 2, Max: 6, MaxOpen: e.MaxOpen, MaxMusts: e.MaxMusts,
	}
	for _, b := range e.Blocks {
		out.Blocks = append(out.Blocks, EventBlockWrite{b.Kind, b.Title, b.Starts, b.Ends})
	}
	return out
}

// mountEventDesk registers the making of events, and letting parties in.
func (a *API) mountEventDesk() {
	const one = "/events/{id}"
	manage, setup, e, p := edge.May(scene.FairManage), exampleSetup(), exampleEvent(), exampleParty()
	e.Setup = setup
	change(a, http.MethodPost, http.StatusCreated, *setup, operation{
		"create-event", "/events", manage, tagEvents, "新建对接会 · Make an event", "It is being prepared, and told to nobody, until it is opened.", e,
	}, a.createEvent)
	change(a, http.MethodPut, http.StatusOK, *setup, operation{
		"replace-event", one, manage, tagEvents, "修改对接会 · Change an event", "If-Match is needed. What would take a slot or a table from a published meeting is refused, and says which.", e,
	}, a.replaceEvent)
	change(a, http.MethodPost, http.StatusOK, EventBrought{"open"}, operation{
		"bring-event", one + "/state", manage, tagEvents, "开放、截止、结束或取消 · Open, close, end or cancel an event", "Only the next states can be reached.", e,
	}, a.bringEvent)
	added := PartyAdded{PartyWritten: PartyWritten{Delegates: []DelegateWritten{{Name: "王五"}}}, Organisation: p.Organisation.ID, Newcomer: true}
	change(a, http.MethodPost, http.StatusCreated, added, operation{
		"add-party", one + "/parties", manage, tagEvents, "代为报名 · Sign a party up, for the centre", "Where the event is full, or what is left is kept for the other side, it waits.", p,
	}, a.addParty)
	change(a, http.MethodPut, http.StatusOK, PartyDecided{State: "accepted"}, operation{
		"decide-party", one + "/parties/{party}/state", manage, tagEvents, "审核报名 · Let a party in, refuse it, or note that it does not come", "A place that becomes free goes to who waits longest.", p,
	}, a.decideParty)
	said := WishSaid{"01J9ZD3V5W8QJ7R2K4M6N8P0V4", "want", ""}
	change(a, http.MethodPost, http.StatusOK, WishesSaid{[]WishSaid{said}}, operation{
		"enter-wishes", one + "/parties/{party}/wishes", manage, tagEvents, "代填意愿 · Enter whom a party must, wants or never wants to meet", "All or none. Answers with everything that it says by then.",
		EventWishes{[]WishSaid{said}, []string{}},
	}, a.enterWishes)
}

// despite is what the event may be all the same.
func (w *EventWritten) despite() []convene.Despite {
	if w.Past {
		return []convene.Despite{convene.PastSeen}
	}
	return nil
}

// fair is what was written as the services know it, over the event as it is.
func (w *EventWritten) fair(f scene.Fair) scene.Fair {
	f.Title, f.Theme, f.Place, f.Mode = strings.TrimSpace(w.Title), strings.TrimSpace(w.Theme), strings.TrimSpace(w.Place), scene.FairMode(w.Mode)
	f.Minutes, f.Pause, f.Capacity, f.Approval, f.Min, f.Max = w.Minutes, w.Pause, w.Capacity, w.Approval, w.Min, w.Max
	f.MaxOpen, f.MaxMusts, f.Interpreters = w.MaxOpen, w.MaxMusts, w.Interpreters
	f.Blocks, f.Halls = nil, nil
	for _, b := range w.Blocks {
		f.Blocks = append(f.Blocks, scene.FairBlock{Kind: scene.FairBlockKind(b.Kind), Title: strings.TrimSpace(b.Title), Start: b.Starts, End: b.Ends})
	}
	for _, h := range w.Halls {
		f.Halls = append(f.Halls, scene.FairHall{ID: strings.TrimSpace(h.ID), Name: strings.TrimSpace(h.Name), Tables: h.Tables})
	}
	return f
}

// setupOf is an event as it was written.
func setupOf(f *scene.Fair) *EventWritten {
	out := &EventWritten{
		Title: f.Title, Theme: f.Theme, Place: f.Place, Mode: string(f.Mode), Minutes: f.Minutes, Pause: f.Pause, Capacity: f.Capacity, Approval: f.Approval,
		Min: f.Min, Max: f.Max, MaxOpen: f.MaxOpen, MaxMusts: f.MaxMusts, Interpreters: f.Interpreters, Blocks: []EventBlockWrite{}, Halls: []EventHallWritten{},
	}
	for i := range f.Blocks {
		b := &f.Blocks[i]
		out.Blocks = append(out.Blocks, EventBlockWrite{string(b.Kind), b.Title, b.Start, b.End})
	}
	for _, h := range f.Halls {
		out.Halls = append(out.Halls, EventHallWritten{h.ID, h.Name, h.Tables})
	}
	return out
}

func (a *API) eventAnswer(ctx context.Context, f *scene.Fair, status int) *stored[Event] {
	out := eventWhole(ctx, f)
	return &stored[Event]{Status: status, ETag: out.tag(), Body: out}
}

func (a *API) createEvent(ctx context.Context, in *eventWrite) (*stored[Event], error) {
	f, err := a.Services.Fairs.Create(ctx, actorOf(ctx), in.Body.fair(scene.Fair{}), in.Body.despite()...)
	if err != nil {
		return nil, scene.Wrap("api.createEvent", err)
	}
	out := a.eventAnswer(ctx, &f, http.StatusCreated)
	out.Location = a.PublicURL + Prefix + "/events/" + string(f.ID)
	return out, nil
}

func (a *API) replaceEvent(ctx context.Context, in *eventEdit) (*stored[Event], error) {
	f, err := a.fair(ctx, in.ID)
	if err == nil {
		err = current(ctx, in.IfMatch, f.Revision)
	}
	if err == nil {
		f, err = a.Services.Fairs.Edit(ctx, actorOf(ctx), in.Body.fair(f), in.Body.despite()...)
	}
	if err != nil {
		return nil, scene.Wrap("api.replaceEvent", stale(err))
	}
	return a.eventAnswer(ctx, &f, http.StatusOK), nil
}

func (a *API) bringEvent(ctx context.Context, in *bringInput) (*stored[Event], error) {
	f, err := a.Services.Fairs.Bring(ctx, actorOf(ctx), scene.ID(in.ID), scene.FairState(in.Body.State))
	if err != nil {
		return nil, scene.Wrap("api.bringEvent", err)
	}
	return a.eventAnswer(ctx, &f, http.StatusOK), nil
}

func (a *API) addParty(ctx context.Context, in *addPartyInput) (*stored[EventParty], error) {
	w := &in.Body
	form := w.form(&scene.FairParty{Hosted: w.Hosted, Newcomer: w.Newcomer, Min: w.Min, Max: w.Max})
	form.Name = w.Name
	p, err := a.Services.Fairs.Join(ctx, actorOf(ctx), scene.ID(in.ID), w.Organisation, form)
	if err != nil {
		return nil, scene.Wrap("api.addParty", err)
	}
	return a.partyAnswer(&p, http.StatusCreated), nil
}

// partyOf is a party of an event, for the centre.
func (a *API) partyOf(ctx context.Context, event, party string) (scene.FairParty, error) {
	p, err := a.Services.Fairs.Party(ctx, actorOf(ctx), scene.ID(party))
	if err == nil && p.FairID != scene.ID(event) {
		err = &scene.Error{Code: scene.NotFound, Op: "api.partyOf", Key: "fair_party.not_found"}
	}
	return p, err
}

func (a *API) enterWishes(ctx context.Context, in *enterWishesInput) (*body[EventWishes], error) {
	p, err := a.partyOf(ctx, in.ID, in.Party)
	if err == nil {
		p, err = a.Services.Fairs.Wish(ctx, actorOf(ctx), p.ID, saidOf(in.Body.Wishes))
	}
	if err != nil {
		return nil, scene.Wrap("api.enterWishes", err)
	}
	board, err := a.board(ctx, in.ID)
	if err != nil {
		return nil, scene.Wrap("api.enterWishes", err)
	}
	return &body[EventWishes]{wishesOf(ctx, &p, board)}, nil
}

func (a *API) decideParty(ctx context.Context, in *decidePartyInput) (*stored[EventParty], error) {
	p, err := a.partyOf(ctx, in.ID, in.Party)
	var despite []convene.Despite
	if in.Body.Kept {
		despite = append(despite, convene.KeptSeen)
	}
	if err == nil {
		p, err = a.Services.Fairs.Decide(ctx, actorOf(ctx), p.ID, scene.FairPartyState(in.Body.State), despite...)
	}
	if err != nil {
		return nil, scene.Wrap("api.decideParty", err)
	}
	return a.partyAnswer(&p, http.StatusOK), nil
}

// draftFrom are the meetings of a version as the API tells them.
func draftFrom(v *convene.Version, n *convene.Names) []DraftMeeting {
	out := make([]DraftMeeting, 0, len(v.Plan.Meetings))
	for i := range v.Plan.Meetings {
		seat := &v.Plan.Meetings[i]
		_, locked := v.Row.Locks[seat.ID]
		x := DraftMeeting{seat.ID, seat.Slot, seat.Table, partiesNamed(seat.Parties, n), []EventSits{}, locked}
		for _, id := range seat.Parties {
			who := v.Sender(seat, id)
			if name, there := n.Delegate(who); there {
				x.Sits = append(x.Sits, EventSits{scene.ID(id), scene.ID(who), name})
			}
		}
		out = append(out, x)
	}
	return out
}

func partiesNamed(ids []string, n *convene.Names) []Party {
	list := make([]Party, len(ids))
	for i, id := range ids {
		list[i] = Party{scene.ID(id), n.Party(id)}
	}
	return list
}
