// Package client asks the JSON API of a Jinghe server, version 1. It imports
// nothing of the server, and stands beside its floors for other programs.
//
//	c := client.New("https://changjing.example.cn", os.Getenv("JINGHE_TOKEN"))
//	for capability, err := range client.All[client.Listing](ctx, c, "/capabilities", nil) { … }
//
// The document of the API, with every operation and its fields, is served at
// /api/v1/openapi.json and for people at /developers.
package client

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// prefix is the path under which version 1 lives.
const prefix = "/api/v1"

// Client asks one server. It is safe for concurrent use.
type Client struct {
	base, token string
	// HTTP sends the requests; New gives one that waits 30 seconds at most.
	HTTP *http.Client
	// Lang is the language of sentences, "zh" or "en"; empty is the server's.
	Lang string
}

// New returns a Client for the server at that address, such as
// "https://changjing.example.cn". The token may be empty for what is public.
func New(base, token string) *Client {
	return &Client{base: strings.TrimRight(base, "/"), token: token, HTTP: &http.Client{Timeout: 30 * time.Second}}
}

// Problem is an error that the server told (RFC 9457).
type Problem struct {
	Status    int    `json:"status"`
	Code      string `json:"code"` // stable, for programs
	Detail    string `json:"detail"`
	RequestID string `json:"request_id"`
	Errors    []struct {
		Field   string `json:"field"`
		Message string `json:"message"`
	} `json:"errors"`
	// RetryAfter is how long to wait before trying again; 0 is not said.
	RetryAfter time.Duration `json:"-"`
}

// Error returns what went wrong.
func (p *Problem) Error() string {
	s := fmt.Sprintf("%d %s: %s", p.Status, p.Code, p.Detail)
	for _, e := range p.Errors {
		s += fmt.Sprintf(" [%s: %s]", e.Field, e.Message)
	}
	return s + " (" + p.RequestID + ")"
}

// Listing is what opportunities and capabilities share in public answers.
type Listing struct {
	ID           string   `json:"id"`
	Revision     int      `json:"revision"`
	Code         string   `json:"code"`
	Name         string   `json:"name"`
	Organisation Party    `json:"organisation"`
	Fields       []string `json:"fields"`
	State        string   `json:"state"`
	Open         bool     `json:"open"`
}

// Party names an organisation.
type Party struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Entry is an entry of one's own in whatever state; T is what its owner writes.
type Entry[T any] struct {
	ID       string `json:"id"`
	Revision int    `json:"revision"`
	State    string `json:"state"`
	Open     bool   `json:"open"`
	Proposed bool   `json:"proposed"` // a revision waits for review
	Entry    T      `json:"entry"`
}

// Pair is an opportunity and a capability that people work on.
type Pair struct {
	ID          string   `json:"id"`
	Revision    int      `json:"revision"`
	Opportunity Side     `json:"opportunity"`
	Capability  Side     `json:"capability"`
	Loose       bool     `json:"loose"` // agreed at a meeting, and not yet about which entries: these stand for what the sides bring
	Stage       string   `json:"stage"`
	Stages      []string `json:"stages"` // that may follow
	Begun       string   `json:"begun"`  // owner, provider or steward, which is the centre
	Asked       string   `json:"asked"`  // whose question waits for an answer
	Next        *Next    `json:"next"`
	AmountFen   int64    `json:"amount_fen"` // of the contract
	Outcome     string   `json:"outcome"`
	StoppedBy   string   `json:"stopped_by"`
	Reason      string   `json:"reason"`
	// Party, the side of the token, and Entries are told of a single pair only.
	Party   string      `json:"party"`
	Entries []PairEntry `json:"entries"`
	Updated time.Time   `json:"updated"`
}

// Side is one of the two listings of a pair.
type Side struct {
	ID           string `json:"id"`
	Name         string `json:"name"`
	Organisation Party  `json:"organisation"`
	Says         string `json:"says"` // accepted, declined, or nothing yet
}

// Next is what has to be done next.
type Next struct {
	Text  string `json:"text"`
	Party string `json:"party"` // owner, provider or steward
	Due   string `json:"due"`   // the last day, YYYY-MM-DD
}

// PairEntry is one line of what happened to a pair.
type PairEntry struct {
	At    time.Time `json:"at"`
	Kind  string    `json:"kind"`
	Party string    `json:"party"`
	Text  string    `json:"text"`
	From  string    `json:"from"`
	To    string    `json:"to"`
	// AmountFen, of the contract, and Next are told of the line that set them.
	AmountFen int64 `json:"amount_fen"`
	Next      *Next `json:"next"`
}

