package match

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"jinghe/internal/locale"
)

// shelf makes candidates with falling scores; texts and organisations as given.
func shelf(e *Engine, scores []float64, texts, orgs []string) []Candidate {
	list := make([]Candidate, len(scores))
	for i := range scores {
		text, org := fmt.Sprintf("产品%c%c%c", '一'+rune(97*i+1), '一'+rune(31*i+700), '一'+rune(53*i+1900)), fmt.Sprint("企业", i)
		if texts != nil && texts[i] != "" {
			text = texts[i]
		}
		if orgs != nil && orgs[i] != "" {
			org = orgs[i]
		}
		c := anOffer(text, "")
		c.OrgName = org
		list[i] = Candidate{Offer: e.Offer(c, nil), Score: scores[i]}
	}
	return list
}

func falling(n int, from, step float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = from - float64(i)*step
	}
	return out
}

func indexes(out []Placed) []int {
	list := make([]int, len(out))
	for i, p := range out {
		list[i] = p.Index
	}
	return list
}

func TestCareRules(t *testing.T) {
	t.Parallel()
	e := newTestEngine(t)
	same := "下穿隧道积水监测预警终端"
	for name, tc := range map[string]struct {
		care  Care
		list  func() []Candidate
		want  []int // the first places
		moved map[int]string
	}{
		"off": {Care{}, func() []Candidate { return shelf(e, falling(12, 0.9, 0.01), nil, nil) }, []int{0, 1, 2, 3}, nil},
		"the like stands back": {
			Care{Lambda: 0.1, Margin: 0.1},
			func() []Candidate {
				return shelf(e, []float64{0.9, 0.89, 0.88, 0.7}, []string{same, same, "", ""}, nil)
			},
			[]int{0, 2, 1, 3},
			map[int]string{1: "like", 2: ""},
		},
		"the like stands back no further than the margin": {
			Care{Lambda: 0.5, Margin: 0.05},
			func() []Candidate { return shelf(e, []float64{0.9, 0.89, 0.8}, []string{same, same, ""}, nil) },
			[]int{0, 1, 2},
			nil,
		},
		"two of one house": {
			Care{PerOrg: 2, Margin: 0.1},
			func() []Candidate {
				return shelf(e, []float64{0.9, 0.89, 0.88, 0.87, 0.86}, nil, []string{"甲", "甲", "甲", "甲", ""})
			},
			[]int{0, 1, 4, 2, 3},
			map[int]string{2: "org", 3: "org"},
		},
		"a star makes room": {
			Care{Exposure: 3, Ease: 0.03, Margin: 0.1},
			func() []Candidate {
				list := shelf(e, []float64{0.9, 0.89, 0.88}, nil, nil)
				list[0].Shown = 12 // twice its three times two: 0.03
				return list
			},
			[]int{1, 2, 0},
			map[int]string{0: "exposure"},
		},
		"a star far ahead stays": {
			Care{Exposure: 3, Ease: 0.03, Margin: 0.1},
			func() []Candidate {
				list := shelf(e, []float64{0.9, 0.7}, nil, nil)
				list[0].Shown = 1 << 20
				return list
			},
			[]int{0, 1},
			nil,
		},
		"a newcomer gets the tenth place": {
			Care{Newcomer: 0.05, Margin: 0.1},
			func() []Candidate {
				list := shelf(e, falling(15, 0.9, 0.01), nil, nil)
				list[12].Newcomer = true
				return list
			},
			[]int{0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 9, 10, 11, 13},
			map[int]string{12: "newcomer", 9: ""},
		},
		"a newcomer too far behind does not": {
			Care{Newcomer: 0.02, Margin: 0.1},
			func() []Candidate {
				list := shelf(e, falling(15, 0.9, 0.01), nil, nil)
				list[12].Newcomer = true
				return list
			},
			[]int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10},
			nil,
		},
		"one newcomer is enough": {
			Care{Newcomer: 0.05, Margin: 0.1},
			func() []Candidate {
				list := shelf(e, falling(15, 0.9, 0.01), nil, nil)
				list[3].Newcomer, list[12].Newcomer = true, true
				return list
			},
			[]int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10},
			nil,
		},
		"pinned pairs stay": {
			DefaultCare(),
			func() []Candidate {
				list := shelf(e, []float64{0.2, 0.9, 0.89}, []string{same, same, ""}, nil)
				list[0].Pinned = true
				return list
			},
			[]int{0, 2, 1},
			map[int]string{1: "like"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			list := tc.list()
			out := tc.care.Order(list, 2)
			if got := indexes(out)[:len(tc.want)]; !slices.Equal(got, tc.want) {
				t.Fatalf("order %v, want %v", got, tc.want)
			}
			for place, p := range out {
				m := tc.care.Told(p, place, list, locale.Zh)
				want, named := tc.moved[p.Index]
				if named && (m == nil || strings.Join(m.Rules, ",") != want) {
					t.Errorf("%d at %d: %+v, want rule %q", p.Index, place, m, want)
				}
				if (m != nil) != (p.Index != place) {
					t.Errorf("%d at %d: told %+v", p.Index, place, m)
				}
			}
		})
	}
}

