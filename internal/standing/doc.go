// Package standing answers the questions that people keep: when a listing comes
// or changes it finds every saved search that the listing answers, in one pass.
//
// It stands on the second floor. A [Book] is the reverse index: searches are
// filed under the rarest of the terms that they cannot do without, so that a
// listing meets only those it has such a term for, and these are then checked
// in full. [Service] keeps the book in step with the rows, and tells of each
// pair of search and listing once, in the transaction that notes it.
package standing
