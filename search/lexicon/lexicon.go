// Package lexicon turns Chinese and Latin text into the terms that an index
// and a matcher compare: folding (width, case, traditional to simplified),
// segmentation into words, characters and bigrams, synonyms and pinyin.
//
// A Lexicon is an immutable snapshot, safe for concurrent use; With derives a
// new one from it, so that words can be added while the program runs.
package lexicon
