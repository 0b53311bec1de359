package fair

import (
	"errors"
	"strconv"
	"strings"

	"jinghe/internal/scene"
)

func yes(on bool) string {
	if on {
		return "yes"
	}
	return ""
}

func optional(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

// number reads a number that may be missing.
func number(text, field string) (*int, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return nil, &scene.Error{
			Code: scene.Invalid, Op: "fair.number", Key: "fair.invalid", Err: err,
			Fields: []scene.FieldError{{Field: field, Key: "fair.number", Args: map[string]any{"value": text}}},
		}
	}
	return &n, nil
}

func fieldsOf(err error) []scene.FieldError {
	if e, ok := errors.AsType[*scene.Error](err); ok {
		return e.Fields
	}
	return nil
}

// pairs are arguments as ui.Page.T takes them.
func pairs(args map[string]any) []any {
	list := make([]any, 0, 2*len(args))
	for name, value := range args {
		list = append(list, name, value)
	}
	return list
}
