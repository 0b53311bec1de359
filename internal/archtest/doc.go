// Package archtest holds the house rules of this program as tests; it has no
// code of its own. A rule that fails says where, and why the rule is there.
//
//   - The import law: which package stands on which floor, and who alone may
//     use a library (importlaw_test.go).
//   - The scoreboard: how the code reads, measured and kept within bounds
//     (scoreboard_test.go). The table in ARCHITECTURE.md is written anew by
//     go test ./internal/archtest -run Scoreboard -update
//   - Habits: no init, no mutable package variables, no sleeping, no hidden
//     clock or dice (habits_test.go).
//   - The frame: documents, build and deployment files agree with each other
//     (frame_test.go, text_test.go).
//
// Rules are functions over a file tree, tried on small invented trees before
// they judge the real one, so a rule that has gone blind is noticed. Sources
// are read with go/parser only: packages that do not build are judged too.
package archtest
