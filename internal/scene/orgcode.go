package scene

import "strings"

// OrgCode is the organisation code (组织机构代码, GB 11714-1997) that came before
// the credit code and forms its places 9 to 17: eight digits or capital letters
// and a check character, without the hyphen.
type OrgCode string

const (
	orgAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	orgLen      = 9
)

// ParseOrgCode folds width, case, blanks and the hyphen and checks length,
// alphabet and check character. It returns an Invalid error with key
// org_code.length, org_code.alphabet or org_code.checksum.
func ParseOrgCode(s string) (OrgCode, error) {
	code := strings.ToUpper(foldCode(s))
	if len(code) != orgLen {
		return "", orgError("org_code.length", s)
	}
	for i := range orgLen - 1 {
		if strings.IndexByte(orgAlphabet, code[i]) < 0 {
			return "", orgError("org_code.alphabet", s)
		}
	}
	if OrgCheck(code[:orgLen-1]) != code[orgLen-1] {
		return "", orgError("org_code.checksum", s)
	}
	return OrgCode(code), nil
}

// OrgCheck returns the check character of the first eight characters of an
// organisation code: 11 − (Σ value·weight mod 11) with the weights 3 7 9 10 5
// 8 4 2, where 10 is written X and 11 is written 0 (GB 11714-1997). The input
// must be eight characters, digits or capital letters.
func OrgCheck(body string) byte {
	weights := [orgLen - 1]int{3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		sum += strings.IndexByte(orgAlphabet, body[i]) * w
	}
	return "0X987654321"[sum%11]
}

// OrgCode returns the organisation code inside a valid credit code.
func (c CreditCode) OrgCode() OrgCode {
	if len(c) != creditLen {
		return ""
	}
	return OrgCode(c[8:17])
}

func orgError(key, s string) error {
	return &Error{Code: Invalid, Key: key, Args: map[string]any{"value": s}}
}
