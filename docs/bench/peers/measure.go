package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// measurement is what one engine did. Times are in seconds, sizes in bytes.
type measurement struct {
	Name       string
	Documents  int
	IndexWall  float64
	IndexCPU   float64 // of the process that indexes, and of the server where its number is known
	Memory     int64   // resident, after indexing
	Disk       int64
	Find       latency
	Need       latency
	Quality    []quality
	FoundTotal int // documents found by all queries: engines that find nothing are quick
}

// latency is of one kind of query, in milliseconds.
type latency struct {
	Queries  int
	P50, P99 float64
}

// measure runs one engine through everything.
func measure(ctx context.Context, name string, p plan) (m measurement, err error) {
	m.Name, m.Documents = name, p.docs
	if slow(name) && p.slow > 0 {
		m.Documents = p.slow
	}
	dir, err := os.MkdirTemp("", "peers-")
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	engine, err := open(name, dir)
	if err != nil {
		return m, err
	}
	if err := m.load(ctx, engine, p); err != nil {
		return m, errors.Join(err, engine.close(ctx))
	}
	if err := engine.close(ctx); err != nil {
		return m, err
	}
	if p.data == "" {
		return m, nil
	}
	m.Quality, err = judge(ctx, name, p.data)
	return m, err
}

// load indexes and asks.
func (m *measurement) load(ctx context.Context, engine peer, p plan) error {
	if err := m.fill(ctx, engine); err != nil {
		return err
	}
	runtime.GC()
	debug.FreeOSMemory()
	m.Memory = resident("self") + resident(os.Getenv("MEILISEARCH_PID"))
	var err error
	if m.Disk, err = engine.disk(ctx); err != nil {
		return err
	}
	queries := newCorpus(2)
	m.Find, err = timed(p, func() error {
		words, region := queries.query()
		total, err := engine.find(ctx, words, region)
		m.FoundTotal += total
		return err
	})
	if err != nil {
		return err
	}
	m.Need, err = timed(p, func() error {
		found, err := engine.rank(ctx, queries.need(), 200, nil)
		if err == nil && len(found) == 0 {
			return errors.New("a need finds nothing")
		}
		return err
	})
	return err
}

// fill indexes invented documents, which nobody holds afterwards.
func (m *measurement) fill(ctx context.Context, engine peer) error {
	docs := newCorpus(1).documents(m.Documents)
	start, busy := time.Now(), processorTime()
	err := engine.index(ctx, docs)
	m.IndexWall, m.IndexCPU = time.Since(start).Seconds(), (processorTime() - busy).Seconds()
	return err
}

// timed asks until there were enough queries or the time is over.
func timed(p plan, ask func() error) (latency, error) {
	var took []time.Duration
	for start := time.Now(); len(took) < p.queries && (len(took) == 0 || time.Since(start) < p.within); {
		before := time.Now()
		if err := ask(); err != nil {
			return latency{}, err
		}
		took = append(took, time.Since(before))
	}
	slices.Sort(took)
	at := func(share float64) float64 {
		return took[min(len(took)-1, int(share*float64(len(took))))].Seconds() * 1000
	}
	return latency{len(took), at(0.5), at(0.99)}, nil
}

// processorTime is what this process and the server have used.
func processorTime() time.Duration {
	var own syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &own); err != nil {
		return 0
	}
	used := time.Duration(own.Utime.Nano() + own.Stime.Nano())
	stat, err := os.ReadFile(filepath.Join("/proc", os.Getenv("MEILISEARCH_PID"), "stat"))
	if err != nil || os.Getenv("MEILISEARCH_PID") == "" {
		return used
	}
	_, after, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(after)
	const utime, stime, ticksPerSecond = 11, 12, 100 // see proc(5), counted from the state
	for _, at := range []int{utime, stime} {
		if n, err := strconv.Atoi(fields[at]); err == nil {
			used += time.Duration(n) * time.Second / ticksPerSecond
		}
	}
	return used
}

// resident is the memory of a process, 0 where there is none of that number.
func resident(process string) int64 {
	if process == "" {
		return 0
	}
	status, err := os.ReadFile(filepath.Join("/proc", process, "status"))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, "RssAnon:"); ok {
			kilobytes, err := strconv.ParseInt(strings.Fields(value)[0], 10, 64)
			if err == nil {
				return kilobytes << 10
			}
		}
	}
	return 0
}

// sizeOf adds up the files below a folder.
func sizeOf(dir string) (total int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			total += info.Size()
		}
		return err
	})
	return total, err
}

// table prints what was measured in Markdown: speed, then quality.
func table(out io.Writer, all []measurement) error {
	var b strings.Builder
	b.WriteString("| engine | documents | index: clock / processor | memory | disk | three words, filter, four facets, highlights: p50 / p99 | a need of 1,000 characters, best 200: p50 / p99 |\n|---|---|---|---|---|---|---|\n")
	for _, m := range all {
		fmt.Fprintf(&b, "| %s | %d | %.1f / %.1f s | %s | %s | %.2f / %.1f ms (%d queries, %d found) | %.1f / %.0f ms (%d) |\n",
			described(m.Name), m.Documents, m.IndexWall, m.IndexCPU, megabytes(m.Memory), megabytes(m.Disk),
			m.Find.P50, m.Find.P99, m.Find.Queries, m.FoundTotal, m.Need.P50, m.Need.P99, m.Need.Queries)
	}
	var sets []string
	for _, m := range all {
		for _, q := range m.Quality {
			if !slices.Contains(sets, q.Set) {
				sets = append(sets, q.Set)
			}
		}
	}
	for _, set := range sets {
		fmt.Fprintf(&b, "\n| %s | nDCG@10 | MAP | R@100 | pair accuracy |\n|---|---|---|---|---|\n", set)
		for _, m := range all {
			for _, q := range m.Quality {
				if q.Set == set {
					fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", cmp.Or(q.As, described(m.Name)), share(q.NDCG), share(q.MAP), share(q.Recall), share(q.Pairs))
				}
			}
		}
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// share prints a measure; 0 is one that the collection does not give.
func share(v float64) string {
	if v == 0 {
		return "–"
	}
	return fmt.Sprintf("%.3f", v)
}

func megabytes(n int64) string {
	if n == 0 {
		return "–"
	}
	return fmt.Sprintf("%d MB", n/1_000_000)
}
