package scene

import (
	"strings"
	"unicode/utf8"
)

// minTold is how many characters a description needs before anybody can judge
// or match the entry.
const minTold = 20

// Ready checks what an entry must have before it is handed in, and returns an
// Invalid *Error with one field per fault, or nil. A draft may lack all of it.
func (o *Opportunity) Ready() error {
	var f faults
	o.ready(&f)
	told(&f, "need", o.Situation+o.Need+o.Targets)
	return f.err("listing.not_ready")
}

// Ready checks what an entry must have before it is handed in, and returns an
// Invalid *Error with one field per fault, or nil. A draft may lack all of it.
func (c *Capability) Ready() error {
	var f faults
	c.ready(&f)
	told(&f, "description", c.Description)
	return f.err("listing.not_ready")
}

func (l *Listing) ready(f *faults) {
	f.require("name", l.Name)
	f.check(len(l.Fields) > 0, "fields", "listing.fields_missing")
	f.check(strings.TrimSpace(l.Contact.Person) != "" || l.Contact.Raw != "", "contact.person", "field.required")
	f.check(l.Contact.Phone != "" || l.Contact.Mail != "" || l.Contact.Raw != "", "contact.phone", "listing.contact_missing")
	f.check(l.Contact.Mail == "" || ValidMail(l.Contact.Mail), "contact.mail", "account.mail")
}

func told(f *faults, field, text string) {
	if n := utf8.RuneCountInString(strings.TrimSpace(text)); n < minTold {
		f.add(field, "listing.too_short", map[string]any{"length": n, "min": minTold})
	}
}
