package web_test

import (
	"net/http"
	"syscall"
	"testing"

	"jinghe/internal/web"
)

// BenchmarkPages measures the CPU of a page as it leaves, packed, over the
// sample city in memory: what templates, headers and packing cost without
// store, index and matcher. The figure to read is cpu-ms/op, which other
// programs on the machine do not disturb; it includes collecting garbage.
func BenchmarkPages(b *testing.B) {
	s := newSetup(b, func(c *web.Config, _ *city) { c.Rates = map[web.Class]web.Rate{} })
	for name, path := range map[string]string{
		"Home": "/", "List": "/opportunities", "Opportunity": "/opportunities/OPP001", "Organisation": "/organisations/ORG001",
		"Matches": "/opportunities/OPP001/matches", "About": "/about", "APIOpportunity": "/api/v1/opportunities/OPP001",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			before := processorTime(b)
			for b.Loop() {
				if w := s.get(b, path, "Accept-Encoding", "gzip"); w.Code != http.StatusOK {
					b.Fatal(w.Code)
				}
			}
			b.ReportMetric(float64(processorTime(b)-before)/float64(b.N)/1e6, "cpu-ms/op")
		})
	}
}

// processorTime is what this process has used, in nanoseconds.
func processorTime(b *testing.B) int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}
