package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"jinghe/internal/app"
	"jinghe/internal/crowd"
	"jinghe/internal/samplecity"
	"jinghe/internal/scene"
)

// benchLoadCmd plays the people of a city on a server that it starts itself.
type benchLoadCmd struct {
	Shape string `enum:"sample,city,province" default:"city" help:"cli.flag.load_shape"`
	// Rate is requests per second, 0 for that which is asked of the shape.
	Rate float64       `placeholder:"N" help:"cli.flag.load_rate"`
	For  time.Duration `default:"60s" help:"cli.flag.load_for"`
	Seed uint64        `default:"1" help:"cli.flag.bench_seed"`
	Data string        `placeholder:"DIR" help:"cli.flag.load_data"`
	// Where rows, events and the index are has no variables: a real city is not
	// to be filled by what is set.
	Store     string   `placeholder:"URL" help:"cli.flag.store"`
	NATS      []string `placeholder:"URL" help:"cli.flag.nats"`
	Search    string   `placeholder:"URL" help:"cli.flag.search"`
	SearchKey string   `placeholder:"TEXT" help:"cli.flag.search_key"`
	Fill      bool     `help:"cli.flag.load_fill"`
	Base      string   `placeholder:"URL" help:"cli.flag.load_base"`
	Hold      bool     `hidden:""` // be the server that is played on
	JSON      bool     `name:"json" help:"cli.flag.json"`
}

// Help shows examples.
func (benchLoadCmd) Help() string {
	return example("jinghe bench load --shape city --data ./load", "jinghe bench load --data ./load --base http://127.0.0.1:8080 --rate 200",
		"jinghe bench load --data ./load --store postgres://… --nats nats://… --search http://… --search-key …")
}

// loadShape is a size of city with what is asked of a server of it.
type loadShape struct {
	size samplecity.Size
	rate float64 // requests per second
}

func loadShapes() map[string]loadShape {
	return map[string]loadShape{
		"sample":   {samplecity.Size{Organisations: 60, Needs: 150, Offers: 300}, 100},
		"city":     {samplecity.Size{Organisations: 3000, Needs: 1500, Offers: 5000}, 500},
		"province": {samplecity.Size{Organisations: 40_000, Needs: 64_000, Offers: 154_000}, 200},
	}
}

const (
	// crowdFile, in the data directory, holds the accounts that are played with.
	crowdFile = "crowd.json"
	// enterprisesPlaying is enough for the rate of changes that one account is allowed.
	enterprisesPlaying = 60
	loadWarm           = 10 * time.Second
)

// Run fills the city where it is empty, serves it from a process of its own and plays.
func (cmd *benchLoadCmd) Run(ctx context.Context, con *console) error {
	if cmd.Data == "" {
		dir, err := os.MkdirTemp("", "jinghe-load-")
		if err != nil {
			return scene.Wrap("bench load", err)
		}
		defer func() { _ = os.RemoveAll(dir) }()
		cmd.Data = dir
	}
	if cmd.Hold {
		cfg, err := cmd.config(ctx)
		if err != nil {
			return err
		}
		nothing := func(context.Context, *app.App) error { return nil }
		return con.serve(ctx, cfg, &showing{fill: nothing, open: nothing})
	}
	file := filepath.Join(cmd.Data, crowdFile)
	people, err := readCrowd(file)
	if errors.Is(err, os.ErrNotExist) && cmd.Base == "" {
		if people, err = cmd.fill(ctx, con); err == nil {
			err = writeCrowd(file, people)
		}
	}
	if err != nil || cmd.Fill {
		return err
	}
	return cmd.play(ctx, con, people)
}

func readCrowd(file string) (people []crowd.Person, err error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, scene.Wrap("bench load", err)
	}
	err = json.Unmarshal(raw, &people)
	return people, scene.Wrap("bench load", err)
}

func writeCrowd(file string, people []crowd.Person) error {
	raw, err := json.Marshal(people)
	if err != nil {
		return scene.Wrap("bench load", err)
	}
	return scene.Wrap("bench load", os.WriteFile(file, raw, 0o600))
}

