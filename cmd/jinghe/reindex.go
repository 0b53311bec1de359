package main

import (
	"context"
	"fmt"

	"jinghe/internal/app"
)

// reindexCmd builds the search indexes of a running server anew, or its lists of matches.
type reindexCmd struct {
	Data    string `env:"JINGHE_DATA" required:"" placeholder:"DIR" help:"cli.flag.data"`
	Matches bool   `help:"cli.flag.matches"`
}

// Help shows an example.
func (reindexCmd) Help() string {
	return example("jinghe reindex --data ./city", "jinghe reindex --data ./city --matches")
}

// Run asks the server; without one there is nothing to do, for the index is
// made from the rows at every start.
func (cmd *reindexCmd) Run(ctx context.Context, con *console) error {
	client, err := app.Dial(ctx, cmd.Data)
	if err != nil {
		return err
	}
	if client == nil {
		fmt.Fprintln(con.err, con.text("cli.reindex_no_server", nil))
		return finished(exitNothing)
	}
	defer con.close(client)
	work, doing, done := client.Reindex, "cli.reindexing", "cli.reindexed"
	if cmd.Matches {
		work, doing, done = client.Rematch, "cli.rematching", "cli.rematched"
	}
	tell, end := con.progress(con.text(doing, nil))
	err = work(ctx, tell)
	end()
	if err == nil {
		fmt.Fprintln(con.err, con.text(done, nil))
	}
	return err
}
