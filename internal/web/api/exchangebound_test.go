package api

import (
	"encoding/json"
	"strings"
	"testing"

	"jinghe/internal/scene"
)

func TestValuesIn(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]int{
		`1`:                          1,
		`[]`:                         2,
		`["a,b","c\",[{"]`:           3,
		`{"a":[1,2],"b":{"c":"\\"}}`: 6,
		`"open, and never closed`:    1,
	} {
		if got := valuesIn([]byte(content)); got != want {
			t.Errorf("%s: %d values, want %d", content, got, want)
		}
	}
}

// FuzzValuesIn holds the count to what a decoder makes of the same document.
func FuzzValuesIn(f *testing.F) {
	f.Add([]byte(`{"a":[1,"x,\"",null,{}]}`))
	f.Fuzz(func(t *testing.T, content []byte) {
		var v any
		if json.Unmarshal(content, &v) != nil {
			return
		}
		if least, got := valuesOf(v), valuesIn(content); got < least {
			t.Errorf("%s: %d counted, and there are %d", content, got, least)
		}
	})
}

func valuesOf(v any) int {
	n := 1
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			n += valuesOf(item)
		}
	case map[string]any:
		for _, item := range v {
			n += valuesOf(item)
		}
	}
	return n
}

// A document that is small in bytes and boundless in values is refused before it
// is taken apart.
func TestReadExchangeBound(t *testing.T) {
	t.Parallel()
	content := `{"opportunities":[` + strings.Repeat("{},", MaxExchangeValues/2) + `{}]}`
	_, err := ReadExchange(t.Context(), "lists.json", []byte(content))
	if scene.CodeOf(err) != scene.TooLarge {
		t.Errorf("got %v", err)
	}
	if err == nil || !strings.Contains(err.Error(), "exchange.too_many") {
		t.Errorf("says %v", err)
	}
}
