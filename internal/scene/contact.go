package scene

import "strings"

// Contact is a person to talk to: personal information (个人信息保护法). It is
// stored for a purpose, shown masked, and revealed only where both sides agreed.
type Contact struct {
	Person string `json:"person,omitempty"`
	Phone  string `json:"phone,omitempty"`
	Mail   string `json:"mail,omitempty"`
	// Raw is the cell of a printed list as it stood, when it could not be split.
	Raw string `json:"raw,omitempty"`
}

// Known reports whether there is anything to reach a person by.
func (c Contact) Known() bool { return c != Contact{} }

// Masked returns c with all but a recognisable rest replaced by asterisks, in
// the form that an import understands as “unchanged”.
func (c Contact) Masked() Contact {
	return Contact{
		Person: mask(c.Person, 1, 0), Phone: mask(c.Phone, 3, 4),
		Mail: maskMail(c.Mail), Raw: mask(c.Raw, 1, 0),
	}
}

// IsMasked reports whether s looks like the output of Masked, or like a name
// that another system masked (张*).
func IsMasked(s string) bool { return strings.Contains(s, "**") || strings.HasSuffix(s, "*") }

// mask keeps head and tail characters, of a short text less than half. The
// number of asterisks is between 2 and 8, so that it does not tell the length
// of a long cell.
func mask(s string, head, tail int) string {
	r := []rune(s)
	if len(r) == 0 {
		return ""
	}
	if len(r) <= head+tail {
		head, tail = min(head, (len(r)-1)/2), 0
	}
	n := min(max(len(r)-head-tail, 2), 8)
	return string(r[:head]) + strings.Repeat("*", n) + string(r[len(r)-tail:])
}

func maskMail(s string) string {
	at := strings.LastIndexByte(s, '@')
	if at < 0 {
		return mask(s, 1, 0)
	}
	return mask(s[:at], 1, 0) + s[at:]
}
