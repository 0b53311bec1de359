package main

import (
	"context"
	"fmt"

	"jinghe/internal/app"
)

// moveCmd carries a city between engines.
type moveCmd struct {
	From string `required:"" placeholder:"PLACE" help:"cli.flag.move_from"`
	To   string `required:"" placeholder:"PLACE" help:"cli.flag.move_to"`
}

// Help shows examples.
func (moveCmd) Help() string {
	return example("jinghe move --from sqlite:./city --to postgres://jinghe:secret@db:5432/jinghe",
		"jinghe move --from postgres://jinghe:secret@db:5432/jinghe --to sqlite:./city2")
}

// Run moves and verifies; the service must not be running.
func (cmd *moveCmd) Run(ctx context.Context, con *console) error {
	from, err := app.ParsePlace(cmd.From)
	if err != nil {
		return err
	}
	to, err := app.ParsePlace(cmd.To)
	if err != nil {
		return err
	}
	cfg := app.Defaults()
	cfg.LogLevel = "warn"
	tell, end := con.progress(con.text("cli.moving", nil))
	moved, err := app.Move(ctx, from, to, con.appOptions(cfg), tell)
	end()
	if err != nil {
		return err
	}
	args := map[string]any{"rows": moved.Rows, "tables": len(moved.Sums), "from": from.String(), "to": to.String()}
	if moved.There {
		fmt.Fprintln(con.err, con.text("cli.moved_before", args))
		return nil
	}
	fmt.Fprintln(con.err, con.text("cli.moved", args))
	if to.Store != "" {
		fmt.Fprintln(con.err, con.text("cli.moved_store", args))
	}
	if key := app.SecretFile(from); key != "" {
		fmt.Fprintln(con.err, con.text("cli.moved_secret", map[string]any{"file": key, "setting": "JINGHE_SECRET_KEY_FILE"}))
	}
	return nil
}
