package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"strings"
	"time"

	"jinghe/internal/app"
	"jinghe/internal/scene"
)

// cityFlags say where a city is, for a verb that asks for no more.
type cityFlags struct {
	Data  string `env:"JINGHE_DATA" required:"" placeholder:"DIR" help:"cli.flag.data"`
	Store string `env:"JINGHE_STORE" placeholder:"URL" help:"cli.flag.store"`
}

// config is the configuration of such a verb.
func (f cityFlags) config() app.Config {
	cfg := app.Defaults()
	cfg.Data, cfg.Store, cfg.LogLevel = f.Data, f.Store, "warn"
	return cfg
}

// operator reaches a city: through the server that runs on its data directory,
// or by opening it. A directory without a city is a mistyped path.
func (c *console) operator(ctx context.Context, cfg app.Config) (app.Operator, error) {
	client, err := app.Dial(ctx, cfg.Data)
	if err != nil {
		return nil, err
	}
	if client != nil {
		return client, nil
	}
	if missing := app.CheckPlace(&cfg); missing != nil {
		return nil, &scene.Error{Code: scene.Invalid, Key: missing.Key, Args: missing.Args}
	}
	return c.opened(ctx, cfg)
}

// founder is operator for a verb that may also make the city.
func (c *console) founder(ctx context.Context, cfg app.Config) (app.Operator, error) {
	client, err := app.Dial(ctx, cfg.Data)
	if err != nil {
		return nil, err
	}
	if client != nil {
		return client, nil
	}
	return c.opened(ctx, cfg)
}

// opened opens a city that no running server answered for. One that has it all
// the same, and takes no commands, is most likely still starting.
func (c *console) opened(ctx context.Context, cfg app.Config) (app.Operator, error) {
	a, err := app.Open(ctx, cfg, c.appOptions(cfg))
	if e, ok := errors.AsType[*scene.Error](err); ok && e.Key == "datadir.locked" {
		return nil, &scene.Error{Code: e.Code, Key: "cli.city_busy", Args: e.Args, Err: err}
	}
	if err != nil {
		return nil, err
	}
	return a, nil
}

// close lets go of an operator; what it was asked to do is done by then.
func (c *console) close(op app.Operator) {
	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Second)
	defer cancel()
	if err := op.Close(ctx); err != nil {
		c.fail(err)
	}
}

// appOptions gives an app the real clock and a logger on standard error.
func (c *console) appOptions(cfg app.Config) app.Options {
	var level slog.Level
	_ = level.UnmarshalText([]byte(cfg.LogLevel)) // the command line admits the four names only
	options := &slog.HandlerOptions{Level: level}
	var handler slog.Handler = slog.NewTextHandler(c.err, options)
	if cfg.LogFormat == "json" {
		handler = slog.NewJSONHandler(c.err, options)
	}
	return app.Options{Log: slog.New(handler), Now: time.Now, Version: version()}
}

func fileError(key, name string, err error) error {
	if errors.Is(err, os.ErrNotExist) && key != "file.create" { // there it is the directory that lacks
		key = "file.not_found"
	}
	return &scene.Error{Code: scene.Invalid, Key: key, Args: map[string]any{"file": name}, Err: err}
}

// example sets examples off from the flags in a help text.
func example(lines ...string) string { return "例 Example:\n\n  " + strings.Join(lines, "\n  ") }
