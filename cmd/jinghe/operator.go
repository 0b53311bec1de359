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

// operator reaches the city in a data directory: through the server that runs
// on it, or by opening it. A directory without a city is a mistyped path.
func (c *console) operator(ctx context.Context, dir string) (app.Operator, error) {
	if missing := app.CheckDirectory(dir); missing != nil {
		return nil, &scene.Error{Code: scene.Invalid, Key: missing.Key, Args: missing.Args}
	}
	return c.founder(ctx, configOf(dir))
}

// founder is operator for a verb that may also make the directory.
func (c *console) founder(ctx context.Context, cfg app.Config) (app.Operator, error) {
	client, err := app.Dial(ctx, cfg.Data)
	if err != nil {
		return nil, err
	}
	if client != nil {
		return client, nil
	}
	return app.Open(ctx, cfg, c.appOptions(cfg))
}

// configOf is the configuration of a verb that asks for no more than a directory.
func configOf(dir string) app.Config {
	cfg := app.Defaults()
	cfg.Data, cfg.LogLevel = dir, "warn"
	return cfg
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
	if errors.Is(err, os.ErrNotExist) {
		key = "file.not_found"
	}
	return &scene.Error{Code: scene.Invalid, Key: key, Args: map[string]any{"file": name}, Err: err}
}

// shanghai is the zone that dates are shown in; China has kept UTC+8 since 1991.
func shanghai() *time.Location { return time.FixedZone("CST", 8*60*60) }

// example sets examples off from the flags in a help text.
func example(lines ...string) string { return "例 Example:\n\n  " + strings.Join(lines, "\n  ") }
