package testkit

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Program is a process that a test ends, holds and starts again, as drills do.
// Its methods are called by one goroutine.
type Program struct {
	name    string
	command string
	args    []string
	env     []string
	log     string // path of what it says

	process *os.Process
	exited  chan struct{} // closed when it is gone
}

// NewProgram describes a process; Start starts it. What it says goes to a file
// in dir. It ends with the test.
func NewProgram(t testing.TB, name, dir, command string, args, env []string) *Program {
	t.Helper()
	p := &Program{name: name, command: command, args: args, env: env, log: filepath.Join(dir, name+".log")}
	t.Cleanup(func() {
		p.Kill(t)
		if t.Failed() {
			t.Logf("last words of %s:\n%s", name, p.lastWords())
		}
	})
	return p
}

// Name returns the name given.
func (p *Program) Name() string { return p.name }

// Start starts it, and waits for nothing.
func (p *Program) Start(t testing.TB) {
	t.Helper()
	log, err := os.OpenFile(p.log, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatalf("%s: %v", p.name, err)
	}
	cmd := exec.CommandContext(context.Background(), p.command, p.args...)
	cmd.Env, cmd.Stdout, cmd.Stderr, cmd.SysProcAttr = p.env, log, log, boundAttr()
	started, exited := make(chan error, 1), make(chan struct{})
	go func() { // ends with the process
		defer close(exited)
		defer log.Close()
		runtime.LockOSThread() // the process dies with the thread that started it
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // how it ends is what the test decides
		}
	}()
	if err := <-started; err != nil {
		t.Fatalf("%s: %v", p.name, err)
	}
	p.process, p.exited = cmd.Process, exited
}

// Kill ends it at once, also while it is held, and returns when it is gone.
func (p *Program) Kill(t testing.TB) {
	t.Helper()
	p.signal(t, syscall.SIGKILL)
	if p.process != nil {
		<-p.exited
	}
}

// Stop asks it to end and returns when it is gone; after stopLimit it is killed.
func (p *Program) Stop(t testing.TB) {
	t.Helper()
	p.signal(t, syscall.SIGTERM)
	select {
	case <-p.exited:
	case <-time.After(stopLimit):
		t.Errorf("%s did not end when asked to", p.name)
		p.Kill(t)
	}
}

// Hold has it stand still until Release.
func (p *Program) Hold(t testing.TB) { t.Helper(); p.signal(t, syscall.SIGSTOP) }

// Release lets it go on.
func (p *Program) Release(t testing.TB) { t.Helper(); p.signal(t, syscall.SIGCONT) }

func (p *Program) signal(t testing.TB, s syscall.Signal) {
	t.Helper()
	if p.Gone() {
		return
	}
	if err := p.process.Signal(s); err != nil && !p.Gone() {
		t.Errorf("%s: %v", p.name, err)
	}
}

// Gone reports whether it has ended, or never began.
func (p *Program) Gone() bool {
	if p.process == nil {
		return true
	}
	select {
	case <-p.exited:
		return true
	default:
		return false
	}
}

// Said returns what it has said after the first from bytes, and how many bytes
// that is in all.
func (p *Program) Said(from int) (text string, bytes int) {
	all, err := os.ReadFile(p.log)
	if err != nil || from > len(all) {
		return "", 0
	}
	return string(all[from:]), len(all)
}

func (p *Program) lastWords() string {
	text, _ := p.Said(0)
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-40):], "\n")
}

// Build compiles the package (jinghe/cmd/jinghe) into dir and returns the path of
// the program. It may be of another directory of source than this one.
func Build(t testing.TB, source, pkg, dir string) string {
	t.Helper()
	path := filepath.Join(dir, filepath.Base(pkg))
	cmd := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-o", path, pkg)
	cmd.Dir, cmd.Env = source, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build %s: %v\n%s", pkg, err, out)
	}
	return path
}
