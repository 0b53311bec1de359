package ui

// Entrance is a page around one form.
type Entrance struct {
	Lead   string
	Notice string
	Form   Form
	Ways   []Link // elsewhere
	// Picture is the address of a QR code, Secret what it says, for typing.
	Picture, Secret string
	Codes           []string // recovery codes, shown once
}

// AccountView is what a person has here.
type AccountView struct {
	Notice      string
	Facts       []Fact
	FactorLabel string
	Sessions    []SessionRow
}

// SessionRow is one browser that is signed in.
type SessionRow struct {
	Began, From, Agent string
	This               bool
}
