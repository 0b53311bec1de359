package ui

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"jinghe/internal/locale"
)

// deskViews returns every page behind the sign-in, full and empty.
func deskViews(p *Page) map[string]templ.Component {
	form := Form{
		Action: "/x", Fault: "有误", Keep: "k", Puzzle: "p", Bits: 3, Back: Link{Text: "返回", URL: "/"},
		Groups: []Group{{Title: "组", Text: "说明", Fields: []Field{
			{Name: "a", Label: "甲", Value: "1", Fault: "不对", Hint: "提示", Good: "好", Bad: "坏", Required: true, Max: 9, Complete: "name", Mode: "numeric"},
			{Name: "b", Label: "乙", Type: "text-area", Rows: 2, Max: 10, Short: true},
			{Name: "c", Label: "丙", Type: "choice", Options: []Option{{"1", "一", true}}},
			{Name: "d", Label: "丁", Type: "checks", Options: []Option{{"1", "一", true}, {"2", "二", false}}},
			{Name: "e", Label: "戊", Type: "radio", Options: []Option{{"1", "一", true}}},
			{Name: "f", Label: "己", Type: "check", Value: "yes", Link: Link{Text: "隐私说明", URL: "/privacy"}},
			{Name: "g", Type: "hidden", Value: "z"},
		}}, {Fields: []Field{{Name: "h", Type: "hidden"}}}},
		Buttons: []Button{{Label: "提交"}, {Label: "关闭", Name: "to", Value: "closed", Danger: true}},
	}
	state := State{"draft", "草稿"}
	row := Row{"名称", "/x", "场景能力", "单位", state, "2026-11-20 10:00", "备注"}
	tabs := []DeskTab{{Link{"审核", "/console", true}, 3}, {Link{"账号", "/x", false}, 0}}
	person := Person{ID: "1", Name: "张工", Login: "zhang", Mail: "a@b.cn", Roles: "技术供给方", Org: "单位", Since: "x", URL: "/x", State: state, Claim: true, Typed: "另一个名称"}
	diff := []DiffRow{NewDiffRow("名称", "旧名称", "新名称"), NewDiffRow("预算", "", "30")}
	facts := []Fact{{"名称", "值"}}
	attached := &Files{
		Rows: []FileRow{{Name: "a.pdf", URL: "/files/1", Note: "PDF"}, {Name: "b.png", URL: "/files/2", Alt: "泵房", Role: "应用后", Picture: &Picture{"/files/2", "泵房", "8", "6"}, Remove: &form}},
		Add:  &FileForm{Action: "/x", Accept: ".png", Limit: 10, Count: 9, Fault: "空的", Picture: true, Alt: "泵房", After: true},
	}
	clear := &Clear{Score: 40, Told: 30, Plain: 55, Vague: true, Live: true, Tips: []ClearTip{{"请写明价格", "80 万元", "price.max", "价格"}, {Text: "写具体", Label: "说明"}}}
	return map[string]templ.Component{
		"Entrance":      EntrancePage(p, Entrance{Lead: "x", Notice: "y", Form: form, Ways: []Link{{Text: "z", URL: "/"}}, Picture: "data:image/png;base64,", Secret: "ABC", Codes: []string{"a-b"}, Kept: "k"}),
		"EntranceEmpty": EntrancePage(p, Entrance{}),
		"Account":       AccountPage(p, AccountView{Notice: "x", Facts: facts, FactorLabel: "y", Sessions: []SessionRow{{"a", "b", "c", true}, {}}}),
		"AccountEmpty":  AccountPage(p, AccountView{}),
		"Workspace": WorkspacePage(p, Workspace{
			Org: "单位", Notice: "x", Begin: []Link{{Text: "新建", URL: "/x"}}, Rows: []Row{row}, People: []Person{person}, Invite: form, Invitation: "https://x/y",
			Unfinished: []Link{{Text: "接着填写", URL: "/z"}},
		}),
		"WorkspaceEmpty": WorkspacePage(p, Workspace{}),
		"Form":           FormPageView(p, FormPage{Lead: "x", Crumb: Link{Text: "y", URL: "/"}, Form: form}),
		"FormLive": FormPageView(p, FormPage{
			Notice: "已恢复", Forget: &form, Diff: diff, DiffNote: "z", Clear: clear, Form: Form{Action: "/x", Draft: "/keep", Since: 7},
			Starts: &Starts{Kind: "capability", Earlier: []Link{{Text: "旧", URL: "/y"}}, Action: "/fill", Limit: 4},
		}),
		"DraftNote": DraftNoteView(p, DraftNote{Turn: 3, Text: "已暂存", Warn: true, Clear: clear}),
		"FillRows":  FillRowsView(p, FillRows{Back: Link{Text: "y", URL: "/"}, Rows: []FillRow{{"甲", "乙", form}}, Full: true}),
		"Entry": EntryPageView(p, EntryPage{
			Kind: "场景能力", Name: "名称", Org: "单位", State: state, Notice: "x", Reason: "y", Public: "/x", Facts: facts, Diff: diff, DiffNote: "z",
			Back: Link{Text: "b", URL: "/console"}, Forms: []Form{form}, Ways: []Link{{Text: "a", URL: "/"}}, Steps: []StepRow{{"a", "b", state, "c", []DiffRow{NewDiffRow("l", "a", "b")}}}, Kept: "k",
			Clear: &Clear{Score: 9}, Files: attached, Beside: []Beside{{"名称", "/x", "单位", "93 %", []string{"预算：1 ／ 2"}}}, Suggested: []SuggestedField{{"领域", "91 %", "词", &form}}, Prev: "/p", Next: "/n", Place: "2 / 3", Keys: true,
		}),
		"EntryEmpty":         EntryPageView(p, EntryPage{}),
		"Console":            ConsolePage(p, Console{Nav: tabs, Reviews: true, Notice: "x", Total: "t", Fault: "f", Reason: "r", Results: []ResultRow{{"a", "/b", "c", true}, {"d", "", "e", false}}, Queue: []QueueRow{{Row: row, Pick: "capability/x/1", Chosen: true}}, Proposals: []Row{row}}),
		"ConsoleEmpty":       ConsolePage(p, Console{}),
		"People":             PeoplePage(p, People{Nav: tabs, Notice: "x", Filter: []Link{{"全部", "/x", true}}, Rows: []Person{person}, Next: "/n"}),
		"PeopleEmpty":        PeoplePage(p, People{}),
		"Person":             PersonPageView(p, PersonPage{Nav: tabs, Notice: "x", Password: "y", Person: person, Facts: facts, Forms: []Form{form}}),
		"PersonEmpty":        PersonPageView(p, PersonPage{}),
		"Record":             RecordPage(p, Record{Nav: tabs, Filter: form, Next: "/n", Rows: []RecordRow{{"a", "b", "c", "d", "e", "f", "g", "/h", "i", diff, "3 次"}, {}}}),
		"RecordEmpty":        RecordPage(p, Record{}),
		"Organisations":      OrganisationsPage(p, Organisations{Nav: tabs, Merge: "/m", Rows: []OrganisationRow{{ID: "i", Name: "a", URL: "/b", Code: "c", Kind: "d", Since: "e"}}, Next: "/n", Suspects: []Suspect{{Why: "w", URL: "/c"}}}),
		"OrganisationsWith":  OrganisationsPage(p, Organisations{Nav: tabs, Merge: "/m", With: &OrganisationRow{Name: "x"}, Rows: []OrganisationRow{{ID: "i", Name: "a", URL: "/b", MergeURL: "/m"}}}),
		"Union":              UnionPage(p, Union{Nav: tabs, Fault: "f", Rows: []UnionRow{{Label: "l", Keep: "a", Drop: "b", Name: "n"}, {Label: "m", Both: true}}, Held: []UnionRow{{Label: "h", Keep: "1", Drop: "2"}}, Notes: []string{"n"}}),
		"UnionAgainst":       UnionPage(p, Union{Against: "no"}),
		"OrganisationsEmpty": OrganisationsPage(p, Organisations{}),
		"Document":           DocumentPage(p, Document{Version: "1", Text: "开头\n# 标题\n第一行\n第二行"}),
	}
}

