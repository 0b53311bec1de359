package app

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/transfer"
)

// The control socket lets the command line reach a running server: HTTP over a
// Unix socket that only the owner of the data directory can open. Long work
// answers with one JSON document a line: progress, then a result or an error.
const (
	socketName = "control.sock"
	// addressName is a file that holds the path of a socket outside the data
	// directory, for a directory whose own path is too long for one.
	addressName = "control.addr"
	// maxSocketPath is what every system takes: macOS 103 bytes, Linux 107.
	maxSocketPath = 100
	// writtenTrailer carries transfer.Written behind an exported file.
	writtenTrailer = "Jinghe-Written"
	uploadPrefix   = "upload-"
	// maxUpload bounds a file that comes through the socket, in bytes.
	maxUpload = 512 << 20
)

// message is one line of an answer: progress, or the end.
type message struct {
	Progress *progress       `json:"progress,omitempty"`
	Result   json.RawMessage `json:"result,omitempty"`
	Error    *wireError      `json:"error,omitempty"`
}

type progress struct {
	Done  int `json:"done"`
	Total int `json:"total"`
}

// wireError is a scene.Error without its cause.
type wireError struct {
	Code   scene.Code         `json:"code"`
	Key    string             `json:"key,omitempty"`
	Args   map[string]any     `json:"args,omitempty"`
	Fields []scene.FieldError `json:"fields,omitempty"`
}

func toWire(err error) *wireError {
	w := &wireError{Code: scene.CodeOf(err)}
	if e, ok := errors.AsType[*scene.Error](err); ok {
		w.Key, w.Args, w.Fields = e.Key, e.Args, e.Fields
	}
	return w
}

func (w *wireError) err() error {
	return &scene.Error{Code: w.Code, Key: w.Key, Args: w.Args, Fields: w.Fields, Op: "server"}
}

// control serves an Operator on a socket.
type control struct {
	op     Operator
	dir    string // for uploads
	log    *slog.Logger
	server *http.Server
	path   string             // of the socket
	cancel context.CancelFunc // ends requests under way
	done   chan struct{}
}

// listenControl starts serving op on the socket of dir, with mode 0600. The
// caller holds the lock of the directory, so a socket found there is stale.
func listenControl(ctx context.Context, dir string, op Operator, log *slog.Logger) (*control, error) {
	path, err := socketPath(dir)
	if err != nil {
		return nil, scene.Wrap("app.control", err)
	}
	listener, err := listenPrivate(ctx, path)
	if err != nil {
		return nil, scene.Wrap("app.control", err)
	}
	requests, cancel := context.WithCancel(context.Background())
	c := &control{op: op, dir: dir, log: log, path: path, cancel: cancel, done: make(chan struct{})}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /import", c.stream(c.importFile))
	mux.HandleFunc("POST /survey", c.stream(c.survey))
	mux.HandleFunc("GET /mapping", c.stream(c.mapping))
	mux.HandleFunc("GET /imports", c.stream(c.imports))
	mux.HandleFunc("POST /undo", c.stream(c.undo))
	mux.HandleFunc("POST /reindex", c.stream(c.reindex))
	mux.HandleFunc("POST /rematch", c.stream(func(r *http.Request, progress func(int, int)) (any, error) {
		return nil, c.op.Rematch(r.Context(), progress)
	}))
	mux.HandleFunc("GET /diagnose", c.stream(c.diagnose))
	mux.HandleFunc("GET /vocabulary", c.stream(c.vocabulary))
	mux.HandleFunc("POST /vocabulary", c.stream(c.editVocabulary))
	mux.HandleFunc("POST /user", c.stream(c.user))
	mux.HandleFunc("POST /export", c.export)
	c.routeLearner(mux)
	c.routeExchange(mux)
	mux.HandleFunc("POST /backup", c.backup)
	c.server = &http.Server{
		Handler: mux, ReadHeaderTimeout: 5 * time.Second,
		BaseContext: func(net.Listener) context.Context { return requests },
	}
	go func() {
		defer close(c.done)
		if err := c.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			log.Error("control socket stopped", "error", err)
		}
	}()
	return c, nil
}

