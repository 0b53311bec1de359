package api

import (
	"context"
	"net/http"
	"time"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
)

// EventParties is the parties of an event in whatever state.
type EventParties struct {
	Items []EventParty `json:"items" nullable:"false"`
}

// EventPlan is the published plan of meetings.
type EventPlan struct {
	Version int          `json:"version" doc:"0: none is published yet."`
	Rounds  []EventRound `json:"rounds" nullable:"false"`
}

// EventRound is a slot with its meetings.
type EventRound struct {
	Slot     string         `json:"slot"`
	Starts   time.Time      `json:"starts" doc:"With the delay of the hall."`
	Ends     time.Time      `json:"ends"`
	Meetings []EventMeeting `json:"meetings" nullable:"false" doc:"By table."`
}

// EventMeeting is a planned meeting.
type EventMeeting struct {
	ID       string         `json:"id"`
	Table    string         `json:"table"`
	Parties  []Party        `json:"parties" nullable:"false" doc:"Parties of the event, by their ids there."`
	Sits     []EventSits    `json:"sits" nullable:"false" doc:"Who goes, for parties whose delegates go alone."`
	Outcomes []EventOutcome `json:"outcomes" nullable:"false" doc:"What each side said."`
}

// EventSits is who takes a meeting for a party.
type EventSits struct {
	Party    scene.ID `json:"party"`
	Delegate scene.ID `json:"delegate"`
	Name     string   `json:"name"`
}

// EventOutcome is what one side says of a meeting.
type EventOutcome struct {
	Party     scene.ID `json:"party,omitempty"`
	Held      bool     `json:"held"`
	Worth     int      `json:"worth,omitempty" minimum:"0" maximum:"3" doc:"1 no, 2 so so, 3 yes; absent: not said."`
	Next      string   `json:"next,omitempty" enum:"none,talk,visit,pilot,contract" doc:"What was agreed to do next."`
	AmountFen int64    `json:"amount_fen,omitempty" minimum:"0" doc:"Of an intent."`
	Note      string   `json:"note,omitempty" maxLength:"1000"`
}

// OutcomeSaid is what one side says of a meeting, entered by the centre.
type OutcomeSaid struct {
	Meeting   string   `json:"meeting" minLength:"1" maxLength:"64"`
	Party     scene.ID `json:"party" minLength:"1" maxLength:"64" doc:"The side that says so."`
	Held      bool     `json:"held"`
	Worth     int      `json:"worth,omitempty" minimum:"0" maximum:"3" doc:"1 no, 2 so so, 3 yes."`
	Next      string   `json:"next,omitempty" enum:"none,talk,visit,pilot,contract"`
	AmountFen int64    `json:"amount_fen,omitempty" minimum:"0"`
	Note      string   `json:"note,omitempty" maxLength:"1000"`
}

// Arrival is somebody who is there.
type Arrival struct {
	Party    scene.ID `json:"party" minLength:"1" maxLength:"64"`
	Delegate scene.ID `json:"delegate" minLength:"1" maxLength:"64"`
	Slots    []string `json:"slots,omitempty" nullable:"false" maxItems:"400" doc:"Ids of slots to come in which he was noted absent, and is there after all. An absence that has begun, or is for the rest of the day, ends without them."`
}

// Absence is a party that does not come, or one delegate of it.
type Absence struct {
	Party    scene.ID `json:"party" minLength:"1" maxLength:"64"`
	Delegate scene.ID `json:"delegate,omitempty" maxLength:"64" doc:"Absent for the whole party. Of a party whose delegates go alone, only the meetings that this one takes are in question."`
	Slots    []string `json:"slots,omitempty" nullable:"false" maxItems:"400" doc:"Ids of the slots; absent for all that are left."`
}

