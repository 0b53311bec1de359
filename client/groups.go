package client

import (
	"context"
	"net/http"
)

// GroupFormed names a group for an opportunity: who leads it, and who is asked to take a part.
type GroupFormed struct {
	Opportunity string        `json:"opportunity"`
	Lead        GroupMember   `json:"lead"`
	Partners    []GroupMember `json:"partners"`
	Text        string        `json:"text,omitempty"`
}

// GroupMember is one provider of a group, by a capability, with what it does.
type GroupMember struct {
	Capability string `json:"capability"`
	Part       string `json:"part"`
}

// FormGroup brings a group to an opportunity, or partners into the pair that its leader has there already.
func (c *Client) FormGroup(ctx context.Context, g GroupFormed, h Headers) (Pair, Answer, error) {
	return send[Pair](ctx, c, http.MethodPost, "/pairs/groups", g, h)
}