// stop lets requests under way end within the context's deadline, then cancels
// them: an import stops between two chunks and can be repeated.
func (c *control) stop(ctx context.Context) error {
	err := c.server.Shutdown(ctx)
	c.cancel()
	if err != nil {
		err = c.server.Close()
	}
	<-c.done
	if filepath.Dir(c.path) != filepath.Clean(c.dir) {
		_ = os.RemoveAll(filepath.Dir(c.path)) // a directory made for this socket alone
	}
	return err
}

// socketPath clears what an earlier server left and returns where the socket
// goes: into dir, or where its path is too long into a private directory whose
// name is written into dir.
func socketPath(dir string) (string, error) {
	own, address := filepath.Join(dir, socketName), filepath.Join(dir, addressName)
	for _, old := range []string{own, address} {
		if err := os.Remove(old); err != nil && !errors.Is(err, os.ErrNotExist) {
			return "", err
		}
	}
	if len(own) <= maxSocketPath {
		return own, nil
	}
	private, err := os.MkdirTemp("", "jinghe-") // mode 0700
	if err != nil {
		return "", err
	}
	path := filepath.Join(private, socketName)
	return path, os.WriteFile(address, []byte(path), 0o600)
}

// findSocket returns where the socket of a server on dir would be.
func findSocket(dir string) string {
	if elsewhere, err := os.ReadFile(filepath.Join(dir, addressName)); err == nil {
		return string(elsewhere)
	}
	return filepath.Join(dir, socketName)
}

// work is one verb of the socket: it returns what goes into Result.
type work func(r *http.Request, progress func(done, total int)) (any, error)

func (c *control) stream(do work) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/x-ndjson")
		out := json.NewEncoder(w)
		flush := http.NewResponseController(w)
		last := time.Time{}
		result, err := do(r, func(done, total int) {
			if now := time.Now(); done == total || now.Sub(last) > 100*time.Millisecond {
				last = now
				_ = out.Encode(message{Progress: &progress{done, total}}) // a reader that left is noticed by the context
				_ = flush.Flush()
			}
		})
		answer := message{}
		if err != nil {
			c.report(r, err)
			answer.Error = toWire(err)
		}
		if answer.Result, err = json.Marshal(result); err != nil {
			answer.Error = toWire(err)
		}
		if err := out.Encode(answer); err != nil {
			c.log.Warn("control answer not delivered", "path", r.URL.Path, "error", err)
		}
	}
}

func (c *control) importFile(r *http.Request, progress func(int, int)) (any, error) {
	var request ImportRequest
	if err := json.Unmarshal([]byte(r.URL.Query().Get("request")), &request); err != nil {
		return nil, &scene.Error{Code: scene.Invalid, Op: "control.import", Key: "error.invalid", Err: err}
	}
	path, err := c.spool(r.Body, request.Name)
	if path != "" {
		defer func() { _ = os.RemoveAll(filepath.Dir(path)) }()
	}
	if err != nil {
		return nil, err
	}
	request.Path = path
	return c.op.Import(r.Context(), request, progress)
}

func (c *control) survey(r *http.Request, progress func(int, int)) (any, error) {
	var request SurveyRequest
	if err := json.Unmarshal([]byte(r.URL.Query().Get("request")), &request); err != nil {
		return nil, &scene.Error{Code: scene.Invalid, Op: "control.survey", Key: "error.invalid", Err: err}
	}
	if request.Name == "" {
		return c.op.Survey(r.Context(), request, progress)
	}
	path, err := c.spool(r.Body, request.Name)
	if path != "" {
		defer func() { _ = os.RemoveAll(filepath.Dir(path)) }()
	}
	if err != nil {
		return nil, err
	}
	request.Path = path
	return c.op.Survey(r.Context(), request, progress)
}

// spool writes an upload into a directory of its own under its own name, which
// the reader of workbooks tells people.
func (c *control) spool(body io.Reader, name string) (string, error) {
	dir, err := os.MkdirTemp(c.dir, uploadPrefix)
	if err != nil {
		return "", scene.Wrap("control.spool", err)
	}
	path := filepath.Join(dir, filepath.Base(name))
	f, err := os.Create(path)
	if err != nil {
		return path, scene.Wrap("control.spool", err)
	}
	n, err := io.Copy(f, io.LimitReader(body, maxUpload+1))
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil && n > maxUpload {
		err = &scene.Error{Code: scene.TooLarge, Key: "file.too_large", Args: map[string]any{"file": name, "limit": maxUpload >> 20}}
	}
	return path, scene.Wrap("control.spool", err)
}

