//go:build !linux

package testkit

import (
	"context"
	"net"
	"syscall"
)

// reserve finds a port that nobody listens on; outside Linux another program may
// take it before it is used.
func reserve() (port int, release func(), err error) {
	l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, nil, err
	}
	return l.Addr().(*net.TCPAddr).Port, func() {}, l.Close()
}

// boundAttr has no counterpart outside Linux: a killed test binary may leave
// its servers behind.
func boundAttr() *syscall.SysProcAttr { return nil }

// unprivileged leaves the program with the rights of the tests.
func unprivileged(string) (*syscall.SysProcAttr, error) { return boundAttr(), nil }
