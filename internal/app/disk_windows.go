package app

import (
	"golang.org/x/sys/windows"

	"jinghe/internal/scene"
)

// freeBytes is what the user of this process may still write in dir.
func freeBytes(dir string) (free uint64, err error) {
	path, err := windows.UTF16PtrFromString(dir)
	if err == nil {
		err = windows.GetDiskFreeSpaceEx(path, &free, nil, nil)
	}
	return free, scene.Wrap("app.freeBytes", err)
}
