package ui

// QueueRow is an entry that waits for review, with what picks it for a bulk step.
type QueueRow struct {
	Row
	Pick   string // value of its checkbox
	Chosen bool
}

// ResultRow is what became of one entry of a bulk step.
type ResultRow struct {
	Name, URL, Text string
	Bad             bool
}

// Beside is an entry that says nearly the same, shown beside the one under review.
type Beside struct {
	Name, URL, Org string
	Similarity     string
	Differences    []string
}

// SuggestedField is a field of use that the text of an entry speaks for.
type SuggestedField struct {
	Label, Confidence, Words string
	Add                      *Form // adds it, nil for who may not
}
