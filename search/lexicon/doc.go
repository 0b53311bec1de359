// Package lexicon turns Chinese and Latin text into the terms that an index
// and a matcher compare: folding (width, case, traditional to simplified),
// segmentation into words, characters and bigrams, synonyms and pinyin.
//
// A [Lexicon] is an immutable snapshot, safe for concurrent use; [Lexicon.With]
// derives a new one from it, so that words can be added while the program runs.
//
// # Three views of a text
//
//   - [Lexicon.Tokens] gives every term worth indexing: each character, each pair
//     of neighbours, each dictionary word (also inside longer ones), Latin words
//     and numbers. A query that is cut differently from the document still meets it.
//   - [Lexicon.Words] gives the single best segmentation, for display and for
//     deciding what a query asks for.
//   - [Lexicon.Readings] and [Lexicon.Pinyin] give the sound.
//
// # Positions
//
// All positions are Unicode code points of the text as it was passed in.
// [Lexicon.Fold] replaces one code point by exactly one, never more and never fewer, so a
// position in folded text is a position in the original. A byte that is not
// valid UTF-8 counts as one code point, as it does in a range loop.
//
// # Where the words come from
//
// A general dictionary (79,000 words that occur at least 20 times in its source),
// a domain list written for technology and scenario listings (data/domain.txt),
// and the entries passed to [New] and [Lexicon.With]. Segmentation takes the path
// with the highest product of word frequencies, as is usual for unigram models.
package lexicon
