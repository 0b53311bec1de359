package meili

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/meilisearch/meilisearch-go"

	"jinghe/search"
)

// Oldest is the first version of the server that understands what is asked of
// it: earlier ones refuse the swap of indexes as the official client words it.
const Oldest = "1.18"

// Problem says what keeps a server from answering.
type Problem string

// Problems.
const (
	Away       Problem = "away"        // nobody answers at the address, or not in time
	NoServer   Problem = "no-server"   // somebody answers, but not as Meilisearch does
	KeyRefused Problem = "key-refused" // the key is unknown, or may not do what is needed
	TooOld     Problem = "too-old"     // older than Oldest
	Failed     Problem = "failed"      // a request or task failed
)

// ServerError is the cause of every [search.Unavailable] error of this package.
type ServerError struct {
	Problem Problem
	URL     string
	Version string // of the server, where it was too old
	Err     error  // may be nil
}

// Error names the problem and where.
func (e *ServerError) Error() string {
	text := fmt.Sprintf("meilisearch at %s: %s", e.URL, e.Problem)
	if e.Version != "" {
		text += " " + e.Version
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns the cause.
func (e *ServerError) Unwrap() error { return e.Err }

// Server describes a server that can be used.
type Server struct {
	Version string // empty where the key may not ask for it
	// Unlimited says that the key may do everything on the server, or that it asks
	// for none: a key that is limited to this program's indexes would do.
	Unlimited bool
}

// Check asks the server for its version and what the key may do. A server that
// cannot be used is a [search.Unavailable] error with a [*ServerError].
func (e *Engine) Check(ctx context.Context) (Server, error) {
	version, err := e.version(ctx)
	if err != nil {
		return Server{}, err
	}
	_, err = ask(ctx, e, e.o.ReadTimeout, func(ctx context.Context) (*meilisearch.KeysResults, error) {
		return e.client.GetKeysWithContext(ctx, nil)
	})
	if err != nil && problemOf(err) != KeyRefused { // a server without keys refuses the list, too
		return Server{}, err
	}
	return Server{Version: version, Unlimited: err == nil || e.o.Key == ""}, nil
}

// version asks for the version and whether the server is new enough. It is
// empty where the key may not ask for it: one that is limited to some indexes
// may not, and must then be good for these.
func (e *Engine) version(ctx context.Context) (string, error) {
	answer, err := ask(ctx, e, e.o.ReadTimeout, e.client.VersionWithContext)
	switch {
	case problemOf(err) == KeyRefused:
		if _, other := e.stats(ctx, e.o.Prefix+"none"); other == nil || isMissing(other) {
			e.fit.Store(true)
			return "", nil
		}
		return "", err
	case err != nil:
		return "", err
	case older(answer.PkgVersion, Oldest):
		return "", e.problem(TooOld, answer.PkgVersion, nil)
	}
	e.fit.Store(true)
	return answer.PkgVersion, nil
}

// checkVersion makes sure, once, that the server is new enough.
func (e *Engine) checkVersion(ctx context.Context) error {
	if e.fit.Load() {
		return nil
	}
	_, err := e.version(ctx)
	return err
}

// older compares major and minor versions; what is no version is not older.
func older(version, than string) bool {
	a, okA := numbers(version)
	b, okB := numbers(than)
	return okA && okB && (a[0] < b[0] || a[0] == b[0] && a[1] < b[1])
}

func numbers(version string) (out [2]int, ok bool) {
	parts := strings.SplitN(strings.TrimPrefix(version, "v"), ".", 3)
	if len(parts) < len(out) {
		return out, false
	}
	for i := range out {
		n, err := strconv.Atoi(parts[i])
		if err != nil {
			return out, false
		}
		out[i] = n
	}
	return out, true
}

func (e *Engine) problem(p Problem, version string, err error) error {
	return &search.Error{
		Kind: search.Unavailable, Detail: "the search server does not answer",
		Err: &ServerError{Problem: p, URL: e.o.URL, Version: version, Err: err},
	}
}

// ask bounds one question to the server and says what went wrong.
func ask[T any](ctx context.Context, e *Engine, within time.Duration, question func(context.Context) (T, error)) (T, error) {
	if err := e.pause.check(e.o.Now()); err != nil {
		var none T
		return none, err
	}
	bounded, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	answer, err := question(bounded)
	if err == nil {
		return answer, nil
	}
	if ctx.Err() != nil {
		return answer, ctx.Err()
	}
	err = e.explain(err)
	if problemOf(err) == Away {
		e.pause.begin(e.o.Now(), err)
	}
	return answer, err
}

// pause spares a server that did not answer, and those who wait for it: for a
// moment the same failure is given without asking again.
type pause struct {
	mu    sync.Mutex
	until time.Time
	err   error
}

const pauseLength = time.Second

func (p *pause) begin(now time.Time, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.until, p.err = now.Add(pauseLength), err
}

func (p *pause) check(now time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now.Before(p.until) {
		return p.err
	}
	return nil
}

// explain finds the problem behind an error of the client.
func (e *Engine) explain(err error) error {
	refused, ok := errors.AsType[*meilisearch.Error](err)
	if !ok {
		return e.problem(Away, "", err)
	}
	switch {
	case refused.StatusCode == http.StatusUnauthorized || refused.StatusCode == http.StatusForbidden:
		return e.problem(KeyRefused, "", err)
	case refused.StatusCode == 0 || refused.StatusCode >= http.StatusBadGateway:
		return e.problem(Away, "", err)
	case refused.MeilisearchApiError.Code == "":
		// The client's own words go on for a page about what it had hoped for.
		return e.problem(NoServer, "", fmt.Errorf("status %d to %s", refused.StatusCode, refused.Endpoint))
	}
	return e.problem(Failed, "", err)
}

func problemOf(err error) Problem {
	if server, ok := errors.AsType[*ServerError](err); ok {
		return server.Problem
	}
	return ""
}

// Codes of the server.
const (
	missingIndex = "index_not_found"
	missingTask  = "task_not_found"
)

func isMissing(err error) bool { return codeOf(err) == missingIndex }

// codeOf is the server's code of an error, or of the task that failed.
func codeOf(err error) string {
	if task, ok := errors.AsType[*taskError](err); ok {
		return task.code
	}
	if refused, ok := errors.AsType[*meilisearch.Error](err); ok {
		return refused.MeilisearchApiError.Code
	}
	return ""
}

// taskError is a task that the server could not carry out.
type taskError struct{ code, message string }

func (e *taskError) Error() string { return e.code + ": " + e.message }

// What is awaited is looked at again after the first pause, then each time after
// half as long again as before, at most after the last.
const (
	firstPoll = 8 * time.Millisecond
	lastPoll  = 200 * time.Millisecond
)

// until looks until there is nothing to wait for.
func until(ctx context.Context, look func() (there bool, err error)) error {
	for pause := firstPoll; ; pause = min(pause*3/2, lastPoll) {
		if there, err := look(); there || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}

// await waits until the server has carried out the tasks, in order.
func (e *Engine) await(ctx context.Context, tasks ...*meilisearch.TaskInfo) error {
	for _, t := range tasks {
		task, err := ask(ctx, e, e.o.WriteTimeout, func(ctx context.Context) (task *meilisearch.Task, err error) {
			err = until(ctx, func() (bool, error) {
				task, err = e.client.GetTaskWithContext(ctx, t.TaskUID)
				return err == nil && task.Status != meilisearch.TaskStatusEnqueued && task.Status != meilisearch.TaskStatusProcessing, err
			})
			return task, err
		})
		if err != nil {
			return err
		}
		if task.Status != meilisearch.TaskStatusSucceeded {
			return e.problem(Failed, "", &taskError{task.Error.Code, task.Error.Message})
		}
	}
	return nil
}

// do gives the server a task.
func (e *Engine) do(ctx context.Context, task func(context.Context) (*meilisearch.TaskInfo, error)) (*meilisearch.TaskInfo, error) {
	return ask(ctx, e, e.o.WriteTimeout, task)
}

// doTogether gives the server tasks and waits for all of them.
func (e *Engine) doTogether(ctx context.Context, tasks ...func(context.Context) (*meilisearch.TaskInfo, error)) error {
	var given []*meilisearch.TaskInfo
	for _, task := range tasks {
		info, err := e.do(ctx, task)
		if err != nil {
			return err
		}
		given = append(given, info)
	}
	return e.await(ctx, given...)
}

// drop deletes an index of the server, if there is one.
func (e *Engine) drop(ctx context.Context, uid string) error {
	err := e.doTogether(ctx, func(ctx context.Context) (*meilisearch.TaskInfo, error) {
		return e.client.DeleteIndexWithContext(ctx, uid)
	})
	if isMissing(err) {
		return nil
	}
	return err
}

func (e *Engine) stats(ctx context.Context, uid string) (*meilisearch.StatsIndex, error) {
	return ask(ctx, e, e.o.ReadTimeout, func(ctx context.Context) (*meilisearch.StatsIndex, error) {
		return e.client.Index(uid).GetStatsWithContext(ctx, nil)
	})
}

// multi asks several queries at once.
func (e *Engine) multi(ctx context.Context, queries []*meilisearch.SearchRequest) ([]meilisearch.SearchResponse, error) {
	answer, err := ask(ctx, e, e.o.ReadTimeout, func(ctx context.Context) (*meilisearch.MultiSearchResponse, error) {
		return e.client.MultiSearchWithContext(ctx, &meilisearch.MultiSearchRequest{Queries: queries})
	})
	if err != nil {
		return nil, err
	}
	if len(answer.Results) != len(queries) {
		return nil, e.problem(NoServer, "", fmt.Errorf("%d answers to %d queries", len(answer.Results), len(queries)))
	}
	return answer.Results, nil
}
