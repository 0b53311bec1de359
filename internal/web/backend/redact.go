package backend

import (
	"strings"
)

// Redact replaces mobile numbers, land-line numbers and mail addresses that
// stand in running text by asterisks. Printed lists often repeat the contact
// inside the description. The number of code points does not change, so
// offsets into the text stay valid.
//
// A number counts as a telephone number when it has 11 digits and starts with
// 1 and 3–9, or has the form 0AA(A)-NNNNNNN(N) or 400-NNN-NNNN.
func Redact(s string) string {
	if strings.IndexByte(s, '@') < 0 && !hasLongDigits(s) {
		return s
	}
	b := []byte(s)
	for i := 0; i < len(b); {
		if !isDigit(b[i]) {
			i++
			continue
		}
		end := numberEnd(b, i)
		if isTelephone(b[i:end]) {
			blank(b[i:end])
		}
		i = end
	}
	redactMail(b)
	return string(b)
}

// hasLongDigits reports a run of seven digits, hyphens and blanks between them
// not counted as breaks: less is no telephone number.
func hasLongDigits(s string) bool {
	run := 0
	for i := range len(s) {
		switch {
		case isDigit(s[i]):
			if run++; run >= 7 {
				return true
			}
		case s[i] != '-' && s[i] != ' ':
			run = 0
		}
	}
	return false
}

// numberEnd returns the end of the digits from i on, single hyphens and blanks included.
func numberEnd(b []byte, i int) int {
	for i < len(b) {
		switch {
		case isDigit(b[i]):
			i++
		case (b[i] == '-' || b[i] == ' ') && i+1 < len(b) && isDigit(b[i+1]):
			i += 2
		default:
			return i
		}
	}
	return i
}

func isTelephone(b []byte) bool {
	digits := make([]byte, 0, 16)
	for _, c := range b {
		if isDigit(c) {
			digits = append(digits, c)
		}
	}
	switch n := len(digits); {
	case n == 11 && digits[0] == '1' && digits[1] >= '3':
		return true
	case n == 10 && string(digits[:3]) == "400":
		return true
	case n >= 10 && n <= 12 && digits[0] == '0':
		return len(b) > n // a hyphen or blank after the area code
	}
	return false
}

func redactMail(b []byte) {
	for at := range b {
		if b[at] != '@' {
			continue
		}
		start, end := at, at+1
		for start > 0 && isMailByte(b[start-1]) {
			start--
		}
		for end < len(b) && isMailByte(b[end]) {
			end++
		}
		if start < at && strings.IndexByte(string(b[at:end]), '.') > 0 {
			blank(b[start:end])
		}
	}
}

func blank(b []byte) {
	for i := range b {
		b[i] = '*'
	}
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isMailByte(c byte) bool {
	return isDigit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '.' || c == '-' || c == '_' || c == '+'
}
