package main

import (
	"context"
	"fmt"

	"jinghe/internal/app"
)

// reindexCmd builds the search indexes of a running server anew.
type reindexCmd struct {
	Data string `env:"JINGHE_DATA" required:"" placeholder:"DIR" help:"${cli_flag_data}"`
}

// Help shows an example.
func (reindexCmd) Help() string { return example("jinghe reindex --data ./city") }

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
	tell, end := con.progress(con.text("cli.reindexing", nil))
	err = client.Reindex(ctx, tell)
	end()
	if err == nil {
		fmt.Fprintln(con.err, con.text("cli.reindexed", nil))
	}
	return err
}
