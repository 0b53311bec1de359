//go:build race

package app_test

// raceEnabled relaxes bounds on time: the race detector slows the program some
// ten times. For the same reason fewer processes are killed; what counts is the
// run without it.
const (
	raceEnabled = true
	killRounds  = 4
)
