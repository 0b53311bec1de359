package ui

// Funnel is how far the pairs have come that people work on.
type Funnel struct {
	Rows    []FunnelRow
	Stopped int // not among them
}

// FunnelRow is one stage: how many pairs came so far, and how many stand there now.
type FunnelRow struct {
	Label         string
	Reached, Here int
	URL           string // of those who stand there now, "" where no list shows just them
}
