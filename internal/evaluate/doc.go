// Package evaluate measures rankings against the judgement of people: metrics
// of retrieval with bootstrap intervals, and a reader of graded collections.
//
// It stands on the first floor and knows nothing of how a ranking came to be.
// Gains are linear (the grade itself), unlisted documents count as 0.
package evaluate
