package scene

import "time"

// Import is one job that brought a file into the store. It can be listed and undone.
type Import struct {
	ID     ID        `json:"id"`
	File   string    `json:"file"`   // base name
	Digest string    `json:"digest"` // SHA-256 of the file, hex
	Source string    `json:"source,omitempty"`
	Batch  string    `json:"batch,omitempty"`
	State  State     `json:"state"`  // state given to new rows: submitted or published
	Status string    `json:"status"` // "running", "done", "failed", "undone"
	Count  Tally     `json:"count"`
	Began  time.Time `json:"began"`
	Ended  time.Time `json:"ended,omitzero"`
	Actor  string    `json:"actor,omitempty"`
	// Process is the program that runs or ran the job, among those that share a store.
	Process string `json:"process,omitempty"`
	// Missing lists rows of the same source and kind that this file no longer
	// contains. They are left alone.
	Missing []ID `json:"missing,omitempty"`
}

// Tally counts what an import did to rows.
type Tally struct {
	Read      int `json:"read"`
	Created   int `json:"created"`
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged"`
	Merged    int `json:"merged"` // rows of one file that were the same thing
	Rejected  int `json:"rejected"`
}

// Change is what an import did to one row; Before is the revision to go back
// to on undo, 0 if the row was created.
type Change struct {
	Noun   string `json:"noun"` // "organisation", "opportunity", "capability"
	ID     ID     `json:"id"`
	Before int    `json:"before"`
	After  int    `json:"after"`
}

// Word is an entry that was added to the search lexicon in this installation.
type Word struct {
	Word     string   `json:"word"`
	Synonyms []string `json:"synonyms,omitempty"`
	Pinyin   string   `json:"pinyin,omitempty"`
	Exclude  bool     `json:"exclude,omitempty"` // take the word out: texts are cut as if it did not exist
	Stop     bool     `json:"stop,omitempty"`    // it says nothing by itself, and counts little in matching
}

// The states of an import job. A job found “running” when no program runs it
// was cut off; its committed chunks stand.
const (
	JobRunning = "running"
	JobDone    = "done"
	JobFailed  = "failed"
	JobUndone  = "undone"
)
