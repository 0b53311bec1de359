package ui

import "strings"

// Entrance is a page around one form.
type Entrance struct {
	Lead   string
	Notice string
	Form   Form
	Ways   []Link // elsewhere
	// Picture is the address of a QR code, Secret what it says, for typing.
	Picture, Secret string
	Codes           []string // recovery codes, shown once
	Kept            string   // name of what the browser kept and may drop now
}

// AccountView is what a person has here.
type AccountView struct {
	Notice      string
	Facts       []Fact
	Schedules   []Link // the personal pages of the events to which he goes
	FactorLabel string
	Sessions    []SessionRow
}

// SessionRow is one browser that is signed in.
type SessionRow struct {
	Began, From, Agent string
	This               bool
}

// Document is a text that people agree to.
type Document struct {
	Version string
	Text    string // a line that begins with # is a heading
}

// documentParts cuts a text at its headings.
func documentParts(text string) []TextPart {
	var parts []TextPart
	for _, line := range paragraphs(text) {
		if head, ok := strings.CutPrefix(line, "# "); ok {
			parts = append(parts, TextPart{Heading: head})
			continue
		}
		if len(parts) == 0 {
			parts = append(parts, TextPart{})
		}
		parts[len(parts)-1].Text += line + "\n"
	}
	return parts
}
