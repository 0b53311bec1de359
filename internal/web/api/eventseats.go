package api

import (
	"context"
	"net/http"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
)

// EventSeats is the entries of an event that people sign up for.
type EventSeats struct {
	Items []EventSeat `json:"items" nullable:"false" doc:"In order of time."`
}

// EventSeat is an entry that people sign up for, such as a visit.
type EventSeat struct {
	Act   EventAct     `json:"act"`
	Taken int          `json:"taken" doc:"Of the places."`
	Queue int          `json:"queue" doc:"How many wait for a place."`
	Who   []SeatHolder `json:"who" nullable:"false" doc:"In the order in which they signed up; for an organisation, its own people."`
}

// SeatHolder is a delegate who signed up.
type SeatHolder struct {
	Party    scene.ID `json:"party"`
	Delegate scene.ID `json:"delegate"`
	Name     string   `json:"name"`
	Place    int      `json:"place,omitempty" doc:"Among those who wait, from 1; absent: has a place."`
}

// SeatSaid signs a delegate up for an entry, or gives his place up.
type SeatSaid struct {
	Act      scene.ID `json:"act" minLength:"1" maxLength:"64" doc:"Id of the entry, as the event tells it."`
	Delegate scene.ID `json:"delegate" minLength:"1" maxLength:"64"`
	Comes    bool     `json:"comes" doc:"false gives the place up; who waits longest moves up."`
}

// SeatEntered is SeatSaid for the centre, which says of whom.
type SeatEntered struct {
	Party scene.ID `json:"party" minLength:"1" maxLength:"64"`
	SeatSaid
}

type ownSeatInput struct {
	ID   string `path:"id" maxLength:"64" doc:"Id of the event."`
	Body SeatSaid
}

type seatInput struct {
	ID   string `path:"id" maxLength:"64" doc:"Id of the event."`
	Body SeatEntered
}

func exampleSeats() EventSeats {
	act, p := exampleEvent().Blocks[0].Acts[0], exampleParty()
	act.Title, act.Who, act.Place, act.Minutes, act.Seats = "参观示例水厂", "", "东门上车", 60, 20
	return EventSeats{[]EventSeat{{Act: act, Taken: 1, Who: []SeatHolder{{Party: p.ID, Delegate: p.Delegates[0].ID, Name: p.Delegates[0].Name}}}}}
}

func (a *API) mountEventSeats() {
	const own, all = "/events/{id}/party/seats", "/events/{id}/seats"
	may, example, p := edge.May(scene.FairJoin), exampleSeats(), exampleParty()
	said := SeatSaid{Act: example.Items[0].Act.ID, Delegate: p.Delegates[0].ID, Comes: true}
	get(a, operation{
		"get-own-seats", own, may, tagEvents, "我方环节报名 · Entries to sign up for, and who of oneself comes along", "For those who take part.", example,
	}, a.ownSeats)
	change(a, http.MethodPost, http.StatusOK, said, operation{
		"say-own-seat", own, may, tagEvents, "环节报名 · Sign an own delegate up for an entry, or give his place up",
		"First come, first served: where an entry is full he waits. Answers with everything as it is then.", example,
	}, a.sayOwnSeat)
	get(a, operation{
		"list-seats", all, edge.May(scene.FairRead), tagEvents, "环节名单（中心） · Who signed up for which entry, for the centre", "", example,
	}, a.seats)
	change(a, http.MethodPost, http.StatusOK, SeatEntered{p.ID, said}, operation{
		"enter-seat", all, edge.May(scene.FairRun), tagEvents, "代为报名（中心） · Sign a delegate up for an entry, or give his place up, for the centre",
		"Answers with everything as it is then.", example,
	}, a.enterSeat)
}

// kind is what the log of the event calls it.
func (s *SeatSaid) kind() scene.FairEntryKind {
	if s.Comes {
		return scene.EntrySeat
	}
	return scene.EntryUnseat
}

func (a *API) ownSeats(ctx context.Context, in *eventInput) (*body[EventSeats], error) {
	p, board, err := a.taking(ctx, in.ID)
	if err != nil {
		return nil, scene.Wrap("api.ownSeats", err)
	}
	return &body[EventSeats]{seatsOf(board, p.ID)}, nil
}

func (a *API) sayOwnSeat(ctx context.Context, in *ownSeatInput) (*body[EventSeats], error) {
	p, err := a.mine(ctx, in.ID)
	if err != nil {
		return nil, scene.Wrap("api.sayOwnSeat", err)
	}
	key, err := a.Services.Fairs.Key()
	if err != nil {
		return nil, scene.Wrap("api.sayOwnSeat", err)
	}
	e := scene.FairEntry{Key: key, Kind: in.Body.kind(), Act: in.Body.Act, Delegate: in.Body.Delegate}
	if _, err := a.Services.Fairs.SeatAsOwn(ctx, actorOf(ctx), p.ID, e); err != nil {
		return nil, scene.Wrap("api.sayOwnSeat", err)
	}
	return a.ownSeats(ctx, &eventInput{ID: in.ID})
}

func (a *API) seats(ctx context.Context, in *eventInput) (*body[EventSeats], error) {
	board, err := a.board(ctx, in.ID)
	if err != nil {
		return nil, scene.Wrap("api.seats", err)
	}
	return &body[EventSeats]{seatsOf(board, "")}, nil
}

func (a *API) enterSeat(ctx context.Context, in *seatInput) (*body[EventSeats], error) {
	e := scene.FairEntry{Kind: in.Body.kind(), Party: in.Body.Party, Delegate: in.Body.Delegate, Act: in.Body.Act}
	if _, err := a.entered(ctx, in.ID, e); err != nil {
		return nil, err
	}
	return a.seats(ctx, &eventInput{ID: in.ID})
}

// seatsOf are the entries that people sign up for, with those who did: of one party
// only, where there is one.
func seatsOf(board *convene.Board, party scene.ID) EventSeats {
	out := EventSeats{Items: []EventSeat{}}
	for _, act := range board.Seatable() {
		in, waiting := board.Seats(&act.FairAct)
		x := EventSeat{
			Act:   EventAct{act.ID, act.Title, act.Who, act.Place, act.Start, act.Minutes, act.Seats},
			Taken: len(in), Queue: len(waiting), Who: []SeatHolder{},
		}
		add := func(list []convene.Seated, wait bool) {
			for i, s := range list {
				if party != "" && s.Party != party {
					continue
				}
				d, _ := board.Parties[s.Party].Delegate(s.Delegate)
				h := SeatHolder{Party: s.Party, Delegate: s.Delegate, Name: d.Name}
				if wait {
					h.Place = i + 1
				}
				x.Who = append(x.Who, h)
			}
		}
		add(in, false)
		add(waiting, true)
		out.Items = append(out.Items, x)
	}
	return out
}
