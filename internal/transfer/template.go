package transfer

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
)

// templateRows is how many rows of a template know what may stand in them.
const templateRows = 1000

// exampleMark stands in the first cell of a row that shows how it is done; see
// [example].
const exampleMark = "示例"

// valuesSheet is the hidden sheet of a template with the values to choose from.
const valuesSheet = "jinghe-values"

// longestChoice is how many terms of a dictionary are offered: nobody looks for a
// county among three thousand.
const longestChoice = 200

// required are the fields without which a row does not go in.
func required(f Field) bool { return f == fieldName || f == fieldOrg }

// WriteTemplate writes an empty workbook of our own layout for one side: the heads
// as [Read] knows them, one worked row that is marked as an example and never read,
// the values that a cell may take to choose from, what to write in each column when
// it is entered, and a sheet that says the same to print. lang is that of the
// notes; heads and values are Chinese, as lists are. Filled in, it is read without
// a question.
func WriteTemplate(w io.Writer, kind scene.Kind, d *scene.Dictionaries, lang locale.Lang) error {
	cat := newCatalogue(kind)
	p, _ := printedFor(Jinghe, kind, cat)
	p.columns = slices.DeleteFunc(p.columns, func(c layoutColumn) bool {
		return c.field == fieldCategory || c.field == fieldContact // what lists of others print in one cell
	})
	b, err := NewBook()
	if err != nil {
		return err
	}
	defer b.Close()
	row := worked(kind)
	t := template{file: b.file, looks: b.styles, lang: lang, cat: cat, columns: p.columns, dict: d}
	t.cells = newEncoder(p, cat, WriteOptions{Dictionaries: d, FullContacts: true}, []*scene.Row{&row}).row(&row)
	for _, step := range []func() error{
		func() error { return t.file.SetSheetName("Sheet1", p.sheet) },
		func() error { return t.list(p.sheet) },
		t.notes, t.values,
		func() error { return t.choices(p.sheet) },
	} {
		if err := step(); err != nil {
			return scene.Wrap("transfer.WriteTemplate", err)
		}
	}
	_, err = b.file.WriteTo(w)
	return scene.Wrap("transfer.WriteTemplate", err)
}

// template is a template while it is written.
type template struct {
	file    *excelize.File
	looks   styles
	lang    locale.Lang
	cat     *catalogue
	columns []layoutColumn
	dict    *scene.Dictionaries
	cells   []string       // of the worked row
	ranges  map[int]string // column → where the values that it takes stand
}

func (t *template) say(key string) string { return locale.Text(t.lang, "transfer.template."+key, nil) }

// list writes the sheet that is filled in.
func (t *template) list(sheet string) error {
	shown, err := t.file.NewStyle(&excelize.Style{
		NumFmt: asTextFormat, Font: &excelize.Font{Italic: true, Color: "5B6770"}, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true},
	})
	if err != nil {
		return err
	}
	widths := widths(t.columns)
	for i, c := range t.columns {
		column, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		head := c.head
		if required(c.field) {
			head = "*" + head
		}
		for _, err := range []error{
			t.file.SetColWidth(sheet, column, column, widths[i]),
			t.file.SetColStyle(sheet, column, t.looks.data), // codes and telephone numbers stay what they are
			t.file.SetCellStr(sheet, column+"1", head), t.file.SetCellStyle(sheet, column+"1", column+"1", t.looks.head),
			t.file.SetCellStr(sheet, column+"2", t.cells[i]), t.file.SetCellStyle(sheet, column+"2", column+"2", shown),
		} {
			if err != nil {
				return err
			}
		}
	}
	return t.file.SetPanes(sheet, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}

