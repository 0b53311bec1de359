// Jinghe 景合 matches technology providers with application scenarios
// (场景供需对接). This is its one program; each verb has a file of its own.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
)

// cli is the command line: one field per verb.
type cli struct {
	Lang locale.Lang `enum:"zh,en" default:"zh" env:"JINGHE_LANG" help:"${cli_lang}"`

	Demo     demoCmd     `cmd:"" help:"${cli_demo}"`
	Serve    serveCmd    `cmd:"" help:"${cli_serve}"`
	Match    matchCmd    `cmd:"" help:"${cli_match}"`
	Plan     planCmd     `cmd:"" help:"${cli_plan}"`
	Import   importCmd   `cmd:"" help:"${cli_import}"`
	Export   exportCmd   `cmd:"" help:"${cli_export}"`
	Exchange exchangeCmd `cmd:"" help:"${cli_exchange}"`
	Reindex  reindexCmd  `cmd:"" help:"${cli_reindex}"`
	User     userCmd     `cmd:"" help:"${cli_user}"`

	Move    moveCmd    `cmd:"" help:"${cli_move}"`
	Backup  backupCmd  `cmd:"" help:"${cli_backup}"`
	Restore restoreCmd `cmd:"" help:"${cli_restore}"`

	Vocabulary vocabularyCmd `cmd:"" help:"${cli_vocabulary}"`
	Bench      benchCmd      `cmd:"" help:"${cli_bench}"`
	Tune       tuneCmd       `cmd:"" help:"${cli_tune}"`
	Pair       pairCmd       `cmd:"" help:"${cli_pair}"`
	Doctor     doctorCmd     `cmd:"" help:"${cli_doctor}"`
	Version    versionCmd    `cmd:"" help:"${cli_version}"`
}

// Exit codes.
const (
	exitDone       = 0
	exitNothing    = 1 // nothing was done
	exitUsage      = 2 // the command line or a document is not valid
	exitRejected   = 3 // done, but some rows were rejected
	exitInfeasible = 4 // a plan was made, but its musts or minimums cannot be kept
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run carries out one command line and returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr *os.File) int {
	con := newConsole(languageOf(args), stdout, stderr)
	if err := locale.Check(); err != nil {
		return con.fail(err)
	}
	var commands cli
	helped := false
	parser, err := kong.New(&commands, kong.Name("jinghe"), kong.Description(con.text("cli.about", nil)),
		helpTexts(con.lang), kong.Writers(stdout, stderr), kong.UsageOnError(),
		kong.Exit(func(int) { helped = true }), kong.Help(helpIn(con.lang)), kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		return con.fail(err)
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	switch {
	case helped:
		return exitDone
	case err != nil:
		fmt.Fprintln(stderr, con.text("cli.usage", map[string]any{"error": translated(con.lang, err.Error())}))
		return exitUsage
	}
	con.lang = commands.Lang
	parsed.BindTo(ctx, (*context.Context)(nil))
	return con.exitCode(parsed.Run(con))
}

// exitCode reports err and chooses the code that CONTRACTS promise scripts.
func (c *console) exitCode(err error) int {
	if err == nil {
		return exitDone
	}
	if done, ok := errors.AsType[finished](err); ok {
		return int(done)
	}
	return c.fail(err)
}

// fail tells a person what went wrong and returns the exit code for it.
func (c *console) fail(err error) int {
	fmt.Fprintln(c.err, locale.Error(c.lang, err))
	switch scene.CodeOf(err) {
	case scene.Invalid:
		return exitUsage
	case scene.Internal:
		fmt.Fprintln(c.err, c.text("cli.cause", map[string]any{"error": err.Error()}))
	}
	return exitNothing
}

// finished ends a verb that has said everything itself, with an exit code.
type finished int

// Error makes finished an error.
func (f finished) Error() string { return fmt.Sprintf("exit code %d", int(f)) }
