package bus

import "strings"

// ValidSubject reports whether s is <noun>.<verb> in small letters, digits, _
// and -.
func ValidSubject(s string) bool { return validSubject(s, false) }

// ValidPattern reports whether s is a subject each part of which may be *.
func ValidPattern(s string) bool { return validSubject(s, true) }

func validSubject(s string, pattern bool) bool {
	noun, verb, ok := strings.Cut(s, ".")
	return ok && validPart(noun, pattern) && validPart(verb, pattern)
}

func validPart(s string, pattern bool) bool {
	if s == "*" {
		return pattern
	}
	for _, r := range s {
		small, digit := r >= 'a' && r <= 'z', r >= '0' && r <= '9'
		if !small && !digit && r != '_' && r != '-' {
			return false
		}
	}
	return s != ""
}
