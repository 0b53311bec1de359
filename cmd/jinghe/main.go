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

	"jinghe/internal/commandline"
	"jinghe/internal/locale"
	"jinghe/internal/scene"
)

// cli is the command line: one field per verb.
type cli struct {
	Lang locale.Lang `enum:"zh,en" default:"zh" env:"JINGHE_LANG" help:"cli.lang"`

	Demo     demoCmd     `cmd:"" help:"cli.demo"`
	Serve    serveCmd    `cmd:"" help:"cli.serve"`
	Match    matchCmd    `cmd:"" help:"cli.match"`
	Plan     planCmd     `cmd:"" help:"cli.plan"`
	Import   importCmd   `cmd:"" help:"cli.import"`
	Export   exportCmd   `cmd:"" help:"cli.export"`
	Exchange exchangeCmd `cmd:"" help:"cli.exchange"`
	Reindex  reindexCmd  `cmd:"" help:"cli.reindex"`
	User     userCmd     `cmd:"" help:"cli.user"`

	Move    moveCmd    `cmd:"" help:"cli.move"`
	Backup  backupCmd  `cmd:"" help:"cli.backup"`
	Restore restoreCmd `cmd:"" help:"cli.restore"`

	Vocabulary vocabularyCmd `cmd:"" help:"cli.vocabulary"`
	Bench      benchCmd      `cmd:"" help:"cli.bench"`
	Tune       tuneCmd       `cmd:"" help:"cli.tune"`
	Pair       pairCmd       `cmd:"" help:"cli.pair"`
	Doctor     doctorCmd     `cmd:"" help:"cli.doctor"`
	Version    versionCmd    `cmd:"" help:"cli.version"`
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
	if len(args) == 0 {
		args = []string{"--help"}
	}
	var commands cli
	line, err := commandline.Read("jinghe", &commands, args, nil)
	switch {
	case scene.CodeOf(err) == scene.Invalid:
		fmt.Fprintln(stderr, con.text("cli.usage", map[string]any{"error": locale.Error(con.lang, err)}))
		return exitUsage
	case err != nil:
		return con.fail(err)
	case line.Help:
		return con.exitCode(line.PrintHelp(stdout, con.lang, con.text("cli.about", nil)))
	}
	con.lang = commands.Lang
	switch verb := line.Verb.(type) {
	case interface {
		Run(context.Context, *console) error
	}:
		return con.exitCode(verb.Run(ctx, con))
	case interface {
		Run(context.Context, *console, *userCmd) error
	}:
		return con.exitCode(verb.Run(ctx, con, &commands.User))
	}
	return con.fail(fmt.Errorf("%T is no verb", line.Verb))
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

// tellFaults tells what is wrong, where it is more than one thing each on a line of
// its own.
func (c *console) tellFaults(err error) {
	e, ok := errors.AsType[*scene.Error](err)
	if !ok || len(e.Fields) < 2 {
		fmt.Fprintln(c.err, locale.Error(c.lang, err))
		return
	}
	headline := *e
	headline.Fields = nil
	fmt.Fprintln(c.err, locale.Error(c.lang, &headline))
	for _, f := range e.Fields {
		fmt.Fprintln(c.err, "  "+locale.Field(c.lang, f))
	}
	if count, ok := e.Args["count"].(int); ok && count > len(e.Fields) {
		fmt.Fprintln(c.err, "  "+c.text("cli.more_faults", map[string]any{"count": count - len(e.Fields)}))
	}
}

// fail tells a person what went wrong and returns the exit code for it.
func (c *console) fail(err error) int {
	c.tellFaults(err)
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
