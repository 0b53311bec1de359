package transfer

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"jinghe/internal/learning"
	"jinghe/internal/locale"
	"jinghe/internal/match"
	"jinghe/internal/scene"
)

// judgementColumn is what a column of a sheet of judgements says.
type judgementColumn int

const (
	columnNeed judgementColumn = iota
	columnNeedName
	columnOffer
	columnOfferName
	columnGrade
	columnVerdict
	columnReason
	columnParty
	columnNote
	columnAt
	columnPair // both IDs, as WritePairs writes them
	judgementColumns
)

// judgementHeads are the heads that a column is known by, folded.
func judgementHeads() [judgementColumns][]string {
	return [judgementColumns][]string{
		columnNeed:      {"机会编号", "需求编号", "need", "needcode", "opportunitycode", "opportunity"},
		columnNeedName:  {"场景机会", "场景机会名称", "需求名称", "needname", "opportunity"},
		columnOffer:     {"能力编号", "成果编号", "offer", "offercode", "capabilitycode", "capability"},
		columnOfferName: {"场景能力", "场景能力名称", "成果名称", "offername", "capability"},
		columnGrade:     {"等级", "评定等级", "匹配等级", "关联度", "grade"},
		columnVerdict:   {"结论", "处理结果", "verdict"},
		columnReason:    {"原因", "拒绝原因", "未采纳原因", "reason"},
		columnParty:     {"评定方", "party"},
		columnNote:      {"备注", "note"},
		columnAt:        {"日期", "评定日期", "date", "at"},
		columnPair:      {"配对编号", "pair"},
	}
}

// ReadJudgementFile reads the file at path; see ReadJudgements.
func ReadJudgementFile(ctx context.Context, path string) ([]learning.Judgement, []scene.Problem, error) {
	name := filepath.Base(path)
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, fileError(name, "transfer.file_open", err, nil)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, nil, fileError(name, "transfer.file_open", err, nil)
	}
	if info.IsDir() {
		return nil, nil, fileError(name, "transfer.file_directory", nil, nil)
	}
	return ReadJudgements(ctx, name, f, info.Size())
}

// ReadJudgements reads graded pairs from a workbook, a delimited text, or lines
// of JSON {need, offer, grade | verdict, reason, party, note, at}. A line
// without grade and verdict is not judged yet and passed over; one that cannot
// be understood is a Problem. A file without the columns of a pair and a
// judgement is an Invalid error.
func ReadJudgements(ctx context.Context, name string, r io.ReaderAt, size int64) ([]learning.Judgement, []scene.Problem, error) {
	limits := Limits{}.orDefault()
	if size > 0 && size <= limits.Text && startsWithBrace(r) {
		return readJudgementLines(ctx, name, io.NewSectionReader(r, 0, size))
	}
	format, err := sniff(name, r, size, limits)
	if err != nil {
		return nil, nil, err
	}
	src, err := open(ctx, format, name, r, size, limits)
	if err != nil {
		return nil, nil, err
	}
	defer src.close()
	j := judgementReader{problems: newProblems(name)}
	for i := range src.tables() {
		t := src.load(ctx, i)
		if t.err != nil {
			return nil, nil, t.err
		}
		j.table(&t)
	}
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	if !j.found {
		return nil, nil, fileError(name, "judgement.no_columns", nil, nil)
	}
	return j.list, j.problems.list(), nil
}

func startsWithBrace(r io.ReaderAt) bool {
	head := make([]byte, 64)
	n, _ := r.ReadAt(head, 0) // what cannot be read is told by who reads all of it
	head = bytes.TrimLeft(bytes.TrimPrefix(head[:n], []byte("\xef\xbb\xbf")), " \t\r\n")
	return bytes.HasPrefix(head, []byte("{"))
}

type judgementReader struct {
	problems *problems
	list     []learning.Judgement
	found    bool
}

// table reads one sheet, if it has the heads.
func (j *judgementReader) table(t *table) {
	var at [judgementColumns]int
	for i := range t.lines {
		line := &t.lines[i]
		if !judgementHeader(at) {
			at = judgementPlaces(line)
			j.found = j.found || judgementHeader(at)
			continue
		}
		if line.fault != "" {
			j.problems.add(scene.Problem{Sheet: t.name, Row: line.num, Key: line.fault, Rejected: true})
			continue
		}
		j.line(t.name, line, at)
	}
}

// judgementHeader reports whether places are those of a pair and a judgement.
func judgementHeader(at [judgementColumns]int) bool {
	return (at[columnNeed] > 0 || at[columnNeedName] > 0) && (at[columnOffer] > 0 || at[columnOfferName] > 0) &&
		(at[columnGrade] > 0 || at[columnVerdict] > 0)
}

