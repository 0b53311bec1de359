// Package match is the matching engine: it decides whether an offer may answer
// a need, how well it does, and says why.
//
// It stands on the first floor: pure functions on plain data. It reads no
// store, no index and no clock; who calls it passes the instant. What it may
// import is scene, search/lexicon and locale.
//
// # The way of a pair
//
//  1. [Engine.Need] and [Engine.Offer] turn both sides into the same typed
//     [Profile]: terms of two text fields, codes, indicators parsed from the
//     text, money, months, maturity, places, qualifications.
//  2. [Engine.Check] holds the conditions of BOTH sides against the facts of the
//     other, in three-valued logic. One condition known to be broken takes the
//     pair out; a missing fact never does, but is named.
//  3. [Query.Score] adds up named parts, each in [0,1], each with a weight. The
//     sum of the contributions is the raw score, exactly; a monotone map makes a
//     probability of it.
//  4. [Engine.Explain] renders the parts as data with evidence, and one sentence.
//
// A pair has one score, whichever side asks. The same data, weights, lexicon
// and dictionaries give the same ranking; ties go by code, then by ID.
package match
