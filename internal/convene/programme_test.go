package convene_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
)

func TestReadProgramme(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 12, 1, 20, 0, 0, 0, time.UTC) // already the second in China
	tests := map[string]struct {
		text string
		want []string // kind, title, beginning and end in China
		key  string
		line int
	}{
		"OK": {
			text: "09:00-09:30 开幕 领导致辞\n\n9:30-11:30 一对一\n",
			want: []string{"opening|领导致辞|02 09:00|02 09:30", "meet||02 09:30|02 11:30"},
		},
		"FullWidth":   {text: "０９:00", key: "fair.programme_time", line: 1},
		"ChineseMark": {text: "09：00—09：30　路演　十家企业", want: []string{"pitch|十家企业|02 09:00|02 09:30"}},
		"English":     {text: "14:00-15:00 Meetings", want: []string{"meet||02 14:00|02 15:00"}},
		"Midnight":    {text: "23:00-24:00 rest", want: []string{"rest||02 23:00|03 00:00"}},
		"Sorted":      {text: "10:00-11:00 meet\n09:00-10:00 visit 展厅", want: []string{"visit|展厅|02 09:00|02 10:00", "meet||02 10:00|02 11:00"}},
		"Backwards":   {text: "开场\n10:00-09:00 meet", key: "fair.programme_time", line: 1},
		"NoEnd":       {text: "10:00 meet", key: "fair.programme_time", line: 1},
		"EndFirst":    {text: "09:00-10:00 meet\n12:00-11:00 meet", key: "fair.programme_order", line: 2},
		"UnknownKind": {text: "09:00-10:00 聚餐", key: "fair.programme_kind", line: 1},
		"Hour25":      {text: "25:00-26:00 meet", key: "fair.programme_time", line: 1},
		"Minute60":    {text: "09:60-10:00 meet", key: "fair.programme_time", line: 1},
		"After24":     {text: "23:00-24:30 meet", key: "fair.programme_time", line: 1},
		"Nothing":     {text: " \n\n"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			blocks, err := convene.ReadProgramme(day, tt.text)
			if tt.key != "" {
				expectField(t, err, "programme", tt.key, "line", tt.line)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for i := range blocks {
				b := &blocks[i]
				got = append(got, strings.Join([]string{string(b.Kind), b.Title, china(b.Start), china(b.End)}, "|"))
			}
			if strings.Join(got, ";") != strings.Join(tt.want, ";") {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

func china(at time.Time) string {
	return at.In(time.FixedZone("CST", 8*60*60)).Format("02 15:04")
}

// expectField wants an Invalid error with one fault of a field, with an argument.
func expectField(t *testing.T, err error, field, key, arg string, value any) {
	t.Helper()
	e, ok := errors.AsType[*scene.Error](err)
	if !ok || e.Code != scene.Invalid || len(e.Fields) == 0 {
		t.Fatalf("got %v, want a fault of %s", err, field)
	}
	if f := e.Fields[0]; f.Field != field || f.Key != key || arg != "" && f.Args[arg] != value {
		t.Errorf("got %+v, want %s %s with %s %v", f, field, key, arg, value)
	}
}

// TestProgrammeComesBack: what is written is read as it was.
func TestProgrammeComesBack(t *testing.T) {
	t.Parallel()
	day := morning()
	text := "09:00-09:20 开幕 致辞\n09:20-10:00 政策 \n10:00-10:30 发布 第三批\n10:30-11:00 路演 \n11:00-12:00 一对一 \n" +
		"12:00-13:00 休息 午餐\n13:00-14:00 签约 \n14:00-24:00 参观 开发区\n"
	blocks, err := convene.ReadProgramme(day, text)
	if err != nil {
		t.Fatal(err)
	}
	if got := convene.WriteProgramme(blocks); got != text {
		t.Errorf("came back as\n%s\nwant\n%s", got, text)
	}
}

func FuzzReadProgramme(f *testing.F) {
	f.Add("09:00-09:30 开幕 致辞\n09:30-11:30 一对一")
	f.Add("9：30～24：00 meet x\n\n-")
	f.Fuzz(func(t *testing.T, text string) {
		blocks, err := convene.ReadProgramme(morning(), text)
		if err != nil {
			return
		}
		for i := range blocks {
			if !blocks[i].End.After(blocks[i].Start) || i > 0 && blocks[i].Start.Before(blocks[i-1].Start) {
				t.Fatalf("%q: block %d of %v", text, i, blocks)
			}
		}
		again, err := convene.ReadProgramme(morning(), convene.WriteProgramme(blocks))
		if err != nil || len(again) != len(blocks) {
			t.Fatalf("%q comes back as %d blocks, want %d: %v", text, len(again), len(blocks), err)
		}
	})
}

func TestReadHalls(t *testing.T) {
	t.Parallel()
	halls, err := convene.ReadHalls("A 20 一号厅\n\nB　3\n")
	if err != nil || len(halls) != 2 || halls[0] != (scene.FairHall{ID: "A", Tables: 20, Name: "一号厅"}) || halls[1] != (scene.FairHall{ID: "B", Tables: 3}) {
		t.Errorf("halls %+v, %v", halls, err)
	}
	if text := convene.WriteHalls(halls); text != "A 20 一号厅\nB 3 \n" {
		t.Errorf("written %q", text)
	}
	for text, key := range map[string]string{
		"A": "fair.halls_line", "A x": "fair.halls_line",
		"A 0": "fair.halls_tables", "A -3": "fair.halls_tables", "A 99999 一号厅": "fair.halls_tables", "A 99999999999999999999": "fair.halls_tables",
	} {
		_, err := convene.ReadHalls("Z 1\n" + text)
		expectField(t, err, "halls", key, "line", 2)
	}
	if id := convene.TableID("A", 7); id != "A07" {
		t.Errorf("table %q", id)
	}
}

// TestSlots: blocks of meetings are cut into slots, other blocks are not, and a
// rest that is too short for a meeting stays empty.
func TestSlots(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	blocks, err := convene.ReadProgramme(morning(), "09:00-10:00 meet\n10:00-10:30 rest\n10:30-11:00 meet")
	if err != nil {
		t.Fatal(err)
	}
	f, err := h.Create(t.Context(), steward(), scene.Fair{
		Title: "x", Mode: scene.FairMutual, Blocks: blocks, Halls: []scene.FairHall{{ID: "A", Tables: 1}}, Minutes: 25, Pause: 5,
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range f.Slots {
		got = append(got, s.Block+" "+china(s.Start)+" "+china(s.End))
	}
	want := []string{"m1 01 09:00 01 09:25", "m1 01 09:30 01 09:55", "m2 01 10:30 01 10:55"}
	if strings.Join(got, ";") != strings.Join(want, ";") {
		t.Errorf("slots %q, want %q", got, want)
	}
	if f.Slots[0].ID != "1201-0900" {
		t.Errorf("id of a slot %q", f.Slots[0].ID)
	}
}