// EventArrived is what a check-in found.
type EventArrived struct {
	Noted   bool       `json:"noted" doc:"false: the delegate was there already, and nothing was written."`
	Arrived *time.Time `json:"arrived,omitempty" doc:"When he arrived first."`
	For     scene.ID   `json:"for,omitempty" doc:"The other party for which he was checked in, being the same person."`
	Away    []string   `json:"away" nullable:"false" doc:"Ids of the slots to come in which he was noted absent, and stays so."`
}

// EventNoted is what became of an entry of the day.
type EventNoted struct {
	Noted bool `json:"noted"`
}

type arrivalInput struct {
	ID   string `path:"id" maxLength:"64" doc:"Id of the event."`
	Body Arrival
}

type absenceInput struct {
	ID   string `path:"id" maxLength:"64" doc:"Id of the event."`
	Body Absence
}

type outcomeInput struct {
	ID   string `path:"id" maxLength:"64" doc:"Id of the event."`
	Body OutcomeSaid
}

func (a *API) mountEventDay() {
	const one = "/events/{id}"
	read, run, p := edge.May(scene.FairRead), edge.May(scene.FairRun), exampleParty()
	get(a, operation{
		"list-parties", one + "/parties", read, tagEvents, "参会单位（中心） · Parties of an event in whatever state, for the centre", "",
		EventParties{Items: []EventParty{p}},
	}, a.parties)
	slot := exampleEvent().Slots[0]
	other := Party{"01J9ZD3V5W8QJ7R2K4M6N8P0V4", "示例市水务集团"}
	said := EventOutcome{Party: p.ID, Held: true, Worth: 3, Next: "visit"}
	get(a, operation{
		"get-plan", one + "/plan", read, tagEvents, "洽谈安排 · The published plan, for the centre", "With what each side said of its meetings.",
		EventPlan{2, []EventRound{{slot.ID, slot.Starts, slot.Ends, []EventMeeting{{"m17", "A3", []Party{{p.ID, p.Organisation.Name}, other}, []EventSits{{p.ID, p.Delegates[0].ID, p.Delegates[0].Name}}, []EventOutcome{said}}}}}},
	}, a.plan)
	change(a, http.MethodPost, http.StatusOK, Arrival{Party: p.ID, Delegate: p.Delegates[0].ID}, operation{
		"check-in", one + "/check-in", run, tagEvents, "签到 · Note that somebody is there", "Noted once, however often it is sent: who is there already is told since when.",
		EventArrived{Noted: true, Arrived: instant(slot.Starts), Away: []string{}},
	}, a.checkIn)
	change(a, http.MethodPost, http.StatusOK, Absence{Party: p.ID}, operation{
		"note-absence", one + "/absences", run, tagEvents, "缺席 · Note that a party does not come",
		"The published plan is repaired into a draft, which people look at and publish.",
		EventNoted{true},
	}, a.absent)
	change(a, http.MethodPost, http.StatusOK, OutcomeSaid{Meeting: "m17", Party: p.ID, Held: true, Worth: 3, Next: "visit"}, operation{
		"say-outcome", one + "/outcomes", run, tagEvents, "洽谈结果 · Enter what one side says of a meeting", "What is said later counts.", EventNoted{true},
	}, a.sayOutcome)
}

func outcomeOf(o *scene.FairOutcome) *EventOutcome {
	if o == nil {
		return nil
	}
	return &EventOutcome{Held: o.Held, Worth: o.Worth, Next: string(o.Next), AmountFen: int64(o.Amount), Note: scene.Redact(o.Note)}
}

func (a *API) parties(ctx context.Context, in *eventInput) (*body[EventParties], error) {
	board, err := a.board(ctx, in.ID)
	if err != nil {
		return nil, scene.Wrap("api.parties", err)
	}
	all, err := a.Services.Fairs.Parties(ctx, actorOf(ctx), scene.ID(in.ID))
	if err != nil {
		return nil, scene.Wrap("api.parties", err)
	}
	out := &body[EventParties]{EventParties{Items: make([]EventParty, len(all))}}
	for i := range all {
		x := eventPartyOf(&all[i])
		for k := range x.Delegates {
			x.Delegates[k].Arrived = instant(board.Day.Arrived[x.Delegates[k].ID])
		}
		out.Body.Items[i] = x
	}
	return out, nil
}

