//go:build !linux

package testkit

import "syscall"

// boundAttr has no counterpart outside Linux: a killed test binary may leave
// its servers behind.
func boundAttr() *syscall.SysProcAttr { return nil }

// unprivileged leaves the program with the rights of the tests.
func unprivileged(string) (*syscall.SysProcAttr, error) { return boundAttr(), nil }
