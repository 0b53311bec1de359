package edge

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
)

func TestStatus(t *testing.T) {
	t.Parallel()
	tests := map[scene.Code]int{
		scene.Invalid: 422, scene.NotFound: 404, scene.Conflict: 409, scene.Unauthorized: 401, scene.Forbidden: 403,
		scene.Precondition: 412, scene.TooLarge: 413, scene.TooMany: 429, scene.Unavailable: 503, scene.Internal: 500, "no such code": 500,
	}
	for code, want := range tests {
		if got := Status(code); got != want {
			t.Errorf("%s: %d, want %d", code, got, want)
		}
		if code != "no such code" && CodeFor(want) != code {
			t.Errorf("%d goes back to %s, want %s", want, CodeFor(want), code)
		}
	}
	for status, want := range map[int]scene.Code{400: scene.Invalid, 405: scene.Invalid, 429: scene.TooMany, 502: scene.Internal, 414: scene.TooLarge} {
		if got := CodeFor(status); got != want {
			t.Errorf("%d: %s, want %s", status, got, want)
		}
	}
}

func TestNewProblem(t *testing.T) {
	t.Parallel()
	secret := errors.New("dial tcp 10.0.0.3: password hunter2")
	own := &Problem{Status: 418}
	tests := map[string]struct {
		err    error
		lang   locale.Lang
		status int
		code   scene.Code
		detail string // part of it
	}{
		"Key":        {&scene.Error{Code: scene.Invalid, Key: "web.cursor", Err: secret}, locale.Zh, 422, scene.Invalid, "翻页参数无效"},
		"English":    {&scene.Error{Code: scene.Invalid, Key: "web.cursor"}, locale.En, 422, scene.Invalid, "cursor is not valid"},
		"UnknownKey": {&scene.Error{Code: scene.Conflict, Key: "no.such.key"}, locale.Zh, 409, scene.Conflict, "请刷新后再试"},
		"Wrapped":    {scene.Wrap("a", scene.Wrap("b", &scene.Error{Code: scene.NotFound})), locale.Zh, 404, scene.NotFound, "没有找到"},
		"Foreign":    {fmt.Errorf("query: %w", secret), locale.Zh, 500, scene.Internal, "系统内部出错"},
		"Deadline":   {fmt.Errorf("query: %w", context.DeadlineExceeded), locale.Zh, 503, scene.Unavailable, "处理超时"},
		"Problem":    {own, locale.Zh, 418, "", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := NewProblem(With(context.Background(), Request{ID: "r-1", Lang: tt.lang}), tt.err)
			if p.Status != tt.status || p.Code != string(tt.code) || !strings.Contains(p.Detail, tt.detail) {
				t.Errorf("got %+v", p)
			}
			if strings.Contains(fmt.Sprint(p), "hunter2") || strings.Contains(p.Error(), "hunter2") {
				t.Error("the cause is told")
			}
			if p != own && p.RequestID != "r-1" {
				t.Errorf("request id %q", p.RequestID)
			}
		})
	}
}

func TestProblemFields(t *testing.T) {
	t.Parallel()
	err := &scene.Error{Code: scene.Invalid, Fields: []scene.FieldError{{Field: "name", Key: "field.required"}}}
	p := NewProblem(context.Background(), err)
	if len(p.Errors) != 1 || p.Errors[0].Field != "name" || p.Errors[0].Message == "field.required" {
		t.Errorf("%+v", p.Errors)
	}
	if got := p.ContentType("application/json"); got != "application/problem+json" {
		t.Errorf("content type %q", got)
	}
	if got := p.ContentType("text/plain"); got != "text/plain" {
		t.Errorf("content type %q", got)
	}
	away := NewProblem(context.Background(), &scene.Error{Code: scene.Unavailable})
	if away.GetHeaders().Get("Retry-After") == "" || p.GetHeaders() != nil || away.GetStatus() != http.StatusServiceUnavailable {
		t.Error("Retry-After stands where it should not, or not where it should")
	}
}

func TestFrom(t *testing.T) {
	t.Parallel()
	if r := From(context.Background()); r.Lang != locale.Zh || r.ID != "" {
		t.Errorf("without a request: %+v", r)
	}
}
