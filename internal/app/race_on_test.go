//go:build race

package app_test

// raceEnabled relaxes bounds on time: the race detector slows the program some ten times.
const raceEnabled = true
