// Package archive carries every row of a store to another place and proves
// that it arrived: from one engine to the other, into a file, and back.
//
// It stands on the second floor. It knows tables and values, and nothing of
// what they mean, so that a new table is carried without a change here.
//
// One form serves all three: the rows of each table in order of their key, and
// a SHA-256 over them that is the same whichever engine they came from. A place
// is filled in one transaction that is checked before it commits: what is cut
// off leaves nothing, and can be run again.
package archive
