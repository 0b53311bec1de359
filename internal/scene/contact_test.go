package scene

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestContactMasked(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ in, want Contact }{
		"Nothing":     {Contact{}, Contact{}},
		"Usual":       {Contact{Person: "王小明", Phone: "13800001234", Mail: "wang@example.com"}, Contact{Person: "王**", Phone: "138****1234", Mail: "w***@example.com"}},
		"TwoLetters":  {Contact{Person: "李四"}, Contact{Person: "李**"}},
		"OneLetter":   {Contact{Person: "李", Phone: "8", Mail: "a@example.com"}, Contact{Person: "**", Phone: "**", Mail: "**@example.com"}},
		"FourLetters": {Contact{Person: "欧阳某某"}, Contact{Person: "欧***"}},
		"Extension":   {Contact{Phone: "8001"}, Contact{Phone: "8***"}},
		"ShortPhone":  {Contact{Phone: "5550001"}, Contact{Phone: "555****"}},
		"NoAt":        {Contact{Mail: "not a mail"}, Contact{Mail: "n********"}},
		"LongRaw":     {Contact{Raw: "联系人王小明，电话0510-55550001，周一至周五"}, Contact{Raw: "联********"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := tt.in.Masked(); got != tt.want {
				t.Errorf("Masked() = %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestContactKnown(t *testing.T) {
	t.Parallel()
	if (Contact{}).Known() || !(Contact{Raw: "见附件"}).Known() {
		t.Error("Known disagrees with the content")
	}
}

func TestIsMasked(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{
		"王**": true, "138****1234": true, "张*": true, "w***@example.com": true,
		"": false, "王小明": false, "0510-55550001": false, "5*6规格": false,
	} {
		if got := IsMasked(s); got != want {
			t.Errorf("IsMasked(%q) = %v", s, got)
		}
	}
}

// Whatever is masked is recognised as masked, and less than half of a text stays.
func FuzzMasked(f *testing.F) {
	for _, s := range []string{"王", "王小明", "13800001234", "a@b", "\xff\xff\xff", "👨‍👩‍👧"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m := Contact{Person: s, Phone: s, Raw: s}.Masked()
		if s == "" {
			return
		}
		for _, got := range []string{m.Person, m.Raw} {
			kept := utf8.RuneCountInString(strings.ReplaceAll(got, "*", ""))
			if !IsMasked(got) || kept > 1 {
				t.Errorf("%q masked as %q", s, got)
			}
		}
		if kept := utf8.RuneCountInString(strings.ReplaceAll(m.Phone, "*", "")); !IsMasked(m.Phone) || kept > 7 {
			t.Errorf("phone %q masked as %q", s, m.Phone)
		}
	})
}