// notes writes the sheet that says what to write in each column.
func (t *template) notes() error {
	out := notesSheet(t.lang)
	for i, c := range t.columns {
		must := ""
		if required(c.field) {
			must = t.say("must")
		}
		values := strings.Join(t.cat.at[c.field].takes(t.dict), "、")
		out.rows = append(out.rows, []string{c.head, must, t.note(c.field), t.cells[i], values})
	}
	if _, err := t.file.NewSheet(out.name); err != nil {
		return err
	}
	for n, row := range append([][]string{out.heads}, out.rows...) {
		style := t.looks.data
		if n == 0 {
			style = t.looks.head
		}
		if err := t.line(out.name, n+1, row, style); err != nil {
			return err
		}
	}
	for i, width := range []float64{22, 8, 60, 40, 80} {
		column, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		if err := t.file.SetColWidth(out.name, column, column, width); err != nil {
			return err
		}
	}
	return nil
}

// line writes one row of texts.
func (t *template) line(sheet string, n int, row []string, style int) error {
	for i, v := range row {
		cell, err := excelize.CoordinatesToCellName(i+1, n)
		if err != nil {
			return err
		}
		if err := t.file.SetCellStr(sheet, cell, v); err != nil {
			return err
		}
		if err := t.file.SetCellStyle(sheet, cell, cell, style); err != nil {
			return err
		}
	}
	return nil
}

// templateNotes is a sheet of notes.
type templateNotes struct {
	name  string
	heads []string
	rows  [][]string
}

func notesSheet(lang locale.Lang) templateNotes {
	n := templateNotes{name: locale.Text(lang, "transfer.template.notes", nil)}
	for _, key := range []string{"column", "need", "how", "example", "values"} {
		n.heads = append(n.heads, locale.Text(lang, "transfer.template.head."+key, nil))
	}
	return n
}

// note says what to write in the column of a field.
func (t *template) note(f Field) string {
	s := t.cat.at[f]
	for _, key := range []string{string(f), s.sort()} {
		if key = "transfer.template.note." + key; locale.Has(t.lang, key) {
			return locale.Text(t.lang, key, nil)
		}
	}
	return t.say("note.text")
}

// values writes the hidden sheet in which the values stand that cells may take.
func (t *template) values() error {
	const sheet = valuesSheet
	if _, err := t.file.NewSheet(sheet); err != nil {
		return err
	}
	t.ranges = map[int]string{}
	at := 0
	for i, c := range t.columns {
		list := t.cat.at[c.field].takes(t.dict)
		if len(list) == 0 {
			continue
		}
		at++
		column, err := excelize.ColumnNumberToName(at)
		if err != nil {
			return err
		}
		if err := t.file.SetSheetCol(sheet, column+"1", &list); err != nil {
			return err
		}
		t.ranges[i] = fmt.Sprintf("'%s'!$%s$1:$%s$%d", sheet, column, column, len(list))
	}
	return t.file.SetSheetVisible(sheet, false)
}

// choices has cells say what to write in them when they are entered, and offer what
// they may hold. A cell that takes several values offers one, and lets others be
// typed; one that takes a single value refuses the rest.
func (t *template) choices(sheet string) error {
	for i, c := range t.columns {
		column, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		v := excelize.NewDataValidation(true)
		v.SetSqref(fmt.Sprintf("%s2:%s%d", column, column, templateRows+1))
		v.SetInput(clip(c.head, 32), clip(t.note(c.field), 255))
		if from, ok := t.ranges[i]; ok {
			v.SetSqrefDropList(from)
			if len(t.cat.at[c.field].one) > 0 {
				v.SetError(excelize.DataValidationErrorStyleStop, clip(c.head, 32), clip(t.say("choose"), 255))
			}
		}
		if err := t.file.AddDataValidation(sheet, v); err != nil {
			return err
		}
	}
	return nil
}

// clip keeps the first n code points, as many as the form of a workbook takes.
func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}

// takes are the values that a cell of the field may hold, as they are printed; nil
// where it is free.
func (s *spec) takes(d *scene.Dictionaries) []string {
	if words := append(slices.Clip(s.one), s.like...); len(words) > 0 {
		return words
	}
	if s.dict == "" || d == nil {
		return nil
	}
	dict, _ := d.Get(s.dict)
	if len(dict.Terms) > longestChoice {
		return nil
	}
	terms := newTerms(d)
	list := make([]string, len(dict.Terms))
	for i, term := range dict.Terms {
		list[i] = terms.write(s.dict, []string{term.Code})
	}
	return list
}

