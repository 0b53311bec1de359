//go:build unix

package app

import (
	"golang.org/x/sys/unix"

	"jinghe/internal/scene"
)

// freeBytes is what a process without privileges may still write in dir.
func freeBytes(dir string) (uint64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return 0, scene.Wrap("app.freeBytes", err)
	}
	return uint64(s.Bavail) * uint64(s.Bsize), nil //nolint:unconvert,gosec // the types differ between systems
}
