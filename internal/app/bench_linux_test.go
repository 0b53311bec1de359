package app_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"jinghe/internal/app"
	"jinghe/internal/store"
)

// BenchmarkPages measures the processor time of a page of the whole program over
// the sample city: rows, index, market, templates and packing, and the client that
// asks. Run it with -benchtime 300x: the rate of requests allows a caller 400.
func BenchmarkPages(b *testing.B) {
	a := start(b, testConfig(b.TempDir()), true)
	allListed(b, a) // lists of matches are made in the background first
	rows, err := a.Registry().Opportunities(b.Context(), store.ListingFilter{Batch: "第二批"}, store.Page{Limit: 1})
	if err != nil || len(rows.Items) == 0 {
		b.Fatal(err)
	}
	entry := "/opportunities/" + string(rows.Items[0].ID)
	for i, page := range []struct{ name, path string }{
		{"Home", "/"},
		{"List", "/opportunities"},
		{"Table", "/opportunities?view=lines"},
		{"Search", "/opportunities?q=漏损"},
		{"Suggest", "/suggest?q=漏损"},
		{"Opportunity", entry},
		{"Matches", entry + "/matches"},
		{"Batches", "/batches"},
		{"Showcases", "/showcases"},
		{"Feed", "/feed.atom"},
	} {
		b.Run(page.name, func(b *testing.B) {
			measurePage(b, a, byte(i+1), "", page.path)
		})
	}
}

// measurePage asks for a page again and again from the n-th address of the
// machine, as whoever the session is of.
func measurePage(b *testing.B, a *app.App, n byte, session, path string) {
	b.Helper()
	from := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 1, n)}}
	client := &http.Client{Transport: &http.Transport{DialContext: from.DialContext, DisableCompression: true}}
	b.Cleanup(client.CloseIdleConnections)
	before, size := processorTime(b), int64(0)
	join := "?"
	if strings.Contains(path, "?") {
		join = "&"
	}
	for turn := 0; b.Loop(); turn++ { // each asks for another page, so that none is given out again
		r, err := http.NewRequestWithContext(b.Context(), http.MethodGet, strings.TrimSuffix(a.URL(), "/")+path+join+"n="+strconv.Itoa(turn), nil)
		if err != nil {
			b.Fatal(err)
		}
		r.Header.Set("Accept-Encoding", "gzip")
		if session != "" {
			r.AddCookie(&http.Cookie{Name: "jinghe_session", Value: session})
		}
		answer, err := client.Do(r)
		if err != nil {
			b.Fatal(err)
		}
		if size, err = io.Copy(io.Discard, answer.Body); err != nil || answer.Body.Close() != nil || answer.StatusCode != http.StatusOK {
			b.Fatal(fmt.Sprint(answer.StatusCode, err))
		}
	}
	b.ReportMetric(float64(processorTime(b)-before)/float64(b.N)/1e6, "cpu-ms/op")
	b.ReportMetric(float64(size), "bytes")
}

// processorTime is what this process has used, in nanoseconds.
func processorTime(b *testing.B) int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}
