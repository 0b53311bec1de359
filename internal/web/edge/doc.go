// Package edge is where values of the domain meet HTTP: what every request
// carries (an id, a language, the choices of the reader) and how every failure
// leaves (one status, one problem document).
//
// It stands on the fourth floor beside internal/web and is shared by pages and
// API, so that both say the same about the same error.
package edge
