package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/labstack/echo/v4"

	"jinghe/internal/repeat"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
)

const (
	idempotencyKey = "Idempotency-Key"
	// replayed says that an answer was given before.
	replayed = "Idempotency-Replayed"
	maxKey   = repeat.MaxKey
)

// keptHeaders lists what of the head of an answer is given again.
func keptHeaders() []string { return []string{"Content-Type", "ETag", "Location"} }

// once has a POST with an idempotency key done once: the same request again
// gets the answer it had, another one under the same key a Conflict. What was
// refused changed nothing, and may be tried again under its key; of what broke
// off nobody knows how far it came, so that it may not.
func (a *API) once(ctx huma.Context, next func(huma.Context)) {
	key, by := ctx.Header(idempotencyKey), edge.From(ctx.Context()).Actor
	if ctx.Method() != http.MethodPost || key == "" || !by.Known() || a.Services.Repeats == nil {
		next(ctx)
		return
	}
	c := humaecho.Unwrap(ctx)
	r, err := request(c, by.ID, ctx.Operation().OperationID, key)
	if err != nil {
		a.refuse(ctx, err)
		return
	}
	kept, err := a.Services.Repeats.Begin(ctx.Context(), r)
	switch {
	case err != nil:
		a.refuse(ctx, err)
	case kept != nil:
		a.replay(ctx, kept)
	default:
		a.first(ctx, c, r, next)
	}
}

// request reads the body, which the handler will read again, for its digest.
func request(c echo.Context, caller scene.ID, operation, key string) (repeat.Request, error) {
	req := c.Request()
	body, err := readAgain(c)
	if err != nil {
		return repeat.Request{}, err
	}
	sum := sha256.New()
	for _, part := range []string{req.URL.Path, req.URL.RawQuery, req.Header.Get("If-Match")} {
		_, _ = io.WriteString(sum, part+"\x00") // a hash takes everything
	}
	_, _ = sum.Write(body)
	return repeat.Request{Caller: caller, Operation: operation, Key: key, Digest: hex.EncodeToString(sum.Sum(nil))}, nil
}

// readAgain reads the body, and leaves it to be read again.
func readAgain(c echo.Context) ([]byte, error) {
	req := c.Request()
	body, err := io.ReadAll(req.Body)
	if _, long := errors.AsType[*http.MaxBytesError](err); long {
		return nil, &scene.Error{Code: scene.TooLarge, Op: "api.readAgain", Err: err}
	}
	if err != nil { // the caller did not send what he announced
		return nil, &scene.Error{Code: scene.Invalid, Op: "api.readAgain", Err: err}
	}
	req.Body = io.NopCloser(bytes.NewReader(body))
	return body, nil
}

func (a *API) replay(ctx huma.Context, kept *scene.Answer) {
	for i := 0; i+1 < len(kept.Header); i += 2 {
		ctx.SetHeader(kept.Header[i], kept.Header[i+1])
	}
	ctx.SetHeader(replayed, "true")
	ctx.SetStatus(kept.Status)
	if _, err := ctx.BodyWriter().Write(kept.Body); err != nil {
		a.Log.WarnContext(ctx.Context(), "answer not sent", "error", err)
	}
}

// first has the request worked on, and keeps the answer before it is sent: who
// has it can rely on getting it again.
func (a *API) first(ctx huma.Context, c echo.Context, r repeat.Request, next func(huma.Context)) {
	after := context.WithoutCancel(ctx.Context()) // who went away may come again
	held := &holding{ResponseWriter: c.Response().Writer}
	defer func() { c.Response().Writer = held.ResponseWriter }()
	c.Response().Writer = held
	next(ctx)
	switch status := held.status; {
	case status >= 300 && status < 500:
		if err := a.Services.Repeats.Release(after, r); err != nil {
			a.Log.WarnContext(after, "idempotency key not released", "error", err)
		}
	case status >= 200 && status < 300:
		var header []string
		for _, name := range keptHeaders() {
			if v := held.Header().Get(name); v != "" {
				header = append(header, name, v)
			}
		}
		if err := a.Services.Repeats.Finish(after, r, held.status, header, held.body.Bytes()); err != nil {
			a.Log.ErrorContext(after, "answer not kept", "error", err)
		}
	}
	held.send()
}

// holding keeps an answer back.
type holding struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

// WriteHeader keeps the status back.
func (h *holding) WriteHeader(status int) { h.status = status }

// Write keeps a part of the body back.
func (h *holding) Write(b []byte) (int, error) {
	if h.status == 0 {
		h.status = http.StatusOK
	}
	return h.body.Write(b)
}

// send lets the answer go. Who went away meanwhile does not miss it.
func (h *holding) send() {
	if h.status != 0 {
		h.ResponseWriter.WriteHeader(h.status)
		_, _ = h.ResponseWriter.Write(h.body.Bytes())
	}
}
