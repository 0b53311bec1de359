package api

import (
	"context"
	"fmt"
	"time"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
)

const tagEvents = "events"

// Event is a matchmaking event (供需对接会).
type Event struct {
	ID       scene.ID     `json:"id"`
	Revision int          `json:"revision" doc:"Rises with every change; the ETag holds it."`
	Title    string       `json:"title"`
	Theme    string       `json:"theme,omitempty"`
	Place    string       `json:"place,omitempty"`
	State    string       `json:"state" enum:"draft,open,closed,over,cancelled" doc:"Parties sign up while it is open. One being prepared or cancelled is told to the centre alone."`
	Starts   time.Time    `json:"starts"`
	Ends     time.Time    `json:"ends"`
	Late     int          `json:"late_minutes,omitempty" doc:"By how much the hall runs behind, as was said last."`
	Delays   []EventDelay `json:"delays,omitempty" nullable:"false" doc:"From when on it does, in order of time; none while late_minutes is of the whole day."`
	MaxOpen  int          `json:"max_wishes" doc:"Parties that one may want to meet, must included."`
	MaxMusts int          `json:"max_musts"`
	// Blocks and Slots are told of a single event only.
	Blocks []EventBlock  `json:"blocks,omitempty" nullable:"false" doc:"The day in order of time; of a single event only."`
	Slots  []EventSlot   `json:"slots,omitempty" nullable:"false" doc:"Rounds of meetings one to one; of a single event only."`
	Setup  *EventWritten `json:"setup,omitempty" doc:"As the centre wrote it, to be changed and sent back; told to the centre, of a single event only."`
}

// EventDelay has what is announced for an instant or later begin so many minutes later,
// until the next one.
type EventDelay struct {
	From    time.Time `json:"from" doc:"As announced."`
	Minutes int       `json:"minutes"`
}

// EventBlock is a part of the day.
type EventBlock struct {
	Kind   string     `json:"kind" enum:"opening,policy,release,pitch,meet,signing,visit,rest"`
	Title  string     `json:"title,omitempty"`
	Starts time.Time  `json:"starts"`
	Ends   time.Time  `json:"ends"`
	Acts   []EventAct `json:"acts,omitempty" nullable:"false" doc:"What happens in it, one after the other."`
}

// EventAct is a pitch, a signing or a stop of a visit.
type EventAct struct {
	ID      scene.ID  `json:"id"`
	Title   string    `json:"title"`
	Who     string    `json:"who,omitempty"`
	Place   string    `json:"place,omitempty"`
	Starts  time.Time `json:"starts" doc:"If all before it take their time."`
	Minutes int       `json:"minutes"`
	Seats   int       `json:"seats,omitempty" doc:"People who can sign up for it; absent: nobody signs up."`
}

// EventSlot is a round of meetings.
type EventSlot struct {
	ID     string    `json:"id" example:"1201-0930"`
	Starts time.Time `json:"starts"`
	Ends   time.Time `json:"ends"`
}

// EventList is the events, the latest to begin first.
type EventList struct {
	Items []Event `json:"items" nullable:"false"`
}

func exampleEvent() Event {
	at := time.Date(2026, 12, 1, 1, 30, 0, 0, time.UTC)
	return Event{
		ID: "01J9ZD3V5W8QJ7R2K4M6N8P0V1", Revision: 4, Title: "智慧水务供需对接会", Place: "会展中心三号厅", State: "open", Starts: at, Ends: at.Add(2 * time.Hour),
		MaxOpen: 12, MaxMusts: 3,
		Blocks: []EventBlock{
			{Kind: "pitch", Title: "路演", Starts: at, Ends: at.Add(time.Hour), Acts: []EventAct{{"01J9ZD3V5W8QJ7R2K4M6N8P0V7", "漏损在线定位", "示例光感科技有限公司", "主席台", at, 8, 0}}},
			{Kind: "meet", Title: "一对一洽谈", Starts: at.Add(time.Hour), Ends: at.Add(2 * time.Hour)},
		},
		Slots: []EventSlot{{"1201-1030", at.Add(time.Hour), at.Add(80 * time.Minute)}},
	}
}

