package app

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"

	"jinghe/internal/learning"
	"jinghe/internal/match"
	"jinghe/internal/scene"
)

// routeLearner adds the verbs of a Learner to the socket.
func (c *control) routeLearner(mux *http.ServeMux) {
	mux.HandleFunc("POST /judgements", c.stream(func(r *http.Request, _ func(int, int)) (any, error) {
		return take(r, c.op.AddJudgements)
	}))
	mux.HandleFunc("POST /tune", c.stream(func(r *http.Request, progress func(int, int)) (any, error) {
		return take(r, func(ctx context.Context, t TuneRequest) (TuneReport, error) { return c.op.Tune(ctx, t, progress) })
	}))
	mux.HandleFunc("GET /pairs", c.stream(func(r *http.Request, _ func(int, int)) (any, error) {
		top, err := strconv.Atoi(r.URL.Query().Get("top"))
		if err != nil {
			return nil, &scene.Error{Code: scene.Invalid, Op: "control.pairs", Err: err}
		}
		return c.op.PairsToGrade(r.Context(), top)
	}))
	mux.HandleFunc("GET /weights", c.stream(func(r *http.Request, _ func(int, int)) (any, error) {
		return c.op.WeightSets(r.Context())
	}))
	mux.HandleFunc("POST /weights/activate", c.stream(func(r *http.Request, _ func(int, int)) (any, error) {
		return nil, c.op.ActivateWeights(r.Context(), scene.ID(r.URL.Query().Get("set")))
	}))
	mux.HandleFunc("POST /weights/rollback", c.stream(func(r *http.Request, _ func(int, int)) (any, error) {
		return nil, c.op.RollbackWeights(r.Context())
	}))
	mux.HandleFunc("GET /marks", c.stream(func(r *http.Request, _ func(int, int)) (any, error) {
		return c.op.PairMarks(r.Context())
	}))
	mux.HandleFunc("POST /marks", c.stream(func(r *http.Request, _ func(int, int)) (any, error) {
		return take(r, func(ctx context.Context, m MarkRequest) (any, error) { return nil, c.op.MarkPair(ctx, m) })
	}))
}

// take reads the body into a request and carries it out.
func take[In, Out any](r *http.Request, do func(context.Context, In) (Out, error)) (any, error) {
	var in In
	if err := json.NewDecoder(http.MaxBytesReader(nil, r.Body, maxUpload)).Decode(&in); err != nil {
		return nil, &scene.Error{Code: scene.Invalid, Op: "control " + r.URL.Path, Err: err}
	}
	return do(r.Context(), in)
}

// give sends in as the body and reads the answer into out.
func (c *Client) give(ctx context.Context, path string, in, out any, progress func(done, total int)) error {
	body, err := json.Marshal(in)
	if err != nil {
		return scene.Wrap("app.Client "+path, err)
	}
	return c.call(ctx, http.MethodPost, path, nil, bytes.NewReader(body), progress, out)
}

// AddJudgements stores judgements.
func (c *Client) AddJudgements(ctx context.Context, r JudgementsRequest) (added learning.Added, err error) {
	err = c.give(ctx, "/judgements", r, &added, nil)
	return added, err
}

// Tune has the server refit the weights.
func (c *Client) Tune(ctx context.Context, r TuneRequest, progress func(done, total int)) (report TuneReport, err error) {
	err = c.give(ctx, "/tune", r, &report, progress)
	return report, err
}

// PairsToGrade asks for pairs worth grading.
func (c *Client) PairsToGrade(ctx context.Context, top int) (list []match.Ranking, err error) {
	err = c.call(ctx, http.MethodGet, "/pairs", url.Values{"top": {strconv.Itoa(top)}}, nil, nil, &list)
	return list, err
}

// WeightSets lists the sets of weights.
func (c *Client) WeightSets(ctx context.Context) (sets WeightSets, err error) {
	err = c.call(ctx, http.MethodGet, "/weights", nil, nil, nil, &sets)
	return sets, err
}

// ActivateWeights puts a set in force.
func (c *Client) ActivateWeights(ctx context.Context, set scene.ID) error {
	return c.call(ctx, http.MethodPost, "/weights/activate", url.Values{"set": {string(set)}}, nil, nil, nil)
}

// RollbackWeights takes the last activation back.
func (c *Client) RollbackWeights(ctx context.Context) error {
	return c.call(ctx, http.MethodPost, "/weights/rollback", nil, nil, nil, nil)
}

// MarkPair sets or takes away the mark of a pair.
func (c *Client) MarkPair(ctx context.Context, r MarkRequest) error {
	return c.give(ctx, "/marks", r, nil, nil)
}

// PairMarks lists the marks.
func (c *Client) PairMarks(ctx context.Context) (list []learning.Marked, err error) {
	err = c.call(ctx, http.MethodGet, "/marks", nil, nil, nil, &list)
	return list, err
}
