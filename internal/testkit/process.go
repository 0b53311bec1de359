package testkit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

const (
	// What takes a second or two here takes half a minute on a machine that is ten times
	// slower and builds beside: these end what hangs, and nothing else.
	startLimit = 3 * time.Minute
	stopLimit  = time.Minute
)

// server is a program that runs as long as one test.
type server struct {
	log    *logTail
	cancel context.CancelFunc
	exited chan struct{} // closed once the program is gone
	err    error         // how it ended; read after exited is closed
}

// startServer runs the program; the caller then waits until it is ready, by the
// marker it prints (may be empty) or by a probe, and must call stop. The command is asked to end by SIGINT and killed if it
// does not within stopLimit.
func startServer(name string, args, env []string, attr *syscall.SysProcAttr, marker string) (*server, error) {
	ctx, cancel := context.WithCancel(context.Background())
	s := &server{
		log:    &logTail{marker: marker, seen: make(chan struct{})},
		cancel: cancel,
		exited: make(chan struct{}),
	}
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = env
	cmd.SysProcAttr = attr
	cmd.Stdout, cmd.Stderr = s.log, s.log
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGINT) }
	cmd.WaitDelay = stopLimit
	started := make(chan error, 1)
	go func() {
		defer close(s.exited)
		// On Linux the program dies with the thread that started it, so that
		// thread has to stay.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		if s.err = cmd.Start(); s.err != nil {
			started <- s.err
			return
		}
		started <- nil
		s.err = cmd.Wait()
	}()
	if err := <-started; err != nil {
		cancel()
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	return s, nil
}

// awaitMarker waits until the program has printed its marker.
func (s *server) awaitMarker() error {
	limit := time.NewTimer(startLimit)
	defer limit.Stop()
	select {
	case <-s.log.seen:
		return nil
	case <-s.exited:
		return fmt.Errorf("ended before it was ready: %w\n%s", errors.Join(errEnded, s.err), s.log)
	case <-limit.C:
		return fmt.Errorf("not ready within %v\n%s", startLimit, s.log)
	}
}

// awaitProbe waits until probe returns nil, asking ten times a second.
func (s *server) awaitProbe(probe func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), startLimit)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		err := probe(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-tick.C:
		case <-s.exited:
			return fmt.Errorf("ended before it was ready: %w\n%s", errors.Join(errEnded, s.err), s.log)
		case <-ctx.Done():
			return fmt.Errorf("not ready within %v: %w\n%s", startLimit, err, s.log)
		}
	}
}

// stop ends the program and returns when it is gone.
func (s *server) stop(t testing.TB) {
	t.Helper()
	s.cancel()
	<-s.exited
	if t.Failed() {
		t.Logf("last words of the server:\n%s", s.log)
	}
}

var errEnded = errors.New("program ended")

// logTail keeps the last output of a program and notices its marker. It is safe
// for concurrent use.
type logTail struct {
	marker string
	seen   chan struct{} // closed when the marker was printed

	mu    sync.Mutex
	found bool
	tail  []byte
}

const tailBytes = 8 << 10

// Write implements io.Writer; it never fails.
func (l *logTail) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tail = append(l.tail, p...)
	if !l.found && l.marker != "" && bytes.Contains(l.tail, []byte(l.marker)) {
		l.found = true
		close(l.seen)
	}
	if cut := len(l.tail) - tailBytes; cut > 0 {
		l.tail = append(l.tail[:0], l.tail[cut:]...)
	}
	return len(p), nil
}

// String returns the last lines that were printed.
func (l *logTail) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.TrimSpace(string(l.tail))
}