func (c *control) imports(r *http.Request, _ func(int, int)) (any, error) {
	return c.op.Imports(r.Context())
}

func (c *control) mapping(r *http.Request, _ func(int, int)) (any, error) {
	return c.op.Mapping(r.Context(), r.URL.Query().Get("source"))
}

func (c *control) undo(r *http.Request, _ func(int, int)) (any, error) {
	return c.op.UndoImport(r.Context(), scene.ID(r.URL.Query().Get("job")))
}

func (c *control) reindex(r *http.Request, progress func(int, int)) (any, error) {
	return nil, c.op.Reindex(r.Context(), progress)
}

func (c *control) vocabulary(r *http.Request, _ func(int, int)) (any, error) {
	return c.op.Vocabulary(r.Context())
}

func (c *control) editVocabulary(r *http.Request, _ func(int, int)) (any, error) {
	var v Vocabulary
	if err := json.NewDecoder(io.LimitReader(r.Body, maxUpload)).Decode(&v); err != nil {
		return nil, &scene.Error{Code: scene.Invalid, Op: "control.vocabulary", Err: err}
	}
	return nil, c.op.EditVocabulary(r.Context(), v)
}

// user takes its request in the body: a password has no place in an address.
func (c *control) user(r *http.Request, _ func(int, int)) (any, error) {
	var request UserRequest
	if err := json.NewDecoder(io.LimitReader(r.Body, 1<<20)).Decode(&request); err != nil {
		return nil, &scene.Error{Code: scene.Invalid, Op: "control.user", Err: err}
	}
	return c.op.User(r.Context(), request)
}

func (c *control) diagnose(r *http.Request, _ func(int, int)) (any, error) {
	return c.op.Diagnose(r.Context())
}

// export sends the file itself and what it holds in a trailer; an error after
// the first byte cuts the connection, which the client sees as an unfinished file.
func (c *control) export(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Trailer", writtenTrailer)
	var request ExportRequest
	sent := &counted{Writer: w}
	err := json.Unmarshal([]byte(r.URL.Query().Get("request")), &request)
	if err == nil {
		var written transfer.Written
		if written, err = c.op.Export(r.Context(), request, sent); err == nil {
			raw, _ := json.Marshal(written) // numbers and strings only
			w.Header().Set(writtenTrailer, string(raw))
			return
		}
	}
	c.refuse(w, r, sent, err)
}

// backup sends every row; what is sent holds its own sums.
func (c *control) backup(w http.ResponseWriter, r *http.Request) {
	sent := &counted{Writer: w}
	if err := c.op.Backup(r.Context(), sent, nil); err != nil {
		c.refuse(w, r, sent, err)
	}
}

// refuse tells why a file was not sent, or cuts it off.
func (c *control) refuse(w http.ResponseWriter, r *http.Request, sent *counted, err error) {
	c.report(r, err)
	if sent.n > 0 {
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusUnprocessableEntity)
	_ = json.NewEncoder(w).Encode(message{Error: toWire(err)}) // a client that left needs no answer
}

// counted counts what went through.
type counted struct {
	io.Writer
	n int64
}

func (c *counted) Write(p []byte) (int, error) {
	n, err := c.Writer.Write(p)
	c.n += int64(n)
	return n, err
}

// report logs a failed request: what a user can mend himself is no error of ours.
func (c *control) report(r *http.Request, err error) {
	level := slog.LevelInfo
	switch scene.CodeOf(err) {
	case scene.Internal, scene.Unavailable:
		level = slog.LevelError
	}
	c.log.Log(r.Context(), level, "control request failed", "path", r.URL.Path, "error", err)
}

// listenPrivate listens on a socket that only its owner may open. Until the mode
// is set, the directory around it (0700) keeps others away.
func listenPrivate(ctx context.Context, path string) (net.Listener, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "unix", path)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		_ = listener.Close()
		return nil, err
	}
	return listener, nil
}
