// Package sat decides whether clauses and counting constraints can hold
// together, and if not, which assumptions are to blame.
//
// It is a conflict-driven clause-learning solver in the manner of MiniSat (Eén
// and Sörensson 2003) with at-most-k constraints built in (no auxiliary
// variables for the tables of a slot). It exists beside the public solvers for
// one reason: its effort is bounded by work, not by a clock, so that the same
// question with the same budget has the same answer on every machine. A test
// holds it against one of them.
//
// A [Solver] is not safe for concurrent use.
package sat
