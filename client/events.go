package client

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// Event is a matchmaking event. Blocks and Slots are told of a single one only.
type Event struct {
	ID       string       `json:"id"`
	Revision int          `json:"revision"`
	Title    string       `json:"title"`
	Theme    string       `json:"theme"`
	Place    string       `json:"place"`
	State    string       `json:"state"` // parties sign up while it is “open”
	Starts   time.Time    `json:"starts"`
	Ends     time.Time    `json:"ends"`
	Late     int          `json:"late_minutes"` // by which the hall runs behind, as was said last
	Delays   []EventDelay `json:"delays"`       // from when on; none while Late is of the whole day
	MaxOpen  int          `json:"max_wishes"`   // parties that one may want to meet, must included
	MaxMusts int          `json:"max_musts"`
	Blocks   []EventBlock `json:"blocks"`
	Slots    []EventSlot  `json:"slots"`
	Setup    *EventSetup  `json:"setup"` // as it was written, told to the centre
}

// EventDelay has what was announced for From or later begin so many minutes later, until
// the next one.
type EventDelay struct {
	From    time.Time `json:"from"`
	Minutes int       `json:"minutes"`
}

// EventBlock is a part of the day.
type EventBlock struct {
	Kind   string     `json:"kind"`
	Title  string     `json:"title"`
	Starts time.Time  `json:"starts"`
	Ends   time.Time  `json:"ends"`
	Acts   []EventAct `json:"acts"`
}

// EventAct is a pitch, a signing or a stop of a visit.
type EventAct struct {
	ID      string    `json:"id"`
	Title   string    `json:"title"`
	Who     string    `json:"who"`
	Place   string    `json:"place"`
	Starts  time.Time `json:"starts"`
	Minutes int       `json:"minutes"`
	Seats   int       `json:"seats"` // people who can sign up for it; 0: nobody signs up
}

// EventSlot is a round of meetings.
type EventSlot struct {
	ID     string    `json:"id"`
	Starts time.Time `json:"starts"`
	Ends   time.Time `json:"ends"`
}

// Delegate is a person who comes. Mail is sent and never told.
type Delegate struct {
	ID   string   `json:"id,omitempty"` // of one who is there already
	Name string   `json:"name"`
	Post string   `json:"post,omitempty"`
	Mail string   `json:"contact_mail,omitempty"`
	Away []string `json:"away,omitempty"`
	// Arrived is told to the centre.
	Arrived *time.Time `json:"arrived,omitempty"`
}

// PartyWritten is what an organisation says of its part in an event.
type PartyWritten struct {
	Delegates []Delegate `json:"delegates"`
	Together  bool       `json:"together,omitempty"` // they go to each meeting together
	Languages []string   `json:"languages,omitempty"`
	Away      []string   `json:"away,omitempty"` // ids of slots
	Entries   []EntryRef `json:"entries,omitempty"`
	Note      string     `json:"note,omitempty"`
}

// EventParty is an organisation's part in an event.
type EventParty struct {
	ID           string     `json:"id"`
	Revision     int        `json:"revision"`
	Event        string     `json:"event"`
	Organisation Party      `json:"organisation"`
	State        string     `json:"state"` // invited, applied, waiting, accepted, refused or withdrawn
	Together     bool       `json:"together"`
	Languages    []string   `json:"languages"`
	Delegates    []Delegate `json:"delegates"`
	Away         []string   `json:"away"`
	Entries      []EntryRef `json:"entries"`
	Note         string     `json:"note"`
	Created      time.Time  `json:"created"`
	Updated      time.Time  `json:"updated"`
}

// EventOther is another party, and what oneself says of it.
type EventOther struct {
	ID      string     `json:"id"`
	Name    string     `json:"name"`
	Entries []EntryRef `json:"entries"`
	Wish    string     `json:"wish"`
	Note    string     `json:"note"`
}

// EventSuggestion is a party that one should meet, as the matcher sees it.
type EventSuggestion struct {
	ID     string  `json:"id"`
	Name   string  `json:"name"`
	Score  float64 `json:"score"` // 0 to 1
	Reason string  `json:"reason"`
	Asked  string  `json:"asked"` // must or want, where the other side wants it
	// Opportunity and Capability are the entries that fit, of both sides.
	Opportunity string `json:"opportunity"`
	Capability  string `json:"capability"`
}

// WishSaid is what a party says of another: must, want, never, or nothing.
type WishSaid struct {
	Party string `json:"party"`
	Wish  string `json:"wish"`
	Note  string `json:"note,omitempty"`
}

// EventWishes is everything that a party says of others.
type EventWishes struct {
	Wishes         []WishSaid `json:"wishes"`
	Contradictions []string   `json:"contradictions"`
}

