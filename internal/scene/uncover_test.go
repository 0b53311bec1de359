package scene

import (
	"strings"
	"testing"
)

func TestUncover(t *testing.T) {
	t.Parallel()
	const one = "泵站 3 座。请致电 13855501234 了解"
	const two = "张工电话：13855501234，李工电话：13955505678"
	const alike = "电话13855501234；电话13955505678"
	for _, tc := range []struct {
		name, told, stored, want string
		ok                       bool
	}{
		{"Unchanged", Redact(one), one, one, true},
		{"EditedElsewhere", "泵站 5 座。请致电 *********** 了解", one, "泵站 5 座。请致电 13855501234 了解", true},
		{"EditedAround", "泵站 5 座，联系***********。", one, "泵站 5 座，联系13855501234。", true},
		{"TakenOut", "泵站 5 座。", one, "泵站 5 座。", true},
		{"Replaced", "请致电 13700000000 了解", one, "请致电 13700000000 了解", true},
		{"WrongLength", "请致电 ****** 了解", one, "", false},
		{"NothingCovered", "评级 ***", "评级三星", "评级 ***", true},
		{"OwnStars", "评级***，请致电*********** 了解", "评级***，请致电13855501234 了解", "评级***，请致电13855501234 了解", true},
		{"OwnStarsEdited", "评级****", "评级***", "评级****", true},
		{"Product", "3*4 米，请致电 *********** 了解", one, "3*4 米，请致电 13855501234 了解", true},
		{"Both", Redact(two) + "。", two, two + "。", true},
		{"FirstTakenOut", "李工电话：***********", two, "李工电话：13955505678", true},
		{"Swapped", "李工电话：***********，张工电话：***********", two, "李工电话：13955505678，张工电话：13855501234", true},
		{"WhichOne", "请拨***********", two, "", false},
		{"AlikeBoth", Redact(alike), alike, alike, true},
		{"Mail", "邮件 ***************** 亦可", "邮件 zhang@example.com 详询", "邮件 zhang@example.com 亦可", true},
		{"Twice", "请致电 *********** 了解，再致电 *********** 了解", one, "请致电 13855501234 了解，再致电 13855501234 了解", true},
		{"Empty", "", one, "", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, ok := Uncover(tc.told, tc.stored)
			if ok != tc.ok || ok && got != tc.want {
				t.Errorf("%q of %q: %q %v", tc.told, tc.stored, got, ok)
			}
		})
	}
}

func FuzzUncover(f *testing.F) {
	f.Add("电话 13855501234", "请", 3)
	f.Add("联系人：张三 电话010-12345678", "*", 0)
	f.Fuzz(func(t *testing.T, stored, added string, at int) {
		if got, ok := Uncover(Redact(stored), stored); ok && got != stored && strings.ToValidUTF8(stored, "") == stored {
			t.Errorf("%q comes back as %q", stored, got)
		}
		r := []rune(Redact(stored))
		at = min(max(at, 0), len(r))
		_, _ = Uncover(string(r[:at])+added+string(r[at:]), stored, added)
	})
}
