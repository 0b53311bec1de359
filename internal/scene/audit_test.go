package scene

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestDifferences(t *testing.T) {
	t.Parallel()
	before := Capability{Listing: Listing{
		ID: "a", Revision: 1, Name: "旧名", Fields: []string{"x"}, Contact: Contact{Person: "张三丰", Phone: "13900001111"}, Updated: time.Unix(1, 0),
	}, Price: MoneyRange{Min: 12_345_678_901_234}}
	after := before
	after.Revision, after.Updated, after.Name, after.Fields = 2, time.Unix(2, 0), "新名", []string{"x", "y"}
	after.Price = MoneyRange{}
	after.Contact.Phone = "13900002222"
	after.Cases = []Case{{Customer: "某厂"}}
	got, err := Differences(before, after)
	if err != nil {
		t.Fatal(err)
	}
	want := []Difference{
		{"cases", "", `[{"customer":"某厂"}]`},
		{"contact.phone", "139****1111", "139****2222"},
		{"fields", "x", "x、y"},
		{"name", "旧名", "新名"},
		{"price.min", "12345678901234", ""},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if same, err := Differences(before, before); len(same) != 0 || err != nil {
		t.Errorf("of the same: %v, %v", same, err)
	}
	made, err := Differences(nil, Account{ID: "a", Login: "li", Phone: "13900001111", Mail: "lisi@example.cn"})
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]string{}
	for _, d := range made {
		told[d.Field] = d.After
	}
	if told["login"] != "li" || told["phone"] != "139****1111" || !IsMasked(told["mail"]) {
		t.Errorf("of a new account: %v", told)
	}
	if _, err := Differences(nil, make(chan int)); CodeOf(err) != Internal {
		t.Errorf("of what is no content: %v", err)
	}
}
