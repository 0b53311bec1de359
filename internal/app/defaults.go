package app

import (
	"strconv"
	"time"
)

// Defaults is the Config of a verb that has no flags of its own for it: the
// values that the tags of Config give.
func Defaults() Config {
	return Config{
		Addr: "127.0.0.1:8080", NATSReplicas: 1, LogLevel: "info", LogFormat: "text", StopTimeout: 15 * time.Second,
	}
}

func megabytes(n uint64) string { return strconv.FormatUint(n>>20, 10) }
