package client

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"time"
)

// ReceiverWritten is a receiver of messages as it is set up or changed. Form and
// Secret count when it is set up.
type ReceiverWritten struct {
	Name     string   `json:"name"`
	URL      string   `json:"url"`
	Form     string   `json:"form,omitempty"`     // standard, wecom, dingtalk or feishu
	Secret   string   `json:"secret,omitempty"`   // that of a robot
	Subjects []string `json:"subjects,omitempty"` // such as capability.changed
	Notices  bool     `json:"notices,omitempty"`  // what its owner is told
}

// Receiver is another system that is sent messages.
type Receiver struct {
	ID       string    `json:"id"`
	Revision int       `json:"revision"`
	Name     string    `json:"name"`
	URL      string    `json:"url"`
	Form     string    `json:"form"`
	Subjects []string  `json:"subjects"`
	Notices  bool      `json:"notices"`
	State    string    `json:"state"` // active or disabled
	Owner    string    `json:"owner"`
	Updated  time.Time `json:"updated"`
	// Secret is told when it is made: where a receiver is set up or given another.
	Secret string `json:"secret"`
}

// Message is one message to a receiver, with what came of it.
type Message struct {
	ID      string    `json:"id"`
	Message string    `json:"message"` // webhook-id
	Subject string    `json:"subject"`
	State   string    `json:"state"` // waiting, done or failed
	Tries   int       `json:"tries"`
	Status  int       `json:"status"` // of the last try; 0: nobody answered
	At      time.Time `json:"at"`
}

// Receivers lists those that the owner of the token may manage.
func (c *Client) Receivers(ctx context.Context) ([]Receiver, error) {
	out, _, err := send[struct{ Items []Receiver }](ctx, c, http.MethodGet, "/receivers", nil, nil)
	return out.Items, err
}

// Receiver reads one.
func (c *Client) Receiver(ctx context.Context, id string) (Receiver, Answer, error) {
	return send[Receiver](ctx, c, http.MethodGet, receiver(id), nil, nil)
}

// CreateReceiver sets a receiver up; its Secret is told this once.
func (c *Client) CreateReceiver(ctx context.Context, r ReceiverWritten, h Headers) (Receiver, Answer, error) {
	return send[Receiver](ctx, c, http.MethodPost, "/receivers", r, h)
}

// ReplaceReceiver changes a receiver that is in the state of that ETag. Form and Secret stay.
func (c *Client) ReplaceReceiver(ctx context.Context, id, etag string, r ReceiverWritten) (Receiver, Answer, error) {
	r.Form, r.Secret = "", ""
	return send[Receiver](ctx, c, http.MethodPut, receiver(id), r, IfMatch(etag))
}

// SwitchReceiver turns a receiver on or off.
func (c *Client) SwitchReceiver(ctx context.Context, id string, on bool) (Receiver, Answer, error) {
	return send[Receiver](ctx, c, http.MethodPost, receiver(id)+map[bool]string{true: "/enable", false: "/disable"}[on], nil, nil)
}

// RotateReceiver gives a receiver another secret, told this once.
func (c *Client) RotateReceiver(ctx context.Context, id string) (Receiver, Answer, error) {
	return send[Receiver](ctx, c, http.MethodPost, receiver(id)+"/rotate", nil, nil)
}

// DeleteReceiver deletes a receiver and its log.
func (c *Client) DeleteReceiver(ctx context.Context, id string) (Receiver, Answer, error) {
	return send[Receiver](ctx, c, http.MethodDelete, receiver(id), nil, nil)
}

// Messages walks what a receiver was sent, the latest first.
func (c *Client) Messages(ctx context.Context, id string) iter.Seq2[Message, error] {
	return All[Message](ctx, c, receiver(id)+"/messages", nil)
}

// ReplayMessage has a message sent anew.
func (c *Client) ReplayMessage(ctx context.Context, id, message string) (Receiver, Answer, error) {
	return send[Receiver](ctx, c, http.MethodPost, receiver(id)+"/messages/"+url.PathEscape(message)+"/replay", nil, nil)
}

func receiver(id string) string { return "/receivers/" + url.PathEscape(id) }
