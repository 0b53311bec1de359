// Package datadir locks a data directory, so that one process at a time opens
// what is in it: two would ruin the events and hide rows from each other.
//
// It stands on the first floor.
package datadir

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"jinghe/internal/scene"
)

// lockName is the file that is locked. It stays when the lock is gone, since
// removing it would let two processes lock two files of one name.
const lockName = "lock"

// errHeld is returned by tryLock when another process, or another Lock of this
// one, has it.
var errHeld = errors.New("held by another")

// Lock is an exclusive hold on a directory. The system lets it go when the
// process ends, however it ends.
type Lock struct {
	file *os.File
	once sync.Once
	err  error
}

// Acquire locks dir, making it (mode 0700) if there is none. While another
// process holds it the error is a Precondition, datadir.locked, with arguments
// dir and pid; pid is 0 if the holder has not yet written it.
func Acquire(dir string) (*Lock, error) {
	const op = "datadir.Acquire"
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fail(op, dir, err)
	}
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fail(op, dir, err)
	}
	if err := tryLock(f); err != nil {
		defer f.Close()
		if errors.Is(err, errHeld) {
			return nil, &scene.Error{
				Code: scene.Precondition, Key: "datadir.locked", Op: op,
				Args: map[string]any{"dir": dir, "pid": readPID(f)},
			}
		}
		return nil, fail(op, dir, err)
	}
	if err := writePID(f); err != nil {
		_ = letGo(f)
		return nil, fail(op, dir, err)
	}
	return &Lock{file: f}, nil
}

// Holder returns the process that holds the lock of dir, 0 if none does.
func Holder(dir string) (pid int, err error) {
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fail("datadir.Holder", dir, err)
	}
	switch err := tryLock(f); {
	case errors.Is(err, errHeld):
		defer f.Close()
		return readPID(f), nil
	case err != nil:
		defer f.Close()
		return 0, fail("datadir.Holder", dir, err)
	}
	if err := letGo(f); err != nil {
		return 0, fail("datadir.Holder", dir, err)
	}
	return 0, nil
}

// Release lets the lock go. Releasing twice is harmless.
func (l *Lock) Release() error {
	l.once.Do(func() {
		if err := l.file.Truncate(0); err != nil {
			l.err = err
		}
		if err := letGo(l.file); err != nil {
			l.err = err
		}
	})
	return l.err
}

// letGo unlocks f and closes it. Closing alone is not enough while this process
// starts another one: until that runs its own program it has a copy of every
// open file, and a lock lasts as long as any copy.
func letGo(f *os.File) error {
	return errors.Join(unlock(f), f.Close())
}

func writePID(f *os.File) error {
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err := f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return err
}

// readPID reads what the holder wrote, 0 if that is no number.
func readPID(f *os.File) int {
	b := make([]byte, 32)
	n, err := f.ReadAt(b, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return 0
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(b[:n])))
	if err != nil {
		return 0
	}
	return pid
}

func fail(op, dir string, err error) error {
	code, key := scene.Internal, "datadir.broken"
	if errors.Is(err, fs.ErrPermission) {
		code, key = scene.Precondition, "datadir.permission"
	}
	return &scene.Error{Code: code, Key: key, Args: map[string]any{"dir": dir}, Op: op, Err: err}
}