func (a *API) plan(ctx context.Context, in *itemInput) (*tagged[EventPlan], error) {
	board, err := a.board(ctx, in.ID)
	if err != nil {
		return nil, scene.Wrap("api.plan", err)
	}
	tag := `"` + board.Print + `"`
	if in.holds(tag) {
		return nil, notModified(tag)
	}
	out := EventPlan{board.Version, []EventRound{}}
	for i := range board.Rounds {
		out.Rounds = append(out.Rounds, roundOf(board, &board.Rounds[i]))
	}
	return &tagged[EventPlan]{tag, out}, nil
}

func roundOf(board *convene.Board, r *convene.Round) EventRound {
	out := EventRound{r.Slot.ID, r.Start, r.End, []EventMeeting{}}
	for _, m := range r.Meetings {
		x := EventMeeting{m.ID, m.Table, []Party{}, []EventSits{}, []EventOutcome{}}
		for _, id := range m.Parties {
			x.Parties = append(x.Parties, Party{id, board.Name(id)})
			if d, one := board.Sender(&m, id); one {
				x.Sits = append(x.Sits, EventSits{id, d.ID, d.Name})
			}
			if said, ok := board.Day.Outcomes[m.ID][id]; ok {
				o := outcomeOf(&said)
				o.Party = id
				x.Outcomes = append(x.Outcomes, *o)
			}
		}
		out.Meetings = append(out.Meetings, x)
	}
	return out
}

func (a *API) checkIn(ctx context.Context, in *arrivalInput) (*body[EventArrived], error) {
	found, err := a.Services.Fairs.Arrive(ctx, actorOf(ctx), scene.ID(in.ID), in.Body.Party, in.Body.Delegate, in.Body.Slots...)
	if err != nil {
		return nil, scene.Wrap("api.checkIn", err)
	}
	out := EventArrived{!found.Again, instant(found.At), found.Elsewhere, []string{}}
	for i := range found.Away {
		out.Away = append(out.Away, found.Away[i].ID)
	}
	return &body[EventArrived]{out}, nil
}

func (a *API) sayOutcome(ctx context.Context, in *outcomeInput) (*body[EventNoted], error) {
	o := &in.Body
	return a.entered(ctx, in.ID, scene.FairEntry{Kind: scene.EntryOutcome, Party: o.Party, Meeting: o.Meeting, Outcome: &scene.FairOutcome{
		Held: o.Held, Worth: o.Worth, Next: scene.FairNext(o.Next), Amount: scene.Money(o.AmountFen), Note: o.Note,
	}})
}

// entered adds an entry to the log of the day, under a key of its own: a caller
// who sends it twice under his idempotency key enters it once.
func (a *API) entered(ctx context.Context, event string, e scene.FairEntry) (*body[EventNoted], error) {
	key, err := a.Services.Fairs.Key()
	if err != nil {
		return nil, scene.Wrap("api.entered", err)
	}
	e.FairID, e.Key = scene.ID(event), key
	fresh, err := a.Services.Fairs.Enter(ctx, actorOf(ctx), e)
	return &body[EventNoted]{EventNoted{fresh}}, scene.Wrap("api.entered", err)
}

func (a *API) absent(ctx context.Context, in *absenceInput) (*body[EventNoted], error) {
	key, err := a.Services.Fairs.Key()
	if err != nil {
		return nil, scene.Wrap("api.absent", err)
	}
	err = a.Services.Fairs.NoShowOf(ctx, actorOf(ctx), scene.ID(in.ID), in.Body.Party, in.Body.Delegate, in.Body.Slots, key)
	return &body[EventNoted]{EventNoted{err == nil}}, scene.Wrap("api.absent", err)
}
