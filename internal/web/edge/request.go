package edge

import (
	"context"
	"strconv"
	"strings"

	"jinghe/internal/account"
	"jinghe/internal/locale"
	"jinghe/internal/scene"
)

// Request is what the outermost middleware learned of a request.
type Request struct {
	ID    string      // printable, unique; in the log, on error pages and in problems
	Lang  locale.Lang // negotiated language
	Prefs Preferences
	// Actor is who asks: a visitor where nobody is signed in, or not wholly.
	Actor scene.Actor
	// Who is the account and session behind the request, nil for a visitor.
	Who *account.Identity
	// Session is the token that the browser holds, "" for a visitor.
	Session string
	// Form is the token that forms of this browser carry, "" where no page with
	// a form is asked for.
	Form string
	// Inbox says that the account has an inbox, Unread how much of it is new.
	Inbox  bool
	Unread int
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

// LocalPath returns back if it is a path on this site, else otherwise: a link
// must not send a reader elsewhere.
func LocalPath(back, otherwise string) string {
	if !strings.HasPrefix(back, "/") || strings.HasPrefix(back, "//") || len(back) > 2000 ||
		strings.ContainsFunc(back, func(r rune) bool { return r == '\\' || r < ' ' || r == 0x7f }) {
		return otherwise
	}
	return back
}

// Number reads a number of a form, 0 where there is none.
func Number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}
