package crowd

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// player is somebody at the other end: a visitor's browser, or a person's with
// the session and, for an enterprise, its program with a draft that it edits.
type player struct {
	Person
	base   string
	client *http.Client
	from   string // network address, for a server that believes it
	form   string // the token that forms of the session carry

	draft sync.Mutex // edits of the draft follow one another, as a program's do
	title string
	path  string
	etag  string
}

// newPlayer shares the connections of transport and keeps cookies of its own.
// Redirections are answers: what a browser does next is another request of the mix.
func newPlayer(t *Town, p Person, n int, transport http.RoundTripper) (*player, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, fmt.Errorf("crowd: %w", err)
	}
	return &player{
		Person: p, base: t.Base, from: fmt.Sprintf("10.%d.%d.%d", 1+n>>14&0x7f, n>>7&0x7f, 1+n&0x7f),
		client: &http.Client{
			Transport: transport, Jar: jar,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

// send asks and reads the answer to its end. A status of 400 and more is an error.
func (p *player) send(ctx context.Context, method, path, kind string, body io.Reader, head http.Header) (h http.Header, text []byte, err error) {
	r, err := http.NewRequestWithContext(ctx, method, p.base+path, body)
	if err != nil {
		return nil, nil, fmt.Errorf("crowd: %w", err)
	}
	r.Header = head.Clone()
	if r.Header == nil {
		r.Header = http.Header{}
	}
	r.Header.Set("X-Forwarded-For", p.from)
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	w, err := p.client.Do(r)
	if err != nil {
		return nil, nil, fmt.Errorf("crowd: %w", err)
	}
	defer func() { _ = w.Body.Close() }()
	if text, err = io.ReadAll(w.Body); err != nil {
		return nil, nil, fmt.Errorf("crowd: %w", err)
	}
	if w.StatusCode >= http.StatusBadRequest {
		return w.Header, text, &refused{method + " " + path, w.StatusCode, string(text[:min(len(text), 300)])}
	}
	return w.Header, text, nil
}

// refused is an answer that says no.
type refused struct {
	what   string
	status int
	text   string
}

// Error tells what was refused and how.
func (r *refused) Error() string { return fmt.Sprintf("crowd: %s: %d: %s", r.what, r.status, r.text) }

// page reads a page as a browser does, packed, and looks no further at it.
func (p *player) page(ctx context.Context, path string) error {
	_, _, err := p.send(ctx, http.MethodGet, path, "", nil, http.Header{"Accept-Encoding": {"gzip"}})
	return err
}

// post sends a form with the token of the session.
func (p *player) post(ctx context.Context, path string, form url.Values) error {
	form.Set("form_token", p.form)
	_, _, err := p.send(ctx, http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()), nil)
	return err
}

// call asks the API in the name of the enterprise's program.
func (p *player) call(ctx context.Context, method, path string, in any, head http.Header) (http.Header, []byte, error) {
	if head == nil {
		head = http.Header{}
	}
	if p.Token != "" {
		head.Set("Authorization", "Bearer "+p.Token)
	}
	if in == nil {
		return p.send(ctx, method, "/api/v1"+path, "", nil, head)
	}
	body, err := json.Marshal(in)
	if err != nil {
		return nil, nil, fmt.Errorf("crowd: %w", err)
	}
	return p.send(ctx, method, "/api/v1"+path, "application/json", bytes.NewReader(body), head)
}

// formToken finds the token of a form in its page.
func formToken(page []byte) (string, error) {
	found := regexp.MustCompile(`name="form_token" value="([^"]+)"`).FindSubmatch(page)
	if found == nil {
		return "", fmt.Errorf("crowd: a page has no form: %.200s", page)
	}
	return string(found[1]), nil
}

// enter signs in, and an enterprise's program begins a draft.
func (p *player) enter(ctx context.Context, now time.Time) error {
	_, text, err := p.send(ctx, http.MethodGet, "/sign-in", "", nil, nil)
	if err != nil {
		return err
	}
	if p.form, err = formToken(text); err != nil {
		return err
	}
	if err := p.post(ctx, "/sign-in", url.Values{"login": {p.Login}, "password": {p.Password}}); err != nil {
		return err
	}
	if _, text, err = p.send(ctx, http.MethodGet, "/inbox/choices", "", nil, nil); err != nil {
		return err
	}
	if p.form, err = formToken(text); err != nil || p.Token == "" {
		return err
	}
	return p.begin(ctx, now)
}

// begin makes the draft that edit changes.
func (p *player) begin(ctx context.Context, now time.Time) error {
	p.title = "负载测试 " + strconv.FormatInt(now.UnixNano(), 36) // no organisation has two of one name
	head, _, err := p.call(ctx, http.MethodPost, "/entries/capabilities", map[string]any{"name": p.title}, nil)
	if err != nil {
		return err
	}
	at, err := url.Parse(head.Get("Location"))
	if err != nil {
		return fmt.Errorf("crowd: %w", err)
	}
	_, p.path, _ = strings.Cut(at.Path, "/api/v1")
	p.etag = head.Get("ETag")
	return nil
}

// edit writes the draft anew, in the state that was read.
func (p *player) edit(ctx context.Context, rng *rand.Rand) error {
	figure := rng.IntN(1000)
	p.draft.Lock()
	defer p.draft.Unlock()
	head, _, err := p.call(ctx, http.MethodPut, p.path, map[string]any{
		"name": p.title, "fields": []string{"smart_water"},
		"description": fmt.Sprintf("管网漏损监测，单机覆盖 %d 米，定位误差不超过 1.5 米。", figure),
	}, http.Header{"If-Match": {p.etag}})
	if err != nil {
		return err
	}
	p.etag = cmp.Or(head.Get("ETag"), p.etag)
	return nil
}
