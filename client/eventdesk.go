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
	Failed   string         `json:"failed"`
	Revision int            `json:"revision"` // 0: there is no draft
	Figures  *DraftFigures  `json:"figures"`
	Meetings []DraftMeeting `json:"meetings"`
	Offers   []DraftMeeting `json:"offers"`
	LeftOut  []struct {
		ID      string  `json:"id"`
		Parties []Party `json:"parties"`
		Reason  string  `json:"reason"`
	} `json:"left_out"`
	Changes []struct {
		Meeting string  `json:"meeting"`
		Parties []Party `json:"parties"`
	} `json:"changes"`
	Contradictions []string `json:"contradictions"`
}

// DraftFigures is what a draft reaches, and what is proven of it.
type DraftFigures struct {
	Planned         int     `json:"planned"`
	Wanted          int     `json:"wanted"`
	Value           float64 `json:"value"`
	ValueUpperBound float64 `json:"value_upper_bound"`
	Breaks          int     `json:"breaks"`
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
}

// EventReport is what came of an event.
type EventReport struct {
	Planned   int   `json:"planned"`
	Held      int   `json:"held"`
	Intents   int   `json:"intents"`
	AmountFen int64 `json:"amount_fen"`
	Meetings  []struct {
		ID   string `json:"id"`
		Held bool   `json:"held"`
		Next string `json:"next"`
	} `json:"meetings"`
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

// AddParty signs an organisation up by its id, or a party by name where that is "".
func (c *Client) AddParty(ctx context.Context, id, organisation, name string, p PartyWritten) (EventParty, error) {
	out, _, err := send[EventParty](ctx, c, http.MethodPost, event(id)+"/parties", struct {
		PartyWritten
		Organisation string `json:"organisation,omitempty"`
		Name         string `json:"name,omitempty"`
	}{p, organisation, name}, nil)
	return out, err
}

// DecideParty lets a party in, refuses it, or notes that it does not come.
func (c *Client) DecideParty(ctx context.Context, id, party, state string) (EventParty, error) {
	out, _, err := send[EventParty](ctx, c, http.MethodPut, event(id)+"/parties/"+url.PathEscape(party)+"/state", map[string]string{"state": state}, nil)
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

// PublishPlan makes the draft of that revision the plan in force, with some of its offers.
func (c *Client) PublishPlan(ctx context.Context, id string, revision int, offers ...string) (EventPlan, error) {
	out, _, err := send[EventPlan](ctx, c, http.MethodPost, event(id)+"/publish", map[string]any{"revision": revision, "offers": append([]string{}, offers...)}, nil)
	return out, err
}

// EventReport reads what came of an event.
func (c *Client) EventReport(ctx context.Context, id string) (EventReport, error) {
	out, _, err := send[EventReport](ctx, c, http.MethodGet, event(id)+"/report", nil, nil)
	return out, err
}
