package client

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// Opinion is what one expert was asked about an entry, and what he said.
type Opinion struct {
	ID       string         `json:"id"`
	Expert   Expert         `json:"expert"`
	State    string         `json:"state"` // asked, given or declined
	Question string         `json:"question,omitempty"`
	Scores   map[string]int `json:"scores,omitempty"` // 1 to 5 on each criterion
	Text     string         `json:"text,omitempty"`
	Of       int            `json:"of"` // revision of the entry
	Asked    time.Time      `json:"asked"`
	Due      time.Time      `json:"due"`
	Answered time.Time      `json:"answered,omitzero"`
}

// Expert names an account that can be asked.
type Expert struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Opinions is what experts were asked about an entry, and who can be asked.
type Opinions struct {
	Items   []Opinion `json:"items"`
	Experts []Expert  `json:"experts"`
}

// ExpertsAsked asks experts about an entry under review; Due is a day, 2006-01-02.
type ExpertsAsked struct {
	Experts  []string `json:"experts"`
	Due      string   `json:"due"`
	Question string   `json:"question,omitempty"`
}

// Opinions returns what experts said of an entry of "opportunities" or "capabilities".
func (c *Client) Opinions(ctx context.Context, plural, id string) (Opinions, Answer, error) {
	return send[Opinions](ctx, c, http.MethodGet, "/entries/"+plural+"/"+url.PathEscape(id)+"/opinions", nil, nil)
}

// AskExperts asks experts about an entry, and returns all that was asked by then.
func (c *Client) AskExperts(ctx context.Context, plural, id string, q ExpertsAsked, h Headers) (Opinions, Answer, error) {
	return send[Opinions](ctx, c, http.MethodPost, "/entries/"+plural+"/"+url.PathEscape(id)+"/opinions", q, h)
}
