package samplecity

import (
	"strings"
	"testing"
	"time"

	"jinghe/internal/scene"
)

func TestParse(t *testing.T) {
	t.Parallel()
	blocks, err := parse("# 注\n@org a | 甲 ||x\n\n@need N1 | 名称 | a\nneed: 一句：带冒号: 的话 \nmoney: 80\n")
	if err != nil || len(blocks) != 2 {
		t.Fatalf("%v, %v", blocks, err)
	}
	org, need := blocks[0], blocks[1]
	if org.kind != "org" || org.line != 2 || org.head(0) != "a" || org.head(2) != "" || org.head(3) != "x" || org.head(9) != "" {
		t.Errorf("org = %+v", org)
	}
	if need.value["need"] != "一句：带冒号: 的话" || strings.Join(need.keys, " ") != "need money" {
		t.Errorf("need = %+v", need)
	}
	for name, bad := range map[string]string{
		"ErrOutside": "need: 1\n", "ErrNoColon": "@need a\nneed\n", "ErrTwice": "@need a\nneed: 1\nneed: 2\n",
	} {
		if _, err := parse(bad); err == nil || !strings.Contains(err.Error(), "line ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("@org a | b\nk: v\n")
	f.Add("@\n:\n")
	f.Add("#\n\n@need | |\n：: \xff")
	f.Fuzz(func(t *testing.T, s string) {
		blocks, err := parse(s)
		if err != nil {
			return
		}
		for _, b := range blocks {
			if len(b.heads) == 0 || len(b.keys) != len(b.value) || b.line < 1 {
				t.Errorf("%q gives %+v", s, b)
			}
		}
	})
}

// A slip in a data file is told, not swallowed.
func TestSlipsAreTold(t *testing.T) {
	t.Parallel()
	const org = "@org a | 甲公司 | A | private | 320214 | 2001 | 物联网\n"
	for name, tt := range map[string]struct{ text, want string }{
		"OK":           {org + "@need N | 名称 | a\nneed: 要\n", ""},
		"ErrKind":      {"@shop a\n", "unknown kind of block"},
		"ErrOrgKind":   {"@org a | 甲 | A | shop | 320214 | | \n", "unknown kind"},
		"ErrOrgRegion": {"@org a | 甲 | A | soe | 999999 | | \n", "unknown region"},
		"ErrOrgYear":   {"@org a | 甲 | A | soe | 320214 | 去年 | \n", "founded"},
		"ErrOrgTwice":  {org + org, "repeated"},
		"ErrOrg":       {"@need N | 名称 | b\n", "unknown organisation"},
		"ErrKey":       {org + "@need N | 名称 | a\ncolour: 红\n", "unknown key"},
		"ErrSideKey":   {org + "@offer N | 名称 | a\ndep: 局\n", "unknown key"},
		"ErrMoney":     {org + "@need N | 名称 | a\nmoney: 八十\n", "money"},
		"ErrMode":      {org + "@need N | 名称 | a\nmodes: 不知道\n", "no dictionary knows"},
		"ErrTitle":     {org + "@need N | 名称 | a\ntitles: 奖状\n", "no dictionary knows"},
		"ErrFlag":      {org + "@need N | 名称 | a\nflags: fast\n", "unknown flag"},
		"ErrOfferFlag": {org + "@offer N | 名称 | a\nflags: single\n", "unknown flag"},
		"ErrMark":      {org + "@need N | 名称 | a\nmark: nice\n", "unknown mark"},
		"ErrMarkSide":  {org + "@offer N | 名称 | a\nmark: good:N\n", "belongs to a need"},
		"ErrCase":      {org + "@offer N | 名称 | a\ncases: 某厂/2024\n", "customer/year/result"},
		"ErrCaseYear":  {org + "@offer N | 名称 | a\ncases: 某厂/去年/好\n", "invalid syntax"},
		"ErrValid":     {org + "@need N | 名称 | a\nvalid: 3\n", "invalid syntax"},
		"ErrCodeTwice": {org + "@need N | 名称 | a\n@need N | 名称 | a\n", "repeated"},
		"ErrMinTRL":    {org + "@need N | 名称 | a\nmintrl: 高\n", "invalid syntax"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := addAll(t, tt.text)
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("err = %v, want %q", err, tt.want)
			}
		})
	}
}

func addAll(t *testing.T, text string) error {
	t.Helper()
	d := dictionaries(t)
	field, _ := d.Term(scene.DictField, "robotics")
	c := &city{
		dicts: d, today: time.Unix(0, 0), orgs: map[string]scene.Organisation{},
		manifest: Manifest{Flaws: map[Flaw][]string{}, Twin: map[string]string{}},
	}
	blocks, err := parse(text)
	if err != nil {
		return err
	}
	for _, b := range blocks {
		if err := c.add(located{b, field}); err != nil {
			return err
		}
	}
	return nil
}

func TestMoney(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]scene.MoneyRange{
		"80": {Min: 80 * scene.Wan, Max: 80 * scene.Wan}, "50-100": {Min: 50 * scene.Wan, Max: 100 * scene.Wan},
		"-60": {Max: 60 * scene.Wan}, "180-": {Min: 180 * scene.Wan}, "0.28-0.42": {Min: 2800 * scene.Yuan, Max: 4200 * scene.Yuan},
		"面议": {Negotiable: true}, "0.02": {Min: 200 * scene.Yuan, Max: 200 * scene.Yuan},
	} {
		if got, err := money(in); err != nil || got != want {
			t.Errorf("money(%q) = %+v, %v", in, got, err)
		}
	}
}
