package ui

import (
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"jinghe/internal/locale"
)

// fairViews returns every page of events, full and empty.
func fairViews(p *Page) map[string]templ.Component {
	form := Form{
		Action: "/x", Groups: []Group{{Fields: []Field{{Name: "a", Label: "甲"}, {Name: "h", Type: "hidden", Value: "1"}}}},
		Buttons: []Button{{Label: "去", Name: "do", Value: "go"}},
	}
	state := State{"open", "报名中"}
	table := Table{Head: []string{"单位", "状态"}, Rows: [][]Cell{
		{{Text: "甲公司", URL: "/parties/1", Note: "特邀"}, {State: &state, Forms: []Form{form}, N: true}},
	}}
	grid := Grid{Corner: "桌", Head: []string{"09:00"}, Rows: []GridRow{
		{Head: "A01", URL: "/x", Cells: []GridCell{{Text: "甲 × 乙", URL: "/plan?meeting=1", Kind: "locked", Meeting: "1", Slot: "s", Table: "A01"}}},
		{Head: "A02", Cells: []GridCell{{Kind: "free"}}},
	}}
	option := []Option{{Value: "yes", Label: "是", Chosen: true}, {Value: "no", Label: "否"}}
	meeting := PhoneMeeting{
		Time: "09:00", Table: "A01", With: "乙局", Theirs: "王处", Who: "张工", Reason: "相符", Note: "谈漏损", Ask: []string{"预算？"}, Now: true,
		Absent: "缺席", Said: "谈了", Outcome: &OutcomeForm{Action: "/e/1/outcome", Meeting: "m", Key: "k", Held: option, Worth: option, Next: option},
	}
	fresh := meeting
	fresh.Said, fresh.Now, fresh.Over = "", false, true
	wish := PhoneWish{ID: "2", Name: "乙局", Reason: "相符", Asked: "想见您", Said: State{"want", "想见"}, Form: form}
	round := WallRound{Title: "现在", Hours: "09:00–09:20", Rows: []WallRow{{Table: "A01", Left: "甲", Right: "乙", LeftHere: true}}}
	card := FairCard{
		Title: "对接会", URL: "/events/1", When: "今天", Place: "会展中心", Theme: "第一行\n第二行", State: state, Facts: []Fact{{"时间", "今天"}},
		Programme: []Fact{{"09:00", "开幕"}}, Ways: []Link{{Text: "报名", URL: "/x"}}, Notice: "注意",
	}
	return map[string]templ.Component{
		"Desk": FairDeskPage(p, FairDesk{
			Crumb: Link{Text: "对接会", URL: "/console/events"}, Tabs: []Link{{Text: "概况", URL: "/x", Active: true}, {Text: "安排", URL: "/y"}}, State: &state,
			Notice: "好了", Fault: "不行", Faults: []string{"一", "二"}, Running: "正在排",
			Sections: []FairSection{
				{ID: "a", Title: "甲", Text: "说明", Facts: []Fact{{"桌", "3"}}, Lines: []string{"矛盾"}, Table: &table, Grid: &grid, Ways: []Link{{Text: "改", URL: "/x", Active: true}}, Forms: []Form{form}},
				{Title: "折叠", Bars: []Bar{{"现状", "12", 80, true}, {"更多", "15", 100, false}}, Folded: true},
				{Empty: "没有"},
			},
		}),
		"DeskOfTheConsole": FairDeskPage(p, FairDesk{Nav: []DeskTab{{Link: Link{Text: "审核", URL: "/console"}}}}),
		"DeskEmpty":        FairDeskPage(p, FairDesk{}),
		"List":             FairListPage(p, FairList{Coming: []FairCard{card}, Past: []FairCard{card}}),
		"ListEmpty":        FairListPage(p, FairList{}),
		"Fair":             FairPage(p, card),
		"FairEmpty":        FairPage(p, FairCard{}),
		"Phone": PhonePage(p, Phone{
			Fair: "对接会", When: "今天", Place: "会展中心", Name: "张工", Party: "甲公司", Notice: "好了", Fault: "请看", Faults: []string{"一"}, Arrived: "09:00 已签到",
			Arrive: &form, Next: &meeting, Late: "顺延", Version: "第 1 版", Meetings: []PhoneMeeting{meeting, fresh}, Waiting: "等", Wishes: []PhoneWish{wish},
			Suggested: []PhoneWish{wish}, Others: Form{Action: "/o", Buttons: form.Buttons}, Away: Form{Action: "/a", Buttons: form.Buttons}, Quota: "1 / 5",
			Programme: []Fact{{"09:00", "开幕"}}, Calendar: "/e/1/calendar.ics", QR: "/e/1/code.png",
		}),
		"PhoneEmpty": PhonePage(p, Phone{Name: "x", Calendar: "/c"}),
		"Wall":       WallPage(p, Wall{Fair: "对接会", Clock: "09:00", Late: "顺延", Stream: "/wall/1/stream", Now: &round, Next: &round}),
		"WallOver":   WallPage(p, Wall{Fair: "对接会", Done: "结束"}),
		"Printed": PrintedPage(p, Printed{
			Kind: "badges", Lead: "打印", Back: Link{Text: "回", URL: "/x"}, Others: []Link{{Text: "桌牌", URL: "/t", Active: true}, {Text: "胸卡", URL: "/b"}},
			Cards: []PrintedCard{{Head: "张工", Sub: "甲公司", Foot: "今天", QR: "data:image/png;base64,AA==", Rows: []Fact{{"09:00 A01", "乙局"}}}, {Head: "A02"}},
		}),
		"PrintedEmpty": PrintedPage(p, Printed{Back: Link{URL: "/x"}}),
	}
}