// Notice is one line of an inbox.
type Notice struct {
	ID      string     `json:"id"`
	Kind    string     `json:"kind"`
	Text    string     `json:"text"`
	Key     string     `json:"key"` // of the message, in every language the same
	Page    string     `json:"page"`
	About   []string   `json:"about"`
	Created time.Time  `json:"created"`
	Read    *time.Time `json:"read"` // nil: not read yet
}

// Answer is what besides the body is told.
type Answer struct {
	Status   int
	ETag     string // names the state that was read
	Location string
	Replayed bool // the request had been done before
}

// Headers of a request, by name.
type Headers map[string]string

// IfMatch has a change refused (status 412) unless the thing is in the state that was read.
func IfMatch(etag string) Headers { return Headers{"If-Match": etag} }

// Once has a POST done once, however often it is sent with that key within a day.
func Once(key string) Headers { return Headers{"Idempotency-Key": key} }

// With joins headers.
func (h Headers) With(more Headers) Headers {
	all := maps.Clone(h)
	maps.Copy(all, more)
	return all
}

// Do asks for a path such as "/entries/capabilities", sends in as JSON unless it
// is nil, and decodes the answer into out unless that is nil. What the server
// refuses is a *Problem.
func (c *Client) Do(ctx context.Context, method, path string, in, out any, h Headers) (Answer, error) {
	var body io.Reader
	if in != nil {
		raw, err := json.Marshal(in)
		if err != nil {
			return Answer{}, fmt.Errorf("client: %s %s: %w", method, path, err)
		}
		body = bytes.NewReader(raw)
	}
	return c.ask(ctx, method, path, body, "application/json", h, decoded(out))
}

// decoded reads a JSON document into out, unless that is nil.
func decoded(out any) func(io.Reader) error {
	return func(r io.Reader) error {
		if out == nil {
			return nil
		}
		return json.NewDecoder(r).Decode(out)
	}
}

// ask sends a body of a media type, and has what was not refused read.
func (c *Client) ask(ctx context.Context, method, path string, body io.Reader, kind string, h Headers, read func(io.Reader) error) (Answer, error) {
	r, err := http.NewRequestWithContext(ctx, method, c.base+prefix+path, body)
	if err != nil {
		return Answer{}, fmt.Errorf("client: %s %s: %w", method, path, err)
	}
	if body != nil {
		r.Header.Set("Content-Type", kind)
	}
	c.dress(r, h)
	w, err := c.HTTP.Do(r)
	if err != nil {
		return Answer{}, fmt.Errorf("client: %s %s: %w", method, path, err)
	}
	defer func() { _ = w.Body.Close() }()
	a := Answer{w.StatusCode, w.Header.Get("ETag"), w.Header.Get("Location"), w.Header.Get("Idempotency-Replayed") == "true"}
	if w.StatusCode >= http.StatusBadRequest {
		return a, problem(w)
	}
	if w.StatusCode == http.StatusNotModified {
		return a, nil
	}
	if err := read(w.Body); err != nil {
		return a, fmt.Errorf("client: %s %s: %w", method, path, err)
	}
	return a, nil
}

// send is [Client.Do] with the answer returned.
func send[T any](ctx context.Context, c *Client, method, path string, in any, h Headers) (T, Answer, error) {
	var out T
	a, err := c.Do(ctx, method, path, in, &out, h)
	return out, a, err
}

func (c *Client) dress(r *http.Request, h Headers) {
	r.Header.Set("Accept", "application/json")
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	if c.Lang != "" {
		r.Header.Set("Accept-Language", c.Lang)
	}
	for name, value := range h {
		r.Header.Set(name, value)
	}
}

// problem reads what the server refused; an answer of something in between keeps its status.
func problem(w *http.Response) error {
	p := &Problem{}
	if err := json.NewDecoder(io.LimitReader(w.Body, 1<<20)).Decode(p); err != nil {
		p.Detail = http.StatusText(w.StatusCode)
	}
	p.Status = w.StatusCode
	if seconds, err := strconv.Atoi(w.Header.Get("Retry-After")); err == nil {
		p.RetryAfter = time.Duration(seconds) * time.Second
	}
	return p
}

// All walks every page of a list. It ends at the first error, which comes with a zero item.
func All[T any](ctx context.Context, c *Client, path string, query url.Values) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		q := url.Values{}
		maps.Copy(q, query)
		for {
			var page struct {
				Items      []T    `json:"items"`
				NextCursor string `json:"next_cursor"`
			}
			if _, err := c.Do(ctx, http.MethodGet, path+"?"+q.Encode(), nil, &page, nil); err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, item := range page.Items {
				if !yield(item, nil) {
					return
				}
			}
			if page.NextCursor == "" {
				return
			}
			q.Set("cursor", page.NextCursor)
		}
	}
}