// config is that of a server on the loopback which believes its only caller
// where requests come from, so that each of the crowd has a rate of its own.
func (cmd *benchLoadCmd) config(ctx context.Context) (app.Config, error) {
	cfg := app.Defaults()
	cfg.Data, cfg.Store, cfg.LogLevel, cfg.TrustedProxies = cmd.Data, cmd.Store, "warn", []string{"127.0.0.0/8"}
	cfg.NATS, cfg.Search, cfg.SearchKey = cmd.NATS, cmd.Search, cmd.SearchKey
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return cfg, scene.Wrap("bench load", err)
	}
	cfg.Addr = l.Addr().String()
	return cfg, scene.Wrap("bench load", l.Close())
}

// fill brings the city in, makes the accounts and works out the lists of
// matches, as a city that has been served for a while has them.
func (cmd *benchLoadCmd) fill(ctx context.Context, con *console) (people []crowd.Person, err error) {
	cfg, err := cmd.config(ctx)
	if err != nil {
		return nil, err
	}
	options := con.appOptions(cfg)
	options.Demo = true
	a, err := app.Open(ctx, cfg, options)
	if err != nil {
		return nil, err
	}
	err = closing(a, cfg, func() error {
		tell, end := con.progress(con.text("cli.load_filling", nil))
		err := a.GrowCity(ctx, loadShapes()[cmd.Shape].size, cmd.Seed, tell)
		end()
		if err != nil {
			return err
		}
		if people, err = a.Crowd(ctx, enterprisesPlaying); err != nil {
			return err
		}
		if err := a.Start(ctx); err != nil {
			return err
		}
		select {
		case <-a.Ready():
		case <-ctx.Done():
			return ctx.Err()
		}
		tell, end = con.progress(con.text("cli.load_matching", nil))
		defer end()
		return a.Rematch(ctx, tell)
	}())
	return people, err
}

// play measures a server: that of --base, or one that it starts and stops.
func (cmd *benchLoadCmd) play(ctx context.Context, con *console, people []crowd.Person) error {
	base := cmd.Base
	if base == "" {
		child, at, err := cmd.spawn(ctx)
		if err != nil {
			return err
		}
		defer func() {
			_ = child.Process.Signal(syscall.SIGTERM)
			_ = child.Wait()
		}()
		base = at
	}
	rate := cmd.Rate
	if rate <= 0 {
		rate = loadShapes()[cmd.Shape].rate
	}
	if err := settled(ctx, con, base); err != nil {
		return err
	}
	tell, end := con.progress(con.text("cli.load_playing", nil))
	var before, after load
	report, err := crowd.Play(ctx, crowd.Town{Base: strings.TrimRight(base, "/"), People: people}, crowd.Plan{
		Now: time.Now, Rate: rate, Warm: loadWarm, For: cmd.For, Seed: cmd.Seed,
		Tells: func(done, total time.Duration) {
			if before.at.IsZero() {
				before = measureLoad(ctx, base)
			}
			tell(int(done.Seconds()), int(total.Seconds()))
		},
	})
	end()
	if err != nil {
		return err
	}
	after = measureLoad(ctx, base)
	used := loadUse{
		Server: (after.server - before.server) / after.at.Sub(before.at).Seconds(), Player: (after.own - before.own) / after.at.Sub(before.at).Seconds(),
		Memory: after.memory,
	}
	if cmd.JSON {
		return json.NewEncoder(con.out).Encode(struct {
			crowd.Report
			loadUse
		}{report, used})
	}
	return printLoad(con, report, used)
}

