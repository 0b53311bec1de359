// Package samplecity is an invented city to try the program on: some owners of
// scenarios, some providers of technology, what they need and what they offer,
// modelled on the industries of Wuxi. No organisation, person, telephone
// number or project in it is real; the credit codes are well formed and use a
// range that has never been given out.
//
// Like the lists of real cities it is not clean: some entries are vague, some
// lack a category or a budget, some say the same thing twice, some have
// expired, some come in traditional or full-width characters. [Manifest] says
// which, and which pairs are meant to fit or to look as if they did.
//
// It stands on the first floor and knows only the vocabulary. The entries are
// text files, one per field of use, that a person can read and edit; parse.go
// describes their form. Load gives rows as a workbook would.
package samplecity
