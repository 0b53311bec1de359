package convene_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
)

func TestReadActs(t *testing.T) {
	t.Parallel()
	before := []scene.FairAct{{ID: "old", Title: "漏损定位", Who: "甲公司", Minutes: 5}}
	for name, tt := range map[string]struct {
		text string
		want []scene.FairAct
		line int // at fault, 0 for none
	}{
		"Nothing":    {" \n\n", nil, 0},
		"TitleAlone": {"开场", []scene.FairAct{{Title: "开场", Minutes: 8}}, 0},
		"All":        {"签约，甲公司 × 乙局，5分钟，主席台", []scene.FairAct{{Title: "签约", Who: "甲公司 × 乙局", Minutes: 5, Place: "主席台"}}, 0},
		"English":    {"Leaks, Firm A, 12 min", []scene.FairAct{{Title: "Leaks", Who: "Firm A", Minutes: 12}}, 0},
		"KeepsID":    {"路演二\n漏损定位，甲公司，6", []scene.FairAct{{Title: "路演二", Minutes: 8}, {ID: "old", Title: "漏损定位", Who: "甲公司", Minutes: 6}}, 0},
		"OnceOnly":   {"漏损定位\n漏损定位", []scene.FairAct{{ID: "old", Title: "漏损定位", Minutes: 8}, {Title: "漏损定位", Minutes: 8}}, 0},
		"Seats":      {"参观水厂，乙局，60分钟，东门，限20人", []scene.FairAct{{Title: "参观水厂", Who: "乙局", Minutes: 60, Place: "东门", Seats: 20}}, 0},
		"SeatsAlone": {"Waterworks, 12 seats", []scene.FairAct{{Title: "Waterworks", Minutes: 8, Seats: 12}}, 0},
		"TwoTimes":   {"开场，9，10", nil, 1},
		"TooMuch":    {"开场\n一，二，三，四，五", nil, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := convene.ReadActs(tt.text, 8, before)
			if tt.line > 0 {
				if fields := fieldsOf(err); len(fields) != 1 || fields[0].Args["line"] != tt.line {
					t.Fatalf("%v, want a fault in line %d", err, tt.line)
				}
				return
			}
			same := slices.EqualFunc(got, tt.want, func(a, b scene.FairAct) bool {
				return a.ID == b.ID && a.Title == b.Title && a.Who == b.Who && a.Place == b.Place && a.Minutes == b.Minutes && a.Seats == b.Seats
			})
			if err != nil || !same {
				t.Errorf("%+v, %v, want %+v", got, err, tt.want)
			}
		})
	}
}

// FuzzReadActs: whatever is typed is refused or survives being written and read again.
func FuzzReadActs(f *testing.F) {
	f.Add("签约，甲公司 × 乙局，5分钟，主席台\n开场")
	f.Add("a,b,c")
	f.Add("a,9999999,9")
	f.Fuzz(func(t *testing.T, text string) {
		acts, err := convene.ReadActs(text, 8, nil)
		if err != nil {
			return
		}
		again, err := convene.ReadActs(convene.WriteActs(acts), 3, nil)
		if err != nil || len(again) != len(acts) {
			t.Fatalf("%q was read as %+v, written as %q and read as %+v, %v", text, acts, convene.WriteActs(acts), again, err)
		}
		for i := range acts {
			if acts[i].Title != again[i].Title || acts[i].Minutes != again[i].Minutes {
				t.Errorf("%+v became %+v", acts[i], again[i])
			}
		}
	})
}

// staged is a fair with two pitches in the first of its blocks and a signing in the last.
func (h *hall) staged() (scene.Fair, []scene.FairParty) {
	h.t.Helper()
	f := h.fair()
	p := h.guests(f.ID, 3)
	for block, text := range map[int]string{0: "路演一，公司00，10\n路演二，公司01，5", 2: "签约，公司00 × 公司02，5分钟，主席台"} {
		acts, err := convene.ReadActs(text, 8, nil)
		if err != nil {
			h.t.Fatal(err)
		}
		if f, err = h.SetActs(h.t.Context(), steward(), f.ID, revisionOf(h, f.ID), block, acts); err != nil {
			h.t.Fatal(err)
		}
	}
	return f, p
}

func revisionOf(h *hall, id scene.ID) int {
	h.t.Helper()
	f, err := h.Fair(h.t.Context(), steward(), id)
	if err != nil {
		h.t.Fatal(err)
	}
	return f.Revision
}

