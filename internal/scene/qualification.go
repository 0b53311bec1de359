package scene

import "time"

// Qualification is a title an organisation holds (资质): 专精特新, 小巨人, 高企 …
type Qualification struct {
	// Code is a term of the dictionary “qualification”, e.g. "little_giant".
	Code string `json:"code"`
	// Level is "national", "provincial", "municipal" or "" where it is not known.
	Level string `json:"level,omitempty"`
	// Text is the title as written in the source.
	Text string `json:"text,omitempty"`
	// Until is the last day of validity; zero is not known.
	Until time.Time `json:"until,omitzero"`
}
