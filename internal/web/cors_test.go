package web_test

import (
	"net/http"
	"testing"

	"jinghe/internal/web"
)

func TestOrigins(t *testing.T) {
	t.Parallel()
	const portal = "https://portal.example.cn"
	s := newSetup(t, func(c *web.Config, _ *city) { c.Origins = []string{portal} })
	plain := newSetup(t)
	for name, tt := range map[string]struct {
		s                    *setup
		method, path, origin string
		asked                string
		allowed              string
	}{
		"Read":      {s, http.MethodGet, "/api/v1/opportunities", portal, "", portal},
		"Preflight": {s, http.MethodOptions, "/api/v1/opportunities", portal, "GET", portal},
		"Change":    {s, http.MethodOptions, "/api/v1/entries/capabilities", portal, "POST", ""},
		"Post":      {s, http.MethodPost, "/api/v1/opportunities", portal, "", ""},
		"Other":     {s, http.MethodGet, "/api/v1/opportunities", "https://portal.example.cn.evil.example", "", ""},
		"Null":      {s, http.MethodGet, "/api/v1/opportunities", "null", "", ""},
		"None":      {s, http.MethodGet, "/api/v1/opportunities", "", "", ""},
		"Page":      {s, http.MethodGet, "/about", portal, "", ""},
		"Off":       {plain, http.MethodGet, "/api/v1/opportunities", portal, "", ""},
	} {
		w := tt.s.do(t, tt.method, tt.path, nil, "Origin", tt.origin, "Access-Control-Request-Method", tt.asked)
		h := w.Header()
		if got := h.Get("Access-Control-Allow-Origin"); got != tt.allowed || h.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s: allowed %q, want %q", name, got, tt.allowed)
		}
		if tt.method == http.MethodOptions && tt.allowed != "" && (w.Code != http.StatusNoContent || h.Get("Access-Control-Allow-Headers") != "Accept-Language, If-None-Match") {
			t.Errorf("%s: %d %v", name, w.Code, h)
		}
	}
}
