package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
)

// versionCmd prints what this program is.
type versionCmd struct{}

// Help shows an example.
func (versionCmd) Help() string { return example("jinghe version") }

// Run prints version, revision and platform on one line.
func (versionCmd) Run(_ context.Context, con *console) error {
	fmt.Fprintf(con.out, "jinghe %s %s %s/%s\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return nil
}

// version is the module's version, or the revision it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return s.Value[:12]
		}
	}
	return "devel"
}
