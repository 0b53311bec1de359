package web

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

// probeTimeout bounds all probes of readiness together.
const probeTimeout = 3 * time.Second

// health is the body of /healthz and /readyz.
type health struct {
	Status string            `json:"status"` // "ok", "degraded" or "away"
	Checks map[string]string `json:"checks,omitempty"`
}

// healthz answers as long as the process does.
func (s *Server) healthz(c echo.Context) error {
	return c.JSON(http.StatusOK, health{Status: "ok"})
}

// readyz asks what has to answer before this process can serve. What went
// wrong stands in the log: an address or a path is nobody else's business.
func (s *Server) readyz(c echo.Context) error {
	ctx, cancel := context.WithTimeout(c.Request().Context(), probeTimeout)
	defer cancel()
	h := health{Status: "ok", Checks: map[string]string{}}
	if s.draining.Load() {
		h.Status = "away"
	}
	for _, p := range s.services.Probes {
		err := p.Check(ctx)
		switch {
		case err == nil:
			h.Checks[p.Name] = "ok"
			continue
		case p.Optional:
			h.Checks[p.Name] = "degraded"
			if h.Status == "ok" {
				h.Status = "degraded"
			}
		default:
			h.Checks[p.Name], h.Status = "away", "away"
		}
		s.config.Log.WarnContext(ctx, "probe failed", "probe", p.Name, "error", err)
	}
	status := http.StatusOK
	if h.Status == "away" {
		status = http.StatusServiceUnavailable
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(status, h)
}

func containsAny(s string, parts ...string) bool {
	for _, p := range parts {
		if strings.Contains(s, p) {
			return true
		}
	}
	return false
}