// TestFairTemplates renders every page of events in both languages: no bare key,
// nothing inline, what is written on a page is on it once and escaped.
func TestFairTemplates(t *testing.T) {
	t.Parallel()
	for _, lang := range []locale.Lang{locale.Zh, locale.En} {
		p := newPage(t, lang)
		p.Desk, p.Fair = true, true
		for name, view := range fairViews(p) {
			t.Run(string(lang)+name, func(t *testing.T) {
				t.Parallel()
				var b strings.Builder
				if err := view.Render(t.Context(), &b); err != nil {
					t.Fatal(err)
				}
				root, err := html.Parse(strings.NewReader(b.String()))
				if err != nil {
					t.Fatal(err)
				}
				h1 := 0
				for n := range root.Descendants() {
					if n.Type == html.TextNode && (strings.HasPrefix(strings.TrimSpace(n.Data), "fair.") || strings.HasPrefix(strings.TrimSpace(n.Data), "web.")) {
						t.Errorf("a bare key: %s", n.Data)
					}
					if n.Type != html.ElementNode {
						continue
					}
					if n.Data == "h1" {
						h1++
					}
					if n.Data == "style" || n.Data == "script" && n.FirstChild != nil {
						t.Errorf("inline <%s>", n.Data)
					}
					for _, a := range n.Attr {
						if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
							t.Errorf("inline %s", a.Key)
						}
					}
				}
				if h1 != 1 {
					t.Errorf("%d headings of the first order", h1)
				}
			})
		}
	}
}

func TestClockAndHours(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 12, 1, 17, 5, 0, 0, time.UTC)
	if got := Clock(at); got != "01:05" {
		t.Errorf("clock %q", got)
	}
	if got := DayOf(at); got != "2026-12-02" {
		t.Errorf("day %q", got)
	}
	if got := Hours(locale.Zh, at, at.Add(time.Hour)); got != "2026年12月2日 01:05–02:05" {
		t.Errorf("hours %q", got)
	}
	var never time.Time
	if Clock(never)+DayOf(never)+Hours(locale.En, never, never) != "" {
		t.Error("the zero time is shown")
	}
}
