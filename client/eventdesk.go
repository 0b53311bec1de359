package client

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// EventSetup is an event as the centre writes it. What is left out is nothing.
type EventSetup struct {
	Title    string       `json:"title"`
	Theme    string       `json:"theme,omitempty"`
	Place    string       `json:"place,omitempty"`
	Mode     string       `json:"mode"` // mutual, hosted or organiser
	Blocks   []SetupBlock `json:"blocks"`
	Halls    []SetupHall  `json:"halls"`
	Minutes  int          `json:"minutes"` // of a slot
	Pause    int          `json:"pause_minutes,omitempty"`
	Capacity int          `json:"capacity,omitempty"`
	Approval bool         `json:"approval,omitempty"`
	Min      int          `json:"min,omitempty"` // meetings of each party
	Max      int          `json:"max,omitempty"`
	MaxOpen  int          `json:"max_wishes"`
	MaxMusts int          `json:"max_musts,omitempty"`
	// Interpreters is how many meetings they can help at one time.
	Interpreters int `json:"interpreters,omitempty"`
	// Past is sent where the day may be over; without it such a day is refused.
	Past bool `json:"past,omitempty"`
}

// SetupBlock is a part of the day; the kind “meet” has the slots.
type SetupBlock struct {
	Kind   string    `json:"kind"`
	Title  string    `json:"title,omitempty"`
	Starts time.Time `json:"starts"`
	Ends   time.Time `json:"ends"`
}

// SetupHall is a room with tables.
type SetupHall struct {
	ID     string `json:"id"`
	Name   string `json:"name,omitempty"`
	Tables int    `json:"tables"`
}

// EventDraft is the draft of the next version of the plan.
type EventDraft struct {
	Running  bool           `json:"running"`
	Stage    string         `json:"stage"` // of a plan that is being made
	Failed   string         `json:"failed"`
	Revision int            `json:"revision"` // 0: there is no draft
	Base     int            `json:"base"`     // the published version that it goes on from
	Note     string         `json:"note"`
	Figures  *DraftFigures  `json:"figures"`
	Meetings []DraftMeeting `json:"meetings"`
	Offers   []DraftMeeting `json:"offers"` // after a repair: what would fit as it stands
	LeftOut  []DraftLeft    `json:"left_out"`
	Changes  []DraftChange  `json:"changes"`
	// Contradictions are conditions that cannot all be kept, More further such sets.
	Contradictions []string   `json:"contradictions"`
	More           [][]string `json:"more_contradictions"`
}

// DraftLeft is a wished meeting that is not in a draft, and why.
type DraftLeft struct {
	ID      string   `json:"id"`
	Parties []Party  `json:"parties"`
	Reason  string   `json:"reason"`
	Full    []Party  `json:"full"`  // those that are full, or said never
	Slots   []string `json:"slots"` // where it fails
	Loss    *float64 `json:"loss"`  // value that the plan loses where it is forced in
}

// DraftChange is a meeting that a draft places otherwise than the published plan. A
// nil From is a new one, a nil To one that falls away.
type DraftChange struct {
	Meeting string       `json:"meeting"`
	Parties []Party      `json:"parties"`
	From    *Seat        `json:"from"`
	To      *Seat        `json:"to"`
	Why     string       `json:"why"`
	Sits    []ChangeSits `json:"sits"`
}

// ChangeSits is who takes a meeting for a party in the place of whom, by name.
type ChangeSits struct {
	Party string `json:"party"`
	From  string `json:"from"`
	To    string `json:"to"`
}

// Seat is a slot and a table.
type Seat struct {
	Slot  string `json:"slot"`
	Table string `json:"table"`
}

// DraftFigures is what a draft reaches, and what is proven of it.
type DraftFigures struct {
	Planned         int     `json:"planned"`
	Wanted          int     `json:"wanted"`
	Value           float64 `json:"value"`
	ValueUpperBound float64 `json:"value_upper_bound"`
	Gap             float64 `json:"gap"` // 0 to 1
	Breaks          int     `json:"breaks"`
	BreaksLower     int     `json:"breaks_lower_bound"`
	Lacking         int     `json:"lacking"` // meetings that parties lack to what they were promised
	MinimumsKept    float64 `json:"minimums_kept"`
	Proven          bool    `json:"proven"`
}

// DraftMeeting is a meeting of a draft.
type DraftMeeting struct {
	ID      string      `json:"id"`
	Slot    string      `json:"slot"`
	Table   string      `json:"table"`
	Parties []Party     `json:"parties"`
	Sits    []EventSits `json:"sits"`
	Locked  bool        `json:"locked"`
}

// EventReport is what came of an event. Shares are 0 to 1.
type EventReport struct {
	Version   int      `json:"version"`
	Joined    int      `json:"joined"` // parties
	Arrived   int      `json:"arrived"`
	Wished    int      `json:"wished"` // pairs of whom a side wanted to meet
	Mutual    int      `json:"mutual"`
	Planned   int      `json:"planned"`
	Held      int      `json:"held"`
	ToVerify  int      `json:"to_verify"` // held, says one side, and not held, the other: in no other figure but Disputed
	NotHeld   int      `json:"not_held"`
	Silent    int      `json:"silent"`
	Disputed  int      `json:"disputed"`
	NextSteps int      `json:"next_steps"` // held, and a side names a next step
	Intents   int      `json:"intents"`
	AmountFen int64    `json:"amount_fen"`
	OneSided  int64    `json:"amount_one_side_fen"` // part of AmountFen that one side alone names
	Differ    int      `json:"amounts_differ"`      // intents of which AmountFen has the smaller of two amounts
	LargerFen int64    `json:"amount_larger_fen"`   // what it would be with the larger ones; 0 where none differ
	Cases     int      `json:"cases"`
	Worth     *float64 `json:"worth"` // mean, 1 to 3; nil: nobody said
	Minimums  float64  `json:"minimums_kept"`
	Idle      float64  `json:"idle"`
	TopTenth  float64  `json:"top_tenth"`
	// Early is the last plan published before the day, Greedy the same wishes first come,
	// first served.
	Early    *ReportPlan     `json:"before_the_day"`
	Greedy   *ReportPlan     `json:"first_come"`
	Meetings []ReportMeeting `json:"meetings"`
}

