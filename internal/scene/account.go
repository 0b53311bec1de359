package scene

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// AccountState is where an account stands.
type AccountState string

// The states of an account. Only an active one can sign in.
const (
	AccountUnproven AccountState = "unproven" // signed up; the mail address is not proven yet
	AccountPending  AccountState = "pending"  // waits for somebody of the centre
	AccountActive   AccountState = "active"
	AccountDisabled AccountState = "disabled"
)

// Account is a person who can sign in. It holds no secret: those are in
// [Credential], so that an account can be shown and recorded.
type Account struct {
	ID       ID     `json:"id"`
	Revision int    `json:"revision"` // starts at 1, rises with every write
	Login    string `json:"login"`    // what is typed to sign in, folded; unique
	Name     string `json:"name"`     // of the person
	Mail     string `json:"mail,omitempty"`
	Phone    string `json:"phone,omitempty"`
	OrgID    ID     `json:"org_id,omitempty"`
	// Department is the line department that a department account answers for.
	Department string       `json:"department,omitempty"`
	Roles      []Role       `json:"roles"`
	State      AccountState `json:"state"`
	// MailProven says that a link sent to Mail was opened.
	MailProven bool `json:"mail_proven,omitempty"`
	// SecondFactor says that a code is asked for after the password.
	SecondFactor bool `json:"second_factor,omitempty"`
	// MustChange says that the password was given by somebody else.
	MustChange bool `json:"must_change,omitempty"`
	// Applied is the organisation that a sign-up named; it is empty once OrgID is set.
	Applied  *Application `json:"applied,omitempty"`
	Consents []Consent    `json:"consents,omitempty"`
	Created  time.Time    `json:"created"`
	Updated  time.Time    `json:"updated"`
}

// Application is the organisation for which somebody signed up.
type Application struct {
	Name       string     `json:"name"`
	CreditCode CreditCode `json:"credit_code"`
	Kind       OwnerKind  `json:"kind,omitempty"`
	// Known says that the organisation was there already: that the person
	// belongs to it is for the centre, or a colleague, to say.
	Known bool `json:"known,omitempty"`
	// Typed is the name as the person wrote it where the one that is registered under
	// the code, which Name is then, is another: a mistyped code, or a new name.
	Typed string `json:"typed,omitempty"`
}

// Consent records that a person agreed to a document.
type Consent struct {
	Document string    `json:"document"` // "privacy" or "terms"
	Version  string    `json:"version"`  // as printed on the document
	At       time.Time `json:"at"`
	From     string    `json:"from,omitempty"` // network address
}

// DocumentVersion is the version of the privacy notice and of the terms that
// people agree to; it changes with their text.
const DocumentVersion = "2026-11"

// Bounds of an account's fields in code points.
const (
	minLogin = 2
	maxLogin = 100
)

// Login folds what a person types to sign in: width, blanks and case do not count.
func Login(s string) string { return strings.ToLower(foldLogin(s)) }

// foldLogin is foldCode that keeps hyphens.
func foldLogin(s string) string {
	parts := strings.Split(s, "-")
	for i := range parts {
		parts[i] = foldCode(parts[i])
	}
	return strings.Join(parts, "-")
}

// Staff reports whether the account holds a role of the centre or the city.
func (a *Account) Staff() bool { return slices.ContainsFunc(a.Roles, Role.Staff) }

// Actor is the account as decisions see it; from is the address of the request.
func (a *Account) Actor(from string) Actor {
	return Actor{ID: a.ID, Name: a.Login, OrgID: a.OrgID, Department: a.Department, Roles: slices.Clone(a.Roles), From: from}
}

