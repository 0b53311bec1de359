package scene

import (
	"strings"
	"testing"
)

func TestParseCreditCode(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ in, want, key string }{
		"OK":             {"91350100M000100Y43", "91350100M000100Y43", ""},
		"LowerCase":      {"91350100m000100y43", "91350100M000100Y43", ""},
		"FullWidth":      {"９１３５０１００Ｍ０００１００Ｙ４３", "91350100M000100Y43", ""},
		"Blanks":         {" 9135 0100\u00a0M0001\u300000Y43\ufeff\n", "91350100M000100Y43", ""},
		"Hyphens":        {"913501-00M000100Y-43", "91350100M000100Y43", ""},
		"Empty":          {"", "", "credit_code.length"},
		"Short":          {"91350100M000100Y4", "", "credit_code.length"},
		"Registration15": {"320200000012345", "", "credit_code.length"},
		"Scientific":     {"9.14E+17", "", "credit_code.scientific"},
		"ScientificLow":  {"9.1350100e+17", "", "credit_code.scientific"},
		"LetterO":        {"9135O100M000100Y43", "", "credit_code.alphabet"},
		"LetterI":        {"9I350100M000100Y43", "", "credit_code.alphabet"},
		"Chinese":        {"无锡市某某科技有限公", "", "credit_code.length"},
		"WrongCheck":     {"91350100M000100Y44", "", "credit_code.checksum"},
		"Swapped":        {"91530100M000100Y43", "", "credit_code.checksum"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := ParseCreditCode(tt.in)
			if string(got) != tt.want || keyOrEmpty(err) != tt.key {
				t.Errorf("ParseCreditCode(%q) = %q, %v; want %q, key %q", tt.in, got, err, tt.want, tt.key)
			}
			if err != nil && CodeOf(err) != Invalid {
				t.Errorf("code %q, want invalid", CodeOf(err))
			}
		})
	}
}

func keyOrEmpty(err error) string {
	if err == nil {
		return ""
	}
	return keyOf(err)
}

// The weights as printed in GB 32100-2015; web snippets that start at 3 or
// that take 3^i mod 31 over all 18 places disagree with them.
func TestCreditCheckWeights(t *testing.T) {
	t.Parallel()
	printed := []int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}
	for i, w := range printed {
		body := []byte(strings.Repeat("0", 17))
		body[i] = '1'
		if got, want := CreditCheck(string(body)), creditAlphabet[(31-w)%31]; got != want {
			t.Errorf("place %d: check %c, want %c", i+1, got, want)
		}
	}
}

// A sum that 31 divides gives the check character 0, where a missing second
// modulo would look for a 32nd character.
func TestCreditCheckZero(t *testing.T) {
	t.Parallel()
	body := []byte("91320214MA0000000")
	for _, c := range []byte(creditAlphabet) {
		body[16] = c
		if CreditCheck(string(body)) == '0' {
			if _, err := ParseCreditCode(string(body) + "0"); err != nil {
				t.Errorf("%s0: %v", body, err)
			}
			return
		}
	}
	t.Error("no body with check character 0 found")
}

// Every single wrong character and every swap of neighbours is noticed.
func TestCreditCodeNoticesSlips(t *testing.T) {
	t.Parallel()
	const good = "91350100M000100Y43"
	for i := range len(good) {
		for _, c := range []byte(creditAlphabet) {
			if c == good[i] {
				continue
			}
			if bad := good[:i] + string(c) + good[i+1:]; keyOrEmpty(parseErr(bad)) != "credit_code.checksum" {
				t.Errorf("%s passes", bad)
			}
		}
		if i+1 < len(good) && good[i] != good[i+1] {
			if bad := good[:i] + good[i+1:i+2] + good[i:i+1] + good[i+2:]; parseErr(bad) == nil {
				t.Errorf("swap at %d passes: %s", i, bad)
			}
		}
	}
}

func parseErr(s string) error { _, err := ParseCreditCode(s); return err }

func TestOrgCheck(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]byte{
		"D2143569": 'X', // the example of GB 11714
		"M000100Y": '4',
		"00000069": '2',
		"00000000": '0',
	} {
		if got := OrgCheck(body); got != want {
			t.Errorf("%s has %c, want %c", body, got, want)
		}
	}
}

func FuzzParseCreditCode(f *testing.F) {
	for _, s := range []string{"91350100M000100Y43", "9.14E+17", "９１３５", "", "无锡", "\xff\xfe"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		code, err := ParseCreditCode(s)
		if err != nil {
			return
		}
		if again, err := ParseCreditCode(string(code)); err != nil || again != code {
			t.Errorf("%q gives %q, which gives %q, %v", s, code, again, err)
		}
		if len(code) != creditLen {
			t.Errorf("%q gives %d characters", s, len(code))
		}
	})
}
