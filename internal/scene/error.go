package scene

import (
	"errors"
	"fmt"
	"slices"
)

// Code is the kind of an error: what the caller can do about it.
type Code string

// The codes. One function in internal/web maps each to an HTTP status.
const (
	Invalid      Code = "invalid"      // the input breaks a rule; Fields says which
	NotFound     Code = "not_found"    // no such thing, or none the caller may see
	Conflict     Code = "conflict"     // it exists already, or changed meanwhile
	Unauthorized Code = "unauthorized" // the caller is not known
	Forbidden    Code = "forbidden"    // the caller is known and may not
	Precondition Code = "precondition" // the state does not allow it now
	TooLarge     Code = "too_large"    // a bound on size or number was passed
	TooMany      Code = "too_many"     // asked too often; Args["seconds"] says when to try again
	Unavailable  Code = "unavailable"  // something needed is away; try again later
	Internal     Code = "internal"     // a defect or a broken engine
)

// Error is what every layer returns to the one above. Key and Args are
// translated where a person reads them; Err goes to the log only.
type Error struct {
	Code   Code
	Key    string         // message key, e.g. "credit_code.checksum"
	Args   map[string]any // named arguments of the message
	Fields []FieldError   // which inputs are wrong, if any
	Op     string         // operation, outermost first, e.g. "registry.Import"
	Err    error          // cause; never shown to a user
}

// FieldError names one wrong input.
type FieldError struct {
	Field string         `json:"field"` // JSON name of the field
	Key   string         `json:"key"`
	Args  map[string]any `json:"args,omitempty"`
}

// Error describes e for a log. What Wrap repeats from its cause is said once.
func (e *Error) Error() string {
	if inner, ok := e.Err.(*Error); ok && e.Op != "" && inner.Code == e.Code && inner.Key == e.Key { //nolint:errorlint // the direct cause only
		return e.Op + ": " + inner.Error()
	}
	s := string(e.Code)
	if e.Op != "" {
		s = e.Op + ": " + s
	}
	if e.Key != "" {
		s += " " + e.Key
	}
	if len(e.Args) > 0 {
		s += fmt.Sprintf(" %v", e.Args)
	}
	for _, f := range e.Fields {
		s += fmt.Sprintf(" [%s: %s]", f.Field, f.Key)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// CodeOf returns the code of the first *Error in err's chain, Internal for any
// other error and "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return Internal
}

// Together is one error for all that is wrong with an input: the first, with the
// fields of all of them: one that an error names before is not told of again. An
// error that is not Invalid, or names no field, stands for itself. It returns nil
// where none is an error.
func Together(errs ...error) error {
	var all *Error
	for _, err := range errs {
		e, ok := errors.AsType[*Error](err)
		switch {
		case err == nil:
		case !ok || e.Code != Invalid || len(e.Fields) == 0:
			return err
		case all == nil:
			first := *e
			first.Fields = slices.Clone(e.Fields)
			all = &first
		default:
			told := slices.Clone(all.Fields)
			for _, f := range e.Fields {
				if !slices.ContainsFunc(told, func(x FieldError) bool { return x.Field == f.Field }) {
					all.Fields = append(all.Fields, f)
				}
			}
		}
	}
	if all == nil {
		return nil
	}
	return all
}

// Wrap adds the operation to err, keeping its code, key, arguments and fields.
// It returns nil for nil.
func Wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return &Error{Code: e.Code, Key: e.Key, Args: e.Args, Fields: e.Fields, Op: op, Err: err}
	}
	return &Error{Code: Internal, Op: op, Err: err}
}