// Appointment is a meeting as one side sees it.
type Appointment struct {
	Meeting string        `json:"meeting"`
	Slot    string        `json:"slot"`
	Starts  time.Time     `json:"starts"`
	Ends    time.Time     `json:"ends"`
	Table   string        `json:"table"`
	With    Party         `json:"with"`
	Who     []string      `json:"who"`
	Note    string        `json:"note"`
	Reason  string        `json:"reason"` // what the matcher says of the pair
	Outcome *EventOutcome `json:"outcome"`
}

// EventSchedule is the meetings of a party; Version 0 is before any plan.
type EventSchedule struct {
	Version int           `json:"version"`
	Items   []Appointment `json:"items"`
	LeftOut []ScheduleGap `json:"left_out"` // own wishes that it has no meeting for
}

// ScheduleGap is a wish of one's own, must or want, that came to no meeting. Later says
// that it was said after the plan was published.
type ScheduleGap struct {
	Party Party  `json:"party"`
	Wish  string `json:"wish"`
	Later bool   `json:"later"`
}

// EventOutcome is what one side says of a meeting.
type EventOutcome struct {
	Meeting   string `json:"meeting,omitempty"` // where it is sent
	Party     string `json:"party,omitempty"`
	Held      bool   `json:"held"`
	Worth     int    `json:"worth,omitempty"` // 1 to 3
	Next      string `json:"next,omitempty"`  // none, talk, visit, pilot or contract
	AmountFen int64  `json:"amount_fen,omitempty"`
	Note      string `json:"note,omitempty"`
}

// EventPlan is the published plan.
type EventPlan struct {
	Version int          `json:"version"`
	Rounds  []EventRound `json:"rounds"`
}

// EventRound is a slot with its meetings.
type EventRound struct {
	Slot     string         `json:"slot"`
	Starts   time.Time      `json:"starts"`
	Ends     time.Time      `json:"ends"`
	Meetings []EventMeeting `json:"meetings"`
}

// EventMeeting is a planned meeting, with what each side said of it.
type EventMeeting struct {
	ID       string         `json:"id"`
	Table    string         `json:"table"`
	Parties  []Party        `json:"parties"`
	Sits     []EventSits    `json:"sits"`
	Outcomes []EventOutcome `json:"outcomes"`
}

// EventSits is who takes a meeting for a party whose delegates go alone.
type EventSits struct {
	Party    string `json:"party"`
	Delegate string `json:"delegate"`
	Name     string `json:"name"`
}

func event(id string) string { return "/events/" + url.PathEscape(id) }

// Events lists events, the latest to begin first.
func (c *Client) Events(ctx context.Context) ([]Event, error) {
	out, _, err := send[struct{ Items []Event }](ctx, c, http.MethodGet, "/events", nil, nil)
	return out.Items, err
}

// Event reads one with its agenda.
func (c *Client) Event(ctx context.Context, id string) (Event, Answer, error) {
	return send[Event](ctx, c, http.MethodGet, event(id), nil, nil)
}

// OwnParty reads the own organisation's part in an event.
func (c *Client) OwnParty(ctx context.Context, id string) (EventParty, Answer, error) {
	return send[EventParty](ctx, c, http.MethodGet, event(id)+"/party", nil, nil)
}

// JoinEvent signs the own organisation up; h may hold [Once].
func (c *Client) JoinEvent(ctx context.Context, id string, p PartyWritten, h Headers) (EventParty, Answer, error) {
	return send[EventParty](ctx, c, http.MethodPost, event(id)+"/party", p, h)
}

// ReplaceParty changes what was said at the sign-up, from the state of that ETag.
func (c *Client) ReplaceParty(ctx context.Context, id, etag string, p PartyWritten) (EventParty, Answer, error) {
	return send[EventParty](ctx, c, http.MethodPut, event(id)+"/party", p, IfMatch(etag))
}

// LeaveEvent withdraws the own organisation.
func (c *Client) LeaveEvent(ctx context.Context, id string) (EventParty, Answer, error) {
	return send[EventParty](ctx, c, http.MethodDelete, event(id)+"/party", nil, nil)
}

// EventOthers lists who else takes part.
func (c *Client) EventOthers(ctx context.Context, id string) ([]EventOther, error) {
	out, _, err := send[struct{ Items []EventOther }](ctx, c, http.MethodGet, event(id)+"/others", nil, nil)
	return out.Items, err
}

// EventSuggestions lists whom to meet, the best first; pending says that the
// matcher is still at work.
func (c *Client) EventSuggestions(ctx context.Context, id string) (list []EventSuggestion, pending bool, err error) {
	out, _, err := send[struct {
		Pending bool
		Items   []EventSuggestion
	}](ctx, c, http.MethodGet, event(id)+"/suggestions", nil, nil)
	return out.Items, out.Pending, err
}

// Wishes reads what the own organisation says of others.
func (c *Client) Wishes(ctx context.Context, id string) (EventWishes, error) {
	out, _, err := send[EventWishes](ctx, c, http.MethodGet, event(id)+"/wishes", nil, nil)
	return out, err
}

