package scene

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// faultsOf returns "field key" of every fault, in order.
func faultsOf(err error) []string {
	var list []string
	if e, ok := errors.AsType[*Error](err); ok {
		for _, f := range e.Fields {
			list = append(list, f.Field+" "+f.Key)
		}
	}
	return list
}

func TestOrganisationValidate(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		org  Organisation
		want []string
	}{
		"OK":             {Organisation{Name: "无锡某公司", CreditCode: "91350100M000100Y43"}, nil},
		"NoCode":         {Organisation{Name: "无锡某公司"}, nil},
		"ErrName":        {Organisation{Name: " \u3000"}, []string{"name field.required"}},
		"ErrLongName":    {Organisation{Name: strings.Repeat("长", 201)}, []string{"name field.too_long"}},
		"LongestName":    {Organisation{Name: strings.Repeat("长", 200)}, nil},
		"ErrLongProfile": {Organisation{Name: "甲", Profile: strings.Repeat("字", 32_768)}, []string{"profile field.too_long"}},
		"ErrCode":        {Organisation{Name: "甲", CreditCode: "91350100M000100Y44"}, []string{"credit_code credit_code.checksum"}},
		"ErrBoth":        {Organisation{CreditCode: "1"}, []string{"name field.required", "credit_code credit_code.length"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := tt.org.Validate()
			if got := faultsOf(err); !slices.Equal(got, tt.want) {
				t.Errorf("faults %v, want %v", got, tt.want)
			}
			if tt.want != nil && (CodeOf(err) != Invalid || keyOf(err) != "organisation.invalid") {
				t.Errorf("err = %v", err)
			}
		})
	}
}

func TestListingValidate(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	tests := map[string]struct {
		edit func(*Opportunity, *Capability)
		need []string // faults of the opportunity
		cap  []string // faults of the capability
	}{
		"OK":          {func(*Opportunity, *Capability) {}, nil, nil},
		"ErrName":     {func(o *Opportunity, c *Capability) { o.Name, c.Name = "", "" }, []string{"name field.required"}, []string{"name field.required"}},
		"ErrState":    {func(o *Opportunity, c *Capability) { o.State, c.State = "", "lost" }, []string{"state listing.state"}, []string{"state listing.state"}},
		"ErrMaturity": {func(o *Opportunity, _ *Capability) { o.Maturity = Maturity{9, 8} }, []string{"maturity listing.maturity"}, nil},
		"ErrValidity": {func(o *Opportunity, _ *Capability) { o.ValidFrom, o.ValidTo = day, day.Add(-1) }, []string{"valid_to listing.validity"}, nil},
		"SameInstant": {func(o *Opportunity, _ *Capability) { o.ValidFrom, o.ValidTo = day, day }, nil, nil},
		"OpenEnd":     {func(o *Opportunity, _ *Capability) { o.ValidFrom = day }, nil, nil},
		"ErrNegative": {func(o *Opportunity, c *Capability) { o.Budget.Min, c.Price.Max = -1, -1 }, []string{"budget money.negative"}, []string{"price money.negative"}},
		"ErrOrder": {func(o *Opportunity, c *Capability) {
			o.Budget, c.Price = MoneyRange{Min: 2, Max: 1}, MoneyRange{Min: 2, Max: 1}
		}, []string{"budget money.order"}, []string{"price money.order"}},
		"OpenRange": {func(o *Opportunity, c *Capability) { o.Budget.Min, c.Price.Max = 5, 5 }, nil, nil},
		"ErrMonths": {func(o *Opportunity, c *Capability) { o.Schedule, c.Delivery = Months{Min: 3, Max: 2}, Months{Min: -1} }, []string{"schedule months.order"}, []string{"delivery months.negative"}},
		"ErrLevel":  {func(o *Opportunity, c *Capability) { o.Require.MinMaturity, c.Wants.MinBudget = 10, -5 }, []string{"eligibility.min_maturity listing.maturity"}, []string{"wants.min_budget money.negative"}},
		"ErrMLPS":   {func(o *Opportunity, c *Capability) { o.Require.MLPS, c.MLPS = 6, -1 }, []string{"eligibility.mlps listing.mlps"}, []string{"mlps listing.mlps"}},
		"ErrLong": {
			func(o *Opportunity, c *Capability) {
				long := strings.Repeat("字", 32_768)
				o.Situation, o.Need, o.Targets, o.Resources, o.Works = long, long, long, long, long
				c.Description, c.Product, c.ScenarioText, c.Indicators = long, long, long, long
			},
			[]string{"situation field.too_long", "need field.too_long", "targets field.too_long", "resources field.too_long", "works field.too_long"},
			[]string{"description field.too_long", "product field.too_long", "scenarios field.too_long", "indicators field.too_long"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := &Opportunity{Listing: Listing{Name: "机会", State: Draft}}
			c := &Capability{Listing: Listing{Name: "能力", State: Published}}
			tt.edit(o, c)
			if got := faultsOf(o.Validate()); !slices.Equal(got, tt.need) {
				t.Errorf("opportunity: %v, want %v", got, tt.need)
			}
			if got := faultsOf(c.Validate()); !slices.Equal(got, tt.cap) {
				t.Errorf("capability: %v, want %v", got, tt.cap)
			}
		})
	}
}

func TestNameKey(t *testing.T) {
	t.Parallel()
	same := [][]string{
		{"无锡（太湖）科技有限公司", "无锡(太湖)科技有限公司", " 无锡 太湖 科技有限公司\u3000", "无锡太湖科技有限公司", "无锡【太湖】科技有限公司"},
		{"ＡＢＣ智能Tech有限公司", "abc智能TECH有限公司", "A.B.C智能Tech有限公司", "“ABC”智能-Tech有限公司"},
	}
	for _, group := range same {
		for _, s := range group[1:] {
			if NameKey(s) != NameKey(group[0]) {
				t.Errorf("%q and %q differ: %q, %q", s, group[0], NameKey(s), NameKey(group[0]))
			}
		}
	}
	for _, pair := range [][2]string{{"C++工坊", "C工坊"}, {"无锡太湖科技有限公司", "无锡太湖科技股份有限公司"}, {"甲1号", "甲2号"}} {
		if NameKey(pair[0]) == NameKey(pair[1]) {
			t.Errorf("%q and %q meet", pair[0], pair[1])
		}
	}
}

func FuzzNameKey(f *testing.F) {
	for _, s := range []string{"无锡（太湖）科技", "ＡＢＣ", "\xff", "İ", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if once := NameKey(s); NameKey(once) != once {
			t.Errorf("NameKey(%q) = %q, again %q", s, once, NameKey(once))
		}
	})
}
