package web

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"jinghe/internal/web/backend"
)

// figures are what the server counts about itself.
type figures struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
	running  prometheus.Gauge
}

func newFigures(registry *prometheus.Registry, version string) (*figures, error) {
	f := &figures{
		registry: registry,
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "jinghe_http_requests_total", Help: "Requests answered, by route, method and status.",
		}, []string{"route", "method", "status"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "jinghe_http_request_seconds", Help: "Time from the first byte read to the last byte written, by route.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 15},
		}, []string{"route"}),
		running: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "jinghe_http_requests_running", Help: "Requests being answered now.",
		}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "jinghe_build_info", Help: "Always 1; the version is a label.", ConstLabels: prometheus.Labels{"version": version},
	})
	build.Set(1)
	for _, c := range []prometheus.Collector{
		f.requests, f.duration, f.running, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	} {
		// A shared registry may have the collectors of the process already.
		if err := registry.Register(c); err != nil && !errors.As(err, &prometheus.AlreadyRegisteredError{}) {
			return nil, err
		}
	}
	return f, nil
}

// count records one answer. A path that no route takes is one label, so that
// a scanner cannot fill the memory.
func (f *figures) count(method, route string, status int, took time.Duration) {
	if route == "" {
		route = "unmatched"
	}
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
	default:
		method = "other"
	}
	f.requests.WithLabelValues(route, method, strconv.Itoa(status)).Inc()
	f.duration.WithLabelValues(route).Observe(took.Seconds())
}

// watch shows how far the lists of matches are that are worked out ahead.
func (f *figures) watch(lists func() backend.Lists) error {
	for name, read := range map[string]struct {
		help string
		of   func(backend.Lists) int
	}{
		"jinghe_match_lists":    {"Lists of matches that answer.", func(l backend.Lists) int { return l.Fresh }},
		"jinghe_match_listings": {"Listings that could have a list of matches.", func(l backend.Lists) int { return l.Total }},
	} {
		gauge := prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: read.help}, func() float64 { return float64(read.of(lists())) })
		if err := f.registry.Register(gauge); err != nil {
			return err
		}
	}
	return nil
}

func (f *figures) handler() http.Handler {
	return promhttp.HandlerFor(f.registry, promhttp.HandlerOpts{Registry: f.registry})
}
