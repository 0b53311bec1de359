package scene

import "strings"

const (
	creditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	creditLen      = 18
	orgAlphabet    = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

// CreditCode is a unified social credit code (统一社会信用代码, GB 32100-2015):
// 18 characters of an alphabet without I, O, S, V and Z, the last one a check.
type CreditCode string

// ParseCreditCode folds width, case and blanks and checks length, alphabet and
// check character. It returns an Invalid error with key credit_code.length,
// credit_code.scientific (a spreadsheet turned the code into a number),
// credit_code.alphabet or credit_code.checksum.
func ParseCreditCode(s string) (CreditCode, error) {
	code := CodeKey(s)
	if strings.Contains(code, "E+") {
		return "", creditError("credit_code.scientific", s)
	}
	if len(code) != creditLen {
		return "", creditError("credit_code.length", s)
	}
	for i := range len(code) {
		if strings.IndexByte(creditAlphabet, code[i]) < 0 {
			return "", creditError("credit_code.alphabet", s)
		}
	}
	if CreditCheck(code[:creditLen-1]) != code[creditLen-1] {
		return "", creditError("credit_code.checksum", s)
	}
	return CreditCode(code), nil
}

// CreditCheck returns the check character of the first 17 characters of a
// credit code: 31 − (Σ value·3^(i−1) mod 31), where 31 is written 0
// (GB 32100-2015, 5.2.5). The input must consist of alphabet characters.
func CreditCheck(body string) byte {
	sum, weight := 0, 1
	for i := range len(body) {
		sum += strings.IndexByte(creditAlphabet, body[i]) * weight
		weight = weight * 3 % len(creditAlphabet)
	}
	return creditAlphabet[(len(creditAlphabet)-sum%len(creditAlphabet))%len(creditAlphabet)]
}

// OrgCheck returns the check character of an organisation code (组织机构代码),
// which places 9 to 17 of a credit code are, from its first eight characters:
// 11 − (Σ value·weight mod 11) with the weights 3 7 9 10 5 8 4 2, where 10 is
// written X and 11 is written 0 (GB 11714-1997). The input must be eight
// characters, digits or capital letters.
func OrgCheck(body string) byte {
	sum := 0
	for i, w := range [...]int{3, 7, 9, 10, 5, 8, 4, 2} {
		sum += strings.IndexByte(orgAlphabet, body[i]) * w
	}
	return "0X987654321"[sum%11]
}

func creditError(key, s string) error {
	return &Error{Code: Invalid, Key: key, Args: map[string]any{"value": s}}
}

// CodeKey is a code in the letters in which codes are written, whatever case and width it
// was typed in, and with whatever blanks and hyphens.
func CodeKey(s string) string { return strings.ToUpper(foldCode(s)) }

// foldCode removes blanks and separators and turns full-width letters and
// digits into half-width ones.
func foldCode(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			r -= '！' - '!'
		case r == '\u3000' || r == '\u00a0' || r == '\ufeff' || r == '\u200b':
			return -1
		}
		if r <= ' ' || r == '-' {
			return -1
		}
		return r
	}, s)
}
