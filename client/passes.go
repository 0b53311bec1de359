package client

import (
	"context"
	"net/http"
	"net/url"
)

// Passed is a match that one's own organisation does not want to follow up.
type Passed struct {
	Opportunity string `json:"opportunity"`
	Capability  string `json:"capability"`
	Reason      string `json:"reason"` // too_early, benefit_unclear, out_of_budget, wrong_region, already_solved, not_qualified, other
	Text        string `json:"text,omitempty"`
}

// passedList is what was passed over of an entry.
type passedList struct {
	Items []Passed `json:"items"`
}

const passedPath = "/pairs/passed"

// Passed lists the matches of an own entry that were passed over, the latest first;
// kind is "opportunity" or "capability".
func (c *Client) Passed(ctx context.Context, kind, id string) ([]Passed, error) {
	list, _, err := send[passedList](ctx, c, http.MethodGet, passedPath+"?"+url.Values{kind: {id}}.Encode(), nil, nil)
	return list.Items, err
}

// PassOver says that one does not want to follow a match up, and returns what is
// passed over of the own entry by then.
func (c *Client) PassOver(ctx context.Context, p Passed) ([]Passed, error) {
	list, _, err := send[passedList](ctx, c, http.MethodPut, passedPath, p, nil)
	return list.Items, err
}

// Reconsider takes that back, and returns what is still passed over.
func (c *Client) Reconsider(ctx context.Context, opportunity, capability string) ([]Passed, error) {
	q := url.Values{"opportunity": {opportunity}, "capability": {capability}}
	list, _, err := send[passedList](ctx, c, http.MethodDelete, passedPath+"?"+q.Encode(), nil, nil)
	return list.Items, err
}
