package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"

	"jinghe/internal/app"
	"jinghe/internal/transfer"
	"jinghe/internal/web/api"
)

// exchangeCmd exchanges lists with other cities.
type exchangeCmd struct {
	Out exchangeOutCmd `cmd:"" help:"cli.exchange_out"`
	In  exchangeInCmd  `cmd:"" help:"cli.exchange_in"`
}

// Help shows examples.
func (exchangeCmd) Help() string {
	return example("jinghe exchange out --data ./city --out a.xlsx", "jinghe exchange in --data ./city b.xlsx")
}

type exchangeOutCmd struct {
	cityFlags `embed:""`
	PublicURL string `env:"JINGHE_PUBLIC_URL" placeholder:"URL" help:"cli.flag.public_url"`
	Format    string `enum:",xlsx,json" default:"" help:"cli.flag.exchange_format"`
	Out       string `short:"o" placeholder:"FILE" help:"cli.flag.out"`
}

// Help shows an example.
func (exchangeOutCmd) Help() string {
	return example("jinghe exchange out --data ./city --public-url https://changjing.example.cn --out a.xlsx")
}

// Run writes what is open and the city's own, without contacts.
func (cmd *exchangeOutCmd) Run(ctx context.Context, con *console) error {
	r := app.ExchangeRequest{Format: transfer.Format(formatOf(cmd.Format, cmd.Out, "json")), Site: cmd.PublicURL}
	if err := con.binaryOut(string(r.Format), cmd.Out); err != nil {
		return err
	}
	op, err := con.operator(ctx, cmd.config())
	if err != nil {
		return err
	}
	defer con.close(op)
	var given api.Given
	err = con.writeTo(cmd.Out, func(w io.Writer) (err error) {
		given, err = op.GiveExchange(ctx, r, w)
		return err
	})
	if err != nil {
		return err
	}
	fmt.Fprintln(con.err, con.text("cli.exchanged_out", map[string]any{"needs": given.Opportunities, "offers": given.Capabilities}))
	return nil
}

type exchangeInCmd struct {
	cityFlags `embed:""`
	PublicURL string `env:"JINGHE_PUBLIC_URL" placeholder:"URL" help:"cli.flag.public_url"`
	File      string `arg:"" placeholder:"FILE" help:"cli.flag.exchange_file"`
}

// Help shows an example.
func (exchangeInCmd) Help() string { return example("jinghe exchange in --data ./city b.xlsx") }

// Run takes another city's lists in and tells what came of it. Entries that were
// refused end it with the code for rejected rows.
func (cmd *exchangeInCmd) Run(ctx context.Context, con *console) error {
	op, err := con.founder(ctx, cmd.config())
	if err != nil {
		return err
	}
	defer con.close(op)
	taken, err := op.TakeExchange(ctx, app.ExchangeRequest{Path: cmd.File, Name: filepath.Base(cmd.File), Site: cmd.PublicURL, Lang: con.lang})
	if err != nil {
		return err
	}
	fmt.Fprintln(con.err, con.text("cli.exchanged_in", map[string]any{
		"name": taken.From, "created": taken.Created, "changed": taken.Changed, "unchanged": taken.Unchanged, "withdrawn": taken.Withdrawn,
	}))
	for _, r := range taken.Refused {
		fmt.Fprintln(con.err, con.text("cli.exchange_refused", map[string]any{"id": string(r.ID), "name": r.Name, "reason": r.Reason}))
	}
	if len(taken.Refused) > 0 {
		return finished(exitRejected)
	}
	return nil
}
