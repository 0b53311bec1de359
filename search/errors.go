package search

import "fmt"

// ErrorKind says what a caller can do about an [Error].
type ErrorKind string

// Kinds of error.
const (
	// Invalid marks a schema, document, query or need that breaks the contract; repeating it is useless.
	Invalid ErrorKind = "invalid"
	// Closed marks a call after Close.
	Closed ErrorKind = "closed"
	// Unavailable marks an engine that cannot answer now; the same call may succeed later.
	Unavailable ErrorKind = "unavailable"
)

// Error is what every method of [Index] and [Engine] returns when it fails,
// besides the error of its context.
type Error struct {
	Kind   ErrorKind
	Detail string // what was wrong with which document or field
	Err    error  // the cause, may be nil
}

// Error returns kind and detail.
func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("search: %s: %s: %v", e.Kind, e.Detail, e.Err)
	}
	return fmt.Sprintf("search: %s: %s", e.Kind, e.Detail)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Invalidf makes an error of kind [Invalid].
func Invalidf(format string, args ...any) *Error {
	return &Error{Kind: Invalid, Detail: fmt.Sprintf(format, args...)}
}