// judgementPlaces finds the columns of a line of heads, counted from 1; 0 is not there.
func judgementPlaces(l *line) (at [judgementColumns]int) {
	for column, heads := range judgementHeads() {
		for i, cell := range l.cells {
			for _, h := range heads {
				if at[column] == 0 && baseHead(cell) == h {
					at[column] = i + 1
				}
			}
		}
	}
	return at
}

func (j *judgementReader) line(sheet string, l *line, at [judgementColumns]int) {
	cell := func(c judgementColumn) string {
		if at[c] == 0 {
			return ""
		}
		return strings.TrimSpace(unguard(l.cell(at[c] - 1)))
	}
	first := func(a, b judgementColumn) string {
		if v := cell(a); v != "" {
			return v
		}
		return cell(b)
	}
	if cell(columnGrade) == "" && cell(columnVerdict) == "" {
		return
	}
	w := written{
		Need: first(columnNeed, columnNeedName), Offer: first(columnOffer, columnOfferName), Grade: cell(columnGrade),
		Verdict: cell(columnVerdict), Reason: cell(columnReason), Party: cell(columnParty), Note: cell(columnNote), At: cell(columnAt),
	}
	if ids := strings.Fields(cell(columnPair)); len(ids) == 2 {
		w.Need, w.Offer = ids[0], ids[1]
	}
	got, err := w.judgement()
	if err != nil {
		j.problems.add(scene.Problem{Sheet: sheet, Row: l.num, Key: err.Key, Args: err.Args, Rejected: true})
		return
	}
	got.Sheet, got.Row = sheet, l.num
	j.list = append(j.list, got)
}

// written is a judgement as people write it.
type written struct {
	Need    string `json:"need"`
	Offer   string `json:"offer"`
	Grade   any    `json:"grade"`
	Verdict string `json:"verdict"`
	Reason  string `json:"reason"`
	Party   string `json:"party"`
	Note    string `json:"note"`
	At      string `json:"at"`
}

func readJudgementLines(ctx context.Context, name string, r io.Reader) (list []learning.Judgement, _ []scene.Problem, err error) {
	problems := newProblems(name)
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		raw := bytes.TrimSpace(bytes.TrimPrefix(lines.Bytes(), []byte("\xef\xbb\xbf")))
		if len(raw) == 0 {
			continue
		}
		var w written
		if err := json.Unmarshal(raw, &w); err != nil {
			problems.add(scene.Problem{Row: n, Value: string(raw), Key: "judgement.not_json", Rejected: true})
			continue
		}
		got, fault := w.judgement()
		if fault != nil {
			problems.add(scene.Problem{Row: n, Key: fault.Key, Args: fault.Args, Rejected: true})
			continue
		}
		got.Row = n
		list = append(list, got)
	}
	if err := errors.Join(lines.Err(), ctx.Err()); err != nil {
		return nil, nil, fileError(name, "transfer.file_open", err, nil)
	}
	return list, problems.list(), nil
}

// judgement reads the cells; its error is a message key with arguments.
func (w *written) judgement() (learning.Judgement, *scene.Error) {
	j := learning.Judgement{Need: w.Need, Offer: w.Offer}
	wrong := func(key, value string) *scene.Error {
		return &scene.Error{Code: scene.Invalid, Key: key, Args: map[string]any{"value": quote(value)}}
	}
	if w.Need == "" || w.Offer == "" {
		return j, wrong("judgement.half_a_pair", w.Need+w.Offer)
	}
	d := &j.Decision
	var ok bool
	if grade := gradeText(w.Grade); grade != "" {
		if d.Grade, ok = gradeOf(grade); !ok {
			return j, wrong("judgement.grade", grade)
		}
		d.Verdict = scene.Graded
	}
	if w.Verdict != "" {
		v, ok := worded(verdictWords(), w.Verdict)
		if !ok {
			return j, wrong("judgement.verdict", w.Verdict)
		}
		if d.Verdict == "" {
			d.Verdict = scene.Verdict(v)
		}
	}
	if w.Party != "" {
		if d.Party, ok = worded(partyWords(), w.Party); !ok {
			return j, wrong("judgement.party", w.Party)
		}
	}
	if w.At != "" {
		if d.At, ok = judgedAt(w.At); !ok {
			return j, wrong("judgement.date", w.At)
		}
	}
	d.Note = w.Note
	if w.Reason != "" {
		reason, known := worded(reasonWords(), w.Reason)
		if d.Reason = scene.Reason(reason); !known {
			d.Reason, d.Note = scene.ReasonOther, strings.TrimSpace(w.Reason+" "+w.Note)
		}
	}
	if d.Verdict == "" {
		return j, wrong("judgement.verdict", "")
	}
	return j, nil
}

