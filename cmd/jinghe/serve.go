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
	return con.serve(ctx, cmd.Config, nil)
}

// showing is what a demo does besides serving.
type showing struct {
	fill func(context.Context, *app.App) error // before the first page
	open func(context.Context, *app.App) error // while pages are served, before the address is printed
}

// serve opens the app, starts it and stops it when ctx ends; demo is nil for a
// city of its own.
func (c *console) serve(ctx context.Context, cfg app.Config, demo *showing) error {
	options := c.appOptions(cfg)
	options.Demo = demo != nil
	a, err := app.Open(ctx, cfg, options)
	if err != nil {
		return err
	}
	if demo != nil {
		if err := demo.fill(ctx, a); err != nil {
			return closing(a, cfg, err)
		}
	}
	if err := a.Start(ctx); err != nil {
		return closing(a, cfg, err)
	}
	if demo != nil { // a first-time reader should not meet a half-filled city
		if err := demo.open(ctx, a); err != nil {
			return closing(a, cfg, err)
		}
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
