// Package embedded is the search engine inside the process: an inverted index
// in memory that implements [search.Engine].
//
// # Shape
//
// An index is a list of immutable segments of at most 65,536 documents. A change
// adds a small segment and marks what it replaces as deleted; a merger joins
// small segments in the background. Readers take the current list once and keep
// it: they never wait, and never see half a change.
//
// A segment keeps, for each term, the documents that have it and how often in
// which field: four bytes a posting, in one array for all terms. Terms are
// single characters, pairs of neighbours, dictionary words, Latin words, and for
// fields that ask for it their pinyin.
//
// # Ranking
//
// BM25F over the fields of the schema, with averages of the whole index taken
// when the query runs, so that scores do not depend on how documents came in.
// Ties go by ID. Deleted documents count in term frequencies until their
// segment is merged; nothing else of them is seen.
//
// # Two ways in
//
// [Index.Search] answers what a person types: every word must be met, exactly or
// as a synonym, in pinyin, corrected, or begun. [Index.Candidates] takes a page
// of text, weighs its terms, and finds what is worth ranking elsewhere.
package embedded