// TestDeskTemplates renders every page behind the sign-in: no message is
// missing, every input has a name and a label, and every form its token.
func TestDeskTemplates(t *testing.T) {
	t.Parallel()
	for _, lang := range []locale.Lang{locale.Zh, locale.En} {
		p := newPage(t, lang)
		p.Desk, p.Open, p.Who, p.Rooms, p.Form = true, true, "张工", []string{"workspace", "console"}, "token"
		views := deskViews(p)
		maps.Copy(views, consoleViews(p))
		for name, view := range views {
			var b bytes.Buffer
			if err := view.Render(t.Context(), &b); err != nil {
				t.Errorf("%s %s: %v", lang, name, err)
				continue
			}
			root, err := html.Parse(&b)
			if err != nil {
				t.Fatal(err)
			}
			checkDesk(t, string(lang)+" "+name, root)
		}
	}
}

func value(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func checkDesk(t *testing.T, name string, root *html.Node) {
	t.Helper()
	labelled := map[string]bool{}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && n.Data == "label" {
			labelled[value(n, "for")] = true
		}
	}
	for n := range root.Descendants() {
		if n.Type == html.TextNode && strings.Contains(n.Data, "web.") && n.Parent.Data != "code" {
			t.Errorf("%s: unfilled text %q", name, n.Data)
		}
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "form":
			if value(n, "method") == "post" && !slices.ContainsFunc(slices.Collect(n.Descendants()), func(x *html.Node) bool {
				return value(x, "name") == "form_token" && value(x, "value") == "token"
			}) {
				t.Errorf("%s: the form to %s has no token", name, value(n, "action"))
			}
		case "input", "select", "textarea":
			inside := n.Parent.Data == "label"
			if value(n, "type") != "hidden" && !inside && !labelled[value(n, "id")] {
				t.Errorf("%s: the field %s has no label", name, value(n, "name"))
			}
		}
	}
}

