package scene

import (
	"errors"
	"strings"
	"unicode/utf8"
)

// Bounds in code points. A cell of a workbook holds at most 32,767 characters.
const (
	maxName = 200
	maxText = 32_767
)

// faults collects field errors on the way through Validate.
type faults []FieldError

func (f *faults) add(field, key string, args map[string]any) {
	*f = append(*f, FieldError{Field: field, Key: key, Args: args})
}

func (f *faults) require(field, value string) {
	if strings.TrimSpace(value) == "" {
		f.add(field, "field.required", nil)
	}
}

func (f *faults) tooLong(field, value string, limit int) {
	if n := utf8.RuneCountInString(value); n > limit {
		f.add(field, "field.too_long", map[string]any{"length": n, "limit": limit})
	}
}

func (f *faults) check(ok bool, field, key string) {
	if !ok {
		f.add(field, key, nil)
	}
}

func (f faults) err(key string) error {
	if len(f) == 0 {
		return nil
	}
	return &Error{Code: Invalid, Key: key, Fields: f}
}

func keyOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Key
	}
	return "field.invalid"
}
