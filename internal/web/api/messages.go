package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"jinghe/internal/locale"
)

// complaint is a sentence that the library makes of an input, and ours for it.
type complaint struct{ text, key string }

// complaints lists those that the schemas of this API can cause.
func complaints() []complaint {
	return []complaint{
		{validation.MsgUnexpectedProperty, "api.schema.unexpected"},
		{validation.MsgExpectedRFC3339DateTime, "api.schema.time"},
		{validation.MsgExpectedRFC3339Date, "api.schema.date"},
		{validation.MsgExpectedBoolean, "api.schema.boolean"},
		{validation.MsgExpectedNumber, "api.schema.number"},
		{validation.MsgExpectedInteger, "api.schema.integer"},
		{validation.MsgExpectedString, "api.schema.string"},
		{validation.MsgExpectedArray, "api.schema.array"},
		{validation.MsgExpectedObject, "api.schema.object"},
		{validation.MsgExpectedOneOf, "api.schema.one_of"},
		{validation.MsgExpectedMinimumNumber, "api.schema.at_least"},
		{validation.MsgExpectedMaximumNumber, "api.schema.at_most"},
		{validation.MsgExpectedMinLength, "api.schema.longer"},
		{validation.MsgExpectedMaxLength, "api.schema.shorter"},
		{validation.MsgExpectedMinItems, "api.schema.more"},
		{validation.MsgExpectedMaxItems, "api.schema.fewer"},
		{validation.MsgExpectedRequiredProperty, "api.schema.required"},
		{"invalid integer", "api.schema.integer"}, // of parameters
		{"invalid float", "api.schema.number"},
		{"invalid boolean", "api.schema.boolean"},
		{"request body is required", "api.schema.body"},
		{huma.ErrUnknownContentType.Error() + ": %v", "api.schema.type"},
		{notJSON, "api.schema.json"},
		{jsonEnds, "api.schema.json_end"},
		{jsonType, "api.schema.json_type"},
		{jsonValue, "api.schema.json_value"},
	}
}

// What is wrong with a body before any schema is asked.
const (
	notJSON   = "no JSON from byte %d"
	jsonEnds  = "JSON ends too early"
	jsonType  = "value of another type: %s"
	jsonValue = "a value cannot be read"

	cutShort = "unexpected end of JSON input" // what encoding/json says of it, and has no error of its own for
)

// readJSON reads a body. Its errors are those of [complaints], for what the
// language's own reader says helps nobody who did not write it.
func readJSON(data []byte, into any) error {
	err := json.Unmarshal(data, into)
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		if syntax.Error() == cutShort { // not by the offset: a stray last byte stands there, too
			return errors.New(jsonEnds)
		}
		return fmt.Errorf(notJSON, syntax.Offset)
	}
	if other, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Errorf(jsonType, other.Field)
	}
	if err != nil {
		return errors.New(jsonValue)
	}
	return nil
}

// complained says in the reader's language what the library says in English; a
// sentence that is none of the known ones stays.
func complained(lang locale.Lang, message string) string {
	if key, args := complaintOf(message); key != "" {
		return locale.Text(lang, key, args)
	}
	return message
}

// complaintOf is the message for people that stands for one of the library, with
// its arguments; none where the library says what it did not say before.
func complaintOf(message string) (key string, args map[string]any) {
	for _, c := range complaints() {
		before, after, open := cutVerb(c.text)
		value, ok := strings.CutPrefix(message, before)
		if !ok || !open && value != "" {
			continue
		}
		if value, ok = strings.CutSuffix(value, after); ok {
			return c.key, map[string]any{"value": value}
		}
	}
	return "", nil
}

// cutVerb cuts a format at its one verb.
func cutVerb(format string) (before, after string, open bool) {
	at := strings.IndexByte(format, '%')
	if at < 0 {
		return format, "", false
	}
	return format[:at], format[at+2:], true
}
