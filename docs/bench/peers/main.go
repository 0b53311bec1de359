// Command peers measures search engines side by side, in one run on the same
// texts: the index of this program, bleve, SQLite FTS5 and, where MEILISEARCH_URL
// names a server, Meilisearch, as it comes and as this program uses it. It prints
// a table in Markdown.
//
// The module stands by itself so that no peer enters the program's own.
//
//	cd docs/bench/peers
//	JINGHE_BENCH_DATA=DIR MEILISEARCH_URL=http://127.0.0.1:7700 go run . -docs 100000
//
// Each engine runs in a process of its own, so that its memory is its own.
// MEILISEARCH_PID, if set, names the process whose memory and processor time
// stand for the server's.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"time"
)

// plan says what to measure.
type plan struct {
	docs    int           // invented documents
	slow    int           // for engines that take long, 0 as many
	data    string        // folder of graded data, empty for none
	queries int           // at most, of each kind
	within  time.Duration // for the queries of one kind
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("peers", flag.ContinueOnError)
	p := plan{data: os.Getenv("JINGHE_BENCH_DATA")}
	flags.IntVar(&p.docs, "docs", 100_000, "invented `documents`")
	flags.IntVar(&p.slow, "slow", 0, "invented `documents` for bleve, FTS5 and Meilisearch; 0 for as many")
	flags.IntVar(&p.queries, "queries", 200, "`queries` of each kind at most")
	flags.DurationVar(&p.within, "within", 30*time.Second, "`time` for the queries of one kind")
	only := flags.String("only", "", "`names` of the engines to measure, separated by commas")
	child := flags.String("child", "", "measure the engine of this `name` alone and print JSON")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *child != "" {
		measured, err := measure(ctx, *child, p)
		if err != nil {
			return err
		}
		return json.NewEncoder(out).Encode(measured)
	}
	var all []measurement
	var failures []error
	for _, name := range names(os.Getenv("MEILISEARCH_URL") != "") {
		if *only != "" && !slices.Contains(strings.Split(*only, ","), name) {
			continue
		}
		fmt.Fprintln(os.Stderr, "measuring", name)
		m, err := inProcess(ctx, name, args)
		if err != nil {
			failures = append(failures, fmt.Errorf("%s: %w", name, err))
			continue
		}
		all = append(all, m)
	}
	return errors.Join(append(failures, table(out, all))...)
}

// inProcess measures an engine in a process of its own.
func inProcess(ctx context.Context, name string, args []string) (m measurement, err error) {
	self, err := os.Executable()
	if err != nil {
		return m, err
	}
	cmd := exec.CommandContext(ctx, self, append(slices.Clone(args), "-child", name)...)
	cmd.Stderr = os.Stderr
	raw, err := cmd.Output()
	if err != nil {
		return m, errors.Join(err, ctx.Err())
	}
	err = json.Unmarshal(raw, &m)
	return m, err
}
