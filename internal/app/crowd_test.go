package app_test

import (
	"io"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"jinghe/internal/app"
	"jinghe/internal/crowd"
	"jinghe/internal/samplecity"
)

// visits is how many requests are played.
const visits = 240

// TestCrowd plays visitors, enterprises and staff on a small grown city: nothing
// that they do is refused.
func TestCrowd(t *testing.T) {
	t.Parallel()
	cfg, options := testConfig(t.TempDir()), testOptions(io.Discard)
	cfg.TrustedProxies = []string{"127.0.0.0/8"}
	options.Demo = true
	a, err := app.Open(t.Context(), cfg, options)
	if err != nil {
		t.Fatal(err)
	}
	closeAfter(t, a)
	size := samplecity.Size{Organisations: 20, Needs: 40, Offers: 60}
	if err := a.GrowCity(t.Context(), size, 1, nil); err != nil {
		t.Fatal(err)
	}
	people, err := a.Crowd(t.Context(), 3)
	if err != nil || len(people) != 5 {
		t.Fatal(people, err)
	}
	if err := a.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	settle(t, a)
	// Two thirds of what one after the other takes: a machine that is slow, or does other
	// things besides, is given longer, and who comes is turned away by none.
	began := time.Now()
	for i := range 10 { // each at an address of its own: none is given out again
		for _, path := range []string{"/?", "/opportunities?", "/capabilities?q=" + url.QueryEscape("监测") + "&"} {
			fetch(t, a, path+"n="+strconv.Itoa(i))
		}
	}
	one := time.Since(began) / 30
	rate := min(40, 2/(3*one.Seconds()))
	report, err := crowd.Play(t.Context(), crowd.Town{Base: strings.TrimSuffix(a.URL(), "/"), People: people}, crowd.Plan{Now: time.Now, Rate: rate, For: time.Duration(visits / rate * float64(time.Second)), Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	all := report.Lines[len(report.Lines)-1]
	if all.Count < visits*5/8 || all.Failed > 0 {
		t.Errorf("%d requests, %d failed: %v", all.Count, all.Failed, report.Faults)
	}
	for _, l := range report.Lines {
		t.Logf("%-36s %4d %4d %v %v", l.Name, l.Count, l.Failed, l.P50, l.P99)
	}
}
