package scene

import (
	"slices"
	"strings"
	"testing"
)

func TestRegionOf(t *testing.T) {
	t.Parallel()
	d := load(t)
	for text, want := range map[string]string{
		"无锡":  "320200",
		"无锡市": "320200",
		"江苏省无锡市新吴区菱湖大道":  "320214",
		"江苏省 无锡市 滨湖区":    "320211",
		"江苏、无锡":          "320000 320200",
		"无锡高新区":          "320214",
		"江阴市澄江街道":        "320281",
		"宜兴市、江阴市":        "320282 320281",
		"南京市鼓楼区":         "320106",
		"福建省福州市鼓楼区":      "350102",
		"鼓楼区":            "",
		"北京市朝阳区":         "110105",
		"深圳市光明区、坪山区":     "440311 440310",
		"重庆市渝中区":         "500103",
		"重慶市":            "500000",
		"華東地區、無錫市":       "east_china 320200",
		"长三角、成渝地区":       "yangtze_delta cheng_yu",
		"面向全国":           "100000",
		"不限":             "100000",
		"全国领先的解决方案":      "",
		"位于园区东北角":        "",
		"中山路12号":         "",
		"南京大学":           "",
		"山西省阳泉市城区":       "140302",
		"老城区改造":          "",
		"Wuxi, Shenzhen": "320200 440300",
		"苏锡常":            "su_xi_chang",
		"吉林":             "220000",
		"香港、澳门、台湾":       "810000 820000 710000",
		"320214":         "320214",
		"":               "",
		"本市范围内":          "",
	} {
		if got := strings.Join(d.RegionOf(text), " "); got != want {
			t.Errorf("RegionOf(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestRegionContains(t *testing.T) {
	t.Parallel()
	d := load(t)
	for _, tt := range []struct {
		outer, inner string
		want         bool
	}{
		{"320200", "320214", true},
		{"320000", "320214", true},
		{"320000", "320200", true},
		{"320214", "320200", false},
		{"320100", "320214", false},
		{"100000", "320214", true},
		{"100000", "yangtze_delta", true},
		{"yangtze_delta", "320214", true},
		{"yangtze_delta", "330100", true},
		{"yangtze_delta", "440300", false},
		{"yangtze_delta", "su_xi_chang", true},
		{"320000", "su_xi_chang", true},
		{"su_xi_chang", "320000", false},
		{"su_xi_chang", "yangtze_delta", false},
		{"yangtze_delta", "100000", false},
		{"greater_bay", "440305", true},
		{"500000", "500103", true},
		{"410000", "419001", true},
		{"320200", "320202", true}, // an abolished district
		{"320100", "320202", false},
		{"320200", "no_such", false},
		{"no_such", "320200", false},
		{"", "320200", false},
	} {
		if got := d.RegionContains(tt.outer, tt.inner); got != tt.want {
			t.Errorf("%s contains %s: %v", tt.outer, tt.inner, got)
		}
	}
}

// Every province and prefecture is found by its full name, every county after
// the name of the division above it.
func TestEveryDivisionIsFound(t *testing.T) {
	t.Parallel()
	d := load(t)
	dict, _ := d.Get(DictRegion)
	counts := map[int]int{}
	for _, term := range dict.Terms {
		if !division(term.Code) || term.Code == nationwide {
			continue
		}
		text := term.Zh
		switch {
		case strings.HasSuffix(term.Code, "0000"):
			counts[2]++
		case strings.HasSuffix(term.Code, "00"):
			counts[4]++
		default:
			counts[6]++
			text = d.Label(DictRegion, term.Parent, "zh") + text
		}
		if got := d.RegionOf(text); !slices.Equal(got, []string{term.Code}) {
			t.Errorf("RegionOf(%q) = %v, want %s", text, got, term.Code)
		}
		if !d.RegionContains(term.Code[:2]+"0000", term.Code) {
			t.Errorf("%s is not in its province", term.Code)
		}
	}
	// GB/T 2260: 34 at province level, 333 prefectures, some 2,850 counties.
	if counts[2] != 34 || counts[4] != 333 || counts[6] < 2800 {
		t.Errorf("divisions by level: %v", counts)
	}
	for prefix, want := range map[string]int{"3202": 7, "4403": 9, "5001": 26, "5002": 12} {
		n := 0
		for _, term := range dict.Terms {
			if strings.HasPrefix(term.Code, prefix) && !strings.HasSuffix(term.Code, "00") {
				n++
			}
		}
		if n != want {
			t.Errorf("%s: %d districts, want %d", prefix, n, want)
		}
	}
}