// TestCareKeepsItsPromise: nobody is lost or doubled, nobody passes one better
// by more than the margin, what comes after the depth stays, twice gives the same.
func TestCareKeepsItsPromise(t *testing.T) {
	t.Parallel()
	e := newTestEngine(t)
	r := rand.New(rand.NewPCG(8, 1))
	c := DefaultCare()
	moved := 0
	for range 200 {
		n := r.IntN(45)
		scores, texts, orgs := make([]float64, n), make([]string, n), make([]string, n)
		for i := range scores {
			scores[i], orgs[i] = r.Float64(), fmt.Sprint("企业", r.IntN(20))
			texts[i] = []string{"积水监测终端", "积水监测预警终端", "跌倒检测雷达", "跌倒检测仪", "", ""}[r.IntN(6)]
		}
		slices.SortFunc(scores, func(a, b float64) int {
			if a > b {
				return -1
			}
			return 1
		})
		list := shelf(e, scores, texts, orgs)
		for i := range list {
			list[i].Shown, list[i].Newcomer = r.IntN(40), r.IntN(6) == 0
		}
		out := c.Order(list, 1.5)
		got := indexes(out)
		if !slices.Equal(got, indexes(c.Order(list, 1.5))) {
			t.Fatal("the same list is ordered in two ways")
		}
		for place, i := range got {
			if i != place {
				moved++
			}
			if place >= CareDepth && i != place {
				t.Fatalf("%d stands at %d, beyond the depth", i, place)
			}
			for _, j := range got[:place] {
				if list[i].Score > list[j].Score+c.Margin+1e-12 {
					t.Fatalf("%v passes %v", list[j].Score, list[i].Score)
				}
			}
		}
		slices.Sort(got)
		for i, v := range got {
			if i != v {
				t.Fatalf("somebody is lost or doubled: %v", got)
			}
		}
	}
	if moved == 0 {
		t.Error("nothing ever moved")
	}
}

func TestLikeness(t *testing.T) {
	t.Parallel()
	e := newTestEngine(t)
	b := func(s string) *bag { return &e.Offer(anOffer(s, ""), nil).bag }
	if l := likeness(b("积水监测终端"), b("积水监测终端")); l != 1 {
		t.Errorf("the same text: %v", l)
	}
	if l := likeness(b("积水监测终端"), b("跌倒报警仪")); l != 0 {
		t.Errorf("nothing in common: %v", l)
	}
	if l := likeness(b("积水监测终端"), b("积水监测平台")); l <= 0 || l >= 1 {
		t.Errorf("half in common: %v", l)
	}
	if l := likeness(b("水"), b("水")); l != 0 {
		t.Errorf("single characters say nothing: %v", l)
	}
}