// settled waits until the lists of matches of a server are there and it rests, as
// where it has been up for a while: what is measured is a day, not a start. A
// server that does not tell is not waited for.
func settled(ctx context.Context, con *console, base string) error {
	const (
		rest  = 0.1 // processors
		rests = 3   // looks, one a second
	)
	tell, end := con.progress(con.text("cli.load_matching", nil))
	defer end()
	rested, before := 0, load{}
	for rested < rests {
		l := measureLoad(ctx, base)
		if l.server == 0 {
			return ctx.Err()
		}
		if rested++; l.listings == 0 || l.lists < l.listings || l.server-before.server > rest*l.at.Sub(before.at).Seconds() {
			rested = 0
		}
		before = l
		tell(int(l.lists), int(l.listings))
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
	return nil
}

// spawn starts the server in a process of its own, so that what it uses can be
// told from what the crowd uses, and waits until it is ready.
func (cmd *benchLoadCmd) spawn(ctx context.Context) (*exec.Cmd, string, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, "", scene.Wrap("bench load", err)
	}
	args := []string{"--lang", "en", "bench", "load", "--hold", "--data", cmd.Data}
	for _, place := range [][2]string{{"--store", cmd.Store}, {"--nats", strings.Join(cmd.NATS, ",")}, {"--search", cmd.Search}, {"--search-key", cmd.SearchKey}} {
		if place[1] != "" {
			args = append(args, place[0], place[1])
		}
	}
	child := exec.CommandContext(ctx, program, args...)
	child.Cancel = func() error { return child.Process.Signal(syscall.SIGTERM) }
	child.WaitDelay = 30 * time.Second
	said, err := child.StderrPipe()
	if err != nil {
		return nil, "", scene.Wrap("bench load", err)
	}
	if err := child.Start(); err != nil {
		return nil, "", scene.Wrap("bench load", err)
	}
	lines := bufio.NewScanner(said)
	var all strings.Builder
	for lines.Scan() {
		fmt.Fprintln(&all, lines.Text())
		if _, after, ok := strings.Cut(lines.Text(), "http://"); ok {
			at, _, _ := strings.Cut(after, "/")
			go func() { _, _ = io.Copy(os.Stderr, said) }() // what it warns of
			return child, "http://" + at, nil
		}
	}
	_ = child.Wait()
	return nil, "", scene.Wrap("bench load", errors.New(strings.TrimSpace(all.String())))
}

// load is what processes had used at an instant.
type load struct {
	at          time.Time
	server, own float64 // seconds of processor
	memory      float64 // bytes of the server

	lists, listings float64 // of matches, and those that could have one
}

// loadUse is what a game took: processors, and bytes.
type loadUse struct {
	Server float64 `json:"server_processors"`
	Player float64 `json:"player_processors"`
	Memory float64 `json:"server_memory_bytes"`
}

// measureLoad asks the server what it counts about itself; what it does not
// tell, as to a caller from outside, is 0.
func measureLoad(ctx context.Context, base string) load {
	l := load{at: time.Now(), own: ownProcessor()}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(base, "/")+"/metrics", nil)
	if err != nil {
		return l
	}
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		return l
	}
	defer func() { _ = w.Body.Close() }()
	for lines := bufio.NewScanner(w.Body); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), " ")
		number, err := strconv.ParseFloat(value, 64)
		switch {
		case err != nil:
		case name == "process_cpu_seconds_total":
			l.server = number
		case name == "process_resident_memory_bytes":
			l.memory = number
		case name == "jinghe_match_lists":
			l.lists = number
		case name == "jinghe_match_listings":
			l.listings = number
		}
	}
	return l
}

// printLoad prints a line for each kind of request, and what it took.
func printLoad(con *console, r crowd.Report, used loadUse) error {
	t := table.NewWriter()
	t.AppendHeader(table.Row{con.text("cli.load_act", nil), con.text("cli.load_count", nil), con.text("cli.load_failed", nil), "p50 ms", "p99 ms", "max ms"})
	ms := func(d time.Duration) string { return fmt.Sprintf("%.1f", float64(d)/float64(time.Millisecond)) }
	for i, l := range r.Lines {
		if i == len(r.Lines)-1 {
			t.AppendSeparator()
		}
		t.AppendRow(table.Row{l.Name, l.Count, l.Failed, ms(l.P50), ms(l.P99), ms(l.Max)})
	}
	fmt.Fprintln(con.out, t.Render())
	fmt.Fprintln(con.out, con.text("cli.load_sum", map[string]any{
		"offered": fmt.Sprintf("%.0f", r.Offered), "answered": fmt.Sprintf("%.1f", r.Answered), "server": fmt.Sprintf("%.2f", used.Server),
		"player": fmt.Sprintf("%.2f", used.Player), "memory": fmt.Sprintf("%.0f", used.Memory/1e6),
	}))
	for _, fault := range r.Faults {
		fmt.Fprintln(con.err, fault)
	}
	return nil
}
