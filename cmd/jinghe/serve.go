package main

import (
	"context"
	"fmt"

	"jinghe/internal/app"
)

// serveCmd runs the service on a data directory.
type serveCmd struct {
	app.Config `embed:""`
}

// Help shows an example.
func (serveCmd) Help() string { return example("jinghe serve --data ./city --addr 0.0.0.0:8080") }

// Run serves until the context ends, then stops in order.
func (cmd *serveCmd) Run(ctx context.Context, con *console) error {
	return con.serve(ctx, cmd.Config, false, nil)
}

// serve opens the app, calls prepare, starts it and stops it when ctx ends.
func (c *console) serve(ctx context.Context, cfg app.Config, demo bool, prepare func(context.Context, *app.App) error) error {
	options := c.appOptions(cfg)
	options.Demo = demo
	a, err := app.Open(ctx, cfg, options)
	if err != nil {
		return err
	}
	if prepare != nil {
		if err := prepare(ctx, a); err != nil {
			return closing(a, cfg, err)
		}
	}
	if err := a.Start(ctx); err != nil {
		return closing(a, cfg, err)
	}
	if prepare != nil { // a first-time reader should not meet a half-filled city
		select {
		case <-a.Ready():
		case <-ctx.Done():
		}
	}
	fmt.Fprintln(c.err, c.text("cli.serving", map[string]any{"url": a.URL(), "data": cfg.Data}))
	select {
	case <-ctx.Done():
		fmt.Fprintln(c.err, c.text("cli.stopping", nil))
		return closing(a, cfg, nil)
	case err := <-a.Failed():
		return closing(a, cfg, err)
	}
}

// closing stops a within its bound, also when ctx has ended, and returns the first error.
func closing(a *app.App, cfg app.Config, err error) error {
	ctx, cancel := context.WithTimeout(context.Background(), cfg.StopTimeout)
	defer cancel()
	if cerr := a.Close(ctx); err == nil {
		err = cerr
	}
	return err
}
