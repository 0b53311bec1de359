package scene

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

func TestCodeOf(t *testing.T) {
	t.Parallel()
	missing := &Error{Code: NotFound, Key: "organisation.missing"}
	for want, err := range map[Code]error{
		"":       nil,
		Internal: io.EOF,
		NotFound: fmt.Errorf("reading: %w", Wrap("store.Get", missing)),
	} {
		if got := CodeOf(err); got != want {
			t.Errorf("CodeOf(%v) = %q, want %q", err, got, want)
		}
	}
}

func TestWrap(t *testing.T) {
	t.Parallel()
	if Wrap("op", nil) != nil {
		t.Error("nil becomes an error")
	}
	if e := Wrap("disk.Read", io.EOF); CodeOf(e) != Internal || !errors.Is(e, io.EOF) {
		t.Errorf("foreign error: %v", e)
	}
	inner := &Error{Code: Invalid, Key: "k", Args: map[string]any{"a": 1}, Fields: []FieldError{{Field: "f", Key: "fk"}}}
	outer, ok := errors.AsType[*Error](Wrap("registry.Submit", Wrap("scene.Validate", inner)))
	if !ok || outer.Code != Invalid || outer.Key != "k" || outer.Args["a"] != 1 || len(outer.Fields) != 1 || !errors.Is(outer, inner) {
		t.Errorf("lost on the way: %+v", outer)
	}
}

func TestErrorText(t *testing.T) {
	t.Parallel()
	inner := &Error{Code: Invalid, Key: "k", Args: map[string]any{"a": 1}, Fields: []FieldError{{Field: "f", Key: "fk"}}, Err: io.EOF}
	got := Wrap("registry.Submit", Wrap("scene.Validate", inner)).Error()
	if want := "registry.Submit: scene.Validate: invalid k map[a:1] [f: fk]: EOF"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	other := &Error{Code: Unavailable, Key: "busy", Op: "web.Get", Err: inner}
	if s := other.Error(); !strings.HasPrefix(s, "web.Get: unavailable busy: invalid k") {
		t.Errorf("a cause of another kind: %s", s)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
