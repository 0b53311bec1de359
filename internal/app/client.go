package app

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"syscall"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/survey"
	"jinghe/internal/transfer"
)

// maxLine bounds one line of an answer in bytes: the report of a large import.
const maxLine = 256 << 20

// Client asks the server that runs on a data directory. It is an Operator.
type Client struct {
	http *http.Client
}

var _ Operator = (*Client)(nil)

// Dial connects to the server that runs on dir. It returns nil and no error
// when none answers; whoever then opens the directory learns from its lock
// whether one is there all the same.
func Dial(ctx context.Context, dir string) (*Client, error) {
	path := findSocket(dir)
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "unix", path)
	switch {
	case errors.Is(err, os.ErrPermission):
		return nil, &scene.Error{Code: scene.Forbidden, Key: "control.forbidden", Args: map[string]any{"path": path}, Err: err}
	case err != nil:
		return nil, nil //nolint:nilerr // absent, stale or not of this system: the lock decides
	}
	if err := conn.Close(); err != nil {
		return nil, scene.Wrap("app.Dial", err)
	}
	return clientOf(path), nil
}

// clientOf returns a client of the server that listens on the socket at path.
func clientOf(path string) *Client {
	var dialer net.Dialer
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) { return dialer.DialContext(ctx, "unix", path) }
	return &Client{http: &http.Client{Transport: &http.Transport{DialContext: dial}}}
}

// Close closes the connections to the server.
func (c *Client) Close(context.Context) error {
	c.http.CloseIdleConnections()
	return nil
}

// Import sends the file at r.Path to the server.
func (c *Client) Import(ctx context.Context, r ImportRequest, progress func(done, total int)) (report registry.Report, err error) {
	f, err := os.Open(r.Path)
	if err != nil {
		return report, unreadable(r.Path, err)
	}
	defer func() { _ = f.Close() }()
	err = c.call(ctx, http.MethodPost, "/import", request(r), f, progress, &report)
	return report, err
}

// Survey sends the file, if any, to the server.
func (c *Client) Survey(ctx context.Context, r SurveyRequest, progress func(done, total int)) (report survey.Report, err error) {
	if r.Path == "" {
		err = c.call(ctx, http.MethodPost, "/survey", request(r), nil, progress, &report)
		return report, err
	}
	f, err := os.Open(r.Path)
	if err != nil {
		return report, unreadable(r.Path, err)
	}
	defer func() { _ = f.Close() }()
	err = c.call(ctx, http.MethodPost, "/survey", request(r), f, progress, &report)
	return report, err
}

// Mapping returns what is remembered of the columns of a source.
func (c *Client) Mapping(ctx context.Context, source string) (mapping map[string]string, err error) {
	err = c.call(ctx, http.MethodGet, "/mapping", url.Values{"source": {source}}, nil, nil, &mapping)
	return mapping, err
}

// Imports lists the newest import jobs.
func (c *Client) Imports(ctx context.Context) (jobs []scene.Import, err error) {
	err = c.call(ctx, http.MethodGet, "/imports", nil, nil, nil, &jobs)
	return jobs, err
}

// UndoImport takes back what a job did.
func (c *Client) UndoImport(ctx context.Context, job scene.ID) (report registry.UndoReport, err error) {
	err = c.call(ctx, http.MethodPost, "/undo", url.Values{"job": {string(job)}}, nil, nil, &report)
	return report, err
}

// Reindex builds the search indexes anew.
func (c *Client) Reindex(ctx context.Context, progress func(done, total int)) error {
	return c.call(ctx, http.MethodPost, "/reindex", nil, nil, progress, nil)
}

// Rematch makes the lists of matches anew.
func (c *Client) Rematch(ctx context.Context, progress func(done, total int)) error {
	return c.call(ctx, http.MethodPost, "/rematch", nil, nil, progress, nil)
}

// Diagnose checks the directory and the server that runs on it.
func (c *Client) Diagnose(ctx context.Context) (found []Finding, err error) {
	err = c.call(ctx, http.MethodGet, "/diagnose", nil, nil, nil, &found)
	return found, err
}

// Vocabulary returns the vocabulary in force.
func (c *Client) Vocabulary(ctx context.Context) (v Vocabulary, err error) {
	err = c.call(ctx, http.MethodGet, "/vocabulary", nil, nil, nil, &v)
	return v, err
}

