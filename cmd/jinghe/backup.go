package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"jinghe/internal/app"
	"jinghe/internal/archive"
	"jinghe/internal/scene"
)

// backupCmd writes every row into one file, while the service runs.
type backupCmd struct {
	cityFlags      `embed:""`
	Out            string   `short:"o" placeholder:"FILE" help:"cli.flag.out"`
	Recipient      []string `env:"JINGHE_BACKUP_RECIPIENT" placeholder:"KEY" help:"cli.flag.recipient"`
	PassphraseFile string   `placeholder:"FILE" help:"cli.flag.passphrase_file"`
}

// Help shows examples.
func (backupCmd) Help() string {
	return example("jinghe backup --data ./city --out city.backup",
		"jinghe backup --data ./city --recipient age1… --out city.backup.age")
}

// Run writes the file and reads along, so that what was written is known to be whole.
func (cmd *backupCmd) Run(ctx context.Context, con *console) error {
	if (cmd.Out == "" || cmd.Out == "-") && term.IsTerminal(int(con.out.Fd())) {
		return &scene.Error{Code: scene.Invalid, Key: "cli.binary_terminal"}
	}
	passphrase, err := readSecret(cmd.PassphraseFile)
	if err != nil {
		return err
	}
	op, err := con.operator(ctx, cmd.config())
	if err != nil {
		return err
	}
	defer con.close(op)
	var h archive.Header
	err = con.writeFile(cmd.Out, 0o600, func(w io.Writer) error {
		sealing, err := archive.Seal{Recipients: cmd.Recipient, Passphrase: passphrase}.Writer(w)
		if err != nil {
			return err
		}
		if h, err = cmd.write(ctx, con, op, sealing); err != nil {
			return err
		}
		return sealing.Close()
	})
	if err != nil {
		return err
	}
	fmt.Fprintln(con.err, con.text("cli.backed_up", map[string]any{"rows": h.Rows(), "tables": len(h.Tables)}))
	return nil
}

// write has the backup written to w and verified on the way.
func (cmd *backupCmd) write(ctx context.Context, con *console, op app.Operator, w io.Writer) (h archive.Header, err error) {
	tell, end := con.progress(con.text("cli.backing_up", nil))
	defer end()
	read, written := io.Pipe()
	verified := make(chan error, 1)
	go func() {
		var err error
		h, err = archive.Verify(ctx, read)
		_ = read.CloseWithError(err) // a writer that goes on learns of it
		verified <- err
	}()
	err = op.Backup(ctx, io.MultiWriter(w, written), tell)
	_ = written.CloseWithError(err)
	if verr := <-verified; err == nil || errors.Is(err, verr) {
		err = verr
	}
	return h, err
}

// restoreCmd fills an empty place from such a file.
type restoreCmd struct {
	cityFlags      `embed:""`
	File           string `arg:"" help:"cli.flag.restore_file"`
	Identity       string `placeholder:"FILE" help:"cli.flag.identity"`
	PassphraseFile string `placeholder:"FILE" help:"cli.flag.passphrase_file"`
}

// Help shows examples.
func (restoreCmd) Help() string {
	return example("jinghe restore --data ./city2 city.backup",
		"jinghe restore --data ./city2 --identity key.txt city.backup.age")
}

// Run restores; the service must not be running.
func (cmd *restoreCmd) Run(ctx context.Context, con *console) error {
	passphrase, err := readSecret(cmd.PassphraseFile)
	if err != nil {
		return err
	}
	identities, err := readSecret(cmd.Identity)
	if err != nil {
		return err
	}
	keys := archive.Keys{Identities: identities, Passphrase: passphrase}
	tell, end := con.progress(con.text("cli.restoring", nil))
	h, err := app.Restore(ctx, cmd.File, keys, app.Place{Dir: cmd.Data, Store: cmd.Store}, con.appOptions(cmd.config()), tell)
	end()
	if err != nil {
		return err
	}
	fmt.Fprintln(con.err, con.text("cli.restored", map[string]any{
		"rows": h.Rows(), "made": h.Made.In(scene.China()).Format("2006-01-02 15:04"),
	}))
	return nil
}

// readSecret reads a short file without the line break at its end; no name is no secret.
func readSecret(name string) (string, error) {
	if name == "" {
		return "", nil
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return "", fileError("file.unreadable", name, err)
	}
	return strings.TrimRight(string(text), "\r\n"), nil
}
