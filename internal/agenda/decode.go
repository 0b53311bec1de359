package agenda

import (
	"encoding/json"
	"errors"
	"io"

	"jinghe/internal/scene"
)

// maxDocument bounds a document: the largest problem allowed fits several times.
const maxDocument = 256 << 20

// DecodeProblem reads and validates a problem document. Fields that a problem
// does not have are refused, since a misspelt one would be lost in silence.
// Errors are [scene.Invalid] and name each wrong field, or [scene.TooLarge].
func DecodeProblem(r io.Reader) (*Problem, error) {
	var p Problem
	if err := decode(r, &p, "agenda.problem_syntax"); err != nil {
		return nil, err
	}
	if err := p.Validate(); err != nil {
		return nil, err
	}
	return &p, nil
}

// DecodePlan reads a plan document. Whether it keeps the rules of a problem is
// for [Check] to say. Errors are as those of [DecodeProblem].
func DecodePlan(r io.Reader) (*Plan, error) {
	var plan Plan
	if err := decode(r, &plan, "agenda.plan_syntax"); err != nil {
		return nil, err
	}
	return &plan, nil
}

// decode reads one JSON value and nothing after it.
func decode(r io.Reader, into any, key string) error {
	raw, err := io.ReadAll(io.LimitReader(r, maxDocument+1))
	if err != nil {
		return scene.Wrap("agenda.decode", err)
	}
	if len(raw) > maxDocument {
		return &scene.Error{Code: scene.TooLarge, Key: "agenda.document_large", Args: map[string]any{"megabytes": maxDocument >> 20}}
	}
	if !json.Valid(raw) {
		var syntax *json.SyntaxError
		line := 1
		if err := json.Unmarshal(raw, new(any)); errors.As(err, &syntax) {
			line = lineOf(raw, int(syntax.Offset))
		}
		return &scene.Error{Code: scene.Invalid, Key: "agenda.not_json", Args: map[string]any{"line": line}}
	}
	if err := strictly(raw, into); err != nil {
		return &scene.Error{Code: scene.Invalid, Key: key, Args: map[string]any{"reason": err.Error()}, Err: err}
	}
	return nil
}

// lineOf counts from 1.
func lineOf(raw []byte, offset int) int {
	line := 1
	for _, b := range raw[:min(offset, len(raw))] {
		if b == '\n' {
			line++
		}
	}
	return line
}
