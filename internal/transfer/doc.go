// Package transfer reads the lists that people keep in workbooks and CSV files
// into typed rows, and writes rows back as such files.
//
// It stands on the third floor and is the only importer of excelize. It knows
// nothing of the store: a command, a page or a job hands its rows to the
// registry, or straight to the matching engine.
//
// # Reading
//
// A file is recognised by its content, never by its name: workbook (.xlsx,
// .xlsm), text with a delimiter (UTF-8, UTF-16, GB18030), or one of the many
// things people rename to .xlsx, for which there is one clear sentence.
// Bounds on size, rows, columns and unpacking ratio are checked before a
// workbook is opened, so a hostile file costs little.
//
// Each sheet is recognised by its heads. A column takes the field whose known
// heads are most similar to its own:
//
//	1.00        equal after folding (width, case, blanks, marks, bracketed remark)
//	0.75–0.95   the known head is the end of the printed one, or the other way round
//	0.55–0.75   it is its beginning or middle, and the rest does not change what is meant
//	0.54–0.80   all characters of the known head stand in it in their order (所属行政地区)
//	0.54–0.90   0.9 × Dice coefficient of the character bigrams, if that is at least 0.6
//
// The most similar pairs are joined first, each field once. A column that two
// fields claim about equally is reported for a person to decide, and the
// decision can be handed in again as [ReadOptions.Mapping].
//
// Nothing of a workbook is lost: a cell that no field takes, or that could not
// be understood in full, stays in the listing's Extra under its head.
//
// # Writing
//
// Every layout that can be read can be written, and imports back unchanged as
// far as the layout has columns; our own layout [Jinghe] has a column for
// every field. Contacts are masked unless the caller asks for them.
package transfer
