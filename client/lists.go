package client

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"time"
)

// Batch is a list of entries that go out together.
type Batch struct {
	ID       string    `json:"id"`
	Revision int       `json:"revision"`
	Name     string    `json:"name"`
	NameEn   string    `json:"name_en"`
	Intro    string    `json:"intro"`
	IntroEn  string    `json:"intro_en"`
	Release  time.Time `json:"release"`
	Released bool      `json:"released"` // it is out
}

// BatchWritten is a batch as the centre writes it.
type BatchWritten struct {
	Name    string    `json:"name"`
	NameEn  string    `json:"name_en,omitempty"`
	Intro   string    `json:"intro,omitempty"`
	IntroEn string    `json:"intro_en,omitempty"`
	Release time.Time `json:"release"`
}

// EntryRef names an entry: its kind is opportunity or capability.
type EntryRef struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

// BatchEntry is an entry of a batch, in whatever state.
type BatchEntry struct {
	EntryRef
	Name         string `json:"name"`
	Organisation Party  `json:"organisation"`
	State        string `json:"state"`
}

// Batches are those that are out; for a token with the scope publish, all.
func (c *Client) Batches(ctx context.Context) ([]Batch, error) {
	out, _, err := send[struct{ Items []Batch }](ctx, c, http.MethodGet, "/batches", nil, nil)
	return out.Items, err
}

// Batch reads one. The ETag of the answer names the state for a change.
func (c *Client) Batch(ctx context.Context, id string) (Batch, Answer, error) {
	return send[Batch](ctx, c, http.MethodGet, "/batches/"+url.PathEscape(id), nil, nil)
}

// CreateBatch makes a batch; h may hold [Once].
func (c *Client) CreateBatch(ctx context.Context, b BatchWritten, h Headers) (Batch, Answer, error) {
	return send[Batch](ctx, c, http.MethodPost, "/batches", b, h)
}

// ReplaceBatch changes a batch that is in the state of that ETag, or when it goes out.
func (c *Client) ReplaceBatch(ctx context.Context, id, etag string, b BatchWritten) (Batch, Answer, error) {
	return send[Batch](ctx, c, http.MethodPut, "/batches/"+url.PathEscape(id), b, IfMatch(etag))
}

// ReleaseBatch lets a batch out now.
func (c *Client) ReleaseBatch(ctx context.Context, id, etag string) (Batch, Answer, error) {
	return send[Batch](ctx, c, http.MethodPost, "/batches/"+url.PathEscape(id)+"/release", nil, IfMatch(etag))
}

// WithdrawBatch takes back a batch that was made by mistake and returns what it was.
// With show, entries that waited for its release alone are public from now on.
func (c *Client) WithdrawBatch(ctx context.Context, id, etag, reason string, show bool) (Batch, Answer, error) {
	return send[Batch](ctx, c, http.MethodPost, "/batches/"+url.PathEscape(id)+"/withdraw", map[string]any{"reason": reason, "show": show}, IfMatch(etag))
}

// BatchEntries walks the entries of a batch.
func (c *Client) BatchEntries(ctx context.Context, id string) iter.Seq2[BatchEntry, error] {
	return All[BatchEntry](ctx, c, "/batches/"+url.PathEscape(id)+"/entries", nil)
}

// AddToBatch puts entries into a batch, all or none.
func (c *Client) AddToBatch(ctx context.Context, id string, entries ...EntryRef) (Batch, Answer, error) {
	return c.sortBatch(ctx, id, "add", entries)
}

// TakeFromBatch takes entries out of a batch.
func (c *Client) TakeFromBatch(ctx context.Context, id string, entries ...EntryRef) (Batch, Answer, error) {
	return c.sortBatch(ctx, id, "take", entries)
}

func (c *Client) sortBatch(ctx context.Context, id, verb string, entries []EntryRef) (Batch, Answer, error) {
	return send[Batch](ctx, c, http.MethodPost, "/batches/"+url.PathEscape(id)+"/"+verb, map[string]any{"entries": entries}, nil)
}

// Figure is one measure before and after.
type Figure struct {
	Name   string `json:"name"`
	Before string `json:"before,omitempty"`
	After  string `json:"after"`
	Unit   string `json:"unit,omitempty"`
}

// ShowcaseWritten is a showcase as the centre writes it.
type ShowcaseWritten struct {
	Name        string   `json:"name"`
	NameEn      string   `json:"name_en,omitempty"`
	SummaryEn   string   `json:"summary_en,omitempty"`
	Owner       string   `json:"owner"`
	Provider    string   `json:"provider"`
	Opportunity string   `json:"opportunity,omitempty"`
	Capability  string   `json:"capability,omitempty"`
	Fields      []string `json:"fields,omitempty"`
	Site        string   `json:"site,omitempty"`
	Since       string   `json:"since,omitempty"` // YYYY-MM
	Scenario    string   `json:"scenario"`
	Before      string   `json:"before,omitempty"`
	After       string   `json:"after,omitempty"`
	Figures     []Figure `json:"figures,omitempty"`
	Conditions  string   `json:"conditions,omitempty"`
	Evidence    string   `json:"evidence,omitempty"`
	Plate       string   `json:"plate,omitempty"`
}

// Showcase is a scenario that is in use.
type Showcase struct {
	ID       string `json:"id"`
	Revision int    `json:"revision"`
	State    string `json:"state"` // draft, published or closed
	ShowcaseWritten
	Updated time.Time `json:"updated"`
}

// Showcases walks the showcases in that state, "" for any that the token may see.
func (c *Client) Showcases(ctx context.Context, state string) iter.Seq2[Showcase, error] {
	q := url.Values{}
	if state != "" {
		q.Set("state", state)
	}
	return All[Showcase](ctx, c, "/showcases", q)
}

// Showcase reads one.
func (c *Client) Showcase(ctx context.Context, id string) (Showcase, Answer, error) {
	return send[Showcase](ctx, c, http.MethodGet, "/showcases/"+url.PathEscape(id), nil, nil)
}

// CreateShowcase begins a draft; h may hold [Once].
func (c *Client) CreateShowcase(ctx context.Context, s ShowcaseWritten, h Headers) (Showcase, Answer, error) {
	return send[Showcase](ctx, c, http.MethodPost, "/showcases", s, h)
}

// ReplaceShowcase changes a showcase that is in the state of that ETag.
func (c *Client) ReplaceShowcase(ctx context.Context, id, etag string, s ShowcaseWritten) (Showcase, Answer, error) {
	return send[Showcase](ctx, c, http.MethodPut, "/showcases/"+url.PathEscape(id), s, IfMatch(etag))
}

// StepShowcase has a showcase published, withdrawn or closed: the step is
// “publish”, “withdraw” or “close”.
func (c *Client) StepShowcase(ctx context.Context, id, etag, step string) (Showcase, Answer, error) {
	return send[Showcase](ctx, c, http.MethodPost, "/showcases/"+url.PathEscape(id)+"/"+step, nil, IfMatch(etag))
}
