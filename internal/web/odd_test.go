package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestOddSearches: what is no search gets a page or a problem, never a fault.
func TestOddSearches(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	for name, q := range map[string]string{
		"one character": "水", "one letter": "a", "emoji": "😀👩‍👩‍👧‍👦", "one word": strings.Repeat("监测", 90), "English": "leak detection",
		"mixed": "橋梁監测", "invalid": "水\xff\xfe", "controls": "\x00\x01水\u202e", "long": strings.Repeat("桥", 201), "longest": strings.Repeat("桥梁，", 60_000),
	} {
		for _, path := range []string{"/search?q=", "/opportunities?q=", "/api/v1/search?kind=capability&q=", "/api/v1/suggest?kind=opportunity&q="} {
			w := s.do(t, http.MethodGet, path+url.QueryEscape(q), nil)
			api := strings.HasPrefix(path, "/api/")
			switch {
			case w.Code == http.StatusOK:
			case api && w.Code >= 400 && w.Code < 500 && w.Header().Get("Content-Type") == "application/problem+json":
			default:
				t.Errorf("%s: %s: %d %s", path, name, w.Code, w.Header().Get("Content-Type"))
			}
		}
	}
}