func TestNewDiffRow(t *testing.T) {
	t.Parallel()
	text := func(spans []Span) string {
		out := ""
		for _, s := range spans {
			if s.Mark {
				out += "[" + s.Text + "]"
			} else {
				out += s.Text
			}
		}
		return out
	}
	for _, tt := range []struct{ before, after, was, is string }{
		{"误差 0.3 m", "误差 0.2 m", "误差 0.[3] m", "误差 0.[2] m"},
		{"", "新", "", "[新]"},
		{"旧", "", "[旧]", ""},
		{"同", "同", "同", "同"},
		{"aaa", "aa", "aa[a]", "aa"},
	} {
		d := NewDiffRow("x", tt.before, tt.after)
		if text(d.Before) != tt.was || text(d.After) != tt.is {
			t.Errorf("%q to %q: %q, %q", tt.before, tt.after, text(d.Before), text(d.After))
		}
	}
}

// TestKeysHaveTheirSwitch: a page that answers single keys says which, and lets
// people turn them off.
func TestKeysHaveTheirSwitch(t *testing.T) {
	t.Parallel()
	keyed := 0
	for name, view := range deskViews(newPage(t, locale.Zh)) {
		var b bytes.Buffer
		if err := view.Render(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		answers, helps := strings.Contains(b.String(), "data-keys="), strings.Contains(b.String(), "data-keys-switch")
		if answers {
			keyed++
		}
		if answers && !helps {
			t.Errorf("%s answers keys without a switch", name)
		}
	}
	if keyed < 3 {
		t.Errorf("%d pages answer keys, want queue, entry and organisations at least", keyed)
	}
}