// SayWishes says whom one must, wants or never wants to meet, all or none.
func (c *Client) SayWishes(ctx context.Context, id string, wishes ...WishSaid) (EventWishes, error) {
	out, _, err := send[EventWishes](ctx, c, http.MethodPost, event(id)+"/wishes", map[string]any{"wishes": wishes}, nil)
	return out, err
}

// Schedule reads the own organisation's meetings.
func (c *Client) Schedule(ctx context.Context, id string) (EventSchedule, Answer, error) {
	return send[EventSchedule](ctx, c, http.MethodGet, event(id)+"/schedule", nil, nil)
}

// EventParties lists the parties of an event, for the centre.
func (c *Client) EventParties(ctx context.Context, id string) ([]EventParty, error) {
	out, _, err := send[struct{ Items []EventParty }](ctx, c, http.MethodGet, event(id)+"/parties", nil, nil)
	return out.Items, err
}

// EventPlan reads the published plan, for the centre.
func (c *Client) EventPlan(ctx context.Context, id string) (EventPlan, Answer, error) {
	return send[EventPlan](ctx, c, http.MethodGet, event(id)+"/plan", nil, nil)
}

// EventArrived is what a check-in found.
type EventArrived struct {
	Noted   bool       `json:"noted"`             // false: he was there already
	Arrived *time.Time `json:"arrived,omitempty"` // when he arrived first
	For     string     `json:"for,omitempty"`     // the other party for which the same person was checked in
	Away    []string   `json:"away"`              // slots to come in which he was noted absent, and stays so
}

// CheckIn notes that a delegate is there, once however often it is called. after names
// slots to come in which he was noted absent, and is there after all.
func (c *Client) CheckIn(ctx context.Context, id, party, delegate string, after ...string) (EventArrived, error) {
	said := map[string]any{"party": party, "delegate": delegate, "slots": append([]string{}, after...)}
	a, _, err := send[EventArrived](ctx, c, http.MethodPost, event(id)+"/check-in", said, nil)
	return a, err
}

// Absence is a party that does not come, or the Delegate of it that is named: in the
// Slots, none being all that are left.
type Absence struct {
	Party    string   `json:"party"`
	Delegate string   `json:"delegate,omitempty"`
	Slots    []string `json:"slots,omitempty"`
}

// NoteAbsence notes that somebody does not come.
func (c *Client) NoteAbsence(ctx context.Context, id string, a Absence) error {
	_, err := c.Do(ctx, http.MethodPost, event(id)+"/absences", a, nil, nil)
	return err
}

// SayOutcome enters what one side says of a meeting.
func (c *Client) SayOutcome(ctx context.Context, id string, o EventOutcome) error {
	_, err := c.Do(ctx, http.MethodPost, event(id)+"/outcomes", o, nil, nil)
	return err
}

// EventSeat is an entry of an event that people sign up for, such as a visit.
type EventSeat struct {
	Act   EventAct     `json:"act"`
	Taken int          `json:"taken"` // of Act.Seats
	Queue int          `json:"queue"` // who wait for a place
	Who   []SeatHolder `json:"who"`   // in the order in which they signed up; for an organisation, its own people
}

// SeatHolder is a delegate who signed up. Place is 0 where he comes along, else his
// place among those who wait, from 1.
type SeatHolder struct {
	Party    string `json:"party"`
	Delegate string `json:"delegate"`
	Name     string `json:"name"`
	Place    int    `json:"place"`
}

type seatList struct{ Items []EventSeat }

// OwnSeats reads the entries that people sign up for, and who of oneself comes along.
func (c *Client) OwnSeats(ctx context.Context, id string) ([]EventSeat, error) {
	out, _, err := send[seatList](ctx, c, http.MethodGet, event(id)+"/party/seats", nil, nil)
	return out.Items, err
}

// SayOwnSeat signs an own delegate up for an entry, or gives his place up.
func (c *Client) SayOwnSeat(ctx context.Context, id, act, delegate string, comes bool) ([]EventSeat, error) {
	out, _, err := send[seatList](ctx, c, http.MethodPost, event(id)+"/party/seats", map[string]any{"act": act, "delegate": delegate, "comes": comes}, nil)
	return out.Items, err
}

// Seats reads who signed up for which entry, for the centre.
func (c *Client) Seats(ctx context.Context, id string) ([]EventSeat, error) {
	out, _, err := send[seatList](ctx, c, http.MethodGet, event(id)+"/seats", nil, nil)
	return out.Items, err
}

// EnterSeat signs a delegate of a party up for an entry, or gives his place up, for
// the centre.
func (c *Client) EnterSeat(ctx context.Context, id, party, act, delegate string, comes bool) ([]EventSeat, error) {
	said := map[string]any{"party": party, "act": act, "delegate": delegate, "comes": comes}
	out, _, err := send[seatList](ctx, c, http.MethodPost, event(id)+"/seats", said, nil)
	return out.Items, err
}
