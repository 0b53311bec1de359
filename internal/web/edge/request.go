package edge

import (
	"context"

	"jinghe/internal/locale"
)

// Request is what the outermost middleware learned of a request.
type Request struct {
	ID    string      // printable, unique; in the log, on error pages and in problems
	Lang  locale.Lang // negotiated language
	Prefs Preferences
}

// Preferences are the choices a reader made about the look, kept in cookies.
type Preferences struct {
	Theme string // "light", "dark" or "" to follow the system
	Large bool   // large text
}

type requestKey struct{}

// With returns a context that carries r.
func With(ctx context.Context, r Request) context.Context {
	return context.WithValue(ctx, requestKey{}, r)
}

// From returns the request of ctx; without one, an empty id and Chinese.
func From(ctx context.Context) Request {
	if r, ok := ctx.Value(requestKey{}).(Request); ok {
		return r
	}
	return Request{Lang: locale.Zh}
}
