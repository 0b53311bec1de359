package main

import (
	"context"
	"fmt"
	"os"

	"jinghe/internal/app"
	"jinghe/internal/scene"
)

// demoCmd serves an invented sample city.
type demoCmd struct {
	Addr string `env:"JINGHE_ADDR" default:"127.0.0.1:8080" help:"${cli_flag_addr}"`
	Data string `placeholder:"DIR" help:"${cli_flag_demo_data}"`
	// LogLevel is quieter than that of serve: a first-time reader wants the address.
	LogLevel string `env:"JINGHE_LOG_LEVEL" enum:"debug,info,warn,error" default:"warn" help:"${cli_flag_log_level}"`
}

// Help shows an example.
func (demoCmd) Help() string { return example("jinghe demo --addr 127.0.0.1:9000") }

// Run serves the sample city; without --data it is gone afterwards.
func (cmd *demoCmd) Run(ctx context.Context, con *console) error {
	cfg := app.Defaults()
	cfg.Addr, cfg.Data, cfg.LogLevel = cmd.Addr, cmd.Data, cmd.LogLevel
	if cfg.Data == "" {
		dir, err := os.MkdirTemp("", "jinghe-demo-")
		if err != nil {
			return scene.Wrap("demo", err)
		}
		defer func() { _ = os.RemoveAll(dir) }()
		cfg.Data = dir
	}
	return con.serve(ctx, cfg, &showing{
		fill: func(ctx context.Context, a *app.App) error { return a.LoadSampleCity(ctx) },
		open: con.demoAccounts,
	})
}

// demoAccounts makes and prints the throw-away accounts. Their passwords are
// hashed slowly on purpose, so pages are served already meanwhile.
func (c *console) demoAccounts(ctx context.Context, a *app.App) error {
	list, err := a.DemoAccounts(ctx)
	if err != nil {
		return err
	}
	if len(list) > 0 {
		fmt.Fprintln(c.err, c.text("cli.demo_accounts", nil))
	}
	for _, d := range list {
		fmt.Fprintf(c.err, "  %-11s %s  %s\n", d.Login, d.Password, c.text("web.role."+string(d.Role), nil))
	}
	return nil
}