// TestStage: entries come on one after the other, across blocks; two who press at
// once make one step; what is cleared goes on where it was.
func TestStage(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	f, p := h.staged()
	look := func() string {
		t.Helper()
		b, err := h.Board(t.Context(), f.ID)
		if err != nil {
			t.Fatal(err)
		}
		s := b.OnStage()
		name := func(x *convene.Staged) string {
			if x == nil {
				return "–"
			}
			return x.Title
		}
		return name(s.Now) + " " + name(s.Next)
	}
	act := func(title string) scene.ID {
		for i := range f.Blocks {
			for _, a := range f.Blocks[i].Acts {
				if a.Title == title {
					return a.ID
				}
			}
		}
		return ""
	}
	for _, step := range []struct {
		seen  string // title
		steps int
		want  string
	}{
		{"", -1, "– 路演一"}, // before the first is nothing
		{"", 1, "路演一 路演二"},
		{"", 1, "路演一 路演二"}, // a second hand that had not seen it
		{"路演一", 1, "路演二 签约"},
		{"路演二", -1, "路演一 路演二"},
		{"路演一", 0, "– 路演二"},
		{"", 1, "路演二 签约"},
		{"路演二", 1, "签约 –"},
		{"签约", 1, "– –"},
		{"", -1, "签约 –"},
	} {
		if err := h.Advance(t.Context(), steward(), f.ID, act(step.seen), step.steps); err != nil {
			t.Fatal(err)
		}
		if got := look(); got != step.want {
			t.Fatalf("after %+v: %s", step, got)
		}
	}
	b, err := h.Board(t.Context(), f.ID)
	if err != nil {
		t.Fatal(err)
	}
	if on := b.OnStage().Now; !on.Until.Equal(h.now().Add(5*time.Minute)) || on.Place != "主席台" {
		t.Errorf("on stage until %v", on.Until)
	}
	var titles []string
	for _, a := range b.ActsOf(p[0].ID) {
		titles = append(titles, a.Title)
	}
	if got := strings.Join(titles, " "); got != "路演一 签约" {
		t.Errorf("the first party has to be at %s", got)
	}
	if err := h.Advance(t.Context(), ofOrg("x"), f.ID, "", 1); scene.CodeOf(err) != scene.Forbidden {
		t.Errorf("a provider steers the stage: %v", err)
	}
}

// TestActsStay: entries move, go, and stay with their block when the programme
// changes; a block with entries does not vanish, and nobody writes over another's change.
func TestActsStay(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, _ := h.staged()
	second := f.Blocks[0].Acts[1].ID
	moved, err := h.MoveAct(ctx, steward(), f.ID, f.Revision, second, -1)
	if err != nil || moved.Blocks[0].Acts[0].ID != second {
		t.Fatalf("%+v, %v", moved.Blocks, err)
	}
	if _, err := h.DropAct(ctx, steward(), f.ID, f.Revision, second); scene.CodeOf(err) != scene.Conflict {
		t.Errorf("over another's change: %v", err)
	}
	next := moved
	if next.Blocks, err = convene.ReadProgramme(morning().AddDate(0, 0, 1), "09:10-09:30 开幕 改了时间\n09:30-11:30 一对一\n11:30-12:00 签约"); err != nil {
		t.Fatal(err)
	}
	if next, err = h.Edit(ctx, steward(), next); err != nil || len(next.Blocks[0].Acts) != 2 || len(next.Blocks[2].Acts) != 1 {
		t.Fatalf("after a change of the programme: %+v, %v", next.Blocks, err)
	}
	gone := next
	gone.Blocks = slices.Clone(next.Blocks[:2])
	_, err = h.Edit(ctx, steward(), gone)
	expectCode(t, "a block with entries goes", err, scene.Precondition, "fair.published_kept_acts")
	if _, err = h.DropAct(ctx, steward(), f.ID, next.Revision, next.Blocks[2].Acts[0].ID); err != nil {
		t.Fatal(err)
	}
	gone.Revision = revisionOf(h, f.ID)
	if _, err = h.Edit(ctx, steward(), gone); err != nil {
		t.Errorf("without entries: %v", err)
	}
	_, err = h.SetActs(ctx, steward(), f.ID, revisionOf(h, f.ID), 1, []scene.FairAct{{Title: "路演", Minutes: 5}})
	if fields := fieldsOf(err); len(fields) != 1 || fields[0].Key != "fair.acts_where" {
		t.Errorf("an entry among meetings: %v", err)
	}
}

// TestTablesAreToldApart: table 1 of hall A1 and table 101 of hall A have one name.
func TestTablesAreToldApart(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	f := morningFair(t)
	f.Halls = []scene.FairHall{{ID: "A", Tables: 101}, {ID: "A1", Tables: 1}}
	_, err := h.Create(t.Context(), steward(), f)
	fields := fieldsOf(err)
	if len(fields) != 1 || fields[0].Key != "fair.tables_same" || fields[0].Args["table"] != "A101" {
		t.Fatalf("%v", err)
	}
	f.Halls[0].Tables = 100
	if _, err := h.Create(t.Context(), steward(), f); err != nil {
		t.Errorf("apart: %v", err)
	}
}

func fieldsOf(err error) []scene.FieldError {
	if e, ok := errors.AsType[*scene.Error](err); ok {
		return e.Fields
	}
	return nil
}