// mountEvents registers matchmaking events: for everybody, for those who take
// part, and for the centre: making one, planning it, and its day.
func (a *API) mountEvents() {
	listed := exampleEvent()
	listed.Blocks, listed.Slots = nil, nil
	get(a, operation{
		"list-events", "/events", edge.Visitor, tagEvents, "供需对接会 · Matchmaking events, the latest to begin first", "",
		EventList{Items: []Event{listed}},
	}, a.events)
	get(a, operation{
		"get-event", "/events/{id}", edge.Visitor, tagEvents, "供需对接会 · One event with its agenda", "", exampleEvent(),
	}, a.event)
	if a.Services.Accounts != nil {
		a.mountEventParty()
		a.mountEventDesk()
		a.mountEventPlan()
		a.mountEventDay()
		a.mountEventSeats()
	}
}

// seer is for whom events are read: who may read all of them in his own name,
// everybody else as a visitor.
func seer(ctx context.Context) scene.Actor {
	if by := actorOf(ctx); by.May(scene.FairRead, scene.Object{}) == nil {
		return by
	}
	return scene.Actor{}
}

// fair reads an event that the caller may see; what he may not is not there.
func (a *API) fair(ctx context.Context, id string) (scene.Fair, error) {
	f, err := a.Services.Fairs.Fair(ctx, seer(ctx), scene.ID(id))
	if code := scene.CodeOf(err); code == scene.Unauthorized || code == scene.Forbidden {
		err = &scene.Error{Code: scene.NotFound, Op: "api.fair", Key: "web.not_found"}
	}
	return f, err
}

// board reads an event that the caller may see as it stands on the day.
func (a *API) board(ctx context.Context, id string) (*convene.Board, error) {
	f, err := a.fair(ctx, id)
	if err != nil {
		return nil, err
	}
	return a.Services.Fairs.Board(ctx, f.ID)
}

func (a *API) events(ctx context.Context, _ *struct{}) (*body[EventList], error) {
	all, err := a.Services.Fairs.Fairs(ctx, seer(ctx))
	if err != nil {
		return nil, scene.Wrap("api.events", err)
	}
	out := &body[EventList]{EventList{Items: make([]Event, len(all))}}
	for i := range all {
		out.Body.Items[i] = eventOf(&all[i])
	}
	return out, nil
}

func (a *API) event(ctx context.Context, in *itemInput) (*tagged[Event], error) {
	f, err := a.fair(ctx, in.ID)
	if err != nil {
		return nil, scene.Wrap("api.event", err)
	}
	out := eventWhole(ctx, &f)
	tag := out.tag()
	if in.holds(tag) {
		return nil, notModified(tag)
	}
	return &tagged[Event]{tag, out}, nil
}

// tag names the state of a single event as it is told: with its setup or without.
func (e *Event) tag() string {
	if e.Setup != nil {
		return fmt.Sprintf(`"%d-setup"`, e.Revision)
	}
	return etag(e.Revision, false)
}

// eventWhole is an event with its day, and for the centre as it was written.
func eventWhole(ctx context.Context, f *scene.Fair) Event {
	out := eventOf(f)
	for i := range f.Blocks {
		out.Blocks = append(out.Blocks, blockOf(&f.Blocks[i]))
	}
	for _, s := range f.Slots {
		out.Slots = append(out.Slots, EventSlot{s.ID, s.Start, s.End})
	}
	if by := actorOf(ctx); by.May(scene.FairRead, scene.Object{}) == nil {
		out.Setup = setupOf(f)
	}
	return out
}

func eventOf(f *scene.Fair) Event {
	e := Event{
		ID: f.ID, Revision: f.Revision, Title: f.Title, Theme: scene.Redact(f.Theme), Place: f.Place, State: string(f.State),
		Starts: f.Start(), Ends: f.End(), Late: f.Late, MaxOpen: f.MaxOpen, MaxMusts: f.MaxMusts,
	}
	for _, d := range f.Delays {
		e.Delays = append(e.Delays, EventDelay(d))
	}
	return e
}

func blockOf(b *scene.FairBlock) EventBlock {
	out := EventBlock{Kind: string(b.Kind), Title: b.Title, Starts: b.Start, Ends: b.End}
	for k := range b.Acts {
		x := &b.Acts[k]
		out.Acts = append(out.Acts, EventAct{x.ID, x.Title, x.Who, x.Place, b.ActStart(k), x.Minutes, x.Seats})
	}
	return out
}