// sort is what cells of the field hold, where it is no text.
func (s *spec) sort() string {
	switch {
	case len(s.one) == 2: // yes and no
		return "truth"
	case len(s.one) > 0:
		return "one"
	case len(s.like) > 0:
		return "maturity"
	case s.dict == scene.DictRegion, s.dict == scene.DictQualification:
		return s.dict
	case s.dict != "":
		return "codes"
	case s.many:
		return "words"
	}
	return "text"
}

// untouched reports that a row marked as an example is the one that a template
// came with: nobody has to be told that it was left out.
func (s *sheetReader) untouched(l *line) bool {
	name, own := s.fields[fieldName], worked(s.h.kind)
	return name != nil && clean(l.cell(name.Index)) == own.Listing().Name
}

// worked is the example of a template, of an invented city.
func worked(kind scene.Kind) scene.Row {
	contact := scene.Contact{Person: "张三", Phone: "0000-12345678", Mail: "zhangsan@example.com"}
	if kind == demand {
		return scene.Row{
			Org: scene.Organisation{Name: "示例市城市排水管理处", Kind: scene.Government, Address: "示例市中心路 1 号"},
			Opportunity: &scene.Opportunity{
				Listing: scene.Listing{
					RowLabel: exampleMark, Name: "老城区雨水管网汛期液位监测与积水预警", OrgName: "示例市城市排水管理处", Contact: contact,
					Fields: []string{"smart_water"}, Modes: []string{"solution_purchase"}, Keywords: []string{"液位监测", "积水预警"},
				},
				Department: "示例市水务局", OwnerKind: scene.Government,
				Situation: "老城区 12 处易积水点靠人工巡查，2025 年汛期 3 次积水从发现到处置平均 95 分钟。",
				Need:      "在 12 处易积水点和 40 座检查井实时监测液位，超过警戒值 5 分钟内通知值班人员，并给出上游关联管段。",
				Targets:   "液位误差不大于 2 厘米；告警准确率不低于 95%；设备电池使用不少于 2 年。",
				Resources: "提供管网图、近三年积水记录和 12 处杆件、电源。", SiteText: "老城区",
				Budget:   scene.MoneyRange{Min: 80 * scene.Wan, Max: 120 * scene.Wan},
				Schedule: scene.Months{Min: 4, Max: 6}, FirstUse: scene.Yes,
				Require: scene.Eligibility{MinMaturity: 6, Consortium: scene.Yes},
			},
		}
	}
	return scene.Row{
		Org: scene.Organisation{Name: "示例市水感科技有限公司", Kind: scene.Private, Founded: 2016, Profile: "做排水物联网设备与软件，员工 60 人。"},
		Capability: &scene.Capability{
			Listing: scene.Listing{
				RowLabel: exampleMark, Name: "窨井液位监测与内涝预警系统", OrgName: "示例市水感科技有限公司", Contact: contact,
				Fields: []string{"smart_water"}, Modes: []string{"equipment", "solution_purchase"}, Keywords: []string{"液位监测", "内涝预警"},
				Maturity: scene.Maturity{Min: 8, Max: 9},
			},
			Description: "井下雷达液位计每分钟上报一次，平台按管网拓扑推算积水范围并分级告警，断网时本机保存 30 天。",
			ProductForm: "软硬件一体", TechText: "雷达测距、管网水动力模型",
			ScenarioText: "易积水点、检查井、泵站前池", Indicators: "液位误差 ±1 厘米；井下防护等级 IP68；电池 3 年。",
			Conditions: "井口有公网信号即可，单井安装 40 分钟。", IP: "发明专利 2 项，软件著作权 5 项。",
			Cases: []scene.Case{{Customer: "示例市城市排水管理处", Year: 2024, Result: "布设 60 套，积水发现时间由 90 分钟缩短到 6 分钟"}},
			Price: scene.MoneyRange{Min: 60 * scene.Wan, Max: 100 * scene.Wan}, Delivery: scene.Months{Min: 2, Max: 3},
			Domestic: scene.Yes, MLPS: 2,
		},
	}
}