// ReportPlan is what a plan reached, or one by order of arrival would have.
type ReportPlan struct {
	Planned  int     `json:"planned"`
	Value    float64 `json:"value"`
	Breaks   int     `json:"breaks"`
	Minimums float64 `json:"minimums_kept"`
}

// ReportMeeting is a planned meeting with what came of it.
type ReportMeeting struct {
	ID        string  `json:"id"`
	Slot      string  `json:"slot"`
	Table     string  `json:"table"`
	Parties   []Party `json:"parties"`
	Held      bool    `json:"held"`
	Next      string  `json:"next"`
	AmountFen int64   `json:"amount_fen"`
}

// CreateEvent makes an event that is being prepared; h may hold [Once].
func (c *Client) CreateEvent(ctx context.Context, e EventSetup, h Headers) (Event, Answer, error) {
	return send[Event](ctx, c, http.MethodPost, "/events", e, h)
}

// ReplaceEvent changes an event, from the state of that ETag.
func (c *Client) ReplaceEvent(ctx context.Context, id, etag string, e EventSetup) (Event, Answer, error) {
	return send[Event](ctx, c, http.MethodPut, event(id), e, IfMatch(etag))
}

// BringEvent opens, closes, ends or cancels an event.
func (c *Client) BringEvent(ctx context.Context, id, state string) (Event, error) {
	out, _, err := send[Event](ctx, c, http.MethodPost, event(id)+"/state", map[string]string{"state": state}, nil)
	return out, err
}

// PartyAdded is a party that the centre brings in: an organisation by its id, or a name.
type PartyAdded struct {
	PartyWritten
	Organisation string `json:"organisation,omitempty"`
	Name         string `json:"name,omitempty"`
	Hosted       bool   `json:"hosted,omitempty"`   // accepts whoever asks, up to its maximum
	Newcomer     bool   `json:"newcomer,omitempty"` // its first event
	Min          *int   `json:"min,omitempty"`      // meetings; nil: what the event says
	Max          *int   `json:"max,omitempty"`
}

// AddParty signs a party up, for the centre.
func (c *Client) AddParty(ctx context.Context, id string, p PartyAdded) (EventParty, error) {
	out, _, err := send[EventParty](ctx, c, http.MethodPost, event(id)+"/parties", p, nil)
	return out, err
}

// PartyDecided is what becomes of a sign-up: accepted, refused or withdrawn. Kept lets a
// party that is accepted have a place that is kept for the other side.
type PartyDecided struct {
	State string `json:"state"`
	Kept  bool   `json:"kept,omitempty"`
}

// DecideParty lets a party in, refuses it, or notes that it does not come.
func (c *Client) DecideParty(ctx context.Context, id, party string, d PartyDecided) (EventParty, error) {
	out, _, err := send[EventParty](ctx, c, http.MethodPut, event(id)+"/parties/"+url.PathEscape(party)+"/state", d, nil)
	return out, err
}

// EnterWishes says for a party whom it must, wants or never wants to meet, all or none.
func (c *Client) EnterWishes(ctx context.Context, id, party string, wishes ...WishSaid) (EventWishes, error) {
	out, _, err := send[EventWishes](ctx, c, http.MethodPost, event(id)+"/parties/"+url.PathEscape(party)+"/wishes", map[string]any{"wishes": wishes}, nil)
	return out, err
}

// MakeDraft begins to make a draft of the plan, within so many seconds, 1 to 600; 0 leaves that to the service.
func (c *Client) MakeDraft(ctx context.Context, id string, seconds int) (EventDraft, error) {
	body := map[string]int{}
	if seconds > 0 {
		body["seconds"] = seconds
	}
	out, _, err := send[EventDraft](ctx, c, http.MethodPost, event(id)+"/draft", body, nil)
	return out, err
}

// EventDraft reads the draft; while it is Running, or its Revision is the one
// from before, it is asked for again.
func (c *Client) EventDraft(ctx context.Context, id string) (EventDraft, error) {
	out, _, err := send[EventDraft](ctx, c, http.MethodGet, event(id)+"/draft", nil, nil)
	return out, err
}

// PlanPublished names the draft that is to be published: its Revision, and the Offers of
// it that are taken. TwoPlaces publishes also where people would be in two places at once,
// Begun where meetings are new in slots that run or are over: each as a refusal told.
type PlanPublished struct {
	Revision  int      `json:"revision"`
	Offers    []string `json:"offers,omitempty"`
	TwoPlaces bool     `json:"two_places,omitempty"`
	Begun     bool     `json:"begun,omitempty"`
}

// PublishPlan makes a draft the plan in force.
func (c *Client) PublishPlan(ctx context.Context, id string, p PlanPublished) (EventPlan, error) {
	out, _, err := send[EventPlan](ctx, c, http.MethodPost, event(id)+"/publish", p, nil)
	return out, err
}

// EventReport reads what came of an event.
func (c *Client) EventReport(ctx context.Context, id string) (EventReport, error) {
	out, _, err := send[EventReport](ctx, c, http.MethodGet, event(id)+"/report", nil, nil)
	return out, err
}
