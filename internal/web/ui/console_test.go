package ui

import "github.com/a-h/templ"

// consoleViews returns the heavy pages of the centre, full and empty.
func consoleViews(p *Page) map[string]templ.Component {
	state := State{"open", "待确认"}
	tabs := []DeskTab{{Link{"导入", "/console/imports", true}, 0}}
	act := &Form{Action: "/x", Buttons: []Button{{Label: "确认"}}}
	upload := UploadPage{
		Nav: tabs, Crumb: Link{Text: "导入", URL: "/console/imports"}, Notice: "x", File: "清单.xlsx", State: state, Facts: []Fact{{"来源", "开发区"}},
		Fault: "有误", Counts: []CountTab{{Link{"新增", "/x?show=created", true}, 3, "tile-good"}}, Accept: act, Discard: act, Undo: act, Marked: "/x/marked",
		Sheets: []string{"机会：3 条"}, Pager: Pager{"/p", "/n", 2, 3},
		Columns: &ColumnForm{
			Action: "/x", Text: "y", Open: true, Fault: "z", Kind: &Field{Name: "kind", Label: "类别", Type: "choice", Options: []Option{{"a", "b", true}}},
			Sheets: []ColumnSheet{{Name: "表", Rows: []ColumnRow{{"c-0-0", "项目名", true, []Option{{"name", "名称", true}}}}}},
		},
		Table: &ImportTable{Title: "t", Lead: "l", Heads: []string{"名称", "单位"}, Rows: []ImportRow{
			{Cells: []ImportCell{{"名称", "/x"}, {"单位", ""}}, Changes: []DiffRow{NewDiffRow("名称", "旧", "新")}, Bad: true},
		}},
	}
	pair := BoardRow{"1", "名称", "/x", "单位", "87 分", true, "理由", "备注", []Fact{{"用词", "12.5"}}, []string{"差距"}, "/new?need=1"}
	line := EntryLine{Row: Row{"名称", "/x", "场景能力", "单位", State{"draft", "草稿"}, "2026-11-20 10:00", ""}, Pick: "capability/x/1", Code: "A-1", Fields: "智慧水务", Batch: "第1批", Clarity: "清楚程度 40 %", Vague: true, Chosen: true}
	filter := Form{Groups: []Group{{Fields: []Field{{Name: "q", Label: "名称"}}}}}
	return map[string]templ.Component{
		"Entries": EntriesPage(p, Entries{
			Nav: []DeskTab{{Link{"条目", "/x", true}, 0}}, Notice: "x", Fault: "f", Kinds: []Link{{"机会", "/x", true}}, Filter: filter, Clear: "/c", Total: "共 1 条",
			Note: "n", Sorts: []Link{{"更新", "/x", true}}, Rows: []EntryLine{line, {}}, Next: "/n", Files: []Link{{Text: "导出", URL: "/f"}}, Here: "/h",
			Bulk:    &Form{Groups: []Group{{Fields: []Field{{Name: "reason", Label: "原因"}}}}, Buttons: []Button{{Label: "归档", Name: "do", Value: "archive", Danger: true}}},
			Results: []ResultRow{{"a", "/b", "c", true}},
		}),
		"EntriesRead":  EntriesPage(p, Entries{Filter: filter, Rows: []EntryLine{line}}),
		"EntriesEmpty": EntriesPage(p, Entries{}),
		"Board": BoardPage(p, Board{
			Crumb: Link{Text: "名称", URL: "/x"}, Notice: "x", Fault: "y", Action: "/z", Rows: []BoardRow{pair, {ID: "2", Name: "另一个", URL: "/y"}},
			Marked: []BoardRow{{ID: "3", Name: "排除的", URL: "/y", Note: "备注"}}, Removed: []BoardRow{pair}, Group: "两家", Clauses: []Fact{{"门禁", "单位"}},
		}),
		"BoardEmpty": BoardPage(p, Board{}),
		"Imports": ImportsPage(p, Imports{
			Nav: tabs, Notice: "x", Fault: "y", Limit: "16 MiB", Source: "s", Batch: "b", Sources: []string{"开发区"},
			Uploads: []UploadRow{{"清单.xlsx", "/x", "开发区", "王专员", "z", state}}, Jobs: []JobRow{{"a", "b", "c", "d", "e", state, act}, {}},
		}),
		"ImportsEmpty":  ImportsPage(p, Imports{}),
		"Upload":        UploadPageView(p, upload),
		"UploadEmpty":   UploadPageView(p, UploadPage{Table: &ImportTable{Empty: "没有。"}}),
		"UploadWorking": UploadPageView(p, UploadPage{Working: true, Done: 3, Total: 9, Progress: "3 / 9"}),
	}
}