func gradeText(v any) string {
	switch x := v.(type) {
	case string:
		return strings.TrimSpace(x)
	case float64:
		return strconv.FormatFloat(x, 'g', -1, 64)
	}
	return ""
}

// gradeOf reads 0 to 3, also as a workbook keeps numbers, or a word.
func gradeOf(s string) (int, bool) {
	if f, err := strconv.ParseFloat(s, 64); err == nil {
		return int(f), f == float64(int(f)) && f >= 0 && f <= 3
	}
	word, ok := worded([][]string{
		{"3", "强相关", "强", "strong"},
		{"2", "较强相关", "较强", "ratherstrong"},
		{"1", "弱相关", "弱", "weak"},
		{"0", "无相关", "不相关", "无", "none"},
	}, s)
	if !ok {
		return 0, false
	}
	return int(word[0] - '0'), true
}

func verdictWords() [][]string {
	return [][]string{
		{string(scene.Accepted), "接受", "采纳", "同意", "同意对接", "accept"},
		{string(scene.Declined), "拒绝", "不采纳", "未采纳", "不同意", "decline"},
		{string(scene.Met), "已洽谈", "已对接", "洽谈"},
		{string(scene.Deployed), "落地", "已落地", "签约", "已签约", "landed"},
	}
}

func partyWords() [][]string {
	return [][]string{
		{"owner", "需求方", "场景需求方", "业主"},
		{"provider", "供给方", "技术供给方", "企业"},
		{"steward", "中心", "工作人员", "场景专员", "场景经理人"},
	}
}

func reasonWords() [][]string {
	return [][]string{
		{string(scene.ReasonTopic), "不对口", "需求不符", "不相关", "内容不符"},
		{string(scene.ReasonMaturity), "不成熟", "成熟度", "成熟度不足", "缺少案例"},
		{string(scene.ReasonMoney), "价格", "预算", "价格过高", "超出预算"},
		{string(scene.ReasonTime), "时间", "工期", "交付时间"},
		{string(scene.ReasonPlace), "地域", "区域", "距离"},
		{string(scene.ReasonCapacity), "暂无精力", "人手不足", "排期已满"},
		{string(scene.ReasonOther), "其他"},
	}
}

// worded finds the meaning, the first of its line, that a cell is a word for.
func worded(words [][]string, cell string) (string, bool) {
	cell = foldHead(cell)
	for _, line := range words {
		for _, w := range line {
			if foldHead(w) == cell {
				return line[0], true
			}
		}
	}
	return "", false
}

// judgedAt reads a day, in China, or an instant.
func judgedAt(s string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05", "2006-01-02", "2006/1/2", "2006年1月2日", "2006.1.2"} {
		if at, err := time.ParseInLocation(layout, s, scene.China()); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

// WritePairs writes the pairs of rankings as a sheet to be graded: without
// scores and in order of code, so that nothing tells a grader what to think.
// ReadJudgements reads it back.
func WritePairs(ctx context.Context, w io.Writer, format Format, rankings []match.Ranking, lang locale.Lang) error {
	head := func(key string) string { return locale.Text(lang, "transfer.head."+key, nil) }
	var rows [][]string
	for i := range rankings {
		r := &rankings[i]
		from := len(rows)
		for _, m := range r.Matches {
			rows = append(rows, []string{
				r.Need.Code, r.Need.Name, r.Need.Org, m.Offer.Code, m.Offer.Name, m.Offer.Org, "", "", "",
				strings.TrimSpace(string(r.Need.ID) + " " + string(m.Offer.ID)),
			})
		}
		byOffer(rows[from:])
	}
	sheet := sheetOut{
		name: head("judgements"), widths: []float64{10, 40, 24, 10, 40, 24, 8, 16, 32, 56},
		heads: []string{
			head("need_code"), head("need_name"), head("need_org"), head("offer_code"), head("offer_name"), head("offer_org"),
			head("judged_grade"), head("judged_reason"), head("judged_note"), head("judged_pair"),
		},
		count: len(rows), row: func(n int) []string { return rows[n] },
	}
	var err error
	switch format {
	case CSV:
		err = writeCSV(ctx, w, sheet, nil)
	case XLSX:
		err = writeWorkbook(ctx, w, []sheetOut{sheet}, nil)
	default:
		err = &scene.Error{Code: scene.Invalid, Key: "transfer.format_unknown", Args: map[string]any{"format": string(format)}}
	}
	return scene.Wrap("transfer.WritePairs", err)
}

// byOffer sorts the lines of one need by the code and name of the offer.
func byOffer(rows [][]string) {
	slices.SortFunc(rows, func(a, b []string) int { return cmp.Or(cmp.Compare(a[3], b[3]), cmp.Compare(a[4], b[4])) })
}
