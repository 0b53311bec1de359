// Package meili is the search engine over a Meilisearch server: the same
// contract as search/embedded, answered by a process of its own that several
// replicas share and that keeps its indexes on disk.
//
// # Who does what
//
// The server keeps the documents, finds those that have given terms, filters,
// counts and sorts. What a text is found by, what was meant by a query, and how
// good a match is, is decided here, as it is for every engine: the server cuts
// Chinese into whole dictionary words only, corrects no word under five letters,
// knows no pinyin and no synonym of more than three words, and reads ten words of
// a query.
//
// A document is stored with the terms of each text field ([search/lexicon]), once
// each, coded in letters that the server's own analysis leaves alone:
//
//	id      the document's ID, coded; sorts as the ID does
//	tN      text field N, as it was given
//	kN      its terms, joined by blanks: searchable
//	w       words, Latin words and pinyin of all fields: filterable
//	fN, nN  facet N, coded; number N
//	l       lengths of the text fields
//	m       what the document was when it was given: the same is not given again
//
// A keyword query becomes a filter on w and mandatory words of the query text;
// the best of what the server finds is ranked here by BM25F, the formula of the
// other engine, with document frequencies asked of the server. A need becomes
// one multi-search of many short queries, one for each of its telling terms.
//
// # Changes
//
// Every change is a task of the server, awaited with a deadline: Apply returns
// when it can be seen. Settings are code; an index that was made with others, or
// with another lexicon, is copied into a new one that takes its place by a swap.
//
// # When the server is away
//
// Every call fails with [search.Unavailable] and a [*ServerError] that says what
// is wrong. Nothing is kept for later here: the caller repeats the change. An
// index that the server has lost is made anew, empty, and [Options.Lost] is told.
package meili
