//go:build race

package transfer

// raceEnabled lifts bounds on time: the race detector slows the program some ten times.
const raceEnabled = true
