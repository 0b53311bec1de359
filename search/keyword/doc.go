// Package keyword says what the words of a query or a need may mean: which
// terms a text is found by, which ways there are to meet what was typed, and
// where it stands in a text found.
//
// It is what the engines have in common. An engine answers for its terms as a
// [Vocabulary]; what one server or another lacks (pinyin, synonyms of long
// words, correction of Chinese) is worked out here, for all of them alike.
// Everything is a pure function of its arguments.
package keyword