// EditVocabulary changes parts of the vocabulary.
func (c *Client) EditVocabulary(ctx context.Context, v Vocabulary) error {
	body, err := json.Marshal(v)
	if err != nil {
		return scene.Wrap("app.Client", err)
	}
	return c.call(ctx, http.MethodPost, "/vocabulary", nil, bytes.NewReader(body), nil, nil)
}

// User makes, lists or changes accounts.
func (c *Client) User(ctx context.Context, r UserRequest) (report UserReport, err error) {
	body, err := json.Marshal(r)
	if err != nil {
		return report, scene.Wrap("app.Client", err)
	}
	err = c.call(ctx, http.MethodPost, "/user", nil, bytes.NewReader(body), nil, &report)
	return report, err
}

// Export writes a list to w. When it fails, what w received is not complete.
func (c *Client) Export(ctx context.Context, r ExportRequest, w io.Writer) (written transfer.Written, err error) {
	trailer, err := c.download(ctx, "/export", request(r), w)
	if err != nil {
		return written, err
	}
	err = json.Unmarshal([]byte(trailer.Get(writtenTrailer)), &written)
	return written, scene.Wrap("app.Client /export", err)
}

// Backup writes every row to w. When it fails, what w received is not complete.
func (c *Client) Backup(ctx context.Context, w io.Writer, _ func(done, total int)) error {
	_, err := c.download(ctx, "/backup", nil, w)
	return err
}

// download copies a file that the server writes to w.
func (c *Client) download(ctx context.Context, path string, q url.Values, w io.Writer) (trailer http.Header, err error) {
	response, err := c.send(ctx, http.MethodPost, path, q, nil)
	if err != nil {
		return nil, cutOff(path, err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		var m message
		if err := json.NewDecoder(response.Body).Decode(&m); err != nil || m.Error == nil {
			return nil, &scene.Error{Code: scene.Internal, Op: "app.Client " + path, Err: err}
		}
		return nil, m.Error.err()
	}
	_, err = io.Copy(w, response.Body)
	return response.Trailer, cutOff(path, err)
}

func request(r any) url.Values {
	raw, err := json.Marshal(r)
	if err != nil { // the request types hold plain strings only
		return nil
	}
	return url.Values{"request": {string(raw)}}
}

func (c *Client) send(ctx context.Context, method, path string, q url.Values, body io.Reader) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, method, "http://control"+path+"?"+q.Encode(), body)
	if err != nil {
		return nil, err
	}
	return c.http.Do(r)
}

// call reads lines until the one that is not progress.
func (c *Client) call(ctx context.Context, method, path string, q url.Values, body io.Reader,
	progress func(done, total int), result any,
) error {
	response, err := c.send(ctx, method, path, q, body)
	if err != nil {
		return cutOff(path, err)
	}
	defer func() { _ = response.Body.Close() }()
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, maxLine)
	for lines.Scan() {
		var m message
		if err := json.Unmarshal(lines.Bytes(), &m); err != nil {
			return scene.Wrap("app.Client "+path, err)
		}
		if m.Progress != nil {
			if progress != nil {
				progress(m.Progress.Done, m.Progress.Total)
			}
			continue
		}
		if result != nil && len(m.Result) > 0 && string(m.Result) != "null" {
			if err := json.Unmarshal(m.Result, result); err != nil {
				return scene.Wrap("app.Client "+path, err)
			}
		}
		if m.Error != nil {
			return m.Error.err()
		}
		return nil
	}
	return cutOff(path, cmp.Or(lines.Err(), io.ErrUnexpectedEOF))
}

// cutOff names an answer that ended early for what it is: the server was
// stopped or killed. Other errors are wrapped.
func cutOff(path string, err error) error {
	broken := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
	if !broken {
		return scene.Wrap("app.Client "+path, err)
	}
	return &scene.Error{Code: scene.Unavailable, Key: "control.cut_off", Op: "app.Client " + path, Err: err}
}

// unreadable tells why a file cannot be opened.
func unreadable(path string, err error) error {
	key := "file.unreadable"
	if errors.Is(err, os.ErrNotExist) {
		key = "file.not_found"
	}
	return &scene.Error{Code: scene.Invalid, Key: key, Args: map[string]any{"file": path}, Err: err}
}
