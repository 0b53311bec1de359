package main

import (
	"errors"
	"io"
	"os"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
)

// console is what a verb talks to: results go to out, everything else to err.
type console struct {
	lang     locale.Lang
	out      *os.File
	err      *os.File
	terminal bool // err is a terminal: progress bars may be drawn
}

func newConsole(lang locale.Lang, stdout, stderr *os.File) *console {
	return &console{lang: lang, out: stdout, err: stderr, terminal: term.IsTerminal(int(stderr.Fd()))}
}

func (c *console) text(key string, args map[string]any) string { return locale.Text(c.lang, key, args) }

// progress returns a function to call with the work done and its total, and one
// to call at the end. On anything but a terminal both do nothing.
func (c *console) progress(label string) (tell func(done, total int), end func()) {
	if !c.terminal {
		return func(int, int) {}, func() {}
	}
	bar := progressbar.NewOptions(-1, progressbar.OptionSetWriter(c.err), progressbar.OptionSetDescription(label),
		progressbar.OptionShowCount(), progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish(), progressbar.OptionSetPredictTime(true))
	tell = func(done, total int) {
		if bar.GetMax() != total {
			bar.ChangeMax(total)
		}
		_ = bar.Set(done) // a bar that cannot be drawn is no reason to stop the work
	}
	return tell, func() { _ = bar.Finish() }
}

// writeTo calls write with the file of that name, or with standard output where
// the name is empty or "-". A file is complete or not there at all.
func (c *console) writeTo(name string, write func(io.Writer) error) error {
	return c.writeFile(name, 0o666, write)
}

// writeFile is writeTo where a new file gets these permissions, before umask.
func (c *console) writeFile(name string, mode os.FileMode, write func(io.Writer) error) error {
	if name == "" || name == "-" {
		return write(c.out)
	}
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		f, err := os.OpenFile(name, os.O_WRONLY, 0) // a pipe or a device
		if err != nil {
			return fileError("file.create", name, err)
		}
		return errors.Join(write(f), f.Close())
	}
	part := name + ".part"
	f, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, mode)
	if err != nil {
		return fileError("file.create", name, err)
	}
	if err = write(f); err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		_ = os.Remove(part)
		return err
	}
	if err := os.Rename(part, name); err != nil {
		_ = os.Remove(part)
		return fileError("file.in_use", name, err)
	}
	return nil
}

// binaryOut refuses to fill a terminal with the bytes of a workbook.
func (c *console) binaryOut(format, name string) error {
	if format == "xlsx" && (name == "" || name == "-") && term.IsTerminal(int(c.out.Fd())) {
		return &scene.Error{Code: scene.Invalid, Key: "cli.binary_terminal"}
	}
	return nil
}

// languageOf finds the language before the command line is parsed, so that
// --help speaks it too.
func languageOf(args []string) locale.Lang {
	tag := os.Getenv("JINGHE_LANG")
	for i, arg := range args {
		if value, ok := strings.CutPrefix(arg, "--lang="); ok {
			tag = value
		} else if arg == "--lang" && i+1 < len(args) {
			tag = args[i+1]
		}
	}
	lang, _ := locale.Parse(tag)
	return lang
}
