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
	Addr string `env:"JINGHE_ADDR" default:"127.0.0.1:8080" help:"cli.flag.addr"`
	Data string `placeholder:"DIR" help:"cli.flag.demo_data"`
	// Store has no variable: a real city is not to become a demo by what is set.
	Store string `placeholder:"URL" help:"cli.flag.store"`
	Fill  bool   `help:"cli.flag.demo_fill"`
	// Outside alone has the variables of serve: those of its stores, servers and mail
	// belong to a city of its own.
	app.Outside `embed:""`
	// LogLevel is quieter than that of serve: a first-time reader wants the address.
	LogLevel string `env:"JINGHE_LOG_LEVEL" enum:"debug,info,warn,error" default:"warn" help:"cli.flag.log_level"`
}

// Help shows an example.
func (demoCmd) Help() string { return example("jinghe demo --addr 127.0.0.1:9000") }

// config is that of a city of its own with what the line and the variables say.
func (cmd *demoCmd) config() app.Config {
	cfg := app.Defaults()
	cfg.Addr, cfg.Data, cfg.Store, cfg.LogLevel, cfg.Outside = cmd.Addr, cmd.Data, cmd.Store, cmd.LogLevel, cmd.Outside
	return cfg
}

// Run serves the sample city; without --data it is gone afterwards.
func (cmd *demoCmd) Run(ctx context.Context, con *console) error {
	cfg := cmd.config()
	if cfg.Data == "" {
		dir, err := os.MkdirTemp("", "jinghe-demo-")
		if err != nil {
			return scene.Wrap("demo", err)
		}
		defer func() { _ = os.RemoveAll(dir) }()
		cfg.Data = dir
	}
	if cmd.Fill {
		return con.fillDemo(ctx, cfg)
	}
	return con.serve(ctx, cfg, &showing{
		fill: func(ctx context.Context, a *app.App) error { return a.LoadSampleCity(ctx) },
		open: con.demoAccounts,
	})
}

// fillDemo brings the sample city and its accounts into rows that hold no lists
// yet, for a server that is started on them afterwards.
func (c *console) fillDemo(ctx context.Context, cfg app.Config) error {
	a, err := app.Open(ctx, cfg, c.appOptions(cfg))
	if err != nil {
		return err
	}
	list, err := a.FillSampleCity(ctx)
	if err := closing(a, cfg, err); err != nil {
		return err
	}
	if len(list) == 0 {
		fmt.Fprintln(c.err, c.text("cli.demo_there", nil))
		return nil
	}
	fmt.Fprintln(c.err, c.text("cli.demo_filled", nil))
	c.printAccounts(list)
	return nil
}

func (c *console) printAccounts(list []app.DemoAccount) {
	for _, d := range list {
		fmt.Fprintf(c.err, "  %-11s %s  %s\n", d.Login, d.Password, c.text("web.role."+string(d.Role), nil))
	}
}

// demoAccounts makes and prints the throw-away accounts, a token of one and the personal page of
// another. Their passwords are hashed slowly on purpose, so pages are served already meanwhile.
func (c *console) demoAccounts(ctx context.Context, a *app.App) error {
	list, err := a.DemoAccounts(ctx)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return nil
	}
	fmt.Fprintln(c.err, c.text("cli.demo_accounts", nil))
	c.printAccounts(list)
	token, err := a.DemoToken(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.err, "%s\n  export JINGHE_TOKEN=%s\n", c.text("cli.demo_token", nil), token)
	page, err := a.DemoPage(ctx)
	if err == nil && page != "" {
		fmt.Fprintf(c.err, "%s\n  %s\n", c.text("cli.demo_page", nil), page)
	}
	return err
}