// Validate checks a and returns an Invalid *Error with one field per fault, or
// nil. Duties are kept apart: an auditor holds no other role, and who manages
// accounts does not review entries.
func (a *Account) Validate() error {
	var f faults
	if n := utf8.RuneCountInString(a.Login); n < minLogin || n > maxLogin || a.Login != Login(a.Login) || !loginCharacters(a.Login) {
		f.add("login", "account.login", map[string]any{"min": minLogin, "max": maxLogin})
	}
	f.require("name", a.Name)
	f.tooLong("name", a.Name, 50)
	f.tooLong("phone", a.Phone, 40)
	f.tooLong("department", a.Department, maxName)
	f.check(a.Mail == "" || ValidMail(a.Mail), "mail", "account.mail")
	f.check(len(a.Roles) > 0, "roles", "account.role_missing")
	for _, r := range a.Roles {
		if !r.Valid() {
			f.add("roles", "account.role_unknown", map[string]any{"value": string(r)})
		}
	}
	f.check(!slices.Contains(a.Roles, RoleAuditor) || len(a.Roles) == 1, "roles", "account.role_auditor")
	f.check(!slices.Contains(a.Roles, RoleAdmin) || !slices.Contains(a.Roles, RoleSteward), "roles", "account.role_admin")
	f.check(!slices.Contains(a.Roles, RoleDepartment) || strings.TrimSpace(a.Department) != "", "department", "account.department")
	needsOrg := slices.ContainsFunc(a.Roles, Role.Enterprise)
	f.check(!needsOrg || a.OrgID != "" || a.Applied != nil, "org", "account.organisation")
	return f.err("account.invalid")
}

// loginCharacters keeps names apart that look alike: letters and digits of
// ASCII and what stands in a mail address.
func loginCharacters(s string) bool {
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789.-_@+") == ""
}

// ValidMail reports whether s has the form of a mail address, as far as a form
// can tell: one @, something before it, a dotted name behind it, no blanks.
func ValidMail(s string) bool {
	before, domain, ok := strings.Cut(s, "@")
	return ok && before != "" && len(s) <= 254 && strings.Contains(strings.Trim(domain, "."), ".") &&
		!strings.ContainsAny(s, " \t\r\n<>(),;:\\\"[]") && !strings.Contains(domain, "@") && !strings.Contains(s, "..")
}

// Credential is what proves that a person is the account's. It never leaves
// the service of accounts.
type Credential struct {
	AccountID ID     `json:"account_id"`
	Password  string `json:"password,omitempty"` // argon2id in PHC form; "" lets nobody in
	// TOTP is the secret of the second factor in base32, sealed where the
	// installation has a key; Offered one that was shown and not confirmed yet.
	TOTP    string `json:"totp,omitempty"`
	Offered string `json:"offered,omitempty"`
	// Step is the last time step whose code was taken: none counts twice.
	Step int64 `json:"step,omitempty"`
	// Recovery are SHA-256 digests, in hex, of the recovery codes left.
	Recovery []string  `json:"recovery,omitempty"`
	Changed  time.Time `json:"changed,omitzero"` // of the password
	SignedIn time.Time `json:"signed_in,omitzero"`
}

// Session is one browser that is signed in.
type Session struct {
	// ID is the SHA-256 digest, in hex, of the token that the browser holds.
	ID        ID        `json:"id"`
	AccountID ID        `json:"account_id"`
	Proven    bool      `json:"proven,omitempty"` // the second factor was given, here or where the person signed on
	From      string    `json:"from"`             // network address at sign-in
	Agent     string    `json:"agent"`            // of the browser, cut to 200 characters
	Created   time.Time `json:"created"`
	Seen      time.Time `json:"seen"`
	Expires   time.Time `json:"expires"` // whatever happens
}

// Token is a link that works once: an invitation, the proof of a mail address, a new password.
type Token struct {
	// ID is the SHA-256 digest, in hex, of what the link carries.
	ID        ID     `json:"id"`
	Purpose   string `json:"purpose"` // "invite", "mail" or "reset"
	AccountID ID     `json:"account_id,omitempty"`
	// Of an invitation: where it leads, as what, and who gave it.
	OrgID   ID        `json:"org_id,omitempty"`
	Roles   []Role    `json:"roles,omitempty"`
	By      ID        `json:"by,omitempty"`
	Created time.Time `json:"created"`
	Expires time.Time `json:"expires"`
}

// Attempts counts failures of one kind, such as wrong passwords for a login.
type Attempts struct {
	Key      string    `json:"key"`
	Failures int       `json:"failures"`
	Last     time.Time `json:"last"`
	Until    time.Time `json:"until,omitzero"` // nothing is tried before
}

// Tie is a person of another system who is an account here.
type Tie struct {
	ID        ID        `json:"id"` // digest of issuer and subject
	AccountID ID        `json:"account_id"`
	Issuer    string    `json:"issuer"`
	Subject   string    `json:"subject"`
	Made      time.Time `json:"made"`
}
