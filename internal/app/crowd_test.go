package app_test

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"jinghe/internal/app"
	"jinghe/internal/crowd"
	"jinghe/internal/samplecity"
)

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
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 20*time.Second)
		defer cancel()
		if err := a.Close(ctx); err != nil {
			t.Error(err)
		}
	})
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
	rate, least := 40.0, 150
	if raceEnabled {
		rate, least = 4, 10 // everything takes ten times as long
	}
	report, err := crowd.Play(t.Context(), crowd.Town{Base: strings.TrimSuffix(a.URL(), "/"), People: people}, crowd.Plan{Now: time.Now, Rate: rate, For: 6 * time.Second, Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	all := report.Lines[len(report.Lines)-1]
	if all.Count < least || all.Failed > 0 {
		t.Errorf("%d requests, %d failed: %v", all.Count, all.Failed, report.Faults)
	}
	for _, l := range report.Lines {
		t.Logf("%-36s %4d %4d %v %v", l.Name, l.Count, l.Failed, l.P50, l.P99)
	}
}
