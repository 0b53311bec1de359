// Package img holds the pictures of the documents beside a test that draws
// them: it opens the sample city in a browser as its visitors and users would. Run
//
//	make screenshots
//
// after a change to the pages. Without -update the test only looks: the pages
// it would draw lead somewhere, fit a phone, and leave the console silent.
package img
