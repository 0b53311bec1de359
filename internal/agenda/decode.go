package agenda

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"

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
	if err := readable(raw); err != nil {
		return err
	}
	if err := strictly(raw, into); err != nil {
		return misshapen(raw, into, key, err)
	}
	return nil
}

// readable tells whether the document is one JSON object, and where it is not.
func readable(raw []byte) error {
	refuse := func(key string, line int) error {
		return &scene.Error{Code: scene.Invalid, Key: key, Args: map[string]any{"line": line}}
	}
	if text := bytes.TrimSpace(raw); json.Valid(raw) {
		if text[0] != '{' {
			return refuse("agenda.not_json_object", 1)
		}
		return nil
	} else if len(text) == 0 {
		return refuse("agenda.not_json_empty", 1)
	}
	var syntax *json.SyntaxError
	if err := json.Unmarshal(raw, new(any)); !errors.As(err, &syntax) {
		return refuse("agenda.not_json", 1)
	}
	if int(syntax.Offset) >= len(raw) {
		return refuse("agenda.not_json_cut", lineOf(raw, len(raw)))
	}
	return refuse("agenda.not_json", lineOf(raw, int(syntax.Offset)))
}

// misshapen says, under a key that begins with the one given, at which places an object of
// JSON is not the document it should be.
func misshapen(raw []byte, into any, key string, err error) error {
	told := &scene.Error{Code: scene.Invalid, Key: key, Args: map[string]any{"count": 1}, Err: err}
	var document map[string]any
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	if decoder.Decode(&document) != nil {
		return told
	}
	if version, stated := document["version"]; stated {
		told.Key, told.Args = key+"_version", map[string]any{"version": version}
		return told
	}
	var s shape
	s.look("", document, reflect.TypeOf(into))
	told.Args["count"], told.Fields = len(s.findings)+s.more, s.findings
	return told
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
