package scene

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// OwnerKind says what sort of body an organisation is (单位性质).
type OwnerKind string

// The kinds.
const (
	Government  OwnerKind = "government"   // 政府机关、事业单位
	StateOwned  OwnerKind = "soe"          // 国有企业
	Private     OwnerKind = "private"      // 民营企业、外资企业
	PublicSpace OwnerKind = "public_space" // 公共空间运营方
	Institute   OwnerKind = "institute"    // 高校、科研院所
)

// Organisation owns scenarios, provides technology, or both.
type Organisation struct {
	ID         ID         `json:"id"`
	Revision   int        `json:"revision"` // starts at 1, rises with every write
	CreditCode CreditCode `json:"credit_code,omitempty"`
	Name       string     `json:"name"` // as registered, without qualifications behind it
	NameEn     string     `json:"name_en,omitempty"`
	Aliases    []string   `json:"aliases,omitempty"` // other spellings seen in lists
	Kind       OwnerKind  `json:"kind,omitempty"`
	Region     string     `json:"region,omitempty"` // division code, e.g. 320214
	Address    string     `json:"address,omitempty"`
	Profile    string     `json:"profile,omitempty"` // 企业简介
	// Industries are codes of the dictionary “industry” (Wuxi's 465+X by default).
	Industries     []string        `json:"industries,omitempty"`
	Qualifications []Qualification `json:"qualifications,omitempty"`
	Founded        int             `json:"founded,omitempty"` // year
	Contact        Contact         `json:"contact,omitzero"`  // protected
	Source         string          `json:"source,omitempty"`  // list it was first seen in
	// MergedInto is the organisation that it turned out to be, "" for one that
	// stands: what named it leads there, and it is known by no code or name.
	MergedInto ID        `json:"merged_into,omitempty"`
	Created    time.Time `json:"created"`
	Updated    time.Time `json:"updated"`
}

// Validate checks o and returns an Invalid *Error with one field per fault, or nil.
func (o *Organisation) Validate() error {
	var f faults
	f.require("name", o.Name)
	f.tooLong("name", o.Name, maxName)
	f.tooLong("profile", o.Profile, maxText)
	if o.CreditCode != "" {
		if _, err := ParseCreditCode(string(o.CreditCode)); err != nil {
			f.add("credit_code", keyOf(err), map[string]any{"value": string(o.CreditCode)})
		}
	}
	return f.err("organisation.invalid")
}

// Naming is what an organisation is known by.
type Naming struct {
	Name       string     `json:"name"`
	CreditCode CreditCode `json:"credit_code,omitempty"`
}

// Named returns o under another name and code. The name that it gives up is kept
// among its other spellings, so that lists which still have it find it. Faults are
// Invalid with one field each.
func (o Organisation) Named(n Naming) (Organisation, error) {
	next := o.Clone()
	next.Name, next.CreditCode = strings.TrimSpace(n.Name), n.CreditCode
	if code, err := ParseCreditCode(string(n.CreditCode)); err == nil {
		next.CreditCode = code
	}
	if NameKey(next.Name) != NameKey(o.Name) && !slices.Contains(next.Aliases, o.Name) {
		next.Aliases = append(next.Aliases, o.Name)
	}
	next.Aliases = slices.DeleteFunc(next.Aliases, func(a string) bool { return a == next.Name })
	return next, next.Validate()
}

// OwnerKinds returns all kinds, in the order in which a person expects them.
func OwnerKinds() []OwnerKind {
	return []OwnerKind{Government, StateOwned, Private, PublicSpace, Institute}
}

// Bounds of what an organisation says of itself, in code points.
const (
	MaxAddress = 200
	MaxProfile = 4_000
	MaxContact = 100 // each part of it
	// earliestFounded is before the oldest factories, hospitals and schools of China
	// that still stand.
	earliestFounded = 1800
)

// ValidateProfile is Validate for what an organisation writes of itself, which is
// bounded more narrowly than what a list may bring. All faults are told at once.
func (o *Organisation) ValidateProfile(now time.Time) error {
	var f faults
	f.tooLong("name_en", o.NameEn, maxName)
	f.tooLong("address", o.Address, MaxAddress)
	f.tooLong("profile", o.Profile, MaxProfile)
	f.check(o.Kind == "" || slices.Contains(OwnerKinds(), o.Kind), "kind", "organisation.kind")
	if !isCode(o.Region) {
		f.add("region", "organisation.region", map[string]any{"value": strings.TrimPrefix(o.Region, "? ")})
	}
	f.check(o.Founded == 0 || o.Founded >= earliestFounded && o.Founded <= now.Year(), "founded", "organisation.founded")
	f.tooLong("contact.person", o.Contact.Person, MaxContact)
	f.tooLong("contact.phone", o.Contact.Phone, MaxContact)
	f.tooLong("contact.mail", o.Contact.Mail, MaxContact)
	return Together(f.err("organisation.invalid"), o.Validate())
}

// isCode reports whether a text can be a code of a dictionary rather than a name.
func isCode(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= utf8.RuneSelf })
}

// NameKey folds a name so that spellings of one organisation meet: brackets,
// blanks, width and case are dropped. It is the identity of an organisation
// that has no credit code.
func NameKey(name string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '(', ')', '[', ']', '【', '】', '《', '》', '「', '」', '“', '”', '‘', '’', '"', '\'',
			'·', '•', '.', ',', '、', '。', ':', ';', '-', '—', '_':
			return -1
		}
		return r
	}, strings.ToLower(foldCode(name)))
}
