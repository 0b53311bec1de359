package ui

// Tokens is the list of access tokens with the form that makes one.
type Tokens struct {
	Crumb  Link
	Notice string
	Secret string // the one just made, shown this once
	Make   Form
	Rows   []TokenRow
	Next   string
}

// TokenRow is one access token.
type TokenRow struct {
	Name, Owner, Until, Used, From string
	Scopes                         []string
	State                          State
	Revoke                         string // where a form ends it, "" where it has ended
}
