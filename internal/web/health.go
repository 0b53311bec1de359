package web

import (
	"context"
	"net/http"
	"strings"
	"sync"
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

// probed keeps what the probes said for a moment, so that asking often costs
// the services nothing.
type probed struct {
	mu   sync.Mutex
	last health
	at   time.Time
}

// probesKept is how long an answer of the probes counts.
const probesKept = time.Second

// readyz asks what has to answer before this process can serve.
func (s *Server) readyz(c echo.Context) error {
	h := s.probe(c.Request().Context())
	if s.draining.Load() {
		h.Status = "away"
	}
	status := http.StatusOK
	if h.Status == "away" {
		status = http.StatusServiceUnavailable
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(status, h)
}

// probe runs the probes, or tells what they said less than a moment ago; those
// who ask meanwhile wait for the same answer. What went wrong stands in the
// log: an address or a path is nobody else's business.
func (s *Server) probe(ctx context.Context) health {
	s.probes.mu.Lock()
	defer s.probes.mu.Unlock()
	now := s.config.Now()
	if age := now.Sub(s.probes.at); s.probes.last.Status != "" && age >= 0 && age < probesKept {
		return s.probes.last
	}
	// A client that goes away must not make the answer for all others.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), probeTimeout)
	defer cancel()
	h := health{Status: "ok", Checks: map[string]string{}}
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
	s.probes.last, s.probes.at = h, now
	return h
}

func containsAny(s string, parts ...string) bool {
	for _, p := range parts {
		if strings.Contains(s, p) {
			return true
		}
	}
	return false
}
