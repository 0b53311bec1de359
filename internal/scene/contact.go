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

// Tidy returns c without blanks around it, and with digits, letters and signs of
// full width in the telephone number and the mail address as keyboards have them.
func (c Contact) Tidy() Contact {
	c.Person, c.Phone, c.Mail = strings.TrimSpace(c.Person), Narrow(c.Phone), Narrow(c.Mail)
	return c
}

// Narrow returns s without blanks around it, its letters, digits and signs of full
// width as those of half width.
func Narrow(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case r == '\u3000':
			return ' '
		}
		return r
	}, s))
}

// Validate checks what a person types to be reached by, each part only where it
// is filled, and returns an Invalid *Error with one field per fault, or nil.
func (c Contact) Validate() error {
	var f faults
	f.check(c.Phone == "" || ValidPhone(c.Phone), "contact.phone", "contact.phone")
	f.check(c.Mail == "" || ValidMail(c.Mail), "contact.mail", "account.mail")
	return f.err("contact.invalid")
}

// ValidPhone reports whether s can be one or several telephone numbers, with
// extensions: five digits at least, and beside them only what stands between.
func ValidPhone(s string) bool {
	digits := 0
	rest := strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			digits++
			return -1
		case strings.ContainsRune(" +-–—()（）/、,，;；.·*#", r):
			return -1
		}
		return r
	}, s)
	for _, word := range []string{"转", "分机", "或", "ext"} {
		rest = strings.ReplaceAll(rest, word, "")
	}
	return digits >= 5 && rest == ""
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
