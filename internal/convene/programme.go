package convene

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"jinghe/internal/scene"
)

// blockWords are the words by which a kind of block is typed, the first of each
// being the one printed.
func blockWords() map[scene.FairBlockKind][]string {
	return map[scene.FairBlockKind][]string{
		scene.BlockOpening: {"开幕", "致辞", "opening"},
		scene.BlockPolicy:  {"政策", "政策解读", "policy"},
		scene.BlockRelease: {"发布", "清单发布", "release"},
		scene.BlockPitch:   {"路演", "pitch", "pitches"},
		scene.BlockMeet:    {"一对一", "洽谈", "对接", "meet", "meetings"},
		scene.BlockSigning: {"签约", "signing"},
		scene.BlockVisit:   {"参观", "考察", "visit"},
		scene.BlockRest:    {"休息", "茶歇", "午餐", "rest", "break"},
	}
}

// ReadProgramme reads the blocks of a day as a person types them, one a line:
//
//	09:00-09:20 开幕 领导致辞
//	09:30-11:30 一对一
//
// The day is that of its date in China. The error is Invalid with one field for each
// line that cannot be read, which it names.
func ReadProgramme(day time.Time, text string) ([]scene.FairBlock, error) {
	y, m, d := day.In(scene.China()).Date()
	midnight := time.Date(y, m, d, 0, 0, 0, 0, scene.China())
	var blocks []scene.FairBlock
	var wrong []scene.FieldError
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(strings.NewReplacer("：", ":", "－", "-", "—", "-", "–", "-", "～", "-", "~", "-", "　", " ").Replace(line))
		if line == "" {
			continue
		}
		b, fault := readBlock(midnight, line)
		if fault != "" {
			wrong = append(wrong, lineFault("programme", fault, n, line))
			continue
		}
		blocks = append(blocks, b)
	}
	slices.SortStableFunc(blocks, func(a, b scene.FairBlock) int { return a.Start.Compare(b.Start) })
	return blocks, wrongLines(wrong)
}

// readBlock reads one line of a programme; fault is the key of what is wrong with it.
func readBlock(midnight time.Time, line string) (b scene.FairBlock, fault string) {
	times, rest, _ := strings.Cut(line, " ")
	from, to, ok := strings.Cut(times, "-")
	start, fits1 := clock(from)
	end, fits2 := clock(to)
	if !ok || !fits1 || !fits2 {
		return b, "fair.programme_time"
	}
	if end <= start {
		return b, "fair.programme_order"
	}
	word, title, _ := strings.Cut(strings.TrimSpace(rest), " ")
	kind, ok := blockKind(word)
	if !ok {
		return b, "fair.programme_kind"
	}
	return scene.FairBlock{
		Kind: kind, Title: strings.TrimSpace(title),
		Start: midnight.Add(time.Duration(start) * time.Minute), End: midnight.Add(time.Duration(end) * time.Minute),
	}, ""
}

func blockKind(word string) (scene.FairBlockKind, bool) {
	word = strings.ToLower(word)
	for kind, words := range blockWords() {
		if word == string(kind) || slices.Contains(words, word) {
			return kind, true
		}
	}
	return "", false
}

// clock reads “9:05” as minutes since midnight.
func clock(s string) (int, bool) {
	h, m, ok := strings.Cut(s, ":")
	hour, err1 := strconv.Atoi(h)
	minute, err2 := strconv.Atoi(m)
	if !ok || err1 != nil || err2 != nil || hour < 0 || hour > 24 || minute < 0 || minute > 59 || hour == 24 && minute > 0 || len(m) != 2 {
		return 0, false
	}
	return 60*hour + minute, true
}

func lineFault(field, key string, n int, line string) scene.FieldError {
	return scene.FieldError{Field: field, Key: key, Args: map[string]any{"line": n, "text": line}}
}

// wrongLines is the error of a text with such lines, nil where there is none.
func wrongLines(list []scene.FieldError) error {
	if len(list) == 0 {
		return nil
	}
	return &scene.Error{Code: scene.Invalid, Key: "fair.invalid", Fields: list}
}

// WriteProgramme is the inverse of ReadProgramme.
func WriteProgramme(blocks []scene.FairBlock) string {
	var b strings.Builder
	words := blockWords()
	for i := range blocks {
		x := &blocks[i]
		fmt.Fprintf(&b, "%s-%s %s %s\n", x.Start.In(scene.China()).Format("15:04"), clockEnd(x), words[x.Kind][0], x.Title)
	}
	return b.String()
}

// clockEnd writes midnight as the end of the day it ends.
func clockEnd(b *scene.FairBlock) string {
	end := b.End.In(scene.China())
	if end.Hour() == 0 && end.Minute() == 0 {
		return "24:00"
	}
	return end.Format("15:04")
}

// ReadHalls reads halls as a person types them, one a line: the short name printed
// on the tables, the number of tables, and the name of the room.
//
//	A 20 一号厅
//
// The error is Invalid with one field for each line that cannot be read.
func ReadHalls(text string) ([]scene.FairHall, error) {
	var halls []scene.FairHall
	var wrong []scene.FieldError
	n := 0
	for line := range strings.Lines(text) {
		n++
		words := strings.Fields(strings.ReplaceAll(line, "　", " "))
		if len(words) == 0 {
			continue
		}
		tables, err := 0, strconv.ErrSyntax
		if len(words) >= 2 {
			tables, err = strconv.Atoi(words[1])
		}
		if err != nil || tables <= 0 || tables > scene.MaxFairTables {
			fault := lineFault("halls", "fair.halls_line", n, strings.TrimSpace(line))
			if !errors.Is(err, strconv.ErrSyntax) {
				fault.Key, fault.Args["most"] = "fair.halls_tables", scene.MaxFairTables
			}
			wrong = append(wrong, fault)
			continue
		}
		halls = append(halls, scene.FairHall{ID: words[0], Tables: tables, Name: strings.Join(words[2:], " ")})
	}
	return halls, wrongLines(wrong)
}

// WriteHalls is the inverse of ReadHalls.
func WriteHalls(halls []scene.FairHall) string {
	var b strings.Builder
	for _, h := range halls {
		fmt.Fprintf(&b, "%s %d %s\n", h.ID, h.Tables, h.Name)
	}
	return b.String()
}

// slotsOf cuts the blocks of meetings into slots of that many minutes with a
// pause between them. A rest at the end of a block stays empty.
func slotsOf(blocks []scene.FairBlock, minutes, pause int) []scene.FairSlot {
	var slots []scene.FairSlot
	if minutes <= 0 || pause < 0 {
		return nil
	}
	length, n := time.Duration(minutes)*time.Minute, 0
	for i := range blocks {
		b := &blocks[i]
		if b.Kind != scene.BlockMeet {
			continue
		}
		n++
		for at := b.Start; !at.Add(length).After(b.End) && len(slots) <= scene.MaxFairSlots; at = at.Add(length + time.Duration(pause)*time.Minute) {
			slots = append(slots, scene.FairSlot{
				ID: at.In(scene.China()).Format("0102-1504"), Block: fmt.Sprint("m", n), Start: at, End: at.Add(length),
			})
		}
	}
	return slots
}

// tableIDs are the names of all tables of a fair: hall and number.
func tableIDs(f *scene.Fair) []string {
	ids := make([]string, 0, f.Tables())
	for _, h := range f.Halls {
		for n := range h.Tables {
			ids = append(ids, TableID(h.ID, n+1))
		}
	}
	return ids
}

// TableID is the name of the n-th table of a hall, as printed.
func TableID(hall string, n int) string { return fmt.Sprintf("%s%02d", hall, n) }
